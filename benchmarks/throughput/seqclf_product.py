"""seqclf, on the road that `seqclf run` takes from the encoded data on."""

from __future__ import annotations

import dataclasses
import importlib
from typing import Any

from seqclf.contracts import Ragged, RunConfig, Split
from seqclf.encoding.padding import Padding
from seqclf.task import Task
from seqclf.training.backend import import_keras, make_repeatable
from throughput.reviews import Rows
from throughput.settings import Setting


def make(name: str, setting: Setting) -> Product:
    """Build and compile the architecture of the setting's name."""
    import_keras()
    make_repeatable(1)
    return Product(setting)


class Product:
    """An architecture of seqclf, trained and predicted with by its own functions."""

    def __init__(self, setting: Setting) -> None:
        from seqclf.kernels.choosing import choose
        from seqclf.training.build import build, compile_model

        self._config = RunConfig(
            dataset="imdb",
            arch=setting.cell,
            epochs=setting.epochs,
            batch_size=setting.batch,
            maxlen=setting.maxlen,
            num_words=setting.words,
            seed=1,
            params={"units": setting.units, "embedding_dim": setting.embedding},
            kernel="auto",
        )
        architecture = importlib.import_module(f"seqclf.architectures.{setting.cell}")
        task = Task("binary", ("negative", "positive"), setting.words, setting.maxlen)
        self._model = build(getattr(architecture, setting.cell), task, self._config.params)
        compile_model(self._model, task, self._config)
        chosen = choose(self._model, self._config.kernel)
        self._kernel = chosen.kernel
        self.told = f"kernel {chosen.kernel}" + (f" ({chosen.reason})" if chosen.reason else "")

    def prepare(self, rows: Rows) -> Split:
        return Split(rows.labels, ids=Ragged(rows.values, rows.offsets))

    def fit(self, train: Split, validation: Split | None, epochs: int) -> float:
        from seqclf.training.fit import fit

        config = dataclasses.replace(self._config, epochs=epochs)
        trained = fit(
            self._model, train, validation, config, lambda event: None, kernel=self._kernel
        )
        return trained.history.epochs[-1]["loss"]

    def predict(self, data: Split) -> Any:
        from seqclf.evaluation.predict import predict_probabilities

        padding = Padding.of(self._config)
        return predict_probabilities(
            self._model, data.sequences, padding, "binary", kernel=self._kernel
        )

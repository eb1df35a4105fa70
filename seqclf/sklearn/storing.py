"""A fitted estimator as bytes: pickled, copied, sent to another process."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from seqclf.contracts import Kind, RunConfig, features_of
from seqclf.errors import PluginUnavailableError
from seqclf.runs.model import custom_objects, load_model, missing_objects, save_model
from seqclf.sklearn.learning import architecture_of, randomness_kept, registry_of


def stored(state: Mapping[str, Any]) -> dict[str, Any]:
    """Give a fitted estimator's attributes with the model as a Keras archive.

    The encoder is stored as in a run: by its name and its settings.
    """
    with tempfile.TemporaryDirectory(prefix="seqclf-") as folder, randomness_kept():
        path = Path(folder) / "model.keras"
        save_model(path, state["model_"])
        archive = path.read_bytes()
    return {**state, "model_": archive, "encoder_": state["encoder_"].to_dict()}


def restored(state: Mapping[str, Any]) -> dict[str, Any]:
    """Give back the attributes that `stored` gave.

    Raises:
        RunError: Keras cannot read the model.
        PluginUnavailableError: a plugin it needs is not there.
    """
    config: RunConfig = state["config_"]
    registry = registry_of(config.plugins)
    encoder = registry.encoder(config.tokenizer or "word").from_dict(state["encoder_"])

    def build() -> None:
        from seqclf.task import Task

        kind: Kind = state["kind_"]
        labels = tuple(map(str, state["classes_"].tolist()))
        features = features_of(encoder)
        task = Task(kind, labels, config.num_words, config.steps, features=features)
        architecture_of(state["arch"], registry)(task, **config.params)

    return {**state, "encoder_": encoder, "model_": _loaded(state["model_"], build)}


def _loaded(archive: bytes, build: Callable[[], None]) -> Any:
    from seqclf.r.gates import register
    from seqclf.training.backend import import_keras

    import_keras()
    register()
    with tempfile.TemporaryDirectory(prefix="seqclf-") as folder, randomness_kept():
        path = Path(folder) / "model.keras"
        path.write_bytes(archive)
        missing = missing_objects(custom_objects(path))
        if missing:
            # Many architectures define their layers only when they build.
            build()
            missing = missing_objects(missing)
        if missing:
            raise PluginUnavailableError(
                f"the model has the layer '{missing[0]}', which nobody here knows",
                hint="install or import what brings it first",
            )
        return load_model(path)

"""Writing a run: whole files, the status last, nothing left that only looks whole."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import platform
import shutil
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from seqclf import __version__
from seqclf.config import to_toml
from seqclf.contracts import (
    Dataset,
    Encoder,
    History,
    ModelSummary,
    Provenance,
    Report,
    RunConfig,
    Split,
    reads,
)
from seqclf.encoding.padding import Padding
from seqclf.errors import SeqclfError
from seqclf.evaluation.predict import predict_probabilities
from seqclf.events import EpochEnded, Event
from seqclf.runs import tfruns
from seqclf.runs.card import model_card
from seqclf.runs.files import cannot_write, write_json, write_text
from seqclf.runs.folder import MODEL, STATE, create_folder, remove_folder
from seqclf.runs.golden import Golden, golden_texts, write_golden
from seqclf.runs.history import write_history
from seqclf.runs.model import save_model
from seqclf.runs.run import Run
from seqclf.training.backend import versions

if TYPE_CHECKING:
    from seqclf.registry import Registry
    from seqclf.training.fit import Trained

SECONDS_BETWEEN_METRICS = 1.0


class RunWriter:
    """Writes one run; used in a `with` block around training.

    Where the block is left by an exception, the folder is removed if it has no
    model yet, else `run.json` says what happened.

    Args:
        folder: where the run will lie; must not exist.
        kernel: what computes the model's recurrent layers.
        kernel_reason: why it is not the kernels, or not in all layers.
    """

    def __init__(
        self, folder: Path, kernel: Literal["fused", "keras"] = "keras", kernel_reason: str = ""
    ) -> None:
        self.folder = folder
        self._kernel = kernel
        self._kernel_reason = kernel_reason
        self._state: dict[str, Any] = {}
        self._created = False
        self._epochs: list[Mapping[str, float]] = []
        self._next_metrics = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if error is None or not self._created:
            return
        if not (self.folder / MODEL).exists():
            remove_folder(self.folder)
            return
        self._state["status"] = "interrupted" if isinstance(error, KeyboardInterrupt) else "failed"
        self._state["error"] = str(error)
        with contextlib.suppress(SeqclfError):
            self._write_state()
        told = error if self._state["status"] == "failed" else None
        with contextlib.suppress(SeqclfError):
            tfruns.end(self.folder, self._state["status"], datetime.now(UTC), told)

    def begin(
        self,
        config: RunConfig,
        registry: Registry,
        dataset: Dataset,
        sources: Mapping[str, str],
        fingerprint: str,
    ) -> None:
        """Make the folder: `run.json`, `config.toml` and copies of plugin files."""
        self._config, self._dataset = config, dataset
        self._provenances = {
            kind: registry.find(kind, name).plugin.provenance
            for kind, name in (
                ("architecture", config.arch),
                ("dataset", config.dataset),
                ("encoder", config.tokenizer or dataset.encoder),
            )
        }
        self._provenances |= {
            f"metric {name}": registry.find("metric", name).plugin.provenance
            for name in config.metrics
        }
        self._state = {
            "name": self.folder.name,
            "status": "running",
            "started": _now(),
            "pid": os.getpid(),
            "dataset": config.dataset,
            "data": config.data,
            "arch": config.arch,
            "seed": config.seed,
            "versions": {
                "seqclf": __version__,
                "python": platform.python_version(),
                **versions(),
            },
            "kernel": self._kernel,
            "kernel_reason": self._kernel_reason,
            "threads": _threads() if self._kernel == "fused" else None,
            "platform": platform.platform(),
            "data_sha256": fingerprint,
            "plugins": {
                kind: dataclasses.asdict(provenance)
                for kind, provenance in self._provenances.items()
            },
            "sources": dict(sources),
        }
        create_folder(self.folder, self._state)
        self._created = True
        copied = tuple(self._copy_plugin(Path(path)) for path in config.plugins)
        kept = dataclasses.replace(config, plugins=copied)
        write_text(self.folder / "config.toml", to_toml(kept))
        tfruns.begin(self.folder, kept, datetime.fromisoformat(self._state["started"]))

    def _copy_plugin(self, path: Path) -> str:
        """Keep a plugin file's text in the run, so that the run can be repeated."""
        copy = self.folder / "plugins" / path.name
        try:
            copy.parent.mkdir(exist_ok=True)
            shutil.copyfile(path, copy)
        except OSError as error:
            raise cannot_write(copy, error) from error
        return f"plugins/{path.name}"

    def keep_encoder(self, encoder: Encoder | None) -> None:
        """Write what is known before training, so that a full disk shows before it."""
        dataset = self._dataset
        self._encoder = encoder
        write_json(
            self.folder / "encoder.json",
            _describe_encoder(encoder, self._provenances["encoder"]),
        )
        write_json(
            self.folder / "labels.json", {"kind": dataset.kind, "labels": list(dataset.labels)}
        )

    def describe(self, model: Any, train: Split, validation: Split | None) -> None:
        """Write, before training, what R's tfruns shows of the model and the examples."""
        tfruns.describe(self.folder, model, len(train), len(validation) if validation else 0)

    def hear(self, event: Event) -> None:
        """Write metrics as epochs end, at most once a second, so that R can look on."""
        if not isinstance(event, EpochEnded):
            return
        self._epochs.append(event.metrics)
        if time.monotonic() < self._next_metrics:
            return
        # A disk that is full now may have room at the end, when all is written for good.
        with contextlib.suppress(SeqclfError):
            tfruns.write_metrics(self.folder, History(self._epochs), self._config.epochs)
        self._next_metrics = time.monotonic() + SECONDS_BETWEEN_METRICS

    def keep_model(self, model: Any, trained: Trained, train: Split, test: Split | None) -> None:
        """Write what training gave; the model comes last."""
        config, dataset, encoder = self._config, self._dataset, self._encoder
        self._model = model
        write_history(self.folder / "history.csv", trained.history)
        tfruns.write_metrics(self.folder, trained.history, config.epochs)
        texts: list[str] = []
        probabilities = np.empty((0, len(dataset.labels)))
        if encoder is not None:
            texts = golden_texts(test or train, config.steps, prose=reads(encoder) == "text")
            padding = Padding.of(config)
            encoded = encoder.encode(texts)
            probabilities = predict_probabilities(
                model, encoded, padding, dataset.kind, kernel=self._kernel
            )
        golden = Golden(dataset.labels, Padding.of(config), tuple(texts), probabilities)
        write_golden(self.folder, golden)
        save_model(self.folder / MODEL, model)

    def finish(
        self, summary: ModelSummary, trained: Trained, report: Report | None, interrupted: bool
    ) -> Run:
        """Write figures and model card, then the status that says the run is whole."""
        epochs = trained.history.epochs
        figures = {
            "epochs": len(epochs),
            "best_epoch": trained.best_epoch,
            "kept_epoch": trained.kept,
            "best": epochs[trained.best_epoch - 1] if trained.best_epoch else None,
            "kept": epochs[trained.kept - 1],
            "last": epochs[-1],
            "parameters": summary.parameters,
            "test": None if report is None else dataclasses.asdict(report),
        }
        write_json(self.folder / "metrics.json", figures)
        card = model_card(self.folder, self._config, self._dataset, summary, report)
        write_text(self.folder / "README.md", card)
        if report is not None:
            tfruns.write_evaluation(self.folder, report)
        self._state["status"] = "interrupted" if interrupted else "complete"
        self._state["ended"] = _now()
        ended = datetime.fromisoformat(self._state["ended"])
        tfruns.end(self.folder, self._state["status"], ended)
        self._write_state()
        model = self._model
        return Run(
            self.folder.absolute(),
            state=self._state,
            config=self._config,
            labels=self._dataset.labels,
            kind=self._dataset.kind,
            history=trained.history,
            report=report,
            encoder=self._encoder,
            load_model=lambda: model,
            kernel=self._config.kernel,
        )

    def _write_state(self) -> None:
        write_json(self.folder / STATE, self._state)


def _describe_encoder(encoder: Encoder | None, plugin: Provenance) -> dict[str, Any] | None:
    if encoder is None:
        return None
    settings = encoder.to_dict()
    try:
        if not isinstance(settings, dict):
            raise TypeError(f"it is {type(settings).__name__}, not a dict")
        json.dumps(settings)
    except (TypeError, ValueError) as error:
        raise SeqclfError(
            f"tokenizer '{encoder.name}' of {plugin}: to_dict() cannot be kept as JSON: {error}"
        ) from error
    return {"encoder": encoder.name, "plugin": plugin.plugin, "settings": settings}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _threads() -> int:
    """Say how many threads the kernels take: with others, sums are taken in another order."""
    from seqclf.kernels.threads import thread_count

    return thread_count()

"""What happens during a run, as plain data. Training emits; screens, logs and plugins listen."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seqclf.contracts import ModelSummary, Report


@dataclass(frozen=True)
class Event:
    """Something that happened."""

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON values, with its kind under "event" (`EpochEnded` is "epoch_ended")."""
        name = type(self).__name__
        kind = "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")
        return {"event": kind, **_plain(dataclasses.asdict(self))}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, Path) else value


Listener = Callable[[Event], None]
"""Takes every event of a run."""


@dataclass(frozen=True)
class Planned(Event):
    """What is about to happen, known before anything slow begins.

    Args:
        run: the run's name.
        folder: where it will lie.
        dataset: the dataset's name.
        arch: the architecture's name.
        settings: every resolved setting, as in `config.toml`.
        sources: setting name to where its value comes from ("default",
            "dataset", "architecture", "file", "environment", "flag").
    """

    run: str
    folder: Path
    dataset: str
    arch: str
    settings: Mapping[str, Any]
    sources: Mapping[str, str]


@dataclass(frozen=True)
class Working(Event):
    """A step that takes a while has begun: "loading TensorFlow"."""

    what: str


@dataclass(frozen=True)
class Progressed(Event):
    """A long step has come further; `total` is 0 where it is not known. In bytes for downloads."""

    what: str
    done: int
    total: int


@dataclass(frozen=True)
class Noted(Event):
    """A sentence the person should read."""

    sentence: str


@dataclass(frozen=True)
class DataReady(Event):
    """The data are loaded and encoded.

    Args:
        train, validation, test: examples in each split.
        labels: the class names in order.
        mean_length: tokens a training text, before padding; steps of series.
        cut: share of the training texts longer than `maxlen`, from 0 to 1.
        reads: what is read: "text", "ids" or "series".
    """

    train: int
    validation: int
    test: int
    labels: tuple[str, ...]
    mean_length: float
    cut: float
    reads: str = "text"


@dataclass(frozen=True)
class ModelReady(Event):
    """The model is built.

    Args:
        summary: its layers.
        backend: Keras' backend.
        kernel: what computes its recurrent layers: "fused" or "keras".
        kernel_reason: why Keras computes them, or some of them; "" where it computes none.
    """

    summary: ModelSummary
    backend: str
    kernel: str = ""
    kernel_reason: str = ""


@dataclass(frozen=True)
class TrainingStarted(Event):
    """The first epoch is about to begin.

    Args:
        epochs: how many there will be at most.
        steps: batches an epoch.
        examples: training examples an epoch.
    """

    epochs: int
    steps: int
    examples: int


@dataclass(frozen=True)
class BatchEnded(Event):
    """A batch was trained; metrics are the epoch's running means.

    Args:
        epoch: from 1.
        step: batches done in this epoch, from 1.
        examples: examples done in this epoch.
        metrics: "loss", "accuracy".
    """

    epoch: int
    step: int
    examples: int
    metrics: Mapping[str, float]


@dataclass(frozen=True)
class EpochEnded(Event):
    """An epoch is over, validation included.

    Args:
        epoch: from 1.
        metrics: "loss", "accuracy" and, where there is validation data, "val_…".
        seconds: how long it took, validation included.
        best: whether it is the best epoch so far.
    """

    epoch: int
    metrics: Mapping[str, float]
    seconds: float
    best: bool


@dataclass(frozen=True)
class TrainingEnded(Event):
    """No more epochs.

    Args:
        epochs: epochs finished.
        best_epoch: the best one, from 1; None where it cannot be told.
        best: its metrics.
        last: the last epoch's metrics.
        kept: the epoch whose weights are kept.
        seconds: how long all of it took.
        reason: "finished", "patience" or "interrupted".
    """

    epochs: int
    best_epoch: int | None
    best: Mapping[str, float]
    last: Mapping[str, float]
    kept: int
    seconds: float
    reason: str


@dataclass(frozen=True)
class Evaluated(Event):
    """A split was evaluated."""

    report: Report


@dataclass(frozen=True)
class Saved(Event):
    """The run is whole on disk."""

    run: str
    folder: Path


class Emitter:
    """Hands every event to every listener."""

    def __init__(self, listeners: Sequence[Listener]) -> None:
        self._listeners = list(listeners)

    def __call__(self, event: Event) -> None:
        """Hand one over."""
        for listener in self._listeners:
            listener(event)

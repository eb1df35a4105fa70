"""A made-up run and streams to draw it on, for the tests of `seqclf.ui`."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from seqclf.contracts import ClassReport, LayerSummary, ModelSummary, Report
from seqclf.events import (
    BatchEnded,
    DataReady,
    EpochEnded,
    Evaluated,
    Event,
    ModelReady,
    Noted,
    Planned,
    Progressed,
    Saved,
    TrainingEnded,
    TrainingStarted,
    Working,
)

RUN = "imdb-lstm-20261121-091500"
STEPS = 157


class Stream(io.StringIO):
    """A text stream that says what it is."""

    def __init__(self, *, terminal: bool = False, encoding: str = "utf-8") -> None:
        super().__init__()
        self._terminal = terminal
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return self._terminal

    def write(self, text: str) -> int:
        text.encode(self._encoding)  # as strict as a real stream
        return super().write(text)


SUMMARY = ModelSummary(
    (
        LayerSummary("embedding", "Embedding", (None, 500, 32), 320_000),
        LayerSummary("bidirectional_lstm_forward", "Bidirectional", (None, 64), 8_320),
        LayerSummary("dense", "Dense", (None, 1), 33),
    ),
    328_353,
    0,
)

REPORT = Report(
    "test",
    25_000,
    0.3201,
    0.8701,
    (0.8659, 0.8742),
    (
        ClassReport("negative", 0.86, 0.88, 0.87, 12_500),
        ClassReport("positive [bold]x[/]", 0.88, 0.86, 0.87, 12_500),
    ),
    ((11_002, 1_498), (1_749, 10_751)),
)


def wide_report(classes: int) -> Report:
    """A report with many classes, each now and then taken for the next."""
    labels = [f"topic number {place}" for place in range(classes)]
    confusion = tuple(
        tuple(
            1_000 if true == seen else 3 + true if seen == (true + 1) % classes else 0
            for seen in range(classes)
        )
        for true in range(classes)
    )
    reports = tuple(ClassReport(label, 0.5, 0.5, 0.5, 1_003) for label in labels)
    return Report("test", 1_003 * classes, 0.5, 0.5, (0.4, 0.6), reports, confusion)


def epoch_metrics(epoch: int) -> dict[str, float]:
    value = 0.88 - abs(epoch - 4) * 0.01
    return {
        "loss": 0.7 / epoch,
        "accuracy": 1 - 0.5 / epoch,
        "val_loss": 1 - value,
        "val_accuracy": value,
    }


def events(epochs: int = 10) -> Iterator[Event]:
    """A whole run, from what is planned to what is saved."""
    settings = {
        "dataset": "imdb",
        "arch": "lstm",
        "epochs": epochs,
        "batch_size": 128,
        "learning_rate": None,
        "maxlen": 500,
        "data_dir": "/a/place/with a space/[bold]x[/]",
        "params": {"units": 32, "dropout": 0.25, "dense_units": None},
        "dataset_options": {},
        "plugins": [],
    }
    sources = {
        "epochs": "flag",
        "batch_size": "default",
        "learning_rate": "default",
        "maxlen": "dataset",
        "data_dir": "environment",
    }
    yield Planned(RUN, Path("runs") / RUN, "imdb", "lstm", settings, sources)
    yield Working("loading imdb")
    for percent in range(101):
        yield Progressed("downloading imdb.npz", percent * 174_648, 17_464_800)
    yield Noted(
        "a sentence – long enough to wrap at sixty columns – with [red]brackets[/] \x1b[31m"
    )
    yield DataReady(20_000, 5_000, 25_000, ("negative", "positive"), 238.7, 0.093)
    yield ModelReady(SUMMARY, "tensorflow", "keras", "lstm: recurrent dropout")
    yield TrainingStarted(epochs, STEPS, 20_000)
    for epoch in range(1, epochs + 1):
        metrics = epoch_metrics(epoch)
        for step in range(1, STEPS + 1):
            yield BatchEnded(epoch, step, step * 128, {"loss": 0.5, "accuracy": 0.75})
        yield EpochEnded(epoch, metrics, 26.1, epoch <= 4)
    best = min(4, epochs)
    last = epoch_metrics(epochs)
    yield TrainingEnded(epochs, best, epoch_metrics(best), last, best, 252.0, "finished")
    yield Evaluated(REPORT)
    yield Saved(RUN, Path("runs") / RUN)

"""What comes out of a run: summaries, histories, reports, predictions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class LayerSummary:
    """One row of a model summary; `shape` is the output shape, None for "any"."""

    name: str
    type: str
    shape: tuple[int | None, ...]
    parameters: int


@dataclass(frozen=True)
class ModelSummary:
    """A model's layers and its parameter counts."""

    layers: tuple[LayerSummary, ...]
    trainable: int
    non_trainable: int

    @property
    def parameters(self) -> int:
        """All parameters, trained or not."""
        return self.trainable + self.non_trainable


@dataclass(frozen=True)
class ClassReport:
    """How one class fared; shares from 0 to 1, `support` in examples."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Report:
    """What an evaluation found.

    Args:
        split: which examples: "test", "validation", "train".
        examples: how many.
        loss: the mean loss.
        accuracy: the share of right answers (multilabel: of right yes/no answers).
        interval: the 95 % Wilson interval of the accuracy, low and high.
        classes: one report a class, in label order.
        confusion: true class by predicted class, in examples; empty for multilabel.
    """

    split: str
    examples: int
    loss: float
    accuracy: float
    interval: tuple[float, float]
    classes: tuple[ClassReport, ...]
    confusion: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Prediction:
    """What a run says of one text.

    Args:
        text: the text as given.
        labels: the chosen class names: one, or for multilabel any number.
        probabilities: class name to probability, in label order.
    """

    text: str
    labels: tuple[str, ...]
    probabilities: Mapping[str, float]

    @property
    def label(self) -> str:
        """The chosen class; several are joined by a comma."""
        return ",".join(self.labels)

    def top(self, count: int) -> list[tuple[str, float]]:
        """Give `count` classes with their probabilities: the chosen first, then the likeliest."""
        ranked = sorted(
            self.probabilities.items(), key=lambda item: (item[0] not in self.labels, -item[1])
        )
        return ranked[:count]


class History(Mapping[str, list[float]]):
    """What every epoch measured: metric name to one value an epoch.

    Args:
        epochs: each epoch's metrics, in order: "loss", "accuracy", "val_…".

    Example:
        >>> history = History([{"loss": 0.7, "val_loss": 0.6}, {"loss": 0.5, "val_loss": 0.5}])
        >>> history["loss"], len(history.epochs)
        ([0.7, 0.5], 2)
        >>> history.rows()[1]
        (1, 0.6, 'loss', 'validation')
    """

    def __init__(self, epochs: Sequence[Mapping[str, float]] = ()) -> None:
        self.epochs = [dict(metrics) for metrics in epochs]

    def __getitem__(self, name: str) -> list[float]:
        values = [metrics[name] for metrics in self.epochs if name in metrics]
        if not values:
            raise KeyError(name)
        return values

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for metrics in self.epochs for name in metrics))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __repr__(self) -> str:
        return f"History({dict(self)})"

    def rows(self) -> list[tuple[int, float, str, str]]:
        """Give (epoch from 1, value, metric, "training" or "validation").

        The columns of R's `as.data.frame(history)`.
        """
        return [
            (
                epoch,
                value,
                name.removeprefix("val_"),
                "validation" if name.startswith("val_") else "training",
            )
            for epoch, metrics in enumerate(self.epochs, 1)
            for name, value in metrics.items()
        ]

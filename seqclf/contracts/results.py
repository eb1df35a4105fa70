"""What comes out of a run: summaries, reports, predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
        metrics: the metrics asked for with `--metrics`, name to value.
    """

    split: str
    examples: int
    loss: float
    accuracy: float
    interval: tuple[float, float]
    classes: tuple[ClassReport, ...]
    confusion: tuple[tuple[int, ...], ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)


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

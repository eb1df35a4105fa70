"""What a prediction adds to a row: the columns' names and their values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from seqclf.contracts import Kind, Prediction
from seqclf.errors import UsageError


class Results:
    """The columns that predictions add.

    A class a text gives `prediction` and its `probability`, then `prediction_2`,
    `probability_2`, ... for the next most probable ones. Several labels a text give
    `prediction`, a list, and a `probability_<label>` each; or, where only the most probable are
    asked for, `label_1`, `probability_1`, ....

    Args:
        labels: the run's classes.
        kind: binary, multiclass or multilabel.
        top: how many of the most probable classes are wanted; None for the usual columns.
        prefix: what the names begin with.

    Attributes:
        columns: the names, in order.
        texts: those of them that hold labels; the others hold probabilities.

    Example:
        >>> results = Results(("no", "yes"), "binary", top=2)
        >>> results.columns
        ('prediction', 'probability', 'prediction_2', 'probability_2')
        >>> results.of(Prediction("Calm", ("no",), {"no": 0.75, "yes": 0.25}))
        ['no', 0.75, 'yes', 0.25]
    """

    def __init__(
        self, labels: tuple[str, ...], kind: Kind, *, top: int | None = None, prefix: str = ""
    ) -> None:
        self._several = kind == "multilabel"
        self._top = None if top is None else min(top, len(labels))
        names = ["prediction"]
        if self._several and self._top is None:
            names += [f"probability_{label}" for label in labels]
        elif self._several:
            ranks = range(1, (self._top or 0) + 1)
            names += [name for n in ranks for name in (f"label_{n}", f"probability_{n}")]
        else:
            names.append("probability")
            ranks = range(2, (self._top or 1) + 1)
            names += [name for n in ranks for name in (f"prediction_{n}", f"probability_{n}")]
        self.columns = tuple(prefix + name for name in names)
        labelled = ("prediction", "label_") if self._several else ("prediction",)
        self.texts = tuple(prefix + name for name in names if name.startswith(labelled))

    @property
    def lists(self) -> tuple[str, ...]:
        """Those of the columns that hold a list of labels."""
        return self.columns[:1] if self._several else ()

    def of(self, prediction: Prediction) -> list[Any]:
        """Give the values of the columns."""
        shares = prediction.probabilities
        if self._several and self._top is None:
            return [list(prediction.labels), *shares.values()]
        if not self._several and (self._top or 1) == 1:
            chosen = prediction.labels[0]
            return [chosen, shares[chosen]]
        ranked = [value for pair in prediction.top(self._top or 1) for value in pair]
        return [list(prediction.labels), *ranked] if self._several else ranked

    def check(self, name: str, columns: Iterable[str]) -> None:
        """Check that none of the names is a column already.

        Args:
            name: what the input is called.
            columns: its columns.

        Raises:
            UsageError: one is.
        """
        clash = next((column for column in columns if column in self.columns), None)
        if clash is not None:
            raise UsageError(
                f"{name} has a column '{clash}' already, which the results would be called, too",
                hint="let theirs begin with something else, such as --prefix new_",
            )

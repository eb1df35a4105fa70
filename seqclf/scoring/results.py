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
    `prediction`, a list, and a `probability_<label>` each.

    Args:
        labels: the run's classes.
        kind: binary, multiclass or multilabel.
        top: how many of the most probable classes are wanted; None for the one that is predicted.
        prefix: what the names begin with.
        each: whether a `probability_<label>` for each class is wanted where a text has one, too.

    Raises:
        UsageError: `top` where there are several labels a text; two columns of one name.

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
        self,
        labels: tuple[str, ...],
        kind: Kind,
        *,
        top: int | None = None,
        prefix: str = "",
        each: bool = False,
    ) -> None:
        self._several = kind == "multilabel"
        if self._several and top is not None:
            raise UsageError(
                "--top-k is not for files with several labels a text, where each has its column"
            )
        self._top = min(top or 1, len(labels))
        self._each = labels if each or self._several else ()
        names = ["prediction"]
        if not self._several:
            names.append("probability")
            ranks = range(2, self._top + 1)
            names += [name for n in ranks for name in (f"prediction_{n}", f"probability_{n}")]
        chosen = [name for name in names if name.startswith("prediction")]
        names += [f"probability_{label}" for label in self._each]
        double = next((name for name in names if names.count(name) > 1), None)
        if double is not None:
            raise UsageError(
                f"--top-k and --probabilities both make a column '{double}'",
                hint="leave one of them out",
            )
        self.columns = tuple(prefix + name for name in names)
        self.texts = tuple(prefix + name for name in chosen)

    @property
    def lists(self) -> tuple[str, ...]:
        """Those of the columns that hold a list of labels."""
        return self.columns[:1] if self._several else ()

    def of(self, prediction: Prediction) -> list[Any]:
        """Give the values of the columns."""
        shares = prediction.probabilities
        each = [shares[label] for label in self._each]
        if self._several:
            return [list(prediction.labels), *each]
        if self._top == 1:
            chosen = prediction.labels[0]
            return [chosen, shares[chosen], *each]
        return [value for pair in prediction.top(self._top) for value in pair] + each

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

"""The classes that labelled rows have, and what makes them no classification task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqclf.contracts import Kind, Note
from seqclf.datasets.files.cells import numbers, shown
from seqclf.datasets.files.labels import LabelBook, alike, in_order
from seqclf.datasets.files.reading import Examples
from seqclf.errors import MOST_NAMES, DataError, nearest

if TYPE_CHECKING:
    import numpy as np


_MANY = 20
"""So many numbers, most of them met once, are more likely measured than classes."""


class Classes:
    """The classes of the training rows, in their order.

    Args:
        train: the training rows.
        rows: which of them are training rows, shape (rows,), bool.
        book: the numbers of all labels.
        note: is told of names that differ only by case or blanks.

    Attributes:
        names: the class names.
        kind: binary, multiclass or multilabel.

    Raises:
        DataError: there are no rows, fewer than two classes, or a class that was asked for
            has no rows.
    """

    def __init__(self, train: Examples, rows: np.ndarray, book: LabelBook, note: Note) -> None:
        import numpy as np

        self._book = book
        self._by_number = list(book.numbers)
        self.counts = _counts(train, rows, len(self._by_number))
        there = [name for name, number in book.numbers.items() if self.counts[number]]
        file = train.table.path.name
        if not rows.any():
            left = ", all of its rows being of other classes" if book.left_out else ""
            raise DataError(f"{file} has no rows to train on{left}")
        if book.learned:
            there = self._by_number
        self.names = tuple(there if book.fixed else in_order(there))
        absent = [name for name in self._by_number if name not in there]
        if book.fixed and absent:
            raise DataError(
                f"{file} has no training rows of the class {shown(absent[0])}",
                hint=f"--labels names it; the column is '{train.columns.label}'",
            )
        if len(self.names) < 2 and train.table.unit == "file" and there:
            raise DataError(
                f"{file} has only one folder of texts, {shown(there[0])}",
                hint="a classifier needs two classes, a folder each",
            )
        if len(self.names) < 2:
            only = f"only the class {shown(there[0])}" if there else "no labels at all"
            raise DataError(
                f"{file} has {only} in column '{train.columns.label}'",
                hint="a classifier needs two; --label-column chooses another column",
            )
        for group in alike(self.names):
            names = " and ".join(map(shown, group))
            note(f"{file}: the classes {names} differ only by case or blanks")
        self.kind: Kind = "binary" if len(self.names) == 2 else "multiclass"
        if book.multilabel:
            self.kind = "multilabel"
        places = {name: place for place, name in enumerate(self.names)}
        self._places = np.array([places.get(name, -1) for name in self._by_number], np.int64)

    def labels(self, examples: Examples) -> np.ndarray:
        """Give class numbers, shape (rows,), int64, or zeros and ones, (rows, classes), int8.

        Raises:
            DataError: a label that no training row has; its first place is told.
        """
        import numpy as np

        places = self._places
        if len(self._book.numbers) > len(places):  # labels that came after the training rows
            more = len(self._book.numbers) - len(places)
            places = np.concatenate([places, np.full(more, -1, np.int64)])
        classes = places[examples.numbers]
        if (classes < 0).any():
            raise self._never_seen(examples, int(np.argmax(classes < 0)))
        if examples.counts is None:
            return classes
        made = np.zeros((len(examples), len(self.names)), np.int8)
        made[np.repeat(np.arange(len(examples)), examples.counts), classes] = 1
        return made

    def _never_seen(self, examples: Examples, which: int) -> DataError:
        import numpy as np

        row = which
        if examples.counts is not None:
            row = int(np.searchsorted(np.cumsum(examples.counts), which, side="right"))
        name = list(self._book.numbers)[int(examples.numbers[which])]
        lower = {each.lower(): each for each in self.names}
        meant = nearest(name, lower)
        more = f" and {len(self.names) - MOST_NAMES} more" if len(self.names) > MOST_NAMES else ""
        hint = f"training has: {', '.join(map(shown, self.names[:MOST_NAMES]))}{more}"
        if meant is not None:
            hint = f"did you mean {shown(lower[meant])}? {hint}"
        place = examples.table.at(int(examples.places[row]))
        return DataError(f"{place}: the label {shown(name)} is never seen in training", hint=hint)

    def check_cut(self, examples: Examples, rows: np.ndarray) -> None:
        """Check that each class has two rows, one to train on and one to be judged by.

        Args:
            examples: where the rows are.
            rows: which of them are to be divided, shape (rows,), bool.

        Raises:
            DataError: a class has a single one.
        """
        import numpy as np

        if examples.counts is not None:
            return  # the rarest labels go where their rows go
        single = [name for name in self.names if self.counts[self._book.numbers[name]] == 1]
        if not single:
            return
        number = self._book.numbers[single[0]]
        where = int(np.argmax((examples.numbers == number) & rows))
        others = (
            "1 more class has" if len(single) == 2 else f"{len(single) - 1:,} more classes have"
        )
        more = f", and {others} one only" if len(single) > 1 else ""
        hint = (
            "add rows of the class or delete this one, name test rows with --test FILE, "
            "or test on none with --test-split 0"
        )
        if len(self.names) >= _MANY and len(single) * 2 > len(self.names) and numbers(self.names):
            hint = (
                f"the {len(self.names):,} labels in column '{examples.columns.label}' look like "
                "measurements, not classes; --label-column chooses another column"
            )
        raise DataError(
            f"{examples.table.at(int(examples.places[where]))} is the only row of the class "
            f"{shown(single[0])}, so that none is left to test on{more}",
            hint=hint,
        )


def _counts(examples: Examples, rows: np.ndarray, classes: int) -> np.ndarray:
    import numpy as np

    chosen = rows if examples.counts is None else np.repeat(rows, examples.counts)
    return np.bincount(examples.numbers[chosen], minlength=classes)

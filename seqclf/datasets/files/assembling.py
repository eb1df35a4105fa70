"""From rows as they were read to splits: classes numbered, order drawn, a test split cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqclf.contracts import LoadContext, Note, Split, Splits
from seqclf.datasets.files.cells import shown
from seqclf.datasets.files.classes import Classes
from seqclf.datasets.files.labels import LabelBook
from seqclf.datasets.files.reading import ROLE_NUMBERS, Examples
from seqclf.datasets.files.splitting import rarest, row_keys, stratified_order
from seqclf.datasets.files.texts import take
from seqclf.errors import DataError

if TYPE_CHECKING:
    import numpy as np

USES = {"test": "to test on", "validation": "to compare epochs on"}


class Assembly:
    """Puts splits together; the training rows are looked at before the others are read.

    Args:
        rows: the rows of the file itself; a split column may give some of them to other splits.
        book: the numbers of the labels.
        context: `note` is told what is odd, and what was held out.

    Raises:
        DataError: there is nothing to train on, or one class only.
    """

    def __init__(self, rows: Examples, book: LabelBook, context: LoadContext) -> None:
        import numpy as np

        self._rows = rows
        self._note: Note = context.note
        roles = rows.roles
        self._training = np.ones(len(rows), bool) if roles is None else roles == 0
        self._classes = Classes(rows, self._training, book, context.note)
        self._labels = self._classes.labels(rows)
        self._others: dict[str, Split] = {}
        for name in USES:
            chosen = np.zeros(0) if roles is None else np.flatnonzero(roles == ROLE_NUMBERS[name])
            if len(chosen):
                self._others[name] = _split(rows, self._labels, chosen)

    def add(self, name: str, examples: Examples) -> None:
        """Take the rows of another file as the test or the validation split.

        Raises:
            DataError: it has no rows, or a label that training has not.
        """
        if not len(examples):
            raise DataError(f"{examples.table.path.name} has no rows {USES[name]}")
        labels = self._classes.labels(examples)
        self._others[name] = Split(labels, examples.texts, places=examples.places)

    def splits(self, test_split: float, seed: int, fingerprint: str) -> Splits:
        """Order the training rows, and hold out a test split where none was given.

        Raises:
            DataError: a class has too few rows for that.
        """
        import numpy as np

        classes = self._classes
        several = classes.kind == "multilabel"
        strata = rarest(self._labels) if several else self._labels
        chosen = np.flatnonzero(self._training)
        keys = row_keys(self._rows.texts, seed)[chosen]
        order = chosen[stratified_order(strata[chosen], keys, seed)]
        if "test" not in self._others and test_split > 0:
            order = self._hold_out(order, strata, test_split)
        return Splits(
            train=_split(self._rows, self._labels, order),
            test=self._others.get("test"),
            validation=self._others.get("validation"),
            fingerprint=fingerprint,
            labels=classes.names,
            kind=classes.kind,
        )

    def _hold_out(self, order: np.ndarray, strata: np.ndarray, test_split: float) -> np.ndarray:
        """Take the end of the order, put back in the file's order, for the test split."""
        import numpy as np

        rows, classes = self._rows, self._classes
        classes.check_cut(rows, self._training)
        kept = len(order) - max(1, round(len(order) * test_split))
        left = np.bincount(strata[order[:kept]], minlength=len(classes.names))
        if rows.counts is None and not left.all():
            name = shown(classes.names[int(np.argmin(left))])
            raise DataError(
                f"with --test-split {test_split:g} no row of the class {name} is left to train on",
                hint="hold out less, or name test rows with --test FILE",
            )
        if not kept:
            raise DataError(
                f"{rows.table.path.name} has {len(order)} row, which leaves none to train on",
                hint="name test rows with --test FILE, or test on none with --test-split 0",
            )
        held = len(order) - kept
        self._note(
            f"{rows.table.path.name}: {held:,} of {len(order):,} rows are held out for testing "
            "(--test FILE and --test-split choose others)"
        )
        self._others["test"] = _split(rows, self._labels, np.sort(order[kept:]))
        return order[:kept]


def _split(rows: Examples, labels: np.ndarray, chosen: np.ndarray) -> Split:
    return Split(labels[chosen], take(rows.texts, chosen), places=rows.places[chosen])

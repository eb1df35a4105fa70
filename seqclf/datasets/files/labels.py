"""Class names: from cells to class numbers, and the order of the classes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from seqclf.datasets.files.cells import CellError, plain, shown
from seqclf.errors import UsageError

PREFIX = "__label__"
"""What fastText writes before a label."""

MOST_CLASSES = 100_000
"""More different labels are no classes."""

_WHOLE = re.compile(r"[+-]?[0-9]+", re.ASCII)
_NONE = ("NaN", "nan")

MISSING = -1
"""In place of class numbers: the cell is empty."""

LEFT_OUT = -2
"""In place of class numbers: the label is not among the classes asked for."""


class LabelBook:
    """Numbers labels as they come; one book for all of the files of a dataset.

    Args:
        wanted: the only classes there shall be, or none for whatever comes.
        multilabel: whether a cell holds any number of labels.
        separator: what stands between these in a text.
        learned: whether the wanted classes are those of a run, of which some may have no rows.

    Attributes:
        numbers: label to number, in the order in which they came.
        left_out: how many labels were not among the wanted ones.

    Raises:
        UsageError: `wanted` has one class only or one twice, or the separator is empty.

    Example:
        >>> book = LabelBook()
        >>> [book.number("calm"), book.number("angry"), book.number("calm"), book.number("")]
        [0, 1, 0, -1]
        >>> LabelBook(multilabel=True, separator="|").several("b | a|b")
        [0, 1]
    """

    def __init__(
        self,
        wanted: Sequence[str] = (),
        multilabel: bool = False,
        separator: str = ",",
        learned: bool = False,
    ) -> None:
        names = [name.removeprefix(PREFIX) for name in wanted]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise UsageError(f"the class {shown(twice)} is asked for twice in --labels")
        if len(names) == 1:
            raise UsageError(
                f"--labels has the class {shown(names[0])} only", hint="a classifier needs two"
            )
        if multilabel and not separator.strip() and separator != " ":
            raise UsageError("the separator between labels is empty", hint='the usual one is ","')
        self.multilabel = multilabel
        self.numbers = {name: number for number, name in enumerate(names)}
        self.fixed = bool(names)
        self.learned = learned
        self.left_out = 0
        self._separator = separator

    def number(self, cell: Any) -> int:
        """Give the number of the one label in a cell, or `MISSING` or `LEFT_OUT`.

        Raises:
            CellError: it holds several labels, or none that can be read.
        """
        if isinstance(cell, str):  # nearly always, and nearly always known
            known = self.numbers.get(cell)
            if known is not None:
                return known
        if isinstance(cell, list):
            if len(cell) > 1:
                names = ", ".join(str(name) for name in cell[:4])
                raise CellError(f"there are {len(cell)} labels ({names}) where one is expected")
            cell = cell[0] if cell else None
        name = plain(cell)
        if name is None or not name.strip():
            return MISSING
        if self._is_nan(name):
            return MISSING
        return self._number(name)

    def several(self, cell: Any) -> list[int]:
        """Give the numbers of all labels in a cell, without those that are left out.

        Raises:
            CellError: it holds something that is no label.
        """
        found = []
        for part in self._parts(cell):
            name = plain(part)
            if name is None or not name.strip() or self._is_nan(name):
                continue
            number = self._number(name.strip())
            if number >= 0 and number not in found:
                found.append(number)
        return found

    def is_missing(self, cell: Any) -> bool:
        """Say whether a cell holds no label at all.

        Example:
            >>> [LabelBook(multilabel=True).is_missing(cell) for cell in (None, " ", [], "a")]
            [True, True, True, False]
        """
        parts = map(plain, self._parts(cell))
        return all(name is None or not name.strip() or self._is_nan(name) for name in parts)

    def _is_nan(self, name: str) -> bool:
        return name in _NONE and name not in self.numbers

    def _parts(self, cell: Any) -> Sequence[Any]:
        if isinstance(cell, list | tuple):
            return cell
        name = plain(cell)
        return () if name is None else name.split(self._separator)

    def _number(self, name: str) -> int:
        known = self.numbers.get(name)
        if known is not None:
            return known
        if self.fixed:
            self.left_out += 1
            return LEFT_OUT
        if len(self.numbers) == MOST_CLASSES:
            raise CellError(f"there are more than {MOST_CLASSES:,} different labels")
        self.numbers[name] = len(self.numbers)
        return self.numbers[name]


def in_order(names: Iterable[str]) -> list[str]:
    """Sort class names: by number where all are whole numbers, else by code point.

    Example:
        >>> in_order(["10", "2", "1"]), in_order(["b", "a", "10", "2"])
        (['1', '2', '10'], ['10', '2', 'a', 'b'])
    """
    names = list(names)
    if all(_WHOLE.fullmatch(name) for name in names):
        return sorted(names, key=lambda name: (int(name) if len(name) < 1000 else 0, name))
    return sorted(names)


def alike(names: Iterable[str]) -> list[list[str]]:
    """Give the names that differ only by case or blanks, a list for each such name.

    Example:
        >>> alike(["calm", "Calm ", "angry"])
        [['calm', 'Calm ']]
    """
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(" ".join(name.split()).casefold(), []).append(name)
    return [group for group in groups.values() if len(group) > 1]

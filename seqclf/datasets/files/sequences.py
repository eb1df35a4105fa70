"""Sequences that are not prose: columns of token ids and numeric series, as texts of numbers.

A text of ids has blanks between them: "12 5 99". In a series of one feature blanks are
between the steps: "0.5 1e-3"; with several features each step ends with a semicolon:
"1.5 2;0.3 4;". Numbers from a text keep the digits they have there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from seqclf.datasets.files.cells import CellError, kind_of, shown

GREATEST = 3.4028234663852886e38
"""The greatest number that float32 holds."""

_BETWEEN = re.compile(r"[\s,]+")
_WHOLE = re.compile(r"[0-9]+")
_IDS = re.compile(r"[0-9]+(?: [0-9]+)*")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


class TooGreatError(CellError):
    """A token id that --num-words does not reach."""


ToText = Callable[[dict[str, Any]], str]
"""Gives the text form of a row, or raises a `CellError` that names the column."""


def ids_of(columns: Sequence[str], num_words: int | None = None) -> ToText:
    """Make the function that writes a row's token ids as a text.

    Args:
        columns: one column of texts such as "1 5 7" or of lists of whole numbers, or several
            columns with one whole number each, of which the last ones may be empty.
        num_words: ids must be below this; None for whatever comes.

    Example:
        >>> ids_of(["ids"])({"ids": "1, 5 7"}), ids_of(["ids"])({"ids": [1, 5.0]})
        ('1 5 7', '1 5')
        >>> ids_of(["ids"])({"ids": "[1, 5]"})
        '1 5'
        >>> ids_of(["a", "b", "c"])({"a": "1", "b": 5, "c": ""})
        '1 5'
    """

    def checked(ids: str) -> str:
        if num_words is not None and ids:
            greatest = max(map(int, ids.split()))
            if greatest >= num_words:
                raise TooGreatError(
                    f"the token id {greatest} is not below the {num_words:,} of --num-words"
                )
        return ids

    def whole(cell: Any) -> str:
        return checked(" ".join(map(_whole, _items(cell))))

    def one(row: dict[str, Any]) -> str:
        cell = row.get(columns[0])
        if num_words is None and isinstance(cell, str) and _IDS.fullmatch(cell):
            return cell
        return _each(columns, row, whole)[0]

    def several(row: dict[str, Any]) -> str:
        used = _without_empty_end(columns, row)
        return " ".join(_each(used, row, lambda cell: checked(_whole(cell))))

    return one if len(columns) == 1 else several


class SeriesOf:
    """Writes a row's numeric series as a text; every row must have as many features a step.

    Args:
        columns: one column that holds a whole series (a text, a list of numbers, or a list
            of steps that are lists), or several columns with one number each, of which the
            last steps may be empty.
        features: how many of these numbers make a step.

    Example:
        >>> SeriesOf(["a", "b", "c", "d"], 2)({"a": "1.50", "b": "2", "c": "0.3", "d": "4"})
        '1.50 2;0.3 4;'
        >>> SeriesOf(["s"])({"s": [[1, 2.5], [3, 4]]}), SeriesOf(["s"])({"s": "1, 2 3"})
        ('1 2.5;3 4;', '1 2 3')
    """

    def __init__(self, columns: Sequence[str], features: int = 1) -> None:
        self._columns = columns
        self._features = features
        self._width = features if features > 1 or len(columns) > 1 else 0  # 0: the first row says

    def __call__(self, row: dict[str, Any]) -> str:
        """Give the row's text form.

        Raises:
            CellError: something is no number, or a step is not whole.
        """
        if len(self._columns) == 1:
            return _each(self._columns, row, self._of_cell)[0]
        return self._flat(_each(_without_empty_end(self._columns, row), row, _number))

    def _of_cell(self, cell: Any) -> str:
        if isinstance(cell, str) and ";" in cell:
            parts = cell.strip().removesuffix(";").split(";")
            return self._steps([_items(part) for part in parts])
        items = _items(cell)
        if items and all(isinstance(item, list | tuple) for item in items):
            return self._steps(items)
        return self._flat([_number(item) for item in items])

    def _flat(self, numbers: list[str]) -> str:
        if len(numbers) % self._features:
            raise CellError(
                f"there are {len(numbers)} numbers, which is no multiple of the "
                f"{self._features} features"
            )
        self._check_width(self._features)
        if self._features == 1:
            return " ".join(numbers)
        firsts = range(0, len(numbers), self._features)
        return "".join(" ".join(numbers[i : i + self._features]) + ";" for i in firsts)

    def _steps(self, steps: Iterable[Sequence[Any]]) -> str:
        written = []
        for step in steps:
            self._check_width(len(step))
            written.append(" ".join(map(_number, step)) + ";")
        return "".join(written)

    def _check_width(self, width: int) -> None:
        if not self._width and width:
            self._width = width
        if width != self._width:
            raise CellError(f"a step has {_features(width)}, not {self._width} as those before")


def step_of(columns: Sequence[str]) -> ToText:
    """Make the function that writes a row as one step of a series, for a row a step.

    Example:
        >>> step_of(["x", "y"])({"x": "1.5", "y": 2}), step_of(["x"])({"x": "1.5"})
        ('1.5 2;', '1.5 ')
    """
    end = " " if len(columns) == 1 else ";"

    def step(row: dict[str, Any]) -> str:
        return " ".join(_each(columns, row, _number)) + end

    return step


def _features(count: int) -> str:
    return f"{count} feature" if count == 1 else f"{count} features"


def _each(columns: Sequence[str], row: dict[str, Any], write: Callable[[Any], str]) -> list[str]:
    written: list[str] = []
    try:
        for name in columns:
            written.append(write(row.get(name)))
    except CellError as error:
        raise type(error)(f"column '{name}': {error}") from None
    return written


def _without_empty_end(columns: Sequence[str], row: dict[str, Any]) -> Sequence[str]:
    used = len(columns)
    while used and _is_nothing(row.get(columns[used - 1])):
        used -= 1
    return columns[:used]


def _is_nothing(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _items(cell: Any) -> Sequence[Any]:
    """Take a cell apart: a text, in brackets or not, at blanks and commas, a list as it is."""
    if isinstance(cell, str):
        parts = cell.strip()
        if parts.startswith("[") and parts.endswith("]"):
            parts = parts[1:-1].strip()
        parts = parts.strip(",")
        return _BETWEEN.split(parts.strip()) if parts.strip() else []
    if isinstance(cell, list | tuple):
        return cell
    return [] if cell is None else [cell]


def _whole(value: Any) -> str:
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return str(value)
    raise CellError(f"{_told(value)} is no token id, a whole number from 0")


def _number(value: Any) -> str:
    if isinstance(value, str):
        digits = value.strip()
        matches = _NUMBER.fullmatch(digits) is not None
    else:
        known = isinstance(value, int | float) or type(value).__name__ == "Decimal"
        digits = repr(value) if isinstance(value, float) else str(value)
        matches = known and not isinstance(value, bool)
    if not matches:
        point = value.replace(",", ".", 1).strip() if isinstance(value, str) else ""
        written = f"; write {point}" if "," in digits and _NUMBER.fullmatch(point) else ""
        raise CellError(f"{_told(value)} is no number{written}")
    size = abs(float(digits))
    if not math.isfinite(size) and not isinstance(value, str):
        raise CellError(f"{_told(value)} is no number")
    if size > GREATEST:
        raise CellError(f"{_told(value)} is greater than a float32 can be")
    return digits


def _told(value: Any) -> str:
    if _is_nothing(value):
        return "an empty cell"
    return kind_of(value) if isinstance(value, list | tuple | dict | bytes) else shown(value)

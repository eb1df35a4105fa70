"""What stands in a cell, as a text: the same for CSV, JSON lines and Parquet."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

_SHOWN = 40
_BLANKS = str.maketrans(",[]", "   ")


class CellError(ValueError):
    """A cell that cannot be used; its message says what is wrong, the caller knows where."""


def plain(value: Any) -> str | None:
    """Give a cell's value as a text, None where there is none.

    Texts stay as they are; null and NaN are no value; true and false are written as JSON
    writes them, and a float keeps its point, as in CSV: 1.0 is "1.0", 1 is "1".

    Raises:
        CellError: it is a list, an object or bytes.

    Example:
        >>> [plain(value) for value in (" so ", 3, 3.0, 0.5, True, None, float("nan"))]
        [' so ', '3', '3.0', '0.5', 'true', None, None]
    """
    if isinstance(value, str):
        return value
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return None if math.isnan(value) else repr(value)
    if isinstance(value, list | tuple | dict | bytes | bytearray):
        raise CellError(f"{kind_of(value)} is no text")
    return str(value)


def numbers(values: Iterable[str]) -> bool:
    """Say whether texts are numbers alone, one or several each, and there are any.

    Example:
        >>> numbers(["1", " 2.5", "", "[3, 4]"]), numbers(["1", "two"]), numbers([""])
        (True, False, False)
    """
    words = [word for value in values for word in value.translate(_BLANKS).split()]
    try:
        return all(map(math.isfinite, map(float, words))) and bool(words)
    except ValueError:
        return False


def kind_of(value: Any) -> str:
    """Say what a value is, in words.

    Example:
        >>> kind_of([1, 2]), kind_of({})
        ('a list', 'an object')
    """
    words: dict[type, str] = {list: "a list", tuple: "a list", dict: "an object", bytes: "bytes"}
    return words.get(type(value), f"a value of the type {type(value).__name__}")


def shown(value: Any) -> str:
    """Quote a value in a sentence: on one line, and not at any length.

    Example:
        >>> shown("calm"), shown("one\\ntwo"), shown("x" * 50)
        ("'calm'", "'one\\\\ntwo'", "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'")
    """
    text = value if isinstance(value, str) else str(value)
    if len(text) > _SHOWN:
        text = f"{text[: _SHOWN - 1]}…"
    for control, written in (("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(control, written)
    return "'" + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text) + "'"

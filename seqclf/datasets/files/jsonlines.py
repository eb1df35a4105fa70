"""JSON lines, and a JSON array of objects where it is small."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path
from typing import Any

from seqclf.datasets.files import lines as bounds
from seqclf.datasets.files.lines import numbered_lines, open_bytes, read_text, reading
from seqclf.datasets.files.table import Rows, Table
from seqclf.errors import DataError

_SAMPLE_LINES = 1000
HOW = "write one object a line, such as with pandas' to_json(path, orient='records', lines=True)"
"""What to do about JSON of another shape."""


def open_json_lines(path: Path, *, encoding: str = "utf-8") -> Table:
    r"""Open a file with one JSON object a line as a table.

    The columns are the keys of the first 1,000 lines, in the order in which they are met. A key
    that a line lacks is None there; one that first comes later stands in its row only.

    Args:
        path: the file, plain or gzip.
        encoding: of its text.

    Raises:
        DataError: the file cannot be read, is empty or, also while rows are read, a
            line is no JSON object; line and column are told.

    Example:
        >>> _ = Path("a.jsonl").write_text('{"text": "It broke", "id": 7}\n{"text": "Hello"}\n')
        >>> [row["id"] for _, row in open_json_lines(Path("a.jsonl")).rows()]
        [7, None]
    """
    columns: dict[str, Any] = {}
    sampled = 0
    for _, found in islice(_objects(path, encoding), _SAMPLE_LINES):
        sampled += 1
        columns.update(dict.fromkeys(found))
    if not sampled:
        raise DataError(f"{path.name} is empty")

    def rows() -> Rows:
        for line, found in _objects(path, encoding):
            yield line, found if found.keys() == columns.keys() else columns | found

    return Table(path, tuple(columns), "line", rows, "one JSON object a line")


def open_json_array(path: Path, *, encoding: str = "utf-8") -> Table:
    """Open a JSON array of objects as a table; its rows are numbered from 1.

    It is held in memory: 64 MiB of it at most.

    Args:
        path: the file, plain or gzip.
        encoding: of its text.

    Raises:
        DataError: the file cannot be read, is too big, is no JSON (line and column are told),
            or an item is no object.

    Example:
        >>> _ = Path("a.json").write_text('[{"text": "It broke"}, {"text": "Hello"}]')
        >>> list(open_json_array(Path("a.json")).rows())
        [(1, {'text': 'It broke'}), (2, {'text': 'Hello'})]
    """
    with reading(path), open_bytes(path) as stream:
        left = bounds.LONGEST
        while left >= 0 and (some := stream.read(2**20)):
            left -= len(some)
    if left < 0:
        raise DataError(
            f"{path.name} is one JSON array of more than {bounds.LONGEST:,} bytes", hint=HOW
        )
    try:
        items = json.loads(read_text(path, encoding))
    except json.JSONDecodeError as error:
        raise DataError(
            f"{path.name} line {error.lineno} column {error.colno} is not JSON: {_said(error)}",
            hint=HOW,
        ) from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path.name} is not JSON: {_said(error)}") from None
    columns: dict[str, Any] = {}
    for number, item in enumerate(items, 1):
        if not isinstance(item, dict):
            raise DataError(f"{path.name} row {number} is {_kind(item)}, not an object")
        columns.update(dict.fromkeys(item))

    def rows() -> Rows:
        return ((number, columns | item) for number, item in enumerate(items, 1))

    return Table(path, tuple(columns), "row", rows, "a JSON array of objects")


def _objects(path: Path, encoding: str) -> Rows:
    """Give the objects and their lines."""
    decode = json.loads
    first = True
    for number, line in numbered_lines(path, encoding):
        try:
            found = decode(line)
        except json.JSONDecodeError as error:
            if first and line.lstrip()[0] in "{[" and error.pos >= len(line.rstrip()):
                raise DataError(
                    f"{path.name} is one JSON document over several lines, not one object a line",
                    hint=HOW,
                ) from None
            raise DataError(
                f"{path.name} line {number} column {error.colno} is not JSON: {_said(error)}",
                hint=HOW,
            ) from None
        except (ValueError, RecursionError) as error:
            raise DataError(f"{path.name} line {number} is not JSON: {_said(error)}") from None
        if not isinstance(found, dict):
            column = len(line) - len(line.lstrip()) + 1
            raise DataError(
                f"{path.name} line {number} column {column} is {_kind(found)}, not an object",
                hint=HOW,
            )
        first = False
        yield number, found


def _said(error: Exception) -> str:
    """Give the parser's words, small at first."""
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    said = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
    return said[:1].lower() + said[1:].partition(";")[0]


def _kind(value: Any) -> str:
    """Say in JSON's words what a value is."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return "a string"
    return "an array" if isinstance(value, list) else "a number"

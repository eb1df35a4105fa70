"""What every reader gives: columns, and rows that stream with the place each came from."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Rows = Iterator[tuple[int, dict[str, Any]]]
"""Rows with their places: `(17, {"text": "It broke", "topic": "fault"})`."""


@dataclass(frozen=True)
class Table:
    """The columns and rows of a file, or of a folder with one folder a class.

    Args:
        path: the file or folder.
        columns: the names of its columns in order; "1", "2", ... where there is no header.
        unit: what a place counts: "line", "row" (Parquet, a JSON array) or "file" (a folder).
        rows: streams the rows from the start again at every call: place, column -> value.
            A row has every column. Rows of JSON lines may have more.
        form: how the file is read, in a few words, to be told.
        place_name: names a place where "tickets.csv line 17" would not do.
        header: whether the first line is the header; None where there cannot be one.
        header_guessed: whether that was guessed.
        delimiter: what stands between the fields of delimited text; "" where nothing does.
        quote: what stands around such a field, where need be; None for nothing.
        renamed: what a column is called whose name another one has already: new name -> name.
        notes: what is odd, in sentences; whole after the rows were read to their end.

    Example:
        >>> rows = [(2, {"text": "It broke"})]
        >>> table = Table(Path("tickets.csv"), ("text",), "line", lambda: iter(rows))
        >>> [row["text"] for place, row in table.rows()]
        ['It broke']
    """

    path: Path
    columns: tuple[str, ...]
    unit: str
    rows: Callable[[], Rows]
    form: str = ""
    place_name: Callable[[int], str] | None = None
    header: bool | None = None
    header_guessed: bool = False
    delimiter: str = ""
    quote: str | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list, compare=False)

    def remark(self, sentence: str) -> None:
        """Note what is odd, once however often the rows are read.

        Example:
            >>> table = Table(Path("tickets.csv"), ("text",), "line", lambda: iter([]))
            >>> table.remark("that is odd"), table.remark("that is odd"), table.notes
            (None, None, ['that is odd'])
        """
        if sentence not in self.notes:
            self.notes.append(sentence)

    def at(self, place: int) -> str:
        """Name a place: "tickets.csv line 17", "tickets.parquet row 17", or a folder's file.

        Example:
            >>> Table(Path("tickets.csv"), ("text",), "line", lambda: iter([])).at(17)
            'tickets.csv line 17'
        """
        if self.place_name is not None:
            return self.place_name(place)
        return f"{self.path.name} {self.unit} {place}"


def stop(rows: Rows) -> None:
    """Close the file of rows that are not read to their end.

    Example:
        >>> rows = ((line, {}) for line in range(9))
        >>> _ = next(rows)
        >>> stop(rows)
        >>> list(rows)
        []
    """
    if isinstance(rows, Generator):
        rows.close()

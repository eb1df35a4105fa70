"""What every reader gives: columns, and rows that stream with the place each came from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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

    def at(self, place: int) -> str:
        """Name a place: "tickets.csv line 17", "tickets.parquet row 17", or a folder's file.

        Example:
            >>> Table(Path("tickets.csv"), ("text",), "line", lambda: iter([])).at(17)
            'tickets.csv line 17'
        """
        if self.place_name is not None:
            return self.place_name(place)
        return f"{self.path.name} {self.unit} {place}"

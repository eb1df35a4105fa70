"""How a delimited file is written, so that results can be written in the same way."""

from __future__ import annotations

import codecs
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from seqclf.datasets.files.decoding import checked_character
from seqclf.datasets.files.guessing import DELIMITERS
from seqclf.datasets.files.table import Table
from seqclf.datasets.files.tables import open_table
from seqclf.errors import DataError
from seqclf.scoring.trained import suffix_of

_MARKS = (
    codecs.BOM_UTF8,
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
    codecs.BOM_UTF32_BE,
)  # that of UTF-32 in the other order begins with one of them


@dataclass(frozen=True)
class Layout:
    """How delimited fields are written.

    Args:
        suffix: ".csv" or ".tsv".
        delimiter: between fields.
        quote: around fields, where need be; None for never.
        mark: whether the file begins with a byte order mark.

    Example:
        >>> Layout.usual(".tsv")
        Layout(suffix='.tsv', delimiter='\\t', quote='"', mark=False)
    """

    suffix: str
    delimiter: str
    quote: str | None = '"'
    mark: bool = False

    @classmethod
    def usual(cls, suffix: str) -> Layout:
        """Give that of files which are like no other."""
        return cls(suffix, "\t" if suffix == ".tsv" else ",")


def layout_of(table: Table, start: bytes, encoding: str, said: dict[str, Any]) -> Layout | None:
    """Find out how a table is written.

    Args:
        table: what `open_table` gave.
        start: the file's first bytes.
        encoding: of the text.
        said: the delimiter and the quote it was opened with, those that were not guessed.

    Returns:
        The layout; None where the table is no CSV or TSV.

    Example:
        >>> from pathlib import Path
        >>> _ = Path("old.csv").write_text("text;topic\\nIt broke, twice;fault\\n")
        >>> layout_of(open_table(Path("old.csv")), b"text", "utf-8", {}).delimiter
        ';'
    """
    suffix = suffix_of(table.path.name)
    if table.header is None or suffix not in (".csv", ".tsv"):
        return None
    quote = said.get("quote", '"')
    quote = None if quote is None else checked_character(quote, "quote")
    if said.get("delimiter") is not None:
        delimiter = checked_character(said["delimiter"], "delimiter")
    else:
        delimiter = _delimiter_of(table, quote, encoding)
    return Layout(suffix, delimiter, quote, start.startswith(_MARKS))


def _delimiter_of(table: Table, quote: str | None, encoding: str) -> str:
    """Give the delimiter with which a file begins as the table does."""
    usual = Layout.usual(suffix_of(table.path.name)).delimiter
    try:
        wanted = _first(table)
    except DataError:
        return usual  # told when the rows are read
    for found in dict.fromkeys((usual, *DELIMITERS)):
        if found == quote:
            continue
        try:
            other = open_table(
                table.path, delimiter=found, quote=quote, header=table.header, encoding=encoding
            )
            if other.columns == table.columns and _first(other) == wanted:
                return found
        except DataError:
            continue
    return usual


def _first(table: Table) -> object:
    rows = table.rows()
    with closing(rows):  # type: ignore[type-var]  # generators close their files
        return next(rows, None)

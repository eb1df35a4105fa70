"""How a delimited file is written, so that results can be written in the same way."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from seqclf.datasets.files.table import Table
from seqclf.datasets.files.tables import suffix_of

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


def layout_of(table: Table, start: bytes) -> Layout | None:
    """Say how a table is written.

    Args:
        table: what `open_table` gave.
        start: the file's first bytes.

    Returns:
        The layout; None where the table is no CSV or TSV.

    Example:
        >>> from pathlib import Path
        >>> from seqclf.datasets.files.tables import open_table
        >>> _ = Path("old.csv").write_text("text;topic\\nIt broke, twice;fault\\n")
        >>> layout_of(open_table(Path("old.csv")), b"text").delimiter
        ';'
    """
    suffix = suffix_of(table.path.name)
    if table.header is None or suffix not in (".csv", ".tsv"):
        return None
    delimiter = table.delimiter or Layout.usual(suffix).delimiter
    return Layout(suffix, delimiter, table.quote, start.startswith(_MARKS))

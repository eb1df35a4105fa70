"""Open any file of texts as a table: which reader is for it."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from pathlib import Path, PurePath

from seqclf.datasets.files.decoding import checked_encoding, decoder_for
from seqclf.datasets.files.delimited import open_delimited
from seqclf.datasets.files.fasttext import PREFIX, open_fasttext
from seqclf.datasets.files.folders import open_folder
from seqclf.datasets.files.jsonlines import open_json_array, open_json_lines
from seqclf.datasets.files.lines import reading, starts_with
from seqclf.datasets.files.parquet import MAGIC, open_parquet
from seqclf.datasets.files.table import Rows, Table
from seqclf.errors import DataError

__all__ = ["TABLE_SUFFIXES", "Rows", "Table", "is_table_path", "open_table", "suffix_of"]

_DELIMITED = (".csv", ".tsv")
_JSON = (".jsonl", ".ndjson", ".json")

TABLE_SUFFIXES = (*_DELIMITED, *_JSON, ".parquet")
"""What the names of tables end with; .gz may follow."""

_OTHERS = (
    (b"PK\x03\x04", "an Excel workbook or a zip archive", "save it as CSV, or unpack it"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", "save it as CSV"),
    (b"%PDF", "a PDF file", "save its texts as CSV"),
    (b"BZh", "compressed with bzip2", "unpack it, or compress it with gzip"),
    (b"\xfd7zXZ", "compressed with xz", "unpack it, or compress it with gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it, or compress it with gzip"),
    (b"\x1f\x8b", "compressed with gzip twice", "unpack it once"),
    (b"SQLite format 3", "an SQLite database", "export the table as CSV"),
)


def is_table_path(path: Path) -> bool:
    """Say whether a name is that of a CSV, TSV, JSON or Parquet file, `.gz` or not.

    Example:
        >>> is_table_path(Path("tickets.csv.gz")), is_table_path(Path("lines.txt"))
        (True, False)
    """
    return suffix_of(path.name) in TABLE_SUFFIXES


def suffix_of(name: str) -> str:
    """Give the suffix of a file's name in small letters, `.gz` left out.

    Example:
        >>> suffix_of("tickets.CSV.gz")
        '.csv'
    """
    return PurePath(name.lower().removesuffix(".gz")).suffix


def open_table(
    path: Path,
    *,
    delimiter: str | None = None,
    quote: str | None = '"',
    header: bool | None = None,
    encoding: str = "utf-8",
    labels_required: bool = True,
    names: Sequence[str] = (),
) -> Table:
    r"""Open a file of texts, or a folder with one folder a class, as a table.

    The name says what a file is: `.csv`, `.tsv`, `.jsonl`, `.ndjson`, `.json` or `.parquet`, with
    `.gz` or without. For other names the content does: Parquet, JSON lines, fastText's
    `__label__` lines, else delimited fields. gzip is known by its content.

    Args:
        path: the file or folder.
        delimiter: between fields; None looks which it is.
        quote: around fields; None for none.
        header: whether the first line holds the columns' names; None looks.
        encoding: of the text; a mark of UTF-16 or UTF-32 at the start goes before UTF-8.
        labels_required: whether a fastText line without a label is an error.
        names: columns that are asked for; a first line that holds one of them is the header.

    Returns:
        The table; its rows are read when they are asked for, in constant memory.

    Raises:
        UsageError: delimiter, quote or encoding cannot be meant, or pyarrow is missing.
        DataError: the file is missing, empty, of another kind, or cannot be read; rows may raise
            it too, with their place.

    Example:
        >>> _ = Path("moods.csv").write_text('"never talk to me again",3\n"I am proud",2\n')
        >>> table = open_table(Path("moods.csv"))
        >>> table.columns, table.form
        (('1', '2'), 'split at commas (guessed), no header (guessed)')
    """
    checked_encoding(encoding)
    with reading(path):
        is_folder = path.is_dir()
    if is_folder:
        return open_folder(path, encoding=encoding)
    start = starts_with(path)
    if len(start) < 4096 and not start.strip():
        raise DataError(f"{path.name} is empty")
    suffix = suffix_of(path.name)
    if start.startswith(MAGIC):
        return open_parquet(path)
    for magic, kind, hint in _OTHERS:
        if start.startswith(magic):
            raise DataError(f"{path.name} is {kind}, not a table", hint)
    if suffix == ".parquet":
        if b"\0" not in start and _is_utf8(start):
            raise DataError(
                f"{path.name} is no Parquet file but text",
                hint="give it the suffix that fits, such as .csv or .jsonl",
            )
        return open_parquet(path)
    if suffix not in _DELIMITED:
        decoder = decoder_for(start, encoding, path.name)
        first = start.decode(decoder, errors="ignore").removeprefix("\ufeff").lstrip()
        if first.startswith("[") and (suffix in _JSON or first[1:].lstrip()[:1] in ("", "{")):
            return open_json_array(path, encoding=encoding)
        if suffix in _JSON or first.startswith("{"):
            return open_json_lines(path, encoding=encoding)
        if first.startswith(PREFIX):
            return open_fasttext(path, encoding=encoding, labels_required=labels_required)
    return open_delimited(
        path, delimiter=delimiter, quote=quote, header=header, encoding=encoding, names=names
    )


def _is_utf8(start: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return False
    return True

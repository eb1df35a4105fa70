"""Files that results are written to: which kind a name asks for, values as text, JSON lines."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from seqclf.datasets.files.cells import CellError, kind_of
from seqclf.datasets.files.tables import suffix_of
from seqclf.errors import RunError, UsageError
from seqclf.runs.files import finite, replacing

SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
"""What the name of an output may end with; `.gz` may follow, but for Parquet."""

Cells = Mapping[str, Any]


class UnwritableError(Exception):
    """A row that the kind of file cannot hold.

    Args:
        number: of the row among those that were to be written, from 0.
        what: what is wrong with it.
        hint: what to do about it.
    """

    def __init__(self, number: int, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.number = number
        self.hint = hint


class Writer(Protocol):
    """Writes rows to an open file."""

    def write(self, rows: Sequence[Cells]) -> None:
        """Write rows; what a row lacks is empty.

        Raises:
            UnwritableError: a row that this kind of file cannot hold.
        """

    def close(self) -> None:
        """Write what is left; the file itself stays open."""

    def abandon(self) -> None:
        """Let go of the file, which nobody wants any more."""


def kind_of_output(path: Path) -> str:
    """Give the suffix that says how results are written.

    Raises:
        UsageError: results cannot be written so.

    Example:
        >>> kind_of_output(Path("out.CSV.gz"))
        '.csv'
    """
    name = path.name.lower()
    suffix = suffix_of(name)
    if suffix == ".parquet" and name.endswith(".gz"):
        raise UsageError(
            f"{path} would be Parquet within gzip",
            hint="leave out .gz; Parquet is compressed by itself",
        )
    if suffix not in SUFFIXES:
        told = "the end of its name must say how" if suffix in ("", ".") else f"not as {suffix}"
        raise UsageError(
            f"results cannot be written to {path}: {told}",
            hint="name it .csv, .tsv, .jsonl or .parquet; .csv.gz and the like are compressed",
        )
    return suffix


def check_output(path: Path, source: Path | None) -> None:
    """Check that a file may be written, before anything is read.

    Args:
        path: the file.
        source: what is read, or None.

    Raises:
        UsageError: its folder is missing, it is a folder, or what is read itself.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder", hint="name a file in it")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}", hint="make it first")
    if source is not None and path.exists() and source.exists() and path.samefile(source):
        raise UsageError(
            f"{path} is the file that is read", hint="write the results to another one"
        )
    if path.exists() and not path.is_file():
        raise UsageError(f"{path} is not a regular file", hint="leave out -o to print the results")


@contextmanager
def writing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that is there, whole, once the block ends well; one of before is replaced.

    Raises:
        RunError: it cannot be written.
    """
    try:
        # What is said here of a link is true of the file behind it.
        with replacing(path.resolve()) as temporary, temporary.open("wb") as file:
            if not path.name.lower().endswith(".gz"):
                yield file
            else:
                # Neither name nor time, so that equal results are equal files.
                with gzip.GzipFile("", "wb", 6, file, mtime=0) as packed:
                    yield packed  # type: ignore[misc]
    except RunError as error:
        hint = "free some space, or write to another disk" if "full" in error.sentence else ""
        raise RunError(error.sentence, hint) from error


def as_field(value: Any) -> str:
    """Give a value as a field of CSV: texts as they are, null empty, the rest as JSON has it.

    Raises:
        CellError: it is bytes.

    Example:
        >>> [as_field(value) for value in ("so", None, 3, 0.5, True, ["a"])]
        ['so', '', '3', '0.5', 'true', '["a"]']
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bytes):
        raise CellError(f"{kind_of(value)}, which only Parquet can")
    if isinstance(value, bool | list | tuple | dict):
        return as_json(value)
    return repr(value) if isinstance(value, float) else str(value)


def as_json(value: Any, *, ascii_only: bool = False) -> str:
    """Give a value as JSON on one line; NaN becomes null, dates and the like texts.

    Raises:
        CellError: there are bytes in it.

    Example:
        >>> as_json({"text": "größer", "share": float("nan")})
        '{"text": "größer", "share": null}'
    """
    try:
        return json.dumps(value, ensure_ascii=ascii_only, default=_as_text, allow_nan=False)
    except ValueError:
        return json.dumps(finite(value), ensure_ascii=ascii_only, default=_as_text)


def _as_text(value: Any) -> str:
    if isinstance(value, bytes):
        raise CellError(f"{kind_of(value)}, which only Parquet can")
    return str(value)


class JsonLinesWriter:
    """Writes JSON lines in UTF-8: an object a row.

    Args:
        file: open for bytes.

    Example:
        >>> from io import BytesIO
        >>> file = BytesIO()
        >>> JsonLinesWriter(file).write([{"text": "größer", "id": 7}])
        >>> file.getvalue().decode()
        '{"text": "größer", "id": 7}\\n'
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, rows: Sequence[Cells]) -> None:
        """Write rows."""
        lines = []
        for number, row in enumerate(rows):
            try:
                line = as_json(row)
            except CellError as error:
                raise UnwritableError(number, f"there are {error}") from None
            try:
                lines.append(line.encode())
            except UnicodeEncodeError:
                # Half a character, which UTF-8 has no word for, is written as JSON's \ud800.
                lines.append(as_json(row, ascii_only=True).encode())
        self._file.write(b"".join(line + b"\n" for line in lines))

    def close(self) -> None:
        """Nothing is left to write."""

    abandon = close

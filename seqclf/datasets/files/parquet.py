"""Parquet files through pyarrow, a batch of rows at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from seqclf.datasets.files.lines import reading
from seqclf.datasets.files.table import Rows, Table
from seqclf.errors import DataError, UsageError

if TYPE_CHECKING:
    import pyarrow.parquet as pq

MAGIC = b"PAR1"
"""A Parquet file begins, and ends, with this."""

_BATCH = 1024
_BUFFER = 2**20


def open_parquet(path: Path) -> Table:
    """Open a Parquet file as a table of Python values; None is null, rows are numbered from 1.

    Rows are read a thousand at a time, whatever the file's row groups are.

    Args:
        path: the file.

    Raises:
        UsageError: pyarrow is not installed.
        DataError: the file cannot be had, or is broken; also while rows are read.
    """
    with _parquet_file(path) as file:
        columns = tuple(file.schema_arrow.names)
    if not columns:
        raise DataError(f"{path.name} has no columns")
    for number, name in enumerate(columns):
        if name in columns[:number]:
            raise DataError(f"{path.name} has two columns called {name!r}", hint="rename one")
    return Table(path, columns, "row", lambda: _rows(path, columns), "Parquet")


def _rows(path: Path, columns: tuple[str, ...]) -> Rows:
    number = 0
    with _parquet_file(path) as file:
        for batch in file.iter_batches(batch_size=_BATCH):
            # Column by column: pyarrow's own lists of rows are several times slower.
            values = [column.to_pylist() for column in batch.columns]
            for number, cells in enumerate(zip(*values, strict=True), number + 1):  # noqa: B020
                yield number, dict(zip(columns, cells, strict=True))


@contextlib.contextmanager
def _parquet_file(path: Path) -> Iterator[pq.ParquetFile]:
    """Open the file for small reads, and say in a sentence what pyarrow raises."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise UsageError(
            "reading Parquet needs pyarrow", hint="pip install 'seqclf[parquet]'"
        ) from None
    with reading(path):
        start = path.open("rb")
        with start:
            if start.read(2) == b"\x1f\x8b":
                raise DataError(
                    f"{path.name} is a Parquet file within gzip",
                    hint="unpack it with gunzip; Parquet is compressed by itself",
                )
    try:
        with pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False) as file:
            yield file
    except (pa.ArrowException, OSError, ValueError) as error:
        said = str(error).partition("\n")[0].partition(". ")[0]
        raise DataError(
            f"{path.name} is not a whole Parquet file: {said}",
            hint="it may have been cut off; copy or write it again",
        ) from None

"""Parquet output: row groups of bounded size; columns keep the types they have."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from seqclf.errors import DataError, UsageError
from seqclf.scoring.outputs import Cells, UnwritableError

if TYPE_CHECKING:
    import pyarrow as pa

_GROUP_BYTES = 64 * 2**20
_GROUP_ROWS = 2**17


_FAILURES = (ValueError, TypeError, OverflowError, NotImplementedError, KeyError)
"""What pyarrow raises for values that do not fit; its own errors are among these."""


def check_pyarrow() -> None:
    """Check that Parquet can be written.

    Raises:
        UsageError: pyarrow is not installed.
    """
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise UsageError(
            "writing Parquet needs pyarrow", hint="pip install 'seqclf[parquet]'"
        ) from None


class Types:
    """The types of columns, learned from their values.

    Args:
        name: what the input is called.
        path: a Parquet file whose types are taken instead, or None.
    """

    def __init__(self, name: str, path: Path | None = None) -> None:
        import pyarrow as pa

        self._name = name
        self._schema = pa.schema([])
        self._known = path is not None
        if path is not None:
            import pyarrow.parquet as pq

            self._schema = pq.read_schema(path)

    def learn(self, columns: Iterable[str], rows: Sequence[Cells]) -> None:
        """Look at the values of a few rows.

        Raises:
            UnwritableError: a text that is not Unicode.
            DataError: a column holds values of several kinds, such as numbers and texts.
        """
        if self._known:
            return
        import pyarrow as pa

        for column in columns:
            values = [row.get(column) for row in rows]
            try:
                found = pa.schema([(column, pa.array(values).type)])
                both = [self._schema, found]
                self._schema = pa.unify_schemas(both, promote_options="permissive")
            except UnicodeEncodeError:
                raise _half_character(column, values) from None
            except _FAILURES as error:
                raise DataError(
                    f"column '{column}' of {self._name} holds values of several kinds, which "
                    f"Parquet cannot: {_said(error)}",
                    hint="write .jsonl or .csv",
                ) from None

    def schema(self, columns: Sequence[str]) -> pa.Schema:
        """Give the types of columns; those without any value hold texts."""
        import pyarrow as pa

        there = set(self._schema.names)
        fields = []
        for column in columns:
            field = self._schema.field(column) if column in there else pa.field(column, pa.null())
            empty = pa.types.is_null(field.type)
            fields.append(pa.field(column, pa.string()) if empty else field)
        return pa.schema(fields)


class ParquetWriter:
    """Writes Parquet.

    Args:
        file: open for bytes.
        types: those of the columns that were read.
        kept: the names of these columns.
        added: the names of the others, which are probabilities but for those that are texts.
        texts: those of `added` that are texts, or lists of texts.
        lists: those of `added` that are lists of texts.
    """

    def __init__(
        self,
        file: BinaryIO,
        types: Types,
        *,
        kept: Sequence[str],
        added: Sequence[str],
        texts: Sequence[str],
        lists: Sequence[str] = (),
    ) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        def made(name: str) -> Any:
            if name in lists:
                return pa.list_(pa.string())
            return pa.string() if name in texts else pa.float64()

        fields = [*types.schema(kept), *(pa.field(name, made(name)) for name in added)]
        self._schema = pa.schema(fields)
        try:
            self._writer = pq.ParquetWriter(file, self._schema)
        except _FAILURES as error:
            raise UnwritableError(0, f"Parquet cannot hold its columns: {_said(error)}") from None
        self._batches: list[pa.RecordBatch] = []
        self._rows = 0
        self._bytes = 0

    def write(self, rows: Sequence[Cells]) -> None:
        """Keep rows for the next row group, and write it where it is large enough."""
        import pyarrow as pa

        arrays = [
            self._array(field, [row.get(field.name) for row in rows]) for field in self._schema
        ]
        batch = pa.RecordBatch.from_arrays(arrays, schema=self._schema)
        self._batches.append(batch)
        self._rows += len(rows)
        self._bytes += batch.nbytes
        if self._rows >= _GROUP_ROWS or self._bytes >= _GROUP_BYTES:
            self._flush()

    def _array(self, field: pa.Field, values: list[Any]) -> pa.Array:
        import pyarrow as pa

        try:
            return pa.array(values, field.type)
        except UnicodeEncodeError:
            raise _half_character(field.name, values) from None
        except _FAILURES as error:
            said = error
        for number, value in enumerate(values):
            try:
                pa.array([value], field.type)
            except _FAILURES as error:
                what = f"column '{field.name}' does not fit into Parquet: {_said(error)}"
                raise UnwritableError(number, what) from None
        raise UnwritableError(0, f"column '{field.name}' does not fit into Parquet: {_said(said)}")

    def _flush(self) -> None:
        import pyarrow as pa

        if self._batches:
            table = pa.Table.from_batches(self._batches, self._schema)
            self._writer.write_table(table, row_group_size=max(self._rows, 1))
        self._batches, self._rows, self._bytes = [], 0, 0

    def close(self) -> None:
        """Write the last row group and the end of the file."""
        self._flush()
        self._writer.close()

    def abandon(self) -> None:
        """Let go of the file while it is open: pyarrow would write to it later, and complain."""
        with contextlib.suppress(Exception):
            self._writer.close()
        self._writer.is_open = False


def _half_character(column: str, values: Sequence[Any]) -> UnwritableError:
    """Tell of the first text that is not Unicode."""
    import pyarrow as pa

    number = 0
    for number, value in enumerate(values):  # noqa: B007 (used once it ends)
        try:
            pa.array([value])
        except UnicodeEncodeError:
            break
        except _FAILURES:
            continue
    return UnwritableError(
        number, f"column '{column}' holds half a character, which only JSON lines can"
    )


def _said(error: Exception) -> str:
    said = str(error).partition("\n")[0]
    return said[:1].lower() + said[1:]

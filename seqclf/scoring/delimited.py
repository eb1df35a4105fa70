"""CSV and TSV output."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO

from seqclf.datasets.files.cells import CellError
from seqclf.datasets.files.guessing import DELIMITERS
from seqclf.scoring.layout import Layout
from seqclf.scoring.outputs import Cells, UnwritableError, as_field


class DelimitedWriter:
    """Writes CSV or TSV in UTF-8: a header, then a record a row, quoted where need be.

    Args:
        file: open for bytes.
        columns: their names.
        layout: delimiter, quote and byte order mark.
        separator: between the items of a list of labels.
        lists: the columns whose lists are joined; lists in others are written as JSON.

    Raises:
        UnwritableError: a column's name cannot be written without quotes.

    Example:
        >>> file = io.BytesIO()
        >>> columns = ("text", "topic")
        >>> DelimitedWriter(file, columns, Layout.usual(".csv")).write([{"text": "Oh, no"}])
        >>> file.getvalue()
        b'text,topic\\n"Oh, no",\\n'
    """

    def __init__(
        self,
        file: BinaryIO,
        columns: Sequence[str],
        layout: Layout,
        *,
        separator: str = ",",
        lists: Sequence[str] = (),
    ) -> None:
        self._file = file
        self._columns = columns
        self._layout = layout
        self._writers: dict[str, Callable[[Any], str]] = {
            name: separator.join if name in lists else as_field for name in columns
        }
        if layout.mark:
            file.write("\ufeff".encode())
        self._write([list(columns)])

    def write(self, rows: Sequence[Cells]) -> None:
        """Write rows."""
        records = []
        for number, row in enumerate(rows):
            try:
                records.append([self._field(name, row.get(name)) for name in self._columns])
            except CellError as error:
                raise UnwritableError(number, str(error)) from None
        try:
            self._write(records)
        except UnicodeEncodeError:
            raise _half_character(rows, self._columns) from None

    def _field(self, name: str, value: Any) -> str:
        if isinstance(value, str):
            return value
        try:
            return self._writers[name](value)
        except CellError as error:
            raise CellError(f"column '{name}' holds {error}") from None

    def _write(self, records: Sequence[Sequence[str]]) -> None:
        text = self._unquoted(records) if self._layout.quote is None else self._quoted(records)
        self._file.write(text.encode())

    def _quoted(self, records: Sequence[Sequence[str]]) -> str:
        text = io.StringIO(newline="")
        form: dict[str, Any] = {
            "delimiter": self._layout.delimiter,
            "quotechar": self._layout.quote,
            "lineterminator": "\n",
        }
        usual = csv.writer(text, **form)
        # Not every version of Python quotes a lone carriage return by itself.
        quoting = csv.writer(text, **form, quoting=csv.QUOTE_ALL)
        for record in records:
            (quoting if any("\r" in field for field in record) else usual).writerow(record)
        return text.getvalue()

    def _unquoted(self, records: Sequence[Sequence[str]]) -> str:
        between = self._layout.delimiter
        for number, record in enumerate(records):
            for name, field in zip(self._columns, record, strict=True):
                if between in field or "\n" in field or "\r" in field:
                    sign = DELIMITERS.get(between, repr(between))
                    what = sign if between in field else "line ends"
                    raise UnwritableError(
                        number,
                        f"column '{name}' holds {what}, which a file without quotes cannot",
                        hint="write .jsonl, or a file with another suffix, which has quotes",
                    )
        return "".join(between.join(record) + "\n" for record in records)

    def close(self) -> None:
        """Nothing is left to write."""

    abandon = close


def _half_character(rows: Sequence[Cells], columns: Sequence[str]) -> UnwritableError:
    """Find the row with a text that is not Unicode."""
    for number, row in enumerate(rows):
        for name in columns:
            try:
                as_field(row.get(name)).encode()
            except UnicodeEncodeError:
                what = f"column '{name}' holds half a character, which only JSON lines can"
                return UnwritableError(number, what)
    return UnwritableError(0, "a column's name holds half a character, which only JSON lines can")

"""CSV, TSV and their kin: the standard library's reader over bounded lines, strict."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from seqclf.datasets.files import lines as bounds
from seqclf.datasets.files.decoding import checked_character
from seqclf.datasets.files.guessing import (
    DELIMITERS,
    NO_DELIMITER,
    guess_delimiter,
    guess_header,
)
from seqclf.datasets.files.header import holds_name, names_of_columns
from seqclf.datasets.files.lines import Lines, TooLongError, too_long
from seqclf.datasets.files.quoting import Swallowed
from seqclf.datasets.files.table import Rows, Table
from seqclf.errors import DataError, UsageError

_SEP = re.compile('"?sep=(.)"?')  # Excel's own first line
_SAMPLE_RECORDS = 50
_SAMPLE_CHARACTERS = 2**20


@dataclass(frozen=True)
class Form:
    """How a file is split: its delimiter, its quote, None for none, and lines before the first."""

    delimiter: str
    quote: str | None
    skipped: int = 0

    def reader(self, lines: Iterable[str]) -> Any:
        """Give the standard library's reader over lines, strict."""
        if self.quote is None:
            return csv.reader(
                lines, delimiter=self.delimiter, quotechar=None, quoting=csv.QUOTE_NONE, strict=True
            )
        return csv.reader(lines, delimiter=self.delimiter, quotechar=self.quote, strict=True)


def open_delimited(
    path: Path,
    *,
    delimiter: str | None = None,
    quote: str | None = '"',
    header: bool | None = None,
    encoding: str = "utf-8",
    names: Sequence[str] = (),
) -> Table:
    r"""Open a file of delimited fields as a table of strings.

    A place is the line its record begins in; a quoted field may hold line ends. Blank lines are
    skipped. Blanks around columns' names are dropped, those around cells are kept; a
    column without a name, or with that of one before, is called by its number. A first line
    `sep=;`, as Excel has it, names the delimiter.

    Args:
        path: the file, plain or gzip.
        delimiter: between fields; None looks for a comma, tab, semicolon or bar in the first
            records, the tab first in a `.tsv`. A file with one column needs none.
        quote: around fields that hold the delimiter, line ends or quotes, which
            are doubled then; None for none.
        header: whether the first record holds the columns' names; None looks whether it
            reads like that.
        encoding: of the text.
        names: columns that are asked for; a first line that holds one of them is the header.

    Raises:
        UsageError: delimiter, quote or encoding cannot be meant.
        DataError: the file cannot be read or is empty; while
            rows are read: a record that is too long, has more or fewer fields than there
            are columns, or a quote that is not closed.

    Example:
        >>> _ = Path("tickets.csv").write_text("text;topic\nIt broke;fault\n")
        >>> table = open_delimited(Path("tickets.csv"))
        >>> list(table.rows())
        [(2, {'text': 'It broke', 'topic': 'fault'})]
    """
    if quote is not None:
        quote = checked_character(quote, "quote")
    if delimiter is not None:
        delimiter = checked_character(delimiter, "delimiter")
    said = _said_by_excel(path, encoding)
    guessed = delimiter is None and said is None
    if delimiter is None:
        delimiter = said or _guessed_delimiter(path, quote, encoding)
    if delimiter == quote:
        raise UsageError(f"delimiter and quote cannot both be {quote!r}")
    form = Form(delimiter, quote, skipped=int(said is not None))
    sample = _sample(path, form, encoding)
    if not sample:
        raise DataError(f"{path.name} is empty")
    heads = header
    if heads is None:
        heads = holds_name(sample[0], names) or guess_header(sample)
    columns, renamed = names_of_columns(sample[0], heads)
    table = Table(
        path=path,
        columns=columns,
        unit="line",
        rows=lambda: iter(()),
        form=_told(form, guessed, heads, header is None),
        header=heads,
        header_guessed=header is None,
        delimiter="" if delimiter == NO_DELIMITER else delimiter,
        quote=quote,
        renamed=renamed,
    )
    return replace(table, rows=lambda: _rows(table, form, encoding))


def _said_by_excel(path: Path, encoding: str) -> str | None:
    """Give the delimiter that a first line `sep=;` names."""
    try:
        with closing(iter(Lines(path, encoding))) as lines:  # type: ignore[type-var]
            found = _SEP.fullmatch(next(lines, "").rstrip("\r\n"))
    except TooLongError:
        return None  # told when the records are read
    return found and found[1]


def _guessed_delimiter(path: Path, quote: str | None, encoding: str) -> str:
    """Split the first lines at each of the delimiters and choose one."""
    first: list[str] = []
    characters = 0
    try:
        for line in Lines(path, encoding):
            first.append(line)
            characters += len(line)
            if characters > _SAMPLE_CHARACTERS and len(first) > 1:
                break
    except TooLongError:
        pass  # told when the records are read
    prefer_tab = ".tsv" in path.suffixes[-2:]
    return guess_delimiter(
        {
            found: list(_readable(Form(found, quote), first))
            for found in DELIMITERS
            if found != quote
        },
        prefer_tab,
    )


def _readable(form: Form, lines: Sequence[str]) -> Iterator[list[str]]:
    """Give the first records up to one that cannot be read, or is not there as a whole."""
    _allow_long_fields()
    reader = form.reader(lines)
    try:
        yield from islice(filter(None, reader), _SAMPLE_RECORDS)
    except csv.Error:
        return


def _sample(path: Path, form: Form, encoding: str) -> list[list[str]]:
    """Give the first records."""
    sample: list[list[str]] = []
    characters = 0
    for _, record in records(path, form, encoding):
        sample.append(record)
        characters += sum(map(len, record))
        if len(sample) == _SAMPLE_RECORDS or characters > _SAMPLE_CHARACTERS:
            break
    return sample


def records(
    path: Path, form: Form, encoding: str = "utf-8", swallowed: Swallowed | None = None
) -> Iterator[tuple[int, list[str]]]:
    r"""Give the records that are not blank, and the line each begins in.

    Args:
        path: the file.
        form: how it is split.
        encoding: of its text.
        swallowed: is shown each record of several lines.

    Raises:
        DataError: the file cannot be had, unpacked or decoded; a record is too long, or a quote
            is not closed.

    Example:
        >>> _ = Path("quoted.csv").write_text('"two\nlines",1\nnext,2\n')
        >>> list(records(Path("quoted.csv"), Form(",", '"')))
        [(1, ['two\nlines', '1']), (3, ['next', '2'])]
    """
    _allow_long_fields()
    lines = Lines(path, encoding)
    before = form.skipped
    reader = form.reader(islice(lines, before, None) if before else lines)
    begin = before + 1
    try:
        for record in reader:
            if record:
                if swallowed is not None and reader.line_num + before > begin:
                    swallowed.see(begin, record)
                yield begin, record
            begin = reader.line_num + before + 1
            lines.taken = 0
    except csv.Error as error:
        raise _unreadable(error, f"{path.name} line {begin}", reader.line_num + before) from None
    except TooLongError:
        if reader.line_num + before < begin:
            raise too_long(f"{path.name} line {begin}", bounds.NO_ENDS) from None
        raise too_long(
            f"{path.name} line {begin}: the record that begins here",
            hint="a quote is not closed; close it, or read without quotes (--quote none)",
        ) from None


def _rows(table: Table, form: Form, encoding: str) -> Rows:
    path, columns = table.path, table.columns
    swallowed = Swallowed(form.delimiter)
    found = records(path, form, encoding, swallowed)
    if table.header:
        next(found, None)
    width = len(columns)
    for line, record in found:
        if len(record) != width:
            if len(record) == 1 and record[0].isspace():
                continue
            raise _ragged(f"{path.name} line {line}", len(record), width, form)
        yield line, dict(zip(columns, record, strict=True))
    if swallowed.count:
        sign = DELIMITERS.get(form.delimiter, repr(form.delimiter))
        such = f"{swallowed.count:,} such text" + ("s" if swallowed.count > 1 else "")
        table.remark(
            f"{path.name} line {swallowed.first}: a quoted text runs over {swallowed.lines:,} "
            f"lines and holds {sign} ({such}); --quote none takes quotes as they stand"
        )


def _ragged(where: str, fields: int, columns: int, form: Form) -> DataError:
    """Make the error for a record with fields missing or left over."""
    some = "1 field" if fields == 1 else f"{fields} fields"
    there = "there is 1 column" if columns == 1 else f"there are {columns} columns"
    sign = DELIMITERS.get(form.delimiter, repr(form.delimiter))
    if fields > columns and form.quote:
        hint = f"put texts that hold {sign} in quotes, or choose another --delimiter"
    elif fields > columns:
        hint = f"no text may hold {sign} where there are no quotes; choose another --delimiter"
    else:
        hint = "complete the line; where a line is one text, choose a --delimiter it does not hold"
    return DataError(f"{where} has {some}, but {there}", hint)


def _unreadable(error: csv.Error, where: str, last: int) -> DataError:
    """Make the error for what the strict reader refuses."""
    hint = 'double the quotes within quoted text (""), or read without quotes (--quote none)'
    said = str(error)
    if "unexpected end of data" in said:
        return DataError(f"{where}: a quote is opened here and never closed", hint)
    if "expected after" in said:
        return DataError(f"{where}: text goes on after a closing quote (in line {last})", hint)
    return DataError(f"{where} cannot be read: {said}")


def _allow_long_fields() -> None:
    # The limit is the whole process', 131,072 at first; only ever raised here.
    if csv.field_size_limit() < bounds.LONGEST:
        csv.field_size_limit(bounds.LONGEST)


def _told(form: Form, guessed: bool, heads: bool, guessed_header: bool) -> str:
    """Say how the file is read."""
    if form.delimiter == NO_DELIMITER:
        split = "one column"
    else:
        sign = DELIMITERS.get(form.delimiter, repr(form.delimiter))
        split = f"split at {sign}" + (" (guessed)" if guessed else "")
    header = "the first line is the header" if heads else "no header"
    return f"{split}, {header}" + (" (guessed)" if guessed_header else "")

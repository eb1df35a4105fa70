"""Where the texts of a prediction come from: the columns a run was trained on, or plain lines."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seqclf.contracts import Note
from seqclf.datasets.files.columnguess import TEXT_NAMES, by_name, listed
from seqclf.datasets.files.columns import (
    Columns,
    about_header,
    choose_columns,
    column_named,
    say_guessed,
)
from seqclf.datasets.files.lines import starts_with
from seqclf.datasets.files.reading import Row, TextRows
from seqclf.datasets.files.table import Table
from seqclf.datasets.files.tables import is_table_path, open_table, suffix_of
from seqclf.errors import DataError, UsageError
from seqclf.runs.run import Run
from seqclf.scoring.layout import Layout, layout_of
from seqclf.scoring.trained import Trained

TEXT = "text"
"""What the only column of plain lines is called."""

_AS_TABLES = (b"PAR1", b'{"', b"__label__")
"""What begins like this is no plain text, whatever the file's name."""


@dataclass(frozen=True)
class Source:
    """Rows to be predicted, each with its text.

    Args:
        name: what messages call it: "tickets.csv".
        columns: the columns that are kept; rows of JSON lines may have more.
        rows: gives place, text and cells of each row.
        at: names a place: "tickets.csv line 17".
        path: the file, or None.
        again: whether `rows` can be called more than once.
        typed: whether the file is Parquet, whose columns have types.
        nulls: says how many rows had no text, after the rows were read.
        layout: how the file is written, where it is CSV or TSV.
    """

    name: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    at: Callable[[int], str]
    path: Path | None = None
    again: bool = True
    typed: bool = False
    nulls: Callable[[], int] = lambda: 0
    layout: Layout | None = None


def is_table(path: Path, run: Run, encoding: str = "utf-8") -> bool:
    """Say whether a file is to be read as a table, not as lines of one text each.

    It is one where its name says so, where it is a folder, or begins as Parquet, JSON lines or
    fastText's lines do. A run that was trained on a table takes any other file for one, too, but
    for those called `.txt`: they are tables if they hold the columns of the training.

    Raises:
        UsageError: there is no such encoding.
        DataError: the file cannot be read.
    """
    if is_table_path(path) or not path.is_file():
        return True
    if starts_with(path, 16).removeprefix(b"\xef\xbb\xbf").startswith(_AS_TABLES):
        return True
    trained = Trained.of(run)
    if trained.table and suffix_of(path.name) != ".txt":
        return True
    if not trained.texts:
        return False
    try:
        table = _open(path, trained.layout_for(path), encoding, trained.texts)
    except DataError:
        return False  # lines of text need not be rows
    return trained.is_in(table.columns)


def lines_source(name: str, lines: Callable[[], Iterable[str]], *, again: bool = True) -> Source:
    """Make a source of texts without other columns.

    Args:
        name: what messages call it.
        lines: gives the texts.
        again: whether it can be called more than once.

    Example:
        >>> list(lines_source("mails", lambda: ["Hello"]).rows())
        [(1, 'Hello', {'text': 'Hello'})]
    """

    def rows() -> Iterator[Row]:
        for number, text in enumerate(lines(), 1):
            yield number, text, {TEXT: text}

    return Source(name, (TEXT,), rows, lambda place: f"{name} line {place}", again=again)


def open_source(
    path: Path,
    run: Run,
    *,
    text_column: Iterable[str] = (),
    layout: Mapping[str, Any] | None = None,
    encoding: str = "utf-8",
    note: Note = lambda sentence: None,
) -> Source:
    """Open a table, and find in it what the run was trained on.

    Args:
        path: a file that `open_table` reads, or a folder with one folder a class.
        run: says what its texts were made of.
        text_column: the columns of the texts. Without, those that were named in training; else
            they are guessed, as in training, and said.
        layout: what was said of delimiter, quote and header (see `open_table`). What was not is as
            it was said in training for a file with the same suffix.
        encoding: of the text.
        note: takes sentences on what was guessed.

    Returns:
        The rows. Where a row is a step, a row of the source is a series, and its only column the
        one that names it.

    Raises:
        UsageError: a column that is not there, or no obvious guess.
        DataError: the file cannot be read.
    """
    trained = Trained.of(run)
    named = tuple(text_column)
    given = dict(layout or {})
    before = trained.layout_for(path, given)
    said = {**before, **given}
    names = (*(named or trained.texts), *filter(None, [trained.series]))
    table = _open(path, said, encoding, names)
    if before:
        table = _as_before(table, before, given, encoding, names, note)
    elif not is_table_path(path) and table.header is not None and not given and not named:
        note(f"{path.name} is read as a table: {table.form}")
    columns = _columns(table, trained, named, note)
    found = TextRows(table, columns, trained.form, trained.features)
    told: set[str] = set()

    def rows() -> Iterator[Row]:
        series = columns.series
        for place, text, row in found:
            yield place, text, row if series is None else {series: row[series]}
        for sentence in table.notes:
            if sentence not in told:
                told.add(sentence)
                note(sentence)

    kept = table.columns if columns.series is None else (columns.series,)
    return Source(
        path.name,
        kept,
        rows,
        table.at,
        path,
        typed=table.form == "Parquet" and columns.series is None,
        nulls=lambda: found.nulls,
        layout=layout_of(table, starts_with(path, 4) if path.is_file() else b""),
    )


def _open(path: Path, layout: Mapping[str, Any], encoding: str, names: tuple[str, ...]) -> Table:
    return open_table(path, encoding=encoding, labels_required=False, names=names, **layout)


def _as_before(
    table: Table,
    before: Mapping[str, Any],
    given: Mapping[str, Any],
    encoding: str,
    names: tuple[str, ...],
    note: Note,
) -> Table:
    """Say what of the layout is that of the training; a header is told where it looks unlike it."""
    told = dict(before)
    name = table.path.name
    if "header" in before and table.header is not None:
        rest = {each: value for each, value in before.items() if each != "header"}
        looks = _open(table.path, {**rest, **given}, encoding, names).header
        if looks == before["header"]:
            del told["header"]
        elif looks:
            del told["header"]
            note(
                f"{name}: its first line looks like a header, but is taken for a row, as in "
                "training (--header if it names the columns)"
            )
        table = dataclasses.replace(table, header_guessed=True)  # nobody said it of this file
    shown = {True: "yes", False: "no", None: "none", "\t": "tab"}
    if told and table.header is not None:
        what = ", ".join(f"{each} {shown.get(value, value)}" for each, value in told.items())
        note(f"{name}: read as the run's training file was: {what}")
    return table


def _columns(table: Table, trained: Trained, named: tuple[str, ...], note: Note) -> Columns:
    for name in (*named, *filter(None, [trained.series])):
        column_named(table, name)
    texts = named or _texts_in_training(table, trained, note)
    label = trained.label and _found(table, trained.label)
    try:
        columns = choose_columns(
            table,
            text=texts,
            label=None if label in texts else label,
            series=trained.series,
            form=trained.form,
            labelled=False,
        )
    except UsageError as error:
        if texts:
            raise
        raise UsageError(
            f"it is not obvious which column of {table.path.name} holds the texts",
            hint=f"say so with --text-column; it has: {listed(table.columns)}",
        ) from error
    # Nobody asks for classes here.
    guessed = tuple(what for what in columns.guessed if what == "text")
    columns = dataclasses.replace(columns, label=None, split=None, guessed=guessed)
    say_guessed(table, columns, trained.form, note)
    return columns


def _found(table: Table, name: str) -> str | None:
    """Give the table's column of a name, or None."""
    try:
        return column_named(table, name)
    except UsageError:
        return None


def _texts_in_training(table: Table, trained: Trained, note: Note) -> tuple[str, ...]:
    """Give the columns the run was trained on, or none where they are to be guessed.

    Raises:
        UsageError: they are not there, and no other is obvious.
    """
    missing = [name for name in trained.texts if _found(table, name) is None]
    if not missing:
        return trained.texts
    by_number = _by_number(table, trained.texts)
    if by_number:
        note(f"{table.path.name}: column {listed(by_number)}, by its number in training")
        return by_number
    alone = table.header is False and len(table.columns) == 1
    obvious = alone or by_name(table.columns, TEXT_NAMES) is not None
    guessable = len(missing) == len(trained.texts) and trained.form == "text"
    if guessable and (obvious or not trained.table):
        return ()
    raise UsageError(
        f"{table.path.name} has no column '{missing[0]}', which the run was trained on",
        hint=f"name the columns with --text-column; it has: {listed(table.columns)}"
        f"{about_header(table)}",
    )


def _by_number(table: Table, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Give the names of columns that had none in training, in a file said to have a header."""
    if not table.header or table.header_guessed or not all(name.isdecimal() for name in texts):
        return ()
    numbers = [int(name) for name in texts]
    if not 0 < min(numbers) <= max(numbers) <= len(table.columns):
        return ()
    return tuple(table.columns[number - 1] for number in numbers)

"""Where the texts of a prediction come from: the columns a run was trained on, or plain lines."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from seqclf.contracts import FILE_DATASET, Note, RunConfig, reads
from seqclf.datasets.files.columns import (
    Columns,
    Form,
    choose_columns,
    column_named,
    listed,
    say_guessed,
)
from seqclf.datasets.files.lines import starts_with
from seqclf.datasets.files.reading import Row, TextRows
from seqclf.datasets.files.table import Table
from seqclf.datasets.files.tables import is_table_path, open_table
from seqclf.errors import UsageError
from seqclf.runs.run import Run

TEXT = "text"
"""What the only column of plain lines is called."""

_AS_TABLES = (b"PAR1", b'{"', b"__label__")
"""What begins like this is no plain text, whatever the file's name."""

_LAYOUT = ("delimiter", "quote", "header")


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
    """

    name: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    at: Callable[[int], str]
    path: Path | None = None
    again: bool = True
    typed: bool = False
    nulls: Callable[[], int] = lambda: 0


@dataclass(frozen=True)
class Trained:
    """What the texts of a run were made of.

    Args:
        form: what the columns hold.
        texts: the columns that were named for them, if any were.
        label: the column that was named for the classes, or None.
        series: the column that names a row's series, for the form "long".
        features: how many columns make a step, for the form "wide".
    """

    form: Form
    texts: tuple[str, ...] = ()
    label: str | None = None
    series: str | None = None
    features: int = 1

    @classmethod
    def of(cls, run: Run) -> Trained:
        """Take it from the settings of a run."""
        options = _file_options(run.config)
        forms: dict[str, Form] = {"ids": "ids", "series": "wide"}
        form = forms.get(reads(run.encoder), "text")
        if options.get("ids"):
            form = "ids"
        elif options.get("series"):
            form = options["series"]
        return cls(
            form,
            tuple(options.get("text_column") or ()),
            options.get("label_column"),
            options.get("series_column"),
            options.get("features") or 1,
        )


def _file_options(config: RunConfig) -> Mapping[str, Any]:
    """Give the options of the dataset `file`, none where the run has another dataset."""
    ours = config.dataset.rpartition(":")[2] == FILE_DATASET
    return config.dataset_options if ours else {}


def is_table(path: Path) -> bool:
    """Say whether a file is to be read as a table, not as lines of one text each.

    Its name says so, or it is a folder, or begins as Parquet, JSON lines or fastText's lines do.

    Example:
        >>> _ = Path("lines.txt").write_text("Calm, and wise\\n")
        >>> is_table(Path("lines.txt")), is_table(Path("tickets.csv.gz"))
        (False, True)
    """
    if is_table_path(path) or path.is_dir():
        return True
    start = starts_with(path, 16) if path.is_file() else b""
    return start.removeprefix(b"\xef\xbb\xbf").startswith(_AS_TABLES)


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
    layout = {**_layout_in_training(path, run.config, layout or {}, note), **(layout or {})}
    table = open_table(path, encoding=encoding, labels_required=False, **layout)
    trained = Trained.of(run)
    columns = _columns(table, trained, tuple(text_column), note)
    found = TextRows(table, columns, trained.form, trained.features)

    def rows() -> Iterator[Row]:
        if columns.series is None:
            return iter(found)
        name = columns.series
        return ((place, text, {name: row[name]}) for place, text, row in found)

    kept = table.columns if columns.series is None else (columns.series,)
    return Source(
        path.name,
        kept,
        rows,
        table.at,
        path,
        typed=table.form == "Parquet" and columns.series is None,
        nulls=lambda: found.nulls,
    )


def _layout_in_training(
    path: Path, config: RunConfig, given: Mapping[str, Any], note: Note
) -> dict[str, Any]:
    """Give what was said of the training file's layout, for a file that is called like it."""
    options = _file_options(config)
    before = PurePath(str(options.get("path", "")).removesuffix(".gz")).suffix
    if not before or before != PurePath(path.name.removesuffix(".gz")).suffix:
        return {}
    usual = {"delimiter": None, "quote": '"', "header": "auto"}
    said = {
        name: options[name]
        for name in _LAYOUT
        if name not in given and options.get(name, usual[name]) != usual[name]
    }
    if said:
        told = ", ".join(
            f"{name} {'none' if value is None else value}" for name, value in said.items()
        )
        note(f"{path.name}: read as the run's training file was: {told}")
    if "header" in said:
        said["header"] = said["header"] == "yes"
    return said


def _columns(table: Table, trained: Trained, named: tuple[str, ...], note: Note) -> Columns:
    for name in (*named, *filter(None, [trained.series])):
        column_named(table, name)
    texts = named or _texts_in_training(table, trained)
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


def _texts_in_training(table: Table, trained: Trained) -> tuple[str, ...]:
    """Give the columns that were named in training, or none where they are to be guessed."""
    missing = [name for name in trained.texts if _found(table, name) is None]
    if not missing:
        return trained.texts
    if len(missing) < len(trained.texts) or trained.form != "text":
        raise UsageError(
            f"{table.path.name} has no column '{missing[0]}', which the run was trained on",
            hint=f"name the columns with --text-column; it has: {listed(table.columns)}",
        )
    return ()

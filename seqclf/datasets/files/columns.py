"""Which column of a table holds the texts and which the classes: as named, else guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from seqclf.contracts import Note
from seqclf.datasets.files.columnguess import (
    LABEL_NAMES,
    by_name,
    check_texts,
    listed,
    one_column,
    one_text,
    text_and_label,
)
from seqclf.datasets.files.roles import split_column_of
from seqclf.datasets.files.table import Table
from seqclf.errors import DataError, UsageError, nearest

Form = Literal["text", "ids", "wide", "long"]
"""What the columns hold: texts, token ids, or series, a row each or a row a step."""


@dataclass(frozen=True)
class Columns:
    """The columns of a table that are used.

    Args:
        texts: those of the texts, in the order in which they are joined.
        label: that of the classes; None where none is asked for.
        split: that which says what a row is for, or None.
        series: that which says which series a row belongs to, or None.
        guessed: which of "text", "label" and "split" nobody named.
    """

    texts: tuple[str, ...]
    label: str | None = None
    split: str | None = None
    series: str | None = None
    guessed: tuple[str, ...] = ()


def choose_columns(
    table: Table,
    *,
    text: Sequence[str] = (),
    label: str | None = None,
    split: str | None = None,
    series: str | None = None,
    form: Form = "text",
    labelled: bool = True,
) -> Columns:
    """Choose the columns of a table, as they are named, else by their names and contents.

    Args:
        table: what `open_table` gave.
        text: the columns of the texts; none to guess, or for ids and series all that are left.
        label: the column of the classes; None to guess.
        split: the column that says what a row is for; None takes one that is called "split" and
            names a split in some row; "" takes none.
        series: the column that names a row's series, for the form "long".
        form: what the text columns hold.
        labelled: whether there must be classes; without, no column of them is looked for, but one
            with a well-known name is kept out of ids and series.

    Raises:
        UsageError: a column that is not there, one named for two things, or no obvious guess.
        DataError: a column that is used stands there twice.

    Example:
        >>> from pathlib import Path
        >>> table = Table(Path("a.csv"), ("id", "message", "topic"), "line", lambda: iter([]))
        >>> choose_columns(table)
        Columns(texts=('message',), label='topic', split=None, series=None, guessed=('text', 'label'))
        >>> choose_columns(table, text=["id"], labelled=False).texts
        ('id',)
    """  # noqa: E501
    text = [column_named(table, name) for name in text]
    label, split, series = (name and column_named(table, name) for name in (label, split, series))
    named = [*text, *(name for name in (label, split, series) if name)]
    for name in named:
        if named.count(name) > 1:
            raise UsageError(f"the column '{name}' of {table.path.name} is named for two things")
    there = split_column_of(table)
    unused = [*named, there, "file" if table.unit == "file" else None]
    free = [name for name in table.columns if name not in unused]
    found_split = split is None and there is not None and there not in named
    split = there if found_split else split or None
    last = ["split"] if found_split else []
    guessed = []
    if form == "text":
        found = tuple(text)
        if not found and label is None and labelled:
            found, label = text_and_label(table, free)
            guessed = ["text", "label"]
        elif not found:
            found = (one_text(table, free),)
            guessed = ["text"]
        elif label is None and labelled:
            label = one_column(table, free, LABEL_NAMES, "classes", "--label-column")
            guessed = ["label"]
        if labelled and "text" in guessed:
            check_texts(table, found[0])
        return _checked(table, Columns(found, label, split, series, (*guessed, *last)))
    if label is None:
        label = by_name(free, LABEL_NAMES)
        if label is None and labelled:
            label = one_column(table, free, LABEL_NAMES, "classes", "--label-column")
        guessed = ["label"]
    found = tuple(text) or tuple(name for name in free if name != label)
    if not text:
        guessed.insert(0, "text")
    if not found:
        raise UsageError(f"{table.path.name} has no column but that of the classes, '{label}'")
    used = Columns(found, label if labelled else None, split, series, (*guessed, *last))
    return _checked(table, used)


def _checked(table: Table, columns: Columns) -> Columns:
    """Refuse columns whose name another one has, too."""
    used = (*columns.texts, columns.label, columns.split, columns.series)
    for name in table.renamed.values():
        if name in used:
            raise DataError(
                f"{table.path.name} has two columns called '{name}'",
                hint="rename one in the first line, or say that it is no header (--no-header)",
            )
    return columns


def column_named(table: Table, name: str) -> str:
    """Give the column of that name; blanks around it do not count where there is one such only.

    Raises:
        UsageError: there is none; the nearest and those there are, are told.

    Example:
        >>> from pathlib import Path
        >>> column_named(Table(Path("a.csv"), ("id", " topic"), "line", lambda: iter([])), "topic")
        ' topic'
    """
    if name in table.columns:
        return name
    stripped = [column for column in table.columns if column.strip() == name.strip()]
    if len(stripped) == 1:
        return stripped[0]
    lower = {column.lower(): column for column in table.columns}
    meant = nearest(name, lower)
    hint = f"it has: {listed(table.columns)}"
    hint = f"did you mean '{lower[meant]}'? {hint}" if meant else f"{hint}{about_header(table)}"
    raise UsageError(f"{table.path.name} has no column '{name}'", hint=hint)


def about_header(table: Table) -> str:
    """Say how the first line was read, where that was guessed: the end of a hint.

    Example:
        >>> from pathlib import Path
        >>> table = Table(Path("a.csv"), ("1",), "line", lambda: iter([]), header=False)
        >>> about_header(table)
        ''
    """
    if not table.header_guessed:
        return ""
    if table.header:
        return "; its first line is taken for the header (--no-header if it is none)"
    return "; its first line is taken for a row (--header if it names the columns)"


def say_guessed(table: Table, columns: Columns, form: Form, note: Note) -> None:
    """Say what was guessed, if anything; fastText's lines and folders leave nothing to guess."""
    if "no header (guessed)" in table.form:
        note(f"{table.path.name}: no header (guessed; --header says that its first line is one)")
    for new, name in table.renamed.items():
        note(f"{table.path.name}: another column '{name}' is called '{new}'")
    if not columns.guessed or table.unit == "file" or table.form.startswith("fastText"):
        return
    what = {"text": "texts", "ids": "ids"}.get(form, "series")
    plural = "s" if len(columns.texts) > 1 else ""
    parts = {
        "text": f"{what} from column{plural} {listed(columns.texts)}",
        "label": f"classes from column '{columns.label}'",
        "split": f"rows by column '{columns.split}'",
    }
    flags = [f"--{name}-column" for name in columns.guessed]
    named = " and ".join(filter(None, [", ".join(flags[:-1]), flags[-1]]))
    choose = f"{named} {'choose others' if len(flags) > 1 else 'chooses another'}"
    said = ", ".join(parts[name] for name in columns.guessed)
    note(f"{table.path.name}: {said} (guessed; {choose})")

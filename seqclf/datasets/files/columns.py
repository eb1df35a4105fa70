"""Which column of a table holds the texts and which the classes: as named, else guessed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, NoReturn

from seqclf.contracts import Note
from seqclf.datasets.files.cells import CellError, plain
from seqclf.datasets.files.table import Table
from seqclf.errors import MOST_NAMES, UsageError, nearest

Form = Literal["text", "ids", "wide", "long"]
"""What the columns hold: texts, token ids, or series, a row each or a row a step."""

SAMPLE = 1_000
"""Guesses look at so many rows."""

TEXT_NAMES = (
    ("text", "texts"),
    (
        *("sentence", "review", "message", "tweet", "comment", "content", "body", "document"),
        *("utterance", "question", "query", "headline", "phrase", "post", "description"),
    ),
)
"""Names of columns of texts, the surest first; of those beside each other only one may be there."""

LABEL_NAMES = (
    ("label", "labels"),
    (
        *("class", "category", "target", "sentiment", "topic", "intent", "tag", "tags"),
        *("polarity", "emotion", "genre", "y"),
    ),
)
"""Names of columns of classes, likewise."""

ROLES = {
    "train": "train",
    "training": "train",
    "test": "test",
    "testing": "test",
    "validation": "validation",
    "valid": "validation",
    "val": "validation",
    "dev": "validation",
}
"""What a split is called in a split column or as a file, and which one it is."""


@dataclass(frozen=True)
class Columns:
    """The columns of a table that are used.

    Args:
        texts: those of the texts, in the order in which they are joined.
        label: that of the classes; None where none is asked for.
        split: that which says what a row is for, or None.
        series: that which says which series a row belongs to, or None.
        guessed: which of "text" and "label" nobody named.
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
            holds nothing but train, test and validation; "" takes none.
        series: the column that names a row's series, for the form "long".
        form: what the text columns hold.
        labelled: whether there must be classes; without, no column of them is looked for, but one
            with a well-known name is kept out of ids and series.

    Raises:
        UsageError: a column that is not there, one named for two things, or no obvious guess.

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
    if split is None and there not in named:
        split = there
    split = split or None
    guessed = []
    if form == "text":
        found = tuple(text)
        if not found and label is None and labelled:
            found, label = _both(table, free)
            guessed = ["text", "label"]
        elif not found:
            found = (_text(table, free),)
            guessed = ["text"]
        elif label is None and labelled:
            label = _one(table, free, LABEL_NAMES, "classes", "--label-column")
            guessed = ["label"]
        return Columns(found, label, split, series, tuple(guessed))
    if label is None:
        label = _by_name(free, LABEL_NAMES)
        if label is None and labelled:
            label = _one(table, free, LABEL_NAMES, "classes", "--label-column")
        guessed = ["label"]
    found = tuple(text) or tuple(name for name in free if name != label)
    if not text:
        guessed.insert(0, "text")
    if not found:
        raise UsageError(f"{table.path.name} has no column but that of the classes, '{label}'")
    return Columns(found, label if labelled else None, split, series, tuple(guessed))


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
    if meant is not None:
        hint = f"did you mean '{lower[meant]}'? {hint}"
    raise UsageError(f"{table.path.name} has no column '{name}'", hint=hint)


def listed(names: Sequence[str]) -> str:
    """List names in a sentence, not more than a dozen.

    Example:
        >>> listed(["a", "b"])
        "'a', 'b'"
    """
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(f"'{name}'" for name in names[:MOST_NAMES]) + more


def say_guessed(table: Table, columns: Columns, form: Form, note: Note) -> None:
    """Say what was guessed, if anything; fastText's lines and folders leave nothing to guess."""
    if "no header (guessed)" in table.form:
        note(f"{table.path.name}: no header (guessed; --header says that its first line is one)")
    if not columns.guessed or table.unit == "file" or table.form.startswith("fastText"):
        return
    what = {"text": "texts", "ids": "ids"}.get(form, "series")
    plural = "s" if len(columns.texts) > 1 else ""
    parts = {
        "text": f"{what} from column{plural} {listed(columns.texts)}",
        "label": f"classes from column '{columns.label}'",
    }
    flags = [f"--{name}-column" for name in columns.guessed]
    choose = f"{' and '.join(flags)} {'choose others' if len(flags) > 1 else 'chooses another'}"
    said = ", ".join(parts[name] for name in columns.guessed)
    note(f"{table.path.name}: {said} (guessed; {choose})")


def sample(table: Table) -> list[dict[str, Any]]:
    """Read the first rows of a table."""
    rows = table.rows()
    with closing(rows):  # type: ignore[type-var]  # generators close their files
        return [row for _, row in islice(rows, SAMPLE)]


def split_column_of(table: Table) -> str | None:
    """Give the column that is called "split" and says nothing but train, validation and test."""
    name = next((name for name in table.columns if name.strip().lower() == "split"), None)
    if name is None:
        return None
    values = {str(row.get(name)).strip().lower() for row in sample(table)}
    return name if values and values <= ROLES.keys() else None


def _by_name(names: Sequence[str], known: Sequence[Sequence[str]]) -> str | None:
    for sure in known:
        found = [name for name in names if name.strip().lower() in sure]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _text(table: Table, free: Sequence[str]) -> str:
    """Guess the column of the texts where that of the classes is known, or not asked for."""
    if len(free) == 2 and _by_name(free, TEXT_NAMES) is None:
        text, _ = _both(table, free)
        return text[0]
    return _one(table, free, TEXT_NAMES, "texts", "--text-column")


def _one(
    table: Table, free: Sequence[str], known: Sequence[Sequence[str]], what: str, flag: str
) -> str:
    """Guess one column: by its name, or because no other is left."""
    found = free[0] if len(free) == 1 else _by_name(free, known)
    if found is None:
        _not_obvious(table, what, flag)
    return found


def _both(table: Table, free: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Guess the column of the texts and that of the classes."""
    text, label = _by_name(free, TEXT_NAMES), _by_name(free, LABEL_NAMES)
    if len(free) == 2 and text is None and label is None:
        text, label = _by_content(table, free)
    elif len(free) == 2 and (text is None or label is None):
        other = next(name for name in free if name not in (text, label))
        text, label = text or other, label or other
    if text is None and label is None:
        what, flag = "texts and which the classes", "--text-column and --label-column"
        _not_obvious(table, what, flag)
    if text is None:
        _not_obvious(table, "texts", "--text-column")
    if label is None:
        _not_obvious(table, "classes", "--label-column")
    return (text,), label


def _not_obvious(table: Table, what: str, flag: str) -> NoReturn:
    raise UsageError(
        f"it is not obvious which column of {table.path.name} holds the {what}",
        hint=f"say so with {flag}; it has: {listed(table.columns)}",
    )


def _by_content(table: Table, names: Sequence[str]) -> tuple[str | None, str | None]:
    """Of two columns, take the one with longer and more different values for the texts."""
    rows = sample(table)
    facts = {}
    for name in names:
        try:
            values = [plain(row.get(name)) or "" for row in rows]
        except CellError:
            return None, None
        facts[name] = (sum(map(len, values)), len(set(values)))
    text, label = sorted(names, key=lambda name: facts[name], reverse=True)
    longer, more = (facts[text][i] > facts[label][i] for i in (0, 1))
    return (text, label) if longer and more else (None, None)

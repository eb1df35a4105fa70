"""Reading a table once, from its first row to its last: texts, labels, places, a hash."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seqclf.contracts import LoadContext
from seqclf.datasets.files.cells import CellError, plain, shown
from seqclf.datasets.files.columns import Columns, Form
from seqclf.datasets.files.jsonlines import HOW
from seqclf.datasets.files.labels import MISSING, LabelBook
from seqclf.datasets.files.remarks import say_counts, unlabelled_error
from seqclf.datasets.files.roles import ROLES
from seqclf.datasets.files.sequences import SeriesOf, TooGreatError, ids_of, step_of
from seqclf.datasets.files.table import Table
from seqclf.datasets.files.texts import TextBuilder
from seqclf.errors import DataError

if TYPE_CHECKING:
    import hashlib

    import numpy as np

Row = tuple[int, str, dict[str, Any]]
"""A row's place, its text, and all of its cells."""

_TOLD_EVERY = 10_000


@dataclass(frozen=True)
class Examples:
    """What a table holds, in its order.

    Args:
        table: where it was read from.
        columns: the columns that were used.
        texts: a text each; on disk where they are many.
        numbers: the labels' numbers in the label book, one row's after the other's; int32.
        counts: how many labels each row has, shape (rows,), int32; None for one each.
        places: the line or row of each, shape (rows,), int64.
        roles: 0 for training, 1 for validation and 2 for testing, by the split column, shape
            (rows,), int8; None where there is no such column.
    """

    table: Table
    columns: Columns
    texts: Sequence[str]
    numbers: np.ndarray
    counts: np.ndarray | None
    places: np.ndarray
    roles: np.ndarray | None

    def __len__(self) -> int:
        return len(self.places)


ROLE_NUMBERS = {"train": 0, "validation": 1, "test": 2}
"""The numbers of `Examples.roles`."""


class TextRows:
    """The rows of a table with their texts; each loop reads the table again.

    For series with a row a step, a series counts as one row: the first, with its place.

    Args:
        table: what `open_table` gave.
        columns: what `choose_columns` gave.
        form: what the text columns hold.
        features: how many columns make a step, where a row is a series.
        num_words: token ids must be below this; None for whatever comes.

    Attributes:
        nulls: how many rows had no text, after a loop; it is empty then.

    Raises:
        DataError: while looping: a cell that holds no text, or no number; its place is told.

    Example:
        >>> from pathlib import Path
        >>> rows = [(2, {"id": "7", "text": "all is well"})]
        >>> table = Table(Path("a.csv"), ("id", "text"), "line", lambda: iter(rows))
        >>> list(TextRows(table, Columns(texts=("text",))))
        [(2, 'all is well', {'id': '7', 'text': 'all is well'})]
    """

    def __init__(
        self,
        table: Table,
        columns: Columns,
        form: Form = "text",
        features: int = 1,
        num_words: int | None = None,
    ) -> None:
        self.nulls = 0
        self._table = table
        self._columns = columns
        self._form = form
        self._features = features
        self._num_words = num_words
        self._what = {"text": "texts", "ids": "ids"}.get(form, "series")

    def __iter__(self) -> Iterator[Row]:
        self.nulls = 0
        if self._form == "long":
            return self._long()
        return self._rows(self._writer())

    def _writer(self) -> Callable[[dict[str, Any]], str]:
        names = self._columns.texts
        if self._form == "ids":
            return ids_of(names, self._num_words)
        if self._form == "wide":
            return SeriesOf(names, self._features)
        return self._one if len(names) == 1 else self._joined

    def _one(self, row: dict[str, Any]) -> str:
        cell = row.get(self._columns.texts[0])
        return cell if isinstance(cell, str) else self._text(self._columns.texts[0], cell)

    def _joined(self, row: dict[str, Any]) -> str:
        return " ".join(self._text(name, row.get(name)) for name in self._columns.texts)

    def _text(self, name: str, cell: Any) -> str:
        try:
            text = plain(cell)
        except CellError as error:
            raise CellError(f"column '{name}': {error}") from None
        if text is None:
            self.nulls += 1
            return ""
        return text

    def _rows(self, write: Callable[[dict[str, Any]], str]) -> Iterator[Row]:
        for place, row in self._table.rows():
            try:
                text = write(row)
            except CellError as error:
                hint = self._hint(error, row)
                raise DataError(f"{self._table.at(place)}, {error}", hint=hint) from None
            yield place, text, row

    def _hint(self, error: CellError, row: dict[str, Any]) -> str:
        if isinstance(error, TooGreatError):
            return "raise --num-words"
        other = f"--text-column chooses other columns for the {self._what}"
        cells = [row.get(name) for name in self._columns.texts]
        if self._form != "text":
            return other
        if frame := next((cell for cell in cells if isinstance(cell, dict)), None):
            # A frame of pandas, written column by column, has its index for keys.
            if all(key.isdecimal() for key in map(str, frame)):
                return HOW
            return f"nested fields are not read: flatten them; {other}"
        if any(isinstance(cell, list) for cell in cells):
            return f"join each list to one text, or read numbers with --ids or --series; {other}"
        return other

    def _long(self) -> Iterator[Row]:
        """Join the steps of each series; its rows must stand together and agree in the rest."""
        name = self._columns.series
        assert name is not None
        same = [each for each in (self._columns.label, self._columns.split) if each is not None]
        seen: set[Any] = set()
        steps: list[str] = []
        key: Any = None
        first: tuple[int, dict[str, Any]] | None = None
        for place, step, row in self._rows(step_of(self._columns.texts)):
            found = plain(row.get(name))
            if found is None or not found.strip():
                raise DataError(f"{self._table.at(place)}, column '{name}' names no series")
            if first is None or found != key:
                if first is not None:
                    yield first[0], "".join(steps).rstrip(), first[1]
                if found in seen:
                    raise DataError(
                        f"{self._table.at(place)}: the series {shown(found)} goes on here after "
                        "another one",
                        hint=f"sort the rows by '{name}', then by time",
                    )
                seen.add(found)
                key, first, steps = found, (place, row), []
            for each in same:
                if row.get(each) != first[1].get(each):
                    here, before = (shown(plain(r.get(each))) for r in (row, first[1]))
                    raise DataError(
                        f"{self._table.at(place)}: the series {shown(found)} has {here} in column "
                        f"'{each}' here and {before} in its first row",
                        hint="a series belongs to one class: give all of its rows the same",
                    )
            steps.append(step)
        if first is not None:
            yield first[0], "".join(steps).rstrip(), first[1]


def read_examples(
    table: Table,
    columns: Columns,
    book: LabelBook,
    digest: hashlib._Hash,
    context: LoadContext,
    *,
    form: Form = "text",
    features: int = 1,
    drop_missing: bool = False,
) -> Examples:
    """Read a labelled table. Rows of classes that are not asked for are left out.

    Args:
        table: what `open_table` gave.
        columns: what `choose_columns` gave, with a label column.
        book: numbers the labels.
        digest: is fed each text and its labels.
        context: `cache_dir` is where texts lie that are too many for memory; `note` and
            `progress` are used.
        form: what the text columns hold.
        features: how many columns make a step, where a row is a series.
        drop_missing: whether rows without a label are left out.

    Raises:
        DataError: an empty label, a cell that holds no text or number, a word in the split
            column that is no split; the place is told.
    """
    import numpy as np

    rows = TextRows(table, columns, form, features, context.num_words)
    texts = TextBuilder(context.cache_dir)
    numbers, counts = array("i"), array("i")
    places, roles = array("q"), array("b")
    unlabelled, first_unlabelled = 0, 0
    left_out = book.left_out
    read = 0
    label = columns.label
    assert label is not None
    for place, text, row in rows:
        read += 1
        if read % _TOLD_EVERY == 0:
            context.progress(f"reading {table.path.name}", read, 0)
        try:
            if book.multilabel:
                if drop_missing and book.is_missing(row.get(label)):
                    unlabelled += 1
                    continue
                labels = book.several(row.get(label))
                counts.append(len(labels))
                numbers.extend(labels)
            else:
                number = book.number(row.get(label))
                if number < 0:
                    if number == MISSING:
                        unlabelled += 1
                        first_unlabelled = first_unlabelled or place
                    continue
                labels = [number]
                numbers.append(number)
        except CellError as error:
            hint = "--multilabel lets a text have several" if "labels (" in str(error) else ""
            if isinstance(row.get(label), dict):
                hint = "nested fields are not read: flatten them, or choose --label-column"
            raise DataError(f"{table.at(place)}, column '{label}': {error}", hint=hint) from None
        if columns.split is not None:
            roles.append(_role(table, place, columns.split, row))
        places.append(place)
        stored = texts.add(text)
        digest.update(b"%d %s\n" % (len(stored), b",".join(b"%d" % each for each in labels)))
        digest.update(stored)
    if unlabelled and not drop_missing:
        raise unlabelled_error(table, label, first_unlabelled, unlabelled)
    say_counts(
        table, rows.nulls, unlabelled, book.left_out - left_out, book.multilabel, context.note
    )
    for sentence in table.notes:
        context.note(sentence)
    return Examples(
        table,
        columns,
        texts.finish(),
        np.frombuffer(numbers, np.int32) if numbers else np.zeros(0, np.int32),
        np.array(counts, np.int32) if book.multilabel else None,
        np.array(places, np.int64),
        np.array(roles, np.int8) if columns.split is not None else None,
    )


def _role(table: Table, place: int, column: str, row: dict[str, Any]) -> int:
    cell = row.get(column)
    role = ROLES.get(cell.strip().lower()) if isinstance(cell, str) else None
    if role is None:
        raise DataError(
            f"{table.at(place)}, column '{column}': {shown(cell)} is no split",
            hint="it takes train, validation and test; --split-column names another column, "
            "and -d split_column= (empty) uses none",
        )
    return ROLE_NUMBERS[role]

"""What is said of the rows of a table that have no text, no label or another one."""

from __future__ import annotations

from seqclf.contracts import Note
from seqclf.datasets.files.table import Table
from seqclf.errors import DataError


def unlabelled_error(table: Table, label: str, first: int, count: int) -> DataError:
    """Make the error for rows without a label; `first` is the place of the first."""
    others = "1 more row has none" if count == 2 else f"{count - 1:,} more rows have none"
    more = f", and {others}" if count > 1 else ""
    return DataError(
        f"{table.at(first)} has no label in column '{label}'{more}",
        hint="label these rows, or leave them out with --drop-missing; --label-column chooses "
        "another column",
    )


def without_text(name: str, count: int) -> str:
    """Say how many rows of a file had no text.

    Example:
        >>> without_text("tickets.jsonl", 1)
        'tickets.jsonl: 1 row has no text and counts as an empty one'
    """
    what = "row has no text and counts" if count == 1 else "rows have no text and count"
    return f"{name}: {count:,} {what} as an empty one"


def say_counts(
    table: Table, nulls: int, unlabelled: int, left_out: int, multilabel: bool, note: Note
) -> None:
    """Note how many rows had no text, no label, or labels that are not asked for."""
    if nulls:
        note(without_text(table.path.name, nulls))
    if left_out:
        thing = "label" if multilabel else "row"
        what = f"1 {thing} was" if left_out == 1 else f"{left_out:,} {thing}s were"
        note(f"{table.path.name}: {what} left out, of classes that --labels does not name")
    if unlabelled:
        what = "row was" if unlabelled == 1 else "rows were"
        note(f"{table.path.name}: {unlabelled:,} {what} left out, without a class")

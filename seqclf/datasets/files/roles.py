"""What splits are called, and the column that says which one a row belongs to."""

from __future__ import annotations

from seqclf.datasets.files.table import Table, stop

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


def called_split(table: Table) -> str | None:
    """Give the column that is called "split", whatever it holds.

    Example:
        >>> from pathlib import Path
        >>> called_split(Table(Path("a.csv"), ("text", "Split"), "line", lambda: iter([])))
        'Split'
    """
    return next((name for name in table.columns if name.strip().lower() == "split"), None)


def split_column_of(table: Table) -> str | None:
    """Give the column that is called "split" where at least one row of it names a split.

    All rows are read where none of them does; what else the column holds is told when the
    rows are read.

    Example:
        >>> from pathlib import Path
        >>> rows = [(2, {"split": "eval"}), (3, {"split": "Test"})]
        >>> split_column_of(Table(Path("a.csv"), ("split",), "line", lambda: iter(rows)))
        'split'
    """
    name = called_split(table)
    if name is None:
        return None
    rows = table.rows()
    there = any(str(row.get(name)).strip().lower() in ROLES for _, row in rows)
    stop(rows)
    return name if there else None

"""Guesses at the columns: by their names, by being left over, and by what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any, NoReturn

from seqclf.datasets.files.cells import CellError, numbers, plain
from seqclf.datasets.files.jsonlines import HOW
from seqclf.datasets.files.table import Table, stop
from seqclf.errors import MOST_NAMES, UsageError

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


def listed(names: Sequence[str]) -> str:
    """List names in a sentence, not more than a dozen.

    Example:
        >>> listed(["a", "b"])
        "'a', 'b'"
    """
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(f"'{name}'" for name in names[:MOST_NAMES]) + more


def sample(table: Table) -> list[dict[str, Any]]:
    """Read the first rows of a table."""
    rows = table.rows()
    found = [row for _, row in islice(rows, SAMPLE)]
    stop(rows)
    return found


def check_texts(table: Table, name: str) -> None:
    """Refuse a guessed column of texts that holds numbers only.

    Raises:
        UsageError: it does.
    """
    if _is_numeric(sample(table), name):
        raise UsageError(
            f"column '{name}' of {table.path.name}, the best guess for the texts, holds only "
            "numbers",
            hint="--ids reads token ids, --series wide or long reads numbers, and "
            f"--text-column '{name}' takes them for texts",
        )


def _is_numeric(rows: Sequence[dict[str, Any]], name: str) -> bool:
    try:
        return numbers(plain(row.get(name)) or "" for row in rows)
    except CellError:
        return False


def by_name(names: Sequence[str], known: Sequence[Sequence[str]]) -> str | None:
    """Give the one column with a known name; None where there is none or several.

    Example:
        >>> by_name(["id", "Message"], TEXT_NAMES), by_name(["review", "message"], TEXT_NAMES)
        ('Message', None)
    """
    for sure in known:
        found = [name for name in names if name.strip().lower() in sure]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def one_text(table: Table, free: Sequence[str]) -> str:
    """Guess the column of the texts where that of the classes is known, or not asked for."""
    if len(free) == 2 and by_name(free, TEXT_NAMES) is None:
        text, _ = text_and_label(table, free)
        return text[0]
    return one_column(table, free, TEXT_NAMES, "texts", "--text-column")


def one_column(
    table: Table, free: Sequence[str], known: Sequence[Sequence[str]], what: str, flag: str
) -> str:
    """Guess one column: by its name, or because no other is left."""
    found = free[0] if len(free) == 1 else by_name(free, known)
    if found is None:
        _not_obvious(table, what, flag)
    return found


def text_and_label(table: Table, free: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Guess the column of the texts and that of the classes."""
    text, label = by_name(free, TEXT_NAMES), by_name(free, LABEL_NAMES)
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
    rows = sample(table)
    numeric = [name for name in table.columns if _is_numeric(rows, name)]
    hint = f"say so with {flag}; it has: {listed(table.columns)}"
    if any(isinstance(cell, dict) for row in rows for cell in row.values()):
        hint += "; nested fields are not read, flatten them"
    elif any(
        cell and isinstance(cell, list) and isinstance(cell[0], dict)
        for row in rows
        for cell in row.values()
    ):
        hint += f"; rows within a row are not read, {HOW}"
    elif len(numeric) > 1 and len(numeric) >= len(table.columns) - 1:
        hint += "; where each row is a series of numbers, --series wide reads it"
    raise UsageError(
        f"it is not obvious which column of {table.path.name} holds the {what}", hint=hint
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

"""From rows to texts and label values, the missing ones told or left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from seqclf import LoadContext
from seqclf.errors import DataError

from seqclf_huggingface.columns import inner, is_classes


@dataclass
class Examples:
    """The rows of one part.

    Args:
        name: the split they are of.
        texts: a text each, None where it is missing.
        values: a label value each, or a list of them; None where it is missing.
    """

    name: str
    texts: list[Any]
    values: list[Any]


def read_examples(rows: Any, name: str, texts: Sequence[str], labels: Sequence[str]) -> Examples:
    """Take the text and label columns out of rows; several text columns are joined by a space."""
    features = rows.features
    for column in (*texts, *labels):
        if column not in features:
            raise DataError(f"the split '{name}' has no column '{column}'")
    table = rows.select_columns([*texts, *labels]).with_format("arrow")[:]
    columns = [table.column(column).to_pylist() for column in texts]
    joined = columns[0]
    if len(columns) > 1:
        joined = [None if None in row else " ".join(row) for row in zip(*columns, strict=True)]
    values = [
        [_named(value, features[label]) for value in table.column(label).to_pylist()]
        for label in labels
    ]
    if len(values) == 1:
        return Examples(name, joined, values[0])
    together = [None if None in row else list(row) for row in zip(*values, strict=True)]
    return Examples(name, joined, together)


def _named(value: Any, feature: Any) -> Any:
    """Give the names of class numbers; -1 is how `datasets` marks that there is no label."""
    if isinstance(value, list):
        within = inner(feature)
        named = [_named(one, within) for one in value]
        return None if None in named else named
    if is_classes(feature) and value is not None:
        return feature.names[value] if 0 <= value < len(feature.names) else None
    return value


def complete(
    examples: Examples, texts: Sequence[str], labels: Sequence[str], *, drop: bool, option: str,
    context: LoadContext,
) -> Examples:  # fmt: skip
    """Give the examples that have text and label.

    Args:
        examples: one part's.
        texts: the text columns, for the sentence.
        labels: the label columns, likewise.
        drop: whether examples without either are left out; otherwise they are an error.
        option: how the part is chosen: "test".
        context: takes the note on what was left out.

    Raises:
        DataError: something is missing, or nothing is left.
    """
    where = f"the split '{examples.name}'"
    count = len(examples.texts)
    if not count:
        raise DataError(f"{where} is empty", f"choose another with -d {option}=NAME")
    if set(map(_unlabeled, examples.values)) == {True}:
        instead = "NAME" if option == "train" else "NAME, or -d " + option + "=none"
        raise DataError(
            f"{where} has no labels: none of its {count} examples has one",
            f"choose a labelled split with -d {option}={instead}",
        )
    for columns, values in ((texts, examples.texts), (labels, examples.values)):
        gaps = [row for row, value in enumerate(values) if value is None]
        if gaps and not drop:
            raise DataError(
                f"{where} lacks {len(gaps)} of {count} values in {_called(columns)}, the first "
                f"in row {gaps[0] + 1}",
                "mend the data, or leave such examples out with -d missing=drop",
            )
    kept = [
        row
        for row in range(count)
        if examples.texts[row] is not None and examples.values[row] is not None
    ]
    if len(kept) == count:
        return examples
    if not kept:
        raise DataError(f"{where} has no example with both text and label")
    context.note(
        f"{where}: {count - len(kept)} of {count} examples lack text or label and are left out"
    )
    return Examples(
        examples.name,
        [examples.texts[row] for row in kept],
        [examples.values[row] for row in kept],
    )


def _unlabeled(value: Any) -> bool:
    # A file's whole numbers have no names, so that -1 may be a class, unless all are -1.
    return value is None or (not isinstance(value, list | str) and value == -1)


def _called(columns: Sequence[str]) -> str:
    many = "columns" if len(columns) > 1 else "column"
    return f"the {many} {', '.join(columns)}"

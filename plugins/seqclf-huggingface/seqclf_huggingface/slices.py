"""Which splits to learn from and to be judged by, slices such as `train[:10%]` included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seqclf.errors import UsageError, nearest

from seqclf_huggingface.libraries import library

USUAL: Mapping[str, tuple[str, ...]] = {
    "train": ("train", "training"),
    "test": ("test", "testing"),
    "validation": ("validation", "valid", "val", "dev"),
}
"""What splits are called, for `auto`."""


def choose_splits(
    splits: Mapping[str, Any], wanted: Mapping[str, str | None]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Give the rows of each part.

    Args:
        splits: split name to `datasets.Dataset`.
        wanted: "train", "test" and "validation" to a split, a slice of one, several with
            `+`, "auto" for the one with a usual name, or None for none.

    Returns:
        Part to rows, and part to what was taken; parts that are not there are left out.

    Raises:
        UsageError: no such split, a malformed slice, or nothing to learn from.
    """
    chosen: dict[str, Any] = {}
    names: dict[str, str] = {}
    for part, given in wanted.items():
        name = _usual(part, splits) if given == "auto" else given
        if name is not None:
            chosen[part], names[part] = _rows(splits, name, part), name
    if "train" not in chosen:
        raise UsageError(
            "no split is plainly the one to learn from",
            f"choose -d train=NAME; there are: {', '.join(splits)}",
        )
    return chosen, names


def _usual(part: str, splits: Mapping[str, Any]) -> str | None:
    found = next((name for name in USUAL[part] if name in splits), None)
    if found is None and part == "train" and len(splits) == 1:
        return next(iter(splits))
    return found


def _rows(splits: Mapping[str, Any], wanted: str, part: str) -> Any:
    if wanted in splits:
        return splits[wanted]
    datasets = library("datasets")
    lengths = {name: len(split) for name, split in splits.items()}
    try:
        instruction = datasets.ReadInstruction.from_spec(wanted)
        pieces = instruction.to_absolute(lengths)
    except (ValueError, AssertionError, AttributeError) as error:
        bare = wanted.partition("[")[0].strip()
        if bare in splits or "+" in wanted:
            raise UsageError(
                f"-d {part}={wanted} cannot be read as splits: {' '.join(str(error).split())}",
                f"slices are written as train[:80%] or train[:100]; there are: {', '.join(splits)}",
            ) from None
        close = nearest(bare, splits)
        hint = f"did you mean '{close}'? " if close else ""
        raise UsageError(
            f"-d {part}: there is no split '{bare}'", f"{hint}there are: {', '.join(splits)}"
        ) from None
    rows = [splits[piece.splitname].select(range(piece.from_, piece.to)) for piece in pieces]
    return rows[0] if len(rows) == 1 else datasets.concatenate_datasets(rows)

"""Which files make which split: as named, or as the files of a folder are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from seqclf.datasets.files.columns import ROLES
from seqclf.errors import DataError, UsageError

SUFFIXES = ("", "csv", "tsv", "txt", "json", "jsonl", "ndjson", "parquet")
"""What files of a folder end in to be splits, gzipped or not."""


@dataclass(frozen=True)
class Parts:
    """Where each split is read from.

    Args:
        train: the file or folder of the training rows.
        test: that of the test rows, or None.
        validation: that of the rows that epochs are compared on, or None.
    """

    train: Path
    test: Path | None = None
    validation: Path | None = None


def find_parts(path: str, test: str | None = None, validation: str | None = None) -> Parts:
    """Tell a file, a folder with one folder a class, and a folder of splits apart.

    A folder of splits has an entry called train: a file of any format, or a folder with one
    folder a class; beside it there may be test and validation (valid, val, dev).

    Args:
        path: the file or folder.
        test: the file or folder of the test rows, in place of the folder's own.
        validation: that of the validation rows, likewise.

    Raises:
        UsageError: two entries for one split.
        DataError: the folder has a file for testing but none for training, or cannot be read.

    Example:
        >>> Path("tickets").mkdir()
        >>> for name in ("train.csv", "dev.csv"):
        ...     Path("tickets", name).touch()
        >>> parts = find_parts("tickets")
        >>> parts.train.name, parts.test, parts.validation.name
        ('train.csv', None, 'dev.csv')
    """
    whole = Path(path).expanduser()
    found = _splits_in(whole) if whole.is_dir() else {}
    given = {
        role: Path(name).expanduser()
        for role, name in (("test", test), ("validation", validation))
        if name is not None
    }
    return Parts(**{"train": whole, **found, **given})


def _splits_in(folder: Path) -> Mapping[str, Path]:
    found: dict[str, Path] = {}
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise DataError(f"{folder} cannot be read: {error.strerror or error}") from None
    for entry in entries:
        role = _role(entry)
        if role is None:
            continue
        if role in found:
            raise UsageError(
                f"{folder.name} has both {found[role].name} and {entry.name} for {role}",
                hint=f"name the file for training itself, and the others with --{role}"
                if role != "train"
                else "name the one for training itself, and the others with --test",
            )
        found[role] = entry
    if "train" in found:
        return found
    if any(entry.is_file() for entry in found.values()):
        only = next(entry for entry in found.values() if entry.is_file())
        raise DataError(
            f"{folder.name} has {only.name}, but no file called train",
            hint="call the file of the training rows train.csv, or name it itself",
        )
    return {}  # classes may be called so


def _role(entry: Path) -> str | None:
    stem, _, suffix = entry.name.lower().removesuffix(".gz").partition(".")
    role = ROLES.get(stem)
    if role is None:
        return None
    if entry.is_dir():
        return role if any(inner.is_dir() for inner in entry.iterdir()) else None
    return role if suffix in SUFFIXES else None

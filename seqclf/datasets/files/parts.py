"""Which files make which split: as named, or as the files of a folder are called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from seqclf.datasets.files.folders import names_in
from seqclf.datasets.files.roles import ROLES
from seqclf.datasets.files.tables import is_table_path
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
    folder a class; beside it there may be test and validation (valid, val, dev). Where none is
    called just so, the names may have other words (tickets_train.csv, cooking.train).

    Args:
        path: the file or folder.
        test: the file or folder of the test rows, in place of the folder's own.
        validation: that of the validation rows, likewise.

    Raises:
        UsageError: two entries for one split.
        DataError: the folder has a file for testing but none for training, files of which none
            says what it is for, or cannot be read.

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
    entries = [folder / name for name in names_in(folder)]
    roles = {entry: _role(entry) for entry in entries if _may_be_split(entry)}
    found = _one_each(folder, {entry: role for entry, role in roles.items() if _exactly(entry)})
    if "train" in found:
        return found
    if any(role == "train" for role in roles.values()):
        return _one_each(folder, roles)
    if any(entry.is_file() for entry in found.values()):
        only = next(entry for entry in found.values() if entry.is_file())
        raise DataError(
            f"{folder.name} has {only.name}, but no file called train",
            hint="call the file of the training rows train.csv, or name it itself",
        )
    tables = [entry.name for entry in entries if is_table_path(entry)]
    if tables and not any(entry.is_dir() for entry in entries):
        more = f" and {len(tables) - 3:,} more" if len(tables) > 3 else ""
        holds = "holds" if len(tables) == 1 else "which hold"
        raise DataError(
            f"{folder.name} has {', '.join(tables[:3])}{more}, but no name says {holds} the "
            "training rows",
            hint="name one of the files itself, or call them train.csv and test.csv",
        )
    return {}  # classes may be called so


def _one_each(folder: Path, roles: Mapping[Path, str | None]) -> dict[str, Path]:
    """Turn the roles of files around.

    Raises:
        UsageError: two files have the same.
    """
    found: dict[str, Path] = {}
    for entry, role in roles.items():
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
    return found


def _words(entry: Path) -> list[str]:
    return re.split(r"[-_.]", entry.name.lower().removesuffix(".gz"))


def _role(entry: Path) -> str | None:
    """Give the split that a name holds the word for, if it is one only."""
    roles = [ROLES[word] for word in _words(entry) if word in ROLES]
    return roles[0] if len(roles) == 1 else None


def _exactly(entry: Path) -> bool:
    """Say whether a file or folder is called like a split, and nothing else."""
    stem, _, suffix = entry.name.lower().removesuffix(".gz").partition(".")
    return stem in ROLES and suffix in SUFFIXES


def _may_be_split(entry: Path) -> bool:
    """Say whether it is a file of rows, or a folder of folders."""
    if entry.is_dir():
        return any((entry / inner).is_dir() for inner in names_in(entry))
    suffix = entry.name.lower().removesuffix(".gz").partition(".")[2].rpartition(".")[2]
    return suffix in SUFFIXES or suffix in ROLES  # fastText's are called cooking.train

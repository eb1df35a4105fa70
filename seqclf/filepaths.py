"""Which settings are paths: told from names, and made absolute so that a run finds its data."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seqclf.registry import Registry

SETTINGS = ("vectors",)
"""The settings that are paths."""

OPTIONS = ("path", "test", "validation")
"""The options of the dataset `file` that are paths."""

SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".gz")
"""What ends in one of these was meant as a file, whether it exists or not."""


def is_path(name: str, base: Path, registry: Registry) -> bool:
    """Tell whether a dataset's name is the path of a person's own file or folder.

    A registered name is never a path; `./imdb` is one.

    Args:
        name: what was asked for.
        base: the folder that a relative path begins at.
        registry: the names that are registered.
    """
    if any(entry.answers_to(name) for entry in registry.datasets()):
        return False
    separators = [os.sep, *([os.altsep] if os.altsep else [])]
    written = any(separator in name for separator in separators)
    return written or name.lower().endswith(SUFFIXES) or (base / name).exists()


def anchored(values: Mapping[str, Any], base: Path, *, own_file: bool) -> dict[str, Any]:
    """Make the paths among settings absolute.

    Args:
        values: settings by name, unchecked.
        base: the folder that relative paths begin at.
        own_file: whether the dataset is a person's own file, whose options hold paths, too.
    """
    made = dict(values)
    for name in SETTINGS:
        if name in made:
            made[name] = absolute(made[name], base)
    if own_file and "dataset_options" in made:
        made["dataset_options"] = {
            name: absolute(value, base) if name in OPTIONS else value
            for name, value in made["dataset_options"].items()
        }
    return made


def absolute(value: Any, base: Path) -> Any:
    """Make one path absolute; what is none is left for the checks.

    Example:
        >>> absolute("tickets.csv", Path("/data"))
        '/data/tickets.csv'
    """
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if not isinstance(value, str) or not value or value.lower() in ("none", "null"):
        return value
    return os.path.abspath(base / os.path.expanduser(value))

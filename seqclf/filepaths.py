"""Which settings are paths: told from names, and made absolute so that a run finds its data."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seqclf.config import ConfigFile
from seqclf.contracts import FILE_DATASET
from seqclf.registry import Registry

SETTINGS = ("vectors",)
"""The settings that are paths."""

OPTIONS = ("path", "test", "validation")
"""The options of the dataset `file` that are paths."""

SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".gz")
"""What ends in one of these was meant as a file, whether it exists or not."""


def is_path(name: str, registry: Registry) -> bool:
    """Tell whether a dataset's name is the path of a person's own file or folder.

    A registered name is never a path; `./imdb` is one.
    """
    if any(entry.answers_to(name) for entry in registry.datasets()):
        return False
    return _looks_like(name) or os.path.exists(name)


def _looks_like(name: str) -> bool:
    separators = [os.sep, *([os.altsep] if os.altsep else [])]
    written = any(separator in name for separator in separators)
    return written or name.lower().endswith(SUFFIXES)


def anchored(
    flags: Mapping[str, Any], file: ConfigFile | None
) -> tuple[dict[str, Any], ConfigFile | None]:
    """Make the paths among settings absolute: flags from here, a file's from its own folder."""
    if file is not None:
        values = _absolute(file.values, file.path.parent)
        file = dataclasses.replace(file, values=values)
    return _absolute(flags, Path()), file


def _absolute(values: Mapping[str, Any], base: Path) -> dict[str, Any]:
    made = dict(values)
    for name in SETTINGS:
        if name in made:
            made[name] = _path(made[name], base)
    if base != Path() and isinstance(made.get("dataset"), str) and _looks_like(made["dataset"]):
        made["dataset"] = _path(made["dataset"], base)
    options = made.get("dataset_options")
    if isinstance(options, Mapping) and made.get("dataset", FILE_DATASET) == FILE_DATASET:
        made["dataset_options"] = {
            name: _path(value, base) if name in OPTIONS else value
            for name, value in options.items()
        }
    return made


def _path(value: Any, base: Path) -> Any:
    """Make one path absolute; what is none is left for the checks."""
    if isinstance(value, os.PathLike):
        value = os.fspath(value)
    if not isinstance(value, str) or not value or value.lower() in ("none", "null"):
        return value
    return os.path.abspath(base / os.path.expanduser(value))

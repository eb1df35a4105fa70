"""What `path` means: a file, a folder, a saved dataset, a format of files, or a name on the Hub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seqclf import LoadContext
from seqclf.errors import DataError, UsageError

FORMATS = ("csv", "json", "parquet", "arrow", "text")
"""Builders of `datasets` that read text and labels from files."""

BUILDERS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    ".csv": ("csv", {}),
    ".tsv": ("csv", {"sep": "\t"}),
    ".json": ("json", {}),
    ".jsonl": ("json", {}),
    ".ndjson": ("json", {}),
    ".parquet": ("parquet", {}),
    ".arrow": ("arrow", {}),
    ".txt": ("text", {}),
}
"""A file's suffix to the builder and its settings, as `datasets` itself maps them."""

PACKED = (".gz", ".bz2", ".xz", ".zst")


@dataclass(frozen=True)
class Place:
    """Where the data are.

    Args:
        kind: "file" (also several), "folder", "saved" by `save_to_disk`, or "hub".
        path: what `datasets` gets: a builder's name, a folder, or a name on the Hub.
        files: the files of each split, or None for those that `datasets` finds.
        settings: more of the builder's settings.
        shown: what to call it in a sentence.
    """

    kind: str
    path: str
    files: Mapping[str, list[str]] | list[str] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    shown: str = ""


def find_place(path: str, files: str | None, context: LoadContext) -> Place:
    """Find out what a path means, without the network; what exists here comes first.

    Args:
        path: a file, a folder, a format with `files`, or a name on the Hub. Relative ones
            are looked up in the current folder, then in the data directory.
        files: with a format: files by comma, `*` and `split=FILE` allowed; with a folder or
            a name on the Hub: those of its files that count.
        context: knows the data directory.

    Raises:
        UsageError: files for a path that takes none, or a format without files.
        DataError: a file or folder that is not there, or of an unknown format.
    """
    for given in (path, files or ""):
        if "://" in given:
            raise UsageError(
                f"'{given}' is an address, not a path", "download it and give the file"
            )
    if path in FORMATS and files is not None:
        paths = _split_files(files, lambda name: str(_here(name, context) or name))
        return Place("file", path, paths, shown=files)
    found = _here(path, context)
    if found is None:
        if path in FORMATS:
            raise UsageError(f"-d path={path} is a format, not data", "add -d files=FILE")
        if _looks_local(path):
            raise DataError(f"there is no file or folder {path}", "mend -d path")
        return Place("hub", path, None if files is None else _split_files(files), shown=path)
    shown = str(found)
    if found.is_dir():
        if (found / "dataset_dict.json").is_file() or (found / "state.json").is_file():
            if files is not None:
                raise UsageError(f"-d files has no meaning for {shown}, a saved dataset")
            return Place("saved", shown, shown=shown)
        chosen = None if files is None else _split_files(files)
        return Place("folder", str(found.absolute()), chosen, shown=shown)
    if files is not None:
        raise UsageError(f"-d files has no meaning, since -d path={path} is a file itself")
    builder, settings = _builder(found)
    return Place("file", builder, {"train": [_literal(found)]}, settings, shown)


def _here(path: str, context: LoadContext) -> Path | None:
    found = Path(path).expanduser()
    if found.exists():
        return found
    if context.data_dir is not None and (context.data_dir / found).exists():
        return context.data_dir / found
    return None


def _looks_local(path: str) -> bool:
    suffixes = (*BUILDERS, *PACKED)
    return path.startswith((".", "/", "~")) or path.count("/") > 1 or path.endswith(suffixes)


def _builder(path: Path) -> tuple[str, Mapping[str, Any]]:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    if not suffixes or suffixes[-1] not in BUILDERS:
        raise DataError(
            f"{path} has no ending that tells its format ({', '.join(BUILDERS)})",
            f"name the format: -d path=csv -d files={path}",
        )
    return BUILDERS[suffixes[-1]]


def _literal(path: Path) -> str:
    """Give an absolute path in which `*` and the like stand for themselves."""
    import glob

    return glob.escape(str(path.absolute()))


def _split_files(files: str, found: Any = str) -> Mapping[str, list[str]] | list[str]:
    """Read "a.csv,b.csv" or "train=a.csv,test=b.csv"."""
    parts = [part.strip() for part in files.split(",") if part.strip()]
    named = [part for part in parts if "=" in part]
    if not parts or (named and len(named) < len(parts)):
        raise UsageError(f"-d files must be FILE,FILE or train=FILE,test=FILE, not '{files}'")
    if not named:
        return [found(part) for part in parts]
    splits: dict[str, list[str]] = {}
    for part in parts:
        split, _, name = part.partition("=")
        splits.setdefault(split.strip(), []).append(found(name.strip()))
    return splits

"""Token ids kept in flat arrays, so that the next load is quick."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from seqclf.contracts import Note, Ragged, Split


def cached_splits(
    folder: Path, key: str, read: Callable[[], Mapping[str, Split]], note: Note
) -> dict[str, Split]:
    """Give splits of token ids from the cache; the first time read and keep them.

    What is kept is written aside and then moved into place, so that several
    processes may do so at once and none sees half a file. A damaged copy is
    made again; where nothing can be written, nothing is kept. Both are noted.

    Args:
        folder: where copies lie.
        key: what the data are known by, such as their sha256; also the file's name.
        read: reads the splits from where they come from.
        note: takes a sentence for the person.

    Returns:
        Name to split: ids int32 with offsets int64, labels int64.

    Raises:
        DataError: from `read`.
    """
    path = folder / f"{key}.npz"
    try:
        return _stored(path, key)
    except FileNotFoundError:
        pass
    except Exception:  # whatever is wrong with a copy, the original mends it
        note(f"the prepared copy {path} cannot be used and is made again")
    splits = dict(read())
    try:
        _store(path, key, splits)
    except OSError as error:
        note(
            f"no prepared copy was kept in {folder} ({error.strerror or error}): "
            "the next load takes as long as this one"
        )
    return splits


def _stored(path: Path, key: str) -> dict[str, Split]:
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}  # checks each one's CRC
    if str(arrays.pop("key")) != key:
        raise ValueError(key)
    splits = {}
    for name in dict.fromkeys(member.split(".")[0] for member in arrays):
        ids = Ragged(arrays[f"{name}.values"], arrays[f"{name}.offsets"])
        splits[name] = Split(labels=arrays[f"{name}.labels"], ids=ids)
        if ids.offsets[-1] != len(ids.values) or len(ids) != len(splits[name].labels):
            raise ValueError(name)
    return splits


def _store(path: Path, key: str, splits: Mapping[str, Split]) -> None:
    arrays: dict[str, Any] = {"key": np.array(key)}
    for name, split in splits.items():
        assert split.ids is not None
        arrays[f"{name}.values"] = split.ids.values
        arrays[f"{name}.offsets"] = split.ids.offsets
        arrays[f"{name}.labels"] = split.labels
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
        os.replace(aside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(aside)
        raise

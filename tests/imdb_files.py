"""Small files in the layout of Keras' `imdb.npz`, sound and otherwise."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TRAIN = [[1, 4, 2], [3], [7, 1, 1, 5, 300], [2, 2], [9, 70_000]]
TEST = [[5, 1], [6, 3, 2, 8], [1]]
TRAIN_LABELS = [1, 0, 1, 1, 0]
TEST_LABELS = [0, 1, 0]
WORDS = {"the": 1, "and": 2, "a": 3, "film": 4, "dull": 5, "bright": 6, "it": 7}


def as_objects(reviews: Sequence[Any]) -> np.ndarray:
    objects = np.empty(len(reviews), object)
    objects[:] = reviews
    return objects


def write_imdb(
    path: Path,
    train: Sequence[Any] = TRAIN,
    test: Sequence[Any] = TEST,
    train_labels: Any = TRAIN_LABELS,
    test_labels: Any = TEST_LABELS,
) -> Path:
    """Write an npz as numpy writes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        x_train=as_objects(train),
        y_train=np.array(train_labels),
        x_test=as_objects(test),
        y_test=np.array(test_labels),
    )
    return path


def write_word_index(path: Path, words: Any = WORDS) -> Path:
    path.write_text(json.dumps(words), encoding="utf-8")
    return path


def object_member(pickled: bytes, count: int, shape: str = "") -> bytes:
    """Give the content of an `.npy` of objects whose pickle is `pickled`."""
    text = f"{{'descr': '|O', 'fortran_order': False, 'shape': ({shape or count},), }}"
    header = text.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + pickled


def write_with_members(path: Path, members: Mapping[str, bytes | None]) -> Path:
    """Write a sound npz with some members replaced, or left out where None."""
    sound = io.BytesIO()
    write = {"x_train": as_objects(TRAIN), "x_test": as_objects(TEST)}
    np.savez(sound, y_train=np.array(TRAIN_LABELS), y_test=np.array(TEST_LABELS), **write)
    with zipfile.ZipFile(sound) as source, zipfile.ZipFile(path, "w") as target:
        for name in ("x_train", "y_train", "x_test", "y_test"):
            content = members.get(name, source.read(f"{name}.npy"))
            if content is not None:
                target.writestr(f"{name}.npy", content, zipfile.ZIP_DEFLATED)
    return path


def numpy_1_pickle(reviews: Sequence[Any], protocol: int) -> bytes:
    """Pickle reviews as numpy 1 did: protocol 2 up to 1.16, then 3, the older module name."""
    pickled = pickle.dumps(as_objects(reviews), protocol)
    return pickled.replace(b"numpy._core.multiarray", b"numpy.core.multiarray")


PYTHON_2_PICKLE = (
    b"\x80\x02cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b"
    b"\x87Rq\x03(K\x01\x8a\x01\x03\x85cnumpy\ndtype\nq\x04U\x02O8K\x00K\x01\x87Rq\x05(K\x03U\x01|"
    b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb\x89]r\x06\x00\x00\x00(]q\x07(K\x05K\x01e]q\x08"
    b"(K\x06\x8a\x01\x03K\x02M\x08\x00e]q\x09K\x01aetb."
)
"""`TEST` as Python 2 pickled it: byte strings, long integers, numbered memory."""

"""Reading `imdb.npz` and its word index without trusting them: nothing in them can run.

The reviews in it are a pickle, because the lists differ in length. Only the few
pickle instructions that lists of numbers need are let through, and the three
names of numpy's that such a file asks for become stand-ins that do nothing.
"""

from __future__ import annotations

import io
import json
import pickle
import pickletools
import re
import warnings
import zipfile
from array import array
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import numpy as np

from seqclf.contracts import Ragged, Split
from seqclf.errors import DataError

MOST_BYTES = 2**28
"""A member may unpack to this much: 18 times what the published reviews need."""

MOST_TOKENS = 2**27
"""One split may hold this many words: 22 times the published number."""

_MEND = "delete it and download it again, or put a whole imdb.npz in its place"
_MEND_INDEX = "delete it and download it again, or put a whole one in its place"
_DISTRUST = "delete it and take imdb.npz from where you trust it"


def read_imdb_npz(file: BinaryIO, path: Path) -> tuple[Split, Split]:
    """Read the reviews of Keras' `imdb.npz` as it was published: ranks, in file order.

    Files written by numpy 1 and 2 are understood. Nothing in the file is executed.

    Args:
        file: the open file.
        path: its path, for errors.

    Returns:
        The training and the test split. `ids` are word ranks (int32, offsets
        int64), without start mark or offset; labels are 0 or 1, shape (reviews,), int64.

    Raises:
        DataError: it is no npz file, is cut short or damaged, lacks a member,
            holds other things than lists of numbers, or asks to load something.
    """
    try:
        archive = zipfile.ZipFile(file)
    except Exception:  # a damaged one can fail in any way
        _unusable(path, _why_no_archive(file))
    try:
        return _split(archive, "train", path), _split(archive, "test", path)
    except MemoryError:
        raise DataError(f"there is not enough memory to read {path}") from None


def _split(archive: zipfile.ZipFile, part: str, path: Path) -> Split:
    labels = _labels(archive, f"y_{part}", path)
    ranks = _ranks(archive, f"x_{part}", path)
    if len(ranks) != len(labels):
        _unusable(path, f"'x_{part}' and 'y_{part}' differ in length")
    return Split(labels=labels, ids=ranks)


def _why_no_archive(file: BinaryIO) -> str:
    file.seek(0)
    start = file.read(2)
    if not start:
        return "it is empty"
    return "it is cut short or overwritten" if start == b"PK" else "it is not an npz file"


def _unusable(path: Path, what: str) -> NoReturn:
    raise DataError(f"{path} cannot be used: {what}", hint=_MEND) from None


def _member(archive: zipfile.ZipFile, name: str, path: Path) -> bytes:
    try:
        info = archive.getinfo(f"{name}.npy")
    except KeyError:
        _unusable(path, f"it has no '{name}'")
    if info.file_size > MOST_BYTES:
        size, most = info.file_size / 2**20, MOST_BYTES / 2**20
        _unusable(path, f"its '{name}' would unpack to {size:,.0f} MB, more than {most:,.0f} MB")
    try:
        return archive.read(info)
    except MemoryError:
        raise
    except Exception:  # each way of compressing has errors of its own
        _unusable(path, f"its '{name}' is cut short or overwritten")


def _header(content: bytes, name: str, path: Path) -> tuple[int, np.dtype, int]:
    """Read how many items an array has, of which type, and where they begin."""
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that Python 2 wrote it is no news
            if version == (1, 0):
                shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
            else:  # version 3 differs from 2 in the names of fields only
                shape, _, dtype = np.lib.format.read_array_header_2_0(stream)
    except Exception:  # numpy evaluates the header: its errors are of many kinds
        _unusable(path, f"its '{name}' does not begin as an array does")
    if len(shape) != 1 or not 0 < shape[0] <= MOST_BYTES:
        _unusable(path, f"its '{name}' has the shape {shape}, not one row of reviews")
    return shape[0], dtype, stream.tell()


def _labels(archive: zipfile.ZipFile, name: str, path: Path) -> np.ndarray:
    content = _member(archive, name, path)
    count, dtype, start = _header(content, name, path)
    if dtype.kind not in "iub":
        _unusable(path, f"its '{name}' holds {dtype} values, not labels")
    if len(content) - start != count * dtype.itemsize:
        _unusable(path, f"its '{name}' is shorter or longer than it says")
    labels = np.frombuffer(content, dtype, offset=start)
    if not np.isin(labels, (0, 1)).all():
        _unusable(path, f"its '{name}' has other labels than 0 and 1")
    return labels.astype(np.int64)


def _ranks(archive: zipfile.ZipFile, name: str, path: Path) -> Ragged:
    content = _member(archive, name, path)
    count, dtype, start = _header(content, name, path)
    if dtype.kind != "O":
        _unusable(path, f"its '{name}' holds {dtype} values, not lists of word ranks")
    reviews = _unpickled(content[start:], name, path)
    if len(reviews) != count or set(map(type, reviews)) != {list}:
        _unusable(path, f"its '{name}' is not made of {count:,} lists")
    lengths = np.fromiter(map(len, reviews), np.int64, count)
    tokens = int(lengths.sum())
    if not 0 < tokens <= MOST_TOKENS:
        _unusable(path, f"its '{name}' has {tokens:,} words, not from 1 to {MOST_TOKENS:,}")
    try:  # an array takes whole numbers that fit, and nothing else
        values = np.frombuffer(array("i", chain.from_iterable(reviews)), np.int32)
    except (TypeError, OverflowError):
        _unusable(path, f"its '{name}' has something in a review that is not a word rank")
    if values.min() < 0:
        _unusable(path, f"its '{name}' has negative word ranks")
    return Ragged(values, np.concatenate([[0], np.cumsum(lengths)]))


class _Inert:
    """Stands in for numpy's array and type: takes what it is given and does nothing."""

    def __new__(cls, *_: Any) -> _Inert:
        return object.__new__(cls)

    def __init__(self, *_: Any) -> None:
        self.state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


_KNOWN = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("_codecs", "encode"),  # numpy 1.16 and older wrote one byte that way
}


class _RefusedError(Exception):
    pass


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _KNOWN:
            raise _RefusedError(f"{module}.{name}")
        return _Inert


# Numbers, lists, tuples, constants, memory of what was seen (below 2**20, since a
# pickle may else reserve any amount), and making an object. No sets or mappings:
# hashing tuples nested deep enough ends the process.
_PLAIN = re.compile(
    rb"(?s:M..|K.|[\]\x94(eat)N\x88\x89\x85-\x87Rb\x93]|J.{4}|\x95.{8}|\x80.|[hq]."
    rb"|[jr]..[\x00-\x0f]\x00|\x8a(?:\x00|\x01.|\x02..|\x03.{3}|\x04.{4}|\x05.{5}))*+"
)
_NAME = re.compile(rb"c[^\n]*\n[^\n]*\n")
_TEXT_SIZES = {b"U": 1, b"\x8c": 1, b"C": 1, b"X": 4}
_SIZED = b"KMJ\x95\x80hqjr\x8a"  # one of these at the very end is cut short
_MOST_TEXTS = 1_000
_INSTRUCTIONS = {op.code.encode("latin1"): op.name for op in pickletools.opcodes}


def _plain_end(pickled: bytes) -> int:
    """Find the first instruction that lists of numbers do not need; in a sound file, the stop."""
    end = 0
    for _ in range(_MOST_TEXTS):
        plain = _PLAIN.match(pickled, end)
        end = plain.end() if plain else end
        name = _NAME.match(pickled, end)
        size = _TEXT_SIZES.get(pickled[end : end + 1])
        if name:
            end = name.end()
        elif size:
            end += 1 + size + int.from_bytes(pickled[end + 1 : end + 1 + size], "little")
        else:
            break
    return end


def _unpickled(pickled: bytes, name: str, path: Path) -> list[Any]:
    end = _plain_end(pickled)
    instruction = pickled[end : end + 1]
    whole = instruction == b"."
    if not whole:  # stop there: if a name was asked for before, it is told
        pickled = pickled[:end].ljust(len(pickled), b".")
    try:
        loaded = _Unpickler(io.BytesIO(pickled)).load()
    except _RefusedError as error:
        _distrusted(path, f"its '{name}' asks to load {error}")
    except MemoryError:
        raise
    except Exception:  # a damaged pickle can fail in any way
        loaded = None
    odd = _INSTRUCTIONS.get(instruction)
    if odd and not whole and not (instruction in _SIZED and len(pickled) - end <= 8):
        what = f"its '{name}' has a pickle instruction, {odd}, that lists of numbers do not need"
        _distrusted(path, what)
    state = loaded.state if whole and isinstance(loaded, _Inert) else None
    if not isinstance(state, tuple) or len(state) != 5 or type(state[4]) is not list:
        _unusable(path, f"its '{name}' does not hold lists of word ranks")
    return state[4]


def _distrusted(path: Path, what: str) -> NoReturn:
    raise DataError(f"{path} is not trusted: {what}", hint=_DISTRUST) from None


MOST_RANKS = 10_000_000
"""Higher ranks are a mistake: the published index has 88,584 words."""


def read_word_index(path: Path) -> dict[str, int]:
    """Read Keras' word index: a JSON object, word to rank, the most frequent word having rank 1.

    Raises:
        DataError: it cannot be read or is something else.
    """
    try:
        index = json.loads(path.read_bytes())
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError, MemoryError):
        raise DataError(f"{path} is not JSON, or only a part of it", _MEND_INDEX) from None
    if not isinstance(index, dict) or set(map(type, index.values())) != {int}:
        raise DataError(f"{path} is not a JSON object of words and their ranks", _MEND_INDEX)
    ranks = index.values()
    if min(ranks) < 1 or max(ranks) > MOST_RANKS or len(set(ranks)) != len(index):
        raise DataError(
            f"{path} must give each word a rank of its own, from 1 to {MOST_RANKS}", _MEND_INDEX
        )
    return index


def words_by_rank(index: Mapping[str, int]) -> list[str]:
    """Give the words in the order of their ranks, from 1; "" where a rank has no word.

    Example:
        >>> words_by_rank({"and": 2, "the": 1, "film": 4})
        ['the', 'and', '', 'film']
    """
    by_rank = {rank: word for word, rank in index.items()}
    return [by_rank.get(rank, "") for rank in range(1, max(by_rank) + 1)]

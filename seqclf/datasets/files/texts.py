"""Texts that do not fit in memory: a file without a name, and where each text begins in it."""

from __future__ import annotations

import errno
import os
from array import array
from collections.abc import Iterator, Sequence
from operator import index as whole
from pathlib import Path
from typing import IO, TYPE_CHECKING, overload

from seqclf.errors import DataError
from seqclf.paths import nameless_file

if TYPE_CHECKING:
    import numpy as np

IN_MEMORY = 64 * 2**20
"""Texts of so many bytes of UTF-8 stay in memory; more go to disk."""

_WRITE = 2**20
_TEXTS_AT_ONCE = 1024
_BYTES_AT_ONCE = 16 * 2**20


def to_bytes(text: str) -> bytes:
    """Give a text as UTF-8; halves of surrogate pairs, which JSON can hold, survive.

    Example:
        >>> to_bytes("\\ud83d"), from_bytes(to_bytes("\\ud83d")) == "\\ud83d"
        (b'\\xed\\xa0\\xbd', True)
    """
    return text.encode("utf-8", "surrogatepass")


def from_bytes(stored: bytes) -> str:
    """Give back the text that `to_bytes` stored."""
    return stored.decode("utf-8", "surrogatepass")


class StoredTexts(Sequence[str]):
    """Texts in a file, read when they are asked for.

    They are read by position, not mapped into memory, so that they do not count as
    memory the process holds.

    Args:
        file: an open binary file of texts as UTF-8; it is closed, and so removed, when
            nothing refers to these texts any more.
        starts: where each text begins; shape (texts,), int64.
        stops: where each ends; shape (texts,), int64.

    Example:
        >>> builder = TextBuilder(Path("."), in_memory=0)
        >>> for text in ("one", "two", "three"):
        ...     _ = builder.add(text)
        >>> texts = builder.finish()
        >>> len(texts), texts[1], list(texts[1:]), list(take(texts, [2, 0]))
        (3, 'two', ['two', 'three'], ['three', 'one'])
    """

    def __init__(self, file: IO[bytes], starts: np.ndarray, stops: np.ndarray) -> None:
        self._file = file
        self._starts = starts
        self._stops = stops

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> StoredTexts: ...

    def __getitem__(self, index: int | slice) -> str | StoredTexts:
        if isinstance(index, slice):
            return StoredTexts(self._file, self._starts[index], self._stops[index])
        place = whole(index)
        if not -len(self) <= place < len(self):
            raise IndexError(index)
        return from_bytes(self._read(int(self._starts[place]), int(self._stops[place])))

    def __iter__(self) -> Iterator[str]:
        for first in range(0, len(self), _TEXTS_AT_ONCE):
            starts = self._starts[first : first + _TEXTS_AT_ONCE]
            stops = self._stops[first : first + _TEXTS_AT_ONCE]
            begin, end = int(starts[0]), int(stops[-1])
            in_a_row = bool((starts[1:] == stops[:-1]).all())
            if in_a_row and end - begin <= _BYTES_AT_ONCE:
                read = self._read(begin, end)
                for start, stop in zip(
                    (starts - begin).tolist(), (stops - begin).tolist(), strict=True
                ):
                    yield from_bytes(read[start:stop])
            else:
                for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
                    yield from_bytes(self._read(start, stop))

    def take(self, indices: np.ndarray) -> StoredTexts:
        """Give the texts at `indices`, in that order; nothing is read yet."""
        return StoredTexts(self._file, self._starts[indices], self._stops[indices])

    def _read(self, start: int, stop: int) -> bytes:
        read = os.pread(self._file.fileno(), stop - start, start)
        while len(read) < stop - start:  # a read of more than 2 GiB comes in parts
            more = os.pread(self._file.fileno(), stop - start - len(read), start + len(read))
            if not more:
                raise DataError("the stored texts are shorter than they were written")
            read += more
        return read


def take(texts: Sequence[str], indices: np.ndarray | Sequence[int]) -> Sequence[str]:
    """Give the texts at `indices`, in that order, without copying them.

    Example:
        >>> take(["one", "two", "three"], [2, 0])
        ['three', 'one']
    """
    import numpy as np

    chosen = np.asarray(indices, np.int64)
    if isinstance(texts, StoredTexts):
        return texts.take(chosen)
    return [texts[index] for index in chosen.tolist()]


class TextBuilder:
    """Collects texts, in memory while they are few and in a file without a name from then on.

    Args:
        folder: where that file is to lie; the system's folder for temporary files where
            this one cannot be written.
        in_memory: how many bytes of UTF-8 stay in memory; 64 MiB by default.
    """

    def __init__(self, folder: Path, in_memory: int | None = None) -> None:
        self._folder = folder
        self._in_memory = IN_MEMORY if in_memory is None else in_memory
        self._bytes = 0
        self._texts: list[str] = []
        self._ends = array("q")
        self._file: IO[bytes] | None = None
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0

    def add(self, text: str) -> bytes:
        """Take one more text, and give it as UTF-8.

        Raises:
            DataError: no disk has room for it.
        """
        stored = to_bytes(text)
        self._bytes += len(stored)
        self._ends.append(self._bytes)
        if self._file is not None:
            self._put_aside(stored)
        else:
            self._texts.append(text)
            if self._bytes > self._in_memory:
                self._move_to_disk()
        return stored

    def finish(self) -> Sequence[str]:
        """Give the texts collected.

        Raises:
            DataError: no disk has room for them.
        """
        import numpy as np

        if self._file is None:
            return self._texts
        self._write()
        ends = np.frombuffer(self._ends, np.int64)
        starts = np.concatenate([[0], ends[:-1]])
        return StoredTexts(self._file, starts, ends)

    def _move_to_disk(self) -> None:
        try:
            self._file = nameless_file(self._folder)
        except OSError as error:
            raise _no_room(self._folder, error) from None
        for text in self._texts:
            self._put_aside(to_bytes(text))
        self._texts = []

    def _put_aside(self, stored: bytes) -> None:
        self._waiting.append(stored)
        self._waiting_bytes += len(stored)
        if self._waiting_bytes >= _WRITE:
            self._write()

    def _write(self) -> None:
        assert self._file is not None
        try:
            self._file.writelines(self._waiting)
            self._file.flush()
        except OSError as error:
            raise _no_room(self._folder, error) from None
        self._waiting, self._waiting_bytes = [], 0


def _no_room(folder: Path, error: OSError) -> DataError:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    what = "the disk is full" if full else error.strerror or str(error)
    return DataError(
        f"the texts are too many to keep in memory and cannot be put aside in {folder}: {what}",
        hint="make room, or name another folder in SEQCLF_CACHE_DIR",
    )

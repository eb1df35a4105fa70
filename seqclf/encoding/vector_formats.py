"""The formats of word vectors: a line a word, as GloVe has it, and word2vec's binary form."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO, NoReturn, Protocol

import numpy as np

from seqclf.errors import DataError

MOST_LINE = 2**20
"""A line, or a word, of more bytes than that is a mistake."""

MOST_NUMBERS = 10_000
"""A vector of more numbers than that is a mistake."""

_CHUNK = 2**20

Wanted = Callable[[bytes], bool]
"""Says whether a word's vector is needed; the word is UTF-8."""


class VectorFile(Protocol):
    """An open file of word vectors, read once from its beginning to its end.

    Args:
        dim: how many numbers a vector has.
        told: how many words its first line tells of, or None.
        read: how many words have been read.
        place: what was read last, for errors: "line 12".
    """

    dim: int
    told: int | None

    @property
    def read(self) -> int:
        """How many words have been read."""
        ...

    @property
    def place(self) -> str:
        """What was read last."""
        ...

    def vectors(self, wanted: Wanted) -> Iterator[tuple[bytes, np.ndarray]]:
        """Give the words that are wanted, each with its vector, float32, shape (dim,).

        Only their numbers are read. A vector is to be copied before the next one is asked for.

        Raises:
            DataError: a line or a word is malformed.
        """
        ...


class TextVectors:
    r"""Lines of a word and its numbers, separated by single blanks.

    The largest GloVe files have words with blanks in them (". . ."): the last `dim` fields
    are the numbers, what stands before them is the word.

    Args:
        stream: the file, from its first word on.
        path: for errors.
        dim: how many numbers a word has.
        told: how many words the first line tells of, None where it is a word's own.

    Example:
        >>> import io
        >>> stream = io.BytesIO(b"ball 0.5 -1\n. . 3 4\n")
        >>> file = TextVectors(stream, Path("vectors.txt"), dim=2, told=None)
        >>> for word, vector in file.vectors(lambda word: True): print(word, vector)
        b'ball' [ 0.5 -1. ]
        b'. .' [3. 4.]
    """

    def __init__(self, stream: BinaryIO, path: Path, *, dim: int, told: int | None) -> None:
        self.path = path
        self.dim = dim
        self.told = told
        self._stream = stream
        self._before = 0 if told is None else 1
        self._line = self._before

    @property
    def read(self) -> int:
        """How many words have been read."""
        return self._line - self._before

    @property
    def place(self) -> str:
        """The line that was read last."""
        return f"line {self._line}"

    def vectors(self, wanted: Wanted) -> Iterator[tuple[bytes, np.ndarray]]:
        """Give the words that are wanted, each with its vector.

        Raises:
            DataError: a line is too long, has too few or too many numbers, or, where its
                word is wanted, something that is no finite number.
        """
        dim = self.dim
        for line in iter(partial(self._stream.readline, MOST_LINE), b""):
            self._line += 1
            if len(line) == MOST_LINE:
                self._malformed(f"it is longer than {MOST_LINE:,} bytes")
            entry = line.rstrip(b" \r\n")
            if entry.count(b" ") == dim:  # nearly all lines; the numbers are not looked at
                word = entry[: entry.index(b" ")]
            else:
                word = self._word(entry)
            if wanted(word):
                yield word, self._numbers(entry[len(word) + 1 :])

    def _word(self, entry: bytes) -> bytes:
        """Give a word that has blanks in it."""
        word, *numbers = entry.rsplit(b" ", self.dim)
        if len(numbers) < self.dim:
            self._malformed(f"it has {len(numbers)} of the {self.dim} numbers")
        if _is_number(word.rpartition(b" ")[2]):
            self._malformed(f"it has more than {self.dim} numbers")
        return word

    def _numbers(self, text: bytes) -> np.ndarray:
        fields = text.split(b" ")
        with contextlib.suppress(ValueError), np.errstate(over="ignore"):
            vector = np.fromiter(map(float, fields), np.float32, self.dim)
            if np.isfinite(vector).all():
                return vector
        odd = next(field for field in fields if not _is_number(field))
        self._malformed(f"'{shown(odd)}' is not a number that float32 can hold")

    def _malformed(self, what: str) -> NoReturn:
        raise DataError(f"{self.path}, {self.place}: {what}", "a line is a word and its numbers")


class BinaryVectors:
    r"""word2vec's binary form: a word, a blank, its numbers as little-endian float32.

    A newline after the numbers, which word2vec writes and gensim does not, is passed over.

    Args:
        stream: the file, from its first word on.
        path: for errors.
        dim: how many numbers a word has.
        told: how many words there are.
        start: how many bytes stand before the first word.

    Example:
        >>> import io
        >>> stream = io.BytesIO(b"ball " + np.array([0.5, -1], "<f4").tobytes())
        >>> file = BinaryVectors(stream, Path("vectors.bin"), dim=2, told=1, start=4)
        >>> for word, vector in file.vectors(lambda word: True): print(word, vector)
        b'ball' [ 0.5 -1. ]
    """

    def __init__(self, stream: BinaryIO, path: Path, *, dim: int, told: int, start: int) -> None:
        self.path = path
        self.dim = dim
        self.told: int | None = told
        self._words = told
        self._stream = stream
        self._word = 0
        self._at = start

    @property
    def read(self) -> int:
        """How many words have been read."""
        return self._word

    @property
    def place(self) -> str:
        """The word that was read last, by number, and where it begins."""
        return f"word {self._word} at byte {self._at}"

    def vectors(self, wanted: Wanted) -> Iterator[tuple[bytes, np.ndarray]]:
        """Give the words that are wanted, each with its vector.

        Raises:
            DataError: the file ends too early or goes on too long, or a vector that is
                wanted has something that is no finite number.
        """
        size = 4 * self.dim
        held, start = b"", 0
        while self._word < self._words:
            self._word += 1
            blank = held.find(b" ", start)
            while blank < 0 or len(held) < blank + 1 + size:
                if blank < 0 and len(held) - start > MOST_LINE:
                    self._malformed("no blank ends the word", "is it word2vec's binary form?")
                more = self._stream.read(_CHUNK)
                if not more:
                    self._malformed(
                        f"the file ends there, before the last of its {self._words:,} words",
                        "get a whole one",
                    )
                held, start = held[start:] + more, 0
                blank = held.find(b" ")
            word = held[start:blank].lstrip(b"\n")
            if wanted(word):
                vector = np.frombuffer(held, "<f4", self.dim, blank + 1)
                if not np.isfinite(vector).all():
                    odd = vector[~np.isfinite(vector)][0]
                    self._malformed(f"the vector of '{shown(word)}' has {odd} in it")
                yield word, vector
            self._at += blank + 1 + size - start
            start = blank + 1 + size
        if (held[start:] + self._stream.read(_CHUNK)).strip(b"\n"):
            raise DataError(
                f"{self.path} goes on at byte {self._at}, after the {self._words:,} words of "
                f"{self.dim:,} numbers that its first line tells of",
                "get a whole one",
            )

    def _malformed(self, what: str, hint: str = "get a whole one") -> NoReturn:
        raise DataError(f"{self.path}, {self.place}: {what}", hint)


def shown(text: bytes, most: int = 40) -> str:
    r"""Give bytes of a file as a person can read them, cut short.

    Example:
        >>> shown(b"b\xff\x00" + b"a" * 50, most=10)
        'b\\xff\\x00a…'
    """
    told = text[:most].decode("utf-8", "backslashreplace")
    told = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in told)
    return told if len(told) <= most and len(text) <= most else told[:most] + "…"


def _is_number(text: bytes) -> bool:
    """Whether it is a number that float32 can hold, neither infinite nor NaN."""
    with contextlib.suppress(ValueError), np.errstate(over="ignore"):
        return bool(np.isfinite(np.float32(float(text))))
    return False

"""Counting the words of any number of texts, exactly and in bounded memory."""

from __future__ import annotations

import heapq
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import count, groupby
from operator import itemgetter
from typing import IO

import numpy as np

from seqclf.encoding.splitting import Splitting
from seqclf.encoding.tokens import Tokens, as_text, blocks
from seqclf.encoding.vocabulary import Vocabulary

MOST_IN_MEMORY = 2_000_000
"""So many different words are counted in memory, about 300 MB; then they are put on disk."""

_MOST_FREQUENT = 1 << 17
_NEVER = 1 << 62  # a place after all others

_Counted = tuple[bytes, int, int]
"""A word, how often it was met, and the place where it was met first."""


def frequent_words(
    texts: Iterable[str],
    splitting: Splitting,
    most: int,
    *,
    min_count: int = 1,
    in_memory: int = MOST_IN_MEMORY,
) -> list[str]:
    """Rank the words of texts by how often they occur; of equals, the word met first is first.

    Args:
        texts: read once, one after the other.
        splitting: how a text becomes words.
        most: how many words to give.
        min_count: rarer words are left out.
        in_memory: how many different words to count in memory; more are counted on disk.

    Returns:
        The most frequent word first.

    Raises:
        OSError: the disk is full.

    Example:
        >>> frequent_words(["the end", "The film"], Splitting(), 2)
        ['the', 'end']
    """
    with _Counts(in_memory) as counts:
        for _, tokens in blocks(texts, splitting):
            counts.add(tokens)
        enough = (counted for counted in counts.all() if counted[1] >= min_count)
        ranked = heapq.nsmallest(
            max(0, most), enough, key=lambda counted: (-counted[1], counted[2])
        )
    return [as_text(word) for word, _, _ in ranked]


class _Counts:
    """Counts of words: the frequent ones by array operations, all others in a dictionary."""

    def __init__(self, in_memory: int) -> None:
        self._in_memory = in_memory
        self._counts: Counter[bytes] = Counter()
        self._frequent: list[bytes] = []
        self._vocabulary = Vocabulary([])
        self._found = np.zeros(0, np.int64)
        self._learn_at = (4**power for power in count())
        self._next, self._blocks = next(self._learn_at), 0
        self._placed = 0  # how many words were put on disk so far
        self._files: list[IO[bytes]] = []
        self._closing = ExitStack()

    def __enter__(self) -> _Counts:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def add(self, tokens: Tokens) -> None:
        """Count the words of a block."""
        numbers = self._vocabulary.numbers(tokens)
        known = numbers >= 0
        self._found += np.bincount(numbers[known], minlength=len(self._frequent))
        self._counts.update(tokens.spelled(np.flatnonzero(~known)))
        self._blocks += 1
        if len(self._counts) > self._in_memory:
            self._to_disk()
        if self._blocks == self._next:
            self._next = next(self._learn_at)
            self._learn()

    def _learn(self) -> None:
        """Look up from now on by arrays what was frequent so far."""
        self._settle()
        often = self._counts.most_common(_MOST_FREQUENT)
        self._frequent = [word for word, times in often if times > 1]
        self._vocabulary = Vocabulary(self._frequent)
        self._found = np.zeros(len(self._frequent), np.int64)

    def _settle(self) -> None:
        """Put the counts of the frequent words to the others."""
        for word, times in zip(self._frequent, self._found.tolist(), strict=True):
            if times:
                self._counts[word] += times
        self._found[:] = 0

    def _to_disk(self) -> None:
        self._settle()
        file = tempfile.TemporaryFile()  # noqa: SIM115, all are closed together
        self._closing.callback(file.close)
        file.writelines(b"%b %d %d\n" % counted for counted in sorted(self._in_order()))
        self._files.append(file)
        self._placed += len(self._counts)
        self._counts.clear()

    def _in_order(self) -> Iterator[_Counted]:
        return (
            (word, times, self._placed + place)
            for place, (word, times) in enumerate(self._counts.items())
        )

    def all(self) -> Iterator[_Counted]:
        """Give every word once."""
        self._settle()
        if not self._files:
            return self._in_order()
        self._to_disk()
        return _merged([_read(file) for file in self._files])


def _read(file: IO[bytes]) -> Iterator[_Counted]:
    file.seek(0)
    for line in file:
        word, times, place = line.split(b" ")
        yield word, int(times), int(place)


def _merged(sources: list[Iterator[_Counted]]) -> Iterator[_Counted]:
    for word, same in groupby(heapq.merge(*sources), key=itemgetter(0)):
        total, first = 0, _NEVER
        for _, times, place in same:
            total, first = total + times, min(first, place)
        yield word, total, first

"""Counting the words of any number of texts, exactly and in bounded memory."""

from __future__ import annotations

import marshal
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from typing import IO

import numpy as np

from seqclf.encoding.splitting import Splitting
from seqclf.encoding.tokens import Tokens, as_text, blocks
from seqclf.encoding.vocabulary import Vocabulary
from seqclf.paths import nameless_file

MOST_IN_MEMORY = 2_000_000
"""So many different words are counted in memory, about 300 MB; then they are put on disk."""

_MOST_FREQUENT = 1 << 17
_PARTS = 32  # of the words on disk; one at a time is read again


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
    words: list[bytes] = []
    totals = places = np.zeros(0, np.int64)
    with _Counts(in_memory) as counts:
        for _, tokens in blocks(texts, splitting):
            counts.add(tokens)
        for more in counts.all():
            words += more.words
            totals, places = np.append(totals, more.totals), np.append(places, more.places)
            order = np.lexsort((places, -totals))
            best = order[totals[order] >= min_count][: max(0, most)]
            words = [words[number] for number in best.tolist()]
            totals, places = totals[best], places[best]
    return [as_text(word) for word in words]


@dataclass(frozen=True)
class _Counted:
    """Different words, how often each was met, and the place where it was met first."""

    words: list[bytes]
    totals: np.ndarray
    places: np.ndarray


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
        self._times_written = 0
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
        if not self._files:
            for _ in range(_PARTS):
                made = nameless_file()
                self._closing.callback(made.close)
                self._files.append(made)
        parts: list[list[tuple[bytes, int, int]]] = [[] for _ in self._files]
        for place, (word, times) in enumerate(self._counts.items(), self._placed):
            parts[hash(word) % _PARTS].append((word, times, place))
        for part, file in zip(parts, self._files, strict=True):
            marshal.dump(part, file)
        self._times_written += 1
        self._placed += len(self._counts)
        self._counts.clear()

    def all(self) -> Iterator[_Counted]:
        """Give every word once, all of them or a part of them at a time."""
        if not self._files:
            self._settle()
            places = np.arange(len(self._counts))
            yield _Counted(list(self._counts), _array(self._counts), places)
            return
        self._to_disk()
        for file in self._files:
            file.seek(0)
            totals: Counter[bytes] = Counter()
            places_met: dict[bytes, int] = {}
            for _ in range(self._times_written):
                for word, times, place in marshal.load(file):
                    totals[word] += times
                    places_met.setdefault(word, place)
            yield _Counted(list(totals), _array(totals), _array(places_met))


def _array(numbers: Mapping[bytes, int]) -> np.ndarray:
    return np.fromiter(numbers.values(), np.int64, len(numbers))

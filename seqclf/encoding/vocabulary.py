"""Looking many words up at once, exactly.

A word of up to eight bytes is a number of 64 bits, a longer one is hashed to such a
number, and a table of numbers with open addressing (Knuth, The Art of Computer
Programming 3, 6.4) finds them with array operations. No two words can be taken for
each other: short words are their numbers, no hash is a short word's number, no two words
of a vocabulary share one, and a long word that is found is compared byte by byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from seqclf.encoding.tokens import Tokens, tokens_of_words

_SHORT = 8
_LONG = 256
"""Words of more bytes are looked up one at a time, in a dictionary."""

_NOT_SHORT = np.uint64(~0xFF & (1 << 64) - 1)
_HALF = np.uint64(32)


class Vocabulary:
    """Words by number, for looking up.

    Args:
        words: distinct words as `seqclf.encoding.tokens.as_bytes` gives them; empty ones
            are never found.

    Example:
        >>> from seqclf.encoding.tokens import tokens_of_words
        >>> vocabulary = Vocabulary([b"the", b"extraordinary"])
        >>> vocabulary.numbers(tokens_of_words([b"extraordinary", b"extra", b"the"])).tolist()
        [1, -1, 0]
    """

    def __init__(self, words: Sequence[bytes]) -> None:
        self._words = tokens_of_words(words)
        lengths = self._words.lengths
        self._longest = min(_LONG, int(lengths.max(initial=0)))
        self._very_long = {
            words[number]: number for number in np.flatnonzero(lengths > _LONG).tolist()
        }
        looked_up = np.flatnonzero((lengths > 0) & (lengths <= _LONG))
        for factor in _factors():
            signed = _signed(self._words, factor, self._longest)
            signatures = signed.signatures[looked_up]
            if signatures.all() and len(np.unique(signatures)) == len(signatures):
                break
        self._factor = factor
        self._first, self._second = (np.zeros(len(words), np.uint64) for _ in range(2))
        self._first[signed.long], self._second[signed.long] = signed.first, signed.second
        self._fill(signatures, looked_up)

    def _fill(self, signatures: np.ndarray, numbers: np.ndarray) -> None:
        """Put each signature into the first free slot from its own on."""
        bits = max(4, int(8 * len(numbers)).bit_length())
        self._shift = np.uint64(64 - bits)
        self._signatures = np.zeros(1 << bits, np.uint64)
        self._numbers = np.full(1 << bits, -1, np.int64)
        left = np.arange(len(numbers))
        slots = self._slots(signatures)
        while left.size:
            free = self._signatures[slots[left]] == 0
            # Where several want one slot, the last writes it; the others go on.
            self._signatures[slots[left[free]]] = signatures[left[free]]
            left = left[self._signatures[slots[left]] != signatures[left]]
            slots[left] = (slots[left] + 1) % len(self._signatures)
        self._numbers[slots] = numbers

    def _slots(self, signatures: np.ndarray) -> np.ndarray:
        mixed = signatures * self._factor
        mixed >>= self._shift
        return mixed.view(np.int64)

    def numbers(self, tokens: Tokens) -> np.ndarray:
        """Give the number of each word, -1 for words that are not in the vocabulary.

        Returns:
            Shape (tokens,), int64.
        """
        signed = _signed(tokens, self._factor, self._longest)
        signatures = signed.signatures
        slots = self._slots(signatures)
        found = self._signatures.take(slots)
        numbers = self._numbers.take(slots)
        left = np.flatnonzero(found != signatures)
        numbers[left] = -1
        left = left[found[left] != 0]
        slots = slots[left]
        while left.size:
            slots = (slots + 1) % len(self._signatures)
            found = self._signatures[slots]
            same = found == signatures[left]
            numbers[left[same]] = self._numbers[slots[same]]
            going_on = ~same & (found != 0)
            left, slots = left[going_on], slots[going_on]
        self._check_long(tokens, signed, numbers)
        return numbers

    def _check_long(self, tokens: Tokens, signed: _Signed, numbers: np.ndarray) -> None:
        """Compare the long words that were found with what is in the vocabulary."""
        found = numbers[signed.long]
        hits = np.flatnonzero(found >= 0)
        chosen, found = signed.long[hits], found[hits]
        same = self._words.lengths[found] == tokens.lengths[chosen]
        same &= self._first[found] == signed.first[hits]
        same &= self._second[found] == signed.second[hits]
        numbers[chosen[~same]] = -1
        skipped = 2 * _SHORT
        left = chosen[same & (tokens.lengths[chosen] > skipped)]
        while left.size:
            same = tokens.eight(left, skipped) == self._words.eight(numbers[left], skipped)
            numbers[left[~same]] = -1
            skipped += _SHORT
            left = left[same & (tokens.lengths[left] > skipped)]
        if self._very_long:
            chosen = np.flatnonzero(tokens.lengths > _LONG)
            words = tokens.spelled(chosen)
            numbers[chosen] = [self._very_long.get(word, -1) for word in words]


def _factors() -> Iterator[np.uint64]:
    """Give odd factors without end; the first is 2**64 divided by the golden ratio."""
    factor = 0x9E3779B97F4A7C15
    while True:
        yield np.uint64(factor)
        factor = factor * 0xD1342543DE82EF95 + 2 & (1 << 64) - 1


@dataclass(frozen=True)
class _Signed:
    """A number for each word: its bytes, or a hash whose first byte is 0.

    Args:
        signatures: the numbers, shape (words,), uint64.
        long: which words are hashed, shape (long words,).
        first: their first eight bytes, shape (long words,), uint64.
        second: their second eight bytes.
    """

    signatures: np.ndarray
    long: np.ndarray
    first: np.ndarray
    second: np.ndarray


def _signed(tokens: Tokens, factor: np.uint64, longest: int) -> _Signed:
    """Make the numbers; a word longer than `longest` has 0, which no word has in a vocabulary."""
    signatures = tokens.eight(slice(None))
    long = np.flatnonzero(tokens.lengths > _SHORT)
    lengths = tokens.lengths[long]
    first, second = signatures[long], tokens.eight(long, _SHORT)
    hashed = _mixed(first, second, factor)
    skipped = 2 * _SHORT
    left = np.flatnonzero((lengths > skipped) & (lengths <= longest))
    while left.size:
        hashed[left] = _mixed(hashed[left], tokens.eight(long[left], skipped), factor)
        skipped += _SHORT
        left = left[lengths[left] > skipped]
    hashed &= _NOT_SHORT
    hashed[lengths > longest] = 0
    signatures[long] = hashed
    return _Signed(signatures, long, first, second)


def _mixed(hashed: np.ndarray, more: np.ndarray, factor: np.uint64) -> np.ndarray:
    mixed = hashed * factor
    mixed ^= mixed >> _HALF
    mixed ^= more
    mixed *= factor
    return mixed

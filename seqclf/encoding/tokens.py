"""The words of many texts as places in one string of bytes, found with a few array operations.

Texts are worked on in blocks of about a megabyte: cleaned, joined by blanks, put
through one table of bytes. A word is then a start and a length, no object.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from seqclf.encoding.splitting import Splitting

BLOCK = 1 << 20
"""About how many bytes are worked on at once: what fits a processor's cache is fastest."""

_WIDE = 8  # a word is compared eight bytes at a time
_BLANK = ord(" ")
_NO_BYTE = 0xFF
"""A byte that UTF-8 never has; stands for NUL, which fills words up to eight bytes."""

_MASKS = np.array([(1 << 8 * count) - 1 for count in range(_WIDE + 1)], "<u8")


@dataclass(frozen=True)
class Tokens:
    """Words as places in bytes.

    Args:
        data: the bytes; eight more than the last word's end at least, NUL written as 0xFF.
        starts: where each word starts, shape (words,), int64.
        lengths: how many bytes each word has, at least 1; shape (words,), int64.
        bounds: the words of text i are those from `bounds[i]` up to `bounds[i + 1]`;
            shape (texts + 1,), int64.
    """

    data: bytes
    starts: np.ndarray
    lengths: np.ndarray
    bounds: np.ndarray

    def __len__(self) -> int:
        return len(self.starts)

    def eight(self, chosen: np.ndarray | slice, skipped: int = 0) -> np.ndarray:
        """Give eight bytes of words, zeros behind a word's end.

        Args:
            chosen: numbers of words that are longer than `skipped`.
            skipped: how many bytes of each word to pass over.

        Returns:
            Shape (chosen,), uint64.
        """
        starts, lengths = self.starts[chosen], self.lengths[chosen]
        if skipped:
            starts, lengths = starts + skipped, lengths - skipped
        windows = np.ndarray((len(self.data) - _WIDE + 1,), "V8", self.data, strides=(1,))
        read = windows[starts].view("<u8")
        read &= _MASKS.take(lengths, mode="clip")
        return read

    def spelled(self, chosen: np.ndarray) -> list[bytes]:
        """Give the bytes of the words with the numbers `chosen`."""
        starts = self.starts[chosen]
        stops = starts + self.lengths[chosen]
        data = self.data
        return [
            data[start:stop] for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
        ]


def as_bytes(word: str) -> bytes:
    """Give a word as `Tokens` has it; a lone surrogate is taken as it is."""
    return word.encode("utf-8", "surrogatepass").replace(b"\0", bytes([_NO_BYTE]))


def as_text(word: bytes) -> str:
    """Give the word that `as_bytes` made bytes of."""
    return word.replace(bytes([_NO_BYTE]), b"\0").decode("utf-8", "surrogatepass")


def tokens_of_words(words: Iterable[bytes]) -> Tokens:
    """Give words, made by `as_bytes`, as the tokens of one text."""
    words = list(words)
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    starts = np.cumsum(lengths) - lengths
    return Tokens(b"".join(words) + bytes(_WIDE), starts, lengths, np.array([0, len(words)]))


def blocks(texts: Iterable[str], splitting: Splitting) -> Iterator[tuple[int, Tokens]]:
    """Split texts into words, block by block, in order.

    A text longer than a block comes in several, cut at spaces.

    Args:
        texts: read once, one after the other.
        splitting: the rules.

    Yields:
        The number of the block's first text, and the words of it and of those that follow.
    """
    table = bytearray(range(256))
    table[0] = _NO_BYTE
    for code, changed in splitting.ascii_table.items():
        table[code] = changed
    for first, gathered in _gathered(texts, splitting):
        yield first, _tokens(gathered, bytes(table))


def _gathered(texts: Iterable[str], splitting: Splitting) -> Iterator[tuple[int, list[bytes]]]:
    first, size = 0, 0
    gathered: list[bytes] = []
    for number, text in enumerate(texts):
        if size > BLOCK:
            yield first, gathered
            first, size, gathered = number, 0, []
        characters = len(text)
        if characters > BLOCK:
            if gathered:
                yield first, gathered
            for piece in _pieces(text):
                yield number, [_cleaned(piece, splitting)]
            first, size, gathered = number + 1, 0, []
        else:
            size += characters
            # Most texts are ASCII, and such a text needs no cleaning.
            gathered.append(text.encode() if text.isascii() else _cleaned(text, splitting))
    if gathered:
        yield first, gathered


def _cleaned(text: str, splitting: Splitting) -> bytes:
    return splitting.clean(text).encode("utf-8", "surrogatepass")


def _pieces(text: str) -> Iterator[str]:
    """Cut a long text at spaces, over which no rule of splitting reaches."""
    start = 0
    while start < len(text):
        stop = start + BLOCK
        space = text.rfind(" ", start, stop) if stop < len(text) else len(text)
        if space <= start:
            space = text.find(" ", stop)
        stop = len(text) if space < 0 else space + 1
        yield text[start:stop]
        start = stop


def _tokens(texts: list[bytes], table: bytes) -> Tokens:
    blank = b" "
    data = (blank.join(texts) + blank * (_WIDE + 1)).translate(table)
    in_word = np.zeros(len(data) + 1, bool)
    np.not_equal(np.frombuffer(data, np.uint8), _BLANK, out=in_word[1:])
    # The first byte follows a blank and the last one is a blank: starts and ends take turns.
    edges = np.flatnonzero(in_word[1:] != in_word[:-1])
    starts = edges[0::2]
    lengths = edges[1::2] - starts
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    bounds = np.concatenate([[0], np.searchsorted(starts, ends)])
    return Tokens(data, starts, lengths, bounds)

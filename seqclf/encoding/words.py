"""The word encoder: words ranked by frequency, each with a number.

It keeps the convention of Keras' and R's `dataset_imdb`: 0 is padding, 1 the
start of a text, 2 an unknown word, and the word of rank r has the id
`r + index_from`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np

from seqclf.contracts import Ragged
from seqclf.encoding.counting import frequent_words
from seqclf.encoding.splitting import FILTERS, Normalize, Punctuation, Splitting, split_words
from seqclf.encoding.tokens import as_bytes, blocks
from seqclf.encoding.vocabulary import Vocabulary
from seqclf.errors import RunError
from seqclf.options import Count

__all__ = ["FILTERS", "WordEncoder", "split_words"]

_INDEX_FROM = 3
_DROPPED = -1


class WordEncoder:
    """Lower-case words, the most frequent first; rarer ones are unknown.

    Args:
        words: the vocabulary, most frequent word first; the word at index i has
            the id `index_from + 1 + i`.
        num_words: ids are below this; rarer words are unknown.
        skip_top: ids below this are unknown, too (the start mark included, as in Keras).
        start_char: the id put before every text, or None.
        oov_char: the id of an unknown word; None drops unknown words.
        index_from: what is added to a word's rank.
        drop_unlisted: leave out words that are not in the vocabulary at all, instead
            of marking them unknown. Keras' IMDB data were made so: words of the test
            reviews that no training review has are simply missing.
        lowercase: whether letters become lower case first.
        normalize: the Unicode normal form texts are brought to: "nfc", "nfkc" or "off".
        punctuation: what is a blank: "unicode", all punctuation there is, or "ascii", as in
            Keras and R; see `seqclf.encoding.splitting.Splitting`.

    Raises:
        ValueError: an unknown normal form or kind of punctuation.

    Example:
        >>> encoder = WordEncoder(["the", "film"], num_words=10)
        >>> encoder.encode(["The film!", "", "A film"])[2].tolist()
        [1, 2, 5]
    """

    name: ClassVar[str] = "word"

    def __init__(
        self,
        words: Sequence[str],
        *,
        num_words: int,
        skip_top: int = 0,
        start_char: int | None = 1,
        oov_char: int | None = 2,
        index_from: int = _INDEX_FROM,
        drop_unlisted: bool = False,
        lowercase: bool = True,
        normalize: Normalize = "off",
        punctuation: Punctuation = "ascii",
    ) -> None:
        self.num_words = num_words
        self.skip_top = skip_top
        self.start_char = start_char
        self.oov_char = oov_char
        self.index_from = index_from
        self.drop_unlisted = drop_unlisted
        self.splitting = Splitting(lowercase, normalize, punctuation)
        # Rare words need a place only where they are told from words never listed.
        kept = len(words) if drop_unlisted else max(0, num_words - index_from - 1)
        self.words = tuple(words[:kept])
        self._start = [] if start_char is None else self._limited(start_char)
        self._ids = {
            word: limited[0]
            for number, word in enumerate(self.words, index_from + 1)
            if (limited := self._limited(number))
        }

    def _limited(self, number: int) -> list[int]:
        """Give the id itself, the unknown word's id where it is cut, or nothing."""
        if self.skip_top <= number < self.num_words:
            return [number]
        return [] if self.oov_char is None else [self.oov_char]

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        *,
        num_words: int,
        skip_top: int = 0,
        min_count: Count = 1,
        lowercase: bool = True,
        normalize: Normalize = "nfc",
        punctuation: Punctuation = "unicode",
    ) -> Self:
        """Rank the words of the training texts; ties go to the word met first.

        The texts are read once, one after the other, and none of them is kept.

        Args:
            texts: the training texts.
            num_words: ids are below this; rarer words are unknown.
            skip_top: ids below this are unknown, too.
            min_count: words that occur less often are unknown
            lowercase: turn letters into lower case
            normalize: the Unicode normal form of texts: nfc, nfkc (full-width letters and
                ligatures become plain ones) or off
            punctuation: what separates words: unicode (all punctuation there is; an emoji is
                a word of its own) or ascii (what Keras and R filter out)

        Example:
            >>> WordEncoder.fit(["The film", "the end"], num_words=10, min_count=2).words
            ('the',)
        """
        splitting = Splitting(lowercase, normalize, punctuation)
        most = num_words - _INDEX_FROM - 1
        return cls(
            frequent_words(texts, splitting, most, min_count=min_count),
            num_words=num_words,
            skip_top=skip_top,
            lowercase=lowercase,
            normalize=normalize,
            punctuation=punctuation,
        )

    @property
    def words_by_id(self) -> tuple[str, ...]:
        """The word of each id, "" where an id has none; shape (num_words,).

        Example:
            >>> WordEncoder(["the", "film"], num_words=7).words_by_id
            ('', '', '', '', 'the', 'film', '')
        """
        words = [""] * self.num_words
        for word, number in self._ids.items():
            if number != self.oov_char:
                words[number] = word
        return tuple(words)

    def encode(self, texts: Sequence[str]) -> Ragged:
        """Give the ids of each text, the start mark first."""
        counts = np.zeros(len(texts), np.int64)
        parts = [np.empty(0, np.int32)]
        for first, tokens in blocks(texts, self.splitting):
            ids = self._ids_by_number.take(self._vocabulary.numbers(tokens))
            bounds = tokens.bounds
            if self._drops:
                kept = ids != _DROPPED
                bounds = np.concatenate([[0], np.cumsum(kept)])[bounds]
                ids = ids[kept]
            # A long text's words come in several blocks.
            counts[first : first + len(bounds) - 1] += bounds[1:] - bounds[:-1]
            parts.append(ids)
        return _started(np.concatenate(parts), counts, self._start)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return Vocabulary([as_bytes(word) for word in self._ids])

    @cached_property
    def _ids_by_number(self) -> np.ndarray:
        """The id of each word of the vocabulary; the last is that of the number -1: of no word."""
        unlisted = _DROPPED if self._drops else self.oov_char
        return np.array([*self._ids.values(), unlisted], np.int32)

    @property
    def _drops(self) -> bool:
        return self.oov_char is None or self.drop_unlisted

    def to_dict(self) -> dict[str, Any]:
        """Give the vocabulary and the convention as JSON values."""
        return {
            "num_words": self.num_words,
            "skip_top": self.skip_top,
            "start_char": self.start_char,
            "oov_char": self.oov_char,
            "index_from": self.index_from,
            "drop_unlisted": self.drop_unlisted,
            "lowercase": self.splitting.lowercase,
            "normalize": self.splitting.normalize,
            "punctuation": self.splitting.punctuation,
            "words": list(self.words),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Make the encoder that `to_dict` described.

        Raises:
            RunError: something is missing.
        """
        try:
            settings = dict(stored)
            words = settings.pop("words")
            return cls(words, **settings)
        except (KeyError, TypeError, ValueError) as error:
            raise RunError(
                f"the word encoder's description is incomplete or wrong: {error}"
            ) from None


def _started(ids: np.ndarray, counts: np.ndarray, start: Sequence[int]) -> Ragged:
    """Put the start mark, where there is one, before the ids of each text."""
    offsets = np.concatenate([[0], np.cumsum(counts + len(start))])
    if not start:
        return Ragged(ids, offsets)
    marks = np.zeros(offsets[-1], bool)
    marks[offsets[:-1]] = True
    values = np.full(offsets[-1], start[0], np.int32)
    values[~marks] = ids
    return Ragged(values, offsets)

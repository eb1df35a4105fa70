"""The word encoder: lower case, punctuation to spaces, words ranked by frequency.

It keeps the convention of Keras' and R's `dataset_imdb`: 0 is padding, 1 the
start of a text, 2 an unknown word, and the word of rank r has the id
`r + index_from`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, repeat
from typing import Any, ClassVar, Self

from seqclf.contracts import Ragged
from seqclf.errors import RunError

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
"""What `keras.preprocessing.text.Tokenizer` and R's `text_tokenizer` replaced by a space."""

_TO_SPACES = str.maketrans(FILTERS, " " * len(FILTERS))


def split_words(text: str) -> list[str]:
    """Split a text into lower-case words; apostrophes stay inside.

    Example:
        >>> split_words("Don't go<br />It's over-long.")
        ["don't", 'go', 'br', "it's", 'over', 'long']
    """
    return text.lower().translate(_TO_SPACES).split()


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
        index_from: int = 3,
        drop_unlisted: bool = False,
    ) -> None:
        self.num_words = num_words
        self.skip_top = skip_top
        self.start_char = start_char
        self.oov_char = oov_char
        self.index_from = index_from
        self.drop_unlisted = drop_unlisted
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
    def fit(cls, texts: Sequence[str], *, num_words: int, skip_top: int = 0) -> Self:
        """Rank the words of the training texts; ties go to the word met first."""
        counts = Counter(chain.from_iterable(map(split_words, texts)))
        ranked = sorted(counts, key=lambda word: -counts[word])
        return cls(ranked, num_words=num_words, skip_top=skip_top)

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
        return Ragged.from_lists([self._encode(text) for text in texts])

    def _encode(self, text: str) -> list[int]:
        words = split_words(text)
        if self.oov_char is None or self.drop_unlisted:
            return self._start + [self._ids[word] for word in words if word in self._ids]
        return self._start + list(map(self._ids.get, words, repeat(self.oov_char)))

    def to_dict(self) -> dict[str, Any]:
        """Give the vocabulary and the convention as JSON values."""
        return {
            "num_words": self.num_words,
            "skip_top": self.skip_top,
            "start_char": self.start_char,
            "oov_char": self.oov_char,
            "index_from": self.index_from,
            "drop_unlisted": self.drop_unlisted,
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
        except (KeyError, TypeError) as error:
            raise RunError(f"the word encoder's description is incomplete: {error}") from None

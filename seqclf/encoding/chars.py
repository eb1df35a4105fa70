"""The character encoder: one id a character, blanks and newlines included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Self

import numpy as np

from seqclf.contracts import Ragged
from seqclf.encoding.batches import batches
from seqclf.encoding.convention import FIRST, START, UNKNOWN, Form, written
from seqclf.errors import RunError, UsageError
from seqclf.options import Count

_CODE_POINTS = 0x110000
_SURROGATES = slice(0xD800, 0xE000)


class CharEncoder:
    """Characters, the most frequent first; for scripts without blanks, and for short texts.

    0 is padding, 1 the start of a text, 2 an unknown character, and the character of rank r
    has the id r + 3, as the words of the word encoder have.

    Args:
        characters: the vocabulary, most frequent character first.
        num_words: ids are below this; rarer characters are unknown.
        skip_top: ids below this are unknown, too (the start mark included, as in Keras).
        lowercase: whether capitals become small letters.
        normalize: Unicode's normal form that texts are brought into: nfc, nfkc or off.

    Example:
        >>> encoder = CharEncoder("ea", num_words=10)
        >>> [ids.tolist() for ids in encoder.encode(["Tea", ""])]
        [[1, 2, 4, 5], [1]]
    """

    name: ClassVar[str] = "char"
    oov_char: ClassVar[int] = UNKNOWN
    """The id of an unknown character."""

    def __init__(
        self,
        characters: str,
        *,
        num_words: int,
        skip_top: int = 0,
        lowercase: bool = True,
        normalize: Form = "nfc",
    ) -> None:
        self.num_words = num_words
        self.skip_top = skip_top
        self.lowercase = lowercase
        self.normalize: Form = normalize
        self.characters = characters[: max(0, num_words - FIRST)]
        self._start = START if skip_top <= START else UNKNOWN
        codes = _codes([self.characters])[1:]
        # The last place stands for all code points from there on.
        self._table = np.full(int(codes.max(initial=0)) + 2, UNKNOWN, np.int32)
        numbers = np.arange(FIRST, FIRST + len(codes), dtype=np.int32)
        self._table[codes] = np.where(numbers < skip_top, UNKNOWN, numbers)

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        *,
        num_words: int,
        skip_top: int = 0,
        min_count: Count = 1,
        lowercase: bool = True,
        normalize: Form = "nfc",
    ) -> Self:
        """Rank the characters of the training texts; ties go to the lower code point.

        Args:
            texts: the training texts.
            num_words: ids are below this; rarer characters are unknown.
            skip_top: ids below this are unknown, too.
            min_count: characters that occur less often are unknown.
            lowercase: whether capitals become small letters.
            normalize: nfc writes what looks the same alike; nfkc also makes plain characters of
                wide letters, ligatures and other variants; off does neither.

        Raises:
            UsageError: `num_words` leaves no room for a character.

        Example:
            >>> CharEncoder.fit(["Banana"], num_words=6).characters
            'an'
        """
        if num_words <= FIRST:
            raise UsageError(
                f"tokenizer 'char' needs --num-words {FIRST + 1} or more, not {num_words}"
            )
        counts = np.zeros(_CODE_POINTS, np.int64)
        form = partial(written, lowercase=lowercase, normalize=normalize)
        for batch in batches(texts, form):
            found = np.bincount(_codes(["".join(batch)])[1:])
            counts[: len(found)] += found
        counts[_SURROGATES] = 0  # halves of a character, which no file in UTF-8 can keep
        ranked = np.argsort(-counts, kind="stable")[: np.count_nonzero(counts >= min_count)]
        return cls(
            "".join(map(chr, ranked[: num_words - FIRST])),
            num_words=num_words,
            skip_top=skip_top,
            lowercase=lowercase,
            normalize=normalize,
        )

    @property
    def words_by_id(self) -> tuple[str, ...]:
        """The character of each id, "" where an id has none; shape (num_words,).

        Example:
            >>> CharEncoder("ea", num_words=7).words_by_id
            ('', '', '', '', 'e', 'a', '')
        """
        words = [""] * self.num_words
        for number, character in enumerate(self.characters, FIRST):
            if number >= self.skip_top:
                words[number] = character
        return tuple(words)

    def encode(self, texts: Sequence[str]) -> Ragged:
        """Give the ids of each text, the start mark first."""
        lengths, ids = [np.zeros(1, np.int64)], [np.empty(0, np.int32)]
        form = partial(written, lowercase=self.lowercase, normalize=self.normalize)
        for batch in batches(texts, form):
            sizes = np.fromiter(map(len, batch), np.int64, len(batch)) + 1
            found = self._table.take(_codes(batch), mode="clip")
            found[np.cumsum(sizes) - sizes] = self._start
            lengths.append(sizes)
            ids.append(found)
        return Ragged(np.concatenate(ids), np.cumsum(np.concatenate(lengths)))

    def to_dict(self) -> dict[str, Any]:
        """Give the vocabulary and the settings as JSON values."""
        return {
            "num_words": self.num_words,
            "skip_top": self.skip_top,
            "lowercase": self.lowercase,
            "normalize": self.normalize,
            "characters": self.characters,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Make the encoder that `to_dict` described.

        Raises:
            RunError: something is missing.
        """
        try:
            return cls(**stored)
        except (KeyError, TypeError) as error:
            raise RunError(f"the char encoder's description is incomplete: {error}") from None


def _codes(texts: Sequence[str]) -> np.ndarray:
    """Give the code points of all texts, a 0 before each; shape (characters + texts,)."""
    joined = "\0".join(["", *texts])
    return np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4")

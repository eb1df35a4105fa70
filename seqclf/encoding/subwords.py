"""The subword encoder: frequent words whole, rare ones in pieces."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any, ClassVar, Self

import numpy as np

from seqclf.contracts import Ragged
from seqclf.encoding.batches import batches
from seqclf.encoding.convention import FIRST, START, UNKNOWN, Form, written
from seqclf.encoding.subword_training import (
    INNER,
    REPLACEMENT,
    UNKNOWN_PIECE,
    Model,
    library,
    train_tokenizer,
    whole,
)
from seqclf.errors import RunError, UsageError
from seqclf.options import Count

_CHARACTERS = 2**23
_WORDS, _WORD_CHARACTERS = 20_000, 2**20
"""So much is given to the library at a time, since it holds a lot beside the ids."""

_BYTE_BLANK, _METASPACE = "\N{LATIN CAPITAL LETTER G WITH DOT ABOVE}", "\N{LOWER ONE EIGHTH BLOCK}"
"""What BPE and Unigram put before the first piece of a word."""


class SubwordEncoder:
    """Pieces of words, learned from the training texts; needs the library tokenizers.

    0 is padding, 1 the start of a text, 2 what there is no piece for; the pieces have the ids
    from 4. Blanks and newlines are borders and have no ids of their own.

    Args:
        tokenizer: a `tokenizers.Tokenizer` that `train_tokenizer` made.
        model: "bpe", "unigram" or "wordpiece".
        num_words: ids are below this.
        lowercase: whether capitals become small letters.
        normalize: Unicode's normal form that texts are brought into: nfc, nfkc or off.

    Example:
        >>> encoder = SubwordEncoder.fit(["a good film", "a film"], num_words=300)
        >>> [encoder.words_by_id[number] for number in encoder.encode(["Good filming"])[0][1:]]
        ['good', 'film', '##i', '##n', '##g']
    """

    name: ClassVar[str] = "subword"
    oov_char: ClassVar[int] = UNKNOWN
    """The id of what is not known; BPE, which begins with bytes, knows everything."""

    def __init__(
        self,
        tokenizer: Any,
        *,
        model: Model,
        num_words: int,
        lowercase: bool = True,
        normalize: Form = "nfc",
    ) -> None:
        self.tokenizer = tokenizer
        self.model: Model = model
        self.num_words = num_words
        self.lowercase = lowercase
        self.normalize: Form = normalize
        pieces = tokenizer.get_vocab_size()
        unknown = tokenizer.token_to_id(UNKNOWN_PIECE) if model != "bpe" else None
        # The unknown piece is the first one, where there is one at all.
        self._ids = np.arange(pieces, dtype=np.int32) + FIRST - (unknown is not None)
        if unknown is not None:
            self._ids[unknown] = UNKNOWN

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        *,
        num_words: int,
        skip_top: int = 0,
        model: Model = "bpe",
        min_count: Count = 1,
        lowercase: bool = True,
        normalize: Form = "nfc",
    ) -> Self:
        """Train a tokenizer on the training texts.

        Args:
            texts: the training texts.
            num_words: ids are below this.
            skip_top: must be 0, since pieces are not ranked by frequency.
            model: bpe joins the most frequent neighbours, from bytes on, so that nothing is
                unknown; wordpiece does so from characters on; unigram leaves out what costs
                least, and takes longest to train.
            min_count: words that occur less often are not learned from.
            lowercase: whether capitals become small letters.
            normalize: nfc writes what looks the same alike; nfkc also makes plain characters of
                wide letters, ligatures and other variants; off does neither.

        Raises:
            UsageError: `skip_top`; `num_words` too small; the library is not installed.
            DataError: the texts hold no word to learn from.

        Example:
            >>> SubwordEncoder.fit(["to be"], num_words=40, model="unigram").num_words
            40
        """
        if skip_top:
            raise UsageError(
                f"--skip-top {skip_top} does not go with --tokenizer subword, whose ids are not "
                "ranked by frequency",
                hint="leave it out, or use --tokenizer word",
            )
        trained = train_tokenizer(
            texts,
            model=model,
            num_words=num_words,
            min_count=min_count,
            lowercase=lowercase,
            normalize=normalize,
        )
        return cls(
            trained, model=model, num_words=num_words, lowercase=lowercase, normalize=normalize
        )

    @property
    def words_by_id(self) -> tuple[str, ...]:
        """The piece of each id, ## before those that do not begin a word; shape (num_words,).

        It is "" where an id has none, and for bytes that are only a part of a character.
        """
        words = [""] * self.num_words
        show = self._shown()
        for piece, number in self.tokenizer.get_vocab().items():
            if self._ids[number] != UNKNOWN:
                words[self._ids[number]] = show(piece)
        return tuple(words)

    def _shown(self) -> Any:
        """Give what shows a piece the same way for all models."""
        if self.model == "wordpiece":
            return str
        begins = _BYTE_BLANK if self.model == "bpe" else _METASPACE
        decode = library().decoders.ByteLevel().decode if self.model == "bpe" else "".join

        def show(piece: str) -> str:
            text = str(decode([piece.removeprefix(begins)]))
            if REPLACEMENT in text:
                return ""
            return (text or " ") if piece.startswith(begins) else INNER + text

        return show

    def encode(self, texts: Sequence[str]) -> Ragged:
        """Give the ids of each text, the start mark first."""
        lengths, ids = [np.zeros(1, np.int64)], [np.empty(0, np.int32)]
        form = partial(written, lowercase=self.lowercase, normalize=self.normalize)
        for batch in batches(texts, form, characters=_CHARACTERS):
            encoded = self._encode([text.split() for text in batch])
            lengths.append(encoded.lengths)
            ids.append(encoded.values)
        return Ragged(np.concatenate(ids), np.cumsum(np.concatenate(lengths)))

    def _encode(self, texts: Sequence[Sequence[str]]) -> Ragged:
        """Encode texts that are split into words: each different word once."""
        words = list(chain.from_iterable(texts))
        # Number 0 is the start mark, which is put before every text.
        numbers = {word: number for number, word in enumerate(dict.fromkeys(words), 1)}
        pieces = self._pieces(list(numbers))
        found = np.fromiter(map(numbers.__getitem__, words), np.int64, len(words))
        ends = np.cumsum([0, *map(len, texts)])
        taken = pieces.take(np.insert(found, ends[:-1], 0))
        return Ragged(taken.values, taken.offsets[ends + np.arange(len(ends))])

    def _pieces(self, words: Sequence[str]) -> Ragged:
        """Give the ids of each word's pieces, after a first sequence that is the start mark."""
        rows = [[START]]
        for part in _parts(words):
            rows += (one.ids for one in self.tokenizer.encode_batch_fast(part))
        pieces = Ragged.from_lists(rows)
        values = self._ids[pieces.values]
        values[0] = START
        return Ragged(values, pieces.offsets)

    def to_dict(self) -> dict[str, Any]:
        """Give the settings and the whole tokenizer, as its own JSON."""
        return {
            "num_words": self.num_words,
            "model": self.model,
            "lowercase": self.lowercase,
            "normalize": self.normalize,
            "tokenizer": json.loads(self.tokenizer.to_str()),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Make the encoder that `to_dict` described.

        Raises:
            RunError: something is missing, or is no tokenizer.
            UsageError: the library is not installed.
        """
        tokenizers = library()
        try:
            settings = dict(stored)
            described = json.dumps(settings.pop("tokenizer"))
            encoder = cls(tokenizers.Tokenizer.from_str(described), **settings)
            highest = int(encoder._ids.max(initial=0))
        except Exception as error:  # the library raises plain Exception
            told = " ".join(str(error).split())
            raise RunError(f"the subword encoder's description cannot be read: {told}") from None
        if highest >= encoder.num_words:
            raise RunError(
                f"the subword encoder's description has ids up to {highest}, but num_words is "
                f"{encoder.num_words}"
            )
        return encoder


def _parts(words: Sequence[str]) -> Iterator[list[str]]:
    part: list[str] = []
    held = 0
    for word in words:
        part.append(whole(word))
        held += len(word)
        if len(part) == _WORDS or held > _WORD_CHARACTERS:
            yield part
            part, held = [], 0
    if part:
        yield part

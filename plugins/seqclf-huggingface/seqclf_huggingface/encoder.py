"""The encoder hook's half: a tokenizer of the library `tokenizers`, trained here or before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, Self

import seqclf
from seqclf.errors import RunError, UsageError

from seqclf_huggingface.libraries import library

CHUNK = 2000
"""So many texts are encoded at a time, since the library holds much beside the ids."""


class HuggingFaceEncoder:
    """Pieces of words to ids.

    Args:
        tokenizer: a `tokenizers.Tokenizer`.
        num_words: ids are below this.
        shift: what is added to the tokenizer's ids, so that 0 is padding.

    Example:
        >>> texts = ["a good film", "a bad film", "good and bad"]
        >>> encoder = HuggingFaceEncoder.fit(texts, num_words=40)
        >>> [encoder.words_by_id[number] for number in encoder.encode(["good film!"])[0]]
        ['good', 'film', '[UNK]']
    """

    name: ClassVar[str] = "huggingface"

    def __init__(self, tokenizer: Any, *, num_words: int, shift: int = 0) -> None:
        self.tokenizer = tokenizer
        self.num_words = num_words
        self.shift = shift
        # seqclf pads and cuts; and "[SEP]" in a text is what somebody wrote, no mark.
        tokenizer.no_padding()
        tokenizer.no_truncation()
        tokenizer.encode_special_tokens = True

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        *,
        num_words: int,
        skip_top: int = 0,
        tokenizer: str | None = None,
        model: Literal["bpe", "wordpiece", "unigram"] | None = None,
        lowercase: bool | None = None,
    ) -> Self:
        """Take a pretrained tokenizer, or train one on the training texts.

        Args:
            texts: the training texts.
            num_words: ids are below this.
            skip_top: must be 0, since pieces are not ranked by frequency.
            tokenizer: a tokenizer.json, a folder that holds one, or a model's name on the
                Hugging Face Hub; none trains one.
            model: what to train; none trains bpe.
            lowercase: whether capitals are made small before training and encoding; none
                leaves them.

        Raises:
            UsageError: `skip_top`; settings of the training beside a pretrained tokenizer;
                `num_words` too small.
            DataError: the pretrained tokenizer cannot be had or read.

        Example:
            >>> HuggingFaceEncoder.fit(["to be"], num_words=40, model="unigram").num_words
            40
        """
        if skip_top:
            raise UsageError(
                f"--skip-top {skip_top} does not go with --tokenizer huggingface, whose ids are "
                "not ranked by frequency",
                "leave it out, or use the word encoder",
            )
        if tokenizer is None:
            from seqclf_huggingface.training import train_tokenizer

            trained = train_tokenizer(
                texts, model=model or "bpe", num_words=num_words, lowercase=bool(lowercase)
            )
            return cls(trained, num_words=num_words)
        for option, value in (("model", model), ("lowercase", lowercase)):
            if value is not None:
                raise UsageError(
                    f"-t {option} sets how a tokenizer is trained, but -t tokenizer={tokenizer} is "
                    "trained already",
                    f"leave out -t {option} or -t tokenizer",
                )
        from seqclf_huggingface.pretrained import check_size, read_tokenizer, shift_of

        read = read_tokenizer(tokenizer)
        shift = shift_of(read)
        check_size(read, shift, num_words, tokenizer)
        return cls(read, num_words=num_words, shift=shift)

    def encode(self, texts: Sequence[str]) -> seqclf.Ragged:
        """Give the ids of each text, with the marks that a pretrained tokenizer adds.

        Example:
            >>> encoder = HuggingFaceEncoder.fit(["to be or not to be"], num_words=40)
            >>> encoder.encode(["", "to be"]).lengths.tolist()
            [0, 2]
        """
        rows: list[list[int]] = []
        for start in range(0, len(texts), CHUNK):
            encoded = self.tokenizer.encode_batch_fast(list(texts[start : start + CHUNK]))
            rows += (one.ids for one in encoded)
        if self.shift:
            rows = [[number + self.shift for number in row] for row in rows]
        return seqclf.Ragged.from_lists(rows)

    @property
    def words_by_id(self) -> tuple[str, ...]:
        """The piece of each id, "" for padding and where an id has none; shape (num_words,)."""
        words = [""] * self.num_words
        for piece, number in self.tokenizer.get_vocab(with_added_tokens=True).items():
            words[number + self.shift] = piece
        return ("", *words[1:])

    def to_dict(self) -> dict[str, Any]:
        """Give the whole tokenizer, as its own JSON, so that no file is needed later."""
        return {
            "num_words": self.num_words,
            "shift": self.shift,
            "tokenizer": json.loads(self.tokenizer.to_str()),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Make the encoder that `to_dict` described.

        Raises:
            RunError: something is missing, or is no tokenizer.
            PluginError: the library is missing.
        """
        tokenizers = library("tokenizers")
        try:
            described = json.dumps(stored["tokenizer"])
            num_words, shift = int(stored["num_words"]), int(stored["shift"])
            read = tokenizers.Tokenizer.from_str(described)
        except Exception as error:  # the library raises plain Exception
            told = " ".join(str(error).split())
            raise RunError(f"the run's tokenizer cannot be read: {told}") from None
        return cls(read, num_words=num_words, shift=shift)

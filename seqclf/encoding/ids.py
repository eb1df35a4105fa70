"""The encoder of texts that are token ids already: "12 5 99"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Annotated, Any, ClassVar, NoReturn, Self

import numpy as np

from seqclf.contracts import Ragged
from seqclf.encoding.batches import batches
from seqclf.encoding.numerals import fields, quoted
from seqclf.errors import DataError, RunError, UsageError
from seqclf.options import Range


class IdsEncoder:
    """Whole numbers, taken as token ids; blanks or commas between them.

    The ids are what the numbers are, with nothing added in front: 0 is padding, and what the
    others mean is known to whoever wrote them.

    Args:
        num_words: ids are below this.
        shift: what is added to each number.

    Example:
        >>> [ids.tolist() for ids in IdsEncoder(num_words=100).encode(["12 5 99", "7, 8", ""])]
        [[12, 5, 99], [7, 8], []]
    """

    name: ClassVar[str] = "ids"
    reads: ClassVar[str] = "ids"

    def __init__(self, *, num_words: int, shift: int = 0) -> None:
        self.num_words = num_words
        self.shift = shift

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        *,
        num_words: int,
        skip_top: int = 0,
        shift: Annotated[int, Range(least=0)] = 0,
    ) -> Self:
        """Learn nothing from the texts.

        Args:
            texts: not used.
            num_words: ids are below this.
            skip_top: must be 0, since nothing is known of what the numbers mean.
            shift: what is added to each number; 1 keeps numbers that begin at 0 apart from
                padding, which is 0.

        Raises:
            UsageError: `skip_top`.

        Example:
            >>> IdsEncoder.fit([], num_words=100, shift=1).encode(["0 4"])[0].tolist()
            [1, 5]
        """
        if skip_top:
            raise UsageError(
                f"--skip-top {skip_top} does not go with --tokenizer ids, which does not know "
                "which numbers are frequent words",
                hint="leave it out",
            )
        return cls(num_words=num_words, shift=shift)

    def encode(self, texts: Sequence[str]) -> Ragged:
        """Give the numbers of each text.

        Raises:
            DataError: what is no whole number, or out of range; it tells the text's beginning.
        """
        lengths, ids = [np.zeros(1, np.int64)], [np.empty(0, np.int32)]
        for batch in batches(texts):
            rows = list(map(fields, batch))
            numbers = _numbers(rows)
            if numbers is None or not self._in_range(numbers):
                self._refuse(batch, rows)
            lengths.append(np.fromiter(map(len, rows), np.int64, len(rows)))
            ids.append((numbers + self.shift).astype(np.int32))
        return Ragged(np.concatenate(ids), np.cumsum(np.concatenate(lengths)))

    def _in_range(self, numbers: np.ndarray) -> bool:
        least, most = numbers.min(initial=0), numbers.max(initial=0)
        return bool(least >= 0 and most + self.shift < self.num_words)

    def _refuse(self, texts: Sequence[str], rows: Sequence[Sequence[str]]) -> NoReturn:
        """Tell of the first number that cannot be an id."""
        told = ((text, field) for text, row in zip(texts, rows, strict=True) for field in row)
        for text, field in told:
            number = _numbers([[field]])
            if number is not None and self._in_range(number):
                continue
            if number is None and not field.lstrip("-").isdecimal():
                raise DataError(
                    f"the text {quoted(text)} is to be token ids, but {quoted(field)} is not a "
                    "whole number",
                    hint="ids are written as 12 5 99; for prose use --tokenizer word",
                )
            raise DataError(
                f"the text {quoted(text)} has the token id {quoted(field)[1:-1]}, but ids are "
                f"from 0 to {self.num_words - 1 - self.shift}",
                hint="" if field.startswith("-") else "raise --num-words",
            )
        raise AssertionError("all of them can be ids")

    def to_dict(self) -> dict[str, Any]:
        """Give the settings as JSON values."""
        return {"num_words": self.num_words, "shift": self.shift}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Make the encoder that `to_dict` described.

        Raises:
            RunError: something is missing.
        """
        try:
            return cls(**stored)
        except TypeError as error:
            raise RunError(f"the ids encoder's description is incomplete: {error}") from None


def _numbers(rows: Sequence[Sequence[str]]) -> np.ndarray | None:
    """Give all numbers, shape (numbers,), int64; None where one is none, or beyond all ids."""
    told = list(chain.from_iterable(rows))
    try:
        numbers = np.fromiter(map(int, told), np.int64, len(told))
    except (ValueError, OverflowError):
        return None
    # int() takes 1_000 for a number.
    return None if "_" in "".join(told) else numbers

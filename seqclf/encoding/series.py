"""The encoder of texts that are numeric series: "1.5 2; 0.3 4;"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, ClassVar, NoReturn, Self

import numpy as np

from seqclf.contracts import Ragged
from seqclf.encoding.batches import batches
from seqclf.encoding.moments import Moments
from seqclf.encoding.numerals import fields, quoted
from seqclf.errors import DataError, RunError, UsageError

_FORM = "steps end with ';', the numbers of a step have blanks between them: 1.5 2; 0.3 4;"


class SeriesEncoder:
    """Numbers, one or several a time step; standardised as the training series were.

    A step ends with ";", and its numbers have blanks between them. A text without any ";" has one
    number a step, with blanks or commas between the steps.

    Args:
        means: what is taken from each feature.
        scales: what each feature is divided by afterwards.
        num_words: not used.

    Example:
        >>> encoder = SeriesEncoder([1, 10], [1, 5], num_words=10)
        >>> [steps.tolist() for steps in encoder.encode(["3 20; 1 0;", ""])]
        [[[2.0, 2.0], [0.0, -2.0]], []]
    """

    name: ClassVar[str] = "series"
    reads: ClassVar[str] = "series"

    def __init__(self, means: Sequence[float], scales: Sequence[float], *, num_words: int) -> None:
        self.means = tuple(map(float, means))
        self.scales = tuple(map(float, scales))
        self.num_words = num_words

    @property
    def features(self) -> int:
        """How many numbers a step has."""
        return len(self.means)

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        *,
        num_words: int,
        skip_top: int = 0,
        standardize: bool = True,
    ) -> Self:
        """Learn the number of features, and each one's mean and standard deviation.

        Args:
            texts: the training series; the first one that is not empty tells the features.
            num_words: not used, since there are no ids.
            skip_top: must be 0, since there are no words.
            standardize: whether each feature is brought to mean 0 and standard deviation 1 over
                all steps of the training series; one that never changes becomes 0.

        Raises:
            UsageError: `skip_top`.
            DataError: what is no number; other numbers of features than the first text has; all
                texts are empty.

        Example:
            >>> encoder = SeriesEncoder.fit(["1 7; 3 7;", "5 7;"], num_words=10)
            >>> encoder.means, encoder.scales[1]
            ((3.0, 7.0), 1.0)
        """
        if skip_top:
            raise UsageError(
                f"--skip-top {skip_top} does not go with --tokenizer series, which has no words",
                hint="leave it out",
            )
        moments: Moments | None = None
        for batch in batches(texts):
            if moments is None:
                features = next((len(steps[0]) for steps in map(_steps, batch) if steps), 0)
                if not features:
                    continue
                moments = Moments(features)
            moments.add(_parsed(batch, len(moments.means)).values)
        if moments is None:
            raise DataError("the training texts hold no number, so that there is no series")
        if not standardize:
            return cls([0.0] * len(moments.means), [1.0] * len(moments.means), num_words=num_words)
        return cls(moments.means.tolist(), moments.scales.tolist(), num_words=num_words)

    def encode(self, texts: Sequence[str]) -> Ragged:
        """Give the standardised numbers of each text, float32 of shape (steps, features).

        Raises:
            DataError: what is no number; another number of features; it tells the text's
                beginning.
        """
        lengths, values = [np.zeros(1, np.int64)], [np.empty((0, self.features), np.float32)]
        means, scales = np.array(self.means), np.array(self.scales)
        for batch in batches(texts):
            parsed = _parsed(batch, self.features)
            with np.errstate(over="ignore"):
                scaled = ((parsed.values - means) / scales).astype(np.float32)
            if not np.isfinite(scaled).all():
                step = int(np.flatnonzero(~np.isfinite(scaled).all(axis=1))[0])
                text = batch[int(np.searchsorted(parsed.offsets, step, "right")) - 1]
                raise DataError(f"the series {quoted(text)} has too large a number in it")
            lengths.append(parsed.lengths)
            values.append(scaled)
        return Ragged(np.concatenate(values), np.cumsum(np.concatenate(lengths)))

    def to_dict(self) -> dict[str, Any]:
        """Give the means and scales as JSON values."""
        return {
            "num_words": self.num_words,
            "means": list(self.means),
            "scales": list(self.scales),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Make the encoder that `to_dict` described.

        Raises:
            RunError: something is missing.
        """
        try:
            return cls(**stored)
        except (TypeError, ValueError) as error:
            told = f"the series encoder's description is incomplete: {error}"
            raise RunError(told) from None


def _steps(text: str) -> list[list[str]]:
    """Split a text into steps and their numbers, which are texts still."""
    if ";" not in text:
        return [[told] for told in fields(text)]
    steps = text.split(";")
    if not steps[-1].strip():
        steps.pop()
    return list(map(str.split, steps))


def _parsed(texts: Sequence[str], features: int) -> Ragged:
    """Give the numbers of texts, float64 of shape (steps, features)."""
    series = list(map(_steps, texts))
    lengths = np.fromiter(map(len, series), np.int64, len(series))
    steps = list(chain.from_iterable(series))
    told = list(chain.from_iterable(steps))
    if any(len(step) != features for step in steps):
        _refuse(texts, series, features)
    try:
        values = np.fromiter(map(float, told), np.float64, len(told))
    except ValueError:
        _refuse(texts, series, features)
    # float() takes 1_000 for a number, and "nan", too.
    if "_" in "".join(told) or not np.isfinite(values).all():
        _refuse(texts, series, features)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    return Ragged(values.reshape(-1, features), offsets)


def _refuse(
    texts: Sequence[str], series: Sequence[Sequence[Sequence[str]]], features: int
) -> NoReturn:
    """Tell of the first step that is wrong."""
    for text, steps in zip(texts, series, strict=True):
        for number, step in enumerate(steps, 1):
            where = f"the series {quoted(text)}: step {number}"
            wrong = next((told for told in step if not _is_number(told)), None)
            if wrong is not None:
                raise DataError(f"{where} has {quoted(wrong)}, which is not a number", hint=_FORM)
            if len(step) != features:
                raise DataError(
                    f"{where} has {_counted(len(step))}, but the training series have "
                    f"{_counted(features)} a step",
                    hint=_FORM,
                )
    raise AssertionError("no step is wrong")


def _counted(count: int) -> str:
    return f"{count} number" if count == 1 else f"{count} numbers"


def _is_number(told: str) -> bool:
    try:
        return "_" not in told and bool(np.isfinite(float(told)))
    except ValueError:
        return False

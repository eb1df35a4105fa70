"""Checks of a split's examples: what there is of each, and whether it fits the labels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from seqclf.checks.outcomes import FailedCheckError
from seqclf.contracts import Split, Splits, features_of

if TYPE_CHECKING:
    from seqclf.contracts import Ragged

FEW = 3
"""How many of the texts are asked for in every way that a run asks for them."""


def check_examples(name: str, split: Split) -> str:
    """Look at the examples of a split, their weights and their places.

    Args:
        name: what the split is called.
        split: what the dataset gave.

    Returns:
        What the examples are: "texts", "ids" or "series".

    Raises:
        FailedCheckError: they are not what a run can read.
    """
    given: dict[str, Any] = {"ids": split.ids, "series": split.series, "texts": split.texts}
    there = [what for what, values in given.items() if values is not None]
    if not there:
        raise FailedCheckError(
            f"{name} has none of them", "give texts=[...], ids=Ragged or series=Ragged"
        )
    for what in there:
        if len(given[what]) != len(split.labels):
            raise FailedCheckError(
                f"{name} has {len(given[what])} {what} for {len(split.labels)} labels"
            )
    for what in ("weights", "places"):
        values = getattr(split, what)
        if values is not None:
            _check_one_each(name, what, values, len(split.labels))
    if split.series is not None:
        _check_series(name, split.series)
    elif split.ids is None:
        _check_texts(name, given["texts"])
    return there[0]


def check_series_encoder(splits: Splits) -> None:
    """See that series come with the encoder that reads them from texts.

    Raises:
        FailedCheckError: they do not.
    """
    assert splits.train.series is not None
    features = splits.train.series.values.shape[1]
    if features_of(splits.encoder) != features:
        raise FailedCheckError(
            f"its series have {features} numbers a step, and its encoder gives "
            f"{features_of(splits.encoder) or 'token ids'}",
            f"give Splits(encoder=...) with the attribute features = {features}",
        )


def _check_one_each(name: str, what: str, values: Any, count: int) -> None:
    import numpy as np

    found = np.asarray(values)
    if found.shape != (count,):
        raise FailedCheckError(f"the {what} of {name} have shape {found.shape}, not ({count},)")
    wrong = found.dtype.kind not in ("iu" if what == "places" else "iuf")
    if wrong or not np.isfinite(found).all() or found.min(initial=0) < 0:
        wanted = "whole numbers from 0" if what == "places" else "numbers from 0"
        raise FailedCheckError(f"the {what} of {name} are not all {wanted}")


def _check_series(name: str, series: Ragged) -> None:
    import numpy as np

    values = series.values
    if values.dtype != np.float32 or values.ndim != 2:
        raise FailedCheckError(
            f"the series of {name} are {values.dtype} of shape {values.shape}",
            "give float32 of shape (steps, features)",
        )
    if not np.isfinite(values).all():
        raise FailedCheckError(f"the series of {name} have what is no number, or infinite")


def _check_texts(name: str, texts: Sequence[str]) -> None:
    """Ask for texts as a run does: their number, one, a slice, all in turn."""
    count = 0
    for text in texts:
        count += 1
        if not isinstance(text, str):
            raise FailedCheckError(f"{name} has {text!r} among its texts")
    if count != len(texts):
        raise FailedCheckError(f"{name} says it has {len(texts)} texts, and gives {count}")
    first = list(islice(texts, FEW))
    try:
        ways = {
            "one at a time": [texts[number] for number in range(len(first))],
            "by a slice": list(texts[:FEW]),
        }
    except TypeError as error:
        raise FailedCheckError(
            f"the texts of {name} cannot be had by number and slice: {error}",
            "give a sequence with __len__ and __getitem__ for int and slice",
        ) from error
    for way, found in ways.items():
        if found != first:
            raise FailedCheckError(f"the texts of {name} are others {way} than in turn")

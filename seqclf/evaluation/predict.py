"""Probabilities for encoded sequences."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqclf.contracts import Kind, Ragged
from seqclf.encoding.padding import pad

BATCH_SIZE = 256
"""Sequences a step: enough to keep two cores busy, little memory."""


def predict_probabilities(model: Any, ids: Ragged, maxlen: int, kind: Kind) -> np.ndarray:
    """Give every class' probability for every sequence.

    Args:
        model: a `keras.Model` from padded ids to probabilities.
        ids: the token ids.
        maxlen: time steps of a padded sequence.
        kind: binary, multiclass or multilabel.

    Returns:
        Probabilities, shape (sequences, classes), float64. For two classes the
        model's single output is the second class' probability.
    """
    outputs = [
        np.asarray(model.predict_on_batch(pad(ids.rows(start, stop), maxlen)), np.float64)
        for start, stop in _ranges(len(ids))
    ]
    if not outputs:
        return np.empty((0, 2 if kind == "binary" else model.output_shape[-1]))
    probabilities = np.concatenate(outputs)
    if kind == "binary":
        return np.concatenate([1 - probabilities, probabilities], axis=1)
    return probabilities


def _ranges(count: int) -> list[tuple[int, int]]:
    return [(start, min(start + BATCH_SIZE, count)) for start in range(0, count, BATCH_SIZE)]

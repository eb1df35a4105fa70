"""Probabilities for encoded sequences."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqclf.contracts import Kind, Ragged
from seqclf.encoding.padding import Padding

BATCH_SIZES = (32, 256)
"""Sequences a step of the model. Only these two, since each new size costs a compilation."""


def predict_probabilities(
    model: Any, sequences: Ragged, padding: Padding, kind: Kind
) -> np.ndarray:
    """Give every class' probability for every sequence.

    Args:
        model: a `keras.Model` from padded sequences to probabilities.
        sequences: token ids or series.
        padding: how they become one length.
        kind: binary, multiclass or multilabel.

    Returns:
        Probabilities, shape (sequences, classes), float64. For two classes the
        model's single output is the second class' probability.
    """
    outputs = [np.empty((0, model.output_shape[-1]))]
    start = 0
    while start < len(sequences):
        left = len(sequences) - start
        size = next((size for size in BATCH_SIZES if size >= left), BATCH_SIZES[-1])
        rows = padding(sequences.rows(start, start + min(left, size)))
        filled = np.concatenate([rows, np.repeat(rows[-1:], size - len(rows), axis=0)])
        outputs.append(np.asarray(model.predict_on_batch(filled), np.float64)[: len(rows)])
        start += size
    probabilities = np.concatenate(outputs)
    if kind == "binary":
        return np.concatenate([1 - probabilities, probabilities], axis=1)
    return probabilities

"""Probabilities for encoded sequences."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import numpy as np

from seqclf.contracts import Kind, Ragged
from seqclf.encoding.padding import Padding

BATCH_SIZES = (32, 256)
"""Sequences a step of the model. Only these two, since each new size costs a compilation."""


def predict_probabilities(
    model: Any,
    sequences: Ragged,
    padding: Padding,
    kind: Kind,
    *,
    kernel: Literal["fused", "keras"] = "keras",
) -> np.ndarray:
    """Give every class' probability for every sequence.

    Args:
        model: a `keras.Model` from padded sequences to probabilities.
        sequences: token ids or series.
        padding: how they become one length.
        kind: binary, multiclass or multilabel.
        kernel: "fused" runs its recurrent layers on the kernels of `seqclf.kernels`.

    Returns:
        Probabilities, shape (sequences, classes), float64. For two classes the
        model's single output is the second class' probability.
    """
    outputs = [np.empty((0, model.output_shape[-1]))]
    if kernel == "fused":
        from seqclf.kernels.tracing import predict_at_once, predict_step

        step, most = predict_step(model), predict_at_once(model, padding.maxlen)
        outputs += [step(rows) for rows in _padded_ahead(sequences, padding, most)]
    else:
        outputs += _predict_filled(model, sequences, padding)
    probabilities = np.concatenate(outputs, dtype=np.float64)
    if kind == "binary":
        return np.concatenate([1 - probabilities, probabilities], axis=1)
    return probabilities


def _padded_ahead(sequences: Ragged, padding: Padding, most: int) -> Iterator[np.ndarray]:
    """Give batches for the kernels, each padded while the one before it is being predicted."""
    from seqclf.kernels.padding import pad_ids

    cuts = range(0, len(sequences), most)
    parts = [np.arange(at, min(at + most, len(sequences))) for at in cuts]
    if len(parts) < 2:
        yield from (pad_ids(sequences, part, padding) for part in parts)
        return
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(pad_ids, sequences, parts[0], padding)
        for part in parts[1:]:
            rows = waiting.result()
            waiting = other.submit(pad_ids, sequences, part, padding)
            yield rows
        yield waiting.result()


def _predict_filled(model: Any, sequences: Ragged, padding: Padding) -> Iterator[np.ndarray]:
    """Predict in batches of few sizes, the last one filled up with its last sequence."""
    start = 0
    while start < len(sequences):
        left = len(sequences) - start
        size = next((size for size in BATCH_SIZES if size >= left), BATCH_SIZES[-1])
        rows = padding(sequences.rows(start, start + min(left, size)))
        filled = np.concatenate([rows, np.repeat(rows[-1:], size - len(rows), axis=0)])
        yield np.asarray(model.predict_on_batch(filled))[: len(rows)]
        start += size

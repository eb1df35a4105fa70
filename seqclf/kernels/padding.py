"""Padding of token ids without Python's lock, so that it goes on beside the kernels."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqclf.contracts import Ragged
from seqclf.encoding.padding import Padding
from seqclf.kernels.compiling import kernel


def pad_ids(sequences: Ragged, chosen: np.ndarray, padding: Padding) -> np.ndarray:
    """Pad some of the sequences, as `padding(sequences.take(chosen))` does.

    Args:
        sequences: token ids, or series of numbers, which go the ordinary way.
        chosen: which of them, and in which order; shape (texts,).
        padding: how they become one length.

    Returns:
        Shape (texts, padding.maxlen), int32; 0 is padding.

    Example:
        >>> ragged = Ragged.from_lists([[1, 5, 7], [1]])
        >>> pad_ids(ragged, np.array([1, 0]), Padding(2)).tolist()
        [[0, 1], [5, 7]]
    """
    values = sequences.values
    if values.ndim > 1 or values.dtype != np.int32:
        return padding(sequences.take(chosen))
    kept = np.minimum(sequences.lengths[chosen], padding.maxlen)
    if padding.truncating == "post":
        starts = sequences.offsets[chosen]
    else:
        starts = sequences.offsets[chosen + 1] - kept
    padded = np.empty((len(chosen), padding.maxlen), np.int32)
    _copy(np.asarray(values), starts, kept, padding.padding == "pre", padded)
    return padded


@kernel
def _copy(values: Any, starts: Any, kept: Any, in_front: bool, padded: Any) -> None:
    texts, steps = padded.shape
    for b in range(texts):
        first = steps - kept[b] if in_front else 0
        last = first + kept[b]
        for t in range(first):
            padded[b, t] = 0
        for t in range(first, last):
            padded[b, t] = values[starts[b] + t - first]
        for t in range(last, steps):
            padded[b, t] = 0

"""Padding: ragged sequences become one rectangular array."""

from __future__ import annotations

from typing import Literal

import numpy as np

from seqclf.contracts import Ragged

Side = Literal["pre", "post"]


def pad(
    sequences: Ragged, maxlen: int, *, padding: Side = "pre", truncating: Side = "pre"
) -> np.ndarray:
    """Cut and fill sequences to one length, as Keras' and R's `pad_sequences` do.

    Args:
        sequences: the token ids.
        maxlen: time steps of the result.
        padding: where zeros are put when a sequence is shorter.
        truncating: where tokens are dropped when it is longer.

    Returns:
        Ids, shape (sequences, maxlen), int32; 0 is padding.

    Example:
        >>> pad(Ragged.from_lists([[1, 5, 7], [1]]), 2).tolist()
        [[5, 7], [0, 1]]
    """
    kept = np.minimum(sequences.lengths, maxlen)
    starts = sequences.offsets[:-1] if truncating == "post" else sequences.offsets[1:] - kept
    steps = np.arange(maxlen)
    if padding == "pre":
        filled = steps >= maxlen - kept[:, None]
    else:
        filled = steps < kept[:, None]
    before = np.cumsum(kept) - kept
    source = np.repeat(starts - before, kept) + np.arange(kept.sum())
    padded = np.zeros((len(sequences), maxlen), np.int32)
    padded[filled] = sequences.values[source]
    return padded

"""Padding: ragged sequences become one rectangular array."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from seqclf.contracts import Ragged, RunConfig, Side


@dataclass(frozen=True)
class Padding:
    """How sequences become one length: `Padding(500)(ragged)` pads them.

    Args:
        maxlen: time steps of the result.
        padding: where zeros are put when a sequence is shorter.
        truncating: where steps are dropped when it is longer.

    Example:
        >>> Padding(3, padding="post")(Ragged.from_lists([[1, 5], [1]])).tolist()
        [[1, 5, 0], [1, 0, 0]]
    """

    maxlen: int
    padding: Side = "pre"
    truncating: Side = "pre"

    @classmethod
    def of(cls, config: RunConfig) -> Self:
        """Give the padding that a run's settings say; `maxlen` must be a number by now."""
        return cls(config.steps, config.padding, config.truncating)

    def __call__(self, sequences: Ragged) -> np.ndarray:
        """Pad sequences; see `pad`."""
        return pad(sequences, self.maxlen, padding=self.padding, truncating=self.truncating)


def pad(
    sequences: Ragged, maxlen: int, *, padding: Side = "pre", truncating: Side = "pre"
) -> np.ndarray:
    """Cut and fill sequences to one length, as Keras' and R's `pad_sequences` do.

    Args:
        sequences: token ids, or series of numbers.
        maxlen: time steps of the result.
        padding: where zeros are put when a sequence is shorter.
        truncating: where tokens are dropped when it is longer.

    Returns:
        Shape (sequences, maxlen), int32, or (sequences, maxlen, features), float32; 0 is padding.

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
    values = sequences.values
    dtype = np.float32 if values.ndim > 1 else np.int32
    padded = np.zeros((len(sequences), maxlen, *values.shape[1:]), dtype)
    padded[filled] = values[source]
    return padded

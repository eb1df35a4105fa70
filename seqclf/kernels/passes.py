"""What goes through a recurrent layer and comes back: the way forward's leavings, the gradients."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from seqclf.kernels.buffers import Buffers
from seqclf.kernels.packing import Weights
from seqclf.kernels.schedule import Schedule


@dataclass
class Pass:
    """What forward leaves for backward.

    Args:
        schedule: where the texts stand.
        weights: the weights used.
        buffers: hold the states and what else is needed.
        tiles: the tiles of each thread.
        table: the embedding, or None where the input was numbers.
        shape: of the input.
        sequences: whether every step's output was given.
    """

    schedule: Schedule
    weights: Weights
    buffers: Buffers
    tiles: list[np.ndarray]
    table: np.ndarray | None
    shape: tuple[int, ...]
    sequences: bool

    @property
    def rows_shape(self) -> tuple[int, int]:
        """The shape of what the input's rows were taken from: the embedding, or all steps."""
        if self.table is not None:
            return self.table.shape
        return int(np.prod(self.shape[:-1])), self.shape[-1]


class Gradient(NamedTuple):
    """What backward gives.

    Args:
        rows: gradients of the input's rows; None where they are not wanted.
        sources: which rows of the embedding or of the input these are.
        weights: gradients of the weights, in their shapes.
    """

    rows: np.ndarray | None
    sources: np.ndarray
    weights: Weights

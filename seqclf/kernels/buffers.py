"""Memory that stays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from seqclf.kernels.vectors import ALIGNMENT


class Buffers:
    """Arrays that stay from batch to batch: memory that is new costs more than the work in it.

    All begin at a cache line.

    Args:
        dtype: of all of them.
    """

    def __init__(self, dtype: Any) -> None:
        self._dtype = np.dtype(dtype)
        self._arrays: dict[str, np.ndarray] = {}
        self._known = np.empty(0, np.int32)

    def get(self, name: str, *shape: int) -> np.ndarray:
        """Give an array of a shape; what stands in it is left from before."""
        size = math.prod(shape)
        array = self._arrays.get(name)
        if array is None or array.size < size:
            room = np.zeros(size + size // 8 + ALIGNMENT, self._dtype)
            skipped = -room.ctypes.data % ALIGNMENT // self._dtype.itemsize
            array = self._arrays[name] = room[skipped:]
        return array[:size].reshape(shape)

    def zeros(self, name: str, *shape: int) -> np.ndarray:
        """Give an array of zeros."""
        array = self.get(name, *shape)
        array[...] = 0
        return array

    def known(self, words: int) -> np.ndarray:
        """Give a number for each word, -1; whoever changes it sets it back."""
        if len(self._known) != words:
            self._known = np.full(words, -1, np.int32)
        return self._known

"""Weights as Keras has them, laid out for the kernels, and gradients laid back.

Keras' columns are gate after gate, `units` each. The kernels want, for each `LANES` units, one gate
after the other; units and features are filled up with zeros to whole lanes, which stay zero through
every formula.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from seqclf.kernels.buffers import Buffers
from seqclf.kernels.cells import CELLS
from seqclf.kernels.compiling import kernel
from seqclf.kernels.names import CellName
from seqclf.kernels.vectors import LANES


class Weights(NamedTuple):
    """A layer's weights, as Keras has them.

    Args:
        kernel: (features, gates * units).
        recurrent: (units, gates * units).
        bias: (gates * units,), for "gru" (2, gates * units), or None.
    """

    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray | None


class Packed(NamedTuple):
    """Weights as the kernels of one direction take them; see `seqclf.kernels.cells`."""

    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray
    extra: np.ndarray


def whole(count: int) -> int:
    """Round up to whole lanes.

    Example:
        >>> whole(1) == whole(LANES) == LANES
        True
    """
    return -(-count // LANES) * LANES


@kernel
def pack_blocks(source: Any, gates: int, depth: int, out: Any) -> None:
    """Lay weights out in blocks of `LANES` columns, as `product` takes them.

    Args:
        source: (rows, gates * units), as in Keras.
        gates: how many there are.
        depth: rows of the result, at least those of the source.
        out: (gates * whole(units) * depth,), written.
    """
    units = source.shape[1] // gates
    out[:] = 0.0
    for k in range(source.shape[0]):
        for q in range(gates):
            for u in range(units):
                block = u // LANES * gates + q
                out[(block * depth + k) * LANES + u % LANES] = source[k, q * units + u]


@kernel
def pack_steps(source: Any, gates: int, depth: int, out: Any) -> None:
    """Lay weights out so that a row of them has all gates of `LANES` units side by side."""
    units = source.shape[1] // gates
    out[:] = 0.0
    for k in range(source.shape[0]):
        for q in range(gates):
            for u in range(units):
                block = u // LANES * depth + k
                out[(block * gates + q) * LANES + u % LANES] = source[k, q * units + u]


@kernel
def pack_transposed(source: Any, gates: int, depth: int, out: Any) -> None:
    """Lay the transposed weights out in blocks; `depth` is gates * whole(units)."""
    units = source.shape[1] // gates
    out[:] = 0.0
    for k in range(source.shape[0]):
        block = k // LANES * depth
        for q in range(gates):
            for u in range(units):
                column = (u // LANES * gates + q) * LANES + u % LANES
                out[(block + column) * LANES + k % LANES] = source[k, q * units + u]


@kernel
def pack_row(source: Any, gates: int, out: Any) -> None:
    """Lay a row of numbers out, a bias: (gates * units,) to (gates * whole(units),)."""
    units = len(source) // gates
    out[:] = 0.0
    for q in range(gates):
        for u in range(units):
            out[(u // LANES * gates + q) * LANES + u % LANES] = source[q * units + u]


@kernel
def unpack(parts: Any, gates: int, width: int, out: Any) -> None:
    """Add gradients up over the threads and lay them back.

    Args:
        parts: (threads, rows * width), in the layout of `pack_row`.
        gates: how many there are.
        width: gates * whole(units).
        out: (rows, gates * units), as in Keras, written.
    """
    units = out.shape[1] // gates
    for k in range(out.shape[0]):
        for q in range(gates):
            for u in range(units):
                at = k * width + (u // LANES * gates + q) * LANES + u % LANES
                sum_ = parts[0, at]
                for part in range(1, parts.shape[0]):
                    sum_ += parts[part, at]
                out[k, q * units + u] = sum_


class Packing:
    """The layout of one layer's weights.

    Args:
        cell: which one.
        units: length of the state.
    """

    def __init__(self, cell: CellName, units: int) -> None:
        self._name = cell
        self._cell = CELLS[cell]
        self._units = units
        self._whole = whole(units)
        self._width = self._cell.gates * self._whole

    @property
    def sizes(self) -> tuple[int, int]:
        """How large the gradients of `recurrent` and `extra` are."""
        square = self._whole * self._whole
        if self._name == "gru_reset_before":
            return 2 * square, square
        return self._width * self._whole, self._whole

    def forward(self, weights: Weights, depth: int, buffers: Buffers) -> Packed:
        """Lay the weights out for the way forward; `depth` is whole(features)."""
        gates, rows, units = self._cell.gates, self._whole, self._units
        kernel = buffers.get("kernel", self._width * depth)
        recurrent, extra = (
            buffers.get(name, size)
            for name, size in zip(("recurrent", "extra"), self.sizes, strict=True)
        )
        bias = buffers.zeros("bias", self._width)
        pack_blocks(weights.kernel, gates, depth, kernel)
        first, second = self._bias(weights)
        if first is not None:
            pack_row(first, gates, bias)
        if self._name == "simple_rnn":
            pack_blocks(weights.recurrent, gates, rows, recurrent)
        elif self._name == "gru_reset_before":
            pack_steps(_columns(weights.recurrent, 0, 2 * units), 2, rows, recurrent)
            pack_blocks(_columns(weights.recurrent, 2 * units, 3 * units), 1, rows, extra)
        else:
            pack_steps(weights.recurrent, gates, rows, recurrent)
        if self._name == "gru":
            extra[:] = 0
            if second is not None:
                pack_row(second, 1, extra)
        return Packed(kernel, recurrent, bias, extra)

    def backward(self, weights: Weights, depth: int, buffers: Buffers) -> Packed:
        """Lay the transposed weights out for the way back; the biases have nothing to do there."""
        gates, units = self._cell.gates, self._units
        kernel = buffers.get("kernel", self._width * depth)
        recurrent, extra = (
            buffers.get(name, size)
            for name, size in zip(("recurrent", "extra"), self.sizes, strict=True)
        )
        pack_transposed(weights.kernel, gates, self._width, kernel)
        if self._name == "gru_reset_before":
            first = _columns(weights.recurrent, 0, 2 * units)
            pack_transposed(first, 2, 2 * self._whole, recurrent)
            last = _columns(weights.recurrent, 2 * units, 3 * units)
            pack_transposed(last, 1, self._whole, extra)
        else:
            pack_transposed(weights.recurrent, gates, self._width, recurrent)
        return Packed(kernel, recurrent, buffers.get("bias", self._width), extra)

    def gradients(
        self,
        weights: Weights,
        d_kernel: np.ndarray,
        d_recurrent: np.ndarray,
        d_bias: np.ndarray,
        d_extra: np.ndarray,
    ) -> Weights:
        """Add the threads' gradients up, in the shapes of the weights."""
        gates, units = self._cell.gates, self._units
        kernel, recurrent = np.empty_like(weights.kernel), np.empty_like(weights.recurrent)
        unpack(d_kernel, gates, self._width, kernel)
        if self._name == "gru_reset_before":
            parts = [np.empty((units, count * units), kernel.dtype) for count in (2, 1)]
            unpack(d_recurrent, 2, 2 * self._whole, parts[0])
            unpack(d_extra, 1, self._whole, parts[1])
            np.concatenate(parts, axis=1, out=recurrent)
        else:
            unpack(d_recurrent, gates, self._width, recurrent)
        if weights.bias is None:
            return Weights(kernel, recurrent, None)
        bias = np.empty((1, gates * units), kernel.dtype)
        unpack(d_bias, gates, self._width, bias)
        if self._name != "gru":
            return Weights(kernel, recurrent, bias[0])
        last = np.empty((1, units), kernel.dtype)
        unpack(d_extra, 1, self._whole, last)
        inner = np.concatenate([bias[:, : 2 * units], last], axis=1)
        return Weights(kernel, recurrent, np.concatenate([bias, inner]))

    def _bias(self, weights: Weights) -> tuple[np.ndarray | None, np.ndarray | None]:
        """Give what is added to the projected input, and what only the candidate's product gets."""
        bias = weights.bias
        if bias is None or self._name != "gru":
            return bias, None
        outer, inner = bias[0].copy(), bias[1]
        outer[: 2 * self._units] += inner[: 2 * self._units]
        return outer, inner[2 * self._units :].copy()


def _columns(source: np.ndarray, first: int, last: int) -> np.ndarray:
    return np.ascontiguousarray(source[:, first:last])

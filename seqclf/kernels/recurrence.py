"""One recurrent layer in one direction, forward and backward, in NumPy arrays."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from seqclf.kernels.buffers import Buffers
from seqclf.kernels.cells import CELLS
from seqclf.kernels.names import CellName
from seqclf.kernels.packing import Packing, Weights, whole
from seqclf.kernels.rows import differentiate, gather, project
from seqclf.kernels.schedule import Schedule, schedule_ids, schedule_numbers
from seqclf.kernels.states import collect_left, collect_states, spread_states
from seqclf.kernels.threads import share, thread_count, together
from seqclf.kernels.tiles import RING, Gradients
from seqclf.kernels.vectors import SAMPLES

_WORK_A_THREAD = 2_000_000
"""Products of two numbers that a thread more is worth waking for."""

_OCCURRENCES = 8
"""A batch with so many tokens for each of the embedding's has most of them."""

_PADDING = np.zeros(1, np.int64)
"""The tile that no text is in."""


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


class Recurrence:
    """A recurrent layer in one direction.

    Args:
        cell: which one.
        units: length of the state.
        slope: of the gates' hard sigmoid, 0 for the sigmoid.
        backwards: whether texts are read from the end; outputs of all steps come in that order.
        zeros: whether outputs of all steps are zero where a mask is false, as with Keras'
            `zero_output_for_mask`; else the state stays put there.
        dtype: float32, or float64 to check gradients with.
    """

    def __init__(
        self,
        cell: CellName,
        units: int,
        *,
        slope: float = 0.0,
        backwards: bool = False,
        zeros: bool = False,
        dtype: Any = np.float32,
    ) -> None:
        self.cell = CELLS[cell]
        self.name = cell
        self.units = units
        self.slope = slope
        self.backwards = backwards
        self.zeros = zeros
        self.dtype = np.dtype(dtype)
        self._packing = Packing(cell, units)
        self._whole = whole(units)
        self._width = self.cell.gates * self._whole
        self._free: list[Buffers] = []
        self._known = np.empty(0, np.int32)

    def forward_ids(
        self,
        ids: np.ndarray,
        table: np.ndarray,
        mask: np.ndarray | None,
        weights: Weights,
        *,
        keep: bool,
        sequences: bool = False,
    ) -> tuple[np.ndarray, Pass]:
        """Read token ids through an embedding.

        Args:
            ids: (texts, steps), int32.
            table: the embedding, (num_words, features).
            mask: (texts, steps), bool, or None.
            weights: the layer's weights.
            keep: whether `backward` will be called.
            sequences: whether every step's output is asked for.

        Returns:
            The outputs, (texts, units) or (texts, steps, units), and what `backward` takes.

        Raises:
            ValueError: an id that is none of the embedding's.
        """
        if len(self._known) != len(table):
            self._known = np.full(len(table), -1, np.int32)
        schedule = schedule_ids(
            ids,
            mask,
            self._known,
            backwards=self.backwards,
            sequences=sequences,
            zeros=self.zeros,
            compact=keep or ids.size < _OCCURRENCES * len(table),
        )
        return self._forward(schedule, table, table, ids.shape, weights, keep, sequences)

    def forward_numbers(
        self,
        x: np.ndarray,
        mask: np.ndarray | None,
        starts: np.ndarray | None,
        weights: Weights,
        *,
        keep: bool,
        sequences: bool = False,
    ) -> tuple[np.ndarray, Pass]:
        """Read numbers: a series, or the outputs of another layer.

        Args:
            x: (texts, steps, features).
            mask: (texts, steps), bool, or None.
            starts: how many steps in front are the same in all texts that have them, or None.
            weights: the layer's weights.
            keep: whether `backward` will be called.
            sequences: whether every step's output is asked for.

        Returns:
            As `forward_ids`.
        """
        texts, steps, features = x.shape
        known = None if self.backwards or mask is not None else starts
        schedule = schedule_numbers(
            texts,
            steps,
            mask,
            known,
            backwards=self.backwards,
            sequences=sequences,
            zeros=self.zeros,
        )
        table = x.reshape(-1, features)
        return self._forward(schedule, table, None, x.shape, weights, keep, sequences)

    def _forward(
        self,
        schedule: Schedule,
        rows: np.ndarray,
        table: np.ndarray | None,
        shape: tuple[int, ...],
        weights: Weights,
        keep: bool,
        sequences: bool,
    ) -> tuple[np.ndarray, Pass]:
        buffers = self._free.pop() if self._free else Buffers(self.dtype)
        layout, width, units = schedule.layout, self._width, self._whole
        depth = whole(rows.shape[1])
        packed = self._packing.forward(weights, depth, buffers)
        tiles = _divide(layout.steps, units * width)
        parts = len(tiles)
        count = -(-schedule.rows // SAMPLES) * SAMPLES
        x = buffers.get("x", count * depth)
        projected = buffers.get("projected", count * width)
        ranges = share(schedule.rows, parts, SAMPLES)

        def begin(part: int) -> None:
            first, last = ranges[part]
            gather(first, last, schedule.sources, rows, depth, x)
            project(first, last, x, depth, packed.kernel, packed.bias, width, projected)

        together(begin, parts)
        whole_states = keep or sequences
        places = layout.firsts if whole_states else _turns(layout.steps)
        slots = schedule.slots if whole_states else int(places[-1]) + 2
        h = buffers.get("h", slots * SAMPLES * units)
        second = buffers.get("second", slots * SAMPLES * units if self.cell.second else 1)
        kept = buffers.get("kept", slots * SAMPLES * units * self.cell.kept if whole_states else 1)
        h[: SAMPLES * units] = 0
        second[: SAMPLES * units] = 0

        scratch = self._scratch(buffers, parts)

        def run(part: int, numbers: np.ndarray) -> None:
            self.cell.forward(
                numbers, layout, places, projected, packed.recurrent, packed.extra,
                self.dtype.type(self.slope), units, whole_states, h, second, kept,
                scratch[part],
            )  # fmt: skip

        if layout.steps[0]:
            run(0, _PADDING)
        together(lambda part: run(part, tiles[part]), parts)
        left = Pass(schedule, weights, buffers, tiles, table, shape, sequences)
        if sequences:
            output = np.empty((*shape[:2], self.units), self.dtype)
            cuts = share(len(output), parts)
            states = schedule.states
            together(lambda part: spread_states(*cuts[part], states, h, units, output), parts)
        else:
            output = self._last_states(schedule, places, whole_states, h, shape[0])
        if not keep:
            self.release(left)
        return output, left

    def release(self, left: Pass) -> None:
        """Give the buffers of a pass back; its `backward` cannot be called any more."""
        self._free.append(left.buffers)

    def backward(self, left: Pass, gradient: np.ndarray, *, rows_wanted: bool = True) -> Gradient:
        """Differentiate.

        Args:
            left: what forward gave.
            gradient: of the outputs, in their shape.
            rows_wanted: whether the gradient of the input is.

        Returns:
            The gradients of input and weights; those of the input are valid until the next call.
        """
        schedule, buffers, weights = left.schedule, left.buffers, left.weights
        layout, width, units = schedule.layout, self._width, self._whole
        parts = len(left.tiles)
        depth = whole(weights.kernel.shape[0])
        count = -(-schedule.rows // SAMPLES) * SAMPLES
        add = left.table is not None
        packed = self._packing.backward(weights, depth, buffers)
        arrived = self._arrived(left, gradient)
        copies = parts if add else 1
        d_projected = buffers.get("d_projected", copies, count * width)
        sizes = self._packing.sizes
        d_recurrent = buffers.zeros("d_recurrent", parts, sizes[0])
        d_extra = buffers.zeros("d_extra", parts, sizes[1])
        h = buffers.get("h", schedule.slots * SAMPLES * units)
        second = buffers.get("second", schedule.slots * SAMPLES * units if self.cell.second else 1)
        kept = buffers.get("kept", schedule.slots * SAMPLES * units * self.cell.kept)

        scratch = self._scratch(buffers, parts)

        def run(part: int, numbers: np.ndarray) -> None:
            self.cell.backward(
                numbers, layout, arrived, packed.recurrent, packed.extra,
                self.dtype.type(self.slope), units, h, second, kept, add,
                d_projected[part if add else 0], d_recurrent[part], d_extra[part],
                scratch[part],
            )  # fmt: skip

        def texts(part: int) -> None:
            if add:
                d_projected[part] = 0
            run(part, left.tiles[part])

        if not add:
            d_projected[0, : SAMPLES * width] = 0
            d_projected[0, (count - SAMPLES) * width :] = 0
        together(texts, parts)
        if layout.steps[0]:
            self._share(schedule, arrived)
            run(0, _PADDING)
        x = buffers.get("x", count * depth)
        d_x = buffers.get("d_x", count * depth if rows_wanted else 1)
        d_kernel = buffers.zeros("d_kernel", parts, depth * width)
        d_bias = buffers.zeros("d_bias", parts, width)
        ranges = share(schedule.rows, parts, SAMPLES)

        def end(part: int) -> None:
            differentiate(
                *ranges[part], x, depth, packed.kernel, width, d_projected, rows_wanted, d_x,
                d_kernel[part], d_bias[part],
            )  # fmt: skip

        together(end, parts)
        gradients = self._packing.gradients(weights, d_kernel, d_recurrent, d_bias, d_extra)
        self.release(left)
        rows = d_x.reshape(-1, depth)[: schedule.rows] if rows_wanted else None
        return Gradient(rows, schedule.sources[: schedule.rows], gradients)

    def _scratch(self, buffers: Buffers, parts: int) -> np.ndarray:
        """Give each thread room for the steps that wait and for the states' gradients."""
        return buffers.get("scratch", parts, SAMPLES * (RING * self._width + 3 * self._whole))

    def _last_states(
        self, schedule: Schedule, places: np.ndarray, all_slots: bool, h: np.ndarray, texts: int
    ) -> np.ndarray:
        steps = schedule.layout.steps
        slots = places + (steps if all_slots else steps & 1)
        rows = (slots[1:, None] * SAMPLES + np.arange(SAMPLES)).ravel()[:texts]
        output = np.empty((texts, self.units), self.dtype)
        output[schedule.order[:texts]] = h.reshape(-1, self._whole)[rows, : self.units]
        return output

    def _arrived(self, left: Pass, gradient: np.ndarray) -> Gradients:
        """Lay the outputs' gradients out where the states are that they came from."""
        schedule, buffers, units = left.schedule, left.buffers, self._whole
        layout, parts = schedule.layout, len(left.tiles)
        places = len(layout.begins)
        size = (int(layout.steps[0]) + 1) * units
        shared_h = buffers.zeros("shared_h", size)
        shared_c = buffers.zeros("shared_c", size)
        left_h = buffers.get("left_h", places * units)
        left_c = buffers.get("left_c", places * units)
        if left.sequences:
            arriving = buffers.get("arriving", schedule.slots * SAMPLES * units)
            partly = buffers.zeros("partly", parts, size)
            states, limit = schedule.states, int(layout.steps[0] + 1) * SAMPLES
            cuts, ranges = share(len(gradient), parts), share(len(arriving), parts)

            def clear(part: int) -> None:
                arriving[slice(*ranges[part])] = 0

            def collect(part: int) -> None:
                collect_states(*cuts[part], states, gradient, units, limit, arriving, partly[part])

            together(clear, parts)
            together(collect, parts)
            partly.sum(0, out=shared_h)
        else:
            arriving = buffers.zeros("arriving", places, units)
            texts = len(gradient)
            arriving[SAMPLES : SAMPLES + texts, : self.units] = gradient[schedule.order[:texts]]
            arriving = arriving.reshape(-1)
        return Gradients(left.sequences, arriving, shared_h, shared_c, left_h, left_c)

    def _share(self, schedule: Schedule, arrived: Gradients) -> None:
        """Hand what the texts leave over to the padding that they began behind."""
        collect_left(schedule.layout, arrived.left_h, self._whole, arrived.shared_h)
        if self.name == "lstm":
            collect_left(schedule.layout, arrived.left_c, self._whole, arrived.shared_c)


def _turns(steps: np.ndarray) -> np.ndarray:
    """Give the slots of states that are not kept: all of tile 0, two of every other."""
    places = int(steps[0]) + 1 + 2 * np.arange(-1, len(steps) - 1)
    places[0] = 0
    return places


def _divide(steps: np.ndarray, work: int) -> list[np.ndarray]:
    """Divide the tiles among threads, each the next longest to the one with the least to do."""
    total = int(steps[1:].sum()) * work * SAMPLES
    parts = max(1, min(thread_count(), len(steps) - 1, total // _WORK_A_THREAD))
    if parts == 1:
        return [np.arange(1, len(steps))]
    busy = [(0, part) for part in range(parts)]
    tiles: list[list[int]] = [[] for _ in range(parts)]
    for n, count in enumerate(steps[1:].tolist(), start=1):
        done, part = busy[0]
        heapq.heapreplace(busy, (done + count, part))
        tiles[part].append(n)
    return [np.array(numbers, np.int64) for numbers in tiles]

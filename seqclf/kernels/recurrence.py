"""One recurrent layer in one direction, forward and backward, in NumPy arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqclf.kernels.buffers import Buffers
from seqclf.kernels.cells import CELLS
from seqclf.kernels.names import CellName
from seqclf.kernels.packing import Packing, Weights, whole
from seqclf.kernels.passes import Gradient, Pass
from seqclf.kernels.rows import differentiate, gather, project
from seqclf.kernels.schedule import Schedule, schedule_ids, schedule_numbers
from seqclf.kernels.states import collect_left, collect_states, spread_states
from seqclf.kernels.threads import divide_tiles, share, together
from seqclf.kernels.tiles import RING, Gradients
from seqclf.kernels.vectors import SAMPLES

_OCCURRENCES = 8
"""A batch with so many tokens for each of the embedding's has most of them."""

_PADDING = np.zeros(1, np.int64)
"""The tile that no text is in."""


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
        buffers = self._buffers()
        schedule = schedule_ids(
            ids,
            mask,
            buffers.known(len(table)),
            backwards=self.backwards,
            sequences=sequences,
            zeros=self.zeros,
            compact=keep or ids.size < _OCCURRENCES * len(table),
        )
        return self._forward(buffers, schedule, table, table, ids.shape, weights, keep, sequences)

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
        return self._forward(
            self._buffers(), schedule, table, None, x.shape, weights, keep, sequences
        )

    def _buffers(self) -> Buffers:
        """Take memory that no pass uses; several threads may predict at once."""
        try:
            return self._free.pop()
        except IndexError:
            return Buffers(self.dtype)

    def _forward(
        self,
        buffers: Buffers,
        schedule: Schedule,
        rows: np.ndarray,
        table: np.ndarray | None,
        shape: tuple[int, ...],
        weights: Weights,
        keep: bool,
        sequences: bool,
    ) -> tuple[np.ndarray, Pass]:
        layout, width, units = schedule.layout, self._width, self._whole
        depth = whole(rows.shape[1])
        packed = self._packing.forward(weights, depth, buffers)
        tiles = divide_tiles(layout.steps, units * width * SAMPLES)
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
        window = -1 if keep or sequences else 1
        places = layout.firsts if window < 0 else _turns(layout.steps)
        size = (schedule.slots if window < 0 else int(places[-1]) + 2) * SAMPLES * units
        h = buffers.get("h", size)
        second = buffers.get("second", size if self.cell.second else 1)
        kept = buffers.get("kept", size * self.cell.kept if keep else 1)
        h[: SAMPLES * units] = 0
        second[: SAMPLES * units] = 0
        scratch = self._scratch(buffers, parts)

        def run(part: int, numbers: np.ndarray) -> None:
            self.cell.forward(
                numbers, layout, places, window, projected, packed.recurrent, packed.extra,
                self.dtype.type(self.slope), units, keep, h, second, kept, scratch[part],
            )  # fmt: skip

        if layout.steps[0]:
            run(0, _PADDING)
        together(lambda part: run(part, tiles[part]), parts)
        passed = Pass(schedule, weights, buffers, tiles, table, shape, sequences)
        if sequences:
            output = np.empty((*shape[:2], self.units), self.dtype)
            cuts = share(len(output), parts)
            states = schedule.states
            together(lambda part: spread_states(*cuts[part], states, h, units, output), parts)
        else:
            output = self._last_states(schedule, places, window, h, shape[0])
        if not keep:
            self.release(passed)
        return output, passed

    def release(self, passed: Pass) -> None:
        """Give the buffers of a pass back; its `backward` cannot be called any more."""
        self._free.append(passed.buffers)

    def backward(self, passed: Pass, gradient: np.ndarray, *, rows_wanted: bool = True) -> Gradient:
        """Differentiate.

        Args:
            passed: what forward gave.
            gradient: of the outputs, in their shape.
            rows_wanted: whether the gradient of the input is.

        Returns:
            The gradients of input and weights; those of the input are valid until the next call.
        """
        schedule, buffers, weights = passed.schedule, passed.buffers, passed.weights
        layout, width, units = schedule.layout, self._width, self._whole
        parts = len(passed.tiles)
        depth = whole(weights.kernel.shape[0])
        count = -(-schedule.rows // SAMPLES) * SAMPLES
        add = passed.table is not None
        packed = self._packing.backward(weights, depth, buffers)
        arrived = self._arrived(passed, gradient)
        copies = parts if add else 1
        d_projected = buffers.get("d_projected", copies, count * width)
        sizes = self._packing.sizes
        d_recurrent = buffers.zeros("d_recurrent", parts, sizes[0])
        d_extra = buffers.zeros("d_extra", parts, sizes[1])
        size = schedule.slots * SAMPLES * units
        h = buffers.get("h", size)
        second = buffers.get("second", size if self.cell.second else 1)
        kept = buffers.get("kept", size * self.cell.kept)
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
            run(part, passed.tiles[part])

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
        self.release(passed)
        rows = d_x.reshape(-1, depth)[: schedule.rows] if rows_wanted else None
        return Gradient(rows, schedule.sources[: schedule.rows], gradients)

    def _scratch(self, buffers: Buffers, parts: int) -> np.ndarray:
        """Give each thread room for the steps that wait and for the states' gradients."""
        return buffers.get("scratch", parts, SAMPLES * (RING * self._width + 3 * self._whole))

    def _last_states(
        self, schedule: Schedule, places: np.ndarray, window: int, h: np.ndarray, texts: int
    ) -> np.ndarray:
        slots = places + (schedule.layout.steps & window)
        rows = (slots[1:, None] * SAMPLES + np.arange(SAMPLES)).ravel()[:texts]
        output = np.empty((texts, self.units), self.dtype)
        output[schedule.order[:texts]] = h.reshape(-1, self._whole)[rows, : self.units]
        return output

    def _arrived(self, passed: Pass, gradient: np.ndarray) -> Gradients:
        """Lay the outputs' gradients out where the states are that they came from."""
        schedule, buffers, units = passed.schedule, passed.buffers, self._whole
        layout, parts = schedule.layout, len(passed.tiles)
        places = len(layout.begins)
        size = (int(layout.steps[0]) + 1) * units
        shared_h = buffers.zeros("shared_h", size)
        shared_c = buffers.zeros("shared_c", size)
        left_h = buffers.get("left_h", places * units)
        left_c = buffers.get("left_c", places * units)
        if passed.sequences:
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
        return Gradients(passed.sequences, arriving, shared_h, shared_c, left_h, left_c)

    def _share(self, schedule: Schedule, arrived: Gradients) -> None:
        """Hand what the texts leave over to the padding that they began behind."""
        collect_left(schedule.layout, arrived.left_h, self._whole, arrived.shared_h)
        if self.name == "lstm":
            collect_left(schedule.layout, arrived.left_c, self._whole, arrived.shared_c)


def _turns(steps: np.ndarray) -> np.ndarray:
    """Give the slots of states that are not kept: all of tile 0, two of every other.

    One between two tiles is left free: they belong to different threads, and a processor that reads
    a cache line asks for the next one, too, which would take it away from the other.
    """
    places = int(steps[0]) + 1 + 3 * np.arange(-1, len(steps) - 1)
    places[0] = 0
    return places

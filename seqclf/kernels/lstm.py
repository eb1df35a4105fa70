"""LSTM.

With x W + b projected before, for every token once:

    i = gate(x W_i + h R_i + b_i)      f = gate(x W_f + h R_f + b_f)
    z = tanh(x W_z + h R_z + b_z)      o = gate(x W_o + h R_o + b_o)
    c' = f c + i z                     h' = o tanh(c')

Source:
    Hochreiter & Schmidhuber (1997), Long short-term memory; Gers, Schmidhuber & Cummins (2000),
    Learning to forget. The order of the gates is Keras'.
"""

from __future__ import annotations

from typing import Any

from seqclf.kernels.activations import gate, gate_slope, tanh
from seqclf.kernels.compiling import kernel
from seqclf.kernels.denormals import flush_denormals, restore_denormals
from seqclf.kernels.memory import column, fetch, fetch_gathered, gathered, put, row, tile
from seqclf.kernels.products import product
from seqclf.kernels.tiles import (
    AHEAD,
    RING,
    Gradients,
    Layout,
    add_waiting,
    arrive,
    begin,
    hand_over,
    last_begin,
    leave,
)
from seqclf.kernels.vectors import LANES, SAMPLES, TILE

GATES = 4


@kernel
def forward(
    tiles: Any,
    layout: Layout,
    places: Any,
    window: int,
    projected: Any,
    recurrent: Any,
    extra: Any,
    slope: float,
    units: int,
    keep: bool,
    h: Any,
    c: Any,
    kept: Any,
    scratch: Any,
) -> None:
    """Run tiles forward; see `seqclf.kernels.cells` for the arguments."""
    mode = flush_denormals()
    width = GATES * units
    for n in tiles:
        last = last_begin(layout, n)
        # Slot `step & -1` is the step's own; `step & 1` is one of two, used in turn.
        turn = -1 if n == 0 else window
        for step in range(layout.steps[n] + 1):
            here = (places[n] + (step & turn)) * SAMPLES
            if step <= last:
                begin(layout, n, step, h, here, units)
                begin(layout, n, step, c, here, units)
            if step == layout.steps[n]:
                break
            read = (layout.firsts[n] + step) * SAMPLES
            before = here * units
            after = (places[n] + ((step + 1) & turn)) * SAMPLES * units
            w = 0
            for u in range(0, units, LANES):
                at = GATES * u
                i = gathered(projected, layout.numbers, read, width, at)
                f = gathered(projected, layout.numbers, read, width, at + LANES)
                z = gathered(projected, layout.numbers, read, width, at + 2 * LANES)
                o = gathered(projected, layout.numbers, read, width, at + 3 * LANES)
                for later in range(at, at + GATES * LANES, LANES):
                    fetch_gathered(projected, layout.numbers, read + AHEAD, width, later)
                for k in range(units):
                    state = column(h, before + k, units)
                    i = i + state * row(recurrent, w)
                    f = f + state * row(recurrent, w + LANES)
                    z = z + state * row(recurrent, w + 2 * LANES)
                    o = o + state * row(recurrent, w + 3 * LANES)
                    w += GATES * LANES
                i = gate(i, slope)
                f = gate(f, slope)
                z = tanh(z)
                o = gate(o, slope)
                cell = f * tile(c, before + u, units) + i * z
                put(c, after + u, units, cell)
                put(h, after + u, units, o * tanh(cell))
                if keep:
                    to = here * width + at * SAMPLES
                    put(kept, to, LANES, i)
                    put(kept, to + TILE, LANES, f)
                    put(kept, to + 2 * TILE, LANES, z)
                    put(kept, to + 3 * TILE, LANES, o)
    restore_denormals(mode)


@kernel
def backward(
    tiles: Any,
    layout: Layout,
    gradients: Gradients,
    transposed: Any,
    extra: Any,
    slope: float,
    units: int,
    h: Any,
    c: Any,
    kept: Any,
    add: bool,
    d_projected: Any,
    d_recurrent: Any,
    d_extra: Any,
    scratch: Any,
) -> None:
    """Run tiles backward; see `seqclf.kernels.cells` for the arguments."""
    mode = flush_denormals()
    width = GATES * units
    size = SAMPLES * units
    ring = scratch[: RING * GATES * size]
    rest = scratch[RING * GATES * size :]
    dh = rest[:size]
    rest = rest[size:]
    dc = rest[:size]
    for n in tiles:
        last = last_begin(layout, n)
        dh[:] = 0.0
        dc[:] = 0.0
        waiting = 0
        for step in range(layout.steps[n], -1, -1):
            here = (layout.firsts[n] + step) * SAMPLES
            arrive(layout, gradients, n, step, dh, units)
            if n == 0:
                for u in range(units):
                    dc[u] += gradients.shared_c[step * units + u]
            if step <= last:
                leave(layout, n, step, dh, gradients.left_h, units)
                leave(layout, n, step, dc, gradients.left_c, units)
            if step == 0:
                break
            # Now the step that led here, from the slot before.
            before = here - SAMPLES
            waiting += 1
            d = (RING - waiting) * SAMPLES * width
            for u in range(0, units, LANES):
                at = GATES * u
                read = before * width + at * SAMPLES
                fetch(kept, max(read - GATES * size, 0), GATES)
                i = tile(kept, read, LANES)
                f = tile(kept, read + TILE, LANES)
                z = tile(kept, read + 2 * TILE, LANES)
                o = tile(kept, read + 3 * TILE, LANES)
                bent = tanh(tile(c, here * units + u, units))
                out = tile(dh, u, units)
                cell = tile(dc, u, units) + out * o * (1.0 - bent * bent)
                di = cell * z * gate_slope(i, slope)
                df = cell * tile(c, before * units + u, units) * gate_slope(f, slope)
                dz = cell * i * (1.0 - z * z)
                do = out * bent * gate_slope(o, slope)
                put(dc, u, units, cell * f)
                put(ring, d + at, width, di)
                put(ring, d + at + LANES, width, df)
                put(ring, d + at + 2 * LANES, width, dz)
                put(ring, d + at + 3 * LANES, width, do)
                hand_over(d_projected, add, layout.numbers, before, width, at, di)
                hand_over(d_projected, add, layout.numbers, before, width, at + LANES, df)
                hand_over(d_projected, add, layout.numbers, before, width, at + 2 * LANES, dz)
                hand_over(d_projected, add, layout.numbers, before, width, at + 3 * LANES, do)
            product(ring, d, width, width, transposed, units // LANES, dh, 0, units, False)
            if waiting == RING or step == 1:
                add_waiting(h, before, units, ring, waiting, width, d_recurrent)
                waiting = 0
    restore_denormals(mode)

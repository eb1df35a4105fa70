"""GRU whose reset gate acts after the recurrent product (`reset_after=True`, Keras' default).

With x W + b projected before, for every token once, and the recurrent bias of z and r with it:

    z = gate(x W_z + h R_z + b_z)      r = gate(x W_r + h R_r + b_r)
    p = h R_c + b_c                    y = tanh(x W_c + r p)
    h' = z h + (1 - z) y

Source:
    Cho et al. (2014), Learning phrase representations; the place of the reset gate is that of
    cuDNN and of Keras' `reset_after=True`. The order of the gates is Keras'.
"""

from __future__ import annotations

from typing import Any

from seqclf.kernels.activations import gate, gate_slope, tanh
from seqclf.kernels.compiling import kernel
from seqclf.kernels.denormals import flush_denormals, restore_denormals
from seqclf.kernels.memory import column, fetch, fetch_gathered, gathered, put, put_row, row, tile
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
from seqclf.kernels.vectors import LANES, SAMPLES, TILE, each, total

GATES = 3
KEPT = 4


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
            if step == layout.steps[n]:
                break
            read = (layout.firsts[n] + step) * SAMPLES
            before = here * units
            after = (places[n] + ((step + 1) & turn)) * SAMPLES * units
            w = 0
            for u in range(0, units, LANES):
                at = GATES * u
                z = gathered(projected, layout.numbers, read, width, at)
                r = gathered(projected, layout.numbers, read, width, at + LANES)
                for later in range(at, at + GATES * LANES, LANES):
                    fetch_gathered(projected, layout.numbers, read + AHEAD, width, later)
                p = each(row(extra, u))
                for k in range(units):
                    state = column(h, before + k, units)
                    z = z + state * row(recurrent, w)
                    r = r + state * row(recurrent, w + LANES)
                    p = p + state * row(recurrent, w + 2 * LANES)
                    w += GATES * LANES
                z = gate(z, slope)
                r = gate(r, slope)
                x = gathered(projected, layout.numbers, read, width, at + 2 * LANES)
                y = tanh(x + r * p)
                put(h, after + u, units, z * (tile(h, before + u, units) - y) + y)
                if keep:
                    to = (here * units + u * SAMPLES) * KEPT
                    put(kept, to, LANES, z)
                    put(kept, to + TILE, LANES, r)
                    put(kept, to + 2 * TILE, LANES, y)
                    put(kept, to + 3 * TILE, LANES, p)
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
    for n in tiles:
        last = last_begin(layout, n)
        dh[:] = 0.0
        waiting = 0
        for step in range(layout.steps[n], -1, -1):
            here = (layout.firsts[n] + step) * SAMPLES
            arrive(layout, gradients, n, step, dh, units)
            if step <= last:
                leave(layout, n, step, dh, gradients.left_h, units)
            if step == 0:
                break
            # Now the step that led here, from the slot before.
            before = here - SAMPLES
            waiting += 1
            d = (RING - waiting) * SAMPLES * width
            for u in range(0, units, LANES):
                at = GATES * u
                read = (before * units + u * SAMPLES) * KEPT
                fetch(kept, max(read - KEPT * size, 0), KEPT)
                z = tile(kept, read, LANES)
                r = tile(kept, read + TILE, LANES)
                y = tile(kept, read + 2 * TILE, LANES)
                p = tile(kept, read + 3 * TILE, LANES)
                out = tile(dh, u, units)
                dz = out * (tile(h, before * units + u, units) - y) * gate_slope(z, slope)
                dy = out * (1.0 - z) * (1.0 - y * y)
                dr = dy * p * gate_slope(r, slope)
                dp = dy * r
                # What reaches h past the gates.
                put(dh, u, units, out * z)
                put_row(d_extra, u, row(d_extra, u) + total(dp))
                put(ring, d + at, width, dz)
                put(ring, d + at + LANES, width, dr)
                put(ring, d + at + 2 * LANES, width, dp)
                hand_over(d_projected, add, layout.numbers, before, width, at, dz)
                hand_over(d_projected, add, layout.numbers, before, width, at + LANES, dr)
                hand_over(d_projected, add, layout.numbers, before, width, at + 2 * LANES, dy)
            product(ring, d, width, width, transposed, units // LANES, dh, 0, units, True)
            if waiting == RING or step == 1:
                add_waiting(h, before, units, ring, waiting, width, d_recurrent)
                waiting = 0
    restore_denormals(mode)

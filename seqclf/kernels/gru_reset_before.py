"""GRU whose reset gate acts before the recurrent product (`reset_after=False`, Keras 2's default).

With x W + b projected before, for every token once:

    z = gate(x W_z + h R_z + b_z)      r = gate(x W_r + h R_r + b_r)
    q = r h                            y = tanh(x W_y + q R_y + b_y)
    h' = z h + (1 - z) y

Source:
    Cho et al. (2014), Learning phrase representations. The order of the gates is Keras'.
"""

from __future__ import annotations

from typing import Any

from seqclf.kernels.activations import gate, gate_slope, tanh
from seqclf.kernels.compiling import kernel
from seqclf.kernels.denormals import flush_denormals, restore_denormals
from seqclf.kernels.memory import column, fetch_gathered, gathered, put, row, tile
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

GATES = 3
KEPT = 3


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
    q: Any,
    kept: Any,
    scratch: Any,
) -> None:
    """Run tiles forward; see `seqclf.kernels.cells` for the arguments."""
    mode = flush_denormals()
    width = GATES * units
    inner = scratch[: SAMPLES * units]
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
                for k in range(units):
                    state = column(h, before + k, units)
                    z = z + state * row(recurrent, w)
                    r = r + state * row(recurrent, w + LANES)
                    w += 2 * LANES
                z = gate(z, slope)
                r = gate(r, slope)
                # z waits in the row of the next state until y is known.
                put(h, after + u, units, z)
                put(q, before + u, units, r * tile(h, before + u, units))
                put(
                    inner,
                    u,
                    units,
                    gathered(projected, layout.numbers, read, width, at + 2 * LANES),
                )
                if keep:
                    put(kept, (here * units + u * SAMPLES) * KEPT + TILE, LANES, r)
            product(q, before, units, units, extra, units // LANES, inner, 0, units, True)
            for u in range(0, units, LANES):
                z = tile(h, after + u, units)
                y = tanh(tile(inner, u, units))
                put(h, after + u, units, z * (tile(h, before + u, units) - y) + y)
                if keep:
                    to = (here * units + u * SAMPLES) * KEPT
                    put(kept, to, LANES, z)
                    put(kept, to + 2 * TILE, LANES, y)
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
    q: Any,
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
    ring = scratch[: RING * 2 * size]
    rest = scratch[RING * 2 * size :]
    candidates = rest[: RING * size]
    rest = rest[RING * size :]
    dh = rest[:size]
    rest = rest[size:]
    dq = rest[:size]
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
            d = (RING - waiting) * SAMPLES * units
            for u in range(0, units, LANES):
                at = GATES * u
                read = (before * units + u * SAMPLES) * KEPT
                z = tile(kept, read, LANES)
                y = tile(kept, read + 2 * TILE, LANES)
                out = tile(dh, u, units)
                dz = out * (tile(h, before * units + u, units) - y) * gate_slope(z, slope)
                dy = out * (1.0 - z) * (1.0 - y * y)
                # What reaches h past the gates.
                put(dh, u, units, out * z)
                put(ring, 2 * (d + u), 2 * units, dz)
                put(candidates, d + u, units, dy)
                hand_over(d_projected, add, layout.numbers, before, width, at, dz)
                hand_over(d_projected, add, layout.numbers, before, width, at + 2 * LANES, dy)
            product(candidates, d, units, units, extra, units // LANES, dq, 0, units, False)
            for u in range(0, units, LANES):
                r = tile(kept, (before * units + u * SAMPLES) * KEPT + TILE, LANES)
                reset = tile(dq, u, units)
                dr = reset * tile(h, before * units + u, units) * gate_slope(r, slope)
                put(dh, u, units, tile(dh, u, units) + reset * r)
                put(ring, 2 * (d + u) + LANES, 2 * units, dr)
                hand_over(d_projected, add, layout.numbers, before, width, GATES * u + LANES, dr)
            blocks = units // LANES
            product(ring, 2 * d, 2 * units, 2 * units, transposed, blocks, dh, 0, units, True)
            if waiting == RING or step == 1:
                add_waiting(h, before, units, ring, waiting, 2 * units, d_recurrent)
                add_waiting(q, before, units, candidates, waiting, units, d_extra)
                waiting = 0
    restore_denormals(mode)

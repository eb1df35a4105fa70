"""Simple recurrent layer.

With x W + b projected before, for every token once:

    h' = tanh(x W + h R + b)

Source:
    Elman (1990), Finding structure in time.
"""

from __future__ import annotations

from typing import Any

from seqclf.kernels.activations import tanh
from seqclf.kernels.compiling import kernel
from seqclf.kernels.denormals import flush_denormals, restore_denormals
from seqclf.kernels.memory import fetch_gathered, gathered, put, tile
from seqclf.kernels.products import one_product, product, two_products
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
from seqclf.kernels.vectors import LANES, SAMPLES

GATES = 1


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
            for u in range(0, units, LANES):
                fetch_gathered(projected, layout.numbers, read + AHEAD, units, u)
            u = 0
            while u + 2 * LANES <= units:
                s0 = gathered(projected, layout.numbers, read, units, u)
                s1 = gathered(projected, layout.numbers, read, units, u + LANES)
                s0, s1 = two_products(s0, s1, h, before, units, units, recurrent, u * units)
                put(h, after + u, units, tanh(s0))
                put(h, after + u + LANES, units, tanh(s1))
                u += 2 * LANES
            if u < units:
                s0 = gathered(projected, layout.numbers, read, units, u)
                s0 = one_product(s0, h, before, units, units, recurrent, u * units)
                put(h, after + u, units, tanh(s0))
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
    size = SAMPLES * units
    ring = scratch[: RING * size]
    rest = scratch[RING * size :]
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
            d = (RING - waiting) * SAMPLES * units
            for u in range(0, units, LANES):
                out = tile(h, here * units + u, units)
                du = tile(dh, u, units) * (1.0 - out * out)
                put(ring, d + u, units, du)
                hand_over(d_projected, add, layout.numbers, before, units, u, du)
            product(ring, d, units, units, transposed, units // LANES, dh, 0, units, False)
            if waiting == RING or step == 1:
                add_waiting(h, before, units, ring, waiting, units, d_recurrent)
                waiting = 0
    restore_denormals(mode)

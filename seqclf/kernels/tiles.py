"""What the cells' loops over time share: where texts begin, and the recurrent weights' gradient.

A tile is `SAMPLES` texts that run in lockstep and end together; shorter ones begin later. Its
states lie in slots: slot j is the state before step j, `SAMPLES` rows of `units` numbers. Tile 0 is
no text: it reads the padding that all texts have in front, for all of them at once, and its slot 0
is the zero state.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from seqclf.kernels.compiling import helper
from seqclf.kernels.memory import add_gathered, put, put_gathered, tile
from seqclf.kernels.products import add_outer
from seqclf.kernels.vectors import LANES, SAMPLES

RING = 8
"""Steps whose gradients wait together for the product with the states before them."""


AHEAD = 4 * SAMPLES
"""How far ahead in `Layout.numbers` the projected rows are asked for."""


class Layout(NamedTuple):
    """Where the texts of a batch stand in the tiles.

    Args:
        firsts: the slot of each tile's first state; shape (tiles,).
        steps: how many steps each tile takes; shape (tiles,).
        begins: the step at which each text begins; shape (tiles * SAMPLES,).
        origins: the slot of the state that it begins with; shape (tiles * SAMPLES,).
        numbers: which projected row each text reads in each slot; shape
            (slots * SAMPLES + AHEAD,), int32.
    """

    firsts: Any
    steps: Any
    begins: Any
    origins: Any
    numbers: Any


class Gradients(NamedTuple):
    """The gradients of the states that arrive from later layers, and those that are left.

    Args:
        everywhere: whether they arrive at every step, not only at the last.
        arriving: at every row of every slot, (slots * SAMPLES, units); else at the last state of
            each text, (tiles * SAMPLES, units).
        shared_h, shared_c: at each slot of tile 0, (steps, units).
        left_h, left_c: written: those of the states that texts begin with, (tiles * SAMPLES,
            units).
    """

    everywhere: Any
    arriving: Any
    shared_h: Any
    shared_c: Any
    left_h: Any
    left_c: Any


@helper
def last_begin(layout: Layout, n: int) -> int:
    """Give the step at which the last text of tile n begins."""
    last = 0
    for s in range(n * SAMPLES, (n + 1) * SAMPLES):
        last = max(last, layout.begins[s])
    return last


@helper
def begin(layout: Layout, n: int, step: int, states: Any, at: int, units: int) -> None:
    """Give the texts of tile n that begin at a step their state; it lies at row `at`."""
    for s in range(SAMPLES):
        text = n * SAMPLES + s
        if layout.begins[text] == step:
            source = layout.origins[text] * SAMPLES * units
            target = (at + s) * units
            for u in range(units):
                states[target + u] = states[source + u]
        elif step == 0:
            for u in range(units):
                states[(at + s) * units + u] = 0.0


@helper
def arrive(layout: Layout, gradients: Gradients, n: int, step: int, dh: Any, units: int) -> None:
    """Add what arrives from later layers at a state of tile n to its gradient."""
    if n == 0:
        for u in range(units):
            dh[u] += gradients.shared_h[step * units + u]
    elif gradients.everywhere:
        at = (layout.firsts[n] + step) * SAMPLES * units
        for u in range(0, units, LANES):
            put(dh, u, units, tile(dh, u, units) + tile(gradients.arriving, at + u, units))
    elif step == layout.steps[n]:
        at = n * SAMPLES * units
        for u in range(SAMPLES * units):
            dh[u] = gradients.arriving[at + u]


@helper
def leave(layout: Layout, n: int, step: int, gradient: Any, left: Any, units: int) -> None:
    """Put aside the gradients of the states that the texts of tile n begin with."""
    for s in range(SAMPLES):
        text = n * SAMPLES + s
        if layout.begins[text] == step:
            for u in range(units):
                left[text * units + u] = gradient[s * units + u]
                gradient[s * units + u] = 0.0


@helper
def hand_over(
    d_projected: Any, add: bool, numbers: Any, before: int, width: int, at: int, values: Any
) -> None:
    """Write the gradient of a gate where the projected rows were read; add where they repeat."""
    if add:
        add_gathered(d_projected, numbers, before, width, at, values)
    else:
        put_gathered(d_projected, numbers, before, width, at, values)


@helper
def add_waiting(
    h: Any, row: int, units: int, ring: Any, waiting: int, width: int, out: Any
) -> None:
    """Add the recurrent weights' gradient of the steps that wait in the ring.

    Args:
        h: the states.
        row: the first row of the earliest of these steps.
        ring: their gradients, the latest at the end; (RING * SAMPLES, width).
        waiting: how many steps wait.
        out: the gradient, (units, width).
    """
    rows = waiting * SAMPLES
    add_outer(h, row * units, units, ring, (RING * SAMPLES - rows) * width, width, rows, out)

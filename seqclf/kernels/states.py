"""Between the states of the tiles and a layer's outputs of all steps."""

from __future__ import annotations

from typing import Any

from seqclf.kernels.compiling import kernel
from seqclf.kernels.tiles import Layout
from seqclf.kernels.vectors import SAMPLES


@kernel
def spread_states(first: int, last: int, states: Any, h: Any, units: int, output: Any) -> None:
    """Copy the state after each step into the outputs of texts from `first` to `last`.

    Args:
        first, last: which texts.
        states: the row of each step's state, (texts, steps).
        h: the states, `units` numbers a row.
        units: length of a row, at least that of an output.
        output: (texts, steps, outputs), written.
    """
    for b in range(first, last):
        for t in range(states.shape[1]):
            at = states[b, t] * units
            for u in range(output.shape[2]):
                output[b, t, u] = h[at + u]


@kernel
def collect_states(
    first: int, last: int, states: Any, gradient: Any, units: int, limit: int, h: Any, shared: Any
) -> None:
    """Add the outputs' gradients up at the states that they were copied from.

    Args:
        first, last: which texts.
        states: the row of each step's state, (texts, steps).
        gradient: (texts, steps, outputs).
        units: length of a row.
        limit: rows before it are those of tile 0.
        h: the gradients of the texts' states, added to.
        shared: those of tile 0's slots, (slots * units,), added to.
    """
    for b in range(first, last):
        for t in range(states.shape[1]):
            at = states[b, t]
            if at < limit:
                for u in range(gradient.shape[2]):
                    shared[at // SAMPLES * units + u] += gradient[b, t, u]
            else:
                for u in range(gradient.shape[2]):
                    h[at * units + u] += gradient[b, t, u]


@kernel
def collect_left(layout: Layout, left: Any, units: int, shared: Any) -> None:
    """Add the gradients of the states that texts begin with to those of tile 0's slots."""
    for place in range(SAMPLES, len(layout.origins)):
        for u in range(units):
            shared[layout.origins[place] * units + u] += left[place * units + u]

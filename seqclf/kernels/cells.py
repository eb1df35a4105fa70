"""The cells by name, and what their kernels have in common.

`forward(tiles, layout, places, window, projected, recurrent, extra, slope, units, keep, h, second,
kept, scratch)` and
`backward(tiles, layout, gradients, transposed, extra, slope, units, h, second, kept, add,
d_projected, d_recurrent, d_extra, scratch)` take

- tiles: the numbers of the tiles to run, those of one thread; tile 0 must have run before others;
- layout, gradients: see `seqclf.kernels.tiles`;
- places: the slot of each tile's first state in h;
- window: -1 where every state has a slot of its own; 1 where those of a tile use two in turn, but
  for tile 0;
- projected: x W + b, a row a token or step, `GATES * units` numbers each;
- recurrent, transposed: the recurrent weights, packed; extra: what one cell has beside them;
- slope: of the hard sigmoid, 0 for the sigmoid;
- keep: whether kept is written;
- h, second, kept: the states, other states (c of the LSTM), and what backward needs of each step;
- add: whether rows of `projected` are read more than once, so that their gradients are added up;
- d_projected, d_recurrent, d_extra: written or added to;
- scratch: room of the thread's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from seqclf.kernels import gru, gru_reset_before, lstm, simple_rnn
from seqclf.kernels.names import CellName


@dataclass(frozen=True)
class Cell:
    """A recurrent cell's kernels.

    Args:
        gates: how many there are in a row of the projected input.
        stepwise: how many of them the packed recurrent weights hold; 0: in blocks, not by steps.
        second: whether there are other states beside h.
        kept: numbers a unit and step that backward needs.
        forward, backward: the kernels.
    """

    gates: int
    stepwise: int
    second: bool
    kept: int
    forward: Callable[..., None]
    backward: Callable[..., None]


CELLS: dict[CellName, Cell] = {
    "simple_rnn": Cell(1, 0, False, 0, simple_rnn.forward, simple_rnn.backward),
    "lstm": Cell(4, 4, True, 4, lstm.forward, lstm.backward),
    "gru": Cell(3, 3, False, 4, gru.forward, gru.backward),
    "gru_reset_before": Cell(3, 2, True, 3, gru_reset_before.forward, gru_reset_before.backward),
}

"""What the cells are called."""

from __future__ import annotations

from typing import Literal

CellName = Literal["simple_rnn", "lstm", "gru", "gru_reset_before"]
"""The cells there are kernels for; the last is a GRU with `reset_after=False`."""

"""The built-in architectures, given through the hook that everybody's plugins use."""

from __future__ import annotations

from seqclf.contracts import Architecture
from seqclf.hookspecs import hookimpl


@hookimpl
def seqclf_architectures() -> list[Architecture]:
    """Give the networks of the tutorial and their neighbours."""
    from seqclf.architectures.bilstm import bilstm
    from seqclf.architectures.gru import gru
    from seqclf.architectures.lstm import lstm
    from seqclf.architectures.simple_rnn import simple_rnn
    from seqclf.architectures.stacked import stacked

    return [simple_rnn, lstm, gru, stacked, bilstm]

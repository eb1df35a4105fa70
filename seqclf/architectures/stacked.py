"""Recurrent layers on top of each other, as in the tutorial's `return_sequences` example."""

from __future__ import annotations

from typing import Any, Literal

from seqclf.architectures.parts import layer_if
from seqclf.declare import architecture
from seqclf.errors import UsageError
from seqclf.options import Count, Rate
from seqclf.r import (
    keras_model_sequential,
    layer_dense,
    layer_dropout,
    layer_gru,
    layer_lstm,
    layer_simple_rnn,
    layer_spatial_dropout_1d,
)
from seqclf.r.gates import Gates
from seqclf.task import Task

_CELLS = {"simple_rnn": layer_simple_rnn, "lstm": layer_lstm, "gru": layer_gru}


@architecture(
    "stacked",
    summary="embedding, several recurrent layers (four simple ones), dense output",
    reference="Pascanu et al. (2014), How to construct deep recurrent neural networks",
)
def stacked(
    task: Task,
    embedding_dim: Count = 32,
    units: Count = 32,
    layers: Count = 4,
    cell: Literal["simple_rnn", "lstm", "gru"] = "simple_rnn",
    dropout: Rate = 0.0,
    dropout_between: Rate = 0.0,
    spatial_dropout: Rate = 0.0,
    recurrent_dropout: Rate = 0.0,
    dense_units: Count | None = None,
    mask_zero: bool = False,
    gates: Gates = "keras3",
) -> Any:
    """Embedding, recurrent layers that return sequences, a last one, dense output.

    With the tutorial's four simple layers: 328,353 parameters.

    Args:
        task: what is to be told apart.
        embedding_dim: length of a word's vector.
        units: length of each recurrent layer's state.
        layers: how many recurrent layers; all but the last return sequences.
        cell: what the recurrent layers are made of.
        dropout: share dropped before and after the recurrent part.
        dropout_between: share dropped between two recurrent layers.
        spatial_dropout: share of the embedding's features dropped in all steps alike.
        recurrent_dropout: share of the state dropped in each step.
        dense_units: units of a dense ReLU layer before the output; none leaves it out.
        mask_zero: whether the recurrent layers skip the padding.
        gates: "keras2" takes the hard sigmoid of R keras before 2.7, for a GRU
            with reset_after=False.

    Returns:
        A `keras.Sequential` from (batch, maxlen) ids to (batch, task.units) probabilities.
    """
    recurrent: dict[str, Any] = {"units": units, "recurrent_dropout": recurrent_dropout}
    if gates != "keras3":
        if cell == "simple_rnn":
            raise UsageError(f"a simple RNN has no gates, so gates={gates} needs cell=lstm or gru")
        recurrent["gates"] = gates
    layer = _CELLS[cell]
    model = (
        keras_model_sequential()
        | task.embedding_layer(embedding_dim, mask_zero=mask_zero)
        | layer_if(spatial_dropout, layer_spatial_dropout_1d, rate=spatial_dropout)
        | layer_if(dropout, layer_dropout, rate=dropout)
    )
    for _ in range(layers - 1):
        model = (
            model
            | layer(**recurrent, return_sequences=True)
            | layer_if(dropout_between, layer_dropout, rate=dropout_between)
        )
    return (
        model
        | layer(**recurrent)
        | layer_if(dropout, layer_dropout, rate=dropout)
        | layer_if(dense_units, layer_dense, units=dense_units, activation="relu")
        | task.output_layer()
    )

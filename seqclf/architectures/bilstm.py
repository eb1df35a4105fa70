"""LSTM layers that read the text in both directions, then a dense layer."""

from __future__ import annotations

from typing import Any

from seqclf.architectures.parts import layer_if
from seqclf.declare import architecture
from seqclf.options import Count, Rate
from seqclf.r import (
    bidirectional,
    keras_model_sequential,
    layer_dense,
    layer_dropout,
    layer_lstm,
    layer_spatial_dropout_1d,
)
from seqclf.r.gates import Gates
from seqclf.task import Task


@architecture(
    "bilstm",
    summary="embedding, bidirectional LSTM layers, dense ReLU layer, dense output",
    reference="Graves & Schmidhuber (2005), Framewise phoneme classification",
)
def bilstm(
    task: Task,
    embedding_dim: Count = 32,
    units: Count = 64,
    layers: Count = 1,
    dropout: Rate = 0.0,
    dropout_between: Rate = 0.0,
    spatial_dropout: Rate = 0.0,
    recurrent_dropout: Rate = 0.0,
    dense_units: Count | None = 64,
    mask_zero: bool = False,
    gates: Gates = "keras3",
) -> Any:
    """Embedding, bidirectional LSTM, dense ReLU layer, dense output.

    With the defaults: 377,985 parameters.

    Args:
        task: what is to be told apart.
        embedding_dim: length of a word's vector.
        units: length of the state in each direction.
        layers: how many bidirectional layers; all but the last return sequences.
        dropout: share dropped before and after the recurrent part.
        dropout_between: share dropped between two recurrent layers.
        spatial_dropout: share of the embedding's features dropped in all steps alike.
        recurrent_dropout: share of the state dropped in each step.
        dense_units: units of the dense ReLU layer before the output; none leaves it out.
        mask_zero: whether the recurrent layers skip the padding.
        gates: "keras2" takes the hard sigmoid of R keras before 2.7.

    Returns:
        A `keras.Sequential` from (batch, maxlen) ids to (batch, task.units) probabilities.
    """
    model = (
        keras_model_sequential()
        | task.embedding_layer(embedding_dim, mask_zero=mask_zero)
        | layer_if(spatial_dropout, layer_spatial_dropout_1d, rate=spatial_dropout)
        | layer_if(dropout, layer_dropout, rate=dropout)
    )
    recurrent = {"units": units, "recurrent_dropout": recurrent_dropout, "gates": gates}
    for _ in range(layers - 1):
        model = (
            model
            | bidirectional(layer_lstm(**recurrent, return_sequences=True))
            | layer_if(dropout_between, layer_dropout, rate=dropout_between)
        )
    return (
        model
        | bidirectional(layer_lstm(**recurrent))
        | layer_if(dropout, layer_dropout, rate=dropout)
        | layer_if(dense_units, layer_dense, units=dense_units, activation="relu")
        | task.output_layer()
    )

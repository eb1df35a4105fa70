"""One gated recurrent layer."""

from __future__ import annotations

from typing import Any

from seqclf.architectures.parts import layer_if
from seqclf.declare import architecture
from seqclf.options import Count, Rate
from seqclf.r import (
    keras_model_sequential,
    layer_dense,
    layer_dropout,
    layer_gru,
    layer_spatial_dropout_1d,
)
from seqclf.r.gates import Gates
from seqclf.task import Task


@architecture(
    "gru",
    summary="embedding, one GRU layer, dense output",
    reference="Cho et al. (2014), Learning phrase representations using RNN encoder-decoder",
)
def gru(
    task: Task,
    embedding_dim: Count = 32,
    units: Count = 32,
    dropout: Rate = 0.0,
    spatial_dropout: Rate = 0.0,
    recurrent_dropout: Rate = 0.0,
    dense_units: Count | None = None,
    mask_zero: bool = False,
    gates: Gates = "keras3",
) -> Any:
    """Embedding, GRU, dense output: 326,369 parameters with the tutorial's settings.

    Args:
        task: what is to be told apart.
        embedding_dim: length of a word's vector.
        units: length of the recurrent layer's state.
        dropout: share dropped before and after the recurrent layer.
        spatial_dropout: share of the embedding's features dropped in all steps alike.
        recurrent_dropout: share of the state dropped in each step.
        dense_units: units of a dense ReLU layer before the output; none leaves it out.
        mask_zero: whether the recurrent layer skips the padding.
        gates: "keras2" takes the hard sigmoid and reset_after=False of R keras before 2.7.

    Returns:
        A `keras.Sequential` from (batch, maxlen) ids to (batch, task.units) probabilities.
    """
    return (
        keras_model_sequential()
        | task.embedding_layer(embedding_dim, mask_zero=mask_zero)
        | layer_if(spatial_dropout, layer_spatial_dropout_1d, rate=spatial_dropout)
        | layer_if(dropout, layer_dropout, rate=dropout)
        | layer_gru(units=units, recurrent_dropout=recurrent_dropout, gates=gates)
        | layer_if(dropout, layer_dropout, rate=dropout)
        | layer_if(dense_units, layer_dense, units=dense_units, activation="relu")
        | task.output_layer()
    )

"""The architecture: a recurrent encoder, and attention that says which words count."""

from __future__ import annotations

from typing import Any, Literal

import seqclf
from seqclf.r import (
    keras_model,
    layer_bidirectional,
    layer_dense,
    layer_dropout,
    layer_gru,
    layer_input,
    layer_lstm,
    layer_spatial_dropout_1d,
)

_CELLS = {"lstm": layer_lstm, "gru": layer_gru}


@seqclf.architecture(
    "attention",
    summary="embedding, LSTM or GRU in two directions, attention over the steps, dense output",
    reference="Bahdanau et al. (2015), Neural machine translation by jointly learning to align; "
    "Yang et al. (2016), Hierarchical attention networks",
)
def attention(
    task: seqclf.Task,
    embedding_dim: seqclf.Count = 32,
    units: seqclf.Count = 32,
    layers: seqclf.Count = 1,
    cell: Literal["lstm", "gru"] = "lstm",
    bidirectional: bool = True,
    attention_units: seqclf.Count = 32,
    dropout: seqclf.Rate = 0.0,
    spatial_dropout: seqclf.Rate = 0.0,
    recurrent_dropout: seqclf.Rate = 0.0,
    dense_units: seqclf.Count | None = None,
    mask_zero: bool = True,
) -> Any:
    """Embedding, recurrent layers that return sequences, attention pooling, dense output.

    Every step's state gets a weight; the weighted mean of the states is the text's vector.

    Args:
        task: what is to be told apart.
        embedding_dim: length of a word's vector.
        units: length of a recurrent layer's state in each direction.
        layers: how many recurrent layers.
        cell: what the recurrent layers are made of.
        bidirectional: whether they read from both ends.
        attention_units: length of the vectors that the attention compares.
        dropout: share dropped before the recurrent layers and after the attention.
        spatial_dropout: share of the embedding's features dropped in all steps alike.
        recurrent_dropout: share of the state dropped in each step.
        dense_units: units of a dense ReLU layer before the output; none leaves it out.
        mask_zero: whether padding is skipped and gets no weight.

    Returns:
        A `keras.Model` from (batch, maxlen) ids, or (batch, maxlen, features) numbers, to
        (batch, task.units) probabilities; its layer "attention" gives the weights, shape
        (batch, maxlen).
    """
    # Here, not above: the layer's module imports Keras and registers the layer.
    from keras.layers import Dot

    from seqclf_attention.layers import AttentionWeights

    steps = layer_input(shape=task.input_shape, dtype="float32" if task.features else "int32")
    x = task.embedding_layer(embedding_dim, mask_zero=mask_zero)(steps)
    if spatial_dropout:
        x = layer_spatial_dropout_1d(x, rate=spatial_dropout)
    if dropout:
        x = layer_dropout(x, rate=dropout)
    layer = _CELLS[cell]
    recurrent = {"units": units, "recurrent_dropout": recurrent_dropout, "return_sequences": True}
    for _ in range(layers):
        x = layer_bidirectional(x, layer(**recurrent)) if bidirectional else layer(x, **recurrent)
    weights = AttentionWeights(attention_units, name="attention")(x)
    x = Dot(axes=1, name="pooling")([weights, x])
    if dropout:
        x = layer_dropout(x, rate=dropout)
    if dense_units:
        x = layer_dense(x, units=dense_units, activation="relu")
    return keras_model(steps, task.output_layer(x))

"""R keras' vocabulary in Python: `model | layer_lstm(units=32)` stands for R's `%>%`.

As in R, piping a layer into a model adds it in place and gives the model back,
and what comes out is a plain Keras object.

Example:
    >>> from seqclf.r import keras_model_sequential, layer_dense, layer_embedding, layer_lstm
    >>> model = (
    ...     keras_model_sequential()
    ...     | layer_embedding(input_dim=10000, output_dim=32)
    ...     | layer_lstm(units=32)
    ...     | layer_dense(units=1, activation="sigmoid")
    ... )
    >>> model.build((None, 500))
    >>> model.count_params()
    328353
"""

from seqclf.r.layers import (
    bidirectional,
    layer_dense,
    layer_dropout,
    layer_embedding,
    layer_gru,
    layer_lstm,
    layer_simple_rnn,
    layer_spatial_dropout_1d,
)
from seqclf.r.models import keras_model_sequential

__all__ = [
    "bidirectional",
    "keras_model_sequential",
    "layer_dense",
    "layer_dropout",
    "layer_embedding",
    "layer_gru",
    "layer_lstm",
    "layer_simple_rnn",
    "layer_spatial_dropout_1d",
]

"""Layers under R keras' names and with its defaults.

Each function either waits to be piped into a model,
`model | layer_lstm(units=32)`, or acts at once when its first argument is a
model or a tensor, `layer_lstm(model, units=32)`. The layers are Keras' own.
"""

from __future__ import annotations

from typing import Any

from seqclf.r.pipe import PendingLayer, layer_function


@layer_function
def layer_embedding(input_dim: int, output_dim: int, *, mask_zero: bool = False) -> Any:
    """Turn token ids into vectors.

    Args:
        input_dim: how many different ids there are; every id is below it.
        output_dim: length of a vector.
        mask_zero: whether id 0 is padding that later layers skip. Defaults to False.

    Shapes:
        In: (batch, steps), whole numbers. Out: (batch, steps, output_dim).

    Source:
        R `layer_embedding()`.
    """
    import keras

    return keras.layers.Embedding(input_dim, output_dim, mask_zero=mask_zero)


@layer_function
def layer_simple_rnn(
    units: int,
    *,
    activation: str = "tanh",
    return_sequences: bool = False,
    recurrent_dropout: float = 0.0,
) -> Any:
    """Fully connected recurrent layer: `h = tanh(x W + h U + b)`.

    Args:
        units: length of the state and of the output.
        activation: the function above. Defaults to "tanh".
        return_sequences: give every step's output, not only the last. Defaults to False.
        recurrent_dropout: share of the state dropped in each step while training. Defaults to 0.

    Shapes:
        In: (batch, steps, features). Out: (batch, units), or (batch, steps, units).

    Source:
        R `layer_simple_rnn()`; Elman (1990), Finding structure in time.
    """
    import keras

    return keras.layers.SimpleRNN(
        units,
        activation=activation,
        return_sequences=return_sequences,
        recurrent_dropout=recurrent_dropout,
    )


@layer_function
def layer_lstm(
    units: int, *, return_sequences: bool = False, recurrent_dropout: float = 0.0
) -> Any:
    """Long short-term memory.

    Args:
        units: length of the state and of the output.
        return_sequences: give every step's output, not only the last. Defaults to False.
        recurrent_dropout: share of the state dropped in each step while training. Defaults to 0.

    Shapes:
        In: (batch, steps, features). Out: (batch, units), or (batch, steps, units).

    Source:
        R `layer_lstm()`; Hochreiter & Schmidhuber (1997), Long short-term memory.
    """
    import keras

    return keras.layers.LSTM(
        units, return_sequences=return_sequences, recurrent_dropout=recurrent_dropout
    )


@layer_function
def layer_gru(units: int, *, return_sequences: bool = False, recurrent_dropout: float = 0.0) -> Any:
    """Gated recurrent unit, with the reset gate applied after the product.

    Args:
        units: length of the state and of the output.
        return_sequences: give every step's output, not only the last. Defaults to False.
        recurrent_dropout: share of the state dropped in each step while training. Defaults to 0.

    Shapes:
        In: (batch, steps, features). Out: (batch, units), or (batch, steps, units).

    Source:
        R `layer_gru()`; Cho et al. (2014), Learning phrase representations.
    """
    import keras

    return keras.layers.GRU(
        units, return_sequences=return_sequences, recurrent_dropout=recurrent_dropout
    )


@layer_function
def bidirectional(layer: Any) -> Any:
    """Run a recurrent layer forward and backward and join the outputs.

    Args:
        layer: a recurrent layer, such as `layer_lstm(units=64)`.

    Shapes:
        In: (batch, steps, features). Out: twice the layer's units along the last axis.

    Source:
        R `bidirectional()`; Schuster & Paliwal (1997), Bidirectional recurrent neural networks.
    """
    import keras

    inner = layer.make() if isinstance(layer, PendingLayer) else layer
    return keras.layers.Bidirectional(inner)


@layer_function
def layer_dense(units: int, *, activation: str | None = None) -> Any:
    """Fully connected layer.

    Args:
        units: length of the output.
        activation: such as "relu", "sigmoid", "softmax"; None for linear. Defaults to None.

    Shapes:
        In: (batch, …, features). Out: (batch, …, units).

    Source:
        R `layer_dense()`.
    """
    import keras

    return keras.layers.Dense(units, activation=activation)


@layer_function
def layer_dropout(rate: float) -> Any:
    """Drop a share of the inputs while training.

    Args:
        rate: from 0 to below 1.

    Shapes:
        Out as in.

    Source:
        R `layer_dropout()`; Srivastava et al. (2014), Dropout.
    """
    import keras

    return keras.layers.Dropout(rate)


@layer_function
def layer_spatial_dropout_1d(rate: float) -> Any:
    """Drop whole features, the same in every step, while training.

    Args:
        rate: from 0 to below 1.

    Shapes:
        In and out: (batch, steps, features).

    Source:
        R `layer_spatial_dropout_1d()`; Tompson et al. (2015).
    """
    import keras

    return keras.layers.SpatialDropout1D(rate)

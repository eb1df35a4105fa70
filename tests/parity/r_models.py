"""The networks of R's results, written as the R tutorial writes them."""

from __future__ import annotations

from typing import Any

from seqclf.r import (
    bidirectional,
    keras_model_sequential,
    layer_dense,
    layer_dropout,
    layer_embedding,
    layer_gru,
    layer_lstm,
    layer_simple_rnn,
)

NA = (None,)


def small(kind: str, mask_zero: bool = False, input_shape: Any = 7) -> Any:
    """Build a network of `forward_*.json`: 50 words, 4 features, 3 units."""
    model = keras_model_sequential(input_shape=input_shape) | layer_embedding(
        input_dim=50, output_dim=4, mask_zero=mask_zero
    )
    if kind == "simple_rnn":
        model | layer_simple_rnn(units=3)
    elif kind == "lstm":
        model | layer_lstm(units=3)
    elif kind == "gru":
        model | layer_gru(units=3)
    elif kind == "bilstm":
        model | bidirectional(layer_lstm(units=3))
    else:
        assert kind == "stacked_simple_rnn"
        model | layer_simple_rnn(units=3, return_sequences=True)
        model | layer_simple_rnn(units=3, return_sequences=True)
        model | layer_simple_rnn(units=3, return_sequences=True)
        model | layer_simple_rnn(units=3)
    return model | layer_dense(units=1, activation="sigmoid")


def a_simple_rnn(input_shape: Any = None) -> Any:
    return (
        keras_model_sequential(input_shape=input_shape)
        | layer_embedding(input_dim=10000, output_dim=32)
        | layer_simple_rnn(units=32)
        | layer_dense(units=1, activation="sigmoid")
    )


def b_lstm(input_shape: Any = None) -> Any:
    return (
        keras_model_sequential(input_shape=input_shape)
        | layer_embedding(input_dim=10000, output_dim=32)
        | layer_lstm(units=32)
        | layer_dense(units=1, activation="sigmoid")
    )


def c0_simple_rnn_only(input_shape: Any = None) -> Any:
    return (
        keras_model_sequential(input_shape=input_shape)
        | layer_embedding(input_dim=10000, output_dim=32)
        | layer_simple_rnn(units=32)
    )


def c1_return_sequences(input_shape: Any = None) -> Any:
    return (
        keras_model_sequential(input_shape=input_shape)
        | layer_embedding(input_dim=10000, output_dim=32)
        | layer_simple_rnn(units=32, return_sequences=True)
    )


def c_stacked(input_shape: Any = None) -> Any:
    return (
        keras_model_sequential(input_shape=input_shape)
        | layer_embedding(input_dim=10000, output_dim=32)
        | layer_simple_rnn(units=32, return_sequences=True)
        | layer_simple_rnn(units=32, return_sequences=True)
        | layer_simple_rnn(units=32, return_sequences=True)
        | layer_simple_rnn(units=32)
    )


def c_stacked_dense(input_shape: Any = None) -> Any:
    return c_stacked(input_shape) | layer_dense(units=1, activation="sigmoid")


def d_gru(input_shape: Any = None) -> Any:
    return (
        keras_model_sequential(input_shape=input_shape)
        | layer_embedding(input_dim=10000, output_dim=32)
        | layer_gru(units=32)
        | layer_dense(units=1, activation="sigmoid")
    )


def e_bilstm(input_shape: Any = None) -> Any:
    return (
        keras_model_sequential(input_shape=input_shape)
        | layer_embedding(input_dim=10000, output_dim=32)
        | bidirectional(layer_lstm(units=64))
        | layer_dense(units=64, activation="relu")
        | layer_dense(units=1, activation="sigmoid")
    )


def e_bilstm_vocab1000_embed64_mask(input_shape: Any = None) -> Any:
    return (
        keras_model_sequential(input_shape=input_shape)
        | layer_embedding(input_dim=1000, output_dim=64, mask_zero=True)
        | bidirectional(layer_lstm(units=64))
        | layer_dense(units=64, activation="relu")
        | layer_dense(units=1, activation="sigmoid")
    )


def f_emojify(input_shape: Any = None) -> Any:
    return (
        keras_model_sequential(input_shape=input_shape)
        | layer_embedding(input_dim=400001, output_dim=50, trainable=False)
        | layer_lstm(units=128, return_sequences=True)
        | layer_dropout(rate=0.5)
        | layer_lstm(units=128)
        | layer_dropout(rate=0.5)
        | layer_dense(units=5, activation="softmax")
    )


TUTORIAL = {
    function.__name__: function
    for function in (
        a_simple_rnn,
        b_lstm,
        c0_simple_rnn_only,
        c1_return_sequences,
        c_stacked,
        c_stacked_dense,
        d_gru,
        e_bilstm,
        e_bilstm_vocab1000_embed64_mask,
        f_emojify,
    )
}
"""The networks whose summaries R printed, by name."""

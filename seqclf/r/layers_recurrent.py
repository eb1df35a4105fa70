"""Recurrent layers under R keras' names, with its defaults or those of its Keras 2 days."""

from __future__ import annotations

from typing import Any, Literal

from seqclf.options import Count, Rate
from seqclf.r.arguments import Activation, ArgumentError
from seqclf.r.gates import Gates
from seqclf.r.gates import recurrent_activation as gate_activation
from seqclf.r.making import make
from seqclf.r.pipe import PendingLayer, layer_function


@layer_function
def layer_simple_rnn(
    units: Count,
    activation: Activation = "tanh",
    *,
    dropout: Rate = 0.0,
    recurrent_dropout: Rate = 0.0,
    return_sequences: bool = False,
    return_state: bool = False,
    go_backwards: bool = False,
    stateful: bool = False,
    unroll: bool = False,
    **more: Any,
) -> Any:
    """Fully connected recurrent layer: `h = activation(x W + h U + b)`.

    Args:
        units: length of the state and of the output.
        activation: the function above. Defaults to "tanh".
        dropout: share of the input dropped while training. Defaults to 0.
        recurrent_dropout: share of the state dropped in each step while training. Defaults to 0.
        return_sequences: give every step's output, not only the last. Defaults to False.
        return_state: give the last state, too. Defaults to False.
        go_backwards: read from the end. Defaults to False.
        stateful: begin a batch with the last batch's states. Defaults to False.
        unroll: write the steps out instead of looping. Defaults to False.
        more: `use_bias`, `kernel_initializer`, `input_shape`, `name`, ….

    Shapes:
        In: (batch, steps, features). Out: (batch, units), or (batch, steps, units).

    Source:
        R `layer_simple_rnn()`; Elman (1990), Finding structure in time.
    """
    import keras

    return make(
        "layer_simple_rnn",
        keras.layers.SimpleRNN,
        more,
        units=units,
        activation=activation,
        dropout=dropout,
        recurrent_dropout=recurrent_dropout,
        return_sequences=return_sequences,
        return_state=return_state,
        go_backwards=go_backwards,
        stateful=stateful,
        unroll=unroll,
    )


@layer_function
def layer_lstm(
    units: Count,
    activation: Activation = "tanh",
    recurrent_activation: Activation = "sigmoid",
    *,
    gates: Gates = "keras3",
    dropout: Rate = 0.0,
    recurrent_dropout: Rate = 0.0,
    return_sequences: bool = False,
    return_state: bool = False,
    go_backwards: bool = False,
    stateful: bool = False,
    unroll: bool = False,
    **more: Any,
) -> Any:
    """Long short-term memory.

    With i, f, o the gates and c the cell: `c = f c + i tanh(x W + h U + b)`, `h = o tanh(c)`.

    Args:
        units: length of the state and of the output.
        activation: of cell and output. Defaults to "tanh".
        recurrent_activation: of the gates. Defaults to "sigmoid".
        gates: "keras2" takes the hard sigmoid of R keras before 2.7. Defaults to "keras3".
        dropout: share of the input dropped while training. Defaults to 0.
        recurrent_dropout: share of the state dropped in each step while training. Defaults to 0.
        return_sequences: give every step's output, not only the last. Defaults to False.
        return_state: give the last h and c, too. Defaults to False.
        go_backwards: read from the end. Defaults to False.
        stateful: begin a batch with the last batch's states. Defaults to False.
        unroll: write the steps out instead of looping. Defaults to False.
        more: `use_bias`, `unit_forget_bias`, `kernel_initializer`, `input_shape`, `name`, ….

    Shapes:
        In: (batch, steps, features). Out: (batch, units), or (batch, steps, units).

    Source:
        R `layer_lstm()`; Hochreiter & Schmidhuber (1997), Long short-term memory.
    """
    import keras

    return make(
        "layer_lstm",
        keras.layers.LSTM,
        more,
        units=units,
        activation=activation,
        recurrent_activation=gate_activation("layer_lstm", gates, recurrent_activation),
        dropout=dropout,
        recurrent_dropout=recurrent_dropout,
        return_sequences=return_sequences,
        return_state=return_state,
        go_backwards=go_backwards,
        stateful=stateful,
        unroll=unroll,
    )


@layer_function
def layer_gru(
    units: Count,
    activation: Activation = "tanh",
    recurrent_activation: Activation = "sigmoid",
    *,
    gates: Gates = "keras3",
    reset_after: bool | None = None,
    dropout: Rate = 0.0,
    recurrent_dropout: Rate = 0.0,
    return_sequences: bool = False,
    return_state: bool = False,
    go_backwards: bool = False,
    stateful: bool = False,
    unroll: bool = False,
    **more: Any,
) -> Any:
    """Gated recurrent unit: `h = z h + (1 - z) tanh(x W + r (h U) + b)`.

    Args:
        units: length of the state and of the output.
        activation: of the candidate state. Defaults to "tanh".
        recurrent_activation: of the gates. Defaults to "sigmoid".
        gates: "keras2" takes the hard sigmoid, and `reset_after` False, of R keras before
            2.7. Defaults to "keras3".
        reset_after: whether r multiplies `h U` rather than h. Defaults to True, with
            `gates="keras2"` to False.
        dropout: share of the input dropped while training. Defaults to 0.
        recurrent_dropout: share of the state dropped in each step while training. Defaults to 0.
        return_sequences: give every step's output, not only the last. Defaults to False.
        return_state: give the last state, too. Defaults to False.
        go_backwards: read from the end. Defaults to False.
        stateful: begin a batch with the last batch's states. Defaults to False.
        unroll: write the steps out instead of looping. Defaults to False.
        more: `use_bias`, `kernel_initializer`, `input_shape`, `name`, ….

    Shapes:
        In: (batch, steps, features). Out: (batch, units), or (batch, steps, units).

    Source:
        R `layer_gru()`; Cho et al. (2014), Learning phrase representations.
    """
    import keras

    return make(
        "layer_gru",
        keras.layers.GRU,
        more,
        units=units,
        activation=activation,
        recurrent_activation=gate_activation("layer_gru", gates, recurrent_activation),
        reset_after=gates == "keras3" if reset_after is None else reset_after,
        dropout=dropout,
        recurrent_dropout=recurrent_dropout,
        return_sequences=return_sequences,
        return_state=return_state,
        go_backwards=go_backwards,
        stateful=stateful,
        unroll=unroll,
    )


@layer_function
def bidirectional(
    layer: Any,
    merge_mode: Literal["concat", "sum", "mul", "ave"] | None = "concat",
    *,
    backward_layer: Any = None,
    **more: Any,
) -> Any:
    """Run a recurrent layer forward and backward and join the outputs.

    Args:
        layer: a recurrent layer, such as `layer_lstm(units=64)`.
        merge_mode: how: "concat", "sum", "mul", "ave", or None for both apart. Defaults
            to "concat".
        backward_layer: another layer for the way back. Defaults to a copy of `layer`.
        more: `weights`, `input_shape`, `name`, ….

    Shapes:
        In: (batch, steps, features). Out: with "concat" twice the layer's units along the
        last axis, else its units.

    Source:
        R `bidirectional()`; Schuster & Paliwal (1997), Bidirectional recurrent neural networks.
    """
    import keras

    made = _recurrent("layer", layer)
    back = None if backward_layer is None else _recurrent("backward_layer", backward_layer)
    return make(
        "bidirectional",
        keras.layers.Bidirectional,
        more,
        layer=made,
        merge_mode=merge_mode,
        backward_layer=back,
    )


layer_bidirectional = bidirectional


def _recurrent(argument: str, layer: Any) -> Any:
    """Make the layer that waits for its model, and check that it is recurrent."""
    made = layer.make() if isinstance(layer, PendingLayer) else layer
    if not hasattr(made, "return_sequences"):
        raise ArgumentError(
            f"bidirectional(): `{argument}` must be a recurrent layer, such as "
            f"layer_lstm(units=32), not {layer!r}"
        )
    return made

"""Which of a model's layers the kernels can do, and why not the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from seqclf.kernels.names import CellName

_SLOPES = {
    "sigmoid": 0.0,
    "hard_sigmoid": 1 / 6,
    "hard_sigmoid_keras2": 0.2,
}
"""Activations of gates, by the names of their functions: the slope of the straight part, or 0."""


@dataclass(frozen=True)
class Recurrent:
    """A recurrent layer.

    Args:
        layer: the `keras.layers.SimpleRNN`, `LSTM`, `GRU`, or another recurrent layer.
        cell: the cell whose kernels can do it.
        slope: of its gates' hard sigmoid; 0 for the sigmoid.
        reason: why the kernels cannot do it; "" where they can.
    """

    layer: Any
    cell: CellName
    slope: float
    reason: str


def recurrent_layers(model: Any) -> Iterator[Recurrent]:
    """Find the recurrent layers of a model, those inside of `Bidirectional` and other models too.

    Args:
        model: a built `keras.Model`.
    """
    import keras

    cells: dict[type, CellName] = {
        keras.layers.SimpleRNN: "simple_rnn",
        keras.layers.LSTM: "lstm",
        keras.layers.GRU: "gru",
    }
    for layer in model._flatten_layers(include_self=False):
        if not isinstance(layer, keras.layers.RNN):
            continue
        cell = cells.get(type(layer), "simple_rnn")
        if cell == "gru" and not layer.reset_after:
            cell = "gru_reset_before"
        known = type(layer) in cells
        slope, reason = _examine(layer) if known else (0.0, f"no kernel for {type(layer).__name__}")
        yield Recurrent(layer, cell, slope, reason)


def embeddings_of(model: Any) -> Iterator[Any]:
    """Find the embeddings of a model whose rows the kernels may read in their place."""
    import keras

    for layer in model._flatten_layers(include_self=False):
        if (
            type(layer) is keras.layers.Embedding
            and layer.compute_dtype == "float32"
            and layer.quantization_mode is None
            and not getattr(layer, "lora_enabled", False)
        ):
            yield layer


def _is_given_a_state(layer: Any) -> bool:
    """Say whether a functional model calls a layer with a state to begin with."""
    for node in getattr(layer, "_inbound_nodes", ()):
        arguments = node.arguments
        given = arguments.args[1:2] or (arguments.kwargs.get("initial_state"),)
        if given[0] is not None:
            return True
    return False


def _examine(layer: Any) -> tuple[float, str]:
    """Give the slope of the gates, and why the kernels cannot do a layer of Keras'."""
    name = getattr(layer.activation, "__name__", "")
    if name != "tanh":
        return 0.0, f"activation {name or layer.activation!r}"
    gates = getattr(layer, "recurrent_activation", None)
    told = "sigmoid" if gates is None else getattr(gates, "__name__", repr(gates))
    if told not in _SLOPES:
        return 0.0, f"recurrent activation {told}"
    reasons = {
        "recurrent dropout": layer.recurrent_dropout,
        "dropout inside the layer": layer.dropout,
        "stateful=True": layer.stateful,
        "return_state=True": layer.return_state,
        "an initial state from outside": _is_given_a_state(layer),
        "zero_output_for_mask=True without return_sequences": layer.zero_output_for_mask
        and not layer.return_sequences,
        f"numbers of type {layer.compute_dtype}": layer.compute_dtype != "float32",
    }
    return _SLOPES[told], next((reason for reason, there in reasons.items() if there), "")

"""Which layers read sequences, and which layer must return one: told before Keras fails.

Keras says "expected ndim=3, found ndim=2", and for a model without an input
shape only once it is trained; this says which layer needs `return_sequences`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from seqclf.r.arguments import ArgumentError

_SAME_SHAPE = (
    "Activation",
    "Add",
    "Average",
    "BatchNormalization",
    "Concatenate",
    "Dense",
    "Dropout",
    "GaussianDropout",
    "GaussianNoise",
    "LayerNormalization",
    "Masking",
    "Maximum",
    "Multiply",
    "ReLU",
    "SpatialDropout1D",
)
_READ_SEQUENCES = (
    "AveragePooling1D",
    "Bidirectional",
    "Conv1D",
    "GlobalAveragePooling1D",
    "GlobalMaxPooling1D",
    "MaxPooling1D",
    "SpatialDropout1D",
)
_FLATTEN = ("Flatten", "GlobalAveragePooling1D", "GlobalMaxPooling1D")


def check_sequence(name: str, target: Any, layer: Any) -> None:
    """Check that a layer that reads sequences gets one.

    Args:
        name: the R function's name.
        target: the Sequential model or the tensor the layer is put on.
        layer: the new layer.

    Raises:
        ArgumentError: it would get shape (batch, features).
    """
    _check_states(name, target)
    if not (_is_recurrent(layer) or type(layer).__name__ in _READ_SEQUENCES):
        return
    reads = f"{name}() reads a sequence, shape (batch, steps, features)"
    for number, before in _backwards(target):
        place = f"'{before.name}' ({type(before).__name__})"
        if number:
            place = f"layer {number} of the model, {place},"
        if _is_recurrent(before):
            if before.return_sequences:
                return
            raise ArgumentError(
                f"{reads}, but {place} gives only its last step's output",
                f"give {_r_name(before)} return_sequences=True",
            )
        if type(before).__name__ in _FLATTEN:
            raise ArgumentError(f"{reads}, but {place} gives (batch, features)")
        if type(before).__name__ not in _SAME_SHAPE:
            break
    shape = _shape(target)
    if shape is not None and len(shape) == 2:
        raise ArgumentError(
            f"{reads}, but gets {tuple(shape)}", "put layer_embedding() before it if these are ids"
        )


def _check_states(name: str, target: Any) -> None:
    """Check that the last layer of a Sequential model gives one thing."""
    layers = getattr(target, "layers", None) or []
    before: Any = layers[-1] if layers else None
    if getattr(before, "return_state", False):
        raise ArgumentError(
            f"{name}() cannot follow '{before.name}', which has return_state=True and gives its "
            "states, too",
            "a model with states takes the functional form: layer_input(), keras_model()",
        )


def _is_recurrent(layer: Any) -> bool:
    return hasattr(layer, "return_sequences")


def _r_name(layer: Any) -> str:
    names = {"SimpleRNN": "layer_simple_rnn", "LSTM": "layer_lstm", "GRU": "layer_gru"}
    inner = getattr(layer, "forward_layer", layer)
    function = names.get(type(inner).__name__)
    return f"its {function}()" if function else "that layer"


def _backwards(target: Any) -> Iterator[tuple[int, Any]]:
    """Give the layers before, the nearest first, with their number in the model (0: unknown)."""
    if hasattr(target, "layers"):
        yield from reversed(list(enumerate(target.layers, 1)))
        return
    tensors = [target]
    while tensors:
        history = getattr(tensors.pop(0), "_keras_history", None)
        if history is not None:
            yield 0, history.operation
            tensors += history.operation._inbound_nodes[history.node_index].input_tensors


def _shape(target: Any) -> Any:
    """Give the shape the new layer gets, or None where the model does not know it yet."""
    if not hasattr(target, "layers"):
        return target.shape
    if not target.layers:  # perhaps an input, which Keras does not count as a layer
        return next((layer.batch_shape for layer in getattr(target, "_layers", ())), None)
    try:
        return target.output_shape
    except (AttributeError, ValueError):
        return None

"""Parts, values and networks in the words of R's keras3."""

from __future__ import annotations

import json
import re
from typing import Any

from seqclf.code.describing import CannotBeWrittenError
from seqclf.code.form import INPUTS, Call, GateFunction, Made, Network, Part, Tensor
from seqclf.code.layout import Group, Item, flat, laid_out, prefixed

GATE_FUNCTION = """\
# The hard sigmoid of Keras 2; the one of Keras 3 is x / 6 + 0.5.
hard_sigmoid_keras2 <- function(x) op_clip(0.2 * x + 0.5, 0, 1)
# Layers that copy others, such as bidirectional(), find it by its name.
attr(hard_sigmoid_keras2, "py_function_name") <- "hard_sigmoid_keras2"
register_keras_serializable(hard_sigmoid_keras2)
"""

LAYERS = {
    "Activation": "layer_activation",
    "ActivityRegularization": "layer_activity_regularization",
    "Add": "layer_add",
    "AdditiveAttention": "layer_additive_attention",
    "AlphaDropout": "layer_alpha_dropout",
    "Attention": "layer_attention",
    "Average": "layer_average",
    "AveragePooling1D": "layer_average_pooling_1d",
    "BatchNormalization": "layer_batch_normalization",
    "Bidirectional": "bidirectional",
    "Concatenate": "layer_concatenate",
    "Conv1D": "layer_conv_1d",
    "Conv1DTranspose": "layer_conv_1d_transpose",
    "Cropping1D": "layer_cropping_1d",
    "Dense": "layer_dense",
    "DepthwiseConv1D": "layer_depthwise_conv_1d",
    "Dot": "layer_dot",
    "Dropout": "layer_dropout",
    "ELU": "layer_activation_elu",
    "Embedding": "layer_embedding",
    "Flatten": "layer_flatten",
    "GRU": "layer_gru",
    "GRUCell": "rnn_cell_gru",
    "GaussianDropout": "layer_gaussian_dropout",
    "GaussianNoise": "layer_gaussian_noise",
    "GlobalAveragePooling1D": "layer_global_average_pooling_1d",
    "GlobalMaxPooling1D": "layer_global_max_pooling_1d",
    "GroupNormalization": "layer_group_normalization",
    "GroupQueryAttention": "layer_group_query_attention",
    "LSTM": "layer_lstm",
    "LSTMCell": "rnn_cell_lstm",
    "LayerNormalization": "layer_layer_normalization",
    "LeakyReLU": "layer_activation_leaky_relu",
    "Masking": "layer_masking",
    "MaxPooling1D": "layer_max_pooling_1d",
    "Maximum": "layer_maximum",
    "Minimum": "layer_minimum",
    "MultiHeadAttention": "layer_multi_head_attention",
    "Multiply": "layer_multiply",
    "PReLU": "layer_activation_parametric_relu",
    "Permute": "layer_permute",
    "RNN": "layer_rnn",
    "ReLU": "layer_activation_relu",
    "RepeatVector": "layer_repeat_vector",
    "Reshape": "layer_reshape",
    "SeparableConv1D": "layer_separable_conv_1d",
    "SimpleRNN": "layer_simple_rnn",
    "SimpleRNNCell": "rnn_cell_simple",
    "Softmax": "layer_activation_softmax",
    "SpatialDropout1D": "layer_spatial_dropout_1d",
    "StackedRNNCells": "rnn_cells_stack",
    "Subtract": "layer_subtract",
    "TimeDistributed": "layer_time_distributed",
    "UnitNormalization": "layer_unit_normalization",
    "UpSampling1D": "layer_upsampling_1d",
    "ZeroPadding1D": "layer_zero_padding_1d",
}
"""Keras' layers by the functions R's keras3 has for them."""

_OTHERS = {
    "L1": "regularizer_l1",
    "L2": "regularizer_l2",
    "L1L2": "regularizer_l1_l2",
    "OrthogonalRegularizer": "regularizer_orthogonal",
    "MaxNorm": "constraint_maxnorm",
    "MinMaxNorm": "constraint_minmaxnorm",
    "NonNeg": "constraint_nonneg",
    "UnitNorm": "constraint_unitnorm",
}
_MERGING = {"Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract"}

_ONE_BY_ONE = """\
# Each line adds a layer to the model. In one pipe R would make what stands inside a layer
# before the layers in front of it, and other start weights would be drawn."""


def r(value: Any) -> Item:
    """Write a value, a part or a tensor in R.

    Raises:
        CannotBeWrittenError: R's keras3 has no function for it.

    Example:
        >>> flat(r(Part("layers", "Dense", {"units": 1, "activation": "sigmoid"})))
        'layer_dense(units = 1, activation = "sigmoid")'
        >>> flat(r([1, 2])), r(None), r(True), r(0.5)
        ('c(1, 2)', 'NULL', 'TRUE', '0.5')
    """
    match value:
        case Part():
            return Group(f"{function(value)}(", named(value.arguments), ")")
        case GateFunction():
            return "hard_sigmoid_keras2"
        case Tensor():
            return value.name if value.index is None else f"{value.name}[[{value.index + 1}]]"
        case list() | tuple():
            plain = all(isinstance(item, int | float | str) for item in value)
            return Group("c(" if plain and value else "list(", [r(item) for item in value], ")")
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return text(value)
        case int() | float():
            return number(value)
    raise CannotBeWrittenError(f"{value!r} has no plain words in R")


def text(value: str) -> str:
    """Write a text as R reads it; ASCII alone, whatever the locale.

    Example:
        >>> print(text('say "a\\\\b" é'))
        "say \\"a\\\\b\\" \\u00e9"
    """
    written = json.dumps(value)
    pair = re.compile(r"\\ud([89ab]..)\\ud([c-f]..)")

    def joined(match: re.Match[str]) -> str:
        high, low = (int("d" + part, 16) for part in match.groups())
        return f"\\U{0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00:08x}"

    return pair.sub(joined, written)


def number(value: float) -> str:
    """Write a number; whole ones that R's integers hold stay as they are written in Python."""
    return repr(value)


def named(arguments: Any) -> list[Item]:
    """Write named arguments; R counts axes from 1, from the end as in Python."""
    written = []
    for name, value in arguments.items():
        if name in ("axis", "axes", "attention_axes"):
            value = [_axis(item) for item in value] if isinstance(value, list) else _axis(value)
        # A wrapper's inner layer is what it wraps: no name is needed.
        item = r(value) if name == "layer" else prefixed(f"{name} = ", r(value))
        written.append(item)
    return written


def _axis(value: Any) -> Any:
    return value + 1 if isinstance(value, int) and value >= 0 else value


def function(part: Part) -> str:
    """Name the function of R's keras3 that makes a part.

    Example:
        >>> function(Part("initializers", "GlorotUniform"))
        'initializer_glorot_uniform'
    """
    if part.kind == "layers":
        if part.name not in LAYERS:
            raise CannotBeWrittenError(f"R's keras3 has no function for the layer '{part.name}'")
        return LAYERS[part.name]
    if part.kind == "ops":
        if part.name == "get_item":
            raise CannotBeWrittenError("slices of tensors have no plain words in R")
        return f"op_{part.name}"
    if part.name in _OTHERS:
        return _OTHERS[part.name]
    snake = re.sub(r"(?<=[a-z])([A-Z])", r"_\1", part.name).lower()
    return f"{part.kind.removesuffix('s')}_{snake}"


def network(model: Network) -> str:
    """Write the lines that make a model."""
    shape = [r(length) if length is not None else "NA" for length in model.shape]
    one = shape[0] if len(shape) == 1 else Group("c(", shape, ")")
    if model.style == "sequential":
        arguments = [prefixed("input_shape = ", one)]
        if model.dtype != "float32":
            arguments.append(f"input_dtype = {text(model.dtype)}")
        first = flat(Group("model <- keras_model_sequential(", arguments, ")"))
        early = [line for call in model.calls for line in _lines(call)]
        parts = [layer for layer in model.layers if isinstance(layer, Part)]
        if early or any(map(_has_parts, parts)):
            lines = [_added(layer) for layer in model.layers]
            return "\n".join([*early, first, _ONE_BY_ONE, *lines]) + "\n"
        lines = [laid_out(r(layer), step=2, comma=False, indent=2) for layer in parts]
        return " |>\n  ".join([first, *lines]) + "\n"
    given = [prefixed("shape = ", one)]
    if model.dtype != "float32":
        given.append(f"dtype = {text(model.dtype)}")
    lines = [_laid(f"{INPUTS} <- ", Group("keras_input(", given, ")"))]
    for call in model.calls:
        lines += _lines(call)
    assert model.output is not None
    lines.append(f"model <- keras_model({INPUTS}, {flat(r(model.output))})")
    return "\n".join(lines) + "\n"


def _has_parts(part: Part) -> bool:
    return any(isinstance(value, Part) for value in part.arguments.values())


def _added(layer: Part | str) -> str:
    return f"model$add({layer})" if isinstance(layer, str) else _laid("model |> ", r(layer))


def _laid(start: str, item: Item) -> str:
    return laid_out(prefixed(start, item), step=2, comma=False)


def _lines(call: Call | Made) -> list[str]:
    """Write one call: piped where one tensor goes in, else made first and called then."""
    if isinstance(call, Made):
        return [_laid(f"{call.layer} <- ", r(call.part))]
    part = call.part
    if part is not None and part.kind == "ops":
        opening = f"{function(part)}("
        tensors: list[Item] = [r(item) for item in call.arguments]
        both = named({**part.arguments, **call.named})
        return [_laid(f"{call.result} <- ", Group(opening, [*tensors, *both], ")"))]
    merged = part is not None and part.name in _MERGING and not call.layer
    if part is not None and merged and isinstance(call.arguments[0], list):
        given = [*map(r, call.arguments[0]), *named(part.arguments)]
        return [_laid(f"{call.result} <- ", Group(f"{function(part)}(", given, ")"))]
    piped = len(call.arguments) == 1 and isinstance(call.arguments[0], Tensor) and not call.named
    if part is not None and piped and not call.layer:
        return [_laid(f"{call.result} <- {flat(r(call.arguments[0]))} |> ", r(part))]
    layer = call.layer or f"{call.result}_layer"
    lines = [] if part is None else [_laid(f"{layer} <- ", r(part))]
    given = [*map(_tensors, call.arguments), *named(call.named)]
    return [*lines, _laid(f"{call.result} <- {layer}", Group("(", given, ")"))]


def _tensors(value: Any) -> Item:
    if isinstance(value, list):
        return Group("list(", [r(item) for item in value], ")")
    return r(value)

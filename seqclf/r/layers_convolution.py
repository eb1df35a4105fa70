"""One-dimensional convolution and pooling under R keras' names."""

from __future__ import annotations

from typing import Any, Literal

from seqclf.options import Count
from seqclf.r.arguments import Activation
from seqclf.r.making import make
from seqclf.r.pipe import layer_function

Padding = Literal["valid", "same"]


@layer_function
def layer_conv_1d(
    filters: Count,
    kernel_size: Count,
    strides: Count = 1,
    padding: Literal["valid", "same", "causal"] = "valid",
    *,
    dilation_rate: Count = 1,
    activation: Activation = None,
    use_bias: bool = True,
    **more: Any,
) -> Any:
    """Slide filters over the steps of a sequence.

    Args:
        filters: how many; length of the output's features.
        kernel_size: how many steps a filter sees.
        strides: how far it moves. Defaults to 1.
        padding: "valid" sees whole windows only, "same" keeps the number of steps, "causal"
            sees no later steps. Defaults to "valid".
        dilation_rate: distance of the steps a filter sees. Defaults to 1.
        activation: such as "relu"; None for linear. Defaults to None.
        use_bias: whether a number a filter is added. Defaults to True.
        more: `kernel_initializer`, `groups`, `input_shape`, `name`, ….

    Shapes:
        In: (batch, steps, features). Out: (batch, steps or fewer, filters).

    Source:
        R `layer_conv_1d()`; Kim (2014), Convolutional neural networks for sentence classification.
    """
    import keras

    return make(
        "layer_conv_1d",
        keras.layers.Conv1D,
        more,
        filters=filters,
        kernel_size=kernel_size,
        strides=strides,
        padding=padding,
        dilation_rate=dilation_rate,
        activation=activation,
        use_bias=use_bias,
    )


@layer_function
def layer_max_pooling_1d(
    pool_size: Count = 2, strides: Count | None = None, padding: Padding = "valid", **more: Any
) -> Any:
    """Keep the greatest of every few steps.

    Args:
        pool_size: how many steps make one. Defaults to 2.
        strides: how far the window moves. Defaults to `pool_size`.
        padding: "valid" drops a last window that is not full, "same" keeps it. Defaults
            to "valid".
        more: `name`, ….

    Shapes:
        In: (batch, steps, features). Out: (batch, fewer steps, features).

    Source:
        R `layer_max_pooling_1d()`.
    """
    import keras

    return make(
        "layer_max_pooling_1d",
        keras.layers.MaxPooling1D,
        more,
        pool_size=pool_size,
        strides=strides,
        padding=padding,
    )


@layer_function
def layer_average_pooling_1d(
    pool_size: Count = 2, strides: Count | None = None, padding: Padding = "valid", **more: Any
) -> Any:
    """Average every few steps.

    Args:
        pool_size: how many steps make one. Defaults to 2.
        strides: how far the window moves. Defaults to `pool_size`.
        padding: "valid" drops a last window that is not full, "same" keeps it. Defaults
            to "valid".
        more: `name`, ….

    Shapes:
        In: (batch, steps, features). Out: (batch, fewer steps, features).

    Source:
        R `layer_average_pooling_1d()`.
    """
    import keras

    return make(
        "layer_average_pooling_1d",
        keras.layers.AveragePooling1D,
        more,
        pool_size=pool_size,
        strides=strides,
        padding=padding,
    )


@layer_function
def layer_global_max_pooling_1d(*, keepdims: bool = False, **more: Any) -> Any:
    """Keep each feature's greatest value over all steps; a mask is not looked at.

    Args:
        keepdims: keep an axis of one step. Defaults to False.
        more: `name`, ….

    Shapes:
        In: (batch, steps, features). Out: (batch, features).

    Source:
        R `layer_global_max_pooling_1d()`.
    """
    import keras

    return make(
        "layer_global_max_pooling_1d", keras.layers.GlobalMaxPooling1D, more, keepdims=keepdims
    )


@layer_function
def layer_global_average_pooling_1d(*, keepdims: bool = False, **more: Any) -> Any:
    """Average each feature over all steps that are not masked.

    Args:
        keepdims: keep an axis of one step. Defaults to False.
        more: `name`, ….

    Shapes:
        In: (batch, steps, features). Out: (batch, features).

    Source:
        R `layer_global_average_pooling_1d()`.
    """
    import keras

    return make(
        "layer_global_average_pooling_1d",
        keras.layers.GlobalAveragePooling1D,
        more,
        keepdims=keepdims,
    )

"""Layers under R keras' names: input, embedding, dense, masking, and what only reshapes or joins.

As all layer functions, each waits to be piped into a model,
`model | layer_dense(units=1)`, or acts at once on a model or a tensor,
`layer_dense(x, units=1)`. The layers are Keras' own. Arguments that are not
listed here go to Keras under Keras' and R's common names, such as `name`.
"""

from __future__ import annotations

import warnings
from typing import Any

from seqclf.options import Count
from seqclf.r.arguments import REFUSALS, Activation, Initializer, checked, refused
from seqclf.r.making import axis as python_axis
from seqclf.r.making import make
from seqclf.r.making import shape as python_shape
from seqclf.r.pipe import layer_function


@checked
def layer_input(
    shape: Any,
    batch_size: Count | None = None,
    dtype: str | None = None,
    *,
    name: str | None = None,
) -> Any:
    """Make the tensor a model begins with, for the functional form.

    Args:
        shape: shape of an example without the batch: `500`, `(None, 3)`; None is any length.
        batch_size: how many examples a batch has. Defaults to any number.
        dtype: such as "int32". Defaults to "float32".
        name: the input's name.

    Returns:
        A Keras tensor.

    Raises:
        ArgumentError: an unknown argument, or a shape that cannot be.

    Source:
        R `layer_input()`, which keras3 also calls `keras_input()`.

    Example:
        >>> from seqclf.r import keras_model, layer_dense, layer_embedding, layer_input, layer_lstm
        >>> ids = layer_input(shape=500)
        >>> words = layer_embedding(ids, input_dim=10000, output_dim=32)
        >>> output = layer_dense(layer_lstm(words, units=32), units=1, activation="sigmoid")
        >>> keras_model(ids, output).count_params()
        328353
    """
    import keras

    lengths = python_shape("layer_input", "shape", shape)
    try:
        return keras.Input(shape=lengths, batch_size=batch_size, dtype=dtype, name=name)
    except REFUSALS as error:
        raise refused("layer_input", error) from error


keras_input = layer_input


@layer_function
def layer_embedding(
    input_dim: Count,
    output_dim: Count,
    *,
    embeddings_initializer: Initializer = "uniform",
    mask_zero: bool = False,
    input_length: Count | None = None,
    **more: Any,
) -> Any:
    """Turn token ids into vectors.

    Args:
        input_dim: how many different ids there are; every id is below it (0 is an id, too).
        output_dim: length of a vector.
        embeddings_initializer: the first vectors. Defaults to "uniform".
        mask_zero: whether id 0 is padding that later layers skip. Defaults to False.
        input_length: taken for old tutorials' sake; nothing depends on it any more.
        more: `embeddings_regularizer`, `weights`, `input_shape`, `name`, `trainable`, ….

    Shapes:
        In: (batch, steps), whole numbers. Out: (batch, steps, output_dim).

    Source:
        R `layer_embedding()`.
    """
    import keras

    if input_length is not None:
        warnings.warn(
            "layer_embedding(): `input_length` no longer counts; leave it out, or give "
            "keras_model_sequential() an `input_shape`",
            stacklevel=2,
        )
    return make(
        "layer_embedding",
        keras.layers.Embedding,
        more,
        input_dim=input_dim,
        output_dim=output_dim,
        embeddings_initializer=embeddings_initializer,
        mask_zero=mask_zero,
    )


@layer_function
def layer_dense(
    units: Count, activation: Activation = None, *, use_bias: bool = True, **more: Any
) -> Any:
    """Fully connected layer: `activation(x W + b)`.

    Args:
        units: length of the output.
        activation: such as "relu", "sigmoid", "softmax"; None for linear. Defaults to None.
        use_bias: whether there is a `b`. Defaults to True.
        more: `kernel_initializer`, `kernel_regularizer`, `input_shape`, `name`, ….

    Shapes:
        In: (batch, …, features). Out: (batch, …, units).

    Source:
        R `layer_dense()`.
    """
    import keras

    return make(
        "layer_dense",
        keras.layers.Dense,
        more,
        units=units,
        activation=activation,
        use_bias=use_bias,
    )


@layer_function
def layer_masking(mask_value: float = 0.0, **more: Any) -> Any:
    """Make later layers skip steps in which every feature has one value.

    Args:
        mask_value: that value. Defaults to 0.
        more: `input_shape`, `name`, ….

    Shapes:
        In and out: (batch, steps, features).

    Source:
        R `layer_masking()`.
    """
    import keras

    return make("layer_masking", keras.layers.Masking, more, mask_value=mask_value)


@layer_function
def layer_activation(activation: Activation, **more: Any) -> Any:
    """Apply a function to every number.

    Args:
        activation: such as "relu", "tanh".
        more: `name`, ….

    Shapes:
        Out as in.

    Source:
        R `layer_activation()`.
    """
    import keras

    return make("layer_activation", keras.layers.Activation, more, activation=activation)


@layer_function
def layer_flatten(**more: Any) -> Any:
    """Put everything of an example into one row.

    Args:
        more: `name`, ….

    Shapes:
        In: (batch, a, b, …). Out: (batch, a b …).

    Source:
        R `layer_flatten()`.
    """
    import keras

    return make("layer_flatten", keras.layers.Flatten, more)


@checked
def layer_concatenate(inputs: Any, *others: Any, axis: int = -1, **more: Any) -> Any:
    """Join tensors along an axis.

    Args:
        inputs: a list of tensors, or the first of them.
        others: the other tensors.
        axis: counted from 1 as in R, the batch being 1; negative from the end. Defaults to -1.
        more: `name`, ….

    Returns:
        A tensor.

    Raises:
        ArgumentError: `axis` is 0, or the shapes do not fit.

    Source:
        R `layer_concatenate()`.

    Example:
        >>> from seqclf.r import layer_concatenate, layer_input
        >>> layer_concatenate([layer_input(3), layer_input(2)]).shape
        (None, 5)
    """
    import keras

    name = "layer_concatenate"
    tensors = [*inputs, *others] if isinstance(inputs, (list, tuple)) else [inputs, *others]
    layer = make(name, keras.layers.Concatenate, more, axis=python_axis(name, axis))
    try:
        return layer(tensors)
    except REFUSALS as error:
        raise refused(name, error) from error

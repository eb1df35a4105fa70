"""Models, as R keras makes them."""

from __future__ import annotations

from typing import Any

from seqclf.options import Count
from seqclf.r.arguments import REFUSALS, checked, refused
from seqclf.r.making import shape


@checked
def keras_model_sequential(
    input_shape: Any = None,
    name: str | None = None,
    *,
    input_dtype: str | None = None,
    input_batch_size: Count | None = None,
    trainable: bool = True,
) -> Any:
    """Make an empty model that layers are piped into.

    Args:
        input_shape: shape of an example without the batch: `500`, or `(None,)` for R's `NA`,
            any length. Without it, the model knows its shapes once it has seen data.
        name: the model's name. Defaults to "sequential", numbered.
        input_dtype: type of the input. Defaults to "float32".
        input_batch_size: how many examples a batch has. Defaults to any number.
        trainable: whether its weights can be trained. Defaults to True.

    Returns:
        A plain `keras.Sequential`.

    Raises:
        ArgumentError: an unknown argument, or a shape that cannot be.

    Source:
        R `keras_model_sequential()`.

    Example:
        >>> from seqclf.r import keras_model_sequential, layer_dense
        >>> model = keras_model_sequential(input_shape=3) | layer_dense(units=1)
        >>> model.count_params()
        4
    """
    import keras

    function = "keras_model_sequential"
    model = keras.Sequential(name=name, trainable=trainable)
    if input_shape is None:
        return model
    lengths = shape(function, "input_shape", input_shape)
    try:
        model.add(keras.Input(shape=lengths, batch_size=input_batch_size, dtype=input_dtype))
    except REFUSALS as error:
        raise refused(function, error) from error
    return model


@checked
def keras_model(
    inputs: Any, outputs: Any, *, name: str | None = None, trainable: bool = True
) -> Any:
    """Make a model of tensors that layers were called on.

    Args:
        inputs: what `layer_input()` gave, or a list of such.
        outputs: the last layer's tensor, or a list of such.
        name: the model's name. Defaults to "functional", numbered.
        trainable: whether its weights can be trained. Defaults to True.

    Returns:
        A plain `keras.Model`.

    Raises:
        ArgumentError: the outputs do not come from the inputs.

    Source:
        R `keras_model()`.

    Example:
        >>> from seqclf.r import keras_model, layer_dense, layer_input
        >>> ids = layer_input(shape=3)
        >>> keras_model(ids, layer_dense(ids, units=1)).output_shape
        (None, 1)
    """
    import keras

    try:
        return keras.Model(inputs=inputs, outputs=outputs, name=name, trainable=trainable)
    except REFUSALS as error:
        raise refused("keras_model", error) from error

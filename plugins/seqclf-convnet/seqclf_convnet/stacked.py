"""Convolutions on top of each other, with pooling between them."""

from __future__ import annotations

from typing import Any

import seqclf
from seqclf.errors import UsageError
from seqclf.r import (
    keras_model_sequential,
    layer_conv_1d,
    layer_dropout,
    layer_global_max_pooling_1d,
    layer_max_pooling_1d,
)


@seqclf.architecture(
    "convnet_stacked",
    summary="embedding, convolution, pooling, convolution, global maximum, dense output",
    reference="Chollet & Allaire (2018), Deep Learning with R, chapter 6.4",
)
def convnet_stacked(
    task: seqclf.Task,
    embedding_dim: seqclf.Count = 32,
    filters: seqclf.Count = 32,
    width: seqclf.Count = 5,
    layers: seqclf.Count = 2,
    pool: seqclf.Count = 3,
    dropout: seqclf.Rate = 0.5,
) -> Any:
    """Embedding, convolutions with max pooling between them, global max pooling, dense output.

    Each layer sees more words at a time than the one below it. Convolutions know no mask:
    windows of padding count, too.

    Args:
        task: what is to be told apart.
        embedding_dim: length of a word's vector.
        filters: filters of each layer.
        width: how many steps a filter sees at a time.
        layers: how many convolutions.
        pool: of how many steps each pooling keeps the greatest.
        dropout: share dropped before the output.

    Returns:
        A `keras.Sequential` from (batch, maxlen) ids, or (batch, maxlen, features) numbers, to
        (batch, task.units) probabilities.

    Raises:
        UsageError: `maxlen` is too short for so many layers.
    """
    needed = least_length(width, layers, pool)
    if task.maxlen < needed:
        raise UsageError(
            f"these layers need texts of {needed} words, but --maxlen is {task.maxlen}",
            hint="raise --maxlen, or lower -p width, -p pool or -p layers",
        )
    model = keras_model_sequential() | task.embedding_layer(embedding_dim)
    for _ in range(layers - 1):
        model = (
            model
            | layer_conv_1d(filters=filters, kernel_size=width, activation="relu")
            | layer_max_pooling_1d(pool_size=pool)
        )
    model = (
        model
        | layer_conv_1d(filters=filters, kernel_size=width, activation="relu")
        | layer_global_max_pooling_1d()
    )
    if dropout:
        model = model | layer_dropout(rate=dropout)
    return model | task.output_layer()


def least_length(width: int, layers: int, pool: int) -> int:
    """Give the fewest steps that leave one for the last layer.

    Example:
        >>> least_length(width=5, layers=2, pool=3)
        19
    """
    steps = width
    for _ in range(layers - 1):
        steps = steps * pool + width - 1
    return steps

"""Windows of several widths side by side."""

from __future__ import annotations

from typing import Any, Literal

import seqclf
from seqclf.errors import UsageError
from seqclf.r import (
    keras_model,
    layer_concatenate,
    layer_conv_1d,
    layer_dense,
    layer_dropout,
    layer_global_max_pooling_1d,
    layer_input,
    layer_spatial_dropout_1d,
)


@seqclf.architecture(
    "convnet",
    summary="embedding, convolutions of several widths side by side, their maxima, dense output",
    reference="Kim (2014), Convolutional neural networks for sentence classification",
)
def convnet(
    task: seqclf.Task,
    embedding_dim: seqclf.Count = 32,
    filters: seqclf.Count = 100,
    widths: str = "3,4,5",
    padding: Literal["valid", "same"] = "valid",
    dropout: seqclf.Rate = 0.5,
    spatial_dropout: seqclf.Rate = 0.0,
    dense_units: seqclf.Count | None = None,
) -> Any:
    """Embedding, parallel convolutions with global max pooling, dropout, dense output.

    Each filter looks for its own few words in a row and tells how well it found them, wherever
    in the text. Convolutions know no mask: windows of padding count, too.

    Args:
        task: what is to be told apart.
        embedding_dim: length of a word's vector.
        filters: filters of each width.
        widths: how many words the filters see at a time, by comma.
        padding: "valid" sees whole windows only; "same" also those that stand out at both ends,
            so that texts may be shorter than a window.
        dropout: share dropped before the output.
        spatial_dropout: share of the embedding's features dropped in all steps alike.
        dense_units: units of a dense ReLU layer before the output; none leaves it out.

    Returns:
        A `keras.Model` from (batch, maxlen) ids, or (batch, maxlen, features) numbers, to
        (batch, task.units) probabilities.

    Raises:
        UsageError: the widths are no numbers, or wider than `maxlen`.
    """
    windows = _windows(widths)
    if padding == "valid" and max(windows) > task.maxlen:
        raise UsageError(
            f"-p widths={widths} has a window of {max(windows)} words, but --maxlen is "
            f"{task.maxlen}",
            hint="raise --maxlen, take narrower windows, or -p padding=same",
        )
    steps = layer_input(shape=task.input_shape, dtype="float32" if task.features else "int32")
    x = task.embedding_layer(embedding_dim)(steps)
    if spatial_dropout:
        x = layer_spatial_dropout_1d(x, rate=spatial_dropout)
    found = []
    for width in windows:
        seen = layer_conv_1d(
            x, filters=filters, kernel_size=width, padding=padding, activation="relu"
        )
        found.append(layer_global_max_pooling_1d(seen))
    x = layer_concatenate(found) if len(found) > 1 else found[0]
    if dropout:
        x = layer_dropout(x, rate=dropout)
    if dense_units:
        x = layer_dense(x, units=dense_units, activation="relu")
    return keras_model(steps, task.output_layer(x))


def _windows(widths: str) -> list[int]:
    """Read "3,4,5"."""
    parts = [part.strip() for part in widths.split(",")]
    if not all(part.isascii() and part.isdigit() and int(part) > 0 for part in parts):
        raise UsageError(f"-p widths must be whole numbers from 1, such as 3,4,5, not '{widths}'")
    return [int(part) for part in parts]

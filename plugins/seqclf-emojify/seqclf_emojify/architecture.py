"""The architecture hook's half: two LSTM layers over word vectors."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import seqclf
from seqclf.errors import UsageError
from seqclf.r import keras_model_sequential, layer_dropout, layer_lstm

OWN_LENGTH = 50
"""The length of a word's vector where nothing else sets it."""


@seqclf.architecture(
    "emojify",
    summary="word vectors (pretrained ones stay as they are), two LSTM layers, dense output",
    reference="the emoji exercise of deeplearning.ai's course Sequence Models",
)
def emojify(
    task: seqclf.Task,
    units: seqclf.Count = 128,
    dropout: seqclf.Rate = 0.5,
    vectors: str | None = None,
    embedding_dim: seqclf.Count | None = None,
    trainable: bool | None = None,
) -> Any:
    """Embedding, LSTM with its whole sequence, dropout, LSTM, dropout, dense output.

    A saved run holds the vectors in its model; it predicts without the file.

    Args:
        task: what is to be told apart.
        units: length of each LSTM layer's state.
        dropout: share dropped after each LSTM layer.
        vectors: a file of pretrained word vectors, as --vectors takes it, that are to stay as
            they are; without one, the vectors start at random.
        embedding_dim: length of a word's vector; none takes the file's, or 50.
        trainable: whether training changes the vectors; none keeps those of -p vectors, asks
            --freeze about those of --vectors, and trains those that start at random.

    Returns:
        A `keras.Sequential` from (batch, maxlen) ids to (batch, task.units) probabilities.

    Raises:
        UsageError: the words of the ids are not known, the file has none of them, the lengths
            differ, or there are two files.
        DataError: the file cannot be read or is malformed.
    """
    if vectors is not None:
        matrix = _matrix(task, Path(vectors).expanduser(), embedding_dim)
        task = dataclasses.replace(task, vectors=matrix, freeze=True)
    model = (
        keras_model_sequential()
        | task.embedding_layer(embedding_dim or OWN_LENGTH)
        | layer_lstm(units=units, return_sequences=True)
        | layer_dropout(rate=dropout)
        | layer_lstm(units=units)
        | layer_dropout(rate=dropout)
        | task.output_layer()
    )
    if trainable is not None and not task.features:  # a series of numbers has no embedding
        model.layers[0].trainable = trainable
    return model


def _matrix(task: seqclf.Task, path: Path, wanted: int | None) -> Any:
    """Give the first weights of the embedding, shape (task.num_words, length)."""
    from seqclf.encoding.vectors import read_vectors

    if task.vectors is not None:
        raise UsageError("--vectors and -p vectors both name a file", "leave one of them out")
    if not any(task.words):
        raise UsageError(
            "-p vectors needs the words of the token ids, which are not known here",
            "take a dataset of texts, or leave -p vectors out",
        )
    vectors = read_vectors(path, task.words, note=task.note)
    if wanted not in (None, vectors.dim):
        raise UsageError(
            f"-p embedding_dim is {wanted}, but the vectors in {path} have the length "
            f"{vectors.dim}",
            "leave -p embedding_dim out",
        )
    return vectors.matrix

"""The architecture hook's half: two LSTM layers over word vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import seqclf
from seqclf.errors import DataError, UsageError
from seqclf.r import (
    keras_model_sequential,
    layer_dropout,
    layer_embedding,
    layer_lstm,
)

from seqclf_emojify.vectors import read_vectors

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
        vectors: a file of pretrained word vectors in GloVe's text format, plain or gzip;
            without one, the vectors start at random.
        embedding_dim: length of a word's vector; none takes the file's, or 50.
        trainable: whether training changes the vectors; none keeps those of a file and
            trains those that start at random.

    Returns:
        A `keras.Sequential` from (batch, maxlen) ids to (batch, task.units) probabilities.

    Raises:
        UsageError: the words of the ids are not known, or the lengths differ.
        DataError: the file cannot be read, is malformed, or has none of the words.
    """
    given: dict[str, Any] = {"output_dim": embedding_dim or OWN_LENGTH}
    if vectors is not None:
        matrix = _matrix(task, Path(vectors).expanduser(), embedding_dim)
        # As weights, not as an initializer: an initializer would be written into the
        # model's description, number by number.
        given = {"output_dim": matrix.shape[1], "weights": [matrix]}
    if trainable is None:
        trainable = vectors is None
    return (
        keras_model_sequential()
        | layer_embedding(input_dim=task.num_words, trainable=trainable, **given)
        | layer_lstm(units=units, return_sequences=True)
        | layer_dropout(rate=dropout)
        | layer_lstm(units=units)
        | layer_dropout(rate=dropout)
        | task.output_layer()
    )


def _matrix(task: seqclf.Task, path: Path, wanted: int | None) -> Any:
    """Give the first weights of the embedding, shape (task.num_words, length); zeros elsewhere."""
    import numpy as np

    ids = {word: number for number, word in enumerate(task.words) if word}
    if not ids:
        raise UsageError(
            "-p vectors needs the words of the token ids, which are not known here",
            "take a dataset of texts, or leave -p vectors out",
        )
    length, found = read_vectors(path, ids)
    if wanted not in (None, length):
        raise UsageError(
            f"-p embedding_dim is {wanted}, but the vectors in {path} have the length {length}",
            "leave -p embedding_dim out",
        )
    if not found:
        raise DataError(
            f"{path} has a vector for none of the {len(ids):,} words",
            "is it of another language?",
        )
    task.note(f"{path}: vectors for {len(found):,} of {len(ids):,} words; the others start at zero")
    matrix = np.zeros((task.num_words, length), np.float32)
    for word, vector in found.items():
        matrix[ids[word]] = vector
    return matrix

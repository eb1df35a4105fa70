"""What an architecture needs to know of the data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seqclf.contracts import Kind, Note
from seqclf.r import layer_dense, layer_embedding, layer_masking
from seqclf.r.pipe import Unchanged

if TYPE_CHECKING:
    import numpy as np


def _ignore(sentence: str) -> None:
    return None


@dataclass(frozen=True)
class Task:
    """What is to be told apart, and how the sequences come.

    Args:
        kind: "binary", "multiclass" or "multilabel".
        labels: the class names in the order of the class numbers.
        num_words: how many different token ids there are.
        maxlen: time steps of every padded sequence.
        words: the word of each id, "" where an id has none; empty where nobody knows them.
        features: how many numbers a step of a series has; 0 for token ids.
        vectors: pretrained vectors, shape (num_words, dimensions), or None.
        freeze: whether training leaves the vectors as they are.
        note: call it with a sentence the person should read.

    Example:
        >>> task = Task("multiclass", ("calm", "angry", "sad"), num_words=10000, maxlen=500)
        >>> task.units, task.activation, task.loss
        (3, 'softmax', 'sparse_categorical_crossentropy')
    """

    kind: Kind
    labels: tuple[str, ...]
    num_words: int
    maxlen: int
    words: tuple[str, ...] = ()
    features: int = 0
    vectors: np.ndarray | None = field(default=None, repr=False, compare=False)
    freeze: bool = False
    note: Note = field(default=_ignore, repr=False, compare=False)

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.labels)

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of an example: (maxlen,) for token ids, (maxlen, features) for a series."""
        return (self.maxlen, self.features) if self.features else (self.maxlen,)

    @property
    def units(self) -> int:
        """Units of the output layer: one for two classes, else one a class."""
        return 1 if self.kind == "binary" else self.classes

    @property
    def activation(self) -> str:
        """The output layer's activation."""
        return "softmax" if self.kind == "multiclass" else "sigmoid"

    @property
    def loss(self) -> str:
        """The loss, by its Keras name."""
        if self.kind == "multiclass":
            return "sparse_categorical_crossentropy"
        return "binary_crossentropy"

    def metrics(self) -> list[Any]:
        """Give the Keras metrics to watch: accuracy, for the kind of task."""
        import keras

        if self.kind == "multiclass":
            return [keras.metrics.SparseCategoricalAccuracy(name="accuracy")]
        return [keras.metrics.BinaryAccuracy(name="accuracy")]

    def embedding_layer(self, output_dim: int = 32, *, mask_zero: bool = False) -> Any:
        """Give what a network begins with: `model | task.embedding_layer(output_dim=32)`.

        For token ids an embedding: `layer_embedding(input_dim=task.num_words, ...)`, which starts
        from the pretrained vectors where there are some. A series of numbers has nothing to look
        up: it goes to the next layer as it is.

        Args:
            output_dim: length of a word's vector; pretrained vectors have a length of their own.
            mask_zero: whether later layers skip the padding.

        Shapes:
            In: (batch, steps) ids, or (batch, steps, features) numbers. Out: (batch, steps,
            output_dim), or the numbers.
        """
        if self.features:
            return layer_masking() if mask_zero else Unchanged()
        if self.vectors is None:
            return layer_embedding(
                input_dim=self.num_words, output_dim=output_dim, mask_zero=mask_zero
            )
        return layer_embedding(
            input_dim=self.num_words,
            output_dim=self.vectors.shape[1],
            mask_zero=mask_zero,
            weights=[self.vectors],
            trainable=not self.freeze,
        )

    def output_layer(self, x: Any = None) -> Any:
        """Give the last layer, with its units and its activation.

        `model | task.output_layer()` adds it to a Sequential model, `task.output_layer(x)` and
        `task.output_layer()(x)` call it on a tensor. In a list of layers write
        `keras.layers.Dense(task.units, task.activation)`, which is the same.
        """
        if x is None:
            return layer_dense(units=self.units, activation=self.activation)
        return layer_dense(x, units=self.units, activation=self.activation)

"""What an architecture needs to know of the data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from seqclf.contracts import Kind, Note
from seqclf.r import layer_dense


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
    note: Note = field(default=_ignore, repr=False, compare=False)

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.labels)

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

    def output_layer(self, x: Any = None) -> Any:
        """Give the last layer, with its units and its activation.

        `model | task.output_layer()` adds it to a Sequential model, `task.output_layer(x)` and
        `task.output_layer()(x)` call it on a tensor. In a list of layers write
        `keras.layers.Dense(task.units, task.activation)`, which is the same.
        """
        if x is None:
            return layer_dense(units=self.units, activation=self.activation)
        return layer_dense(x, units=self.units, activation=self.activation)

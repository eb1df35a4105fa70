"""Batches of padded sequences, every epoch in an order of its own.

Keras' own shuffling is not used: after `set_random_seed` it replays the same
permutation every epoch on the TensorFlow backend.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from seqclf.contracts import Ragged, Split
from seqclf.encoding.padding import pad


class Batches:
    """One split as batches.

    Args:
        split: encoded examples.
        maxlen: time steps of a padded sequence.
        batch_size: examples a batch; the last one may be smaller.
        seed: the order of epoch e is `default_rng([seed, e]).permutation(n)`;
            None keeps the split's order.
    """

    def __init__(
        self, split: Split, *, maxlen: int, batch_size: int, seed: int | None = None
    ) -> None:
        assert split.ids is not None
        self.ids: Ragged = split.ids
        labels = np.asarray(split.labels)
        self.labels = labels.astype(np.int32 if labels.ndim == 1 else np.float32)
        self.maxlen = maxlen
        self.batch_size = batch_size
        self.seed = seed
        self.steps = math.ceil(len(split) / batch_size)
        self._order = np.arange(len(split))

    def begin_epoch(self, epoch: int) -> None:
        """Take the order of an epoch, counted from 0."""
        if self.seed is not None:
            self._order = np.random.default_rng([self.seed, epoch]).permutation(len(self._order))

    def batch(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """Give ids, shape (batch, maxlen), and labels of the step, counted from 0."""
        chosen = self._order[step * self.batch_size : (step + 1) * self.batch_size]
        return pad(self.ids.take(chosen), self.maxlen), self.labels[chosen]

    def __iter__(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        return (self.batch(step) for step in range(self.steps))


class _BatchSequence(keras.utils.PyDataset):
    """Batches as Keras takes them on the JAX and PyTorch backends."""

    def __init__(self, batches: Batches) -> None:
        super().__init__()
        self._batches = batches

    def __len__(self) -> int:
        return self._batches.steps

    def __getitem__(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        return self._batches.batch(step)


def feed(batches: Batches) -> Any:
    """Give batches in the form that `model.fit` reads without losing time.

    On TensorFlow that is a `tf.data.Dataset` with autotuning off: the
    autotuner's thread makes `fit` stand still for seconds when an iterator ends.
    """
    if keras.config.backend() != "tensorflow":
        return _BatchSequence(batches)
    import tensorflow as tf

    labels = batches.labels
    signature = (
        tf.TensorSpec((None, batches.maxlen), tf.int32),
        tf.TensorSpec((None, *labels.shape[1:]), tf.as_dtype(labels.dtype)),
    )
    options = tf.data.Options()
    options.autotune.enabled = False
    dataset = tf.data.Dataset.from_generator(lambda: iter(batches), output_signature=signature)
    counted = dataset.apply(tf.data.experimental.assert_cardinality(batches.steps))
    return counted.prefetch(2).with_options(options)

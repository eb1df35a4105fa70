"""Batches of padded sequences, every epoch in an order of its own.

Keras' own shuffling is not used: after `set_random_seed` it replays the same
permutation every epoch on the TensorFlow backend.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from seqclf.contracts import Ragged, Split
from seqclf.encoding.padding import Padding
from seqclf.training.buckets import bucketed_order, padded_length

Pad = Callable[[Ragged, np.ndarray, Padding], np.ndarray]
"""Takes sequences, which of them are wanted, and how they become one length."""


def pad_chosen(sequences: Ragged, chosen: np.ndarray, padding: Padding) -> np.ndarray:
    """Pad some of the sequences."""
    return padding(sequences.take(chosen))


class Batches:
    """One split as batches.

    Args:
        split: encoded examples.
        padding: how sequences become one length.
        batch_size: examples a batch; the last one may be smaller.
        seed: the order of epoch e is `default_rng([seed, e]).permutation(n)`;
            None keeps the split's order.
        bucket: whether that order is `bucketed_order`, and each batch is padded to its own longest
            example in place of `padding.maxlen`.
        pad: pads some of the sequences.
    """

    def __init__(
        self,
        split: Split,
        *,
        padding: Padding,
        batch_size: int,
        seed: int | None = None,
        bucket: bool = False,
        pad: Pad = pad_chosen,
    ) -> None:
        self.sequences = split.sequences
        labels = np.asarray(split.labels)
        self.labels = labels.astype(np.int32 if labels.ndim == 1 else np.float32)
        weights = split.weights
        self.weights = None if weights is None else np.asarray(weights, np.float32)
        self.padding = padding
        self.batch_size = batch_size
        self.seed = seed
        self.bucket = bucket
        self.pad = pad
        self.steps = math.ceil(len(split) / batch_size)
        self._order = np.arange(len(split))

    def begin_epoch(self, epoch: int) -> None:
        """Take the order of an epoch, counted from 0."""
        if self.seed is None:
            return
        if self.bucket:
            lengths = np.minimum(self.sequences.lengths, self.padding.maxlen)
            self._order = bucketed_order(lengths, self.batch_size, self.seed, epoch)
        else:
            self._order = np.random.default_rng([self.seed, epoch]).permutation(len(self._order))

    def batch(self, step: int) -> tuple[np.ndarray, ...]:
        """Give the padded sequences and labels of a step, counted from 0.

        Returns:
            Shape (batch, steps) for ids, (batch, steps, features) for series; the labels; and
            the examples' weights where they have some.
        """
        chosen = self._order[step * self.batch_size : (step + 1) * self.batch_size]
        padding = self.padding
        if self.bucket:
            longest = padded_length(self.sequences.lengths[chosen], padding.maxlen)
            padding = replace(padding, maxlen=longest)
        batch = (self.pad(self.sequences, chosen, padding), self.labels[chosen])
        return batch if self.weights is None else (*batch, self.weights[chosen])

    def __iter__(self) -> Iterator[tuple[np.ndarray, ...]]:
        return (self.batch(step) for step in range(self.steps))


class _BatchSequence(keras.utils.PyDataset):
    """Batches as Keras takes them on the JAX and PyTorch backends."""

    def __init__(self, batches: Batches) -> None:
        super().__init__()
        self._batches = batches

    def __len__(self) -> int:
        return self._batches.steps

    def __getitem__(self, step: int) -> tuple[np.ndarray, ...]:
        return self._batches.batch(step)


def signature(batches: Batches) -> list[Any]:
    """Give TensorFlow's specifications of a batch: inputs, labels and, where they are, weights."""
    import tensorflow as tf

    labels, features = batches.labels, batches.sequences.values.shape[1:]
    # An open number of steps, so that a graph is traced once for all lengths.
    steps = None if batches.bucket else batches.padding.maxlen
    specs = [
        tf.TensorSpec((None, steps, *features), tf.float32 if features else tf.int32),
        tf.TensorSpec((None, *labels.shape[1:]), tf.as_dtype(labels.dtype)),
    ]
    if batches.weights is not None:
        specs.append(tf.TensorSpec((None,), tf.float32))
    return specs


def feed(batches: Batches) -> Any:
    """Give batches in the form that `model.fit` reads without losing time.

    On TensorFlow that is a `tf.data.Dataset` with autotuning off: the
    autotuner's thread makes `fit` stand still for seconds when an iterator ends.
    """
    if keras.config.backend() != "tensorflow":
        return _BatchSequence(batches)
    import tensorflow as tf

    options = tf.data.Options()
    options.autotune.enabled = False
    dataset = tf.data.Dataset.from_generator(
        lambda: iter(batches), output_signature=tuple(signature(batches))
    )
    counted = dataset.apply(tf.data.experimental.assert_cardinality(batches.steps))
    return counted.prefetch(2).with_options(options)

"""What an optimizer's step costs, by the form in which it gets the gradient of the embedding.

    python benchmarks/optimizers.py

The weights of the tutorial's LSTM: an embedding of 10,000 words and 32 numbers, of which a batch
has 4,000 words, and five small arrays. The whole gradient, zeros for the other words, is what the
kernels hand over; "rows" are those of the batch's words alone, `tf.IndexedSlices`, each once. With
XLA the whole gradient, and the seconds to compile that. Milliseconds are medians of 300 steps.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

WORDS, DIMENSION, FOUND, STEPS = 10_000, 32, 4_000, 300
SMALL = ((32, 128), (32, 128), (128,), (32, 1), (1,))
OPTIMIZERS = ("rmsprop", "adam", "adagrad", "sgd")


def main() -> None:
    """Print a line for each optimizer."""
    random = np.random.default_rng(0)
    rows = random.permutation(WORDS)[:FOUND].astype(np.int32)
    values = random.normal(size=(FOUND, DIMENSION)).astype(np.float32)
    whole = np.zeros((WORDS, DIMENSION), np.float32)
    whole[rows] = values
    slices = tf.IndexedSlices(tf.constant(values), tf.constant(rows), tf.constant(whole.shape))
    print("ms a step: whole gradient / rows / whole, with XLA (seconds to compile)")
    for name in OPTIMIZERS:
        plain, _ = measure(name, tf.constant(whole), compiled=False)
        found, _ = measure(name, slices, compiled=False)
        fused, first = measure(name, tf.constant(whole), compiled=True)
        print(f"{name}: {plain:.2f} / {found:.2f} / {fused:.2f} ({first:.2f})", flush=True)


def measure(name: str, gradient: Any, *, compiled: bool) -> tuple[float, float]:
    """Give the median milliseconds of a step, and the seconds of the first one."""
    shapes = ((WORDS, DIMENSION), *SMALL)
    variables = [keras.Variable(np.full(shape, 0.1, np.float32)) for shape in shapes]
    others = [tf.fill(shape, 0.01) for shape in SMALL]
    optimizer = keras.optimizers.get(name)
    optimizer.build(variables)
    step: Callable[[Any], None] = tf.function(
        lambda given: optimizer.apply([given, *others], variables),
        autograph=False,
        jit_compile=compiled,
    )
    taken = []
    for _ in range(STEPS + 1):
        start = time.perf_counter()
        step(gradient)
        taken.append(time.perf_counter() - start)
    return 1e3 * statistics.median(taken[1:]), taken[0]


if __name__ == "__main__":
    main()

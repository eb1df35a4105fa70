"""Batches of similar lengths: their order, and how long each is padded."""

from __future__ import annotations

import numpy as np

POOL = 50
"""So many batches are made of examples that are sorted together."""

MULTIPLE = 16
"""Batches are padded to a multiple of this, so that there are few different shapes."""


def bucketed_order(lengths: np.ndarray, batch_size: int, seed: int, epoch: int) -> np.ndarray:
    """Give the order of an epoch in which the examples of a batch have similar lengths.

    The epoch's permutation is cut into pools of `POOL` batches, each pool is sorted by length and
    cut into batches, and the batches come in an order of chance. What is left over of whole
    batches is the last one, unsorted, so that no length is always in the short batch.

    Args:
        lengths: steps of each example, after cutting; shape (examples,).
        batch_size: examples a batch.
        seed, epoch: the permutation is that of `default_rng([seed, epoch])`, as without buckets.

    Returns:
        Every index once, shape (examples,); batch n begins at `n * batch_size`.

    Example:
        >>> lengths = np.array([1, 9, 2, 8, 1, 9])
        >>> lengths[bucketed_order(lengths, 2, seed=2, epoch=0)].reshape(3, 2).tolist()
        [[1, 1], [9, 9], [2, 8]]

    Source:
        Khomenko et al. (2016), Accelerating recurrent neural network training using sequence
        bucketing and multi-GPU data parallelization.
    """
    random = np.random.default_rng([seed, epoch])
    order = random.permutation(len(lengths))
    batches = len(lengths) // batch_size
    whole = order[: batches * batch_size]
    pools = np.arange(len(whole)) // (POOL * batch_size)
    # The last key counts first; examples of one length stay in the permutation's order.
    whole = whole[np.lexsort((lengths[whole], pools))]
    shuffled = whole.reshape(batches, batch_size)[random.permutation(batches)]
    return np.concatenate([shuffled.reshape(-1), order[len(whole) :]])


def padded_length(lengths: np.ndarray, maxlen: int) -> int:
    """Say to how many steps a batch is padded: its longest example, and a few more.

    Args:
        lengths: steps of the batch's examples, before cutting.
        maxlen: the most.

    Example:
        >>> padded_length(np.array([3, 20]), 500), padded_length(np.array([0]), 500)
        (32, 16)
        >>> padded_length(np.array([3, 20]), 25)
        25
    """
    longest = max(1, int(lengths.max(initial=0)))
    return min(maxlen, -(-longest // MULTIPLE) * MULTIPLE)

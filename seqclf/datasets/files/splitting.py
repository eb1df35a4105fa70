"""An order of rows of which every beginning and every end is stratified."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def row_keys(texts: Iterable[str], seed: int) -> np.ndarray:
    """Give each text a random number that depends on it and the seed alone.

    Args:
        texts: the texts; they may lie on disk.
        seed: other numbers for another seed; from 0 to 2**32 - 1.

    Returns:
        Shape (texts,), uint64; the same for the same text.

    Example:
        >>> keys = row_keys(["late again", "thank you", "late again"], seed=1)
        >>> bool(keys[0] == keys[2]), bool(keys[0] == keys[1])
        (True, False)
    """
    import hashlib

    import numpy as np

    seeded = hashlib.blake2b(key=seed.to_bytes(4, "little"), digest_size=8)

    def key(text: str) -> bytes:
        digest = seeded.copy()
        digest.update(text.encode("utf-8", "surrogatepass"))
        return digest.digest()

    return np.frombuffer(b"".join(map(key, texts)), "<u8")


def stratified_order(strata: np.ndarray, keys: np.ndarray, seed: int) -> np.ndarray:
    """Mix rows so that the classes are spread evenly: in whatever is cut off, either end.

    Within a class the order is that of the keys, so that rows that come or go later move at most
    a few others over a cut, and equal texts lie together. Of the first n rows, whatever n, each
    class has its share of all rows, less or more than one row; and so have the last n.

    Args:
        strata: the class number of each row, from 0; shape (rows,), whole numbers.
        keys: what `row_keys` gave, shape (rows,).
        seed: fixes which class goes first where two could; from 0 to 2**32 - 1.

    Returns:
        The rows in their new order, shape (rows,), int64.

    Example:
        >>> import numpy as np
        >>> strata = np.array([0, 0, 0, 0, 1, 1])
        >>> order = stratified_order(strata, row_keys("abcdef", seed=1), seed=1)
        >>> sorted(order.tolist()), strata[order].tolist()
        ([0, 1, 2, 3, 4, 5], [0, 1, 0, 0, 1, 0])

    Source:
        R. Tijdeman (1980), The chairman assignment problem, Discrete Mathematics 32.
    """
    import numpy as np

    random = np.random.RandomState(seed)  # its numbers are the same in every numpy
    classes, numbers = np.unique(strata, return_inverse=True)
    counts = np.bincount(numbers, minlength=len(classes))
    ties = random.permutation(len(classes)).tolist()
    rows = np.lexsort((keys, numbers))  # class by class
    order = np.empty(len(strata), np.int64)
    order[np.argsort(_evenly(counts.tolist(), ties), kind="stable")] = rows
    return order


def _evenly(counts: list[int], ties: list[int]) -> np.ndarray:
    """Give a class for each place, so that after any number of places each has its share.

    Tijdeman's rule: with K classes a class may have its next place as soon as it would be
    1 / (2K - 2) behind its share, and must have it before it is 1 - 1 / (2K - 2) behind; of
    those that may, the one comes first that must first. All in whole numbers.

    Args:
        counts: how many places each class has.
        ties: which class goes first where two must at the same place.
    """
    import numpy as np

    total, several = sum(counts), len(counts)
    if several < 2:
        return np.zeros(total, np.int32)
    unit = 2 * several - 2
    chosen = np.empty(total, np.int32)
    given = [0] * several
    waiting = [(_ceiling(total, unit * count), number) for number, count in enumerate(counts)]
    heapq.heapify(waiting)
    ready: list[tuple[int, int, int]] = []
    for place in range(total):
        while waiting and (waiting[0][0] <= place + 1 or not ready):
            number = heapq.heappop(waiting)[1]
            due = (unit - 1 + unit * given[number]) * total // (unit * counts[number])
            heapq.heappush(ready, (due, ties[number], number))
        number = heapq.heappop(ready)[2]
        chosen[place] = number
        given[number] += 1
        if given[number] < counts[number]:
            may = _ceiling(total * (1 + unit * given[number]), unit * counts[number])
            heapq.heappush(waiting, (may, number))
    return chosen


def _ceiling(number: int, divisor: int) -> int:
    return -(-number // divisor)


def rarest(labels: np.ndarray) -> np.ndarray:
    """Give a stratum for rows with several labels each: the rarest label a row has.

    Args:
        labels: zeros and ones, shape (rows, classes).

    Returns:
        A class number each, shape (rows,), int64; the number of classes where a row has none.

    Example:
        >>> import numpy as np
        >>> rarest(np.array([[1, 1], [1, 0], [0, 0]])).tolist()
        [1, 0, 2]
    """
    import numpy as np

    strata = np.full(len(labels), labels.shape[1], np.int64)
    frequent_first = np.argsort(-labels.sum(axis=0, dtype=np.int64), kind="stable")
    for number in frequent_first.tolist():
        strata[labels[:, number] != 0] = number
    return strata

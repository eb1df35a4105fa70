"""Threads that stay: kernels run on all processors, without Python's lock."""

from __future__ import annotations

import functools
import heapq
import itertools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from seqclf.errors import UsageError

VARIABLE = "SEQCLF_THREADS"

_WORK_A_THREAD = 2_000_000
"""Products of two numbers that a thread more is worth waking for."""


def thread_count() -> int:
    """Say how many threads compute: `SEQCLF_THREADS`, else one for each processor to be had.

    Raises:
        UsageError: the variable is no whole number from 1.
    """
    told = os.environ.get(VARIABLE, "")
    if told:
        if not told.isdecimal() or int(told) < 1:
            raise UsageError(f"{VARIABLE} must be a whole number, at least 1, not {told!r}")
        return int(told)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@functools.cache
def _pool(count: int, _process: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count, thread_name_prefix="seqclf")


def together(function: Callable[[int], None], count: int) -> None:
    """Call `function(0)` to `function(count - 1)` at once, the first one here.

    An exception in one of them is raised when all are done.
    """
    if count == 1:
        function(0)
        return
    # A forked child has none of its parent's threads.
    pool = _pool(max(count, thread_count()) - 1, os.getpid())
    others = [pool.submit(function, number) for number in range(1, count)]
    try:
        function(0)
    finally:
        for other in others:
            other.result()


def share(count: int, parts: int, whole: int = 1) -> list[tuple[int, int]]:
    """Divide rows among threads, in multiples of `whole`.

    Example:
        >>> share(10, 2, whole=4)
        [(0, 4), (4, 12)]
    """
    groups = -(-count // whole)
    cuts = [groups * part // parts * whole for part in range(parts + 1)]
    return list(itertools.pairwise(cuts))


def divide_tiles(steps: np.ndarray, work: int) -> list[np.ndarray]:
    """Divide tiles among threads, each the next longest to the one with the least to do.

    Args:
        steps: of each tile, the longest first, from tile 1 on; tile 0 is for nobody.
        work: products of two numbers in a step of a tile.

    Returns:
        The tiles of each thread; fewer threads where there is little to do.
    """
    total = int(steps[1:].sum()) * work
    parts = max(1, min(thread_count(), len(steps) - 1, total // _WORK_A_THREAD))
    if parts == 1:
        return [np.arange(1, len(steps))]
    busy = [(0, part) for part in range(parts)]
    tiles: list[list[int]] = [[] for _ in range(parts)]
    for n, count in enumerate(steps[1:].tolist(), start=1):
        done, part = busy[0]
        heapq.heapreplace(busy, (done + count, part))
        tiles[part].append(n)
    return [np.array(numbers, np.int64) for numbers in tiles]

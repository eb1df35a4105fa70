"""Threads that stay: kernels run on all processors, without Python's lock."""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from seqclf.errors import UsageError

VARIABLE = "SEQCLF_THREADS"


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

"""What it ran on, and how fast that can multiply."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

LIBRARIES = ("seqclf", "numpy", "numba", "keras", "tensorflow", "jax", "torch")
DISTURBED = 0.2
"""Cores that other programs may use without being in the way."""

SIZE, SECONDS = 2_048, 1.5
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def cores() -> int:
    """Count the cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def busy() -> float:
    """Give the seconds that this process' cores have worked so far, for whomever; 0 if unknown."""
    try:
        lines = [line.split() for line in Path("/proc/stat").read_text().splitlines()]
    except OSError:
        return 0.0
    ours = {f"cpu{core}" for core in os.sched_getaffinity(0)}
    # user, nice, system, idle, iowait, irq, softirq, steal
    ticks = [sum(map(int, [*cells[1:4], *cells[6:9]])) for cells in lines if cells[0] in ours]
    return sum(ticks) / os.sysconf("SC_CLK_TCK")


def wait_for_quiet(most: float) -> None:
    """Wait until nobody works on the cores, or for so many seconds at most."""
    end = time.monotonic() + most
    while time.monotonic() < end:
        before = busy()
        time.sleep(1)
        if busy() - before < DISTURBED:
            return


def describe() -> dict[str, Any]:
    """Give the processor, its cores, how busy they are, and the libraries' versions."""
    return {
        "processor": _processor(),
        "cores": cores(),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in LIBRARIES},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def ceiling(threads: int) -> float:
    """Give the GFLOP/s of a large float32 product in NumPy, in a process with so many threads."""
    environment = {**os.environ, **dict.fromkeys(THREADS, str(threads))}
    command = [sys.executable, __file__]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _product() -> float:
    import numpy as np

    random = np.random.default_rng(1)
    left, right = random.random((2, SIZE, SIZE), dtype=np.float32)
    best, begun = float("inf"), time.perf_counter()
    while time.perf_counter() - begun < SECONDS:
        start = time.perf_counter()
        left @ right
        best = min(best, time.perf_counter() - start)
    return 2 * SIZE**3 / best / 1e9


if __name__ == "__main__":
    print(_product())

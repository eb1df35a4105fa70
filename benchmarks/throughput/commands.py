"""`seqclf run` as a whole: the time from Enter to the first step, and the most memory."""

from __future__ import annotations

import dataclasses
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from throughput.tables import print_table, say

MARK = "the first step is done"
PLUGIN = f'''"""Says when the first training batch is over."""

import sys

import seqclf


@seqclf.hookimpl
def seqclf_batch_end(epoch, batch):
    if (epoch, batch) == (1, 1):
        print("{MARK}", file=sys.stderr, flush=True)
'''


def measure_start(folder: Path, rounds: int) -> dict[str, Any]:
    """Print the seconds from starting `seqclf run reviews` to the end of its first step.

    The kernels' cache is empty, or left by an earlier run; the files of the libraries were read
    before, so that they do not come from the disk.
    """
    plugin = folder / "first_step.py"
    plugin.write_text(PLUGIN)
    full = folder / "cache"
    command = ("run", "reviews", "--arch", "lstm", "--epochs", "1", "--plugin", str(plugin))
    say("start: a run that is not measured")
    first_step((*command, "--out", str(folder / "runs")), full)
    taken: dict[str, list[float]] = {}
    for done in range(rounds):
        say(f"start: round {done + 1} of {rounds}")
        for kernel in kernels():
            caches = {"": full} if kernel == "keras" else {"empty": None, "full": full}
            for told, cache in caches.items():
                place = cache or folder / f"empty-{done}"
                name = f"--kernel {kernel}, {told} cache" if told else f"--kernel {kernel}"
                out = ("--out", str(folder / "runs"))
                seconds = first_step((*command, *flags(kernel), *out), place)
                taken.setdefault(name, []).append(seconds)
    print(f"\nseconds from Enter to the end of the first step, {' '.join(command[:6])}")
    rows = [
        [name, *(f"{value:.1f}" for value in (min(each), statistics.median(each), max(each)))]
        for name, each in taken.items()
    ]
    print_table(("", "min", "median", "max"), rows)
    return {"seconds": taken}


def kernels() -> tuple[str, ...]:
    """Give the values of `--kernel` to compare; "auto" alone where there is no such option."""
    from seqclf.contracts import RunConfig

    known = any(field.name == "kernel" for field in dataclasses.fields(RunConfig))
    return ("auto", "keras") if known else ("auto",)


def flags(kernel: str) -> tuple[str, ...]:
    """Give the flags that choose it; none for the default."""
    return () if kernel == "auto" else ("--kernel", kernel)


def first_step(arguments: Sequence[str], cache: Path) -> float:
    """Start seqclf, wait for its first step and end it; gives the seconds."""
    environment = {**os.environ, "SEQCLF_CACHE_DIR": str(cache), "CUDA_VISIBLE_DEVICES": ""}
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "seqclf", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stderr is not None
    told = []
    try:
        for line in process.stderr:
            if MARK in line:
                return time.perf_counter() - start
            told.append(line)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    raise SystemExit(f"seqclf {arguments[0]} made no step: {''.join(told).strip()}")


def measure_memory(folder: Path, data: Path | None, quick: bool) -> dict[str, Any]:
    """Print the most memory of a run from beginning to end, by kernel."""
    whole = data is not None and (data / "imdb.npz").is_file() and not quick
    source = ["imdb", "--data-dir", str(data)] if whole else ["reviews"]
    results: dict[str, Any] = {}
    rows = []
    for kernel in kernels():
        name = f"memory-{kernel}"
        command = ["run", *source, "--arch", "lstm", "--epochs", "1", "--seed", "1"]
        place = ["--out", str(folder / "runs"), "--name", name]
        say(f"memory: seqclf run {source[0]} with --kernel {kernel}")
        gibibytes, seconds = peak([*command, *flags(kernel), *place])
        results[kernel] = {"gib": gibibytes, "seconds": seconds}
        rows.append([f"--kernel {kernel}", f"{gibibytes:.2f}", f"{seconds:.0f}"])
    print(f"\nthe whole of seqclf run {source[0]} --arch lstm --epochs 1")
    print_table(("", "peak memory, GiB", "seconds"), rows)
    return results


def peak(arguments: Sequence[str]) -> tuple[float, float]:
    """Run seqclf; gives its peak memory in GiB, and the seconds."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "seqclf", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "CUDA_VISIBLE_DEVICES": ""},
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"seqclf {' '.join(arguments)} ended with {process.returncode}")
    return usage.ru_maxrss / 2**20, time.perf_counter() - start

"""Where the time of the recurrent kernels goes, without Keras: forward, backward, predicting.

    python benchmarks/kernels.py --data-dir DIR --cells lstm gru --units 32 64

DIR holds `imdb.npz`; without it, generated reviews of the same lengths are taken. Batches of
`--batch` reviews of up to 500 steps, embedding 32. Milliseconds of a batch are told, the median
of many, and how many billions of floating point operations a second that is: those of the recurrent
products alone, of real steps alone. With `--processor-time` and SEQCLF_THREADS=1 the time is that
which the processor spent on it, so that other programs on the machine disturb less.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from throughput.reviews import load

from seqclf.kernels.packing import Weights
from seqclf.kernels.recurrence import Recurrence

GATES = {"simple_rnn": 1, "lstm": 4, "gru": 3, "gru_reset_before": 3}
MAXLEN, WORDS, EMBEDDING = 500, 10_000, 32


def main() -> None:
    """Print a line for each cell and number of units."""
    options = _parse()
    clock = time.thread_time if options.processor_time else time.perf_counter
    reviews = load(options.data_dir, WORDS)
    print(f"data: {reviews.told}")
    size = options.batch
    rows = reviews.train.first(20 * size)
    ids = rows.padded(MAXLEN)
    steps = size * MAXLEN if options.backwards else rows.steps(MAXLEN) / 20
    print("cell, units: forward / backward / predict, ms a batch (GFLOP/s)")
    for cell in options.cells:
        for units in options.units:
            figures = measure(cell, units, ids, size, options.backwards, clock, options.batches)
            flops = 2 * units * units * GATES[cell] * steps
            told = [
                f"{1e3 * seconds:.2f} ({products * flops / seconds / 1e9:.0f})"
                for seconds, products in zip(figures, (1, 2, 1), strict=True)
            ]
            print(f"{cell}, {units}: " + " / ".join(told), flush=True)


def measure(
    cell: str,
    units: int,
    ids: np.ndarray,
    size: int,
    backwards: bool,
    clock: Callable[[], float],
    batches: int,
) -> tuple[float, float, float]:
    """Give the median seconds of a batch: forward, backward, and forward without it."""
    random = np.random.default_rng(0)

    def numbers(*shape: int) -> np.ndarray:
        return (random.normal(size=shape) * 0.1).astype(np.float32)

    wide = GATES[cell] * units
    bias = numbers(2, wide) if cell == "gru" else numbers(wide)
    weights = Weights(numbers(EMBEDDING, wide), numbers(units, wide), bias)
    table, gradient = numbers(WORDS, EMBEDDING), numbers(size, units)
    recurrence = Recurrence(cell, units, backwards=backwards)
    seconds: list[tuple[float, float, float]] = []
    for number in range(batches + 3):
        first = number % (len(ids) // size) * size
        batch = np.ascontiguousarray(ids[first : first + size])
        start = clock()
        _, left = recurrence.forward_ids(batch, table, None, weights, keep=True)
        forward = clock()
        recurrence.backward(left, gradient)
        backward = clock()
        recurrence.forward_ids(batch, table, None, weights, keep=False)
        seconds.append((forward - start, backward - forward, clock() - backward))
    middle = np.median(seconds[3:], axis=0)
    return float(middle[0]), float(middle[1]), float(middle[2])


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    folder = os.environ.get("SEQCLF_DATA_DIR")
    parser.add_argument("--data-dir", type=Path, default=Path(folder) if folder else None)
    parser.add_argument("--cells", nargs="+", default=list(GATES), choices=list(GATES))
    parser.add_argument("--units", nargs="+", type=int, default=[32])
    parser.add_argument("--backwards", action="store_true", help="read from the end")
    parser.add_argument("--batch", type=int, default=128, help="reviews of each")
    parser.add_argument("--batches", type=int, default=60, help="how many")
    parser.add_argument("--processor-time", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()

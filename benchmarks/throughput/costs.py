"""The LSTM's cost against length, units, batch and threads, beside Keras on TensorFlow."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from throughput.machine import ceiling, cores
from throughput.racing import Race, race
from throughput.reviews import Reviews
from throughput.settings import COMPETITORS, KERAS, SEQCLF, UNITS, Counts, Setting
from throughput.tables import number, print_table, ratio, say, times

SWEEPS: dict[str, dict[int, int]] = {
    "length": {100: 2_048, 200: 2_048, 500: 1_024, 1_000: 512, 2_000: 256},
    "units": {16: 1_024, 32: 1_024, 64: 1_024, 128: 512, 256: 256},
    "batch": {1: 64, 8: 256, 32: 512, 128: 1_024, 512: 2_048},
    "threads": {1: 1_024, 2: 1_024},
}
"""What is varied, and how many samples an epoch then has."""

QUICK: dict[str, dict[int, int]] = {
    "length": {100: 128, 500: 128},
    "units": {16: 128, 64: 128},
    "batch": {8: 32, 128: 128},
    "threads": {1: 128, 2: 128},
}

TOLD = {
    "length": "sequence length (reviews without padding)",
    "units": "units",
    "batch": "batch",
    "threads": "threads",
}
GATES = 4


@dataclass(frozen=True)
class Row:
    """One value of what is varied: how fast both were, and the arithmetic of a sample in GFLOP."""

    setting: Setting
    outcome: Race
    done: float


def measure(
    part: str, reviews: Reviews, folder: Path, rounds: int, quick: bool, wait: float
) -> dict[str, Any]:
    """Print a table: samples a second of both, and the share of the ceiling that they reach.

    Three epochs without validation. The arithmetic is that of the input's and the state's
    products, forward once and backward twice, in the steps that are no padding; the ceiling is
    the best of the part's products of matrices with as many threads.
    """
    rows: dict[int, Row] = {}
    ceilings: dict[int, float] = {}
    for value, samples in (QUICK if quick else SWEEPS)[part].items():
        if part == "threads" and value > cores():
            say(f"threads: {value} are more than there are cores")
            continue
        data = folder / f"{part}-{value}.npz"
        setting = _setting(part, value, str(data))
        chosen = reviews.unpadded(setting.maxlen) if part == "length" else reviews
        train = chosen.write(data, Counts(samples, 0, 1))["train"]
        threads = setting.threads
        ceilings[threads] = max(ceilings.get(threads, 0.0), ceiling(threads or cores()))
        outcome = race(setting, (SEQCLF, KERAS), rounds, f"{part} {value}", wait)
        steps = train.steps(setting.maxlen) / len(train)
        rows[value] = Row(setting, outcome, _operations(setting, steps) / 1e9)
    _print(part, rounds, rows, ceilings)
    return {
        str(value): {
            "training": row.outcome.training,
            "answers": row.outcome.answers,
            "missing": row.outcome.missing,
            "told": row.outcome.told,
            "gflop_a_sample": row.done,
            "ceiling_gflops": ceilings[row.setting.threads],
        }
        for value, row in rows.items()
    }


def _print(part: str, rounds: int, rows: dict[int, Row], ceilings: dict[int, float]) -> None:
    lines = []
    for value, row in rows.items():
        top = ceilings[row.setting.threads]
        speeds = [row.outcome.training.get(name) for name in (SEQCLF, KERAS)]
        medians = [statistics.median(speed) if speed else None for speed in speeds]
        shares = [None if speed is None else speed * row.done / top for speed in medians]
        lines.append(
            [
                f"{value:,}",
                *("" if speed is None else number(speed) for speed in medians),
                times(ratio(*speeds)),
                number(top),
                *("" if share is None else f"{share:.1%}" for share in shares),
            ]
        )
    print(f"\nlstm against {TOLD[part]}, training samples a second; rounds: {rounds}")
    heading = (part, "seqclf", COMPETITORS[KERAS], "seqclf x", "ceiling, GFLOP/s")
    print_table((*heading, "seqclf reaches", "Keras reaches"), lines)
    for value, row in rows.items():
        row.outcome.tell_odd(f"{part} {value:,}")


def _setting(part: str, value: int, data: str) -> Setting:
    name = {"length": "maxlen", "units": "units", "batch": "batch", "threads": "threads"}[part]
    fields: dict[str, Any] = {"units": UNITS["lstm"], "predicting": False, name: value}
    return Setting(data, "lstm", **fields)


def _operations(setting: Setting, steps: float) -> float:
    """Count the operations of a sample with so many steps."""
    products = GATES * setting.units * (setting.units + setting.embedding)
    return 3 * 2 * products * steps

"""Samples a second: seqclf beside Keras on TensorFlow (with and without XLA), on JAX, and PyTorch.

    python benchmarks/train_throughput.py --data-dir DIR

DIR holds `imdb.npz`; without it, generated reviews of the same lengths are taken. Every competitor
is a process that has compiled and traced everything before; they train on the same padded
batches (500 steps, 10,000 words, embedding 32, batches of 128, RMSprop) and take turns, round by
round. A round of training is a whole `fit` of three epochs with validation; a round of predicting
gives the probabilities of reviews. The medians and their ratios are told, beside the bar. Peers
come with `pip install 'seqclf[benchmarks]'`; those that are missing are named.

    python benchmarks/train_throughput.py --part length units batch threads start memory answers

measures, instead of the bar, the LSTM's cost against length, units, batch and threads, with
the share of the arithmetic ceiling that is reached; the time from Enter to the first step; the
memory of a whole run; and how long a run takes to answer one text, and a file of texts. On two
quiet cores the bar takes about 25 minutes and the other parts 15; `--quick` runs all of it with
tiny sizes, whose figures say little, in three or four.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from throughput import answers, bar, commands, costs, machine
from throughput.reviews import Reviews, load
from throughput.settings import COMPETITORS, UNITS

PARTS = ("bar", "length", "units", "batch", "threads", "start", "memory", "answers")
QUICK_CELLS = ("lstm", "simple_rnn")
MOST_ROUNDS = 3
"""Rounds of the parts beside the bar."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; give 1 if the bar was measured and missed."""
    options = _parse(arguments)
    start = time.perf_counter()
    described = machine.describe()
    _print_machine(described)
    reviews = load(options.data_dir, 10_000)
    print(f"data: {reviews.told}", flush=True)
    results: dict[str, Any] = {"machine": described, "data": reviews.told, "quick": options.quick}
    with tempfile.TemporaryDirectory() as folder:
        for part in options.part:
            results[part] = _measure(part, options, reviews, Path(folder))
            if options.json is not None:
                options.json.write_text(json.dumps(results, indent=1) + "\n")
    minutes = (time.perf_counter() - start) / 60
    print(f"\n{minutes:.1f} minutes in all")
    if options.quick:
        print("--quick: the sizes are too small to judge by")
    return 0 if options.quick or results.get("bar", {}).get("reached", True) else 1


def _measure(part: str, options: argparse.Namespace, reviews: Reviews, folder: Path) -> Any:
    rounds = min(options.rounds, MOST_ROUNDS)
    if part == "bar":
        return bar.measure(
            reviews,
            folder,
            cells=options.cells,
            names=options.competitors,
            rounds=options.rounds,
            samples=options.samples,
            quick=options.quick,
            wait=options.wait,
        )
    if part == "start":
        return commands.measure_start(folder, rounds)
    if part == "answers":
        return answers.measure(reviews, folder, rounds, options.quick)
    if part == "memory":
        return commands.measure_memory(folder, options.data_dir, options.quick)
    return costs.measure(part, reviews, folder, rounds, options.quick, options.wait)


def _print_machine(described: dict[str, Any]) -> None:
    print(f"{described['processor']}, {described['cores']} cores, Python {described['python']}")
    print(", ".join(f"{name} {version}" for name, version in described["versions"].items()))
    load = described["load"]
    if load is not None and load > 0.5:
        print(f"the load is {load:.1f} before anything is measured: others work here, too")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    found = os.environ.get("SEQCLF_DATA_DIR")
    parser.add_argument(
        "--data-dir",
        type=Path,
        default=Path(found) if found else None,
        help="folder that holds imdb.npz (default: SEQCLF_DATA_DIR, else generated reviews)",
    )
    parser.add_argument(
        "--part",
        nargs="+",
        choices=(*PARTS, "all"),
        help="what is measured (default: bar; with --quick all)",
    )
    parser.add_argument(
        "--cells",
        type=_names(UNITS),
        help=f"the bar's networks, by comma, of {','.join(UNITS)} (default: all; with --quick "
        f"{','.join(QUICK_CELLS)})",
    )
    parser.add_argument(
        "--competitors",
        type=_names(COMPETITORS),
        default=list(COMPETITORS),
        help=f"the bar's competitors, by comma, of {','.join(COMPETITORS)} (default: all)",
    )
    parser.add_argument(
        "--rounds",
        type=_positive,
        help="rounds of the bar; the other parts have three at most (default: 5; with --quick 1)",
    )
    parser.add_argument(
        "--samples",
        type=_positive,
        help="training reviews of every network of the bar, a quarter as many validate (default: "
        "as many as five rounds can afford, 512 to 5,120)",
    )
    parser.add_argument(
        "--wait",
        type=_positive,
        default=0,
        metavar="SECONDS",
        help="before every turn wait at most so long until other programs are quiet, and repeat a "
        "turn that they disturbed, twice at most (default: do neither)",
    )
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to try it out")
    parser.add_argument("--json", type=Path, help="file for every round's figures")
    options = parser.parse_args(arguments)
    parts = options.part or ["all" if options.quick else "bar"]
    options.part = list(PARTS) if "all" in parts else list(dict.fromkeys(parts))
    options.cells = options.cells or list(QUICK_CELLS if options.quick else UNITS)
    options.rounds = options.rounds or (1 if options.quick else 5)
    return options


def _names(known: Sequence[str] | dict[str, Any]) -> Callable[[str], list[str]]:
    def read(text: str) -> list[str]:
        chosen = list(dict.fromkeys(text.split(",")))
        unknown = [name for name in chosen if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(known)}")
        return chosen

    return read


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of one or more")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())

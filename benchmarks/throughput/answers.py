"""How long a trained run takes to answer: one text, and a file of texts."""

from __future__ import annotations

import csv
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from throughput.commands import flags, kernels
from throughput.reviews import Reviews, Rows
from throughput.tables import number, print_table, say

ARCHITECTURES = ("simple_rnn", "lstm", "gru", "bilstm")
WORDS, MAXLEN = 10_000, 500
ASKED = 100
"""How often one text is asked for."""


def measure(reviews: Reviews, folder: Path, rounds: int, quick: bool) -> dict[str, Any]:
    """Print the milliseconds of one text, and the seconds of a file, by kernel.

    The texts are the reviews with a word for each id, `w17`.

    Args:
        reviews: to train with, and to ask for.
        folder: where files and runs are written.
        rounds: of the file.
        quick: whether there are few texts, and one architecture.
    """
    trained, asked = (200, 500) if quick else (2_000, 20_000)
    chosen = ("lstm",) if quick else ARCHITECTURES
    train, file = folder / "answers_train.csv", folder / "answers.csv"
    _write(train, reviews.train.first(trained))
    _write(file, reviews.other.first(asked))
    for architecture in chosen:
        say(f"answers: training {architecture}")
        _seqclf(
            "run", train, "--arch", architecture, "--epochs", "1", "--num-words", WORDS,
            "--maxlen", MAXLEN, "--out", folder / "runs", "--name", f"answers-{architecture}",
        )  # fmt: skip
    text = next(text for text, _ in _texts(reviews.other) if len(text.split()) >= MAXLEN)
    results: dict[str, Any] = {"one": {}, "file": {}}
    for architecture in chosen:
        say(f"answers: one text of {architecture}")
        results["one"][architecture] = {
            kernel: _one(folder / "runs" / f"answers-{architecture}", text, kernel)
            for kernel in kernels()
        }
    for done in range(rounds):
        for kernel in kernels():
            say(f"answers: {asked:,} texts with --kernel {kernel}, round {done + 1} of {rounds}")
            seconds = _seqclf(
                "predict", folder / "runs" / "answers-lstm", "--file", file,
                "-o", folder / f"answered-{kernel}-{done}.csv", *flags(kernel),
            )  # fmt: skip
            results["file"].setdefault(kernel, []).append(seconds)
    _print(results, asked)
    return results


def _print(results: dict[str, Any], asked: int) -> None:
    print(f"\none text of {MAXLEN} words or more, Run.predict, milliseconds, the median of {ASKED}")
    rows = [
        [name, *(f"{milliseconds:.1f}" for milliseconds in found.values())]
        for name, found in results["one"].items()
    ]
    print_table(("", *(f"--kernel {kernel}" for kernel in kernels())), rows)
    print(f"\nseqclf predict --file, {asked:,} texts by an lstm, start included")
    rows = []
    for kernel, found in results["file"].items():
        middle = statistics.median(found)
        rows.append([f"--kernel {kernel}", f"{middle:.1f}", number(asked / middle)])
    print_table(("", "seconds", "texts a second"), rows)


def _one(run: Path, text: str, kernel: str) -> float:
    import seqclf

    opened = seqclf.load_run(run, kernel=kernel)
    for _ in range(5):
        opened.predict([text])
    taken = []
    for _ in range(ASKED):
        start = time.perf_counter()
        opened.predict([text])
        taken.append(time.perf_counter() - start)
    return 1e3 * statistics.median(taken)


def _texts(rows: Rows) -> Iterator[tuple[str, int]]:
    for place, label in enumerate(rows.labels):
        ids = rows.values[rows.offsets[place] : rows.offsets[place + 1]]
        yield " ".join(f"w{word}" for word in ids), int(label)


def _write(path: Path, rows: Rows) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("text", "label"))
        writer.writerows((text, ("bad", "good")[label]) for text, label in _texts(rows))


def _seqclf(*arguments: object) -> float:
    """Run seqclf; gives the seconds."""
    command = [sys.executable, "-m", "seqclf", *map(str, arguments)]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"seqclf {arguments[0]} ended with {done.returncode}: {done.stderr}")
    return time.perf_counter() - start

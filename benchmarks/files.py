"""Files of any size: rows a second and peak memory of `seqclf run FILE` and `seqclf predict`.

Each size is a process of its own: a generated CSV of two classes, about 600 bytes a row, is read,
encoded and trained on for one epoch by a small LSTM; then the run classifies the whole file into
another. The cost per row should stay flat and the memory bounded.

    python benchmarks/files.py --rows 10000 100000 1000000
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

MOST_GIB = 3.0
STAGES = ("read", "learn", "encode", "train", "predict")
SENTENCES, SENTENCE_WORDS, ROW_SENTENCES = 20_000, 10, 10
VOCABULARY = 50_000
SETTINGS = ("--arch", "lstm", "-p", "units=8", "-p", "embedding_dim=8", "--maxlen", "50")
TRAINING = ("--epochs", "1", "--batch-size", "2048", "--seed", "1")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a size; give 1 if the memory misses its bar."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--dir", type=Path, help="where the files go; a temporary folder")
    options = parser.parse_args(arguments)
    stages_heading = "  ".join(f"{name:>9}" for name in STAGES)
    print(f"rows a second{'':>4}  {stages_heading}  {'peak memory in GiB':>20}")
    print(f"{'rows':>9}  {'MB':>6}  {'':>{11 * len(STAGES) - 2}}  {'run':>9}  {'predict':>9}")
    worst = 0.0
    with tempfile.TemporaryDirectory(dir=options.dir) as folder:
        for rows in options.rows:
            worst = max(worst, measure(rows, Path(folder)))
    print(
        f"{'passed' if worst <= MOST_GIB else 'FAILED'}: peak memory {worst:.2f} of {MOST_GIB} GiB"
    )
    return 0 if worst <= MOST_GIB else 1


def measure(rows: int, folder: Path) -> float:
    """Measure one size; gives the peak memory in GiB."""
    source, result = folder / f"{rows}.csv", folder / f"{rows}-predicted.csv"
    write_rows(source, rows)
    runs = folder / "runs"
    command = ("run", source, *SETTINGS, *TRAINING, "--out", runs, "--name", f"r{rows}", "--jsonl")
    marks, run_memory = timed(command)
    seconds = stages(marks)
    used = ("predict", runs / f"r{rows}", "--file", source, "-o", result, "--json")
    predicted, predict_memory = timed(used)
    shares = (1, 0.64, 1, 0.64, 1)  # a fifth is held out to test, a fifth of the rest to validate
    predicting = json.loads("".join(line["event"] for _, line in predicted[1:-1]))
    taken = [*seconds.values(), predicting["seconds"]]
    rates = [share * rows / time for share, time in zip(shares, taken, strict=True)]
    print(
        f"{rows:>9,}  {source.stat().st_size / 1e6:>6.0f}  "
        + "  ".join(f"{rate:>9,.0f}" for rate in rates)
        + f"  {run_memory:>9.2f}  {predict_memory:>9.2f}",
        flush=True,
    )
    source.unlink()
    result.unlink()
    return max(run_memory, predict_memory)


def write_rows(path: Path, rows: int) -> None:
    """Write a CSV whose classes follow from one word; the words are drawn as Zipf has them."""
    random = np.random.default_rng(1)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = ["".join(random.choice(letters, size)) for size in random.integers(2, 9, VOCABULARY)]
    drawn = np.minimum(random.zipf(1.2, (SENTENCES, SENTENCE_WORDS)), VOCABULARY) - 1
    sentences = [" ".join(words[number] for number in line) + "." for line in drawn]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        for start in range(0, rows, 10_000):
            count = min(10_000, rows - start)
            picked = random.integers(0, SENTENCES, (count, ROW_SENTENCES))
            labels = random.integers(0, 2, count)
            for numbers, label in zip(picked.tolist(), labels.tolist(), strict=True):
                mark = "gladly" if label else "sadly"
                text = " ".join([*(sentences[n] for n in numbers), mark])
                writer.writerow([text, "good" if label else "bad"])


def timed(command: Sequence[Any]) -> tuple[list[tuple[float, dict[str, Any]]], float]:
    """Run seqclf; gives its events with the time they came at, and its peak memory in GiB.

    Lines that are no event of their own come as they are.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "seqclf", *map(str, command)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    marks = [(started, {"event": "begun"}), *_stamped(process.stdout)]
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"seqclf {command[0]} ended with {process.returncode}")
    return [*marks, (time.perf_counter(), {"event": "ended"})], usage.ru_maxrss / 2**20


def _stamped(lines: Iterator[str]) -> Iterator[tuple[float, dict[str, Any]]]:
    for line in lines:
        whole = line.startswith("{") and line.endswith("}\n")
        yield time.perf_counter(), json.loads(line) if whole else {"event": line}


def stages(marks: Sequence[tuple[float, dict[str, Any]]]) -> dict[str, float]:
    """Give the seconds of reading, learning the vocabulary, encoding and training."""

    def first(kind: str, what: str = "") -> float:
        return next(
            moment
            for moment, event in marks
            if event["event"] == kind and str(event.get("what", "")).startswith(what)
        )

    loading, learning = first("working", "loading"), first("progressed", "learning")
    encoding, ready = first("progressed", "encoding"), first("data_ready")
    return {
        "read": learning - loading,
        "learn": encoding - learning,
        "encode": ready - encoding,
        "train": first("training_ended") - first("training_started"),
    }


if __name__ == "__main__":
    raise SystemExit(main())

"""The README's table: every built-in architecture on IMDB with the tutorial's settings.

    python benchmarks/imdb_architectures.py --data-dir DIR

Ten epochs each, seed 1, the best epoch's weights kept. Prints parameters,
seconds an epoch (the median, validation included), the best validation
accuracy and the test accuracy with its 95 % interval, as a Markdown table.
Takes about an hour on two cores.
"""

from __future__ import annotations

import argparse
import statistics

import seqclf
from seqclf.events import EpochEnded, Event, ModelReady

ARCHITECTURES = ("simple_rnn", "lstm", "gru", "stacked", "bilstm")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data-dir", help="folder that holds imdb.npz")
    parser.add_argument("--arch", action="append", choices=ARCHITECTURES, help="only these")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", default="runs")
    arguments = parser.parse_args()
    print("| architecture | parameters | seconds an epoch | best validation | test |")
    print("| --- | ---: | ---: | ---: | ---: |", flush=True)
    for arch in arguments.arch or ARCHITECTURES:
        print(row(arch, arguments), flush=True)


def row(arch: str, arguments: argparse.Namespace) -> str:
    seconds: list[float] = []
    parameters: list[int] = []

    def listen(event: Event) -> None:
        if isinstance(event, EpochEnded):
            seconds.append(event.seconds)
        if isinstance(event, ModelReady):
            parameters.append(event.summary.parameters)

    run = seqclf.run(
        "imdb",
        arch=arch,
        epochs=arguments.epochs,
        seed=arguments.seed,
        data_dir=arguments.data_dir,
        out=arguments.out,
        listeners=[listen],
    )
    report = run.report
    assert report is not None
    low, high = report.interval
    best = max(run.history["val_accuracy"])
    return (
        f"| `{arch}` | {parameters[0]:,} | {statistics.median(seconds):.0f} | {best:.4f} "
        f"(epoch {run.history['val_accuracy'].index(best) + 1}) "
        f"| {report.accuracy:.4f} ({low:.4f} to {high:.4f}) |"
    )


if __name__ == "__main__":
    main()

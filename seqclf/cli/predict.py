"""`seqclf predict RUN`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from seqclf.cli.documents import prediction_document, print_line
from seqclf.cli.finding import open_named_run
from seqclf.cli.lines import chunks_as_they_come, read_lines
from seqclf.cli.options import json_option, out_option, plugin_option, run_argument
from seqclf.contracts import Prediction
from seqclf.errors import UsageError


@click.command("predict")
@run_argument
@click.argument("texts", metavar="[TEXT]...", nargs=-1)
@click.option(
    "--file",
    metavar="FILE",
    help="Read texts from a file, one a line; - is standard input.",
)
@click.option(
    "--top-k", type=click.IntRange(1), metavar="INTEGER", help="Show the K most probable classes."
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    metavar="NUMBER",
    help="Probability above which the second class, or each label of a multilabel run, is chosen."
    "  [default: 0.5]",
)
@out_option
@plugin_option
@json_option
@click.option("--jsonl", is_flag=True, help="Print one JSON line a text.")
def command(
    run: str,
    texts: tuple[str, ...],
    file: str | None,
    top_k: int | None,
    threshold: float | None,
    out: Path | None,
    plugin: tuple[str, ...],
    as_json: bool,
    jsonl: bool,
) -> None:
    """Classify texts with RUN: its folder, its name, or "last".

    Texts come from the arguments, from --file, or from standard input, one a line. Each gives one
    result, in order, empty lines too. Input is read as it comes, in constant memory.
    """
    if as_json and jsonl:
        raise UsageError("--json and --jsonl exclude each other")
    if texts == ("-",) and file is None:
        texts, file = (), "-"
    if texts and file is not None:
        raise UsageError("texts and --file exclude each other")
    if not texts and file is None and (sys.stdin is None or sys.stdin.isatty()):
        raise UsageError(
            "there is no text to classify",
            hint="write one after RUN in quotes, or use --file FILE, or --file - to type lines",
        )
    opened, _ = open_named_run(run, out, plugin)
    opened.check_threshold(threshold)
    opened.checked_encoder()
    lines: Iterator[str] = iter(texts) if texts else read_lines(file)
    from seqclf.ui.consoles import stderr_console
    from seqclf.ui.working import working

    with working(stderr_console(), "loading the model"):
        _ = opened.model
    _print(_predictions(opened, lines, threshold), opened, top_k, as_json, jsonl)


def _predictions(
    opened: Any, lines: Iterator[str], threshold: float | None
) -> Iterator[Prediction]:
    from seqclf.runs.run import PREDICT_AT_ONCE

    for chunk in chunks_as_they_come(lines, PREDICT_AT_ONCE):
        yield from opened.predict_chunk(chunk, threshold=threshold)


def _print(
    predictions: Iterable[Prediction], opened: Any, top_k: int | None, as_json: bool, jsonl: bool
) -> None:
    if as_json:
        _print_one_document(predictions, opened.name, top_k)
        return
    show: Callable[[Prediction], None]
    if jsonl:

        def show(prediction: Prediction) -> None:
            print_line(prediction_document(prediction, top_k))

    else:
        from seqclf.ui.predictions import PredictionPrinter

        show = PredictionPrinter(top=top_k or 1)
    for prediction in predictions:
        show(prediction)


def _print_one_document(predictions: Iterable[Prediction], run: str, top_k: int | None) -> None:
    """Print one JSON document, item by item, so that it never has to fit in memory."""
    import json

    sys.stdout.write(f'{{"run": {json.dumps(run)}, "predictions": [')
    for count, prediction in enumerate(predictions):
        item = json.dumps(prediction_document(prediction, top_k), ensure_ascii=False)
        sys.stdout.write(f"{',' if count else ''}\n  {item}")
    sys.stdout.write("\n]}\n")

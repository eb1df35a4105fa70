"""Predictions on standard output as they come, or in a file with all columns of a table."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from seqclf.cli.documents import prediction_document, print_document
from seqclf.cli.lines import chunks_as_they_come
from seqclf.contracts import Note, Prediction
from seqclf.events import Noted
from seqclf.runs.files import finite
from seqclf.runs.run import PREDICT_AT_ONCE, Run
from seqclf.scoring.score import predicted, score
from seqclf.scoring.source import Source

Predicted = Iterable[tuple[Prediction, dict[str, Any] | None]]
"""Predictions, and the columns of the rows they belong to, where there are any."""


def print_predictions(
    run: Run,
    source: Source,
    threshold: float | None,
    top_k: int | None,
    *,
    as_json: bool,
    jsonl: bool,
) -> None:
    """Print a result a row, each as soon as it is there.

    Args:
        run: what predicts.
        source: the rows.
        threshold: see `Run.predict_each`.
        top_k: how many classes are shown.
        as_json: whether all are one JSON document.
        jsonl: whether each is a JSON line.
    """
    from seqclf.ui.consoles import stderr_console
    from seqclf.ui.working import working

    with working(stderr_console(), "loading the model"):
        _ = run.model
    found = _predictions(run, source, threshold)
    if as_json:
        _print_one_document(found, run.name, top_k)
        return
    show: Callable[[Prediction], None]
    if jsonl:
        for prediction, row in found:
            sys.stdout.write(_document(prediction, row, top_k) + "\n")
            sys.stdout.flush()
        return
    from seqclf.ui.predictions import PredictionPrinter

    show = PredictionPrinter(top=top_k or 1)
    for prediction, _ in found:
        show(prediction)


def _predictions(run: Run, source: Source, threshold: float | None) -> Iterator[Any]:
    for rows in chunks_as_they_come(source.rows(), PREDICT_AT_ONCE):
        cells = [row if source.path is not None else None for _, _, row in rows]
        yield from zip(predicted(run, source, rows, threshold), cells, strict=True)


def _document(prediction: Prediction, row: dict[str, Any] | None, top_k: int | None) -> str:
    """Give a prediction as JSON on one line, with its row where it is one of a table's."""
    found = prediction_document(prediction, top_k)
    document = finite(found if row is None else {**found, "row": row})
    if (sys.stdout.encoding or "utf-8").lower().startswith("utf"):
        line = json.dumps(document, ensure_ascii=False, default=str)
        with contextlib.suppress(UnicodeEncodeError):  # half a character
            line.encode()
            return line
    return json.dumps(document, default=str)


def _print_one_document(found: Predicted, run: str, top_k: int | None) -> None:
    """Print one JSON document, item by item, so that it never has to fit in memory."""
    sys.stdout.write(f'{{"run": {json.dumps(run)}, "predictions": [')
    for count, (prediction, row) in enumerate(found):
        item = _document(prediction, row, top_k)
        sys.stdout.write(f"{',' if count else ''}\n  {item}")
    sys.stdout.write("\n]}\n")


def write_predictions(
    run: Run,
    source_with: Callable[[Note], Source],
    output: Path,
    threshold: float | None,
    top_k: int | None,
    *,
    prefix: str,
    probabilities: bool,
    as_json: bool,
) -> None:
    """Write all rows with their results to a file, and say where they are.

    Args:
        run: what predicts.
        source_with: opens the source; takes what is told of notes.
        output: the file.
        threshold: see `Run.predict_each`.
        top_k: how many classes are written.
        prefix: what the names of the new columns begin with.
        probabilities: whether the probability of each class is written.
        as_json: whether what was done is printed as a JSON document.
    """
    from seqclf.ui.consoles import stderr_console
    from seqclf.ui.screen import training_screen
    from seqclf.ui.text import duration, number, one_line

    console = stderr_console()
    with training_screen(console) as screen:
        source = source_with(lambda sentence: screen(Noted(sentence)))
        done = score(
            run,
            source,
            output,
            threshold=threshold,
            top=top_k,
            prefix=prefix,
            each=probabilities,
            emit=screen,
        )
    if as_json:
        document = {"run": run.name, "file": str(output), "rows": done.rows}
        print_document({**document, "seconds": round(done.seconds, 3)})
    rows = "1 row" if done.rows == 1 else f"{number(done.rows)} rows"
    speed = f" ({number(round(done.rows / done.seconds))} a second)" if done.rows else ""
    where = f"{output}, which was there and is replaced" if done.replaced else str(output)
    console.print(one_line(f"{rows} in {duration(done.seconds)}{speed}: {where}"), soft_wrap=True)

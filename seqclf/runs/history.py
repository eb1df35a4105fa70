"""`history.csv`: long, as R's `as.data.frame(history)`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from seqclf.contracts import History
from seqclf.errors import RunError
from seqclf.runs.files import write_text

COLUMNS = ["epoch", "value", "metric", "data"]


def write_history(path: Path, history: History) -> None:
    """Write the columns epoch, value, metric, data; one row a value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for epoch, value, metric, data in history.rows():
        writer.writerow([epoch, repr(value), metric, data])
    write_text(path, text.getvalue())


def read_history(path: Path, planned: int | None = None) -> History:
    """Read what `write_history` wrote.

    Args:
        path: the file.
        planned: how many epochs were asked for; defaults to those there are.

    Raises:
        RunError: the file is missing or damaged.
    """
    epochs: list[dict[str, float]] = []
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                epoch = int(row["epoch"])
                while len(epochs) < epoch:
                    epochs.append({})
                prefix = "val_" if row["data"] == "validation" else ""
                epochs[epoch - 1][prefix + row["metric"]] = float(row["value"])
    except FileNotFoundError:
        raise RunError(f"{path} is missing", hint="the run is not whole") from None
    except (OSError, KeyError, TypeError, ValueError):
        raise RunError(
            f"{path} is damaged or cut short", hint="the run cannot be used; train it again"
        ) from None
    return History(epochs, {} if planned is None else {"epochs": planned})

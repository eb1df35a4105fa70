"""`tfruns.d/`: the run as R's package tfruns lists it (`ls_runs`) and shows it (`view_run`).

One file a property under `tfruns.d/properties/`, and beside it `flags.json`, `metrics.json`,
`evaluation.json`, `error.json` and `source.tar.gz`. What R makes a column of must be one
value: a null or a list would take the whole table down, so they are left out or joined.

Source:
    rstudio/tfruns, R/ls_runs.R, R/training_run.R, R/run_metadata.R.
"""

from __future__ import annotations

import gzip
import math
import tarfile
import traceback
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from seqclf.config import to_dict
from seqclf.contracts import History, Report, RunConfig
from seqclf.errors import SeqclfError
from seqclf.r import summary_text
from seqclf.runs.files import cannot_write, replacing, write_json, write_text

FOLDER = "tfruns.d"
SCRIPT = "config.toml"
"""What R calls the run's script: the file that repeats it. view_run fails without one."""

Scalar = str | int | float | bool


def begin(folder: Path, config: RunConfig, started: datetime) -> None:
    """Write what is known before training: settings, source, and that the run is not complete.

    Args:
        folder: the run's folder, with `config.toml` and the plugin files in place.
        config: the settings as `config.toml` has them.
        started: when the run began.

    Raises:
        RunError: a file cannot be written.
    """
    properties = folder / FOLDER / "properties"
    try:
        properties.mkdir(parents=True)
    except OSError as error:
        raise cannot_write(properties, error) from error
    write_json(folder / FOLDER / "flags.json", flags(config))
    _write_source(folder, config.plugins)
    place = f"{folder.absolute().parent.name}/{folder.name}"
    write_properties(
        folder,
        {
            "type": "training",
            "context": "local",
            "script": SCRIPT,
            "command": f"seqclf run --config {place}/{SCRIPT}",
            "epochs": config.epochs,
            "batch_size": config.batch_size,
            "optimizer": config.optimizer,
            "start": started.timestamp(),
            "status": "running",
            "completed": False,
        },
    )


def describe(folder: Path, model: Any, samples: int, validation_samples: int) -> None:
    """Write the model's summary, loss and learning rate, and how many examples it learns from.

    Args:
        folder: the run's folder.
        model: a compiled `keras.Model`.
        samples: training examples.
        validation_samples: validation examples; none are not written, as in R.

    Raises:
        RunError: a file cannot be written.
    """
    # Keras keeps it as float32; 0.001 should be found again as 0.001.
    rate = np.float32(float(model.optimizer.learning_rate))
    properties: dict[str, Scalar] = {
        "loss_function": str(model.loss),
        "learning_rate": float(str(rate)),
        "samples": samples,
    }
    if validation_samples:
        properties["validation_samples"] = validation_samples
    summary = _summary(model)
    if summary:
        properties["model"] = summary
    write_properties(folder, properties)


def write_metrics(folder: Path, history: History, planned: int) -> None:
    """Write every epoch's metrics.

    Args:
        folder: the run's folder.
        history: the finished epochs.
        planned: how many epochs there should have been.

    Raises:
        RunError: the file cannot be written.
    """
    write_json(folder / FOLDER / "metrics.json", metric_columns(history, planned))


def write_evaluation(folder: Path, report: Report) -> None:
    """Write loss and accuracy on the test split, in the order of R's `evaluate`.

    Raises:
        RunError: the file cannot be written.
    """
    values = {"accuracy": report.accuracy, "loss": report.loss}
    finite = {name: value for name, value in values.items() if math.isfinite(value)}
    write_json(folder / FOLDER / "evaluation.json", finite)


def end(folder: Path, status: str, ended: datetime, error: BaseException | None = None) -> None:
    """Write how the run ended; that it is complete comes last.

    Args:
        folder: the run's folder.
        status: "complete", "interrupted" or "failed".
        ended: when.
        error: what failed, for `error.json`; None where nothing did.

    Raises:
        RunError: a file cannot be written.
    """
    if error is not None:
        write_json(folder / FOLDER / "error.json", _describe_error(error))
    completed = status == "complete"
    write_properties(folder, {"end": ended.timestamp(), "status": status, "completed": completed})


def write_properties(folder: Path, properties: Mapping[str, Scalar]) -> None:
    r"""Write properties, one file each, as R's `writeLines(as.character(value))` does.

    Args:
        folder: the run's folder.
        properties: name to value; the name is the file's.

    Raises:
        RunError: a file cannot be written.
    """
    for name, value in properties.items():
        text = str(value).upper() if isinstance(value, bool) else str(value)
        # Without an end of line R's readLines() warns.
        write_text(folder / FOLDER / "properties" / name, text.rstrip("\n") + "\n")


def flags(config: RunConfig) -> dict[str, Scalar]:
    """Give a run's settings as R's flags: one value each, tables flattened as in TOML.

    Settings without a value are left out; ls_runs shows them as NA.

    Args:
        config: the settings.

    Returns:
        Setting name to value.

    Example:
        >>> found = flags(RunConfig("imdb", params={"units": 32, "dropout": None}))
        >>> found["arch"], found["params.units"], "params.dropout" in found, "seed" in found
        ('lstm', 32, False, False)
    """
    found: dict[str, Scalar] = {}
    for name, value in to_dict(config).items():
        if isinstance(value, Mapping):
            found.update({f"{name}.{key}": item for key, item in value.items()})
        else:
            found[name] = ",".join(value) if isinstance(value, list) else value
    return {name: value for name, value in found.items() if value not in (None, "")}


def metric_columns(history: History, planned: int) -> dict[str, list[float | None]]:
    """Give a history as R's metrics data frame: one column a metric, one row a planned epoch.

    Epochs that were not reached are None, and so is what is no number: JSON has no NaN.

    Args:
        history: the finished epochs.
        planned: how many epochs there should have been.

    Returns:
        Metric name to one value an epoch; all lists are equally long.

    Example:
        >>> metric_columns(History([{"loss": 0.7, "val_loss": float("nan")}]), planned=2)
        {'loss': [0.7, None], 'val_loss': [None, None]}
    """
    rows = [*history.epochs, *({} for _ in range(len(history.epochs), planned))]
    return {name: [_number(metrics.get(name)) for metrics in rows] for name in history}


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _summary(model: Any) -> str:
    try:
        return summary_text(model)
    except Exception:  # a layer from a plugin may fail here; the run is good all the same
        return ""


def _describe_error(error: BaseException) -> dict[str, Any]:
    """Give message and, of what nobody expected, the calls, the innermost first as in R."""
    if isinstance(error, SeqclfError):
        return {"message": str(error), "traceback": []}
    calls = [call.rstrip() for call in reversed(traceback.format_tb(error.__traceback__))]
    return {"message": f"{type(error).__name__}: {error}", "traceback": calls}


def _write_source(folder: Path, plugins: tuple[str, ...]) -> None:
    """Pack settings and plugin files, as `source/…`; the same files give the same bytes."""
    with (
        replacing(folder / FOLDER / "source.tar.gz") as temporary,
        temporary.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        for name in (SCRIPT, *plugins):
            member = tarfile.TarInfo(f"source/{name}")
            member.size = (folder / name).stat().st_size
            member.mode = 0o644
            with (folder / name).open("rb") as content:
                archive.addfile(member, content)

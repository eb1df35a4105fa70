"""Sequence classification with recurrent networks, in the terminal and in Python.

Example:
    import seqclf

    run = seqclf.run("reviews", arch="lstm", epochs=3)
    run.history["val_accuracy"]
    run.predict(["It began well, but I left before the end."])
    seqclf.load_run("runs/reviews-lstm-20261121-091500")

The names below are imported on first use, so that `import seqclf` stays quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from seqclf.api import evaluate as evaluate
    from seqclf.api import load_run as load_run
    from seqclf.api import run as run
    from seqclf.contracts import Architecture as Architecture
    from seqclf.contracts import Dataset as Dataset
    from seqclf.contracts import LoadContext as LoadContext
    from seqclf.contracts import Metric as Metric
    from seqclf.contracts import Prediction as Prediction
    from seqclf.contracts import Ragged as Ragged
    from seqclf.contracts import Report as Report
    from seqclf.contracts import Split as Split
    from seqclf.contracts import Splits as Splits
    from seqclf.declare import architecture as architecture
    from seqclf.declare import dataset as dataset
    from seqclf.declare import metric as metric
    from seqclf.errors import DataError as DataError
    from seqclf.errors import SeqclfError as SeqclfError
    from seqclf.errors import UsageError as UsageError
    from seqclf.hookspecs import API_VERSION as API_VERSION
    from seqclf.hookspecs import hookimpl as hookimpl
    from seqclf.options import Count as Count
    from seqclf.options import Range as Range
    from seqclf.options import Rate as Rate
    from seqclf.runs import Run as Run
    from seqclf.sklearn.classifier import SequenceClassifier as SequenceClassifier
    from seqclf.task import Task as Task

_HOMES = {
    "API_VERSION": "seqclf.hookspecs",
    "Architecture": "seqclf.contracts",
    "Count": "seqclf.options",
    "DataError": "seqclf.errors",
    "Dataset": "seqclf.contracts",
    "LoadContext": "seqclf.contracts",
    "Metric": "seqclf.contracts",
    "Prediction": "seqclf.contracts",
    "Ragged": "seqclf.contracts",
    "Range": "seqclf.options",
    "Rate": "seqclf.options",
    "Report": "seqclf.contracts",
    "Run": "seqclf.runs",
    "SeqclfError": "seqclf.errors",
    "SequenceClassifier": "seqclf.sklearn.classifier",
    "Split": "seqclf.contracts",
    "Splits": "seqclf.contracts",
    "Task": "seqclf.task",
    "UsageError": "seqclf.errors",
    "architecture": "seqclf.declare",
    "dataset": "seqclf.declare",
    "evaluate": "seqclf.api",
    "hookimpl": "seqclf.hookspecs",
    "load_run": "seqclf.api",
    "metric": "seqclf.declare",
    "run": "seqclf.api",
}

_OF_EXTRAS = {"SequenceClassifier"}
"""What not every installation has: `from seqclf import *` leaves it out."""

__all__ = [*(name for name in _HOMES if name not in _OF_EXTRAS), "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'seqclf' has no attribute '{name}'")
    import importlib

    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])

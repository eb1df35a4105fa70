"""JSON on standard output: one document, or one line an event."""

from __future__ import annotations

import json
import sys
from typing import Any

from seqclf.contracts import Prediction
from seqclf.events import BatchEnded, Event
from seqclf.runs.files import finite


def print_document(value: Any) -> None:
    """Print one JSON document."""
    sys.stdout.write(_json(value, indent=2) + "\n")


def print_line(value: Any) -> None:
    """Print one JSON value on one line, at once."""
    sys.stdout.write(_json(value) + "\n")
    sys.stdout.flush()


def _json(value: Any, indent: int | None = None) -> str:
    """Give a value as JSON that every parser and the terminal's encoding take."""
    ascii_only = not (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    return json.dumps(finite(value), indent=indent, ensure_ascii=ascii_only, default=str)


def print_event(event: Event) -> None:
    """Print an event on one line; batches are left out, there are too many."""
    if not isinstance(event, BatchEnded):
        print_line(event.to_dict())


def prediction_document(prediction: Prediction, top_k: int | None = None) -> dict[str, Any]:
    """Give a prediction as JSON values."""
    shown = (
        prediction.probabilities
        if top_k is None
        else dict(prediction.top(min(top_k, len(prediction.probabilities))))
    )
    return {
        "text": prediction.text,
        "label": prediction.label,
        "labels": list(prediction.labels),
        "probabilities": dict(shown),
    }

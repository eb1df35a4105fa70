"""`golden.json`: a few texts with their probabilities, checked at every load."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from seqclf.contracts import Split
from seqclf.errors import RunError
from seqclf.runs.files import read_json, write_json

FILE = "golden.json"
TOLERANCE = 1e-3
"""How far a probability may move between machines; a wrong vocabulary moves it further."""

_SENTENCES = (
    "",
    "A film I will not forget: every scene is alive, and I left happy.",
    "It began well, but the second half was dull and far too long.",
)


def golden_texts(test: Split | None) -> list[str]:
    """Choose the texts: the first three of the test split, where it has texts, and some more."""
    own = list(test.texts[:3]) if test is not None and test.texts is not None else []
    return own + list(_SENTENCES)


def write_golden(folder: Path, texts: Sequence[str], probabilities: np.ndarray) -> None:
    """Write texts and probabilities, shape (texts, classes)."""
    write_json(
        folder / FILE,
        {"texts": list(texts), "probabilities": np.asarray(probabilities).tolist()},
    )


def read_golden(folder: Path) -> tuple[list[str], np.ndarray]:
    """Read texts, and probabilities of shape (texts, classes).

    Raises:
        RunError: the file is missing or damaged.
    """
    stored = read_json(folder / FILE)
    try:
        return list(stored["texts"]), np.asarray(stored["probabilities"], np.float64)
    except (KeyError, TypeError, ValueError):
        raise RunError(f"{folder / FILE} is damaged", hint="train the run again") from None


def check_golden(name: str, expected: np.ndarray, actual: np.ndarray) -> None:
    """Compare probabilities with those stored when the run was made.

    Raises:
        RunError: they differ, so model, encoder or labels are not those of the run.
    """
    if expected.shape != actual.shape:
        raise RunError(f"run '{name}' gives probabilities of another shape than when it was made")
    moved = float(np.abs(expected - actual).max(initial=0.0))
    if not moved <= TOLERANCE:
        raise RunError(
            f"run '{name}' no longer predicts what it did when it was made "
            f"(a probability moved by {moved:.4f})",
            hint="one of its files was changed, or Keras computes otherwise here; train it again",
        )

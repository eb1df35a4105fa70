"""`golden.json`: a few texts with their probabilities, checked at every load."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Golden:
    """What a run must still be and say when it is read back.

    Args:
        labels: the class names in order.
        maxlen: time steps of a padded sequence.
        texts: a few texts, one of them longer than `maxlen`; none without an encoder.
        probabilities: what the run said of them, shape (texts, classes).
    """

    labels: tuple[str, ...]
    maxlen: int
    texts: tuple[str, ...]
    probabilities: np.ndarray


def golden_texts(test: Split | None, maxlen: int) -> list[str]:
    """Choose the texts: the first three of the test split, where it has texts, and some more."""
    own = list(test.texts[:3]) if test is not None and test.texts is not None else []
    both = " ".join(_SENTENCES[1:])
    repeats = maxlen // len(both.split()) + 1
    return [*own, *_SENTENCES, " ".join([both] * repeats)]


def write_golden(folder: Path, golden: Golden) -> None:
    """Write `golden.json`."""
    stored = {
        "labels": list(golden.labels),
        "maxlen": golden.maxlen,
        "texts": list(golden.texts),
        "probabilities": golden.probabilities.tolist(),
    }
    write_json(folder / FILE, stored)


def read_golden(folder: Path) -> Golden:
    """Read `golden.json`.

    Raises:
        RunError: the file is missing or damaged.
    """
    stored = read_json(folder / FILE)
    try:
        labels, texts = tuple(stored["labels"]), tuple(stored["texts"])
        probabilities = np.asarray(stored["probabilities"], np.float64)
        shape = (len(texts), len(labels))
        return Golden(labels, int(stored["maxlen"]), texts, probabilities.reshape(shape))
    except (KeyError, TypeError, ValueError):
        raise RunError(f"{folder / FILE} is damaged", hint="train the run again") from None


def check_settings(name: str, golden: Golden, labels: tuple[str, ...], maxlen: int) -> None:
    """Compare class names and time steps with those stored when the run was made.

    Raises:
        RunError: they differ.
    """
    if labels != golden.labels:
        raise RunError(
            f"run '{name}' was made for the classes {', '.join(golden.labels)}, but its "
            f"labels.json now says {', '.join(labels)}",
            hint="put labels.json back, or train the run again",
        )
    if maxlen != golden.maxlen:
        raise RunError(
            f"run '{name}' was made with maxlen {golden.maxlen}, but its config.toml now says "
            f"{maxlen}",
            hint="put config.toml back, or train the run again",
        )


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

"""`golden.json`: a few texts with their probabilities, checked at every load."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from seqclf.contracts import RunConfig, Split
from seqclf.encoding.padding import Padding
from seqclf.errors import RunError
from seqclf.runs.files import read_json, write_json

FILE = "golden.json"
TOLERANCE = 1e-3
"""How far a probability may move between machines; a wrong vocabulary moves it further."""

MOST_CHARACTERS = 2000
"""A text of the data is cut to that many."""

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
        padding: how sequences become one length.
        texts: a few texts, one of them longer than `maxlen`; none without an encoder.
        probabilities: what the run said of them, shape (texts, classes).
    """

    labels: tuple[str, ...]
    padding: Padding
    texts: tuple[str, ...]
    probabilities: np.ndarray


def golden_texts(split: Split, maxlen: int, *, prose: bool) -> list[str]:
    """Choose the texts: the first three of a split, where it has texts, and some more.

    Args:
        split: the examples.
        maxlen: one of the texts has more steps than that.
        prose: whether the texts are made of words; else they are numbers.
    """
    own = [] if split.texts is None else list(split.texts[:3])
    if prose:
        both = " ".join(_SENTENCES[1:])
        return [*(text[:MOST_CHARACTERS] for text in own), *_SENTENCES, _longer(both, maxlen)]
    numbers = [text for text in own if 0 < len(text) <= MOST_CHARACTERS]
    return [*numbers, *(_longer(text, maxlen) for text in numbers[:1])]


def _longer(text: str, maxlen: int) -> str:
    repeats = maxlen // len(text.split()) + 1
    return " ".join([text] * repeats)


def write_golden(folder: Path, golden: Golden) -> None:
    """Write `golden.json`."""
    stored = {
        "labels": list(golden.labels),
        **asdict(golden.padding),
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
        sides = {side: stored[side] for side in ("padding", "truncating") if side in stored}
        padding = Padding(int(stored["maxlen"]), **sides)
        return Golden(labels, padding, texts, probabilities.reshape(shape))
    except (KeyError, TypeError, ValueError):
        raise RunError(f"{folder / FILE} is damaged", hint="train the run again") from None


def check_settings(name: str, golden: Golden, labels: tuple[str, ...], config: RunConfig) -> None:
    """Compare class names and padding with those stored when the run was made.

    Raises:
        RunError: they differ.
    """
    if labels != golden.labels:
        raise RunError(
            f"run '{name}' was made for the classes {', '.join(golden.labels)}, but its "
            f"labels.json now says {', '.join(labels)}",
            hint="put labels.json back, or train the run again",
        )
    for setting, made in asdict(golden.padding).items():
        now = getattr(config, setting)
        if now != made:
            raise RunError(
                f"run '{name}' was made with {setting} {made}, but its config.toml now says {now}",
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

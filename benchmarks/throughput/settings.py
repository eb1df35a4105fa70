"""What is measured: networks, sizes, competitors, and the bar."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass

SEQCLF, KERAS = "seqclf", "keras-tf"
COMPETITORS = {
    SEQCLF: "seqclf",
    KERAS: "Keras on TensorFlow",
    "keras-tf-jit": "Keras on TensorFlow, jit_compile",
    "keras-jax": "Keras on JAX",
    "torch": "PyTorch",
    "torch-flush": "PyTorch, denormals flushed",
}
"""The competitors and what they are called in tables.

Gradients that fade over hundreds of steps become denormal numbers, which PyTorch, unlike
TensorFlow and XLA, computes with unless `torch.set_flush_denormal(True)` was called.
"""

UNITS = {"lstm": 32, "gru": 32, "simple_rnn": 32, "bilstm": 64, "stacked": 32}
"""The networks and their units; the architectures are those of seqclf with these names."""

LAYERS = {"stacked": 4}
"""Recurrent layers; one where nothing is said."""

SAMPLES = {"lstm": 3_072, "gru": 3_072, "simple_rnn": 5_120, "bilstm": 640, "stacked": 512}
"""Training samples of a round, by default: so many that five rounds stay affordable."""

BAR: dict[str, tuple[tuple[float, float | None], ...]] = {
    "lstm": ((7, 11), (6, 9), (4, 6)),
    "gru": ((10, 15), (8, 12), (7, None)),
    "simple_rnn": ((10, 25), (6, 15), (8, None)),
    "bilstm": ((4, 5), (4, 5), (3, None)),
}
"""The least ratio and the one aimed at, of samples a second: in training to Keras on TensorFlow, in
training to the fastest peer, in predicting to the fastest peer."""


@dataclass(frozen=True)
class Setting:
    """What every competitor of a table does alike.

    Args:
        data: the file that `reviews.write` made.
        cell: the network.
        units: length of each recurrent layer's state.
        maxlen: steps every review is padded or cut to.
        batch: samples a gradient step.
        threads: threads for the work of a step; 0 takes all cores.
        predicting: whether the samples for predicting are used, too.
    """

    data: str
    cell: str
    units: int
    maxlen: int = 500
    batch: int = 128
    threads: int = 0
    embedding: int = 32
    words: int = 10_000
    epochs: int = 3
    predicting: bool = True

    def to_json(self) -> str:
        """Give it as a worker takes it."""
        return json.dumps(dataclasses.asdict(self))


@dataclass(frozen=True)
class Counts:
    """How many samples there are of each kind."""

    train: int
    validation: int
    predict: int


def counts(cell: str, samples: int | None, quick: bool) -> Counts:
    """Give the bar's numbers of samples: a quarter as many validate, and some are predicted."""
    train = samples or (256 if quick else SAMPLES[cell])
    most = 1_024 if cell == "bilstm" else 4_096
    return Counts(train, max(train // 4, 1), min(most, 512 if quick else most))

"""What the tests of the recurrent kernels are made of: layers, texts and masks drawn at random.

A module that imports this one is skipped where there are no kernels.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from seqclf.kernels.choosing import unavailable

if unavailable():
    pytest.skip(f"no kernels: {unavailable()}", allow_module_level=True)

import keras
import tensorflow as tf

from seqclf.kernels.packing import Weights
from seqclf.kernels.passes import Gradient, Pass
from seqclf.kernels.recurrence import Recurrence
from seqclf.r.gates import hard_sigmoid_keras2

GATES = {"simple_rnn": 1, "lstm": 4, "gru": 3, "gru_reset_before": 3}
CELLS = tuple(GATES)

SLOPES = {"sigmoid": 0.0, "hard_sigmoid": 1 / 6, "hard_sigmoid_keras2": 0.2}
"""Activations of gates, and the slope of their straight part."""

NUM_WORDS = 30
"""Few, so that texts share words."""


@dataclass(frozen=True)
class Data:
    """A batch of texts, a layer's weights, and the gradient that arrives at its outputs."""

    ids: np.ndarray
    table: np.ndarray
    mask: np.ndarray | None
    starts: np.ndarray
    weights: Weights
    gradient: np.ndarray

    @property
    def x(self) -> np.ndarray:
        """The texts as numbers, (texts, steps, features)."""
        return self.table[self.ids]


@dataclass(frozen=True)
class Results:
    """A layer's outputs, and the gradients of its input, of the words' vectors and of its weights.

    The gradient of the input is None where steps that texts have in common are read once.
    """

    outputs: np.ndarray
    x: np.ndarray | None
    table: np.ndarray
    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray | None


@dataclass(frozen=True)
class Case:
    """A layer and a batch.

    Args:
        padding: where the texts' zeros are: "front", "behind", "either" or "nowhere".
        mask: "none", that of the "ids", or "any".
        read: "ids", "numbers", or numbers and the "starts" of the texts.
        zeros: whether outputs of all steps are zero where they are masked.
        seed: of everything else.
    """

    cell: str
    units: int = 5
    features: int = 4
    steps: int = 9
    texts: int = 6
    padding: str = "front"
    mask: str = "none"
    read: str = "ids"
    gate: str = "sigmoid"
    backwards: bool = False
    sequences: bool = False
    zeros: bool = False
    use_bias: bool = True
    seed: int = 0

    def data(self, dtype: Any = np.float32) -> Data:
        """Make the batch and the weights."""
        random = np.random.default_rng(self.seed)
        ids = make_ids(random, self.texts, self.steps, self.padding)
        table = random.uniform(-1, 1, (NUM_WORDS, self.features))
        leading = np.where(ids.any(axis=1), (ids != 0).argmax(axis=1), self.steps)
        mask = {"none": None, "ids": ids != 0, "any": random.random(ids.shape) < 0.6}[self.mask]
        weights = make_weights(random, self)
        shape = (*ids.shape, self.units) if self.sequences else (self.texts, self.units)
        gradient = random.normal(size=shape)
        return Data(
            ids,
            table.astype(dtype),
            mask,
            leading.astype(np.int32),
            Weights(*(None if array is None else array.astype(dtype) for array in weights)),
            gradient.astype(dtype),
        )

    def recurrence(self, dtype: Any = np.float32) -> Recurrence:
        """Make the layer that runs kernels."""
        return Recurrence(
            self.cell,  # type: ignore[arg-type]
            self.units,
            slope=0.0 if self.cell == "simple_rnn" else SLOPES[self.gate],
            backwards=self.backwards,
            zeros=self.zeros,
            dtype=dtype,
        )

    def forward(
        self, recurrence: Recurrence, data: Data, *, keep: bool = True
    ) -> tuple[np.ndarray, Pass]:
        """Run the kernels forward."""
        how = {"keep": keep, "sequences": self.sequences}
        if self.read == "ids":
            return recurrence.forward_ids(data.ids, data.table, data.mask, data.weights, **how)
        starts = data.starts if self.read == "starts" else None
        return recurrence.forward_numbers(data.x, data.mask, starts, data.weights, **how)

    def run(self, recurrence: Recurrence, data: Data) -> Results:
        """Run the kernels forward and backward."""
        outputs, left = self.forward(recurrence, data)
        return self.gathered(outputs, recurrence.backward(left, data.gradient), data)

    def gathered(self, outputs: np.ndarray, given: Gradient, data: Data) -> Results:
        """Put the gradients of the input's rows where these came from."""
        assert given.rows is not None
        there = given.sources >= 0
        sources, rows = given.sources[there], given.rows[there][:, : self.features]
        assert len(set(sources.tolist())) == len(sources)
        words = data.ids.ravel()[sources] if self.read != "ids" else sources
        table = np.zeros(data.table.shape, np.float64)
        np.add.at(table, words, rows)
        x = None
        if self.read == "numbers":
            x = np.zeros((data.ids.size, self.features), rows.dtype)
            x[sources] = rows
            x = x.reshape(data.x.shape)
        return Results(outputs, x, table, *given.weights)

    def keras(self, data: Data) -> Results:
        """Do the same by Keras' layer."""
        layer = self.layer(data.table.dtype.name)
        layer.build(data.x.shape)
        for variable, array in zip(layer.weights, data.weights, strict=False):
            variable.assign(array)
        x = tf.constant(data.x)
        variables = [weight.value for weight in layer.weights]
        mask = None if data.mask is None else tf.constant(data.mask)
        with tf.GradientTape() as tape:
            tape.watch(x)
            outputs = layer(x, mask=mask)
            loss = tf.reduce_sum(outputs * data.gradient)
        d_x, *d_weights = (
            np.asarray(array)
            for array in tape.gradient(loss, [x, *variables], unconnected_gradients="zero")
        )
        table = np.zeros(data.table.shape, np.float64)
        np.add.at(table, data.ids.ravel(), d_x.reshape(-1, self.features))
        bias = d_weights[2] if self.use_bias else None
        return Results(np.asarray(outputs), d_x, table, *d_weights[:2], bias)

    def layer(self, dtype: str = "float32") -> Any:
        """Make Keras' layer."""
        settings: dict[str, Any] = {
            "return_sequences": self.sequences,
            "go_backwards": self.backwards,
            "zero_output_for_mask": self.zeros and self.sequences,
            "use_bias": self.use_bias,
            "dtype": dtype,
        }
        if self.cell == "simple_rnn":
            return keras.layers.SimpleRNN(self.units, **settings)
        gate = hard_sigmoid_keras2 if self.gate == "hard_sigmoid_keras2" else self.gate
        settings["recurrent_activation"] = gate
        if self.cell == "lstm":
            return keras.layers.LSTM(self.units, **settings)
        return keras.layers.GRU(self.units, reset_after=self.cell == "gru", **settings)


def cases(**given: Any) -> st.SearchStrategy[Case]:
    """Draw cases; what is given replaces what is drawn."""
    drawn: dict[str, Any] = {
        "cell": st.sampled_from(CELLS),
        "units": st.integers(1, 70) | st.sampled_from([8, 16, 32, 48, 64]),
        "features": st.integers(1, 40),
        "steps": st.integers(1, 40),
        "texts": st.integers(1, 20),
        "padding": st.sampled_from(["front", "behind", "either", "nowhere"]),
        "mask": st.sampled_from(["none", "ids", "any"]),
        "read": st.sampled_from(["ids", "numbers", "starts"]),
        "gate": st.sampled_from(list(SLOPES)),
        "backwards": st.booleans(),
        "sequences": st.booleans(),
        "zeros": st.booleans(),
        "use_bias": st.booleans(),
        "seed": st.integers(0, 2**32 - 1),
    }
    assert set(drawn) == {field.name for field in fields(Case)}
    return st.builds(Case, **{**drawn, **given})


def make_ids(random: np.random.Generator, texts: int, steps: int, padding: str) -> np.ndarray:
    """Make texts of any length, from none, with a zero inside here and there."""
    ids = np.zeros((texts, steps), np.int32)
    for row in ids:
        length = steps if padding == "nowhere" else int(random.integers(0, steps + 1))
        words = random.integers(1, NUM_WORDS, length)
        if padding != "nowhere":
            words[random.random(length) < 0.1] = 0
        front = padding == "front" or (padding == "either" and random.random() < 0.5)
        row[steps - length if front else 0 :][:length] = words
    return ids


def make_weights(random: np.random.Generator, case: Case) -> Weights:
    """Make weights as large as Keras' initialisers do, and biases.

    With larger ones a simple layer is chaotic, and rounding makes another result of it. Of gates
    that have corners, a quarter is far behind one of them, the others far before: at a corner
    rounding would decide about the slope.
    """
    width = GATES[case.cell] * case.units
    limit = np.sqrt(6 / (case.features + width))
    kernel = random.uniform(-limit, limit, (case.features, width))
    recurrent = np.linalg.qr(random.normal(size=(width, case.units)))[0].T
    if not case.use_bias:
        return Weights(kernel, recurrent, None)
    bias = random.normal(0, 0.1, width)
    if case.cell != "simple_rnn" and case.gate != "sigmoid":
        far = random.choice([0, 0, 0, 0, 0, 0, -8, 8], (GATES[case.cell], case.units))
        far[2] = 0  # the new state's, which is no gate
        bias += far.ravel()
    if case.cell == "gru":
        return Weights(kernel, recurrent, np.stack([bias, random.normal(0, 0.1, width)]))
    return Weights(kernel, recurrent, bias)


def assert_close(
    ours: Results, expected: Results, outputs: float = 1e-5, gradients: float = 1e-4
) -> None:
    """Fail unless outputs are close, and gradients in proportion to their largest number."""
    assert ours.outputs.shape == expected.outputs.shape
    apart = {"outputs": np.abs(ours.outputs - expected.outputs).max() / outputs}
    for name in ("x", "table", "kernel", "recurrent", "bias"):
        found, wanted = getattr(ours, name), getattr(expected, name)
        if name == "x" and found is None:
            continue
        assert (found is None) == (wanted is None), name
        if wanted is not None:
            assert found.shape == wanted.shape, name
            apart[name] = difference(found, wanted) / gradients
    assert all(value <= 1 for value in apart.values()), f"times what is allowed: {apart}"


def difference(found: Any, wanted: Any) -> float:
    """Give the largest difference, in proportion to the largest number wanted."""
    found, wanted = np.asarray(found, np.float64), np.asarray(wanted, np.float64)
    assert np.isfinite(found).all()
    scale = np.abs(wanted).max()
    return float(np.abs(found - wanted).max() / scale) if scale else float(np.abs(found).max())


def assert_same_bits(ours: Results, expected: Results) -> None:
    """Fail unless everything is the same, bit for bit."""
    for field in fields(Results):
        found, wanted = getattr(ours, field.name), getattr(expected, field.name)
        assert (found is None) == (wanted is None)
        if wanted is not None:
            np.testing.assert_array_equal(found, wanted, err_msg=field.name)

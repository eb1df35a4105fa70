"""Keras' recurrent layers against base R: the tutorial's pseudo-code, executed without Keras."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from golden_files import difference, golden, weights
from numpy_cells import gru, lstm, sigmoid, simple_rnn, unroll
from r_models import small

from seqclf.r import (
    get_weights,
    keras_model,
    layer_embedding,
    layer_gru,
    layer_input,
    layer_lstm,
    layer_simple_rnn,
    predict,
    set_weights,
)

TOLERANCE = 1.5e-7
"""R computes in double precision, Keras in single: this is rounding."""

CELLS = golden("cells")
LAYERS = {"simple_rnn": layer_simple_rnn, "lstm": layer_lstm, "gru": layer_gru}
STEPS = {"simple_rnn": simple_rnn, "lstm": lstm, "gru": gru}


def tokens() -> np.ndarray:
    return np.array(golden("forward_return_sequences_state")["input"])


def recurrent_weights(kind: str, dtype: Any = np.float32) -> list[np.ndarray]:
    told = golden("forward_return_sequences_state")["models"][kind]["weights"]
    return weights(told, dtype)


def layer_outputs(kind: str, arrays: list[np.ndarray]) -> Any:
    """Give sequences and states of `layer_*` under an embedding and a layer's weights."""
    inputs = layer_input(shape=7)
    embedded = layer_embedding(inputs, input_dim=50, output_dim=4)
    outputs = LAYERS[kind](embedded, units=3, return_sequences=True, return_state=True)
    return keras_model(inputs, outputs) | set_weights(arrays) | predict(tokens())


def swapped(array: np.ndarray, order: list[int]) -> np.ndarray:
    """Give an LSTM's weight with its four blocks of columns in another order."""
    blocks = np.split(array, 4, axis=-1)
    return np.concatenate([blocks[place] for place in order], axis=-1)


@pytest.mark.parametrize("kind", ["simple_rnn", "lstm"])
def test_every_step_is_that_of_base_r(kind: str) -> None:
    sequences, *states = layer_outputs(kind, recurrent_weights(kind))
    assert difference(sequences, CELLS[kind]["sequences"]) < TOLERANCE
    assert difference(states[0], CELLS[kind]["last"]) < TOLERANCE
    if kind == "lstm":
        assert difference(states[1], CELLS[kind]["c_last"]) < TOLERANCE


def test_the_last_state_of_the_gru_is_that_of_base_r() -> None:
    _, state = layer_outputs("gru", recurrent_weights("gru"))
    assert difference(state, CELLS["gru"]["last"]) < TOLERANCE


@pytest.mark.parametrize("kind", ["simple_rnn", "lstm"])
def test_the_probability_is_that_of_base_r(kind: str) -> None:
    model = small(kind) | set_weights(weights(golden(f"forward_{kind}")["weights"]))
    assert difference(model | predict(tokens()), CELLS[kind]["prob"]) < TOLERANCE


@pytest.mark.parametrize(
    ("control", "order"),
    [("lstm_wrong_order_ifoc", [0, 1, 3, 2]), ("lstm_wrong_order_fico", [1, 0, 2, 3])],
)
def test_swapped_gates_are_found(control: str, order: list[int]) -> None:
    """R's two controls: a layer with gates swapped differs, and by as much as in R."""
    embeddings, *arrays = recurrent_weights("lstm")
    arrays = [swapped(array, order) for array in arrays]
    sequences, state, _ = layer_outputs("lstm", [embeddings, *arrays])
    assert difference(sequences, CELLS["lstm"]["sequences"]) > 0.03
    apart = difference(state, CELLS["lstm"]["last"])
    assert apart > 1000 * TOLERANCE
    assert apart == pytest.approx(CELLS["controls"][control], abs=TOLERANCE)


def test_unswapped_gates_are_not() -> None:
    embeddings, *arrays = recurrent_weights("lstm")
    arrays = [swapped(array, [0, 1, 2, 3]) for array in arrays]
    _, state, _ = layer_outputs("lstm", [embeddings, *arrays])
    assert difference(state, CELLS["lstm"]["last"]) < TOLERANCE


@pytest.mark.parametrize("kind", ["simple_rnn", "lstm", "gru"])
def test_the_numpy_cells_are_those_of_base_r(kind: str) -> None:
    """Both are double precision, of the weights as written: they agree far below float32."""
    embeddings, *arrays = recurrent_weights(kind, np.float64)
    states = [np.zeros((5, 3))] * (2 if kind == "lstm" else 1)
    ours = unroll(STEPS[kind](arrays), embeddings[tokens()], states)
    told = CELLS[kind]
    assert difference(ours.last, told["last"]) < 1e-14
    if "sequences" in told:
        assert difference(ours.sequences, told["sequences"]) < 1e-14
    if "c_last" in told:
        assert difference(ours.states[1], told["c_last"]) < 1e-14
    if "prob" in told:
        dense, bias = weights(golden(f"forward_{kind}")["weights"], np.float64)[-2:]
        assert difference(sigmoid(ours.last @ dense + bias), told["prob"]) < 1e-14


def test_get_weights_gives_the_gates_in_keras_order() -> None:
    model = small("lstm") | set_weights(weights(golden("forward_lstm")["weights"]))
    kernel = get_weights(model)[1]
    assert kernel.shape == (4, 12)
    first_step = CELLS["lstm"]["sample1_gates"][0]
    embeddings, kernel, _, bias = (array.astype(float) for array in (model | get_weights())[:4])
    parts = np.split(embeddings[tokens()[0, 0]] @ kernel + bias, 4)
    for part, name in zip(parts, ("i", "f", "candidate", "o"), strict=True):
        activation = np.tanh if name == "candidate" else sigmoid
        assert difference(activation(part), first_step[name]) < TOLERANCE

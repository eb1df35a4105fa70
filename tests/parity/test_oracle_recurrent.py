"""Every recurrent layer of `seqclf.r` is its formula, for constant and for random weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy_cells import Step, gru, keras2_hard_sigmoid, lstm, simple_rnn, unroll
from oracles import assert_close, constant, counting, one_layer, outputs, randomize

from seqclf.r import layer_gru, layer_lstm, layer_simple_rnn


@dataclass(frozen=True)
class Kind:
    """A recurrent layer and its formula."""

    layer: Callable[..., Any]
    step: Callable[[list[np.ndarray]], Step]
    states: int = 1
    gates: int = 1
    bias_rows: int = 1
    settings: dict[str, Any] = field(default_factory=dict)

    def constant_weights(self, features: int, units: int) -> list[np.ndarray]:
        """Give what the constant initializers must make."""
        bias = np.full((self.bias_rows, self.gates * units), 0.03)
        if self.layer is layer_lstm:
            bias[:, units : 2 * units] = 1  # the forget gate's, unit_forget_bias
        return [
            np.full((features, self.gates * units), 0.01),
            np.full((units, self.gates * units), 0.02),
            bias if self.bias_rows > 1 else bias[0],
        ]

    def zeros(self, batch: int, units: int) -> list[np.ndarray]:
        return [np.zeros((batch, units))] * self.states


def keras2_lstm(weights: list[np.ndarray]) -> Step:
    return lstm(weights, keras2_hard_sigmoid)


def keras2_gru(weights: list[np.ndarray]) -> Step:
    return gru(weights, keras2_hard_sigmoid)


KINDS = {
    "simple_rnn": Kind(layer_simple_rnn, simple_rnn),
    "lstm": Kind(layer_lstm, lstm, 2, 4),
    "lstm_keras2": Kind(layer_lstm, keras2_lstm, 2, 4, settings={"gates": "keras2"}),
    "gru": Kind(layer_gru, gru, 1, 3, bias_rows=2),
    "gru_reset_before": Kind(layer_gru, gru, 1, 3, settings={"reset_after": False}),
    "gru_keras2": Kind(layer_gru, keras2_gru, 1, 3, settings={"gates": "keras2"}),
    "gru_keras2_reset_after": Kind(
        layer_gru, keras2_gru, 1, 3, 2, settings={"gates": "keras2", "reset_after": True}
    ),
}
CONSTANTS = {"kernel": 0.01, "recurrent": 0.02, "bias": 0.03}
WAYS = [
    {},
    {"return_sequences": True},
    {"go_backwards": True},
    {"go_backwards": True, "return_sequences": True},
    {"unroll": True},
    {"unroll": True, "go_backwards": True, "return_sequences": True},
]
MASKS = {
    "front": [[0, 0, 1, 1, 1], [0, 0, 0, 0, 1], [1, 1, 1, 1, 1]],
    "middle": [[1, 0, 0, 1, 1], [1, 1, 0, 1, 0], [1, 0, 1, 0, 1]],
    "end": [[1, 1, 1, 0, 0], [1, 0, 0, 0, 0], [1, 1, 1, 1, 0]],
    "a whole row": [[0, 0, 0, 0, 0], [1, 1, 1, 1, 1], [0, 1, 0, 1, 0]],
}

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def named(way: dict[str, bool]) -> str:
    return "+".join(way) or "last"


def with_weights(
    kind: Kind, weights: str | int, example: tuple[int, ...], units: int, **settings: Any
) -> tuple[Any, list[np.ndarray]]:
    """Give a model of the one layer, and its weights: "constant", or random by a seed."""
    if weights == "constant":
        model = one_layer(
            kind.layer, example, units=units, **constant(**CONSTANTS), **kind.settings, **settings
        )
        return model, kind.constant_weights(example[-1], units)
    model = one_layer(kind.layer, example, units=units, **kind.settings, **settings)
    return model, randomize(model, np.random.default_rng(weights))


@pytest.mark.parametrize("weights", ["constant", 1])
@pytest.mark.parametrize("way", WAYS, ids=named)
@every_kind
def test_outputs_and_states_are_those_of_the_formula(
    kind: Kind, way: dict[str, bool], weights: str | int
) -> None:
    x = counting(3, 6, 4)
    if weights != "constant":
        x = np.random.default_rng(weights).normal(size=x.shape).astype(np.float32)
    model, arrays = with_weights(kind, weights, (6, 4), 3, return_state=True, **way)
    output, *states = outputs(model, x)
    expected = unroll(
        kind.step(arrays), x, kind.zeros(3, 3), go_backwards=way.get("go_backwards", False)
    )
    assert_close(output, expected.sequences if way.get("return_sequences") else expected.last)
    assert len(states) == kind.states
    for state, told in zip(states, expected.states, strict=True):
        assert_close(state, told)


@every_kind
def test_the_initializers_fill_the_weights(kind: Kind) -> None:
    model, arrays = with_weights(kind, "constant", (6, 4), 3)
    assert [array.shape for array in model.get_weights()] == [array.shape for array in arrays]
    for array, told in zip(model.get_weights(), arrays, strict=True):
        assert np.array_equal(array, told.astype(np.float32))


@pytest.mark.parametrize("where", MASKS)
@every_kind
def test_masked_steps_change_nothing(kind: Kind, where: str) -> None:
    mask = np.array(MASKS[where], bool)
    x = np.where(mask[..., None], counting(3, 5, 4) + 1, 0).astype(np.float32)
    for weights, way in (
        ("constant", {}),
        (3, {"go_backwards": True}),
        (3, {"unroll": True}),
        ("constant", {"zero_output_for_mask": True}),
    ):
        model, arrays = with_weights(
            kind, weights, (5, 4), 2, masked=True, return_sequences=True, return_state=True, **way
        )
        sequences, *states = outputs(model, x)
        unrolled = {key: value for key, value in way.items() if key != "unroll"}
        expected = unroll(kind.step(arrays), x, kind.zeros(3, 2), mask=mask, **unrolled)
        assert_close(sequences, expected.sequences)
        for state, told in zip(states, expected.states, strict=True):
            assert_close(state, told)


@every_kind
def test_a_masked_row_ends_where_its_tokens_do(kind: Kind) -> None:
    """Padding in front under a mask gives what the bare sequence gives."""
    x = np.random.default_rng(5).normal(size=(2, 4, 3)).astype(np.float32)
    padded = np.concatenate([np.zeros((2, 3, 3), np.float32), x], axis=1)
    masked, arrays = with_weights(kind, 6, (7, 3), 2, masked=True)
    bare, _ = with_weights(kind, 6, (4, 3), 2)
    bare.set_weights(arrays)
    assert_close(outputs(masked, padded)[0], outputs(bare, x)[0])
    assert np.abs(outputs(masked, padded)[0]).max() > 0.01


@pytest.mark.parametrize("weights", ["constant", 4])
@every_kind
def test_a_stateful_layer_goes_on_from_the_last_batch(kind: Kind, weights: str | int) -> None:
    x = counting(2, 3, 4)
    model, arrays = with_weights(kind, weights, (3, 4), 3, batch_size=2, stateful=True)
    states = kind.zeros(2, 3)
    for _ in range(3):
        expected = unroll(kind.step(arrays), x, states)
        states = expected.states
        assert_close(outputs(model, x)[0], expected.last)
    model.layers[-1].reset_states()
    assert_close(outputs(model, x)[0], unroll(kind.step(arrays), x, kind.zeros(2, 3)).last)


@every_kind
def test_without_a_bias(kind: Kind) -> None:
    model = one_layer(kind.layer, (4, 3), units=2, use_bias=False, **kind.settings)
    kernel, recurrent = randomize(model, np.random.default_rng(8))
    bias = np.zeros_like(kind.constant_weights(3, 2)[2])
    x = counting(2, 4, 3) / 10
    expected = unroll(kind.step([kernel, recurrent, bias]), x, kind.zeros(2, 2))
    assert_close(outputs(model, x)[0], expected.last)


@every_kind
def test_dropout_is_for_training_alone(kind: Kind) -> None:
    model, arrays = with_weights(kind, 9, (4, 3), 2, dropout=0.5, recurrent_dropout=0.5)
    x = np.random.default_rng(9).normal(size=(40, 4, 3)).astype(np.float32)
    expected = unroll(kind.step(arrays), x, kind.zeros(40, 2)).last
    assert_close(outputs(model, x, training=False)[0], expected)
    assert np.abs(outputs(model, x, training=True)[0] - expected).max() > 0.01


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(sorted(KINDS)),
    batch=st.integers(1, 4),
    steps=st.integers(1, 6),
    features=st.integers(1, 5),
    units=st.integers(1, 5),
    seed=st.integers(0, 2**32 - 1),
    masked=st.booleans(),
    go_backwards=st.booleans(),
    scale=st.sampled_from([0.1, 0.3, 0.6]),
)
def test_any_shape_weight_and_mask(
    name: str,
    batch: int,
    steps: int,
    features: int,
    units: int,
    seed: int,
    masked: bool,
    go_backwards: bool,
    scale: float,
) -> None:
    kind, random = KINDS[name], np.random.default_rng(seed)
    x = random.normal(size=(batch, steps, features)).astype(np.float32)
    mask = random.random((batch, steps)) < 0.6 if masked else None
    if mask is not None:
        x *= mask[..., None]
    model = one_layer(
        kind.layer,
        (None, features),
        masked=masked,
        units=units,
        return_sequences=True,
        go_backwards=go_backwards,
        **kind.settings,
    )
    arrays = randomize(model, random, scale)
    expected = unroll(
        kind.step(arrays), x, kind.zeros(batch, units), mask=mask, go_backwards=go_backwards
    )
    assert_close(outputs(model, x)[0], expected.sequences, tolerance=3e-6)


def test_the_two_hard_sigmoids_differ() -> None:
    """Keras 3's own name gives another function than Keras 2's gates."""
    x = np.random.default_rng(10).normal(size=(4, 5, 3)).astype(np.float32)
    old, arrays = with_weights(KINDS["lstm_keras2"], 11, (5, 3), 2)
    new = one_layer(layer_lstm, (5, 3), units=2, recurrent_activation="hard_sigmoid")
    new.set_weights(arrays)

    def slope_of_a_sixth(x: np.ndarray) -> np.ndarray:
        return np.clip(x / 6 + 0.5, 0, 1)

    expected = unroll(lstm(arrays, slope_of_a_sixth), x, [np.zeros((4, 2))] * 2).last
    assert_close(outputs(new, x)[0], expected)
    assert np.abs(outputs(new, x)[0] - outputs(old, x)[0]).max() > 0.001


@pytest.mark.parametrize("order", ["fico", "ifoc", "oifc"])
def test_swapped_gates_are_found(order: str) -> None:
    x = np.random.default_rng(12).normal(size=(4, 5, 3)).astype(np.float32)
    model, arrays = with_weights(KINDS["lstm"], 13, (5, 3), 2)
    assert_close(outputs(model, x)[0], unroll(lstm(arrays), x, [np.zeros((4, 2))] * 2).last)
    wrong = unroll(lstm(arrays, order=order), x, [np.zeros((4, 2))] * 2).last
    with pytest.raises(AssertionError, match="apart"):
        assert_close(outputs(model, x)[0], wrong)

"""`bidirectional` is two layers, one reading from the end, joined step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy_cells import Unrolled, gru, lstm, merge, simple_rnn, unroll
from oracles import assert_close, constant, counting, one_layer, outputs, randomize

from seqclf.r import bidirectional, layer_gru, layer_lstm, layer_simple_rnn

LAYERS: dict[str, tuple[Callable[..., Any], Callable[..., Any], int]] = {
    "simple_rnn": (layer_simple_rnn, simple_rnn, 1),
    "lstm": (layer_lstm, lstm, 2),
    "gru": (layer_gru, gru, 1),
}
MERGE_MODES = ("concat", "sum", "mul", "ave")
MASK = np.array([[0, 0, 1, 1], [1, 0, 1, 0], [0, 0, 0, 0]], bool)

every_layer = pytest.mark.parametrize("name", LAYERS)


def both_ways(
    name: str, arrays: list[np.ndarray], x: np.ndarray, **masking: Any
) -> tuple[Unrolled, Unrolled]:
    """Give what is read forward and what backward, the latter in the order read."""
    _, step, states = LAYERS[name]
    half = len(arrays) // 2
    zeros = [np.zeros((len(x), arrays[1].shape[0]))] * states
    return (
        unroll(step(arrays[:half]), x, zeros, **masking),
        unroll(step(arrays[half:]), x, zeros, go_backwards=True, **masking),
    )


def data(seed: int | str) -> np.ndarray:
    if seed == "constant":
        return counting(3, 4, 3)
    return np.random.default_rng(seed).normal(size=(3, 4, 3)).astype(np.float32)


def model_of(
    name: str, seed: int | str, merge_mode: Any, masked: bool = False, **settings: Any
) -> tuple[Any, list[np.ndarray]]:
    chosen = constant(kernel=0.01, recurrent=0.02, bias=0.03) if seed == "constant" else {}
    model = one_layer(
        bidirectional,
        (4, 3),
        masked=masked,
        layer=LAYERS[name][0](units=2, **chosen, **settings),
        merge_mode=merge_mode,
    )
    if seed != "constant":
        randomize(model, np.random.default_rng(seed))
    return model, model.get_weights()


@pytest.mark.parametrize(
    ("merge_mode", "seed"), [("concat", "constant"), *((mode, 1) for mode in MERGE_MODES)]
)
@every_layer
def test_the_two_ways_are_merged(name: str, merge_mode: str, seed: int | str) -> None:
    x = data(seed)
    model, arrays = model_of(name, seed, merge_mode)
    forward, backward = both_ways(name, arrays, x)
    assert_close(outputs(model, x)[0], merge(forward.last, backward.last, merge_mode))
    model, arrays = model_of(name, seed, merge_mode, return_sequences=True)
    aligned = backward.sequences[:, ::-1]
    assert_close(outputs(model, x)[0], merge(forward.sequences, aligned, merge_mode))


@every_layer
def test_without_a_merge_both_come_apart(name: str) -> None:
    x = data(2)
    model, arrays = model_of(name, 2, None)
    forward, backward = both_ways(name, arrays, x)
    ours = outputs(model, x)
    assert len(ours) == 2
    assert_close(ours[0], forward.last)
    assert_close(ours[1], backward.last)


@pytest.mark.parametrize("seed", ["constant", 3])
@every_layer
def test_masked_steps_are_skipped_both_ways(name: str, seed: int | str) -> None:
    x = np.where(MASK[..., None], data(seed) + 1, 0).astype(np.float32)
    model, arrays = model_of(name, seed, "concat", masked=True)
    forward, backward = both_ways(name, arrays, x, mask=MASK)
    assert_close(outputs(model, x)[0], merge(forward.last, backward.last, "concat"))
    # In sequences Keras' Bidirectional gives zeros for masked steps, unlike a layer alone.
    model, arrays = model_of(name, seed, "concat", masked=True, return_sequences=True)
    forward, backward = both_ways(name, arrays, x, mask=MASK, zero_output_for_mask=True)
    aligned = backward.sequences[:, ::-1]
    assert (aligned[~MASK] == 0).all()
    assert_close(outputs(model, x)[0], merge(forward.sequences, aligned, "concat"))


@every_layer
def test_the_states_of_both_are_returned(name: str) -> None:
    x = data(4)
    model, arrays = model_of(name, 4, "concat", return_state=True)
    forward, backward = both_ways(name, arrays, x)
    output, *states = outputs(model, x)
    assert_close(output, merge(forward.last, backward.last, "concat"))
    expected = [*forward.states, *backward.states]
    assert len(states) == len(expected)
    for state, told in zip(states, expected, strict=True):
        assert_close(state, told)


def test_another_layer_for_the_way_back() -> None:
    x = data(5)
    model = one_layer(
        bidirectional,
        (4, 3),
        layer=layer_simple_rnn(units=2),
        backward_layer=layer_gru(units=3, go_backwards=True),
    )
    arrays = randomize(model, np.random.default_rng(5))
    forward = unroll(simple_rnn(arrays[:3]), x, [np.zeros((3, 2))])
    backward = unroll(gru(arrays[3:]), x, [np.zeros((3, 3))], go_backwards=True)
    assert_close(outputs(model, x)[0], merge(forward.last, backward.last, "concat"))


def test_directions_swapped_are_found() -> None:
    x = data(6)
    model, arrays = model_of("lstm", 6, "concat")
    forward, backward = both_ways("lstm", arrays, x)
    with pytest.raises(AssertionError, match="apart"):
        assert_close(outputs(model, x)[0], merge(backward.last, forward.last, "concat"))

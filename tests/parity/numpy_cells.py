"""Recurrent layers in float64 NumPy, from their formulas, one step after the other.

Weights are those of `get_weights()`: kernel (features, gates * units), recurrent
kernel (units, gates * units), bias.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
Gate = Callable[[Array], Array]
Step = Callable[[Array, list[Array]], tuple[Array, list[Array]]]


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def keras2_hard_sigmoid(x: Array) -> Array:
    """Keras 2's: `0.2 x + 0.5`, kept within 0 and 1."""
    return np.clip(0.2 * x + 0.5, 0, 1)


def simple_rnn(weights: Sequence[Array]) -> Step:
    kernel, recurrent, bias = _doubles(weights)

    def step(x: Array, states: list[Array]) -> tuple[Array, list[Array]]:
        (h,) = states
        h = np.tanh(x @ kernel + h @ recurrent + bias)
        return h, [h]

    return step


def lstm(weights: Sequence[Array], gate: Gate = sigmoid, order: str = "ifco") -> Step:
    """Give the step of an LSTM; `order` says where each gate's columns lie."""
    kernel, recurrent, bias = _doubles(weights)
    places = [order.index(name) for name in "ifco"]

    def step(x: Array, states: list[Array]) -> tuple[Array, list[Array]]:
        h, c = states
        parts = np.split(x @ kernel + h @ recurrent + bias, 4, axis=-1)
        i, f, new, o = (parts[place] for place in places)
        c = gate(f) * c + gate(i) * np.tanh(new)
        h = gate(o) * np.tanh(c)
        return h, [h, c]

    return step


def gru(weights: Sequence[Array], gate: Gate = sigmoid) -> Step:
    """Give the step of a GRU: two rows of bias say that the reset comes after the product."""
    kernel, recurrent, bias = _doubles(weights)
    units = recurrent.shape[0]
    for_input, for_state = bias if bias.ndim == 2 else (bias, np.zeros_like(bias))

    def step(x: Array, states: list[Array]) -> tuple[Array, list[Array]]:
        (h,) = states
        x_z, x_r, x_h = np.split(x @ kernel + for_input, 3, axis=-1)
        h_z, h_r, h_h = np.split(h @ recurrent + for_state, 3, axis=-1)
        z, r = gate(x_z + h_z), gate(x_r + h_r)
        if bias.ndim == 1:
            h_h = (r * h) @ recurrent[:, 2 * units :]
            new = np.tanh(x_h + h_h)
        else:
            new = np.tanh(x_h + r * h_h)
        h = z * h + (1 - z) * new
        return h, [h]

    return step


@dataclass
class Unrolled:
    """What a recurrent layer gave: every step's output, the last, and the last states."""

    sequences: Array
    last: Array
    states: list[Array]


def unroll(
    step: Step,
    x: Array,
    states: Sequence[Array],
    *,
    mask: Array | None = None,
    go_backwards: bool = False,
    zero_output_for_mask: bool = False,
) -> Unrolled:
    """Run a step over (batch, steps, features).

    Where the mask is False, state and output stay what they were; before the
    first read step the output is zero. Backwards, outputs come in the order read.
    """
    x = np.asarray(x, np.float64)
    states = [np.asarray(state, np.float64) for state in states]
    output = np.zeros_like(states[0])
    outputs = []
    times = range(x.shape[1])
    for time in reversed(times) if go_backwards else times:
        new_output, new_states = step(x[:, time], states)
        if mask is None:
            output, states = new_output, new_states
        else:
            read = mask[:, time, None]
            kept = np.zeros_like(output) if zero_output_for_mask else output
            output = np.where(read, new_output, kept)
            states = [np.where(read, new, old) for new, old in zip(new_states, states, strict=True)]
        outputs.append(output)
    return Unrolled(np.stack(outputs, axis=1), outputs[-1], states)


def merge(forward: Array, backward: Array, mode: str) -> Array:
    """Join the two outputs of a bidirectional layer."""
    if mode == "concat":
        return np.concatenate([forward, backward], axis=-1)
    return {
        "sum": forward + backward,
        "mul": forward * backward,
        "ave": (forward + backward) / 2,
    }[mode]


def _doubles(weights: Sequence[Array]) -> list[Array]:
    return [np.asarray(weight, np.float64) for weight in weights]

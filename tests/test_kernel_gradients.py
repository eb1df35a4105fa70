"""The recurrent kernels in float64: gradients against differences of outputs, and Keras' layers."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_cases import CELLS, SLOPES, Case, assert_close, cases, difference

from seqclf.kernels.vectors import LANES, SAMPLES

STEP = 1e-5
TOLERANCE = 1e-6
"""Of the largest number of a gradient."""


def loss(case, data, **changed):
    """Give the number whose gradients backward gives, after some weights or vectors changed."""
    table = changed.pop("table", data.table)
    weights = data.weights._replace(**changed)
    changed_data = dataclasses.replace(data, table=table, weights=weights)
    outputs, _ = case.forward(case.recurrence(np.float64), changed_data, keep=False)
    return float((outputs * data.gradient).sum())


def slopes(case, data, name, array, places):
    """Differentiate by central differences, at some places of an array."""
    found = []
    for place in places:
        sides = []
        for step in (STEP, -STEP):
            moved = array.copy()
            moved.flat[place] += step
            sides.append(loss(case, data, **{name: moved}))
        found.append((sides[0] - sides[1]) / (2 * STEP))
    return np.array(found)


def assert_gradients_are_slopes(case, most=30):
    """Compare at up to so many places of each array, the largest gradient's among them."""
    data = case.data(np.float64)
    results = case.run(case.recurrence(np.float64), data)
    arrays = {"table": data.table, **data.weights._asdict()}
    random = np.random.default_rng(case.seed)
    for name, array in arrays.items():
        if array is None:
            continue
        gradient = getattr(results, name)
        assert gradient.shape == array.shape
        assert gradient.any(), name
        places = random.permutation(array.size)[:most]
        places = np.append(places, np.abs(gradient).argmax())
        expected = slopes(case, data, name, array, places)
        apart = np.abs(gradient.flat[places] - expected).max() / np.abs(gradient).max()
        assert apart < TOLERANCE, f"{name}: {apart:.2g}"


SMALL = {"units": 3, "features": 2, "steps": 7, "texts": 5, "padding": "either", "seed": 4}


@pytest.mark.parametrize("cell", CELLS)
class TestDifferences:
    @pytest.mark.parametrize("read", ["ids", "numbers", "starts"])
    @pytest.mark.parametrize("mask", ["none", "ids", "any"])
    @pytest.mark.parametrize("sequences", [False, True])
    def test_backward_gives_the_slopes_of_forward(self, cell, read, mask, sequences):
        case = Case(cell, read=read, mask=mask, sequences=sequences, **SMALL)
        assert_gradients_are_slopes(case)

    @pytest.mark.parametrize("mask", ["none", "ids"])
    def test_backwards_too(self, cell, mask):
        case = Case(cell, mask=mask, backwards=True, sequences=True, **SMALL)
        assert_gradients_are_slopes(case)

    def test_outputs_that_are_zero_where_they_are_masked_hand_nothing_back(self, cell):
        case = Case(cell, mask="any", sequences=True, zeros=True, **SMALL)
        assert_gradients_are_slopes(case)

    @pytest.mark.parametrize("gate", SLOPES)
    @pytest.mark.parametrize("use_bias", [False, True])
    def test_with_every_gate_with_and_without_bias(self, cell, gate, use_bias):
        case = Case(cell, gate=gate, use_bias=use_bias, **SMALL)
        assert_gradients_are_slopes(case)

    @pytest.mark.parametrize("read", ["ids", "numbers"])
    def test_over_several_lanes_and_tiles_and_many_steps(self, cell, read):
        shape = {"units": LANES + 3, "features": LANES + 1, "steps": 25, "texts": 2 * SAMPLES + 1}
        case = Case(cell, read=read, padding="either", sequences=True, **shape)
        assert_gradients_are_slopes(case, most=12)


@settings(derandomize=True, deadline=None, database=None, max_examples=60)
@given(case=cases(steps=st.integers(1, 25)))
def test_in_float64_they_are_keras_layers_to_nine_digits(case):
    data = case.data(np.float64)
    found = case.run(case.recurrence(np.float64), data)
    assert found.outputs.dtype == found.kernel.dtype == np.float64
    assert_close(found, case.keras(data), outputs=1e-9, gradients=1e-9)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("sequences", [False, True])
def test_single_precision_is_double_precision_but_for_rounding(cell, sequences):
    case = Case(cell, units=40, features=20, steps=60, texts=11, sequences=sequences)
    double = case.data(np.float64)
    single = dataclasses.replace(
        double,
        table=double.table.astype(np.float32),
        weights=double.weights._make(array.astype(np.float32) for array in double.weights),
        gradient=double.gradient.astype(np.float32),
    )
    found = case.run(case.recurrence(), single)
    expected = case.run(case.recurrence(np.float64), double)
    assert found.outputs.dtype == found.kernel.dtype == np.float32
    assert np.abs(found.outputs - expected.outputs).max() < 1e-5
    for name in ("table", "kernel", "recurrent", "bias"):
        assert difference(getattr(found, name), getattr(expected, name)) < 1e-5, name

"""Forward passes under R's weights: every layer's output is R's, to the last float32 digit."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from golden_files import NETWORKS, assert_same, assert_same_weights, golden, weights
from r_models import small

from seqclf.r import (
    clear_session,
    get_weights,
    keras_model,
    layer_embedding,
    layer_gru,
    layer_input,
    layer_lstm,
    layer_simple_rnn,
    pad_sequences,
    predict,
    set_weights,
)

FILES = [f"forward_{kind}{mask}" for kind in NETWORKS for mask in ("", "_mask")]


@pytest.fixture(scope="module", params=FILES)
def told(request: pytest.FixtureRequest) -> Any:
    return golden(request.param)


@pytest.fixture(scope="module")
def model(told: Any) -> Any:
    clear_session(free_memory=False)
    model = small(told["kind"], told["mask_zero"])
    return model | set_weights(weights(told["weights"]))


def test_the_network_is_configured_as_r_configures_it(told: Any, model: Any) -> None:
    ours, theirs = json.loads(model.to_json()), json.loads(told["keras_json"])
    assert ours["class_name"] == theirs["class_name"] == "Sequential"
    for layer, expected in zip(ours["config"]["layers"], theirs["config"]["layers"], strict=True):
        assert layer["class_name"] == expected["class_name"]
        assert layer["module"] == expected["module"]
        # Another Keras version may know a setting more or less.
        both = layer["config"].keys() & expected["config"].keys()
        assert len(both) > len(expected["config"]) / 2
        for key in both:
            assert layer["config"][key] == expected["config"][key], (layer["class_name"], key)


def test_weights_come_back_as_they_were_set(told: Any, model: Any) -> None:
    assert_same_weights(model | get_weights(), told["weights"])
    for place, (weight, formula) in enumerate(zip(model.weights, told["weights"], strict=True)):
        k = np.arange(weight.numpy().size).reshape(weight.shape)
        assert np.allclose(weight, 0.6 * np.sin(1 + 0.7 * k + 1.9 * place), atol=1e-6)
        assert f"sequential/{weight.path.split('/', 1)[1]}" == formula["name"]


def test_the_sequences_are_padded_as_r_pads_them(told: Any) -> None:
    padded = pad_sequences(told["ragged_input"], maxlen=told["config"]["maxlen"])
    assert padded.tolist() == told["input"]


def test_predictions_are_those_of_r(told: Any, model: Any) -> None:
    ours = model | predict(np.array(told["input"]))
    assert ours.shape == tuple(told["output_shape"])
    assert_same(ours, told["output"])


def test_every_layers_output_is_that_of_r(told: Any, model: Any) -> None:
    outputs = keras_model(inputs=model.inputs, outputs=[layer.output for layer in model.layers])
    ours = outputs | predict(np.array(told["input"]))
    assert len(ours) == len(told["layer_outputs"])
    for output, layer, expected in zip(ours, model.layers, told["layer_outputs"], strict=True):
        assert type(layer).__name__ == expected["class"].split(".")[-1]
        assert_same(output, expected["values"], layer.name)


@pytest.mark.parametrize("kind", ["simple_rnn", "lstm", "gru"])
def test_returned_sequences_and_states_are_those_of_r(kind: str) -> None:
    told = golden("forward_return_sequences_state")
    expected = told["models"][kind]
    recurrent = {"simple_rnn": layer_simple_rnn, "lstm": layer_lstm, "gru": layer_gru}[kind]
    inputs = layer_input(shape=7)
    embedded = layer_embedding(inputs, input_dim=50, output_dim=4)
    outputs = recurrent(embedded, units=3, return_sequences=True, return_state=True)
    model = keras_model(inputs, outputs) | set_weights(weights(expected["weights"]))
    ours = model | predict(np.array(told["input"]))
    assert len(ours) == len(expected["outputs"])
    for output, (name, values) in zip(ours, expected["outputs"].items(), strict=True):
        assert_same(output, values, name)

"""`summary(model)` is R's text, character for character, and counts what R counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from golden_files import golden, golden_text
from r_models import NA, TUTORIAL, a_simple_rnn, f_emojify

from seqclf.r import (
    clear_session,
    compile,
    fit,
    keras_model_sequential,
    layer_embedding,
    summary,
    summary_text,
)


def assert_text(model: Any, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Fail unless both `summary_text` and what `summary` prints are R's."""
    capsys.readouterr()
    assert summary_text(model).rstrip("\n") == expected.rstrip("\n")
    assert (model | summary()) is None
    assert capsys.readouterr().out == expected
    assert summary(model) is None
    assert capsys.readouterr().out == expected


@pytest.mark.parametrize("name", TUTORIAL)
def test_built_and_counted_as_in_r(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    clear_session(free_memory=False)
    model = TUTORIAL[name](input_shape=NA)
    assert_text(model, golden_text(f"summary_{name}"), capsys)
    told = golden("summary_counts")[name]
    assert model.count_params() == told["total"]
    trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert (trainable, model.count_params() - trainable) == (
        told["trainable"],
        told["non_trainable"],
    )
    shapes = [tuple(np.atleast_1d(shape)) for shape in told["weight_shapes"]]
    assert [tuple(weight.shape) for weight in model.weights] == shapes
    assert [weight.path for weight in model.weights] == told["weight_paths"]


@pytest.mark.parametrize("name", TUTORIAL)
def test_unbuilt_as_in_r(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    clear_session(free_memory=False)
    assert_text(TUTORIAL[name](), golden_text(f"summary_{name}_unbuilt"), capsys)


@pytest.mark.parametrize(
    ("build", "length", "name"),
    [(a_simple_rnn, 500, "a_simple_rnn_len500"), (f_emojify, 10, "f_emojify_len10")],
)
def test_with_a_length_as_in_r(
    build: Any, length: int, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    clear_session(free_memory=False)
    assert_text(build(input_shape=length), golden_text(f"summary_{name}"), capsys)


@pytest.mark.train
def test_after_fit_as_in_r(capsys: pytest.CaptureFixture[str]) -> None:
    clear_session(free_memory=False)
    model = a_simple_rnn()
    model | compile(optimizer="rmsprop", loss="binary_crossentropy", metrics="acc")
    model | fit(np.zeros((2, 10), int), np.array([0, 1]), batch_size=2, verbose=0)
    assert_text(model, golden_text("summary_a_simple_rnn_after_fit"), capsys)


def test_a_single_layer_as_in_r(capsys: pytest.CaptureFixture[str]) -> None:
    clear_session(free_memory=False)
    model = keras_model_sequential(input_shape=7) | layer_embedding(input_dim=100, output_dim=4)
    assert_text(model, golden("versions")["input_shape_arg"] + "\n", capsys)


@pytest.mark.parametrize("columns", ["40", "200"])
def test_the_terminals_width_changes_nothing(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    clear_session(free_memory=False)
    assert_text(a_simple_rnn(input_shape=NA), golden_text("summary_a_simple_rnn"), capsys)

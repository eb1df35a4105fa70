"""What R does beside computing: the printed record of `semantics_r_output.txt`."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas
import pytest
from golden_files import ROUNDING, assert_same, golden, golden_text, weights
from r_models import small

from seqclf.r import (
    bidirectional,
    clear_session,
    compile,
    evaluate,
    fit,
    get_weights,
    keras_model,
    keras_model_sequential,
    layer_bidirectional,
    layer_dense,
    layer_embedding,
    layer_global_average_pooling_1d,
    layer_global_max_pooling_1d,
    layer_gru,
    layer_input,
    layer_lstm,
    layer_simple_rnn,
    predict,
    set_random_seed,
    set_weights,
    to_categorical,
)

SAID = golden_text("semantics_r_output")
TOLD = golden("forward_simple_rnn")
LABELS = [1, 0, 1, 0, 1]
"""R's record leaves its labels out: of all 32 choices these alone give its loss."""
SHUFFLED = [0, 3, 1, 2, 4]
"""The order of its two batches of two, which it leaves out, too; the fifth is held out."""


def section(heading: str) -> str:
    """Give what R printed under a heading that begins so."""
    (found,) = re.findall(rf"^## {re.escape(heading)}.*\n((?:(?!## ).*\n)*)", SAID, re.MULTILINE)
    return str(found)


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", text)]


def x() -> np.ndarray:
    return np.array(TOLD["input"])


def model(metrics: Any = "acc") -> Any:
    """Build R's small network with R's weights, compiled."""
    built = small("simple_rnn") | set_weights(weights(TOLD["weights"]))
    return built | compile(loss="binary_crossentropy", metrics=metrics)


@pytest.fixture(scope="module")
def measured() -> Any:
    """Give a model that is never trained, to evaluate and predict with."""
    return model()


@pytest.fixture(scope="module")
def trained() -> Any:
    """Give a model that may be trained on and on."""
    return model()


# Building


def test_a_layer_is_added_in_place() -> None:
    first = keras_model_sequential() | layer_embedding(input_dim=50, output_dim=4)
    first | layer_simple_rnn(units=3)
    assert f"layers now: {len(first.layers)}" in section("in-place mutation")
    second = first | layer_dense(units=1)
    assert second is first
    assert f"m2 <- m %>% layer_dense(): {len(first.layers)}" in section("in-place mutation")
    assert layer_dense(first, units=1) is first
    assert len(first.layers) == 4


def test_32_and_a_double_32_are_one() -> None:
    assert section("units = 32").split() == ["32"] * 3
    for layer in (layer_simple_rnn, layer_lstm, layer_gru, layer_dense):
        built = [
            keras_model_sequential() | layer(units=units) for units in (32, 32.0, np.int64(32))
        ]
        assert [one.layers[0].units for one in built] == [32, 32, 32]
        assert type(built[1].layers[0].units) is int
    built = keras_model_sequential() | layer_embedding(input_dim=10000.0, output_dim=32.0)
    assert (built.layers[0].input_dim, built.layers[0].output_dim) == (10000, 32)


def test_embedding_does_not_mask_zero() -> None:
    assert section("layer_embedding mask_zero default").split() == ["FALSE"]
    built = keras_model_sequential() | layer_embedding(input_dim=5, output_dim=2)
    assert built.layers[0].mask_zero is False


def test_bidirectional_has_two_names() -> None:
    assert section("bidirectional alias").split() == ["TRUE", "TRUE"]
    one, other = (
        keras_model_sequential() | function(layer_lstm(units=2))
        for function in (bidirectional, layer_bidirectional)
    )
    assert type(one.layers[0]) is type(other.layers[0])


def test_an_unbuilt_model_has_no_weights() -> None:
    assert "0 weights" in section("unbuilt model")
    unbuilt = keras_model_sequential() | layer_embedding(input_dim=50, output_dim=4)
    assert (unbuilt | get_weights()) == []
    with pytest.raises(ValueError, match="built"):
        unbuilt.count_params()


def test_stacking_without_return_sequences_is_refused_as_it_is_built() -> None:
    assert "ERROR: ValueError" in section("generic layer before rnn")
    built = keras_model_sequential(input_shape=7) | layer_embedding(input_dim=50, output_dim=4)
    with pytest.raises(Exception, match="return_sequences") as caught:
        built | layer_simple_rnn(units=3) | layer_simple_rnn(units=3)
    assert "ndim" not in str(caught.value)


def test_gru_has_the_parameters_of_its_time() -> None:
    """R keras before 2.7 had no second bias: 6,240 parameters, not 6,336."""
    counted = {
        gates: (
            keras_model_sequential((None, 32)) | layer_gru(units=32, gates=gates)
        ).count_params()
        for gates in ("keras3", "keras2")
    }
    assert counted == {"keras3": 6_336, "keras2": 6_240}


def test_keras2_gates_move_the_small_lstm_as_far_as_measured() -> None:
    told = golden("forward_lstm")
    old = (
        keras_model_sequential(input_shape=7)
        | layer_embedding(input_dim=50, output_dim=4)
        | layer_lstm(units=3, gates="keras2")
        | layer_dense(units=1, activation="sigmoid")
        | set_weights(weights(told["weights"]))
    )
    apart = np.abs((old | predict(x(), verbose=0)) - np.array(told["output"])).max()
    assert apart == pytest.approx(0.0036, abs=0.0001)


# Seeds


def test_a_seed_gives_the_first_weights_that_it_gives_in_r() -> None:
    clear_session(free_memory=False)
    set_random_seed(113)
    sums = [float(weight.sum(dtype=float)) for weight in small("lstm") | get_weights()]
    first_line, bias_line = section("initial weights seeds").splitlines()[:2]
    assert np.round(sums, 8) == pytest.approx(numbers(first_line), abs=5e-7)
    bias = (small("lstm") | get_weights())[3]
    assert bias.tolist() == numbers(bias_line)


def test_a_seed_repeats() -> None:
    drawn = []
    for seed in (5, 5, 6):
        set_random_seed(seed)
        drawn.append((small("gru") | get_weights())[0])
    assert np.array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])


# Compile, evaluate, predict


def test_compile_returns_the_model() -> None:
    assert "compile returns the model: TRUE" in SAID
    built = small("simple_rnn")
    assert (built | compile(loss="binary_crossentropy")) is built
    assert compile(built, loss="binary_crossentropy") is built


@pytest.mark.parametrize(("metrics", "line"), [("acc", 0), (["acc", "mse"], 2), (["accuracy"], 3)])
def test_metrics_are_named_and_ordered_as_in_r(metrics: Any, line: int) -> None:
    if line == 3:
        import keras

        metrics = [*metrics, keras.metrics.Precision(name="precision")]
    told = section("metrics naming").splitlines()[line]
    names = told.split("| evaluate:")[1].split()
    assert list(model(metrics) | evaluate(x(), LABELS, verbose=0)) == names


@pytest.mark.train
def test_a_history_is_named_and_ordered_as_in_r() -> None:
    told = section("metrics naming").splitlines()[1].split("| evaluate:")
    built = model("accuracy")
    history = built | fit(x(), LABELS, validation_split=0.2, verbose=0)
    assert list(history) == told[0].split()
    assert list(built | evaluate(x(), LABELS, verbose=0)) == told[1].split()


def test_evaluate_gives_names_even_to_the_loss_alone(measured: Any) -> None:
    told = numbers(re.sub(r"List of \d", "", section("evaluate with and without metrics")))
    alone = model(None) | evaluate(x(), LABELS, verbose=0)
    both = measured | evaluate(x(), LABELS, verbose=0)
    assert list(alone) == ["loss"]
    assert list(both) == ["acc", "loss"]
    assert [round(value, 3) for value in (*alone.values(), *both.values())] == told
    assert all(type(value) is float for value in both.values())


def test_predict_gives_a_matrix(measured: Any) -> None:
    predicted = measured | predict(x(), verbose=0)
    assert "num [1:5, 1] 0.365 0.39 0.369 0.381 0.39" in section("predict: class")
    assert predicted.shape == (5, 1)
    assert predicted.ravel().tolist() == pytest.approx([0.365, 0.39, 0.369, 0.381, 0.39], abs=5e-4)


def test_double_indices_are_indices(measured: Any) -> None:
    assert "double X equal: TRUE" in section("double input matrix")
    assert_same(measured | predict(x().astype(float), verbose=0), TOLD["output"])
    assert_same(measured | predict(x().astype(float).tolist(), verbose=0), TOLD["output"])


@pytest.mark.parametrize(
    ("form", "labels"),
    [
        ("integer_vector", LABELS),
        ("double_vector", [float(label) for label in LABELS]),
        ("logical_vector", [label == 1 for label in LABELS]),
        ("matrix_5x1", [[label] for label in LABELS]),
        ("array_1d", np.array(LABELS)),
        ("factor", "category"),
    ],
)
def test_labels_in_every_form(measured: Any, form: str, labels: Any) -> None:
    if form == "factor":
        labels = pandas.Series(["yes" if label else "no" for label in LABELS], dtype="category")
    (told,) = re.findall(rf"labels as {form} : (.*)", SAID)
    acc, loss = numbers(told)
    # One compiled model does not take first vectors, then matrices: R's record has the error.
    judge = model() if form == "matrix_5x1" else measured
    ours = judge | evaluate(x(), labels, verbose=0)
    assert np.float32(ours["acc"]) == np.float32(acc)
    assert round(ours["loss"], 7) == pytest.approx(loss, rel=0, abs=ROUNDING)


def test_an_id_without_a_row_is_refused(measured: Any) -> None:
    """Ids count from 0: with `input_dim` 50 the id 50 has no row, in R as here."""
    assert "ERROR" in section("index out of range")
    ids = x()
    ids[0, 6] = 50
    with pytest.raises(Exception, match=r"50\b"):
        measured | predict(ids, verbose=0)


def test_an_embedding_row_belongs_to_its_index() -> None:
    ids = layer_input(shape=7)
    rows = layer_embedding(ids, input_dim=50, output_dim=4)
    embeddings = weights(TOLD["weights"])[0]
    looked_up = keras_model(ids, rows) | set_weights([embeddings]) | predict(x(), verbose=0)
    assert_same(looked_up, embeddings[x()])


def test_global_pooling_is_that_of_r() -> None:
    told = numbers(re.sub(r"\[.*?\]", "", section("layer_global_max_pooling_1d")))
    embeddings = weights(TOLD["weights"])[0]
    pooled = {}
    for layer in (layer_global_max_pooling_1d, layer_global_average_pooling_1d):
        ids = layer_input(shape=7)
        tensor = layer(layer_embedding(ids, input_dim=50, output_dim=4))
        built = keras_model(ids, tensor) | set_weights([embeddings])
        pooled[layer] = built | predict(x(), verbose=0)
    assert pooled[layer_global_max_pooling_1d] == pytest.approx(np.reshape(told, (5, 4)), abs=6e-8)
    averages = embeddings[x()].mean(axis=1, dtype=float)
    assert pooled[layer_global_average_pooling_1d] == pytest.approx(averages, abs=1e-7)


def test_to_categorical_counts_from_zero() -> None:
    rows = [
        [float(number) for number in line.split()[1:]]
        for line in section("to_categorical").splitlines()
        if re.match(r"\[\d,\]", line)
    ]
    assert to_categorical([0, 2, 1]).tolist() == rows[:3]
    assert to_categorical([0.0, 2.0, 1.0]).tolist() == rows[:3]
    assert to_categorical([1, 3, 2], num_classes=4).tolist() == rows[6:9]


def test_to_categorical_takes_a_factors_codes() -> None:
    factor = pandas.Categorical(["a", "c", "b"])
    assert to_categorical(factor).tolist() == to_categorical([0, 2, 1]).tolist()
    unused = pandas.Categorical(["a", "c"], categories=["a", "b", "c"])
    assert to_categorical(unused).tolist() == [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]


# Training


@pytest.mark.train
def test_fit_makes_one_pass_unless_told(trained: Any) -> None:
    history = trained | fit(x(), LABELS, verbose=0)
    told = section("compile() return value")
    assert "epochs run by default: 1" in told
    assert len(history.epochs) == history.params["epochs"] == 1
    assert {key: history.params[key] for key in ("verbose", "epochs", "steps")} == {
        "verbose": 0,
        "epochs": 1,
        "steps": 1,
    }
    assert list(history) == told.split()[-2:] == ["acc", "loss"]


@pytest.mark.train
def test_the_lines_of_fit_are_those_of_r(capfd: pytest.CaptureFixture[str]) -> None:
    model() | fit(x(), LABELS, epochs=2, verbose=2)
    times = r"\d+m?s - \d+m?s/step"
    told = re.sub(times, "-", section("verbose = 1 text of fit")).split("\n")
    ours = re.sub(times, "-", capfd.readouterr().out).split("\n")
    assert [line for line in ours if line] == [line for line in told if line]


@pytest.mark.train
def test_five_examples_are_split_four_to_one(capsys: pytest.CaptureFixture[str]) -> None:
    told = section("history as.data.frame + print")
    assert "4 train samples of 5" in told
    history = model() | fit(
        x()[SHUFFLED],
        np.array(LABELS)[SHUFFLED],
        batch_size=2,
        epochs=2,
        validation_split=0.2,
        shuffle=False,
        verbose=0,
    )
    print(history)
    printed = capsys.readouterr().out
    assert told.startswith(printed)
    rows = [line.split()[1:] for line in told.splitlines() if re.match(r"\d +\d ", line)]
    expected = [(int(e), float(value), metric, part) for e, value, metric, part in rows]
    assert_same_rows(sorted(history.rows()), sorted(expected))
    frame = history.as_data_frame()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns) == ["epoch", "value", "metric", "data"]
    assert_same_rows([tuple(row) for row in frame.itertuples(index=False)], expected)


def assert_same_rows(ours: list[Any], theirs: list[Any]) -> None:
    """Compare (epoch, value, metric, data), the value as R prints it, with seven digits."""
    assert [(row[0], *row[2:]) for row in ours] == [(row[0], *row[2:]) for row in theirs]
    values = [round(row[1], 7) for row in ours]
    assert values == pytest.approx([row[1] for row in theirs], rel=0, abs=ROUNDING)


@pytest.mark.train
def test_old_defaults_are_asked_for_by_name(trained: Any) -> None:
    """The old R package ran ten epochs, and counted `initial_epoch` from 0."""
    assert len((trained | fit(x(), LABELS, verbose=0, defaults="keras2")).epochs) == 10
    again = trained | fit(x(), LABELS, epochs=3, initial_epoch=2, verbose=0)
    assert len(again.epochs) == 2
    again = trained | fit(x(), LABELS, epochs=3, initial_epoch=2, verbose=0, defaults="keras2")
    assert len(again.epochs) == 1

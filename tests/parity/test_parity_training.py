"""Training from R's weights, or R's seed, ends at R's weights, with R's history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from golden_files import (
    NETWORKS,
    assert_same,
    assert_same_named,
    assert_same_weights,
    golden,
    weights,
)
from r_models import small

from seqclf.contracts import Ragged, Split
from seqclf.encoding.encode import hold_out
from seqclf.r import (
    clear_session,
    compile,
    evaluate,
    fit,
    get_weights,
    pad_sequences,
    predict,
    set_random_seed,
    set_weights,
)

pytestmark = pytest.mark.train


@dataclass
class Trained:
    """A network that was trained as R trained it."""

    told: Any
    model: Any
    before: Any
    history: Any


def start(told: Any) -> Any:
    """Build a network with the weights and settings R started from."""
    clear_session(free_memory=False)
    model = small(told["kind"]) | set_weights(weights(told["start_weights"]))
    return model | compile(**told["compile"])


def data(told: Any) -> tuple[np.ndarray, np.ndarray]:
    return np.array(told["x"]), np.array(told["y"])


@pytest.fixture(scope="module", params=NETWORKS)
def trained(request: pytest.FixtureRequest) -> Trained:
    told = golden(f"train_{request.param}")
    x, y = data(told)
    model = start(told)
    before = model | evaluate(x, y, verbose=0)
    history = model | fit(x, y, verbose=0, **told["fit"])
    return Trained(told, model, before, history)


def test_evaluate_before_training_is_that_of_r(trained: Trained) -> None:
    assert_same_named(trained.before, trained.told["evaluate_before"])


def test_the_history_is_that_of_r(trained: Trained) -> None:
    assert list(trained.history) == trained.told["history_names"]
    assert_same_named(trained.history, trained.told["history"])
    assert_same_named(trained.history.metrics, trained.told["history"])


def test_the_final_weights_are_those_of_r(trained: Trained) -> None:
    assert_same_weights(trained.model | get_weights(), trained.told["final_weights"])


def test_the_weights_did_move(trained: Trained) -> None:
    pairs = zip(trained.told["start_weights"], trained.model.get_weights(), strict=True)
    for weight, final in pairs:
        assert np.abs(np.subtract(weight["values"], final)).max() > 0.005


def test_evaluate_and_predict_after_training_are_those_of_r(trained: Trained) -> None:
    x, y = data(trained.told)
    assert_same_named(trained.model | evaluate(x, y, verbose=0), trained.told["evaluate_after"])
    assert_same(trained.model | predict(x), trained.told["predict_after"])


def test_the_settings_are_those_of_r(trained: Trained) -> None:
    ours = {key: trained.history.params[key] for key in trained.told["history_params"]}
    assert ours == trained.told["history_params"]
    settings = trained.model.optimizer.get_config()
    for key, expected in trained.told["optimizer_config"].items():
        if key in settings and not isinstance(expected, str):
            assert settings[key] == pytest.approx(expected), key


def test_the_history_prints_as_in_r(trained: Trained, capsys: pytest.CaptureFixture[str]) -> None:
    print(trained.history)
    assert capsys.readouterr().out.splitlines() == trained.told["history_print"]


def test_the_history_as_rows_is_that_of_r(trained: Trained) -> None:
    told = trained.told["history_data_frame"]
    rows = sorted(trained.history.rows(), key=lambda row: (row[3], row[2], row[0]))
    for row, expected in zip(rows, told, strict=True):
        assert (row[0], row[2], row[3]) == tuple(expected[k] for k in ("epoch", "metric", "data"))
        assert_same(row[1], expected["value"])
    frame = trained.history.as_data_frame()
    assert list(frame.columns) == list(told[0])
    assert len(frame) == len(told)
    for column in ("epoch", "metric", "data"):
        assert frame[column].tolist() == [row[column] for row in told]
    assert_same(frame["value"], [row["value"] for row in told])


def test_a_seeded_run_is_that_of_r() -> None:
    told, told_data = golden("train_seeded_lstm"), golden("train_lstm")
    x, y = data(told_data)
    clear_session(free_memory=False)
    set_random_seed(told["seed"])
    model = small("lstm")
    assert_same_weights(model | get_weights(), told["start_weights"])
    settings = {**told_data["fit"]}
    del settings["shuffle"]
    history = model | compile(**told_data["compile"]) | fit(x, y, verbose=0, **settings)
    assert_same_named(history, told["history"])
    assert_same_weights(model | get_weights(), told["final_weights"])


def test_the_data_are_padded_as_r_pads_them() -> None:
    for kind in NETWORKS:
        told = golden(f"train_{kind}")
        assert pad_sequences(told["ragged"], maxlen=7).tolist() == told["x"]


@pytest.mark.parametrize(("examples", "kept"), [(64, 51), (5, 4), (25_000, 20_000)])
def test_runs_hold_out_as_many_as_r_does(examples: int, kept: int) -> None:
    ids = Ragged.from_lists([[place] for place in range(examples)])
    train, held_out = hold_out(Split(np.arange(examples), ids=ids), 0.2)
    assert train.labels.tolist() == list(range(kept))
    assert held_out.labels.tolist() == list(range(kept, examples))


class TestDeliberateFaults:
    """What this comparison would not notice proves nothing: each fault must be found."""

    def told(self) -> Any:
        return golden("train_simple_rnn")

    def history(self, model: Any, x: np.ndarray, y: np.ndarray) -> Any:
        return model | fit(x, y, verbose=0, **self.told()["fit"])

    def test_a_split_taken_from_the_front_is_found(self) -> None:
        told = self.told()
        x, y = data(told)
        held_out = len(x) - 51
        x, y = np.roll(x, -held_out, axis=0), np.roll(y, -held_out)
        history = self.history(start(told), x, y)
        for name in told["history_names"]:
            with pytest.raises(AssertionError, match=name):
                assert_same(history[name], told["history"][name], name)

    def test_padding_at_the_other_end_is_found(self) -> None:
        told = self.told()
        x = pad_sequences(told["ragged"], maxlen=7, padding="post")
        history = self.history(start(told), x, np.array(told["y"]))
        with pytest.raises(AssertionError, match="loss"):
            assert_same(history["loss"], told["history"]["loss"], "loss")

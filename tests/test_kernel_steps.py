"""The kernels' steps: how batches reach them, several threads, the compiled optimizer."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from seqclf.contracts import Ragged
from seqclf.encoding.padding import Padding
from seqclf.evaluation.predict import predict_probabilities
from seqclf.kernels import tracing
from seqclf.kernels.padding import pad_ids
from seqclf.kernels.tracing import predict_at_once, predict_step, train_step

STEPS, WORDS = 12, 40
SIGNATURE = [tf.TensorSpec((None, STEPS), tf.int32), tf.TensorSpec((None,), tf.int32)]


def network(*, layers: int = 1, units: int = 6, optimizer: str = "rmsprop") -> keras.Model:
    keras.utils.set_random_seed(3)
    between = [keras.layers.LSTM(units, return_sequences=True) for _ in range(layers - 1)]
    model = keras.Sequential(
        [
            keras.Input((STEPS,)),
            keras.layers.Embedding(WORDS, 5),
            *between,
            keras.layers.LSTM(units),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(optimizer, "binary_crossentropy", metrics=["accuracy"])
    return model


def batch(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    x = random.integers(1, WORDS, (count, STEPS)).astype(np.int32)
    x[np.arange(STEPS) < random.integers(0, STEPS, count)[:, None]] = 0
    return x, random.integers(0, 2, count).astype(np.int32)


sequences = st.lists(st.lists(st.integers(0, 99), max_size=9), min_size=1, max_size=8)
sides = st.sampled_from(["pre", "post"])


class TestPadding:
    @settings(deadline=None)
    @given(sequences, st.integers(1, 12), sides, sides, st.randoms(use_true_random=False))
    def test_is_that_of_keras(self, lists, maxlen, padding, truncating, random):
        ragged = Ragged.from_lists(lists)
        chosen = np.array([random.randrange(len(lists)) for _ in range(5)])
        how = Padding(maxlen, padding, truncating)
        expected = keras.utils.pad_sequences(
            [lists[number] for number in chosen], maxlen, padding=padding, truncating=truncating
        )
        assert pad_ids(ragged, chosen, how).tolist() == expected.tolist()

    def test_of_series_goes_the_ordinary_way(self):
        series = Ragged(np.arange(6, dtype=np.float32).reshape(3, 2), np.array([0, 1, 3]))
        padded = pad_ids(series, np.array([1, 0]), Padding(2))
        assert padded.tolist() == [[[2, 3], [4, 5]], [[0, 0], [0, 1]]]

    def test_reads_tokens_that_lie_on_disk(self, tmp_path):
        np.arange(6, dtype=np.int32).tofile(tmp_path / "tokens")
        tokens = np.memmap(tmp_path / "tokens", np.int32, mode="r")
        padded = pad_ids(Ragged(tokens, np.array([0, 4, 6])), np.array([1, 0]), Padding(3))
        assert padded.tolist() == [[0, 4, 5], [1, 2, 3]]


class TestPredicting:
    def test_any_number_of_texts_gives_what_keras_gives(self):
        model = network()
        x, _ = batch(7)
        expected = model.predict(x, verbose=0)
        for count in (1, 2, 7):
            assert predict_step(model)(x[:count]) == pytest.approx(expected[:count], abs=1e-6)

    def test_more_texts_than_one_step_takes_come_in_order(self):
        model = network()
        x, _ = batch(2500)
        ragged = Ragged.from_lists([row[row > 0].tolist() for row in x])
        given = predict_probabilities(model, ragged, Padding(STEPS), "binary", kernel="fused")
        stock = predict_probabilities(model, ragged, Padding(STEPS), "binary")
        assert given == pytest.approx(stock, abs=1e-6)

    def test_several_threads_at_once_disturb_each_other_in_nothing(self):
        model = network()
        step = predict_step(model)
        batches = [batch(60, seed)[0] for seed in range(8)]
        alone = [step(x) for x in batches]
        with ThreadPoolExecutor(4) as threads:
            for _ in range(5):
                together = list(threads.map(step, batches))
                for one, other in zip(together, alone, strict=True):
                    assert np.array_equal(one, other)

    def test_fewer_texts_go_together_where_all_outputs_are_held(self):
        assert predict_at_once(network(), 500) == 2048
        assert 32 <= predict_at_once(network(layers=3, units=64), 500) < 2048
        assert predict_at_once(network(layers=2, units=512), 5000) == 32


class TestSteps:
    def test_an_optimizer_under_xla_takes_the_same_steps(self):
        x, y = batch(16)
        weights = []
        for steps in (1, 10_000):
            model = network(optimizer="adam")
            step = train_step(model, SIGNATURE, steps=steps)
            for _ in range(4):
                step(x, y)
            assert "apply" not in vars(model.optimizer)
            weights.append(model.get_weights())
        for one, other in zip(*weights, strict=True):
            assert one == pytest.approx(other, abs=1e-6)

    def test_is_traced_once_until_the_model_is_compiled_anew(self):
        model = network()
        first = train_step(model, SIGNATURE)
        assert train_step(model, SIGNATURE) is first
        judged = tracing.test_step(model, SIGNATURE)
        assert tracing.test_step(model, SIGNATURE) is judged
        model.compile("sgd", "binary_crossentropy")
        assert train_step(model, SIGNATURE) is not first
        x, y = batch(4)
        before = model.get_weights()
        train_step(model, SIGNATURE)(x, y)
        assert any(
            not np.array_equal(one, other)
            for one, other in zip(before, model.get_weights(), strict=True)
        )

    def test_leaves_a_model_that_can_be_copied(self):
        model = network()
        x, y = batch(4)
        train_step(model, SIGNATURE)(x, y)
        copied = copy.deepcopy(model)
        assert copied.predict(x, verbose=0) == pytest.approx(model.predict(x, verbose=0), abs=1e-6)

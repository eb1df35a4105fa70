"""The recurrent kernels, against Keras' layers: outputs and gradients, whatever is read."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import multiprocessing
import os
import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernel_cases import (
    CELLS,
    NUM_WORDS,
    Case,
    Results,
    assert_close,
    assert_same_bits,
    cases,
)

from seqclf.errors import UsageError
from seqclf.kernels.threads import thread_count
from seqclf.kernels.vectors import LANES, SAMPLES

repeatable = settings(derandomize=True, deadline=None, database=None, max_examples=60)


class TestAgainstKeras:
    @settings(repeatable, max_examples=120)
    @given(case=cases())
    def test_outputs_and_gradients_are_those_of_keras_layer(self, case):
        data = case.data()
        assert_close(case.run(case.recurrence(), data), case.keras(data))

    @pytest.mark.parametrize("cell", CELLS)
    @pytest.mark.parametrize("mask", ["none", "ids"])
    @pytest.mark.parametrize(
        "shape",
        [
            {"texts": 1, "steps": 1, "units": 1, "features": 1},
            {"texts": 1, "units": LANES},
            {"texts": SAMPLES - 1, "units": LANES - 1},
            {"texts": 2 * SAMPLES, "units": LANES + 1},
            {"texts": 2 * SAMPLES + 1, "units": 4 * LANES, "features": LANES},
        ],
        ids=str,
    )
    def test_shapes_that_fill_lanes_and_tiles_or_just_do_not(self, cell, mask, shape):
        case = Case(cell, mask=mask, padding="either", **shape)
        data = case.data()
        assert_close(case.run(case.recurrence(), data), case.keras(data))

    @pytest.mark.parametrize("cell", CELLS)
    @pytest.mark.parametrize("mask", ["none", "ids"])
    @pytest.mark.parametrize("backwards", [False, True])
    @pytest.mark.parametrize("sequences", [False, True])
    @pytest.mark.parametrize("read", ["ids", "starts"])
    def test_texts_without_words(self, cell, mask, backwards, sequences, read):
        case = Case(cell, mask=mask, backwards=backwards, sequences=sequences, read=read)
        data = case.data()
        for empty in ([2, 5], range(case.texts)):
            data.ids[empty] = 0
            data.starts[empty] = case.steps
            if data.mask is not None:
                data.mask[empty] = False
            assert_close(case.run(case.recurrence(), data), case.keras(data))

    @pytest.mark.parametrize("cell", CELLS)
    def test_the_tutorials_shape(self, cell):
        case = Case(cell, units=32, features=32, steps=500, texts=20, seed=1)
        data = case.data()
        data = dataclasses.replace(data, table=data.table / 20)
        assert_close(case.run(case.recurrence(), data), case.keras(data))

    @pytest.mark.parametrize("read", ["ids", "numbers"])
    def test_gradients_of_the_input_may_be_left_out(self, read):
        case = Case("lstm", read=read)
        data = case.data()
        expected = case.run(case.recurrence(), data)
        recurrence = case.recurrence()
        _, left = case.forward(recurrence, data)
        given = recurrence.backward(left, data.gradient, rows_wanted=False)
        assert given.rows is None
        for found, wanted in zip(
            given.weights, (expected.kernel, expected.recurrent, expected.bias), strict=True
        ):
            np.testing.assert_array_equal(found, wanted)


class TestReadingOn:
    """One layer reads batch after batch, in memory that stays."""

    @settings(repeatable, max_examples=40)
    @given(case=cases(), data=st.data())
    def test_what_was_read_before_leaves_no_trace(self, case, data):
        recurrence = case.recurrence()
        for _ in range(4):
            case = dataclasses.replace(
                case,
                texts=data.draw(st.integers(1, 20)),
                steps=data.draw(st.integers(1, 40)),
                sequences=data.draw(st.booleans()),
                read=data.draw(st.sampled_from(["ids", "numbers", "starts"])),
                mask=data.draw(st.sampled_from(["none", "ids", "any"])),
                seed=case.seed + 1,
            )
            batch = case.data()
            if data.draw(st.booleans()):
                case.forward(recurrence, batch, keep=False)
            else:
                assert_same_bits(case.run(recurrence, batch), case.run(case.recurrence(), batch))

    @pytest.mark.parametrize("cell", CELLS)
    @pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
    def test_passes_may_wait_for_one_another(self, cell, order):
        shapes = [
            Case(cell, texts=9, seed=1),
            Case(cell, texts=2, mask="ids", sequences=True, seed=2),
            Case(cell, steps=20, read="numbers", seed=3),
        ]
        recurrence = shapes[0].recurrence()
        batches = [case.data() for case in shapes]
        passes = [
            case.forward(recurrence, batch) for case, batch in zip(shapes, batches, strict=True)
        ]
        for place in order:
            case, batch, (outputs, left) = shapes[place], batches[place], passes[place]
            given = recurrence.backward(left, batch.gradient)
            found = case.gathered(outputs, given, batch)
            assert_same_bits(found, case.run(case.recurrence(), batch))

    @settings(repeatable)
    @given(case=cases())
    def test_outputs_do_not_depend_on_what_is_kept_for_backward(self, case):
        data = case.data()
        recurrence = case.recurrence()
        kept, left = case.forward(recurrence, data, keep=True)
        recurrence.release(left)
        plain, _ = case.forward(recurrence, data, keep=False)
        np.testing.assert_allclose(plain, kept, rtol=0, atol=1e-6)

    @settings(repeatable)
    @given(case=cases(), random=st.randoms(use_true_random=False))
    def test_a_texts_output_does_not_depend_on_the_others(self, case, random):
        data = case.data()
        recurrence = case.recurrence()
        together, _ = case.forward(recurrence, data, keep=False)
        order = random.sample(range(case.texts), random.randint(1, case.texts))
        chosen = dataclasses.replace(
            data,
            ids=data.ids[order],
            mask=None if data.mask is None else data.mask[order],
            starts=data.starts[order],
        )
        alone, _ = case.forward(recurrence, chosen, keep=False)
        np.testing.assert_allclose(alone, together[order], rtol=0, atol=1e-6)

    @settings(repeatable)
    @given(case=cases(mask=st.just("ids")), more=st.integers(1, 20), front=st.booleans())
    def test_masked_padding_changes_nothing(self, case, more, front):
        case = dataclasses.replace(case, sequences=False)
        data = case.data()
        outputs, _ = case.forward(case.recurrence(), data, keep=False)
        ids = np.pad(data.ids, ((0, 0), (more, 0) if front else (0, more)))
        padded = dataclasses.replace(data, ids=ids, mask=ids != 0)
        longer, _ = case.forward(case.recurrence(), padded, keep=False)
        np.testing.assert_allclose(longer, outputs, rtol=0, atol=1e-6)

    @pytest.mark.parametrize("cell", CELLS)
    @pytest.mark.parametrize("read", ["ids", "numbers"])
    def test_no_number_in_one_text_is_none_in_this_text_alone(self, cell, read):
        case = Case(cell, read=read, texts=2 * SAMPLES + 1, padding="nowhere")
        data = case.data()
        data.table[NUM_WORDS - 1] = np.nan
        data.ids[data.ids == NUM_WORDS - 1] = 1
        data.ids[3, 2] = NUM_WORDS - 1
        outputs, _ = case.forward(case.recurrence(), data, keep=False)
        without = np.arange(case.texts) != 3
        assert np.isnan(outputs[3]).all()
        assert np.isfinite(outputs[without]).all()
        data.ids[3, 2] = 1
        expected, _ = case.forward(case.recurrence(), data, keep=False)
        np.testing.assert_allclose(outputs[without], expected[without], rtol=0, atol=1e-6)


LARGE = {"texts": st.integers(40, 90), "steps": st.integers(60, 120), "units": st.integers(30, 70)}
"""Enough to do for several threads."""


@contextlib.contextmanager
def threads(count):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQCLF_THREADS", str(count))
        yield


class TestThreads:
    @settings(repeatable, max_examples=20)
    @given(case=cases(**LARGE))
    def test_their_number_does_not_change_the_result(self, case):
        data = case.data()
        recurrence = case.recurrence()
        with threads(1):
            expected = case.run(recurrence, data)
        for count in (2, 3, 7):
            with threads(count):
                found = case.run(recurrence, data)
                assert_close(found, expected, outputs=1e-6, gradients=1e-5)
                assert_same_bits(case.run(recurrence, data), found)
        with threads(1):
            assert_same_bits(case.run(recurrence, data), expected)

    @pytest.mark.parametrize("count", [1, 2, 3, 7])
    def test_as_many_compute_as_are_asked_for_where_there_is_enough_to_do(self, count):
        case = Case("lstm", texts=90, steps=120, units=64)
        with threads(count):
            assert thread_count() == count
            _, left = case.forward(case.recurrence(), case.data())
        assert len(left.tiles) == count
        assert sorted(np.concatenate(left.tiles)) == list(range(1, 1 + math.ceil(90 / SAMPLES)))

    @pytest.mark.parametrize(
        "how",
        [{}, {"mask": "ids"}, {"backwards": True}, {"mask": "ids", "sequences": True}],
        ids=lambda how: " ".join(how) or "plain",
    )
    def test_many_texts_are_arranged_by_several(self, how):
        """Where most of the embedding's tokens occur, nothing has to be numbered."""
        case = Case("simple_rnn", units=2, features=2, texts=1100, steps=300, **how)
        data, recurrence = case.data(), case.recurrence()
        expected, _ = case.forward(recurrence, data, keep=True)
        for count in (1, 3):
            with threads(count):
                found, _ = case.forward(recurrence, data, keep=False)
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
        data.ids[tuple(np.argwhere(data.ids)[-1])] = NUM_WORDS
        with threads(3), pytest.raises(ValueError, match=f"token id {NUM_WORDS} is not in"):
            case.forward(recurrence, data, keep=False)

    def test_without_a_word_there_is_one_for_each_processor(self, monkeypatch):
        monkeypatch.delenv("SEQCLF_THREADS", raising=False)
        assert 1 <= thread_count() <= os.cpu_count()
        monkeypatch.setenv("SEQCLF_THREADS", "")
        assert 1 <= thread_count() <= os.cpu_count()

    @pytest.mark.parametrize("told", ["0", "-1", "1.5", "two", " ", "1 2"])
    def test_what_is_no_number_of_threads_is_refused(self, told):
        case = Case("gru")
        sentence = f"SEQCLF_THREADS must be a whole number, at least 1, not {told!r}"
        with threads(told), pytest.raises(UsageError, match=re.escape(sentence)):
            case.forward(case.recurrence(), case.data())

    def test_several_callers_may_use_a_layer_at_once(self):
        """A server answers several people with one model."""
        case = Case("simple_rnn", units=2, features=2, texts=200, steps=300)
        recurrence, data = case.recurrence(), case.data()
        random = np.random.default_rng(0)
        table = random.uniform(-1, 1, (2000, 2)).astype(np.float32)
        batches = [
            dataclasses.replace(
                data, table=table, ids=random.integers(1, 2000, (200, 300)).astype(np.int32)
            )
            for _ in range(4)
        ]

        def read(batch):
            return case.forward(recurrence, batch, keep=False)[0]

        expected = [read(batch) for batch in batches]
        with ThreadPoolExecutor(4) as pool:
            for _ in range(200):
                for found, wanted in zip(pool.map(read, batches), expected, strict=True):
                    np.testing.assert_array_equal(found, wanted)

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="no processes are forked here")
    @pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
    def test_a_forked_process_has_threads_of_its_own(self, tmp_path):
        case = Case("lstm", texts=90, steps=120, units=64)
        data = case.data()
        recurrence = case.recurrence()
        with threads(3):
            expected = case.run(recurrence, data)

            def compute():
                found = case.run(recurrence, data)
                np.savez(tmp_path / "found.npz", **vars(dataclasses.replace(found, x=0)))

            child = multiprocessing.get_context("fork").Process(target=compute)
            child.start()
            child.join(60)
            hangs = child.is_alive()
            child.kill()
            child.join()
            assert not hangs
            assert child.exitcode == 0
            with np.load(tmp_path / "found.npz") as file:
                assert_same_bits(Results(**{**file, "x": None}), expected)
            assert_same_bits(case.run(recurrence, data), expected)


class TestWrongIds:
    @pytest.mark.parametrize("wrong", [NUM_WORDS, NUM_WORDS + 5, -1, -(2**31), 2**31 - 1])
    @pytest.mark.parametrize("place", [(0, 0), (5, 8), (2, 4)])
    @pytest.mark.parametrize("backwards", [False, True])
    def test_an_id_that_is_none_of_the_embeddings_is_told(self, wrong, place, backwards):
        case = Case("gru", padding="nowhere", backwards=backwards)
        data = case.data()
        data.ids[place] = wrong
        sentence = f"token id {wrong} is not in [0, {NUM_WORDS})"
        for keep in (True, False):
            with pytest.raises(ValueError, match=re.escape(sentence)):
                case.forward(case.recurrence(), data, keep=keep)

    @pytest.mark.parametrize("mask", ["none", "ids"])
    def test_afterwards_the_layer_reads_on_as_before(self, mask):
        case = Case("lstm", mask=mask, padding="either")
        data, recurrence = case.data(), case.recurrence()
        expected = case.run(recurrence, data)
        bad = dataclasses.replace(data, ids=np.where(data.ids == 3, 99, data.ids))
        bad.ids[:, 4] = -7
        if mask == "ids":
            bad = dataclasses.replace(bad, mask=bad.ids != 0)
        with pytest.raises(ValueError, match="token id"):
            case.forward(recurrence, bad)
        assert_same_bits(case.run(recurrence, data), expected)

    def test_another_embedding_has_other_ids(self):
        case = Case("lstm")
        data, recurrence = case.data(), case.recurrence()
        case.forward(recurrence, data, keep=False)
        fewer = dataclasses.replace(data, table=data.table[:4])
        with pytest.raises(ValueError, match=re.escape("is not in [0, 4)")):
            case.forward(recurrence, fewer, keep=False)
        assert_same_bits(case.run(recurrence, data), case.run(case.recurrence(), data))

"""`--bucket`: batches of similar lengths, each padded to its own longest text."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import seqclf
from seqclf.contracts import Ragged, RunConfig, Split
from seqclf.encoding.padding import Padding
from seqclf.errors import SeqclfError
from seqclf.kernels.choosing import unavailable
from seqclf.runs.history import read_history
from seqclf.task import Task
from seqclf.training.batches import Batches, feed
from seqclf.training.buckets import MULTIPLE, POOL, bucketed_order, padded_length
from seqclf.training.opening import build_for

LENGTHS = st.lists(st.integers(0, 60), min_size=1, max_size=400).map(np.array)
SEEDS = st.integers(0, 2**32 - 1)
KERNELS = ["keras", *(["fused"] if unavailable() == "" else [])]


def batched(lengths, order, size):
    """Cut ordered lengths into whole batches, and what is left over."""
    whole = len(order) // size * size
    return lengths[order[:whole]].reshape(-1, size), lengths[order[whole:]]


class TestOrder:
    @given(lengths=LENGTHS, size=st.integers(1, 40), seed=SEEDS, epoch=st.integers(0, 99))
    def test_every_example_comes_once_and_a_seed_repeats(self, lengths, size, seed, epoch):
        order = bucketed_order(lengths, size, seed, epoch)
        assert sorted(order.tolist()) == list(range(len(lengths)))
        assert order.tolist() == bucketed_order(lengths, size, seed, epoch).tolist()

    @given(lengths=LENGTHS, size=st.integers(2, 40), seed=SEEDS)
    def test_batches_are_closer_in_length_than_those_of_the_permutation(self, lengths, size, seed):
        plain = np.random.default_rng([seed, 0]).permutation(len(lengths))
        usual, usual_rest = batched(lengths, plain, size)
        bucketed, rest = batched(lengths, bucketed_order(lengths, size, seed, 0), size)
        assert bucketed.max(axis=1).sum() <= usual.max(axis=1).sum()
        assert rest.tolist() == usual_rest.tolist()
        spread = np.sort(bucketed[:, [0, -1]], axis=0)
        assert (spread[:, 0] <= spread[:, 1]).all()

    @given(seed=SEEDS)
    def test_each_epoch_has_batches_of_its_own(self, seed):
        lengths = np.random.default_rng(0).integers(1, 90, 500)
        orders = [bucketed_order(lengths, 16, seed, epoch) for epoch in range(3)]
        assert orders[0].tolist() != orders[1].tolist() != orders[2].tolist()
        together = [set(map(frozenset, order[:496].reshape(-1, 16).tolist())) for order in orders]
        assert together[0] != together[1]

    def test_short_batches_do_not_come_first(self):
        lengths = np.arange(64 * 8)
        firsts = {int(lengths[bucketed_order(lengths, 8, 1, e)][0]) for e in range(20)}
        assert max(firsts) > 300

    def test_pools_keep_batches_from_being_the_same_every_epoch(self):
        size = 4
        lengths = np.arange(POOL * size * 3)
        batches, _ = batched(lengths, bucketed_order(lengths, size, 1, 0), size)
        # Three pools share all lengths, so that a batch spans about three times its size.
        assert np.median(np.ptp(batches, axis=1)) > size


class TestPadding:
    @given(
        rows=st.lists(st.lists(st.integers(1, 9), max_size=50), min_size=1, max_size=12),
        size=st.integers(1, 5),
        maxlen=st.integers(1, 45),
        sides=st.tuples(st.sampled_from(["pre", "post"]), st.sampled_from(["pre", "post"])),
    )
    def test_a_batch_is_the_usual_one_without_steps_that_are_padding(
        self, rows, size, maxlen, sides
    ):
        split = Split(np.arange(len(rows)), ids=Ragged.from_lists(rows))
        padding = Padding(maxlen, *sides)
        batches = Batches(split, padding=padding, batch_size=size, seed=3, bucket=True)
        batches.begin_epoch(0)
        seen = []
        for ids, numbers in batches:
            lengths = [min(len(rows[number]), maxlen) for number in numbers]
            steps = ids.shape[1]
            assert max(1, *lengths) <= steps <= maxlen
            assert steps == maxlen or steps % MULTIPLE == 0
            assert steps - max(lengths) <= MULTIPLE
            usual = padding(split.ids.take(numbers))
            kept = usual[:, maxlen - steps :] if sides[0] == "pre" else usual[:, :steps]
            assert ids.tolist() == kept.tolist()
            assert np.count_nonzero(usual) == np.count_nonzero(ids)
            seen += numbers.tolist()
        assert sorted(seen) == list(range(len(rows)))

    @pytest.mark.parametrize(
        ("lengths", "maxlen", "steps"),
        [([3, 5], 100, 16), ([16], 100, 16), ([17], 100, 32), ([0], 100, 16), ([99], 90, 90)],
    )
    def test_there_are_few_lengths(self, lengths, maxlen, steps):
        assert padded_length(np.array(lengths), maxlen) == steps

    def test_series_and_weights_come_along(self):
        lengths = np.array([3, 20, 4, 18])
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        values = np.arange(2 * lengths.sum(), dtype=np.float32).reshape(-1, 2)
        split = Split(np.arange(4), series=Ragged(values, offsets), weights=np.arange(4.0))
        batches = Batches(split, padding=Padding(30), batch_size=2, seed=1, bucket=True)
        batches.begin_epoch(0)
        found = {tuple(sorted(labels)): x.shape for x, labels, _ in batches}
        assert found == {(0, 2): (2, 16, 2), (1, 3): (2, 30, 2)}
        assert all((labels == weights).all() for _, labels, weights in batches)

    def test_without_it_batches_are_as_they_were(self):
        split = Split(np.arange(3), ids=Ragged.from_lists([[1], [2, 2], [3]]))
        batches = Batches(split, padding=Padding(40), batch_size=2, seed=1)
        batches.begin_epoch(0)
        assert [ids.shape for ids, _ in batches] == [(2, 40), (1, 40)]


@pytest.mark.train
def test_all_lengths_share_one_graph():
    traced = []

    class Noting(keras.layers.Layer):
        def call(self, x):
            traced.append(x.shape)
            return x

    random = np.random.default_rng(1)
    rows = [[1] * int(n) for n in random.integers(1, 200, 256)]
    split = Split(np.arange(256) % 2, ids=Ragged.from_lists(rows))
    batches = Batches(split, padding=Padding(200), batch_size=16, seed=1, bucket=True)
    batches.begin_epoch(0)
    assert len({ids.shape[1] for ids, _ in batches}) > 5
    inside = [keras.layers.Embedding(4, 2), Noting(), keras.layers.GRU(2)]
    model = keras.Sequential([*inside, keras.layers.Dense(1)])
    model.build((None, None))
    model.compile("sgd", "mse")
    before = len(traced)
    model.fit(feed(batches), epochs=2, verbose=0, shuffle=False)
    assert [tuple(shape) for shape in traced[before:]] == [(None, None, 2)]


def task(maxlen=40):
    return Task("binary", ("no", "yes"), num_words=9, maxlen=maxlen)


CONFIG = RunConfig("reviews", arch="mine", bucket=True)


def fixed_input(task):
    """Say the length itself."""
    reading = [keras.layers.Embedding(9, 2), keras.layers.GRU(2)]
    return keras.Sequential([keras.Input((task.maxlen,)), *reading, keras.layers.Dense(1)])


def flattened(task):
    """Have weights for each step."""
    return keras.Sequential(
        [keras.layers.Embedding(9, 2), keras.layers.Flatten(), keras.layers.Dense(1)]
    )


def wide(task):
    """Look at twenty steps at a time."""
    return keras.Sequential(
        [
            keras.layers.Embedding(9, 2),
            keras.layers.Conv1D(2, 20),
            keras.layers.GlobalMaxPooling1D(),
            keras.layers.Dense(1),
        ]
    )


class TestOpening:
    @pytest.mark.parametrize("build", [fixed_input, flattened, wide])
    def test_a_network_for_one_length_is_refused(self, build):
        architecture = seqclf.architecture("mine", summary="for tests")(build)
        assert build_for(architecture, task(), RunConfig("reviews")).count_params()
        with pytest.raises(SeqclfError) as found:
            build_for(architecture, task(), CONFIG)
        assert str(found.value) == (
            "architecture 'mine' takes texts of one length only, but --bucket makes batches of "
            "several; leave --bucket out"
        )

    def test_what_is_wrong_anyway_is_told(self):
        def broken(task):
            raise ValueError("no such thing")

        architecture = seqclf.architecture("mine", summary="for tests")(broken)
        with pytest.raises(SeqclfError, match="could not be built: ValueError: no such thing"):
            build_for(architecture, task(), CONFIG)

    def test_others_are_open_and_begin_with_the_same_weights(self):
        from seqclf.architectures.lstm import lstm

        models = []
        for config in (RunConfig("reviews"), CONFIG):
            keras.utils.set_random_seed(1)
            params = lstm.check_options({"units": 3, "dropout": 0.3})
            models.append(
                build_for(lstm, task(), RunConfig("r", params=params, bucket=config.bucket))
            )
        assert [model.input_shape for model in models] == [(None, 40), (None, None)]
        for one, other in zip(*(model.variables for model in models), strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.fixture
def texts():
    """Write texts of one to ninety words, in which one word tells the class."""
    random = np.random.default_rng(2)
    lines = ["text,label"]
    for number in range(240):
        words = random.choice(["red", "blue", "soft", "loud"], int(random.integers(1, 90)))
        words[int(random.integers(len(words)))] = ["apple", "bread"][number % 2]
        lines.append(f"{' '.join(words)},{['a', 'b'][number % 2]}")
    Path("texts.csv").write_text("\n".join(lines) + "\n")


RUN = ["run", "texts.csv", "--arch", "gru", "-p", "units=4", "--maxlen", "80", "--seed", "1"]
RUN += ["--epochs", "2", "--batch-size", "16"]


@pytest.mark.train
class TestRun:
    @pytest.mark.parametrize("kernel", KERNELS)
    def test_a_run_trains_repeats_and_predicts(self, command, texts, kernel):
        run = [*RUN, "--kernel", kernel]
        status, _, err = command(*run, "--bucket", "--name", "bucketed")
        assert status == 0, err
        assert "bucket true (flag)" in err
        config = Path("runs/bucketed/config.toml")
        assert "bucket = true" in config.read_text()
        assert command("run", "--config", config, "--name", "again")[0] == 0
        assert command(*run, "--no-bucket", "--name", "plain")[0] == 0
        names = ("bucketed", "again", "plain")
        bucketed, again, plain = (read_history(Path(f"runs/{n}/history.csv"), 2) for n in names)
        assert dict(bucketed) == dict(again)
        assert bucketed["loss"] != plain["loss"]
        assert seqclf.load_run("runs/bucketed").model.input_shape == (None, None)
        assert command("predict", "bucketed", "red apple")[0] == 0
        status, out, _ = command("evaluate", "bucketed", "--json")
        told = json.loads(Path("runs/bucketed/metrics.json").read_text())["test"]
        assert json.loads(out)["accuracy"] == told["accuracy"]

    def test_a_network_for_one_length_is_refused_before_a_run_is_made(self, command, texts):
        Path("mine.py").write_text(
            "import seqclf\n"
            "@seqclf.architecture('fixed', summary='s')\n"
            "def fixed(task):\n"
            "    import keras\n"
            "    layers = [keras.layers.Embedding(task.num_words, 2), keras.layers.Flatten()]\n"
            "    return keras.Sequential([*layers, keras.layers.Dense(1, 'sigmoid')])\n"
            "@seqclf.hookimpl\n"
            "def seqclf_architectures():\n"
            "    return [fixed]\n"
        )
        fixed = ["run", "texts.csv", "--arch", "fixed", "--plugin", "mine.py", "--bucket"]
        status, out, err = command(*fixed)
        assert (status, out) == (1, "")
        assert err.endswith("--bucket makes batches of several; leave --bucket out\n")
        assert not Path("runs").exists()

    def test_scripts_are_refused(self, command, texts):
        status, out, err = command("code", "texts.csv", "--bucket")
        assert (status, out) == (1, "")
        assert "scripts do not make batches of similar lengths, which --bucket asks for" in err

    @pytest.mark.skipif(find_spec("sklearn") is None, reason="scikit-learn is not installed")
    def test_the_estimator_has_it_too(self):
        settings = {"params": {"units": 2}, "maxlen": 20, "epochs": 1, "random_state": 1}
        classifier = seqclf.SequenceClassifier("gru", bucket=True, **settings)
        classifier.fit(["good " * n for n in range(1, 21)], [0, 1] * 10)
        assert classifier.model_.input_shape == (None, None)
        assert classifier.config_.bucket

    @pytest.mark.long
    @pytest.mark.parametrize("backend", ["jax", "torch"])
    def test_other_backends_train_so_too(self, texts, backend):
        if find_spec(backend) is None:
            pytest.skip(f"{backend} is not installed")
        done = subprocess.run(
            [sys.executable, "-m", "seqclf", *RUN, "--bucket", "--name", "other"],
            env={**os.environ, "KERAS_BACKEND": backend},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert f"kernel: keras (Keras runs on {backend})" in done.stderr

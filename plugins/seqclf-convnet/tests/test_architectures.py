"""The architectures: every kind of task, every option, lengths, padding, seeds, plain layers."""

import dataclasses

import keras
import numpy as np
import pytest
import seqclf
from conftest import WORDS
from seqclf.errors import UsageError
from seqclf.training.build import build

from seqclf_convnet.parallel import convnet
from seqclf_convnet.stacked import convnet_stacked, least_length

BOTH = {"convnet": convnet, "convnet_stacked": convnet_stacked}
SMALL = {"filters": 4, "embedding_dim": 4}


def task(kind="binary", classes=2, maxlen=30):
    return seqclf.Task(kind, tuple("abcde"[:classes]), 20, maxlen)


def built(name, what=None, seed=1, **given):
    keras.utils.set_random_seed(seed)
    plan = BOTH[name]
    return build(plan, what or task(), plan.check_options({**SMALL, **given}))


def outputs(model, rows):
    """Compute without a graph, whose making takes longer than all of a small network's work."""
    return np.asarray(model(rows, training=False))


def ids(length=30, pad=0, count=4):
    rows = np.random.default_rng(0).integers(1, 20, (count, length))
    rows[:, :pad] = 0
    return rows.astype("int32")


@pytest.mark.parametrize(
    ("name", "imdb", "reviews"),
    [("convnet", 359_001, 103_001), ("convnet_stacked", 330_337, 74_337)],
)
def test_the_readmes_parameter_counts(name, imdb, reviews):
    plan = BOTH[name]
    for parameters, words, maxlen in ((imdb, 10_000, 500), (reviews, 2_000, 50)):
        what = seqclf.Task("binary", ("no", "yes"), words, maxlen)
        assert build(plan, what, plan.check_options({})).count_params() == parameters


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize(
    ("kind", "classes", "units", "activation"),
    [
        ("binary", 2, 1, "sigmoid"),
        ("multiclass", 5, 5, "softmax"),
        ("multilabel", 3, 3, "sigmoid"),
    ],
)
def test_every_kind_of_task_has_its_output(name, kind, classes, units, activation):
    model = built(name, task(kind, classes))
    assert model.output_shape == (None, units)
    assert model.layers[-1].get_config()["activation"] == activation
    probabilities = outputs(model, ids())
    assert ((probabilities > 0) & (probabilities < 1)).all()
    if activation == "softmax":
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


CHANGES = {
    "convnet": {
        "embedding_dim": 5,
        "filters": 3,
        "widths": "2",
        "padding": "same",
        "dropout": 0.0,
        "spatial_dropout": 0.3,
        "dense_units": 6,
    },
    "convnet_stacked": {
        "embedding_dim": 5,
        "filters": 3,
        "width": 3,
        "layers": 1,
        "pool": 2,
        "dropout": 0.0,
    },
}
EVERY = [(name, option) for name, changes in CHANGES.items() for option in changes]


def test_every_option_is_tried():
    for name, plan in BOTH.items():
        assert CHANGES[name].keys() == {option.name for option in plan.options}


@pytest.mark.parametrize(("name", "option"), EVERY)
def test_every_option_changes_the_network(name, option):
    usual, changed = built(name), built(name, **{option: CHANGES[name][option]})
    assert changed.to_json() != usual.to_json()
    assert np.isfinite(outputs(changed, ids())).all()


def test_the_convolution_and_its_maximum_are_what_numpy_computes():
    model = built("convnet", widths="2,3")
    embedding, *kernels, output, shift = model.get_weights()
    row = ids(count=1)[0]
    vectors = embedding[row]
    found = []
    for kernel, bias in zip(kernels[::2], kernels[1::2], strict=True):
        windows = np.lib.stride_tricks.sliding_window_view(vectors, len(kernel), axis=0)
        found.append(np.maximum(np.einsum("sfw,wfo->so", windows, kernel) + bias, 0).max(axis=0))
    expected = 1 / (1 + np.exp(-(np.concatenate(found) @ output + shift)))
    np.testing.assert_allclose(outputs(model, row[None])[0], expected, rtol=1e-5)


def test_words_out_of_a_window_do_not_meet():
    """Of width 1 alone, the order of the words cannot matter; of width 2 it does."""
    row = ids(count=1)
    for widths, alike in (("1", True), ("2", False)):
        model = built("convnet", widths=widths)
        one, turned = (outputs(model, rows) for rows in (row, row[:, ::-1]))
        assert np.allclose(one, turned, rtol=1e-5, atol=0) == alike


@pytest.mark.parametrize("name", BOTH)
def test_any_length_that_is_enough_will_do(name):
    least = 5 if name == "convnet" else least_length(width=5, layers=2, pool=3)
    for maxlen in (least, least + 1, 61):
        model = built(name, task(maxlen=maxlen))
        assert np.isfinite(outputs(model, ids(maxlen))).all()
    with pytest.raises(UsageError, match=f"--maxlen is {least - 1}; raise --maxlen"):
        built(name, task(maxlen=least - 1))


@pytest.mark.parametrize(("width", "layers", "pool"), [(1, 1, 1), (3, 2, 2), (2, 3, 4), (5, 3, 3)])
def test_the_least_length_is_the_least(width, layers, pool):
    """With it the last layer has one window to see; with a step less it has none."""
    given = {"width": width, "layers": layers, "pool": pool}
    least = least_length(**given)
    assert built("convnet_stacked", task(maxlen=least), **given).built
    for maxlen, windows in ((least, 1), (least - 1, 0)):
        steps = maxlen - width + 1
        for _ in range(layers - 1):
            steps = steps // pool - width + 1
        assert steps == windows


def test_windows_may_stand_out_with_padding_same():
    model = built("convnet", task(maxlen=1), padding="same")
    assert np.isfinite(outputs(model, ids(1))).all()


def test_padding_counts_but_more_of_it_does_not():
    """Once a window is all padding, further ones of its kind cannot raise a maximum."""
    short, long = built("convnet", task(maxlen=30)), built("convnet", task(maxlen=60))
    long.set_weights(short.get_weights())
    whole, padded = ids(), ids(pad=10)
    for rows in (whole, padded):
        more = np.pad(rows, ((0, 0), (30, 0)))
        same = np.allclose(outputs(long, more), outputs(short, rows), rtol=1e-6, atol=0)
        assert same == (rows is padded)


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("freeze", [False, True])
def test_they_start_from_pretrained_vectors(name, freeze):
    vectors = np.random.default_rng(1).normal(size=(20, 6)).astype("float32")
    what = dataclasses.replace(task(), vectors=vectors, freeze=freeze)
    model = built(name, what, embedding_dim=6)
    embedding = next(layer for layer in model.layers if type(layer).__name__ == "Embedding")
    np.testing.assert_array_equal(embedding.get_weights()[0], vectors)
    assert embedding.trainable == (not freeze)


@pytest.mark.parametrize("name", BOTH)
def test_a_series_of_numbers_is_read_without_an_embedding(name):
    what = seqclf.Task("multiclass", ("a", "b", "c"), 0, 30, features=2)
    model = built(name, what)
    assert model.input_shape == (None, 30, 2)
    assert "Embedding" not in {type(layer).__name__ for layer in model.layers}
    rows = np.random.default_rng(0).normal(size=(4, 30, 2)).astype("float32")
    assert not np.allclose(outputs(model, rows), outputs(model, rows[:, ::-1]))


@pytest.mark.parametrize("name", BOTH)
def test_all_layers_are_keras_own_and_it_is_saved_and_loaded(name, tmp_path):
    model = built(name)
    assert {type(layer).__module__.partition(".")[0] for layer in model.layers} == {"keras"}
    model.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(outputs(again, ids()), outputs(model, ids()))


def test_seqclf_knows_the_options_from_the_docstring(cli):
    status, out, err = cli("archs", "convnet")
    assert (status, err) == (0, "")
    assert "seqclf-convnet" in out
    assert "how many words the filters see at a time, by comma" in " ".join(out.split())


@pytest.mark.parametrize(
    ("arch", "given", "sentence"),
    [
        ("convnet", ["filters=0"], "-p filters must be a whole number, at least 1, not '0'"),
        ("convnet", ["padding=some"], "-p padding must be one of valid, same, not 'some'"),
        ("convnet", ["dropout=1"], "-p dropout must be a number, from 0 to below 1, not '1'"),
        ("convnet", ["width=3"], "did you mean 'widths'?"),
        ("convnet", ["widths=3,x"], "-p widths must be whole numbers from 1, such as 3,4,5"),
        ("convnet", ["widths=0"], "-p widths must be whole numbers from 1, such as 3,4,5"),
        ("convnet", ["widths="], "-p widths must be whole numbers from 1, such as 3,4,5"),
        (
            "convnet",
            ["widths=3,40"],
            "-p widths=3,40 has a window of 40 words, but --maxlen is 9; raise --maxlen, "
            "take narrower windows, or -p padding=same",
        ),
        (
            "convnet_stacked",
            ["width=3", "layers=3"],
            "these layers need texts of 35 words, but --maxlen is 9; raise --maxlen, or lower",
        ),
    ],
)
def test_a_wrong_option_is_one_sentence(cli, arch, given, sentence, tmp_path):
    options = [word for pair in given for word in ("-p", pair)]
    status, out, err = cli("run", "marks", "--arch", arch, "--plugin", WORDS, "--quiet", *options)
    assert (status, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
    assert not list(tmp_path.glob("runs/*"))

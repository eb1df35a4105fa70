"""The architecture: every kind of task, every option, masks, seeds, the command line."""

import dataclasses

import keras
import numpy as np
import pytest
import seqclf
from conftest import WORDS
from seqclf.training.build import build

from seqclf_attention.architecture import attention

TASKS = {
    "binary": seqclf.Task("binary", ("no", "yes"), 20, 7),
    "multiclass": seqclf.Task("multiclass", ("a", "b", "c", "d", "e"), 20, 7),
    "multilabel": seqclf.Task("multilabel", ("a", "b", "c"), 20, 7),
}
SMALL = {"units": 4, "embedding_dim": 4, "attention_units": 3}


def built(task="binary", seed=1, **given):
    keras.utils.set_random_seed(seed)
    task = TASKS.get(task, task)
    return build(attention, task, attention.check_options({**SMALL, **given}))


def outputs(model, rows):
    """Compute without a graph, whose making takes longer than all of a small network's work."""
    return np.asarray(model(rows, training=False))


def ids(length=7, pad=0, count=4):
    rows = np.random.default_rng(0).integers(1, 20, (count, length))
    rows[:, :pad] = 0
    return rows.astype("int32")


def test_the_readmes_parameter_counts():
    task = seqclf.Task("binary", ("no", "yes"), 10_000, 500)
    assert build(attention, task, attention.check_options({})).count_params() == 338_817
    task = seqclf.Task("binary", ("no", "yes"), 2_000, 50)
    assert build(attention, task, attention.check_options({})).count_params() == 82_817


@pytest.mark.parametrize(
    ("task", "activation"),
    [("binary", "sigmoid"), ("multiclass", "softmax"), ("multilabel", "sigmoid")],
)
def test_every_kind_of_task_has_its_output(task, activation):
    model = built(task)
    assert model.output_shape == (None, TASKS[task].units)
    assert model.layers[-1].get_config()["activation"] == activation
    probabilities = outputs(model, ids())
    assert ((probabilities > 0) & (probabilities < 1)).all()
    if activation == "softmax":
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)


@pytest.mark.parametrize("maxlen", [1, 2, 50])
def test_any_maxlen_will_do(maxlen):
    model = built(seqclf.Task("binary", ("no", "yes"), 20, maxlen))
    assert np.isfinite(outputs(model, ids(maxlen))).all()


CHANGES = {
    "embedding_dim": 5,
    "units": 7,
    "layers": 2,
    "cell": "gru",
    "bidirectional": False,
    "attention_units": 9,
    "dropout": 0.3,
    "spatial_dropout": 0.3,
    "recurrent_dropout": 0.3,
    "dense_units": 6,
    "mask_zero": False,
}


def test_every_option_is_tried():
    assert CHANGES.keys() == {option.name for option in attention.options}


@pytest.mark.parametrize("option", CHANGES)
def test_every_option_changes_the_network(option):
    usual, changed = built(), built(**{option: CHANGES[option]})
    assert changed.to_json() != usual.to_json()
    assert np.isfinite(outputs(changed, ids())).all()


@pytest.mark.parametrize(("cell", "bidirectional"), [("lstm", True), ("gru", False)])
def test_padding_in_front_changes_nothing(cell, bidirectional):
    given = {"cell": cell, "bidirectional": bidirectional, "layers": 2}
    short = built(**given)
    long = built(seqclf.Task("binary", ("no", "yes"), 20, 19), **given)
    long.set_weights(short.get_weights())
    rows = ids()
    padded = np.pad(rows, ((0, 0), (12, 0)))
    np.testing.assert_allclose(outputs(long, padded), outputs(short, rows), rtol=1e-5)
    weights = keras.Model(long.inputs[0], long.get_layer("attention").output)
    given = outputs(weights, padded)
    assert (given[:, :12] == 0).all()
    np.testing.assert_allclose(given.sum(axis=1), 1, rtol=1e-5)


def test_without_the_mask_padding_has_weight():
    model = built(mask_zero=False)
    weights = keras.Model(model.inputs[0], model.get_layer("attention").output)
    assert (outputs(weights, ids(pad=3))[:, :3] > 0).all()


def test_a_text_that_is_all_padding_has_a_probability():
    assert np.isfinite(built().predict(ids(pad=7), verbose=0)).all()


@pytest.mark.parametrize("freeze", [False, True])
def test_it_starts_from_pretrained_vectors(freeze):
    vectors = np.random.default_rng(1).normal(size=(20, 6)).astype("float32")
    task = dataclasses.replace(TASKS["binary"], vectors=vectors, freeze=freeze)
    model = built(task, embedding_dim=6)
    embedding = next(layer for layer in model.layers if type(layer).__name__ == "Embedding")
    np.testing.assert_array_equal(embedding.get_weights()[0], vectors)
    assert embedding.trainable == (not freeze)


def test_a_series_has_weights_for_its_steps_and_none_for_padding():
    """Steps of zeros are padding: of a series, too, more of it changes nothing."""
    short = built(seqclf.Task("binary", ("no", "yes"), 0, 7, features=3))
    long = built(seqclf.Task("binary", ("no", "yes"), 0, 19, features=3))
    long.set_weights(short.get_weights())
    assert "Embedding" not in {type(layer).__name__ for layer in short.layers}
    rows = np.random.default_rng(0).normal(size=(4, 7, 3)).astype("float32")
    padded = np.pad(rows, ((0, 0), (12, 0), (0, 0)))
    np.testing.assert_allclose(outputs(long, padded), outputs(short, rows), rtol=1e-5)
    weights = keras.Model(long.inputs[0], long.get_layer("attention").output)
    assert (outputs(weights, padded)[:, :12] == 0).all()


def test_seqclf_knows_it_and_its_options_from_the_docstring(cli):
    status, out, err = cli("archs", "attention")
    assert (status, err) == (0, "")
    assert "seqclf-attention" in out
    for option, words in {"cell": "what the recurrent layers are made of", "units": ""}.items():
        assert option in out
        assert words in " ".join(out.split())


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("units=0", "-p units must be a whole number, at least 1, not '0'"),
        ("dropout=1", "-p dropout must be a number, from 0 to below 1, not '1'"),
        ("cell=rnn", "-p cell must be one of lstm, gru, not 'rnn'"),
        ("bidirectional=both", "-p bidirectional must be true or false, not 'both'"),
        ("atention_units=3", "did you mean 'attention_units'?"),
    ],
)
def test_a_wrong_option_is_one_sentence(cli, given, sentence, tmp_path):
    status, out, err = cli("run", "marks", "--arch", "attention", "--plugin", WORDS, "-p", given)
    assert (status, out) == (2, "")
    assert sentence in err
    assert not (tmp_path / "runs").exists()

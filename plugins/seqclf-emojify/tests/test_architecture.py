"""The network: its layers, its vectors, and what it says of them."""

import dataclasses
import gzip

import numpy as np
import pytest
import seqclf
from seqclf.errors import UsageError

from seqclf_emojify.architecture import emojify
from seqclf_emojify.dataset import LABELS

WORDS = ("", "", "", "", "love", "ball", "zyx", "")


@pytest.fixture
def task():
    return seqclf.Task("multiclass", LABELS, num_words=8, maxlen=6, words=WORDS)


@pytest.fixture
def vectors(tmp_path):
    path = tmp_path / "vectors.txt.gz"
    path.write_bytes(gzip.compress(b"the 1 1 1\nball 1 2 3\nlove 4 5 6\n"))
    return path


def weights(model):
    model.build((None, 6))
    return model.layers[0].get_weights()[0]


def test_the_layers_are_those_of_the_exercise(task):
    model = emojify(task)
    model.build((None, 6))
    assert [type(layer).__name__ for layer in model.layers] == [
        *("Embedding", "LSTM", "Dropout", "LSTM", "Dropout", "Dense")
    ]
    _, first, dropout, second, _, dense = model.layers
    assert (first.units, first.return_sequences) == (128, True)
    assert (second.units, second.return_sequences) == (128, False)
    assert (dropout.rate, dense.activation.__name__) == (0.5, "softmax")
    assert weights(model).shape == (8, 50)
    assert model.layers[0].trainable


def test_options_reach_the_layers(task):
    model = emojify(task, units=3, dropout=0.1, embedding_dim=7, trainable=False)
    assert weights(model).shape == (8, 7)
    assert not model.layers[0].trainable
    assert [layer.units for layer in model.layers[1::2]][:2] == [3, 3]
    assert [layer.rate for layer in model.layers[2::2]] == [0.1, 0.1]


def test_vectors_stand_at_their_words_ids_and_stay(task, vectors):
    notes = []
    told = dataclasses.replace(task, note=notes.append)
    model = emojify(told, units=3, vectors=str(vectors))
    expected = np.zeros((8, 3))
    expected[4], expected[5] = [4, 5, 6], [1, 2, 3]
    assert weights(model).tolist() == expected.tolist()
    assert not model.layers[0].trainable
    (note,) = notes
    assert note.startswith(f"{vectors}: 3 numbers a word; 2 of 3 words found (66.7 %); the others")


def test_vectors_may_be_trained_on(task, vectors):
    assert emojify(task, units=3, vectors=str(vectors), trainable=True).layers[0].trainable


@pytest.mark.parametrize("freeze", [False, True])
def test_vectors_may_be_seqclfs_own(task, vectors, freeze):
    matrix = np.arange(24, dtype=np.float32).reshape(8, 3)
    given = dataclasses.replace(task, vectors=matrix, freeze=freeze)
    model = emojify(given, units=3)
    assert weights(model).tolist() == matrix.tolist()
    assert model.layers[0].trainable == (not freeze)
    assert emojify(given, units=3, trainable=freeze).layers[0].trainable == freeze
    with pytest.raises(UsageError, match="--vectors and -p vectors both name a file"):
        emojify(given, units=3, vectors=str(vectors))


def test_a_series_of_numbers_goes_to_the_lstm_as_it_is(task):
    model = emojify(dataclasses.replace(task, features=2), units=3, trainable=False)
    model.build((None, 6, 2))
    assert type(model.layers[0]).__name__ == "LSTM"
    assert model.layers[0].trainable


def test_the_models_description_does_not_hold_the_vectors(task, vectors):
    model = emojify(task, units=3, vectors=str(vectors))
    model.build((None, 6))
    assert len(model.to_json()) < 10_000
    assert "weights" not in model.layers[0].get_config()


def test_another_length_than_the_vectors_is_an_error(task, vectors):
    assert weights(emojify(task, units=3, vectors=str(vectors), embedding_dim=3)).shape == (8, 3)
    with pytest.raises(UsageError, match=r"-p embedding_dim is 4, but .* have the length 3"):
        emojify(task, vectors=str(vectors), embedding_dim=4)


def test_a_dataset_without_words_cannot_have_vectors(vectors):
    task = seqclf.Task("multiclass", LABELS, num_words=8, maxlen=6)
    with pytest.raises(UsageError, match="needs the words of the token ids"):
        emojify(task, vectors=str(vectors))


def test_vectors_for_none_of_the_words_are_an_error(task, tmp_path):
    path = tmp_path / "other.txt"
    path.write_text("Kugel 1 2\nLiebe 3 4\n")
    with pytest.raises(UsageError, match="has a vector for none of the 3 words"):
        emojify(task, vectors=str(path))

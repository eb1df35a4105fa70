"""Padding and the word encoder, against Keras and hand-made examples."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqclf.contracts import Encoder, Ragged, RunConfig, Split, Splits
from seqclf.encoding.encode import encode_splits, hold_out
from seqclf.encoding.padding import pad
from seqclf.encoding.words import WordEncoder, split_words
from seqclf.errors import DataError, RunError

sequences = st.lists(st.lists(st.integers(1, 9), max_size=12), max_size=8)
sides = st.sampled_from(["pre", "post"])


def pad_by_hand(rows, maxlen, padding, truncating):
    padded = []
    for row in rows:
        kept = row[:maxlen] if truncating == "post" else row[max(0, len(row) - maxlen) :]
        zeros = [0] * (maxlen - len(kept))
        padded.append(zeros + kept if padding == "pre" else kept + zeros)
    return padded


@given(sequences, st.integers(1, 10), sides, sides)
def test_pad_does_what_the_words_say(rows, maxlen, padding, truncating):
    padded = pad(Ragged.from_lists(rows), maxlen, padding=padding, truncating=truncating)
    assert padded.dtype == np.int32
    assert padded.shape == (len(rows), maxlen)
    assert padded.tolist() == pad_by_hand(rows, maxlen, padding, truncating)


@given(sequences.filter(len), st.data())
def test_ragged_rows_and_take_are_those_of_a_list(rows, data):
    ragged = Ragged.from_lists(rows)
    start = data.draw(st.integers(0, len(rows)))
    stop = data.draw(st.integers(start, len(rows)))
    chosen = data.draw(st.lists(st.integers(0, len(rows) - 1)))
    assert [row.tolist() for row in ragged] == rows
    assert [row.tolist() for row in ragged.rows(start, stop)] == rows[start:stop]
    taken = ragged.take(np.array(chosen, int))
    assert [row.tolist() for row in taken] == [rows[index] for index in chosen]
    padded = pad(ragged.rows(start, stop), 4)
    assert padded.tolist() == pad_by_hand(rows[start:stop], 4, "pre", "pre")


def test_a_ragged_array_ends():
    with pytest.raises(IndexError):
        Ragged.from_lists([[1]])[1]


TEXTS = ["the film was good", "the film was not good", "The END."]


def test_words_are_ranked_by_frequency_and_offset_as_in_imdb():
    encoder = WordEncoder.fit(TEXTS, num_words=100)
    assert encoder.words == ("the", "film", "was", "good", "not", "end")
    assert encoder.encode(["The film!", "", "An unseen film"])[0].tolist() == [1, 4, 5]
    assert encoder.encode([""])[0].tolist() == [1]
    assert encoder.encode(["An unseen film"])[0].tolist() == [1, 2, 2, 5]


def test_num_words_and_skip_top_make_words_unknown():
    encoder = WordEncoder.fit(TEXTS, num_words=7, skip_top=5)
    # "the" has id 4 and is skipped; ids from 7 on are cut; the start mark 1 is below 5, too.
    assert encoder.encode(["the film was good"])[0].tolist() == [2, 2, 5, 6, 2]


def test_unknown_words_can_be_dropped_and_the_start_left_out():
    encoder = WordEncoder(["a", "b"], num_words=10, start_char=None, oov_char=None, index_from=0)
    assert encoder.encode(["a x b", "x"])[0].tolist() == [1, 2]
    assert encoder.encode(["x"])[0].tolist() == []


def test_words_never_listed_can_be_dropped_while_rare_ones_stay_unknown():
    encoder = WordEncoder(["the", "film", "rare"], num_words=6, drop_unlisted=True)
    assert encoder.encode(["The rare unlisted film"])[0].tolist() == [1, 4, 2, 5]
    assert encoder.encode(["unlisted"])[0].tolist() == [1]


@given(st.lists(st.text(max_size=40), max_size=6), st.integers(5, 40), st.integers(0, 4))
def test_an_encoder_survives_json(texts, num_words, skip_top):
    encoder = WordEncoder.fit(texts, num_words=num_words, skip_top=skip_top)
    assert isinstance(encoder, Encoder)
    again = WordEncoder.from_dict(json.loads(json.dumps(encoder.to_dict())))
    first, second = encoder.encode(texts), again.encode(texts)
    assert len(first) == len(texts)
    assert first.values.tolist() == second.values.tolist()
    assert first.offsets.tolist() == second.offsets.tolist()
    assert all(0 < token < num_words for token in first.values)


def test_an_incomplete_description_is_one_sentence():
    with pytest.raises(RunError, match="incomplete"):
        WordEncoder.from_dict({"num_words": 10})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Well-made; don't miss it!", ["well", "made", "don't", "miss", "it"]),
        ("one<br /><br />two\n\tthree", ["one", "br", "br", "two", "three"]),
        ("  \n ", []),
        ("ÉTÉ naïve", ["été", "naïve"]),
    ],
)
def test_split_words(text, words):
    assert split_words(text) == words


def splits(count=10, **more):
    texts = [f"text number {index}" for index in range(count)]
    labels = np.arange(count) % 2
    return Splits(Split(labels, texts), test=Split(labels[:4], texts[:4]), **more)


def encode(data, **settings):
    config = RunConfig("x", **settings)
    return encode_splits(data, config, "binary", 2, encoder_class=WordEncoder)


@settings(max_examples=60)
@given(st.integers(2, 70), st.floats(0, 0.9))
def test_validation_is_the_end_as_keras_takes_it(count, share):
    train, validation = hold_out(Split(np.arange(count)), share)
    kept = int(np.floor(count * (1 - share)))
    assert train.labels.tolist() == list(range(kept))
    assert validation.labels.tolist() == list(range(kept, count))


def test_the_encoder_is_fitted_without_the_validation_texts():
    encoded = encode(splits())
    assert len(encoded.train) == 8
    assert "7" in encoded.encoder.words
    assert "8" not in encoded.encoder.words
    assert encoded.validation.ids[0].tolist()[-1] == 2


def test_limit_takes_the_first_of_training_and_test():
    encoded = encode(splits(), limit=3)
    assert (len(encoded.train), len(encoded.validation), len(encoded.test)) == (2, 1, 3)


def test_nothing_left_to_train_on_is_one_sentence():
    with pytest.raises(DataError, match="no training examples are left"):
        encode(splits(), limit=1)


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (["a", "b", "c"], "must be whole numbers, not <U1; give class numbers"),
        ([0.5, 1.0, 0.0], "must be whole numbers, not float64"),
        ([0, -1, 1], "the training split of dataset 'x': the labels must be from 0 to 1, not -1"),
        ([0, 1, 2], "the labels must be from 0 to 1, not 2"),
        ([0, 1], "3 sequences but 2 labels"),
    ],
)
def test_labels_that_do_not_fit_are_one_sentence(labels, sentence):
    data = Splits(Split(np.array(labels), ids=Ragged.from_lists([[1], [1], [1]])))
    with pytest.raises(DataError, match=sentence):
        encode(data, validation_split=0)


def test_an_id_beyond_num_words_is_one_sentence():
    data = Splits(Split(np.array([0, 1]), ids=Ragged.from_lists([[1], [50]])))
    with pytest.raises(DataError, match="the token ids must be from 0 to 19, not 50"):
        encode(data, num_words=20, validation_split=0)


def test_an_empty_test_split_is_none():
    data = splits()
    empty = Splits(data.train, test=Split(np.empty(0, int), []))
    assert encode(empty).test is None

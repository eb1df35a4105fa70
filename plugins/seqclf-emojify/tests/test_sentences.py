"""The bundled sentences keep what the README promises of them."""

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import product

import numpy as np
import pytest
from seqclf.encoding.words import split_words

from seqclf_emojify.dataset import LABELS, emojify

NEGATED = re.compile(r"\b(?:not|no|never|nobody|nothing|cannot|without|\w+n't)\b", re.IGNORECASE)


@pytest.fixture
def splits(context):
    return emojify.load(context)


def bare(text):
    return " ".join(split_words(text.replace("'", "")))


def test_there_are_680_in_five_balanced_classes(splits):
    assert np.bincount(splits.train.labels).tolist() == [108] * 5
    assert np.bincount(splits.test.labels).tolist() == [28] * 5


def test_none_occurs_twice(splits):
    counts = Counter(bare(text) for text in [*splits.train.texts, *splits.test.texts])
    assert [text for text, count in counts.items() if count > 1] == []


def test_no_test_sentence_nearly_stands_in_training(splits):
    near = []
    for test, train in product(map(bare, splits.test.texts), map(bare, splits.train.texts)):
        one, other = set(test.split()), set(train.split())
        if len(one & other) >= 0.6 * len(one | other):
            near.append((test, train))
        elif abs(len(test) - len(train)) < 8:
            matcher = SequenceMatcher(None, test, train, autojunk=False)
            if matcher.real_quick_ratio() > 0.85 and matcher.quick_ratio() > 0.85:
                near += [(test, train)] * (matcher.ratio() > 0.85)
    assert near == []


def test_every_class_has_negations_in_both_parts(splits):
    for part, least in ((splits.train, 10), (splits.test, 3)):
        found = part.labels[[bool(NEGATED.search(text)) for text in part.texts]]
        assert min(np.bincount(found, minlength=5)) >= least


def test_openings_vary(splits):
    texts = [*splits.train.texts, *splits.test.texts]
    starts = Counter(" ".join(split_words(text)[:2]) for text in texts)
    assert len(starts) > 400
    assert starts.most_common(1)[0][1] <= 0.05 * len(texts)


def test_they_fit_into_the_default_length_and_words(splits):
    words = [split_words(text) for text in [*splits.train.texts, *splits.test.texts]]
    assert max(map(len, words)) < emojify.defaults["maxlen"]  # the start mark takes a step
    assert len({word for text in words for word in text}) < emojify.defaults["num_words"]


def test_validation_from_the_end_is_balanced(splits):
    assert np.bincount(splits.train.labels[-50:]).tolist() == [10] * 5


def test_each_load_gives_the_same(splits, context):
    assert emojify.load(context).fingerprint == splits.fingerprint
    assert len(splits.fingerprint) == 64


def test_labels_show_the_emoji_and_a_word():
    assert [label.split()[0] for label in LABELS] == ["❤️", "⚾", "😄", "😞", "🍴"]
    assert all(label.split(" ", 1)[1].isascii() for label in LABELS)

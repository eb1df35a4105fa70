"""The bundled reviews: the same everywhere, clean English, and order decides."""

import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from seqclf.contracts import LoadContext, RunConfig
from seqclf.datasets import grammar
from seqclf.datasets.grammar import generate_reviews, speak
from seqclf.datasets.lexicon import BLAME, NEUTRAL, PRAISE
from seqclf.datasets.reviews import reviews
from seqclf.encoding.words import split_words

GOLDEN = "b9b4b65896d97c269015a6909f1ae7d139f215c97fbfa1a33af4d3b63a1e22e8"
ROOT = Path(__file__).resolve().parents[1]
ORDERED = [pattern for family in grammar.ORDERED for pattern in family]
OTHERS = [*grammar.DENIED, *grammar.PLAIN, *grammar.STORY, *grammar.CIRCUMSTANCE, *grammar.CREDITS]


@pytest.fixture(scope="module")
def splits():
    return reviews.load(LoadContext(Path()))


@pytest.fixture(scope="module")
def texts(splits):
    return [*splits.train.texts, *splits.test.texts]


def test_they_are_the_same_as_ever(splits):
    assert splits.fingerprint == GOLDEN
    assert reviews.load(LoadContext(Path())).fingerprint == GOLDEN


@pytest.mark.parametrize("hash_seed", ["1", "2024"])
def test_they_do_not_depend_on_the_hash_seed(hash_seed):
    script = (
        "from pathlib import Path; from seqclf.contracts import LoadContext; "
        "from seqclf.datasets.reviews import reviews; "
        "print(reviews.load(LoadContext(Path())).fingerprint)"
    )
    found = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == GOLDEN


def test_the_fingerprint_is_of_texts_and_labels(splits, texts):
    import hashlib

    labels = [*splits.train.labels, *splits.test.labels]
    lines = "".join(f"{label} {text}\n" for label, text in zip(labels, texts, strict=True))
    assert hashlib.sha256(lines.encode()).hexdigest() == splits.fingerprint


def test_other_seeds_give_other_reviews_and_a_longer_set_starts_with_a_shorter_one():
    assert generate_reviews(50, seed=1) != generate_reviews(50, seed=2)
    assert generate_reviews(51)[:50] == generate_reviews(50)
    assert generate_reviews(0) == []


def test_sizes_and_balance(splits):
    assert (len(splits.train), len(splits.test)) == (4000, 1000)
    assert splits.train.labels.dtype == np.int64
    for split in (splits.train, splits.test):
        assert len(split.texts) == len(split)
        assert split.labels.mean() == 0.5
    assert splits.train.labels[-400:].mean() == pytest.approx(0.5, abs=0.01)


def test_no_text_occurs_twice(texts):
    assert len({" ".join(split_words(text)) for text in texts}) == 5000


def test_the_vocabulary_is_large_enough_and_fits_the_settings(texts):
    vocabulary = {word for text in texts for word in split_words(text)}
    assert 800 <= len(vocabulary) <= reviews.defaults["num_words"] - 4


def test_the_settings_are_run_settings(texts):
    assert set(reviews.defaults) <= set(RunConfig.__dataclass_fields__)
    assert max(len(split_words(text)) for text in texts) < reviews.defaults["maxlen"]


def test_it_says_that_it_is_synthetic():
    assert "synthetic" in reviews.summary
    assert len(reviews.summary) <= 78
    assert "SYNTHETIC" in reviews.load.__doc__


def test_lengths(texts):
    lengths = [len(text.split()) for text in texts]
    assert min(lengths) >= 10
    assert max(lengths) <= 45
    assert 20 <= np.mean(lengths) <= 35


@pytest.mark.parametrize(
    "mistake",
    [
        r"\b[Aa] [aeiouAEIOU]",
        r"\b[Aa]n (?!hour)[^aeiouAEIOU]",
        r"[{}]|:wins|:loses",
        r"  |\s$|^\s",
        r" [,.;:?!]",
        r"[,.;:?!]{2}",
        r'(?:^|[.?!] )"?[a-z]',
        r"[^.?!]$",
        r"\b(\w+) \1\b",
    ],
)
def test_the_english_is_clean(texts, mistake):
    assert [text for text in texts if re.search(mistake, text)] == []


def test_praise_and_blame_are_of_the_same_kinds_and_share_no_word():
    assert list(PRAISE) == list(BLAME)
    for kind in PRAISE:
        assert not set(PRAISE[kind]) & set(BLAME[kind])


@pytest.mark.parametrize("words", [PRAISE, BLAME, NEUTRAL])
def test_no_phrase_is_listed_twice(words):
    for kind, phrases in words.items():
        repeated = [phrase for phrase, count in Counter(phrases).items() if count > 1]
        assert repeated == (["film"] if kind == "genre" else [])


@pytest.mark.parametrize("pattern", ORDERED)
def test_in_ordered_patterns_the_label_changes_only_the_order(pattern):
    for seed in range(20):
        positive = speak([pattern], 1, random.Random(seed).random)
        negative = speak([pattern], 0, random.Random(seed).random)
        assert positive != negative
        assert Counter(split_words(positive)) == Counter(split_words(negative))


@pytest.mark.parametrize("pattern", [*ORDERED, *OTHERS])
def test_every_pattern_can_be_spoken_and_stops(pattern):
    for label in (0, 1):
        assert re.search(r'[.?!]"?$', speak([pattern], label, random.Random(7).random))


def test_minimal_pairs_read_as_meant():
    pattern = "{other} {reaction:loses}; I {reaction:wins}."
    assert speak([pattern], 1, lambda: 0.0) == "My brother hated it; I adored it."
    assert speak([pattern], 0, lambda: 0.0) == "My brother adored it; I hated it."


@pytest.mark.parametrize("present_only", [False, True])
def test_a_bag_of_words_is_not_enough(splits, present_only):
    vocabulary = sorted({word for text in splits.train.texts for word in split_words(text)})
    train = _counts(splits.train.texts, vocabulary, present_only)
    test = _counts(splits.test.texts, vocabulary, present_only)
    weights = _logistic_regression(train, splits.train.labels, penalty=1e-3)
    found = (test @ weights > 0) == (splits.test.labels == 1)
    assert 0.55 < found.mean() <= 0.75


def _counts(texts, vocabulary, present_only):
    """Count each word in each text; one more column, of ones, for the bias."""
    columns = {word: column for column, word in enumerate(vocabulary)}
    counts = np.zeros((len(texts), len(vocabulary) + 1), np.float32)
    counts[:, -1] = 1
    for row, text in enumerate(texts):
        for word in split_words(text):
            if word in columns:
                counts[row, columns[word]] += 1
    return np.minimum(counts, 1) if present_only else counts


def _logistic_regression(features, labels, penalty):
    """Minimise the mean log loss with a quadratic penalty by Newton's method."""
    weights = np.zeros(features.shape[1], np.float32)
    ridge = penalty * np.eye(len(weights), dtype=np.float32)
    for _ in range(6):
        shares = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        slope = features.T @ (shares - labels) / len(labels) + penalty * weights
        curvature = (features * (shares * (1 - shares))[:, None]).T @ features / len(labels)
        weights = weights - np.linalg.solve(curvature + ridge, slope)
    return weights

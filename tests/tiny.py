"""A plugin file for the tests: three small datasets whose labels follow from word order."""

import hashlib

import numpy as np

import seqclf
from seqclf import LoadContext, Split, Splits

WORDS = ["red", "green", "blue", "soft", "loud", "warm", "cold", "late"]


def _sentences(count: int, seed: int) -> tuple[list[str], np.ndarray]:
    """Sentences of eight words; the class is which of three marks comes first."""
    random = np.random.default_rng(seed)
    texts, classes = [], []
    for _ in range(count):
        marks = random.permutation(["apple", "bread", "candy"])
        words = [*random.choice(WORDS, 5), *marks]
        places = np.sort(random.choice(8, 3, replace=False))
        filler = iter(words[:5])
        chosen = iter(marks)
        texts.append(" ".join(str(next(chosen if i in places else filler)) for i in range(8)))
        classes.append(["apple", "bread", "candy"].index(str(marks[0])))
    return texts, np.array(classes, np.int64)


def _splits(count: int, seed: int, label) -> Splits:
    train, test = _sentences(count, seed), _sentences(count // 2, seed + 1)
    digest = hashlib.sha256("\n".join(train[0] + test[0]).encode()).hexdigest()
    return Splits(
        train=Split(label(train[1]), train[0]),
        test=Split(label(test[1]), test[0]),
        fingerprint=digest,
    )


DEFAULTS = {"num_words": 30, "maxlen": 10, "batch_size": 16, "epochs": 2}


@seqclf.dataset(
    "tiny",
    summary="two classes by word order, for tests",
    labels=("no", "yes"),
    defaults=DEFAULTS,
    licence="CC0-1.0",
)
def tiny(context: LoadContext, count: seqclf.Count = 200, seed: int = 3) -> Splits:
    """Sentences with marks; "yes" when apple comes first of the three.

    Args:
        context: not used.
        count: training sentences.
        seed: fixes the sentences.
    """
    return _splits(count, seed, lambda classes: (classes == 0).astype(np.int64))


@seqclf.dataset(
    "tiny3",
    summary="three classes by word order, for tests",
    labels=("apple", "bread", "candy"),
    kind="multiclass",
    defaults=DEFAULTS,
)
def tiny3(context: LoadContext) -> Splits:
    """Sentences with marks; the class is the first mark."""
    return _splits(200, 5, lambda classes: classes)


@seqclf.dataset(
    "tinymany",
    summary="any of three labels, for tests",
    labels=("apple", "bread", "candy"),
    kind="multilabel",
    defaults=DEFAULTS,
)
def tinymany(context: LoadContext) -> Splits:
    """Sentences with marks; labelled with the first mark and its neighbour."""
    return _splits(
        200,
        7,
        lambda classes: np.eye(3, dtype=np.int64)[classes] | np.eye(3, dtype=int)[classes - 1],
    )


@seqclf.hookimpl
def seqclf_datasets():
    return [tiny, tiny3, tinymany]

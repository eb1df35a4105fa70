"""A plugin file for the tests: three small datasets and an encoder that reads letters."""

import numpy as np
import seqclf
from seqclf import LoadContext, Ragged, Split, Splits

DEFAULTS = {
    "num_words": 30,
    "maxlen": 9,
    "batch_size": 16,
    "epochs": 3,
    "optimizer": "adam",
    "learning_rate": 0.02,
}
FILLERS = ["red", "green", "blue", "soft", "loud", "warm"]
MARKS = ["apple", "bread", "candy"]


def _splits(label, seed):
    """Texts of one to seven words; exactly one is a mark, and the mark decides."""
    random = np.random.default_rng(seed)
    texts, marks = [], random.integers(0, 3, 300)
    for mark in marks:
        words = list(random.choice(FILLERS, random.integers(0, 7)))
        words.insert(random.integers(0, len(words) + 1), MARKS[mark])
        texts.append(" ".join(map(str, words)))
    labels = label(marks)
    return Splits(
        Split(labels[:200], texts[:200]), Split(labels[200:], texts[200:]), fingerprint=str(seed)
    )


@seqclf.dataset("marks", summary="two classes", labels=("no", "yes"), defaults=DEFAULTS)
def marks(context: LoadContext) -> Splits:
    """Yes if the mark is apple."""
    return _splits(lambda marks: (marks == 0).astype(np.int64), 3)


@seqclf.dataset(
    "marks3", summary="three classes", labels=tuple(MARKS), kind="multiclass", defaults=DEFAULTS
)
def marks3(context: LoadContext) -> Splits:
    """The mark."""
    return _splits(lambda marks: marks.astype(np.int64), 5)


@seqclf.dataset(
    "marksmany", summary="any labels", labels=tuple(MARKS), kind="multilabel", defaults=DEFAULTS
)
def marksmany(context: LoadContext) -> Splits:
    """The mark and its neighbour."""
    eye = np.eye(3, dtype=np.int64)
    return _splits(lambda marks: eye[marks] | eye[marks - 1], 7)


@seqclf.dataset(
    "lettered", summary="texts by their letters", labels=("no", "yes"), encoder="letters",
    defaults=DEFAULTS,
)  # fmt: skip
def lettered(context: LoadContext) -> Splits:
    """As marks."""
    return marks.load(context)


class Letters:
    """An encoder for which a space is a token, too."""

    name = "letters"

    def __init__(self, num_words):
        self.num_words = num_words

    @classmethod
    def fit(cls, texts, *, num_words, skip_top):
        return cls(num_words)

    def encode(self, texts):
        return Ragged.from_lists([[1 + ord(c) % (self.num_words - 1) for c in t] for t in texts])

    def to_dict(self):
        return {"num_words": self.num_words}

    @classmethod
    def from_dict(cls, stored):
        return cls(**stored)


@seqclf.hookimpl
def seqclf_datasets():
    return [marks, marks3, marksmany, lettered]


@seqclf.hookimpl
def seqclf_encoders():
    return [Letters]

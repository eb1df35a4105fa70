"""The reviews: those of IMDB where they are, else generated ones that are as long."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from throughput.settings import Counts

START, UNKNOWN, FIRST_WORD = 1, 2, 4
MANY = 25_000
LENGTHS = (5.262, 0.642)
"""Mean and standard deviation of the logarithm of the lengths of IMDB's training reviews. The
lognormal distribution with these has 237 tokens a review and 219 once they are cut at 500; IMDB
has 239 and 222."""
UNKNOWN_SHARE, ZIPF, ZIPF_OFFSET = 0.06, 1.2, 5
"""The word of rank r has a share in proportion to (r + 5) ** -1.2, so that a batch of 128 has
about as many different ids as with IMDB, 4,000."""


@dataclass(frozen=True)
class Rows:
    """Sequences in two flat arrays, and their labels."""

    values: np.ndarray
    offsets: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def first(self, count: int) -> Rows:
        """Give the first rows, and once they are used up the same again."""
        order = np.arange(count) % len(self)
        rows = [self.values[self.offsets[row] : self.offsets[row + 1]] for row in order]
        return _rows(rows, self.labels[order])

    def padded(self, maxlen: int) -> np.ndarray:
        """Give shape (rows, maxlen), int32, zeros in front; longer rows lose their front."""
        filled = np.zeros((len(self), maxlen), np.int32)
        for number in range(len(self)):
            row = self.values[self.offsets[number] : self.offsets[number + 1]][-maxlen:]
            filled[number, maxlen - len(row) :] = row
        return filled

    def steps(self, maxlen: int) -> int:
        """Count the steps that are no padding."""
        return int(np.minimum(np.diff(self.offsets), maxlen).sum())


@dataclass(frozen=True)
class Reviews:
    """Reviews to train with, and others."""

    train: Rows
    other: Rows
    told: str

    def write(self, path: Path, counts: Counts) -> dict[str, Rows]:
        """Write what a table's competitors read; gives the same."""
        both = self.train.first(counts.train + counts.validation)
        rows = {
            "train": both.first(counts.train),
            "validation": _last(both, counts.validation),
            "predict": self.other.first(counts.predict),
        }
        arrays = {
            f"{kind}_{name}": getattr(part, name)
            for kind, part in rows.items()
            for name in ("values", "offsets", "labels")
        }
        np.savez(path, **arrays)
        return rows

    def unpadded(self, maxlen: int) -> Reviews:
        """Give reviews of exactly `maxlen` tokens each: the same tokens, cut elsewhere."""
        return Reviews(_cut(self.train, maxlen), _cut(self.other, maxlen), self.told)


def read(path: str) -> dict[str, Rows]:
    """Read what `Reviews.write` wrote."""
    with np.load(path) as file:
        return {
            kind: Rows(*(file[f"{kind}_{name}"] for name in ("values", "offsets", "labels")))
            for kind in ("train", "validation", "predict")
        }


def load(folder: Path | None, words: int) -> Reviews:
    """Take the folder's `imdb.npz`, or generate reviews if it is not there."""
    if folder is not None and (folder / "imdb.npz").is_file():
        return _imdb(folder, words)
    missing = "no folder of data was given" if folder is None else f"{folder} has no imdb.npz"
    random = np.random.default_rng(1)
    told = f"generated reviews with the lengths and word frequencies of IMDB's ({missing})"
    return Reviews(_generated(random, words), _generated(random, words), told)


def _imdb(folder: Path, words: int) -> Reviews:
    from seqclf.contracts import LoadContext, Split
    from seqclf.datasets.imdb import load_imdb, open_imdb
    from seqclf.paths import cache_folder

    def rows(split: Split) -> Rows:
        return Rows(split.sequences.values, split.sequences.offsets, split.labels)

    source = open_imdb(LoadContext(cache_folder()), folder / "imdb.npz")
    train, test = map(rows, load_imdb(source, num_words=words))
    return Reviews(train, test, "IMDB's reviews (Keras' imdb.npz)")


def _generated(random: np.random.Generator, words: int) -> Rows:
    lengths = np.maximum(np.rint(random.lognormal(*LENGTHS, MANY)), 10).astype(int)
    shares = (np.arange(1, words - FIRST_WORD + 1) + ZIPF_OFFSET) ** -ZIPF
    shares *= (1 - UNKNOWN_SHARE) / shares.sum()
    ids = np.concatenate([[UNKNOWN], np.arange(FIRST_WORD, words)])
    values = random.choice(ids, lengths.sum(), p=np.concatenate([[UNKNOWN_SHARE], shares]))
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    values[offsets[:-1]] = START
    return Rows(values.astype(np.int32), offsets, random.integers(0, 2, MANY))


def _rows(rows: list[np.ndarray], labels: np.ndarray) -> Rows:
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    return Rows(np.concatenate(rows), offsets, labels)


def _last(rows: Rows, count: int) -> Rows:
    start = len(rows) - count
    offsets = rows.offsets[start:]
    return Rows(rows.values[offsets[0] :], offsets - offsets[0], rows.labels[start:])


def _cut(rows: Rows, length: int) -> Rows:
    count = min(len(rows.values) // length, len(rows))
    offsets = np.arange(count + 1) * length
    return Rows(rows.values[: count * length], offsets, rows.labels[:count])

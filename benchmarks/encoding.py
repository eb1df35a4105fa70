"""Encode the raw IMDB reviews with seqclf and with Keras' `TextVectorization`: same ids, how fast?

    python benchmarks/encoding.py --data-dir DIR

DIR holds `reviews_train.csv.gz` and `reviews_test.csv.gz`. Both get the same 50,000
texts as a Python list and the same 10,000 words, and both use the threads they use
by themselves. Keras' layer is called in the four ways a user would (batches of 1,024 one by
one or through `tf.data`, ragged or padded ids); the fastest is compared with. The runs take
turns, and the medians are told. Every id is compared before anything is measured.

    python benchmarks/encoding.py --data-dir DIR --rows 1000000

measures learning the words of that many rows of 600 characters, and encoding them in chunks
of 8,192, instead. Every row has a word of its own, so that there are many different ones.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import re
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from seqclf.encoding.splitting import FILTERS
from seqclf.encoding.words import WordEncoder

NUM_WORDS = 10_000
BATCH = 1_024
CHUNK = 8_192
LEAST_RATIO = 3.0
BLANKS = "\x85\xa0"
"""The blanks beyond ASCII that the reviews hold; Keras' layer is slower with all there are."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the medians and the ratio; give 1 if the ids differ or the ratio is too small."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data-dir", required=True, help="folder of the reviews")
    parser.add_argument("--runs", type=int, default=5, help="of each (default: 5)")
    parser.add_argument("--rows", type=int, help="measure seqclf alone, on so many rows")
    options = parser.parse_args(arguments)
    texts = list(_reviews(Path(options.data_dir)))
    print(f"{len(texts):,} texts, {sum(map(len, texts)) / 1e6:.1f} million characters")
    if options.rows:
        _measure_rows(_Rows(" ".join(texts), options.rows))
        return 0
    return _compare(texts, options.runs)


def _reviews(folder: Path) -> Iterator[str]:
    for name in ("reviews_train.csv.gz", "reviews_test.csv.gz"):
        with gzip.open(folder / name, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["text"]


def _compare(texts: list[str], runs: int) -> int:
    words = WordEncoder.fit(texts, num_words=NUM_WORDS, normalize="off", punctuation="ascii").words
    encoder = WordEncoder(
        words[: NUM_WORDS - 2], num_words=NUM_WORDS, start_char=None, oov_char=1, index_from=1
    )
    ways: dict[str, Callable[[], Any]] = {
        f"TextVectorization, {'ragged' if ragged else 'padded'}, {how}": call(
            _layer(encoder.words, ragged), texts
        )
        for ragged, (how, call) in product((True, False), (("calls", _calls), ("tf.data", _piped)))
    }
    ways["seqclf"] = lambda: encoder.encode(texts)
    if not _same(ways, texts):
        return 1
    medians = _medians(ways, runs)
    ours = medians.pop("seqclf")
    best = min(medians, key=lambda way: medians[way])
    ratio = medians[best] / ours
    print(f"encoding: {ratio:.1f} times as fast as the fastest, {best}")
    fits = _medians({"TextVectorization.adapt": _adapt(texts), "WordEncoder.fit": _fit(texts)}, 3)
    print(f"fitting: {fits['TextVectorization.adapt'] / fits['WordEncoder.fit']:.1f} times as fast")
    return 0 if ratio >= LEAST_RATIO else 1


def _standardize(texts: Any) -> Any:
    import tensorflow as tf

    lower = tf.strings.lower(texts, encoding="utf-8")
    return tf.strings.regex_replace(lower, f"[{re.escape(FILTERS)}{BLANKS}]", " ")


def _layer(words: Sequence[str], ragged: bool) -> Any:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    return keras.layers.TextVectorization(
        max_tokens=NUM_WORDS, standardize=_standardize, ragged=ragged, vocabulary=list(words)
    )


def _calls(layer: Any, texts: list[str]) -> Callable[[], list[Any]]:
    import tensorflow as tf

    starts = range(0, len(texts), BATCH)
    return lambda: [layer(tf.constant(texts[start : start + BATCH])) for start in starts]


def _piped(layer: Any, texts: list[str]) -> Callable[[], list[Any]]:
    import tensorflow as tf

    def encode() -> list[Any]:
        batches = tf.data.Dataset.from_tensor_slices(texts).batch(BATCH)
        return list(batches.map(layer, num_parallel_calls=tf.data.AUTOTUNE))

    return encode


def _adapt(texts: list[str]) -> Callable[[], None]:
    import keras
    import tensorflow as tf

    def adapt() -> None:
        layer = keras.layers.TextVectorization(max_tokens=NUM_WORDS, standardize=_standardize)
        layer.adapt(tf.data.Dataset.from_tensor_slices(texts).batch(BATCH))

    return adapt


def _fit(texts: list[str]) -> Callable[[], Any]:
    return lambda: WordEncoder.fit(texts, num_words=NUM_WORDS)


def _same(ways: dict[str, Callable[[], Any]], texts: list[str]) -> bool:
    """Say whether every way gives the same ids, text by text."""
    ours = ways["seqclf"]()
    for way, encode in ways.items():
        if way == "seqclf":
            continue
        theirs = [row for batch in encode() for row in _rows(batch)]
        different = [
            place
            for place, (own, other) in enumerate(zip(ours, theirs, strict=True))
            if not np.array_equal(own, other)
        ]
        if different:
            first = different[0]
            print(f"{way}: {len(different):,} texts differ, the first: {texts[first]!r}")
            return False
    print(f"all {len(ours.values):,} ids are the same")
    return True


def _rows(batch: Any) -> Iterator[np.ndarray]:
    if hasattr(batch, "row_splits"):
        return iter(np.split(batch.values.numpy(), batch.row_splits.numpy()[1:-1]))
    return (row[row != 0] for row in batch.numpy())


def _medians(ways: dict[str, Callable[[], Any]], runs: int) -> dict[str, float]:
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(runs):
        for way, work in ways.items():
            start = time.perf_counter()
            work()
            seconds[way].append(time.perf_counter() - start)
    medians = {way: statistics.median(taken) for way, taken in seconds.items()}
    for way, median in medians.items():
        print(f"{way}: {median:.2f} s ({min(seconds[way]):.2f} to {max(seconds[way]):.2f})")
    return medians


class _Rows(Sequence[str]):
    """Rows of 600 characters out of one text, made when they are asked for."""

    def __init__(self, text: str, count: int, start: int = 0) -> None:
        self._text, self._count, self._start = text, count, start

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            start, stop, _ = index.indices(self._count)
            return _Rows(self._text, stop - start, self._start + start)
        if not 0 <= index < self._count:
            raise IndexError(index)
        number = self._start + index
        begin = number * 587 % (len(self._text) - 600)
        return f"{self._text[begin : begin + 588]} no{number}"


def _measure_rows(rows: _Rows) -> None:
    start = time.perf_counter()
    encoder = WordEncoder.fit(rows, num_words=NUM_WORDS)
    _tell("fit", len(rows), time.perf_counter() - start)
    start = time.perf_counter()
    for first in range(0, len(rows), CHUNK):
        encoder.encode(rows[first : first + CHUNK])
    _tell("encode", len(rows), time.perf_counter() - start)


def _tell(what: str, rows: int, seconds: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    speed = f"{rows / seconds:,.0f} rows a second"
    print(f"{what}: {seconds:.1f} s, {speed}, peak {peak:,.0f} MB so far")


if __name__ == "__main__":
    sys.exit(main())

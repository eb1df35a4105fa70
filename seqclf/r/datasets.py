"""R's `dataset_imdb()` and `dataset_reuters()`: nested, and unpackable as Keras' tuples."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from seqclf.contracts import LoadContext
from seqclf.errors import DataError
from seqclf.options import Count, Range
from seqclf.r.arguments import ArgumentError, checked

Natural = Annotated[int, Range(least=0)]


class Examples(NamedTuple):
    """One part of a dataset, R's `$train` or `$test`.

    Args:
        x: lists of word ids, a NumPy array of objects, shape (examples,).
        y: class numbers from 0, shape (examples,), int64.
    """

    x: Any
    y: Any


class TrainTest(NamedTuple):
    """A dataset's two parts; `(x_train, y_train), (x_test, y_test) = …` unpacks them.

    Args:
        train: what to learn from, R's `$train`.
        test: what to judge by, R's `$test`.
    """

    train: Examples
    test: Examples


@checked
def dataset_imdb(
    path: Any = "imdb.npz",
    num_words: Count | None = None,
    skip_top: Natural = 0,
    maxlen: Count | None = None,
    seed: Natural = 113,
    start_char: Natural | None = 1,
    oov_char: Natural | None = 2,
    index_from: Natural = 3,
) -> TrainTest:
    """Give the IMDB film reviews as word ids, number for number as R and Keras.

    Args:
        path: the file, or only its name: then it is looked for in `SEQCLF_DATA_DIR`, Keras'
            cache and seqclf's own, else downloaded once. Defaults to "imdb.npz".
        num_words: ids are below this; the others become `oov_char`. Defaults to all words.
        skip_top: ids below this become `oov_char`. Defaults to 0.
        maxlen: drops reviews of that length or longer. Defaults to none.
        seed: of the shuffling. Defaults to 113.
        start_char: the id before each review. Defaults to 1.
        oov_char: the id of words left out. Defaults to 2.
        index_from: what is added to a word's rank. Defaults to 3.

    Returns:
        `train` and `test`, each with `x` and `y`: 25,000 reviews, 1 positive, 0 negative.

    Raises:
        DataError: the file cannot be had, read or trusted.
        ArgumentError: an argument that R's function would not take.

    Source:
        R `dataset_imdb()`; Maas et al. (2011), Learning word vectors for sentiment analysis.
    """
    from seqclf.datasets.imdb import REVIEWS, load_imdb, open_imdb

    source = open_imdb(_context(), _known("dataset_imdb", path, REVIEWS.name))
    train, test = load_imdb(
        source,
        num_words=num_words,
        skip_top=skip_top,
        maxlen=maxlen,
        seed=seed,
        start_char=start_char,
        oov_char=oov_char,
        index_from=index_from,
    )
    return TrainTest(_examples(train), _examples(test))


@checked
def dataset_imdb_word_index(path: Any = "imdb_word_index.json") -> dict[str, int]:
    """Give the words of the IMDB reviews with their ranks, the most frequent word having 1.

    In the reviews a word's id is its rank plus 3, as 0 is padding, 1 the start, 2 unknown.

    Args:
        path: the file, or only its name, as for `dataset_imdb()`. Defaults to
            "imdb_word_index.json".

    Returns:
        Word to rank.

    Raises:
        DataError: the file cannot be had or read.

    Source:
        R `dataset_imdb_word_index()`.
    """
    from seqclf.datasets.download import find_or_download
    from seqclf.datasets.imdb import WORD_INDEX
    from seqclf.datasets.npz import read_word_index

    known = _known("dataset_imdb_word_index", path, WORD_INDEX.name)
    return read_word_index(known or find_or_download(WORD_INDEX, _context()))


@checked
def dataset_reuters(
    path: str = "reuters.npz",
    num_words: Count | None = None,
    skip_top: Natural = 0,
    maxlen: Count | None = None,
    test_split: Annotated[float, Range(above=0, below=1)] = 0.2,
    seed: Natural = 113,
    start_char: Natural | None = 1,
    oov_char: Natural | None = 2,
    index_from: Natural = 3,
) -> TrainTest:
    """Give the Reuters newswires, 46 topics, as word ids; read and cached by Keras itself.

    Args:
        path: the file's name in Keras' cache. Defaults to "reuters.npz".
        num_words: ids are below this; the others become `oov_char`. Defaults to all words.
        skip_top: ids below this become `oov_char`. Defaults to 0.
        maxlen: drops newswires of that length or longer. Defaults to none.
        test_split: share for `test`. Defaults to 0.2.
        seed: of the shuffling. Defaults to 113.
        start_char: the id before each newswire. Defaults to 1.
        oov_char: the id of words left out. Defaults to 2.
        index_from: what is added to a word's rank. Defaults to 3.

    Returns:
        `train` and `test`, each with `x` and `y`: 8,982 and 2,246 newswires by default.

    Raises:
        DataError: the file cannot be had.
        ArgumentError: an argument that R's function would not take.

    Source:
        R `dataset_reuters()`.
    """
    import keras

    try:
        train, test = keras.datasets.reuters.load_data(
            path=path,
            num_words=num_words,
            skip_top=skip_top,
            maxlen=maxlen,
            test_split=test_split,
            seed=seed,
            start_char=start_char,
            oov_char=oov_char,
            index_from=index_from,
        )
    except Exception as error:  # Keras raises a bare one when a download fails
        told = " ".join(str(error).split())
        raise DataError(f"dataset_reuters(): {path} cannot be had: {told}") from error
    return TrainTest(Examples(*train), Examples(*test))


def _known(function: str, path: Any, published: str) -> Path | None:
    """Give the path if it is one, and None for the published name, which is to be looked for."""
    if not isinstance(path, (str, os.PathLike)):
        raise ArgumentError(f"{function}(): `path` must be a file's path or name, not {path!r}")
    given = Path(path)
    if str(given) == published and not given.exists():
        return None
    if not given.is_file():
        raise DataError(f"there is no file {given}", f"give the path of one, or only {published}")
    return given


def _context() -> LoadContext:
    from seqclf.paths import cache_folder

    data_dir = os.environ.get("SEQCLF_DATA_DIR")
    return LoadContext(
        cache_dir=cache_folder(),
        data_dir=Path(data_dir) if data_dir else None,
        note=lambda sentence: warnings.warn(sentence, stacklevel=2),
    )


def _examples(split: Any) -> Examples:
    import numpy as np

    sequences = np.empty(len(split), dtype=object)
    sequences[:] = [ids.tolist() for ids in split.ids]
    return Examples(sequences, split.labels)

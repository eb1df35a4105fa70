"""The IMDB reviews as R's `dataset_imdb` and Keras' `imdb.load_data` give them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from seqclf.contracts import LoadContext, Ragged, Split, Splits
from seqclf.datasets.download import PublishedFile, download, find, find_or_download
from seqclf.declare import dataset
from seqclf.errors import DataError, UsageError
from seqclf.options import Range

if TYPE_CHECKING:
    import numpy as np

_FOLDER = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_SHA256 = "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"
_LAYOUT = "ranks-1"

REVIEWS = PublishedFile("imdb.npz", f"{_FOLDER}imdb.npz", f"sha256:{_SHA256}", "imdb")
"""The reviews as Keras publishes them."""

WORD_INDEX = PublishedFile(
    "imdb_word_index.json",
    f"{_FOLDER}imdb_word_index.json",
    "md5:bfafd718b763782e994055a2d397834f",
    "imdb",
)
"""The words and their ranks as Keras publishes them."""


@dataset(
    "imdb",
    summary="50,000 film reviews, negative or positive (Keras' and R's dataset_imdb)",
    labels=("negative", "positive"),
    origin="downloaded",
    licence="no licence is stated; free for research, cite Maas et al. (2011); "
    "the reviews belong to their authors and IMDb",
    source="Maas et al. (2011), Learning Word Vectors for Sentiment Analysis; "
    "as published with Keras",
    sha256={REVIEWS.name: _SHA256},
    keras_loader="imdb",
)
def imdb(
    context: LoadContext,
    maxlen: Annotated[int, Range(least=1)] | None = None,
    seed: Annotated[int, Range(least=0)] = 113,
    start_char: Annotated[int, Range(least=0)] | None = 1,
    oov_char: Annotated[int, Range(least=0)] | None = 2,
    index_from: Annotated[int, Range(least=0)] = 3,
) -> Splits:
    """Load the IMDB reviews, encoded as Keras and R encode them.

    `imdb.npz` is taken from the data directory, Keras' cache or the downloads
    of before, and else downloaded. The second load reads prepared arrays.

    Args:
        context: where files may lie, and how many words are kept.
        maxlen: DROPS reviews of that length or longer (the start mark counted),
            as `dataset_imdb(maxlen=)` does; unlike the run setting `--maxlen`,
            which keeps all reviews and pads or cuts them. None drops none.
        seed: of the shuffling.
        start_char: the id put before every review; none for no start mark.
        oov_char: the id in place of words that are cut by the number of words
            or `skip_top`; none leaves such words out.
        index_from: what is added to a word's rank to make its id.

    Returns:
        25,000 training and 25,000 test reviews. The encoder is None where no
        word index can be had; that is noted.

    Raises:
        DataError: `imdb.npz` cannot be had, read or trusted, or the word index is malformed.
        UsageError: settings that leave no review or ids the network has no place for.
    """
    from seqclf.datasets.npz import read_word_index, words_by_rank
    from seqclf.encoding.words import WordEncoder

    if oov_char is not None and oov_char >= context.num_words:
        raise UsageError(
            f"-d oov_char must be below the number of words, {context.num_words}, not {oov_char}"
        )
    source = open_imdb(context)
    train, test = load_imdb(
        source,
        num_words=context.num_words,
        skip_top=context.skip_top,
        maxlen=maxlen,
        seed=seed,
        start_char=start_char,
        oov_char=oov_char,
        index_from=index_from,
    )
    encoder = None
    index = find_word_index(source, context)
    if index is not None:
        encoder = WordEncoder(
            words_by_rank(read_word_index(index)),
            num_words=context.num_words,
            skip_top=context.skip_top,
            start_char=start_char,
            oov_char=oov_char,
            index_from=index_from,
            drop_unlisted=True,
        )
    return Splits(train=train, test=test, encoder=encoder, fingerprint=source.sha256)


@dataclass(frozen=True)
class ImdbSource:
    """The reviews of an `imdb.npz` as they lie in the file.

    Args:
        path: the file.
        sha256: its hash.
        train: the training reviews; ids are word ranks, without start mark or offset.
        test: the test reviews, likewise.
    """

    path: Path
    sha256: str
    train: Split
    test: Split


def open_imdb(context: LoadContext, path: Path | None = None) -> ImdbSource:
    """Find `imdb.npz`, or download it, and read its reviews, from the cache if they are there.

    Args:
        context: `data_dir`, `cache_dir`, `note` and `progress` are used.
        path: the file itself, where it is known.

    Raises:
        DataError: the file cannot be had, read or trusted.
    """
    import hashlib

    from seqclf.datasets.cache import cached_splits
    from seqclf.datasets.npz import read_imdb_npz

    path = find_or_download(REVIEWS, context) if path is None else path
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            splits = cached_splits(
                context.cache_dir / "imdb",
                f"{_LAYOUT}-{sha256}",
                lambda: dict(zip(("train", "test"), read_imdb_npz(file, path), strict=True)),
                context.note,
            )
    except IsADirectoryError:
        raise DataError(f"{path} is a folder, not a file", "put imdb.npz itself there") from None
    except OSError as error:
        raise DataError(
            f"{path} cannot be read: {error.strerror or error}",
            "mend that, or put a whole imdb.npz in its place",
        ) from None
    return ImdbSource(path, sha256, splits["train"], splits["test"])


def load_imdb(
    source: ImdbSource,
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int = 3,
) -> tuple[Split, Split]:
    """Shuffle, encode and cut the reviews, exactly as `keras.datasets.imdb.load_data`.

    Args:
        source: what `open_imdb` gave.
        num_words: ids are below this; None takes the greatest id there is,
            which is then cut itself, as in Keras.
        skip_top: ids below this are cut, the start mark included.
        maxlen: drops reviews of that length or longer, the start mark counted.
        seed: of the shuffling; training reviews are shuffled first, then the test reviews.
        start_char: the id put before every review, or None.
        oov_char: the id in place of ids that are cut; None leaves them out.
        index_from: what is added to a word's rank.

    Returns:
        The training and the test split: ids int32, labels int64, shape (reviews,).

    Raises:
        UsageError: no review is shorter than `maxlen`, or an id does not fit int32.

    Example:
        >>> import numpy as np
        >>> reviews = Split(np.array([0, 1]), ids=Ragged.from_lists([[4, 9], [4]]))
        >>> source = ImdbSource(Path("imdb.npz"), "", reviews, reviews)
        >>> train, test = load_imdb(source, num_words=10)
        >>> [review.tolist() for review in train.ids], train.labels.tolist()
        ([[1, 7, 2], [1, 7]], [0, 1])
    """
    import numpy as np

    if not 0 <= seed < 2**32:
        raise UsageError(f"the seed must be from 0 to {2**32 - 1}, not {seed}")
    highest = max(int(_ranks(split).values.max(initial=0)) for split in (source.train, source.test))
    if max(start_char or 0, oov_char or 0, highest + index_from) >= 2**31:
        raise UsageError("start_char, oov_char and index_from must leave ids below 2147483648")
    generator = np.random.RandomState(seed)
    train = _arranged(source.train, generator, maxlen, start_char, index_from)
    test = _arranged(source.test, generator, maxlen, start_char, index_from)
    if maxlen and not (len(train) and len(test)):
        raise UsageError(f"no review is shorter than maxlen={maxlen}", "take a greater maxlen")
    if not num_words:
        num_words = max(int(_ranks(split).values.max(initial=0)) for split in (train, test))
    return (
        _limited(train, skip_top, num_words, oov_char),
        _limited(test, skip_top, num_words, oov_char),
    )


def _ranks(split: Split) -> Ragged:
    assert split.ids is not None
    return split.ids


def _arranged(
    split: Split,
    generator: np.random.RandomState,
    maxlen: int | None,
    start_char: int | None,
    index_from: int,
) -> Split:
    """Shuffle the reviews, drop the long ones, and turn ranks into ids behind a start mark."""
    import numpy as np

    ranks = _ranks(split)
    marks = 0 if start_char is None else 1
    order = np.arange(len(ranks))
    generator.shuffle(order)
    if maxlen:
        order = order[ranks.lengths[order] + marks < maxlen]
    lengths = ranks.lengths[order] + marks
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    origin = np.repeat(ranks.offsets[order] - marks - offsets[:-1], lengths)
    origin += np.arange(len(origin))
    values = ranks.values.take(origin, mode="clip")  # at a mark's place anything
    values += index_from
    if start_char is not None:
        values[offsets[:-1]] = start_char
    return Split(labels=split.labels[order], ids=Ragged(values, offsets))


def _limited(split: Split, skip_top: int, num_words: int, oov_char: int | None) -> Split:
    """Replace or leave out ids below `skip_top` and from `num_words`."""
    import numpy as np

    ids = _ranks(split)
    kept = (ids.values >= skip_top) & (ids.values < num_words)
    if oov_char is not None:
        values = np.where(kept, ids.values, np.int32(oov_char))
        return Split(labels=split.labels, ids=Ragged(values, ids.offsets))
    before = np.concatenate([[0], np.cumsum(kept)])
    return Split(labels=split.labels, ids=Ragged(ids.values[kept], before[ids.offsets]))


def find_word_index(source: ImdbSource, context: LoadContext) -> Path | None:
    """Find `imdb_word_index.json` beside `imdb.npz` or where that is looked for, or download it.

    Returns:
        Its path, or None where it cannot be had; that is noted.
    """
    beside = source.path.with_name(WORD_INDEX.name)
    if beside.is_file():
        return beside
    try:
        return find(WORD_INDEX, context) or download(WORD_INDEX, context)
    except DataError as error:
        context.note(
            f"{error.sentence}; this run can be trained and evaluated, but cannot predict "
            f"raw text unless the file is put at {beside}"
        )
        return None

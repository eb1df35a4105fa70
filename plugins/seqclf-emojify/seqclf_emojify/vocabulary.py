"""An encoder that knows more words than the training sentences have."""

from __future__ import annotations

import dataclasses
from collections import Counter
from pathlib import Path

from seqclf import LoadContext, Split, Splits
from seqclf.encoding.words import WordEncoder, split_words

from seqclf_emojify.lines import read_lines


def with_vocabulary(splits: Splits, path: Path, context: LoadContext) -> Splits:
    """Encode the sentences with the words of a file added to their own.

    seqclf's encoder learns its words from the training sentences; every other word is
    unknown to the network, even one whose vector is at hand. So the dataset brings an
    encoder of its own: the training words by frequency, then the file's, in its order.

    Args:
        splits: texts.
        path: a text file, plain or gzip; a line's first word counts.
        context: how many words there may be, and whom to tell.

    Returns:
        The same splits with `ids` and `encoder`.

    Raises:
        DataError: the file cannot be read.
    """
    counts = Counter(word for text in splits.train.texts or () for word in split_words(text))
    own = sorted(counts, key=lambda word: -counts[word])
    read = (line.split(" ", 1)[0] for _, line in read_lines(path))
    # What the encoder would take apart or write otherwise ("U.S.") can never be met.
    added = [word for word in dict.fromkeys(read) if word not in counts and _is_word(word)]
    encoder = WordEncoder([*own, *added], num_words=context.num_words, skip_top=context.skip_top)
    missing = len(own) + len(added) - len(encoder.words)
    if missing:
        context.note(
            f"{missing:,} of {len(own) + len(added):,} words have no place below --num-words "
            f"{context.num_words}, the last ones of {path}; {context.num_words + missing} would do"
        )
    return dataclasses.replace(
        splits,
        train=_encoded(splits.train, encoder),
        test=None if splits.test is None else _encoded(splits.test, encoder),
        encoder=encoder,
    )


def _is_word(word: str) -> bool:
    return split_words(word) == [word]


def _encoded(split: Split, encoder: WordEncoder) -> Split:
    return dataclasses.replace(split, ids=encoder.encode(split.texts or ()))

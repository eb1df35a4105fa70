"""The dataset hook's half: short sentences and the emoji that goes with each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import seqclf
from seqclf import LoadContext, Split, Splits
from seqclf.errors import DataError

from seqclf_emojify.sentences import TEST, TRAIN, Sentence, has_sentences, in_both, read_sentences

# The word beside the emoji is for terminals that cannot show it, and for searching.
LABELS = ("❤️ heart", "⚾ baseball", "😄 smile", "😞 disappointed", "🍴 fork and knife")
"""The class names, as predictions and reports show them."""

BUNDLED = Path(__file__).with_name("data")


@seqclf.dataset(
    "emojify",
    summary="680 short English sentences and their emoji, five classes (bundled)",
    labels=LABELS,
    kind="multiclass",
    origin="bundled",
    defaults={
        "num_words": 2000,
        "maxlen": 20,
        "batch_size": 32,
        "epochs": 30,
        "optimizer": "adam",
        "validation_split": 0.1,
    },
    licence="CC0-1.0",
    source="written for seqclf-emojify; the task is the emoji exercise's",
)
def emojify(
    context: LoadContext, folder: str | None = None, vocabulary: str | None = None
) -> Splits:
    """Load sentences to tell five emoji apart: love, sport, joy, disappointment, food.

    The bundled sentences were written for this: 540 to learn from and 140 to be judged
    by, balanced, no sentence in both. In every class some are negated ("I am not sad
    any more", "I am not feeling happy"), so that single words mislead.

    Args:
        context: `data_dir` is looked into for the exercise's files: `emojify/train.csv`
            and `emojify/test.csv`, or `train.csv` and `test.csv`.
        folder: a folder with the exercise's `train.csv` and `test.csv` (lines of
            "sentence",label), to be read in place of the bundled sentences.
        vocabulary: a text file, plain or gzip, of words the network is to know beside
            those of the training sentences: a line's first word counts, so a file of
            word vectors will do. Raise --num-words to make room.

    Returns:
        The sentences as texts; with a vocabulary, as token ids, too.

    Raises:
        DataError: a file cannot be read, or a line of it is malformed.
    """
    place = _place(context, folder)
    train = read_sentences(place / TRAIN, len(LABELS))
    test = read_sentences(place / TEST, len(LABELS))
    if place != BUNDLED:
        context.note(f"read {len(train)} training and {len(test)} test sentences from {place}")
    _tell_of_overlap(train, test, context)
    splits = Splits(_split(train), _split(test), fingerprint=_fingerprint(train, test))
    if vocabulary is None:
        return splits
    from seqclf_emojify.vocabulary import with_vocabulary

    return with_vocabulary(splits, Path(vocabulary).expanduser(), context)


def _place(context: LoadContext, folder: str | None) -> Path:
    """Give the folder to read: the one asked for, one in the data directory, or the bundled one."""
    if folder is not None:
        place = Path(folder).expanduser()
        if not has_sentences(place):
            raise DataError(f"there is no {TRAIN} and {TEST} in {place}", "mend -d folder=DIR")
        return place
    if context.data_dir is None:
        return BUNDLED
    for place in (context.data_dir / "emojify", context.data_dir):
        if has_sentences(place):
            return place
    context.note(
        f"there is no {TRAIN} and {TEST} in {context.data_dir} or its folder emojify; "
        "the bundled sentences are used"
    )
    return BUNDLED


def _tell_of_overlap(
    train: Sequence[Sentence], test: Sequence[Sentence], context: LoadContext
) -> None:
    known = in_both(train, test)
    if known:
        named = ", ".join(f'"{text}"' for text in known[:5]) + (", …" if len(known) > 5 else "")
        context.note(
            f"test sentences that are in {TRAIN}, too: {len(known)} of {len(test)}, which flatters "
            f"the accuracy: {named}"
        )


def _split(sentences: Sequence[Sentence]) -> Split:
    import numpy as np

    return Split(
        labels=np.array([sentence.label for sentence in sentences], np.int64),
        texts=[sentence.text for sentence in sentences],
    )


def _fingerprint(*parts: Sequence[Sentence]) -> str:
    """Hash all labels and texts, a sentence a line and a blank line between the parts."""
    import hashlib

    told = "\n".join("".join(f"{label} {text}\n" for text, label in part) for part in parts)
    return hashlib.sha256(told.encode()).hexdigest()

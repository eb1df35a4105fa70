"""Where a script's examples come from: Keras' own datasets, or plain files beside the script."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from seqclf.code.datafiles import FileData, Holds
from seqclf.contracts import Dataset, LoadContext, RunConfig, Split, Splits, features_of
from seqclf.encoding.splitting import Splitting
from seqclf.errors import DataError, SeqclfError
from seqclf.paths import cache_folder

if TYPE_CHECKING:
    from seqclf.contracts import Encoder
    from seqclf.encoding.encode import Encoded
    from seqclf.encoding.words import WordEncoder

Validation = Literal["none", "end of training", "own"]
"""Where the examples come from on which epochs are compared."""

PLAIN = Splitting()
"""How Keras and R split a text into words."""

CSV_FIELD = 131_072
"""Python's csv module reads no longer fields, unless it is told to."""


@dataclass(frozen=True)
class WordRule:
    """How words become ids; the fields of `WordEncoder`.

    Args:
        source: where the words' ranks come from: "training" texts, "keras" (its own word index),
            a "file" of words beside the script, or "index", a JSON file of ranks.
        path: the JSON file; for "keras" its module below `keras.datasets`.
        splitting: how a text becomes words.
        min_count: rarer words of the training texts are unknown.
    """

    source: Literal["training", "keras", "file", "index"]
    num_words: int
    skip_top: int = 0
    start_char: int | None = 1
    oov_char: int | None = 2
    index_from: int = 3
    drop_unlisted: bool = False
    path: str = ""
    splitting: Splitting = PLAIN
    min_count: int = 1

    @property
    def is_plain(self) -> bool:
        """Whether words are split as Keras and R do: only ASCII punctuation is a blank."""
        return _is_plain(self.splitting)


@dataclass(frozen=True)
class KerasData:
    """Examples that Keras' own `load_data` gives.

    Args:
        module: the module below `keras.datasets`.
        options: the arguments of `load_data`.
        npz: the person's own copy of the file, which `load_data` would not take; or "".
    """

    module: str
    options: Mapping[str, Any]
    npz: str = ""


@dataclass(frozen=True)
class Material:
    """What a script learns from, and how it reads raw text.

    Args:
        data: where the examples come from.
        validation: where those come from on which epochs are compared.
        tested: whether there are examples to judge by.
        rule: how raw text becomes ids; None where the script cannot know.
        notes: sentences for the person.
    """

    data: KerasData | FileData
    validation: Validation
    tested: bool
    rule: WordRule | None
    notes: tuple[str, ...] = ()


def keras_material(dataset: Dataset, config: RunConfig, context: LoadContext) -> Material | None:
    """Say how Keras' own `load_data` gives the examples; None where it cannot.

    Nothing is loaded. A person's own `imdb.npz` (`--data-dir`) is read by the script itself.
    """
    if not dataset.keras_loader:
        return None
    module, options = dataset.keras_loader, config.dataset_options
    npz, index = "", ""
    if config.data_dir is not None:
        if module != "imdb":
            return None
        npz, index = _own_imdb(context)
    _check_limit(config)
    usual = {option.name: option.default for option in dataset.options}
    asked = {name: value for name, value in options.items() if value != usual[name]}
    skip = {"skip_top": config.skip_top} if config.skip_top else {}
    source: Literal["keras", "index"] = "index" if index else "keras"
    names = ("start_char", "oov_char", "index_from")
    rule = WordRule(
        source,
        config.num_words,
        config.skip_top,
        **{name: options[name] for name in names if name in options},
        drop_unlisted=True,
        path=index or module,
    )
    held_out = config.validation_split > 0
    return Material(
        KerasData(module, {"num_words": config.num_words, **skip, **asked}, npz),
        "end of training" if held_out else "none",
        True,
        rule,
    )


def _own_imdb(context: LoadContext) -> tuple[str, str]:
    """Give the paths of the person's own `imdb.npz` and word index, "" where they are not."""
    from seqclf.datasets.download import find
    from seqclf.datasets.imdb import REVIEWS, WORD_INDEX

    assert context.data_dir is not None
    npz = find(REVIEWS, context)
    if npz is None or context.data_dir not in npz.parents:
        return "", ""
    beside = npz.with_name(WORD_INDEX.name)
    index = beside if beside.is_file() else find(WORD_INDEX, context)
    mine = index is not None and context.data_dir in index.parents
    return os.path.abspath(npz), os.path.abspath(index) if index and mine else ""


def _check_limit(config: RunConfig) -> None:
    if config.limit is not None and int(config.limit * (1 - config.validation_split)) < 1:
        raise DataError(
            "no training examples are left", hint="raise --limit or lower --validation-split"
        )


def file_material(
    dataset: Dataset, config: RunConfig, splits: Splits, encoded: Encoded, language: str
) -> Material:
    """Say what the files beside the script hold: texts where the script can encode them, else ids.

    Args:
        dataset: whose examples they are.
        config: the run's settings.
        splits: what the dataset gave.
        encoded: the same, encoded.
        language: "python" or "r"; R splits words by ASCII's punctuation alone.

    Raises:
        SeqclfError: what the dataset gave cannot be said in a script.
    """
    from seqclf.encoding.words import WordEncoder

    given = {"train": splits.train, "test": splits.test, "validation": splits.validation}
    present = {name: split for name, split in given.items() if split is not None}
    if any(split.weights is not None for split in present.values()):
        raise SeqclfError(
            f"the examples of dataset '{config.data}' have weights of their own, "
            "which scripts do not write"
        )
    encoder = encoded.encoder
    if language == "r" and features_of(encoder):
        raise SeqclfError(
            f"'{config.data}' has numeric series, which are not written for R",
            hint="--language python can",
        )
    own = encoder if isinstance(encoder, WordEncoder) else None
    rule = None if own is None else _rule_of(own, language)
    texts = all(split.ids is None and split.series is None for split in present.values())
    holds: Holds = "series" if features_of(encoder) else "ids"
    words: tuple[str, ...] = ()
    if own is not None and texts:
        rule = _training_rule(own, config, present, language)
        holds = "ids" if rule is None else "texts"
    elif own is not None and rule is not None:
        words = own.words
    if holds != "texts":
        present = {name: _as_sequences(split, encoder) for name, split in present.items()}
    multilabel = dataset.kind == "multilabel"
    data = FileData(holds, present, dataset.labels, multilabel, words, features_of(encoder))
    validation: Validation = "own" if splits.validation is not None else "end of training"
    if encoded.validation is None:
        validation = "none"
    tested = encoded.test is not None
    return Material(data, validation, tested, rule, _notes(holds, rule, own is not None))


def _notes(holds: Holds, rule: WordRule | None, words: bool) -> tuple[str, ...]:
    if rule is not None:
        return ()
    if holds == "series":
        return ("the script's data are the numbers that the network reads, standardised or not",)
    if words:
        return (
            "the script cannot encode raw text: R splits some of the texts' words in other "
            "places, so its data are token ids; --language python can",
        )
    return ("the script cannot encode raw text: its data are token ids",)


def _as_sequences(split: Split, encoder: Encoder | None) -> Split:
    """Encode a split as a whole, also what a run leaves out."""
    if split.ids is not None or split.series is not None:
        return split
    from seqclf.encoding.store import encode_in_chunks

    assert encoder is not None
    assert split.texts is not None
    encoded = encode_in_chunks(encoder, split.texts, cache_folder())
    if features_of(encoder):
        return replace(split, series=encoded)
    return replace(split, ids=encoded)


def _training_rule(
    encoder: WordEncoder, config: RunConfig, splits: Mapping[str, Split], language: str
) -> WordRule | None:
    """Give the rule for words ranked by the training texts; None where R cannot follow it."""
    plain = Splitting(lowercase=encoder.splitting.lowercase)
    splitting = encoder.splitting
    # Only texts beyond ASCII can tell the rules apart.
    beyond = (text for text in _texts(splits) if not text.isascii())
    if all(plain.words(text) == splitting.words(text) for text in beyond):
        splitting = plain
    elif language == "r":
        return None
    min_count = config.tokenizer_options.get("min_count", 1)
    return WordRule(
        "training", config.num_words, config.skip_top, splitting=splitting, min_count=min_count
    )


def _texts(splits: Mapping[str, Split]) -> Iterator[str]:
    for split in splits.values():
        yield from split.texts or ()


def _rule_of(encoder: WordEncoder, language: str) -> WordRule | None:
    """Give the rule of a dataset's own encoder; None where R cannot follow it."""
    if language == "r" and not _is_plain(encoder.splitting):
        return None
    return WordRule(
        "file",
        encoder.num_words,
        encoder.skip_top,
        encoder.start_char,
        encoder.oov_char,
        encoder.index_from,
        encoder.drop_unlisted,
        splitting=encoder.splitting,
    )


def _is_plain(splitting: Splitting) -> bool:
    return splitting.normalize == "off" and splitting.punctuation == "ascii"


def absolute(path: str | None) -> Path | None:
    """Give a folder's absolute path, or None."""
    return None if path is None else Path(os.path.abspath(path))

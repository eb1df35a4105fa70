"""Where a script's examples come from: Keras' own datasets, or plain files beside the script."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from seqclf.contracts import Dataset, LoadContext, RunConfig, Split
from seqclf.errors import DataError

if TYPE_CHECKING:
    from seqclf.encoding.words import WordEncoder

Validation = Literal["none", "end of training", "own"]
"""Where the examples come from on which epochs are compared."""

CSV_FIELD = 131_072
"""Python's csv module reads no longer fields, unless it is told to."""


@dataclass(frozen=True)
class WordRule:
    """How words become ids; the fields of `WordEncoder`.

    Args:
        source: where the words' ranks come from: "training" texts, "keras" (its own word index),
            a "file" of words beside the script, or "index", a JSON file of ranks.
        path: the JSON file; for "keras" its module below `keras.datasets`.
    """

    source: Literal["training", "keras", "file", "index"]
    num_words: int
    skip_top: int = 0
    start_char: int | None = 1
    oov_char: int | None = 2
    index_from: int = 3
    drop_unlisted: bool = False
    path: str = ""


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
class FileData:
    """Examples in CSV files beside the script.

    Args:
        holds: "texts", or "ids" separated by blanks.
        splits: "train", "test", "validation" to examples, whole: nothing limited or held out.
        labels: the class names.
        multilabel: whether an example has a column a class instead of a class name.
        words: the vocabulary, the most frequent word first, for `WordRule.source` "file".
    """

    holds: Literal["texts", "ids"]
    splits: Mapping[str, Split]
    labels: tuple[str, ...]
    multilabel: bool
    words: tuple[str, ...] = field(default=(), repr=False)

    def rows(self, name: str) -> Iterator[list[str]]:
        """Give the lines of a split's file as fields, the header first."""
        split = self.splits[name]
        first = "text" if self.holds == "texts" else "ids"
        yield [first, *self.labels] if self.multilabel else [first, "label"]
        for number, label in enumerate(split.labels.tolist()):
            said = map(str, label) if self.multilabel else [self.labels[label]]
            yield [self._example(split, number), *said]

    def _example(self, split: Split, number: int) -> str:
        if self.holds == "texts":
            assert split.texts is not None
            return split.texts[number]
        assert split.ids is not None
        return " ".join(map(str, split.ids[number].tolist()))

    @property
    def longest(self) -> int:
        """The length of the longest example as it is written."""
        return max(
            (
                len(self._example(split, n))
                for split in self.splits.values()
                for n in range(len(split))
            ),
            default=0,
        )

    def texts(self, stem: str) -> dict[str, str]:
        """Give each file's name and text; the names begin with `stem`."""
        files = {}
        for name in self.splits:
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(self.rows(name))
            files[f"{stem}_{name}.csv"] = text.getvalue()
        if self.words:
            lines = (re.sub(r"\s", " ", word) + "\n" for word in self.words)
            files[f"{stem}_words.txt"] = "".join(lines)
        return files


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


def file_material(dataset: Dataset, config: RunConfig, splits: Any, encoder_class: Any) -> Material:
    """Say what the files beside the script hold: texts where the script can encode them, else ids.

    Args:
        dataset: whose examples they are.
        config: the run's settings.
        splits: what the dataset gave.
        encoder_class: the encoder for its texts.

    Raises:
        DataError: what the dataset gave does not fit, as in a run.
    """
    from seqclf.encoding.encode import encode_splits
    from seqclf.encoding.words import WordEncoder

    encoded = encode_splits(
        splits,
        config,
        dataset.kind,
        len(dataset.labels),
        encoder_class=encoder_class,
        own_encoder=encoder_class.name == dataset.encoder,
    )
    given = {"train": splits.train, "test": splits.test, "validation": splits.validation}
    present = {name: split for name, split in given.items() if split is not None}
    texts = all(split.ids is None for split in present.values())
    if texts and encoder_class is WordEncoder:
        rule: WordRule | None = WordRule("training", config.num_words, config.skip_top)
        data = FileData("texts", present, dataset.labels, dataset.kind == "multilabel")
        notes: tuple[str, ...] = ()
    else:
        encoder = encoded.encoder
        own = encoder if isinstance(encoder, WordEncoder) else None
        rule = None if own is None else _rule_of(own)
        ids = {name: _as_ids(split, encoder) for name, split in present.items()}
        words = () if own is None else own.words
        data = FileData("ids", ids, dataset.labels, dataset.kind == "multilabel", words)
        notes = () if own else ("the script cannot encode raw text: its data are token ids",)
    validation: Validation = "own" if splits.validation is not None else "end of training"
    if encoded.validation is None:
        validation = "none"
    return Material(data, validation, encoded.test is not None, rule, notes)


def _as_ids(split: Split, encoder: Any) -> Split:
    return split if split.ids is not None else Split(split.labels, ids=encoder.encode(split.texts))


def _rule_of(encoder: WordEncoder) -> WordRule:
    return WordRule(
        "file",
        encoder.num_words,
        encoder.skip_top,
        encoder.start_char,
        encoder.oov_char,
        encoder.index_from,
        encoder.drop_unlisted,
    )


def absolute(path: str | None) -> Path | None:
    """Give a folder's absolute path, or None."""
    return None if path is None else Path(os.path.abspath(path))

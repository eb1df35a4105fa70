"""From a dataset's splits to encoded ones: hold out validation, fit the encoder, encode."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from seqclf.contracts import (
    Encoder,
    Kind,
    Progress,
    Ragged,
    RunConfig,
    Split,
    Splits,
    encoder_options,
    features_of,
)
from seqclf.encoding.store import encode_in_chunks
from seqclf.errors import DataError, SeqclfError, UsageError, described

SPLITS = ("train", "validation", "test")
MANY = 5000
"""Texts that take long enough to encode for progress to be told."""

_SPOKEN = {"train": "training", "validation": "validation", "test": "test"}


@dataclass(frozen=True)
class Encoded:
    """Splits as token ids or series.

    Args:
        train: what is learned from.
        validation: what epochs are compared on, or None.
        test: what the result is judged by, or None.
        encoder: what encodes raw text the same way, or None.
    """

    train: Split
    validation: Split | None
    test: Split | None
    encoder: Encoder | None


def _ignore(*_: object) -> None:
    return None


def encode_splits(
    splits: Splits,
    config: RunConfig,
    kind: Kind,
    classes: int,
    *,
    encoder_class: type[Encoder] | None = None,
    encoder: Encoder | None = None,
    own_encoder: bool = True,
    wanted: Collection[str] = SPLITS,
    folder: Path | None = None,
    progress: Progress = _ignore,
) -> Encoded:
    """Limit, hold out, fit and encode.

    The last `validation_split` of the training examples is held out, as Keras
    and R do: `floor(n * (1 - validation_split))` examples remain. An encoder is
    fitted on those that remain, never on validation or test texts. Texts are encoded some
    thousands at a time; what does not fit well in memory goes to temporary files.

    Args:
        splits: what the dataset gave.
        config: `limit`, `validation_split`, `num_words`, `skip_top` and `tokenizer_options`
            are used.
        kind: binary, multiclass or multilabel.
        classes: how many classes there are.
        encoder_class: fitted where the dataset gives texts.
        encoder: a fitted one, used in place of `encoder_class`.
        own_encoder: whether the encoder is the dataset's; another one needs texts.
        wanted: which of `SPLITS` to encode; the others stay texts.
        folder: where temporary files go; the system's folder for them by default.
        progress: called with (what, texts encoded, texts there are).

    Raises:
        UsageError: another tokenizer is asked for, or options of one, but the dataset gives ids.
        DataError: an empty split, a label or an id out of range.
    """
    for name in SPLITS:
        _check_counts(getattr(splits, name), name, config.data)
    train = _limited(splits.train, config.limit)
    validation = splits.validation
    if validation is None and config.validation_split > 0:
        train, validation = hold_out(train, config.validation_split)
        if not len(validation):
            validation = None
    if not len(train):
        raise DataError(
            "no training examples are left",
            hint="raise --limit or lower --validation-split",
        )
    test = None if splits.test is None else _limited(splits.test, config.limit)
    if test is not None and not len(test):
        test = None
    if train.texts is None or train.ids is not None:
        if not own_encoder or _asked_of(encoder_class, config):
            raise UsageError(
                f"dataset '{config.data}' gives token ids, not texts, so that "
                f"--tokenizer {config.tokenizer} has nothing to do",
                hint="leave --tokenizer and -t out",
            )
        encoder = splits.encoder
    elif encoder is None and encoder_class is not None:
        if len(train) >= MANY:
            progress("learning the vocabulary", 0, len(train))
        encoder = _fitted(encoder_class, train.texts, config)
    parts: dict[str, Split | None] = {"train": train, "validation": validation, "test": test}
    for name, split in parts.items():
        if split is None or name not in wanted:
            continue
        tell = partial(progress, f"encoding the {_SPOKEN[name]} texts")
        encoded = _encode(split, encoder, folder, tell if len(split) >= MANY else _ignore)
        parts[name] = encoded
        # What is held out of the training examples is still the training split to its author.
        held_out = name == "validation" and splits.validation is None
        spoken = _SPOKEN["train" if held_out else name]
        _check(encoded, spoken, config, kind, classes, features_of(encoder))
    return Encoded(parts["train"] or train, parts["validation"], parts["test"], encoder)


def _asked_of(encoder_class: type[Encoder] | None, config: RunConfig) -> bool:
    """Tell whether options of the tokenizer differ from its defaults."""
    if encoder_class is None:
        return False
    usual = {option.name: option.default for option in encoder_options(encoder_class)}
    return {**usual, **config.tokenizer_options} != usual


def _check_counts(split: Split | None, name: str, dataset: str) -> None:
    if split is None:
        return
    given = split.texts if split.ids is None else split.ids
    if given is not None and len(given) != len(split.labels):
        what = "texts" if split.ids is None else "sequences"
        raise DataError(
            f"the {name} split of dataset '{dataset}' has {len(given)} {what} but "
            f"{len(split.labels)} labels"
        )


def _fitted(encoder_class: type[Encoder], texts: Sequence[str], config: RunConfig) -> Encoder:
    sizes = {"num_words": config.num_words, "skip_top": config.skip_top}
    try:
        fitted = encoder_class.fit(texts, **sizes, **config.tokenizer_options)
    except SeqclfError:
        raise
    except (Exception, SystemExit) as error:
        told = described(error)
        raise SeqclfError(
            f"tokenizer '{encoder_class.name}' could not be fitted: {told}"
        ) from error
    if not hasattr(fitted, "encode"):
        raise SeqclfError(
            f"tokenizer '{encoder_class.name}': fit() gave {type(fitted).__name__}, which cannot "
            "encode",
            hint="its author returns an object of the class",
        )
    return fitted


def hold_out(train: Split, validation_split: float) -> tuple[Split, Split]:
    """Split the end off, as Keras' and R's `validation_split` does."""
    kept = math.floor(len(train) * (1 - validation_split))
    return train.rows(0, kept), train.rows(kept, len(train))


def _limited(split: Split, limit: int | None) -> Split:
    return split if limit is None else split.rows(0, min(limit, len(split)))


def _encode(
    split: Split,
    encoder: Encoder | None,
    folder: Path | None,
    progress: Callable[[int, int], None],
) -> Split:
    if split.ids is not None or split.series is not None:
        return split
    if encoder is None or split.texts is None:
        raise DataError("the dataset gives neither token ids nor texts")
    progress(0, len(split))
    try:
        encoded = encode_in_chunks(encoder, split.texts, folder, progress)
    except SeqclfError:
        raise
    except (Exception, SystemExit) as error:
        raise SeqclfError(
            f"tokenizer '{encoder.name}' could not encode: {described(error)}"
        ) from error
    if features_of(encoder):
        return replace(split, series=encoded)
    return replace(split, ids=encoded)


def _check(
    split: Split, name: str, config: RunConfig, kind: Kind, classes: int, features: int
) -> None:
    labels = np.asarray(split.labels)
    sequences = split.sequences
    where = f"the {name} split of dataset '{config.data}'"
    if len(sequences) != len(labels):
        raise DataError(f"{where} has {len(sequences)} sequences but {len(labels)} labels")
    wanted = (len(labels), classes) if kind == "multilabel" else (len(labels),)
    if labels.shape != wanted:
        raise DataError(f"{where} has labels of shape {labels.shape}, expected {wanted}")
    highest = 1 if kind == "multilabel" else classes - 1
    _check_numbers(labels, highest, f"{where}: the labels", "give class numbers")
    if split.series is not None:
        _check_series(split.series, features, where)
        return
    hint = "raise --num-words, or let the dataset heed context.num_words"
    _check_numbers(sequences.values, config.num_words - 1, f"{where}: the token ids", hint)


def _check_series(series: Ragged, features: int, where: str) -> None:
    if not features:
        raise DataError(
            f"{where} gives series without an encoder that says how many features they have",
            hint="its author gives texts, or Splits(encoder=...) with an attribute `features`",
        )
    if series.values.dtype != np.float32 or series.values.shape[1:] != (features,):
        raise DataError(
            f"{where}: series must be float32 of shape (steps, {features}), not "
            f"{series.values.dtype} of shape {series.values.shape}"
        )


def _check_numbers(values: np.ndarray, highest: int, what: str, hint: str) -> None:
    if values.dtype.kind not in "iub":
        raise DataError(f"{what} must be whole numbers, not {values.dtype}", hint=hint)
    if not values.size:
        return
    for value in (values.min(), values.max()):
        if not 0 <= value <= highest:
            raise DataError(f"{what} must be from 0 to {highest}, not {value}", hint=hint)

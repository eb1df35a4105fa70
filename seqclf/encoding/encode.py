"""From a dataset's splits to encoded ones: hold out validation, fit the encoder, encode."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seqclf.contracts import Encoder, Kind, Ragged, RunConfig, Split, Splits
from seqclf.errors import DataError, SeqclfError, UsageError, described


@dataclass(frozen=True)
class Encoded:
    """Splits as token ids.

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


def encode_splits(
    splits: Splits,
    config: RunConfig,
    kind: Kind,
    classes: int,
    *,
    encoder_class: type[Encoder] | None = None,
    encoder: Encoder | None = None,
    own_encoder: bool = True,
) -> Encoded:
    """Limit, hold out, fit and encode.

    The last `validation_split` of the training examples is held out, as Keras
    and R do: `floor(n * (1 - validation_split))` examples remain. An encoder is
    fitted on those that remain, never on validation or test texts.

    Args:
        splits: what the dataset gave.
        config: `limit`, `validation_split`, `num_words`, `skip_top` and `tokenizer_options`
            are used.
        kind: binary, multiclass or multilabel.
        classes: how many classes there are.
        encoder_class: fitted where the dataset gives texts.
        encoder: a fitted one, used in place of `encoder_class`.
        own_encoder: whether the encoder is the dataset's; another one needs texts.

    Raises:
        UsageError: another tokenizer is asked for, or options of one, but the dataset gives ids.
        DataError: an empty split, a label or an id out of range.
    """
    for name in ("train", "validation", "test"):
        _check_counts(getattr(splits, name), name, config.dataset)
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
    if train.ids is not None:
        if not own_encoder or config.tokenizer_options:
            raise UsageError(
                f"dataset '{config.dataset}' gives token ids, not texts, so that "
                f"--tokenizer {config.tokenizer} has nothing to do",
                hint="leave --tokenizer and -t out",
            )
        encoder = splits.encoder
    elif encoder is None and encoder_class is not None:
        encoder = _fitted(encoder_class, train.texts or (), config)
    named = {"training": train, "validation": validation, "test": test}
    encoded = {
        name: None if split is None else _encode(split, encoder) for name, split in named.items()
    }
    # What is held out of the training examples is still the training split to its author.
    called = {"validation": "training" if splits.validation is None else "validation"}
    for name, split in encoded.items():
        if split is not None:
            _check(split, called.get(name, name), config, kind, classes)
    trained = encoded["training"]
    assert trained is not None
    return Encoded(trained, encoded["validation"], encoded["test"], encoder)


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


def _encode(split: Split, encoder: Encoder | None) -> Split:
    if split.ids is not None:
        return split
    if encoder is None or split.texts is None:
        raise DataError("the dataset gives neither token ids nor texts")
    try:
        ids = encoder.encode(split.texts)
    except SeqclfError:
        raise
    except (Exception, SystemExit) as error:
        raise SeqclfError(
            f"tokenizer '{encoder.name}' could not encode: {described(error)}"
        ) from error
    if not isinstance(ids, Ragged):
        raise SeqclfError(
            f"tokenizer '{encoder.name}': encode() gave {type(ids).__name__}, not seqclf.Ragged",
            hint="seqclf.Ragged.from_lists makes one of lists of ids",
        )
    return Split(split.labels, split.texts, ids)


def _check(split: Split, name: str, config: RunConfig, kind: Kind, classes: int) -> None:
    labels = np.asarray(split.labels)
    ids = split.ids
    assert isinstance(ids, Ragged)
    where = f"the {name} split of dataset '{config.dataset}'"
    if len(ids) != len(labels):
        raise DataError(f"{where} has {len(ids)} sequences but {len(labels)} labels")
    wanted = (len(labels), classes) if kind == "multilabel" else (len(labels),)
    if labels.shape != wanted:
        raise DataError(f"{where} has labels of shape {labels.shape}, expected {wanted}")
    highest = 1 if kind == "multilabel" else classes - 1
    _check_numbers(labels, highest, f"{where}: the labels", "give class numbers")
    hint = "raise --num-words, or let the dataset heed context.num_words"
    _check_numbers(ids.values, config.num_words - 1, f"{where}: the token ids", hint)


def _check_numbers(values: np.ndarray, highest: int, what: str, hint: str) -> None:
    if values.dtype.kind not in "iub":
        raise DataError(f"{what} must be whole numbers, not {values.dtype}", hint=hint)
    if not values.size:
        return
    for value in (values.min(), values.max()):
        if not 0 <= value <= highest:
            raise DataError(f"{what} must be from 0 to {highest}, not {value}", hint=hint)

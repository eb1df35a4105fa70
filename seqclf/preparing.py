"""From a planned run to what a network is built for and learns from: load, encode, settle."""

from __future__ import annotations

import contextlib
import dataclasses
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from seqclf.contracts import (
    KINDS,
    Dataset,
    LoadContext,
    Note,
    Ragged,
    RunConfig,
    Split,
    Splits,
    check_kinds,
    features_of,
    reads,
)
from seqclf.errors import SeqclfError, UsageError, described, file_of
from seqclf.events import DataReady, Listener, Noted, Progressed, Working
from seqclf.paths import cache_folder
from seqclf.planning import Plan

if TYPE_CHECKING:
    import numpy as np

    from seqclf.encoding.encode import Encoded
    from seqclf.encoding.vectors import Vectors
    from seqclf.task import Task

COVERED = 0.95
"""The share of the training texts that `maxlen="auto"` leaves whole."""

IDS_AT_ONCE = 2**24
"""Token ids that are counted together."""

MANY_SPACELESS = 0.1
"""A share of letters of scripts without spaces that is worth a word."""


@dataclass(frozen=True)
class Prepared:
    """A run whose data are encoded and whose settings are final.

    Args:
        plan: the settled run; `maxlen` is a number, the dataset has its classes.
        encoded: the splits and the encoder.
        vectors: pretrained vectors, or None.
        fingerprint: a sha256 of the data.
    """

    plan: Plan
    encoded: Encoded
    vectors: Vectors | None
    fingerprint: str

    def task(self, note: Note) -> Task:
        """Give what an architecture needs to know; `note` takes its sentences."""
        from seqclf.task import Task

        config, dataset = self.plan.config, self.plan.dataset
        encoder = self.encoded.encoder
        return Task(
            dataset.kind,
            dataset.labels,
            config.num_words,
            config.steps,
            tuple(getattr(encoder, "words_by_id", ())),
            features=features_of(encoder),
            vectors=None if self.vectors is None else self.vectors.matrix,
            freeze=config.freeze,
            note=note,
        )


def prepare(plan: Plan, emit: Listener) -> Prepared:
    """Load the dataset and settle what only the data can say.

    Args:
        plan: what `seqclf.planning.plan` settled.
        emit: told of what is going on.

    Raises:
        SeqclfError: the data cannot be had, or do not fit the settings.
    """
    emit(Working(f"loading {plan.config.data}"))
    splits = load_splits(plan.dataset, plan.config, emit)
    return prepare_splits(plan, splits, emit)


def prepare_splits(plan: Plan, splits: Splits, emit: Listener) -> Prepared:
    """Encode splits and settle what only they can say: classes, `maxlen`, vectors, weights.

    Raises:
        SeqclfError: the data do not fit the settings.
    """
    from seqclf.encoding.encode import encode_splits

    options = {**plan.config.dataset_options, **splits.options}
    config = dataclasses.replace(plan.config, dataset_options=options)
    plan = dataclasses.replace(plan, config=config, dataset=with_classes(plan.dataset, splits))
    check_kinds(plan.metrics, plan.dataset.kind, plan.config.data)
    _check_weights(plan)
    _note_scripts(plan, splits.train, emit)
    encoded = encode_splits(
        splits,
        plan.config,
        plan.dataset.kind,
        len(plan.dataset.labels),
        encoder_class=plan.encoder,
        own_encoder=plan.config.tokenizer == plan.dataset.encoder_with(plan.config.dataset_options),
        folder=cache_folder(),
        progress=lambda what, done, total: emit(Progressed(what, done, total)),
    )
    config = _settled_maxlen(plan.config, encoded.train.sequences, emit)
    plan = dataclasses.replace(plan, config=config)
    _note_padding(plan, encoded.train.sequences, emit)
    plan, vectors = _with_vectors(plan, encoded, emit)
    if config.class_weight == "balanced":
        encoded = dataclasses.replace(encoded, train=_balanced(encoded.train, plan.dataset.labels))
    emit(_data_ready(plan, encoded))
    return Prepared(plan, encoded, vectors, splits.fingerprint)


def load_splits(
    dataset: Dataset, config: RunConfig, emit: Listener, *, classes: tuple[str, ...] = ()
) -> Splits:
    """Load a dataset as a run's settings want it; notes and progress become events.

    Args:
        dataset: what to load.
        config: the run's settings.
        emit: told of what is going on.
        classes: those that a run has learned, where the examples are only to judge it by.

    Raises:
        SeqclfError: the dataset says so, or its function fails.
    """
    data_dir = config.data_dir
    context = LoadContext(
        cache_dir=cache_folder(),
        data_dir=None if data_dir is None else Path(data_dir),
        num_words=config.num_words,
        skip_top=config.skip_top,
        classes=classes,
        note=lambda sentence: emit(Noted(sentence)),
        progress=lambda what, done, total: emit(Progressed(what, done, total)),
    )
    try:
        with contextlib.redirect_stdout(sys.stderr):
            splits = dataset.load(context, **config.dataset_options)
    except SeqclfError:
        raise
    except (Exception, SystemExit) as error:
        told = described(error, file_of(dataset.load))
        raise SeqclfError(f"dataset '{dataset.name}' could not be loaded: {told}") from error
    if not isinstance(splits, Splits):
        raise SeqclfError(f"dataset '{dataset.name}' gave {splits!r}, not seqclf.Splits")
    return splits


def with_classes(dataset: Dataset, splits: Splits) -> Dataset:
    """Give a dataset with the class names and the kind that its data say, where they do.

    Raises:
        SeqclfError: the class names or the kind are not said, or cannot be.
    """
    told = dataset.described(splits)
    labels = told.labels
    wrong = ""
    if not all(isinstance(label, str) for label in labels):
        wrong = f"names the classes {labels!r}, which are not all texts"
    elif len(set(labels)) < len(labels):
        twice = next(label for label in labels if labels.count(label) > 1)
        wrong = f"names the class '{twice}' twice"
    elif len(labels) < 2:
        wrong = f"names only the class '{labels[0]}'" if labels else "names no classes"
    elif told.kind not in KINDS:
        wrong = f"is of the kind {told.kind!r}, not one of {', '.join(KINDS)}"
    elif told.kind == "binary" and len(labels) > 2:
        wrong = f"is binary, but names {len(labels)} classes"
    if wrong:
        raise SeqclfError(
            f"dataset '{dataset.name}' {wrong}",
            hint="its author gives them by @seqclf.dataset(labels=, kind=) or by "
            "seqclf.Splits(labels=, kind=)",
        )
    return told


def _check_weights(plan: Plan) -> None:
    if plan.config.class_weight is not None and plan.dataset.kind == "multilabel":
        raise UsageError(
            "--class-weight weighs examples by their one class, but here a text has several labels",
            hint="leave it out",
        )


def _balanced(train: Split, labels: tuple[str, ...]) -> Split:
    """Weigh examples so that all classes count alike: n / (classes * n of the class).

    Source:
        scikit-learn's `compute_class_weight("balanced")`; King & Zeng (2001), Logistic
        regression in rare events data.
    """
    import numpy as np

    counts = np.bincount(train.labels, minlength=len(labels))
    weights = len(train) / (len(labels) * np.maximum(counts, 1)[train.labels])
    if train.weights is not None:
        weights = weights * train.weights
    return dataclasses.replace(train, weights=weights.astype(np.float32))


def _note_scripts(plan: Plan, train: Split, emit: Listener) -> None:
    """Say where words cannot be told apart by blanks."""
    from seqclf.encoding.scripts import share_without_spaces

    if plan.config.tokenizer != "word" or train.texts is None:
        return
    share = share_without_spaces(train.texts)
    if share >= MANY_SPACELESS:
        emit(
            Noted(
                f"{share:.0%} of the letters belong to scripts without spaces, where words cannot "
                "be told apart by blanks; use --tokenizer char or --tokenizer subword"
            )
        )


def _settled_maxlen(config: RunConfig, sequences: Ragged, emit: Listener) -> RunConfig:
    if config.maxlen != "auto":
        return config
    lengths = sequences.lengths
    maxlen = covering_length(lengths)
    whole = f"{float((lengths <= maxlen).mean()):.1%}".replace("%", " %")
    emit(
        Noted(
            f"maxlen is {maxlen} (auto: it leaves 95 % of the training texts whole or more, here "
            f"{whole}); the longest has {int(lengths.max()):,} steps"
        )
    )
    return dataclasses.replace(config, maxlen=maxlen)


def covering_length(lengths: np.ndarray) -> int:
    """Give the shortest length that leaves `COVERED` of the sequences whole; at least 1.

    Example:
        >>> import numpy as np
        >>> covering_length(np.arange(1, 101))
        95
    """
    import numpy as np

    ordered = np.sort(lengths)
    return max(1, int(ordered[math.ceil(COVERED * len(ordered)) - 1]))


def _note_padding(plan: Plan, sequences: Ragged, emit: Listener) -> None:
    """Warn where a recurrent layer would read mostly zeros last."""
    config = plan.config
    if config.padding == "pre" or config.params.get("mask_zero"):
        return
    padded = 1 - float((sequences.lengths.clip(max=config.steps) / config.steps).mean())
    emit(
        Noted(
            f"padding=post without a mask: {padded:.0%} of what a recurrent layer reads are zeros, "
            "and it reads them last; add --mask (-p mask_zero=true), or leave --padding at pre"
        )
    )


def _with_vectors(plan: Plan, encoded: Encoded, emit: Listener) -> tuple[Plan, Vectors | None]:
    """Read the pretrained vectors; the option `embedding_dim` then says their length."""
    config, encoder = plan.config, encoded.encoder
    if config.vectors is None:
        return plan, None
    words = tuple(getattr(encoder, "words_by_id", ()))
    if not words or reads(encoder) != "text":
        raise UsageError(
            f"--vectors looks words up, but nobody knows the word of a token id of '{config.data}'",
            hint="leave --vectors out, or use a dataset of texts with --tokenizer word",
        )
    if all(len(word) <= 1 for word in words):
        raise UsageError(
            f"--vectors looks words up, but --tokenizer {config.tokenizer} gives single characters",
            hint="leave one of the two out",
        )
    from seqclf.encoding.vectors import read_vectors

    emit(Working(f"reading {Path(config.vectors).name}"))
    vectors = read_vectors(
        Path(config.vectors),
        words,
        counts=_counts(encoded.train.sequences.values, len(words)).tolist(),
        note=lambda sentence: emit(Noted(sentence)),
    )
    asked = config.params.get("embedding_dim")
    if asked is None or asked == vectors.dim:
        return plan, vectors
    if "params.embedding_dim" in plan.sources:
        raise UsageError(
            f"-p embedding_dim={asked} does not fit {Path(config.vectors).name}, whose vectors "
            f"have {vectors.dim} numbers",
            hint="leave -p embedding_dim out",
        )
    emit(Noted(f"embedding_dim is {vectors.dim}, as the vectors have it"))
    config = dataclasses.replace(config, params={**config.params, "embedding_dim": vectors.dim})
    return dataclasses.replace(plan, config=config), vectors


def _counts(ids: np.ndarray, num_words: int) -> np.ndarray:
    """Count how often each id occurs; the ids may lie on disk."""
    import numpy as np

    counts = np.zeros(num_words, np.int64)
    for start in range(0, len(ids), IDS_AT_ONCE):
        counts += np.bincount(ids[start : start + IDS_AT_ONCE], minlength=num_words)
    return counts


def _data_ready(plan: Plan, encoded: Encoded) -> DataReady:
    lengths = encoded.train.sequences.lengths
    return DataReady(
        train=len(encoded.train),
        validation=len(encoded.validation) if encoded.validation else 0,
        test=len(encoded.test) if encoded.test else 0,
        labels=plan.dataset.labels,
        mean_length=float(lengths.mean()),
        cut=float((lengths > plan.config.steps).mean()),
        reads="series" if encoded.train.series is not None else reads(encoded.encoder),
    )

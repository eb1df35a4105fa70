"""From a planned run to what a network is built for and learns from: load, encode, settle."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from seqclf.contracts import (
    KINDS,
    Dataset,
    LoadContext,
    Note,
    RunConfig,
    Splits,
    check_kinds,
    features_of,
    reads,
)
from seqclf.errors import SeqclfError, described, file_of
from seqclf.events import DataReady, Listener, Noted, Progressed, Working
from seqclf.paths import cache_folder
from seqclf.planning import Plan
from seqclf.settling import (
    balanced,
    check_weights,
    note_padding,
    note_scripts,
    settled_maxlen,
    with_vectors,
)

if TYPE_CHECKING:
    from seqclf.encoding.encode import Encoded
    from seqclf.encoding.vectors import Vectors
    from seqclf.task import Task


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
    check_weights(plan)
    note_scripts(plan, splits.train, emit)
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
    config = settled_maxlen(plan.config, encoded.train.sequences, emit)
    plan = dataclasses.replace(plan, config=config)
    note_padding(plan, encoded.train.sequences, emit)
    plan, vectors = with_vectors(plan, encoded, emit)
    if config.class_weight == "balanced":
        encoded = dataclasses.replace(encoded, train=balanced(encoded.train, plan.dataset.labels))
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

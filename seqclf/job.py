"""Doing what was planned: load, encode, build, train, evaluate, save."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqclf.config import to_dict
from seqclf.contracts import (
    KINDS,
    Dataset,
    LoadContext,
    Metric,
    Report,
    RunConfig,
    RunInfo,
    Splits,
    check_kinds,
)
from seqclf.errors import InterruptedRunError, SeqclfError, UsageError, described, file_of
from seqclf.events import (
    DataReady,
    Emitter,
    Evaluated,
    Listener,
    ModelReady,
    Noted,
    Planned,
    Progressed,
    Saved,
    Working,
)
from seqclf.paths import cache_folder
from seqclf.planning import Plan
from seqclf.plugins.listening import HookCaller
from seqclf.registry import Registry
from seqclf.runs.run import Run

if TYPE_CHECKING:
    from seqclf.encoding.encode import Encoded
    from seqclf.task import Task

SPLITS = ("test", "validation", "train")


def execute(plan: Plan, listeners: Sequence[Listener] = ()) -> Run:
    """Do what was planned.

    Args:
        plan: what `seqclf.planning.plan` settled.
        listeners: called with every event.

    Returns:
        The finished run.

    Raises:
        SeqclfError: something failed; what was not worth keeping has been removed.
        InterruptedRunError: Ctrl-C; finished epochs have been kept.
    """
    config = plan.config
    info = RunInfo(plan.folder.name, plan.folder, to_dict(config))
    tell = Emitter(listeners)
    emit = Emitter([*listeners, HookCaller(plan.registry.plugins, info, tell)])
    emit(Planned(info.name, info.folder, config.dataset, config.arch, info.settings, plan.sources))
    emit(Working(f"loading {plan.dataset.name}"))
    splits = load_splits(plan.dataset, config, emit)
    plan = dataclasses.replace(plan, dataset=with_classes(plan.dataset, splits))
    check_kinds(plan.metrics, plan.dataset.kind, config.dataset)
    encoded = _encode(plan, splits)
    emit(_data_ready(plan, encoded))
    from seqclf.training.backend import backend_name, import_keras, make_repeatable

    emit(Working(f"loading Keras on {backend_name()}"))
    keras = import_keras()
    assert config.seed is not None
    make_repeatable(config.seed)
    from seqclf.evaluation.metrics import build_metrics
    from seqclf.task import Task
    from seqclf.training.build import build, compile_model, summarize

    emit(Working("building the model"))
    task = Task(
        plan.dataset.kind,
        plan.dataset.labels,
        config.num_words,
        config.maxlen,
        tuple(getattr(encoded.encoder, "words_by_id", ())),
        note=lambda sentence: emit(Noted(sentence)),
    )
    model = build(plan.architecture, task, config.params)
    compile_model(model, task, config, build_metrics(plan.metrics, task))
    emit(ModelReady(summarize(model), keras.config.backend()))
    return _train_and_save(plan, splits.fingerprint, encoded, model, task, emit)


def load_splits(dataset: Dataset, config: RunConfig, emit: Listener) -> Splits:
    """Load a dataset as a run's settings want it; notes and progress become events.

    Raises:
        SeqclfError: the dataset says so, or its function fails.
    """
    data_dir = config.data_dir
    context = LoadContext(
        cache_dir=cache_folder(),
        data_dir=None if data_dir is None else Path(data_dir),
        num_words=config.num_words,
        skip_top=config.skip_top,
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


def check_classes(dataset: Dataset, run: Run) -> None:
    """Check that a dataset still has the classes that a run learned.

    Raises:
        SeqclfError: it has others.
    """
    if dataset.labels != run.labels:
        raise SeqclfError(
            f"dataset '{dataset.name}' now has the classes {', '.join(dataset.labels)}, "
            f"but run '{run.name}' learned {', '.join(run.labels)}"
        )


def _encode(plan: Plan, splits: Splits) -> Encoded:
    from seqclf.encoding.encode import encode_splits

    return encode_splits(
        splits,
        plan.config,
        plan.dataset.kind,
        len(plan.dataset.labels),
        encoder_class=plan.encoder,
        own_encoder=plan.config.tokenizer == plan.dataset.encoder,
    )


def _data_ready(plan: Plan, encoded: Encoded) -> DataReady:
    assert encoded.train.ids is not None
    lengths = encoded.train.ids.lengths
    return DataReady(
        train=len(encoded.train),
        validation=len(encoded.validation) if encoded.validation else 0,
        test=len(encoded.test) if encoded.test else 0,
        labels=plan.dataset.labels,
        mean_length=float(lengths.mean()),
        cut=float((lengths > plan.config.maxlen).mean()),
    )


def _train_and_save(
    plan: Plan, fingerprint: str, encoded: Encoded, model: Any, task: Task, emit: Listener
) -> Run:
    from seqclf.runs.writer import RunWriter
    from seqclf.training.build import summarize
    from seqclf.training.fit import fit
    from seqclf.training.interrupt import Interrupt

    with RunWriter(plan.folder) as writer:
        writer.begin(plan.config, plan.registry, plan.dataset, plan.sources, fingerprint)
        writer.keep_encoder(encoded.encoder)
        writer.describe(model, encoded.train, encoded.validation)
        with Interrupt(lambda sentence: emit(Noted(sentence))) as interrupt:
            trained = fit(
                model,
                encoded.train,
                encoded.validation,
                plan.config,
                Emitter([emit, writer.hear]),
                lambda: interrupt.requested,
            )
        if not trained.history.epochs:
            raise InterruptedRunError("interrupted before the first epoch ended; nothing was kept")
        writer.keep_model(model, trained, encoded.test)
        report, interrupted = None, trained.reason == "interrupted"
        if not interrupted and encoded.test is not None:
            try:
                report = _judge(model, "test", encoded, plan.config, task, plan.metrics)
                emit(Evaluated(report))
            except KeyboardInterrupt:
                interrupted = True
        run = writer.finish(summarize(model), trained, report, interrupted)
    emit(Saved(run.name, plan.folder))
    if interrupted:
        raise InterruptedRunError(
            f"interrupted; {len(trained.history.epochs)} of {plan.config.epochs} epochs are kept "
            f"in {plan.folder}",
            hint=f"seqclf evaluate {plan.folder} and seqclf predict {plan.folder} work with it",
        )
    return run


def _judge(
    model: Any,
    split: str,
    encoded: Encoded,
    config: RunConfig,
    task: Task,
    metrics: Sequence[Metric],
) -> Report:
    from seqclf.evaluation.metrics import judge_metrics
    from seqclf.evaluation.predict import predict_probabilities
    from seqclf.evaluation.report import make_report

    chosen = {"test": encoded.test, "validation": encoded.validation, "train": encoded.train}[split]
    if chosen is None or not len(chosen):
        raise UsageError(f"dataset '{config.dataset}' has no {split} split in this run")
    assert chosen.ids is not None
    probabilities = predict_probabilities(model, chosen.ids, config.maxlen, task.kind)
    report = make_report(split, probabilities, chosen.labels, task.labels, task.kind)
    judged = judge_metrics(metrics, task, probabilities, chosen.labels)
    return dataclasses.replace(report, metrics=judged)


def evaluate_run(
    run: Run,
    registry: Registry,
    *,
    split: str = "test",
    data_dir: str | os.PathLike[str] | None = None,
    listeners: Sequence[Listener] = (),
) -> Report:
    """Judge a run by its dataset, encoded as the run encodes.

    Raises:
        UsageError: there is no such split.
        DataError: the data cannot be had.
        PluginUnavailableError: the dataset's plugin is not there.
    """
    from seqclf.encoding.encode import encode_splits

    emit = Emitter(listeners)
    if split not in SPLITS:
        raise UsageError(f"there is no split '{split}'", hint=f"choose {', '.join(SPLITS)}")
    config = run.config
    if data_dir is not None:
        config = dataclasses.replace(config, data_dir=os.fspath(data_dir))
    dataset = registry.dataset(config.dataset)
    metrics = [registry.metric(name) for name in config.metrics]
    emit(Working(f"loading {dataset.name}"))
    splits = load_splits(dataset, config, emit)
    dataset = with_classes(dataset, splits)
    check_classes(dataset, run)
    if splits.fingerprint != run.state.get("data_sha256", splits.fingerprint):
        emit(Noted(f"the data are not those that run '{run.name}' was trained on"))
    encoded = encode_splits(splits, config, dataset.kind, len(dataset.labels), encoder=run.encoder)
    emit(Working("loading the model"))
    model = run.model
    emit(Working(f"evaluating {split}"))
    from seqclf.task import Task

    task = Task(run.kind, run.labels, config.num_words, config.maxlen)
    return _judge(model, split, encoded, config, task, metrics)

"""Doing what was planned: build, train, evaluate, save."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from seqclf.config import to_dict
from seqclf.contracts import (
    FILE_DATASET,
    Dataset,
    Metric,
    Report,
    RunConfig,
    RunInfo,
    Splits,
    features_of,
    reads,
)
from seqclf.errors import InterruptedRunError, SeqclfError, UsageError
from seqclf.events import (
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
from seqclf.preparing import Prepared, load_splits, prepare, with_classes
from seqclf.registry import Registry
from seqclf.runs.run import Run

if TYPE_CHECKING:
    from seqclf.encoding.encode import Encoded
    from seqclf.kernels.choosing import Choice
    from seqclf.task import Task

SPLITS = ("test", "validation", "train")

ROLES_OF_ROWS = ("path", "test", "validation", "split_column", "test_split", "labels", "seed")
"""The options of the dataset `file` that say which rows are for what."""


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
    config, run, folder = plan.config, plan.folder.name, plan.folder
    tell = Emitter(listeners)
    tell(Planned(run, folder, config.data, config.arch, to_dict(config), plan.sources))
    from seqclf.kernels.choosing import check_wanted, choose
    from seqclf.kernels.threads import thread_count
    from seqclf.training.backend import backend_name, import_keras, make_repeatable

    thread_count()  # a wrong number is told before anything slow
    if config.kernel == "fused":
        tell(Working(f"loading Keras on {backend_name()}"))
        import_keras()
        check_wanted(config.kernel)
    prepared = prepare(plan, tell)
    config = prepared.plan.config
    info = RunInfo(run, folder, to_dict(config))
    emit = Emitter([*listeners, HookCaller(plan.registry.plugins, info, tell)])
    emit(Working(f"loading Keras on {backend_name()}"))
    keras = import_keras()
    assert config.seed is not None
    make_repeatable(config.seed)
    from seqclf.evaluation.metrics import build_metrics
    from seqclf.training.build import compile_model, summarize
    from seqclf.training.opening import build_for

    emit(Working("building the model"))
    task = prepared.task(note=lambda sentence: emit(Noted(sentence)))
    model = build_for(plan.architecture, task, config)
    compile_model(model, task, config, build_metrics(plan.metrics, task))
    chosen = choose(model, config.kernel)
    emit(ModelReady(summarize(model), keras.config.backend(), chosen.kernel, chosen.reason))
    if chosen.kernel == "fused":
        from seqclf.kernels.compiling import are_kept
        from seqclf.kernels.hooking import compile_kernels

        known = are_kept()
        emit(Working("loading the kernels" if known else "compiling the kernels for this machine"))
        compile_kernels(model, training=True)
    return _train_and_save(prepared, model, task, chosen, emit)


def check_classes(dataset: Dataset, run: Run) -> None:
    """Check that a dataset still has the classes that a run learned.

    Raises:
        SeqclfError: it has others.
    """
    if dataset.labels != run.labels:
        raise SeqclfError(
            f"dataset '{run.config.data}' now has the classes {', '.join(dataset.labels)}, "
            f"but run '{run.name}' learned {', '.join(run.labels)}"
        )


def _train_and_save(
    prepared: Prepared,
    model: Any,
    task: Task,
    chosen: Choice,
    emit: Listener,
) -> Run:
    from seqclf.runs.writer import RunWriter
    from seqclf.training.build import summarize
    from seqclf.training.fit import fit
    from seqclf.training.interrupt import Interrupt

    plan, encoded = prepared.plan, prepared.encoded
    kernel = chosen.kernel
    with RunWriter(plan.folder, kernel, chosen.reason) as writer:
        writer.begin(plan.config, plan.registry, plan.dataset, plan.sources, prepared.fingerprint)
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
                kernel=kernel,
            )
        if not trained.history.epochs:
            raise InterruptedRunError("interrupted before the first epoch ended; nothing was kept")
        writer.keep_model(model, trained, encoded.train, encoded.test)
        report, interrupted = None, trained.reason == "interrupted"
        if not interrupted and encoded.test is not None:
            try:
                report = _judge(model, kernel, "test", encoded, plan.config, task, plan.metrics)
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
    kernel: Literal["fused", "keras"],
    split: str,
    encoded: Encoded,
    config: RunConfig,
    task: Task,
    metrics: Sequence[Metric],
) -> Report:
    from seqclf.encoding.padding import Padding
    from seqclf.evaluation.metrics import judge_metrics
    from seqclf.evaluation.predict import predict_probabilities
    from seqclf.evaluation.report import make_report

    chosen = {"test": encoded.test, "validation": encoded.validation, "train": encoded.train}[split]
    if chosen is None or not len(chosen):
        raise UsageError(f"dataset '{config.data}' has no {split} split in this run")
    padding = Padding.of(config)
    probabilities = predict_probabilities(
        model, chosen.sequences, padding, task.kind, kernel=kernel
    )
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
    emit = Emitter(listeners)
    if split not in SPLITS:
        raise UsageError(f"there is no split '{split}'", hint=f"choose {', '.join(SPLITS)}")
    config = run.config
    if data_dir is not None:
        config = dataclasses.replace(config, data_dir=os.fspath(data_dir))
    dataset = registry.dataset(config.dataset)
    metrics = [registry.metric(name) for name in config.metrics]
    emit(Working(f"loading {config.data}"))
    splits = load_splits(dataset, config, emit)
    dataset = with_classes(dataset, splits)
    check_classes(dataset, run)
    if splits.fingerprint != run.state.get("data_sha256", splits.fingerprint):
        emit(
            Noted(
                f"the data are not those that run '{run.name}' was trained on; some of its "
                f"{split} examples may be others than they were then"
            )
        )
    return _encode_and_judge(run, split, splits, config, metrics, emit)


def evaluate_file(
    run: Run,
    registry: Registry,
    file: str | os.PathLike[str],
    *,
    options: Mapping[str, Any] | None = None,
    listeners: Sequence[Listener] = (),
) -> Report:
    """Judge a run by a labelled file or folder that it has not been trained on.

    Args:
        run: the run.
        registry: the plugins' things.
        file: what the dataset `file` reads.
        options: options of the dataset `file`; those the run was trained with come before.
        listeners: called with notes and progress.

    Raises:
        UsageError: columns that are not there, or not obvious.
        DataError: the file cannot be read.
    """
    emit = Emitter(listeners)
    dataset = registry.dataset(FILE_DATASET)
    kept = run.config.dataset_options if run.config.dataset == FILE_DATASET else _form_of(run)
    given = {
        **{name: value for name, value in kept.items() if name not in ROLES_OF_ROWS},
        **(options or {}),
        "path": os.path.abspath(file),
        "test_split": 0.0,
        "split_column": "",
        "labels": (),
    }
    config = dataclasses.replace(
        run.config,
        dataset=FILE_DATASET,
        dataset_options=dataset.check_options(given),
        validation_split=0.0,
        limit=None,
    )
    metrics = [registry.metric(name) for name in config.metrics]
    emit(Working(f"loading {config.data}"))
    loaded = load_splits(dataset, config, emit, classes=run.labels)
    check_classes(with_classes(dataset, loaded), run)
    splits = dataclasses.replace(loaded, test=loaded.train, validation=None)
    return _encode_and_judge(run, "test", splits, config, metrics, emit)


def _form_of(run: Run) -> dict[str, Any]:
    """Say what a file for a run must hold whose dataset was none."""
    read = reads(run.encoder)
    options: dict[str, Any] = {"multilabel": run.kind == "multilabel", "ids": read == "ids"}
    return {**options, "series": "wide"} if read == "series" else options


def _encode_and_judge(
    run: Run,
    split: str,
    splits: Splits,
    config: RunConfig,
    metrics: Sequence[Metric],
    emit: Listener,
) -> Report:
    from seqclf.encoding.encode import encode_splits

    encoded = encode_splits(
        splits,
        config,
        run.kind,
        len(run.labels),
        encoder=run.encoder,
        wanted=(split,),
        folder=cache_folder(),
        progress=lambda what, done, total: emit(Progressed(what, done, total)),
    )
    emit(Working("loading the model"))
    model = run.model
    emit(Working(f"evaluating {split} (kernel {run.kernel.kernel})"))
    from seqclf.task import Task

    features = features_of(run.encoder)
    task = Task(run.kind, run.labels, config.num_words, config.steps, features=features)
    return _judge(model, run.kernel.kernel, split, encoded, config, task, metrics)

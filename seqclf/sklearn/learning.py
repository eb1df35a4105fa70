"""The road of a run, for examples that are at hand: settle, encode, build, train."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from seqclf.config import OPTIONS, resolve
from seqclf.contracts import Architecture, Dataset, Encoder, History, RunConfig, Split, Splits
from seqclf.datasets.files.splitting import rarest, row_keys, stratified_order
from seqclf.errors import UsageError
from seqclf.events import EpochEnded, Event, Listener, Noted
from seqclf.planning import Plan
from seqclf.plugins import load_plugins
from seqclf.preparing import prepare
from seqclf.registry import Registry
from seqclf.sklearn.targets import Targets

ORDER_SEED = 113
"""Fixes the order of the examples; the dataset `file` has the same."""


@dataclass(frozen=True)
class Learned:
    """What training left.

    Args:
        model: a `keras.Model`.
        encoder: turns texts into what it reads.
        config: the settled settings.
        history: every epoch's metrics.
        kept: the epoch whose weights the model has, from 1.
    """

    model: Any
    encoder: Encoder
    config: RunConfig
    history: History
    kept: int


def registry_of(plugins: Any) -> Registry:
    """Load the plugins, with these files; what is wrong with others becomes a warning.

    Raises:
        UsageError: `plugins` is no list of files.
        PluginError: a file fails.
    """
    if isinstance(plugins, str | bytes) or not hasattr(plugins, "__iter__"):
        raise UsageError(f"plugins must be a list of files, not {plugins!r}")
    registry = Registry(load_plugins([os.fspath(file) for file in plugins]))
    for complaint in registry.plugins.complaints():
        warn(complaint)
    return registry


def architecture_of(arch: Any, registry: Registry) -> Architecture:
    """Find an architecture by its name, or make a function one.

    Raises:
        UsageError: nobody gives it, or it is no architecture.
        TypeError: a parameter of the function that cannot be an option.
    """
    if isinstance(arch, Architecture):
        return arch
    if isinstance(arch, str):
        return registry.architecture(arch)
    if not callable(arch):
        raise UsageError(
            f"arch must be an architecture's name or a function, not {arch!r}",
            hint="seqclf archs lists the names",
        )
    made = Architecture(getattr(arch, "__name__", type(arch).__name__), "", arch)
    _ = made.options
    return made


def plan(arch: Any, settings: Mapping[str, Any], splits: Splits, registry: Registry) -> Plan:
    """Settle every setting, as `seqclf.planning.plan` does for a run.

    Args:
        arch: an architecture's name, or a function.
        settings: the other fields of `RunConfig`, seed included.
        splits: the examples.
        registry: the plugins' things.

    Raises:
        UsageError: an unknown name, a wrong type, a value out of range.
    """
    architecture = architecture_of(arch, registry)
    encoder = encoder_of(settings["tokenizer"], registry)
    for table in ("params", "tokenizer_options"):
        if not isinstance(settings[table], Mapping):
            raise UsageError(f"{table} must map option names to values, not {settings[table]!r}")
    dataset = Dataset("X", "the examples given to fit", lambda context: splits, origin="file")
    fixed: dict[str, Any] = {"dataset": dataset.name, "arch": architecture.name}
    # A pickled estimator finds its plugin files from any folder.
    fixed["plugins"] = [os.path.abspath(file) for file in settings["plugins"]]
    # The environment's settings are for runs: an estimator's parameters are all there is.
    config, sources = resolve(
        dataset, architecture, encoder=encoder, environ={}, flags={**settings, **fixed}
    )
    return Plan(config, sources, dataset, architecture, encoder, (), Path(), registry)


def encoder_of(tokenizer: Any, registry: Registry) -> type[Encoder]:
    """Find the encoder that a tokenizer's name means; None is words.

    Raises:
        UsageError: nobody gives it.
    """
    return registry.encoder(OPTIONS["tokenizer"].check(tokenizer, "--tokenizer") or "word")


def splits_of(texts: list[str], targets: Targets, weights: np.ndarray | None) -> Splits:
    """Put examples in an order of which every end is stratified; those of weight 0 are left out.

    Args:
        texts: the examples.
        targets: their labels.
        weights: what each counts, or None.

    Example:
        >>> targets = Targets(np.array(["no", "yes"]), np.array([0, 0, 1, 1]), "binary")
        >>> splits_of(["a", "b", "c", "d"], targets, np.array([1, 1, 1, 0])).train.weights.size
        3
    """
    chosen = np.arange(len(texts)) if weights is None else np.flatnonzero(weights > 0)
    labels = targets.labels
    strata = rarest(labels) if targets.kind == "multilabel" else labels
    keys = row_keys(texts, ORDER_SEED)[chosen]
    order = chosen[stratified_order(strata[chosen], keys, ORDER_SEED)]
    train = Split(
        labels[order],
        [texts[row] for row in order.tolist()],
        weights=None if weights is None else weights[order].astype(np.float32),
    )
    return Splits(train, labels=targets.names, kind=targets.kind)


def learn(settled: Plan, emit: Listener) -> Learned:
    """Do what was settled; nothing is written to disk but what large data need meanwhile.

    Raises:
        SeqclfError: something failed.
        KeyboardInterrupt: Ctrl-C; nothing is kept.
    """
    from seqclf.training.backend import import_keras, make_repeatable

    prepared = prepare(settled, emit)
    config = prepared.plan.config
    assert config.seed is not None
    assert prepared.encoded.encoder is not None
    import_keras()
    from seqclf.kernels.choosing import choose
    from seqclf.training.build import compile_model
    from seqclf.training.fit import fit
    from seqclf.training.opening import build_for

    with randomness_kept():
        make_repeatable(config.seed)
        task = prepared.task(note=lambda sentence: emit(Noted(sentence)))
        model = build_for(settled.architecture, task, config)
        compile_model(model, task, config)
        chosen = choose(model, config.kernel)
        encoded = prepared.encoded
        trained = fit(model, encoded.train, encoded.validation, config, emit, kernel=chosen.kernel)
    if trained.reason == "interrupted":
        raise KeyboardInterrupt(f"stopped in epoch {len(trained.history.epochs) + 1}")
    return Learned(model, prepared.encoded.encoder, config, trained.history, trained.kept)


@contextlib.contextmanager
def randomness_kept() -> Iterator[None]:
    """Put the caller's random numbers back as they were: Keras seeds Python's and NumPy's."""
    python, numpy = random.getstate(), np.random.get_state()
    try:
        yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)


def telling(epochs: int, verbose: Any) -> Listener:
    """Make the listener of a fit: notes become warnings, epochs a line each where wanted.

    Args:
        epochs: how many there will be at most.
        verbose: whether epochs are told, on stderr.
    """

    def emit(event: Event) -> None:
        if isinstance(event, Noted):
            warn(event.sentence)
        elif isinstance(event, EpochEnded) and verbose:
            told = ", ".join(f"{name} {value:.4f}" for name, value in event.metrics.items())
            line = f"epoch {event.epoch}/{epochs}: {told} ({event.seconds:.1f} s)"
            print(line, file=sys.stderr, flush=True)

    return emit


def warn(sentence: str) -> None:
    """Warn of something, at the line outside of seqclf that led to it."""
    level, frame = 1, sys._getframe(0)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith("seqclf."):
        level, frame = level + 1, frame.f_back
    warnings.warn(sentence, stacklevel=level)

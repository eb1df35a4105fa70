"""Reading a run back: its files, its encoder, its model, and the plugins these need."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from seqclf.config import OPTIONS, read_settings
from seqclf.contracts import Encoder, Kind, Ragged, Report, RunConfig, features_of
from seqclf.errors import PluginUnavailableError, RunError, SeqclfError, UsageError
from seqclf.plugins import load_plugins
from seqclf.registry import Registry
from seqclf.runs.files import read_json
from seqclf.runs.folder import MODEL, RunState, read_state
from seqclf.runs.golden import Golden, check_golden, check_settings, read_golden
from seqclf.runs.history import read_history
from seqclf.runs.needs import needs_plugin
from seqclf.runs.run import Run, report_from_dict


def open_run(folder: Path, registry: Registry, kernel: str | None = None) -> Run:
    """Read a run's folder; the model is loaded when it is first used.

    Args:
        folder: the run's folder.
        registry: where its encoder is looked up.
        kernel: what shall compute recurrent layers: "auto", "fused" or "keras"; None takes
            SEQCLF_KERNEL, else what the run's settings say, of which "fused" only where it can be.

    Raises:
        UsageError: there is no such kernel.
        RunError: the folder is missing, not whole or damaged.
        PluginUnavailableError: it needs a plugin that is not there.
    """
    asked = None if kernel is None else OPTIONS["kernel"].check(kernel, "--kernel")
    if asked is None and os.environ.get("SEQCLF_KERNEL"):
        asked = OPTIONS["kernel"].check(os.environ["SEQCLF_KERNEL"], "SEQCLF_KERNEL")
    state = read_state(folder)
    if not (folder / MODEL).is_file():
        raise RunError(
            f"run '{state.name}' is not whole: it is {state.status} and has no {MODEL}",
            hint="train it again",
        )
    folder = folder.absolute()
    try:
        config = read_settings(folder / "config.toml")
        described = read_json(folder / "labels.json")
        labels, kind = tuple(described["labels"]), described["kind"]
        encoder = _read_encoder(folder, state, registry, config)
        history = read_history(folder / "history.csv", config.epochs)
        golden = read_golden(folder)
        report = _read_report(folder)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RunError(
            f"run '{state.name}' is damaged: {type(error).__name__}: {error}",
            hint="train it again",
        ) from None
    check_settings(state.name, golden, labels, config)
    wanted = asked or config.kernel_when_loaded
    return Run(
        folder,
        state=state.values,
        config=config,
        labels=labels,
        kind=kind,
        history=history,
        report=report,
        encoder=encoder,
        load_model=lambda: _load_model(folder, state, config, encoder, kind, golden, wanted),
        kernel=wanted,
    )


def _read_encoder(
    folder: Path, state: RunState, registry: Registry, config: RunConfig
) -> Encoder | None:
    described = read_json(folder / "encoder.json")
    if described is None:
        return None
    name = described["encoder"]
    registry = _knowing([("encoder", name)], registry, state, config)
    return registry.encoder(name).from_dict(described["settings"])


def _knowing(
    wanted: Sequence[tuple[str, str]], registry: Registry, state: RunState, config: RunConfig
) -> Registry:
    """Give a registry that has all of these: this one, or one with the run's plugin files.

    Raises:
        RunError: a plugin file of the run is missing or was changed.
        PluginUnavailableError: what would give one of them is not there.
    """
    try:
        for kind, name in wanted:
            registry.find(kind, name)
        return registry
    except (UsageError, PluginUnavailableError):
        known = Registry(load_plugins(_plugin_copies(state.values, config)))
    for kind, name in wanted:
        try:
            known.find(kind, name)
        except (UsageError, PluginUnavailableError) as error:
            record = f"metric {name}" if kind == "metric" else kind
            raise needs_plugin(state, record, f"the {kind} '{name}'") from error
    return known


def _read_report(folder: Path) -> Report | None:
    if not (folder / "metrics.json").is_file():
        return None
    test = read_json(folder / "metrics.json")["test"]
    return None if test is None else report_from_dict(test)


def _load_model(
    folder: Path,
    state: RunState,
    config: RunConfig,
    encoder: Encoder | None,
    kind: Kind,
    golden: Golden,
    kernel: str,
) -> Any:
    """Load the model and check that it still gives the probabilities it gave when saved."""
    from seqclf.encoding.padding import Padding
    from seqclf.evaluation.predict import predict_probabilities
    from seqclf.kernels.choosing import choose
    from seqclf.r.gates import register
    from seqclf.runs.model import custom_objects, load_model
    from seqclf.training.backend import import_keras

    names = custom_objects(folder / MODEL)
    import_keras()
    register()
    if names:
        _provide(names, folder, state, config, encoder)
    model = load_model(folder / MODEL)
    chosen = choose(model, kernel).kernel
    if encoder is not None:
        encoded = encoder.encode(golden.texts)
        if not _fits(encoded, encoder, config):
            raise RunError(f"{folder / 'encoder.json'} does not fit the run's model")
        actual = predict_probabilities(model, encoded, Padding.of(config), kind, kernel=chosen)
        check_golden(state.name, golden.probabilities, actual)
    return model


def _fits(encoded: Ragged, encoder: Encoder, config: RunConfig) -> bool:
    features = features_of(encoder)
    if features:
        return encoded.values.shape[1:] == (features,)
    return not len(encoded.values) or int(encoded.values.max()) < config.num_words


def _provide(
    names: list[str], folder: Path, state: RunState, config: RunConfig, encoder: Encoder | None
) -> None:
    """Make the plugin register the layers a saved model needs.

    Many plugins define their layers only when they build, so the architecture
    is built once and thrown away.
    """
    from seqclf.runs.model import missing_objects
    from seqclf.task import Task

    if not missing_objects(names):
        return
    stored = read_json(folder / "labels.json")
    copies = _plugin_copies(state.values, config)
    try:
        registry = Registry(load_plugins(copies))
        architecture = registry.architecture(config.arch)
        labels = tuple(stored["labels"])
        features = features_of(encoder)
        task = Task(stored["kind"], labels, config.num_words, config.steps, features=features)
        architecture(task, **config.params)
    except SeqclfError as error:
        raise needs_plugin(state, "architecture", f"the layer '{names[0]}'") from error
    missing = missing_objects(names)
    if missing:
        raise needs_plugin(state, "architecture", f"the layer '{missing[0]}'")


def registry_for(run: Run, registry: Registry, *, dataset: bool = True) -> Registry:
    """Give a registry that knows the run's dataset and metrics, if need be by its plugin files.

    Args:
        run: the run.
        registry: where they are looked for first.
        dataset: whether the dataset is wanted.

    Raises:
        RunError: a plugin file of the run is missing or was changed.
        PluginUnavailableError: the plugin of the dataset or of a metric is not there.
    """
    wanted = [("metric", name) for name in run.config.metrics]
    if dataset:
        wanted.insert(0, ("dataset", run.config.dataset))
    return _knowing(wanted, registry, RunState(run.folder, run.state), run.config)


def other_versions(run: Run, registry: Registry) -> list[str]:
    """Say, a sentence each, which of a run's plugins are installed in another version now."""
    installed = {
        plugin.provenance.distribution: plugin.provenance.version
        for plugin in registry.plugins.all
        if plugin.provenance.origin == "entry point"
    }
    return sorted(
        {
            f"run '{run.name}' was trained with {name} {used['version']}; "
            f"{installed[name]} is installed"
            for used in run.state.get("plugins", {}).values()
            if (name := used.get("distribution", "")) in installed
            and used.get("version") != installed[name]
        }
    )


def _plugin_copies(state: Mapping[str, Any], config: RunConfig) -> list[Path]:
    """Give the run's own copies of plugin files, after checking that nobody changed them."""
    import hashlib

    digests = {
        Path(provenance.get("file", "")).stem: provenance["sha256"]
        for provenance in state.get("plugins", {}).values()
        if provenance.get("sha256")
    }
    copies = [Path(path) for path in config.plugins]
    for copy in copies:
        if not copy.is_file():
            raise RunError(f"{copy} is missing", hint="the run is not whole; train it again")
        expected = digests.get(copy.stem)
        if expected and hashlib.sha256(copy.read_bytes()).hexdigest() != expected:
            raise RunError(
                f"{copy} was changed since the run was made",
                hint="put it back as it was, or train again",
            )
    return copies

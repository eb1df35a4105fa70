"""What `seqclf code` is asked to write: a run, or a dataset with settings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from seqclf.code.make import Subject
from seqclf.errors import PluginError, RunError, UsageError, unknown
from seqclf.job import check_classes
from seqclf.loading import open_run
from seqclf.planning import plan
from seqclf.plugins import load_plugins
from seqclf.registry import Registry
from seqclf.runs.folder import STATE, RunState, find_run, list_runs
from seqclf.runs.needs import needs_plugin, plugin_of
from seqclf.runs.run import Run


def run_folder(reference: str, parent: Path) -> Path | None:
    """Give the folder of the run that is meant, or None where a dataset or a file is.

    A run comes first: "last", a name in the folder of runs, or the path of a run's folder.

    Raises:
        UsageError: it is the path of no file, and no run is there; or "last", and there is none.
    """
    path = Path(reference)
    named = reference == "last" or (parent / reference / STATE).is_file()
    missing = os.sep in reference and not path.exists() and not path.suffix
    return find_run(reference, parent) if named or missing or (path / STATE).is_file() else None


def run_subject(
    folder: Path,
    plugins: Iterable[str],
    *,
    arch: str | None = None,
    data_dir: str | None = None,
) -> tuple[Subject, list[str]]:
    """Open a run to be written as a script.

    Args:
        folder: the run's folder.
        plugins: plugin files to load; where they lack something, the run's own copies are taken.
        arch: only what the run has is allowed.
        data_dir: a folder to look for data in, in place of the run's.

    Returns:
        The subject, and sentences the person should read.

    Raises:
        UsageError: another architecture was asked for.
        RunError: the run is not whole, or its plugin was changed.
        PluginUnavailableError: its plugin is not there.
    """
    registry = Registry(load_plugins(list(plugins)))
    run = open_run(folder, registry)
    if arch is not None and arch != run.config.arch:
        raise UsageError(
            f"run '{run.name}' has the architecture '{run.config.arch}', not '{arch}'",
            hint="name a dataset instead of the run to combine it with another --arch",
        )
    notes = registry.plugins.complaints()
    registry = _knowing(run, registry)
    config = run.config
    if data_dir is not None:
        config = replace(config, data_dir=os.path.abspath(data_dir))
    dataset = registry.dataset(config.dataset)
    if dataset.labels:
        check_classes(dataset, run)
    architecture = registry.architecture(config.arch)
    return Subject(config, dataset, architecture, registry, run), list(notes)


def _knowing(run: Run, registry: Registry) -> Registry:
    """Give a registry that has the run's dataset and architecture, unchanged."""
    try:
        registry.dataset(run.config.dataset)
        registry.architecture(run.config.arch)
    except (UsageError, PluginError):
        for copy in run.config.plugins:
            if not Path(copy).is_file():
                raise RunError(
                    f"{copy} is missing", hint="the run is not whole; train it again"
                ) from None
        registry = Registry(load_plugins(run.config.plugins))
    state = RunState(run.folder, run.state)
    for kind, name in (("dataset", run.config.dataset), ("architecture", run.config.arch)):
        try:
            found = registry.find(kind, name).plugin.provenance
        except UsageError as error:
            raise needs_plugin(state, kind, f"the {kind} '{name}'") from error
        expected = plugin_of(state, kind).get("sha256")
        if expected and found.sha256 != expected:
            raise RunError(
                f"{found} was changed since run '{run.name}' was made",
                hint="train the run again, or put the file back",
            )
    return registry


def settings_subject(reference: str, flags: Mapping[str, Any], runs: Path) -> Subject:
    """Settle the settings for a dataset, as `seqclf run` does; a seed is drawn if none is given.

    Args:
        reference: the dataset's name.
        flags: settings by name, as `seqclf.planning.plan` takes them.
        runs: the folder of runs, whose names are suggested for a misspelt one.

    Raises:
        UsageError: there is neither a run nor a dataset of that name, or a wrong setting.
        PluginError: a plugin that is needed fails.
    """
    try:
        settled = plan({**flags, "dataset": reference}, out=runs)
    except UsageError as error:
        if not error.sentence.startswith(f"there is no dataset '{reference}'"):
            raise
        known = [
            entry.name for entry in Registry(load_plugins(flags.get("plugins", []))).datasets()
        ]
        known += ["last", *(state.name for state in list_runs(runs))]
        raise unknown("run or dataset", reference, known) from None
    return Subject(settled.config, settled.dataset, settled.architecture, settled.registry)

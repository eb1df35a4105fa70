"""Settling a run in every detail before anything heavy begins."""

from __future__ import annotations

import dataclasses
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seqclf.config import OPTIONS, ConfigFile, options_together, read_config, resolve
from seqclf.contracts import (
    FILE_DATASET,
    Architecture,
    Dataset,
    Encoder,
    Metric,
    RunConfig,
    check_kinds,
)
from seqclf.datasets.files.lines import missing
from seqclf.errors import PluginError, UsageError, unknown
from seqclf.filepaths import absolute, anchored, is_path
from seqclf.plugins import load_plugins
from seqclf.registry import Registry
from seqclf.runs.folder import STATE, plan_folder, read_state, runs_folder
from seqclf.runs.needs import needs_plugin, plugin_of

DEFAULT_ARCHITECTURE = "lstm"


@dataclass(frozen=True)
class Plan:
    """A run that is settled.

    Args:
        config: the resolved settings.
        sources: where each setting comes from.
        dataset: what to learn from.
        architecture: what to build.
        encoder: what turns texts into token ids, where the dataset gives texts.
        metrics: what to watch beside loss and accuracy.
        folder: where the run will lie.
        registry: the plugins' things.
    """

    config: RunConfig
    sources: Mapping[str, str]
    dataset: Dataset
    architecture: Architecture
    encoder: type[Encoder]
    metrics: tuple[Metric, ...]
    folder: Path
    registry: Registry


def plan(
    flags: Mapping[str, Any],
    *,
    config: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    name: str | None = None,
) -> Plan:
    """Load the plugins and settle a run; nothing is written.

    Args:
        flags: settings by name, as `RunConfig` has them.
        config: a TOML file of settings.
        out: the folder that holds the runs; defaults to `SEQCLF_RUNS_DIR`, else `runs`.
        name: the run's name; defaults to one of dataset, architecture and time.

    Raises:
        UsageError: an unknown name, a wrong type, a value out of range.
        PluginError: a plugin that is needed fails.
    """
    _check_shapes(flags)
    if isinstance(flags.get("data_dir"), os.PathLike):
        flags = {**flags, "data_dir": os.fspath(flags["data_dir"])}
    file = None if config is None else read_config(Path(config))
    registry = Registry(load_plugins(_plugin_files(flags, file)))
    names = {
        "dataset": _chosen("dataset", flags, file),
        "arch": _chosen("arch", flags, file) or DEFAULT_ARCHITECTURE,
    }
    if names["dataset"] is None:
        raise UsageError("no dataset was named", hint="seqclf datasets lists them")
    flags, file, names["dataset"] = _own_file(names["dataset"], flags, file, registry)
    try:
        dataset = _dataset(names["dataset"], registry)
        architecture = registry.architecture(names["arch"])
        options = dataset.check_options(options_together("dataset_options", file, flags))
        encoder = registry.encoder(
            _chosen("tokenizer", flags, file) or dataset.encoder_with(options)
        )
    except UsageError as error:
        raise _needed_plugin(file, names) or error from None
    settings, sources = resolve(
        dataset, architecture, encoder=encoder, file=file, flags={**flags, **names}
    )
    metrics = tuple(registry.metric(metric) for metric in settings.metrics)
    if dataset.labels:
        check_kinds(metrics, dataset.kind, dataset.name)
    # The run must find its data from any folder.
    for setting in ("data_dir", "vectors"):
        path = getattr(settings, setting)
        if path is not None:
            settings = dataclasses.replace(settings, **{setting: os.path.abspath(path)})
    if settings.seed is None:
        settings = dataclasses.replace(settings, seed=secrets.randbelow(2**32))
        sources["seed"] = "drawn"
    parent = runs_folder() if out is None else Path(out)
    folder = plan_folder(parent, name, _stem(settings), architecture.name)
    return Plan(settings, sources, dataset, architecture, encoder, metrics, folder, registry)


def _dataset(name: str, registry: Registry) -> Dataset:
    try:
        return registry.dataset(name)
    except UsageError as error:
        if error.hint.startswith("did you mean"):
            raise
        sentence = f"there is no dataset '{name}', and no file or folder of that name"
        raise UsageError(sentence, error.hint) from None


def _own_file(
    asked: str, flags: Mapping[str, Any], file: ConfigFile | None, registry: Registry
) -> tuple[Mapping[str, Any], ConfigFile | None, str]:
    """Turn a path into the dataset `file` with its options; make all paths absolute."""
    from_file = file is not None and asked == file.values.get("dataset")
    base = file.path.parent if file is not None and from_file else Path()
    path = is_path(asked, base, registry)
    own = path or asked.rpartition(":")[2] == FILE_DATASET
    flags = anchored(flags, Path(), own_file=own)
    if file is not None:
        values = anchored(file.values, file.path.parent, own_file=own)
        file = dataclasses.replace(file, values=values)
    if not path:
        return flags, file, asked
    whole = Path(absolute(asked, base))
    if not whole.exists():
        raise missing(whole)
    options = {"path": str(whole), **flags.get("dataset_options", {})}
    return {**flags, "dataset_options": options}, file, FILE_DATASET


def _stem(settings: RunConfig) -> str:
    """Give what a run's name begins with: the dataset's name, or the file's without its ending."""
    if settings.data == settings.dataset:
        return settings.dataset.rpartition(":")[2]
    return settings.data.partition(".")[0] or FILE_DATASET


def _check_shapes(flags: Mapping[str, Any]) -> None:
    known = [field.name for field in dataclasses.fields(RunConfig)]
    for setting, value in flags.items():
        if setting not in known:
            hint = '(an architecture\'s options go into params={"units": 64})'
            raise unknown("setting", setting, known, hint=hint)
        if setting.endswith(("params", "_options")) and not isinstance(value, Mapping):
            raise UsageError(f"{setting} must map option names to values, not {value!r}")
        if setting == "plugins" and (isinstance(value, str) or not isinstance(value, Sequence)):
            raise UsageError(f"plugins must be a list of files, not {value!r}")


def _plugin_files(flags: Mapping[str, Any], file: ConfigFile | None) -> list[str]:
    asked = [*(file.values.get("plugins", ()) if file else ()), *flags.get("plugins", ())]
    files = list(dict.fromkeys(map(str, asked)))
    names = [Path(path).name for path in files]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"two plugin files are called {name}", hint="rename one of them")
    return files


def _needed_plugin(file: ConfigFile | None, names: Mapping[str, Any]) -> PluginError | None:
    """Say which plugin is missing, where the settings are those of a run that had it."""
    if file is None or not (file.path.parent / STATE).is_file():
        return None
    state = read_state(file.path.parent)
    for kind, setting in (("architecture", "arch"), ("dataset", "dataset")):
        outside = plugin_of(state, kind).get("origin") in ("entry point", "file")
        if outside and state.values.get(setting) == names[setting]:
            return needs_plugin(state, kind, f"the {kind} '{names[setting]}'")
    return None


def _chosen(setting: str, flags: Mapping[str, Any], file: ConfigFile | None) -> Any:
    for given, where in (
        (flags.get(setting), setting),
        (os.environ.get(f"SEQCLF_{setting.upper()}"), f"SEQCLF_{setting.upper()}"),
        (file.values.get(setting), file.where(setting)) if file else (None, ""),
    ):
        if given:
            return OPTIONS[setting].check(given, where)
    return None

"""Settings in layers: defaults < dataset < architecture < file < environment < flags."""

from __future__ import annotations

import dataclasses
import inspect
import os
import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seqclf.contracts import (
    Architecture,
    Dataset,
    Encoder,
    RunConfig,
    check_encoder_options,
)
from seqclf.errors import RunError, UsageError, nearest
from seqclf.options import Option, describe

TABLES = ("params", "dataset_options", "tokenizer_options")
"""The settings that are tables of options."""


def _read_options() -> dict[str, Option]:
    hints = typing.get_type_hints(RunConfig, include_extras=True)
    told = _field_help()
    return {
        field.name: describe(
            field.name, hints[field.name], field.default, field.name, told.get(field.name, "")
        )
        for field in dataclasses.fields(RunConfig)
        if field.name not in (*TABLES, "plugins")
    }


def _field_help() -> dict[str, str]:
    """Read each setting's help from RunConfig's docstring, one line each."""
    lines = re.findall(r"^ {4}(\w+): (.+)$", inspect.getdoc(RunConfig) or "", re.MULTILINE)
    return {name: text.rstrip(".") for name, text in lines}


OPTIONS: Mapping[str, Option] = _read_options()
"""The settings of a run by name, with types, ranges, defaults and help."""


@dataclass(frozen=True)
class ConfigFile:
    """What a TOML file sets.

    Args:
        path: the file.
        values: setting name to value, checked for names but not yet for types.
        text: the file's text, to tell line numbers.
    """

    path: Path
    values: Mapping[str, Any]
    text: str

    def where(self, name: str) -> str:
        """Say where a setting stands: "run.toml line 3: epochs"."""
        match = re.search(rf'^\s*"?{re.escape(name)}"?\s*[=.]', self.text, re.MULTILINE)
        if match is None:
            return f"{self.path}: {name}"
        line = self.text.count("\n", 0, match.end()) + 1
        return f"{self.path} line {line}: {name}"


def read_config(path: Path) -> ConfigFile:
    """Read a TOML file of settings, as `config.toml` in a run folder.

    Args:
        path: the file. Its keys are the fields of `RunConfig`; `[params]`,
            `[dataset_options]` and `[tokenizer_options]` are tables. Plugin files are looked
            for from the file's folder.

    Raises:
        UsageError: the file is missing, is not TOML (with line and column) or
            has an unknown key (with its line; the nearest is suggested).
    """
    import tomllib

    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except FileNotFoundError:
        raise UsageError(f"there is no configuration file {path}") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text (byte {error.start})") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}") from None
    file = ConfigFile(path, values, text)
    known = [*OPTIONS, *TABLES, "plugins"]
    for name, value in values.items():
        if name not in known:
            suggestion = nearest(name, known)
            hint = f"did you mean '{suggestion}'?" if suggestion else f"known: {', '.join(known)}"
            raise UsageError(f"{file.where(name)} is not a setting", hint=hint)
        if name in TABLES and not isinstance(value, dict):
            raise UsageError(f"{file.where(name)} must be a table", hint=f"write [{name}]")
    if "plugins" in values:
        values["plugins"] = _plugin_paths(file, values["plugins"])
    return file


def _plugin_paths(file: ConfigFile, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise UsageError(f"{file.where('plugins')} must be a list of file names")
    return [str(file.path.parent / item) for item in value]


def resolve(
    dataset: Dataset,
    architecture: Architecture,
    *,
    encoder: type[Encoder] | None = None,
    file: ConfigFile | None = None,
    environ: Mapping[str, str] | None = None,
    flags: Mapping[str, Any] | None = None,
) -> tuple[RunConfig, dict[str, str]]:
    """Put the layers of settings together and check every value.

    Args:
        dataset: its `defaults` count before those of the architecture.
        architecture: its `defaults` count before the file.
        encoder: whose options `tokenizer_options` are.
        file: what `read_config` gave.
        environ: the environment; `SEQCLF_EPOCHS` sets `epochs`, and so on.
            Defaults to the process' own.
        flags: what the command line or the caller sets; the last word. Their
            `params`, `dataset_options` and `tokenizer_options` are merged into the file's; their
            `dataset` and `arch` are the names as asked for (`plugin:name`).

    Returns:
        The settings, and for each where its value comes from: "default",
        "dataset", "architecture", "file", "environment" or "flag"; "params.units" stands for an
        option that somebody set.

    Raises:
        UsageError: an unknown name, a wrong type, a value out of range.
    """
    environ = os.environ if environ is None else environ
    flags = dict(flags or {})
    file_values: Mapping[str, Any] = file.values if file else {}
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    fixed = {
        "dataset": flags.get("dataset", dataset.name),
        "arch": flags.get("arch", architecture.name),
    }
    for name, option in OPTIONS.items():
        if name in fixed:
            continue
        variable = f"SEQCLF_{name.upper()}"
        layers = [
            ("flag", flags, f"--{name.replace('_', '-')}"),
            ("environment", {name: environ[variable]} if environ.get(variable) else {}, variable),
            ("file", file_values, file.where(name) if file else ""),
            ("architecture", architecture.defaults, f"architecture '{architecture.name}': {name}"),
            ("dataset", dataset.defaults, f"dataset '{dataset.name}': {name}"),
        ]
        sources[name], values[name] = "default", option.default
        for source, given, where in layers:
            if name in given:
                sources[name], values[name] = source, option.check(given[name], where)
                break
    checks = {
        "params": architecture.check_options,
        "dataset_options": dataset.check_options,
        "tokenizer_options": lambda given: check_encoder_options(encoder, given) if encoder else {},
    }
    for table, check in checks.items():
        values[table] = check(options_together(table, file, flags))
        sources |= {f"{table}.{name}": "file" for name in file_values.get(table, {})}
        sources |= {f"{table}.{name}": "flag" for name in flags.get(table, {})}
    if values["tokenizer"] is None:
        values["tokenizer"] = dataset.encoder_with(values["dataset_options"])
    plugins = (*file_values.get("plugins", ()), *flags.get("plugins", ()))
    if plugins:
        sources["plugins"] = "flag" if flags.get("plugins") else "file"
    config = RunConfig(**fixed, **values, plugins=tuple(dict.fromkeys(map(str, plugins))))
    _check_together(config)
    return config, sources


def _check_together(config: RunConfig) -> None:
    if config.skip_top >= config.num_words:
        raise UsageError(
            f"--skip-top {config.skip_top} leaves no word of --num-words {config.num_words}",
            hint="skip fewer or keep more",
        )
    if config.freeze and config.vectors is None:
        raise UsageError(
            "--freeze keeps pretrained vectors as they are, but there are none",
            hint="name them with --vectors FILE, or leave --freeze out",
        )


def options_together(
    table: str, file: ConfigFile | None, flags: Mapping[str, Any]
) -> dict[str, Any]:
    """Give the options of a table as the file and the flags set them, unchecked."""
    return {**(file.values.get(table, {}) if file else {}), **flags.get(table, {})}


def to_toml(config: RunConfig) -> str:
    """Write settings as TOML; settings without a value are written "none".

    Example:
        >>> print(to_toml(RunConfig("imdb", seed=7)).splitlines()[0])
        dataset = "imdb"
    """
    import tomli_w

    def plain(value: Any) -> Any:
        if isinstance(value, tuple):
            return list(value)
        return "none" if value is None else value

    values = {field.name: getattr(config, field.name) for field in dataclasses.fields(config)}
    written = {name: plain(value) for name, value in values.items() if name not in TABLES}
    for table in TABLES:
        written[table] = {name: plain(value) for name, value in values[table].items()}
    return tomli_w.dumps(written)


def to_dict(config: RunConfig) -> dict[str, Any]:
    """Give settings as JSON values.

    Example:
        >>> to_dict(RunConfig("imdb"))["epochs"]
        10
    """
    lists = {"plugins": list(config.plugins), "metrics": list(config.metrics)}
    return {**dataclasses.asdict(config), **lists}


def _from_toml(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return None if value == "none" else value


def read_settings(path: Path) -> RunConfig:
    """Read the `config.toml` of a run folder as it was resolved, without its plugins.

    Raises:
        RunError: the file is missing or damaged.
    """
    try:
        file = read_config(path)
        values = dict(file.values)
        settings: dict[str, Any] = {
            name: OPTIONS[name].check(value, file.where(name))
            for name, value in values.items()
            if name in OPTIONS
        }
        for table in TABLES:
            settings[table] = {
                name: _from_toml(value) for name, value in values.get(table, {}).items()
            }
        return RunConfig(**settings, plugins=tuple(values.get("plugins", ())))
    except (UsageError, TypeError) as error:
        raise RunError(
            f"{path} is damaged or missing: {error}", hint="train the run again"
        ) from None

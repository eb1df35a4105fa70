"""The `seqclf run` command that a script does the work of."""

from __future__ import annotations

import dataclasses
import os
import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from seqclf.config import TABLES, resolve
from seqclf.contracts import (
    Architecture,
    Dataset,
    Encoder,
    RunConfig,
    encoder_options,
)
from seqclf.options import Option

WITHOUT_FLAG = ("seed",)
"""The options of the dataset `file` that have no flag of their own."""

PATHS = ("test", "validation", "vectors")
"""The flags that name a file."""


def command_line(
    config: RunConfig, dataset: Dataset, architecture: Architecture, encoder: type[Encoder]
) -> str:
    """Give the `seqclf run` command that has these settings, the defaults left out.

    Args:
        config: the settings; a file's path is said from here where it lies below.
        dataset: whose options and defaults they are.
        architecture: whose options and defaults they are.
        encoder: whose options they are.
    """
    usual, _ = resolve(
        dataset,
        architecture,
        environ={},
        encoder=encoder,
        flags={table: getattr(config, table) for table in TABLES},
    )
    unusual = _unusual(dataset.options, config.dataset_options)
    words = ["seqclf", "run", config.dataset, "--arch", config.arch]
    if config.data != config.dataset:
        words[2] = _file(unusual.pop("path"))
        spelled = {name: unusual.pop(name) for name in list(unusual) if name not in WITHOUT_FLAG}
        for name, value in spelled.items():
            words += _flag(name, value)
    for flag, given in (
        ("-p", _unusual(architecture.options, config.params)),
        ("-d", unusual),
        ("-t", _unusual(encoder_options(encoder), config.tokenizer_options)),
    ):
        for name, value in given.items():
            words += [flag, f"{name}={_said(value)}"]
    skipped = ("dataset", "arch", "plugins", *TABLES)
    for item in dataclasses.fields(config):
        value = getattr(config, item.name)
        if item.name not in skipped and value != getattr(usual, item.name):
            words += _flag(item.name, value)
    for plugin in config.plugins:
        words += ["--plugin", Path(plugin).name]
    return shlex.join(words)


def _flag(name: str, value: Any) -> list[str]:
    """Say a setting, or an option of the dataset `file`, by its own flag.

    Example:
        >>> _flag("text_column", ("subject", "body"))
        ['--text-column', 'subject', '--text-column', 'body']
        >>> _flag("header", "no"), _flag("freeze", True), _flag("patience", None)
        (['--no-header'], ['--freeze'], ['--patience', 'none'])
    """
    flag = f"--{name.replace('_', '-')}"
    if name == "header" or isinstance(value, bool):
        return [flag if value in (True, "yes") else f"--no{flag[1:]}"]
    if name == "text_column":
        return [word for column in value for word in (flag, column)]
    if name in PATHS and value is not None:
        return [flag, _place(value)]
    return [flag, _said(value)]


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return "none" if value is None else str(value)


def _place(path: str) -> str:
    """Give a path as it is called from here, where it lies below."""
    here = os.path.relpath(path)
    return path if here.startswith(os.pardir) else here


def _file(path: str) -> str:
    """Give a path in a form that no dataset's name has."""
    place = _place(path)
    return place if os.sep in place or os.path.splitext(place)[1] else os.path.join(".", place)


def _unusual(options: Iterable[Option], given: Mapping[str, Any]) -> dict[str, Any]:
    usual = {option.name: option.default for option in options}
    return {
        name: value for name, value in given.items() if name not in usual or usual[name] != value
    }

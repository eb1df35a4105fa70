"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from seqclf.cli import complete
from seqclf.cli.sections import SectionOption
from seqclf.config import OPTIONS
from seqclf.errors import UsageError
from seqclf.options import Option

PATHS = ("vectors",)
"""The settings that are files."""

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_METAVARS = {int: "INTEGER", float: "NUMBER", str: "TEXT", bool: "BOOLEAN"}

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")

out_option = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder that holds the runs.  [default: SEQCLF_RUNS_DIR, else runs]",
)

plugin_option = click.option(
    "--plugin",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=str),
    metavar="FILE",
    help="Load a plugin file, too; may be repeated.",
)

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=str),
    metavar="DIR",
    help="Folder to look for data files in.  [default: SEQCLF_DATA_DIR]",
)


def _part_options(
    flag: str, part: str, table: str, listing: str, names: complete.Completer, section: str = ""
) -> Decorator:
    """Make the option that sets the options of a part of the run, NAME=VALUE each."""
    return click.option(
        flag,
        f"--{table.rstrip('s').replace('_', '-')}",
        table,
        multiple=True,
        metavar="NAME=VALUE",
        shell_complete=names,
        help=f"Set an option of the {part}; may be repeated. seqclf {listing} NAME lists them.",
        cls=SectionOption,
        section=section,
    )


params_option = _part_options(
    "-p", "architecture", "params", "archs", complete.architecture_options
)

dataset_options_option = _part_options(
    "-d", "dataset", "dataset_options", "datasets", complete.dataset_options
)

tokenizer_options_option = _part_options(
    "-t", "tokenizer", "tokenizer_options", "tokenizers", complete.tokenizer_options, "Encoding"
)

tokenizer_option = click.option(
    "--tokenizer",
    metavar="NAME",
    shell_complete=complete.tokenizers,
    cls=SectionOption,
    section="Encoding",
    help="What turns texts into token ids; seqclf tokenizers lists them.  [default: the dataset's]",
)

metrics_option = click.option(
    "--metrics",
    multiple=True,
    metavar="NAMES",
    shell_complete=complete.metrics,
    help="Watch these, too: names, separated by commas; may be repeated. seqclf metrics lists "
    "them.",
)

kernel_option = click.option(
    "--kernel",
    metavar="auto|fused|keras",
    help="What computes recurrent layers this time: fused CPU kernels, Keras, or auto: the "
    "kernels where there are some.  [default: the run's own]",
)

bucket_option = click.option(
    "--bucket/--no-bucket",
    default=None,
    help="Whether batches have texts of similar lengths, padded to their own longest; for longer "
    "data.",
)

run_argument = click.argument("run", metavar="RUN", shell_complete=complete.runs)


def setting_options(names: Iterable[str], section: str = "") -> Decorator:
    """Give a command the named settings of `RunConfig` as options, under a heading if one is said.

    Values stay texts here; `seqclf.config` checks them, so that a flag, an
    environment variable and a file are checked alike.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for name in reversed(list(names)):
            option = OPTIONS[name]
            function = click.option(
                f"--{name.replace('_', '-')}",
                name,
                metavar=_metavar(option),
                help=_help(option),
                cls=SectionOption,
                section=section,
            )(function)
        return function

    return decorate


def _metavar(option: Option) -> str:
    if option.name in PATHS:
        return "FILE"
    if option.choices and len(option.choices) <= 3:
        return "|".join(option.choices)
    return "NAME" if option.choices else "|".join([_METAVARS[option.type], *option.words])


def _help(option: Option) -> str:
    sentence = option.help[:1].upper() + option.help[1:] + "."
    if option.default is None:
        return sentence
    return f"{sentence}  [default: {option.default}]"


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the options that were set."""
    return {name: value for name, value in values.items() if value is not None}


def pairs(texts: Iterable[str], flag: str) -> dict[str, str]:
    """Read NAME=VALUE texts.

    Raises:
        UsageError: a text without "=", or a name set twice.
    """
    values: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name = name.strip().replace("-", "_")
        if not equals or not name:
            raise UsageError(f"{flag} {text}: write {flag} NAME=VALUE, such as {flag} units=64")
        if name in values:
            raise UsageError(f"{flag} {name} is set twice")
        values[name] = value.strip()
    return values


def merged(
    options: Mapping[str, Any], more: Mapping[str, Any], flag: str, **spelled: str
) -> dict[str, Any]:
    """Put options from NAME=VALUE texts and from flags of their own together.

    Args:
        options: those from NAME=VALUE.
        more: those from flags of their own.
        flag: what stands before NAME=VALUE: "-d".
        spelled: the own flags that are not called as their option is.

    Raises:
        UsageError: one is set by both.
    """
    for name in more:
        if name in options:
            own = spelled.get(name, f"--{name.replace('_', '-')}")
            raise UsageError(f"{own} and {flag} {name} set the same option", hint="leave one out")
    return {**options, **more}

"""The options that say how texts become token ids of one length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from seqclf.cli.options import setting_options, tokenizer_option, tokenizer_options_option
from seqclf.cli.sections import SectionOption

SECTION = "Encoding"


def _flag(names: str, help: str) -> Any:
    return click.option(names, default=None, cls=SectionOption, section=SECTION, help=help)


_OPTIONS = (
    tokenizer_option,
    tokenizer_options_option,
    setting_options(("num_words", "skip_top"), SECTION),
    click.option(
        "--min-count",
        metavar="INTEGER",
        cls=SectionOption,
        section=SECTION,
        help="Words, characters or pieces seen less often are unknown (-t min_count=...).",
    ),
    _flag(
        "--lowercase/--no-lowercase",
        "Whether texts are put in lower case (-t lowercase=...).",
    ),
    setting_options(("maxlen", "padding", "truncating"), SECTION),
    _flag(
        "--mask/--no-mask",
        "Whether the recurrent layers skip the padding (-p mask_zero=...).",
    ),
    setting_options(("vectors",), SECTION),
    _flag("--freeze/--no-freeze", "Whether training leaves the pretrained vectors as they are."),
)


def encoding_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say how texts become token ids."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def taken_encoding_options(
    arguments: dict[str, Any],
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Take out of a command's arguments what are options of the architecture and the tokenizer.

    Returns:
        The architecture's options and the tokenizer's, those that were set.
    """
    mask = arguments.pop("mask", None)
    given = {name: arguments.pop(name, None) for name in ("min_count", "lowercase")}
    params = {} if mask is None else {"mask_zero": mask}
    return params, {name: value for name, value in given.items() if value is not None}

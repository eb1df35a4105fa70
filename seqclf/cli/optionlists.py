"""What `archs NAME` and `datasets NAME` say of options."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

from seqclf.options import Option, documented


def with_help(function: Callable[..., Any], options: tuple[Option, ...]) -> list[Option]:
    """Fill in each option's help from the function's docstring."""
    told = documented(function, options)
    return [dataclasses.replace(option, help=told[option.name]) for option in options]


def option_documents(options: Sequence[Option]) -> list[dict[str, Any]]:
    """Give options as JSON values."""
    return [
        {
            "name": option.name,
            "type": option.type.__name__,
            "default": None if option.required else option.default,
            "required": option.required,
            "expects": option.expects,
            "help": option.help,
        }
        for option in options
    ]

"""What a stream can show, found out without Rich."""

from __future__ import annotations

import codecs
import os
from typing import TextIO


def is_terminal(stream: TextIO) -> bool:
    """Whether a person watches the stream."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):  # a closed stream raises ValueError
        return False


def is_dumb() -> bool:
    """Whether the terminal cannot move its cursor (`TERM=dumb`)."""
    return os.environ.get("TERM", "").lower() in ("dumb", "unknown")


def is_drawn(stream: TextIO) -> bool:
    """Whether tables are drawn on the stream: on terminals, and where `FORCE_COLOR` asks for it."""
    return is_terminal(stream) or bool(os.environ.get("FORCE_COLOR"))


def is_coloured(stream: TextIO) -> bool:
    """Whether the stream gets colours; `NO_COLOR` wins over `FORCE_COLOR`."""
    return is_drawn(stream) and not is_dumb() and not os.environ.get("NO_COLOR")


def is_utf(stream: TextIO) -> bool:
    """Whether the stream takes every character."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        return codecs.lookup(encoding).name.startswith("utf")
    except LookupError:
        return False

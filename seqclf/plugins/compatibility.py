"""Whether a plugin is made for this version of the hooks."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

from seqclf import __version__
from seqclf.hookspecs import API_VERSION

VARIABLE = "SEQCLF_API_VERSION"
_DECLARED = re.compile(rf"^{VARIABLE}\s*(?::[^=\n]+)?=\s*(\d+)", re.MULTILINE)


class OtherApiVersionError(Exception):
    """A plugin that is made for another version of the hooks."""


def check_api_version(module: Any) -> None:
    """Check what a plugin says of the version it is made for, if it says so.

    Raises:
        OtherApiVersionError: it is made for another.
    """
    declared = getattr(module, VARIABLE, API_VERSION)
    if declared != API_VERSION:
        raise OtherApiVersionError(_sentence(declared))


def explained(error: BaseException, source: Path | None) -> BaseException:
    """Give the reason behind a failed import: the plugin may be made for another version.

    Args:
        error: what the import raised.
        source: the plugin's file, as far as it is known.
    """
    try:
        text = "" if source is None else source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return error
    declared = _DECLARED.search(text)
    if declared is None or int(declared[1]) == API_VERSION:
        return error
    other = OtherApiVersionError(_sentence(int(declared[1])))
    other.__cause__ = error
    return other


def module_file(name: str) -> Path | None:
    """Find a module's file without executing the module; its packages are imported."""
    try:
        found = importlib.util.find_spec(name)
    except Exception:  # a package around it may raise anything
        return None
    return Path(found.origin) if found and found.origin else None


def _sentence(declared: Any) -> str:
    newer = isinstance(declared, int) and declared > API_VERSION
    remedy = "a newer seqclf" if newer else "a newer version of the plugin"
    return (
        f"it is made for version {declared} of the plugin hooks, and seqclf {__version__} has "
        f"version {API_VERSION}; install {remedy}"
    )

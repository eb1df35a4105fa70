"""Who writes the plugin: what the person said, or what git knows."""

from __future__ import annotations

import subprocess

from seqclf.errors import UsageError

_PATIENCE_SECONDS = 5.0


def read_author(text: str) -> str:
    """Check an author's name: one line with something in it.

    Raises:
        UsageError: it is empty, or has control characters such as line ends.

    Example:
        >>> read_author("  Ada Moon ")
        'Ada Moon'
    """
    author = text.strip()
    if not author:
        raise UsageError("--author is empty", hint='write --author "Your Name"')
    if not author.isprintable():
        raise UsageError(
            f"--author {author!r} has characters that cannot be printed",
            hint="write the name on one line",
        )
    return author


def git_author() -> str:
    """Give `git config user.name`, "" where there is no git or no name that can be used."""
    try:
        got = subprocess.run(
            ["git", "config", "user.name"],
            capture_output=True,
            check=False,
            timeout=_PATIENCE_SECONDS,
        )
        return read_author(got.stdout.decode("utf-8"))
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError, UsageError):
        return ""

"""What to type once a new plugin is written, as it must be typed here."""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from seqclf.scaffold.names import Names

_RUNS = {
    "architecture": "run reviews --arch {name} --epochs 3",
    "dataset": "run {name}",
    "encoder": "run reviews --tokenizer {name} --epochs 3",
}


def next_commands(names: Names, kind: str, target: Path) -> list[str]:
    """Give the commands that install a new plugin, run it, test it and check it.

    Python and seqclf are named as the shell finds them, or by their place where the shell
    would find others.

    Args:
        names: the plugin's names.
        kind: what it gives: "architecture", "dataset" or "encoder".
        target: its folder, as seen from the current one.

    Example:
        >>> commands = next_commands(Names("moon"), "architecture", Path("seqclf-moon"))
        >>> commands[0], commands[1].rpartition(" -m ")[2]
        ('cd seqclf-moon', 'pip install -e ".[test]"')
    """
    python, seqclf = _python(), _seqclf()
    return [
        f"cd {_quoted(str(target))}",
        # Double quotes: the brackets must reach pip in every shell.
        f'{_installer(python)} -e ".[test]"',
        f"{seqclf} {_RUNS[kind].format(name=names.plugin)}",
        f"{python} -m pytest",
        f"{seqclf} plugins check {names.plugin}",
    ]


def _python() -> str:
    """Name this Python: by name where the shell finds this very one, else by its place."""
    for name in ("python", "python3"):
        if _is_ours(shutil.which(name)):
            return name
    return _quoted(sys.executable)


def _seqclf() -> str:
    """Name seqclf: by name where the shell finds this very one, through a link maybe."""
    found = shutil.which("seqclf")
    if _is_ours(found) or _is_ours(found and str(Path(found).resolve())):
        return "seqclf"
    return f"{_python()} -m seqclf"


def _is_ours(found: str | None) -> bool:
    """Whether a program lies beside this Python.

    No links are followed: a virtual environment's Python is itself a link to another's.
    """
    if found is None:
        return False
    return Path(found).absolute().parent == Path(sys.executable).absolute().parent


def _installer(python: str) -> str:
    """Give pip's command, or uv's where this environment has no pip of its own."""
    if importlib.util.find_spec("pip") is None and shutil.which("uv"):
        return f"uv pip install --python {_quoted(sys.executable)}"
    return f"{python} -m pip install"


def _quoted(text: str) -> str:
    return subprocess.list2cmdline([text]) if os.name == "nt" else shlex.quote(text)

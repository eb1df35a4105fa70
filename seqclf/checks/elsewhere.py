"""Asking a fresh process to do something: what holds there holds tomorrow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from seqclf.checks.outcomes import FailedCheckError

_BEGIN = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from seqclf.checks.fresh import main; main()"
)
_SECONDS = 600


def ask(work: str, told: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Any:
    """Have `seqclf.checks.fresh` do something in a process of its own.

    Args:
        work: the name of one of its functions.
        told: the function's arguments, as JSON values.
        environ: variables to set there.

    Returns:
        What the function gave.

    Raises:
        FailedCheckError: it failed there.

    Example:
        >>> ask("measure_import", {"origin": "module", "where": "json"})["heavy"]
        []
    """
    try:
        done = subprocess.run(
            [sys.executable, "-c", _BEGIN, json.dumps(sys.path)],
            input=json.dumps({"work": work, "told": dict(told)}),
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **(environ or {})},
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise FailedCheckError(f"another process was not done after {_SECONDS} s") from None
    try:
        reply = json.loads(done.stdout)
    except ValueError:
        said = done.stderr.strip().splitlines()
        why = f": {said[-1]}" if said else ""
        raise FailedCheckError(
            f"another process ended with status {done.returncode}{why}"
        ) from None
    if "error" in reply:
        raise FailedCheckError(f"in another process: {reply['error']}")
    return reply["gave"]

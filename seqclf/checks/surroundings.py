"""The environment that checks run things in: no setting of the person's counts."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

_KEPT = {
    "SEQCLF_CACHE_DIR",
    "SEQCLF_DATA_DIR",
    "SEQCLF_DISABLE_PLUGINS",
    "SEQCLF_LOAD_PLUGINS",
    "SEQCLF_PLUGINS_DIR",
}
"""Where data lie and which plugins are loaded; the other variables are settings of runs."""


@contextlib.contextmanager
def neutral() -> Iterator[Path]:
    """Give an empty folder; meanwhile no variable changes the settings of a run."""
    hidden = {
        name: os.environ.pop(name)
        for name in list(os.environ)
        if name.startswith("SEQCLF_") and name not in _KEPT
    }
    try:
        with tempfile.TemporaryDirectory(prefix="seqclf-check-") as folder:
            yield Path(folder)
    finally:
        os.environ.update(hidden)

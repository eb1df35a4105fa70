"""Plugins that are single files."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

from seqclf.contracts import Provenance


def file_provenance(path: Path) -> Provenance:
    """Say where a plugin file lies and what it hashes to."""
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        digest = ""
    return Provenance(path.stem, "file", file=str(path), sha256=digest)


def import_file(path: Path) -> Any:
    """Import a plugin file under a name of its own.

    The module is kept in `sys.modules`, since annotations and Keras' registry
    of custom layers look it up there.
    """
    name = f"seqclf_plugin_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module

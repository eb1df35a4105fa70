"""`seqclf info`."""

from __future__ import annotations

import os
import platform
from typing import Any

import click

from seqclf import __version__
from seqclf.cli.documents import print_document
from seqclf.cli.options import json_option


@click.command("info")
@json_option
def command(as_json: bool) -> None:
    """Show versions, backend, devices, what computes recurrent layers, and folders."""
    from seqclf.training.backend import backend_name
    from seqclf.ui.consoles import stderr_console
    from seqclf.ui.listing import print_facts
    from seqclf.ui.text import kernel_sentence
    from seqclf.ui.working import working

    with working(stderr_console(), f"loading Keras on {backend_name()}"):
        found = _found()
    if as_json:
        print_document(found)
        return
    shown = {
        **found,
        "devices": ", ".join(found["devices"]),
        "kernel": kernel_sentence(found["kernel"], found["kernel_reason"]),
    }
    del shown["kernel_reason"]
    print_facts([(name, "-" if value is None else value) for name, value in shown.items()])


def _found() -> dict[str, Any]:
    from seqclf.config import OPTIONS
    from seqclf.kernels.choosing import unavailable
    from seqclf.kernels.threads import thread_count
    from seqclf.paths import cache_folder
    from seqclf.runs.folder import runs_folder
    from seqclf.training.backend import backend_name, devices, versions

    wanted = OPTIONS["kernel"].check(os.environ.get("SEQCLF_KERNEL") or "auto", "SEQCLF_KERNEL")
    loaded = versions()
    reason = "asked for" if wanted == "keras" else unavailable()
    return {
        "seqclf": __version__,
        "python": platform.python_version(),
        **loaded,
        "backend": backend_name(),
        "devices": devices(),
        "kernel": "keras" if reason else "fused",
        "kernel_reason": reason,
        "processors": os.cpu_count(),
        "threads": thread_count(),
        "platform": platform.platform(),
        "runs": str(runs_folder().absolute()),
        "cache": str(cache_folder()),
        "data_dir": os.environ.get("SEQCLF_DATA_DIR"),
        "plugins_dir": os.environ.get("SEQCLF_PLUGINS_DIR"),
    }

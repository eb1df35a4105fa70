"""Checks of hooks on a run's life: called with a real run, they must neither fail nor dawdle."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from seqclf.checks.outcomes import Check, FailedCheckError, attempt
from seqclf.checks.roads import SAMPLES
from seqclf.checks.surroundings import neutral
from seqclf.contracts import RunInfo
from seqclf.plugins import Plugin, Plugins

MOMENTS = {
    "seqclf_run_start": 1.0,
    "seqclf_batch_end": 0.05,
    "seqclf_epoch_end": 1.0,
    "seqclf_run_end": 1.0,
}
"""The hooks in the order of a run, and how many seconds each may take; batches are many."""


def check_events(subject: str, plugin: Plugin) -> Iterator[Check]:
    """Make a small run of seqclf's own, and tell the plugin of it."""
    hooks = [hook for hook in MOMENTS if hook in plugin.hooks]
    if not hooks:
        return
    with neutral() as folder:
        told: dict[str, Any] = {}
        made = attempt(subject, "hears of a run", lambda: told.update(_story(folder)))
        if made.status != "passed":
            yield made
            return
        for hook in hooks:
            yield attempt(
                subject,
                f"{hook} neither raises nor takes more than a moment",
                partial(_call, plugin, hook, told[hook]),
            )


def _story(folder: Path) -> dict[str, dict[str, Any]]:
    """Make a run without other people's plugins; give each hook's arguments."""
    import os

    from seqclf.api import run
    from seqclf.config import to_dict

    kept = os.environ.get("SEQCLF_LOAD_PLUGINS")
    os.environ["SEQCLF_LOAD_PLUGINS"] = ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = run(
                "seqclf_samples:sample2",
                arch="simple_rnn",
                out=folder,
                name="sample",
                plugins=[str(SAMPLES)],
                params={"units": 2},
                epochs=1,
                seed=1,
                kernel="keras",
                listeners=[lambda event: None],
            )
    finally:
        del os.environ["SEQCLF_LOAD_PLUGINS"]
        if kept is not None:
            os.environ["SEQCLF_LOAD_PLUGINS"] = kept
    info = RunInfo(made.name, made.folder, to_dict(made.config))
    epoch = dict(made.history.epochs[0])
    batch = {name: value for name, value in epoch.items() if not name.startswith("val_")}
    return {
        "seqclf_run_start": {"run": info},
        "seqclf_batch_end": {"run": info, "epoch": 1, "batch": 1, "metrics": batch},
        "seqclf_epoch_end": {"run": info, "epoch": 1, "metrics": epoch},
        "seqclf_run_end": {"run": info, "result": made.report},
    }


def _call(plugin: Plugin, hook: str, arguments: dict[str, Any]) -> str:
    """Call the plugin's hook alone; of batches, the quickest of three counts."""
    alone = Plugins()
    copy = Plugin(plugin.provenance)
    alone.register(copy, plugin.module)
    seconds = []
    for _ in range(3 if hook == "seqclf_batch_end" else 1):
        started = time.perf_counter()
        for _given in alone.call(hook, **arguments):
            pass
        seconds.append(time.perf_counter() - started)
        raised = [problem for problem in copy.problems if problem.startswith(hook)]
        if raised:
            raise FailedCheckError(raised[0])
    if min(seconds) > MOMENTS[hook]:
        raise FailedCheckError(
            f"it took {min(seconds):.2f} s", "training waits for it; do slow things in a thread"
        )
    return f"{min(seconds) * 1000:.0f} ms"

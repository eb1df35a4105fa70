"""What happens in a run, told to the plugins that listen."""

from __future__ import annotations

import contextlib
from typing import Any

from seqclf.contracts import Report, RunInfo
from seqclf.events import (
    BatchEnded,
    EpochEnded,
    Evaluated,
    Event,
    Listener,
    Noted,
    Saved,
    TrainingStarted,
)
from seqclf.plugins.manager import Plugins


class HookCaller:
    """Turns events into the plugins' hooks; what a plugin gets wrong becomes a note.

    A hook that raises is not called again.
    """

    def __init__(self, plugins: Plugins, info: RunInfo, tell: Listener) -> None:
        self._plugins = plugins
        self._info = info
        self._tell = tell
        self._result: Report | None = None
        self._told = set(plugins.complaints())

    def __call__(self, event: Event) -> None:
        """Call the hook that an event belongs to, if there is one."""
        match event:
            case TrainingStarted():
                self._call("seqclf_run_start")
            case BatchEnded():
                self._call(
                    "seqclf_batch_end",
                    epoch=event.epoch,
                    batch=event.step,
                    metrics=dict(event.metrics),
                )
            case EpochEnded():
                self._call("seqclf_epoch_end", epoch=event.epoch, metrics=dict(event.metrics))
            case Evaluated():
                self._result = event.report
            case Saved():
                self._call("seqclf_run_end", result=self._result)

    def _call(self, hook: str, **arguments: Any) -> None:
        if not self._plugins.implementing(hook):
            return
        # A hook that changes the working directory would move the run's folder under our feet.
        with contextlib.chdir("."):
            for _ in self._plugins.call(hook, run=self._info, **arguments):
                pass
        for complaint in self._plugins.complaints():
            if complaint not in self._told:
                self._told.add(complaint)
                self._tell(Noted(complaint))

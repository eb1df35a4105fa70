"""Run folders: made, named, found and listed."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from seqclf.errors import RunError, UsageError, unknown
from seqclf.runs.files import cannot_write, read_json, write_json

DEFAULT_FOLDER = Path("runs")
STATE = "run.json"
MODEL = "model.keras"
_NAME = re.compile(r"[\w][\w.+-]*")


@dataclass(frozen=True)
class RunState:
    """What `run.json` says of a run.

    Args:
        folder: the run's folder.
        values: the file's content.
    """

    folder: Path
    values: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The run's name, which is its folder's."""
        return self.folder.name

    @property
    def status(self) -> str:
        """What state it is in: complete, interrupted, failed, running or broken off."""
        status: str = self.values.get("status", "unknown")
        if status == "running" and not _alive(self.values.get("pid")):
            return "broken off"
        return status

    @property
    def usable(self) -> bool:
        """Whether it can be predicted with."""
        return self.status in ("complete", "interrupted") and (self.folder / MODEL).is_file()


def _alive(pid: Any) -> bool:
    if not isinstance(pid, int):
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def runs_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Give the folder that holds the runs: `SEQCLF_RUNS_DIR`, else `runs`."""
    environ = os.environ if environ is None else environ
    return Path(environ.get("SEQCLF_RUNS_DIR") or DEFAULT_FOLDER)


def plan_folder(parent: Path, name: str | None, dataset: str, arch: str) -> Path:
    """Choose a run's folder; nothing is made yet.

    Args:
        parent: the folder of all runs.
        name: the run's name; None makes one of dataset, architecture and time.

    Raises:
        UsageError: the name cannot be a folder's, or is taken.
    """
    if name is None:
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        plain = "-".join(re.sub(r"[^\w.+-]", "-", part) for part in (dataset, arch))
        folder = parent / f"{plain}-{stamp}"
        count = 1
        while folder.exists():
            count += 1
            folder = parent / f"{plain}-{stamp}-{count}"
        return folder
    if not _NAME.fullmatch(name) or name == "last":
        raise UsageError(
            f"--name '{name}' cannot be a run's name",
            hint="use letters, digits, - _ + and ., and not 'last'",
        )
    if (parent / name).exists():
        raise UsageError(f"there is already a run {parent / name}", hint="choose another --name")
    return parent / name


def create_folder(folder: Path, values: Mapping[str, Any]) -> None:
    """Make a run's folder with its first `run.json`.

    Raises:
        RunError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        write_json(folder / STATE, values)
    except RunError:
        remove_folder(folder)
        raise


def remove_folder(folder: Path) -> None:
    """Remove a run that has nothing worth keeping."""
    shutil.rmtree(folder, ignore_errors=True)


def read_state(folder: Path) -> RunState:
    """Read a run's `run.json`.

    Raises:
        UsageError: there is no such folder.
        RunError: the folder is not a run's, or the file is damaged.
    """
    if not folder.is_dir():
        raise UsageError(f"there is no run folder {folder}")
    if not (folder / STATE).is_file():
        raise RunError(f"{folder} is not a run: it has no {STATE}")
    values = read_json(folder / STATE)
    if not isinstance(values, dict):
        raise RunError(f"{folder / STATE} is damaged", hint="train the run again")
    return RunState(folder, values)


def list_runs(parent: Path) -> list[RunState]:
    """Give all runs of a folder, the oldest first; what is not a run is passed over."""
    if not parent.is_dir():
        return []
    states = []
    for folder in sorted(parent.iterdir()):
        if (folder / STATE).is_file():
            try:
                states.append(read_state(folder))
            except RunError:
                states.append(RunState(folder, {"status": "damaged"}))
    return sorted(states, key=lambda state: str(state.values.get("started", "")))


def find_run(reference: str, parent: Path) -> Path:
    """Find a run's folder by path, name, or "last": the newest that can be predicted with.

    Raises:
        UsageError: there is no such run; the nearest name is suggested.
    """
    if reference == "last":
        usable = [state for state in list_runs(parent) if state.usable]
        if not usable:
            raise UsageError(
                f"there is no run in {parent} yet", hint="make one: seqclf run reviews"
            )
        return usable[-1].folder
    if (parent / reference / STATE).is_file():
        return parent / reference
    path = Path(reference)
    if path.is_dir() or path.is_absolute() or os.sep in reference:
        return path
    states = list_runs(parent)
    if not states:
        raise UsageError(
            f"there is no run '{reference}': there are none in {parent}",
            hint="give the run's folder, or the folder of runs with --out",
        )
    known = [*(state.name for state in states), "last"]
    raise unknown("run", reference, known, hint=f"(in {parent})")

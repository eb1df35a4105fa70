"""Competitors in turn: each keeps its process, one of them works at a time."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from throughput.machine import DISTURBED, wait_for_quiet
from throughput.settings import COMPETITORS, SEQCLF, Setting
from throughput.tables import say

FOLDER = Path(__file__).resolve().parent.parent
BACKENDS = {"keras-jax": "jax"}
ATTEMPTS = 3
PAUSE = 0.3
"""Seconds between two competitors: threads of the last one may still be waiting for work."""


@dataclass
class Race:
    """What came out of it.

    Args:
        training: samples a second by competitor, round by round.
        predicting: likewise.
        answers: everything the workers told.
        missing: who could not take part, and why.
        told: what somebody said of how it computes.
    """

    training: dict[str, list[float]]
    predicting: dict[str, list[float]]
    answers: list[dict[str, Any]]
    missing: dict[str, str]
    told: dict[str, str]

    def add(self, name: str, what: str, answer: dict[str, Any]) -> None:
        """Keep a round's answer."""
        speeds = self.training if what == "fit" else self.predicting
        speeds.setdefault(name, []).append(answer["samples"] / answer["seconds"])
        self.answers.append({"competitor": name, "work": what, **answer})

    def tell_odd(self, where: str) -> None:
        """Tell how somebody computes, who could not take part, and how others were in the way.

        Args:
            where: the network, or the value that was varied.
        """
        for name, sentence in self.told.items():
            print(f"{where}: {COMPETITORS[name]}: {sentence}")
        for name, reason in self.missing.items():
            print(f"{where}: not measured: {COMPETITORS[name]}: {reason}")
        others = [answer["others"] for answer in self.answers]
        disturbed = [value for value in others if value > DISTURBED]
        if disturbed:
            print(
                f"{where}: disturbed: in {len(disturbed)} of {len(others)} rounds other programs "
                f"used more than {DISTURBED} cores, {max(disturbed):.1f} at most"
            )


class WorkerFailedError(Exception):
    """A worker ended; the message says why."""


class Worker:
    """A competitor's process."""

    def __init__(self, name: str, setting: Setting) -> None:
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed in close)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "throughput.worker", name, setting.to_json()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env=_environment(name, setting.threads),
        )

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            code = self._process.wait()
            self._errors.seek(0)
            told = self._errors.read().strip().rpartition("\n")[2]
            raise WorkerFailedError(f"ended with {code}: {told}")
        answer: dict[str, Any] = json.loads(line)
        if "unavailable" in answer:
            raise WorkerFailedError(answer["unavailable"])
        return answer

    def ask(self, what: str) -> dict[str, Any]:
        """Let it do a round of "fit" or "predict", or with "" wait until it is ready.

        Raises:
            WorkerFailedError: a library is missing, or the process ended.
        """
        assert self._process.stdin is not None
        if what:
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(f"{what}\n")
                self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()


def race(setting: Setting, names: Sequence[str], rounds: int, title: str, wait: float = 0) -> Race:
    """Build and warm all of them up, then let them work in turn, round by round.

    Whoever fails is left out from then on.

    Args:
        setting: what all of them do.
        names: the competitors.
        rounds: how often each trains and predicts.
        title: what is told meanwhile.
        wait: seconds to wait for other programs before every turn, at most. If they were in the
            way nevertheless, the turn is repeated, and the least disturbed one counts.
    """
    outcome = Race({}, {}, [], {}, {})
    workers = {name: Worker(name, setting) for name in names}
    try:
        for name in names:  # they start side by side, and nothing is measured yet
            ready = _asked(workers, name, "", outcome.missing)
            if ready is not None and ready["told"]:
                outcome.told[name] = ready["told"]
        for done in range(rounds):
            say(f"{title}: round {done + 1} of {rounds}")
            present = list(workers)
            first = done % max(len(present), 1)
            for name in [*present[first:], *present[:first]]:
                for what in ("fit", "predict") if setting.predicting else ("fit",):
                    answer = _turn(workers, name, what, outcome.missing, wait)
                    if answer is None:
                        break
                    outcome.add(name, what, answer)
    finally:
        for worker in workers.values():
            worker.close()
    return outcome


def _turn(
    workers: dict[str, Worker], name: str, what: str, missing: dict[str, str], wait: float
) -> dict[str, Any] | None:
    best: dict[str, Any] | None = None
    for _ in range(ATTEMPTS if wait else 1):
        time.sleep(PAUSE)
        wait_for_quiet(wait)
        answer = _asked(workers, name, what, missing)
        if answer is None:
            return None
        if best is None or answer["others"] < best["others"]:
            best = answer
        if best["others"] <= DISTURBED:
            break
    return best


def _asked(
    workers: dict[str, Worker], name: str, what: str, missing: dict[str, str]
) -> dict[str, Any] | None:
    try:
        return workers[name].ask(what)
    except WorkerFailedError as error:
        missing[name] = str(error)
        workers.pop(name).close()
        return None


def _environment(name: str, threads: int) -> dict[str, str]:
    """Give a worker's environment: its backend, the processor alone, and the threads."""
    settings = {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(FOLDER), os.environ.get("PYTHONPATH")])),
        "KERAS_BACKEND": BACKENDS.get(name, "tensorflow"),
        "CUDA_VISIBLE_DEVICES": "",
        "JAX_PLATFORMS": "cpu",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    if threads:
        settings |= {"SEQCLF_THREADS": str(threads), "TF_NUM_INTRAOP_THREADS": str(threads)}
        if name != SEQCLF:  # whose kernels are one operation, beside which batches are made
            settings["TF_NUM_INTEROP_THREADS"] = str(threads)
    return {**os.environ, **settings}

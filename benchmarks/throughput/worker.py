"""One competitor in a process of its own: `python -m throughput.worker NAME SETTING`.

It builds its network and warms up, so that nothing is compiled or traced later, and says so on
a line of JSON. Then it answers every line of standard input, "fit" or "predict", with the
seconds that took.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any, Protocol

from throughput.machine import busy
from throughput.reviews import Rows, read
from throughput.settings import Setting

MODULES = {
    "seqclf": "seqclf_product",
    "keras-tf": "keras_peers",
    "keras-tf-jit": "keras_peers",
    "keras-jax": "keras_peers",
    "torch": "torch_peer",
    "torch-flush": "torch_peer",
}
LEAST_SECONDS = 0.5
"""Predicting is repeated until that much time is over; some are done in milliseconds."""


class Competitor(Protocol):
    """What the modules' `make(name, setting)` gives: a network, built.

    Args:
        told: what should be known of how it computes; "" for nothing.
    """

    told: str

    def prepare(self, rows: Rows) -> Any:
        """Bring data into the form that `fit` and `predict` take; that is not timed."""

    def fit(self, train: Any, validation: Any, epochs: int) -> float:
        """Train, with validation data or None; gives the last epoch's training loss."""

    def predict(self, data: Any) -> Any:
        """Give the probabilities, shape (samples, 1)."""


def main(name: str, setting: Setting) -> int:
    """Answer until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print must not come between the answers

    def answer(**values: Any) -> None:
        answers.write(json.dumps(values) + "\n")

    try:
        competitor = importlib.import_module(f"throughput.{MODULES[name]}").make(name, setting)
    except ImportError as error:
        answer(unavailable=f"{error}")
        return 1
    actions = _warmed(competitor, setting)
    answer(told=competitor.told)
    for line in sys.stdin:
        answer(**_timed(actions[line.strip()]))
    return 0


def _warmed(competitor: Competitor, setting: Setting) -> dict[str, Callable[[], dict[str, Any]]]:
    """Warm up, and give what can be asked for."""
    rows = {kind: part for kind, part in read(setting.data).items() if len(part)}
    warm = {kind: competitor.prepare(_few(part, setting.batch)) for kind, part in rows.items()}
    data = {kind: competitor.prepare(part) for kind, part in rows.items()}
    competitor.fit(warm["train"], warm.get("validation"), 1)

    def fit() -> dict[str, Any]:
        loss = competitor.fit(data["train"], data.get("validation"), setting.epochs)
        return {"samples": setting.epochs * len(rows["train"]), "loss": loss}

    def predict() -> dict[str, Any]:
        samples, start = 0, time.perf_counter()
        while not samples or time.perf_counter() - start < LEAST_SECONDS:
            outputs = competitor.predict(data["predict"])
            assert len(outputs) == len(rows["predict"])
            samples += len(outputs)
        return {"samples": samples}

    if setting.predicting:
        competitor.predict(data["predict"])
    return {"fit": fit, "predict": predict}


def _few(rows: Rows, batch: int) -> Rows:
    """Give rows enough for one whole batch and the last, short one."""
    return rows.first(min(len(rows), batch + len(rows) % batch))


def _timed(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Add the seconds it took, and how many cores this process and others used meanwhile."""
    gc.collect()
    start, used, worked = time.perf_counter(), time.process_time(), busy()
    done = work()
    seconds = time.perf_counter() - start
    cores = (time.process_time() - used) / seconds
    others = max((busy() - worked) / seconds - cores, 0.0)
    return {**done, "seconds": seconds, "cores": cores, "others": others}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Setting(**json.loads(sys.argv[2]))))

"""R's results: reading them, and comparing with them as float32."""

from __future__ import annotations

import functools
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

GOLDEN = Path(__file__).with_name("golden")
SHARED = Path(__file__).resolve().parents[3] / "shared"
IMDB = Path(os.environ.get("SEQCLF_TEST_DATA") or SHARED / "data") / "imdb"
IMDB_GOLDEN = SHARED / "parity" / "golden" / "imdb_r.json"


def _has_avx512() -> bool:
    try:
        return "avx512f" in Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:
        return False


OTHER_PROCESSOR = _has_avx512()
"""Whether this is another kind of processor than where R's numbers were computed, with AVX2.

On processors with AVX-512 the last bits of the same code on the same versions differ. Presumably
TensorFlow adds in another order there; R's keras3, which calls it, too, would give them then.
"""

ROUNDING = 5e-7 if OTHER_PROCESSOR else 0.0
"""How far a float32 number may lie from R's: not at all on the same kind of processor."""

NETWORKS = ("simple_rnn", "lstm", "gru", "stacked_simple_rnn", "bilstm")
"""The small networks of `forward_*.json` and `train_*.json`."""


@functools.cache
def golden(name: str) -> Any:
    """Read `golden/NAME.json`; shared, so do not change it."""
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def golden_text(name: str) -> str:
    """Read `golden/NAME.txt`."""
    return (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def weights(written: list[dict[str, Any]], dtype: Any = np.float32) -> list[np.ndarray]:
    """Give the arrays of a list of written weights, for `set_weights`."""
    assert [weight["index"] for weight in written] == list(range(len(written)))
    arrays = [np.array(weight["values"], dtype) for weight in written]
    for array, weight in zip(arrays, written, strict=True):
        assert array.shape == tuple(np.atleast_1d(weight["shape"]))
    return arrays


def difference(ours: Any, theirs: Any) -> float:
    """Give the largest absolute difference of two arrays of one shape."""
    ours, theirs = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    assert ours.shape == theirs.shape, f"shape {ours.shape}, R has {theirs.shape}"
    assert ours.size
    assert np.isfinite(ours).all()
    return float(np.abs(ours - theirs).max())


def assert_same(ours: Any, theirs: Any, what: str = "") -> None:
    """Fail unless two arrays have one shape and the same float32 numbers, up to `ROUNDING`."""
    apart = difference(np.asarray(ours, np.float32), np.asarray(theirs, np.float32))
    assert apart <= ROUNDING, f"{what or 'the numbers'}: up to {apart:.3g} from R's"


def assert_same_weights(ours: list[np.ndarray], written: list[dict[str, Any]]) -> None:
    """Fail unless weights are those that R wrote, in its order."""
    theirs = weights(written)
    assert len(ours) == len(theirs)
    for array, expected, weight in zip(ours, theirs, written, strict=True):
        assert_same(array, expected, weight["name"])


def assert_same_named(ours: Any, theirs: dict[str, Any]) -> None:
    """Fail unless two mappings have the same names, in order, and the same float32 numbers."""
    assert list(ours) == list(theirs)
    for name, expected in theirs.items():
        assert_same(ours[name], expected, name)

"""R's 26 cases of `pad_sequences`, by `seqclf.r` and by what seqclf's own runs pad with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from golden_files import golden

from seqclf.contracts import Ragged
from seqclf.encoding.padding import pad
from seqclf.r import pad_sequences

CASES = golden("pad_sequences")


def named(case: Any) -> str:
    return f"{case['name']} {case['args']}"


def runs_can(case: Any) -> bool:
    """Say whether a run pads so: token ids, and 0 for padding."""
    ids = all(isinstance(value, int) for sequence in case["sequences"] for value in sequence)
    return ids and set(case["args"]) <= {"maxlen", "padding", "truncating"}


def test_there_are_26_cases() -> None:
    assert len(CASES) == 26
    assert sum(map(runs_can, CASES)) == 22


@pytest.mark.parametrize("case", CASES, ids=named)
def test_padding_is_that_of_r(case: Any) -> None:
    padded = pad_sequences(case["sequences"], **case["args"])
    assert padded.shape == tuple(case["dim"])
    assert padded.dtype == case["args"].get("dtype", "int32")
    assert padded.tolist() == case["result"]


@pytest.mark.parametrize("case", list(filter(runs_can, CASES)), ids=named)
def test_runs_pad_as_r_does(case: Any) -> None:
    settings = dict(case["args"])
    longest = max(map(len, case["sequences"]))
    padded = pad(
        Ragged.from_lists(case["sequences"]),
        settings.pop("maxlen", longest),
        **settings,
    )
    assert padded.dtype == np.int32
    assert padded.tolist() == case["result"]


def test_r_takes_a_number_for_a_whole_one() -> None:
    sequences = CASES[0]["sequences"]
    expected = pad_sequences(sequences, maxlen=5)
    assert pad_sequences(sequences, maxlen=5.0).tolist() == expected.tolist()


def test_padding_at_the_other_end_is_found() -> None:
    """A fault set on purpose: every case in which padding shows must differ."""
    other = {"pre": "post", "post": "pre"}
    found = 0
    for case in CASES:
        settings = dict(case["args"])
        settings["padding"] = other[settings.get("padding", "pre")]
        short = any(len(sequence) < case["dim"][1] for sequence in case["sequences"] if sequence)
        if short:
            found += 1
            assert pad_sequences(case["sequences"], **settings).tolist() != case["result"]
    assert found == 22

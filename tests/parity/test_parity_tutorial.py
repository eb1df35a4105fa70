"""The tutorial's own code on 2,000 reviews, with op determinism: every number is R's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from golden_files import IMDB, OTHER_PROCESSOR, assert_same, assert_same_named, golden

NETWORKS = ("simple_rnn", "lstm", "stacked_simple_rnn")
PROGRAM = Path(__file__).with_name("tutorial_small.py")

pytestmark = [
    pytest.mark.train,
    pytest.mark.skipif(
        not (IMDB / "imdb.npz").exists(), reason=f"the real reviews are not at {IMDB}"
    ),
]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    surroundings = {
        **os.environ,
        "SEQCLF_DATA_DIR": str(IMDB),
        "SEQCLF_CACHE_DIR": str(tmp_path_factory.mktemp("cache")),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *NETWORKS],
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.skipif(
    OTHER_PROCESSOR, reason="with AVX-512 the last bits differ, and 32 steps make more of it"
)
@pytest.mark.parametrize("name", NETWORKS)
def test_the_tutorial_gives_what_it_gives_in_r(found: Any, name: str) -> None:
    ours, told = found[name], golden("tutorial_small")[name]
    assert_same_named(ours["history"], told["history"])
    assert_same_named(ours["evaluate"], told["evaluate"])
    assert_same(ours["predict_first5"], told["predict_first5"])


@pytest.mark.parametrize("name", NETWORKS)
def test_the_summary_after_training_is_that_of_r(found: Any, name: str) -> None:
    assert found[name]["summary_after_fit"] == golden("tutorial_small")[name]["summary_after_fit"]

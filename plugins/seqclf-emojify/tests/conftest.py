"""Every test runs in a folder, a cache and an environment of its own, with this plugin alone."""

import os
from pathlib import Path

import pytest

pytest_plugins = ["seqclf.testing"]

# TensorFlow reads it once, when it is first imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

SHARED = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture(autouse=True)
def _alone(surroundings, monkeypatch):
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "seqclf-emojify")


@pytest.fixture
def exercise():
    """Give the folder of the exercise's own files, which are not ours to give away."""
    folder = SHARED / "emojify"
    if not folder.is_dir():
        pytest.skip(f"the exercise's files are not in {folder}")
    return folder


@pytest.fixture
def notes():
    """Give a list for what a dataset tells."""
    return []


@pytest.fixture
def context(tmp_path, notes):
    """Give what a dataset gets while it loads."""
    import seqclf

    return seqclf.LoadContext(tmp_path / "cache", num_words=2000, note=notes.append)


@pytest.fixture
def files(tmp_path):
    """Write train.csv and test.csv: files(train, test) gives their folder."""

    def write(train, test='"she said yes",2\n', folder="mine"):
        place = tmp_path / folder
        place.mkdir(parents=True, exist_ok=True)
        for name, text in (("train.csv", train), ("test.csv", test)):
            content = text if isinstance(text, bytes) else text.encode()
            (place / name).write_bytes(content)
        return place

    return write

"""Every test runs in a folder of its own, with this plugin alone, and without a network.

The libraries read their settings when they are imported, so the environment is set here.
"""

import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import entry_points
from pathlib import Path

import network
import pytest
from hub_server import StandIn

pytest_plugins = ["seqclf.testing"]

HUB = StandIn()
HOME = tempfile.TemporaryDirectory(prefix="seqclf-huggingface-")
OFFLINE = ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "TRANSFORMERS_OFFLINE")

for name in (*OFFLINE, "HF_TOKEN", "HF_DATASETS_CACHE", "HF_HUB_CACHE"):
    os.environ.pop(name, None)
os.environ["HF_HOME"] = HOME.name
os.environ["HF_ENDPOINT"] = "http://{}:{}".format(*HUB.address)
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
network.block()


def pytest_configure(config):
    if "huggingface" not in entry_points(group="seqclf").names:
        pytest.exit("seqclf-huggingface is not installed; pip install -e .", returncode=3)


@pytest.fixture(autouse=True)
def _alone(surroundings, monkeypatch):
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "seqclf-huggingface")


@pytest.fixture(autouse=True)
def attempts():
    """Give what was tried of the network; what is left of it at the end fails the test."""
    network.ATTEMPTS.clear()
    yield network.ATTEMPTS
    assert network.ATTEMPTS == []


@pytest.fixture
def hub(attempts):
    """Give the stand-in for the Hub; only tests that ask for it reach it."""
    HUB.clear()
    network.ALLOWED.add(HUB.address)
    yield HUB
    network.ALLOWED.clear()
    # Beside the Hub itself, datasets asks two more addresses, and does without their answers.
    beside = ("s3.amazonaws.com", "datasets-server.")
    attempts[:] = [tried for tried in attempts if not any(name in tried for name in beside)]


@pytest.fixture
def notes():
    """Give a list for what is told while a dataset loads."""
    return []


@pytest.fixture
def load(tmp_path, notes):
    """Load the dataset: load("films", label="verdict") gives its splits, in their own order."""
    import seqclf

    from seqclf_huggingface.dataset import huggingface

    def run(path, data_dir=None, **options):
        context = seqclf.LoadContext(tmp_path / "cache", data_dir, note=notes.append)
        given = huggingface.check_options({"seed": None, "path": str(path), **options})
        return huggingface.load(context, **given)

    return run


@pytest.fixture
def fails(load):
    """Load the dataset in vain: fails("films") gives the error as one sentence."""
    from seqclf.errors import SeqclfError

    def run(path, **options):
        with pytest.raises(SeqclfError) as error:
            load(path, **options)
        told = str(error.value)
        assert "\n" not in told
        return told

    return run


@pytest.fixture
def rows(tmp_path):
    """Write a JSON lines file: rows("films.jsonl", [{"text": "fine", "label": "good"}])."""

    def write(name, records):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
        return path

    return write


@pytest.fixture
def elsewhere():
    """Run a command in another process, which has no network either."""
    paths = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    program = "import network; network.block(); from seqclf.cli import main; main()"

    def run(*arguments, **environ):
        got = subprocess.run(
            [sys.executable, "-c", program, *map(str, arguments)],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), **environ},
        )
        assert "network: (" not in got.stderr
        return got

    return run

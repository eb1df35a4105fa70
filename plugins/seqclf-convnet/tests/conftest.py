"""Every test runs in a folder of its own and sees this plugin alone."""

from importlib.metadata import entry_points
from pathlib import Path

import pytest

pytest_plugins = ["seqclf.testing"]

WORDS = Path(__file__).with_name("words.py")


def pytest_configure(config):
    if "convnet" not in entry_points(group="seqclf").names:
        pytest.exit("seqclf-convnet is not installed; pip install -e .", returncode=3)


@pytest.fixture(autouse=True)
def _alone(surroundings, monkeypatch):
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "seqclf-convnet")

"""Every test runs in a folder of its own and sees this plugin alone."""

from importlib.metadata import entry_points
from pathlib import Path

import pytest

pytest_plugins = ["seqclf.testing"]

WORDS = Path(__file__).with_name("words.py")


def pytest_configure(config):
    if "attention" not in entry_points(group="seqclf").names:
        pytest.exit("seqclf-attention is not installed; pip install -e .", returncode=3)


@pytest.fixture(autouse=True)
def _alone(surroundings, monkeypatch):
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "seqclf-attention")


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """Give a small trained run, made once."""
    import seqclf

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQCLF_LOAD_PLUGINS", "seqclf-attention")
        return seqclf.run(
            "marks",
            arch="attention",
            plugins=[str(WORDS)],
            out=tmp_path_factory.mktemp("runs"),
            name="trained",
            seed=1,
            params={"units": 8, "embedding_dim": 8},
        )

"""Every test runs in a folder, a cache and an environment of its own."""

from pathlib import Path

import pytest

TINY = Path(__file__).with_name("tiny.py")


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("SEQCLF_DATA_DIR", "SEQCLF_RUNS_DIR", "SEQCLF_PLUGINS_DIR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SEQCLF_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "")


@pytest.fixture
def tiny() -> str:
    """The plugin file with small datasets."""
    return str(TINY)

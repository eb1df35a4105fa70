"""Every test runs in a folder, a cache and an environment of its own."""

import os
import shutil
from pathlib import Path

import pytest

# Two processes test side by side (pytest-xdist); more threads would only wait for each other.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

# What takes longest begins first, once the quick ones are through: two processes share the tests,
# a module each, and none shall be left with a long one at the end.
LONG = (
    "test_code",
    "test_estimator",
    "test_new_plugin",
    "test_mishaps",
    "test_distributions",
    "test_r",
    "test_training",
    "test_predict_file",
    "test_your_data",
    "test_checks",
    "test_cli",
    "test_parity_tutorial",
    "test_tfruns",
    "test_hooks",
    "test_parity_training",
    "test_oracle_recurrent",
    "test_architectures",
    "test_parity_forward",
    "test_imdb",
)

TINY = Path(__file__).with_name("tiny.py")


def pytest_collection_modifyitems(items):
    """Put the quick modules first, then the long ones, the longest first."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.stem, -1))


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # JAX, where installed, sets TF_CPP_MIN_LOG_LEVEL for every process started from here.
    unwanted = ["SEQCLF_DATA_DIR", "SEQCLF_RUNS_DIR", "SEQCLF_PLUGINS_DIR", "NO_COLOR"]
    for name in (*unwanted, "TF_CPP_MIN_LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SEQCLF_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "")


@pytest.fixture(scope="session")
def whole_run(tmp_path_factory) -> Path:
    """Give the folder of a small trained run, made once; do not change it."""
    import seqclf

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQCLF_LOAD_PLUGINS", "")
        return seqclf.run(
            "tiny",
            arch="gru",
            plugins=[str(TINY)],
            out=tmp_path_factory.mktemp("runs"),
            name="whole",
            epochs=1,
            seed=1,
            params={"units": 4},
        ).folder


@pytest.fixture
def whole(whole_run, tmp_path) -> Path:
    """Give a copy of the small trained run, as `runs/whole` in the test's own folder."""
    return shutil.copytree(whole_run, tmp_path / "runs" / "whole")


@pytest.fixture
def tiny() -> str:
    """The plugin file with small datasets."""
    return str(TINY)


@pytest.fixture
def command(seqclf):
    """The same under another name, for modules that import the package."""
    return seqclf


@pytest.fixture
def seqclf(capsys):
    """Run a command in this process: seqclf("archs") gives (status, stdout, stderr)."""

    from seqclf.cli.program import run_program

    def run(*arguments):
        capsys.readouterr()
        status = run_program([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return status, out, err

    return run

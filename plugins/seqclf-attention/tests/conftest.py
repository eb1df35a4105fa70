"""Every test runs in a folder of its own and sees this plugin alone."""

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

WORDS = Path(__file__).with_name("words.py")


def pytest_configure(config):
    if "attention" not in entry_points(group="seqclf").names:
        pytest.exit("seqclf-attention is not installed; pip install -e .", returncode=3)


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    unwanted = ["SEQCLF_DATA_DIR", "SEQCLF_RUNS_DIR", "SEQCLF_PLUGINS_DIR", "NO_COLOR"]
    for name in (*unwanted, "SEQCLF_DISABLE_PLUGINS", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SEQCLF_CACHE_DIR", str(tmp_path / "cache"))
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


@pytest.fixture
def cli(capsys):
    """Run a command in this process: cli("archs") gives (status, stdout, stderr)."""
    from seqclf.cli.program import run_program

    def run(*arguments):
        capsys.readouterr()
        status = run_program([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return status, out, err

    return run


@pytest.fixture
def elsewhere():
    """Run a module in another process: elsewhere("seqclf", "archs")."""

    def run(module, *arguments):
        return subprocess.run(
            [sys.executable, "-m", module, *map(str, arguments)], capture_output=True, text=True
        )

    return run

"""The distributions in plugins/: each stands alone and passes its own quick tests.

`.ci/checks` runs those that train, too.
"""

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[1] / "plugins"
NAMES = sorted(path.parent.name for path in PLUGINS.glob("*/setup.cfg"))


def test_all_four_are_there_and_listed():
    assert NAMES == ["seqclf-attention", "seqclf-convnet", "seqclf-emojify", "seqclf-huggingface"]
    page = (PLUGINS / "README.md").read_text(encoding="utf-8")
    for name in NAMES:
        assert f"| [{name}]({name}) |" in page
        for file in ("README.md", "LICENSE", "pyproject.toml", "tests"):
            assert (PLUGINS / name / file).exists()


def check(name):
    """Run the distribution's own tests that train nothing."""
    try:
        distribution(name)
    except PackageNotFoundError:
        pytest.skip(f"{name} is not installed: pip install ./plugins/{name}")
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not train"]
    done = subprocess.run(command, cwd=PLUGINS / name, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


# A class each, so that two processes can share them.


@pytest.mark.train
class TestAttention:
    def test_its_own_quick_tests_pass(self):
        check("seqclf-attention")


@pytest.mark.train
class TestConvnet:
    def test_its_own_quick_tests_pass(self):
        check("seqclf-convnet")


@pytest.mark.train
class TestEmojify:
    def test_its_own_quick_tests_pass(self):
        check("seqclf-emojify")


@pytest.mark.train
class TestHuggingface:
    def test_its_own_quick_tests_pass(self):
        check("seqclf-huggingface")

"""Rules of the house: where Keras may be imported, docstring examples, docs in step."""

import ast
import doctest
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import seqclf

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "seqclf"
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(seqclf.__path__, "seqclf.")
    if module.name != "seqclf.__main__"
)
MAY_IMPORT_KERAS = {
    "kernels/hooking.py",
    "kernels/tracing.py",
    "training/batches.py",
    "training/build.py",
    "training/fit.py",
    "training/loop.py",
}
HEAVY = {"keras", "tensorflow", "jax", "torch"}
COMPILERS = {"numba", "llvmlite"}
WITHOUT_COMPILER = {"__init__.py", "choosing.py", "names.py", "recurrent_layers.py"}
"""Modules of `kernels/` that must be there where numba is not."""


def top_level_imports(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_keras_is_imported_at_module_level_only_where_models_are_built_or_trained():
    found = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if HEAVY.intersection(top_level_imports(path))
    }
    assert found == MAY_IMPORT_KERAS


def test_only_kernels_are_compiled_and_one_can_ask_for_them_without_the_compiler():
    found = {
        path.relative_to(SOURCE)
        for path in SOURCE.rglob("*.py")
        if COMPILERS.intersection(top_level_imports(path))
    }
    assert {str(path.parent) for path in found} == {"kernels"}
    assert not {path.name for path in found} & WITHOUT_COMPILER


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples_run(name):
    module = importlib.import_module(name)
    result = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert result.failed == 0


def test_there_are_docstring_examples():
    finder = doctest.DocTestFinder()
    count = sum(
        len(test.examples)
        for name in MODULES
        for test in finder.find(importlib.import_module(name))
    )
    assert count > 40


def test_the_public_names_are_there():
    for name in seqclf.__all__:
        assert getattr(seqclf, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = seqclf.nothing


def test_the_cli_reference_is_in_step():
    page = ROOT / "docs" / "generate.py"
    found = subprocess.run(
        [sys.executable, str(page), "--check"], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr

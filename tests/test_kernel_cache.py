"""Compiled kernels are kept for the next process, and only for one that would compile the same."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from kernel_cases import CELLS, Case, Results, assert_close

import seqclf

pytestmark = pytest.mark.train

# Runs layers on batches in files, and tells what had to be compiled for it.
PROGRAM = """
import json, pkgutil, sys
from importlib import import_module
import numpy as np
from seqclf import kernels
from seqclf.kernels.compiling import kept_kernels, kernel
from seqclf.kernels.recurrence import Recurrence, Weights
from seqclf.kernels.vectors import LANES

results = {}
for cell in sys.argv[1:]:
    given = dict(np.load(f"{cell}.npz"))
    recurrence = Recurrence(cell, len(given["recurrent"]))
    weights = Weights(given["kernel"], given["recurrent"], given["bias"])
    outputs, left = recurrence.forward_ids(given["ids"], given["table"], None, weights, keep=True)
    found = recurrence.backward(left, given["gradient"])
    table = np.zeros_like(given["table"])
    there = found.sources >= 0
    table[found.sources[there]] = found.rows[there][:, : table.shape[1]]
    results[cell] = {"outputs": outputs, "table": table, **found.weights._asdict()}
for cell, arrays in results.items():
    np.savez(f"{cell}.found.npz", **arrays)

modules = [import_module(f"seqclf.kernels.{name}") for _, name, _ in pkgutil.iter_modules(
    kernels.__path__) if name not in ("hooking", "tracing")]
every = {id(each): each for module in modules for each in vars(module).values()
         if isinstance(each, kernel)}.values()
used = [each.compiled for each in every if each.compiled.signatures]
print(json.dumps({
    "used": sum(len(each.signatures) for each in used),
    "loaded": sum(sum(each.stats.cache_hits.values()) for each in used),
    "folder": str(kept_kernels()),
    "lanes": LANES,
}))
"""


@dataclass
class Told:
    """What the program printed: how many kernels it used, how many of them were there already."""

    used: int
    loaded: int
    folder: str
    lanes: int


class Process:
    """The program, running, with batches whose results are known."""

    def __init__(self, folder: Path, *cells: str, **environment: str) -> None:
        chosen = cells or ("simple_rnn",)
        self.cases = [Case(cell, units=19, features=5, steps=12, texts=9) for cell in chosen]
        self.folder = folder
        folder.mkdir(parents=True)
        for case in self.cases:
            data = case.data()
            given = {"ids": data.ids, "table": data.table, "gradient": data.gradient}
            np.savez(folder / f"{case.cell}.npz", **given, **data.weights._asdict())
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *chosen],
            env={**os.environ, **environment},
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def end(self) -> Told:
        """Wait until it ends, and hold what it found to what is right."""
        try:
            out, err = self.process.communicate(timeout=300)
        finally:
            self.process.kill()
        assert self.process.returncode == 0, err
        assert not err
        for case in self.cases:
            with np.load(self.folder / f"{case.cell}.found.npz") as file:
                found = Results(x=None, **file)
            expected = case.run(case.recurrence(), case.data())
            assert_close(found, expected, outputs=2e-6, gradients=1e-5)
        return Told(**json.loads(out))


@pytest.fixture(scope="module")
def filled_cache(tmp_path_factory):
    """Let a process fill a cache, once."""
    folder = tmp_path_factory.mktemp("filled")
    return Process(folder / "first", SEQCLF_CACHE_DIR=str(folder / "cache")).end()


@pytest.fixture
def filled(filled_cache, tmp_path):
    """Give a copy of the filled cache, in the test's own place."""
    source = Path(filled_cache.folder)
    return Path(shutil.copytree(source, tmp_path / "cache" / "kernels" / source.name))


@pytest.fixture
def package(tmp_path):
    """Copy the package, and give what lets a process use the copy."""
    source = Path(seqclf.__file__).parent
    shutil.copytree(source, tmp_path / "copy" / "seqclf", ignore=shutil.ignore_patterns("__py*"))
    home = str(tmp_path / "home")
    return {
        "PYTHONPATH": os.pathsep.join([str(tmp_path / "copy"), os.environ.get("PYTHONPATH", "")]),
        "HOME": home,
        "XDG_CACHE_HOME": home,
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def kept(folder):
    """Find what numba keeps somewhere below a folder."""
    return sorted(path for path in folder.rglob("*.nb[ic]") if path.is_file())


def test_the_second_process_compiles_nothing(tmp_path, filled_cache):
    first, cache = filled_cache, Path(filled_cache.folder).parents[1]
    assert first.loaded == 0 < first.used
    files = kept(Path(first.folder))
    assert files == kept(cache.parent)
    second = Process(tmp_path / "second", SEQCLF_CACHE_DIR=str(cache)).end()
    assert second == Told(first.used, first.used, first.folder, first.lanes)
    assert kept(cache.parent) == files


def test_two_processes_may_compile_at_once(tmp_path):
    both = [Process(tmp_path / name) for name in ("one", "other")]
    told = [each.end() for each in both]
    assert told[0].folder == told[1].folder
    third = Process(tmp_path / "third").end()
    assert third.loaded == third.used == told[0].used


def test_a_changed_source_is_compiled_anew(tmp_path, package):
    before = Process(tmp_path / "before", **package).end()
    source = tmp_path / "copy" / "seqclf" / "kernels" / "products.py"
    source.write_text(source.read_text() + "# changed\n")
    after = Process(tmp_path / "after", **package).end()
    assert after.folder != before.folder
    assert after.loaded == 0
    again = Process(tmp_path / "again", **package).end()
    assert (again.folder, again.loaded) == (after.folder, after.used)


def folder_told(start="", **environment):
    code = f"{start}\nfrom seqclf.kernels.compiling import kept_kernels\nprint(kept_kernels())"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def test_other_versions_and_folders_have_kernels_of_their_own(tmp_path, package):
    usual = folder_told()
    assert usual == folder_told(**package)
    assert folder_told("import numba; numba.__version__ = '0.1'") != usual
    assert folder_told("import llvmlite; llvmlite.__version__ = '0.1'") != usual
    other = folder_told(SEQCLF_CACHE_DIR=str(tmp_path / "elsewhere"))
    assert other == usual.replace(str(tmp_path / "cache"), str(tmp_path / "elsewhere"))


class TestWhereNothingCanBeKept:
    def test_a_file_is_where_the_folder_should_be(self, tmp_path, package):
        (tmp_path / "cache").write_text("a file")
        for name in ("first", "second"):
            told = Process(tmp_path / name, **package).end()
            assert told.loaded == 0 < told.used
        assert not kept(tmp_path)
        assert (tmp_path / "cache").read_text() == "a file"

    @pytest.mark.skipif(os.name != "posix", reason="no limits of files here")
    def test_the_disk_is_full(self, tmp_path, package, monkeypatch):
        """No file may grow beyond 200 bytes, but those of the program's results."""
        limits = "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (200, r.RLIM_INFINITY))\n"
        lifted = "r.setrlimit(r.RLIMIT_FSIZE, (r.RLIM_INFINITY, r.RLIM_INFINITY))\n"
        program = limits + PROGRAM.replace("for cell, arrays", lifted + "for cell, arrays")
        monkeypatch.setattr(sys.modules[__name__], "PROGRAM", program)
        told = Process(tmp_path / "first", **package).end()
        assert told.loaded == 0 < told.used


@pytest.mark.parametrize(
    ("suffix", "damage"),
    [
        (".nbi", lambda content: content[: len(content) // 2]),
        (".nbc", lambda content: b"other"),
        pytest.param(".nbi", lambda content: b"", marks=pytest.mark.long),
        pytest.param(".nbc", lambda content: content[:-100], marks=pytest.mark.long),
    ],
    ids=["half an index", "another code", "an empty index", "code cut off"],
)
def test_what_is_damaged_is_compiled_anew(tmp_path, filled, filled_cache, suffix, damage):
    for path in filled.rglob(f"*{suffix}"):
        path.write_bytes(damage(path.read_bytes()))
    told = Process(tmp_path / "first").end()
    assert told.used == filled_cache.used
    assert told.folder == str(filled)


IS_X86 = platform.machine().lower() in ("x86_64", "amd64")


@pytest.mark.long
@pytest.mark.skipif(not IS_X86, reason="these are the features of other processors")
@pytest.mark.parametrize(
    "features", ["", "+sse4.1,+avx,+avx2,+fma"], ids=["the least", "eight lanes"]
)
def test_a_processor_with_fewer_lanes_gives_the_same(tmp_path, features):
    generic = {"NUMBA_CPU_NAME": "x86-64", "NUMBA_CPU_FEATURES": features}
    told = Process(tmp_path / "first", *CELLS, **generic).end()
    assert told.lanes == 8
    assert told.loaded == 0

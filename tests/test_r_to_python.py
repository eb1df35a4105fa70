"""docs/r-to-python.md: its Python runs and prints what stands there, its R parses."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from imdb_files import write_imdb, write_word_index

PAGE = Path(__file__).parents[1] / "docs" / "r-to-python.md"
SHARED = Path(__file__).parents[2] / "shared" / "data"
_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Row:
    """One line of the tutorial: R, Python, what Python prints, and what that depends on."""

    r: str = ""
    python: str = ""
    text: str = ""
    depends: str = ""


def rows() -> list[Row]:
    """Read the page: a row begins with its R block."""
    found: list[Row] = []
    parts = re.split(r"(?=^```r$)", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for part in parts[1:]:
        row = Row(depends="".join(re.findall(r"<!-- (\w+) -->", part)))
        for block in _BLOCK.finditer(part):
            setattr(row, block["language"], block["text"])
        found.append(row)
    return found


def run(row: Row, names: dict) -> str:
    """Execute a row's Python and give what it prints."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(row.python, str(PAGE), "exec"), names)
    return printed.getvalue()


def test_every_row_has_both_languages():
    assert len(rows()) > 20
    assert all(row.r and row.python for row in rows())
    assert {row.depends for row in rows()} == {"", "data", "minutes", "numbers"}


@pytest.mark.long
@pytest.mark.train
def test_the_page_runs_and_prints_what_stands_there(tmp_path, monkeypatch):
    generator = np.random.default_rng(1)
    reviews = [generator.integers(1, 5000, 30).tolist() for _ in range(110)]
    labels = generator.integers(0, 2, 110)
    write_imdb(tmp_path / "imdb.npz", reviews, reviews[:10], labels, labels[:10])
    write_word_index(tmp_path / "imdb_word_index.json")
    monkeypatch.setenv("SEQCLF_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SEQCLF_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec("from seqclf.r import clear_session; clear_session()", names)
    for row in rows():
        printed = run(row, names)
        if row.depends == "numbers":
            expected = re.escape(row.text).replace("…", r"[\d.]+")
            assert re.fullmatch(expected, printed.replace(" \n", "\n")), printed
        elif row.depends != "data":
            assert printed == row.text, row.python
    assert (tmp_path / "history.png").stat().st_size > 10_000


def test_what_the_page_prints_of_the_reviews(tmp_path, monkeypatch):
    if not (SHARED / "imdb" / "imdb.npz").is_file():
        pytest.skip("the IMDB reviews are not there (../shared/data)")
    monkeypatch.setenv("SEQCLF_DATA_DIR", str(SHARED))
    monkeypatch.setenv("SEQCLF_CACHE_DIR", str(tmp_path))
    names: dict = {}
    exec("from seqclf.r import *", names)
    checked = [row for row in rows() if row.depends == "data"]
    assert len(checked) == 2
    for row in checked:
        assert run(row, names) == row.text


def test_the_r_parses(tmp_path):
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed")
    script = tmp_path / "page.R"
    script.write_text("\n".join(row.r for row in rows()), encoding="utf-8")
    subprocess.run(
        ["Rscript", "--vanilla", "-e", "invisible(parse(commandArgs(TRUE)[1]))", str(script)],
        check=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )

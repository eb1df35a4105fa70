"""Fixtures for the suite of a plugin's author: the checks of `seqclf plugins check`, and more.

Put this into `conftest.py`:

    pytest_plugins = ["seqclf.testing"]

and write tests such as

    def test_it_keeps_the_contract(check_plugin):
        check_plugin("seqclf-mine")

    def test_it_learns(train):
        assert train("mine", epochs=3).history["loss"][-1] < 0.6

Each test that uses one of them runs in a folder and a cache of its own, without any variable
`SEQCLF_…` of the person who runs it. pytest is imported here and nowhere else in seqclf.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from seqclf.checks.building import LABELS
from seqclf.contracts import Architecture, Dataset, Encoder, Kind
from seqclf.task import Task

if TYPE_CHECKING:
    import numpy as np

    from seqclf.checks.outcomes import Check
    from seqclf.contracts import Metric
    from seqclf.runs import Run

_TERMINAL = ("NO_COLOR", "FORCE_COLOR", "COLUMNS")


@pytest.fixture
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run the test in a folder and a cache of its own, without any variable `SEQCLF_…`.

    Every other fixture here uses it. Installed plugins are found as always; to see one alone,
    set `SEQCLF_LOAD_PLUGINS` to its name.

    Returns:
        The folder, which is `tmp_path`.

    Example:
        @pytest.fixture(autouse=True)
        def alone(surroundings, monkeypatch):
            monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "seqclf-mine")
    """
    monkeypatch.chdir(tmp_path)
    for name in (*os.environ, *_TERMINAL):
        if name.startswith("SEQCLF_") or name in _TERMINAL:
            monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SEQCLF_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def check_plugin(surroundings: Path) -> Callable[[str | os.PathLike[str]], list[Check]]:
    """Check a plugin as `seqclf plugins check` does: `check_plugin(name_or_file)`.

    Returns:
        A function that gives the checks; the test fails with a list of those that failed.

    Raises:
        UsageError: nobody has that name.

    Example:
        def test_it_keeps_the_contract(check_plugin):
            check_plugin("seqclf-mine")
    """

    def check(name_or_file: str | os.PathLike[str]) -> list[Check]:
        from seqclf.checks.finding import find_plugins
        from seqclf.checks.plugin import check_found

        return _judged(check_found(find_plugins(os.fspath(name_or_file))))

    return check


@pytest.fixture
def check_architecture(surroundings: Path) -> Callable[..., list[Check]]:
    """Check an architecture: `check_architecture(architecture, **params)`.

    Args of what it gives:
        architecture: what `@seqclf.architecture` made.
        **params: options that every build gets, such as those without a default.

    Returns:
        A function that gives the checks; the test fails with a list of those that failed.

    Example:
        def test_it_keeps_the_contract(check_architecture):
            check_architecture(mine, units=4)
    """

    def check(architecture: Architecture, **params: Any) -> list[Check]:
        from seqclf.checks.alone import check_one_architecture

        return _judged(check_one_architecture(architecture, params))

    return check


@pytest.fixture
def check_dataset(surroundings: Path) -> Callable[..., list[Check]]:
    """Check a dataset: `check_dataset(dataset, **options)`.

    The options are those it is loaded with.

    Returns:
        A function that gives the checks; the test fails with a list of those that failed.

    Example:
        def test_it_keeps_the_contract(check_dataset):
            check_dataset(tickets)
    """

    def check(dataset: Dataset, **options: Any) -> list[Check]:
        from seqclf.checks.alone import check_one_dataset

        return _judged(check_one_dataset(dataset, options))

    return check


@pytest.fixture
def check_encoder(surroundings: Path) -> Callable[[type[Encoder]], list[Check]]:
    """Check an encoder's class: `check_encoder(encoder_class)`.

    Returns:
        A function that gives the checks; the test fails with a list of those that failed.

    Example:
        def test_it_keeps_the_contract(check_encoder):
            check_encoder(LetterEncoder)
    """

    def check(encoder_class: type[Encoder]) -> list[Check]:
        from seqclf.checks.alone import check_one_encoder

        return _judged(check_one_encoder(encoder_class))

    return check


@pytest.fixture
def check_metric(surroundings: Path) -> Callable[[Metric], list[Check]]:
    """Check a metric: `check_metric(metric)`, for what `@seqclf.metric` made.

    Returns:
        A function that gives the checks; the test fails with a list of those that failed.

    Example:
        def test_it_keeps_the_contract(check_metric):
            check_metric(auc)
    """

    def check(metric: Metric) -> list[Check]:
        from seqclf.checks.alone import check_one_metric

        return _judged(check_one_metric(metric))

    return check


@pytest.fixture
def train(surroundings: Path) -> Callable[..., Run]:
    """Make a small run: `train(arch, dataset="sample2", plugins=[...], **settings)`.

    Args of what it gives:
        arch: an architecture's name; defaults to "lstm".
        dataset: a dataset's name. Besides those of seqclf and of plugins there are
            "sample2" (two classes), "sample5" (five) and "sample-labels" (several labels a
            text): 120 short texts, of which one word tells the class.
        plugins: plugin files to load.
        **settings: as `seqclf.run` takes them; one epoch, seed 1 and Keras' own recurrent layers
            (`kernel="keras"`) if not said.

    Returns:
        A function that gives the `seqclf.Run`, whose folder lies in `tmp_path`.

    Example:
        def test_it_trains(train):
            run = train("mine", params={"units": 4})
            assert run.predict(["a text"])[0].label in run.labels
    """

    def make(
        arch: str = "lstm",
        dataset: str = "sample2",
        plugins: Sequence[str | os.PathLike[str]] = (),
        **settings: Any,
    ) -> Run:
        import seqclf
        from seqclf.checks.roads import SAMPLES

        files = [str(SAMPLES), *(os.fspath(plugin) for plugin in plugins)]
        given = {"epochs": 1, "seed": 1, "kernel": "keras", **settings}
        return seqclf.run(dataset, arch=arch, plugins=files, **given)

    return make


@pytest.fixture
def make_task() -> Callable[..., Task]:
    """Make a task for an architecture: `make_task(kind)`.

    Args of what it gives:
        kind: "binary", "multiclass" (five classes) or "multilabel" (three labels).
        labels, words: other class names; the words of the ids.
        num_words, maxlen: 50 and 12 if not said.
        features: how many numbers a step has, for a task on numeric series.
        vectors, freeze: pretrained vectors, and whether training leaves them as they are.

    Example:
        def test_it_builds(make_task):
            assert mine(make_task("multiclass")).output_shape == (None, 5)
    """

    def make(
        kind: Kind = "binary",
        *,
        labels: Iterable[str] | None = None,
        num_words: int = 50,
        maxlen: int = 12,
        words: Iterable[str] = (),
        features: int = 0,
        vectors: np.ndarray | None = None,
        freeze: bool = False,
    ) -> Task:
        chosen = LABELS[kind] if labels is None else tuple(labels)
        return Task(
            kind,
            chosen,
            num_words,
            maxlen,
            tuple(words),
            features=features,
            vectors=vectors,
            freeze=freeze,
        )

    return make


@pytest.fixture
def cli(
    surroundings: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run a command in this process: `cli("archs", "mine")`.

    Returns:
        A function that gives (status, stdout, stderr). A traceback on standard error fails
        the test: no mistake of a user's may end in one.

    Example:
        def test_it_is_listed(cli):
            status, out, err = cli("archs")
            assert (status, err) == (0, "")
            assert "mine" in out
    """
    from seqclf.cli.program import run_program

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        status = run_program([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        if "Traceback (most recent call last)" in err:
            pytest.fail(err)
        return status, out, err

    return run


@pytest.fixture
def elsewhere(surroundings: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a module in another process: `elsewhere("seqclf", "predict", run.folder, "a text")`.

    Returns:
        A function that gives what `subprocess.run` gives, with texts.

    Example:
        def test_another_process_can_load_it(train, elsewhere):
            run = train("mine")
            assert elsewhere("seqclf", "predict", run.folder, "a text").returncode == 0
    """

    def run(module: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", module, *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", check=False
        )

    return run


def _judged(checks: Iterable[Check]) -> list[Check]:
    """Give the checks; fail the test, with all that failed, if any did."""
    __tracebackhide__ = True
    done = list(checks)
    failed = [check for check in done if check.status == "failed"]
    if failed:
        lines = "\n".join(f"  {check.line}" for check in failed)
        pytest.fail(f"{len(failed)} of {len(done)} checks failed:\n{lines}", pytrace=False)
    return done

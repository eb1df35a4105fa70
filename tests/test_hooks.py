"""Every hook: its words, its example as it stands, and what it does in a run."""

import inspect
import re
import textwrap
from pathlib import Path

import pytest

import seqclf
from seqclf import hookspecs
from seqclf.checks.finding import find_plugins
from seqclf.checks.plugin import check_found
from seqclf.options import documented
from seqclf.plugins import load_plugins
from seqclf.registry import Registry

HOOKS = sorted(name for name in dir(hookspecs) if name.startswith("seqclf_"))


def example_of(hook: str) -> str:
    """Give the program under "Example:" in a hook's docstring."""
    words = inspect.getdoc(getattr(hookspecs, hook))
    return textwrap.dedent(words.partition("Example:\n")[2])


@pytest.fixture
def example(tmp_path):
    """Write a hook's example as a plugin file."""

    def write(hook):
        path = tmp_path / f"example_{hook}.py"
        path.write_text(example_of(hook))
        return str(path)

    return write


@pytest.fixture
def train(tiny):
    """Train a small run with plugin files."""

    def run(*files, dataset="tiny", arch="simple_rnn", **settings):
        settings = {"epochs": 2, "seed": 1, "limit": 60, **settings}
        return seqclf.run(dataset, arch=arch, plugins=[tiny, *files], name="run", **settings)

    return run


@pytest.mark.parametrize("hook", HOOKS)
def test_every_hook_has_words_for_each_argument_and_a_whole_example(hook, example):
    function = getattr(hookspecs, hook)
    words = inspect.getdoc(function)
    for name in inspect.signature(function).parameters:
        assert re.search(rf"^    {name}: ", words, re.MULTILINE), name
    if hook.endswith("s"):
        assert "Returns:" in words
    plugins = load_plugins([example(hook)])
    assert plugins.all[-1].hooks == [hook]
    assert not plugins.complaints()


@pytest.mark.parametrize("hook", ["seqclf_datasets", "seqclf_encoders"])
def test_the_examples_keep_the_contract(hook, example):
    found = check_found(find_plugins(example(hook)))
    assert [check.line for check in found if check.status == "failed"] == []


def test_the_architectures_example_documents_its_options(example):
    plugins = load_plugins([example("seqclf_architectures")])
    (entry,) = [e for e in Registry(plugins).architectures() if e.name == "pooled"]
    assert all(documented(entry.thing.build, entry.thing.options).values())


def test_every_hook_has_a_test_of_its_own():
    text = Path(__file__).read_text()
    missing = [hook for hook in HOOKS if f"def test_{hook}(" not in text]
    assert not missing


def test_every_hook_is_in_the_reference():
    page = Path(__file__).parents[1] / "docs" / "plugins" / "hooks.md"
    missing = [hook for hook in HOOKS if f"## {hook}\n" not in page.read_text()]
    assert not missing


@pytest.mark.train
def test_seqclf_architectures(example, train):
    run = train(example("seqclf_architectures"), arch="pooled", params={"embedding_dim": 4})
    assert [type(layer).__name__ for layer in run.model.layers] == [
        "Embedding",
        "GlobalAveragePooling1D",
        "Dense",
    ]
    assert run.model.layers[0].output.shape[-1] == 4


@pytest.mark.train
def test_seqclf_datasets(example, train):
    settings = {"dataset_options": {"copies": 5}, "maxlen": 5, "num_words": 20}
    run = train(example("seqclf_datasets"), dataset="moods", **settings)
    assert run.labels == ("sad", "glad")
    assert run.report.examples == 2


@pytest.mark.train
def test_seqclf_encoders(example, train):
    file = example("seqclf_encoders")
    settings = {"tokenizer": "characters", "maxlen": 30, "tokenizer_options": {"lowercase": False}}
    run = train(file, **settings)
    assert run.encoder.encode(["aZ"])[0].tolist()[1] == 1
    assert run.config.tokenizer_options == {"lowercase": False}
    Path(file).unlink()
    again = seqclf.load_run("run")  # the run has a copy of the file
    texts = ["red apple first", ""]
    assert again.predict(texts) == run.predict(texts)
    assert again.encoder.lowercase is False


@pytest.mark.train
def test_seqclf_metrics(example, train):
    run = train(example("seqclf_metrics"), metrics=["auc_pr"])
    assert {"auc_pr", "val_auc_pr"} < set(run.history)
    assert 0 <= run.report.metrics["auc_pr"] <= 1
    again = seqclf.load_run("run")
    assert again.report == run.report
    assert seqclf.evaluate(again).metrics == run.report.metrics


LISTENER = """
    import seqclf

    CALLS = []

    @seqclf.hookimpl
    def {hook}({arguments}):
        CALLS.append(({arguments}))
        print("this must not reach standard output")
"""


@pytest.fixture
def heard(tmp_path, train, capsys):
    """Train with a plugin that writes down how a hook was called."""

    def listen(hook, **settings):
        arguments = ", ".join(inspect.signature(getattr(hookspecs, hook)).parameters)
        path = tmp_path / f"listening_{hook}.py"
        text = LISTENER.format(hook=hook, arguments=arguments)
        path.write_text(textwrap.dedent(text))
        run = train(str(path), **settings)
        import sys

        assert capsys.readouterr().out == ""
        return run, sys.modules[f"seqclf_plugin_{path.stem}"].CALLS

    return listen


@pytest.mark.train
def test_seqclf_run_start(heard):
    run, (told,) = heard("seqclf_run_start")
    assert (told.name, told.folder.name, told.settings["epochs"]) == ("run", "run", 2)
    assert told.settings["seed"] == run.config.seed


@pytest.mark.train
def test_seqclf_batch_end(heard):
    run, calls = heard("seqclf_batch_end", batch_size=16)
    # 60 examples, 48 of them trained on: three batches an epoch.
    assert [call[1:3] for call in calls] == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3)]
    assert calls[2][3]["loss"] == pytest.approx(run.history["loss"][0])
    assert all(call[0].name == "run" for call in calls)


@pytest.mark.train
def test_seqclf_epoch_end(heard):
    run, calls = heard("seqclf_epoch_end")
    assert [call[1] for call in calls] == [1, 2]
    assert [call[2]["val_loss"] for call in calls] == run.history["val_loss"]


@pytest.mark.train
def test_seqclf_run_end(heard):
    run, ((told, result),) = heard("seqclf_run_end")
    assert told.folder.samefile(run.folder)
    assert result == run.report


@pytest.mark.train
def test_the_examples_of_events_do_what_they_say(example, train, caplog):
    files = [example(f"seqclf_{event}") for event in ("run_start", "batch_end", "epoch_end")]
    run = train(*files, example("seqclf_run_end"))
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "training run with seed 1",
        "epoch 1",
        "epoch 2",
    ]
    assert (run.folder / "verdict.txt").read_text() == f"{run.report.accuracy:.4f}\n"


@pytest.mark.train
def test_a_hook_that_raises_costs_one_line_and_is_not_called_again(tmp_path, train, capsys):
    path = tmp_path / "raising.py"
    path.write_text(
        textwrap.dedent(
            """
            import sys

            import seqclf

            @seqclf.hookimpl
            def seqclf_batch_end(run, epoch, batch, metrics):
                print("called", file=sys.stderr)
                sys.exit("enough")
            """
        )
    )
    told = "seqclf_batch_end tried to end the program .enough"
    with pytest.warns(UserWarning, match=told) as caught:
        run = train(str(path), batch_size=16)
    assert len(run.history.epochs) == 2
    assert capsys.readouterr().err.count("called") == 1
    assert len([each for each in caught if "seqclf_batch_end" in str(each.message)]) == 1


def test_the_hooks_are_registered_once():
    kinds = [hook.removeprefix("seqclf_")[:-1] for hook in HOOKS if hook.endswith("s")]
    registry = Registry(load_plugins())
    assert all(registry.all(kind) for kind in kinds)

"""When plugins go wrong: one line on stderr, everything else works, the cause on request."""

import importlib
import json
import shutil
import sys
import textwrap

import pytest
from distributions import ARCHITECTURE, install

import seqclf as package
from seqclf.errors import PluginUnavailableError

COMMAND = """
import click

@click.command()
@click.argument("word")
def command(word):
    "Say WORD."
    click.echo(f"{word}, says {distribution}")
"""


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder on the path; site(distribution, version, text) installs a distribution there."""
    (tmp_path / "site").mkdir()
    monkeypatch.syspath_prepend(tmp_path / "site")

    def put(distribution, version, text, **more):
        install(tmp_path / "site", distribution, version, text, **more)
        # Others that happen to be installed where the tests run stay out.
        found = {path.stem.rpartition("-")[0] for path in (tmp_path / "site").glob("*.dist-info")}
        monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", ",".join(sorted(found)))
        importlib.invalidate_caches()

    yield put
    forget()


def forget():
    """Let the next command import the plugins afresh, as another process would."""
    for name in list(sys.modules):
        if name.startswith("seqclf_") and not name.startswith("seqclf_plugin_"):
            del sys.modules[name]


BROKEN = {
    "an import that raises": ("1 / 0", "failed: ZeroDivisionError: division by zero"),
    "not Python": ("def f(:", "failed: line 1 is not Python"),
    "a dependency that is not there": (
        "import a_module_nobody_has",
        "failed: it needs the module 'a_module_nobody_has' (pip install a_module_nobody_has)",
    ),
    "a name that is taken": (
        ARCHITECTURE.format(name="lstm"),
        ": the architecture 'lstm' is also given by seqclf itself (seqclf.architectures); "
        "this one is moon:lstm",
    ),
    "a misspelt hook": (
        "import seqclf\n\n@seqclf.hookimpl\ndef seqclf_architecture():\n    return []\n",
        ": there is no hook 'seqclf_architecture'; did you mean seqclf_architectures?",
    ),
    "rubbish": (
        "import seqclf\n\n@seqclf.hookimpl\ndef seqclf_architectures():\n    return 42\n",
        ": seqclf_architectures must return a list; it gives 42",
    ),
    "a metric whose name means something else": (
        """
        import seqclf

        @seqclf.metric("val_mine", summary="x")
        def mine(task):
            pass

        @seqclf.hookimpl
        def seqclf_metrics():
            return [mine]
        """,
        ": seqclf_metrics gave the name 'val_mine'; a metric's is lower-case letters",
    ),
    "an encoder whose options have no type": (
        """
        import seqclf

        class Odd:
            name = "odd"

            @classmethod
            def fit(cls, texts, *, num_words, skip_top, something):
                pass

            encode = to_dict = from_dict = fit

        @seqclf.hookimpl
        def seqclf_encoders():
            return [Odd]
        """,
        ": encoder 'odd': parameter 'something' of fit() needs a type annotation",
    ),
    "a generator that raises": (
        "import seqclf\n\n@seqclf.hookimpl\ndef seqclf_architectures():\n    yield 1 / 0\n",
        ": seqclf_architectures raised ZeroDivisionError: division by zero (seqclf_moon.py, line",
    ),
    "what no Exception is": (
        "class Gone(BaseException):\n    pass\n\nraise Gone('away')\n",
        "failed: Gone: away",
    ),
    "a zero byte": ("x = 1\0", "failed: it is not Python: source code string cannot contain null"),
    "a slow import": (
        "import time\n\ntime.sleep(0.6)\n",
        "s to import, and every command waits for it; SEQCLF_DISABLE_PLUGINS=moon leaves it out",
    ),
    "made for another version of the hooks": (
        "SEQCLF_API_VERSION = 2\n" + ARCHITECTURE.format(name="moon"),
        "failed: it is made for version 2 of the plugin hooks, and seqclf "
        f"{package.__version__} has version 1; install a newer seqclf",
    ),
    "made for an older version, which shows while it is imported": (
        "from seqclf import something_of_old\n\nSEQCLF_API_VERSION = 0\n",
        "failed: it is made for version 0 of the plugin hooks, and seqclf "
        f"{package.__version__} has version 1; install a newer version of the plugin",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_plugin_costs_one_line_and_nothing_else(site, seqclf, case):
    text, sentence = BROKEN[case]
    site("seqclf-sun", "1.0", ARCHITECTURE.format(name="sun"))
    site("seqclf-moon", "0.3", text)
    lists = ("metrics",) if "metric" in case else ("tokenizers",) if "encoder" in case else ()
    status, out, err = seqclf(*(lists or ("archs",)))
    assert status == 0
    assert lists or "sun" in out.split()
    (line,) = err.splitlines()
    assert "plugin 'moon' (seqclf-moon 0.3)" in line
    assert sentence in line


@pytest.mark.parametrize("case", BROKEN)
def test_the_exact_cause_is_told_on_request(site, seqclf, case):
    text, _ = BROKEN[case]
    site("seqclf-moon", "0.3", text)
    status, out, _ = seqclf("plugins", "show", "moon")
    assert status == 0
    assert "0.3" in out
    if "ZeroDivisionError" in _:
        assert "seqclf_moon.py" in out
        assert "1 / 0" in out
    forget()
    _, listed, _ = seqclf("plugins", "--json")
    (told,) = [each for each in json.loads(listed) if each["name"] == "moon"]
    assert told["problems"]


def test_strict_makes_it_an_error(site, seqclf, monkeypatch):
    site("seqclf-moon", "0.3", "1 / 0")
    monkeypatch.setenv("SEQCLF_STRICT_PLUGINS", "1")
    status, out, err = seqclf("archs")
    assert (status, out) == (3, "")
    assert "ZeroDivisionError" in err


def test_what_a_failed_plugin_would_have_given_is_not_there_with_its_cause(site, seqclf):
    site("seqclf-moon", "0.3", "1 / 0")
    status, _, err = seqclf("archs", "moon:crescent")
    assert status == 3
    assert "plugin 'moon' (seqclf-moon 0.3) did not load: ZeroDivisionError" in err


def test_two_versions_on_the_path_are_told_and_the_first_is_used(
    site, seqclf, tmp_path, monkeypatch
):
    site("seqclf-moon", "1.2", ARCHITECTURE.format(name="new"))
    install(tmp_path / "older", "seqclf-moon", "1.1", ARCHITECTURE.format(name="old"))
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "older")])
    status, out, err = seqclf("archs")
    assert status == 0
    assert "new" in out.split()
    assert "old" not in out.split()
    (line,) = err.splitlines()
    assert f"seqclf-moon is installed more than once: 1.2 ({tmp_path / 'site'}) is used" in line
    assert f"not 1.1 ({tmp_path / 'older'})" in line


LAYER = """
import seqclf

@seqclf.architecture("moon", summary="for tests")
def build(task):
    import keras

    @keras.saving.register_keras_serializable("seqclf_moon_tests")
    class Halving(keras.layers.Layer):
        def call(self, inputs):
            return inputs / 2

    return keras.Sequential(
        [
            keras.layers.Embedding(task.num_words, 4),
            keras.layers.GlobalAveragePooling1D(),
            Halving(),
            keras.layers.Dense(task.units, task.activation),
        ]
    )

@seqclf.hookimpl
def seqclf_architectures():
    return [build]
"""


@pytest.mark.train
def test_a_run_whose_plugin_is_removed_or_of_another_version(
    site, seqclf, tiny, tmp_path, monkeypatch
):
    import keras

    site("seqclf-moon", "1.2", LAYER)
    options = ("--plugin", tiny, "--epochs", "1", "--name", "made", "--quiet")
    status, _, err = seqclf("run", "tiny", "--arch", "moon", *options)
    assert status == 0, err
    _, first, err = seqclf("predict", "made", "red apple bread")
    assert err == ""

    folder = tmp_path / "site"
    (folder / "seqclf_moon-1.2.dist-info").rename(folder / "seqclf_moon-1.3.dist-info")
    metadata = folder / "seqclf_moon-1.3.dist-info" / "METADATA"
    metadata.write_text(metadata.read_text().replace("1.2", "1.3"))
    _, second, err = seqclf("predict", "made", "red apple bread")
    assert second == first
    assert "run 'made' was trained with seqclf-moon 1.2; 1.3 is installed" in err

    shutil.rmtree(folder)
    sys.path_importer_cache.clear()
    keras.saving.get_custom_objects().pop("seqclf_moon_tests>Halving")
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "")
    status, out, err = seqclf("predict", "made", "red apple bread")
    assert (status, out) == (3, "")
    assert err == (
        "seqclf: run 'made' needs the layer 'seqclf_moon_tests>Halving' from plugin 'moon' "
        "(seqclf-moon 1.2); pip install seqclf-moon\n"
    )
    with pytest.raises(PluginUnavailableError, match="pip install seqclf-moon"):
        package.load_run("made").predict(["red"])


def test_a_folder_of_plugins_that_is_not_there_is_told(seqclf, monkeypatch, tmp_path):
    monkeypatch.setenv("SEQCLF_PLUGINS_DIR", str(tmp_path / "nowhere"))
    status, _, err = seqclf("archs")
    assert status == 0
    assert "SEQCLF_PLUGINS_DIR names" in err
    assert "there is no such folder" in err


def test_a_file_that_is_in_the_folder_and_asked_for_is_loaded_once(seqclf, monkeypatch, tmp_path):
    (tmp_path / "plugins").mkdir()
    file = tmp_path / "plugins" / "mine.py"
    file.write_text(ARCHITECTURE.format(name="mine"))
    monkeypatch.setenv("SEQCLF_PLUGINS_DIR", str(file.parent))
    monkeypatch.delenv("SEQCLF_LOAD_PLUGINS")
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "mine")
    status, out, err = seqclf("archs", "mine", "--plugin", file)
    assert (status, err) == (0, "")
    assert "mine" in out


def commands(module="seqclf_moon"):
    return {"seqclf.commands": [f"moonrise = {module}:command"]}


def said_by(distribution):
    return COMMAND.replace("{distribution}", distribution)


def test_a_command_is_listed_without_being_imported_and_runs(site, seqclf):
    site("seqclf-moon", "1.0", said_by("moon"), points=commands())
    status, out, err = seqclf("--help")
    assert (status, err) == (0, "")
    assert "Commands of plugins:" in out
    assert "moonrise  From seqclf-moon 1.0." in out
    assert "seqclf_moon" not in sys.modules
    assert seqclf("moonrise", "now") == (0, "now, says moon\n", "")
    status, out, _ = seqclf("moonrise", "--help")
    assert status == 0
    assert "Say WORD." in out
    status, _, err = seqclf("moonrise")
    assert status == 2
    assert "Missing argument" in err
    status, _, err = seqclf("moonrize")
    assert (status, err) == (
        2,
        "seqclf: there is no command 'moonrize'; did you mean 'moonrise'?\n",
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 / 0", "the command 'moonrise' of seqclf-moon 1.0 is not available: ZeroDivision"),
        ("import nobody_has_it", "is not available: it needs the module 'nobody_has_it'"),
        ("command = 42", "the command 'moonrise' of seqclf-moon 1.0 is 42"),
    ],
)
def test_a_command_that_is_broken_is_told_when_it_is_asked_for(site, seqclf, text, sentence):
    site("seqclf-moon", "1.0", text, points=commands())
    assert "moonrise" in seqclf("--help")[1]
    assert seqclf("archs")[2] == ""
    status, out, err = seqclf("moonrise")
    assert (status, out) == (3, "")
    assert sentence in err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (said_by("moon"), "ok: Say WORD."),
        ("command = 42", "is 42; decorate the function with @click.command()"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        (said_by("moon").replace("Say WORD.", ""), "it has no help; write a docstring"),
    ],
)
def test_commands_are_checked(site, seqclf, text, sentence):
    points = {"seqclf": ["moon = seqclf_moon_plugin"], **commands()}
    site("seqclf-moon", "1.0", text, points=points)
    site("seqclf-moon-plugin", "1.0", "", points={"other": ["x = y"]})
    _, out, _ = seqclf("plugins", "check", "moon", "--json")
    (found,) = [each for each in json.loads(out)["checks"] if each["subject"] == "command moonrise"]
    told = found["detail"] if found["status"] == "failed" else f"ok: {found['detail']}"
    assert sentence in told


def test_two_commands_of_one_name_are_both_named_and_none_replaces_ours(site, seqclf):
    site("seqclf-moon", "1.0", said_by("moon"), points=commands())
    site("seqclf-sun", "2.0", said_by("sun"), points=commands("seqclf_sun"))
    site("seqclf-star", "3.0", "1 / 0", points={"seqclf.commands": ["archs = seqclf_star:command"]})
    _, out, _ = seqclf("--help")
    for name in ("seqclf-moon:moonrise", "seqclf-sun:moonrise", "seqclf-star:archs"):
        assert name in out
    status, _, err = seqclf("moonrise", "now")
    assert status == 3
    assert "the command 'moonrise': seqclf-moon 1.0 and seqclf-sun 2.0" in err
    assert "write seqclf-moon:moonrise or seqclf-sun:moonrise" in err
    assert seqclf("seqclf-sun:moonrise", "now")[1] == "now, says sun\n"
    assert seqclf("archs")[0] == 0


def test_a_command_of_a_plugin_that_is_switched_off_is_not_there(site, seqclf, monkeypatch):
    site("seqclf-moon", "1.0", said_by("moon"), points=commands())
    monkeypatch.setenv("SEQCLF_DISABLE_PLUGINS", "seqclf-moon")
    assert "moonrise" not in seqclf("--help")[1]
    status, _, err = seqclf("moonrise", "now")
    assert status == 3
    assert "the command 'moonrise' of seqclf-moon 1.0 is not available: it is disabled" in err


METRIC = """
import seqclf

@seqclf.metric("mine", summary="for tests"{more})
def mine(task):
    import keras

    {body}

@seqclf.hookimpl
def seqclf_metrics():
    return [mine]
"""


@pytest.mark.parametrize(
    ("body", "more", "sentence"),
    [
        ("return 42", "", "metric 'mine' gave 42, not a keras.Metric"),
        ("1 / 0", "", "metric 'mine' could not be built: ZeroDivisionError"),
        ("return keras.metrics.AUC()", "", "is called 'auc"),
        (
            "return keras.metrics.SparseTopKCategoricalAccuracy(k=1, name='mine')",
            ", kinds=('multiclass',)",
            "metric 'mine' judges multiclass tasks, but dataset 'tiny' is binary",
        ),
        ("return keras.metrics.F1Score(name='mine')", "", "metric 'mine' fails: "),
    ],
)
def test_a_metric_that_does_not_fit_is_told_in_one_line(
    seqclf, tiny, tmp_path, body, more, sentence
):
    file = tmp_path / "mine.py"
    file.write_text(METRIC.format(body=body, more=more))
    options = ("--plugin", tiny, "--plugin", file, "--metrics", "mine", "--quiet")
    status, out, err = seqclf("run", "tiny", *options)
    assert status in (1, 2)
    assert out == ""
    (line,) = err.splitlines()
    assert sentence in line
    assert not list(tmp_path.glob("runs/*"))


def test_a_tokenizer_needs_texts(seqclf, tmp_path):
    file = tmp_path / "ids.py"
    file.write_text(
        textwrap.dedent(
            """
            import numpy as np

            import seqclf

            @seqclf.dataset("numbers", summary="ids", labels=("a", "b"))
            def numbers(context):
                ids = seqclf.Ragged.from_lists([[1, 2], [3]] * 10)
                return seqclf.Splits(train=seqclf.Split(np.array([0, 1] * 10), ids=ids))

            class Other:
                name = "other"

                @classmethod
                def fit(cls, texts, *, num_words, skip_top):
                    raise AssertionError("not reached")

                encode = to_dict = from_dict = fit

            @seqclf.hookimpl
            def seqclf_datasets():
                return [numbers]

            @seqclf.hookimpl
            def seqclf_encoders():
                return [Other]
            """
        )
    )
    options = ("--plugin", file, "--tokenizer", "other", "--quiet")
    status, _, err = seqclf("run", "numbers", *options)
    assert status == 2
    assert "gives token ids, not texts, so that --tokenizer other has nothing to do" in err
    status, _, err = seqclf("run", "reviews", "--tokenizer", "wird", "--quiet")
    assert (status, err) == (2, "seqclf: there is no tokenizer 'wird'; did you mean 'word'?\n")
    status, _, err = seqclf("run", "reviews", "-t", "lowercas=true", "--quiet")
    assert status == 2
    assert "tokenizer 'word' has no option 'lowercas'; did you mean 'lowercase'?" in err


FILE = """
import seqclf

@seqclf.architecture("mine", summary="for tests")
def mine(task):
    {start}

    return keras.Sequential(
        [
            keras.layers.Embedding({words}, 4),
            keras.layers.GlobalAveragePooling1D(),
            {end},
        ]
    )

@seqclf.hookimpl
def {hook}():
    {given}
"""
USUAL = {
    "start": "import keras",
    "words": "task.num_words",
    "end": "keras.layers.Dense(task.units, task.activation)",
    "hook": "seqclf_architectures",
    "given": "return [mine]",
}


@pytest.mark.parametrize(
    ("changed", "exit_code", "sentence"),
    [
        (
            {"given": "return mine"},
            3,
            "there is no architecture 'mine': plugin 'mine' (mine.py): seqclf_architectures must "
            "return a list; it gives the architecture 'mine' itself",
        ),
        ({"given": "[mine]"}, 3, "must return a list; it gives nothing"),
        ({"given": "return [build]"}, 3, "raised NameError: name 'build' is not defined (mine.py,"),
        ({"hook": "seqclf_architecture"}, 3, "did you mean seqclf_architectures?"),
        (
            {"start": "pass"},
            1,
            "could not be built: NameError: name 'keras' is not defined (mine.py, line 8)",
        ),
        (
            {"end": "task.output_layer()"},
            1,
            "in a list of layers write keras.layers.Dense(task.units, task.activation)",
        ),
        (
            {"words": "7"},
            1,
            "is not in [0, 7); is the embedding as large as task.num_words?",
        ),
    ],
)
def test_an_authors_slip_is_one_line_with_its_cause(
    seqclf, tiny, tmp_path, changed, exit_code, sentence
):
    (tmp_path / "mine.py").write_text(FILE.format(**{**USUAL, **changed}))
    options = ("--plugin", tiny, "--plugin", "mine.py", "--epochs", "1", "--quiet")
    status, out, err = seqclf("run", "tiny", "--arch", "mine", *options)
    assert (status, out) == (exit_code, "")
    line = err.splitlines()[-1]
    assert sentence in line
    assert len(line) < 500


def test_a_hook_that_takes_other_arguments_is_told_what_there_is(seqclf, tmp_path):
    text = "import seqclf\n\n@seqclf.hookimpl\ndef seqclf_epoch_end(run, logs):\n    pass\n"
    (tmp_path / "mine.py").write_text(text)
    status, _, err = seqclf("archs", "--plugin", "mine.py")
    assert status == 3
    assert "seqclf_epoch_end has run, epoch, metrics, not logs; any of them may be left" in err


def test_a_file_named_as_another_plugin_can_be_told_apart(seqclf, site, tmp_path):
    site("seqclf-sun", "1.0", ARCHITECTURE.format(name="sun"))
    (tmp_path / "sun.py").write_text(ARCHITECTURE.format(name="sun"))
    status, _, err = seqclf("archs", "sun", "--plugin", "sun.py")
    assert status == 3
    assert "write sun:sun or sun.py:sun" in err
    for name, giver in (
        ("sun:sun", "seqclf-sun 1.0"),
        ("seqclf-sun:sun", "seqclf-sun 1.0"),
        ("sun.py:sun", "'sun.py'"),
    ):
        status, out, _ = seqclf("archs", name, "--plugin", "sun.py")
        assert status == 0
        assert giver in out


def test_one_name_twice_in_one_plugin_is_told(seqclf, tmp_path):
    (tmp_path / "mine.py").write_text(FILE.format(**{**USUAL, "given": "return [mine, mine]"}))
    status, _, err = seqclf("archs", "mine", "--plugin", "mine.py")
    assert status == 0
    assert "seqclf_architectures gave the architecture 'mine' twice" in err


def test_what_a_plugin_prints_never_reaches_standard_output(seqclf, tmp_path):
    text = FILE.format(**USUAL).replace("return [mine]", "print('hook')\n    return [mine]")
    (tmp_path / "mine.py").write_text("print('import')\n" + text)
    status, out, err = seqclf("archs", "--json", "--plugin", "mine.py")
    assert status == 0
    assert "mine" in [each["name"] for each in json.loads(out)]
    assert err.splitlines() == ["import", "hook"]


def test_a_broken_file_is_shown_where_plugins_are_shown(seqclf, tmp_path):
    (tmp_path / "mine.py").write_text("1 / 0")
    status, out, _ = seqclf("plugins", "--plugin", "mine.py", "--json")
    assert status == 0
    assert json.loads(out)[-1]["status"] == "failed"
    status, out, _ = seqclf("plugins", "show", "mine", "--plugin", "mine.py")
    assert status == 0
    assert "ZeroDivisionError" in out
    assert seqclf("archs", "--plugin", "mine.py")[0] == 3


def test_an_encoder_that_lacks_members_is_told_which(seqclf, tmp_path):
    (tmp_path / "half.py").write_text(
        textwrap.dedent(
            """
            import seqclf

            class Half:
                name = "half"

                @classmethod
                def fit(cls, texts, *, num_words, skip_top):
                    pass

            @seqclf.hookimpl
            def seqclf_encoders():
                return [Half, Half()]
            """
        )
    )
    _, _, err = seqclf("tokenizers", "--plugin", "half.py")
    first, second = err.splitlines()
    assert "it lacks encode, to_dict, from_dict" in first
    assert "give the class, not an object of it" in second


@pytest.mark.train
def test_metrics_may_be_given_once_or_together(seqclf, tiny):
    options = ("--plugin", tiny, "--arch", "simple_rnn", "--epochs", "1", "--limit", "40")
    status, out, err = seqclf(
        "run", "tiny", *options, "--metrics", "auc", "--metrics", "recall,precision", "--json"
    )
    assert status == 0, err
    assert list(json.loads(out)["test"]["metrics"]) == ["auc", "recall", "precision"]


SPLITS = """
import numpy as np

import seqclf

@seqclf.dataset("odd", summary="for tests"{declared})
def odd(context):
    texts = ["red green", "blue"] * 8
    labels = np.array([0, 1] * 8)
    {first}
    return seqclf.Splits(train=seqclf.Split(labels, texts), **dict({more}))

@seqclf.hookimpl
def seqclf_datasets():
    return [odd]
"""


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"first": "labels = labels[:4]", "declared": ", labels=('a', 'b')"},
            "has 16 texts but 4 labels",
        ),
        ({"more": "labels=('a', 'b', 'c'), kind='binary'"}, "is binary, but names 3 classes"),
        ({"more": "labels=('a', 'a')"}, "names the class 'a' twice"),
        ({"more": "labels=('a', 'b'), kind='none'"}, "is of the kind 'none', not one of binary"),
        ({"more": "labels=(1, 2)"}, "names the classes (1, 2), which are not all texts"),
        ({"more": "labels=('a',)"}, "names only the class 'a'"),
        ({}, "names no classes"),
        ({"first": "raise SystemExit(4)"}, "could not be loaded: SystemExit: 4 (odd.py, line 10)"),
    ],
)
def test_what_a_dataset_gets_wrong_is_one_sentence(seqclf, tmp_path, changed, sentence):
    usual = {"declared": "", "first": "pass", "more": ""}
    (tmp_path / "odd.py").write_text(SPLITS.format(**{**usual, **changed}))
    status, out, err = seqclf("run", "odd", "--plugin", "odd.py", "--quiet")
    assert (status, out) == (1, "")
    (line,) = err.splitlines()
    assert line.startswith("seqclf: ")
    assert "dataset 'odd'" in line
    assert sentence in line
    assert not (tmp_path / "runs").exists()


ENCODER = """
import seqclf

class Odd:
    name = "odd"

    def __init__(self, num_words):
        self.num_words = num_words

    @classmethod
    def fit(cls, texts, *, num_words, skip_top):
        {fit}

    def encode(self, texts):
        {encode}

    def to_dict(self):
        {to_dict}

    @classmethod
    def from_dict(cls, stored):
        return cls(**stored)

@seqclf.hookimpl
def seqclf_encoders():
    return [Odd]
"""


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"fit": "pass"}, "tokenizer 'odd': fit() gave NoneType, which cannot encode"),
        ({"fit": "1 / 0"}, "tokenizer 'odd' could not be fitted: ZeroDivisionError"),
        ({"encode": "return [[1]] * len(texts)"}, "tokenizer 'odd': encode() gave list, not seqcl"),
        ({"encode": "raise SystemExit(3)"}, "tokenizer 'odd' could not encode: SystemExit: 3"),
        ({"to_dict": "pass"}, "to_dict() cannot be kept as JSON: it is NoneType, not a dict"),
        ({"to_dict": "return {'x': {1}}"}, "to_dict() cannot be kept as JSON: Object of type set"),
    ],
)
def test_what_a_tokenizer_gets_wrong_is_one_sentence(seqclf, tiny, tmp_path, changed, sentence):
    usual = {
        "fit": "return cls(num_words)",
        "encode": "return seqclf.Ragged.from_lists([[1]] * len(texts))",
        "to_dict": "return vars(self)",
    }
    (tmp_path / "odd.py").write_text(ENCODER.format(**{**usual, **changed}))
    options = ("--plugin", tiny, "--plugin", "odd.py", "--tokenizer", "odd", "--epochs", "1")
    status, out, err = seqclf("run", "tiny", "--arch", "simple_rnn", *options, "--quiet")
    assert (status, out) == (1, "")
    (line,) = err.splitlines()
    assert sentence in line
    assert not list(tmp_path.glob("runs/*"))


def test_switches_that_match_nothing_are_told_and_strict_makes_them_errors(seqclf, monkeypatch):
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "nope")
    status, _, err = seqclf("plugins")
    assert status == 0
    assert "SEQCLF_LOAD_PLUGINS names 'nope', but there is no such plugin" in err
    monkeypatch.setenv("SEQCLF_STRICT_PLUGINS", "1")
    status, _, err = seqclf("archs")
    assert status == 3
    assert "SEQCLF_LOAD_PLUGINS names 'nope'" in err


def test_a_command_that_raises_is_told_as_the_plugins(site, seqclf):
    site("seqclf-moon", "1.0", said_by("moon").replace("click.echo", "{}[1]"), points=commands())
    status, _, err = seqclf("moonrise", "now")
    assert status == 1
    assert err.startswith("seqclf: the command 'moonrise' of a plugin failed: KeyError: 1")


@pytest.mark.train
def test_a_number_that_is_none_is_null_in_json_and_comes_back(seqclf, tiny, tmp_path):
    text = """
        import seqclf

        @seqclf.metric("odd", summary="for tests")
        def odd(task):
            import keras

            class Odd(keras.metrics.Mean):
                def update_state(self, y_true, y_pred, sample_weight=None):
                    super().update_state(float("nan"))

            return Odd(name="odd")

        @seqclf.hookimpl
        def seqclf_metrics():
            return [odd]
    """
    (tmp_path / "odd.py").write_text(textwrap.dedent(text))
    options = ("--arch", "simple_rnn", "--epochs", "1", "--limit", "40", "--name", "odd")
    files = ("--plugin", tiny, "--plugin", "odd.py")
    status, out, err = seqclf("run", "tiny", *files, *options, "--metrics", "odd", "--json")
    assert status == 0, err

    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    assert json.loads(out, parse_constant=refuse)["test"]["metrics"] == {"odd": None}
    stored = (tmp_path / "runs" / "odd" / "metrics.json").read_text()
    json.loads(stored, parse_constant=refuse)
    value = package.load_run("odd").report.metrics["odd"]
    assert value != value
    status, _, err = seqclf("evaluate", "odd")
    assert status == 0, err

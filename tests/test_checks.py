"""The checks of plugins: each point of the contract broken once, and kept; the fixtures."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from seqclf.architectures.stacked import stacked
from seqclf.checks.alone import (
    check_one_architecture,
    check_one_dataset,
    check_one_encoder,
    check_one_metric,
)
from seqclf.checks.architectures import check_building, check_declared
from seqclf.checks.building import Builder
from seqclf.checks.distribution import check_distribution
from seqclf.checks.events import check_events
from seqclf.checks.finding import find_plugins
from seqclf.checks.inputs import check_inputs
from seqclf.checks.plugin import check_found
from seqclf.checks.roads import Road, check_roads
from seqclf.cli.program import run_program
from seqclf.contracts import Provenance
from seqclf.errors import UsageError
from seqclf.plugins import Plugin
from seqclf.plugins.files import import_file

HERE = Path(__file__).parent
GOOD, BROKEN = HERE / "checks_good.py", HERE / "checks_broken.py"
MY_LSTM = HERE.parent / "tutorials" / "my_lstm.py"


@pytest.fixture
def cli(capsys):
    def run(*arguments):
        status = run_program([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return status, out, err

    return run


@pytest.fixture
def plugin_file(tmp_path):
    """Write a plugin file: plugin_file(text) gives its path."""

    def write(text, name="mine.py"):
        path = tmp_path / name
        path.write_text("import seqclf\n" + textwrap.dedent(text))
        return path

    return write


@pytest.fixture(scope="module")
def good():
    return import_file(GOOD)


@pytest.fixture(scope="module")
def broken():
    return import_file(BROKEN)


def with_status(checks, *statuses):
    return [(check.sentence, check.detail) for check in checks if check.status in statuses]


def failures(checks):
    return with_status(checks, "failed")


def the_failure(checks):
    (failure,) = failures(checks)
    return failure


def quick(path):
    """Give the checks of a plugin file that need no TensorFlow, up to its import."""
    checks = []
    for check in check_found(find_plugins(str(path))):
        checks.append(check)
        if check.sentence.startswith("imports no TensorFlow"):
            break
    return checks


# The plugin as a whole.

NOTHING = """
@seqclf.hookimpl
def seqclf_architectures():
    return []
"""


def test_a_plugin_may_be_as_small_as_that(plugin_file):
    checks = quick(plugin_file("SEQCLF_API_VERSION = 1\n" + NOTHING))
    assert {check.status for check in checks} == {"passed"}
    assert "version 1" in [check.detail for check in checks]


def test_no_version_is_advice_and_no_failure(plugin_file):
    checks = quick(plugin_file(NOTHING))
    ((sentence, detail),) = with_status(checks, "advice")
    assert sentence == "says which version of the hooks it is made for"
    assert "write SEQCLF_API_VERSION = 1 into it" in detail
    assert not failures(checks)


ARCHITECTURE = """
@seqclf.architecture("{name}", summary="for tests")
def build(task):
    pass

@seqclf.hookimpl
def seqclf_architectures():
    return [build{more}]
"""


@pytest.mark.parametrize(
    ("text", "sentence", "words"),
    [
        (
            NOTHING + "@seqclf.hookimpl\ndef seqclf_dataset(): pass\n",
            "has hooks, and seqclf knows each of them",
            "there is no hook 'seqclf_dataset'; did you mean seqclf_datasets?",
        ),
        (
            ARCHITECTURE.format(name="lstm", more=""),
            "takes no name that another plugin has",
            "the architecture 'lstm' is also given by seqclf itself",
        ),
        (
            ARCHITECTURE.format(name="mine", more=", 42"),
            "gives what its hooks promise",
            "seqclf_architectures gave 42, not what @seqclf.architecture makes",
        ),
        (
            "import time, pluggy, keyring_nobody\ntime.sleep(0.15)\n" + NOTHING,
            "is imported in less than 100 ms",
            "the best of 3, with keyring_nobody; import what is slow in the functions that need it",
        ),
    ],
)
def test_what_is_wrong_with_a_plugin_is_found(
    plugin_file, tmp_path, monkeypatch, text, sentence, words
):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "keyring_nobody.py").write_text("")
    found, detail = the_failure(quick(plugin_file(text)))
    assert found == sentence
    assert words in detail


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import {heavy}\n" + NOTHING, "importing it imports {heavy};"),
        (
            "@seqclf.hookimpl\ndef seqclf_datasets():\n    import {heavy}\n    return []\n",
            "its hooks, when called, import {heavy};",
        ),
    ],
)
def test_what_is_heavy_is_imported_later(plugin_file, monkeypatch, tmp_path, text, words):
    monkeypatch.syspath_prepend(tmp_path)
    heavy = "torch"
    (tmp_path / "torch.py").write_text("")
    before = sys.modules.get(heavy)
    try:
        sentence, detail = the_failure(quick(plugin_file(text.format(heavy=heavy))))
    finally:
        sys.modules.pop(heavy, None)
        if before is not None:
            sys.modules[heavy] = before
    assert sentence == "imports no TensorFlow, Keras, JAX or PyTorch"
    assert words.format(heavy=heavy) in detail


class Distribution:
    """A distribution whose metadata are made up."""

    def __init__(self, requires=(), **metadata):
        self.requires, self.metadata = list(requires), self
        self._said = {name.replace("_", "-"): value for name, value in metadata.items()}

    def get_all(self, name):
        return self._said.get(name)


@pytest.mark.parametrize(
    ("distribution", "failed"),
    [
        (Distribution(["seqclf>=0.1"], License_Expression=["MIT"]), []),
        (Distribution(["SeqCLF"], Classifier=["License :: OSI Approved :: MIT License"]), []),
        (Distribution(["seqclf"], License=["UNKNOWN"]), ["its distribution names a licence"]),
        (
            Distribution(["keras", 'seqclf; extra == "test"'], License=["MIT"]),
            ["its distribution requires seqclf"],
        ),
    ],
)
def test_a_distribution_says_its_licence_and_what_it_needs(monkeypatch, distribution, failed):
    monkeypatch.setattr("importlib.metadata.distribution", lambda name: distribution)
    plugin = Plugin(Provenance("mine", "entry point", "seqclf-mine", "1.0"))
    checks = list(check_distribution("plugin mine", plugin))
    assert [sentence for sentence, _ in failures(checks)] == failed
    assert len(checks) == 2


def test_a_file_has_no_distribution(plugin_file):
    assert not any("distribution" in check.sentence for check in quick(plugin_file(NOTHING)))


# Names and files.


@pytest.mark.parametrize("command", ["check", "show"])
@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "seqclf.datasetz",
            "there is no plugin 'seqclf.datasetz'; did you mean 'seqclf.datasets'?",
        ),
        ("nothing.py", "there is no plugin file nothing.py"),
    ],
)
def test_a_name_that_nobody_has_is_a_mistake(cli, command, name, words):
    status, out, err = cli("plugins", command, name)
    assert (status, out) == (2, "")
    assert words in err


def test_a_disabled_plugin_is_a_mistake(monkeypatch):
    monkeypatch.setenv("SEQCLF_DISABLE_PLUGINS", "seqclf.metrics")
    with pytest.raises(UsageError, match="is disabled; unset SEQCLF_DISABLE_PLUGINS"):
        find_plugins("seqclf_metrics")


@pytest.mark.parametrize("name", ["seqclf-datasets", "SEQCLF_Datasets", "seqclf.datasets"])
def test_names_are_compared_as_package_indexes_do(name):
    assert [plugin.name for plugin in find_plugins(name).plugins] == ["seqclf.datasets"]


def test_a_distributions_name_means_all_its_plugins():
    names = [plugin.name for plugin in find_plugins("seqclf").plugins]
    assert {"seqclf.architectures", "seqclf.datasets", "seqclf.encoding"} <= set(names)


def test_a_plugin_that_failed_is_a_failed_check(cli, plugin_file):
    path = plugin_file("import a_module_nobody_has\n")
    status, out, err = cli("plugins", "check", path)
    assert (status, err) == (1, "")
    assert "failed     plugin " in out
    assert "it needs the module 'a_module_nobody_has' (pip install a_module_nobody_has)" in out
    assert out.endswith("1 failed\n")


def test_a_plugin_of_a_folder_that_failed_is_named(cli, plugin_file, tmp_path, monkeypatch):
    monkeypatch.setenv("SEQCLF_PLUGINS_DIR", str(plugin_file("1 / 0").parent))
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "mine")
    status, out, _ = cli("plugins", "check", "mine")
    assert status == 1
    assert "division by zero (mine.py, line 2); seqclf plugins show mine gives" in out


def test_strict_does_not_hide_what_is_to_be_checked(cli, plugin_file, monkeypatch):
    monkeypatch.setenv("SEQCLF_STRICT_PLUGINS", "1")
    status, out, _ = cli("plugins", "check", plugin_file(ARCHITECTURE.format(name="x y", more="")))
    assert status == 1
    assert "gave the name 'x y'" in out


# The commands beside it.


def test_show_tells_everything_of_a_plugin(cli):
    status, out, _ = cli("plugins", "show", GOOD, "--json")
    (told,) = json.loads(out)
    assert status == 0
    assert (told["name"], told["from"], told["status"]) == ("checks_good", "file", "loaded")
    assert (told["file"], told["api_version"]) == (str(GOOD), "1")
    assert len(told["sha256"]) == 64
    assert "seqclf_batch_end" in told["hooks"]
    assert "encoder good-letters" in told["gives"]
    assert told["problems"] == []
    status, out, _ = cli("plugins", "show", GOOD)
    assert ["sha256", told["sha256"]] in [line.split() for line in out.splitlines()]


def test_show_gives_the_exact_cause_of_a_failure(capsys, plugin_file):
    path = plugin_file("def f():\n    return 1 / 0\nf()\n")
    assert run_program(["plugins", "show", str(path)]) == 0
    out = capsys.readouterr().out
    assert "Traceback (most recent call last)" in out
    assert "in f\n    return 1 / 0" in out
    assert run_program(["plugins", "show", "--json", str(path)]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["status"] == "failed"
    assert "ZeroDivisionError: division by zero" in told["traceback"]


def test_bare_it_still_lists(cli):
    status, out, _ = cli("plugins", "--plugin", GOOD)
    assert status == 0
    (line,) = [line for line in out.splitlines() if line.startswith("checks_good")]
    assert "metric good_error" in line
    assert "hook run_end" in line
    status, out, _ = cli("plugins", "--json")
    assert "seqclf.metrics" in [item["name"] for item in json.loads(out)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek"], "did you mean 'plugins check'?"),
        (["--json", "show", "seqclf"], "write seqclf plugins show NAME --json"),
        (["check"], "Missing argument 'NAME_OR_FILE'"),
    ],
)
def test_a_mistake_in_the_command_is_told(cli, arguments, words):
    status, out, err = cli("plugins", *arguments)
    assert (status, out) == (2, "")
    assert words in " ".join(err.split())


# What a dataset gives.


EXAMPLES = "has texts, ids or series for every label"


@pytest.mark.parametrize(
    ("name", "sentence", "words"),
    [
        ("nothing_said", "says its licence and its source", "it names no licence and no source"),
        ("no_encoder", "its encoder is registered", "did you mean 'word'?"),
        ("no_splits", "is loaded", "return seqclf.Splits(train=...)"),
        ("neither", EXAMPLES, "train has none of them"),
        ("unequal", EXAMPLES, "train has 2 texts for 3 labels"),
        ("double_series", EXAMPLES, "the series of train are float64 of shape (12, 2); give"),
        ("endless_series", EXAMPLES, "the series of train have what is no number, or infinite"),
        ("series_alone", EXAMPLES, "its series have 2 numbers a step, and its encoder gives token"),
        ("lazy_miscounted", EXAMPLES, "train says it has 6 texts, and gives 5"),
        ("lazy_unsliced", EXAMPLES, "the texts of train cannot be had by number and slice"),
        ("lazy_moving", EXAMPLES, "the texts of train are others one at a time than in turn"),
        ("few_weights", EXAMPLES, "the weights of train have shape (2,), not (6,)"),
        ("negative_weights", EXAMPLES, "the weights of train are not all numbers from 0"),
        ("real_places", EXAMPLES, "the places of train are not all whole numbers from 0"),
        ("one_class", "has two classes or more, all of them in training", "it names 1"),
        (
            "three_of_two",
            "has two classes or more, all of them in training",
            "it names 3, and its kind is binary",
        ),
        (
            "absent_class",
            "has two classes or more, all of them in training",
            "no training example has the class c",
        ),
        (
            "high_labels",
            "has two classes or more, all of them in training",
            "the labels of train are from 0 to 5, not 0 to 1",
        ),
        (
            "real_labels",
            "has two classes or more, all of them in training",
            "the labels of train are float64; give whole numbers",
        ),
        ("new_each_time", "gives the same data each time", "train differs; draw nothing"),
        ("no_fingerprint", "gives a fingerprint of its data", "Splits(fingerprint=...)"),
        ("all_ids", "heeds context.num_words=50", "it gives ids from 3 to 89"),
        ("low_ids", "heeds context.skip_top=20", "ids below it are there: 3, 4, 5"),
    ],
)
def test_what_is_wrong_with_a_dataset_is_found(broken, name, sentence, words):
    failed, detail = the_failure(check_one_dataset(getattr(broken, name), {}))
    assert failed == sentence
    assert words in detail


def test_data_that_are_not_there_are_no_failure(broken):
    checks = list(check_one_dataset(broken.not_there, {}))
    assert with_status(checks, "not tried") == [
        ("is loaded", "tickets.csv is not on this machine; put it there")
    ]
    assert not failures(checks)


def test_texts_in_both_splits_are_counted(broken):
    checks = list(check_one_dataset(broken.seen_before, {}))
    ((sentence, detail),) = with_status(checks, "advice")
    assert sentence == "tests on nothing that it trains on"
    assert detail.startswith("1 of 2 test texts (50.0%) also stand in training")


def test_a_dataset_that_needs_an_option_says_how(broken):
    ((_, detail),) = with_status(check_one_dataset(broken.needy, {}), "not tried")
    assert "it needs path=VALUE" in detail
    assert "check_dataset(needy, path=...)" in detail
    assert not failures(check_one_dataset(broken.needy, {"path": "4"}))


@pytest.mark.parametrize("name", ["ids", "named", "lazy", "series"])
def test_good_datasets_pass(good, name):
    assert not failures(check_one_dataset(getattr(good, name), {}))


# What an encoder gives.


@pytest.mark.parametrize(
    ("name", "sentence", "words"),
    [
        ("Unfit", "is fitted on texts of every sort", "IndexError"),
        ("Silent", "every option is documented", "does not say what lowercase is"),
        ("Absent", "gives one sequence of ids a text", "12 sequences for 14 texts"),
        ("Padding", "its ids are from 1 to num_words - 1", "0 is kept for padding"),
        ("Wide", "heeds num_words=20", "with num_words=20; make rarer tokens"),
        ("Counting", "gives the same ids one text at a time", "has other ids than among others"),
        ("Sets", "comes back from JSON with equal ids", "to_dict() gives what JSON cannot keep"),
        ("Keys", "comes back from JSON with equal ids", "JSON makes texts of numbers"),
        ("Hashed", "gives equal ids in another process", "let nothing depend on hash()"),
    ],
)
def test_what_is_wrong_with_an_encoder_is_found(broken, name, sentence, words):
    failed, detail = the_failure(check_one_encoder(getattr(broken, name)))
    assert failed == sentence
    assert words in detail


def test_good_encoders_pass(good, broken):
    for encoder in (good.Letters, broken.Encoder):
        assert {check.status for check in check_one_encoder(encoder)} == {"passed"}


def test_an_encoder_made_in_a_function_is_not_looked_for_elsewhere(broken):
    class Local(broken.Encoder):
        name = "local"

    ((sentence, detail),) = with_status(check_one_encoder(Local), "not tried")
    assert sentence == "gives equal ids in another process"
    assert "made inside a function" in detail


# What needs TensorFlow.


@pytest.mark.train
class TestBuilding:
    @pytest.mark.parametrize(
        ("name", "sentence", "words"),
        [
            ("two_lines", "has a summary of one line", "it has several lines"),
            (
                "undocumented",
                "every option is documented",
                "the docstring of undocumented() does not say what size is; add a line",
            ),
            (
                "bad_default",
                "every default is a value its option accepts",
                "the default of size would be refused: -p size must be a whole number, at least 1",
            ),
            ("no_model", "builds for two classes", "gave None, not a keras.Model"),
            ("two_classes_only", "builds for five classes", "but 5 classes need (None, 5)"),
            ("lonely_choice", "builds with every value of wide", "with wide=True: "),
            (
                "any_number",
                "takes -1 for size, or refuses it in words",
                "say what it may be: size: seqclf.Count",
            ),
            (
                "one_batch",
                "takes any batch, builds for any length",
                "a text's probabilities depend on the texts beside it",
            ),
            (
                "not_probabilities",
                "builds for five classes",
                "end it with keras.layers.Dense",
            ),
            (
                "empty_nan",
                "takes any batch, builds for any length",
                "no number (for an empty text)",
            ),
            ("drops_mask", "respects the mask", "padded to 20 and to 30, a text has prob"),
            ("endless_loss", "trains a step, and the loss is finite", "the loss is"),
            ("frozen", "trains a step, and the loss is finite", "it has no weights that training"),
            (
                "unregistered",
                "is saved and loaded with equal predictions",
                "Keras cannot find the layer 'Own' again; write @keras.saving.register_keras",
            ),
            (
                "forgetful",
                "is saved and loaded with equal predictions",
                "keep whatever a layer computes with in its weights or in get_config()",
            ),
            ("by_chance", "the same seed gives the same weights", "draw nothing but from Keras'"),
        ],
    )
    def test_what_is_wrong_with_an_architecture_is_found(self, broken, name, sentence, words):
        architecture = getattr(broken, name)
        found = failures([*check_declared(architecture), *check_building(architecture, {})])
        assert len(found) == 1 or name in (
            "no_model",
            "two_classes_only",
            "empty_nan",
            "not_probabilities",
        ), found
        assert found[0][0] == sentence
        assert words in found[0][1]

    @pytest.mark.parametrize(
        ("name", "sentence", "words"),
        [
            ("half_series", "reads numeric series", "but the data are series of 3 numbers a step"),
            ("nan_series", "reads numeric series", "it gives a probability that is no number"),
            ("own_vectors", "starts from pretrained vectors", "does not use the pretrained vec"),
            ("always_trained", "starts from pretrained vectors", "it trains them with --freeze"),
        ],
    )
    def test_what_else_it_reads_is_tried_where_it_says_so(self, broken, name, sentence, words):
        failed, detail = the_failure(check_inputs("it", Builder(getattr(broken, name), {})))
        assert failed == sentence
        assert words in detail

    def test_token_ids_alone_are_as_good(self, good, broken):
        for architecture in (good.good, broken.two_lines):
            checks = list(check_inputs("it", Builder(architecture, {})))
            assert [check.status for check in checks] == ["not tried", "not tried"]
            assert "begin it with task.embedding_layer()" in checks[0].detail
        checks = list(check_inputs("it", Builder(good.both, {})))
        assert [check.status for check in checks] == ["passed", "passed"]
        assert checks[0].detail == "3 numbers a step, in 2 forms"
        refusing, _ = check_inputs("it", Builder(broken.refuses_series, {}))
        assert refusing.status == "not tried"
        assert "it refuses them in words: words only, please" in refusing.detail

    def test_nothing_more_is_tried_where_nothing_is_built(self, broken):
        checks = list(check_one_architecture(broken.no_model, {}))
        untried, _ = with_status(checks, "not tried")
        assert untried[1] == "it does not build for two classes"
        assert len(failures(checks)) == 3

    def test_an_architecture_that_needs_an_option_says_how(self, good):
        checks = list(check_one_architecture(good.needy, {}))
        ((_, how), _) = with_status(checks, "not tried")
        assert "it needs units=VALUE" in how
        assert "check_architecture(needy, units=...)" in how

    def test_a_run_is_made_and_read_back_in_another_process(self, broken):
        files = (str(BROKEN),)
        roads = [
            Road(broken.unregistered, "unregistered", files),
            Road(broken.other_tomorrow, "other-tomorrow", files),
        ]
        (_, one), (_, other) = failures(check_roads(roads))
        assert "another process cannot use the run" in one
        assert "register_keras_serializable" in one
        assert "probabilities are up to" in other or "another process cannot" in other

    @pytest.mark.parametrize(
        ("name", "sentence", "words"),
        [
            ("no_metric", "judges two classes", "it gave 'accuracy'; return a keras.metrics"),
            ("other_name", "judges two classes", 'give it name="other_name"'),
            ("no_number", "judges two classes", "guard what is divided by"),
            ("keeps_on", "judges two classes", "reset_state() must set everything back"),
            ("odd_kinds", "names the kinds of task that it judges", "it names 'many'"),
        ],
    )
    def test_what_is_wrong_with_a_metric_is_found(self, broken, name, sentence, words):
        failed, detail = the_failure(check_one_metric(getattr(broken, name)))
        assert failed == sentence
        assert words in detail

    def test_hooks_that_raise_or_dawdle_are_found(self, capsys):
        found = find_plugins(str(BROKEN))
        said = dict(failures(check_events("plugin checks_broken", found.plugins[0])))
        assert [
            next(words for hook, words in said.items() if hook.startswith(name))[:40]
            for name in ("seqclf_epoch_end", "seqclf_run_end")
        ] == [
            "seqclf_epoch_end raised KeyError: 'f1' (",
            "seqclf_run_end raised FrozenInstanceErro",
        ]
        (slow,) = [words for hook, words in said.items() if hook.startswith("seqclf_run_start")]
        assert "training waits for it" in slow
        assert any(hook.startswith("seqclf_batch_end") for hook in said)
        assert len(said) == 4

    def test_a_good_plugin_passes(self, cli):
        status, out, err = cli("plugins", "check", GOOD, "--json")
        told = json.loads(out)
        assert [check for check in told["checks"] if check["status"] == "failed"] == []
        assert status == 0
        assert told["counts"]["passed"] > 60
        assert "this must not be on standard output" in err
        untried = {
            (check["subject"], check["sentence"])
            for check in told["checks"]
            if check["status"] == "not tried"
        }
        assert ("architecture good", "respects the mask") not in untried
        assert ("architecture good-needy", "builds") in untried
        sentences = {check["sentence"]: check["detail"] for check in told["checks"]}
        assert "shorter: texts need 20 words" in sentences["takes any batch, builds for any length"]
        assert "seqclf_batch_end neither raises nor takes more than a moment" in sentences

    @pytest.mark.parametrize("name", ["seqclf.encoding", "seqclf.metrics"])
    def test_the_built_ins_pass(self, cli, name):
        status, out, _ = cli("plugins", "check", name)
        assert status == 0
        assert {line.partition("  ")[0] for line in out.splitlines()[:-1]} == {"passed"}

    def test_the_built_in_stacked_passes(self):
        subject = "architecture stacked"
        checks = [*check_declared(stacked), *check_building(stacked, {"units": 2, "layers": 2})]
        assert {check.subject for check in checks} == {subject}
        assert {check.status for check in checks} == {"passed"}
        told = {check.sentence: check.detail for check in checks}
        assert "respects the mask with mask_zero=True" in told
        # What is refused in words has been tried beside another option's value.
        assert told["builds with every value of gates"] == "keras3, keras2 (with cell=lstm)"


# The fixtures of seqclf.testing.

SUITE = """
import os
from pathlib import Path

import pytest

GOOD, BROKEN, MY_LSTM = {good!r}, {broken!r}, {my_lstm!r}


@pytest.fixture
def good():
    from seqclf.plugins.files import import_file

    return import_file(Path(GOOD))


@pytest.fixture
def broken():
    from seqclf.plugins.files import import_file

    return import_file(Path(BROKEN))


def test_alone(surroundings, tmp_path):
    assert Path.cwd() == surroundings == tmp_path
    assert [n for n in os.environ if n.startswith("SEQCLF_")] == ["SEQCLF_CACHE_DIR"]
    assert "NO_COLOR" not in os.environ


def test_fails_plugin(check_plugin, tmp_path):
    (tmp_path / "mine.py").write_text("import seqclf")
    check_plugin(tmp_path / "mine.py")


def test_fails_dataset(check_dataset, broken):
    check_dataset(broken.nothing_said)


def test_fails_encoder(check_encoder, broken):
    check_encoder(broken.Hashed)


def test_fails_metric(check_metric, broken):
    check_metric(broken.odd_kinds)


def test_fails_architecture(check_architecture, broken):
    check_architecture(broken.no_model)


def test_good_ones(check_dataset, check_encoder, check_metric, good):
    assert check_dataset(good.ids, count=30)
    assert check_encoder(good.Letters)
    assert check_metric(good.error)


def test_options(check_architecture, broken):
    checks = check_architecture(broken.needs_size, size=2)
    done = {{check.sentence: check.status for check in checks}}
    assert done["takes any batch, builds for any length"] == "passed"
    assert done["a run of it predicts the same in another process"] == "not tried"


def test_tutorial(check_plugin):
    done = {{check.sentence: check.detail for check in check_plugin(MY_LSTM)}}
    assert done["a run of it predicts the same in another process"] == "14 texts, bit for bit"
    assert done["respects the mask"] == "it makes no mask"


def test_task(make_task):
    assert [make_task(kind).units for kind in ("binary", "multiclass", "multilabel")] == [1, 5, 3]
    assert make_task(labels=("a", "b"), maxlen=7).maxlen == 7


def test_cli(cli):
    status, out, err = cli("archs", "--plugin", GOOD)
    assert (status, err) == (0, "")
    assert "good-needy" in out


def test_train(train, elsewhere, tmp_path):
    settings = {{"maxlen": 20, "params": {{"pool": "last"}}}}
    run = train("good", dataset="sample5", plugins=[GOOD], **settings)
    assert run.folder.parent == tmp_path / "runs"
    assert len(run.history.epochs) == 1
    assert run.predict(["red apple"])[0].label in ("apple", "bread", "candy", "dates", "endive")
    done = elsewhere("seqclf", "runs")
    assert (done.returncode, done.stderr) == (0, "")
    assert run.name in done.stdout
"""


@pytest.mark.train
def test_the_fixtures_serve_an_authors_suite(tmp_path, monkeypatch):
    monkeypatch.setenv("SEQCLF_EPOCHS", "7")
    monkeypatch.setenv("NO_COLOR", "1")
    suite = tmp_path / "suite"
    suite.mkdir()
    (suite / "pytest.ini").write_text("[pytest]\n")
    (suite / "conftest.py").write_text('pytest_plugins = ["seqclf.testing"]\n')
    text = SUITE.format(good=str(GOOD), broken=str(BROKEN), my_lstm=str(MY_LSTM))
    (suite / "test_mine.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run([*command, str(suite)], capture_output=True, text=True, check=False)
    out = done.stdout
    assert "5 failed, 7 passed" in out, out + done.stderr
    assert "1 of 1 checks failed:" in out
    assert "mine.py implements no hook; give its functions @seqclf.hookimpl" in out
    assert "dataset nothing-said: says its licence and its source: it names no licence" in out
    assert "encoder hashed: gives equal ids in another process: the ids differ there" in out
    assert "architecture no-model: builds for two classes: architecture 'no-model' gave None" in out
    assert "seqclf/testing.py" not in out.replace("\\", "/"), "failures point at the author's test"

"""Runs that are missing, half-written, damaged, or need a plugin that is gone."""

import json
import shutil
import zipfile

import pytest

import seqclf
from seqclf.errors import PluginUnavailableError, RunError, SeqclfError, UsageError
from seqclf.job import evaluate_run
from seqclf.plugins import load_plugins
from seqclf.registry import Registry

pytestmark = pytest.mark.train

LAYER = """
import seqclf

def layer():
    import keras

    @keras.saving.register_keras_serializable("{package}")
    class Doubling(keras.layers.Layer):
        def call(self, x):
            return 2 * x

    return Doubling()

@seqclf.architecture("doubling", summary="for tests")
def doubling(task):
    import keras

    return keras.Sequential([
        keras.layers.Embedding(task.num_words, 4),
        keras.layers.GlobalAveragePooling1D(),
        layer(),
        keras.layers.Dense(task.units, task.activation),
    ])

@seqclf.hookimpl
def seqclf_architectures():
    return [doubling]
"""


@pytest.fixture
def run(whole):
    return whole


def sentence(reference="whole"):
    with pytest.raises(SeqclfError) as caught:
        seqclf.load_run(reference).predict(["apple"])
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_whole_run_is_found_by_name_path_and_last(run, monkeypatch):
    assert seqclf.load_run("whole").name == "whole"
    assert seqclf.load_run(str(run)).name == "whole"
    assert seqclf.load_run("last").name == "whole"
    monkeypatch.setenv("SEQCLF_RUNS_DIR", str(run.parent))
    monkeypatch.chdir(run)
    assert seqclf.load_run("last").name == "whole"


def test_a_missing_run_suggests_the_nearest(run):
    with pytest.raises(UsageError, match="there is no run 'whol'; did you mean 'whole'"):
        seqclf.load_run("whol")


def test_no_run_at_all_says_how_to_make_one():
    with pytest.raises(UsageError, match="no run in runs yet; make one: seqclf run reviews"):
        seqclf.load_run("last")


def test_a_folder_that_is_no_run(tmp_path):
    (tmp_path / "other").mkdir()
    assert "other is not a run: it has no run.json" in sentence("./other")
    assert "there is no run folder none" in sentence("./none")


def test_a_run_that_broke_off_is_not_taken_for_whole(run):
    state = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps({**state, "status": "running", "pid": 2**22 + 1}))
    (run / "model.keras").unlink()
    assert "is not whole: it is broken off and has no model.keras" in sentence()
    with pytest.raises(UsageError, match="no run"):
        seqclf.load_run("last")


@pytest.mark.parametrize(
    "name",
    ["config.toml", "encoder.json", "labels.json", "history.csv", "golden.json", "model.keras"],
)
def test_a_missing_file_is_named(run, name):
    (run / name).unlink()
    assert name in sentence()


@pytest.mark.parametrize(
    "name", ["run.json", "config.toml", "encoder.json", "labels.json", "golden.json", "model.keras"]
)
@pytest.mark.parametrize("share", [0, 0.5, 0.95])
def test_a_truncated_file_is_named(run, name, share):
    content = (run / name).read_bytes()
    (run / name).write_bytes(content[: int(len(content) * share)])
    told = sentence()
    assert name in told or "is damaged" in told


@pytest.mark.parametrize("content", ["[]", "3", '{"x": 1}'])
@pytest.mark.parametrize("name", ["run.json", "encoder.json", "labels.json", "golden.json"])
def test_a_file_of_another_shape_is_told(run, name, content):
    (run / name).write_text(content)
    if (name, content) == ("run.json", '{"x": 1}'):
        assert seqclf.load_run("whole").predict(["apple"])
    else:
        assert sentence()


def test_a_flipped_byte_in_the_model_is_noticed(run):
    content = bytearray((run / "model.keras").read_bytes())
    content[len(content) // 2] ^= 0xFF
    (run / "model.keras").write_bytes(content)
    assert "model.keras" in sentence()


def test_a_changed_vocabulary_is_noticed(run):
    stored = json.loads((run / "encoder.json").read_text())
    stored["settings"]["words"].reverse()
    (run / "encoder.json").write_text(json.dumps(stored))
    golden = json.loads((run / "golden.json").read_text())
    before = golden["probabilities"]
    golden["probabilities"] = [[1 - b, b] for _, b in before]
    assert golden["texts"]
    assert "no longer predicts what it did when it was made" in sentence()


def test_changed_labels_are_noticed(run):
    stored = json.loads((run / "labels.json").read_text())
    (run / "labels.json").write_text(json.dumps({**stored, "labels": ["yes", "no"]}))
    assert "was made for the classes no, yes, but its labels.json now says yes, no" in sentence()


def test_a_changed_maxlen_is_noticed(run):
    config = (run / "config.toml").read_text()
    (run / "config.toml").write_text(config.replace("maxlen = 10", "maxlen = 4"))
    assert "was made with maxlen 10, but its config.toml now says 4" in sentence()


def test_a_dataset_that_changed_its_classes_is_noticed_by_evaluate(run, tmp_path):
    copy = run / "plugins" / "tiny.py"
    other = tmp_path / "other.py"
    other.write_text(copy.read_text().replace('("no", "yes")', '("never", "always")'))
    opened = seqclf.load_run("whole")
    registry = Registry(load_plugins([other]))
    with pytest.raises(SeqclfError, match="now has the classes never, always, but run 'whole'"):
        evaluate_run(opened, registry)


def test_running_again_without_the_plugin_says_what_to_install(run):
    state = json.loads((run / "run.json").read_text())
    state["plugins"]["dataset"].update(
        plugin="tiny", origin="entry point", distribution="seqclf-tiny", version="0.4"
    )
    (run / "run.json").write_text(json.dumps(state))
    config = (run / "config.toml").read_text()
    (run / "config.toml").write_text(config.replace('"plugins/tiny.py",', ""))
    with pytest.raises(PluginUnavailableError) as caught:
        seqclf.run(config=run / "config.toml")
    assert str(caught.value) == (
        "run 'whole' needs the dataset 'tiny' from plugin 'tiny' (seqclf-tiny 0.4); "
        "pip install seqclf-tiny"
    )


def test_a_loaded_run_does_not_depend_on_the_working_directory(run, monkeypatch, tmp_path):
    opened = seqclf.load_run("whole")
    monkeypatch.chdir(tmp_path.parent)
    assert opened.predict(["apple"])
    assert seqclf.evaluate(opened).examples == 100


def test_a_run_without_its_dataset_still_predicts(run):
    shutil.rmtree(run / "plugins")
    opened = seqclf.load_run("whole")
    assert opened.predict(["apple"])[0].label in ("no", "yes")


def test_other_data_than_at_training_is_told(run, tiny):
    state = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps({**state, "data_sha256": "other"}))
    told = []
    seqclf.evaluate(seqclf.load_run("whole"), listeners=[told.append])
    assert any("not those that run 'whole' was trained on" in str(event) for event in told)


def custom_run(tiny, tmp_path, package):
    plugin = tmp_path / "doubling.py"
    plugin.write_text(LAYER.format(package=package))
    run = seqclf.run(
        "tiny", arch="doubling", plugins=[tiny, str(plugin)], name=package, epochs=1, seed=1
    )
    plugin.unlink()
    return run


def forget_layers(package):
    from keras.src.saving import object_registration

    for table in (
        object_registration.GLOBAL_CUSTOM_OBJECTS,
        object_registration.GLOBAL_CUSTOM_NAMES,
    ):
        for key in [key for key in table if package in str(key) or package in str(table[key])]:
            del table[key]


def test_a_custom_layer_is_loaded_from_the_runs_own_copy(tiny, tmp_path):
    run = custom_run(tiny, tmp_path, "copied")
    expected = run.predict(["apple red"])[0].probabilities
    forget_layers("copied")
    found = seqclf.load_run("copied").predict(["apple red"])[0].probabilities
    assert found == pytest.approx(dict(expected), abs=1e-6)


def test_a_copy_that_was_changed_is_not_run(tiny, tmp_path):
    run = custom_run(tiny, tmp_path, "changed")
    forget_layers("changed")
    canary = tmp_path / "canary"
    copy = run.folder / "plugins" / "doubling.py"
    copy.write_text(f"open({str(canary)!r}, 'w')\n" + copy.read_text())
    with pytest.raises(RunError, match=r"doubling.py was changed since the run was made"):
        seqclf.load_run("changed").predict(["apple"])
    assert not canary.exists()


def test_a_custom_layer_without_its_plugin_says_what_to_install(tiny, tmp_path):
    run = custom_run(tiny, tmp_path, "gone")
    forget_layers("gone")
    state = json.loads((run.folder / "run.json").read_text())
    state["plugins"]["architecture"].update(
        plugin="doubling", origin="entry point", distribution="seqclf-doubling", version="1.2"
    )
    (run.folder / "run.json").write_text(json.dumps(state))
    config = (run.folder / "config.toml").read_text()
    (run.folder / "config.toml").write_text(config.replace('"plugins/doubling.py",', ""))
    with pytest.raises(PluginUnavailableError) as caught:
        seqclf.load_run("gone").predict(["apple"])
    assert str(caught.value) == (
        "run 'gone' needs the layer 'gone>Doubling' from plugin 'doubling' (seqclf-doubling 1.2); "
        "pip install seqclf-doubling"
    )
    assert caught.value.exit_code == 3


def test_nothing_in_a_saved_model_executes(run, tmp_path):
    canary = tmp_path / "canary"
    path = run / "model.keras"
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(files["config.json"])
    config["config"]["layers"].append(
        {
            "module": "keras.layers",
            "class_name": "Lambda",
            "config": {"name": "evil", "function": f"open({str(canary)!r}, 'w')"},
            "registered_name": None,
        }
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**files, "config.json": json.dumps(config)}.items():
            archive.writestr(name, content)
    assert "model.keras cannot be loaded" in sentence()
    assert not canary.exists()

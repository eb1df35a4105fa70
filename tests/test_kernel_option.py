"""`--kernel auto|fused|keras`: what computes recurrent layers, why, and where it is told."""

import importlib
import importlib.metadata
import json
import re
import subprocess
import sys
from importlib.util import find_spec

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import seqclf
from seqclf.config import read_settings, to_toml
from seqclf.contracts import RunConfig
from seqclf.errors import SeqclfError, UsageError
from seqclf.kernels import choosing
from seqclf.kernels.choosing import Choice, choose, unavailable

ABSENT = "numba is not installed"
REFUSED = "fused kernels are asked for, but cannot be had here: "
HINT = "kernel 'auto' takes Keras' own loop where there is no fused kernel"
SMALL = ["-p", "units=4", "--epochs", "1", "--seed", "1"]


@pytest.fixture
def without_numba(monkeypatch):
    """Let numba be missing."""
    monkeypatch.setitem(sys.modules, "numba", None)


@pytest.fixture
def with_kernels(monkeypatch):
    """Let fused kernels be there, whatever this machine has."""
    monkeypatch.setattr(choosing, "unavailable", lambda: "")


def network(*recurrent):
    model = keras.Sequential([layers.Embedding(9, 4), *recurrent, layers.Dense(1)])
    model.build((None, 5))
    return model


class TestChoosing:
    @pytest.mark.parametrize("cell", [layers.SimpleRNN, layers.LSTM, layers.GRU])
    def test_keras_own_layers_are_fused_bidirectional_too(self, with_kernels, cell):
        assert choose(network(cell(3)), "auto") == Choice("fused", "")
        assert choose(network(layers.Bidirectional(cell(3))), "fused") == Choice("fused", "")
        assert choose(network(cell(3)), "keras") == Choice("keras", "asked for")

    @pytest.mark.parametrize(
        ("layer", "reason"),
        [
            (layers.LSTM(3, recurrent_dropout=0.1, name="reader"), "reader: recurrent dropout"),
            (layers.GRU(3, activation="relu", name="reader"), "reader: activation 'relu'"),
            (layers.GRU(3, stateful=True, name="reader"), "reader: stateful=True"),
            (layers.GRU(3, dtype="mixed_bfloat16", name="reader"), "reader: numbers of type "),
            (layers.RNN(layers.LSTMCell(3), name="reader"), "reader: "),
            (layers.GlobalAveragePooling1D(), "no recurrent layer"),
            (
                layers.Bidirectional(layers.LSTM(3, recurrent_dropout=0.1), name="both"),
                "both: recurrent dropout",
            ),
        ],
    )
    def test_the_reason_names_the_layer(self, with_kernels, layer, reason):
        if getattr(layer, "stateful", False):
            model = keras.Sequential([keras.Input((5, 4), batch_size=2), layer, layers.Dense(1)])
        else:
            model = network(layer)
        choice = choose(model, "auto")
        assert choice.kernel == "keras"
        assert choice.reason.startswith(reason)
        with pytest.raises(SeqclfError, match=f"{REFUSED}{reason}"):
            choose(model, "fused")

    def test_one_layer_that_keras_keeps_does_not_keep_the_others(self, with_kernels):
        model = network(
            layers.GRU(3, return_sequences=True), layers.GRU(3, recurrent_dropout=0.1, name="last")
        )
        expected = Choice("fused", "last stays with Keras: recurrent dropout")
        assert choose(model, "auto") == choose(model, "fused") == expected

    def test_a_state_from_outside_leaves_a_layer_to_keras(self, with_kernels):
        ids, state = keras.Input((5,), dtype="int32"), keras.Input((3,))
        vectors = layers.Embedding(9, 4)(ids)
        model = keras.Model([ids, state], layers.GRU(3, name="told")(vectors, initial_state=state))
        assert choose(model, "auto") == Choice("keras", "told: an initial state from outside")

    def test_every_layer_that_keras_keeps_is_named(self, with_kernels):
        def reader(name, **settings):
            return layers.GRU(3, return_sequences=True, name=name, **settings)

        dropped = {"recurrent_dropout": 0.1}
        both = network(reader("one", **dropped), layers.GRU(3, name="two", **dropped))
        assert choose(both, "auto") == Choice("keras", "one, two: recurrent dropout")
        some = network(
            reader("one", **dropped), reader("two", **dropped), reader("three"), layers.GRU(3)
        )
        assert choose(some, "auto").reason == "one, two stay with Keras: recurrent dropout"

    def test_what_keeps_a_whole_process_from_fused_kernels(self, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, "numba", None)
            assert unavailable() == ABSENT
        with monkeypatch.context() as patch:
            patch.setattr(tf.config, "list_physical_devices", lambda kind: [kind])
            assert unavailable() == "a GPU is there"
        with monkeypatch.context() as patch:
            patch.setattr(keras.config, "backend", lambda: "jax")
            assert unavailable() == "Keras runs on jax"
            assert choose(network(layers.LSTM(3)), "auto") == Choice("keras", "Keras runs on jax")

    @pytest.mark.skipif(find_spec("numba") is None, reason="numba is not installed")
    def test_a_numba_that_fails_is_told(self, monkeypatch):
        importer = importlib.import_module

        def fail(name):
            if name == "numba":
                raise ImportError("Numba needs NumPy 2.4\nor less")
            return importer(name)

        monkeypatch.setattr(importlib, "import_module", fail)
        expected = "numba cannot be imported: ImportError: Numba needs NumPy 2.4 or less"
        assert unavailable() == expected

    def test_choosing_imports_nothing_heavy(self):
        heavy = "{'numba', 'keras', 'tensorflow'} & set(sys.modules)"
        code = f"import sys, seqclf.kernels.choosing; sys.exit(bool({heavy}))"
        assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


class TestSetting:
    def test_it_goes_into_the_file_and_comes_back(self, tmp_path):
        for kernel in ("auto", "fused", "keras"):
            (tmp_path / "config.toml").write_text(to_toml(RunConfig("imdb", kernel=kernel)))
            assert read_settings(tmp_path / "config.toml").kernel == kernel

    def test_a_run_of_before_has_none(self, tmp_path):
        (tmp_path / "config.toml").write_text('dataset = "imdb"\n')
        assert read_settings(tmp_path / "config.toml").kernel == "auto"

    def test_what_a_run_was_trained_by_need_not_be_there_when_it_is_loaded(self):
        told = {kernel: RunConfig("imdb", kernel=kernel) for kernel in ("auto", "fused", "keras")}
        loaded = {kernel: config.kernel_when_loaded for kernel, config in told.items()}
        assert loaded == {"auto": "auto", "fused": "auto", "keras": "keras"}

    @pytest.mark.parametrize("name", ["run", "predict", "evaluate"])
    def test_another_word_is_refused_before_anything_slow(self, command, whole, name):
        subject = "reviews" if name == "run" else "whole"
        texts = ["apple"] if name == "predict" else []
        status, out, err = command(name, subject, *texts, "--kernel", "fast")
        assert (status, out) == (2, "")
        assert "--kernel must be one of auto, fused, keras, not 'fast'" in err


def state_of(name):
    with open(f"runs/{name}/run.json") as file:
        return json.load(file)


@pytest.mark.train
class TestRun:
    def test_flag_environment_and_file_set_it(self, command, tiny, monkeypatch):
        run = ["run", "tiny", "--plugin", tiny, "--arch", "gru", *SMALL]
        status, _, err = command(*run, "--name", "flag", "--kernel", "keras")
        assert status == 0
        assert "kernel: keras (asked for)\n" in err
        assert state_of("flag")["kernel"] == "keras"
        status, _, err = command(
            "run", "--config", "runs/flag/config.toml", "--name", "file", "--epochs", "1"
        )
        assert "kernel: keras (asked for)\n" in err
        monkeypatch.setenv("SEQCLF_KERNEL", "keras")
        status, out, _ = command(*run, "--name", "environment", "--jsonl")
        events = {event["event"]: event for event in map(json.loads, out.splitlines())}
        assert events["planned"]["sources"]["kernel"] == "environment"
        ready = events["model_ready"]
        assert (ready["kernel"], ready["kernel_reason"]) == ("keras", "asked for")

    def test_without_numba_keras_does_it_and_says_why(self, command, tiny, without_numba):
        run = ["run", "tiny", "--plugin", tiny, "--arch", "gru", *SMALL]
        status, _, err = command(*run, "--name", "auto")
        assert status == 0
        assert f"kernel: keras ({ABSENT})\n" in err
        assert state_of("auto")["kernel"] == "keras"
        status, out, err = command(*run, "--name", "fused", "--kernel", "fused")
        assert (status, out) == (1, "")
        assert err.endswith(f"{REFUSED}{ABSENT}; {HINT}\n")
        assert "loading tiny" not in err
        assert command("runs", "--json")[1].count('"name"') == 1

    def test_a_wrong_number_of_threads_is_told_before_the_data_are_loaded(
        self, command, tiny, monkeypatch
    ):
        monkeypatch.setenv("SEQCLF_THREADS", "none")
        status, out, err = command("run", "tiny", "--plugin", tiny, *SMALL)
        assert (status, out) == (2, "")
        assert "SEQCLF_THREADS must be a whole number" in err
        assert "loading" not in err

    def test_a_network_that_has_no_kernel_is_refused_where_fused_is_asked_for(self, tiny):
        params = {"units": 4, "recurrent_dropout": 0.2}
        settings = {"plugins": [tiny], "arch": "lstm", "params": params, "epochs": 1}
        with pytest.raises(SeqclfError, match=r"lstm\w*: recurrent dropout") as found:
            seqclf.run("tiny", kernel="fused", listeners=[print], **settings)
        assert found.value.exit_code == 1

    @pytest.mark.skipif(unavailable() != "", reason=f"no kernels: {unavailable()}")
    def test_fused_kernels_train_and_the_run_is_read_back_without_them(self, tiny, monkeypatch):
        told = []
        settings = {"plugins": [tiny], "arch": "gru", "params": {"units": 4}, "epochs": 2}
        run = seqclf.run("tiny", kernel="fused", name="x", listeners=[told.append], **settings)
        ready = next(event for event in told if type(event).__name__ == "ModelReady")
        assert (ready.kernel, ready.kernel_reason) == ("fused", "")
        assert run.kernel == Choice("fused", "")
        assert state_of("x")["kernel"] == "fused"
        texts = ["apple bread", "", "bread apple"]
        expected = [list(each.probabilities.values()) for each in run.predict(texts)]
        monkeypatch.setitem(sys.modules, "numba", None)
        again = seqclf.load_run("x")
        assert again.kernel == Choice("keras", ABSENT)
        found = [list(each.probabilities.values()) for each in again.predict(texts)]
        np.testing.assert_allclose(found, expected, atol=1e-5)
        assert json.loads((run.folder / "tfruns.d" / "flags.json").read_text())["kernel"] == "fused"


def say_fused(folder):
    """Let a run's settings say that it was trained with `--kernel fused`."""
    path = folder / "config.toml"
    path.write_text(re.sub(r"^kernel = .*$", 'kernel = "fused"', path.read_text(), flags=re.M))


@pytest.mark.train
class TestReadBack:
    def test_a_fused_run_predicts_and_is_judged_without_numba(self, command, whole, without_numba):
        say_fused(whole)
        assert command("predict", "whole", "apple")[0] == 0
        assert command("evaluate", "whole")[0] == 0
        assert seqclf.load_run(whole).kernel == Choice("keras", ABSENT)

    @pytest.mark.parametrize("name", ["predict", "evaluate"])
    def test_fused_asked_for_must_be_there(self, command, whole, without_numba, name):
        texts = ["apple"] if name == "predict" else []
        status, out, err = command(name, "whole", *texts, "--kernel", "fused")
        assert (status, out) == (1, "")
        assert err.endswith(f"{REFUSED}{ABSENT}; {HINT}\n")

    def test_predicting_into_a_file_leaves_none_then(self, command, whole, without_numba):
        with open("in.csv", "w") as file:
            file.write("text\napple\n")
        arguments = ["--file", "in.csv", "-o", "out.csv", "--kernel", "fused"]
        assert command("predict", "whole", *arguments)[0] == 1
        assert not [path for path in whole.parents[1].iterdir() if "out" in path.name]

    def test_keras_may_be_asked_for(self, command, whole):
        usual = command("predict", "whole", "apple bread")
        asked = command("predict", "whole", "apple bread", "--kernel", "keras")
        assert usual[0] == asked[0] == 0
        assert usual[1].split("\t")[0] == asked[1].split("\t")[0]
        status, out, err = command("evaluate", "whole", "--kernel", "keras", "--json")
        assert status == 0
        assert "evaluating test (kernel keras)" in err
        document = json.loads(out)
        assert (document["kernel"], document["kernel_reason"]) == ("keras", "asked for")
        assert seqclf.load_run(whole, kernel="keras").kernel == Choice("keras", "asked for")

    def test_the_environment_counts_but_less_than_what_is_asked_for(self, whole, monkeypatch):
        monkeypatch.setenv("SEQCLF_KERNEL", "keras")
        assert seqclf.load_run(whole).kernel == Choice("keras", "asked for")
        monkeypatch.setenv("SEQCLF_KERNEL", "fast")
        with pytest.raises(UsageError, match="SEQCLF_KERNEL must be one of auto, fused, keras"):
            seqclf.load_run(whole)
        assert seqclf.load_run(whole, kernel="keras").kernel == Choice("keras", "asked for")

    def test_python_refuses_other_words(self, whole):
        with pytest.raises(UsageError, match="--kernel must be one of auto, fused, keras"):
            seqclf.load_run(whole, kernel="fast")


@pytest.mark.train
@pytest.mark.skipif(find_spec("sklearn") is None, reason="scikit-learn is not installed")
def test_the_estimator_has_it_too(without_numba):
    settings = {"params": {"units": 2}, "maxlen": 3, "epochs": 1, "validation_split": 0}
    texts, labels = ["good", "bad"] * 4, [1, 0] * 4
    classifier = seqclf.SequenceClassifier("gru", kernel="fused", random_state=1, **settings)
    with pytest.raises(SeqclfError, match=ABSENT):
        classifier.fit(texts, labels)
    classifier.set_params(kernel="auto").fit(texts, labels)
    assert classifier.config_.kernel == "auto"
    assert classifier.predict_proba(texts).shape == (8, 2)


class TestInfo:
    def test_it_says_why_keras_does_it(self, command, without_numba):
        status, out, _ = command("info")
        assert status == 0
        assert re.search(rf"^kernel +keras \({ABSENT}\)$", out, re.M)
        assert "kernel_reason" not in out
        document = json.loads(command("info", "--json")[1])
        assert (document["kernel"], document["kernel_reason"]) == ("keras", ABSENT)

    def test_another_word_in_the_environment_is_refused(self, command, monkeypatch):
        monkeypatch.setenv("SEQCLF_KERNEL", "fast")
        status, out, err = command("info")
        assert (status, out) == (2, "")
        assert "SEQCLF_KERNEL must be one of auto, fused, keras, not 'fast'" in err

    @pytest.mark.skipif(find_spec("numba") is None, reason="numba is not installed")
    def test_it_names_what_compiles_the_kernels(self, command):
        document = json.loads(command("info", "--json")[1])
        assert document["numba"] == importlib.metadata.version("numba")

    def test_it_says_that_kernels_are_there(self, command, with_kernels):
        assert re.search(r"^kernel +fused$", command("info")[1], re.M)
        document = json.loads(command("info", "--json")[1])
        assert (document["kernel"], document["kernel_reason"]) == ("fused", "")


@pytest.mark.train
class TestCode:
    def test_a_script_says_that_it_repeats_a_fused_run_but_for_rounding(self, command, whole):
        state = json.loads((whole / "run.json").read_text())
        (whole / "run.json").write_text(json.dumps({**state, "kernel": "fused"}))
        for language in ("python", "r"):
            status, out, err = command("code", "whole", "--language", language)
            assert status == 0
            text = " ".join(out.replace("#", " ").split())
            assert "seqclf computes the recurrent layers by fused kernels, this script by" in text
            assert "a run with --kernel keras is repeated bit for bit." in text
            assert "every number is the same" not in text
            assert "note: fused kernels compute run 'whole', but Keras' own loop" in err

    def test_a_run_by_keras_is_repeated_exactly_without_a_word(self, command, whole):
        state = json.loads((whole / "run.json").read_text())
        (whole / "run.json").write_text(json.dumps({**state, "kernel": "keras"}))
        _, out, err = command("code", "whole")
        assert "every number is the same" in " ".join(out.replace("#", " ").split())
        assert "kernel" not in err

    def test_the_command_of_settings_asks_for_what_the_script_gives(self, command, tiny):
        given = ["code", "tiny", "--plugin", tiny, "--seed", "1"]
        _, out, err = command(*given)
        header = " ".join(out.partition("\nimport")[0].replace("#", " ").split())
        assert "--kernel keras" in header
        assert "every number is the same" in header
        assert "kernel" not in err
        _, out, err = command(*given, "--kernel", "fused")
        header = " ".join(out.partition("\nimport")[0].replace("#", " ").split())
        assert "--kernel fused" in header
        assert "a run with --kernel keras is repeated bit for bit." in header
        assert "note: fused kernels compute what these settings say, but Keras'" in err

"""Runs: trained, read back elsewhere, with and without the plugin."""

import json

import numpy as np
import pytest
import seqclf
from conftest import WORDS

pytestmark = pytest.mark.train
TEXTS = ["red apple blue", "bread", "", "candy soft " * 20]


def test_it_learns_what_one_word_tells(trained):
    assert trained.report.accuracy > 0.95


def test_another_process_predicts_the_same(trained, elsewhere):
    got = elsewhere("seqclf", "predict", trained.folder, *TEXTS, "--json")
    assert (got.returncode, got.stderr) == (0, "")
    said = json.loads(got.stdout)["predictions"]
    for text, here in zip(said, trained.predict(TEXTS), strict=True):
        assert text["label"] == here.label
        assert np.allclose(text["probabilities"]["yes"], here.probabilities["yes"], atol=1e-6)


def test_without_the_plugin_the_run_says_what_to_install(trained, elsewhere, monkeypatch):
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "")
    got = elsewhere("seqclf", "predict", trained.folder, "red apple")
    assert (got.returncode, got.stdout) == (3, "")
    assert got.stderr == (
        "seqclf: run 'trained' needs the layer 'seqclf_attention>AttentionWeights' from plugin "
        "'attention' (seqclf-attention 0.1.0); pip install seqclf-attention\n"
    )


def test_its_script_is_refused_by_name(trained, cli):
    status, out, err = cli("code", trained.folder)
    assert (status, out) == (1, "")
    assert "plugin 'attention' (seqclf-attention 0.1.0) cannot be written as a script" in err
    assert "AttentionWeights" in err


@pytest.mark.parametrize("dataset", ["marks3", "marksmany"])
def test_more_classes_train_and_come_back(dataset):
    run = seqclf.run(
        dataset, arch="attention", plugins=[str(WORDS)], seed=1, params={"units": 8, "cell": "gru"}
    )
    assert run.report.accuracy > 0.9
    again = seqclf.load_run(run.folder)
    for one, other in zip(run.predict(TEXTS), again.predict(TEXTS), strict=True):
        assert one.labels == other.labels
        assert np.allclose([*one.probabilities.values()], [*other.probabilities.values()])


def test_the_same_seed_gives_the_same_run():
    given = {"units": 4, "dropout": 0.3}
    runs = [
        seqclf.run(
            "marks", arch="attention", plugins=[str(WORDS)], seed=5, epochs=1, name=n, params=given
        )
        for n in ("one", "other")
    ]
    assert runs[0].history.epochs == runs[1].history.epochs
    for one, other in zip(*(run.model.get_weights() for run in runs), strict=True):
        np.testing.assert_array_equal(one, other)

"""Runs: trained, read back elsewhere, with and without the plugin."""

import pytest

pytestmark = pytest.mark.train
TEXTS = ["red apple blue", "bread", "", "candy soft " * 20]


def test_it_learns_what_one_word_tells(trained):
    assert trained.report.accuracy > 0.95


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

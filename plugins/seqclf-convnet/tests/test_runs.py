"""Runs: trained, read back elsewhere without the plugin, written as scripts."""

import json
import subprocess
import sys

import numpy as np
import pytest
import seqclf
from conftest import WORDS

pytestmark = pytest.mark.train
TEXTS = ["red apple blue", "bread", "", "candy soft " * 20]
SMALL = {
    "convnet": {"filters": 8, "widths": "1,2", "embedding_dim": 8},
    "convnet_stacked": {"filters": 8, "width": 2, "pool": 2, "embedding_dim": 8},
}

SCRIPT = """
import json, runpy, sys
sys.modules["seqclf"] = sys.modules["seqclf_convnet"] = None  # whoever imports them fails
print(json.dumps(runpy.run_path("again.py", run_name="__main__")["history"]))
"""


def trained(arch, dataset="marks", **settings):
    given = {"plugins": [str(WORDS)], "seed": 1, "params": SMALL[arch], **settings}
    return seqclf.run(dataset, arch=arch, **given)


@pytest.mark.parametrize(
    ("arch", "dataset"),
    [("convnet", "marks"), ("convnet", "marksmany"), ("convnet_stacked", "marks3")],
)
def test_it_learns_and_comes_back(arch, dataset):
    run = trained(arch, dataset, epochs=8)
    assert run.report.accuracy > 0.9
    again = seqclf.load_run(run.folder)
    for one, other in zip(run.predict(TEXTS), again.predict(TEXTS), strict=True):
        assert one.labels == other.labels
        assert np.allclose([*one.probabilities.values()], [*other.probabilities.values()])


def test_another_process_predicts_the_same_without_the_plugin(elsewhere, monkeypatch):
    run = trained("convnet_stacked", epochs=1)
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "")
    got = elsewhere("seqclf", "predict", run.folder, *TEXTS, "--json")
    assert (got.returncode, got.stderr) == (0, "")
    said = json.loads(got.stdout)["predictions"]
    for text, here in zip(said, run.predict(TEXTS), strict=True):
        assert text["label"] == here.label
        assert np.allclose(text["probabilities"]["yes"], here.probabilities["yes"], atol=1e-6)


@pytest.mark.parametrize("arch", SMALL)
def test_its_script_repeats_the_run_in_plain_keras(arch, cli, tmp_path):
    run = trained(arch, epochs=2)
    assert cli("code", run.folder, "-o", tmp_path / "again.py")[0] == 0
    text = (tmp_path / "again.py").read_text()
    assert "seqclf_convnet" not in text
    assert "import seqclf" not in text
    got = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True)
    assert got.returncode == 0, got.stderr
    assert json.loads(got.stdout.splitlines()[-1]) == run.history.epochs


@pytest.mark.parametrize("arch", SMALL)
def test_its_script_is_written_in_r(arch, cli):
    run = trained(arch, epochs=1)
    status, out, _ = cli("code", run.folder, "--language", "r")
    assert status == 0
    assert "layer_conv_1d(" in out
    assert "layer_global_max_pooling_1d(" in out
    assert ("layer_concatenate(" in out) == (arch == "convnet")

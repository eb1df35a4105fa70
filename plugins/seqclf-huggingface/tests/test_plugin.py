"""The plugin as a whole: found, quick, trained with, read back in another process."""

import json
import subprocess
import sys

import numpy as np
import pytest
import seqclf
from seqclf import errors

from seqclf_huggingface import libraries

HEAVY = "{'datasets', 'tokenizers', 'huggingface_hub', 'pyarrow', 'pandas', 'tensorflow', 'keras', "
HEAVY += "'numpy'}"
SMALL = ["--epochs", "1", "--seed", "1", "--num-words", "60", "--maxlen", "12", "-p", "units=4"]
FILMS = [("a fine film", "good"), ("a poor film", "bad"), ("fine, not poor", "good")]
TEXTS = ["a fine film", "poor, poor film", ""]


@pytest.fixture
def films(rows):
    for split, count in (("train", 20), ("test", 6)):
        rows(f"films/{split}.jsonl", [{"text": a, "label": b} for a, b in FILMS * count])
    return "films"


def test_both_hooks_are_found_through_the_entry_point(cli):
    status, out, _ = cli("plugins", "--json")
    (mine,) = [one for one in json.loads(out) if one["name"] == "huggingface"]
    assert status == 0
    assert mine["from"].startswith("seqclf-huggingface ")
    assert sorted(mine["gives"]) == ["dataset huggingface", "encoder huggingface"]
    assert mine["problems"] == []
    assert cli("datasets", "huggingface")[0] == 0


def test_both_keep_their_contracts(check_plugin, check_dataset, films, monkeypatch):
    from seqclf_huggingface.dataset import huggingface

    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "seqclf-huggingface")
    check_plugin("seqclf-huggingface")
    check_dataset(huggingface, path=films)


@pytest.mark.parametrize(
    "statement",
    [
        "import seqclf_huggingface as it; it.seqclf_datasets(); it.seqclf_encoders()",
        "from seqclf.cli.program import run_program as run; run(['datasets'])",
        "from seqclf.cli.program import run_program as run; run(['plugins'])",
        "from seqclf.cli.program import run_program as run; run(['datasets', 'huggingface'])",
    ],
)
def test_finding_and_listing_import_nothing_heavy(statement):
    # seqclf's own tokenizers, which `seqclf plugins` lists, compute with numpy.
    heavy = f"({HEAVY} - {{'numpy'}})" if "['plugins']" in statement else HEAVY
    command = f"import sys; {statement}; assert not {heavy} & set(sys.modules), sys.modules.keys()"
    subprocess.run([sys.executable, "-c", command], check=True, capture_output=True)


def test_its_import_takes_milliseconds():
    command = (
        "import time, seqclf; seqclf.hookimpl, seqclf.Dataset; start = time.perf_counter(); "
        "import seqclf_huggingface; print(time.perf_counter() - start)"
    )
    times = [
        float(
            subprocess.run([sys.executable, "-c", command], capture_output=True, text=True).stdout
        )
        for _ in range(3)
    ]
    assert min(times) < 0.05


def test_a_missing_library_is_told(load, monkeypatch, rows):
    rows("a.jsonl", [{"text": "a", "label": 0}, {"text": "b", "label": 1}])
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(
        errors.PluginError, match=r"needs the library datasets.*pip install datasets"
    ):
        load("a.jsonl")


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, ""),
        ({"HF_HUB_OFFLINE": "1"}, "HF_HUB_OFFLINE"),
        ({"HF_HUB_OFFLINE": "0"}, ""),
        ({"HF_DATASETS_OFFLINE": "true"}, "HF_DATASETS_OFFLINE"),
        ({"TRANSFORMERS_OFFLINE": "YES"}, "TRANSFORMERS_OFFLINE"),
    ],
)
def test_what_forbids_the_network(monkeypatch, values, told):
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    assert libraries.offline_variable() == told


@pytest.mark.parametrize(
    ("options", "status", "sentence"),
    [
        ([], 2, "dataset 'huggingface' needs -d path=VALUE"),
        (["-d", "path=films", "-d", "label=lable"], 2, "there is no column 'lable'"),
        (["-d", "path=./none"], 1, "there is no file or folder ./none"),
        (["-d", "path=films", "-d", "missing=skip"], 2, "must be one of error, drop"),
        (["-d", "path=films", "--tokenizer", "huggingface", "-t", "model=bpc"], 2, "did you mean"),
        (
            ["-d", "path=films", "--tokenizer", "huggingface", "--skip-top", "5"],
            2,
            "--skip-top 5 does not go with --tokenizer huggingface",
        ),
    ],
)
def test_mistakes_end_in_one_sentence(cli, films, options, status, sentence):
    got, out, err = cli("run", "huggingface", *SMALL, *options)
    assert (got, out) == (status, "")
    assert sentence in " ".join(err.split())
    assert sum(line.startswith("seqclf: ") for line in err.splitlines()) == 1


@pytest.mark.train
def test_a_dataset_is_trained_on_and_judged(cli, films, monkeypatch):
    status, out, err = cli(
        "run", "huggingface", "-d", f"path={films}", *SMALL, "--name", "mine", "--json"
    )
    assert status == 0, err
    json.loads(out)  # nothing else on standard output
    run = seqclf.load_run("mine")
    assert run.labels == ("bad", "good")
    assert run.report is not None
    status, out, err = cli("evaluate", "mine", "--json")
    assert status == 0, err
    assert json.loads(out)
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "")  # the texts' encoder is seqclf's own
    assert cli("predict", "mine", *TEXTS)[0] == 0


@pytest.mark.train
def test_another_process_predicts_the_same(cli, elsewhere, films, monkeypatch):
    options = ["--tokenizer", "huggingface", "-t", "model=unigram", "-t", "lowercase=true"]
    status, _, err = cli(
        "run", "huggingface", "-d", f"path={films}", *SMALL, *options, "--name", "mine"
    )
    assert status == 0, err
    run = seqclf.load_run("mine")
    assert run.encoder.name == "huggingface"
    got = elsewhere("predict", "mine", "--json", *TEXTS)
    assert got.returncode == 0, got.stderr
    for said, here in zip(json.loads(got.stdout)["predictions"], run.predict(TEXTS), strict=True):
        assert np.allclose(said["probabilities"]["good"], here.probabilities["good"], atol=1e-6)
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "")
    status, _, err = cli("predict", "mine", "a")
    assert status == 3
    assert "needs the encoder 'huggingface' from plugin 'huggingface'" in " ".join(err.split())
    assert "pip install seqclf-huggingface" in " ".join(err.split())


@pytest.mark.train
def test_several_labels_are_trained_on(rows):
    films = [{"text": text, "label": label.split()} for text, label in FILMS] * 20
    films += [{"text": "fine and poor", "label": ["good", "bad"]}, {"text": "so", "label": []}] * 9
    rows("many.jsonl", films)
    run = seqclf.run(
        "huggingface",
        dataset_options={"path": "many.jsonl"},
        tokenizer="huggingface",
        epochs=1,
        seed=1,
        num_words=60,
        maxlen=12,
        params={"units": 4},
    )
    assert run.kind == "multilabel"
    assert set(run.predict(["fine"])[0].probabilities) == {"good", "bad"}

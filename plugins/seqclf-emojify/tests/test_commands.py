"""The whole way through seqclf's commands: found, trained, read back, predicted."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import seqclf

TRAIN = '"I want tea",4\nplay ball,1\n"love you, mum",0\nso funny,2\nI failed,3\n' * 8
FAST = ["--arch", "emojify", "--epochs", "1", "--seed", "1", "-p", "units=4"]
KNOWN = ["tea", "play", "ball", "love", "mum", "funny", "failed", "i", "toast"]


@pytest.fixture
def vectors(tmp_path):
    path = tmp_path / "vectors.txt"
    random = np.random.default_rng(1).normal(size=(len(KNOWN), 6)).round(4)
    lines = (" ".join([word, *map(str, row)]) for word, row in zip(KNOWN, random, strict=True))
    path.write_text("\n".join(lines) + "\n")
    return path


def test_both_hooks_are_found_through_the_entry_point(cli):
    status, out, _ = cli("plugins", "--json")
    (mine,) = [one for one in json.loads(out) if one["name"] == "emojify"]
    assert status == 0
    assert mine["from"].startswith("seqclf-emojify ")
    assert mine["gives"] == ["architecture emojify", "dataset emojify"]
    assert cli("datasets", "emojify")[0] == cli("archs", "emojify")[0] == 0


def test_finding_the_plugin_imports_nothing_heavy():
    heavy = "{'keras', 'tensorflow', 'numpy', 'gzip'} & set(sys.modules)"
    command = f"import sys, seqclf_emojify as it; it.seqclf_datasets(); assert not {heavy}, {heavy}"
    subprocess.run([sys.executable, "-c", command], check=True)


def test_a_malformed_file_ends_in_one_sentence(cli, files):
    folder = files("fine,1\nwho,heart\n")
    status, out, err = cli("run", "emojify", *FAST, "-d", f"folder={folder}")
    assert (status, out) == (1, "")
    assert f"{folder / 'train.csv'}, line 2: the label is 'heart'" in err
    assert not os.path.exists("runs") or not os.listdir("runs")


@pytest.mark.train
def test_malformed_vectors_end_in_one_sentence(cli, files, vectors):
    vectors.write_text(vectors.read_text() + "tea 1 2\n")
    command = [*FAST, "-d", f"folder={files(TRAIN)}", "-p", f"vectors={vectors}"]
    status, _, err = cli("run", "emojify", *command)
    assert status == 1
    assert f"{vectors}, line 10: it has 2 of the 6 numbers" in err
    assert not os.path.exists("runs") or not os.listdir("runs")


@pytest.mark.train
def test_a_run_with_vectors_needs_neither_their_file_nor_the_plugin(
    cli, files, vectors, monkeypatch
):
    settings = ["-p", f"vectors={vectors}", "-d", f"folder={files(TRAIN)}"]
    settings += ["-d", f"vocabulary={vectors}", "--num-words", "40", "--name", "mine"]
    status, out, err = cli("run", "emojify", *FAST, *settings)
    assert status == 0, err
    assert "9 of 12 words found" in err
    run = seqclf.load_run("mine")
    start = run.model.layers[0].get_weights()[0]
    place = run.encoder.encode(["toast"])[0][1]
    line = vectors.read_text().splitlines()[KNOWN.index("toast")]
    assert start[place].tolist() == np.float32(line.split()[1:]).tolist()  # training kept it

    vectors.unlink()
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "")
    status, out, _ = cli("predict", "mine", "--json", "toast", "unheard")
    known, unknown = json.loads(out)["predictions"]
    assert status == 0
    assert known["probabilities"] != unknown["probabilities"]


@pytest.mark.train
def test_predictions_show_the_emoji_and_a_word_where_it_cannot(cli, files):
    folder = files(TRAIN)
    assert cli("run", "emojify", *FAST, "-d", f"folder={folder}", "--name", "mine")[0] == 0
    status, out, _ = cli("predict", "mine", "--top-k", "5", "play ball")
    assert status == 0
    assert all(emoji in out for emoji in ("❤️", "⚾", "😄", "😞", "🍴"))
    plain = subprocess.run(
        [sys.executable, "-m", "seqclf", "predict", "mine", "--top-k", "5", "play ball"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    told = plain.stdout.decode("ascii")
    assert all(word in told for word in ("heart", "baseball", "smile", "fork and knife"))


@pytest.mark.train
def test_the_bundled_sentences_are_learned(tmp_path):
    run = seqclf.run(
        "emojify", arch="emojify", epochs=12, seed=1, validation_split=0, keep="last",
        learning_rate=0.005, params={"units": 16, "dropout": 0.1}, out=tmp_path,
    )  # fmt: skip
    assert run.history["accuracy"][-1] > 0.9
    assert run.report.interval[0] > 0.2  # better than guessing among five

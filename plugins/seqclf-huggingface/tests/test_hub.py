"""The Hugging Face Hub, as far as a stand-in on this machine shows it: refusing, slow, gone."""

import time

import network
import pytest

from seqclf_huggingface import hub as asking

FILMS = {
    "train.csv": b"text,label\n" + b"a fine film,good\na poor film,bad\n" * 5,
    "test.csv": b"text,label\na fine film,good\na poor film,bad\n",
}
ONCE = "download it once where there is a network"
SEVERAL = b"""---
configs:
- config_name: short
  data_files: train.csv
- config_name: long
  data_files: test.csv
---
"""


def test_a_dataset_is_downloaded_and_its_commit_told(hub, load, notes, capfd):
    hub.files["me/films"] = FILMS
    splits = load("me/films")
    assert (len(splits.train), len(splits.test), splits.labels) == (10, 2, ("bad", "good"))
    assert notes[0].startswith("me/films at revision aaaaaaaaaaaa: texts from text; 2 classes")
    assert capfd.readouterr() == ("", "")


def test_without_a_network_the_copy_of_before_is_used(hub, load, fails, notes, attempts):
    hub.files["me/kept"] = FILMS
    first = load("me/kept")
    network.ALLOWED.clear()
    attempts.clear()
    again = load("me/kept")
    assert again.fingerprint == first.fingerprint
    assert notes[1] == (
        "there is no network, or the Hugging Face Hub cannot be reached; the copy of 'me/kept' "
        "downloaded before is used"
    )
    told = fails("me/never")
    assert told.startswith(
        "the dataset 'me/never' is not on this machine, and there is no network, or the Hugging "
        f"Face Hub cannot be reached; {ONCE}"
    )
    assert len(attempts) == 2  # asked once each, not again and again
    attempts.clear()


@pytest.mark.parametrize("variable", ["HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"])
def test_a_forbidden_network_is_not_tried(hub, load, fails, monkeypatch, notes, variable):
    name = f"me/{variable.lower()}"
    hub.files[name] = FILMS
    first = load(name)
    hub.requests.clear()
    monkeypatch.setenv(variable, "1")
    assert load(name).fingerprint == first.fingerprint
    assert "used" not in notes[-1]  # this is what was asked for
    told = fails("me/never")
    assert f"'me/never' is not on this machine, and {variable} forbids the network" in told
    assert f"unset {variable}" in told
    assert hub.requests == []


def test_a_copy_of_another_revision_is_not_taken(hub, load, fails, monkeypatch):
    hub.files["me/old"] = FILMS
    load("me/old")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert len(load("me/old", revision="a" * 40).train) == 10
    told = fails("me/old", revision="v2")
    assert f"is of the commit {'a' * 40}, not known to be the revision 'v2'" in told
    assert "leave -d revision out" in told


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (
            (401, "RepoNotFound"),
            "the Hugging Face Hub has no dataset 'me/refused', or it is private",
        ),
        (
            (404, "RepoNotFound"),
            "the Hugging Face Hub has no dataset 'me/refused', or it is private",
        ),
        ((403, "GatedRepo"), "the dataset 'me/refused' is gated on the Hugging Face Hub; ask for"),
        ((503, ""), "is not on this machine, and the Hugging Face Hub answers 503"),
        ((429, ""), "is not on this machine, and the Hugging Face Hub answers 429"),
    ],
)
def test_what_the_hub_refuses(hub, fails, answer, sentence):
    hub.answers["me/refused"] = answer
    assert sentence in fails("me/refused")


def test_a_wrong_revision(hub, fails):
    hub.files["me/films"] = FILMS
    assert fails("me/films", revision="v9") == (
        "the dataset 'me/films' has no revision 'v9' on the Hugging Face Hub"
    )


def test_a_name_that_cannot_be_one(hub, fails):
    assert fails("my films!") == (
        "there is no file or folder 'my films!', and the Hugging Face Hub has no such names"
    )


def test_a_wrong_configuration_is_told_with_those_there_are(hub, load, fails, monkeypatch):
    hub.files["me/several"] = {**FILMS, "README.md": SEVERAL}
    assert fails("me/several") == (
        "me/several has several configurations: short, long; choose -d name=short"
    )
    assert fails("me/several", name="sort").endswith(
        "has no configuration 'sort'; did you mean 'short'?"
    )
    assert len(load("me/several", name="long").train) == 2
    assert len(load("me/several", name="short").train) == 10
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert len(load("me/several", name="long").train) == 2
    assert "several configurations" in fails("me/several")
    assert "no configuration 'x'; there are: long, short" in fails("me/several", name="x")


def test_files_of_a_repository_are_chosen(hub, load):
    hub.files["me/chosen"] = {**FILMS, "more.csv": FILMS["test.csv"]}
    assert len(load("me/chosen", files="train=more.csv").train) == 2


def test_a_script_is_not_run(hub, fails):
    hub.files["me/script"] = {**FILMS, "script.py": b"raise SystemExit"}
    assert fails("me/script") == (
        "the dataset 'me/script' is a script, which the library datasets no longer runs; try -d "
        "revision=refs/convert/parquet"
    )


def test_a_slow_hub_is_not_waited_for(hub, fails, monkeypatch):
    monkeypatch.setattr(asking, "SECONDS", 0.3)
    hub.slow.add("me/slow")
    started = time.monotonic()
    assert "the Hugging Face Hub cannot be reached" in fails("me/slow")
    assert time.monotonic() - started < 2


def test_a_local_folder_comes_before_the_hub(hub, load, tmp_path):
    (tmp_path / "me" / "films").mkdir(parents=True)
    (tmp_path / "me" / "films" / "train.csv").write_bytes(FILMS["test.csv"])
    hub.files["me/films"] = FILMS
    assert len(load("me/films").train) == 2
    assert hub.requests == []

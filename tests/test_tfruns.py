"""`tfruns.d/`, as R's package tfruns reads it: every file, for runs that ended in every way."""

import csv
import json
import math
import shutil
import subprocess
import tarfile
from datetime import datetime
from pathlib import Path

import pytest

import seqclf
from seqclf import job
from seqclf.errors import InterruptedRunError, RunError, SeqclfError
from seqclf.events import EpochEnded
from seqclf.runs import tfruns

pytestmark = pytest.mark.train

TINY = str(Path(__file__).with_name("tiny.py"))


def train(**settings):
    settings = {"epochs": 2, "seed": 1, "params": {"units": 4}, "plugins": [TINY], **settings}
    return seqclf.run(settings.pop("dataset", "tiny"), arch="gru", **settings).folder


@pytest.fixture(scope="module")
def runs(whole_run, tmp_path_factory):
    """Give a folder of runs: whole, stopped, failed, multi (out of patience), going (a copy)."""
    out = tmp_path_factory.mktemp("tfruns") / "runs"
    shutil.copytree(whole_run, out / "whole")

    def copy(event):
        if isinstance(event, EpochEnded) and event.epoch == 2:
            shutil.copytree(out / "multi", out / "going")

    def raising(error):
        def judge(*_):
            raise error

        return judge

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQCLF_LOAD_PLUGINS", "")
        hasty = {"epochs": 12, "patience": 1, "learning_rate": 0.5}
        train(dataset="tiny3", out=out, name="multi", listeners=[copy], **hasty)
        patch.setattr(job, "_judge", raising(KeyboardInterrupt()))
        with pytest.raises(InterruptedRunError):
            train(out=out, name="stopped", validation_split=0, learning_rate=0.01, optimizer="adam")
        patch.setattr(job, "_judge", raising(ValueError('broke: "é"\nin two lines')))
        with pytest.raises(ValueError):
            train(out=out, name="failed")
    return out


def strict_json(path):
    def refuse(constant):
        raise AssertionError(f"{constant} in {path}")

    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


def read(run, name):
    return strict_json(run / "tfruns.d" / f"{name}.json")


def properties(run):
    """Read the properties; every file must end its last line, or R's readLines warns."""
    found = {}
    for path in (run / "tfruns.d" / "properties").iterdir():
        text = path.read_text(encoding="utf-8")
        assert text.endswith("\n")
        found[path.name] = text[:-1]
    return found


def files(run):
    folder = run / "tfruns.d"
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


BEGUN = {
    *("flags.json", "source.tar.gz", "properties/type", "properties/context"),
    *("properties/script", "properties/command", "properties/epochs", "properties/batch_size"),
    *("properties/optimizer", "properties/start", "properties/status", "properties/completed"),
}
TRAINING = {
    *("metrics.json", "properties/model", "properties/loss_function", "properties/learning_rate"),
    "properties/samples",
}
VALIDATED = {"properties/validation_samples"}
ENDED = {"properties/end"}


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("going", VALIDATED),
        ("whole", VALIDATED | ENDED | {"evaluation.json"}),
        ("multi", VALIDATED | ENDED | {"evaluation.json"}),
        ("stopped", ENDED),
        ("failed", VALIDATED | ENDED | {"error.json"}),
    ],
)
def test_a_run_has_the_files_of_how_it_ended(runs, name, more):
    assert files(runs / name) == BEGUN | TRAINING | more


@pytest.mark.parametrize(
    ("name", "status", "completed"),
    [
        ("going", "running", "FALSE"),
        ("whole", "complete", "TRUE"),
        ("multi", "complete", "TRUE"),
        ("stopped", "interrupted", "FALSE"),
        ("failed", "failed", "FALSE"),
    ],
)
def test_properties_say_how_a_run_ended(runs, name, status, completed):
    found = properties(runs / name)
    assert (found["status"], found["completed"]) == (status, completed)
    assert (found["type"], found["context"], found["script"]) == (
        "training",
        "local",
        "config.toml",
    )
    state = json.loads((runs / name / "run.json").read_text())
    assert float(found["start"]) == datetime.fromisoformat(state["started"]).timestamp()
    if "ended" in state:
        assert float(found["end"]) == datetime.fromisoformat(state["ended"]).timestamp()
    elif name == "failed":
        assert float(found["end"]) > float(found["start"])
    else:
        assert "end" not in found


def test_properties_describe_the_training(runs):
    found = properties(runs / "stopped")
    chosen = ("epochs", "batch_size", "optimizer", "learning_rate", "loss_function")
    assert [found[name] for name in chosen] == ["2", "16", "adam", "0.01", "binary_crossentropy"]
    found = properties(runs / "whole")
    assert [found[name] for name in chosen[:4]] == ["1", "16", "rmsprop", "0.001"]
    assert (found["samples"], found["validation_samples"]) == ("160", "40")
    assert properties(runs / "stopped")["samples"] == "200"
    found = properties(runs / "multi")
    assert found["loss_function"] == "sparse_categorical_crossentropy"
    assert found["command"] == "seqclf run --config runs/multi/config.toml"
    assert found["model"].startswith("Model: ")
    assert "GRU" in found["model"]
    assert "Total params" in found["model"]


def test_flags_are_single_values_and_none_is_left_out(runs):
    found = read(runs / "stopped", "flags")
    assert all(isinstance(value, str | int | float | bool) for value in found.values())
    expected = {"dataset": "tiny", "arch": "gru", "seed": 1, "learning_rate": 0.01, "epochs": 2}
    assert {name: found[name] for name in expected} == expected
    assert found["params.units"] == 4
    assert found["params.mask_zero"] is False
    assert found["dataset_options.count"] == 200
    assert found["plugins"] == "plugins/tiny.py"
    assert "patience" not in found
    assert "learning_rate" not in read(runs / "whole", "flags")


@pytest.mark.parametrize("name", ["whole", "multi", "stopped", "failed"])
def test_metrics_are_the_history_padded_to_the_planned_epochs(runs, name):
    found = read(runs / name, "metrics")
    with (runs / name / "history.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    planned = int(properties(runs / name)["epochs"])
    assert {len(values) for values in found.values()} == {planned}
    kept = {
        (epoch, metric): value
        for metric, values in found.items()
        for epoch, value in enumerate(values, 1)
        if value is not None
    }
    prefixes = {"training": "", "validation": "val_"}
    assert kept == {
        (int(row["epoch"]), prefixes[row["data"]] + row["metric"]): float(row["value"])
        for row in rows
    }


def test_a_run_that_is_going_on_has_the_metrics_of_its_first_epoch(runs):
    first = {name: values[0] for name, values in read(runs / "multi", "metrics").items()}
    assert read(runs / "going", "metrics") == {
        name: [value, *[None] * 11] for name, value in first.items()
    }


def test_metrics_that_cannot_be_written_while_training_do_not_stop_it(monkeypatch):
    real, refused = tfruns.write_json, []

    def refuse(path, value):
        if path.name == "metrics.json" and not refused:
            refused.append(path)
            raise RunError(f"{path} cannot be written: the disk is full")
        real(path, value)

    monkeypatch.setattr(tfruns, "write_json", refuse)
    run = train(name="short", epochs=1)
    assert refused
    assert properties(run)["completed"] == "TRUE"
    assert len(read(run, "metrics")["loss"]) == 1


def test_an_early_stop_leaves_epochs_without_values(runs):
    values = read(runs / "multi", "metrics")["loss"]
    reached = sum(value is not None for value in values)
    assert 0 < reached < 12
    assert values[reached:] == [None] * (12 - reached)


def test_without_validation_data_there_are_no_validation_metrics(runs):
    assert list(read(runs / "stopped", "metrics")) == ["loss", "accuracy"]
    assert set(read(runs / "whole", "metrics")) == {
        *("loss", "accuracy", "val_loss", "val_accuracy")
    }


def test_evaluation_is_the_test_split(runs):
    report = json.loads((runs / "multi" / "metrics.json").read_text())["test"]
    assert read(runs / "multi", "evaluation") == {
        "accuracy": report["accuracy"],
        "loss": report["loss"],
    }


def test_an_unexpected_error_is_told_with_its_calls_the_innermost_first(runs):
    error = read(runs / "failed", "error")
    assert error["message"] == 'ValueError: broke: "é"\nin two lines'
    assert "in judge" in error["traceback"][0]
    assert "_train_and_save" in error["traceback"][-1]


def test_an_error_made_for_people_is_told_without_calls(monkeypatch):
    def judge(*_):
        raise SeqclfError("the test split is gone", hint="bring it back")

    monkeypatch.setattr(job, "_judge", judge)
    with pytest.raises(SeqclfError):
        train(name="gone")
    error = read(Path("runs/gone"), "error")
    assert error == {"message": "the test split is gone; bring it back", "traceback": []}


@pytest.mark.parametrize("name", ["evaluation.json", "properties/end", "properties/completed"])
def test_a_file_that_cannot_be_written_fails_the_run_as_any_other(monkeypatch, name):
    place = Path("runs/full/tfruns.d") / name
    real = tfruns.write_text, tfruns.write_json

    def refusing(write):
        def refuse(path, value):
            if path == place and (name != "properties/completed" or value == "TRUE\n"):
                raise RunError(f"{path} cannot be written: the disk is full")
            write(path, value)

        return refuse

    monkeypatch.setattr(tfruns, "write_text", refusing(real[0]))
    monkeypatch.setattr(tfruns, "write_json", refusing(real[1]))
    with pytest.raises(RunError, match="the disk is full"):
        train(name="full", epochs=1)
    assert json.loads(Path("runs/full/run.json").read_text())["status"] == "failed"
    found = properties(Path("runs/full"))
    assert found["completed"] == "FALSE"
    assert "the disk is full" in read(Path("runs/full"), "error")["message"]


def test_a_summary_that_fails_does_not_fail_the_run(monkeypatch):
    import keras

    def fail(*_, **__):
        raise TypeError("no summary")

    monkeypatch.setattr(keras.Model, "summary", fail)
    run = train(name="plain", epochs=1)
    found = properties(run)
    assert found["completed"] == "TRUE"
    assert "model" not in found


def test_what_is_no_number_is_null_or_left_out():
    run = train(name="wild", epochs=1, optimizer="sgd", learning_rate=1e38, validation_split=0)
    with (run / "history.csv").open(newline="") as file:
        losses = [float(row["value"]) for row in csv.DictReader(file) if row["metric"] == "loss"]
    report = json.loads((run / "metrics.json").read_text())["test"]
    assert not math.isfinite(losses[0]), "the run was to go wild"
    assert read(run, "metrics")["loss"] == [None]
    assert ("loss" in read(run, "evaluation")) == (report["loss"] is not None)


def test_the_source_is_the_settings_and_the_plugin_files(runs):
    with tarfile.open(runs / "whole" / "tfruns.d" / "source.tar.gz") as archive:
        names = archive.getnames()
        assert names == ["source/config.toml", "source/plugins/tiny.py"]
        for name in names:
            original = runs / "whole" / name.removeprefix("source/")
            assert archive.extractfile(name).read() == original.read_bytes()


def test_the_same_settings_give_the_same_files(runs):
    again = train(name="again", epochs=1)
    for name in ("source.tar.gz", "flags.json", "metrics.json", "evaluation.json"):
        first = runs / "whole" / "tfruns.d" / name
        assert (again / "tfruns.d" / name).read_bytes() == first.read_bytes()


def test_the_model_card_says_how_to_look_at_it_in_r(runs):
    assert 'tfruns::view_run("runs/' in (runs / "multi" / "README.md").read_text()


IN_R = """
options(warn = 2)  # a warning is an error
row <- function(run) {
  place <- function(...) file.path(run, "tfruns.d", ...)
  line <- sapply(list.files(place("properties")), simplify = FALSE, function(name)
    paste(readLines(place("properties", name)), collapse = "\\n"))
  for (name in c("start", "end", "learning_rate"))
    if (!is.null(line[[name]])) line[[name]] <- as.numeric(line[[name]])
  for (name in c("epochs", "batch_size"))
    line[[name]] <- as.integer(line[[name]])
  line$completed <- as.logical(line$completed)
  for (kind in c("eval", "flag")) {
    file <- place(c(eval = "evaluation.json", flag = "flags.json")[[kind]])
    if (!file.exists(file)) next
    values <- jsonlite::read_json(file)
    line[paste0(kind, "_", names(values))] <- values
  }
  if (file.exists(place("metrics.json"))) {
    metrics <- as.data.frame(jsonlite::read_json(place("metrics.json"), simplifyVector = TRUE))
    line$rows <- nrow(metrics)
    line$epochs_completed <- sum(!is.na(metrics$loss))
    line$metric_loss <- tail(na.omit(metrics$loss), 1)
  }
  if (file.exists(place("error.json"))) {
    error <- jsonlite::read_json(place("error.json"), simplifyVector = TRUE)
    line$error_message <- error$message
    line$error_traceback <- paste(error$traceback, collapse = "\\n")
  }
  unpacked <- tempfile()
  utils::untar(place("source.tar.gz"), exdir = unpacked)
  line$first <- readLines(file.path(unpacked, "source", line$script))[[1]]
  as.data.frame(line, stringsAsFactors = FALSE)
}
found <- lapply(file.path("runs", list.files("runs")), row)
stopifnot(vapply(found, nrow, 1L) == 1L)
columns <- unique(unlist(lapply(found, colnames)))
table <- do.call(rbind, lapply(found, function(one) {
  one[setdiff(columns, colnames(one))] <- NA
  one[columns]
}))
cat(jsonlite::toJSON(list(
  classes = as.list(vapply(table, class, "")),
  rows = setNames(split(table, seq_len(nrow(table))), list.files("runs"))
), auto_unbox = TRUE, digits = NA, na = "null"))
"""


def r_with_jsonlite():
    if shutil.which("Rscript") is None:
        return "R is not installed"
    probe = ["Rscript", "-e", "library(jsonlite)"]
    if subprocess.run(probe, capture_output=True, check=False).returncode:
        return "R has no package jsonlite"
    return ""


def test_r_makes_one_table_of_runs_that_ended_in_every_way(runs, monkeypatch):
    missing = r_with_jsonlite()
    if missing:
        pytest.skip(missing)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    answer = subprocess.run(
        ["Rscript", "-e", IN_R], cwd=runs.parent, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    classes = found["classes"]
    assert {classes[name] for name in ("start", "end", "learning_rate")} == {"numeric"}
    assert {classes[name] for name in ("epochs", "batch_size", "epochs_completed")} == {"integer"}
    assert {classes[name] for name in ("completed", "flag_params.mask_zero")} == {"logical"}
    assert {classes[f"flag_{name}"] for name in ("epochs", "params.units", "seed")} == {"integer"}
    assert {classes[name] for name in ("eval_accuracy", "eval_loss", "metric_loss")} == {"numeric"}
    rows = {name: row for name, (row,) in found["rows"].items()}
    assert set(rows) == {"failed", "going", "multi", "stopped", "whole"}
    assert [name for name in sorted(rows) if rows[name]["completed"]] == ["multi", "whole"]
    assert [name for name in sorted(rows) if rows[name].get("end") is None] == ["going"]
    assert rows["failed"]["error_message"] == 'ValueError: broke: "é"\nin two lines'
    assert rows["whole"]["eval_accuracy"] == read(runs / "whole", "evaluation")["accuracy"]
    assert rows["multi"]["rows"] == 12 > rows["multi"]["epochs_completed"]
    assert rows["stopped"]["flag_learning_rate"] == 0.01
    assert rows["whole"].get("flag_learning_rate") is None
    assert rows["whole"]["first"] == 'dataset = "tiny"'

"""`seqclf predict --file` and `-o`: a table in, the same table with predictions out."""

import csv
import dataclasses
import gzip
import json
import os
import resource
import subprocess
import sys
import tracemalloc
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import seqclf as package
from seqclf.contracts import Encoder, History, RunConfig
from seqclf.datasets.files.tables import open_table
from seqclf.encoding.ids import IdsEncoder
from seqclf.encoding.series import SeriesEncoder
from seqclf.encoding.words import WordEncoder
from seqclf.errors import DataError, InterruptedRunError, RunError, UsageError
from seqclf.runs.run import Run
from seqclf.scoring.layout import Layout
from seqclf.scoring.score import ROWS, score
from seqclf.scoring.source import Source, lines_source, open_source

WORDS = WordEncoder(["apple", "bread", "über"], num_words=10)

TICKETS = 'id,text,topic\n1,"apple\nbread",a\n2,,b\n3,"say ""hi"", über",c\n'


class Model:
    """Gives probabilities that follow from the ids: what a trained network would be."""

    def __init__(self, classes: int) -> None:
        self.output_shape = (None, 1 if classes == 2 else classes)
        self.batches = 0

    def predict_on_batch(self, rows: np.ndarray) -> np.ndarray:
        self.batches += 1
        sums = rows.reshape(len(rows), -1).astype(np.float64).sum(axis=1)
        steps = np.arange(1, self.output_shape[1] + 1)
        return (0.5 + 0.45 * np.sin(sums[:, None] * steps)).astype(np.float32)


def made(
    labels: tuple[str, ...] = ("no", "yes"),
    kind: str = "binary",
    encoder: Encoder | None = WORDS,
    dataset: str = "file",
    model: Model | None = None,
    **options: object,
) -> Run:
    return Run(
        Path("runs/made"),
        state={},
        config=RunConfig(dataset, maxlen=8, dataset_options=options),
        labels=labels,
        kind=kind,
        history=History({}),
        report=None,
        encoder=encoder,
        load_model=lambda: model or Model(len(labels)),
        kernel="keras",
    )


MANY = {"labels": ("apple", "bread", "candy"), "kind": "multilabel"}


@pytest.fixture
def predict(seqclf, monkeypatch):
    """Run `seqclf predict made ...` with a made run: predict("--file", "x.csv", run=...)."""

    def run(*arguments, run=None):
        opened = run or made()
        monkeypatch.setattr("seqclf.cli.predict.open_named_run", lambda *_: (opened, None))
        return seqclf("predict", "made", *arguments)

    return run


def write(name: str, content: str | bytes) -> Path:
    path = Path(name)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def rows_of(path: str, **layout) -> list[dict]:
    return [row for _, row in open_table(Path(path), **layout).rows()]


def left() -> list[str]:
    """Name the files that are there, hidden ones too."""
    return sorted(path.name for path in Path().iterdir() if path.is_file())


class TestWhatIsWritten:
    def test_quotes_that_swallow_rows_are_noted_once(self, predict):
        write("in.tsv", 'text\tid\n"apple\t1\nbread\t2\n"\t3\n')
        status, _, err = predict("--file", "in.tsv", "-o", "out.tsv")
        assert status == 0
        assert err.count("in.tsv line 2: a quoted text runs over 3 lines and holds tabs") == 1

    def test_the_columns_of_training_in_the_first_line_make_it_the_header(self, predict):
        write("in.csv", "v1,v2,,\napple,bread,,\nüber,apple,,\n")
        run = made(text_column=["v2"], label_column="v1")
        assert predict("--file", "in.csv", "-o", "out.csv", run=run)[0] == 0
        found = rows_of("out.csv", header=True)
        assert [(row["v1"], row["v2"]) for row in found] == [("apple", "bread"), ("über", "apple")]
        write("in.csv", "v1,v3,,\napple,bread,,\nüber,apple,,\n")
        status, _, err = predict("--file", "in.csv", "-o", "out.csv", run=run)
        assert status == 2
        assert "its first line is taken for a row (--header if it names the columns)" in err

    def test_all_columns_are_kept_in_order_and_two_are_added(self, predict):
        write("in.csv", TICKETS)
        status, out, err = predict("--file", "in.csv", "-o", "out.csv")
        assert (status, out) == (0, "")
        assert "texts from column 'text' (guessed" in err
        assert "3 rows in " in err
        assert err.rstrip().endswith(": out.csv")
        found = rows_of("out.csv")
        assert list(found[0]) == ["id", "text", "topic", "prediction", "probability"]
        kept = [{name: row[name] for name in ("id", "text", "topic")} for row in found]
        assert kept == rows_of("in.csv")
        for row, wanted in zip(found, made().predict([row["text"] for row in kept]), strict=True):
            assert row["prediction"] == wanted.label
            assert float(row["probability"]) == wanted.probabilities[wanted.label]

    @pytest.mark.parametrize("name", ["a.tsv", "a.csv.gz", "a.jsonl", "a.ndjson.gz", "a.PARQUET"])
    def test_every_kind_says_the_same(self, predict, name):
        write("in.csv", TICKETS)
        assert predict("--file", "in.csv", "-o", "a.csv")[0] == 0
        assert predict("--file", "in.csv", "-o", name)[0] == 0
        wanted = [{**row, "probability": float(row["probability"])} for row in rows_of("a.csv")]
        found = [{**row, "probability": float(row["probability"])} for row in rows_of(name)]
        assert found == wanted
        assert (Path(name).read_bytes()[:2] == b"\x1f\x8b") == name.endswith(".gz")

    def test_the_next_most_probable_classes(self, predict):
        write("in.jsonl", '{"text": "apple"}\n{"text": "bread"}\n')
        run = made(("a", "b", "c"), "multiclass")
        assert predict("--file", "in.jsonl", "-o", "o.jsonl", "--top-k", "9", run=run)[0] == 0
        for row in rows_of("o.jsonl"):
            names = ["prediction", "prediction_2", "prediction_3"]
            assert list(row)[1::2] == names
            assert sorted(row[name] for name in names) == ["a", "b", "c"]
            shares = [row[name.replace("prediction", "probability")] for name in names]
            assert shares == sorted(shares, reverse=True)

    def test_several_labels_are_joined_or_a_list(self, predict):
        write("in.csv", TICKETS)
        run = made(**MANY, separator="|")
        for name in ("o.csv", "o.jsonl", "o.parquet"):
            assert predict("--file", "in.csv", "-o", name, "--threshold", "0.1", run=run)[0] == 0
        rows, lists, typed = (rows_of(name) for name in ("o.csv", "o.jsonl", "o.parquet"))
        assert list(rows[0])[3:] == ["prediction", *(f"probability_{n}" for n in MANY["labels"])]
        for row, listed in zip(rows, lists, strict=True):
            assert row["prediction"] == "|".join(listed["prediction"])
            chosen = [n for n in MANY["labels"] if listed[f"probability_{n}"] > 0.1]
            assert listed["prediction"] == chosen
        assert typed == lists

    def test_several_labels_have_a_column_each_and_no_top(self, predict):
        write("in.csv", TICKETS)
        status, _, err = predict(
            "--file", "in.csv", "-o", "o.csv", "--top-k", "2", run=made(**MANY)
        )
        assert status == 2
        assert "--top-k is not for files with several labels a text" in err
        assert left() == ["in.csv"]

    @pytest.mark.parametrize("labels", [("no", "yes"), ("a", "b", "c")])
    @pytest.mark.parametrize("name", ["o.csv", "o.jsonl", "o.parquet"])
    def test_the_probability_of_each_class(self, predict, name, labels):
        write("in.csv", TICKETS)
        run = made(labels, "binary" if len(labels) == 2 else "multiclass")
        arguments = ["--file", "in.csv", "-o", name, "--probabilities", "--top-k", "2"]
        assert predict(*arguments, "--prefix", "p_", run=run)[0] == 0
        names = [f"p_probability_{label}" for label in labels]
        ranked = ["p_prediction", "p_probability", "p_prediction_2", "p_probability_2"]
        for row in rows_of(name):
            assert list(row)[3:] == [*ranked, *names]
            shares = [float(row[name]) for name in names]
            assert sum(shares) == pytest.approx(
                sum(run.predict([row["text"]])[0].probabilities.values())
            )
            assert float(row["p_probability"]) == float(row[f"p_probability_{row['p_prediction']}"])

    def test_a_class_called_like_a_rank(self, predict):
        write("in.csv", TICKETS)
        run = made(("1", "2", "3"), "multiclass")
        arguments = ["--file", "in.csv", "-o", "o.csv", "--probabilities"]
        assert predict(*arguments, run=run)[0] == 0
        status, _, err = predict(*arguments, "--top-k", "2", run=run)
        assert status == 2
        assert "--top-k and --probabilities both make a column 'probability_2'" in err

    def test_a_separator_within_a_label_needs_a_list(self, predict):
        write("in.csv", TICKETS)
        run = made(("a,b", "c", "d"), "multilabel")
        status, _, err = predict("--file", "in.csv", "-o", "o.csv", run=run)
        assert status == 2
        assert "the label 'a,b' has a ',' in it" in err
        assert predict("--file", "in.csv", "-o", "o.jsonl", run=run)[0] == 0

    def test_a_threshold_chooses_and_its_probability_is_told(self, predict):
        write("in.csv", TICKETS)
        predict("--file", "in.csv", "-o", "o.csv", "--threshold", "0")
        assert {row["prediction"] for row in rows_of("o.csv")} == {"yes"}

    def test_a_column_of_the_same_name_is_told_and_a_prefix_helps(self, predict):
        write("in.csv", "text,prediction\napple,old\n")
        status, _, err = predict("--file", "in.csv", "-o", "o.csv", "--text-column", "text")
        assert status == 2
        assert "in.csv has a column 'prediction' already" in err
        assert "--prefix new_" in err
        assert left() == ["in.csv"]
        arguments = ["--text-column", "text", "--prefix", "new_"]
        assert predict("--file", "in.csv", "-o", "o.csv", *arguments)[0] == 0
        added = ["new_prediction", "new_probability"]
        assert list(rows_of("o.csv")[0]) == ["text", "prediction", *added]

    def test_a_key_that_comes_late_is_kept(self, predict):
        lines = ['{"text": "apple"}'] * 1500 + ['{"text": "bread", "late": {"a": [1, null]}}']
        write("in.jsonl", "\n".join(lines))
        for name in ("o.csv", "o.jsonl", "o.parquet"):
            assert predict("--file", "in.jsonl", "-o", name)[0] == 0
        assert rows_of("o.csv")[1500]["late"] == '{"a": [1, null]}'
        assert rows_of("o.csv")[0]["late"] == ""
        assert rows_of("o.jsonl")[1500]["late"] == {"a": [1, None]}
        write("in.jsonl", "\n".join([*lines, '{"text": "", "probability": 1}']))
        status, _, err = predict("--file", "in.jsonl", "-o", "o.csv")
        assert status == 2
        assert "has a column 'probability' already" in err

    def test_parquet_keeps_its_types(self, predict):
        import datetime
        import decimal

        import pyarrow as pa
        import pyarrow.parquet as pq

        table = pa.table(
            {
                "text": ["apple", None],
                "when": pa.array([datetime.date(2020, 1, 2), None]),
                "price": pa.array([decimal.Decimal("1.50"), None]),
                "small": pa.array([1, None], pa.int8()),
                "raw": [b"\xff", b""],
            }
        )
        pq.write_table(table, "in.parquet")
        status, _, err = predict("--file", "in.parquet", "-o", "o.parquet")
        assert status == 0
        assert "in.parquet: 1 row has no text and counts as an empty one" in err
        found = pq.read_table("o.parquet")
        assert found.select(table.column_names).equals(table)
        assert pa.types.is_float64(found.schema.field("probability").type)
        status, _, err = predict("--file", "in.parquet", "-o", "o.csv")
        assert status == 1
        assert "in.parquet row 1: column 'raw' holds bytes, which only Parquet can" in err

    def test_no_rows_are_no_error(self, predict):
        write("in.csv", "text,id\n")
        for name in ("o.csv", "o.jsonl", "o.parquet"):
            assert predict("--file", "in.csv", "-o", name)[0] == 0
        assert Path("o.csv").read_text() == "text,id,prediction,probability\n"
        assert Path("o.jsonl").read_text() == ""
        assert rows_of("o.parquet") == []

    def test_a_file_that_is_there_is_replaced_and_that_is_said(self, predict):
        write("in.csv", TICKETS)
        write("o.csv", "old")
        _, _, err = predict("--file", "in.csv", "-o", "o.csv")
        assert "o.csv, which was there and is replaced" in err
        assert len(rows_of("o.csv")) == 3

    def test_a_link_stays_a_link(self, predict):
        write("in.csv", TICKETS)
        Path("there").mkdir()
        Path("o.csv").symlink_to("there/o.csv")
        assert predict("--file", "in.csv", "-o", "o.csv")[0] == 0
        assert Path("o.csv").is_symlink()
        assert len(rows_of("there/o.csv")) == 3

    def test_equal_results_are_equal_files(self, predict):
        write("in.csv", TICKETS)
        for name in ("a.jsonl.gz", "b.jsonl.gz"):
            predict("--file", "in.csv", "-o", name)
        assert Path("a.jsonl.gz").read_bytes() == Path("b.jsonl.gz").read_bytes()

    def test_json_says_what_was_done(self, predict):
        write("in.csv", TICKETS)
        status, out, _ = predict("--file", "in.csv", "-o", "o.csv", "--json")
        said = json.loads(out)
        assert status == 0
        assert (said["run"], said["file"], said["rows"]) == ("made", "o.csv", 3)

    def test_texts_and_standard_input_go_to_a_file_too(self, predict, monkeypatch):
        import io

        assert predict("apple", "", "-o", "a.csv")[0] == 0
        assert [row["text"] for row in rows_of("a.csv")] == ["apple", ""]
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("a,b\n\nü".encode())))
        assert predict("--file", "-", "-o", "b.parquet")[0] == 0
        assert [row["text"] for row in rows_of("b.parquet")] == ["a,b", "", "ü"]


class TestOnStandardOutput:
    def test_rows_are_part_of_json(self, predict):
        write("in.csv", TICKETS)
        _, out, _ = predict("--file", "in.csv", "--jsonl")
        found = [json.loads(line) for line in out.splitlines()]
        assert [item["row"] for item in found] == rows_of("in.csv")
        assert [item["text"] for item in found] == ["apple\nbread", "", 'say "hi", über']
        _, out, _ = predict("--file", "in.csv", "--json")
        assert json.loads(out)["predictions"] == found

    def test_a_row_a_line(self, predict):
        write("in.csv", TICKETS)
        _, out, _ = predict("--file", "in.csv")
        assert out.splitlines()[0].split("\t")[2] == r"apple\nbread"

    def test_half_a_character_is_escaped(self, predict):
        write("in.jsonl", r'{"text": "ab\ud800"}')
        status, out, _ = predict("--file", "in.jsonl", "--jsonl")
        assert (status, json.loads(out)["text"]) == (0, "ab\ud800")


class TestReading:
    def test_lines_stay_lines(self, predict):
        write("in.txt", "apple, and bread\n\nlast; one")
        _, out, _ = predict("--file", "in.txt", "--jsonl")
        texts = [json.loads(line)["text"] for line in out.splitlines()]
        assert texts == ["apple, and bread", "", "last; one"]
        _, _, err = predict("--file", "in.txt", "-o", "o.csv")
        assert "in.txt: each line is one text (--text-column reads columns)" in err
        assert [row["text"] for row in rows_of("o.csv")] == texts

    def test_lines_may_be_packed_and_of_another_encoding(self, predict):
        write("in.txt.gz", gzip.compress("größer\n".encode("latin-1")))
        _, out, _ = predict(
            "--file", "in.txt.gz", "--encoding", "latin-1", "--jsonl", "-o", "x.csv"
        )
        assert out == ""
        status, out, _ = predict("--file", "in.txt.gz", "--jsonl")
        assert (status, out) == (1, "")

    def test_a_column_option_makes_it_a_table(self, predict):
        write("data.txt", "7\tapple\n8\tbread\n")
        arguments = ["--delimiter", "tab", "--no-header", "--text-column", "2"]
        assert predict("--file", "data.txt", "-o", "o.csv", *arguments)[0] == 0
        assert [row["2"] for row in rows_of("o.csv", header=True)] == ["apple", "bread"]

    def test_fasttext_lines_and_folders(self, predict):
        write("in.txt", "__label__a apple\nbread\n")
        assert predict("--file", "in.txt", "-o", "o.jsonl")[0] == 0
        rows = rows_of("o.jsonl")
        assert [(row["text"], row["labels"]) for row in rows] == [("apple", ["a"]), ("bread", [])]
        Path("mails/spam").mkdir(parents=True)
        write("mails/spam/1.txt", "apple")
        assert predict("--file", "mails", "-o", "o.csv")[0] == 0
        assert rows_of("o.csv")[0]["file"] == "spam/1.txt"

    def test_the_columns_of_training_are_taken(self, predict):
        write("in.csv", "text,subject,body\nx,apple,bread\n")
        run = made(text_column=("subject", "body"))
        status, out, err = predict("--file", "in.csv", "--jsonl", run=run)
        assert (status, err, json.loads(out)["text"]) == (0, "", "apple bread")
        _, out, _ = predict("--file", "in.csv", "--jsonl", "--text-column", "text", run=run)
        assert json.loads(out)["text"] == "x"

    def test_what_is_missing_of_them_is_guessed_or_told(self, predict):
        write("in.csv", "id,message\n1,apple\n")
        _, out, err = predict("--file", "in.csv", "--jsonl", run=made(text_column=("body",)))
        assert "texts from column 'message' (guessed" in err
        assert json.loads(out)["text"] == "apple"
        status, _, err = predict("--file", "in.csv", run=made(text_column=("id", "body")))
        assert status == 2
        assert "in.csv has no column 'body', which the run was trained on" in err

    def test_the_layout_said_in_training_is_that_of_files_called_alike(self, predict):
        write("new.tsv", 'apple "x\t1\n')
        layout = {"path": "/data/old.tsv.gz", "quote": None, "header": "no", "text_column": ["1"]}
        status, out, err = predict("--file", "new.tsv", "--jsonl", run=made(**layout))
        assert (status, json.loads(out)["text"]) == (0, 'apple "x')
        assert "new.tsv: read as the run's training file was: quote none" in err
        write("new.csv", "a,text\n1,apple\n")
        _, _, err = predict("--file", "new.csv", run=made(path="/data/old.tsv", header="no"))
        assert "training file" not in err

    def test_ids(self, predict):
        write("in.csv", "a,b,c,topic\n1,2,,x\n3,,,y\n")
        run = made(encoder=IdsEncoder(num_words=10), ids=True)
        _, out, err = predict("--file", "in.csv", "--jsonl", run=run)
        assert [json.loads(line)["text"] for line in out.splitlines()] == ["1 2", "3"]
        assert "ids from columns 'a', 'b', 'c'" in err
        write("in.csv", "a,b\n1,2\n3,99\n")
        status, _, err = predict("--file", "in.csv", "-o", "o.csv", run=run)
        assert status == 1
        assert "in.csv line 3: the text '3 99' has the token id 99" in err
        assert left() == ["in.csv"]

    def test_series_wide_and_long(self, predict):
        wide = made(encoder=SeriesEncoder([0, 0], [1, 1], num_words=10), series="wide", features=2)
        write("in.csv", "a,b,c,d\n1,2,3,4\n")
        _, out, _ = predict("--file", "in.csv", "--jsonl", run=wide)
        assert json.loads(out)["text"] == "1 2;3 4;"
        long = made(
            encoder=SeriesEncoder([0, 0], [1, 1], num_words=10),
            series="long",
            series_column="who",
            text_column=["x", "y"],
        )
        write("in.csv", "who,x,y\nann,1,2\nann,3,4\nbob,5,6\n")
        assert predict("--file", "in.csv", "-o", "o.csv", run=long)[0] == 0
        rows = rows_of("o.csv")
        assert [list(row) for row in rows] == [["who", "prediction", "probability"]] * 2
        assert [row["who"] for row in rows] == ["ann", "bob"]


TABLE = {
    "path": "/data/old.csv",
    "text_column": ["text"],
    "label_column": "topic",
    "header": "yes",
}
NUMBERED = {**TABLE, "text_column": ["1"], "label_column": "2", "header": "no"}


def texts_in(out: str) -> list[str]:
    return [json.loads(line)["text"] for line in out.splitlines()]


class TestAsInTraining:
    """A file is a table for the run if one like it was a table in training."""

    @pytest.mark.parametrize("name", ["t.dat", "wrong.gz", "noname", "t.txt", "t.TXT.gz"])
    def test_a_table_by_any_name(self, predict, name):
        data = b"id\ttext\ttopic\n1\tapple, bread\ta\n2\tbread\tb\n"
        write(name, gzip.compress(data) if name.endswith(".gz") else data)
        status, out, err = predict("--file", name, "--jsonl", run=made(**TABLE))
        assert (status, texts_in(out)) == (0, ["apple, bread", "bread"])
        assert f"{name} is read as a table: split at tabs (guessed)" in err

    def test_without_the_columns_it_is_an_error_but_lines_for_txt(self, predict):
        for name in ("t.dat", "t.csv", "t.txt"):
            write(name, "It broke, twice\nThank you, all\n")
            status, out, err = predict("--file", name, "--jsonl", run=made(**TABLE))
            if name == "t.txt":
                assert texts_in(out) == ["It broke, twice", "Thank you, all"]
                assert "t.txt: each line is one text (--text-column reads columns)" in err
            else:
                assert (status, out) == (2, "")
                assert f"{name} has no column 'text', which the run was trained on" in err

    def test_numbered_columns_of_a_txt_must_all_be_there(self, predict):
        run = made(**{**NUMBERED, "path": "/data/old.txt"})
        write("one.txt", "It broke\nThank you\n")
        _, out, err = predict("--file", "one.txt", "--jsonl", run=run)
        assert texts_in(out) == ["It broke", "Thank you"]
        assert "each line is one text" in err
        write("two.txt", "It broke\ta\nThank you\tb\n")
        _, out, err = predict("--file", "two.txt", "--jsonl", run=run)
        assert texts_in(out) == ["It broke", "Thank you"]
        assert "each line" not in err

    def test_a_txt_that_cannot_be_split_is_lines(self, predict):
        write("t.txt", '"Never closed\nsaid she\n')
        _, out, _ = predict("--file", "t.txt", "--jsonl", run=made(**TABLE))
        assert texts_in(out) == ['"Never closed', "said she"]

    @pytest.mark.parametrize("kind", ["folder", "fasttext"])
    def test_folders_and_fasttext_find_what_there_is(self, predict, kind):
        label = {"folder": "label", "fasttext": "labels"}[kind]
        if kind == "folder":
            Path("old/a").mkdir(parents=True)
            Path("old/a/1.txt").write_text("apple")
        else:
            Path("old").write_text("__label__a apple\n")
        options = {"path": str(Path("old").absolute()), "text_column": ["text"], "header": "yes"}
        run = made(**options, label_column=label)
        write("t.txt", "It broke, twice\n")
        assert texts_in(predict("--file", "t.txt", "--jsonl", run=run)[1]) == ["It broke, twice"]
        write("t.txt", "__label__a apple\n")
        assert texts_in(predict("--file", "t.txt", "--jsonl", run=run)[1]) == ["apple"]
        write("t.csv", "message,id\napple,1\n")
        assert texts_in(predict("--file", "t.csv", "--jsonl", run=run)[1]) == ["apple"]

    def test_a_header_that_was_none_in_training_is_told(self, predict):
        write("in.csv", "text,topic\napple,a\n")
        _, out, err = predict("--file", "in.csv", "--jsonl", run=made(**NUMBERED))
        assert texts_in(out) == ["text", "apple"]
        assert "in.csv: its first line looks like a header, but is taken for a row" in err
        assert "--header" in err
        _, out, err = predict("--file", "in.csv", "--jsonl", "--header", run=made(**NUMBERED))
        assert texts_in(out) == ["apple"]
        assert "column 'text', by its number in training" in err

    def test_a_header_that_is_not_there_is_told(self, predict):
        write("in.csv", "It broke,a\nThank you,b\n")
        status, out, err = predict("--file", "in.csv", "--jsonl", run=made(**TABLE))
        assert (status, out) == (2, "")
        assert "in.csv has no column 'text'" in err
        assert "--no-header" in err
        arguments = ["--file", "in.csv", "--jsonl", "--no-header", "--text-column", "1"]
        assert texts_in(predict(*arguments, run=made(**TABLE))[1]) == ["It broke", "Thank you"]
        write("in.csv", "It broke\nThank you\n")
        _, out, _ = predict("--file", "in.csv", "--jsonl", "--no-header", run=made(**TABLE))
        assert texts_in(out) == ["It broke", "Thank you"]

    def test_nothing_is_said_of_files_that_cannot_be_read(self, predict):
        run = made(**{**TABLE, "quote": None, "delimiter": ";"})
        write("empty.csv", "")
        for name in ("no.csv", "no.dat", "empty.csv"):
            status, _, err = predict("--file", name, "--jsonl", run=run)
            assert status == 1
            assert "training" not in err
        write("in.csv", "text;topic\napple;a\n")
        _, _, err = predict("--file", "in.csv", "--jsonl", run=run)
        assert "in.csv: read as the run's training file was: delimiter ;, quote none" in err
        assert "header" not in err


class TestStandardInput:
    @pytest.fixture
    def given(self, monkeypatch):
        import io

        def give(data: bytes) -> None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

        return give

    def test_lines_and_a_note_after_a_table(self, predict, given):
        for arguments in (["--file", "-"], []):
            given(b"text,topic\napple,a\n")
            _, out, err = predict(*arguments, "--jsonl", run=made(**TABLE))
            assert texts_in(out) == ["text,topic", "apple,a"]
            assert "standard input: each line is one text (--text-column reads columns)" in err
        given(b"apple\n")
        assert predict("--file", "-", "--jsonl", run=made(dataset="imdb"))[2] == ""

    @pytest.mark.parametrize(
        ("data", "arguments"),
        [
            (b"id;text\n1;apple\n", ["--text-column", "text"]),
            (b"id;text\n1;apple\n", ["--delimiter", ";"]),
            (b"id,text\n1,apple\n", ["--header"]),
            (gzip.compress(b"id,text\n1,apple\n", mtime=0), ["--header"]),
            (b'{"id": "1", "text": "apple"}\n', ["--text-column", "text"]),
        ],
    )
    def test_an_option_makes_it_a_table(self, predict, given, data, arguments, monkeypatch):
        Path("spool").mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(Path("spool").absolute()))
        given(data)
        status, _, err = predict("--file", "-", "-o", "o.csv", *arguments, run=made(**TABLE))
        assert (status, list(Path("spool").iterdir())) == (0, [])
        assert [(row["id"], row["text"]) for row in rows_of("o.csv")] == [("1", "apple")]
        assert "seqclf-" not in err

    def test_errors_name_it(self, predict, given):
        for data, wanted in (
            (b"text,id\napple\n", "standard input line 2 has 1 field"),
            (b"", "standard input is empty"),
        ):
            given(data)
            status, _, err = predict("--file", "-", "--delimiter", ",", run=made(**TABLE))
            assert status == 1
            assert wanted in err

    def test_a_pipe_is_like_it(self, predict):
        import threading

        os.mkfifo("pipe.csv")
        feeding = threading.Thread(target=Path("pipe.csv").write_text, args=["id,text\n1,apple\n"])
        feeding.start()
        _, out, _ = predict("--file", "pipe.csv", "--jsonl", run=made(**TABLE))
        feeding.join()
        assert texts_in(out) == ["apple"]


class TestLayout:
    """CSV in, CSV out: written as the input is."""

    @pytest.mark.parametrize(
        ("begins", "arguments", "row"),
        [
            ("text;id\n", [], '"a;b";1\n'),
            ("text|id\n", [], "a,b|1\n"),
            ("\ufefftext,id\n", [], '"a,b",1\n'),
            ("text,id\n", ["--quote", "'"], "'a,b',1\n"),
            ("text;id\n", ["--quote", "none"], 'a "b;1\n'),
            ("text^id\n", ["--delimiter", "^"], "a,b^1\n"),
        ],
    )
    def test_kept_where_the_suffix_is(self, predict, begins, arguments, row):
        write("in.csv", begins + row)
        assert predict("--file", "in.csv", "-o", "o.csv.gz", *arguments)[0] == 0
        found = gzip.decompress(Path("o.csv.gz").read_bytes()).decode()
        sign = begins[-4]
        head, first = found.splitlines()
        assert head == begins.rstrip() + f"{sign}prediction{sign}probability"
        assert first.startswith(row.rstrip() + sign)

    def test_that_of_training_is_kept_too(self, predict):
        write("in.tsv", 'text\ttopic\na "b\tx\n')
        run = made(**{**TABLE, "path": "/data/old.tsv", "quote": None})
        assert predict("--file", "in.tsv", "-o", "o.tsv", run=run)[0] == 0
        assert Path("o.tsv").read_text().splitlines()[1].startswith('a "b\tx\t')

    def test_plain_for_another_suffix(self, predict):
        write("in.csv", "\ufefftext;id\napple;1\n")
        write("in.jsonl", '{"text": "a;b"}\n')
        assert predict("--file", "in.csv", "-o", "o.tsv")[0] == 0
        assert Path("o.tsv").read_text().startswith("text\tid\tprediction\t")
        assert predict("--file", "in.jsonl", "-o", "o.csv")[0] == 0
        assert Path("o.csv").read_text().startswith("text,prediction,")

    def test_a_mark_of_utf_16_becomes_that_of_utf_8(self, predict):
        Path("in.csv").write_bytes("text;id\ngrößer;1\n".encode("utf-16"))
        assert predict("--file", "in.csv", "-o", "o.csv")[0] == 0
        assert Path("o.csv").read_bytes().startswith(b"\xef\xbb\xbftext;id;prediction")

    def test_what_needs_quotes_where_there_are_none(self, predict):
        write("in.csv", "text,id\napple,1\n")
        for labels, where in ((("a", "b,c"), ""), (("a,a", "b,b"), "in.csv line 2: ")):
            arguments = [] if where else ["--probabilities"]
            status, _, err = predict(
                *("--file", "in.csv", "-o", "o.csv", "--quote", "none", *arguments),
                run=made(labels),
            )
            assert status == 1
            assert f"{where or 'in.csv: '}column 'p" in err
            assert "holds commas, which a file without quotes cannot" in err
        assert left() == ["in.csv"]


class TestErrors:
    @pytest.mark.parametrize(
        ("arguments", "status", "sentence"),
        [
            (["--file", "no.csv", "-o", "o.csv"], 1, "there is no file no.csv"),
            (["--file", "in.csv", "-o", "no/o.csv"], 2, "there is no folder no"),
            (["--file", "in.csv", "-o", "o.xlsx"], 2, "cannot be written to o.xlsx: not as .xlsx"),
            (["--file", "in.csv", "-o", "o"], 2, "the end of its name must say how"),
            (["--file", "in.csv", "-o", "o.parquet.gz"], 2, "Parquet within gzip; leave out .gz"),
            (["--file", "in.csv", "-o", "in.csv"], 2, "in.csv is the file that is read"),
            (["--file", "in.csv", "-o", "./f.csv"], 2, "f.csv is a folder"),
            (["--file", "in.csv", "--prefix", "x"], 2, "--prefix goes with -o FILE"),
            (["--file", "in.csv", "-o", "o.csv", "--jsonl"], 2, "--jsonl prints the results"),
            (["--file", "in.csv", "--text-column", "txt"], 2, "did you mean 'text'? it has: 'id'"),
            (
                ["--file", "odd.csv", "-o", "o.csv"],
                2,
                "not obvious which column of odd.csv holds the",
            ),
            (["--file", "short.csv", "-o", "o.csv"], 1, "short.csv line 3 has 1 field"),
            (["--file", "bad.csv", "-o", "o.csv"], 1, "at byte offset 11 of the file"),
            (
                ["--file", "list.jsonl", "-o", "o.csv"],
                1,
                "list.jsonl line 2, column 'text': a list",
            ),
            (
                ["--file", "half.jsonl", "-o", "o.csv"],
                1,
                "half.jsonl line 2: column 'text' holds half",
            ),
            (
                ["--file", "half.jsonl", "-o", "o.parquet"],
                1,
                "half.jsonl line 2: column 'text' holds",
            ),
            (
                ["--file", "mixed.jsonl", "-o", "o.parquet"],
                1,
                "column 'n' of mixed.jsonl holds values",
            ),
            (["apple", "--text-column", "text"], 2, "--text-column is for a file"),
            (["--file", "in.csv", "--probabilities"], 2, "--probabilities goes with -o FILE"),
        ],
    )
    def test_one_sentence_and_nothing_written(self, predict, arguments, status, sentence):
        Path("f.csv").mkdir()
        write("in.csv", TICKETS)
        write("odd.csv", "a,b,c\nx,y,z\n")
        write("short.csv", "text,id\napple,1\nbread\n")
        write("bad.csv", b"text,id\nab,\xff\n")
        write("list.jsonl", '{"text": "x"}\n{"text": ["x"]}\n')
        write("half.jsonl", '{"text": "x"}\n{"text": "\\ud800"}\n')
        write("mixed.jsonl", '{"text": "x", "n": 1}\n{"text": "y", "n": "one"}\n')
        before = left()
        found, out, err = predict(*arguments)
        assert (found, out) == (status, "")
        assert sentence in err.splitlines()[-1]
        assert left() == before

    def test_without_pyarrow(self, predict, monkeypatch):
        write("in.csv", TICKETS)
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
        status, _, err = predict("--file", "in.csv", "-o", "o.parquet")
        assert status == 2
        assert "writing Parquet needs pyarrow; pip install 'seqclf[parquet]'" in err

    def test_a_bad_row_far_down_is_told_before_anything_is_predicted(self, predict):
        model = Model(2)
        write("in.csv", "text,id\n" + "apple,1\n" * 70_000 + "bread\n")
        status, _, err = predict("--file", "in.csv", "-o", "o.csv", run=made(model=model))
        assert status == 1
        assert "in.csv line 70002 has 1 field" in err
        assert (left(), model.batches) == (["in.csv"], 0)

    def test_interrupted_leaves_nothing(self, predict):
        class Stopped(Model):
            def predict_on_batch(self, rows):
                if self.batches == 8:
                    raise KeyboardInterrupt
                return super().predict_on_batch(rows)

        write("in.csv", "text,id\n" + "apple,1\n" * 3000)
        write("o.csv", "old")
        run = made(model=Stopped(2))
        status, _, err = predict("--file", "in.csv", "-o", "o.csv", run=run)
        assert status == 130
        assert "interrupted after 2,048 rows; o.csv was not written" in err
        assert left() == ["in.csv", "o.csv"]
        assert Path("o.csv").read_text() == "old"

    @pytest.mark.parametrize("name", ["o.csv", "o.jsonl.gz", "o.parquet"])
    def test_a_full_disk_leaves_nothing(self, name):
        # A limit on the size of files, since no full disk is at hand.
        rows = [f"{number} {os.urandom(40).hex()}" for number in range(3000)]
        source = lines_source("in.txt", lambda: rows)
        _, hard = limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
        try:
            with pytest.raises(RunError, match=rf"{name} cannot be written: File too large"):
                score(made(), source, Path(name))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert left() == []

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    def test_a_folder_that_may_not_be_written(self, predict):
        write("in.csv", TICKETS)
        Path("shut").mkdir(mode=0o500)
        status, _, err = predict("--file", "in.csv", "-o", "shut/o.csv")
        assert status == 1
        assert "shut/o.csv cannot be written: Permission denied" in err

    def test_progress_and_the_end_are_plain_lines_off_a_terminal(self, predict):
        write("in.csv", "text,id\n" + "apple,1\n" * 4 * ROWS)
        _, _, err = predict("--file", "in.csv", "-o", "o.csv")
        told = [line for line in err.splitlines() if line.startswith("predicting")]
        assert told[-1] == "predicting in.csv: 4,096 of 4,096"
        assert "\x1b" not in err


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12) | (
    st.sampled_from(['"', "\r", "\n", "a\r\nb", ",", "\t", " x ", "", "'", "\u2028"])
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | CELLS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(CELLS, inner, max_size=3),
    max_leaves=5,
)


def tables(values: st.SearchStrategy) -> st.SearchStrategy:
    names = st.lists(st.text("abcXYZ_", min_size=1, max_size=5), max_size=3, unique=True)
    return names.flatmap(
        lambda names: st.lists(
            st.fixed_dictionaries({"text!": CELLS, **dict.fromkeys(names, values)}), max_size=6
        )
    )


def source_of(rows: list[dict]) -> Source:
    columns = tuple(rows[0]) if rows else ("text!",)

    def read():
        for place, row in enumerate(rows, 1):
            yield place, row["text!"], row

    return Source("in", columns, read, str)


class TestProperties:
    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(rows=tables(CELLS), name=st.sampled_from(["o.csv", "o.tsv", "o.csv.gz", "o.parquet"]))
    def test_texts_read_back_as_they_were(self, rows, name):
        run = made()
        done = score(run, source_of(rows), Path(name))
        delimiter = "\t" if name == "o.tsv" else ","
        found = rows_of(name, delimiter=delimiter, header=True)
        added = ("prediction", "probability")
        assert done.rows == len(rows)
        assert [{k: v for k, v in row.items() if k not in added} for row in found] == rows
        wanted = run.predict([row["text!"] for row in rows])
        assert [row["prediction"] for row in found] == [each.label for each in wanted]

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        rows=tables(CELLS),
        delimiter=st.sampled_from([",", ";", "\t", "^"]),
        quote=st.sampled_from(['"', "'", None]),
        mark=st.booleans(),
    )
    def test_any_layout_reads_back_or_is_refused(self, rows, delimiter, quote, mark):
        layout = Layout(".csv", delimiter, quote, mark)
        source = dataclasses.replace(source_of(rows), layout=layout)
        unfit = any({delimiter, "\r", "\n"} & {*cell} for row in rows for cell in row.values())
        if quote is None and unfit:
            with pytest.raises(DataError, match="which a file without quotes cannot"):
                score(made(), source, Path("o.csv"))
            return
        score(made(), source, Path("o.csv"))
        found = rows_of("o.csv", delimiter=delimiter, quote=quote, header=True)
        added = ("prediction", "probability")
        assert [{k: v for k, v in row.items() if k not in added} for row in found] == rows
        assert Path("o.csv").read_bytes().startswith(b"\xef\xbb\xbf") == mark

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(rows=tables(VALUES), name=st.sampled_from(["o.jsonl", "o.jsonl.gz"]))
    def test_values_read_back_as_they_were(self, rows, name):
        score(made(), source_of(rows), Path(name))
        data = Path(name).read_bytes()
        text = (gzip.decompress(data) if name.endswith(".gz") else data).decode()
        found = [json.loads(line) for line in text.split("\n")[:-1]]
        added = ("prediction", "probability")
        assert [{k: v for k, v in row.items() if k not in added} for row in found] == rows

    @settings(
        max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        counts=st.lists(st.integers(1, 3), max_size=8),
        header=st.booleans(),
    )
    def test_a_result_a_row_whatever_the_number(self, counts, header):
        texts = [f"apple {n}" for n, count in enumerate(counts) for _ in range(count * 400)]
        with open("in.csv", "w", newline="") as file:
            writer = csv.writer(file)
            if header:
                writer.writerow(["text", "n"])
            writer.writerows([text, str(number)] for number, text in enumerate(texts))
        if not texts and not header:
            return
        column = "text" if header else "1"
        source = open_source(
            Path("in.csv"),
            made(),
            text_column=[column],
            layout={"header": header, "delimiter": ","},
        )
        done = score(made(), source, Path("o.csv"))
        found = [row[column] for row in rows_of("o.csv", header=True)]
        assert (found, done.rows) == (texts, len(texts))


class TestMemory:
    def test_it_does_not_grow_with_the_rows(self, monkeypatch):
        monkeypatch.setattr("seqclf.scoring.score.CHARACTERS", 2**19)

        def rows():
            return (f"{number} " + "apple bread " * 800 for number in range(1_500))

        run = made(model=Model(2))
        score(run, lines_source("in", lambda: ["warm"]), Path("o.csv"))
        tracemalloc.start()
        try:
            done = score(run, lines_source("in", rows), Path("o.csv"))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert done.rows == 1_500
        assert os.path.getsize("o.csv") > 14e6
        assert peak < 7e6


class TestFromPython:
    def test_errors_are_classes(self):
        source = lines_source("in", lambda: ["apple"])
        with pytest.raises(UsageError):
            score(made(), source, Path("o.doc"))
        with pytest.raises(DataError):
            score(made(encoder=IdsEncoder(num_words=9)), source, Path("o.csv"))

        def interrupted():
            raise KeyboardInterrupt

        with pytest.raises(InterruptedRunError):
            score(made(), lines_source("in", interrupted), Path("o.csv"))


PREDICTS = """
import sys
from seqclf.cli.program import run_program
for number, (run, file) in enumerate(zip(sys.argv[1::2], sys.argv[2::2])):
    status = run_program(["predict", run, "--file", file, "-o", f"out{number}.jsonl"])
    if status:
        sys.exit(status)
"""


@pytest.fixture(scope="module")
def unicode_run(tmp_path_factory) -> Run:
    """Give a run of a CSV file whose texts are not ASCII."""
    folder = tmp_path_factory.mktemp("unicode")
    moods = [("schön, größer und früh", "Gefühl"), ("ужасно плохо", "злость")]
    moods += [("très déçu ☹️", "злость"), ("素晴らしい 映画", "Gefühl")]
    with open(folder / "moods.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "label"])
        for number in range(60):
            text, label = moods[number % 4]
            writer.writerow([number, f"{text} {number % 7}", label])
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # notes on what was guessed
        patch.setenv("SEQCLF_LOAD_PLUGINS", "")
        patch.setenv("SEQCLF_CACHE_DIR", str(folder / "cache"))
        return package.run(
            str(folder / "moods.csv"),
            arch="gru",
            out=folder,
            name="moods",
            epochs=1,
            seed=2,
            params={"units": 4},
        )


@pytest.mark.train
class TestTrained:
    def test_a_trained_run_predicts_its_own_file(self, seqclf, unicode_run):
        file = unicode_run.folder.parent / "moods.csv"
        assert seqclf("predict", unicode_run.folder, "--file", file, "-o", "o.csv")[0] == 0
        found = rows_of("o.csv")
        wanted = unicode_run.predict([row["text"] for row in found])
        assert [row["prediction"] for row in found] == [each.label for each in wanted]
        assert [row["id"] for row in found] == [str(number) for number in range(60)]

    def test_another_process_predicts_the_same_bits(self, whole, unicode_run, tmp_path):
        """Trained here; predicted there: other locale, hashes, working directory and threads."""
        words = ["apple bread candy red", "candy late loud", "", "größer"]
        lines = write("lines.jsonl", "\n".join(json.dumps({"text": text}) for text in words))
        moods = unicode_run.folder.parent / "moods.csv"
        pairs = [(whole, lines.absolute()), (unicode_run.folder, moods)]
        others = [("C", "1", "2"), ("C.UTF-8", "77", "1")]
        processes = []
        for number, (locale, hashes, threads) in enumerate(others):
            (tmp_path / f"there{number}").mkdir()
            environment = {
                **os.environ,
                "LC_ALL": locale,
                "PYTHONHASHSEED": hashes,
                "TF_NUM_INTRAOP_THREADS": threads,
                "TF_NUM_INTEROP_THREADS": threads,
                "OMP_NUM_THREADS": threads,
            }
            if locale == "C":
                environment |= {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
            arguments = [
                sys.executable,
                "-c",
                PREDICTS,
                *(str(each) for pair in pairs for each in pair),
            ]
            process = subprocess.Popen(arguments, cwd=tmp_path / f"there{number}", env=environment)
            processes.append(process)
        assert [process.wait() for process in processes] == [0, 0]
        said = [
            [rows_of(str(tmp_path / f"there{there}" / f"out{run}.jsonl")) for run in range(2)]
            for there in range(2)
        ]
        assert said[0] == said[1]
        for (folder, _), rows in zip(pairs, said[0], strict=True):
            wanted = package.load_run(folder).predict([row["text"] for row in rows])
            shares = [each.probabilities[each.label] for each in wanted]
            assert [row["probability"] for row in rows] == shares
            assert [row["prediction"] for row in rows] == [each.label for each in wanted]

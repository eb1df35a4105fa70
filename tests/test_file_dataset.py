"""The dataset `file`: columns, classes, splits, ids and series, and what is wrong with a file."""

import csv
import gzip
import json
import math
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seqclf import DataError, LoadContext, UsageError
from seqclf.datasets.files import texts as stored_texts
from seqclf.datasets.files.dataset import encoder_for, file
from seqclf.datasets.files.labels import in_order
from seqclf.datasets.files.sequences import GREATEST, SeriesOf, ids_of
from seqclf.datasets.files.splitting import rarest, row_keys, stratified_order
from seqclf.datasets.files.texts import StoredTexts, TextBuilder, take

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
CALM = [("all is well", "calm"), ("it broke!", "angry"), ("thank you", "calm"), ("why?", "angry")]


def write_csv(path, rows, header=("text", "label")):
    with Path(path).open("w", newline="", encoding="utf-8", errors="surrogatepass") as out:
        csv.writer(out).writerows([*([header] if header else []), *rows])
    return path


def write_json(path, rows):
    Path(path).write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def load(path, **options):
    """Load with checked options; give the splits and what was noted."""
    notes = []
    context = LoadContext(Path("cache"), note=notes.append)
    splits = file.load(context, **file.check_options({"path": str(path), **options}))
    return splits, notes


def fails(kind, path, **options):
    with pytest.raises(kind) as caught:
        load(path, **options)
    assert type(caught.value) is kind
    return str(caught.value)


def pairs(splits, split):
    """Give the rows of a split as (text, label), or (text, labels)."""
    names = splits.labels
    for text, label in zip(split.texts, split.labels, strict=True):
        if splits.kind == "multilabel":
            yield text, tuple(name for name, there in zip(names, label, strict=True) if there)
        else:
            yield text, names[label]


# What a file may be


def test_a_file_gives_texts_labels_places_and_a_fingerprint():
    write_csv("tickets.csv", CALM)
    splits, notes = load("tickets.csv", test_split=0)
    assert sorted(pairs(splits, splits.train)) == sorted(CALM)
    assert splits.labels == ("angry", "calm")
    assert splits.kind == "binary"
    assert splits.test is None
    assert splits.validation is None
    assert splits.train.labels.dtype == np.int64
    by_place = dict(zip(splits.train.places.tolist(), splits.train.texts, strict=True))
    assert by_place == {line + 2: text for line, (text, _) in enumerate(CALM)}
    assert len(splits.fingerprint) == 64
    assert notes == [
        "tickets.csv: texts from column 'text', classes from column 'label' (guessed; "
        "--text-column and --label-column choose others)"
    ]


def test_the_formats_give_the_same():
    write_csv("a.csv", CALM)
    with gzip.open("b.csv.gz", "wb") as out:
        out.write(Path("a.csv").read_bytes())
    write_json("c.jsonl", [{"text": text, "label": label} for text, label in CALM])
    Path("d.txt").write_text("".join(f"__label__{label} {text}\n" for text, label in CALM))
    Path("e.tsv").write_text("".join(f"{text}\t{label}\n" for text, label in CALM))
    found = [load(name, test_split=0)[0] for name in ("a.csv", "b.csv.gz", "c.jsonl", "d.txt")]
    found.append(load("e.tsv", test_split=0, header="no", text_column=["1"])[0])
    for splits in found:
        assert list(pairs(splits, splits.train)) == list(pairs(found[0], found[0].train))
        assert splits.fingerprint == found[0].fingerprint


def test_fasttext_lines_and_class_folders_leave_nothing_to_guess():
    Path("lines.txt").write_text("".join(f"__label__{label} {text}\n" for text, label in CALM))
    for number, (text, label) in enumerate(CALM):
        Path("mails", label).mkdir(parents=True, exist_ok=True)
        Path("mails", label, f"{number}.txt").write_text(text)
    for path in ("lines.txt", "mails"):
        splits, notes = load(path, test_split=0)
        assert sorted(pairs(splits, splits.train)) == sorted(CALM)
        assert notes == []


def test_a_folder_of_splits(tmp_path):
    for name, rows in (("train", CALM), ("test", CALM[:1]), ("dev", CALM[1:3])):
        write_csv(f"{name}.csv", rows)
    write_csv("others.csv", [("x", "new")])
    splits, _ = load(tmp_path)
    assert list(pairs(splits, splits.test)) == CALM[:1]
    assert list(pairs(splits, splits.validation)) == CALM[1:3]
    assert len(splits.train) == 4
    splits, _ = load(tmp_path, test=str(tmp_path / "dev.csv"))  # what is named goes before
    assert list(pairs(splits, splits.test)) == CALM[1:3]
    write_csv("valid.csv", CALM)
    assert "has both dev.csv and valid.csv for validation" in fails(UsageError, tmp_path)


def test_folders_of_class_folders():
    for split in ("train", "test"):
        for number, (text, label) in enumerate(CALM):
            Path("reviews", split, label).mkdir(parents=True, exist_ok=True)
            Path("reviews", split, label, f"{number}.txt").write_text(f"{text} {split}")
    Path("reviews", "README").write_text("about")
    splits, _ = load("reviews")
    assert len(splits.train) == len(splits.test) == 4
    assert all(text.endswith("test") for text in splits.test.texts)


def test_a_folder_with_a_test_file_only():
    Path("set").mkdir()
    write_csv("set/test.csv", CALM)
    assert fails(DataError, "set").startswith("set has test.csv, but no file called train")


@pytest.mark.parametrize(
    "names",
    [
        ("tickets_train.csv", "tickets_test.csv", "tickets-dev.csv"),
        ("train-00000-of-00001.csv", "test-00000-of-00001.csv", "valid-00000-of-00001.csv"),
        ("cooking.train", "cooking.test", "cooking.valid"),
    ],
)
def test_names_with_other_words_say_which_split_a_file_is(names):
    Path("set").mkdir()
    for name, rows in zip(
        (*names, "train_and_test.csv"), (CALM, CALM[:1], CALM[1:3], []), strict=True
    ):
        write_csv(Path("set", name), rows)
    Path("set", "._tickets_train.csv").write_text("not a table")
    splits, _ = load("set")
    assert len(splits.train) == 4
    assert list(pairs(splits, splits.test)) == CALM[:1]
    assert list(pairs(splits, splits.validation)) == CALM[1:3]
    write_csv(Path("set", "more-train.csv"), CALM)
    message = fails(UsageError, "set")
    assert message.startswith("set has both ")
    assert {"more-train.csv", names[0]} <= set(message.split())


def test_other_words_do_not_count_beside_a_file_called_train():
    Path("set").mkdir()
    for name in ("train.csv", "test_notes.csv", "train_old.csv"):
        write_csv(Path("set", name), CALM)
    splits, _ = load("set", test_split=0)
    assert (len(splits.train), splits.test) == (4, None)


def test_folders_with_other_words_in_their_names():
    for split in ("train", "test"):
        for number, (text, label) in enumerate(CALM):
            Path(f"news/news-bydate-{split}", label).mkdir(parents=True, exist_ok=True)
            Path(f"news/news-bydate-{split}", label, str(number)).write_text(text)
    splits, notes = load("news")
    assert len(splits.train) == len(splits.test) == 4
    assert notes[0] == "news-bydate-train: no file ends in .txt, so every file is taken for a text"


def test_a_folder_of_files_of_which_none_says_what_it_is_for():
    Path("set").mkdir()
    for name in ("b.csv", "a.jsonl", "c.csv.gz", "d.parquet"):
        Path("set", name).touch()
    assert fails(DataError, "set") == (
        "set has a.jsonl, b.csv, c.csv.gz and 1 more, but no name says which hold the training "
        "rows; name one of the files itself, or call them train.csv and test.csv"
    )


def test_one_class_folder_only():
    Path("mails/spam").mkdir(parents=True)
    Path("mails/spam/1.txt").write_text("win")
    assert fails(DataError, "mails") == (
        "mails has only one folder of texts, 'spam'; a classifier needs two classes, a folder each"
    )


def test_classes_may_be_called_train_and_test():
    for label in ("train", "test", "car"):
        Path("rides", label).mkdir(parents=True)
        Path("rides", label, "1.txt").write_text(label)
    splits, _ = load("rides", test_split=0)
    assert splits.labels == ("car", "test", "train")


@pytest.mark.skipif(not DATA.exists(), reason=f"the real data are not at {DATA}")
def test_the_emoji_exercise():
    splits, notes = load(DATA / "emojify" / "train.csv", test=str(DATA / "emojify" / "test.csv"))
    assert (len(splits.train), len(splits.test)) == (132, 56)
    assert splits.labels == ("0", "1", "2", "3", "4")
    assert splits.kind == "multiclass"
    assert "no header (guessed" in notes[0]
    assert "texts from column '1', classes from column '2' (guessed" in notes[1]


# Columns


@pytest.mark.parametrize(
    ("header", "text", "label"),
    [
        (("id", "message", "topic"), "message", "topic"),
        (("Label", "Text", "text_id"), "Text", "Label"),
        (("sentence", "emotion"), "sentence", "emotion"),
        (("text", "description", "label", "class"), "text", "label"),
        (("headline", "what"), "headline", "what"),
        (("what", "genre"), "what", "genre"),
    ],
)
def test_columns_are_guessed_by_their_names(header, text, label):
    rows = [[f"{name} {row % 2}" for name in header] for row in range(4)]
    write_csv("a.csv", rows, header)
    splits, notes = load("a.csv", test_split=0)
    assert splits.labels == (f"{label} 0", f"{label} 1")
    assert set(splits.train.texts) == {f"{text} 0", f"{text} 1"}
    assert f"texts from column '{text}', classes from column '{label}' (guessed" in notes[0]


def test_two_columns_are_guessed_by_their_contents():
    write_csv("a.csv", [(label, text) for text, label in CALM], ("left", "right"))
    splits, notes = load("a.csv", test_split=0)
    assert splits.labels == ("angry", "calm")
    assert "texts from column 'right', classes from column 'left' (guessed" in notes[0]


@pytest.mark.parametrize(
    ("header", "rows", "told"),
    [
        (("a", "b", "c"), [("x", "y", "z")], "holds the texts and which the classes"),
        (("text", "b", "c"), [("x", "y", "z")], "holds the classes"),
        (("a", "b", "label"), [("x", "y", "z")], "holds the texts"),
        (("message", "review", "label"), [("x", "y", "z")], "holds the texts"),
        (("text", "class", "topic"), [("x", "y", "z")], "holds the classes"),
        (("a", "b"), [("long text", "y"), ("x", "z")], "holds the texts and which the classes"),
    ],
)
def test_what_is_not_obvious_is_asked_for(header, rows, told):
    write_csv("a.csv", rows, header)
    message = fails(UsageError, "a.csv", header="yes")
    assert message.startswith("it is not obvious which column of a.csv")
    assert told in message
    assert "it has: " + ", ".join(f"'{name}'" for name in header) in message


def test_named_columns_say_nothing_and_several_are_joined():
    rows = [("Broken", "it broke", "x"), ("Thanks", None, "y")]
    write_csv("a.csv", rows, ("subject", "body", "kind"))
    options = {"text_column": "subject,body", "label_column": "kind", "test_split": 0}
    splits, notes = load("a.csv", **options)
    assert sorted(splits.train.texts) == ["Broken it broke", "Thanks "]
    assert notes == []


def test_a_wrong_column_is_told_with_the_columns_there_are():
    write_csv("a.csv", CALM, ("Message", "topic"))
    assert fails(UsageError, "a.csv", text_column="mesage") == (
        "a.csv has no column 'mesage'; did you mean 'Message'? it has: 'Message', 'topic'"
    )
    assert fails(UsageError, "a.csv", label_column="qqq") == (
        "a.csv has no column 'qqq'; it has: 'Message', 'topic'; its first line is taken for the "
        "header (--no-header if it is none)"
    )
    assert fails(UsageError, "a.csv", label_column="qqq", header="yes").endswith("'topic'")
    write_csv("b.csv", CALM, None)
    assert fails(UsageError, "b.csv", label_column="qqq") == (
        "b.csv has no column 'qqq'; it has: '1', '2'; its first line is taken for a row "
        "(--header if it names the columns)"
    )
    assert "named for two things" in fails(
        UsageError, "a.csv", text_column="topic", label_column="topic"
    )


def test_blanks_around_a_column_s_name_do_not_count():
    write_csv("a.csv", CALM, (" body", "kind "))
    splits, _ = load("a.csv", text_column="body", label_column="kind", test_split=0)
    assert sorted(pairs(splits, splits.train)) == sorted(CALM)


def test_the_test_file_needs_the_same_columns():
    write_csv("a.csv", CALM)
    write_csv("b.csv", CALM, ("text", "topic"))
    assert fails(UsageError, "a.csv", test="b.csv") == (
        "b.csv has no column 'label'; it has: 'text', 'topic'; its first line is taken for the "
        "header (--no-header if it is none)"
    )
    assert fails(UsageError, "a.csv", test="b.csv", header="yes").endswith("'text', 'topic'")


def test_a_named_column_in_the_first_line_makes_it_the_header():
    rows = [(label, text, "", "") for text, label in CALM]
    write_csv("a.csv", rows, ("\ufeffv1", "v2", "", ""))
    named = {"text_column": "v2", "label_column": "v1", "test_split": 0}
    splits, _ = load("a.csv", test="a.csv", **named)
    assert sorted(pairs(splits, splits.train)) == sorted(pairs(splits, splits.test)) == sorted(CALM)
    assert splits.options["header"] == "yes"


def test_two_columns_of_one_name_matter_only_where_they_are_used():
    rows = [(text, label, 1, 2) for text, label in CALM]
    write_csv("a.csv", rows, ("text", "label", "n", "n"))
    splits, notes = load("a.csv", test_split=0)
    assert len(splits.train) == 4
    assert notes[0] == "a.csv: another column 'n' is called '4'"
    message = fails(DataError, "a.csv", label_column="n")
    assert message.startswith("a.csv has two columns called 'n'; rename one in the first line")
    assert "(--no-header)" in message
    write_csv("b.csv", rows, ("text", "label", "n", " text"))
    assert fails(DataError, "b.csv").startswith("b.csv has two columns called 'text'")


def test_guessed_texts_that_are_numbers_are_refused():
    write_csv("a.csv", [("12 5 99", "pos"), ("[7, 1]", "neg")])
    message = fails(UsageError, "a.csv")
    assert message.startswith(
        "column 'text' of a.csv, the best guess for the texts, holds only num"
    )
    assert all(flag in message for flag in ("--ids", "--series", "--text-column 'text'"))
    assert len(load("a.csv", text_column="text", test_split=0)[0].train) == 2
    write_csv("b.csv", [(1.5, 2, "a"), (3, 4.25, "b")], ("x", "z", "kind"))
    message = fails(UsageError, "b.csv", header="yes")
    assert message.endswith("where each row is a series of numbers, --series wide reads it")


def test_many_numbers_as_labels_look_like_measurements():
    write_csv("a.csv", [(f"text {number}", number / 7) for number in range(30)])
    message = fails(DataError, "a.csv")
    assert "the 30 labels in column 'label' look like measurements, not classes" in message
    write_csv("b.csv", [(f"text {number}", f"c{number}") for number in range(30)])
    assert "measurements" not in fails(DataError, "b.csv")


def test_the_other_files_have_a_header_if_the_first_has():
    write_csv("a.csv", [("one two", "1"), ("three", "2"), ("four five", "1")], None)
    write_csv("b.csv", [("text", "1"), ("label", "2")], None)
    splits, _ = load("a.csv", test="b.csv", test_split=0)
    assert list(splits.test.texts) == ["text", "label"]


# Classes


@pytest.mark.parametrize(
    ("names", "ordered"),
    [
        (["10", "9", "-1"], ["-1", "9", "10"]),
        (["1", "01", "2"], ["01", "1", "2"]),
        (["10", "9", "b", "B"], ["10", "9", "B", "b"]),
        (["1.5", "10"], ["1.5", "10"]),
        (["é", "z", "\U0001f600"], ["z", "é", "\U0001f600"]),
    ],
)
def test_the_order_of_classes(names, ordered):
    assert in_order(names) == ordered


@given(st.lists(st.text(), unique=True), st.randoms())
def test_the_order_of_classes_does_not_depend_on_that_of_the_rows(names, random):
    mixed = random.sample(names, len(names))
    assert in_order(mixed) == in_order(names) == in_order(in_order(names))


@given(st.lists(st.integers(), unique=True))
def test_whole_numbers_are_ordered_by_size(numbers):
    assert in_order(map(str, numbers)) == [str(number) for number in sorted(numbers)]


def test_labels_of_other_types_are_texts():
    for values, names in (
        ([True, False], ("false", "true")),
        ([3, 10, 2], ("2", "3", "10")),
        ([1.0, 0.0], ("0.0", "1.0")),
        ([0.5, 1.5], ("0.5", "1.5")),
    ):
        write_json("a.jsonl", [{"text": "x", "label": value} for value in values])
        assert load("a.jsonl", test_split=0)[0].labels == names


def test_numbers_as_labels_are_called_the_same_in_every_format():
    import pyarrow as pa
    import pyarrow.parquet as pq

    for values, names in (([1.0, 0.0], ("0.0", "1.0")), ([1, 0], ("0", "1"))):
        write_csv("a.csv", [("x", values[0]), ("y", values[1])])
        write_json("b.jsonl", [{"text": "x", "label": v} for v in values])
        pq.write_table(pa.table({"text": ["x", "y"], "label": values}), "c.parquet")
        for name in ("a.csv", "b.jsonl", "c.parquet"):
            assert load(name, test_split=0)[0].labels == names


def test_labels_keep_blanks_and_those_that_look_alike_are_noted():
    write_csv("a.csv", [("x", "Calm"), ("y", "calm "), ("z", "angry")])
    splits, notes = load("a.csv", test_split=0)
    assert splits.labels == ("Calm", "angry", "calm ")
    assert notes[-1] == "a.csv: the classes 'Calm' and 'calm ' differ only by case or blanks"


def test_given_classes_are_in_their_order_and_rows_of_others_left_out():
    write_csv("a.csv", [*CALM, ("so so", "mixed"), ("hm", "mixed")])
    write_csv("b.csv", [("well", "calm"), ("hm", "mixed")])
    splits, notes = load("a.csv", labels="calm,angry", test="b.csv")
    assert splits.labels == ("calm", "angry")
    assert sorted(pairs(splits, splits.train)) == sorted(CALM)
    assert list(pairs(splits, splits.test)) == [("well", "calm")]
    assert "a.csv: 2 rows were left out, of classes that --labels does not name" in notes
    assert "b.csv: 1 row was left out, of classes that --labels does not name" in notes
    Path("c.txt").write_text("".join(f"__label__{label} {text}\n" for text, label in CALM))
    splits, _ = load("c.txt", labels="__label__calm,__label__angry", test_split=0)
    assert splits.labels == ("calm", "angry")


def test_given_classes_that_cannot_be():
    write_csv("a.csv", CALM)
    assert "has no training rows of the class 'new'" in fails(DataError, "a.csv", labels="calm,new")
    assert "the class 'calm' only" in fails(UsageError, "a.csv", labels="calm")
    assert "'calm' is asked for twice" in fails(UsageError, "a.csv", labels="calm,calm")
    assert fails(DataError, "a.csv", labels="new,newer") == (
        "a.csv has no rows to train on, all of its rows being of other classes"
    )


def test_several_labels_a_text():
    write_csv("a.csv", [("x", "b | a"), ("y", "a|a"), ("z", ""), ("w", " | b")])
    splits, _ = load("a.csv", multilabel=True, separator="|", test_split=0)
    assert splits.kind == "multilabel"
    assert splits.train.labels.shape == (4, 2)
    assert dict(pairs(splits, splits.train)) == {
        "x": ("a", "b"),
        "y": ("a",),
        "z": (),
        "w": ("b",),
    }
    write_json("b.jsonl", [{"text": "x", "label": [2, 10]}, {"text": "y", "label": None}])
    splits, _ = load("b.jsonl", multilabel=True, test_split=0)
    assert splits.labels == ("2", "10")
    assert dict(pairs(splits, splits.train)) == {"x": ("2", "10"), "y": ()}
    Path("c.txt").write_text("__label__a __label__b x\n__label__a y\n z\n")
    splits, _ = load("c.txt", multilabel=True, test_split=0)
    assert dict(pairs(splits, splits.train)) == {"x": ("a", "b"), "y": ("a",), "z": ()}
    assert fails(DataError, "c.txt").startswith("c.txt line")
    write_csv("d.csv", CALM)
    splits, notes = load("d.csv", multilabel=True, labels="calm,angry", test="a.csv", separator="|")
    assert not splits.test.labels.any()
    assert "a.csv: 5 labels were left out, of classes that --labels does not name" in notes


# Splits


def rows_of(counts):
    return [(f"text {i} of {label}", label) for label, n in counts.items() for i in range(n)]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(2, 40), min_size=2, max_size=6),
    st.floats(0.05, 0.5),
    st.integers(0, 2**32 - 1),
    st.randoms(),
)
def test_the_test_split_is_whole_stratified_and_seeded(counts, share, seed, random):
    rows = rows_of({f"c{number}": count for number, count in enumerate(counts)})
    random.shuffle(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(f"{folder}/a.csv", rows)
        splits, _ = load(path, test_split=share, seed=seed)
        again, _ = load(path, test_split=share, seed=seed)
    train, test = list(pairs(splits, splits.train)), list(pairs(splits, splits.test))
    assert sorted(train + test) == sorted(rows)
    assert test == [row for row in rows if row in set(test)]  # in the file's order
    assert splits.test.places.tolist() == sorted(splits.test.places.tolist())
    assert len(test) == max(1, round(len(rows) * share))
    assert (list(pairs(again, again.train)), again.fingerprint) == (train, splits.fingerprint)
    counted = np.bincount(splits.test.labels, minlength=len(counts))
    wanted = np.bincount([int(label[1:]) for _, label in rows]) * len(test) / len(rows)
    assert (np.abs(counted - wanted) < 1).all()
    assert (np.bincount(splits.train.labels, minlength=len(counts)) > 0).all()
    for n in range(1, len(train)):  # the beginning for --limit, of it the end for validation
        order = splits.train.labels
        left = np.bincount(order, minlength=len(counts))
        for cut in (order[:n], order[-n:], order[: n + 1][-max(1, n // 5) :]):
            shares = left * len(cut) / len(order)
            assert (np.abs(np.bincount(cut, minlength=len(counts)) - shares) < 3).all()


@given(st.lists(st.integers(0, 5), max_size=150), st.integers(0, 2**32 - 1))
@example([0] * 60 + list(range(1, 21)) * 2, 3)
def test_every_beginning_and_every_end_of_the_order_is_stratified(strata, seed):
    strata = np.array(strata, np.int64)
    order = stratified_order(strata, keys_of(strata, seed), seed)
    assert sorted(order.tolist()) == list(range(len(strata)))
    counts = np.bincount(strata, minlength=1)
    for n in range(1, len(order) + 1):
        shares = counts * n / len(order)
        for cut in (order[:n], order[-n:]):
            off = np.bincount(strata[cut], minlength=len(counts)) - shares
            assert (np.abs(off) < 1).all()


def keys_of(rows, seed):
    return row_keys(map(str, range(len(rows))), seed)


def test_rows_that_come_or_go_move_few_others_between_training_and_testing():
    rows = rows_of({"a": 300, "b": 150, "c": 50})
    write_csv("a.csv", rows)
    before = load("a.csv")[0]
    for changed in (
        rows[1:],
        [*rows, ("one more", "a")],
        rows[::-1],
        rows[25:] + rows_of({"b": 9}),
    ):
        write_csv("b.csv", changed)
        after = load("b.csv")[0]
        strangers = set(after.test.texts) & set(before.train.texts)
        assert len(strangers) <= 12
        assert len(after.test) == round(len(changed) / 5)


def test_equal_texts_are_held_out_together():
    rows = [(f"text {number // 5}", "ab"[number // 5 % 2]) for number in range(500)]
    write_csv("a.csv", rows)
    splits = load("a.csv")[0]
    assert len(set(splits.train.texts) & set(splits.test.texts)) <= 2


def test_another_seed_gives_another_order():
    strata = np.arange(200) % 3
    first, second, again = (stratified_order(strata, keys_of(strata, s), s) for s in (1, 2, 1))
    assert (first == again).all()
    assert (first != second).any()
    write_csv("a.csv", rows_of({"a": 50, "b": 50}))
    assert list(load("a.csv")[0].test.texts) != list(load("a.csv", seed=1)[0].test.texts)
    assert load("a.csv")[0].fingerprint == load("a.csv", seed=1)[0].fingerprint


def test_a_fingerprint_tells_changed_data():
    prints = set()
    for rows in (CALM, CALM[::-1], [*CALM[:3], ("why?", "calm")], [*CALM[:3], ("why ?", "angry")]):
        write_csv("a.csv", rows)
        prints.add(load("a.csv", test_split=0)[0].fingerprint)
    renamed = [(text, label.upper()) for text, label in CALM]
    prints.add(load(write_csv("a.csv", renamed), test_split=0)[0].fingerprint)
    assert len(prints) == 5


def test_a_held_out_test_split_is_said():
    write_csv("a.csv", rows_of({"a": 10, "b": 10}))
    splits, notes = load("a.csv")
    assert (len(splits.train), len(splits.test)) == (16, 4)
    assert notes[-1] == (
        "a.csv: 4 of 20 rows are held out for testing (--test FILE and --test-split choose others)"
    )


def test_a_split_column():
    rows = [(text, label, role) for text, label in CALM for role in ("Train ", "test", "dev")]
    write_csv("a.csv", rows, ("text", "label", "split"))
    for options in ({}, {"split_column": "split"}):
        splits, _ = load("a.csv", **options)
        for split in (splits.train, splits.test, splits.validation):
            assert sorted(pairs(splits, split)) == sorted(CALM)
    splits, _ = load("a.csv", split_column="", test_split=0)
    assert len(splits.train) == 12
    write_csv("b.csv", CALM)
    splits, notes = load("a.csv", test="b.csv")
    assert (len(splits.train), splits.validation) == (12, None)
    assert "a.csv: column 'split' is not used, since files say the same" in notes
    message = fails(UsageError, "a.csv", test="b.csv", split_column="split")
    assert "both say which rows to test on" in message


def test_a_split_column_without_test_rows_has_some_held_out():
    rows = [(*row, role) for row in rows_of({"a": 10, "b": 10}) for role in ("train", "val")]
    write_csv("a.csv", rows, ("text", "label", "split"))
    splits, _ = load("a.csv")
    assert [len(s) for s in (splits.train, splits.validation, splits.test)] == [16, 20, 4]


def test_a_split_column_nobody_named_is_said():
    write_csv("a.csv", [(*row, "train") for row in CALM], ("text", "label", "split"))
    _, notes = load("a.csv", test_split=0)
    assert notes == [
        "a.csv: texts from column 'text', classes from column 'label', rows by column 'split' "
        "(guessed; --text-column, --label-column and --split-column choose others)"
    ]
    _, notes = load("a.csv", test_split=0, text_column="text", label_column="label")
    assert notes == ["a.csv: rows by column 'split' (guessed; --split-column chooses another)"]


@pytest.mark.parametrize("other", ["eval", "holdout", ""])
@pytest.mark.parametrize("before", [0, 1100])
def test_a_split_column_with_other_values_is_no_secret(other, before):
    rows = (
        [("x", "calm", other)] * before + [(*row, "train") for row in CALM] + [("z", "calm", other)]
    )
    write_csv("a.csv", rows, ("text", "label", "split"))
    message = fails(DataError, "a.csv")
    line = 2 if before else 6
    assert message.startswith(f"a.csv line {line}, column 'split': '{other}' is no split; ")
    assert "--split-column names another column, and -d split_column= (empty) uses" in message
    assert len(load("a.csv", split_column="", test_split=0)[0].train) == before + 5


def test_a_column_called_split_that_says_something_else_is_none():
    write_csv("a.csv", [(*row, "banana") for row in CALM], ("text", "label", "split"))
    splits, notes = load("a.csv", test_split=0)
    assert len(splits.train) == 4
    assert (
        "a.csv: column 'split' is not used; it names no split: neither train nor test nor "
        "validation" in notes
    )
    assert "split" not in str(load("a.csv", split_column="", test_split=0)[1])
    assert fails(DataError, "a.csv", split_column="split").startswith(
        "a.csv line 2, column 'split': 'banana' is no split"
    )


def test_rarest_labels_decide_where_rows_with_several_go():
    random = np.random.RandomState(1)
    labels = (random.random_sample((400, 4)) < [0.9, 0.5, 0.1, 0.02]).astype(np.int8)
    order = stratified_order(rarest(labels), keys_of(labels, 5), 5)
    for column in range(2, 4):
        in_test = labels[order[-80:], column].sum()
        assert abs(in_test - labels[:, column].sum() / 5) <= 2


# Rows that cannot be learned from


def test_one_class_only():
    write_csv("a.csv", [("x", "calm"), ("y", "calm")])
    assert fails(DataError, "a.csv").startswith(
        "a.csv has only the class 'calm' in column 'label'; a classifier needs two"
    )
    write_csv("b.csv", [("x", ""), ("y", "")])
    assert "b.csv has no labels at all" in fails(DataError, "b.csv", multilabel=True)


def test_no_rows():
    write_csv("a.csv", [])
    assert fails(DataError, "a.csv", header="yes") == "a.csv has no rows to train on"
    write_csv("b.csv", CALM)
    assert fails(DataError, "b.csv", test="a.csv") == "a.csv has no rows to test on"
    assert fails(DataError, "b.csv", validation="a.csv") == "a.csv has no rows to compare epochs on"
    write_csv("c.csv", [(*row, "test") for row in CALM], ("text", "label", "split"))
    assert fails(DataError, "c.csv") == "c.csv has no rows to train on"


def test_a_class_with_a_single_row():
    write_csv("a.csv", [*CALM, ("hm", "odd"), ("ho", "odder")])
    message = fails(DataError, "a.csv")
    assert message.startswith(
        "a.csv line 6 is the only row of the class 'odd', so that none is left to test on, and 1 "
        "more class has one only; "
    )
    assert "--test-split 0" in message
    assert load("a.csv", test_split=0)[0].labels == ("angry", "calm", "odd", "odder")
    assert len(load("a.csv", test="a.csv")[0].test) == 6


def test_too_much_is_held_out():
    write_csv("a.csv", rows_of({"a": 30, "b": 2}))
    message = fails(DataError, "a.csv", test_split=0.97)
    assert message.startswith("with --test-split 0.97 no row of the class 'b' is left to train on")


def test_a_label_never_seen_in_training():
    write_csv("a.csv", CALM)
    write_csv("b.csv", [("x", "calm"), ("y", "clam"), ("z", "qqqq")])
    assert fails(DataError, "a.csv", test="b.csv") == (
        "b.csv line 3: the label 'clam' is never seen in training; did you mean 'calm'? "
        "training has: 'angry', 'calm'"
    )
    assert "b.csv line 3" in fails(DataError, "a.csv", validation="b.csv", multilabel=True)
    rows = [*((*row, "train") for row in CALM), ("x", "new", "test")]
    write_csv("c.csv", rows, ("text", "label", "split"))
    assert "c.csv line 6: the label 'new' is never seen" in fails(DataError, "c.csv")


@pytest.mark.parametrize("empty", ["", "  ", "NaN", "nan"])
def test_an_empty_label_is_told_with_its_place(empty):
    write_csv("a.csv", [*CALM, ("x", empty), ("y", "calm"), ("z", empty)])
    assert fails(DataError, "a.csv").startswith(
        "a.csv line 6 has no label in column 'label', and 1 more row has none"
    )


def test_rows_without_a_label_may_be_left_out():
    write_csv("a.csv", [*CALM, ("x", ""), ("y", " "), ("z", "NaN")])
    assert "--drop-missing" in fails(DataError, "a.csv")
    splits, notes = load("a.csv", drop_missing=True, test_split=0)
    assert sorted(pairs(splits, splits.train)) == sorted(CALM)
    assert "a.csv: 3 rows were left out, without a class" in notes
    rows = [{"text": text, "label": label} for text, label in CALM]
    write_json("b.jsonl", [*rows, {"text": "x", "label": None}, {"text": "y", "label": math.nan}])
    assert len(load("b.jsonl", drop_missing=True, test_split=0)[0].train) == 4
    assert len(load("b.jsonl", drop_missing=True, multilabel=True, test_split=0)[0].train) == 4
    splits, _ = load("a.csv", multilabel=True, test_split=0)
    assert (len(splits.train), splits.labels) == (7, ("angry", "calm"))
    Path("c.txt").write_text("__label__a x\nno label\n__label__b z\n")
    splits, notes = load("c.txt", drop_missing=True, test_split=0)
    assert len(splits.train) == 2
    assert "c.txt: 1 row was left out, without a class" in notes


def test_the_flag_for_rows_without_a_label(seqclf):
    write_csv("a.csv", [*rows_of({"a": 5, "b": 5}), ("x", "")])
    assert seqclf("check", "a.csv")[0] == 1
    status, _, err = seqclf("check", "a.csv", "--drop-missing")
    assert status == 0
    assert "1 row was left out" in err


def test_null_and_nan_are_no_labels():
    for nothing in (None, math.nan, []):
        write_json("a.jsonl", [{"text": "x", "label": 1}, {"text": "y", "label": nothing}])
        assert fails(DataError, "a.jsonl").startswith("a.jsonl line 2 has no label in column")
    write_csv("b.csv", [("x", "nan"), ("y", "naan")])
    assert load("b.csv", labels="nan,naan", test_split=0)[0].labels == ("nan", "naan")


def test_labels_that_are_none():
    write_json("a.jsonl", [{"text": "x", "label": "a"}, {"text": "y", "label": ["a", "b"]}])
    assert fails(DataError, "a.jsonl") == (
        "a.jsonl line 2, column 'label': there are 2 labels (a, b) where one is expected; "
        "--multilabel lets a text have several"
    )
    write_json("a.jsonl", [{"text": "x", "label": "a"}, {"text": "y", "label": {"a": 1}}])
    assert "a.jsonl line 2, column 'label': an object is no" in fails(DataError, "a.jsonl")


def test_values_that_are_no_texts():
    write_json("a.jsonl", [{"text": "x", "label": 1}, {"text": {"a": 1}, "label": 2}])
    message = fails(DataError, "a.jsonl")
    assert message == (
        "a.jsonl line 2, column 'text': an object is no text; nested fields are not read: flatten "
        "them; --text-column chooses other columns for the texts"
    )
    write_json("b.jsonl", [{"text": {"0": "x", "1": "y"}, "label": {"0": "a", "1": "b"}}])
    assert fails(DataError, "b.jsonl") == (
        "b.jsonl line 1, column 'text': an object is no text; write one object a line, such as "
        "with pandas' to_json(path, orient='records', lines=True)"
    )
    write_json("c.jsonl", [{"text": ["x", "y"], "label": 1}])
    assert "join each list to one text" in fails(DataError, "c.jsonl")
    write_json("d.jsonl", [{"id": 1, "data": {"text": "x", "label": 1}}])
    assert fails(UsageError, "d.jsonl").endswith("nested fields are not read, flatten them")
    write_json("e.json", [{"data": [{"text": "x", "label": 1}]}])
    assert "rows within a row are not read, write one object a line" in fails(UsageError, "e.json")


def test_null_texts_are_empty_texts():
    rows = [{"text": None, "label": 1}, {"text": "x", "label": 2}, {"text": None, "label": 2}]
    write_json("a.jsonl", rows)
    splits, notes = load("a.jsonl", test_split=0)
    assert sorted(splits.train.texts) == ["", "", "x"]
    assert "a.jsonl: 2 rows have no text and count as an empty one" in notes


def test_the_command_tells_it_in_one_sentence(seqclf):
    write_csv("a.csv", CALM)
    status, _, err = seqclf("run", "file", "-d", "path=a.csv", "-d", "text_column=txt")
    assert status == 2
    assert "a.csv has no column 'txt'" in err
    status, out, _ = seqclf("datasets", "file")
    assert status == 0
    assert "text_column" in out


def test_its_options_name_the_encoder():
    assert file.encoder_with(file.check_options({"path": "a.csv"})) == "word"
    assert file.encoder_with(file.check_options({"path": "a.csv", "ids": True})) == "ids"
    assert encoder_for({"series": "long"}) == "series"


# Token ids


def test_ids_in_one_column_and_in_several():
    write_csv("a.csv", [("1 5 7", "a"), (" 2,3 ,4", "b"), ("", "b")], ("ids", "label"))
    splits, notes = load("a.csv", ids=True, test_split=0)
    assert sorted(splits.train.texts) == ["", "1 5 7", "2 3 4"]
    assert "ids from column 'ids', classes from column 'label' (guessed" in notes[0]
    write_csv("b.csv", [(1, 5, 7, "a"), (2, "", "", "b")], ("x", "y", "z", "label"))
    assert sorted(load("b.csv", ids=True, test_split=0)[0].train.texts) == ["1 5 7", "2"]
    for label, ids in (("a", "3 1"), ("b", "4 1")):
        Path("folder", label).mkdir(parents=True)
        Path("folder", label, "1.txt").write_text(ids)
    assert sorted(load("folder", ids=True, test_split=0)[0].train.texts) == ["3 1", "4 1"]
    write_csv("d.csv", [("[5, 17, 3]", "a"), ("[]", "b"), ("[4 2]", "b")], ("ids", "label"))
    assert sorted(load("d.csv", ids=True, test_split=0)[0].train.texts) == ["", "4 2", "5 17 3"]
    write_json("c.jsonl", [{"ids": [1, 5], "label": "a"}, {"ids": [], "label": "b"}])
    assert sorted(load("c.jsonl", ids=True, test_split=0)[0].train.texts) == ["", "1 5"]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ("1 x 3", "column 'ids': 'x' is no token id, a whole number from 0"),
        ("1 2.5", "'2.5' is no token id"),
        ("1 -2", "'-2' is no token id"),
        ("1 ٣", "'٣' is no token id"),
        ("[1, [2]]", "'[2]' is no token id"),
        ("3 10000 1", "column 'ids': the token id 10000 is not below the 10,000 of --num-words; r"),
    ],
)
def test_what_is_no_token_id(cell, told):
    write_csv("a.csv", [("1", "a"), (cell, "b")], ("ids", "label"))
    message = fails(DataError, "a.csv", ids=True)
    assert message.startswith("a.csv line 3, ")
    assert told in message


def test_a_token_id_that_is_too_great_is_told_with_its_column():
    write_csv("a.csv", [(1, 5, "a"), (2, 70_000, "b")], ("x", "y", "label"))
    assert fails(DataError, "a.csv", ids=True) == (
        "a.csv line 3, column 'y': the token id 70000 is not below the 10,000 of --num-words; "
        "raise --num-words"
    )
    write_json("b.jsonl", [{"x": [1, 9999], "label": 1}, {"x": [1, 10_000], "label": 2}])
    assert fails(DataError, "b.jsonl", ids=True).startswith("b.jsonl line 2, column 'x': the token")


def test_an_empty_cell_in_the_middle_is_no_token_id():
    write_csv("a.csv", [(1, "", 3, "a")], ("x", "y", "z", "label"))
    message = fails(DataError, "a.csv", ids=True)
    assert message.startswith("a.csv line 2, column 'y': an empty cell is no token id")


@given(st.lists(st.integers(0, 2**40), max_size=8), st.sampled_from([" ", ",", ", ", "  "]))
def test_ids_are_written_as_they_were(numbers, between):
    written = " ".join(map(str, numbers))
    assert ids_of(["x"])({"x": between.join(map(str, numbers))}) == written
    assert ids_of(["x"])({"x": numbers}) == written
    names = [f"c{number}" for number in range(len(numbers) + 2)]
    if len(numbers) > 0:
        cells = [*map(str, numbers), "", None]
        assert ids_of(names)(dict(zip(names, cells, strict=True))) == written


# Numeric series


def test_series_a_row_each():
    rows = [("1.50", "2", "1e-3", "4", "a"), ("5", "6", "", "", "b")]
    write_csv("a.csv", rows, ("t1", "u1", "t2", "u2", "label"))
    splits, _ = load("a.csv", series="wide", features=2, test_split=0)
    assert sorted(splits.train.texts) == ["1.50 2;1e-3 4;", "5 6;"]
    splits, _ = load("a.csv", series="wide", test_split=0, text_column="u1,t1")
    assert "2 1.50" in splits.train.texts
    assert "is no multiple of the 3 features" in fails(
        DataError, "a.csv", series="wide", features=3
    )
    rows = [{"s": [[1, 2.5], [3, 4]], "label": 1}, {"s": [[0, 1]], "label": 2}]
    write_json("b.jsonl", rows)
    splits, _ = load("b.jsonl", series="wide", test_split=0)
    assert sorted(splits.train.texts) == ["0 1;", "1 2.5;3 4;"]
    write_json("c.jsonl", [*rows, {"s": [[1, 2], [3]], "label": 2}])
    assert fails(DataError, "c.jsonl", series="wide").startswith(
        "c.jsonl line 3, column 's': a step has 1 feature, not 2 as those before"
    )


def test_series_a_row_a_step():
    rows = [("k", 1, 2, "a"), ("k", "3.0", 4, "a"), ("j", 5, 6, "b"), ("i", 7, 8, "b")]
    header = ("patient", "x", "y", "label")
    write_csv("a.csv", rows, header)
    options = {"series": "long", "series_column": "patient", "test_split": 0}
    splits, notes = load("a.csv", **options)
    assert sorted(pairs(splits, splits.train)) == [
        ("1 2;3.0 4;", "a"),
        ("5 6;", "b"),
        ("7 8;", "b"),
    ]
    assert sorted(splits.train.places.tolist()) == [2, 4, 5]
    assert "series from columns 'x', 'y', classes from column 'label'" in notes[0]
    splits, _ = load("a.csv", text_column="x", **options)
    assert sorted(splits.train.texts) == ["1 3.0", "5", "7"]
    write_csv("b.csv", [*rows, ("k", 9, 9, "a")], header)
    assert fails(DataError, "b.csv", **options) == (
        "b.csv line 6: the series 'k' goes on here after another one; sort the rows by "
        "'patient', then by time"
    )
    write_csv("c.csv", [*rows, ("i", 9, 9, "a")], header)
    assert fails(DataError, "c.csv", **options).startswith(
        "c.csv line 6: the series 'i' has 'a' in column 'label' here and 'b' in its first row"
    )
    write_csv("d.csv", [*rows, ("", 9, 9, "a")], header)
    assert "d.csv line 6, column 'patient' names no series" in fails(DataError, "d.csv", **options)


@pytest.mark.parametrize("cell", ["NaN", "inf", "-Infinity", "x", "1_0", "0x1", "", "1e40", "1,5"])
def test_what_is_no_number(cell):
    write_csv("a.csv", [(1, 2, 3, "a"), (4, cell, 5, "b")], ("x", "y", "z", "label"))
    message = fails(DataError, "a.csv", series="wide")
    assert message.startswith("a.csv line 3, column 'y': ")


def test_a_decimal_comma_is_told():
    write_csv("a.csv", [(1, 2, "a"), (4, "-0,92", "b")], ("x", "y", "label"))
    message = fails(DataError, "a.csv", series="wide")
    assert message.startswith("a.csv line 3, column 'y': '-0,92' is no number; write -0.92; ")


def test_json_numbers_that_are_none():
    for value in (math.nan, math.inf, True, None, "NaN", [1, [2]], {}):
        write_json("a.jsonl", [{"s": [1, 2], "label": 1}, {"s": [1, value], "label": 2}])
        message = fails(DataError, "a.jsonl", series="wide")
        assert message.startswith("a.jsonl line 2, column 's': ")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"ids": True, "series": "wide"}, "--ids and --series"),
        ({"series": "long"}, "--series-column"),
        ({"series_column": "x"}, "--series long"),
        ({"features": 2}, "--series wide"),
        ({"series": "long", "series_column": "x", "features": 2}, "each text column is a feature"),
    ],
)
def test_options_that_contradict_each_other(options, told):
    assert told in fails(UsageError, "a.csv", **options)


numbers = st.floats(-GREATEST, GREATEST, allow_nan=False)


@given(st.integers(1, 3).flatmap(lambda n: st.lists(st.lists(numbers, min_size=n, max_size=n))))
def test_series_are_written_without_loss(steps):
    width = len(steps[0]) if steps else 1

    def read(text):
        parts = text.removesuffix(";").split(";") if ";" in text else text.split()
        return [[float(number) for number in part.split()] for part in parts]

    flat = [number for step in steps for number in step]
    names = [f"c{number}" for number in range(max(len(flat), 2))]
    cells = [*map(repr, flat), *([""] * (len(names) - len(flat)))]
    wide = SeriesOf(names, width)(dict(zip(names, cells, strict=True)))
    assert read(wide) == steps
    nested = SeriesOf(["s"])({"s": steps})
    assert read(nested) == steps
    assert SeriesOf(["s"])({"s": nested}) == nested


# Texts on disk


@settings(deadline=None)
@given(
    st.lists(st.text(st.characters(), max_size=20), max_size=30),
    st.sampled_from([0, 20, 10**6]),
    st.data(),
)
def test_stored_texts_are_those_that_were_added(texts, in_memory, data):
    with tempfile.TemporaryDirectory() as folder:
        builder = TextBuilder(Path(folder), in_memory)
        for text in texts:
            assert builder.add(text) == text.encode("utf-8", "surrogatepass")
        stored = builder.finish()
        assert os.listdir(folder) == []
        assert isinstance(stored, StoredTexts) == (sum(map(len, map(enc, texts))) > in_memory)
        assert list(stored) == texts
        assert [stored[number] for number in range(-len(texts), len(texts))] == texts * 2
        cut = data.draw(st.slices(len(texts)))
        assert list(stored[cut]) == texts[cut]
        if texts:
            chosen = data.draw(st.lists(st.integers(0, len(texts) - 1)))
            assert list(take(stored, chosen)) == [texts[number] for number in chosen]
        with pytest.raises(IndexError):
            stored[len(texts)]


def enc(text):
    return text.encode("utf-8", "surrogatepass")


def test_many_texts_lie_on_disk(monkeypatch):
    monkeypatch.setattr(stored_texts, "IN_MEMORY", 100)
    rows = rows_of({"a": 40, "b": 40})
    write_csv("a.csv", rows)
    splits, _ = load("a.csv")
    assert isinstance(splits.train.texts, StoredTexts)
    assert isinstance(splits.test.texts, StoredTexts)
    both = [*pairs(splits, splits.train), *pairs(splits, splits.test)]
    assert sorted(both) == sorted(rows)
    rows = splits.train.rows(3, 9)
    assert list(rows.texts) == list(splits.train.texts)[3:9]
    assert os.listdir("cache") == []


def test_a_cache_that_cannot_be_written_is_done_without(monkeypatch):
    Path("cache").write_text("a file")
    monkeypatch.setattr(stored_texts, "IN_MEMORY", 0)
    write_csv("a.csv", CALM)
    assert len(list(load("a.csv", test_split=0)[0].train.texts)) == 4


def test_a_full_disk_is_one_sentence(monkeypatch):
    class Full:
        def writelines(self, _):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(stored_texts, "IN_MEMORY", 0)
    monkeypatch.setattr(stored_texts, "nameless_file", lambda folder: Full())
    write_csv("a.csv", CALM)
    assert "cannot be put aside in cache: the disk is full" in fails(DataError, "a.csv")

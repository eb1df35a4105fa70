"""Columns, splits, classes: what is taken for what, and what is refused."""

import datasets
import numpy as np
import pytest

FILMS = [
    {"title": "One", "body": "fine", "stars": 1, "label": "good"},
    {"title": "Two", "body": "poor", "stars": 5, "label": "bad"},
    {"title": "Three", "body": "middling", "stars": 3, "label": "good"},
]


def saved(path, columns, **features):
    """Save columns with features of their own."""
    made = datasets.Dataset.from_dict(columns)
    made.cast(datasets.Features({**made.features, **features})).save_to_disk(path)
    return path


# Columns


def test_columns_are_guessed_where_obvious(load, rows):
    """A known name first; else the only column of texts."""
    assert load(rows("a.jsonl", FILMS)).train.texts == ["fine", "poor", "middling"]
    only = [{"words": film["body"], "Label": film["label"]} for film in FILMS]
    assert load(rows("b.jsonl", only)).train.texts == ["fine", "poor", "middling"]


def test_columns_that_are_not_obvious_are_asked_for(fails, rows):
    films = [{"a": film["title"], "b": film["body"], "label": film["label"]} for film in FILMS]
    assert fails(rows("a.jsonl", films)) == (
        "no column is plainly the text; choose -d text=NAME or -d text=NAME,NAME; the columns: "
        "a (texts), b (texts), label (texts)"
    )


def test_columns_of_texts_are_joined(load, rows):
    splits = load(rows("a.jsonl", FILMS), text="title,body")
    assert splits.train.texts == ["One fine", "Two poor", "Three middling"]


def test_a_wrong_column_is_told_with_those_there_are(fails, rows):
    path = rows("a.jsonl", FILMS)
    told = fails(path, text="boby")
    assert "-d text: there is no column 'boby'; did you mean 'body'?" in told
    assert "title (texts), body (texts), stars (whole numbers), label (texts)" in told
    assert "-d label: there is no column 'x'" in fails(path, label="x")
    assert "the column 'stars' holds whole numbers, not texts" in fails(path, text="stars")
    assert "cannot be both" in fails(path, text="label", label="label")


# Splits


def test_slices_are_those_of_datasets(load, rows):
    path = rows("a.jsonl", [{"text": str(n), "label": n % 2} for n in range(20)])
    splits = load(path, train="train[:50%]", validation="train[10:12]", test="train[-4:]+train[:1]")
    assert splits.train.texts == [str(n) for n in range(10)]
    assert splits.validation.texts == ["10", "11"]
    assert splits.test.texts == ["16", "17", "18", "19", "0"]


def test_a_wrong_split_is_told_with_those_there_are(fails, load, tmp_path):
    table = datasets.Dataset.from_dict({"text": ["a", "b"], "label": [0, 1]})
    datasets.DatasetDict(one=table, two=table).save_to_disk(tmp_path / "saved")
    assert "no split is plainly the one to learn from" in fails("saved")
    assert "there are: one, two" in fails("saved")
    assert len(load("saved", train="two").train) == 2
    assert fails("saved", train="tow[:1]") == (
        "-d train: there is no split 'tow'; did you mean 'two'? there are: one, two"
    )
    assert "-d train=two[:x] cannot be read as splits" in fails("saved", train="two[:x]")
    assert "-d train=two[:900%] cannot be read" in fails("saved", train="two[:900%]")


# Classes


def test_names_of_classes_keep_their_order(load, tmp_path):
    path = saved(
        tmp_path / "saved",
        {"text": ["a", "b"], "sense": [0, 1], "label": ["x", "y"]},
        sense=datasets.ClassLabel(names=["neg", "pos"]),
    )
    splits = load(path)  # the column with names of classes, not the one called label
    assert (splits.labels, splits.train.labels.tolist()) == (("neg", "pos"), [0, 1])
    assert load(path, label="label").labels == ("x", "y")


@pytest.mark.parametrize(
    ("values", "labels", "numbers"),
    [
        (["b", "a", "c"], ("a", "b", "c"), [1, 0, 2]),
        ([10, 9, -1], ("-1", "9", "10"), [2, 1, 0]),
        ([1.0, 2.0, 1.0], ("1", "2"), [0, 1, 0]),
        ([True, False, True], ("false", "true"), [1, 0, 1]),
    ],
)
def test_values_are_sorted(load, rows, values, labels, numbers):
    path = rows("a.jsonl", [{"text": "x", "label": value} for value in values])
    splits = load(path)
    assert splits.labels == labels
    assert splits.train.labels.tolist() == numbers
    assert splits.train.labels.dtype == np.int64
    assert splits.kind == ("binary" if len(labels) == 2 else "multiclass")


def test_lists_of_labels_are_multilabel(load, rows, tmp_path):
    many = [["b"], [], ["a", "b"]]
    splits = load(rows("a.jsonl", [{"text": "x", "labels": value} for value in many]))
    assert (splits.kind, splits.labels) == ("multilabel", ("a", "b"))
    assert splits.train.labels.tolist() == [[0, 1], [0, 0], [1, 1]]
    listed = datasets.Sequence(datasets.ClassLabel(names=["joy", "fear"]))
    path = saved(tmp_path / "s", {"text": ["x", "y"], "labels": [[1], [0, 1]]}, labels=listed)
    assert load(path).labels == ("joy", "fear")
    assert load(path).train.labels.tolist() == [[0, 1], [1, 1]]


def test_a_column_a_class_is_multilabel(load, fails, rows):
    films = [{"text": "x", "rude": 1, "loud": 0}, {"text": "y", "rude": 0, "loud": 0}]
    splits = load(rows("a.jsonl", films), label="rude,loud")
    assert (splits.kind, splits.labels) == ("multilabel", ("rude", "loud"))
    assert splits.train.labels.tolist() == [[1, 0], [0, 0]]
    path = rows("b.jsonl", [{"text": "x", "rude": 2, "loud": 0}])
    assert "the column 'rude' has 2, but several label columns" in fails(path, label="rude,loud")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (["a", "a"], "the column 'label' has only 'a' in the training examples"),
        ([[0, 1, 0], [1, 0, 0]], "seems to hold a 0 or 1 for every class"),
        ([0.5, 1.5], "holds numbers, such as 0.5, which are no classes"),
        ([[["a"]], [["b"]]], "which are no classes"),
        ([{"a": 1}, {"a": 2}], "which are no classes"),
        (list(range(30)), "has 30 different values in 30 training examples"),
    ],
)
def test_what_are_no_classes(fails, rows, values, sentence):
    assert sentence in fails(rows("a.jsonl", [{"text": "x", "label": v} for v in values]))


def test_splits_whose_classes_differ_are_refused(fails, tmp_path):
    def table(labels, names=None):
        made = datasets.Dataset.from_dict({"text": ["a", "b"], "label": labels})
        return made.cast_column("label", datasets.ClassLabel(names=names)) if names else made

    named = datasets.DatasetDict(train=table([0, 1], ["x", "y"]), test=table([0, 1], ["x", "z"]))
    named.save_to_disk(tmp_path / "named")
    assert "has the class 'z' in a split, but not in the training" in fails("named")
    mixed = datasets.DatasetDict(train=table([0, 1]), test=table(["x", "y"]))
    mixed.save_to_disk(tmp_path / "mixed")
    assert "holds texts in one split and numbers in another" in fails("mixed")


def test_a_class_without_training_example_is_told(load, rows, notes):
    films = [{"text": "x", "label": label} for label in ("a", "b", "a", "c")]
    splits = load(rows("a.jsonl", films), train="train[:3]", test="train[3:]")
    assert splits.labels == ("a", "b", "c")
    assert notes[-1] == "no training example has one of 1 classes: c"


# What is missing


def test_missing_values_are_an_error_or_dropped(load, fails, rows, notes):
    films = [("a", "x"), (None, "y"), ("c", "y"), ("d", None), ("e", "x")]
    path = rows("a.jsonl", [{"text": text, "label": label} for text, label in films])
    assert fails(path) == (
        "the split 'train' lacks 1 of 5 values in the column text, the first in row 2; mend the "
        "data, or leave such examples out with -d missing=drop"
    )
    splits = load(path, missing="drop")
    assert splits.train.texts == ["a", "c", "e"]
    assert splits.train.labels.tolist() == [0, 1, 0]
    assert "2 of 5 examples lack text or label and are left out" in notes[0]


def test_an_empty_text_is_not_missing(load, rows):
    path = rows("a.jsonl", [{"text": "", "label": 0}, {"text": "a", "label": 1}])
    assert load(path).train.texts == ["", "a"]


@pytest.mark.parametrize("named", [True, False])
def test_a_test_split_without_labels(load, fails, tmp_path, named):
    made = datasets.Dataset.from_dict({"text": ["a", "b"], "label": [0, 1]})
    bare = datasets.Dataset.from_dict({"text": ["c", "d"], "label": [-1, -1]})
    if named:
        classes = datasets.ClassLabel(names=["n", "p"])
        made, bare = (table.cast_column("label", classes) for table in (made, bare))
    datasets.DatasetDict(train=made, test=bare).save_to_disk(tmp_path / "saved")
    assert fails("saved") == (
        "the split 'test' has no labels: none of its 2 examples has one; choose a labelled split "
        "with -d test=NAME, or -d test=none"
    )
    assert load("saved", test="none").test is None


# The order, and the fingerprint


def test_examples_are_shuffled_alike_each_time(load, rows):
    path = rows("a.jsonl", [{"text": str(n), "label": n // 50} for n in range(100)])
    kept, one, again, other = (load(path, seed=seed) for seed in (None, 1, 1, 2))
    assert kept.train.labels[:50].sum() == 0
    assert 10 < one.train.labels[:50].sum() < 40
    assert [int(text) // 50 for text in one.train.texts] == one.train.labels.tolist()
    assert one.train.texts == again.train.texts != other.train.texts
    assert one.fingerprint == again.fingerprint != kept.fingerprint


def test_the_fingerprint_is_of_texts_and_labels(load, rows):
    def fingerprint(*films):
        path = rows("a.jsonl", [{"text": text, "label": label} for text, label in films])
        return load(path).fingerprint

    first = fingerprint(("a", "x"), ("b", "y"))
    assert len(first) == 64
    assert fingerprint(("a", "x"), ("b", "y")) == first
    assert fingerprint(("a", "y"), ("b", "x")) != first
    assert fingerprint(("a", "x"), ("c", "y")) != first
    assert fingerprint(("a", "x"), ("b", "z")) != first

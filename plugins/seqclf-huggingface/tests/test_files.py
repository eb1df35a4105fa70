"""Local data of every format, read as they are and without the network."""

import gzip
import socket

import datasets
import pytest

TEXTS = ["a fine film", "a poor film", "fine indeed, and long", 'poor, "at best"']
LABELS = ["good", "bad", "good", "bad"]
TABLE = datasets.Dataset.from_dict({"text": TEXTS, "label": LABELS})

WRITERS = {
    "films.csv": lambda path: TABLE.to_csv(path),
    "films.CSV": lambda path: TABLE.to_csv(path),
    "films.tsv": lambda path: TABLE.to_csv(path, sep="\t"),
    "films.json": lambda path: TABLE.to_json(path, lines=False),
    "films.jsonl": lambda path: TABLE.to_json(path),
    "films.parquet": lambda path: TABLE.to_parquet(path),
}


@pytest.fixture(autouse=True, scope="module")
def _without_bars():
    datasets.disable_progress_bars()
    yield
    datasets.enable_progress_bars()


def the_films(split):
    names = ("bad", "good")
    assert split.texts == TEXTS
    assert [names[number] for number in split.labels] == LABELS


def test_there_is_no_network(attempts):
    with pytest.raises(OSError, match="network"):
        socket.create_connection(("127.0.0.1", 9))
    with pytest.raises(OSError, match="network"):
        socket.getaddrinfo("huggingface.co", 443)
    assert len(attempts) == 2
    attempts.clear()


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_of_each_format(name, load, tmp_path, notes):
    WRITERS[name](tmp_path / name)
    splits = load(name)
    the_films(splits.train)
    assert (splits.labels, splits.kind, splits.test) == (("bad", "good"), "binary", None)
    assert notes[0] == (
        f"{name}: texts from text; 2 classes (binary) from label: bad, good; train 4"
    )
    assert "no test split" in notes[1]


def test_a_packed_file(load, tmp_path):
    TABLE.to_csv(tmp_path / "films.csv")
    packed = tmp_path / "films.csv.gz"
    packed.write_bytes(gzip.compress((tmp_path / "films.csv").read_bytes()))
    the_films(load(packed).train)


def test_a_file_whose_name_has_marks_of_patterns(load, tmp_path):
    TABLE.to_csv(tmp_path / "films [1]*.csv")
    the_films(load("films [1]*.csv").train)


def test_a_file_that_changes_is_read_anew(load, tmp_path):
    (tmp_path / "films.csv").write_text("text,label\na,x\nb,y\n")
    first = load("films.csv")
    (tmp_path / "films.csv").write_text("text,label\nc,x\nd,y\n")
    second = load("films.csv")
    assert second.train.texts == ["c", "d"]
    assert first.fingerprint != second.fingerprint == load("films.csv").fingerprint


def test_a_folder_with_splits(load, tmp_path):
    (tmp_path / "films").mkdir()
    for split in ("train", "test", "validation"):
        TABLE.to_csv(tmp_path / "films" / f"{split}.csv")
    splits = load("films")
    for split in (splits.train, splits.test, splits.validation):
        the_films(split)
    assert load("films", test=None, validation="none").test is None


def test_a_format_with_files(load, tmp_path, fails):
    for name in ("a.data", "b.data", "c.data"):
        TABLE.to_csv(tmp_path / name)
    splits = load("csv", files="train=a.data,train=b.data,test=c.data")
    assert (len(splits.train), len(splits.test)) == (8, 4)
    assert len(load("csv", files="?.data").train) == 12
    assert "name the format: -d path=csv -d files=a.data" in fails("a.data")
    assert "-d path=csv is a format, not data; add -d files=FILE" in fails("csv")
    assert "-d files must be FILE,FILE or" in fails("csv", files="a.data,test=b.data")
    assert "there is no data file" in fails("csv", files="z.data")


def test_lines_of_text_have_no_label(fails, tmp_path):
    (tmp_path / "films.txt").write_text("fine\npoor\n")
    told = fails("films.txt")
    assert told == (
        "no column is plainly the label; choose -d label=NAME; the columns: text (texts)"
    )
    assert fails("text", files="films.txt") == told


def test_saved_splits(load, tmp_path, fails):
    datasets.DatasetDict(train=TABLE, dev=TABLE).save_to_disk(tmp_path / "saved")
    splits = load("saved")
    the_films(splits.train)
    the_films(splits.validation)
    assert "a saved dataset" in fails("saved", files="x")
    TABLE.save_to_disk(tmp_path / "single")
    the_films(load("single").train)


def test_rows_in_another_order(load, tmp_path):
    """`select` keeps the table and an index beside it."""
    TABLE.select([3, 1, 0]).save_to_disk(tmp_path / "saved")
    assert load("saved").train.texts == [TEXTS[3], TEXTS[1], TEXTS[0]]


def test_the_data_directory_is_looked_into(load, tmp_path):
    (tmp_path / "data").mkdir()
    TABLE.to_csv(tmp_path / "data" / "films.csv")
    the_films(load("films.csv", data_dir=tmp_path / "data").train)
    the_films(load("csv", files="films.csv", data_dir=tmp_path / "data").train)


def test_the_home_folder_is_known(load, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    TABLE.to_csv(tmp_path / "films.csv")
    the_films(load("~/films.csv").train)


@pytest.mark.parametrize(
    ("path", "options", "sentence"),
    [
        ("./films", {}, "there is no file or folder ./films; mend -d path"),
        ("films.csv", {}, "there is no file or folder films.csv"),
        ("https://a.b/c.csv", {}, "'https://a.b/c.csv' is an address, not a path"),
        ("csv", {"files": "hf://a"}, "'hf://a' is an address"),
    ],
)
def test_a_path_that_is_not_there(fails, path, options, sentence):
    assert sentence in fails(path, **options)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"text,label\nx,y\n1,2,3\n", "a.csv cannot be read: Error tokenizing"),
        ("a.csv", b"", "a.csv cannot be read"),
        ("a.jsonl", b'{"text": "x"}\n{"text"\n', "a.jsonl cannot be read"),
        ("a.parquet", b"PAR1 nonsense", "a.parquet cannot be read"),
        ("a.csv", b"text,label\n\xff\xfe,x\n", "a.csv cannot be read"),
        ("a.csv", b"text,label\n", "the split 'train' of a.csv is empty"),
    ],
)
def test_a_malformed_file_is_named(fails, tmp_path, name, content, sentence):
    (tmp_path / name).write_bytes(content)
    assert sentence in fails(name)


def test_a_folder_without_data(fails, tmp_path):
    (tmp_path / "films").mkdir()
    assert fails("films") == "there is no data file that the library datasets reads in films"


def test_settings_without_a_meaning_are_told(fails, tmp_path):
    TABLE.to_csv(tmp_path / "films.csv")
    assert "-d revision has no meaning for films.csv" in fails("films.csv", revision="main")
    assert "-d files has no meaning" in fails("films.csv", files="films.csv")
    assert "-d name has no meaning for films.csv" in fails("films.csv", name="x")


def test_nothing_is_shown_but_notes(load, tmp_path, capfd):
    TABLE.to_csv(tmp_path / "films.csv")
    load("films.csv")
    assert capfd.readouterr() == ("", "")
    assert not datasets.config.HF_HUB_OFFLINE

"""`imdb` gives what Keras and R give, quickly the second time."""

from __future__ import annotations

import csv
import errno
import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from imdb_files import TRAIN, WORDS, write_imdb, write_word_index

from seqclf.contracts import LoadContext, Split
from seqclf.datasets import cache, download
from seqclf.datasets import imdb as imdb_module
from seqclf.datasets.imdb import imdb, load_imdb, open_imdb
from seqclf.encoding.padding import pad
from seqclf.encoding.words import WordEncoder
from seqclf.errors import DataError, UsageError
from seqclf.options import documented

_ROOT = Path(__file__).resolve().parents[1]
_SHARED = _ROOT.parent / "shared"
_REAL = Path(os.environ.get("SEQCLF_TEST_DATA") or _SHARED / "data") / "imdb"
_GOLDEN = _SHARED / "parity" / "golden" / "imdb_r.json"

needs_real = pytest.mark.skipif(
    not (_REAL / "imdb.npz").exists(), reason=f"the real reviews are not at {_REAL}"
)


@pytest.fixture(autouse=True)
def _no_keras_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(file: Any, context: LoadContext) -> Path:
        raise DataError(f"{file.name} could not be downloaded")

    monkeypatch.setattr(download, "download", refuse)
    monkeypatch.setattr(imdb_module, "download", refuse)


@pytest.fixture
def notes() -> list[str]:
    return []


@pytest.fixture
def context(tmp_path: Path, notes: list[str]) -> LoadContext:
    write_imdb(tmp_path / "data" / "imdb.npz")
    return LoadContext(tmp_path / "cache", tmp_path / "data", note=notes.append)


def lists(split: Split | None) -> list[list[int]]:
    assert split is not None
    assert split.ids is not None
    return [review.tolist() for review in split.ids]


def keras_imdb(path: Path, monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Any:
    """Give what Keras makes of a file."""
    from keras.src.datasets import imdb as keras_module

    monkeypatch.setattr(keras_module, "get_file", lambda **_: str(path))
    (x_train, y_train), (x_test, y_test) = keras_module.load_data(**settings)
    return (list(map(list, x_train)), list(y_train)), (list(map(list, x_test)), list(y_test))


def ours(path: Path, **settings: Any) -> Any:
    context = LoadContext(path.parent / "cache", path.parent)
    train, test = load_imdb(open_imdb(context), **settings)
    assert train.ids is not None
    assert (train.ids.values.dtype, train.ids.offsets.dtype) == (np.int32, np.int64)
    assert train.labels.dtype == np.int64
    return (lists(train), train.labels.tolist()), (lists(test), test.labels.tolist())


def reviews() -> st.SearchStrategy[Any]:
    review = st.lists(st.integers(0, 40), min_size=1, max_size=8)
    labelled = st.lists(st.tuples(review, st.integers(0, 1)), min_size=1, max_size=12)
    return labelled.map(lambda pairs: tuple(map(list, zip(*pairs, strict=True))))


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    train=reviews(),
    test=reviews(),
    chosen=st.fixed_dictionaries(
        {
            "num_words": st.none() | st.integers(0, 50),
            "skip_top": st.integers(0, 20),
            "maxlen": st.none() | st.integers(0, 12),
            "seed": st.sampled_from([113, 0, 7]),
            "start_char": st.none() | st.integers(0, 5),
            "oov_char": st.none() | st.integers(0, 5),
            "index_from": st.integers(0, 5),
        }
    ),
)
def test_reviews_are_those_of_keras(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, train: Any, test: Any, chosen: dict[str, Any]
) -> None:
    path = write_imdb(tmp_path / "imdb.npz", train[0], test[0], train[1], test[1])
    try:
        expected = keras_imdb(path, monkeypatch, **chosen)
    except ValueError:
        with pytest.raises(UsageError, match="no review is shorter than maxlen"):
            ours(path, **chosen)
    else:
        assert ours(path, **chosen) == expected


@needs_real
def test_the_real_reviews_are_those_of_keras(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = {"num_words": 5_000, "skip_top": 20, "maxlen": 300, "oov_char": None, "seed": 1}
    expected = keras_imdb(_REAL / "imdb.npz", monkeypatch, **chosen)
    source = open_imdb(LoadContext(tmp_path, _REAL))
    for split, (sequences, labels) in zip(load_imdb(source, **chosen), expected, strict=True):
        assert split.ids is not None
        assert np.array_equal(split.labels, labels)
        assert np.array_equal(split.ids.lengths, [len(review) for review in sequences])
        assert np.array_equal(split.ids.values, np.concatenate(sequences))


@needs_real
@pytest.mark.skipif(not _GOLDEN.exists(), reason=f"R's results are not at {_GOLDEN}")
def test_the_real_reviews_are_those_of_r(tmp_path: Path) -> None:
    golden = json.loads(_GOLDEN.read_text(encoding="utf-8"))
    splits = imdb.load(LoadContext(tmp_path, _REAL, num_words=golden["num_words"]))
    for name in ("train", "test"):
        split = getattr(splits, name)
        told = golden["ragged"][name]
        assert len(split) == told["n"]
        assert (split.ids.lengths.min(), split.ids.lengths.max()) == (told["min"], told["max"])
        assert len(split.ids.values) == told["total_tokens"]
        assert split.ids.values.sum(dtype=np.int64) == told["sum_all_ints"]
        assert (split.ids.values == 2).sum() == told["n_oov2"]
        assert split.ids.lengths[:5].tolist() == told["first5_lengths"]
        assert split.labels.sum() == golden["labels"][name]["sum"]
        assert split.labels[:20].tolist() == golden["labels"][name]["first20"]
        told = golden["padded"][name]
        padded = pad(split.ids, golden["maxlen"])
        assert padded.sum(dtype=np.int64) == told["sum_all"]
        assert padded[:10].sum(axis=1).tolist() == told["row_sums_first10"]
        assert padded[:3].tolist() == golden[f"first3_{name}"]
        rows = (np.arange(len(padded)) + 1) % 97
        columns = (np.arange(padded.shape[1]) + 1) % 89
        assert rows @ (padded.astype(np.int64) @ columns) == told["weighted_checksum"]
    head = golden["first_train_head"]
    assert splits.train.ids is not None
    assert splits.train.ids[0][: len(head)].tolist() == head


@needs_real
@pytest.mark.parametrize("name", ["train", "test"])
def test_the_encoder_gives_the_very_ids_of_the_raw_reviews(tmp_path: Path, name: str) -> None:
    splits = imdb.load(LoadContext(tmp_path, _REAL))
    with gzip.open(_REAL / f"reviews_{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)][:4_000]
    split = splits.train if name == "train" else splits.test
    assert splits.encoder is not None
    assert split is not None
    assert split.ids is not None
    known = Counter(review.tobytes() for review in split.ids)
    found = Counter(review.tobytes() for review in splits.encoder.encode(texts))
    assert (known & found).total() == len(texts)


def test_the_run_settings_and_options_are_heeded(context: LoadContext) -> None:
    assert context.data_dir is not None
    write_word_index(context.data_dir / "imdb_word_index.json")
    chosen = LoadContext(context.cache_dir, context.data_dir, num_words=9, skip_top=5)
    options = {"maxlen": 5, "seed": 3, "start_char": 6, "oov_char": 4, "index_from": 2}
    splits = imdb.load(chosen, **imdb.check_options(options))
    train, test = load_imdb(open_imdb(context), num_words=9, skip_top=5, **options)
    assert (lists(splits.train), lists(splits.test)) == (lists(train), lists(test))
    assert len(splits.train) == len(TRAIN) - 1
    assert isinstance(splits.encoder, WordEncoder)
    assert lists(Split(np.zeros(1), ids=splits.encoder.encode(["The film, dull and new"]))) == [
        [6, 4, 6, 7, 4]
    ]


def test_the_encoder_agrees_with_the_ids(context: LoadContext) -> None:
    assert context.data_dir is not None
    write_word_index(context.data_dir / "imdb_word_index.json")
    names = {rank: word for word, rank in WORDS.items()}
    text = " ".join(names[rank] for rank in TRAIN[0])
    splits = imdb.load(context)
    assert splits.encoder is not None
    assert splits.encoder.encode([text])[0].tolist() in lists(splits.train)


def test_the_fingerprint_is_the_hash_of_the_file(context: LoadContext) -> None:
    import hashlib

    assert context.data_dir is not None
    content = (context.data_dir / "imdb.npz").read_bytes()
    assert imdb.load(context).fingerprint == hashlib.sha256(content).hexdigest()


def test_without_a_word_index_the_run_goes_on(context: LoadContext, notes: list[str]) -> None:
    assert imdb.load(context).encoder is None
    (note,) = notes
    assert "cannot predict raw text" in note
    assert f"{context.data_dir}/imdb_word_index.json".replace("/", os.sep) in note


def test_the_word_index_may_lie_elsewhere(context: LoadContext, notes: list[str]) -> None:
    (context.cache_dir / "downloads").mkdir(parents=True)
    write_word_index(context.cache_dir / "downloads" / "imdb_word_index.json")
    assert imdb.load(context).encoder is not None
    assert notes == []


def test_a_malformed_word_index_is_told(context: LoadContext) -> None:
    assert context.data_dir is not None
    write_word_index(context.data_dir / "imdb_word_index.json", ["the"])
    with pytest.raises(DataError, match="is not a JSON object of words"):
        imdb.load(context)


def test_every_option_is_explained() -> None:
    told = documented(imdb.load, imdb.options)
    assert all(told.values())
    assert "DROPS" in told["maxlen"]
    assert "--maxlen" in told["maxlen"]
    assert imdb.defaults == {}
    for name in ("maxlen", "start_char", "oov_char"):
        assert imdb.check_options({name: "none"})[name] is None


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"maxlen": 1}, "no review is shorter than maxlen=1"),
        ({"seed": 2**32}, "seed"),
        ({"index_from": 2**31}, "below 2147483648"),
        ({"oov_char": 10_000}, "below the number of words"),
    ],
)
def test_settings_that_cannot_be_meant_are_told(
    context: LoadContext, chosen: dict[str, Any], told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        imdb.load(context, **chosen)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "imdb.npz"
    folder.mkdir(parents=True)
    with pytest.raises(DataError, match="is a folder"):
        open_imdb(LoadContext(tmp_path / "cache", tmp_path / "data"))


def test_a_forbidden_file_is_told(context: LoadContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_: Any, **__: Any) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", forbid)
    with pytest.raises(DataError, match=r"imdb\.npz cannot be read: Permission denied"):
        open_imdb(context)


def prepared(context: LoadContext) -> list[Path]:
    return sorted((context.cache_dir / "imdb").iterdir())


def test_the_second_load_reads_prepared_arrays(
    context: LoadContext, notes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from seqclf.datasets import npz

    first = open_imdb(context)
    assert len(prepared(context)) == 1
    monkeypatch.setattr(npz, "read_imdb_npz", None)
    second = open_imdb(context)
    assert lists(second.train) == lists(first.train) == TRAIN
    assert lists(second.test) == lists(first.test)
    assert second.train.labels.tolist() == first.train.labels.tolist()
    assert notes == []


def test_a_replaced_file_is_read_anew(context: LoadContext) -> None:
    open_imdb(context)
    assert context.data_dir is not None
    write_imdb(context.data_dir / "imdb.npz", train=[[8]] * 5)
    assert lists(open_imdb(context).train) == [[8]] * 5


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _overwrite(path: Path) -> None:
    content = bytearray(path.read_bytes())
    at = content.index(np.array(TRAIN[0], np.int32).tobytes())
    content[at] ^= 1
    path.write_bytes(content)


def _confuse(path: Path) -> None:
    other = path.with_name("other.npz")
    path.rename(other)
    np.savez(path, **{**np.load(other), "key": np.array("another")})
    other.unlink()


def _shorten(path: Path) -> None:
    arrays = dict(np.load(path))
    np.savez(path, **{**arrays, "train.values": arrays["train.values"][:-1]})


@pytest.mark.parametrize("damage", [_truncate, _empty, _overwrite, _confuse, _shorten])
def test_a_damaged_prepared_copy_is_made_again(
    context: LoadContext, notes: list[str], damage: Any
) -> None:
    open_imdb(context)
    (path,) = prepared(context)
    sound = path.stat().st_size
    damage(path)
    assert lists(open_imdb(context).train) == TRAIN
    (note,) = notes
    assert str(path) in note
    assert "made again" in note
    assert prepared(context) == [path]
    assert path.stat().st_size == sound


@pytest.mark.parametrize("failing", ["savez", "replace"])
def test_a_full_disk_keeps_no_copy_and_does_no_harm(
    context: LoadContext, notes: list[str], monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def fail(file: Any, *_: Any, **__: Any) -> None:
        if failing == "savez":
            file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(cache.np if failing == "savez" else cache.os, failing, fail)
    assert lists(open_imdb(context).train) == TRAIN
    (note,) = notes
    assert "no prepared copy was kept" in note
    assert "No space left on device" in note
    assert prepared(context) == []


def test_a_cache_that_cannot_be_written_does_no_harm(
    context: LoadContext, notes: list[str]
) -> None:
    context.cache_dir.write_text("a file where a folder should be")
    assert lists(open_imdb(context).train) == TRAIN
    assert "no prepared copy was kept" in notes[-1]


def test_ctrl_c_while_the_copy_is_written_leaves_nothing(
    context: LoadContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cache.np, "savez", interrupt)
    with pytest.raises(KeyboardInterrupt):
        open_imdb(context)
    assert prepared(context) == []


_LOAD = """
import sys
from pathlib import Path
from seqclf.contracts import LoadContext
from seqclf.datasets.imdb import open_imdb
context = LoadContext(Path(sys.argv[1]), Path(sys.argv[2]), note=print)
sys.stdin.readline()
for _ in range(20):
    source = open_imdb(context)
    assert source.train.ids.values.sum() == int(sys.argv[3])
    (context.cache_dir / "imdb" / f"ranks-1-{source.sha256}.npz").unlink(missing_ok=True)
open_imdb(context)
"""


def test_two_processes_may_prepare_at_once(context: LoadContext) -> None:
    total = str(sum(map(sum, TRAIN)))
    command = [sys.executable, "-c", _LOAD, str(context.cache_dir), str(context.data_dir), total]
    pipe = subprocess.PIPE
    both = [
        subprocess.Popen(
            command, cwd=_ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(2)
    ]
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate(timeout=60)[0] for process in both] == ["", ""]
    assert [process.returncode for process in both] == [0, 0]
    assert [path.suffix for path in prepared(context)] == [".npz"]


def test_listing_the_dataset_imports_nothing_heavy() -> None:
    code = (
        "import sys, seqclf.datasets.imdb; "
        "print({'numpy', 'keras', 'pooch', 'requests'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"

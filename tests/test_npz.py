"""`imdb.npz` is read without trust."""

from __future__ import annotations

import builtins
import os
import pickle
import struct
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from imdb_files import (
    PYTHON_2_PICKLE,
    TEST,
    TEST_LABELS,
    TRAIN,
    TRAIN_LABELS,
    WORDS,
    as_objects,
    numpy_1_pickle,
    object_member,
    write_imdb,
    write_with_members,
    write_word_index,
)

from seqclf.datasets import npz
from seqclf.datasets.npz import read_imdb_npz, read_word_index, words_by_rank
from seqclf.errors import DataError


def read(path: Path) -> Any:
    with path.open("rb") as file:
        return read_imdb_npz(file, path)


def refusal(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read(path)
    assert str(path) in caught.value.sentence
    assert "\n" not in str(caught.value)
    return str(caught.value)


def lists(split: Any) -> list[list[int]]:
    return [review.tolist() for review in split.ids]


def test_reviews_are_read_as_they_lie(tmp_path: Path) -> None:
    train, test = read(write_imdb(tmp_path / "imdb.npz"))
    assert lists(train) == TRAIN
    assert lists(test) == TEST
    assert train.labels.tolist() == TRAIN_LABELS
    assert test.labels.tolist() == TEST_LABELS
    assert (train.ids.values.dtype, train.ids.offsets.dtype) == (np.int32, np.int64)
    assert train.labels.dtype == np.int64


@pytest.mark.parametrize("protocol", [2, 3])
def test_files_of_older_numpy_are_read(tmp_path: Path, protocol: int) -> None:
    members: dict[str, bytes | None] = {
        "x_test": object_member(numpy_1_pickle(TEST, protocol), len(TEST))
    }
    assert lists(read(write_with_members(tmp_path / "imdb.npz", members))[1]) == TEST


def test_files_of_python_2_are_read_without_a_warning(tmp_path: Path) -> None:
    assert pickle.loads(PYTHON_2_PICKLE).tolist() == TEST
    content = object_member(PYTHON_2_PICKLE, 3, shape="3L")
    path = write_with_members(tmp_path / "imdb.npz", {"x_test": content})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert lists(read(path)[1]) == TEST


class Calls:
    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("where", ["alone", "in a review", "twice wrapped", "beside a mapping"])
@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda canary: Calls(os.system, f"touch {canary}"), f"{os.system.__module__}.system"),
        (lambda canary: Calls(builtins.eval, f"open({str(canary)!r}, 'w')"), "eval"),
        (lambda canary: Calls(np.load, str(canary)), "numpy"),
    ],
)
def test_nothing_in_a_file_is_executed(
    tmp_path: Path, make: Any, name: str, where: str, protocol: int
) -> None:
    canary = tmp_path / "canary"
    payload = make(canary)
    wrapped = {
        "alone": payload,
        "in a review": as_objects([*TRAIN[:4], [1, payload]]),
        "twice wrapped": Calls(len, Calls(list, (payload,))),
        "beside a mapping": as_objects([*TRAIN[:4], [payload, {"a": 1}]]),
    }[where]
    content = object_member(pickle.dumps(wrapped, protocol), len(TRAIN))
    sentence = refusal(write_with_members(tmp_path / "imdb.npz", {"x_train": content}))
    assert "is not trusted: its 'x_train'" in sentence
    assert "asks to load" in sentence
    assert where == "twice wrapped" or name in sentence
    assert not canary.exists()


def nested_tuples(depth: int) -> bytes:
    return b"\x80\x04}K\x01" + b"\x85" * depth + b"K\x01s."


@pytest.mark.parametrize(
    ("pickled", "told"),
    [
        (b"\x80\x04K\x01Q.", "BINPERSID"),
        (b"\x80\x02P12\n.", "PERSID"),
        (b"\x80\x02\x82\x01.", "EXT1"),
        (b"\x80\x02(ios\nsystem\n.", "INST"),
        (b"\x80\x02(cnumpy\nndarray\no.", "OBJ"),
        (b"\x80\x02cnumpy\nndarray\n)\x81.", "NEWOBJ"),
        (nested_tuples(2_000_000), "EMPTY_DICT"),  # hashing it would end the process
        (b"\x80\x02K\x01r\xff\xff\xff\x7f00000.", "LONG_BINPUT"),  # would reserve 16 GB
        (b"\x80\x04\x8e" + struct.pack("<Q", 2**40) + b".", "BINBYTES8"),
        (b"\x80\x04" + b"\x8c\x01a0" * 2_000 + b".", "POP"),
        (b"\x80\x04" + b"\x8c\x01a" * 2_000 + b".", "SHORT_BINUNICODE"),
    ],
)
def test_instructions_that_numbers_do_not_need_are_refused(
    tmp_path: Path, pickled: bytes, told: str
) -> None:
    path = write_with_members(tmp_path / "imdb.npz", {"x_train": object_member(pickled, 5)})
    assert f"has a pickle instruction, {told}, that" in refusal(path)


@pytest.mark.parametrize(
    "pickled",
    [
        b"",
        b".",
        b"\x80\x09.",
        b"\x80\x04\xff.",
        b"\x80\x04K\x01.",
        b"\x80\x04]" + b"(]" * 50_000,
        b"\x80\x04" + b"]" + b"\x85" * 100_000 + b".",
        b"\x80\x04h\x07.",
        b"\x80\x04cnumpy\nndarray\nK\x01b.",  # sets the state of the class, not of an object
        b"\x80\x04cnumpy\nndarray\n)RK\x01\x85R.",  # calls an object
        b"\x80\x04cnumpy\nndarray\n)RK\x01b.",
        b"\x80\x04X\xff\xff\xff\x7fab.",
        b"\x80\x02K\x01r\xff\xff\xff\x7f.",  # would reserve 16 GB
        pickle.dumps(as_objects(TRAIN))[:-20],
        pickle.dumps(as_objects(TRAIN[:4])),
        pickle.dumps(np.array([[1, 2]] * 5, object)),
        pickle.dumps(as_objects([(1, 2)] * 5)),
        pickle.dumps(as_objects([[1, None]] * 5)),
        pickle.dumps(as_objects([["a"]] * 5)),
        pickle.dumps(as_objects([[[1]]] * 5)),
        pickle.dumps(as_objects([[-1]] * 5)),
        pickle.dumps(as_objects([[2**31]] * 5)),
        pickle.dumps(as_objects([[]] * 5)),
    ],
)
def test_pickles_of_other_things_are_refused(tmp_path: Path, pickled: bytes) -> None:
    path = write_with_members(tmp_path / "imdb.npz", {"x_train": object_member(pickled, 5)})
    assert "cannot be used: its 'x_train'" in refusal(path)


def test_one_long_review_many_times_over_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(npz, "MOST_TOKENS", 1_000)
    path = write_imdb(tmp_path / "imdb.npz", train=[[1] * 300] * 5)
    assert "has 1,500 words" in refusal(path)


def plain_member(array: Any) -> bytes:
    import io

    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.array(array))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("member", "content", "told"),
    [
        ("x_test", None, "has no 'x_test'"),
        ("y_train", None, "has no 'y_train'"),
        ("x_train", b"", "'x_train' does not begin as an array does"),
        ("x_train", b"\x93NUMPY\x09\x00", "'x_train' does not begin as an array does"),
        ("x_train", object_member(b".", 5, "__import__('os')"), "does not begin as"),
        ("x_train", object_member(b".", 5, "5, 2"), "has the shape (5, 2)"),
        ("x_train", object_member(b".", 0, "0"), "has the shape (0,)"),
        ("x_train", object_member(b".", 0, "10**12"), "does not begin as"),
        ("x_train", object_member(b".", 0, "1000000000000"), "has the shape"),
        ("x_train", plain_member([1, 2, 3, 4, 5]), "holds int64 values, not lists"),
        ("y_train", plain_member([0.0, 1, 1, 0, 1]), "holds float64 values, not labels"),
        ("y_train", plain_member([0, 1, 2, 0, 1]), "other labels than 0 and 1"),
        ("y_train", plain_member([0, 1, 1]), "'x_train' and 'y_train' differ in length"),
        ("y_train", plain_member([0, 1, 1, 0, 1])[:-3], "shorter or longer than it says"),
        ("y_train", object_member(b"cos\nsystem\n.", 5), "holds object values, not labels"),
    ],
)
def test_members_that_do_not_fit_are_named(
    tmp_path: Path, member: str, content: bytes | None, told: str
) -> None:
    path = write_with_members(tmp_path / "imdb.npz", {member: content})
    assert told in refusal(path)


@pytest.mark.parametrize("share", [0, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999])
def test_a_file_that_is_cut_short_is_refused(tmp_path: Path, share: float) -> None:
    whole = write_imdb(tmp_path / "imdb.npz").read_bytes()
    path = tmp_path / "cut.npz"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "delete it and download it again" in refusal(path)


def test_an_overwritten_byte_is_never_a_traceback(tmp_path: Path) -> None:
    whole = write_imdb(tmp_path / "imdb.npz").read_bytes()
    path = tmp_path / "overwritten.npz"
    for at in range(0, len(whole), 7):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :])
        try:
            train, _ = read(path)
        except DataError:
            continue
        assert lists(train) == TRAIN


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is empty"),
        (b"<html>no such page</html>", "not an npz file"),
        (b"PK\x03\x04", "cut"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "imdb.npz"
    path.write_bytes(content)
    assert told in refusal(path)


def test_a_member_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(npz, "MOST_BYTES", 2**20)
    path = write_with_members(tmp_path / "imdb.npz", {"x_train": bytes(2**21)})
    assert path.stat().st_size < 10_000
    assert "'x_train' would unpack to 2 MB, more than 1 MB" in refusal(path)


def test_too_little_memory_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> bytes:
        raise MemoryError

    monkeypatch.setattr(zipfile.ZipFile, "read", fail)
    assert "not enough memory" in refusal(write_imdb(tmp_path / "imdb.npz"))


def test_the_word_index_is_read(tmp_path: Path) -> None:
    index = read_word_index(write_word_index(tmp_path / "index.json"))
    assert index == WORDS
    assert words_by_rank(index)[:3] == ["the", "and", "a"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "\udcff",
        "[" * 100_000,
        "[]",
        "{}",
        '{"a": 1.5}',
        '{"a": true}',
        '{"a": "1"}',
        '{"a": 0}',
        '{"a": 1, "b": 1}',
        '{"a": [1]}',
        '{"a": 1, "b": 10000001}',
        '{"a": 1' + "0" * 5_000 + "}",
    ],
)
def test_a_malformed_word_index_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "imdb_word_index.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(DataError, match=r"imdb_word_index\.json"):
        read_word_index(path)

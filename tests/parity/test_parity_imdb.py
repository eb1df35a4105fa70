"""`dataset_imdb` gives the reviews that R's gives, padded as R pads them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from golden_files import IMDB, IMDB_GOLDEN

from seqclf.r import dataset_imdb, pad_sequences

pytestmark = [
    pytest.mark.skipif(
        not (IMDB / "imdb.npz").exists(), reason=f"the real reviews are not at {IMDB}"
    ),
    pytest.mark.skipif(not IMDB_GOLDEN.exists(), reason=f"R's results are not at {IMDB_GOLDEN}"),
]


@pytest.fixture(scope="module")
def told() -> Any:
    return json.loads(IMDB_GOLDEN.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def imdb(told: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQCLF_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("SEQCLF_DATA_DIR", str(IMDB))
        return dataset_imdb(num_words=told["num_words"])


@pytest.mark.parametrize("name", ["train", "test"])
def test_the_reviews_are_those_of_r(imdb: Any, told: Any, name: str) -> None:
    x, y = getattr(imdb, name)
    expected = told["ragged"][name]
    lengths = np.array([len(review) for review in x])
    values = np.concatenate([np.asarray(review) for review in x])
    assert len(x) == len(y) == expected["n"]
    assert lengths.mean() == pytest.approx(expected["mean"], abs=1e-9)
    assert np.median(lengths) == expected["median"]
    assert (lengths.min(), lengths.max()) == (expected["min"], expected["max"])
    assert lengths[:5].tolist() == expected["first5_lengths"]
    assert (lengths > told["maxlen"]).sum() == expected["n_longer_than_500"]
    assert values.size == expected["total_tokens"]
    assert values.sum(dtype=np.int64) == expected["sum_all_ints"]
    assert (values.min(), values.max()) == (expected["min_index"], expected["max_index"])
    assert (values == 2).sum() == expected["n_oov2"]
    labels = told["labels"][name]
    assert (np.sum(y), list(y[:20])) == (labels["sum"], labels["first20"])


@pytest.mark.parametrize("name", ["train", "test"])
def test_the_padded_reviews_are_those_of_r(imdb: Any, told: Any, name: str) -> None:
    padded = pad_sequences(getattr(imdb, name).x, maxlen=told["maxlen"])
    expected = told["padded"][name]
    assert padded.shape == tuple(expected["shape"])
    assert padded.dtype == np.int32
    assert padded[:3].tolist() == told[f"first3_{name}"]
    assert padded.sum(dtype=np.int64) == expected["sum_all"]
    assert padded[:10].sum(axis=1).tolist() == expected["row_sums_first10"]
    assert padded[:, 0].sum(dtype=np.int64) == expected["col_sum_first"]
    assert padded[:, -1].sum(dtype=np.int64) == expected["col_sum_last"]
    counted = {0: "n_zero", 1: "n_start1", 2: "n_oov2"}
    assert {key: (padded == token).sum() for token, key in counted.items()} == {
        key: expected[key] for key in counted.values()
    }
    assert padded.max() == expected["max"]
    rows = (np.arange(len(padded)) + 1) % 97
    columns = (np.arange(padded.shape[1]) + 1) % 89
    assert rows @ (padded.astype(np.int64) @ columns) == expected["weighted_checksum"]


def test_the_first_review_begins_as_in_r(imdb: Any, told: Any) -> None:
    head = told["first_train_head"]
    assert np.asarray(imdb.train.x[0])[: len(head)].tolist() == head


def test_it_unpacks_as_in_r(imdb: Any, told: Any) -> None:
    (x_train, y_train), (x_test, y_test) = imdb
    assert x_train is imdb.train.x
    assert y_train is imdb.train.y
    assert x_test is imdb.test.x
    assert y_test is imdb.test.y
    split = told["validation_split_0.2"]
    kept = split["train_n"]
    assert len(y_train) - kept == split["val_n"]
    assert np.sum(y_train[:kept]) == split["train_label_sum"]
    assert np.sum(y_train[kept:]) == split["val_label_sum"]

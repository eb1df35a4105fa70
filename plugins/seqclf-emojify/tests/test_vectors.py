"""Reading word vectors: the wanted ones, and the line that is wrong."""

import gzip

import numpy as np
import pytest
from seqclf.errors import DataError

from seqclf_emojify.vectors import read_vectors


@pytest.fixture
def path(tmp_path):
    return tmp_path / "vectors.txt"


@pytest.mark.parametrize("packed", [False, True])
def test_only_wanted_words_are_kept(path, packed):
    text = b"the 1 2 3\nball 0.5 -1 1e-3\n. . 4 5 6\nball 9 9 9\nfood 7 8 9 \n"
    path.write_bytes(gzip.compress(text) if packed else text)
    length, found = read_vectors(path, {"ball", "food", "love"})
    assert length == 3
    assert sorted(found) == ["ball", "food"]
    assert found["ball"].tolist() == np.float32([0.5, -1, 0.001]).tolist()  # the first counts
    assert found["food"].dtype == np.float32


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"", "is empty"),
        (b"ball\n", "line 1: there are no numbers"),
        (b"the 1 2\nball 1\n", "line 2: it has 1 of the 2 numbers that line 1 has"),
        (b"the 1 2\nball 1 2\n\n", "line 3: it has 0 of the 2"),
        (b"the 1 2\nball 1 2 3\n", "line 2: it has more numbers than line 1, which has 2"),
        (b"400000 2\nball 1 2\n", "line 2: it has more numbers than line 1, which has 1"),
        (b"the 1 2\nball 1 x\n", "line 2: 'x' is not a number"),
        (b"the 1 2\nball 1 nan\n", "line 2: 'nan' is not a number"),
        (b"the 1 2\nb\xff 1 2\n", "line 2 is not UTF-8 text"),
        (gzip.compress(b"the 1 2\n" * 9000)[:-20], "is cut short or damaged after line"),
        (b"\x1f\x8bnonsense", "is cut short or damaged after line 0"),
    ],
)
def test_a_malformed_line_is_named(path, text, sentence):
    path.write_bytes(text)
    with pytest.raises(DataError) as error:
        read_vectors(path, {"ball"})
    assert str(error.value).startswith(str(path))
    assert sentence in str(error.value)


def test_a_file_that_is_not_there_is_named(path, tmp_path):
    with pytest.raises(DataError, match=r"vectors\.txt cannot be read: No such file"):
        read_vectors(path, {"ball"})
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
        read_vectors(tmp_path, {"ball"})

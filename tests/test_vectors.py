"""Pretrained vectors: every format, which word gets which vector, and what is wrong in a file."""

import gzip
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from seqclf.encoding.vectors import read_vectors
from seqclf.errors import DataError, UsageError

SHARED = Path(__file__).parents[2] / "shared" / "data"
REAL = SHARED / "vectors" / "word-vectors.50d.txt.gz"


def glove(words, rows):
    return b"".join(
        b" ".join([word.encode(), *(repr(float(number)).encode() for number in row)]) + b"\n"
        for word, row in zip(words, rows, strict=True)
    )


def header(words, rows):
    return b"%d %d\n" % (len(words), rows.shape[1])


def word2vec_text(words, rows):
    return header(words, rows) + glove(words, rows)


def fasttext(words, rows):
    return word2vec_text(words, rows).replace(b"\n", b" \n").replace(b" \n", b"\n", 1)


def gensim_binary(words, rows):
    pairs = zip(words, rows.astype("<f4"), strict=True)
    return header(words, rows) + b"".join(
        word.encode() + b" " + row.tobytes() for word, row in pairs
    )


def word2vec_binary(words, rows):
    pairs = zip(words, rows.astype("<f4"), strict=True)
    return header(words, rows) + b"".join(
        word.encode() + b" " + row.tobytes() + b"\n" for word, row in pairs
    )


def windows(words, rows):
    return b"\xef\xbb\xbf" + glove(words, rows).replace(b"\n", b"\r\n")


FORMATS = [glove, windows, word2vec_text, fasttext, gensim_binary, word2vec_binary]

ROWS = np.float32([[0.5, -1, 0.001], [2, 0.25, 0], [-3, 3.4e38, 1e-30]])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "vectors"


def read(path, content, words=("", "the", "film"), **given):
    path.write_bytes(content)
    return read_vectors(path, words, **given)


# Formats


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.__name__)
def test_every_format_gives_the_same_numbers(path, form, packed):
    content = form(["the", "ünï", "日本"], ROWS)
    words = ["", "日本", "", "the", "nowhere", "ünï"]
    vectors = read(path, gzip.compress(content) if packed else content, words)
    assert vectors.matrix.dtype == np.float32
    assert vectors.dim == 3
    zeros = [0, 0, 0]
    expected = np.float32([zeros, ROWS[2], zeros, ROWS[0], zeros, ROWS[1]])
    assert vectors.matrix.tolist() == expected.tolist()
    assert (vectors.found, vectors.wanted, vectors.missing) == (3, 4, ("nowhere",))


signs = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=" ")
words_of_a_file = st.lists(st.text(signs, min_size=1, max_size=6), min_size=1, max_size=12)


def first_spelling(word, spellings):
    return next((other for other in spellings if other.lower() == word.lower()), None)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), form=st.sampled_from(FORMATS), packed=st.booleans())
def test_what_is_written_is_read_back(tmp_path_factory, data, form, packed):
    spellings = data.draw(words_of_a_file)
    # A first word such as "12" with a single number would be a header.
    dim = data.draw(st.integers(2, 6))
    numbers = st.floats(-100, 100, width=32)
    rows = data.draw(arrays(np.float32, (len(spellings), dim), elements=numbers))
    others = data.draw(st.lists(st.text(signs, min_size=1, max_size=3), max_size=4))
    mine = list(dict.fromkeys([*data.draw(st.permutations(spellings)), *others]))
    content = form(spellings, rows)
    path = tmp_path_factory.getbasetemp() / "generated"
    vectors = read(path, gzip.compress(content, 1) if packed else content, ["", *mine])
    assert not vectors.matrix[0].any()
    for word, row in zip(mine, vectors.matrix[1:], strict=True):
        source = word if word in spellings else first_spelling(word, spellings)
        expected = np.zeros(dim) if source is None else rows[spellings.index(source)]
        assert row.tolist() == expected.tolist()
    assert vectors.found == sum(first_spelling(word, spellings) is not None for word in mine)


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=80), start=st.sampled_from([b"", b"the 1 2\n", b"2 2\n"]))
def test_any_other_file_is_one_sentence_or_read(tmp_path_factory, content, start):
    path = tmp_path_factory.getbasetemp() / "generated"
    said = ""
    try:
        assert np.isfinite(read(path, start + content).matrix).all()
    except (DataError, UsageError) as error:
        said = str(error)
    assert not said or (said.startswith(str(path)) and said.isprintable())


@settings(max_examples=60, deadline=None)
@given(data=st.data(), form=st.sampled_from([gensim_binary, word2vec_binary]))
def test_a_binary_file_cut_anywhere_is_never_read_in_part(tmp_path_factory, data, form):
    content = form(["film", "the", "and"], ROWS)
    path = tmp_path_factory.getbasetemp() / "generated"
    whole = len(content.rstrip(b"\n"))
    cut = data.draw(st.integers(0, whole - 1))
    with pytest.raises(DataError):
        read(path, content[:cut])


def test_words_may_have_blanks_in_them(path):
    content = b"the 1 2\n. . . 3 4\nat name@domain.com 5 6\nat 7 8\n  9 10\n"
    words = ["", "at", "...", ". . .", " ", "the"]
    vectors = read(path, content, words)
    assert vectors.matrix[1:].tolist() == [[7, 8], [0, 0], [3, 4], [9, 10], [1, 2]]


def test_numbers_that_span_the_pieces_a_file_is_read_in_are_whole(path):
    random = np.random.default_rng(1)
    rows = random.normal(size=(9000, 61)).astype(np.float32)
    words = [f"w{number}" for number in range(len(rows))]
    for form, count in ((glove, 2500), (word2vec_binary, 9000)):
        content = form(words[:count], rows[:count])
        assert len(content) > 2**21
        assert (read(path, content, ["", *words]).matrix[1 : 1 + count] == rows[:count]).all()


# Which word gets which vector


@pytest.mark.parametrize("form", [glove, gensim_binary])
def test_the_word_itself_comes_before_another_case_wherever_it_stands(path, form):
    spellings = ["THE", "The", "the", "the", "Film", "FILM", "Ünï"]
    rows = np.arange(14, dtype=np.float32).reshape(7, 2) + 1
    vectors = read(path, form(spellings, rows), ["", "the", "film", "ünï", "fil"])
    assert vectors.matrix.tolist() == [[0, 0], *rows[[2, 4, 6]].tolist(), [0, 0]]
    assert (vectors.found, vectors.respelled) == (3, 2)


def test_an_encoder_that_keeps_capitals_finds_lower_case(path):
    vectors = read(path, b"us 1 2\nUS 3 4\n", ["", "US", "us", "Us"])
    assert vectors.matrix[1:].tolist() == [[3, 4], [1, 2], [1, 2]]
    assert vectors.respelled == 1


def test_row_0_is_padding_whatever_its_word(path):
    vectors = read(path, b"the 1 2\nfilm 3 4\n", ["the", "film"])
    assert vectors.matrix.tolist() == [[0, 0], [3, 4]]
    assert vectors.wanted == 1


def test_words_of_a_file_that_are_not_utf8_are_passed_over_and_counted(path):
    notes = []
    vectors = read(path, b"b\xffd 1 2\n\xc3 5 6\nthe 3 4\n", note=notes.append)
    assert vectors.matrix.tolist() == [[0, 0], [3, 4], [0, 0]]
    assert notes[0] == f"{path}: 2 words not in UTF-8 passed over"


def test_a_word_that_utf8_cannot_write_finds_nothing(path):
    vectors = read(path, b"the 1 2\n? 3 4\n\xed\xa0\x80 5 6\n", ["", "the", "\ud800"])
    assert vectors.matrix[2].tolist() == [0, 0]
    assert "'\\ud800'" in vectors.sentence


# What is said of it


def test_coverage_is_told(path):
    notes = []
    words = ["", "", "", "the", "dvd", "\x96", "film"]
    vectors = read(path, b"The 1 2\nfilm 3 4\n", words, note=notes.append)
    assert notes == [
        f"{path}: 2 numbers a word; 2 of 4 words found (50.0 %), 1 of them in another case; "
        r"the others start at zero, the most frequent of them: 'dvd', '\x96'"
    ]
    assert vectors.share is None


def test_with_counts_the_training_texts_are_what_is_covered(path):
    notes = []
    words = ["", "", "the", "dvd", "film", "vhs"]
    vectors = read(
        path, b"the 1\nfilm 3\n", words, counts=np.array([99, 7, 50, 4, 40, 6]), note=notes.append
    )
    assert vectors.share == 0.9
    assert vectors.missing == ("vhs", "dvd")
    assert "(50.0 %); they are 90.0 % of the words in the training texts; the others" in notes[0]


def test_nearly_all_is_not_called_all(path):
    words = ["", *(f"w{number}" for number in range(2000)), "dvd"]
    found = read(path, "".join(f"{word} 1\n" for word in words[1:-1]).encode(), words)
    assert "2,000 of 2,001 words found (over 99.9 %); the others" in found.sentence
    assert "2,000 of 2,000 words found (100.0 %)" in read_vectors(path, words[:-1]).sentence
    assert "others" not in read_vectors(path, words[:-1]).sentence


@pytest.mark.parametrize(("told", "are"), [(5, "5 words, there are 2"), (1, "1 word, there are 2")])
def test_a_header_that_miscounts_is_told(path, told, are):
    """The first lines of a large file, cut out with its header, are a usual thing."""
    notes = []
    vectors = read(path, b"%d 2\nthe 1 2\nfilm 3 4\n" % told, note=notes.append)
    assert vectors.found == 2
    assert notes[0] == f"{path}: its first line tells of {are}"


def test_none_of_the_words_is_an_error_that_shows_both_sides(path):
    with pytest.raises(UsageError) as error:
        read(path, b"der 1 2\nFilme 3 4\n")
    assert str(error.value) == (
        f"{path} has a vector for none of the 2 words; they are such as 'the', 'film', those of "
        "the file such as 'der', 'Filme': is it of another language, or made with another "
        "tokenizer?"
    )


def test_unknown_words_are_an_error(path):
    with pytest.raises(UsageError, match="the words of the token ids are not known; take --tok"):
        read(path, b"the 1 2\n", ["the", "", ""])


# What is wrong in a file

TWO = b"\0\0\0\0\0\0\x80\x3f"
NAN = b"\0\0\0\0\0\0\xc0\x7f"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"film\n", "line 1: there are no numbers"),
        (b"text,label\nfilm,1\n", "line 1: there are no numbers"),
        (b"a film that, so far\n", "line 1: 'film' is not a number"),
        (b"the\t0.1\t0.2\n", "line 1: it has tabs in it; separate"),
        (b"the\t0.1 0.2\n", "line 1: it has tabs in it; separate"),
        (
            b"the 1 2\nfilm 1\n",
            "line 2: it has 1 of the 2 numbers; a line is a word and its numbers",
        ),
        (b"the 1 2\nother\nfilm 1 2\n", "line 2: it has 0 of the 2 numbers"),
        (b"the 1 2\nfilm 1 2\n\n", "line 3: it has 0 of the 2 numbers"),
        (b"the 1 2\nfilm 1 2 3\n", "line 2: it has more than 2 numbers"),
        (b"the 1 2\nfilm 1 x\n", "line 2: 'x' is not a number that float32 can hold"),
        (b"the 1 2\nfilm  2\n", "line 2: '' is not a number"),
        (b"the 1 2\nfilm nan 2\n", "line 2: 'nan' is not a number"),
        (b"the 1 2\nfilm 1 -inf\n", "line 2: '-inf' is not a number"),
        (b"the 1 2\nfilm 1 1e39\n", "line 2: '1e39' is not a number that float32 can hold"),
        (b"the 1 \x1b[31m\n", r"line 1: '\x1b[31m' is not a number"),
        (b"the 1 2\n" + b"x" * 2**20, "line 2: it is longer than 1,048,576 bytes"),
        (b"x" * 2**20, "line 1: it is longer than 1,048,576 bytes"),
        (b"the" + b" 1" * 10_001, "line 1: it has 10,001 numbers, more than 10,000"),
        (b"2 2\nthe 1 2\nfilm 3\n", "line 3: it has 1 of the 2 numbers"),
        (b"2 2\nthe 1\n", "line 2: it has 1 of the 2 numbers"),
        (b"2 2\n", "has no words in it"),
        (b"2 0\nthe\n", "line 1: it tells of 0 numbers a word, not of 1 to 10,000"),
        (b"2 99999\nthe 1\n", "line 1: it tells of 99,999 numbers a word"),
        (b"2 2\nthe " + TWO + b"film " + TWO[:-1], "word 2 at byte 16: the file ends there, "),
        (b"2 2\nthe " + TWO + b"\nfil", "word 2 at byte 16: the file ends there, before the last "),
        (b"3 2\nthe " + TWO + b"film " + TWO, "word 3 at byte 29: the file ends there"),
        (b"2 2\nand " + TWO + b"film " + NAN, "word 2 at byte 16: the vector of 'film' has nan"),
        (b"1 2\nthe " + TWO + b"film " + TWO, "goes on at byte 16, after the 1 words"),
        (b"2 2\nthe " + TWO + b"y" * 2**21, "word 2 at byte 16: no blank ends the word"),
        (
            gzip.compress(b"the 1 2\n" * 300_000, mtime=0)[:-20],
            "is cut short or damaged after line ",
        ),
        (
            gzip.compress(b"2 2\nthe " + TWO + b"film " + TWO, mtime=0)[:-9],
            "is cut short or damaged",
        ),
        (b"\x1f\x8bnonsense", "is cut short or damaged; get a whole one"),
        (b"PK\x03\x04....", "is a zip archive, not a file of word vectors; unpack it and give"),
        (b"\xba\x16\x4f\x2f....", "is a fastText model, not a file of word vectors; give the .vec"),
        (b"\x80\x04....", "is a Python pickle, not a file of word vectors"),
    ],
)
def test_what_is_malformed_is_named(path, content, sentence):
    with pytest.raises(DataError) as error:
        read(path, content)
    assert str(error.value).startswith(str(path))
    assert sentence in str(error.value)
    assert str(error.value).isprintable()


def test_a_file_that_cannot_be_opened_is_named(tmp_path):
    (tmp_path / "glove.50d.txt").write_text("the 1 2\n")
    with pytest.raises(DataError) as error:
        read_vectors(tmp_path / "glove.5d.txt", ["", "the"])
    expected = f"there is no file {tmp_path / 'glove.5d.txt'}; did you mean '{tmp_path}/glove.50d"
    assert str(error.value).startswith(expected)
    with pytest.raises(DataError, match="there is no file nowhere/x; give a file of word vectors"):
        read_vectors(Path("nowhere", "x"), ["", "the"])
    with pytest.raises(DataError, match="is a folder, not a file of word vectors"):
        read_vectors(tmp_path, ["", "the"])


# Size


@pytest.mark.parametrize(
    ("start", "entry"),
    [
        (b"", b"word" + b" -0.12345" * 60 + b"\n"),
        (b"60000 60\n", b"word " + np.full(60, -0.12345, "<f4").tobytes()),
    ],
    ids=["text", "binary"],
)
def test_memory_does_not_grow_with_the_file(path, start, entry):
    path.write_bytes(start + entry * 60_000)
    tracemalloc.start()
    try:
        read_vectors(path, ["", "word"])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 6 * 2**20 < 12 * 2**20 < path.stat().st_size


@pytest.mark.skipif(not REAL.is_file(), reason=f"{REAL} is not there")
def test_a_real_file_covers_what_it_should():
    notes = []
    vectors = read_vectors(REAL, ["", "the", "and", "a", "xqzzt"], note=notes.append)
    assert vectors.dim == 50
    assert vectors.matrix[1, :3].tolist() == np.float32([0.11850, -0.03556, 0.28747]).tolist()
    assert (vectors.found, vectors.missing) == (3, ("xqzzt",))

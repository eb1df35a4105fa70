"""Reading one's own files, and saying exactly what is wrong with them."""

import gzip

import pytest
from seqclf.errors import DataError

from seqclf_emojify.dataset import emojify

TRAIN = '"I want tea\t",4\nplay ball,1,,[1]\n\n , \n"love you, mum",0\n'


def test_a_folder_replaces_the_bundled_sentences(context, files, notes):
    folder = files(TRAIN)
    splits = emojify.load(context, folder=str(folder))
    assert splits.train.texts == ["I want tea", "play ball", "love you, mum"]
    assert splits.train.labels.tolist() == [4, 1, 0]
    assert splits.test.texts == ["she said yes"]
    assert notes == [f"read 3 training and 1 test sentences from {folder}"]


@pytest.mark.parametrize("within", ["", "emojify"])
def test_the_data_directory_is_looked_into(context, files, within, tmp_path):
    files(TRAIN, folder=f"data/{within}")
    there = type(context)(context.cache_dir, tmp_path / "data")
    assert len(emojify.load(there).train) == 3


def test_a_data_directory_without_the_files_is_told(context, notes, tmp_path):
    there = type(context)(context.cache_dir, tmp_path, note=notes.append)
    assert len(emojify.load(there).train) == 540
    assert "the bundled sentences are used" in notes[0]


def test_sentences_in_both_files_are_told(context, files, notes):
    folder = files(TRAIN, test='"Love you mum!",0\nnew one,3\n')
    emojify.load(context, folder=str(folder))
    assert notes[1] == (
        "test sentences that are in train.csv, too: 1 of 2, which flatters the accuracy: "
        '"Love you mum!"'
    )


@pytest.mark.parametrize(
    ("train", "sentence"),
    [
        ("fine,1\nwho is there\n", "line 2: there is no label"),
        ("fine,1\n\nwho,heart\n", "line 3: the label is 'heart', not a number from 0 to 4"),
        ("fine,1\nwho,5\n", "line 2: the label is '5'"),
        ("fine,-1\n", "line 1: the label is '-1'"),
        ("fine,²\n", "line 1: the label is '²'"),
        ("not, quoted,1\n", "line 1: the label is 'quoted'"),
        ('fine,1\n"",2\n', "line 2: there is no sentence"),
        ('fine,1\n"open,2\nother,3\n', "line 2: unexpected end of data"),
        ('"open,2\nother",3\n', "line 1: a quotation mark is not closed"),
        ("\n\n", "holds no sentence"),
        (b"fine,1\nna\xefve,2\n", "is not UTF-8 text"),
    ],
)
def test_a_malformed_line_is_named(context, files, train, sentence):
    folder = files(train)
    with pytest.raises(DataError) as error:
        emojify.load(context, folder=str(folder))
    assert str(folder / "train.csv") in str(error.value)
    assert sentence in str(error.value)


def test_a_byte_order_mark_is_no_part_of_a_sentence(context, files):
    folder = files(b"\xef\xbb\xbfplay ball,1\r\n")
    assert emojify.load(context, folder=str(folder)).train.texts == ["play ball"]


def test_a_folder_without_files_is_an_error(context, tmp_path):
    with pytest.raises(
        DataError, match=r"there is no train\.csv and test\.csv in .*mend -d folder"
    ):
        emojify.load(context, folder=str(tmp_path))


@pytest.mark.parametrize("packed", [False, True])
def test_a_vocabulary_adds_words_after_those_of_the_sentences(context, files, tmp_path, packed):
    content = b"toast 0.5\nTEA 0.5\nplay 0.5\nu.s. 0.5\njam\n"
    path = tmp_path / "words"
    path.write_bytes(gzip.compress(content) if packed else content)
    splits = emojify.load(context, folder=str(files(TRAIN)), vocabulary=str(path))
    words = splits.encoder.words
    assert words[:3] == ("i", "want", "tea")
    assert words[-2:] == ("toast", "jam")  # not what the encoder can never meet
    assert 2 not in splits.encoder.encode(["jam on toast"])[0][[1, 3]]
    assert splits.train.ids[1].tolist() == splits.encoder.encode(["play ball"])[0].tolist()
    assert len(splits.test.ids) == 1


def test_a_vocabulary_without_room_is_told(context, files, notes, tmp_path):
    path = tmp_path / "words"
    path.write_text("\n".join(f"word{letter}" for letter in "abcdefgh"))
    small = type(context)(context.cache_dir, num_words=12, note=notes.append)
    splits = emojify.load(small, folder=str(files(TRAIN)), vocabulary=str(path))
    assert len(splits.encoder.words) == 8
    assert notes[-1].startswith("8 of 16 words have no place below --num-words 12")
    assert notes[-1].endswith("20 would do")
    enough = type(context)(context.cache_dir, num_words=20, note=notes.append)
    splits = emojify.load(enough, folder=str(files(TRAIN)), vocabulary=str(path))
    assert len(splits.encoder.words) == 16


def test_the_exercise_files_are_read_and_their_overlap_told(context, exercise, notes):
    splits = emojify.load(context, folder=str(exercise))
    assert (len(splits.train), len(splits.test)) == (132, 56)
    assert notes[1].startswith("test sentences that are in train.csv, too: 5 of 56")

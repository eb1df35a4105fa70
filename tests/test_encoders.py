"""The encoders of characters, subwords, token ids and series; and the store of what they give."""

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqclf.checks.alone import check_one_encoder
from seqclf.contracts import Encoder, Ragged, features_of, reads
from seqclf.encoding import seqclf_encoders
from seqclf.encoding.chars import CharEncoder
from seqclf.encoding.convention import written
from seqclf.encoding.ids import IdsEncoder
from seqclf.encoding.moments import Moments
from seqclf.encoding.series import SeriesEncoder
from seqclf.encoding.store import RaggedWriter, encode_in_chunks
from seqclf.encoding.subword_training import UNKNOWN_PIECE
from seqclf.encoding.subwords import SubwordEncoder
from seqclf.errors import DataError, RunError, SeqclfError, UsageError

MODELS = ["bpe", "unigram", "wordpiece"]
FORMS = ["nfc", "nfkc", "off"]

anything = st.text(st.characters(exclude_categories=()), max_size=30)
"""Also lone surrogates, which JSON lines can hold."""


def _tied_texts():
    """Made-up words, many of them as frequent as others, so that ties are common."""
    random = np.random.default_rng(4)
    letters = list("abcdefghijéñß中")
    words = ["".join(random.choice(letters, random.integers(1, 8))) for _ in range(150)]
    return [" ".join(random.choice(words, 9)) + "!" for _ in range(200)] + [" ".join(words)]


TEXTS = _tied_texts()


class Lazy:
    """Texts that are on disk, as it were: length, index and slices, and never all at once."""

    def __init__(self, texts, most):
        self.texts, self.most = texts, most

    def __len__(self):
        return len(self.texts)

    def __getitem__(self, index):
        if isinstance(index, slice):
            found = self.texts[index]
            assert len(found) <= self.most
            return found
        return self.texts[index]

    def __iter__(self):
        raise AssertionError("somebody goes through all texts one by one")


def rows(ragged):
    return [row.tolist() for row in ragged]


def back(encoder):
    return type(encoder).from_dict(json.loads(json.dumps(encoder.to_dict())))


def shown(encoder, text):
    return [encoder.words_by_id[number] for number in encoder.encode([text])[0]]


def same_everywhere(encoder, texts):
    """Compare a whole with chunks of it, and with what comes back from JSON."""
    whole = encoder.encode(texts)
    assert len(whole) == len(texts)
    for other in (encode_in_chunks(encoder, texts, chunk=3), back(encoder).encode(texts)):
        assert whole.values.dtype == other.values.dtype
        assert np.array_equal(whole.values, other.values)
        assert np.array_equal(whole.offsets, other.offsets)
    return whole


# All of them


def test_what_there_is(seqclf):
    status, out, _ = seqclf("tokenizers", "--json")
    assert status == 0
    names = [each["name"] for each in json.loads(out) if each["plugin"] == "seqclf.encoding"]
    assert names == ["word", "char", "subword", "ids", "series"]
    assert [reads(each) for each in seqclf_encoders()] == ["text"] * 3 + ["ids", "series"]


@pytest.mark.parametrize("encoder_class", seqclf_encoders()[1:], ids=lambda each: each.name)
def test_they_keep_the_contract(encoder_class):
    checks = list(check_one_encoder(encoder_class))
    assert {check.status for check in checks} == {"passed"}, [check.line for check in checks]
    assert len(checks) >= 9


REPEATED = """
import hashlib, json
from test_encoders import MODELS, TEXTS
from seqclf.encoding.chars import CharEncoder
from seqclf.encoding.series import SeriesEncoder
from seqclf.encoding.subwords import SubwordEncoder

def tell(encoder, texts):
    told = json.dumps(encoder.to_dict()).encode() + encoder.encode(texts).values.tobytes()
    print(encoder.name, hashlib.sha256(told).hexdigest())

tell(CharEncoder.fit(TEXTS, num_words=12), TEXTS)
numbers = ["0.1 1e3; 0.7 5;", "3 4; 0.3 9.25;"] * 50
tell(SeriesEncoder.fit(numbers, num_words=9), numbers)
for model in MODELS:
    for num_words in (300, 700):
        tell(SubwordEncoder.fit(TEXTS, num_words=num_words, model=model), TEXTS)
"""


def test_the_same_texts_give_the_same_ids_in_every_process(tmp_path):
    def told(**environ):
        folder = tmp_path / environ["PYTHONHASHSEED"]
        folder.mkdir()
        root = os.path.dirname(os.path.dirname(__file__))
        paths = [root, os.path.dirname(__file__), os.environ.get("PYTHONPATH", "")]
        got = subprocess.run(
            [sys.executable, "-c", REPEATED],
            env={**os.environ, **environ, "PYTHONPATH": os.pathsep.join(paths)},
            cwd=folder,
            capture_output=True,
            text=True,
        )
        assert got.returncode == 0, got.stderr
        assert got.stderr == ""
        return got.stdout

    first = told(PYTHONHASHSEED="0", RAYON_NUM_THREADS="1")
    assert len(first.splitlines()) == 8
    assert told(PYTHONHASHSEED="1", RAYON_NUM_THREADS="4", LC_ALL="C") == first
    assert told(PYTHONHASHSEED="2", TOKENIZERS_PARALLELISM="false", LC_ALL="C.UTF-8") == first


@pytest.mark.parametrize("encoder_class", seqclf_encoders()[1:], ids=lambda each: each.name)
@pytest.mark.parametrize("stored", [{}, {"num_words": 9, "nothing": 1}])
def test_a_damaged_description_is_one_sentence(encoder_class, stored):
    with pytest.raises(RunError, match="encoder's description"):
        encoder_class.from_dict(stored)


# Characters


def test_characters_are_ranked_by_frequency_after_the_marks():
    encoder = CharEncoder.fit(["Banana\n", "n an"], num_words=100)
    assert isinstance(encoder, Encoder)
    assert encoder.characters == "an\n b"  # ties go to the lower code point
    assert rows(encoder.encode(["bx\n", "", "A"])) == [[1, 8, 2, 6], [1], [1, 4]]
    assert encoder.words_by_id[:10] == ("", "", "", "", "a", "n", "\n", " ", "b", "")


def test_num_words_skip_top_and_min_count_make_characters_unknown():
    texts = ["aaaa bbb cc d"]
    assert rows(CharEncoder.fit(texts, num_words=7).encode(["abcd "])) == [[1, 4, 6, 2, 2, 5]]
    cut = CharEncoder.fit(texts, num_words=100, skip_top=6)
    assert rows(cut.encode(["abcd "])) == [[2, 2, 6, 7, 8, 2]]  # the start mark is below 6, too
    assert "a" not in cut.words_by_id
    assert CharEncoder.fit(texts, num_words=100, min_count=3).characters == "a b"
    assert CharEncoder.fit(texts, num_words=100, min_count=9).characters == ""


def test_what_looks_the_same_is_the_same_unless_told():
    def same(one, other, **options):
        encoder = CharEncoder.fit([one, other], num_words=50, **options)
        return rows(encoder.encode([one])) == rows(encoder.encode([other]))

    assert same("caf\N{LATIN SMALL LETTER E WITH ACUTE}", "cafe\N{COMBINING ACUTE ACCENT}")
    assert not same("caf\xe9", "cafe\u0301", normalize="off")
    assert same("\N{LATIN SMALL LIGATURE FI}n", "fin", normalize="nfkc")
    assert not same("\N{LATIN SMALL LIGATURE FI}n", "fin")
    assert same("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "i\N{COMBINING DOT ABOVE}")
    assert same("A", "a")
    assert not same("A", "a", lowercase=False)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(anything, max_size=8),
    st.integers(5, 60),
    st.booleans(),
    st.sampled_from(FORMS),
    anything,
)
def test_characters_come_back(texts, num_words, lowercase, normalize, unseen):
    told = {"lowercase": lowercase, "normalize": normalize}
    encoder = CharEncoder.fit(texts, num_words=num_words, **told)
    ids = same_everywhere(encoder, [*texts, unseen])
    assert ids.values.dtype == np.int32
    assert all(0 < number < num_words for number in ids.values)
    json.dumps(encoder.to_dict(), ensure_ascii=False).encode()  # as a run keeps it
    forms = [written(text, **told) for text in [*texts, unseen]]
    assert ids.lengths.tolist() == [len(form) + 1 for form in forms]
    words = encoder.words_by_id
    known = set(words)
    for form, row in zip(forms, ids, strict=True):
        expected = [character if character in known else "" for character in form]
        assert [words[number] for number in row[1:]] == expected
    counts = Counter("".join(forms[:-1]))
    kept = [counts[character] for character in encoder.characters]
    assert kept == sorted(kept, reverse=True)


def test_characters_need_room():
    with pytest.raises(UsageError, match="'char' needs --num-words 5 or more, not 4"):
        CharEncoder.fit(["a"], num_words=4)


def test_a_million_characters_are_quick():
    texts = ["The film was good, 10/10.\n" * 40] * 1000
    started = time.perf_counter()
    encoder = CharEncoder.fit(texts, num_words=100)
    encoder.encode(texts)
    assert time.perf_counter() - started < 3  # a tenth of a second on a quiet machine


# Subwords


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("num_words", [None, 300, 2000])
def test_ids_are_below_num_words_and_never_padding(model, num_words):
    num_words = num_words or (260 if model == "bpe" else 8)
    encoder = SubwordEncoder.fit(Lazy(TEXTS, 1024), num_words=num_words, model=model)
    ids = same_everywhere(encoder, [*TEXTS, "", " \n ", "日本 unheard", UNKNOWN_PIECE])
    assert ids.values.min() == 1
    assert ids.values.max() < num_words
    assert rows(ids)[-4:-2] == [[1], [1]]
    assert (2 in ids.values[-30:]) == (model != "bpe")  # which knows all bytes
    assert len(encoder.words_by_id) == num_words
    assert encoder.words_by_id[:4] == ("",) * 4


@pytest.mark.parametrize("model", MODELS)
def test_frequent_words_are_whole_and_others_in_pieces(model):
    texts = ["the film was filmed", "the film was dull\nand the plot thin", "THE FILM"] * 40
    encoder = SubwordEncoder.fit(texts, num_words=400, model=model)
    assert shown(encoder, "The\n\tFILM ")[1:] == ["the", "film"]
    assert "".join(shown(encoder, "filmthe")).replace("##", "").strip() == "filmthe"
    assert encoder.encode(["film film"])[0][1:].tolist() == [encoder.words_by_id.index("film")] * 2


def test_unigram_knows_frequent_words_that_no_longer_word_begins_with():
    words = ["this", "because", "only", "very"]
    texts = [" ".join(f"{word} {number}" for word in words) for number in range(500)]
    encoder = SubwordEncoder.fit(texts, num_words=200, model="unigram")
    assert set(words) <= set(encoder.words_by_id)
    assert not any("\x01" in word for word in encoder.words_by_id)


@pytest.mark.parametrize("model", MODELS)
def test_long_words_and_scripts_without_blanks_are_no_single_unknown(model):
    texts = ["这部电影很好看" * 400, "film" * 1000, "这部电影"]
    encoder = SubwordEncoder.fit(texts, num_words=400, model=model)
    found = encoder.encode(texts)
    assert 2 not in found.values
    assert (found.lengths > 1).all()


@pytest.mark.parametrize("model", MODELS[1:])
def test_more_characters_than_places_leave_the_rarest_unknown(model):
    texts = ["aaaa bbbb aabb"] * 9 + [chr(number) for number in range(0x4E00, 0x4F00)]
    encoder = SubwordEncoder.fit(texts, num_words=40, model=model)
    assert 2 not in encoder.encode(["abba"]).values
    assert 2 in encoder.encode([chr(0x4EFF)]).values


@pytest.mark.parametrize("model", MODELS)
def test_rare_words_are_not_learned_from(model):
    texts = ["often often often seldom"] * 3
    every = SubwordEncoder.fit(texts, num_words=400, model=model)
    kept = SubwordEncoder.fit(texts, num_words=400, model=model, min_count=4)
    assert len(shown(kept, "often")) <= len(shown(every, "often"))
    if model == "bpe":
        assert len(shown(kept, "seldom")) > len(shown(every, "seldom")) == 2
    else:
        assert 2 in kept.encode(["seldom"]).values
        assert 2 not in every.encode(["seldom"]).values
    with pytest.raises(DataError, match="no word to learn subwords from; lower min_count=99"):
        SubwordEncoder.fit(texts, num_words=400, model=model, min_count=99)


def test_very_many_different_words_leave_the_rarest_out(monkeypatch):
    monkeypatch.setattr("seqclf.encoding.subword_training._MOST", {"bpe": 40})
    texts = [f"often word{number}" for number in range(50)]
    encoder = SubwordEncoder.fit(texts, num_words=400)
    assert {"often", "word"} <= set(encoder.words_by_id)
    assert shown(encoder, "word49")[1:] != ["word49"]


@pytest.mark.parametrize(
    ("texts", "options", "kind", "sentence"),
    [
        (TEXTS, {"num_words": 259}, UsageError, "model=bpe needs --num-words 260 or more, not 259"),
        (TEXTS, {"num_words": 7, "model": "unigram"}, UsageError, "needs --num-words 8 or more"),
        (TEXTS, {"num_words": 999, "skip_top": 3}, UsageError, "--skip-top 3 does not go with"),
        (["", "\n"], {"num_words": 999}, DataError, "hold no word to learn subwords from$"),
    ],
)
def test_what_cannot_be_trained(texts, options, kind, sentence):
    with pytest.raises(kind, match=sentence):
        SubwordEncoder.fit(texts, **options)


def test_without_the_library_its_extra_is_named(monkeypatch):
    stored = SubwordEncoder.fit(TEXTS, num_words=300).to_dict()
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(UsageError, match=r"not installed; pip install 'seqclf\[subword\]'"):
        SubwordEncoder.fit(TEXTS, num_words=300)
    with pytest.raises(UsageError, match=r"pip install 'seqclf\[subword\]'"):
        SubwordEncoder.from_dict(stored)
    checks = {check.sentence: check for check in check_one_encoder(SubwordEncoder)}
    assert checks["is fitted on texts of every sort"].status == "not tried"


def test_a_description_with_too_many_pieces_is_refused():
    stored = SubwordEncoder.fit(TEXTS, num_words=300).to_dict()
    with pytest.raises(RunError, match="has ids up to 299, but num_words is 290"):
        SubwordEncoder.from_dict({**stored, "num_words": 290})


@settings(deadline=None, max_examples=25)
@given(st.lists(anything, min_size=1, max_size=6), st.sampled_from(FORMS), anything)
def test_bytes_come_back(texts, normalize, unseen):
    from tokenizers import decoders

    encoder = SubwordEncoder.fit([*texts, "word"], num_words=400, normalize=normalize)
    ids = same_everywhere(encoder, [*texts, unseen])
    assert all(0 < number < 400 and number != 2 for number in ids.values)
    json.dumps(encoder.to_dict(), ensure_ascii=False).encode()
    decode = decoders.ByteLevel().decode
    for text, row in zip([*texts, unseen], ids, strict=True):
        form = written(re.sub("[\ud800-\udfff]", "\ufffd", text), normalize=normalize)
        pieces = [encoder.tokenizer.id_to_token(number - 4) for number in row[1:]]
        assert decode(pieces) == "".join(" " + word for word in form.split())


@settings(deadline=None, max_examples=25)
@given(
    st.lists(anything, min_size=1, max_size=6),
    st.sampled_from(MODELS[1:]),
    st.integers(8, 60),
    anything,
)
def test_pieces_come_back_where_they_are_known(texts, model, num_words, unseen):
    encoder = SubwordEncoder.fit([*texts, "word"], num_words=num_words, model=model)
    ids = same_everywhere(encoder, [*texts, unseen])
    words = encoder.words_by_id
    assert all(0 < number < num_words for number in ids.values)
    for text, row in zip([*texts, unseen], ids, strict=True):
        if 2 not in row and not set("#\N{LOWER ONE EIGHTH BLOCK}").intersection(text):
            pieces = "".join(words[number].removeprefix("##") for number in row[1:])
            assert "".join(pieces.split()) == "".join(written(text).split())


# Token ids


def test_ids_are_taken_as_they_are():
    encoder = IdsEncoder.fit([], num_words=100)
    texts = ["12 5 99", "1,2, 3\n4", "", "[7, 8]", " 0 0"]
    assert rows(same_everywhere(encoder, texts)) == [[12, 5, 99], [1, 2, 3, 4], [], [7, 8], [0, 0]]
    assert rows(IdsEncoder.fit([], num_words=100, shift=1).encode(["0 98"])) == [[1, 99]]
    assert encoder.encode([]).values.dtype == np.int32


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 99))), st.sampled_from([" ", ",", " , ", "\n"]))
def test_ids_come_back(numbers, between):
    encoder = IdsEncoder.fit([], num_words=100)
    texts = [between.join(map(str, row)) for row in numbers]
    assert rows(same_everywhere(encoder, texts)) == numbers


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("12 x 99", "the text '12 x 99' is to be token ids, but 'x' is not a whole number"),
        ("a good film", "'a' is not a whole number; .* use --tokenizer word"),
        ("5.0", "'5.0' is not a whole number"),
        ("1_0", "'1_0' is not a whole number"),
        ("1,,2", "'' is not a whole number"),
        ("7 -3", "the text '7 -3' has the token id -3, but ids are from 0 to 99$"),
        ("7 100", "has the token id 100, but ids are from 0 to 99; raise --num-words"),
        ("9" * 30, "ids are from 0 to 99; raise --num-words"),
        ("9" * 9000, "ids are from 0 to 99; raise --num-words"),
        ("1 " * 90 + "x", r"the text '(1 ){20}\.\.\.' is to be"),
    ],
)
def test_what_is_no_id_is_told_with_its_text(text, sentence):
    with pytest.raises(DataError, match=sentence) as error:
        IdsEncoder.fit([], num_words=100).encode(["1 2", text, "3"])
    assert len(str(error.value)) < 250


def test_a_shift_counts_and_skip_top_is_refused():
    with pytest.raises(DataError, match="the token id 99, but ids are from 0 to 98"):
        IdsEncoder.fit([], num_words=100, shift=1).encode(["99"])
    with pytest.raises(UsageError, match="--skip-top 5 does not go with --tokenizer ids"):
        IdsEncoder.fit([], num_words=100, skip_top=5)


# Series


def test_series_are_standardised_as_the_training_series_were():
    texts = ["", "1 5; 3 5;", "5 5;\n7 5"]
    encoder = SeriesEncoder.fit(Lazy(texts, 1024), num_words=10)
    assert features_of(encoder) == 2
    assert encoder.means == (4.0, 5.0)
    assert encoder.scales == (np.sqrt(5), 1.0)  # of all steps; a constant one is 0 afterwards
    found = same_everywhere(encoder, [*texts, "4 7"[:0], "4 7;"])
    assert found.values.dtype == np.float32
    assert np.allclose(found.values[:4].mean(axis=0), 0, atol=1e-6)
    assert np.allclose(found.values[:4].std(axis=0), [1, 0])
    assert found[4].tolist() == [[0, 2]]
    assert found.lengths.tolist() == [0, 2, 2, 0, 1]


def test_a_text_without_steps_has_one_number_each():
    encoder = SeriesEncoder.fit(["1 2, 3"], num_words=10, standardize=False)
    assert rows(encoder.encode(["4,5 6e1", "[1, -.5]", "7;8;"])) == [
        [[4], [5], [60]],
        [[1], [-0.5]],
        [[7], [8]],
    ]


finite = st.floats(-1e6, 1e6, width=32)


def series_of(features):
    """Some series whose steps have that many numbers."""
    return st.lists(st.lists(st.tuples(*[finite] * features), max_size=8), min_size=1, max_size=8)


@settings(deadline=None)
@given(st.integers(1, 3).flatmap(series_of))
def test_series_come_back(numbers):
    texts = ["".join(" ".join(map(repr, step)) + ";" for step in series) for series in numbers]
    steps = [step for series in numbers for step in series]
    if not steps:
        with pytest.raises(DataError, match="hold no number"):
            SeriesEncoder.fit(texts, num_words=10)
        return
    plain = SeriesEncoder.fit(texts, num_words=10, standardize=False)
    found = same_everywhere(plain, texts)
    assert np.array_equal(found.values, np.array(steps, np.float32))
    assert found.lengths.tolist() == list(map(len, numbers))
    fitted = SeriesEncoder.fit(texts, num_words=10)
    same_everywhere(fitted, texts)
    exact = np.array(steps)
    assert np.allclose(fitted.means, exact.mean(axis=0), atol=1e-9 * (1 + abs(exact).max()))
    constant = exact.min(axis=0) == exact.max(axis=0)
    assert (np.array(fitted.scales)[constant] == 1).all()


@settings(deadline=None)
@given(st.lists(st.lists(finite, min_size=1), min_size=1), st.sampled_from([0, 1e9]))
def test_moments_are_those_of_all_rows_at_once(parts, far):
    moments = Moments(1)
    for part in parts:
        moments.add(np.array(part)[:, None] + far)
    every = np.concatenate(parts) + far
    assert np.isclose(moments.means[0], every.mean(), rtol=1e-12, atol=1e-6)
    if every.std() > 1:
        assert np.isclose(moments.scales[0], every.std(), rtol=1e-6)


def test_a_number_that_never_changes_is_nothing_even_if_its_sum_is_rounded():
    texts = ["0.1 " * 1001, "0.1 " * 7]
    encoder = SeriesEncoder.fit(texts, num_words=10)
    assert encoder.scales == (1.0,)
    assert not encoder.encode(texts).values.any()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 2; 3;", "the series '1 2; 3;': step 2 has 1 number, but .* have 2 numbers a step"),
        ("1 2;; 3 4;", "step 2 has 0 numbers"),
        ("1 2 3", "step 1 has 1 number, but the training series have 2 numbers a step; steps end"),
        ("1 x;", "step 1 has 'x', which is not a number"),
        ("1 2; nan 4;", "step 2 has 'nan', which is not a number"),
        ("1 -inf;", "'-inf', which is not a number"),
        ("1,5 2,5;", "'1,5', which is not a number"),
        ("1 1_0;", "'1_0', which is not a number"),
        ("1 1e300;", "the series '1 1e300;' has too large a number in it"),
        ("a good film", "step 1 has 'a', which is not a number; steps end with ';'"),
    ],
)
def test_what_is_no_series_is_told_with_its_text(text, sentence):
    encoder = SeriesEncoder.fit(["1 2; 3 5;"], num_words=10)
    with pytest.raises(DataError, match=sentence):
        encoder.encode(["1 2;", text, "3 4;"])


def test_what_series_cannot_be_learned():
    with pytest.raises(UsageError, match="--skip-top 5 does not go with --tokenizer series"):
        SeriesEncoder.fit(["1"], num_words=10, skip_top=5)
    with pytest.raises(DataError, match="feature 2 of the series has numbers too large"):
        SeriesEncoder.fit(["1 1e300; 2 -1e300;"], num_words=10)
    with pytest.raises(DataError, match="step 1 has 2 numbers, but the training series have 1"):
        SeriesEncoder.fit(["1;", "1 2;"], num_words=10)


def test_a_hundred_thousand_numbers_are_quick():
    numbers = np.random.default_rng(0).normal(size=(1000, 50, 2))
    texts = ["".join(f"{one:.6g} {two:.6g};" for one, two in series) for series in numbers]
    encoder = SeriesEncoder.fit(texts, num_words=10)
    started = time.perf_counter()
    encoder.encode(texts)
    assert time.perf_counter() - started < 1  # 0.06 s on a quiet machine


# The store


def filled(folder, most, parts):
    with RaggedWriter(folder, most) as writer:
        for part in parts:
            writer.append(part)
        return writer.finish()


ragged_parts = st.lists(
    st.lists(st.lists(st.integers(0, 2**31 - 1), max_size=9), max_size=5).map(Ragged.from_lists)
)


@settings(deadline=None)
@given(ragged_parts, st.integers(0, 200))
def test_what_is_stored_comes_back_from_memory_and_disk(parts, most):
    found = filled(None, most, parts)
    assert rows(found) == [row.tolist() for part in parts for row in part]
    assert found.values.dtype == np.int32
    assert found.offsets.dtype == np.int64
    on_disk = sum(part.values.nbytes for part in parts) > most
    assert isinstance(found.values, np.memmap) == on_disk


def test_series_are_stored_and_the_file_has_no_name(tmp_path):
    part = Ragged(np.arange(60.0).reshape(30, 2), np.array([0, 10, 10, 30]))
    folder = tmp_path / "made" / "here"
    found = filled(folder, 100, [part.rows(0, 2), part.rows(2, 3), part.rows(1, 1)])
    assert folder.is_dir()
    assert list(folder.iterdir()) == []
    assert isinstance(found.values, np.memmap)
    assert found.values.dtype == np.float32
    assert np.array_equal(found.values, part.values)
    assert found.lengths.tolist() == [10, 0, 20]
    with pytest.raises(ValueError, match="read-only"):
        found.values[0] = 1


def test_where_the_folder_cannot_be_written_the_systems_is_taken(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    (tmp_path / "system").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "system"))
    found = filled(tmp_path / "file", 3, [Ragged.from_lists([[1, 2]])])
    assert rows(found) == [[1, 2]]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
@pytest.mark.parametrize("count", [10, 100_000])
def test_a_full_disk_is_one_sentence(monkeypatch, count):
    full = open("/dev/full", "r+b")  # noqa: SIM115  (the store closes it)
    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: full)
    with pytest.raises(DataError, match="do not fit on the disk: it is full; free some space"):
        filled(None, 3, [Ragged.from_lists([[1] * count])])


class Odd:
    """An encoder that gives what it is told to."""

    name = "odd"

    def __init__(self, give):
        self.encode = give


@pytest.mark.parametrize(
    ("give", "sentence"),
    [
        (lambda texts: [[1]], r"tokenizer 'odd': encode\(\) gave list, not seqclf.Ragged"),
        (
            lambda texts: Ragged.from_lists([[1]]),
            r"encode\(\) gave 1 sequences for 2 texts; its author gives one a text",
        ),
        (
            lambda texts: Ragged(np.array([0.5, 1.0]), np.array([0, 1, 2])),
            "the token ids must be whole numbers, not float64",
        ),
        (
            lambda texts: Ragged(np.array([1, 2**31]), np.array([0, 1, 2])),
            "the token ids must be at most 2147483647, not 2147483648",
        ),
        (
            lambda texts: Ragged(np.zeros((2, 2 + int(texts[0]))), np.array([0, 1, 2])),
            r"shape \(steps, 3\) cannot follow those of shape \(steps, 2\)",
        ),
    ],
)
def test_what_an_encoder_may_not_give(give, sentence):
    with pytest.raises(SeqclfError, match=sentence):
        encode_in_chunks(Odd(give), ["0", "0", "1", "1"], chunk=2)


def test_chunks_of_texts_on_disk_and_how_far_it_is():
    told = []
    texts = Lazy([str(number) for number in range(100)], 8)
    found = encode_in_chunks(
        IdsEncoder(num_words=100), texts, None, lambda *done: told.append(done), chunk=8
    )
    assert found.values.tolist() == list(range(100))
    assert told[0] == (8, 100)
    assert told[-1] == (100, 100)
    none = encode_in_chunks(SeriesEncoder([0, 0], [1, 1], num_words=9), Lazy([], 8))
    assert none.values.shape == (0, 2)
    assert len(none) == 0


# What the checks say of encoders that read something else


class Broken(SeriesEncoder):
    """Numbers that are not what it says."""

    name = "broken-series"

    def encode(self, texts):
        found = super().encode(texts)
        return Ragged(found.values.astype(np.float64), found.offsets)


class Guessing(IdsEncoder):
    """Reads what nobody knows."""

    name = "guessing"
    reads = "letters"


@pytest.mark.parametrize(
    ("encoder_class", "sentence", "words"),
    [
        (Broken, "its numbers are finite, float32, as many a step", "its values are float64"),
        (Guessing, "is fitted on texts of every sort", "give one of text, ids, series"),
    ],
)
def test_what_is_wrong_with_a_series_encoder_is_found(encoder_class, sentence, words):
    failed = [check for check in check_one_encoder(encoder_class) if check.status == "failed"]
    assert [check.sentence for check in failed] == [sentence]
    assert words in failed[0].detail

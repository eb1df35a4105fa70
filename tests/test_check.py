"""`seqclf check`: each fault planted once and found with its figures and places; a clean file."""

import csv
import gzip
import itertools
import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from imdb_files import write_imdb, write_word_index
from ui_cases import Stream

from seqclf.contracts import Ragged, Split
from seqclf.encoding.words import WordEncoder
from seqclf.inspection.damage import (
    ADVICE,
    CONTROL,
    KINDS,
    LOST,
    MOJIBAKE,
    SURROGATES,
    SWALLOWED,
    WESTERN,
    damage_in,
)
from seqclf.inspection.data import Data
from seqclf.inspection.findings import VERDICTS, Example, Finding, Place
from seqclf.inspection.look import look
from seqclf.inspection.names import class_names
from seqclf.ui.consoles import console_for
from seqclf.ui.inspection import finding_lines, print_findings
from seqclf.ui.text import cells

EMOJIFY = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "emojify"
PEOPLE = ["ann", "ben", "carl", "dora", "eve", "fred", "gina", "hans"]
NAMES = [
    "rows",
    "classes",
    "few examples",
    "balance",
    "class names",
    "lengths",
    "maxlen",
    "unknown words",
    "only unknown words",
    "empty texts",
    "duplicate texts",
    "two labels",
    "test in training",
    "validation in training",
    "encoding damage",
    "scripts without blanks",
]


def sentences():
    """A hundred different texts of known words, class by turns; twenty of them for the test."""
    texts = [" ".join(words) for words in itertools.product(PEOPLE, ["sees", "hears"], PEOPLE)]
    random.Random(5).shuffle(texts)
    rows = [(text, ("calm", "cross")[place % 2]) for place, text in enumerate(texts[:100])]
    return rows[:80], rows[80:]


def write(path, rows, header=("text", "label")):
    with path.open("w", encoding="utf-8", newline="", errors="surrogatepass") as file:
        csv.writer(file).writerows([header, *rows] if header else rows)


@pytest.fixture
def check(seqclf, tmp_path):
    """Write rows as files and check them: check(train, test, "--maxlen", 3)["lengths"]."""

    def run(train, test, *options, status=0):
        write(tmp_path / "train.csv", train)
        write(tmp_path / "test.csv", test)
        held = () if "--validation" in options else ("--validation-split", 0)
        command = ("check", "train.csv", "--test", "test.csv", *held, *options, "--json")
        ended, out, err = seqclf(*command)
        assert ended == status, err
        document = json.loads(out)
        assert [each["name"] for each in document["findings"]] == NAMES
        return {each["name"]: each for each in document["findings"]}

    return run


def places(finding, example=0):
    return [(each["split"], each["number"]) for each in finding["examples"][example]["places"]]


def test_a_clean_file_is_ok_in_every_way(check):
    train, test = sentences()
    # Two sentences end to end are a new text, and no new word.
    write(Path("more.csv"), [(f"{text} {text}", label) for text, label in train[:20]])
    found = check(train, test, "--strict", "--validation", "more.csv", "--maxlen", 7)
    assert {name: each["verdict"] for name, each in found.items()} == dict.fromkeys(NAMES, "ok")
    assert found["rows"]["figures"] == {"train": 80, "validation": 20, "test": 20}
    assert found["classes"]["figures"]["train"] == {"calm": 40, "cross": 40}
    assert found["lengths"]["figures"]["train"] == {
        "mean": 4.0,
        "median": 4.0,
        "95 %": 4.0,
        "longest": 4,
        "shortest": 4,
    }
    assert not any(each["advice"] or each["examples"] for each in found.values())


def test_a_repeated_text_is_found_whatever_its_case_and_blanks(check):
    train, test = sentences()
    train += [(f"  {train[5][0].upper()} ", train[5][1]), train[9], train[9]]
    test.append(test[3])
    finding = check(train, test)["duplicate texts"]
    assert finding["verdict"] == "look"
    assert finding["figures"]["train"] == {"repeated": 3, "to the letter": 2, "share": 3 / 83}
    assert finding["figures"]["test"]["repeated"] == 1
    assert [places(finding, example) for example in range(3)] == [
        [("train", 7), ("train", 82)],
        [("train", 11), ("train", 83), ("train", 84)],
        [("test", 5), ("test", 22)],
    ]
    assert "4 texts repeat an earlier one" in finding["sentence"]


def test_a_text_with_two_labels_is_wrong(check):
    train, test = sentences()
    train.append((train[3][0].capitalize(), "calm"))
    assert train[3][1] == "cross"
    found = check(train, test, "--strict", status=1)
    finding = found["two labels"]
    assert (finding["verdict"], finding["figures"]) == ("wrong", {"texts": 1, "rows": 2})
    told = finding["examples"][0]["places"]
    assert [(each["number"], each["label"]) for each in told] == [(5, "cross"), (82, "calm")]
    assert found["duplicate texts"]["figures"]["train"]["to the letter"] == 0


def test_test_texts_that_stand_in_training_are_wrong(check):
    train, test = sentences()
    test[4] = train[60]
    test[7] = (train[61][0].replace(" ", "\n"), train[61][1])
    found = check(train, test)
    finding = found["test in training"]
    assert finding["verdict"] == "wrong"
    assert finding["figures"] == {
        "found": 2,
        "to the letter": 1,
        "share": 0.1,
        "in train": 2,
        "in validation": 0,
    }
    assert places(finding) == [("test", 6), ("train", 62)]
    assert places(finding, 1)[1] == ("train", 63)
    assert found["two labels"]["verdict"] == "ok"
    assert found["validation in training"]["verdict"] == "not tried"


def test_test_texts_in_what_is_held_out_of_training_count_too(seqclf):
    train, test = sentences()
    write(Path("train.csv"), train)
    write(Path("test.csv"), train[:40] + test)
    _, out, _ = seqclf("check", "train.csv", "--test", "test.csv", "--json")
    found = {each["name"]: each for each in json.loads(out)["findings"]}
    figures = found["test in training"]["figures"]
    assert figures["found"] == 40
    assert figures["in train"] + figures["in validation"] == 40
    assert figures["in validation"] > 0
    assert "held out of it for validation" in found["test in training"]["sentence"]
    assert "(held out of the training examples)" in found["rows"]["sentence"]


def test_validation_texts_that_stand_in_training_are_told(check):
    train, test = sentences()
    write(Path("more.csv"), [(f"{text} {text}", label) for text, label in train[:9]] + train[30:31])
    finding = check(train, test, "--validation", "more.csv")["validation in training"]
    assert finding["verdict"] == "look"
    assert finding["figures"]["found"] == 1
    assert places(finding) == [("validation", 11), ("train", 32)]


def test_empty_texts_and_texts_without_a_word_are_told_apart(check):
    train, test = sentences()
    train += [(" \t", "calm"), ("?!", "cross")]
    test.append(("", "calm"))
    found = check(train, test)
    finding = found["empty texts"]
    assert finding["verdict"] == "look"
    assert finding["figures"] == {
        "train": {"empty": 1, "without a token": 2, "like a missing value": 0},
        "test": {"empty": 1, "without a token": 1, "like a missing value": 0},
    }
    assert [places(finding, example)[0] for example in range(3)] == [
        ("train", 82),
        ("train", 83),
        ("test", 22),
    ]
    assert found["test in training"]["verdict"] == "ok", "empty texts are no copies"
    assert found["duplicate texts"]["verdict"] == "ok"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ann likes the caf\ufffd", LOST),
        ("ann likes the cafÃ©", MOJIBAKE),
        ("ann doesnâ€™t", MOJIBAKE),
        ("ann ðŸ˜€", MOJIBAKE),
        ("ann ÐŸÑ€Ð¸Ð²ÐµÑ‚", MOJIBAKE),
        ("ann\x07 sees", CONTROL),
        ("ann \x93sees\x94", WESTERN),
        ("\ufeffann sees", CONTROL),
    ],
)
def test_damaged_characters_are_told_with_their_place(check, text, kind):
    train, test = sentences()
    test[2] = (text, "calm")
    finding = check(train, test)["encoding damage"]
    assert (finding["verdict"], finding["figures"]) == ("look", {kind: 1})
    assert places(finding) == [("test", 4)]
    assert finding["advice"] == ADVICE[kind]
    assert ("--encoding" in finding["advice"]) == (kind in (MOJIBAKE, WESTERN))


def test_each_kind_of_damage_has_its_advice(check):
    train, test = sentences()
    test[:2] = [("ann\x00 sees", "calm"), ("ann likes the cafÃ©", "calm")]
    finding = check(train, test)["encoding damage"]
    assert finding["figures"] == {MOJIBAKE: 1, CONTROL: 1}
    assert finding["advice"] == f"{ADVICE[MOJIBAKE]}; {ADVICE[CONTROL]}"
    assert set(ADVICE) == set(KINDS)


def test_half_characters_are_damage():
    assert damage_in("a\udcff") == (SURROGATES, 1)


@pytest.mark.parametrize(
    "text",
    [
        "naïve café, Señor Ünï",
        "«ÉTÉ» “IRMÃ” là»…",
        "Où à… â, ă, î",
        "Việt Nam đẹp lắm",
        "МОСКВА «Ñ» Ελλάδα",
        "你好»… とても",
        "👍🏽 😀",
        "“quotes” – ’s\tand\r\nlines",
    ],
)
def test_what_people_write_is_no_damage(text):
    assert damage_in(text) is None


def test_class_names_that_differ_by_case_or_blanks_are_wrong(check):
    train, test = sentences()
    train += [(f"{text} again", "Calm ") for text, _ in train[:3]]
    found = check(train, test)
    assert found["class names"]["verdict"] == "wrong"
    assert found["class names"]["figures"]["alike"] == [["Calm ", "calm"]]
    assert "'Calm ' and 'calm' look alike" in found["class names"]["sentence"]
    assert found["few examples"]["figures"]["classes"] == {"Calm ": 3}
    assert found["few examples"]["verdict"] == "look"
    assert found["classes"]["verdict"] == "look", "no test example is of that class"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("calm\u00a0", r"'calm' and 'calm\u00a0'"),
        ("\ufeffcalm", r"'calm' and '\ufeffcalm'"),
        ("ca\u00adlm", r"'calm' and 'ca\u00adlm'"),
        ("ca\u200dlm", r"'calm' and 'ca\u200dlm'"),
        ("calm\ufe0f", r"'calm' and 'calm\ufe0f'"),
        ("CALM\x07", r"'CALM\u0007' and 'calm'"),
        ("ｃａｌｍ", "'calm' and 'ｃａｌｍ'"),
    ],
)
def test_class_names_that_look_the_same_are_wrong(check, name, shown):
    train, test = sentences()
    train += [(f"{text} again", name) for text, _ in train[:3]]
    finding = check(train, test)["class names"]
    assert (finding["verdict"], finding["figures"]["alike"]) == ("wrong", [sorted([name, "calm"])])
    assert f"{shown} look alike" in finding["sentence"]


def names_of(*labels, kind="multiclass", sources=None):
    """Look at class names alone."""
    labels = tuple(labels)
    train = Split(np.arange(len(labels)), ids=Ragged.from_lists([[1]] * len(labels)))
    return class_names(Data(train, None, None, labels, kind, 3, sources=sources or {}))


def test_accents_in_one_or_two_characters_are_one_name_and_can_be_told_apart():
    finding = names_of("caf\u00e9", "cafe\u0301", "tea")
    assert finding.verdict == "wrong"
    assert r"'café' and 'cafe\u0301'" in finding.sentence


@pytest.mark.parametrize(
    "names",
    [
        ("m²", "m2"),
        ("+", "-"),
        (".", "?", "!"),
        ("1", "-1"),
        ("a", "ä"),
        ("Boston, MA", "Austin, TX", "Dallas, TX"),
        ("sales, Rome", "sales", "costs"),
        ("\U0001f3f4\U000e0067\U000e007f", "\U0001f3f4\U000e0073\U000e007f"),
        ("nan bread", "rice"),
    ],
)
def test_usual_class_names_are_ok(names):
    assert names_of(*names).verdict == "ok"


@pytest.mark.parametrize("name", ["NA", "n/a", "None", "NULL", "nan", "-", "?", "\u200b", "''"])
def test_a_class_that_looks_like_a_missing_value_is_told(name):
    finding = names_of("good", "bad", name)
    assert finding.verdict == "look"
    assert finding.figures["like a missing value"] == [name]
    assert "looks like a missing value" in finding.sentence


@pytest.mark.parametrize(
    ("names", "separator", "several"),
    [
        (("news", "news,sport", "sport"), ",", ["news,sport"]),
        (("a; b", "a; c", "b; c"), ";", ["a; b", "a; c", "b; c"]),
        (("a|b", "b|c|a", "c", "d"), "|", ["a|b", "b|c|a"]),
    ],
)
def test_names_of_several_classes_are_told(names, separator, several):
    finding = names_of(*names, sources={"train": None})
    assert (finding.verdict, finding.figures["separator"]) == ("look", separator)
    assert finding.figures["several in one"] == several
    assert "--multilabel" in finding.advice
    assert ("--separator" in finding.advice) == (separator != ",")
    assert "--" not in names_of(*names).advice, "a dataset of a plugin has no such option"


def test_texts_like_missing_values_are_no_contradiction(check):
    train, test = sentences()
    train += [("NaN", "calm"), ("NaN", "cross"), (" null", "calm"), ("nan bread", "calm")]
    test += [("N/A", "calm"), ("NaN", "calm")]
    found = check(train, test)
    finding = found["empty texts"]
    assert finding["verdict"] == "look"
    assert [each["like a missing value"] for each in finding["figures"].values()] == [3, 2]
    assert "5 texts look like missing values (3 training, 2 test)" in finding["sentence"]
    assert [each["text"] for each in finding["examples"]] == ["NaN", "NaN", "null", "N/A", "NaN"]
    for name in ("two labels", "test in training", "duplicate texts"):
        assert found[name]["verdict"] == "ok"


def test_rows_that_a_quote_swallowed_are_told(seqclf):
    train, _ = sentences()
    rows = [f"{text}\t{label}" for text, label in train]
    rows[6] = f'"{train[6][0]}'  # opened, and closed two lines further down
    rows[8] = f'{train[8][0]}"\t{train[8][1]}'
    rows[20] = '"two\nlines"\tcalm'
    Path("raw.tsv").write_text("\n".join(["text\tlabel", *rows]) + "\n")
    _, out, err = seqclf(
        *("check", "raw.tsv", "--json", "--validation-split", 0, "--test-split", 0)
    )
    found = {each["name"]: each for each in json.loads(out)["findings"]}
    finding = found["encoding damage"]
    assert (finding["verdict"], finding["figures"]) == ("look", {SWALLOWED: 1}), err
    assert places(finding) == [("train", 8)]
    assert "--quote none" in finding["advice"]


def test_a_tab_and_a_line_end_are_no_damage_where_commas_part_columns(check):
    train, test = sentences()
    test[2] = ("ann\tsees\nben", "calm")
    assert check(train, test)["encoding damage"]["verdict"] == "ok"


def test_the_order_of_the_classes_is_told(check):
    train, test = sentences()
    finding = check([*train, ("ann sees", "cross")], test)["classes"]
    assert finding["figures"]["order"] == ["calm", "cross"]
    assert finding["sentence"].startswith(
        "2 classes in this order: 'calm', 'cross'; in training 'cross' 41 ("
    )


@pytest.mark.parametrize(
    ("options", "unknown", "only", "units"),
    [
        (("--tokenizer", "char"), 3, 1, "characters"),
        (("--tokenizer", "subword", "-t", "model=wordpiece"), 2, 1, "pieces"),
        (("--tokenizer", "subword"), 0, 0, "pieces"),
    ],
)
def test_unknown_characters_and_pieces_are_counted(check, options, unknown, only, units):
    if "subword" in options:
        pytest.importorskip("tokenizers")
    train, test = sentences()
    test = [("文字", "calm"), ("ann 文", "cross"), *test[:1]]
    found = check(train, test, *options)
    figures = found["unknown words"]["figures"]
    assert (figures["test"]["unknown"], figures["train"]["unknown"]) == (unknown, 0)
    assert f"of the test {units} are unknown" in found["unknown words"]["sentence"]
    assert found["only unknown words"]["figures"] == {"train": 0, "test": only}


def test_a_class_that_dominates_is_told(check):
    train, test = sentences()
    calm = [(f"{text} again", "calm") for text, _ in train] * 2
    finding = check(train + calm, test)["balance"]
    assert finding["verdict"] == "look"
    assert finding["figures"]["largest"] == "calm"
    assert finding["figures"]["largest share"] == 200 / 240


def test_unknown_words_are_counted(check):
    train, test = sentences()
    test = [("zoe xyz", "calm"), ("ann zoe", "cross"), *test[:2]]
    found = check(train, test)
    assert found["unknown words"]["verdict"] == "look"
    assert found["unknown words"]["figures"]["test"] == {"tokens": 10, "unknown": 3, "share": 0.3}
    assert found["unknown words"]["figures"]["train"]["unknown"] == 0
    assert found["only unknown words"]["figures"] == {"train": 0, "test": 1}
    assert places(found["only unknown words"]) == [("test", 2)]


def test_what_maxlen_cuts_is_counted(check):
    train, test = sentences()
    train[7] = ("ann sees ben and then ann hears ben", train[7][1])
    figures = check(train, test, "--maxlen", 5)["maxlen"]["figures"]
    assert figures["train"] == {"cut": 1, "share": 1 / 80, "lost": 4, "lost share": 4 / 325}
    assert figures["test"]["cut"] == 0
    finding = check(train, test, "--maxlen", 3, "--truncating", "post")["maxlen"]
    assert finding["verdict"] == "look"
    assert "100 % of the test texts, at their end" in finding["sentence"]
    finding = check(train, test, "--maxlen", 60)["maxlen"]
    assert finding["verdict"] == "look"
    assert "most steps are padding" in finding["sentence"]


def test_scripts_without_blanks_want_another_tokenizer(check):
    train, test = sentences()
    texts = [
        ("とても良い映画でした" + chr(0x4E00 + n), label) for n, (_, label) in enumerate(train)
    ]
    finding = check(texts, test)["scripts without blanks"]
    assert finding["verdict"] == "look"
    assert finding["figures"]["share"] == 1
    assert check(texts, test, "--tokenizer", "char")["scripts without blanks"]["verdict"] == "ok"


def test_the_five_test_sentences_of_the_emoji_exercise_are_found(seqclf):
    if not EMOJIFY.is_dir():
        pytest.skip("../shared/data/emojify is not there")
    train, test = EMOJIFY / "train.csv", EMOJIFY / "test.csv"
    status, out, _ = seqclf("check", train, "--test", test, "--json", "--strict")
    found = {each["name"]: each for each in json.loads(out)["findings"]}
    finding = found["test in training"]
    assert status == 1
    assert (finding["figures"]["found"], finding["figures"]["to the letter"]) == (5, 1)
    lines = [[number for _, number in places(finding, example)] for example in range(5)]
    assert lines == [[1, 109], [5, 96], [38, 27], [45, 23], [54, 103]]


def test_token_ids_are_checked_without_texts(seqclf, tmp_path):
    write_imdb(tmp_path / "data" / "imdb.npz", test=[[5, 1], [1, 4, 2], [1]])
    write_word_index(tmp_path / "data" / "imdb_word_index.json")
    status, out, err = seqclf(
        "check", "imdb", "--data-dir", tmp_path / "data", "--json", "--validation-split", 0
    )
    assert status == 0, err
    found = {each["name"]: each for each in json.loads(out)["findings"]}
    assert found["test in training"]["figures"]["found"] == 1
    assert found["test in training"]["examples"][0]["text"] == "1 the film and"
    assert found["lengths"]["figures"]["test"]["longest"] == 4
    for name in ("encoding damage", "scripts without blanks"):
        assert found[name]["verdict"] == "not tried"
        assert "gives token ids" in found[name]["sentence"]


def test_series_are_checked_as_series(seqclf):
    rows = [[*(place * 10 + n for n in range(6)), "ab"[place % 2]] for place in range(40)]
    names = [*(f"x{n}" for n in range(6)), "label"]
    write(Path("series.csv"), rows, header=names)
    write(Path("later.csv"), [*rows[:3], [1, 2, 3, 4, 5, 6, "a"]], header=names)
    status, out, err = seqclf(
        *("check", "series.csv", "--test", "later.csv", "--label-column", "label"),
        *("--series", "wide", "--features", 2, "--validation-split", 0, "--json"),
    )
    assert status == 0, err
    found = {each["name"]: each for each in json.loads(out)["findings"]}
    assert found["lengths"]["figures"]["train"]["longest"] == 3
    assert "3.0 steps on average" in found["lengths"]["sentence"]
    assert found["test in training"]["figures"]["found"] == 3
    assert places(found["test in training"]) == [("test", 2), ("train", 2)]
    prose = {"unknown words", "only unknown words", "encoding damage", "scripts without blanks"}
    for name, finding in found.items():
        assert (finding["verdict"] == "not tried") == (
            name in prose or name == "validation in training"
        )
        if name in prose:
            assert finding["sentence"] == "the texts are series of numbers"


def test_a_line_off_a_terminal_is_a_finding_or_an_example(seqclf, check):
    train, test = sentences()
    test[4] = train[60]
    check(train, test)
    status, out, _ = seqclf("check", "train.csv", "--test", "test.csv", "--validation-split", 0)
    lines = out.splitlines()
    assert status == 0
    heads = [line for line in lines[:-1] if not line.startswith(" ")]
    assert len(heads) == len(NAMES)
    assert all(line.startswith(VERDICTS) for line in heads)
    assert [line.split(": ")[0].strip() for line in lines if line.startswith(" ")] == [
        f"test line 6 ({train[60][1]}), training line 62 ({train[60][1]})"
    ]
    assert lines[-1] == "1 wrong, 14 ok, 1 not tried"


def test_nothing_is_left_behind_and_keras_is_not_loaded(tmp_path):
    train, test = sentences()
    write(tmp_path / "train.csv", train)
    write(tmp_path / "test.csv", test)
    program = (
        "import sys; from seqclf.cli.program import run_program\n"
        "status = run_program(['check', 'train.csv', '--test', 'test.csv', '--strict'])\n"
        "heavy = {'keras', 'tensorflow', 'jax', 'torch', 'pandas', 'sklearn'}\n"
        "sys.exit(status or (', '.join(heavy & set(sys.modules)) or 0))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["nowhere.csv"], 1, "nowhere.csv"),
        (["short.csv"], 1, "short.csv line 3"),
        (["tiny9"], 2, "there is no dataset 'tiny9'"),
        (["reviews", "--maxlen", "0"], 2, "--maxlen"),
    ],
)
def test_errors_are_raised_as_everywhere(seqclf, arguments, status, sentence):
    Path("short.csv").write_text("text,label\na,b\nc\n")
    ended, out, err = seqclf("check", *arguments)
    assert (ended, out) == (status, "")
    assert sentence in err.splitlines()[-1]


def test_several_labels_a_text(seqclf, tiny):
    status, out, _ = seqclf("check", "tinymany", "--plugin", tiny, "--json")
    found = {each["name"]: each for each in json.loads(out)["findings"]}
    assert status == 0
    assert sum(found["classes"]["figures"]["train"].values()) == 2 * 160
    assert found["classes"]["figures"]["without a label"] == {
        "train": 0,
        "validation": 0,
        "test": 0,
    }
    assert found["two labels"]["verdict"] == "ok"


# Without files: what any data give.


def data_of(train, test, labels=("a", "b", "c")):
    """Encode texts of single letters and numbers as classes."""
    encoder = WordEncoder.fit([text for text, _ in train], num_words=100)

    def split(rows):
        texts = [text for text, _ in rows]
        return Split(np.array([label for _, label in rows]), texts, encoder.encode(texts))

    return Data(split(train), None, split(test), labels, "multiclass", 5, encoder=encoder)


ROWS = st.lists(
    st.tuples(st.text(alphabet="aAb \tß", max_size=4), st.integers(0, 2)), min_size=1, max_size=30
)


def evened(text):
    return " ".join(text.split()).casefold()


@given(ROWS, ROWS)
def test_copies_are_those_that_comparing_all_texts_finds(train, test):
    found = {each.name: each for each in look(data_of(train, test))}
    for name, rows in (("train", train), ("test", test)):
        texts = [text for text, _ in rows if evened(text)]
        earlier = [texts[:place] for place in range(len(texts))]
        repeated = sum(
            any(evened(text) == evened(other) for other in before)
            for text, before in zip(texts, earlier, strict=True)
        )
        letter = sum(text in before for text, before in zip(texts, earlier, strict=True))
        figures = found["duplicate texts"].figures[name]
        assert (figures["repeated"], figures["to the letter"]) == (repeated, letter)
    everything = [(evened(text), label) for text, label in train + test if evened(text)]
    torn = {
        text
        for text, label in everything
        for again, other in everything
        if text == again and label != other
    }
    figures = found["two labels"].figures
    assert (figures["texts"], figures["rows"]) == (
        len(torn),
        sum(text in torn for text, _ in everything),
    )
    learned = {evened(text) for text, _ in train}
    leaked = [text for text, _ in test if evened(text) and evened(text) in learned]
    figures = found["test in training"].figures
    assert figures["found"] == len(leaked)
    assert figures["to the letter"] == sum(text in {t for t, _ in train} for text in leaked)


@given(st.lists(st.lists(st.integers(1, 3), max_size=3), min_size=1, max_size=20))
def test_copies_of_ids_are_equal_rows(rows):
    train = Split(np.zeros(len(rows), np.int64), ids=Ragged.from_lists(rows))
    found = {each.name: each for each in look(Data(train, None, None, ("a", "b"), "binary", 3))}
    told = [row for row in map(tuple, rows) if row]
    assert found["duplicate texts"].figures["train"]["repeated"] == len(told) - len(set(told))
    assert found["unknown words"].verdict == "not tried"
    assert found["classes"].verdict == "wrong", "no example is of class b"


def test_texts_are_read_by_index_slice_and_loop_only():
    class Stored:
        """Texts that cannot be had as a whole."""

        def __init__(self, texts):
            self._texts = texts

        def __len__(self):
            return len(self._texts)

        def __getitem__(self, place):
            found = self._texts[place]
            return Stored(found) if isinstance(place, slice) else found

        def __iter__(self):
            return iter(self._texts)

    texts = ["a b", "b a", "A  b", ""]
    encoder = WordEncoder.fit(texts, num_words=20)
    split = Split(np.array([0, 1, 1, 0]), Stored(texts), encoder.encode(texts))
    data = Data(split, None, None, ("x", "y"), "binary", 4, encoder=encoder)
    told = []
    found = {each.name: each for each in look(data, lambda done, total: told.append(done))}
    assert found["two labels"].figures["rows"] == 2
    assert found["empty texts"].figures["train"] == {
        "empty": 1,
        "without a token": 1,
        "like a missing value": 0,
    }
    assert [place.unit for place in found["two labels"].examples[0].places] == ["example"] * 2


# Drawing.

FINDINGS = (
    Finding("rows", "ok", "105 training, 27 validation, 56 test"),
    Finding(
        "test in training",
        "wrong",
        "5 of 56 test texts (8.9 %) also stand in training (case and blanks ignored); 1 to the "
        "letter",
        examples=(
            Example(
                "素晴らしい映画 \x1b[31m [bold]x[/] “quoted” " + "and so on " * 6,
                (Place("test", "line", 5, "glad"), Place("train", "line", 12345, "sad")),
                3,
            ),
            Example("", (Place("train", "file", 3, "sad", "sad/3.txt"),)),
        ),
        advice="take them out of one of the two",
    ),
    Finding("scripts without blanks", "not tried", "the dataset gives token ids, no texts"),
)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("no_color", ["", "1"])
def test_a_drawing_fits_its_terminal(monkeypatch, width, encoding, no_color):
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", no_color)
    stream = Stream(terminal=True, encoding=encoding)
    print_findings(console_for(stream), FINDINGS, title="tickets.csv")
    drawn = stream.getvalue()
    if no_color:
        assert "\x1b" not in drawn
        assert max(map(cells, drawn.splitlines())) <= width
    assert "\x1b[31m [bold]" not in drawn
    assert "1 wrong, 1 ok, 1 not tried" in drawn
    assert encoding == "utf-8" or drawn.isascii()


def test_lines_for_a_pipe_tell_everything():
    lines = finding_lines(FINDINGS)
    assert lines[0] == "ok         rows: 105 training, 27 validation, 56 test"
    assert lines[2].startswith(
        "           test line 5 (glad), training line 12345 (sad) and 3 more: 素晴らしい映画 \\x1b["
    )
    assert lines[3] == "           sad/3.txt (sad): (empty)"


def test_a_gzipped_file_and_a_folder_name_their_places(seqclf, tmp_path):
    train, _ = sentences()
    with gzip.open(tmp_path / "mine.csv.gz", "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "label"), *train, train[0]])
    _, out, _ = seqclf("check", "mine.csv.gz", "--test-split", 0, "--validation-split", 0)
    assert f"training lines 2 and 82 ({train[0][1]}): {train[0][0]}" in out
    for number, (text, label) in enumerate([*train[:30], train[0]]):
        folder = tmp_path / "mails" / label
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:02}.txt").write_text(text)
    _, out, _ = seqclf("check", "mails", "--test-split", 0, "--validation-split", 0)
    label = train[0][1]
    told = " and ".join(str(Path("mails", label, name)) for name in ("00.txt", "30.txt"))
    assert f"{told} ({label}): {train[0][0]}" in out

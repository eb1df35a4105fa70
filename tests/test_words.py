"""The word encoder: options, Unicode, and the fast path against a plain one."""

import json
import unicodedata
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqclf.encoding import counting, tokens
from seqclf.encoding.scripts import share_without_spaces
from seqclf.encoding.splitting import FILTERS, Splitting
from seqclf.encoding.tokens import as_bytes, tokens_of_words
from seqclf.encoding.vocabulary import Vocabulary
from seqclf.encoding.words import WordEncoder, split_words
from seqclf.errors import RunError

UNICODE = Splitting(normalize="nfc", punctuation="unicode")
EVERY = [
    Splitting(lowercase, normalize, punctuation)
    for lowercase in (True, False)
    for normalize in ("off", "nfc", "nfkc")
    for punctuation in ("ascii", "unicode")
]
# Few characters, so that words are met again; and ones that are special to one rule or another.
SPECIAL = "aAbz09'’´-_.\0\t\n\x1c\x7f\x85\xa0\xadéÉe\u0301İıßΣσςＡ漢字ไทย👍🏽❤\ufe0f\u200b\u200d"
letters = st.sampled_from(SPECIAL)
characters = letters | st.characters(codec=None)
some_texts = st.lists(st.text(characters, max_size=60) | st.text(letters, max_size=400), max_size=8)
rules = st.sampled_from(EVERY)
blocks = st.sampled_from([1, 7, 64, tokens.BLOCK])


def words_by_hand(text, rules):
    """Do what the docstring says, one character at a time."""
    forms = {"nfc": "NFC", "nfkc": "NFKC"}
    for change in (str, str.lower) if rules.lowercase else (str,):
        text = change(text)
        if rules.normalize != "off":
            text = unicodedata.normalize(forms[rules.normalize], text)
    made = []
    for place, char in enumerate(text):
        category = unicodedata.category(char)
        around = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
        if char in FILTERS or char.isspace():
            char = " "
        elif char.isascii() or rules.punctuation == "ascii":
            pass
        elif char == "’" and len(around) == 2 and around.isalnum():
            char = "'"
        elif category.startswith("P") or char == "\u200b":
            char = " "
        elif category.startswith("S"):
            char = f" {char} "
        elif category == "Cf" or 0xFE00 <= ord(char) <= 0xFE0F:
            char = ""
        made.append(char)
    return "".join(made).split()


class Once(Sequence):
    """Texts on disk: they may be read from the first to the last, once."""

    def __init__(self, texts):
        self.texts, self.read = texts, 0

    def __len__(self):
        return len(self.texts)

    def __getitem__(self, index):
        raise AssertionError("one after the other")

    def __iter__(self):
        self.read += 1
        assert self.read == 1
        return iter(self.texts)


@settings(max_examples=100)
@given(st.text(characters), rules)
def test_splitting_does_what_the_words_say(text, rules):
    assert rules.words(text) == words_by_hand(text, rules)


@pytest.mark.parametrize("rules", [UNICODE, EVERY[0], Splitting(True, "nfkc", "unicode")], ids=str)
def test_every_character_that_is_no_ideograph_follows_the_rules(rules):
    assigned = map(chr, range(0x110000))
    assigned = [char for char in assigned if unicodedata.category(char) not in ("Lo", "Cn", "Co")]
    assert len(assigned) > 10_000
    for start in range(0, len(assigned), 1000):
        text = "x ".join(assigned[start : start + 1000])
        assert rules.words(text) == words_by_hand(text, rules)


@given(st.text(st.characters(max_codepoint=127)), rules.filter(lambda rules: rules.lowercase))
def test_ascii_comes_out_as_in_keras_whatever_the_options(text, rules):
    blanks = str.maketrans(FILTERS, " " * len(FILTERS))
    assert rules.words(text) == text.lower().translate(blanks).split() == split_words(text)


@settings(max_examples=100)
@given(some_texts, rules, blocks, st.integers(0, 40))
def test_encoding_many_texts_is_encoding_their_words_one_by_one(texts, rules, block, known):
    ranked = list(dict.fromkeys(word for text in texts for word in rules.words(text)))[:known]
    settings = {"normalize": rules.normalize, "punctuation": rules.punctuation}
    encoder = WordEncoder(
        ranked, num_words=known + 4, skip_top=6, lowercase=rules.lowercase, **settings
    )
    ids = {word: number for number, word in enumerate(ranked, 4) if number >= 6}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "BLOCK", block)
        encoded = encoder.encode(texts)
    expected = [[2, *(ids.get(word, 2) for word in rules.words(text))] for text in texts]
    assert [row.tolist() for row in encoded] == expected
    assert encoded.values.dtype == "int32"


@settings(max_examples=100)
@given(
    some_texts, rules, st.sampled_from([1, 64, tokens.BLOCK]), st.integers(1, 9), st.integers(1, 3)
)
def test_words_are_ranked_as_a_plain_count_ranks_them(texts, rules, block, in_memory, min_count):
    counts = Counter(word for text in texts for word in rules.words(text))
    expected = [word for word in counts if counts[word] >= min_count]
    expected = sorted(expected, key=lambda word: -counts[word])[:6]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "BLOCK", block)
        ranked = counting.frequent_words(
            Once(texts), rules, 6, min_count=min_count, in_memory=in_memory
        )
    assert ranked == expected


def test_rare_words_are_unknown_and_free_no_place():
    texts = ["one two two three three three"]
    encoder = WordEncoder.fit(texts, num_words=10, min_count=2)
    assert encoder.words == ("three", "two")
    assert encoder.encode(texts)[0].tolist() == [1, 2, 5, 5, 4, 4, 4]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("“Don’t go” — she’s «là»…", ["don't", "go", "she's", "là"]),
        ("‘hello’ dogs’ rock ’n’ roll", ["hello", "dogs", "rock", "n", "roll"]),
        ("'tis the dogs' bone", ["'tis", "the", "dogs'", "bone"]),
        ("¿Qué? ¡No!", ["qué", "no"]),
        ("great👍👍 €5", ["great", "👍", "👍", "€", "5"]),
        ("👍🏽 ❤️ 👩‍👧", ["👍", "🏽", "❤", "👩", "👧"]),
        ("cafe\u0301 CAFÉ", ["café", "café"]),
        ("J\u030c \u01f0", ["\u01f0", "\u01f0"]),
        (
            "won\u00adder\u200dful zero\u200bwidth \ufeffmark",
            ["wonderful", "zero", "width", "mark"],
        ),
        ("ΟΔΟΣ οδος", ["οδος", "οδος"]),
        ("नमस्ते। दुनिया", ["नमस्ते", "दुनिया"]),
        ("one\r\ntwo\u2028three\u00a0four\n\nfive", ["one", "two", "three", "four", "five"]),
        ("1,000.50 at 12:30", ["1", "000", "50", "at", "12", "30"]),
        (
            "https://x.org?me@x.org#1",
            ["https", "x", "org", "me", "x", "org", "1"],
        ),
        ("", []),
        (" …\u3000", []),
    ],
)
def test_words_of_real_texts(text, words):
    assert UNICODE.words(text) == words
    encoder = WordEncoder.fit([text], num_words=40)
    assert set(encoder.words) == set(words)
    assert encoder.encode([text]).lengths.tolist() == [1 + len(words)]


def test_nfkc_makes_full_width_letters_and_ligatures_plain():
    assert Splitting(normalize="nfkc").words("ＡＢＣ ﬁn №５") == ["abc", "fin", "no5"]
    assert UNICODE.words("ＡＢＣ ﬁn") == ["ａｂｃ", "ﬁn"]


def test_case_can_be_kept():
    encoder = WordEncoder.fit(["Apple apple ÉTÉ"], num_words=10, lowercase=False)
    assert encoder.words == ("Apple", "apple", "ÉTÉ")
    assert encoder.encode(["apple APPLE"])[0].tolist() == [1, 5, 2]


def test_a_text_longer_than_a_block_is_cut_between_words():
    long = "début " + "mot-clé " * 300_000 + "x" * 3_000_000 + " fin"
    assert len(long) > tokens.BLOCK
    encoder = WordEncoder.fit(["a fin", long, "fin"], num_words=10)
    assert encoder.words == ("mot", "clé", "fin", "a", "début", "x" * 3_000_000)
    encoded = encoder.encode(["fin", long, "a"])
    assert encoded.lengths.tolist() == [2, 600_004, 2]
    assert encoded[1][[0, 1, 2, 3, -2, -1]].tolist() == [1, 8, 4, 5, 9, 6]


SAME_HASH = (b"dpfrzfulddaaddaa", b"dpqnjwzcyzrlyzko")
"""Two words that the first factor hashes to one number."""


def test_no_word_is_taken_for_another_of_the_same_hash():
    one, other = SAME_HASH
    alone = Vocabulary([one])
    assert alone.numbers(tokens_of_words(SAME_HASH)).tolist() == [0, -1]
    # It is the same hash indeed: with other factors than the first, nothing is compared.
    assert Vocabulary(SAME_HASH)._factor != alone._factor
    assert Vocabulary(SAME_HASH).numbers(tokens_of_words(SAME_HASH)).tolist() == [0, 1]
    assert Vocabulary([other]).numbers(tokens_of_words(SAME_HASH)).tolist() == [-1, 0]


@given(st.lists(st.binary(min_size=1, max_size=40) | st.binary(min_size=250, max_size=300)))
def test_a_vocabulary_finds_its_words_and_no_others(words):
    words = list(dict.fromkeys(word.replace(b"\0", b"\1") for word in words))
    known = words[::2]
    found = Vocabulary(known).numbers(tokens_of_words(words)).tolist()
    assert found == [place // 2 if place % 2 == 0 else -1 for place in range(len(words))]
    neighbours = [word[:-1] + bytes([word[-1] % 255 + 1]) for word in known]
    expected = [known.index(word) if word in known else -1 for word in neighbours]
    assert Vocabulary(known).numbers(tokens_of_words(neighbours)).tolist() == expected


def test_nul_and_lone_surrogates_are_parts_of_words():
    words = ["a", "a\0", "\0", "\ud800", "abcdefg\0", "abcdefgh"]
    encoder = WordEncoder.fit([" ".join(words)], num_words=20)
    assert encoder.words == tuple(words)
    assert [tokens.as_text(as_bytes(word)) for word in words] == words
    assert encoder.encode([" ".join(reversed(words))])[0].tolist() == [1, 9, 8, 7, 6, 5, 4]


def test_words_given_that_no_text_can_have_are_harmless():
    encoder = WordEncoder(["", "U.S.", "two words", "a", "a"], num_words=10, index_from=0)
    assert encoder.encode(["u.s. two words A"])[0].tolist() == [1, 2, 2, 2, 2, 5]


def test_options_are_stored_and_older_runs_have_none():
    chosen = {"lowercase": False, "normalize": "nfkc", "punctuation": "unicode"}
    encoder = WordEncoder.fit(["ﬁn Fin… fin"], num_words=10, **chosen)
    stored = json.loads(json.dumps(encoder.to_dict()))
    assert {name: stored[name] for name in chosen} == chosen
    again = WordEncoder.from_dict(stored)
    assert again.encode(["FIN ﬁn…fin"])[0].tolist() == [1, 2, 4, 4]
    for name in chosen:
        del stored[name]
    older = WordEncoder.from_dict(stored)
    assert older.splitting == Splitting(True, "off", "ascii")
    assert older.encode(["ﬁn… FIN"])[0].tolist() == [1, 2, 4]


def test_an_unknown_normal_form_in_a_stored_run_is_one_sentence():
    stored = WordEncoder(["a"], num_words=10).to_dict()
    with pytest.raises(RunError, match="wrong: normalize is 'nfd'"):
        WordEncoder.from_dict({**stored, "normalize": "nfd"})


@pytest.mark.parametrize(
    ("texts", "share"),
    [
        ([], 0),
        (["", "12 …"], 0),
        (["plain words", "größer, naïve"], 0),
        (["привет мир"], 0),
        (["한국어 문장"], 0),
        (["這部電影很好看"], 1),
        (["とてもよい", "カタカナ", "ｶﾀｶﾅ"], 1),
        (["ภาพยนตร์ดีมาก"], 1),
        (["ຮູບເງົາ", "ភាពយន្ត", "ရုပ်ရှင်", "གློག་བརྙན"], 1),
        (["abcd", "漢字"], 1 / 3),
    ],
)
def test_share_of_letters_written_without_spaces(texts, share):
    assert share_without_spaces(texts) == pytest.approx(share)


def test_the_share_looks_at_texts_from_the_first_to_the_last():
    texts = ["latin"] * 50 + ["漢字漢字漢"] * 50
    assert share_without_spaces(texts, most=10) == 0.5
    assert share_without_spaces(texts, most=1) == 0

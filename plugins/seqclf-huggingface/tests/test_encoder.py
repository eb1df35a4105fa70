"""The encoder: trained tokenizers that repeat, pretrained ones that fit, and what is stored."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
import tokenizers
from seqclf.contracts import Encoder
from seqclf.errors import DataError, RunError, SeqclfError, UsageError
from tokenizers import models, pre_tokenizers, processors

from seqclf_huggingface.encoder import HuggingFaceEncoder
from seqclf_huggingface.training import PAD, UNKNOWN

MODELS = ["bpe", "wordpiece", "unigram"]

REPEATED = """
import hashlib, json, sys
from test_encoder import TEXTS
from seqclf_huggingface.encoder import HuggingFaceEncoder
for model in ("bpe", "wordpiece", "unigram"):
    for num_words in (24, 300):
        made = HuggingFaceEncoder.fit(TEXTS, num_words=num_words, model=model)
        told = json.dumps(made.to_dict()).encode() + made.encode(TEXTS).values.tobytes()
        print(model, num_words, hashlib.sha256(told).hexdigest())
"""


def _texts():
    """Made-up words, many of them as frequent as others, so that ties are common."""
    random = np.random.default_rng(4)
    letters = list("abcdefghijéñß")
    words = ["".join(random.choice(letters, random.integers(1, 8))) for _ in range(150)]
    return [" ".join(random.choice(words, 9)) + "!" for _ in range(200)] + [" ".join(words)]


TEXTS = _texts()


def pieces(encoder, text):
    return [encoder.words_by_id[number] for number in encoder.encode([text])[0]]


def word_level(words, **more):
    """Give a small pretrained tokenizer: word to id, in the order given."""
    vocabulary = {word: number for number, word in enumerate(words)}
    made = tokenizers.Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    return made


@pytest.fixture
def pretrained(tmp_path):
    """Write a tokenizer.json: pretrained(["[PAD]", "[UNK]", "film"]) gives its path."""

    def write(words, change=lambda made: None, name="tokenizer.json"):
        made = word_level(words)
        change(made)
        made.save(str(tmp_path / name))
        return str(tmp_path / name)

    return write


# Trained here


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("num_words", [8, 24, 300])
def test_ids_are_below_num_words_and_never_padding(model, num_words):
    encoder = HuggingFaceEncoder.fit(TEXTS, num_words=num_words, model=model)
    ids = encoder.encode([*TEXTS, "", "日本 unheard", f"{PAD} {UNKNOWN}"])
    assert isinstance(encoder, Encoder)
    assert ids.values.min() > 0
    assert ids.values.max() < num_words
    assert ids.lengths[len(TEXTS)] == 0
    assert len(encoder.words_by_id) == num_words
    assert encoder.words_by_id[:2] == ("", UNKNOWN)


@pytest.mark.parametrize("model", MODELS)
def test_frequent_words_become_whole_pieces(model):
    texts = ["the film was superb", "the film was dull", "the plot was the film"] * 4
    encoder = HuggingFaceEncoder.fit(texts, num_words=100, model=model)
    joined = "".join(pieces(encoder, "the film")).replace("##", "")
    assert joined == "thefilm"
    if model != "unigram":  # which needs more texts than these to believe in a word
        assert len(pieces(encoder, "film")) == 1
    assert pieces(encoder, "日") == [UNKNOWN]


@pytest.mark.parametrize("model", MODELS)
def test_more_characters_than_places_leave_the_rarest_unknown(model):
    texts = ["aaaa bbbb aabb"] * 9 + [chr(number) for number in range(0x4E00, 0x4F00)]
    encoder = HuggingFaceEncoder.fit(texts, num_words=40, model=model)
    assert UNKNOWN not in pieces(encoder, "abba")
    assert pieces(encoder, chr(0x4EFF)) == [UNKNOWN]
    assert encoder.encode(texts).values.max() < 40


def test_capitals_are_kept_unless_told():
    texts = ["Good good"] * 5
    kept = HuggingFaceEncoder.fit(texts, num_words=40)
    small = HuggingFaceEncoder.fit(texts, num_words=40, lowercase=True)
    assert pieces(kept, "Good") != pieces(kept, "good")
    assert pieces(small, "GOOD") == pieces(small, "good") == ["good"]


def test_special_names_in_a_text_are_no_special_tokens():
    encoder = HuggingFaceEncoder.fit([f"{PAD} ##a aa"] * 5, num_words=60, model="wordpiece")
    assert 0 not in encoder.encode([PAD])[0]
    assert encoder.tokenizer.get_added_tokens_decoder() == {}


def test_the_same_texts_give_the_same_ids_everywhere():
    def told(threads, hash_seed):
        environ = {"RAYON_NUM_THREADS": threads, "PYTHONHASHSEED": hash_seed}
        paths = [os.path.dirname(__file__), os.environ.get("PYTHONPATH", "")]
        got = subprocess.run(
            [sys.executable, "-c", REPEATED],
            env={**os.environ, **environ, "PYTHONPATH": os.pathsep.join(paths)},
            capture_output=True,
            text=True,
        )
        assert got.returncode == 0, got.stderr
        return got.stdout

    first = told("1", "0")
    assert len(first.splitlines()) == 6
    assert told("2", "1") == told("4", "2") == first


@pytest.mark.parametrize(
    ("texts", "settings", "sentence"),
    [
        (TEXTS, {"num_words": 7}, "needs --num-words 8 or more, not 7"),
        (["", "  "], {"num_words": 40}, "hold no word to learn a tokenizer from"),
        (TEXTS, {"num_words": 40, "skip_top": 3}, "--skip-top 3 does not go with"),
    ],
)
def test_what_cannot_be_trained(texts, settings, sentence):
    with pytest.raises(UsageError, match=sentence):
        HuggingFaceEncoder.fit(texts, **settings)


# What is stored


@pytest.mark.parametrize("model", MODELS)
def test_it_comes_back_from_what_is_stored(model):
    encoder = HuggingFaceEncoder.fit(TEXTS, num_words=300, model=model, lowercase=True)
    stored = json.loads(json.dumps(encoder.to_dict()))
    again = HuggingFaceEncoder.from_dict(stored)
    assert again.to_dict() == stored
    assert again.words_by_id == encoder.words_by_id
    assert again.encode(TEXTS).values.tolist() == encoder.encode(TEXTS).values.tolist()


@pytest.mark.parametrize("damage", [{"tokenizer": {}}, {"shift": "x"}, None])
def test_a_damaged_description_is_told(damage):
    stored = HuggingFaceEncoder.fit(TEXTS, num_words=24).to_dict()
    with pytest.raises(RunError, match="the run's tokenizer cannot be read"):
        HuggingFaceEncoder.from_dict({} if damage is None else {**stored, **damage})


# Pretrained


def test_a_padding_token_at_0_stays_there(pretrained):
    path = pretrained(["[PAD]", "[UNK]", "film", "fine"])
    encoder = HuggingFaceEncoder.fit([], num_words=4, tokenizer=path)
    assert encoder.encode(["fine film !"])[0].tolist() == [3, 2, 1]
    assert encoder.words_by_id == ("", "[UNK]", "film", "fine")


@pytest.mark.parametrize(
    ("words", "change"),
    [
        (["film", "[UNK]", "fine"], lambda made: None),
        (["film", "<pad>", "[UNK]", "fine"], lambda made: made.enable_padding(pad_id=1)),
    ],
)
def test_other_ids_are_shifted(pretrained, words, change):
    path = pretrained(words, change)
    encoder = HuggingFaceEncoder.fit([], num_words=9, tokenizer=path)
    place = words.index("fine") + 1
    assert encoder.encode(["fine film"])[0].tolist() == [place, 1]
    assert encoder.words_by_id[:2] == ("", "film")
    assert encoder.words_by_id[place] == "fine"
    again = HuggingFaceEncoder.from_dict(encoder.to_dict())
    assert again.encode(["fine film"])[0].tolist() == [place, 1]


def test_its_marks_stay_and_its_padding_and_cutting_go(pretrained):
    def change(made):
        made.enable_padding(pad_id=0, length=9)
        made.enable_truncation(2)
        made.post_processor = processors.TemplateProcessing(
            single="[CLS] $A", special_tokens=[("[CLS]", 2)]
        )

    path = pretrained(["[PAD]", "[UNK]", "[CLS]", "film"], change)
    encoder = HuggingFaceEncoder.fit([], num_words=9, tokenizer=path)
    assert encoder.encode(["film film film", ""])[0].tolist() == [2, 3, 3, 3]
    assert encoder.encode([""])[0].tolist() == [2]


def test_what_somebody_wrote_is_no_mark(pretrained):
    path = pretrained(["[PAD]", "[UNK]"], lambda made: made.add_special_tokens(["[PAD]"]))
    encoder = HuggingFaceEncoder.fit([], num_words=9, tokenizer=path)
    assert set(encoder.encode(["[PAD]"])[0].tolist()) == {1}


def test_too_many_ids_are_told_with_the_number_that_would_do(pretrained):
    path = pretrained(["film", "[UNK]", "fine"])
    with pytest.raises(
        UsageError, match="has ids up to 3, but --num-words is 3; give --num-words 4"
    ):
        HuggingFaceEncoder.fit([], num_words=3, tokenizer=path)
    assert HuggingFaceEncoder.fit([], num_words=4, tokenizer=path).encode(["fine"])[0] == [3]


@pytest.mark.parametrize("option", [{"model": "bpe"}, {"lowercase": False}])
def test_settings_of_the_training_do_not_go_with_a_trained_one(pretrained, option):
    with pytest.raises(UsageError, match=r"is trained already; leave out"):
        HuggingFaceEncoder.fit([], num_words=9, tokenizer=pretrained(["a"]), **option)


def test_a_folder_holds_it(pretrained, tmp_path):
    pretrained(["[PAD]", "[UNK]", "film"])
    assert HuggingFaceEncoder.fit([], num_words=3, tokenizer=str(tmp_path)).encode(["film"])[0] == 2


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("./none.json", "there is no file or folder ./none.json"),
        ("none.json", "there is no file or folder none.json"),
        ("empty", "there is no tokenizer.json in empty"),
        ("damaged.json", "damaged.json is not a tokenizer of the library tokenizers"),
    ],
)
def test_a_file_that_is_no_tokenizer(tmp_path, given, sentence):
    (tmp_path / "empty").mkdir()
    (tmp_path / "damaged.json").write_text('{"model": {}}')
    with pytest.raises(DataError) as error:
        HuggingFaceEncoder.fit([], num_words=9, tokenizer=given)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_one_from_the_hub_is_kept_for_later(hub, pretrained, monkeypatch):
    with open(pretrained(["[PAD]", "[UNK]", "film"], name="x.json"), "rb") as file:
        hub.files["me/bert"] = {"tokenizer.json": file.read()}
    hub.files["me/bare"] = {"model.bin": b"x"}
    hub.answers["me/gated"] = (403, "GatedRepo")

    def fit(name):
        return HuggingFaceEncoder.fit([], num_words=9, tokenizer=name)

    def fails(name):
        with pytest.raises(SeqclfError) as error:
            fit(name)
        return str(error.value)

    assert fit("me/bert").encode(["film"])[0] == 2
    assert fails("me/bare") == "the model 'me/bare' has no tokenizer.json on the Hugging Face Hub"
    assert "the model 'me/gated' is gated" in fails("me/gated")
    assert "has no model 'me/none', or it is private" in fails("me/none")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    hub.requests.clear()
    assert fit("me/bert").encode(["film"])[0] == 2
    assert "'me/none' is not on this machine, and HF_HUB_OFFLINE forbids" in fails("me/none")
    assert hub.requests == []

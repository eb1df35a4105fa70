"""The weights of a run's words, in Python and on the command line."""

import json
import re

import numpy as np
import pytest
import seqclf
from conftest import WORDS
from seqclf.errors import SeqclfError, UsageError

from seqclf_attention import attention_weights
from seqclf_attention.reading import START

pytestmark = pytest.mark.train
CODE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def shown(trained, cli):
    """Run the command in this process: shown(text, "--json") gives (status, stdout, stderr)."""

    def run(*arguments):
        return cli("attention", trained.folder, *arguments)

    return run


def test_each_word_has_its_weight_and_they_sum_to_1(trained):
    (words,) = attention_weights(trained, ["Red, apple - warm-soft!"])
    assert [word for word, _ in words] == [START, "Red,", "apple", "-", "warm-soft!"]
    assert dict(words)["-"] == 0
    assert sum(weight for _, weight in words) == pytest.approx(1, abs=1e-5)


def test_the_word_that_decides_has_the_most_weight(trained):
    texts = ["red blue apple soft warm", "apple loud green blue", "warm red loud apple"]
    heaviest = [max(words, key=lambda w: w[1])[0] for words in attention_weights(trained, texts)]
    assert heaviest == ["apple"] * 3


def test_the_weights_are_those_of_the_network(trained):
    """The words' weights, computed from the layer's own weights with NumPy."""
    import keras

    model = trained.model
    ids = np.zeros((1, trained.config.maxlen), np.int32)
    tokens = trained.encoder.encode(["soft apple"])[0]
    ids[0, -len(tokens) :] = tokens
    layers = {type(layer).__name__: layer for layer in model.layers}
    states = keras.Model(model.inputs, layers["Bidirectional"].output).predict(ids, verbose=0)
    kernel, bias, context = layers["AttentionWeights"].get_weights()
    powers = np.exp(np.tanh(states[0, -len(tokens) :] @ kernel + bias) @ context)[:, 0]
    (words,) = attention_weights(trained, ["soft apple"])
    np.testing.assert_allclose([w for _, w in words], powers / powers.sum(), rtol=1e-4, atol=1e-6)


def test_words_cut_off_in_front_have_no_weight(trained):
    (words,) = attention_weights(trained, ["red " * 5 + "apple " + "blue " * 8])
    assert [word for word, weight in words if weight == 0] == [START, *["red"] * 5]
    assert sum(weight for _, weight in words) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("truncating", ["pre", "post"])
def test_padding_and_cutting_at_the_end_are_followed(truncating):
    run = seqclf.run(
        "marks", arch="attention", plugins=[str(WORDS)], epochs=1, seed=1, params={"units": 4},
        padding="post", truncating=truncating,
    )  # fmt: skip
    short, long = attention_weights(run, ["red apple", "red " * 5 + "apple " + "blue " * 8])
    for words in (short, long):
        assert sum(weight for _, weight in words) == pytest.approx(1, abs=1e-5)
    assert all(weight > 0 for _, weight in short)
    seen = [weight > 0 for _, weight in long]
    assert seen == ([False] * 6 + [True] * 9 if truncating == "pre" else [True] * 9 + [False] * 6)


def test_empty_texts_and_none_at_all(trained):
    assert attention_weights(trained, []) == []
    assert attention_weights(trained, [" "]) == [[(START, pytest.approx(1))]]


def test_reading_does_not_change_the_run(trained):
    before = trained.predict(["red apple"])[0].probabilities
    first = attention_weights(trained, ["red apple"])
    assert attention_weights(trained, ["red apple"]) == first
    assert trained.predict(["red apple"])[0].probabilities == before


def test_a_single_text_is_refused(trained):
    with pytest.raises(UsageError, match=r"write attention_weights\(run, \[text\]\)"):
        attention_weights(trained, "red apple")


def test_a_run_without_attention_is_refused():
    run = seqclf.run(
        "marks", arch="gru", plugins=[str(WORDS)], name="g", epochs=1, params={"units": 2}
    )
    with pytest.raises(UsageError, match="run 'g' has no attention: its architecture is 'gru'"):
        attention_weights(run, ["red"])


def test_an_encoder_that_reads_no_words_is_refused():
    run = seqclf.run("lettered", arch="attention", plugins=[str(WORDS)], epochs=1)
    with pytest.raises(SeqclfError, match="the encoder 'letters' does not read word by word"):
        attention_weights(run, ["red blue"])


def test_off_a_terminal_each_word_is_a_line(trained, shown):
    status, out, err = shown("red apple\x1b[31m")
    assert (status, err) == (0, "")
    (words,) = attention_weights(trained, ["red apple\x1b[31m"])
    assert out == "".join(
        f"{word}\t{weight:.4f}\n"
        for word, (_, weight) in zip([START, "red", "apple\\x1b[31m"], words, strict=True)
    )


def test_json_is_one_document(trained, shown):
    status, out, _ = shown("red apple", "--json")
    document = json.loads(out)
    assert (status, document["run"], document["label"]) == (0, "trained", "yes")
    assert [item["word"] for item in document["words"]] == [START, "red", "apple"]


@pytest.mark.parametrize("columns", [20, 60, 120])
def test_a_terminal_gets_colours_and_the_heaviest_words_first(shown, monkeypatch, columns):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", str(columns))
    status, out, _ = shown("red blue apple soft", "--top", "2")
    assert status == 0
    assert re.search(r"\x1b\[1;7;36mapple\x1b\[0m", out)
    lines = CODE.sub("", out).splitlines()
    assert lines[0].startswith("yes 0.")
    assert lines[-2].startswith("apple")
    assert all(len(line.rstrip()) <= columns for line in lines)


def test_without_colours_the_list_alone_tells(shown, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    status, out, _ = shown("red blue apple soft", "--top", "1")
    assert status == 0
    assert "\x1b" not in out
    assert [line.split()[0] for line in out.splitlines() if line] == ["yes", "apple"]


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["nothing", "red"], 2, "there is no run 'nothing'"),
        ([], 2, "Missing argument 'RUN'; see seqclf attention --help"),
        (["last", "red", "--top", "-1"], 2, "-1 is not in the range x>=0"),
    ],
)
def test_a_mistake_is_one_sentence(cli, arguments, status, sentence):
    got, out, err = cli("attention", *arguments)
    assert (got, out) == (status, "")
    assert sentence in err
    assert err.startswith("seqclf: ")
    assert err.count("\n") == 1


def test_without_the_plugin_loaded_the_command_is_not_there(trained, cli, monkeypatch):
    assert "attention" in cli("--help")[1]
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "")
    assert "attention" not in cli("--help")[1]
    status, out, err = cli("attention", trained.folder, "red")
    assert (status, out) == (2, "")
    assert "there is no command 'attention'" in err


def test_it_runs_in_another_process(trained, elsewhere):
    got = elsewhere("seqclf", "attention", trained.folder, "red apple")
    assert (got.returncode, got.stderr) == (0, "")
    assert len(got.stdout.splitlines()) == 3

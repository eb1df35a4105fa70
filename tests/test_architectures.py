"""The built-in architectures: the tutorial's sizes, every kind of task, every option."""

import keras
import pytest

from seqclf.errors import SeqclfError, UsageError
from seqclf.plugins import load_plugins
from seqclf.registry import Registry
from seqclf.task import Task
from seqclf.training.build import build, summarize

NAMES = ["simple_rnn", "lstm", "gru", "stacked", "bilstm"]


def architecture(name):
    return Registry(load_plugins(environ={})).architecture(name)


def built(name, kind="binary", labels=("no", "yes"), num_words=10_000, maxlen=500, **given):
    plan = architecture(name)
    task = Task(kind, labels, num_words, maxlen)
    return build(plan, task, plan.check_options(given))


@pytest.mark.parametrize(
    ("name", "parameters"),
    # What R's summary() printed for the tutorial's networks.
    [
        ("simple_rnn", 322_113),
        ("lstm", 328_353),
        ("gru", 326_369),
        ("stacked", 328_353),
        ("bilstm", 377_985),
    ],
)
def test_the_defaults_have_the_tutorials_parameters(name, parameters):
    model = built(name)
    assert summarize(model).parameters == model.count_params() == parameters
    assert type(model) is keras.Sequential
    assert model.layers[-1].get_config()["activation"] == "sigmoid"


def test_the_default_lstm_is_the_tutorials_layer_for_layer():
    layers = summarize(built("lstm")).layers
    assert [(layer.type, layer.shape, layer.parameters) for layer in layers] == [
        ("Embedding", (None, 500, 32), 320_000),
        ("LSTM", (None, 32), 8_320),
        ("Dense", (None, 1), 33),
    ]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("kind", "activation"), [("multiclass", "softmax"), ("multilabel", "sigmoid")]
)
def test_more_classes_have_an_output_each(name, kind, activation):
    model = built(name, kind, ("a", "b", "c"), num_words=20, maxlen=6)
    assert model.output_shape == (None, 3)
    assert model.layers[-1].get_config()["activation"] == activation


CHANGES = {
    "embedding_dim": 5,
    "units": 7,
    "dropout": 0.3,
    "dropout_between": 0.3,
    "spatial_dropout": 0.2,
    "recurrent_dropout": 0.1,
    "dense_units": 9,
    "mask_zero": True,
    "layers": 2,
    "cell": "gru",
    "gates": "keras2",
}


@pytest.mark.parametrize(
    ("name", "option"),
    [(name, option.name) for name in NAMES for option in architecture(name).options],
)
def test_every_option_changes_the_network(name, option):
    small = {"layers": 3} if "layers" in dict(enumerate_options(name)) else {}
    if (name, option) == ("stacked", "gates"):
        small["cell"] = "lstm"

    def shape(**given):
        model = built(name, num_words=20, maxlen=6, **{**small, **given})
        config = keras.saving.serialize_keras_object(model)["config"]["layers"]
        return [(layer["class_name"], without_names(layer["config"])) for layer in config]

    assert shape(**{option: CHANGES[option]}) != shape()


def enumerate_options(name):
    return [(option.name, option) for option in architecture(name).options]


def without_names(config):
    return {
        key: without_names(value) if isinstance(value, dict) else value
        for key, value in config.items()
        if key not in ("name", "registered_name", "build_config")
    }


def test_dropout_stands_before_and_after_the_recurrent_part():
    types = [layer.type for layer in summarize(built("stacked", dropout=0.2, layers=2)).layers]
    assert types == ["Embedding", "Dropout", "SimpleRNN", "SimpleRNN", "Dropout", "Dense"]


def test_stacked_layers_return_sequences_but_the_last():
    model = built("stacked", cell="lstm", layers=3, num_words=20, maxlen=6)
    recurrent = [layer for layer in model.layers if isinstance(layer, keras.layers.LSTM)]
    assert [layer.return_sequences for layer in recurrent] == [True, True, False]


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_units_are_checked(value):
    with pytest.raises(UsageError, match="-p units must be a whole number, at least 1"):
        architecture("lstm").check_options({"units": value})


def test_an_architecture_that_fails_is_one_sentence():
    import seqclf

    @seqclf.architecture("odd", summary="for tests")
    def odd(task, units: int = 3):
        raise ValueError("no\nsuch luck")

    with pytest.raises(SeqclfError, match="'odd' could not be built: ValueError: no such luck"):
        build(odd, Task("binary", ("a", "b"), 20, 6), {})


def test_an_output_that_does_not_fit_the_classes_is_one_sentence():
    import seqclf

    @seqclf.architecture("odd", summary="for tests")
    def odd(task):
        return keras.Sequential([keras.Input((6,)), keras.layers.Dense(5)])

    with pytest.raises(SeqclfError, match=r"need \(None, 1\); end it with keras.layers.Dense"):
        build(odd, Task("binary", ("a", "b"), 20, 6), {})

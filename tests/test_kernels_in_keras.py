"""Models of Keras layers on the kernels: the same results and steps, and no trace afterwards."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import weakref
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from kernel_cases import NUM_WORDS, make_ids

import seqclf
from seqclf.architectures.bilstm import bilstm
from seqclf.architectures.gru import gru
from seqclf.architectures.lstm import lstm
from seqclf.architectures.simple_rnn import simple_rnn
from seqclf.architectures.stacked import stacked
from seqclf.contracts import Ragged, RunConfig, Split
from seqclf.errors import SeqclfError
from seqclf.kernels.hooking import kernels_in
from seqclf.kernels.tracing import ENOUGH_STEPS, predict_step, test_step, train_step
from seqclf.r.gates import register
from seqclf.task import Task
from seqclf.training.fit import fit
from seqclf.training.opening import build_for

STEPS, TEXTS, FEATURES = 8, 20, 3

test_step.__test__ = False  # type: ignore[attr-defined]


def built_in(architecture, features=0, **options):
    """Build one of our own architectures, small."""
    task = Task("binary", ("no", "yes"), NUM_WORDS, STEPS, features=features)
    params = {"units": 6, **({} if features else {"embedding_dim": 5}), **options}
    params = architecture.check_options(params)
    return build_for(architecture, task, RunConfig("reviews", params=params))


def functional(read):
    """Build a model around what reads token ids."""
    ids = keras.Input((STEPS,), dtype="int32")
    return keras.Model(ids, layers.Dense(1, "sigmoid")(read(ids)))


def two_readers(ids):
    """Read one embedding by two layers, in both directions."""
    vectors = layers.Embedding(NUM_WORDS, 5)(ids)
    there = layers.LSTM(6)(vectors)
    back = layers.GRU(4, go_backwards=True)(vectors)
    return layers.Concatenate()([there, back])


def two_embeddings(ids):
    one, other = layers.Embedding(NUM_WORDS, 5), layers.Embedding(NUM_WORDS, 4, mask_zero=True)
    return layers.Concatenate()([layers.GRU(6)(one(ids)), layers.LSTM(4)(other(ids))])


def words_beside(ids):
    """Look words up without a recurrent layer, too: Keras' own gradient of an embedding."""
    words = layers.GlobalAveragePooling1D()(layers.Embedding(NUM_WORDS, 3)(ids))
    return layers.Concatenate()([words, layers.GRU(6)(layers.Embedding(NUM_WORDS, 5)(ids))])


def one_reader_twice(ids):
    """Read both halves by the same layers."""
    embedding, reader = layers.Embedding(NUM_WORDS, 5), layers.GRU(6)
    halves = ids[:, : STEPS // 2], ids[:, STEPS // 2 :]
    return layers.Concatenate()([reader(embedding(half)) for half in halves])


def one_reader_of_ids_and_numbers(ids):
    reader = layers.LSTM(5, return_sequences=True)
    vectors = layers.Embedding(NUM_WORDS, 5)(ids)
    return layers.GlobalAveragePooling1D()(reader(reader(vectors)))


def residual(ids):
    vectors = layers.Embedding(NUM_WORDS, 5)(ids)
    read = layers.LSTM(5, return_sequences=True)(vectors)
    return layers.LSTM(4)(layers.Add()([vectors, read]))


def nested(ids):
    inner = keras.Sequential([layers.GRU(6, return_sequences=True), layers.SimpleRNN(4)])
    return inner(layers.Embedding(NUM_WORDS, 5)(ids))


def nested_with_its_embedding(ids):
    inner = [layers.Embedding(NUM_WORDS, 5), layers.Bidirectional(layers.LSTM(4))]
    return keras.Sequential(inner)(ids)


def with_initial_state(ids):
    vectors = layers.Embedding(NUM_WORDS, 5)(ids)
    state = layers.Dense(6)(layers.GlobalAveragePooling1D()(vectors))
    return layers.GRU(6)(vectors, initial_state=state)


def merged(mode):
    def read(ids):
        vectors = layers.Embedding(NUM_WORDS, 5)(ids)
        inner = layers.GRU(6, return_sequences=True)
        return layers.LSTM(4)(layers.Bidirectional(inner, merge_mode=mode)(vectors))

    return read


def frozen_embedding():
    model = built_in(lstm)
    model.layers[0].trainable = False
    return model


def frozen_reader():
    model = functional(residual)
    for layer in model.layers:
        if isinstance(layer, layers.LSTM):
            layer.trainable = False
    return model


def frozen_all_but_the_last():
    model = built_in(bilstm, layers=2)
    for layer in model.layers[:-1]:
        layer.trainable = False
    return model


def keras2_gates():
    inner = layers.GRU(6, recurrent_activation=register(), reset_after=False)
    return functional(lambda ids: inner(layers.Embedding(NUM_WORDS, 5, mask_zero=True)(ids)))


def regularized():
    reader = layers.LSTM(6, kernel_regularizer="l2", recurrent_constraint="unit_norm")
    return functional(lambda ids: reader(layers.Embedding(NUM_WORDS, 5)(ids)))


def any_length():
    model = keras.Sequential([layers.Embedding(NUM_WORDS, 5), layers.GRU(6), layers.Dense(1)])
    model.build((None, None))
    return model


def zeros_where_masked(ids):
    vectors = layers.Embedding(NUM_WORDS, 5, mask_zero=True)(ids)
    read = layers.LSTM(5, return_sequences=True, zero_output_for_mask=True)(vectors)
    return layers.Flatten()(read)


def sentence_by_sentence(ids):
    """Read each sentence of a text by itself, then the sentences."""
    sentences = layers.Reshape((2, STEPS // 2, 5))(layers.Embedding(NUM_WORDS, 5)(ids))
    return layers.GRU(6)(layers.TimeDistributed(layers.LSTM(4))(sentences))


@keras.saving.register_keras_serializable("seqclf-tests")
class Holder(layers.Layer):
    """A layer that holds others."""

    def __init__(self, predicting=False, **settings):
        super().__init__(**settings)
        self.predicting = predicting
        self.reader = layers.GRU(6, return_sequences=True)
        self.last = layers.LSTM(4)

    def call(self, vectors):
        return self.last(self.reader(vectors, **({"training": False} if self.predicting else {})))

    def get_config(self):
        return {**super().get_config(), "predicting": self.predicting}


def held(ids):
    return Holder()(layers.Embedding(NUM_WORDS, 5)(ids))


def held_as_in_predicting(ids):
    """Run a layer as in predicting, as is done with layers that shall drop nothing any more."""
    return Holder(predicting=True)(layers.Embedding(NUM_WORDS, 5)(ids))


def masked_series():
    inside = [keras.Input((STEPS, FEATURES)), layers.Masking(), layers.LSTM(6, use_bias=False)]
    return keras.Sequential([*inside, layers.Dense(1, "sigmoid")])


MODELS = {
    "lstm": lambda: built_in(lstm),
    "lstm mask_zero": lambda: built_in(lstm, mask_zero=True),
    "lstm gates=keras2": lambda: built_in(lstm, gates="keras2"),
    "gru": lambda: built_in(gru),
    "gru gates=keras2 mask_zero": lambda: built_in(gru, gates="keras2", mask_zero=True),
    "simple_rnn": lambda: built_in(simple_rnn),
    "stacked simple_rnn": lambda: built_in(stacked),
    "stacked lstm mask_zero": lambda: built_in(stacked, cell="lstm", layers=2, mask_zero=True),
    "stacked gru": lambda: built_in(stacked, cell="gru", layers=3),
    "bilstm": lambda: built_in(bilstm),
    "bilstm layers=2 mask_zero": lambda: built_in(bilstm, layers=2, mask_zero=True),
    "bilstm layers=2": lambda: built_in(bilstm, layers=2),
    "lstm of a series": lambda: built_in(lstm, features=FEATURES),
    "bilstm of a series": lambda: built_in(bilstm, features=FEATURES, layers=2),
    "masked series": masked_series,
    "reset before, keras2": keras2_gates,
    "regularized": regularized,
    "any length": any_length,
    "words beside": lambda: functional(words_beside),
    "frozen embedding": frozen_embedding,
    "frozen reader": frozen_reader,
    "frozen all but the last": frozen_all_but_the_last,
    **{
        read.__name__: lambda read=read: functional(read)
        for read in (
            two_readers,
            two_embeddings,
            one_reader_twice,
            one_reader_of_ids_and_numbers,
            residual,
            nested,
            nested_with_its_embedding,
            with_initial_state,
            held,
            held_as_in_predicting,
            zeros_where_masked,
            sentence_by_sentence,
        )
    },
    **{f"merged by {mode}": lambda mode=mode: functional(merged(mode)) for mode in ("sum", "mul")},
}

DROPPING = {
    "lstm dropout": lambda: built_in(lstm, dropout=0.2),
    "gru spatial_dropout": lambda: built_in(gru, spatial_dropout=0.2),
    "stacked dropout_between": lambda: built_in(stacked, cell="gru", dropout_between=0.2),
    "bilstm layers=2 all": lambda: built_in(
        bilstm, layers=2, dropout=0.1, dropout_between=0.1, spatial_dropout=0.1, mask_zero=True
    ),
}


def make(name):
    """Build a model with the same weights every time."""
    keras.utils.set_random_seed(3)
    model = {**MODELS, **DROPPING}[name]()
    random = np.random.default_rng(4)
    for weight in model.weights:
        if "bias" in weight.path:
            weight.assign(weight.numpy() + random.normal(0, 0.1, weight.shape))
    return model


def examples(model, count=TEXTS, seed=5):
    """Make inputs and labels for a model."""
    random = np.random.default_rng(seed)
    labels = random.integers(0, 2, count).astype(np.int32)
    if len(model.input_shape) == 2:
        return make_ids(random, count, STEPS, "either"), labels
    x = random.normal(size=(count, STEPS, FEATURES)).astype(np.float32)
    x[random.random((count, STEPS)) < 0.2] = 0
    return x, labels


def signature(model):
    shape = model.input_shape
    kind = tf.int32 if len(shape) == 2 else tf.float32
    return [tf.TensorSpec(shape, kind), tf.TensorSpec((None,), tf.int32)]


def twin(model):
    """Give a copy that Keras computes."""
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    for layer, other in zip(
        copy._flatten_layers(), model._flatten_layers(), strict=True
    ):  # cloning thaws what is inside of other layers
        layer.trainable = other.trainable
    return copy


def compiled(model, optimizer):
    model.compile(optimizer, "binary_crossentropy", metrics=["accuracy"])
    return model


def by_keras(model, x, y):
    """Take a step by Keras' own layers, with the true gradient of the embedding."""
    variables = model.trainable_variables
    with tf.GradientTape() as tape:
        loss = model.compute_loss(x=x, y=y, y_pred=model(x, training=True))
    gradients = tape.gradient(loss, [variable.value for variable in variables])
    summed = [None if each is None else tf.convert_to_tensor(each) for each in gradients]
    model.optimizer.apply(summed, variables)


def loops(model):
    """Count the loops over time in a model's graph: each is a recurrent layer of Keras' own."""
    spec = tf.TensorSpec((None, *model.input_shape[1:]), signature(model)[0].dtype)
    graph = tf.function(lambda x: model(x, training=False)).get_concrete_function(spec).graph
    return sum("While" in operation.type for operation in graph.get_operations())


def recurrent_count(model):
    return sum(isinstance(layer, layers.RNN) for layer in model._flatten_layers())


@pytest.mark.parametrize("name", [*MODELS, *DROPPING])
def test_predicting_gives_what_keras_gives(name):
    model = make(name)
    step = predict_step(model)
    for count in (TEXTS, 3, 1):
        x, _ = examples(model, count, seed=count)
        expected = np.asarray(model(x, training=False))
        assert step(x).shape == expected.shape
        np.testing.assert_allclose(step(x), expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ["lstm", "stacked gru", "masked series"])
def test_predict_itself_gives_the_same(name):
    model = make(name)
    x, _ = examples(model)
    np.testing.assert_allclose(
        predict_step(model)(x), model.predict(x, verbose=0), rtol=0, atol=1e-5
    )


def test_predicting_follows_the_weights():
    model = make("bilstm layers=2")
    step = predict_step(model)
    x, _ = examples(model)
    model.set_weights([0.7 * weight for weight in model.get_weights()])
    np.testing.assert_allclose(step(x), np.asarray(model(x)), rtol=0, atol=1e-5)


LIKE_OTHERS = (
    "lstm gates=keras2",
    "gru",
    "stacked simple_rnn",
    "bilstm",
    "bilstm of a series",
    "any length",
    "two_embeddings",
    "nested_with_its_embedding",
    "merged by mul",
)
"""Models that have little of their own."""


def marks(name):
    return [pytest.mark.long] if name in LIKE_OTHERS else []


@pytest.mark.train
@pytest.mark.parametrize("name", [pytest.param(name, marks=marks(name)) for name in MODELS])
def test_a_step_takes_the_gradients_that_keras_takes(name):
    model = make(name)
    # Steps so long that rounding the weights does not count.
    other = compiled(twin(model), keras.optimizers.SGD(100.0))
    before = model.get_weights()
    step = train_step(compiled(model, keras.optimizers.SGD(100.0)), signature(model))
    x, y = examples(model)
    step(x, y)
    by_keras(other, x, y)
    for ours, theirs, start in zip(model.weights, other.weights, before, strict=True):
        moved, expected = ours.numpy() - start, theirs.numpy() - start
        assert ours.trainable or not moved.any()
        scale = np.abs(expected).max()
        assert np.abs(moved - expected).max() <= 1e-4 * scale, ours.path


@pytest.mark.train
@pytest.mark.parametrize("name", ["lstm", "bilstm layers=2 mask_zero"])
def test_a_step_is_train_on_batch_where_that_sums(name):
    """With SGD alone it does not matter that Keras does not add up the gradients of a word."""
    model = make(name)
    other = compiled(twin(model), keras.optimizers.SGD(1.0))
    step = train_step(compiled(model, keras.optimizers.SGD(1.0)), signature(model))
    for number in range(24):
        x, y = examples(model, TEXTS if number % 5 else 3, seed=number)
        model.reset_metrics()
        logs = {key: float(value) for key, value in step(x, y).items()}
        told = other.train_on_batch(x, y, return_dict=True)
        assert logs == pytest.approx(told, abs=1e-4)
    for ours, theirs in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-4)


@pytest.mark.train
@pytest.mark.parametrize(
    ("name", "optimizer"),
    [
        ("lstm", "rmsprop"),
        ("gru", "adam"),
        ("simple_rnn", "adagrad"),
        ("two_readers", "rmsprop"),
        ("masked series", "adam"),
    ],
)
def test_several_steps_are_those_of_keras_with_summed_gradients(name, optimizer):
    model = make(name)
    other = compiled(twin(model), optimizer)
    step = train_step(compiled(model, optimizer), signature(model))
    for number in range(6):
        x, y = examples(model, seed=number)
        step(x, y)
        by_keras(other, x, y)
    for ours, theirs in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-4)


@pytest.mark.train
@pytest.mark.parametrize(
    ("name", "optimizer"),
    [
        ("bilstm", lambda: keras.optimizers.Adam(clipnorm=0.1, weight_decay=0.01)),
        ("words beside", keras.optimizers.Adagrad),
        (
            "regularized",
            lambda: keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)),
        ),
    ],
)
def test_a_compiled_optimizer_takes_the_same_steps(name, optimizer):
    """Where there are many steps to take it is compiled, which pays."""
    model = make(name)
    other = compiled(twin(model), optimizer())
    compiled(model, optimizer())
    few = train_step(other, signature(other), steps=1)
    many = train_step(model, signature(model), steps=ENOUGH_STEPS)
    assert "apply" not in vars(model.optimizer)
    for number in range(6):
        x, y = examples(model, seed=number)
        told = {key: float(value) for key, value in few(x, y).items()}
        assert {key: float(value) for key, value in many(x, y).items()} == pytest.approx(
            told, abs=1e-5
        )
    assert int(model.optimizer.iterations) == 6
    for ours, theirs in zip(
        [*model.weights, *model.optimizer.variables],
        [*other.weights, *other.optimizer.variables],
        strict=True,
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5, err_msg=ours.path)


@pytest.mark.train
@pytest.mark.parametrize("name", DROPPING)
def test_with_dropout_the_loss_falls(name):
    model = compiled(make(name), keras.optimizers.Adam(0.03))
    step = train_step(model, signature(model))
    x, y = examples(model, 40)
    y = (x == 5).any(axis=1).astype(np.int32)
    losses = []
    for _ in range(30):
        model.reset_metrics()
        losses.append(float(step(x, y)["loss"]))
    assert np.mean(losses[-5:]) < 0.7 * np.mean(losses[:5])


@pytest.mark.train
@pytest.mark.parametrize("name", ["lstm dropout", "bilstm layers=2 all"])
def test_dropout_drops_what_it_drops_in_keras(name):
    """Seeds count on with every call, so that the same layers' first step is the same."""
    model = make(name)
    other = compiled(make(name), keras.optimizers.SGD(1.0))
    step = train_step(compiled(model, keras.optimizers.SGD(1.0)), signature(model))
    x, y = examples(model)
    told = other.train_on_batch(x, y, return_dict=True)
    assert float(step(x, y)["loss"]) == pytest.approx(told["loss"], abs=1e-5)
    for ours, theirs in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-4)


@pytest.mark.train
@pytest.mark.parametrize("name", ["gru", "bilstm layers=2", "lstm of a series"])
def test_testing_gives_what_keras_gives_and_changes_nothing(name):
    model = make(name)
    other = compiled(twin(model), "rmsprop")
    step = test_step(compiled(model, "rmsprop"), signature(model))
    before = model.get_weights()
    x, y = examples(model)
    told = other.test_on_batch(x, y, return_dict=True)
    assert {key: float(value) for key, value in step(x, y).items()} == pytest.approx(told, abs=1e-5)
    for ours, theirs in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.train
def test_weights_of_examples_count():
    model = make("lstm")
    other = compiled(twin(model), keras.optimizers.SGD(1.0))
    specs = [*signature(model), tf.TensorSpec((None,), tf.float32)]
    step = train_step(compiled(model, keras.optimizers.SGD(1.0)), specs)
    x, y = examples(model)
    weights = np.linspace(0, 3, len(y)).astype(np.float32)
    step(x, y, weights)
    other.train_on_batch(x, y, sample_weight=weights)
    for ours, theirs in zip(model.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-5)


def graphs_there():
    return [each for each in gc.get_objects() if type(each).__name__ == "FuncGraph"]


@pytest.mark.train
def test_a_model_that_nobody_needs_any_more_is_gone():
    before = {id(graph) for graph in graphs_there()}
    model = compiled(make("lstm"), "rmsprop")
    x, y = examples(model)
    predict_step(model)(x)
    train_step(model, signature(model))(x, y)
    left = [weakref.ref(model), *(weakref.ref(layer) for layer in model.layers)]
    graphs = [weakref.ref(graph) for graph in graphs_there() if id(graph) not in before]
    assert graphs
    del model
    for _ in range(3):  # TensorFlow's finalizers let go of more
        gc.collect()
    assert [each() for each in left] == [None] * len(left)
    assert [each() for each in graphs] == [None] * len(graphs)


def summary(model):
    lines = []
    model.summary(print_fn=lambda line, **_: lines.append(line))
    return "\n".join(lines)


def saved_config(model):
    """Give what a saved model says of its layers."""
    model.save("saved.keras")
    with zipfile.ZipFile("saved.keras") as file:
        return json.loads(file.read("config.json")), sorted(file.namelist())


def traces(model):
    """Collect everything that could tell that a model has met the kernels."""
    every = model._flatten_layers()
    return {
        "json": model.to_json(),
        "config": str(model.get_config()),
        "summary": summary(model),
        "saved": saved_config(model),
        "attributes": [{key: id(value) for key, value in vars(layer).items()} for layer in every],
        "classes": [type(layer) for layer in every],
        "methods": [layer.call.__func__ for layer in every],
    }


@pytest.mark.train
@pytest.mark.parametrize("name", ["bilstm layers=2 mask_zero", "nested"])
def test_no_trace_is_left(name):
    model = compiled(make(name), "rmsprop")
    x, y = examples(model)
    model.train_on_batch(x, y)  # so that the optimizer and the metrics have been built
    other = compiled(twin(model), "rmsprop")
    before = traces(model)
    predict_step(model)(x)
    train_step(model, signature(model))(x, y)
    test_step(model, signature(model))(x, y)
    after = traces(model)
    for key in before:
        assert after[key] == before[key], key
    assert loops(model) == recurrent_count(model)
    other.set_weights(model.get_weights())
    np.testing.assert_array_equal(model.predict(x, verbose=0), other.predict(x, verbose=0))
    loaded = keras.models.load_model("saved.keras")
    np.testing.assert_array_equal(loaded.predict(x, verbose=0), other.predict(x, verbose=0))


@pytest.mark.parametrize("name", ["lstm", "bilstm layers=2 mask_zero", "nested"])
def test_within_the_block_there_is_no_loop_over_time(name):
    model = make(name)
    assert loops(model) == recurrent_count(model) > 0
    with kernels_in(model):
        assert loops(model) == 0
    assert loops(model) == recurrent_count(model)


def test_an_error_within_the_block_leaves_no_trace():
    model = make("bilstm")
    with pytest.raises(ZeroDivisionError), kernels_in(model):
        raise ZeroDivisionError
    assert not any("call" in vars(layer) for layer in model._flatten_layers())


def stateful():
    ids = keras.Input((STEPS,), batch_size=TEXTS, dtype="int32")
    read = layers.LSTM(6, stateful=True, return_sequences=True)
    vectors = layers.Embedding(NUM_WORDS, 5)(ids)
    return keras.Model(ids, layers.Dense(1, "sigmoid")(layers.GRU(4)(read(vectors))))


def between(reader):
    """Put a layer between two that kernels can do."""

    def read(ids):
        vectors = layers.Embedding(NUM_WORDS, 5)(ids)
        first = layers.GRU(6, return_sequences=True)(vectors)
        inside = reader(first)
        return layers.LSTM(4)(inside[0] if isinstance(inside, list | tuple) else inside)

    return lambda: functional(read)


@keras.saving.register_keras_serializable("seqclf-tests")
class Own(layers.LSTM):
    """A layer of somebody's own may do anything."""

    def call(self, sequences, initial_state=None, mask=None, training=False):
        return 2 * super().call(sequences, initial_state, mask, training)


KEPT = {
    "relu": between(layers.LSTM(5, activation="relu", return_sequences=True)),
    "gates of its own": between(
        layers.GRU(5, recurrent_activation="softsign", return_sequences=True)
    ),
    "return_state": between(layers.GRU(5, return_sequences=True, return_state=True)),
    "of its own": between(Own(5, return_sequences=True)),
    "a cell": between(layers.RNN(layers.LSTMCell(5), return_sequences=True)),
    "float64": between(layers.LSTM(5, return_sequences=True, dtype="float64")),
    "stateful": stateful,
}


class TestLayersThatStayWithKeras:
    @pytest.fixture(params=KEPT)
    def model(self, request):
        keras.utils.set_random_seed(3)
        return KEPT[request.param]()

    def test_the_others_run_on_kernels_and_results_are_the_same(self, model):
        x, _ = examples(model)
        with kernels_in(model):
            assert loops(model) == 1
        expected = np.asarray(model(x, training=False))
        for layer in model._flatten_layers():
            if getattr(layer, "stateful", False) and isinstance(layer, layers.RNN):
                layer.reset_state()
        np.testing.assert_allclose(predict_step(model)(x), expected, rtol=0, atol=1e-5)

    @pytest.mark.train
    def test_steps_are_the_same(self, model):
        other = compiled(twin(model), keras.optimizers.SGD(100.0))
        before = model.get_weights()
        step = train_step(compiled(model, keras.optimizers.SGD(100.0)), signature(model))
        x, y = examples(model)
        step(x, y)
        by_keras(other, x, y)
        for ours, theirs, start in zip(model.weights, other.weights, before, strict=True):
            moved, expected = ours.numpy() - start, theirs.numpy() - start
            assert np.abs(moved - expected).max() <= 1e-4 * np.abs(expected).max(), ours.path

    @pytest.mark.train
    def test_recurrent_dropout_is_keras_own(self):
        keras.utils.set_random_seed(3)
        read = between(layers.LSTM(5, recurrent_dropout=0.5, return_sequences=True))
        model = compiled(read(), keras.optimizers.Adam(0.03))
        x, y = examples(model, 40)
        y = (x == 5).any(axis=1).astype(np.int32)
        with kernels_in(model):
            assert loops(model) == 1
        expected = np.asarray(model(x, training=False))
        np.testing.assert_allclose(predict_step(model)(x), expected, rtol=0, atol=1e-5)
        step = train_step(model, signature(model))
        losses = [float(step(x, y)["loss"]) for _ in range(30)]
        assert losses[-1] < losses[0]

    def test_a_state_to_begin_with_is_keras_matter(self):
        model = make("with_initial_state")
        with kernels_in(model):
            assert loops(model) == 1


def test_a_layer_may_be_given_a_mask_by_its_caller():
    reader = layers.LSTM(6, return_sequences=True)
    x = keras.Input((STEPS, FEATURES))
    mask = keras.Input((STEPS,), dtype="bool")
    model = keras.Model([x, mask], reader(x, mask=mask))
    random = np.random.default_rng(0)
    given = random.normal(size=(7, STEPS, FEATURES)).astype(np.float32)
    kept = random.random((7, STEPS)) < 0.6
    specs = [tf.TensorSpec((None, STEPS, FEATURES)), tf.TensorSpec((None, STEPS), tf.bool)]
    expected = np.asarray(model([given, kept]))
    with kernels_in(model) as kernels:
        run = tf.function(lambda x, mask: model([x, mask])).get_concrete_function(*specs)
    found = run(tf.constant(given), tf.constant(kept))
    assert len(kernels) == 1
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


class TestFit:
    """The same, through `seqclf.training.fit`."""

    def train(self, kernel, num_words=NUM_WORDS, **settings):
        keras.utils.set_random_seed(1)
        inside = [layers.Embedding(num_words, 5), layers.GRU(6), layers.Dense(1, "sigmoid")]
        model = keras.Sequential(inside)
        model.build((None, STEPS))
        compiled(model, keras.optimizers.SGD(0.5))
        random = np.random.default_rng(2)
        rows = [random.integers(1, NUM_WORDS, random.integers(0, 20)).tolist() for _ in range(50)]
        split = Split(np.array([int(5 in row) for row in rows]), ids=Ragged.from_lists(rows))
        config = RunConfig("reviews", arch="mine", seed=1, maxlen=STEPS, batch_size=16, **settings)
        return model, fit(model, split, split, config, lambda event: None, kernel=kernel)

    @pytest.mark.train
    @pytest.mark.parametrize("settings", [{}, {"padding": "post", "bucket": True}], ids=str)
    def test_it_is_keras_fit(self, settings):
        ours, found = self.train("fused", epochs=3, **settings)
        theirs, expected = self.train("keras", epochs=3, **settings)
        assert len(found.history.epochs) == len(expected.history.epochs) == 3
        for epoch, wanted in zip(found.history.epochs, expected.history.epochs, strict=True):
            assert epoch == pytest.approx(wanted, abs=1e-4)
            assert list(epoch) == list(wanted)
        for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
            np.testing.assert_allclose(one, other, rtol=0, atol=1e-4)

    @pytest.mark.train
    @pytest.mark.parametrize("kernel", ["fused", "keras"])
    def test_an_id_that_the_embedding_has_not_is_told_with_a_hint(self, kernel):
        with pytest.raises(SeqclfError, match=r"is not in \[0, 7\)") as found:
            self.train(kernel, num_words=7, epochs=1)
        assert "training failed in architecture 'mine'" in str(found.value)
        assert found.value.hint == "is the embedding as large as task.num_words?"


def train(kernel, seed, dataset="reviews", **settings):
    return seqclf.run(dataset, kernel=kernel, seed=seed, listeners=[lambda event: None], **settings)


SMALL_RUN = {
    "arch": "gru",
    "params": {"units": 16, "embedding_dim": 16},
    "limit": 1000,
    "epochs": 4,
    "learning_rate": 0.01,
}


@pytest.mark.train
class TestRun:
    def test_both_kernels_learn_and_tell_the_same_things(self):
        runs = {kernel: train(kernel, 1, **SMALL_RUN) for kernel in ("fused", "keras")}
        fused, by_keras = runs["fused"].history, runs["keras"].history
        assert list(fused) == list(by_keras)
        assert [list(epoch) for epoch in fused.epochs] == [list(epoch) for epoch in by_keras.epochs]
        for history in (fused, by_keras):
            assert history["loss"][-1] < 0.8 * history["loss"][0]
            assert history["accuracy"][-1] > 0.7
        texts = ["a wonderful film", "", "it was dull, but the ending is superb"]
        again = seqclf.load_run(runs["fused"].folder, kernel="keras")
        for ours, theirs in zip(runs["fused"].predict(texts), again.predict(texts), strict=True):
            assert ours.probabilities == pytest.approx(theirs.probabilities, abs=1e-5)

    def test_a_seeded_run_repeats_bit_for_bit_in_this_process_and_in_another(self):
        first = train("fused", 5, name="first", **SMALL_RUN)
        second = train("fused", 5, name="second", **SMALL_RUN)
        settings = first.folder / "config.toml"
        subprocess.run(
            [sys.executable, "-m", "seqclf", "run", "--config", settings, "--name", "third"],
            check=True,
            capture_output=True,
        )
        third = seqclf.load_run("third")
        assert third.state["kernel"] == "fused"
        assert dict(first.history) == dict(second.history)
        assert dict(third.history) == dict(seqclf.load_run("second").history)
        for other in (second, third):
            for ours, theirs in zip(
                first.model.get_weights(), other.model.get_weights(), strict=True
            ):
                np.testing.assert_array_equal(ours, theirs)


IMDB = Path(
    os.environ.get("SEQCLF_TEST_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data"
) / ("imdb")
SEEDS = (1, 2, 3, 4)


def accuracies(kernel, **settings):
    """Train for ten epochs with several seeds; give each run's accuracy on the test texts."""
    runs = [train(kernel, seed, epochs=10, keep="last", **settings) for seed in SEEDS]
    assert all(len(run.history.epochs) == 10 for run in runs)
    return np.array([run.report.accuracy for run in runs])


def assert_within_noise(**settings):
    """Compare the kernels' mean accuracy with Keras', by how much seeds differ."""
    fused, by_keras = accuracies("fused", **settings), accuracies("keras", **settings)
    variance = (fused.var(ddof=1) + by_keras.var(ddof=1)) / len(SEEDS)
    assert by_keras.mean() > 0.7
    assert abs(fused.mean() - by_keras.mean()) <= 2 * np.sqrt(variance) + 0.01, (fused, by_keras)


@pytest.mark.train
@pytest.mark.long
class TestTenEpochs:
    def test_of_the_bundled_reviews_end_as_keras_do(self):
        assert_within_noise(arch="gru")

    @pytest.mark.skipif(not (IMDB / "imdb.npz").exists(), reason=f"no real reviews at {IMDB}")
    def test_of_real_reviews_end_as_keras_do(self):
        assert_within_noise(
            dataset="imdb", arch="lstm", data_dir=str(IMDB), limit=2500, maxlen=150, num_words=5000
        )

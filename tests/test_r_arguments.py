"""Every argument error names R's function and argument, and what it allows."""

from __future__ import annotations

import keras
import numpy as np
import pytest

import seqclf
from seqclf.contracts import History
from seqclf.errors import SeqclfError, UsageError
from seqclf.r import (
    bidirectional,
    callback_early_stopping,
    callback_model_checkpoint,
    callback_reduce_lr_on_plateau,
    callback_tensorboard,
    compile,
    dataset_imdb,
    evaluate,
    fit,
    get_weights,
    keras_model,
    keras_model_sequential,
    layer_activation,
    layer_batch_normalization,
    layer_concatenate,
    layer_conv_1d,
    layer_dense,
    layer_dropout,
    layer_embedding,
    layer_flatten,
    layer_global_max_pooling_1d,
    layer_gru,
    layer_input,
    layer_lstm,
    layer_masking,
    layer_max_pooling_1d,
    layer_simple_rnn,
    layer_spatial_dropout_1d,
    optimizer_adam,
    optimizer_rmsprop,
    pad_sequences,
    plot,
    predict,
    set_random_seed,
    set_weights,
    summary,
    to_categorical,
)
from seqclf.task import Task
from seqclf.training.build import build


def model(*layers, shape=None):
    made = keras_model_sequential(input_shape=shape)
    for layer in layers:
        made = made | layer
    return made


def trained():
    return model(layer_embedding(10, 2), layer_lstm(2), layer_dense(1, "sigmoid")) | compile(
        loss="binary_crossentropy", metrics="acc"
    )


IDS = np.array([[1, 2], [3, 4]])

LAYERS = [
    (lambda: layer_lstm(units=0), "layer_lstm(): `units` must be a whole number, at least 1"),
    (lambda: layer_lstm(units=32.9), "layer_lstm(): `units` must be a whole number, at least 1"),
    (lambda: layer_lstm(units="32"), "`units` must be a whole number, at least 1, not '32'"),
    (lambda: layer_lstm(units=True), "`units` must be a whole number, at least 1, not True"),
    (lambda: layer_lstm(units=float("nan")), "`units` must be a whole number, at least 1, not nan"),
    (lambda: layer_lstm(units=float("inf")), "`units` must be a whole number, at least 1, not inf"),
    (lambda: layer_lstm(), "layer_lstm() needs `units`"),
    (lambda: layer_lstm(unit=32), "layer_lstm() has no argument `unit`; did you mean `units`?"),
    (lambda: layer_lstm(3, return_sequence=True), "did you mean `return_sequences`?"),
    (lambda: layer_lstm(3, return_sequences="yes"), "`return_sequences` must be True or False"),
    (lambda: layer_lstm(3, "tahn"), "`activation` cannot be 'tahn'; did you mean 'tanh'?"),
    (lambda: layer_lstm(3, gates="keras1"), "`gates` must be one of 'keras3', 'keras2'"),
    (
        lambda: layer_lstm(3, recurrent_activation="relu", gates="keras2"),
        "`gates`='keras2' brings its own `recurrent_activation`; give one of the two",
    ),
    (
        lambda: layer_lstm(3, "tanh", "sigmoid", True),
        "takes only `units`, `activation`, `recurrent_activation` by position; give the others",
    ),
    (lambda: layer_gru(3, dropout=1), "`dropout` must be a number, from 0 to below 1, not 1"),
    (lambda: layer_gru(3, reset_after=2), "`reset_after` must be True or False, or None, not 2"),
    (lambda: layer_simple_rnn(3, recurrent_dropout=-0.1), "`recurrent_dropout` must be a number"),
    (
        lambda: layer_simple_rnn(3, kernel_initializer="glorot"),
        "layer_simple_rnn(): `kernel_initializer` cannot be 'glorot'; did you mean 'glorot_",
    ),
    (lambda: layer_dense(3, kernel_regularizer="l3"), "`kernel_regularizer` cannot be 'l3'"),
    (lambda: layer_dense(3, colour="red"), "layer_dense() has no argument `colour`; it has units"),
    (lambda: layer_embedding(10), "layer_embedding() needs `output_dim`"),
    (lambda: layer_embedding(-1, 3), "`input_dim` must be a whole number, at least 1, not -1"),
    (lambda: layer_embedding(9, 3, mask_zero=1), "`mask_zero` must be True or False, not 1"),
    (lambda: layer_dropout(1.0), "layer_dropout(): `rate` must be a number, from 0 to below 1"),
    (lambda: layer_spatial_dropout_1d(None), "`rate` must be a number, from 0 to below 1"),
    (lambda: layer_conv_1d(3, 2, padding="full"), "one of 'valid', 'same', 'causal', not 'full'"),
    (lambda: layer_conv_1d(3), "layer_conv_1d() needs `kernel_size`"),
    (lambda: layer_max_pooling_1d(pool_size=0), "`pool_size` must be a whole number, at least 1"),
    (lambda: layer_batch_normalization(axis=0), "`axis` counts from 1 as in R"),
    (lambda: layer_masking(mask_value="none"), "`mask_value` must be a number, not 'none'"),
    (lambda: layer_activation("softmaxx"), "`activation` cannot be 'softmaxx'; did you mean"),
    (lambda: bidirectional(layer_lstm(3), "add"), "`merge_mode` must be one of 'concat', 'sum'"),
    (lambda: bidirectional(layer_lstm(units=-3)), "layer_lstm(): `units` must be"),
    (lambda: bidirectional(layer_dense(3)), "bidirectional(): "),
    (
        lambda: bidirectional(None),
        "`layer` must be a recurrent layer, such as layer_lstm(units=32)",
    ),
    (lambda: layer_lstm(3, use_bias="no"), "layer_lstm(): `use_bias` must be True or False"),
    (lambda: layer_lstm(3, activation=5), "`activation` must be a name or a function, not 5"),
    (lambda: layer_lstm(3, kernel_regularizer=0.1), "`kernel_regularizer` must be a name or a reg"),
    (lambda: layer_lstm(3, cell=5), "layer_lstm() has no argument `cell`"),
    (lambda: layer_dropout(0.1, seed="a"), "`seed` must be a whole number, or None, not 'a'"),
    (lambda: layer_embedding(9, 3, weights="x"), "layer_embedding(): "),
    (lambda: layer_dense(3, input_shape=(0,)), "`input_shape` must be a length or a tuple"),
]


@pytest.mark.parametrize(("layer", "message"), LAYERS)
def test_a_layer_says_what_its_argument_allows(layer, message):
    with pytest.raises(UsageError) as caught:
        model() | layer()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


OTHERS = [
    (lambda: keras_model_sequential(input_shape=-1), "keras_model_sequential(): `input_shape`"),
    (lambda: keras_model_sequential(shape=3), "no argument `shape`; did you mean `input_shape`?"),
    (lambda: layer_input(), "layer_input() needs `shape`"),
    (lambda: keras_model(layer_input(3), layer_input(3)), "keras_model(): "),
    (lambda: layer_concatenate([layer_input(3), layer_input(3)], axis=0), "`axis` counts from 1"),
    (lambda: layer_concatenate([layer_input((3, 2)), layer_input(3)]), "layer_concatenate(): "),
    (lambda: trained() | compile(optimizer="rmsprob"), "`optimizer` cannot be 'rmsprob'; did you"),
    (lambda: trained() | compile(loss="binary_entropy"), "`loss` cannot be 'binary_entropy'"),
    (lambda: trained() | compile(metrics=["acuracy"]), "`metrics` cannot be 'acuracy'; did you"),
    (lambda: trained() | compile(los="mse"), "compile() has no argument `los`; did you mean"),
    (lambda: model(layer_dense(1)) | fit(IDS, [0, 1]), "fit() needs a compiled model"),
    (lambda: model(layer_dense(1)) | evaluate(IDS, [0, 1]), "evaluate() needs a compiled model"),
    (lambda: trained() | fit(IDS, [0, 1], epochs=0), "fit(): `epochs` must be a whole number"),
    (lambda: trained() | fit(IDS, [0, 1], batch_size=0.5), "`batch_size` must be a whole number"),
    (lambda: trained() | fit(IDS, [0, 1], validation_split=1), "must be a number, from 0 to below"),
    (lambda: trained() | fit(IDS, [0, 1], verbose="loud"), "`verbose` must be one of 'auto', 0, 1"),
    (lambda: trained() | fit(IDS, [0, 1], initial_epoch=0), "`initial_epoch` counts from 1"),
    (lambda: trained() | fit(IDS, [0, 1], 32), "fit() takes only `x`, `y` by position; give"),
    (lambda: trained() | fit(IDS, [0, 1], nb_epoch=3), "did you mean `epochs`?"),
    (lambda: trained() | fit(IDS, [0]), "fit(): `x` has 2 examples, but `y` has 1"),
    (lambda: trained() | fit([[1], [2, 3]], [0, 1]), "`x` differ in length; pad_sequences"),
    (lambda: trained() | fit(IDS + 6, [0, 1]), "`x` holds the id 10 at [1, 1], but layer_embed"),
    (lambda: trained() | evaluate(IDS - 2, [0, 1]), "evaluate(): `x` holds the id -1 at [0, 0]"),
    (lambda: trained() | predict(IDS * 9), "predict(): `x` holds the id 18 at [0, 1]"),
    (lambda: trained() | predict(), "predict() needs `x`"),
    (lambda: trained() | predict(None), "predict() needs `x`"),
    (lambda: trained() | fit(), "fit() needs `x`"),
    (lambda: trained() | fit(IDS), "fit() needs `y`, the labels"),
    (lambda: trained() | evaluate(IDS), "evaluate() needs `y`, the labels"),
    (lambda: trained() | fit(IDS[0], 1), "`x` must have a row of ids an example, but has the"),
    (lambda: trained() | fit(IDS[:1], 1), "`y` must hold a label an example, not 1"),
    (lambda: trained() | fit(IDS[:0], []), "fit(): `x` holds no examples"),
    (lambda: trained() | fit(IDS, ["a", "b"]), "`y` must hold numbers, not texts such as 'a'"),
    (
        lambda: trained() | fit(IDS, [0, 1], callbacks="stop"),
        "`callbacks` must be a callback, such",
    ),
    (lambda: trained() | fit(IDS, [0, 1], callbacks=[callback_early_stopping]), "must be a callba"),
    (lambda: trained() | fit(IDS, [0, 1], validation_freq=0), "`validation_freq` must be a whole"),
    (lambda: trained() | fit(IDS, [0, 1], initial_epoch=5, epochs=3), "at most 3 with `epochs`=3"),
    (lambda: trained() | fit(IDS, [0, 1], class_weight=[1, 2]), "`class_weight` must map class"),
    (lambda: trained() | fit(IDS, [0, 1], class_weight={"a": 2}), "`class_weight` must map class"),
    (lambda: model(layer_dense(1), shape=3) | compile(loss="mse") | predict(IDS), "predict(): "),
    (lambda: trained() | compile(optimizer=5), "`optimizer` must be a name or what optimizer_rms"),
    (lambda: trained() | compile(optimizer=optimizer_adam), "`optimizer` must be a name or what"),
    (lambda: trained() | compile(loss=5), "`loss` must be a name or a loss of Keras', not 5"),
    (lambda: trained() | compile(metrics=[5]), "`metrics` must be a name or a metric of Keras'"),
    (lambda: trained() | compile(metrics=["acc", None]), "`metrics` must hold names or metrics"),
    (lambda: trained() | set_weights(5), "`weights` must be a list of arrays, as get_weights()"),
    (lambda: summary(5), "summary(): `line_length` must be a whole number, at least 40, not 5"),
    (lambda: get_weights(5), "get_weights() takes"),
    (lambda: layer_lstm(unit=3), "layer_lstm() has no argument `unit`"),
    (lambda: layer_input(3, dtype="int33"), "layer_input(): "),
    (lambda: keras_model_sequential(3, input_dtype="int33"), "keras_model_sequential(): "),
    (lambda: model(layer_lstm(3, return_state=True), shape=(4, 2)) | layer_dense(1), "functional"),
    (
        lambda: model(shape=(4, 2)) | layer_batch_normalization(axis=7),
        "layer_batch_normalization()",
    ),
    (lambda: optimizer_adam(clipnorm=-1), "`clipnorm` must be a number, above 0, or None, not -1"),
    (lambda: callback_model_checkpoint(5), "`filepath` must be a path, not 5"),
    (lambda: callback_model_checkpoint("x.keras", save_freq=0.5), "`save_freq` must be a whole"),
    (lambda: callback_tensorboard(update_freq="x"), "`update_freq` must be a whole number"),
    (lambda: plot(History([{"loss": 1.0}]), metrics=5), "plot(): `metrics` must be names of"),
    (lambda: dataset_imdb(path=5), "dataset_imdb(): `path` must be a file's path or name, not 5"),
    (lambda: pad_sequences([[2**40]]), "pad_sequences(): "),
    (lambda: to_categorical([]), "to_categorical() needs `num_classes`"),
    (lambda: trained() | summary(line_length="wide"), "`line_length` must be a whole number"),
    (lambda: trained() | set_weights([IDS]), "set_weights(): the model has 0 weights, but"),
    (lambda: model(layer_dense(1), shape=2) | set_weights([]), "has 2 weights, but `weights`"),
    (
        lambda: model(layer_dense(1), shape=2) | set_weights([np.zeros((3, 1)), np.zeros(1)]),
        "set_weights(): ",
    ),
    (lambda: pad_sequences("text"), "`sequences` must be a list of sequences, not 'text'"),
    (lambda: pad_sequences([[1], 2]), "must hold sequences of numbers, but [1] is 2"),
    (lambda: pad_sequences([["a"]]), "pad_sequences(): "),
    (lambda: pad_sequences([[1]], padding="front"), "`padding` must be one of 'pre', 'post'"),
    (lambda: pad_sequences([[1]], maxlen=-3), "`maxlen` must be a whole number, at least 1"),
    (lambda: pad_sequences([[1]], max_len=3), "has no argument `max_len`; did you mean `maxlen`"),
    (lambda: to_categorical([0, -1]), "`y` must hold class numbers from 0, not -1"),
    (lambda: to_categorical([0.5]), "`y` must hold class numbers, whole and from 0"),
    (lambda: to_categorical(["a"]), "`y` must hold class numbers, whole and from 0"),
    (lambda: to_categorical([3], num_classes=3), "`y` holds class 3, but `num_classes` is 3"),
    (lambda: set_random_seed(-1), "`seed` must be a whole number, from 0 to 4294967295"),
    (lambda: optimizer_rmsprop(lr=0.1), "has no argument `lr`; did you mean `learning_rate`?"),
    (lambda: optimizer_adam(learning_rate=-1), "`learning_rate` must be a number above 0 or a"),
    (lambda: optimizer_adam(beta_1=1), "`beta_1` must be a number, from 0 to below 1, not 1"),
    (lambda: callback_early_stopping(patience=-1), "`patience` must be a whole number, at least 0"),
    (lambda: callback_early_stopping(mode="less"), "one of 'auto', 'min', 'max', not 'less'"),
    (
        lambda: callback_reduce_lr_on_plateau(factor=1),
        "`factor` must be a number, above 0 and",
    ),
    (lambda: dataset_imdb(num_words=0), "dataset_imdb(): `num_words` must be a whole number"),
    (lambda: dataset_imdb(num_word=5), "no argument `num_word`; did you mean `num_words`?"),
    (lambda: plot([1, 2]), "plot(): `x` must be a history, what fit() gives, not [1, 2]"),
]


@pytest.mark.parametrize(("call", "message"), OTHERS)
def test_a_function_says_what_its_argument_allows(call, message):
    with pytest.raises(UsageError) as caught:
        call()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


RNN = {"simple_rnn": layer_simple_rnn, "lstm": layer_lstm, "gru": layer_gru}


@pytest.mark.parametrize("name", RNN)
@pytest.mark.parametrize("shape", [None, 7])
def test_stacking_names_the_layer_that_needs_return_sequences(name, shape):
    layer = RNN[name]
    start = model(layer_embedding(10, 2), layer(3, name="first"), shape=shape)
    with pytest.raises(UsageError) as caught:
        start | layer(3)
    told = str(caught.value)
    assert f"layer_{name}() reads a sequence" in told
    assert "layer 2 of the model, 'first'" in told
    assert told.endswith(f"give its layer_{name}() return_sequences=True")
    assert "ndim" not in told


@pytest.mark.parametrize(
    "between",
    [
        lambda: layer_dropout(0.2),
        lambda: layer_batch_normalization(),
        lambda: layer_activation("relu"),
        lambda: layer_dense(4),
    ],
)
def test_layers_between_do_not_hide_it(between):
    start = model(layer_embedding(10, 2), bidirectional(layer_gru(3)), between())
    with pytest.raises(UsageError, match=r"'bidirectional\w*' \(Bidirectional\), gives only its"):
        start | layer_lstm(3)


@pytest.mark.parametrize(
    "reader",
    [
        lambda: bidirectional(layer_lstm(3)),
        lambda: layer_conv_1d(3, 2),
        lambda: layer_max_pooling_1d(),
        lambda: layer_global_max_pooling_1d(),
        lambda: layer_spatial_dropout_1d(0.1),
    ],
)
def test_every_layer_that_reads_sequences_says_so(reader):
    with pytest.raises(UsageError, match="return_sequences=True"):
        model(layer_embedding(10, 2), layer_lstm(3)) | reader()


def test_it_is_told_on_tensors_too():
    words = layer_embedding(layer_input(7), 10, 2)
    last = layer_dropout(layer_lstm(words, 3, name="first"), 0.5)
    with pytest.raises(UsageError, match=r"but 'first' \(LSTM\) gives only its last step's output"):
        layer_gru(last, 3)


def test_other_inputs_without_steps_are_told():
    with pytest.raises(UsageError, match=r"gets \(None, 500\); put layer_embedding"):
        model(shape=500) | layer_lstm(3)
    with pytest.raises(UsageError, match=r"'flatten\w*' \(Flatten\), gives \(batch, features\)"):
        model(layer_embedding(10, 2), layer_flatten(), shape=7) | layer_lstm(3)
    with pytest.raises(UsageError, match=r"gets \(None, 3\)"):
        layer_lstm(layer_input(3), 2)


def test_a_merge_does_not_hide_it():
    words = layer_embedding(layer_input(7), 10, 2)
    both = layer_concatenate(layer_lstm(words, 3, name="first"), layer_gru(words, 3))
    with pytest.raises(UsageError, match=r"but 'first' \(LSTM\) gives only its last step's output"):
        layer_lstm(both, 3)


def test_a_layer_that_was_refused_is_not_left_in_the_model():
    start = model(layer_embedding(10, 2), shape=7)
    with pytest.raises(UsageError):
        start | layer_conv_1d(3, 2, groups=3)
    assert (start | layer_conv_1d(3, 2)).output_shape == (None, 6, 3)


def test_stacks_that_are_right_are_left_alone():
    made = model(
        layer_embedding(10, 2),
        layer_lstm(3, return_sequences=True),
        layer_dropout(0.2),
        bidirectional(layer_gru(3, return_sequences=True)),
        layer_conv_1d(4, 2),
        layer_simple_rnn(3),
        layer_dense(1),
        shape=7,
    )
    assert made.output_shape == (None, 1)


def test_a_pipe_begins_with_a_model_and_not_with_a_tensor():
    with pytest.raises(UsageError, match="write layer_dense\\(x, …\\), object first"):
        layer_input(3) | layer_dense(1)
    with pytest.raises(UsageError, match="write layer_dense\\(x, …\\), object first"):
        np.ones((2, 3)) | layer_dense(1)
    with pytest.raises(UsageError, match="write layer_dense\\(x, …\\), object first"):
        keras.ops.ones((2, 3)) | layer_dense(1)
    with pytest.raises(UsageError, match="was piped into 3, which is not a model"):
        3 | layer_dense(1)
    with pytest.raises(UsageError, match="a pipe that begins with layer_dense\\(\\) has no model"):
        layer_dense(1) | layer_dense(1)
    x = layer_input(3)
    functional = keras_model(x, layer_dense(x, 1))
    with pytest.raises(UsageError, match="only into a keras_model_sequential"):
        functional | layer_dense(1)


def test_an_architecture_that_stacks_wrongly_is_named():
    @seqclf.architecture("odd", summary="for tests")
    def odd(task, units: int = 3):
        return model(layer_embedding(task.num_words, 2), layer_lstm(units), layer_lstm(units))

    with pytest.raises(SeqclfError) as caught:
        build(odd, Task("binary", ("a", "b"), 20, 6), {})
    assert str(caught.value).startswith("architecture 'odd': layer_lstm() reads a sequence")
    assert caught.value.exit_code == 1

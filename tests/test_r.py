"""R keras' vocabulary: calling forms, defaults, and that plain Keras objects come out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from imdb_files import write_imdb, write_word_index

import seqclf.r
from seqclf.contracts import History
from seqclf.errors import DataError, SeqclfError
from seqclf.r import (
    callback_early_stopping,
    callback_model_checkpoint,
    callback_reduce_lr_on_plateau,
    callback_tensorboard,
    compile,
    dataset_imdb,
    dataset_imdb_word_index,
    dataset_reuters,
    evaluate,
    fit,
    get_weights,
    keras_model,
    keras_model_sequential,
    layer_batch_normalization,
    layer_concatenate,
    layer_dense,
    layer_dropout,
    layer_embedding,
    layer_gru,
    layer_input,
    layer_lstm,
    optimizer_adam,
    optimizer_sgd,
    pad_sequences,
    plot,
    predict,
    set_random_seed,
    set_weights,
    summary,
)

X = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9], [1, 5, 9]] * 4)
Y = [0, 1, 0, 1] * 4


def compiled(**options):
    return (
        keras_model_sequential()
        | layer_embedding(input_dim=10, output_dim=4)
        | layer_lstm(units=3)
        | layer_dense(units=1, activation="sigmoid")
        | compile(**{"loss": "binary_crossentropy", "metrics": "acc", **options})
    )


def test_everything_named_in_all_is_there_and_documented():
    for name in seqclf.r.__all__:
        thing = getattr(seqclf.r, name)
        assert callable(thing)
        assert "Source:" in (thing.__doc__ or "") or name == "summary_text", name


def test_layers_pipe_in_place_and_act_on_models_and_tensors():
    model = keras_model_sequential()
    assert (model | layer_embedding(10, 4)) is model
    assert layer_dense(model, units=2) is model
    assert layer_dropout(object=model, rate=0.1) is model
    names = [type(layer).__name__ for layer in model.layers]
    assert names == ["Embedding", "Dense", "Dropout"]
    assert type(model) is keras.Sequential
    assert layer_dense(layer_input(3), units=2).shape == (None, 2)
    assert layer_dense(object=layer_input(3), units=2).shape == (None, 2)
    assert layer_dense(np.ones((5, 3)), units=2).shape == (5, 2)


def test_verbs_pipe_and_act_on_models():
    piped, called = compiled(), compiled()
    set_random_seed(3)
    one = piped | fit(X, Y, epochs=2, verbose=0)
    set_random_seed(3)
    two = fit(called, X, Y, epochs=2, verbose=0)
    assert set(one) == set(two) == {"acc", "loss"}
    assert (piped | evaluate(X, Y, verbose=0)).keys() == evaluate(called, X, Y, verbose=0).keys()
    assert (piped | predict(X, verbose=0)).shape == predict(called, X, verbose=0).shape == (16, 1)
    weights = piped | get_weights()
    assert (called | set_weights(weights)) is called
    assert np.array_equal(predict(called, X, verbose=0), predict(piped, X, verbose=0))


def test_weights_of_one_layer_can_be_got_and_set():
    model = keras_model_sequential(input_shape=3) | layer_dense(2)
    kernel, bias = get_weights(model.layers[0])
    set_weights(model.layers[0], [kernel + 1, bias])
    assert np.array_equal(get_weights(model)[0], kernel + 1)


def test_the_functional_form_makes_a_plain_model():
    ids = layer_input(shape=5, name="ids")
    words = layer_embedding(ids, 10, 4)
    both = layer_concatenate([layer_lstm(words, 3), layer_gru(words, 2)])
    model = keras_model(ids, layer_dense(both, 1, "sigmoid"), name="two")
    assert isinstance(model, keras.Model)
    assert (model.name, model.input_shape, model.output_shape) == ("two", (None, 5), (None, 1))
    model | compile(loss="binary_crossentropy")
    assert list(fit(model, X[:, [0, 1, 2, 0, 1]], Y, verbose=0)) == ["loss"]


def test_axes_count_from_one():
    x, y = layer_input((2, 3)), layer_input((4, 3))
    assert layer_concatenate(x, y, axis=2).shape == (None, 6, 3)
    assert layer_concatenate([x, x], axis=-1).shape == (None, 2, 6)
    layer = (keras_model_sequential(input_shape=(2, 3)) | layer_batch_normalization(axis=3)).layers
    assert layer[0].axis == 2


@pytest.mark.parametrize("units", [32, 32.0, np.int64(32), np.float32(32)])
def test_whole_numbers_may_be_written_as_r_does(units):
    model = keras_model_sequential(input_shape=(None, 2.0)) | layer_lstm(units)
    assert model.layers[0].units == 32
    assert isinstance(model.layers[0].units, int)
    assert pad_sequences([[1]], maxlen=units).shape == (1, 32)


def test_input_shape_is_written_as_in_r():
    assert keras_model_sequential(input_shape=500).built is False
    model = keras_model_sequential(input_shape=500) | layer_embedding(10, 4)
    assert model.input_shape == (None, 500)
    model = keras_model_sequential(input_shape=(None,)) | layer_embedding(10, 4)
    assert model.output_shape == (None, None, 4)
    model = keras_model_sequential() | layer_lstm(3, input_shape=(10, 4))
    assert model.output_shape == (None, 3)


def test_fit_takes_rs_defaults_or_the_old_packages(monkeypatch):
    asked = {}
    model = compiled()
    real = model.fit
    monkeypatch.setattr(model, "fit", lambda *a, **k: asked.update(k) or real(*a, **k))
    model | fit(X, Y, verbose=0)
    assert (asked["epochs"], asked["batch_size"], asked["shuffle"]) == (1, None, True)
    assert (asked["validation_split"], asked["initial_epoch"]) == (0.0, 0)
    history = model | fit(X, Y, verbose=0, defaults="keras2")
    assert len(history["loss"]) == history.params["epochs"] == 10
    assert len((model | fit(X, Y, epochs=3, initial_epoch=2, verbose=0))["loss"]) == 2
    old = model | fit(X, Y, epochs=3, initial_epoch=2, verbose=0, defaults="keras2")
    assert len(old["loss"]) == 1


def test_validation_split_takes_the_end():
    ones, other_at_the_end = np.ones((16, 1)), [1] * 12 + [0] * 4
    model = keras_model_sequential() | layer_dense(1) | compile(optimizer_sgd(0.1), loss="mse")
    history = model | fit(ones, other_at_the_end, validation_split=0.25, epochs=50, verbose=0)
    assert history["loss"][-1] < 0.01
    assert history["val_loss"][-1] == pytest.approx(1, abs=0.01)


def test_labels_may_be_booleans_lists_and_categories():
    import pandas as pd

    forms = [Y, np.array(Y), np.array(Y, bool), pd.Series(Y).astype("category"), pd.Categorical(Y)]
    model = compiled()
    measured = [model | evaluate(X.tolist(), form, verbose=0) for form in forms]
    assert all(found == measured[0] for found in measured)


def test_class_numbers_of_weights_may_be_texts():
    model = compiled()
    set_random_seed(1)
    losses = [
        (compiled() | set_weights_of(model) | fit(X, Y, class_weight=weights, verbose=0))["loss"]
        for weights in (None, {0: 100, 1: 100}, {"0": 100, "1": 100.0})
    ]
    assert losses[1] == losses[2]
    assert losses[1][0] > 50 * losses[0][0]


def set_weights_of(model):
    model.build((None, 3))
    weights = get_weights(model)

    class Setting:
        def __ror__(self, other):
            other.build((None, 3))
            return set_weights(other, weights)

    return Setting()


def test_a_model_with_two_inputs_takes_a_list_of_two():
    ids, numbers = layer_input(3), layer_input(3)
    both = layer_concatenate(layer_lstm(layer_embedding(ids, 10, 2), 3), numbers)
    model = keras_model([ids, numbers], layer_dense(both, 1)) | compile(loss="mse")
    parts = [X, X / 10]
    history = model | fit(parts, Y, validation_split=0.25, verbose=0)
    assert list(history) == ["loss", "val_loss"]
    assert (model | predict(parts, verbose=0)).shape == (16, 1)
    assert list(model | evaluate(tuple(parts), Y, verbose=0)) == ["loss"]
    model | fit(parts, Y, validation_data=(parts, Y), verbose=0)


def test_input_length_of_old_tutorials_is_taken():
    with pytest.warns(UserWarning, match="`input_length` no longer counts"):
        keras_model_sequential() | layer_embedding(10, 2, input_length=500)


def test_an_epoch_without_validation_is_missing_in_the_frame():
    history = compiled() | fit(X, Y, epochs=4, validation_split=0.25, validation_freq=2, verbose=0)
    assert [len(history["loss"]), len(history["val_loss"])] == [4, 2]
    frame = history.as_data_frame()
    validation = frame[(frame.data == "validation") & (frame.metric == "loss")]
    assert validation.value.isna().tolist() == [True, False, True, False]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"),
        (0.65301, "0.653"),
        (1.0, "1"),
        (0.00012345, "0.0001234"),
        (12345.678, "12,346"),
        (1234.56, "1,235"),
        (0.0, "0"),
        (float("nan"), "NaN"),
        (float("inf"), "Inf"),
        (99999.5, "100,000"),
    ],
)
def test_a_history_prints_numbers_as_r(value, text):
    assert str(History([{"loss": value}])).splitlines()[-1] == f"loss: {text} "


def test_a_history_without_epochs_prints():
    assert "No epoch" in str(History([]))


def test_optimizers_are_kerass_with_rs_defaults():
    names = [name for name in seqclf.r.__all__ if name.startswith("optimizer_")]
    assert len(names) == 10
    for name in names:
        made = getattr(seqclf.r, name)(clipnorm=1.0)
        defaults = type(made)(clipnorm=1.0, name=made.name).get_config()
        assert made.get_config() == defaults, name
        if name != "optimizer_ftrl":
            assert type(made).__name__.lower() == name.removeprefix("optimizer_").replace("_", "")
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    assert optimizer_adam(learning_rate=schedule).get_config()["learning_rate"]
    model = compiled(optimizer=optimizer_adam(learning_rate=0.05))
    assert float(model.optimizer.learning_rate.numpy()) == pytest.approx(0.05)


def test_callbacks_do_their_work(tmp_path):
    model = compiled(optimizer="sgd")
    stop = callback_early_stopping(monitor="loss", min_delta=100, patience=2)
    assert len((model | fit(X, Y, epochs=9, callbacks=stop, verbose=0))["loss"]) == 3
    lower = callback_reduce_lr_on_plateau(monitor="loss", min_delta=100, patience=1, factor=0.5)
    model | fit(X, Y, epochs=3, callbacks=[lower], verbose=0)
    assert float(model.optimizer.learning_rate.numpy()) == pytest.approx(0.01 / 4)
    keep = callback_model_checkpoint(tmp_path / "{epoch}.keras")
    model | fit(X, Y, epochs=2, callbacks=[keep], verbose=0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.keras", "2.keras"]
    logs = callback_tensorboard(tmp_path / "logs")
    model | fit(X, Y, callbacks=[logs], verbose=0)
    assert list((tmp_path / "logs" / "train").iterdir())


def test_missing_libraries_are_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(SeqclfError, match=r"needs pandas; pip install 'seqclf\[pandas\]'"):
        History([{"loss": 1.0}]).as_data_frame()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SeqclfError, match=r"pip install 'seqclf\[tensorboard\]'"):
        callback_tensorboard()


def test_summary_keeps_the_environment(monkeypatch, capsys):
    model = keras_model_sequential(input_shape=3, name="m") | layer_dense(1)
    monkeypatch.setenv("COLUMNS", "40")
    assert summary(model) is None
    model | summary(line_length=60)
    wide, narrow = capsys.readouterr().out.split("Model:")[1:]
    assert max(map(len, wide.splitlines())) == 80
    assert max(map(len, narrow.splitlines())) == 60
    assert os.environ["COLUMNS"] == "40"


def test_plot_gives_a_figure():
    figure = plot(History([{"loss": 0.7, "val_loss": 0.8}, {"loss": 0.5, "val_loss": 0.6}]))
    assert type(figure).__name__ == "Figure"


@pytest.fixture
def imdb_folder(tmp_path, monkeypatch):
    write_imdb(tmp_path / "data" / "imdb.npz")
    write_word_index(tmp_path / "data" / "imdb_word_index.json")
    monkeypatch.setenv("SEQCLF_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return tmp_path / "data"


def test_dataset_imdb_is_nested_and_unpacks(imdb_folder, monkeypatch):
    monkeypatch.setenv("SEQCLF_DATA_DIR", str(imdb_folder))
    imdb = dataset_imdb(num_words=10.0)
    (x_train, y_train), (x_test, y_test) = imdb
    assert imdb.train.x is x_train
    assert imdb.test.y is y_test
    assert (len(x_train), len(y_train), len(x_test)) == (5, 5, 3)
    assert isinstance(x_train[0], list)
    assert pad_sequences(x_train, maxlen=4).shape == (5, 4)
    monkeypatch.delenv("SEQCLF_DATA_DIR")
    again = dataset_imdb(imdb_folder / "imdb.npz", num_words=10)
    assert [list(x) for x in again.train.x] == [list(x) for x in x_train]
    assert dataset_imdb_word_index(imdb_folder / "imdb_word_index.json")["the"] == 1


def test_dataset_imdb_is_what_keras_gives(imdb_folder, monkeypatch):
    path = imdb_folder / "imdb.npz"
    monkeypatch.setattr("keras.src.datasets.imdb.get_file", lambda *_, **__: str(path))
    options = {"num_words": 10, "skip_top": 4, "oov_char": None, "seed": 7, "maxlen": 5}
    ours = dataset_imdb(path, **options)
    theirs = keras.datasets.imdb.load_data(**options)
    for (our_x, our_y), (their_x, their_y) in zip(ours, theirs, strict=True):
        assert [list(map(int, x)) for x in their_x] == our_x.tolist()
        assert their_y.tolist() == our_y.tolist()


def test_a_path_that_is_not_there_is_no_reason_to_look_elsewhere(imdb_folder, monkeypatch):
    monkeypatch.setenv("SEQCLF_DATA_DIR", str(imdb_folder))
    with pytest.raises(DataError, match=r"there is no file .*elsewhere.imdb\.npz"):
        dataset_imdb(imdb_folder / "elsewhere" / "imdb.npz")
    with pytest.raises(DataError, match=r"there is no file foo\.npz"):
        dataset_imdb("foo.npz")


def test_dataset_reuters_is_kerass(tmp_path, monkeypatch):
    wires = np.empty(10, dtype=object)
    wires[:] = [[4, 5, 6 + n] for n in range(10)]
    path = tmp_path / "reuters.npz"
    np.savez(path, x=wires, y=np.arange(10))
    monkeypatch.setattr(
        "keras.src.datasets.reuters.get_file", lambda *_, **__: str(path), raising=True
    )
    reuters = dataset_reuters(num_words=1000, test_split=0.3)
    assert (len(reuters.train.x), len(reuters.test.x)) == (7, 3)
    assert all(list(wire)[:3] == [1, 7, 8] for wire in reuters.train.x)
    path.unlink()
    with pytest.raises(DataError, match=r"dataset_reuters\(\): reuters.npz cannot be had"):
        dataset_reuters()


def test_gates_of_keras2_survive_saving(tmp_path):
    model = keras_model_sequential(input_shape=(None, 2)) | layer_gru(3, gates="keras2")
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    x = np.random.default_rng(0).normal(size=(4, 5, 2))
    assert np.array_equal(model.predict(x, verbose=0), again.predict(x, verbose=0))
    assert again.layers[0].reset_after is False


@pytest.mark.train
def test_runs_with_gates_of_keras2_are_used_by_another_process(tmp_path):
    import seqclf

    plugin = str(Path(__file__).with_name("tiny.py"))
    nets = {"bilstm": {}, "stacked": {"cell": "gru"}}
    said = {}
    for arch, params in nets.items():
        params = {"units": 4, "embedding_dim": 4, "gates": "keras2", **params}
        settings = {"epochs": 1, "limit": 60, "params": params, "plugins": [plugin]}
        run = seqclf.run("tiny", arch=arch, out=tmp_path / "runs", name=arch, **settings)
        said[arch] = run.predict(["good"])[0].probabilities["yes"]
    code = (
        "import json, seqclf; print(json.dumps({arch: seqclf.load_run(arch).predict(['good'])[0]"
        f".probabilities['yes'] for arch in {list(nets)!r}}}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == said


def test_importing_the_vocabulary_imports_nothing_heavy():
    code = (
        "import sys, seqclf.r; "
        "print([name for name in ('keras', 'tensorflow', 'numpy', 'matplotlib', 'pandas') "
        "if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"

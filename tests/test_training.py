"""Training for real, on tiny data: repeatable, best or last kept, read back as it was."""

import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

import seqclf
from seqclf.contracts import Ragged, Split
from seqclf.encoding.padding import Padding
from seqclf.errors import UsageError
from seqclf.events import EpochEnded, Noted, TrainingEnded
from seqclf.kernels.choosing import unavailable
from seqclf.training.batches import Batches

pytestmark = pytest.mark.train

SMALL = {"params": {"units": 8, "embedding_dim": 8}, "epochs": 2, "seed": 5}


def train(tiny, dataset="tiny", arch="gru", **settings):
    return seqclf.run(dataset, arch=arch, **{"plugins": [tiny], **SMALL, **settings})


def test_a_seeded_run_repeats_exactly_dropout_included(tiny):
    params = {"units": 8, "embedding_dim": 8, "dropout": 0.3}
    first = train(tiny, arch="simple_rnn", params=params)
    second = train(tiny, arch="simple_rnn", params=params)
    assert dict(first.history) == dict(second.history)
    for one, other in zip(first.model.get_weights(), second.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    third = train(tiny, arch="simple_rnn", params=params, seed=6)
    assert dict(third.history) != dict(first.history)


def test_the_seed_is_drawn_and_kept_when_none_is_given(tiny):
    first, second = train(tiny, epochs=1, seed=None), train(tiny, epochs=1, seed=None)
    assert first.config.seed != second.config.seed
    assert train(tiny, epochs=1, seed=first.config.seed).history["loss"] == first.history["loss"]


def split(count=10):
    return Split(np.arange(count) % 2, ids=Ragged.from_lists([[n + 1] * n for n in range(count)]))


def test_every_epoch_has_its_own_permutation():
    batches = Batches(split(), padding=Padding(3), batch_size=4, seed=7)
    orders = []
    for epoch in range(3):
        batches.begin_epoch(epoch)
        rows = [batches.batch(step) for step in range(batches.steps)]
        labels = np.concatenate([labels for _, labels in rows])
        order = np.random.default_rng([7, epoch]).permutation(10)
        assert labels.tolist() == (order % 2).tolist()
        ids = np.concatenate([ids for ids, _ in rows])
        assert ids[:, -1].tolist() == [0 if n == 0 else n + 1 for n in order]
        orders.append(order.tolist())
    assert orders[0] != orders[1] != orders[2]
    assert batches.steps == 3


def test_training_is_what_keras_fit_does_with_the_same_batches(tiny):
    run = train(tiny, validation_split=0.2, kernel="keras")
    from seqclf.encoding.padding import pad
    from seqclf.plugins import load_plugins
    from seqclf.preparing import load_splits
    from seqclf.registry import Registry

    dataset = Registry(load_plugins([tiny])).dataset("tiny")
    splits = load_splits(dataset, run.config, lambda event: None)
    ids = pad(run.encoder.encode(splits.train.texts), 10)
    labels = splits.train.labels
    keras.utils.set_random_seed(5)
    model = keras.Sequential(
        [keras.layers.Embedding(30, 8), keras.layers.GRU(8), keras.layers.Dense(1, "sigmoid")]
    )
    model.build((None, 10))
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    for epoch in range(2):
        order = np.random.default_rng([5, epoch]).permutation(160)
        history = model.fit(
            ids[order],
            labels[order],
            batch_size=16,
            shuffle=False,
            verbose=0,
            validation_data=(ids[160:], labels[160:]),
        ).history
        for name, (value,) in history.items():
            assert run.history[name][epoch] == pytest.approx(value, abs=1e-6)


KERNELS = ["keras", *(["fused"] if unavailable() == "" else [])]
SEEDS = range(5, 15)
"""Which seed a test can show something with depends on the processor."""


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_best_epochs_weights_are_kept_or_the_lasts(tiny, kernel):
    settings = {"epochs": 6, "learning_rate": 0.05, "arch": "simple_rnn", "kernel": kernel}
    for seed in SEEDS:
        ended = []
        best = train(tiny, listeners=[ended.append], seed=seed, **settings)
        if any(isinstance(event, TrainingEnded) and event.best_epoch != 6 for event in ended):
            break
    last = train(tiny, keep="last", seed=seed, **settings)
    accuracies = best.history["val_accuracy"]
    losses = best.history["val_loss"]
    by_rule = max(range(6), key=lambda epoch: (accuracies[epoch], -losses[epoch]))
    (told,) = [event for event in ended if isinstance(event, TrainingEnded)]
    assert told.best_epoch == told.kept == by_rule + 1
    assert told.best["val_accuracy"] == accuracies[by_rule]
    assert told.last["val_accuracy"] == accuracies[-1]
    assert by_rule != 5, "choose other seeds: the best epoch should not be the last"
    kept = seqclf.evaluate(best, split="validation")
    assert kept.accuracy == pytest.approx(accuracies[by_rule], abs=1e-6)
    assert kept.loss == pytest.approx(losses[by_rule], abs=1e-5)
    assert seqclf.evaluate(last, split="validation").loss == pytest.approx(losses[-1], abs=1e-5)


@pytest.mark.parametrize("kernel", KERNELS)
def test_patience_ends_training_early(tiny, kernel):
    settings = {"epochs": 30, "learning_rate": 0.2, "patience": 2, "kernel": kernel}
    for seed in SEEDS:
        told = []
        run = train(tiny, listeners=[told.append], seed=seed, **settings)
        if len(run.history.epochs) < 30:
            break
    (ended,) = [event for event in told if isinstance(event, TrainingEnded)]
    assert ended.reason == "patience"
    assert len(run.history.epochs) == ended.best_epoch + 2 < 30


def test_without_validation_the_last_epoch_is_kept(tiny):
    told = []
    run = train(tiny, validation_split=0, listeners=[told.append])
    (ended,) = [event for event in told if isinstance(event, TrainingEnded)]
    assert (ended.best_epoch, ended.kept) == (None, 2)
    assert "val_loss" not in run.history


@pytest.mark.parametrize("dataset", ["tiny3", "tinymany"])
def test_more_classes_train_predict_and_come_back(tiny, dataset):
    run = train(tiny, dataset, epochs=3)
    again = seqclf.load_run(run.name)
    texts = ["apple red bread late candy", "", "nothing known here"]
    predictions = again.predict(texts)
    assert [prediction.text for prediction in predictions] == texts
    assert again.labels == ("apple", "bread", "candy")
    for before, after in zip(run.predict(texts), predictions, strict=True):
        assert after.probabilities == pytest.approx(dict(before.probabilities), abs=1e-6)
        if dataset == "tiny3":
            assert sum(after.probabilities.values()) == pytest.approx(1, abs=1e-5)
            assert after.labels == (max(after.probabilities, key=after.probabilities.get),)
        else:
            assert after.labels == tuple(
                label for label, value in after.probabilities.items() if value > 0.5
            )
    assert again.report == run.report
    assert seqclf.evaluate(again).accuracy == pytest.approx(run.report.accuracy)


def test_a_network_learns_what_only_order_tells(tiny):
    run = train(
        tiny,
        epochs=25,
        learning_rate=0.01,
        dataset_options={"count": 400},
        params={"units": 16, "embedding_dim": 8},
    )
    assert run.report.accuracy > 0.9


def test_limit_takes_the_first_examples(tiny):
    run = train(tiny, limit=50)
    assert run.report.examples == 50


def test_a_run_folder_has_what_the_design_says(tiny):
    run = train(tiny)
    names = {path.name for path in run.folder.iterdir()}
    assert names == {
        "README.md",
        "config.toml",
        "encoder.json",
        "golden.json",
        "history.csv",
        "labels.json",
        "metrics.json",
        "model.keras",
        "plugins",
        "run.json",
        "tfruns.d",
    }
    lines = (run.folder / "history.csv").read_text().splitlines()
    assert lines[0] == "epoch,value,metric,data"
    assert len(lines) == 1 + 2 * 4
    state = json.loads((run.folder / "run.json").read_text())
    assert state["status"] == "complete"
    assert state["plugins"]["dataset"]["sha256"]
    assert state["plugins"]["architecture"]["distribution"] == "seqclf"


def test_config_toml_runs_again_as_it_is_even_without_the_plugin_file(tiny, tmp_path):
    copy = tmp_path / "mine.py"
    copy.write_text(Path(tiny).read_text())
    run = train(str(copy))
    copy.unlink()
    again = seqclf.run(config=run.folder / "config.toml")
    assert dict(again.history) == dict(run.history)


def test_another_process_predicts_the_same(tiny):
    run = train(tiny)
    texts = ["apple red bread", "", "zzz"]
    code = (
        "import json, sys, seqclf; run = seqclf.load_run('last');"
        "print(json.dumps([dict(p.probabilities) for p in run.predict(json.loads(sys.argv[1]))]))"
    )
    output = subprocess.run(
        [sys.executable, "-c", code, json.dumps(texts)],
        env={**os.environ, "PYTHONHASHSEED": "7", "LC_ALL": "C"},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    assert json.loads(output) == [dict(p.probabilities) for p in run.predict(texts)]


def test_predicting_many_is_predicting_each(tiny):
    run = train(tiny, epochs=1)
    texts = [f"apple {word} bread" for word in ("red", "blue", "late", "cold")] * 80
    together = run.predict(texts)
    assert [p.text for p in together] == texts
    alone = run.predict(texts[:1])[0]
    assert together[0].probabilities == pytest.approx(dict(alone.probabilities), abs=1e-6)
    assert together[319].probabilities == pytest.approx(dict(together[3].probabilities), abs=1e-6)


def test_a_threshold_moves_the_choice(tiny):
    run = train(tiny, epochs=1)
    assert run.predict(["apple"], threshold=0.0)[0].label == "yes"
    assert run.predict(["apple"], threshold=1.0)[0].label == "no"
    with pytest.raises(UsageError, match="from 0 to 1"):
        run.predict(["apple"], threshold=2)
    with pytest.raises(UsageError, match="list of texts"):
        run.predict("apple")


HOOKS = """
import seqclf
calls = []

@seqclf.hookimpl
def seqclf_run_start(run):
    calls.append(("start", run.name, run.settings["epochs"]))

@seqclf.hookimpl
def seqclf_epoch_end(run, epoch, metrics):
    calls.append(("epoch", epoch, sorted(metrics)))

@seqclf.hookimpl
def seqclf_run_end(run, result):
    calls.append(("end", run.folder.name, result.examples))
    raise RuntimeError("too late")
"""


def test_hooks_are_told_and_one_that_raises_costs_a_note(tiny, tmp_path):
    (tmp_path / "hooks.py").write_text(HOOKS)
    told = []
    run = seqclf.run(
        "tiny",
        arch="gru",
        plugins=[tiny, str(tmp_path / "hooks.py")],
        listeners=[told.append],
        **SMALL,
    )
    calls = sys.modules["seqclf_plugin_hooks"].calls
    names = ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert calls == [
        ("start", run.name, 2),
        ("epoch", 1, names),
        ("epoch", 2, names),
        ("end", run.name, 100),
    ]
    notes = [event.sentence for event in told if isinstance(event, Noted)]
    assert any("seqclf_run_end raised RuntimeError: too late" in note for note in notes)
    assert run.state["status"] == "complete"


def test_without_listeners_notes_and_complaints_become_warnings(tiny, tmp_path):
    (tmp_path / "hooks.py").write_text(HOOKS.replace("seqclf_run_start", "seqclf_run_begin"))
    with pytest.warns(UserWarning, match="no hook") as caught:
        train(tiny, plugins=[tiny, str(tmp_path / "hooks.py")], epochs=1)
    told = [str(warning.message) for warning in caught]
    assert any("there is no hook 'seqclf_run_begin'" in message for message in told)
    assert any("seqclf_run_end raised RuntimeError" in message for message in told)


def test_data_dir_may_be_a_path_and_is_kept_whole(tiny):
    run = train(tiny, epochs=1, data_dir=Path("data"))
    assert run.config.data_dir == str(Path("data").absolute())


def test_predict_takes_texts_only(tiny):
    with pytest.raises(UsageError, match="takes texts, not None"):
        train(tiny, epochs=1).predict([None])


def test_events_become_json(tiny):
    told = []
    train(tiny, listeners=[told.append])
    kinds = [event.to_dict()["event"] for event in told]
    assert kinds[0] == "planned"
    assert kinds[-1] == "saved"
    assert kinds.count("epoch_ended") == 2
    epochs = [event for event in told if isinstance(event, EpochEnded)]
    assert json.loads(json.dumps(epochs[0].to_dict()))["epoch"] == 1
    assert all(json.dumps(event.to_dict()) for event in told)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"units": 64}, "there is no setting 'units'"),
        ({"epoch": 3}, "did you mean 'epochs'?"),
        ({"params": [1]}, "params must map option names to values"),
        ({"plugins": "mine.py"}, "plugins must be a list of files"),
        ({"epochs": 1.5}, "--epochs must be a whole number, at least 1, not 1.5"),
        ({"dataset": 3}, "dataset must be a text"),
    ],
)
def test_mistakes_in_python_are_told_as_on_the_command_line(settings, sentence):
    with pytest.raises(UsageError) as caught:
        seqclf.run(**{"dataset": "reviews", **settings})
    assert sentence in str(caught.value)

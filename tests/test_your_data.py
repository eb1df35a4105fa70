"""A person's own file through the whole road: settled, encoded, trained on, used."""

import csv
import json
import os
import re
from pathlib import Path

import numpy as np
import pytest

import seqclf as package
from seqclf.errors import DataError, RunError, UsageError
from seqclf.events import DataReady, Noted
from seqclf.loading import open_run
from seqclf.planning import plan
from seqclf.plugins import load_plugins
from seqclf.preparing import prepare
from seqclf.registry import Registry
from seqclf.settling import covering_length

SMALL = {"epochs": 1, "batch_size": 16, "seed": 1, "params": {"units": 4, "embedding_dim": 4}}


def write_csv(path, rows, header=("text", "label")):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerows([header, *rows])
    return str(path)


def tickets(count=60, labels=("calm", "angry", "sad")):
    """Texts of growing length; the classes are not equally many."""
    random = np.random.default_rng(4)
    rows = []
    for number in range(count):
        label = labels[(number % 7) // 3]
        words = random.choice(
            ["the", "ticket", "is", "late", "again", "naïve", "Ünïcode"], 3 + number % 5
        )
        rows.append((f"{label} {' '.join(words)}", label))
    return rows


@pytest.fixture
def tickets_csv():
    return write_csv("tickets.csv", tickets())


def prepared(*paths, **flags):
    events = []
    ready = prepare(plan({"dataset": paths[0], **flags}), events.append)
    return ready, [event.sentence for event in events if isinstance(event, Noted)], events


class TestSettled:
    def test_a_path_is_the_dataset_file_and_is_kept_absolute(self, tickets_csv):
        settled = plan({"dataset": "tickets.csv", "dataset_options": {"test": "tickets.csv"}})
        here = os.path.abspath("tickets.csv")
        assert settled.config.dataset == "file"
        assert settled.config.dataset_options["path"] == here
        assert settled.config.dataset_options["test"] == here
        assert settled.config.data == "tickets.csv"
        assert settled.folder.name.startswith("tickets-lstm-")

    def test_a_folder_is_a_path_but_a_registered_name_is_not(self):
        os.mkdir("reviews")
        os.mkdir("mine")
        assert plan({"dataset": "reviews"}).config.dataset == "reviews"
        assert plan({"dataset": "./reviews"}).config.dataset == "file"
        assert plan({"dataset": "mine"}).config.data == "mine"

    def test_the_name_of_a_run_is_the_given_one(self, tickets_csv):
        assert plan({"dataset": tickets_csv}, name="first").folder.name == "first"

    def test_paths_in_a_settings_file_begin_at_its_folder(self, tickets_csv):
        os.mkdir("there")
        Path("there/run.toml").write_text(
            'dataset = "../tickets.csv"\nvectors = "v.txt"\n[dataset_options]\ntest = "t.csv"\n'
        )
        settled = plan({}, config="there/run.toml").config
        assert settled.dataset_options["path"] == os.path.abspath("tickets.csv")
        assert settled.dataset_options["test"] == os.path.abspath("there/t.csv")
        assert settled.vectors == os.path.abspath("there/v.txt")

    def test_ids_and_series_choose_their_tokenizer(self, tickets_csv):
        for options, name in (({"ids": True}, "ids"), ({"series": "wide"}, "series")):
            settled = plan({"dataset": tickets_csv, "dataset_options": options})
            assert (settled.config.tokenizer, settled.encoder.name) == (name, name)

    @pytest.mark.parametrize(
        ("arguments", "status", "sentence"),
        [
            (["nowhere.csv"], 1, "there is no file"),
            (["./nowhere"], 1, "there is no"),
            (["tickets.csv", "--freeze"], 2, "--freeze keeps pretrained vectors as they are"),
            (["tickets.csv", "--maxlen", "car"], 2, "--maxlen must be a whole number, at least 1"),
            (["tickets.csv", "--padding", "left"], 2, "--padding must be one of pre, post"),
            (
                ["tickets.csv", "--class-weight", "some"],
                2,
                "--class-weight must be one of balanced",
            ),
            (["tickets.csv", "--test", "none.csv"], 1, "there is no file"),
            (["tickets.csv", "--label-column", "lable"], 2, "did you mean 'label'?"),
            (["tickets.csv", "--min-count", "0"], 2, "-t min_count must be"),
            (["tickets.csv", "--min-count", "2", "-t", "min_count=2"], 2, "set the same option"),
            (["tickets.csv", "--mask", "-p", "mask_zero=true"], 2, "--mask and -p mask_zero"),
            (["tickets.csv", "--vectors", "none.txt"], 1, "none.txt"),
            (["reviews", "--text-column", "x"], 2, "has no option 'text_column'"),
        ],
    )
    def test_a_mistake_is_one_sentence(self, seqclf, tickets_csv, arguments, status, sentence):
        code, out, err = seqclf("run", *arguments, "--quiet")
        assert (code, out) == (status, "")
        assert sentence in err.splitlines()[-1]
        assert not os.path.exists("runs")


class TestPrepared:
    def test_auto_covers_95_percent_of_the_training_texts_and_says_so(self):
        rows = [("word " * length, "ab"[length % 2]) for length in range(1, 101)]
        path = write_csv("long.csv", rows)
        ready, notes, events = prepared(
            path, validation_split=0.0, dataset_options={"test_split": 0.0}
        )
        # The start mark is a step, too.
        assert ready.plan.config.maxlen == 96
        assert (
            "maxlen is 96 (auto: it leaves 95 % of the training texts whole or more, here 95.0 %); "
            "the longest has 101 steps" in notes
        )
        data = next(event for event in events if isinstance(event, DataReady))
        assert data.cut == 0.05

    def test_what_was_guessed_is_kept_as_if_it_had_been_set(self, tickets_csv):
        Path("plain.csv").write_text("".join(f'"text {n}, so",{n % 2}\n' for n in range(20)))
        for path, texts, label, header in (
            (tickets_csv, ("text",), "label", "yes"),
            ("plain.csv", ("1",), "2", "no"),
        ):
            ready, notes, _ = prepared(path)
            options = ready.plan.config.dataset_options
            assert (options["text_column"], options["label_column"]) == (texts, label)
            assert options["header"] == header
            assert any("guessed" in note for note in notes)
            again, notes, _ = prepared(path, dataset_options=options)
            assert not any("guessed" in note for note in notes)
            assert again.fingerprint == ready.fingerprint

    @pytest.mark.parametrize("count", [1, 2, 19, 20, 21, 100, 1000])
    def test_the_covering_length_is_the_shortest(self, count):
        lengths = np.random.default_rng(count).integers(0, 50, count)
        length = covering_length(lengths)
        assert (lengths <= length).mean() >= 0.95
        assert length == 1 or (lengths <= length - 1).mean() < 0.95

    def test_balanced_classes_weigh_the_same_together(self, tickets_csv):
        ready, _, _ = prepared(tickets_csv, class_weight="balanced")
        train = ready.encoded.train
        sums = [train.weights[train.labels == number].sum() for number in range(3)]
        np.testing.assert_allclose(sums, len(train) / 3, rtol=1e-5)
        assert ready.encoded.validation.weights is None

    def test_several_labels_a_text_cannot_be_balanced(self):
        path = write_csv("many.csv", [(f"a text {n}", "x,y" if n % 2 else "y") for n in range(20)])
        with pytest.raises(UsageError, match="--class-weight"):
            prepared(path, class_weight="balanced", dataset_options={"multilabel": True})

    def test_zeros_read_last_are_told(self, tickets_csv):
        def told(**flags):
            return [note for note in prepared(tickets_csv, **flags)[1] if "padding=post" in note]

        (sentence,) = told(padding="post", maxlen=20)
        assert re.search(r"post without a mask: \d\d % of what a recurrent layer reads", sentence)
        assert not told(padding="post", params={"mask_zero": True})
        assert not told()

    def test_scripts_without_spaces_are_told(self):
        path = write_csv(
            "ja.csv", [("私は猫が好きです" * 2 + "犬猫"[n % 2], "ab"[n % 2]) for n in range(20)]
        )
        assert any("use --tokenizer char" in note for note in prepared(path)[1])
        assert not any("use --tokenizer" in note for note in prepared(path, tokenizer="char")[1])

    def test_validation_is_stratified_and_whatever_limit_leaves(self):
        rows = [(f"text {n}", "rare" if n % 10 == 0 else "common") for n in range(400)]
        path = write_csv("rows.csv", rows)
        for limit in (None, 100):
            ready, _, _ = prepared(path, limit=limit)
            for split in (ready.encoded.train, ready.encoded.validation, ready.encoded.test):
                assert abs((split.labels == 1).mean() - 0.1) <= 1.01 / len(split)

    def test_vectors_stand_in_the_rows_of_their_words(self, tickets_csv):
        Path("v.txt").write_text("late 1 2\nticket 3 4\nelsewhere 5 6\n")
        ready, notes, _ = prepared(tickets_csv, vectors="v.txt")
        task = ready.task(print)
        assert task.vectors[task.words.index("late")].tolist() == [1, 2]
        assert task.vectors[task.words.index("ticket")].tolist() == [3, 4]
        assert np.count_nonzero(task.vectors) == 4
        assert ready.plan.config.params["embedding_dim"] == 2
        assert any(
            "2 of " in note and "% of the words in the training texts" in note for note in notes
        )

    def test_an_embedding_dim_that_does_not_fit_the_vectors_is_told(self, tickets_csv):
        Path("v.txt").write_text("late 1 2\n")
        with pytest.raises(UsageError, match="whose vectors have 2 numbers"):
            prepared(tickets_csv, vectors="v.txt", params={"embedding_dim": 32})

    def test_vectors_need_words(self):
        path = write_csv("ids.csv", [(f"1 {n}", n % 2) for n in range(20)], ("ids", "label"))
        Path("v.txt").write_text("late 1 2\n")
        with pytest.raises(UsageError, match="nobody knows the word"):
            prepared(path, vectors="v.txt", dataset_options={"ids": True})

    def test_vectors_of_words_are_none_of_characters(self, tickets_csv):
        Path("v.txt").write_text("late 1 2\n")
        with pytest.raises(UsageError, match="--tokenizer char gives single characters"):
            prepared(tickets_csv, vectors="v.txt", tokenizer="char")

    def test_ids_beyond_num_words_are_told(self):
        path = write_csv("ids.csv", [(f"1 {n}", n % 2) for n in range(20)], ("ids", "label"))
        with pytest.raises(DataError, match="raise --num-words"):
            prepared(path, num_words=10, dataset_options={"ids": True})

    def test_a_series_is_standardised_on_the_training_rows(self):
        random = np.random.default_rng(1)
        values = random.normal(5, 3, (50, 6)).round(3)
        rows = [[*row, "up" if row[-1] > row[0] else "down"] for row in values]
        path = write_csv("series.csv", rows, [*(f"t{n}" for n in range(6)), "label"])
        ready, _, _ = prepared(path, dataset_options={"series": "wide", "features": 2})
        train = ready.encoded.train.series
        assert train.values.shape == (len(train) * 3, 2)
        np.testing.assert_allclose(train.values.mean(axis=0), 0, atol=1e-5)
        np.testing.assert_allclose(train.values.std(axis=0), 1, rtol=1e-5)
        test = ready.encoded.test.series
        assert abs(test.values.mean()) > 1e-4


def trained(*arguments, **flags):
    return package.run(*arguments, **{**SMALL, **flags}, listeners=[lambda event: None])


def reopened(run):
    return open_run(run.folder, Registry(load_plugins()))


@pytest.mark.train
class TestTrained:
    def test_text_with_masks_behind_and_weights(self, tickets_csv):
        run = trained(
            tickets_csv,
            padding="post",
            truncating="post",
            class_weight="balanced",
            params={**SMALL["params"], "mask_zero": True},
        )
        assert run.labels == ("angry", "calm", "sad")
        texts = [text for text, _ in tickets(8)]
        again = reopened(run)
        assert [p.probabilities for p in again.predict(texts)] == [
            p.probabilities for p in run.predict(texts)
        ]
        # A mask behind the text: more padding changes nothing.
        ids = run.encoder.encode(texts[:1])
        longer = np.zeros((1, 30), np.int32)
        longer[0, : len(ids.values)] = ids.values
        np.testing.assert_allclose(
            np.asarray(run.model(longer))[0],
            list(run.predict(texts[:1])[0].probabilities.values()),
            rtol=1e-5,
        )
        report = package.evaluate(again)
        assert report.loss == pytest.approx(run.report.loss, abs=1e-6)
        settings = (run.folder / "config.toml").read_text()
        (run.folder / "config.toml").write_text(
            settings.replace('padding = "post"', 'padding = "pre"')
        )
        with pytest.raises(RunError, match="was made with padding post"):
            reopened(run)
        (run.folder / "config.toml").write_text(settings)
        repeated = package.run(config=run.folder / "config.toml", listeners=[lambda event: None])
        assert repeated.history["loss"] == run.history["loss"]

    def test_weights_change_what_is_learned_and_nothing_else(self, tickets_csv):
        plain, weighted = (
            trained(tickets_csv, class_weight=weigh, kernel="keras") for weigh in (None, "balanced")
        )
        assert plain.history["loss"] != weighted.history["loss"]
        train = prepared(tickets_csv, class_weight="balanced")[0].encoded.train
        weights = dict(zip(train.labels.tolist(), train.weights.tolist(), strict=True))
        import keras

        from seqclf.encoding.padding import Padding
        from seqclf.training.backend import make_repeatable
        from seqclf.training.batches import Batches
        from seqclf.training.build import build, compile_model

        ready = prepared(tickets_csv, **SMALL)[0]
        make_repeatable(1)
        task = ready.task(print)
        model = build(ready.plan.architecture, task, ready.plan.config.params)
        compile_model(model, task, ready.plan.config)
        batches = Batches(
            ready.encoded.train, padding=Padding.of(ready.plan.config), batch_size=16, seed=1
        )
        batches.begin_epoch(0)
        steps = [batches.batch(step) for step in range(batches.steps)]
        x, y = (np.concatenate(parts) for parts in zip(*steps, strict=True))
        history = model.fit(
            x, y, batch_size=16, shuffle=False, class_weight=weights, verbose=0
        ).history
        assert history["loss"] == pytest.approx(weighted.history["loss"], abs=1e-6)
        assert keras.backend.backend() == weighted.state["versions"].get(
            "", keras.backend.backend()
        )

    def test_frozen_vectors_stay_and_others_move(self, tickets_csv):
        words = ["the", "ticket", "is", "late", "again", "calm", "angry", "sad"]
        random = np.random.default_rng(2)
        numbers = random.normal(size=(len(words), 3)).round(2)
        lines = [
            f"{word} {' '.join(map(str, row))}" for word, row in zip(words, numbers, strict=True)
        ]
        Path("v.txt").write_text("\n".join(lines) + "\n")
        first = prepared(tickets_csv, vectors="v.txt")[0].task(print).vectors
        for freeze in (True, False):
            run = trained(tickets_csv, vectors="v.txt", freeze=freeze, params={"units": 4})
            kept = run.model.layers[0].get_weights()[0]
            assert np.array_equal(kept, first) is freeze
            assert reopened(run).predict(["late again"])

    def test_ids_wide_and_long_series(self):
        ids = write_csv("ids.csv", [(f"5 {6 + n % 2} 7", n % 2) for n in range(40)], ("x", "label"))
        run = trained(ids, num_words=10, dataset_options={"ids": True})
        assert run.labels == ("0", "1")
        assert len(reopened(run).predict(["5 6 7", "5, 7", ""])) == 3
        long = [
            (number, step + number % 2 * (5 - step), step, "up" if number % 2 else "down")
            for number in range(30)
            for step in range(3 + number % 3)
        ]
        path = write_csv("long.csv", long, ("id", "a", "b", "label"))
        run = trained(
            path,
            dataset_options={"series": "long", "series_column": "id", "text_column": ("a", "b")},
            params={"units": 4, "mask_zero": True},
        )
        assert run.model.input_shape == (None, run.config.maxlen, 2)
        assert [type(layer).__name__ for layer in run.model.layers] == ["Masking", "LSTM", "Dense"]
        assert run.encoder.features == 2
        again = reopened(run)
        assert again.predict(["1 2; 3 4;"])[0].probabilities == (
            run.predict(["1 2; 3 4;"])[0].probabilities
        )
        assert package.evaluate(again).examples == run.report.examples

    def test_the_command_says_what_it_guessed_and_lists_the_run(self, seqclf, tickets_csv):
        flags = ["--epochs", "1", "-p", "units=4", "--seed", "1", "--tokenizer", "char"]
        status, out, err = seqclf("run", tickets_csv, *flags, "--json", "--name", "c")
        assert status == 0
        document = json.loads(out)
        assert document["dataset"] == "tickets.csv"
        assert "texts from column 'text', classes from column 'label'" in err
        status, out, _ = seqclf("runs", "--json")
        assert json.loads(out)[0]["dataset"] == "tickets.csv"
        status, out, err = seqclf("evaluate", "c", "--split", "validation", "--json")
        assert (status, json.loads(out)["split"]) == (0, "validation")
        write_csv("more.csv", [(label, f"{label} is late") for label in ("sad", "calm")] * 3)
        columns = ["--text-column", "label", "--label-column", "text"]
        status, out, _ = seqclf("evaluate", "c", "--file", "more.csv", *columns, "--json")
        assert status == 0
        assert json.loads(out)["examples"] == 6
        assert [item["support"] for item in json.loads(out)["classes"]] == [0, 3, 3]
        status, _, err = seqclf("evaluate", "c", "--file", "more.csv")
        assert status == 1
        assert "more.csv" in err
        assert package.evaluate(
            package.load_run("c"), file="more.csv", text_column="label", label_column="text"
        ).accuracy == pytest.approx(json.loads(out)["accuracy"])
        for wrong in (["--split", "test", "--file", "more.csv"], ["--text-column", "x"]):
            assert seqclf("evaluate", "c", *wrong)[0] == 2
        with open(tickets_csv, "a", encoding="utf-8") as file:
            file.write("one more,calm\n")
        status, _, err = seqclf("evaluate", "c")
        assert status == 0
        assert "the data are not those that run 'c' was trained on" in err


@pytest.mark.train
def test_an_architecture_that_cannot_read_series_or_ignores_vectors_says_so(tickets_csv):
    Path("mine.py").write_text(
        """
import seqclf

@seqclf.architecture("mine", summary="its own embedding")
def mine(task):
    import keras
    return keras.Sequential([
        keras.layers.Embedding(task.num_words, 4),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(task.units, task.activation),
    ])

@seqclf.hookimpl
def seqclf_architectures():
    return [mine]
"""
    )
    Path("v.txt").write_text("late 1 2\n")
    wide = write_csv("w.csv", [(n, n + 1, n % 2) for n in range(20)], ("a", "b", "label"))
    given = {"arch": "mine", "plugins": ["mine.py"], "params": {}}
    with pytest.raises(package.SeqclfError, match="does not use the pretrained vectors"):
        trained(tickets_csv, vectors="v.txt", **given)
    with pytest.raises(package.SeqclfError, match="the data are numeric series"):
        trained(wide, dataset_options={"series": "wide"}, **given)

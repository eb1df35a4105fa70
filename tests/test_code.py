"""`seqclf code`: scripts that do what a run did, without seqclf."""

import csv
import json
import os
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from imdb_files import write_imdb, write_word_index

import seqclf
from seqclf.cli.program import run_program
from seqclf.runs.history import read_history

csv.field_size_limit(10_000_000)  # one of the texts below is long

HERE = Path(__file__).parent
PLUGINS = [str(HERE / "tiny.py"), str(HERE / "code_plugin.py")]
CODE_PLUGIN = PLUGINS[1]
SHARED = HERE.parents[1] / "shared" / "data"
SMALL = {"units": 6, "embedding_dim": 6}

CASES = {
    "dropout": (
        "tiny",
        "lstm",
        {
            "params": {**SMALL, "dropout": 0.3, "recurrent_dropout": 0.2, "mask_zero": True},
            "optimizer": "adam",
            "learning_rate": 0.02,
            "clipnorm": 0.5,
            "limit": 90,
            "skip_top": 6,
        },
    ),
    "stacked": ("tinymany", "stacked", {"params": {**SMALL, "layers": 3, "cell": "gru"}}),
    "gates": ("tiny3", "bilstm", {"params": {**SMALL, "layers": 2, "gates": "keras2"}}),
    "patient": (
        "tiny",
        "gru",
        {"params": SMALL, "optimizer": "adamw", "learning_rate": 0.5, "patience": 1, "epochs": 9},
    ),
    "convolved": ("tiny3", "convolved", {}),
    "branches": ("tiny", "branches", {}),
    "backward_made": ("tiny", "backward_made", {}),
    "numbers": ("numbers", "simple_rnn", {"params": SMALL, "limit": 70}),
    "known": (
        "known",
        "simple_rnn",
        {"params": SMALL, "validation_split": 0, "maxlen": 4},
    ),
    "spelt": ("spelt", "simple_rnn", {"params": SMALL}),
    "awkward": (
        "awkward",
        "simple_rnn",
        {"params": SMALL, "keep": "last", "seed": 2**32 - 5},
    ),
    "tickets": (
        "tickets.csv",
        "lstm",
        {
            "params": {"units": 6, "mask_zero": True},
            "dataset_options": {"label_column": "class"},
            "tokenizer_options": {"min_count": 2, "lowercase": False},
            "vectors": "words.vec",
            "class_weight": "balanced",
            "padding": "post",
            "truncating": "post",
        },
    ),
    "waves": (
        "waves.csv",
        "gru",
        {
            "params": {"units": 6},
            "dataset_options": {"label_column": "kind", "series": "wide", "features": 2},
            "class_weight": "balanced",
            "padding": "post",
        },
    ),
}
NOT_IN_R = {
    "branches": "slices of tensors have no plain words in R",
    "waves": "'waves.csv' has numeric series, which are not written for R",
}

PHRASES = [
    "“It broke” again…",
    "it’s FINE now 👍",
    "Ça va, très bien!",
    "It broke\nagain",
    "fine it’s",
]


def write_own_files(folder):
    """Write tables of one's own, in which one class is rare, and vectors."""
    random = np.random.default_rng(1)
    with (folder / "tickets.csv").open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["subject", "class"])
        for number in range(80):
            text = " ".join(random.choice(PHRASES, int(random.integers(1, 6))))
            lines.writerow([text, "calm" if number % 5 else "angry"])
    with (folder / "waves.csv").open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["kind", *(f"x{n}" for n in range(12))])
        for number in range(60):
            steps = 1 + number % 6  # the others are empty
            values = random.normal(5, 3, 2 * steps).tolist() + [""] * (12 - 2 * steps)
            lines.writerow([["up", "down", "down", "round"][number % 4], *values])
    words = ["It", "it's", "FINE", "again", "Ça", "bien", "👍"]
    rows = [f"{word} {' '.join(map(str, random.normal(0, 1, 5)))}\n" for word in words]
    (folder / "words.vec").write_text("".join(rows), encoding="utf-8")


RUN_SCRIPTS = """
import contextlib, io, json, runpy, sys
sys.modules["seqclf"] = None  # whoever imports it fails
found = {}
for path in sys.argv[1:]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        names = runpy.run_path(path, run_name="__main__")
    found[path] = {
        "history": names["history"],
        "test": names.get("test", {}).get("accuracy"),
        "said": said.getvalue(),
        "x_train": names["x_train"].tolist(),
        "weights": [weight.tolist() for weight in names["model"].get_weights()],
    }
print(json.dumps(found))
"""


def run_scripts(*paths):
    """Run Python scripts where seqclf cannot be imported; give what each did."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", RUN_SCRIPTS, *map(str, paths)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    return {Path(path).stem: result for path, result in found.items()}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Train every case, write its scripts and run the Python ones, all once."""
    folder = tmp_path_factory.mktemp("code")
    runs = {}
    write_own_files(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQCLF_LOAD_PLUGINS", "")
        patch.setenv("SEQCLF_CACHE_DIR", str(folder / "cache"))
        patch.chdir(folder)
        for name, (dataset, arch, settings) in CASES.items():
            runs[name] = seqclf.run(
                dataset,
                arch=arch,
                plugins=PLUGINS,
                out=folder / "runs",
                name=name,
                **{"seed": 5, "epochs": 3, "kernel": "keras", **settings},
            )
            for language, suffix in (("python", ".py"), ("r", ".R")):
                known = ["--plugin", CODE_PLUGIN] if name == "spelt" else []
                script = folder / language / f"{name}{suffix}"
                script.parent.mkdir(exist_ok=True)
                target = ["--language", language, "-o", str(script), "--out", str(folder / "runs")]
                status = run_program(["code", name, *target, *known])
                assert status == (1 if language == "r" and name in NOT_IN_R else 0)
    scripts = folder / "python"
    # The run's own copies and the plugin files are not there for the scripts.
    return folder, runs, run_scripts(*(scripts / f"{name}.py" for name in CASES))


@pytest.mark.long
@pytest.mark.train
@pytest.mark.parametrize("name", CASES)
def test_the_python_script_repeats_the_run_exactly(made, name):
    folder, runs, results = made
    run, result = runs[name], results[name]
    assert result["history"] == read_history(folder / "runs" / name / "history.csv").epochs
    assert len(result["history"]) > 1
    for mine, other in zip(run.model.get_weights(), result["weights"], strict=True):
        np.testing.assert_array_equal(mine, np.array(other, mine.dtype))
    figures = json.loads((folder / "runs" / name / "metrics.json").read_text())
    if figures["test"] is None:
        assert result["test"] is None
        assert "Test accuracy" not in result["said"]
    else:
        assert result["test"] == pytest.approx(figures["test"]["accuracy"], abs=1e-6)
        assert f"Test accuracy {figures['test']['accuracy']:.4f}" in result["said"]


@pytest.mark.long
@pytest.mark.train
def test_the_cases_are_what_they_are_meant_to_be(made):
    folder, runs, results = made
    assert len(runs["patient"].history.epochs) < 9
    assert "import seqclf" not in (folder / "python" / "dropout.py").read_text()
    assert any(results["awkward"]["weights"])
    assert "weights of epoch" not in results["awkward"]["said"]
    figures = json.loads((folder / "runs" / "patient" / "metrics.json").read_text())
    assert f"weights of epoch {figures['kept_epoch']}." in results["patient"]["said"]
    assert "hard_sigmoid_keras2" in (folder / "python" / "gates.py").read_text()
    assert "dense_layer = layers.Dense" in (folder / "python" / "backward_made.py").read_text()


@pytest.mark.long
@pytest.mark.train
def test_the_script_says_of_a_text_what_the_run_says(made):
    _, runs, results = made
    for name in ("dropout", "gates", "stacked", "awkward"):
        splits = list(csv.reader((made[0] / "python" / f"{name}_test.csv").open(newline="")))
        text = splits[1][0]
        prediction = runs[name].predict([text])[0]
        said = results[name]["said"].splitlines()[-1]
        assert said.split(" (")[0].split(", ") == list(prediction.labels) or said == "none"
    known = results["known"]["said"].splitlines()[-1]
    expected = runs["known"].predict(["It began well, but I left before the end."])[0]
    assert known.startswith(f"{expected.label} (")
    second = expected.probabilities[runs["known"].labels[1]]
    assert f"{second:.3f})" in known


@pytest.mark.long
@pytest.mark.train
@pytest.mark.skipif(find_spec("ruff") is None, reason="ruff is not installed")
def test_python_scripts_are_formatted_as_ruff_formats(made):
    scripts = [str(made[0] / "python" / f"{name}.py") for name in CASES]
    for command in (["format", "--check"], ["check", "--select", "E,F,W,I,B,UP"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", *scripts],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def rscript(text):
    """Run R code; skip where R is not installed."""
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed")
    surroundings = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", text],
        capture_output=True,
        text=True,
        check=False,
        env=surroundings,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.long
@pytest.mark.train
def test_r_scripts_are_r(made):
    scripts = [made[0] / "r" / f"{name}.R" for name in CASES if name not in NOT_IN_R]
    listed = ", ".join(f'"{script}"' for script in scripts)
    out = rscript(f'for (f in c({listed})) cat(length(parse(f)) > 20, "")')
    assert out.split() == ["TRUE"] * len(scripts)


@pytest.mark.long
@pytest.mark.train
def test_what_r_cannot_say_is_refused_by_name(made, command):
    for name, sentence in NOT_IN_R.items():
        status, out, err = command("code", name, "--language", "r", "--out", made[0] / "runs")
        assert (status, out) == (1, "")
        assert sentence in err
        assert "--language python can" in err


R_ENCODER = """
lines <- readLines("{script}")
from <- grep("read_examples <- function", lines)
to <- grep("^x_train <- pad_sequences", lines) - 1
num_words <- {num_words}
labels <- c({labels})
setwd(dirname("{script}"))
eval(parse(text = lines[from:to]), globalenv())
for (text in {texts}) cat(encode(text), "\\n")
"""


def r_ids(script, num_words, labels, texts):
    """Give the ids that an R script's own code makes of its texts."""
    out = rscript(
        R_ENCODER.format(
            script=script,
            num_words=num_words,
            labels=", ".join(f'"{label}"' for label in labels),
            texts=texts,
        )
    )
    return [list(map(int, line.split())) for line in out.splitlines()]


@pytest.mark.long
@pytest.mark.train
def test_r_splits_and_ranks_words_as_the_run_does(made):
    folder, runs, _ = made
    run = runs["awkward"]
    ids = r_ids(folder / "r" / "awkward.R", 30, run.labels, "c(train_texts, test_texts)")
    rows = []
    for split in ("train", "test"):
        with (folder / "r" / f"awkward_{split}.csv").open(newline="", encoding="utf-8") as file:
            rows += [text for text, _ in list(csv.reader(file))[1:]]
    held_out = 12  # the R script's train_texts are without them
    rows = rows[: 60 - held_out] + rows[60:]
    assert ids == [encoded.tolist() for encoded in run.encoder.encode(rows)]


@pytest.fixture(scope="module")
def reviews_scripts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reviews")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQCLF_LOAD_PLUGINS", "")
        for name in ("short.py", "short.R"):
            language = "r" if name.endswith("R") else "python"
            arguments = ["--epochs", "1", "--seed", "3", "-p", "units=2", "--skip-top", "5"]
            arguments += ["--min-count", "2", "--no-lowercase"]
            target = ["-o", str(folder / name), "--language", language]
            assert run_program(["code", "reviews", *arguments, *target, "--force"]) == 0
    return folder


def reviews_ids():
    """Encode the bundled reviews as a run does."""
    from seqclf.contracts import LoadContext, RunConfig
    from seqclf.datasets.reviews import reviews
    from seqclf.encoding.encode import encode_splits
    from seqclf.encoding.words import WordEncoder

    options = {"min_count": 2, "lowercase": False}
    config = RunConfig(
        "reviews",
        num_words=2000,
        skip_top=5,
        validation_split=0.1,
        tokenizer_options=options,
    )
    splits = reviews.load(LoadContext(Path()))
    return encode_splits(splits, config, "binary", 2, encoder_class=WordEncoder)


@pytest.mark.long
@pytest.mark.train
def test_all_reviews_get_the_same_ids_in_python(reviews_scripts):
    from seqclf.encoding.padding import pad

    (result,) = run_scripts(reviews_scripts / "short.py").values()
    assert result["x_train"] == pad(reviews_ids().train.ids, 50).tolist()


def test_all_reviews_get_the_same_ids_in_r(reviews_scripts):
    labels = ("negative", "positive")
    texts = "c(train_texts, val_texts, test_texts)"
    ids = r_ids(reviews_scripts / "short.R", 2000, labels, texts)
    encoded = reviews_ids()
    splits = (encoded.train, encoded.validation, encoded.test)
    assert ids == [row.tolist() for split in splits for row in split.ids]


@pytest.fixture
def own_files():
    """Write tables of one's own into the working directory."""
    write_own_files(Path())


def command_in(script):
    """Read the command out of a script's header."""
    lines = [line.removeprefix("#") for line in script.split("\n#\n")[1].splitlines()]
    return shlex.split(" ".join(lines))


@pytest.mark.parametrize(
    "given",
    [
        ["tickets.csv", "--label-column", "class", "--test-split", "0.3", "-d", "seed=7"],
        ["tickets.csv", "--text-column", "subject", "--header", "--quote", '"', "--mask"],
        ["waves.csv", "--label-column", "kind", "--series", "wide", "--no-freeze"],
    ],
)
def test_the_command_in_the_header_runs(own_files, command, given):
    status, script, err = command("code", *given, "--epochs", "2", "--class-weight", "balanced")
    assert status == 0, err
    words = command_in(script)
    assert words[:3] == ["seqclf", "run", given[0]]
    assert {"--epochs", "--class-weight", "--maxlen", "--seed"} <= set(words)
    status, again, _ = command("code", *words[2:])
    assert (status, again) == (0, script)


def test_every_option_of_a_file_has_a_flag_in_the_header_or_is_known_to_have_none():
    from seqclf.cli.fileoptions import NAMES
    from seqclf.code.commandline import WITHOUT_FLAG
    from seqclf.datasets.files.dataset import file

    assert {option.name for option in file.options} == {"path", *NAMES, *WITHOUT_FLAG}


def test_a_file_elsewhere_is_named_by_its_path(own_files, command, monkeypatch):
    Path("below").mkdir()
    monkeypatch.chdir("below")
    given = ["--label-column", "class", "--validation", "../tickets.csv", "--seed", "1"]
    status, script, err = command("code", "../tickets.csv", *given, "-o", "mine.py")
    assert status == 0, err
    words = command_in(Path("mine.py").read_text())
    assert words[2] == str(Path("../tickets.csv").resolve())
    assert script.split() == ["mine.py", "mine_train.csv", "mine_test.csv", "mine_validation.csv"]


def test_vectors_lie_beside_the_script(own_files, command):
    given = ["--label-column", "class", "--vectors", "words.vec", "--freeze", "--seed", "1"]
    plugins = ["--plugin", CODE_PLUGIN, "--plugin", PLUGINS[0]]
    for arch, number in (("lstm", 5), ("branches_of_vectors", 5)):
        target = ["-o", f"{arch}.py", "--arch", arch, *plugins]
        status, out, err = command("code", "tickets.csv", *given, *target)
        assert status == 0, err
        text = Path(f"{arch}.py").read_text()
        assert f'np.load(Path(__file__).with_name("{arch}_vectors.npy"))' in text
        assert "trainable=False" in text
        assert "weights=[vectors]" in text
        assert "every number is the same" in " ".join(text.replace("#", " ").split())
        matrix = np.load(f"{arch}_vectors.npy")
        assert (matrix.dtype, matrix.shape) == (np.float32, (10_000, number))
        assert matrix[4:].any()
        assert not matrix[:4].any()
        assert f"{arch}_vectors.npy" in out.split()
    status, out, _ = command("code", "tickets.csv", *given, "--language", "r")
    assert 'vectors <- np$load("tickets_vectors.npy")' in out
    assert "weights = list(vectors)" in out
    rscript(f"invisible(parse(text = {json.dumps(out)}))")


def test_weights_put_in_by_hand_and_frozen_are_refused(command):
    given = ["--plugin", CODE_PLUGIN, "--plugin", PLUGINS[0]]
    status, out, err = command("code", "tiny", "--arch", "set_by_hand", *given)
    assert (status, out) == (1, "")
    assert "weights that training leaves as they are, and a script would draw others" in err


def test_what_a_script_cannot_encode_comes_as_ids(own_files, command):
    given = ["tickets.csv", "--label-column", "class", "--tokenizer", "char", "-o", "x.py"]
    status, _, err = command("code", *given)
    assert status == 0
    assert "note: the script cannot encode raw text: its data are token ids" in err
    ids = [line.split(",")[0] for line in Path("x_train.csv").read_text().splitlines()]
    assert ids[0] == "ids"
    assert all(word.isdecimal() for line in ids[1:] for word in line.split())
    text = Path("x.py").read_text()
    assert "cannot\n# classify raw texts" in text
    assert "--tokenizer char" in " ".join(command_in(text))


def test_weights_of_ones_own_are_refused(tmp_path, command):
    plugin = tmp_path / "weighing.py"
    plugin.write_text(
        "import numpy as np, seqclf\n"
        "@seqclf.dataset('weighed', summary='w', labels=('a', 'b'))\n"
        "def weighed(context):\n"
        "    labels = np.arange(20) % 2\n"
        "    return seqclf.Splits(seqclf.Split(labels, ['x y'] * 20, weights=np.ones(20)))\n"
        "@seqclf.hookimpl\n"
        "def seqclf_datasets():\n"
        "    return [weighed]\n"
    )
    status, out, err = command("code", "weighed", "--plugin", plugin)
    assert (status, out) == (1, "")
    assert "the examples of dataset 'weighed' have weights of their own" in err


@pytest.mark.parametrize("punctuation", ["unicode", "ascii"])
@pytest.mark.parametrize("normalize", ["nfc", "nfkc", "off"])
@pytest.mark.parametrize("lowercase", [True, False])
@settings(max_examples=60)
@given(texts=st.lists(st.text(max_size=30), min_size=1, max_size=8))
@example(
    texts=[
        "“Don’t go”… it’s great👍",
        "soft\u00adhyphen\u200bK \u212a",
        "ΟΔΟΣ J\u030c ﬁ İ",
        "‿a‿b_c",
    ]
)
def test_scripts_split_words_as_the_encoder_does(texts, lowercase, normalize, punctuation):
    from seqclf.code.python_words import splitting
    from seqclf.encoding.splitting import Splitting

    rule = Splitting(lowercase, normalize, punctuation)
    names = {}
    exec("import re, unicodedata\n" + "\n".join(splitting(rule)), names)
    assert [names["split_words"](text) for text in texts] == [rule.words(text) for text in texts]


def test_a_dataset_with_settings_goes_to_standard_output(command):
    given = ["--arch", "gru", "-p", "units=16", "--epochs", "3", "--seed", "1"]
    status, out, err = command("code", "reviews", *given)
    assert status == 0
    assert "seqclf run reviews --arch gru -p units=16 --epochs 3 --seed 1" in out
    assert "layers.GRU(units=16)," in out
    assert "\nSEED = 1\n" in out
    assert "reviews_train.csv" in out
    assert "note: the script reads reviews_train.csv, reviews_test.csv: -o FILE" in err
    assert not list(Path().iterdir())
    compile(out, "script.py", "exec")


def test_without_a_seed_one_is_drawn_and_written(command):
    scripts = [command("code", "tiny", "--plugin", PLUGINS[0])[1] for _ in range(2)]
    seeds = [line for text in scripts for line in text.splitlines() if line.startswith("SEED = ")]
    assert len(set(seeds)) == 2
    assert f"--seed {seeds[0].removeprefix('SEED = ')} " in scripts[0]


def test_json_is_one_document(command):
    status, out, _ = command("code", "reviews", "--json", "--language", "r", "--seed", "1")
    document = json.loads(out)
    assert status == 0
    assert document["language"] == "r"
    assert document["script"].startswith("# What this command does, in R's keras3:\n")
    assert document["files"] == []
    _, out, _ = command("code", "reviews", "--json", "-o", "a.py")
    files = json.loads(out)["files"]
    assert files == ["a.py", "a_train.csv", "a_test.csv"]
    assert Path("a.py").read_text() == json.loads(out)["script"]


def test_imdb_comes_from_keras_itself(command):
    given = ["-d", "maxlen=200", "-d", "oov_char=none", "--skip-top", "3", "--limit", "90"]
    status, out, err = command("code", "imdb", *given)
    assert (status, err) == (0, "")
    assert "load_data(\n    num_words=10000," in out
    assert "maxlen=200" in out
    assert "oov_char=None" in out
    assert "get_word_index()" in out
    compile(out, "script.py", "exec")
    status, out, _ = command("code", "imdb", *given, "--language", "r")
    assert "dataset_imdb(num_words = 10000, skip_top = 3, maxlen = 200, oov_char = NULL)" in out
    rscript(f"invisible(parse(text = {json.dumps(out)}))")


def imdb_case(folder, data, *settings):
    """Train on IMDB data in a folder, and run the script."""
    given = ["--data-dir", data, "--epochs", "2", "--seed", "4", "-p", "units=4", *settings]
    place = ["--out", folder / "runs"]
    arguments = ["run", "imdb", "--name", "films", "-q", "--kernel", "keras", *given, *place]
    assert run_program([str(each) for each in arguments]) == 0
    script = folder / "films.py"
    assert run_program(["code", "films", "-o", str(script), *map(str, place)]) == 0
    result = run_scripts(script)["films"]
    assert result["history"] == read_history(folder / "runs" / "films" / "history.csv").epochs
    return script.read_text()


@pytest.mark.long
@pytest.mark.train
def test_an_imdb_file_of_ones_own_is_read_by_the_script(tmp_path):
    data = tmp_path / "data"
    reviews = [[n % 7 + 1] * (n % 9 + 1) for n in range(40)]
    labels = [n % 2 for n in range(40)]
    npz = write_imdb(data / "imdb.npz", reviews, reviews, labels, labels)
    write_word_index(data / "imdb_word_index.json")
    options = ["-d", "maxlen=9", "-d", "index_from=2", "-d", "seed=1", "--num-words", "8"]
    text = imdb_case(tmp_path, data, *options, "--maxlen", "6")
    assert str(npz) in text
    assert "open none you do not trust" in text


def test_auto_is_settled_by_the_data(tmp_path, command):
    reviews = [[3] * (n + 1) for n in range(40)]
    labels = [n % 2 for n in range(40)]
    write_imdb(tmp_path / "data" / "imdb.npz", reviews, reviews, labels, labels)
    write_word_index(tmp_path / "data" / "imdb_word_index.json")
    options = ["--data-dir", "data", "--maxlen", "auto", "--validation-split", "0"]
    status, out, err = command("code", "imdb", *options)
    assert status == 0, err
    assert "\nMAXLEN = 39  # steps" in out  # 38 of 40 reviews, the start mark included
    assert "--maxlen 39" in " ".join(command_in(out))
    assert "note: maxlen is 39 (auto: it leaves 95 % of the training texts whole" in err


@pytest.mark.long
@pytest.mark.train
@pytest.mark.skipif(not (SHARED / "imdb" / "imdb.npz").is_file(), reason="no IMDB data here")
def test_the_tutorials_reviews_are_read_by_the_script(tmp_path):
    imdb_case(tmp_path, SHARED, "--limit", "200", "--maxlen", "40")


@pytest.mark.train
def test_an_interrupted_run_says_so(whole, command):
    state = json.loads((whole / "run.json").read_text())
    (whole / "run.json").write_text(json.dumps({**state, "status": "interrupted"}))
    _, out, _ = command("code", "whole")
    assert "# That run was interrupted after epoch 1 of 1;" in out


def test_a_run_is_found_by_name_path_and_last_and_comes_before_a_dataset(whole, command):
    texts = {command("code", name)[1] for name in ("whole", "last", "runs/whole", whole)}
    assert len(texts) == 1
    assert "It repeats the run 'whole' of " in texts.pop()
    shutil.copytree(whole, whole.parent / "reviews")
    assert "It repeats the run 'reviews' of " in command("code", "reviews")[1]
    assert command("code", "whole", "--arch", "gru")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["whole", "--arch", "lstm"], 2, "run 'whole' has the architecture 'gru', not 'lstm'"),
        (["whole", "--epochs", "3", "-p", "units=1"], 2, "settings of its own: --epochs, -p"),
        (["hole"], 2, "there is no run or dataset 'hole'; did you mean 'whole'?"),
        (["reviws"], 2, "there is no run or dataset 'reviws'; did you mean 'reviews'?"),
        (["data/other.csv"], 1, "data/other.csv"),
        (["runs/other"], 2, "there is no run folder runs/other"),
        (["reviews", "--arch", "lstn"], 2, "there is no architecture 'lstn'"),
        (["reviews", "--language", "julia"], 2, "--language must be python or r, not 'julia'"),
        (["reviews", "-o", "none/x.py"], 2, "-o none/x.py: there is no folder none"),
        (["reviews", "-o", "runs"], 2, "-o runs is a folder"),
        (["reviews", "--force"], 2, "--force needs -o FILE"),
        (["imdb", "--limit", "1"], 1, "no training examples are left"),
        (["reviews", "--limit", "1"], 1, "no training examples are left"),
        (["reviews", "--epochs", "0"], 2, "--epochs must be a whole number, at least 1"),
    ],
)
def test_a_mistake_is_one_sentence(whole, command, arguments, status, sentence):
    found, out, err = command("code", *arguments)
    assert (found, out) == (status, "")
    assert sentence in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("language", ["python", "r"])
@pytest.mark.parametrize(
    ("arch", "sentence"),
    [
        ("own_layer", "the layer 'Halved' is not Keras' own"),
        ("own_model", "a model of the class Mine has no list of layers to write"),
    ],
)
def test_what_only_the_plugin_has_is_refused_by_name(command, language, arch, sentence):
    given = ["--plugin", PLUGINS[0], "--plugin", CODE_PLUGIN, "--language", language]
    target = {"python": "x.py", "r": "x.R"}[language]
    status, out, err = command("code", "tiny", "--arch", arch, *given, "-o", target)
    assert (status, out) == (1, "")
    assert f"architecture '{arch}' of plugin 'code_plugin'" in err
    assert sentence in err
    assert not list(Path().iterdir())


def test_a_run_whose_plugin_is_missing_or_changed(whole, command):
    copy = whole / "plugins" / "tiny.py"
    copy.write_text(copy.read_text() + "\n")
    status, out, err = command("code", "whole")
    assert (status, out) == (1, "")
    assert "was changed since run 'whole' was made" in err
    copy.unlink()
    status, out, err = command("code", "whole")
    assert (status, out) == (1, "")
    assert "tiny.py is missing" in err


def test_a_missing_plugin_is_named(whole, command):
    config = (whole / "config.toml").read_text()
    (whole / "config.toml").write_text(config.replace('    "plugins/tiny.py",\n', ""))
    status, _, err = command("code", "whole")
    assert status == 3
    assert "run 'whole' needs the dataset 'tiny' from the plugin file" in err


def test_files_are_replaced_only_when_asked(command):
    Path("x_test.csv").write_text("mine")
    status, _, err = command("code", "reviews", "-o", "x.py")
    assert status == 2
    assert "x_test.csv exists already; --force replaces what is there" in err
    assert [path.name for path in Path().iterdir()] == ["x_test.csv"]
    assert Path("x_test.csv").read_text() == "mine"
    status, out, _ = command("code", "reviews", "-o", "x.py", "--force")
    assert (status, out.split()) == (0, ["x.py", "x_train.csv", "x_test.csv"])
    assert Path("x_test.csv").read_text().startswith("text,label\n")


def test_all_files_are_written_or_none(command, monkeypatch):
    def full(self, *_, **__):
        raise OSError(28, "No space left on device")

    open_file = Path.open
    monkeypatch.setattr(
        Path,
        "open",
        lambda self, *a, **k: (full if "csv" in self.name else open_file)(self, *a, **k),
    )
    status, _, err = command("code", "reviews", "-o", "x.py")
    assert status == 1
    assert "the disk is full; choose another place with -o" in err
    assert not list(Path().iterdir())


def test_start_weights_that_cannot_be_repeated_are_told(tmp_path, command):
    plugin = tmp_path / "odd.py"
    plugin.write_text(
        "import seqclf\n"
        "@seqclf.architecture('odd', summary='draws something of its own')\n"
        "def odd(task):\n"
        "    import random, keras\n"
        "    random.random()\n"
        "    return keras.Sequential([keras.layers.Embedding(task.num_words, 2),\n"
        "        keras.layers.GRU(2), keras.layers.Dense(task.units, task.activation)])\n"
        "@seqclf.hookimpl\n"
        "def seqclf_architectures():\n"
        "    return [odd]\n"
    )
    given = ["--plugin", plugin, "--plugin", PLUGINS[0], "--arch", "odd", "--seed", "1"]
    status, out, _ = command("code", "tiny", *given)
    assert status == 0
    assert "other start weights are drawn" in " ".join(out.replace("#", " ").split())
    assert "every number is the same" not in out


def test_the_language_is_told_by_the_suffix(command, tmp_path, monkeypatch):
    monkeypatch.setenv("SEQCLF_LOAD_PLUGINS", "")
    asked = ["code", "tiny", "--plugin", PLUGINS[0], "--seed", "1", "-p", "units=4"]
    assert command(*asked, "-o", tmp_path / "a.R")[0] == 0
    assert "library(keras3)" in (tmp_path / "a.R").read_text()
    status, _, err = command(*asked, "-o", tmp_path / "b.py", "--language", "r")
    assert (status, "--language r does not go with" in err) == (2, True)
    assert not (tmp_path / "b.py").exists()

"""The command line as people use it: streams, exit codes, sentences, JSON."""

import io
import json
import os
import subprocess
import sys

import pytest

from seqclf.cli.program import COMMANDS

FAST = ["--epochs", "1", "--seed", "1", "-p", "units=4"]


@pytest.fixture
def trained(whole):
    return whole.name


def test_help_lists_every_command_with_its_summary(seqclf):
    status, out, _ = seqclf("--help")
    assert status == 0
    for name, (_, summary) in COMMANDS.items():
        assert f"  {name} " in out
        assert summary.split(",")[0] in " ".join(out.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_begins_with_its_summary(seqclf, name):
    status, out, _ = seqclf(name, "--help")
    assert status == 0
    assert out.startswith(f"Usage: seqclf {name}")


def test_the_version(seqclf):
    import seqclf as package

    assert seqclf("--version")[:2] == (0, f"seqclf {package.__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["rum"], "there is no command 'rum'; did you mean 'run'?"),
        (["run"], "DATASET is missing; try seqclf run reviews"),
        (["run", "imbd"], "there is no dataset 'imbd'; did you mean 'imdb'?"),
        (["run", "imdb", "--arch", "lstn"], "there is no architecture 'lstn'; did you mean 'lstm'"),
        (["run", "imdb", "-p", "units=0"], "-p units must be a whole number, at least 1, not '0'"),
        (["run", "imdb", "-p", "unit=3"], "has no option 'unit'; did you mean 'units'?"),
        (["run", "imdb", "-p", "units"], "write -p NAME=VALUE"),
        (["run", "imdb", "-p", "units=1", "-p", "units=2"], "-p units is set twice"),
        (
            ["run", "imdb", "-d", "maxlen=0"],
            "-d maxlen must be a whole number, at least 1, or none",
        ),
        (
            ["run", "imdb", "--maxlen", "-3"],
            "--maxlen must be a whole number, at least 1, or auto, not '-3'",
        ),
        (
            ["run", "imdb", "--validation-split", "1.5"],
            "--validation-split must be a number, from 0",
        ),
        (["run", "imdb", "--epochs", "many"], "--epochs must be a whole number"),
        (["run", "imdb", "--optimizer", "adm"], "did you mean 'adam'?"),
        (["run", "imdb", "--name", "a/b"], "--name 'a/b' cannot be a run's name"),
        (["run", "imdb", "--json", "--jsonl"], "--json and --jsonl exclude each other"),
        (["run", "imdb", "--epoch", "3"], "No such option"),
        (["run", "imdb", "--config", "none.toml"], "there is no configuration file none.toml"),
        (["run", "imdb", "--plugin", "none.py"], "there is no plugin file none.py"),
        (["predict", "last", "x"], "there is no run in runs yet"),
        (["predict", "other", "x"], "there is no run 'other'"),
        (["summary", "lstm", "--dataset", "imbd"], "did you mean 'imdb'?"),
        (["archs", "nothing-like-it"], "there are: bilstm, gru, lstm, simple_rnn, stacked"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(seqclf, arguments, sentence):
    status, out, err = seqclf(*arguments)
    assert status == 2
    assert out == ""
    assert sentence in err
    assert len(err.strip().splitlines()) == 1
    assert not os.path.exists("runs")


def test_mistakes_are_found_before_keras_is_imported():
    code = (
        "import sys; from seqclf.cli.program import run_program;"
        "status = run_program(['run', 'imdb', '-p', 'units=0']);"
        "print(status, [name for name in ('keras', 'tensorflow') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "2 []\n"


@pytest.mark.parametrize("command", ["--version", "--help", "archs", "datasets", "runs", "plugins"])
def test_a_light_command_imports_nothing_heavy(command):
    heavy = [
        "keras",
        "tensorflow",
        "numba",
        "numpy",
        "pooch",
        "requests",
        "docstring_parser",
        "rich",
    ]
    if command in ("--version", "--help"):
        heavy += ["pluggy", "seqclf.contracts", "seqclf.plugins"]
    if command == "--version":
        heavy += ["importlib.metadata"]
    if command == "plugins":
        heavy.remove("numpy")  # it lists the tokenizers, whose modules compute with it
    code = (
        "import sys; from seqclf.cli.program import run_program;"
        f"status = run_program([{command!r}]);"
        f"print([name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stderr.splitlines()[-1] == "[]"


def test_archs_and_datasets_are_one_line_each_off_a_terminal(seqclf):
    _, out, _ = seqclf("archs")
    assert [line.split()[0] for line in out.splitlines()] == [
        "simple_rnn",
        "lstm",
        "gru",
        "stacked",
        "bilstm",
    ]
    _, out, _ = seqclf("datasets")
    assert [line.split()[0] for line in out.splitlines()] == ["file", "imdb", "reviews"]
    assert "synthetic" in out.lower()


def test_one_architecture_shows_its_options(seqclf):
    status, out, _ = seqclf("archs", "stacked")
    assert status == 0
    for word in ("layers", "cell", "simple_rnn, lstm, gru", "dropout_between", "at least 1"):
        assert word in out
    _, out, _ = seqclf("archs", "stacked", "--json")
    options = {option["name"]: option for option in json.loads(out)["options"]}
    assert options["layers"]["default"] == 4
    assert all(option["help"] for option in options.values())


def test_one_dataset_shows_its_options_and_origin(seqclf):
    _, out, _ = seqclf("datasets", "imdb", "--json")
    shown = json.loads(out)
    assert shown["labels"] == ["negative", "positive"]
    assert {option["name"] for option in shown["options"]} >= {"maxlen", "index_from", "oov_char"}
    assert all(option["help"] for option in shown["options"])


@pytest.mark.train
class TestRun:
    def test_results_are_on_stdout_progress_on_stderr_one_line_an_epoch(self, seqclf, tiny):
        status, out, err = seqclf(
            "run", "tiny", "--plugin", tiny, "--arch", "gru", "--epochs", "3", "--seed", "1"
        )
        assert status == 0
        assert "accuracy" in out
        assert "confusion" in out or "predicted" in out
        epochs = [line for line in err.splitlines() if line.startswith("epoch ")]
        assert len(epochs) == 3
        assert "\x1b" not in out + err
        assert "\r" not in err
        assert "WARNING" not in err
        assert "UserWarning" not in err

    def test_json_is_one_document(self, seqclf, tiny):
        status, out, _ = seqclf(
            "run", "tiny", "--plugin", tiny, "--arch", "gru", "--name", "one", "--json", *FAST
        )
        assert status == 0
        shown = json.loads(out)
        assert shown["run"] == "one"
        assert shown["seed"] == 1
        assert shown["test"]["examples"] == 100
        assert len(shown["history"]["val_loss"]) == 1

    def test_jsonl_is_an_event_a_line(self, seqclf, tiny):
        _, out, _ = seqclf("run", "tiny", "--plugin", tiny, "--arch", "gru", "--jsonl", *FAST)
        events = [json.loads(line)["event"] for line in out.splitlines()]
        assert events[0] == "planned"
        assert events[-1] == "saved"
        assert "batch_ended" not in events

    def test_quiet_says_nothing_on_stderr(self, seqclf, tiny):
        status, out, err = seqclf(
            "run", "tiny", "--plugin", tiny, "--arch", "gru", "--quiet", *FAST
        )
        assert (status, err) == (0, "")
        assert "accuracy" in out

    def test_the_environment_and_a_file_set_what_flags_do_not(self, seqclf, tiny, monkeypatch):
        with open("mine.toml", "w") as file:
            file.write(f'dataset = "tiny"\narch = "gru"\nplugins = ["{tiny}"]\nepochs = 3\n')
        monkeypatch.setenv("SEQCLF_EPOCHS", "2")
        _, out, _ = seqclf("run", "--config", "mine.toml", "--json", "--batch-size", "50")
        assert json.loads(out)["epochs"] == 2

    def test_what_a_hook_prints_does_not_mix_with_results(self, seqclf, tiny, tmp_path):
        (tmp_path / "talks.py").write_text(
            "import seqclf\n\n@seqclf.hookimpl\ndef seqclf_run_start(run):\n    print('hello')\n"
        )
        arguments = ["--plugin", tiny, "--plugin", "talks.py", "--arch", "gru", "--json", *FAST]
        status, out, err = seqclf("run", "tiny", *arguments)
        assert (status, json.loads(out)["dataset"]) == (0, "tiny")
        assert "hello" in err

    def test_two_plugin_files_of_one_name_are_refused(self, seqclf, tiny, tmp_path):
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "tiny.py").write_text("x = 1")
        status, _, err = seqclf("run", "tiny", "--plugin", tiny, "--plugin", "a/tiny.py")
        assert status == 2
        assert "two plugin files are called tiny.py; rename one of them" in err

    def test_a_taken_name_is_refused_before_training(self, seqclf, tiny, trained):
        status, _, err = seqclf("run", "tiny", "--plugin", tiny, "--name", trained)
        assert status == 2
        assert "there is already a run" in err

    def test_two_runs_at_once_have_names_of_their_own(self, seqclf, tiny):
        for _ in range(2):
            seqclf("run", "tiny", "--plugin", tiny, "--arch", "gru", "--quiet", *FAST)
        assert len(os.listdir("runs")) == 2

    def test_out_is_where_the_run_lies(self, seqclf, tiny):
        seqclf("run", "tiny", "--plugin", tiny, "--out", "a/b", "--name", "x", "--quiet", *FAST)
        assert os.path.isfile("a/b/x/model.keras")
        assert seqclf("predict", "x", "apple", "--out", "a/b")[0] == 0
        assert seqclf("predict", "a/b/x", "apple")[0] == 0

    def test_runs_lists_it(self, seqclf, trained):
        _, out, _ = seqclf("runs")
        assert out.split()[:4] == [trained, "complete", "tiny", "gru"]
        _, out, _ = seqclf("runs", "--json")
        assert json.loads(out)[0]["test_accuracy"] is not None

    def test_evaluate_gives_the_same_report(self, seqclf, trained):
        _, out, _ = seqclf("evaluate", trained, "--json")
        with open(f"runs/{trained}/metrics.json") as file:
            stored = json.load(file)["test"]
        assert json.loads(out)["accuracy"] == pytest.approx(stored["accuracy"])
        _, out, _ = seqclf("evaluate", trained, "--split", "validation", "--json")
        assert json.loads(out)["examples"] == 40

    def test_summary_needs_no_data(self, seqclf, monkeypatch):
        monkeypatch.setenv("SEQCLF_DATA_DIR", "/nowhere")
        status, out, _ = seqclf("summary", "lstm", "--json")
        assert status == 0
        assert json.loads(out)["parameters"] == 328_353
        _, out, _ = seqclf("summary", "lstm")
        assert "328,353" in out
        assert "(None, 500, 32)" in out
        _, out, _ = seqclf("summary", "gru", "-p", "units=4", "--num-words", "50", "--json")
        assert json.loads(out)["layers"][0]["parameters"] == 1600

    def test_info_names_versions_and_folders(self, seqclf):
        status, out, _ = seqclf("info", "--json")
        shown = json.loads(out)
        assert status == 0
        assert shown["backend"] == "tensorflow"
        assert shown["devices"]
        assert shown["runs"] == os.path.abspath("runs")


@pytest.mark.train
class TestPredict:
    def test_one_result_a_text_in_order_empty_ones_too(self, seqclf, trained):
        texts = ["apple red", "", "zzz \t tab", "bread"]
        status, out, _ = seqclf("predict", trained, *texts)
        rows = [line.split("\t") for line in out.splitlines()]
        assert status == 0
        assert len(rows) == 4
        assert all(row[0] in ("no", "yes") and 0 <= float(row[1]) <= 1 for row in rows)
        assert rows[0][2] == "apple red"
        assert rows[2][2] == "zzz \\t tab"

    def test_json_and_jsonl(self, seqclf, trained):
        _, out, _ = seqclf("predict", trained, "apple", "", "--json")
        shown = json.loads(out)
        assert [item["text"] for item in shown["predictions"]] == ["apple", ""]
        _, out, _ = seqclf("predict", trained, "apple", "", "--jsonl")
        assert [json.loads(line)["text"] for line in out.splitlines()] == ["apple", ""]
        _, out, _ = seqclf("predict", trained, "apple", "--json", "--top-k", "1")
        (item,) = json.loads(out)["predictions"]
        assert list(item["probabilities"]) == item["labels"]

    def test_no_text_is_still_one_document(self, seqclf, trained):
        open("empty.txt", "w").close()
        status, out, _ = seqclf("predict", trained, "--file", "empty.txt", "--json")
        assert (status, json.loads(out)["predictions"]) == (0, [])

    def test_a_file_gives_a_result_a_line(self, seqclf, trained):
        with open("in.txt", "wb") as file:
            file.write(b"\xef\xbb\xbfapple\r\n\nlast without end")
        _, out, _ = seqclf("predict", trained, "--file", "in.txt", "--jsonl")
        texts = [json.loads(line)["text"] for line in out.splitlines()]
        assert texts == ["apple", "", "last without end"]

    @pytest.mark.parametrize("arguments", [[], ["--file", "-"]])
    def test_standard_input_gives_a_result_a_line(self, seqclf, trained, monkeypatch, arguments):
        stdin = io.TextIOWrapper(io.BytesIO("eins\nzwei äöü\n".encode()))
        monkeypatch.setattr(sys, "stdin", stdin)
        _, out, _ = seqclf("predict", trained, "--jsonl", *arguments)
        assert [json.loads(line)["text"] for line in out.splitlines()] == ["eins", "zwei äöü"]

    @pytest.mark.parametrize(
        ("arguments", "status", "sentence"),
        [
            (["--file", "none.txt"], 1, "there is no file none.txt"),
            (["--file", "."], 1, "runs has no text file"),
            (["--file", "bad.txt"], 1, "bad.txt line 2 is not UTF-8: byte 0xff at byte offset 7"),
            (["x", "--file", "bad.txt"], 2, "texts and --file exclude each other"),
            (["x", "--threshold", "7"], 2, "7.0 is not in the range"),
            (["x", "--top-k", "0"], 2, "0 is not in the range"),
        ],
    )
    def test_what_cannot_be_read_is_one_sentence(
        self, seqclf, trained, arguments, status, sentence
    ):
        with open("bad.txt", "wb") as file:
            file.write(b"fine\nab\xff\n")
        found, _, err = seqclf("predict", trained, *arguments)
        assert found == status
        assert sentence in err

    def test_the_chosen_class_leads_whatever_its_probability(self, seqclf, trained):
        _, out, _ = seqclf("predict", trained, "apple", "--threshold", "0.01", "--top-k", "2")
        assert out.split("\t")[0] == "yes"
        arguments = ["--threshold", "0.01", "--top-k", "1", "--json"]
        _, out, _ = seqclf("predict", trained, "apple", *arguments)
        (item,) = json.loads(out)["predictions"]
        assert item["labels"] == list(item["probabilities"]) == ["yes"]

    def test_a_dash_is_standard_input(self, seqclf, trained, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"one\ntwo\n")))
        _, out, _ = seqclf("predict", trained, "-", "--jsonl")
        assert [json.loads(line)["text"] for line in out.splitlines()] == ["one", "two"]

    def test_a_stream_is_answered_as_it_comes(self, trained):
        with subprocess.Popen(
            [sys.executable, "-m", "seqclf", "predict", trained, "--jsonl"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            for text in ("first", "second"):
                process.stdin.write(text + "\n")
                process.stdin.flush()
                assert json.loads(process.stdout.readline())["text"] == text
            process.stdin.close()
        assert process.returncode == 0

    def test_a_reader_that_leaves_is_no_fault(self, trained):
        command = f"yes apple | {sys.executable} -m seqclf predict {trained} | head -n 2"
        found = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
        assert len(found.stdout.splitlines()) == 2
        assert found.stderr == ""

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
    def test_a_full_disk_behind_stdout_is_one_sentence(self, trained):
        with open("/dev/full", "w") as full:
            found = subprocess.run(
                [sys.executable, "-m", "seqclf", "predict", trained, "apple"],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert found.returncode == 1
        assert "No space left on device" in found.stderr
        assert "Traceback" not in found.stderr


def completions(words, **environ):
    found = subprocess.run(
        [sys.executable, "-m", "seqclf"],
        env={
            **os.environ,
            **environ,
            "_SEQCLF_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split(" ")) - 1),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Error" not in found.stderr
    lines = [line.partition(",") for line in found.stdout.splitlines() if line]
    return [value if kind == "plain" else f"{kind}:{value}" for kind, _, value in lines]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("seqclf ru", ["run", "runs"]),
        ("seqclf run im", ["imdb", "file:im"]),
        ("seqclf run imdb --arch l", ["lstm"]),
        ("seqclf run imdb --arch stacked -p dropout_", ["dropout_between="]),
        ("seqclf run imdb -d max", ["maxlen="]),
        ("seqclf archs bi", ["bilstm"]),
        ("seqclf predict la", ["last"]),
        ("seqclf archs zzz", []),
    ],
)
def test_names_complete(words, expected):
    assert completions(words) == expected


def test_completion_is_silent_where_there_is_an_error():
    assert completions("seqclf archs bi", SEQCLF_STRICT_PLUGINS="1") == ["bilstm"]
    assert completions("seqclf run nothing -d x") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_is_the_shells(seqclf, shell):
    status, out, _ = seqclf("completion", shell)
    assert status == 0
    assert f"_SEQCLF_COMPLETE={shell}_complete" in out

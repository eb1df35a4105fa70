"""What can happen to a run from outside: Ctrl-C, kill, a full disk."""

import json
import os
import resource
import signal
import subprocess
import sys
import threading

import pytest

pytestmark = pytest.mark.train

LONG = ["--epochs", "2000", "--seed", "1", "-p", "units=4", "--name", "long"]


def start(tiny, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "seqclf", "run", "tiny", "--plugin", tiny, *LONG, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def read_until(process, beginning):
    seen = []
    for line in process.stderr:
        seen.append(line)
        if line.startswith(beginning):
            return
    raise AssertionError("".join(seen))


def finish(process):
    out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    return process.returncode, out, err


def test_ctrl_c_keeps_the_finished_epochs_and_ends_with_130(tiny):
    process = start(tiny)
    read_until(process, "epoch 2/")
    process.send_signal(signal.SIGINT)
    status, out, err = finish(process)
    assert status == 130, err
    assert out == ""
    assert "epochs are kept in runs/long" in err.splitlines()[-1]
    with open("runs/long/run.json") as file:
        assert json.load(file)["status"] == "interrupted"
    predicted = subprocess.run(
        [sys.executable, "-m", "seqclf", "predict", "last", "apple"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert predicted.stdout.split("\t")[2] == "apple\n"


def test_ctrl_c_during_the_test_evaluation_keeps_all_epochs(tiny, monkeypatch):
    import seqclf
    from seqclf import job
    from seqclf.errors import InterruptedRunError

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(job, "_judge", interrupt)
    with pytest.raises(InterruptedRunError, match="2 of 2 epochs are kept in runs/late"):
        seqclf.run("tiny", arch="gru", plugins=[tiny], epochs=2, name="late")
    run = seqclf.load_run("late")
    assert run.state["status"] == "interrupted"
    assert len(run.history.epochs) == 2
    assert run.report is None


def test_a_second_ctrl_c_stops_at_once_and_keeps_finished_epochs(tiny):
    import seqclf
    from seqclf.errors import InterruptedRunError
    from seqclf.events import BatchEnded

    def interrupt(event):
        if isinstance(event, BatchEnded) and event.epoch == 2:
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(InterruptedRunError, match="1 of 5 epochs are kept"):
        seqclf.run(
            "tiny", arch="gru", plugins=[tiny], epochs=5, name="twice", listeners=[interrupt]
        )
    assert seqclf.load_run("twice").predict(["apple"])


def test_ctrl_c_before_an_epoch_is_finished_leaves_nothing(tiny):
    process = start(tiny, "--batch-size", "1", "-d", "count=20000")
    read_until(process, "training:")
    process.send_signal(signal.SIGINT)
    status, _, err = finish(process)
    assert status == 130, err
    assert "nothing was kept" in err.splitlines()[-1]
    assert os.listdir("runs") == []


def test_ctrl_c_before_training_leaves_nothing(tiny):
    process = start(tiny)
    read_until(process, "loading Keras")
    process.send_signal(signal.SIGINT)
    status, _, err = finish(process)
    assert status == 130, err
    assert "interrupted" in err.splitlines()[-1]
    assert not os.path.exists("runs/long/model.keras")


def test_a_killed_run_is_not_taken_for_whole(tiny):
    process = start(tiny)
    read_until(process, "epoch 2/")
    process.kill()
    process.communicate()
    shown = subprocess.run(
        [sys.executable, "-m", "seqclf", "runs", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    (run,) = json.loads(shown.stdout)
    assert run["status"] == "broken off"
    predicted = subprocess.run(
        [sys.executable, "-m", "seqclf", "predict", "long", "apple"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert predicted.returncode == 1
    assert "is not whole: it is broken off" in predicted.stderr


@pytest.mark.parametrize("limit", [100, 2_000, 20_000])
def test_a_disk_that_fills_is_one_sentence_and_leaves_nothing(tiny, limit):
    """A file-size limit fails writes as a full disk does: the first, a middle or the last file."""
    process = start(
        tiny,
        "--epochs",
        "1",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    status, _, err = finish(process)
    assert status == 1
    assert "cannot be written" in err.splitlines()[-1]
    assert not os.path.exists("runs/long")


def test_a_folder_that_cannot_be_made_is_one_sentence(tiny):
    with open("file", "w"):
        pass
    process = start(tiny, "--epochs", "1", "--out", "file/runs")
    status, _, err = finish(process)
    assert status == 1
    assert "cannot be written: Not a directory" in err.splitlines()[-1]


def test_training_from_another_thread_needs_no_signals(tiny):
    import seqclf

    found = []
    thread = threading.Thread(
        target=lambda: found.append(
            seqclf.run("tiny", arch="gru", plugins=[tiny], epochs=1, params={"units": 4})
        )
    )
    thread.start()
    thread.join()
    assert found[0].state["status"] == "complete"

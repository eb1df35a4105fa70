"""`seqclf summary`: what needs no data, and what it cannot say without them."""

import json

import pytest

from seqclf.cli.program import run_program

LENGTHS = ("auto", "500")


@pytest.fixture
def summary(capsys):
    """Run the command; give its status, standard output and standard error."""

    def run(*arguments):
        status = run_program(["summary", *arguments])
        return (status, *capsys.readouterr())

    return run


@pytest.mark.parametrize("dataset", ["tickets.csv", "./tickets", "file"])
def test_a_file_is_not_read(summary, dataset):
    status, out, err = summary("lstm", "--dataset", dataset)
    assert (status, out) == (2, "")
    assert f"--dataset {dataset}: only the file itself knows its classes" in err
    assert len(err.strip().splitlines()) == 1


def test_a_length_that_only_texts_know_changes_no_count(summary):
    shown = [summary("lstm", "--dataset", "reviews", "--maxlen", n, "--json") for n in LENGTHS]
    counts = {json.loads(out)["parameters"] for _, out, _ in shown}
    assert [status for status, _, _ in shown] == [0, 0]
    assert len(counts) == 1

"""The report, against arithmetic done by hand."""

import math

import numpy as np
import pytest

from seqclf.evaluation.report import choose, make_report, wilson_interval


def test_two_classes_by_hand():
    second = np.array([0.9, 0.8, 0.3, 0.6, 0.5])
    probabilities = np.stack([1 - second, second], axis=1)
    report = make_report("test", probabilities, np.array([1, 1, 1, 0, 0]), ("no", "yes"), "binary")
    assert report.accuracy == pytest.approx(3 / 5)
    assert report.confusion == ((1, 1), (1, 2))
    yes = report.classes[1]
    assert (yes.precision, yes.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert yes.f1 == pytest.approx(2 / 3)
    assert yes.support == 3
    loss = -(math.log(0.9) + math.log(0.8) + math.log(0.3) + math.log(0.4) + math.log(0.5)) / 5
    assert report.loss == pytest.approx(loss)


def test_three_classes_by_hand():
    probabilities = np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7], [0.4, 0.5, 0.1]])
    report = make_report("test", probabilities, np.array([0, 2, 2]), ("a", "b", "c"), "multiclass")
    assert report.accuracy == pytest.approx(2 / 3)
    assert report.confusion == ((1, 0, 0), (0, 0, 0), (0, 1, 1))
    assert report.classes[1].precision == 0.0
    assert report.classes[1].f1 == 0.0
    assert report.classes[2].recall == pytest.approx(0.5)


def test_multilabel_counts_answers_and_has_no_matrix():
    probabilities = np.array([[0.9, 0.6], [0.2, 0.7]])
    report = make_report(
        "test", probabilities, np.array([[1, 0], [0, 1]]), ("a", "b"), "multilabel"
    )
    assert report.accuracy == pytest.approx(3 / 4)
    assert report.confusion == ()
    loss = -(math.log(0.9) + math.log(0.4) + math.log(0.8) + math.log(0.7)) / 4
    assert report.loss == pytest.approx(loss)


def test_exactly_one_half_is_the_first_class_as_in_keras():
    assert choose(np.array([[0.5, 0.5], [0.4, 0.6]]), "binary").tolist() == [0, 1]


def test_a_sure_and_wrong_answer_has_a_finite_loss():
    report = make_report("test", np.array([[1.0, 0.0]]), np.array([1]), ("a", "b"), "binary")
    assert report.loss == pytest.approx(-math.log(1e-7))


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    # Newcombe (1998), table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_that_of_the_literature(right, count, low, high):
    found = wilson_interval(right / count, count)
    assert found == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))

"""From probabilities and true labels to a report."""

from __future__ import annotations

import math

import numpy as np

from seqclf.contracts import ClassReport, Kind, Report

EPSILON = 1e-7
"""Probabilities are kept this far from 0 and 1 in the loss, as Keras does."""


def make_report(
    split: str, probabilities: np.ndarray, truth: np.ndarray, labels: tuple[str, ...], kind: Kind
) -> Report:
    """Compare predictions with the truth.

    Args:
        split: what the examples are called: "test".
        probabilities: shape (examples, classes).
        truth: class numbers, shape (examples,); multilabel: zeros and ones,
            shape (examples, classes).
        labels: the class names in order.
        kind: binary, multiclass or multilabel.

    Returns:
        Accuracy with its 95 % Wilson interval, loss, precision, recall and F1
        a class, and the confusion matrix. A share of nothing is 0. For
        multilabel the interval counts examples, not answers, since the answers
        of one example are not independent.

    Example:
        >>> report = make_report("test", np.array([[.9, .1], [.4, .6]]), np.array([0, 0]),
        ...                      ("negative", "positive"), "binary")
        >>> report.accuracy, report.confusion
        (0.5, ((1, 1), (0, 0)))
    """
    truth = np.asarray(truth)
    if kind == "multilabel":
        # Keras' threshold: a probability of exactly one half says no.
        chosen = (probabilities > 0.5).astype(np.int64)
        actual = truth.astype(np.int64)
        right = float((chosen == actual).mean())
        confusion: tuple[tuple[int, ...], ...] = ()
    else:
        numbers = choose(probabilities, kind)
        chosen, actual = (np.eye(len(labels), dtype=np.int64)[n] for n in (numbers, truth))
        right = float((numbers == truth).mean())
        confusion = tuple(map(tuple, (actual.T @ chosen).tolist()))
    return Report(
        split,
        len(truth),
        _loss(probabilities, truth, kind),
        right,
        wilson_interval(right, len(truth)),
        tuple(_class_report(label, chosen[:, i], actual[:, i]) for i, label in enumerate(labels)),
        confusion,
    )


def choose(probabilities: np.ndarray, kind: Kind, threshold: float = 0.5) -> np.ndarray:
    """Give the chosen class number of each example.

    For two classes the second is chosen where its probability is above the
    threshold (Keras' rule: exactly one half is the first class); else the most
    probable class is.
    """
    if kind == "binary":
        return (probabilities[:, 1] > threshold).astype(np.int64)
    return probabilities.argmax(axis=1)


def _loss(probabilities: np.ndarray, truth: np.ndarray, kind: Kind) -> float:
    kept = np.clip(probabilities, EPSILON, 1 - EPSILON)
    if kind == "multilabel":
        return float(-(truth * np.log(kept) + (1 - truth) * np.log(1 - kept)).mean())
    return float(-np.log(kept[np.arange(len(truth)), truth]).mean())


def _class_report(label: str, chosen: np.ndarray, actual: np.ndarray) -> ClassReport:
    hits = int((chosen & actual).sum())
    precision = hits / max(1, int(chosen.sum()))
    recall = hits / max(1, int(actual.sum()))
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return ClassReport(label, precision, recall, f1, int(actual.sum()))


def wilson_interval(share: float, count: int) -> tuple[float, float]:
    """Give the 95 % interval of a share seen in `count` trials.

    Source:
        Wilson (1927), Probable inference, the law of succession, and
        statistical inference.

    Example:
        >>> low, high = wilson_interval(0.87, 25000)
        >>> round(low, 4), round(high, 4)
        (0.8658, 0.8741)
    """
    if count == 0:
        return 0.0, 1.0
    z = 1.959963984540054
    centre = share + z * z / (2 * count)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)

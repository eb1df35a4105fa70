"""Rows, classes and their balance."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqclf.contracts import Split
from seqclf.inspection.data import Data
from seqclf.inspection.findings import SPLITS, Finding, counted, listed, percent, share
from seqclf.inspection.shown import quoted

FEW = 10
"""A class with fewer training examples can hardly be learned."""

DOMINATING = 0.8
"""A class with this share of the training examples is right too often by itself."""


def rows(data: Data) -> Finding:
    """Count the examples of each split."""
    figures = {name: len(data.splits.get(name, ())) for name in SPLITS}
    told = [f"{figures['train']:,} training"]
    if figures["validation"]:
        held = " (held out of the training examples)" if data.held_out else ""
        told.append(f"{figures['validation']:,} validation{held}")
    told.append(f"{figures['test']:,} test" if figures["test"] else "no test split")
    return Finding("rows", "ok", ", ".join(told), figures)


def classes(data: Data) -> Finding:
    """Tell the order of the classes and their counts; one that is not in training is wrong."""
    counts = {name: _counts(split, len(data.labels)) for name, split in data.splits.items()}
    figures: dict[str, Any] = {
        name: dict(zip(data.labels, map(int, each), strict=True)) for name, each in counts.items()
    }
    told = [
        f"{quoted(label)} {count:,} ({percent(share(count, len(data.train)))})"
        for label, count in _largest_first(data, counts["train"])
    ]
    figures["order"] = list(data.labels)
    sentence = (
        f"{counted(len(data.labels), 'class', 'classes')} in this order: "
        f"{listed(map(quoted, data.labels))}; in training {listed(told)}"
    )
    if data.kind == "multilabel":
        without = {name: int((~split.labels.any(axis=1)).sum()) for name, split in _named(data)}
        figures["without a label"] = without
        if any(without.values()):
            sentence += f"; {sum(without.values()):,} examples have no label"
    missing = _absent(data, counts["train"])
    if missing:
        return Finding(
            "classes",
            "wrong",
            f"{sentence}; no training example is {listed(missing)}",
            figures,
            advice="add examples of it, leave the class out, or split otherwise",
        )
    unjudged = _absent(data, counts["test"]) if "test" in counts else []
    if unjudged:
        return Finding(
            "classes",
            "look",
            f"{sentence}; no test example is {listed(unjudged)}",
            figures,
            advice="the test says nothing about that class",
        )
    return Finding("classes", "ok", sentence, figures)


def few_examples(data: Data) -> Finding:
    """Find classes with few training examples."""
    counts = _counts(data.train, len(data.labels))
    few = {
        label: int(count)
        for label, count in zip(data.labels, counts, strict=True)
        if 0 < count < FEW
    }
    figures = {"fewer than": FEW, "classes": few, "fewest": int(counts.min())}
    if not few:
        sentence = f"every class that is there has {FEW} training examples or more"
        return Finding("few examples", "ok", sentence, figures)
    told = listed(f"{quoted(label)} ({count})" for label, count in few.items())
    sentence = f"{counted(len(few), 'class has', 'classes have')} fewer than {FEW} training "
    return Finding(
        "few examples",
        "look",
        f"{sentence}examples: {told}",
        figures,
        advice="add examples, or join classes that are alike",
    )


def balance(data: Data) -> Finding:
    """Find a class that dominates: always naming it would already be right mostly."""
    counts = _counts(data.train, len(data.labels))
    largest, smallest = int(counts.argmax()), int(counts.argmin())
    most = share(int(counts[largest]), len(data.train))
    figures = {
        "largest": data.labels[largest],
        "largest share": most,
        "smallest": data.labels[smallest],
        "smallest share": share(int(counts[smallest]), len(data.train)),
    }
    name = quoted(data.labels[largest])
    sentence = f"the largest class, {name}, is {percent(most)} of the training examples"
    if most < DOMINATING:
        return Finding("balance", "ok", sentence, figures)
    return Finding(
        "balance",
        "look",
        f"{sentence}: always saying {name} would be right that often",
        figures,
        advice="compare an accuracy with that; --class-weight balanced counts rare classes more",
    )


def _counts(split: Split, classes: int) -> np.ndarray:
    """Count the examples of each class; shape (classes,), int64."""
    labels = np.asarray(split.labels)
    if labels.ndim > 1:
        return labels.sum(axis=0, dtype=np.int64)
    return np.bincount(labels.astype(np.int64), minlength=classes)


def _named(data: Data) -> list[tuple[str, Split]]:
    return list(data.splits.items())


def _absent(data: Data, counts: np.ndarray) -> list[str]:
    return [quoted(label) for label, count in zip(data.labels, counts, strict=True) if count == 0]


def _largest_first(data: Data, counts: np.ndarray) -> list[tuple[str, int]]:
    order = np.argsort(-counts, kind="stable")
    return [(data.labels[number], int(counts[number])) for number in order]

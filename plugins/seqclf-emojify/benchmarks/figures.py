"""The README's table: what word vectors are worth, on the bundled sentences and the exercise's.

    python benchmarks/figures.py --vectors FILE [--exercise DIR] [--seed 1]

Prints a Markdown table: test accuracy with its 95 % interval. Bundled sentences: the
dataset's settings. The exercise's files, which are few: all 132 are trained on for 50
epochs, as the exercise does. "linear" is scikit-learn's logistic regression on the mean
of a sentence's vectors. Takes about five minutes on two cores.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import seqclf

ALL_OF_IT: dict[str, Any] = {"validation_split": 0.0, "epochs": 50, "keep": "last"}
NUM_WORDS = 60_000
"""Room for the vectors' words; larger files need more."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--vectors", required=True, help="a file of word vectors")
    parser.add_argument("--exercise", help="folder with the exercise's train.csv and test.csv")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print("| sentences | vectors | test accuracy | 95 % interval |")
    print("| --- | --- | ---: | --- |", flush=True)
    for name, data, settings in (
        ("bundled", {}, {}),
        ("exercise", {"folder": arguments.exercise}, ALL_OF_IT),
    ):
        if name == "exercise" and arguments.exercise is None:
            continue
        given = {"vectors": arguments.vectors}
        more = {**data, "vocabulary": arguments.vectors}
        wide = {**settings, "num_words": NUM_WORDS}
        row(name, "trained from nothing", trained(data, {}, settings, arguments.seed))
        row(name, "pretrained, training words", trained(data, given, settings, arguments.seed))
        row(name, "pretrained, all words", trained(more, given, wide, arguments.seed))
        row(name, "linear, pretrained, all words", linear(data, arguments.vectors))


def row(sentences: str, vectors: str, found: tuple[float, tuple[float, float]]) -> None:
    accuracy, (low, high) = found
    print(f"| {sentences} | {vectors} | {accuracy:.3f} | {low:.3f} to {high:.3f} |", flush=True)


def trained(
    data: Mapping[str, Any], params: Mapping[str, Any], settings: Mapping[str, Any], seed: int
) -> tuple[float, tuple[float, float]]:
    """Train the network and give its test accuracy with the interval."""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        run = seqclf.run(
            "emojify",
            arch="emojify",
            seed=seed,
            out=folder,
            dataset_options=data,
            params=params,
            listeners=[lambda event: None],
            **settings,
        )
    assert run.report is not None
    return run.report.accuracy, run.report.interval


def linear(data: Mapping[str, Any], vectors: str) -> tuple[float, tuple[float, float]]:
    """Fit a logistic regression to mean vectors and give its test accuracy likewise."""
    import numpy as np
    from seqclf.encoding.vectors import read_vectors
    from seqclf.encoding.words import split_words
    from seqclf.evaluation.report import wilson_interval
    from sklearn.linear_model import LogisticRegression

    from seqclf_emojify.dataset import emojify

    splits = emojify.load(seqclf.LoadContext(Path()), **data)
    assert splits.test is not None
    parts = [
        [split_words(text) for text in part.texts or ()] for part in (splits.train, splits.test)
    ]
    words = ["", *dict.fromkeys(word for part in parts for text in part for word in text)]
    rows = dict(zip(words, read_vectors(Path(vectors), words).matrix, strict=True))
    train, test = (
        np.array([np.mean([rows[word] for word in text], 0) for text in part]) for part in parts
    )
    model = LogisticRegression(max_iter=5000).fit(train, splits.train.labels)
    share = float((model.predict(test) == splits.test.labels).mean())
    return share, wilson_interval(share, len(test))


if __name__ == "__main__":
    main()

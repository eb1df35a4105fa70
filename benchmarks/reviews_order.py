"""Show that the bundled `reviews` need word order: a bag of words against a network.

The bag of words is scikit-learn's logistic regression on how often each word
occurs, or whether it does, at several strengths of regularisation. Two figures
are told: the one that cross-validation on the training reviews would choose,
and the best on the test reviews, picked with hindsight.

    python benchmarks/reviews_order.py --seed 1
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from seqclf.contracts import LoadContext, Split
from seqclf.datasets.reviews import TEST, reviews
from seqclf.encoding.words import split_words
from seqclf.evaluation.report import wilson_interval

MOST_FOR_WORDS = 0.75
LEAST_FOR_NETWORK = 0.95
STRENGTHS = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both accuracies; give 1 if either misses its bar."""
    options = _parse(arguments)
    if not _has_scikit_learn():
        print("scikit-learn is needed: pip install 'seqclf[benchmarks]'", file=sys.stderr)
        return 1
    chosen, best = _timed("bag of words", bags_of_words)
    _tell("bag of words, chosen by cross-validation", chosen)
    _tell("bag of words, best on the test reviews", best)
    accuracy = _timed(options.arch, lambda: network(options.arch, options.seed))
    _tell(f"{options.arch}, seed {options.seed}", accuracy)
    passed = best <= MOST_FOR_WORDS and accuracy > LEAST_FOR_NETWORK
    print(
        f"{'passed' if passed else 'FAILED'}: the bag of words may reach {MOST_FOR_WORDS} "
        f"at most, the network must exceed {LEAST_FOR_NETWORK}"
    )
    return 0 if passed else 1


def bags_of_words() -> tuple[float, float]:
    """Give the test accuracies of the logistic regression: chosen in advance, and at best."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score
    from sklearn.pipeline import make_pipeline

    train, test = _splits()
    judged = []
    for words, strength in product((split_words, _distinct_words), STRENGTHS):
        model = make_pipeline(
            CountVectorizer(analyzer=words), LogisticRegression(C=strength, max_iter=5000)
        )
        validated = cross_val_score(model, train.texts, train.labels, cv=5).mean()
        model.fit(train.texts, train.labels)
        judged.append((float(validated), float(model.score(test.texts, test.labels))))
    return max(judged)[1], max(accuracy for _, accuracy in judged)


def network(arch: str, seed: int) -> float:
    """Train a network with the settings the dataset brings and give its test accuracy."""
    import seqclf

    with tempfile.TemporaryDirectory() as folder:
        run = seqclf.run("reviews", arch=arch, seed=seed, out=folder)
        report = run.report
    assert report is not None
    return float(report.accuracy)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--arch", default="lstm", help="the network (default: lstm)")
    parser.add_argument("--seed", type=int, default=1, help="its seed (default: 1)")
    return parser.parse_args(arguments)


def _has_scikit_learn() -> bool:
    from importlib.util import find_spec

    return find_spec("sklearn") is not None


def _splits() -> tuple[Split, Split]:
    splits = reviews.load(LoadContext(Path()))
    assert splits.test is not None
    return splits.train, splits.test


def _distinct_words(text: str) -> list[str]:
    return sorted(set(split_words(text)))


def _timed(what: str, work: Callable[[], Any]) -> Any:
    start = time.perf_counter()
    result = work()
    print(f"{what}: {time.perf_counter() - start:.0f} s")
    return result


def _tell(what: str, accuracy: float) -> None:
    low, high = wilson_interval(accuracy, TEST)
    print(f"{what}: {accuracy:.3f} on the test reviews (95 % interval {low:.3f} to {high:.3f})")


if __name__ == "__main__":
    sys.exit(main())

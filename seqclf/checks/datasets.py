"""Checks of a dataset: what it declares, and what it gives."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqclf.checks.examples import check_examples, check_series_encoder
from seqclf.checks.options import check_options
from seqclf.checks.outcomes import (
    AdviceError,
    Check,
    FailedCheckError,
    NotTriedError,
    attempt,
)
from seqclf.checks.words import check_summary
from seqclf.contracts import Dataset, LoadContext, Split, Splits
from seqclf.errors import SeqclfError
from seqclf.paths import cache_folder
from seqclf.registry import Registry

if TYPE_CHECKING:
    import numpy as np

FEW_WORDS, SKIPPED = 50, 20
_MARKS = 3  # ids below skip_top that may stay: marks for the start, the end and unknown words


def check_dataset_declared(dataset: Dataset, registry: Registry) -> Iterator[Check]:
    """Look at the summary, the options, the licence and the encoder; nothing is loaded."""
    subject = f"dataset {dataset.name}"

    def origin() -> str:
        missing = [name for name in ("licence", "source") if not getattr(dataset, name).strip()]
        if missing:
            raise FailedCheckError(
                f"it names no {' and no '.join(missing)}",
                'write @seqclf.dataset(..., licence="CC0-1.0", source="...")',
            )
        return f"{dataset.licence}; {dataset.source}"

    def encoder() -> str:
        try:
            registry.encoder(dataset.encoder)
        except SeqclfError as error:
            raise FailedCheckError(str(error)) from error
        return dataset.encoder

    yield check_summary(subject, dataset.summary)
    yield from check_options(subject, dataset.load, dataset.options, "-d")
    yield attempt(subject, "says its licence and its source", origin)
    yield attempt(subject, "its encoder is registered", encoder)


def check_dataset(dataset: Dataset, options: Mapping[str, Any]) -> Iterator[Check]:
    """Load it, and look at what it gives.

    Args:
        dataset: what is loaded, from `SEQCLF_DATA_DIR` and the usual places.
        options: options to load it with.

    Raises:
        UsageError: `options` are not values of its options.
    """
    subject = f"dataset {dataset.name}"
    missing = [o.name for o in dataset.options if o.required and o.name not in options]
    if missing:
        needs = " and ".join(f"{name}=VALUE" for name in missing)
        told = f"it needs {needs}; give it in a test of your own: check_dataset({dataset.name}, "
        told += ", ".join(f"{name}=..." for name in missing) + ")"
        yield Check(subject, "is loaded", "not tried", f"{told} with the fixture of seqclf.testing")
        return
    loader = _Loader(dataset, dataset.check_options(options))
    needed = {
        "is loaded": loader.first,
        "has texts, ids or series for every label": loader.has_both,
    }
    for sentence, look in needed.items():
        check = attempt(subject, sentence, look)
        yield check
        if check.status != "passed":
            return  # the others would fail for that alone
    yield attempt(subject, "has two classes or more, all of them in training", loader.classes)
    yield attempt(subject, "gives the same data each time", loader.again)
    yield attempt(subject, "gives a fingerprint of its data", loader.fingerprint)
    yield attempt(subject, f"heeds context.num_words={FEW_WORDS}", loader.few_words)
    yield attempt(subject, f"heeds context.skip_top={SKIPPED}", loader.skip_top)
    yield attempt(subject, "tests on nothing that it trains on", loader.overlap)


class _Loader:
    """Loads a dataset, and answers what is asked of it."""

    def __init__(self, dataset: Dataset, options: Mapping[str, Any]) -> None:
        self._dataset = dataset
        self._options = options
        self._splits: Splits | None = None

    def _load(self, num_words: int, skip_top: int = 0) -> Splits:
        folder = os.environ.get("SEQCLF_DATA_DIR")
        context = LoadContext(
            cache_dir=cache_folder(),
            data_dir=Path(folder) if folder else None,
            num_words=num_words,
            skip_top=skip_top,
        )
        splits = self._dataset.load(context, **self._options)
        if not isinstance(splits, Splits):
            raise FailedCheckError(f"it gave {splits!r}", "return seqclf.Splits(train=...)")
        return splits

    @property
    def _usual(self) -> int:
        return int(self._dataset.defaults.get("num_words", 10_000))

    @property
    def splits(self) -> Splits:
        """What was loaded first."""
        assert self._splits is not None
        return self._splits

    def _named(self) -> Iterator[tuple[str, Split]]:
        for name in ("train", "validation", "test"):
            split = getattr(self.splits, name)
            if split is not None:
                yield name, split

    def first(self) -> str:
        self._splits = self._load(self._usual)
        return ", ".join(f"{len(split):,} for {name}" for name, split in self._named())

    def has_both(self) -> str:
        told = {check_examples(name, split) for name, split in self._named()}
        if "series" in told:
            check_series_encoder(self.splits)
        return " and ".join(sorted(told))

    def classes(self) -> str:
        import numpy as np

        dataset = self._dataset.described(self.splits)
        if len(dataset.labels) < 2:
            raise FailedCheckError(
                f"it names {len(dataset.labels)}",
                'write @seqclf.dataset(labels=("calm", "angry")), or Splits(labels=...)',
            )
        if dataset.kind == "binary" and len(dataset.labels) != 2:
            raise FailedCheckError(
                f"it names {len(dataset.labels)}, and its kind is binary",
                'write @seqclf.dataset(kind="multiclass") or "multilabel"',
            )
        for name, split in self._named():
            _check_labels(name, np.asarray(split.labels), dataset)
        labels = np.asarray(self.splits.train.labels)
        counts = (
            labels.sum(axis=0)
            if dataset.kind == "multilabel"
            else np.bincount(labels, minlength=len(dataset.labels))
        )
        absent = [label for label, count in zip(dataset.labels, counts, strict=True) if not count]
        if absent:
            raise FailedCheckError(f"no training example has the class {', '.join(absent)}")
        shown = zip(dataset.labels, counts, strict=True)
        return ", ".join(f"{label} {int(count):,}" for label, count in shown)

    def again(self) -> None:
        other = self._load(self._usual)
        if other.fingerprint != self.splits.fingerprint:
            raise FailedCheckError(
                "the fingerprint differs", "draw nothing at random without a fixed seed"
            )
        for name, split in self._named():
            if not _equal(split, getattr(other, name)):
                raise FailedCheckError(
                    f"{name} differs", "draw nothing at random without a fixed seed"
                )

    def fingerprint(self) -> str:
        if not self.splits.fingerprint:
            raise FailedCheckError(
                "it gives none, so that a run cannot tell whether the data have changed",
                "give Splits(fingerprint=...), such as hashlib.sha256(...).hexdigest()",
            )
        return self.splits.fingerprint[:12]

    def _few(self, skip_top: int = 0) -> np.ndarray:
        """Give every different id it has of few words."""
        import numpy as np

        if self.splits.train.series is not None:
            raise NotTriedError("it gives series, which have no words")
        if self.splits.train.ids is None:
            raise NotTriedError("it gives texts, which an encoder turns into ids")
        given = self._load(FEW_WORDS, skip_top)
        splits = [given.train, given.validation, given.test]
        ids = [split.ids.values for split in splits if split is not None and split.ids is not None]
        return np.unique(np.concatenate(ids))

    def few_words(self) -> str:
        ids = self._few()
        if ids[0] < 0 or ids[-1] >= FEW_WORDS:
            raise FailedCheckError(
                f"it gives ids from {ids[0]} to {ids[-1]}",
                f"make every id from {FEW_WORDS} on the unknown word's",
            )
        return f"ids from {ids[0]} to {ids[-1]}"

    def skip_top(self) -> str:
        ids = self._few(SKIPPED)
        low = ids[(ids > 0) & (ids < SKIPPED)].tolist()
        if len(low) > _MARKS:
            raise FailedCheckError(
                f"ids below it are there: {', '.join(map(str, low[:8]))}",
                "make the most frequent words unknown words",
            )
        return f"ids below it: {', '.join(map(str, low)) or 'none'}"

    def overlap(self) -> str:
        splits = self.splits
        if splits.test is None or not len(splits.test):
            raise NotTriedError("it has no test split")
        known = set(_digests(splits.train))
        both = sum(row in known for row in _digests(splits.test))
        if both:
            share = both / len(splits.test)
            raise AdviceError(
                f"{both:,} of {len(splits.test):,} test texts ({share:.1%}) also stand in "
                "training; what a network says of these is no proof"
            )
        return f"none of {len(splits.test):,} test texts stands in training"


def _check_labels(name: str, labels: np.ndarray, dataset: Dataset) -> None:
    many = dataset.kind == "multilabel"
    count = len(dataset.labels)
    if labels.dtype.kind not in "iub":
        raise FailedCheckError(f"the labels of {name} are {labels.dtype}", "give whole numbers")
    if labels.shape[1:] != ((count,) if many else ()):
        wanted = f"(examples, {count})" if many else "(examples,)"
        raise FailedCheckError(f"the labels of {name} have shape {labels.shape}, not {wanted}")
    highest = 1 if many else count - 1
    if labels.size and not 0 <= labels.min() <= labels.max() <= highest:
        raise FailedCheckError(
            f"the labels of {name} are from {labels.min()} to {labels.max()}, not 0 to {highest}"
        )


def _rows(split: Split) -> Iterator[Any]:
    """Give the examples one by one: texts may lie on disk."""
    if split.ids is None and split.series is None:
        return iter(split.texts or ())
    return (row.tobytes() for row in split.sequences)


def _digests(split: Split) -> Iterator[bytes]:
    import hashlib

    for row in _rows(split):
        given = row.encode("utf-8", "surrogatepass") if isinstance(row, str) else row
        yield hashlib.blake2b(given, digest_size=16).digest()


def _equal(one: Split, other: Split | None) -> bool:
    import numpy as np

    if other is None or len(one) != len(other):
        return False
    same = np.array_equal(np.asarray(one.labels), np.asarray(other.labels))
    return same and all(a == b for a, b in zip(_rows(one), _rows(other), strict=True))

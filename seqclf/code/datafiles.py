"""The files beside a script: examples as CSV, words, vectors. Each is written row by row."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from seqclf.contracts import Split

if TYPE_CHECKING:
    import numpy as np

Holds = Literal["texts", "ids", "series"]
"""What examples are."""

Writer = Callable[[Path], None]
"""Writes a file under the path it is given."""

FIRST = {"texts": "text", "ids": "ids", "series": "series"}
"""What the first column of a file is called."""


@dataclass(frozen=True)
class FileData:
    """Examples in CSV files beside the script.

    Args:
        holds: "texts"; "ids" separated by blanks; or "series": numbers separated by blanks, with
            a semicolon after each time step.
        splits: "train", "test", "validation" to examples, whole: nothing limited or held out.
        labels: the class names.
        multilabel: whether an example has a column a class instead of a class name.
        words: the vocabulary, the most frequent word first, for `WordRule.source` "file".
        features: how many numbers a time step of a series has; 0 for the others.
    """

    holds: Holds
    splits: Mapping[str, Split]
    labels: tuple[str, ...]
    multilabel: bool
    words: tuple[str, ...] = field(default=(), repr=False)
    features: int = 0

    def rows(self, name: str) -> Iterator[list[str]]:
        """Give the lines of a split's file as fields, the header first."""
        labels = self.splits[name].labels
        first = FIRST[self.holds]
        yield [first, *self.labels] if self.multilabel else [first, "label"]
        for example, label in zip(self._examples(name), labels.tolist(), strict=True):
            said = map(str, label) if self.multilabel else [self.labels[label]]
            yield [example, *said]

    def _examples(self, name: str) -> Iterator[str]:
        split = self.splits[name]
        if self.holds == "texts":
            assert split.texts is not None
            return iter(split.texts)
        written = _written_ids if self.holds == "ids" else _written_series
        return map(written, split.sequences)

    @property
    def longest(self) -> int:
        """The length of the longest example as it is written."""
        return max(
            (len(example) for name in self.splits for example in self._examples(name)), default=0
        )

    def files(self, stem: str) -> dict[str, Writer]:
        """Give what writes each file, by its name; the names begin with `stem`."""
        files: dict[str, Writer] = {
            f"{stem}_{name}.csv": partial(self._write, name) for name in self.splits
        }
        if self.words:
            files[f"{stem}_words.txt"] = self._write_words
        return files

    def _write(self, name: str, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(self.rows(name))

    def _write_words(self, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(re.sub(r"\s", " ", word) + "\n" for word in self.words)


def _written_ids(ids: np.ndarray) -> str:
    return " ".join(map(str, ids.tolist()))


def _written_series(steps: np.ndarray) -> str:
    """Write numbers with nine digits, which float32 comes back from bit for bit."""
    return "".join(" ".join(f"{value:.9g}" for value in step) + ";" for step in steps.tolist())


def vector_files(vectors: Mapping[str, np.ndarray], stem: str) -> dict[str, Writer]:
    """Give what writes the arrays that layers start from, by file name.

    Example:
        >>> list(vector_files({"vectors": None}, "tickets"))
        ['tickets_vectors.npy']
    """
    return {f"{stem}_{name}.npy": partial(_save, array) for name, array in vectors.items()}


def _save(array: np.ndarray, path: Path) -> None:
    import numpy as np

    with path.open("wb") as file:
        np.save(file, array)

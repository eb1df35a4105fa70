"""Sequences, splits, and what a dataset may use while it loads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np

    from seqclf.contracts.encoders import Encoder


Kind = Literal["binary", "multiclass", "multilabel"]
"""Two classes; one of many; any number of many."""


Note = Callable[[str], None]
"""Takes a sentence for the person at the terminal."""


Progress = Callable[[str, int, int], None]
"""Takes what is going on, how much is done and how much there is (0: unknown)."""


@dataclass(frozen=True)
class Ragged:
    """Sequences of different lengths in two flat arrays.

    Args:
        values: all steps, one sequence after the other: token ids of shape (tokens,), int32,
            or the numbers of a series, shape (steps, features), float32. They may lie on disk
            (`numpy.memmap`).
        offsets: where each sequence starts, and the end; shape (sequences + 1,), int64.

    Example:
        >>> import numpy as np
        >>> ragged = Ragged(np.array([1, 5, 7, 1]), np.array([0, 3, 4]))
        >>> len(ragged), ragged[0].tolist(), ragged[1].tolist()
        (2, [1, 5, 7], [1])
    """

    values: np.ndarray
    offsets: np.ndarray

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, index: int) -> np.ndarray:
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self.values[self.offsets[index] : self.offsets[index + 1]]

    def __iter__(self) -> Iterator[np.ndarray]:
        return (self[index] for index in range(len(self)))

    @property
    def lengths(self) -> np.ndarray:
        """The length of each sequence; shape (sequences,), int64."""
        return self.offsets[1:] - self.offsets[:-1]

    def rows(self, start: int, stop: int) -> Ragged:
        """Give the sequences from `start` up to `stop`, without copying the tokens."""
        offsets = self.offsets[start : stop + 1]
        return Ragged(self.values[offsets[0] : offsets[-1]], offsets - offsets[0])

    def take(self, indices: np.ndarray) -> Ragged:
        """Give the sequences at `indices`, in that order."""
        import numpy as np

        lengths = self.lengths[indices]
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        source = np.repeat(self.offsets[indices] - offsets[:-1], lengths)
        return Ragged(self.values[source + np.arange(offsets[-1])], offsets)

    @classmethod
    def from_lists(cls, sequences: Sequence[Sequence[int]]) -> Ragged:
        """Make it from a sequence of sequences of whole numbers."""
        from itertools import chain

        import numpy as np

        lengths = np.fromiter(map(len, sequences), np.int64, len(sequences))
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        values = np.fromiter(chain.from_iterable(sequences), np.int32, int(offsets[-1]))
        return cls(values, offsets)


@dataclass(frozen=True)
class Split:
    """Examples and their labels: token ids, numeric series, or texts to be encoded.

    Args:
        labels: class numbers, shape (examples,), int64; for multilabel tasks
            zeros and ones, shape (examples, classes).
        texts: the raw texts, or None. They may lie on disk: only `len`, an index, a slice and
            a loop are asked of them.
        ids: the token ids, or None.
        series: numbers, `features` of them a step, or None.
        weights: what each example counts in training, shape (examples,), or None for one each.
        places: the line or row of each example in its file, shape (examples,), or None.
    """

    labels: np.ndarray
    texts: Sequence[str] | None = None
    ids: Ragged | None = None
    series: Ragged | None = None
    weights: np.ndarray | None = None
    places: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def sequences(self) -> Ragged:
        """What the network reads: the token ids, or the numeric series.

        Raises:
            ValueError: there are only texts, which want encoding first.
        """
        found = self.series if self.ids is None else self.ids
        if found is None:
            raise ValueError("the split is not encoded")
        return found

    def rows(self, start: int, stop: int) -> Split:
        """Give the examples from `start` up to `stop`."""

        def cut(values: Any) -> Any:
            return None if values is None else values[start:stop]

        def cut_ragged(values: Ragged | None) -> Ragged | None:
            return None if values is None else values.rows(start, stop)

        return Split(
            self.labels[start:stop],
            cut(self.texts),
            cut_ragged(self.ids),
            cut_ragged(self.series),
            cut(self.weights),
            cut(self.places),
        )


@dataclass(frozen=True)
class Splits:
    """What a dataset's function gives.

    Args:
        train: the examples to learn from; a validation split is held out of its end.
        test: the examples to be judged by, if the dataset has them.
        validation: examples held out by the dataset itself, if it does so.
        encoder: what encodes raw text as `ids` were encoded; not needed with texts.
        fingerprint: a sha256 of the data, so that a run knows what it has seen.
        labels: the class names in order, where only the data know them; None keeps the dataset's.
        kind: binary, multiclass or multilabel, where only the data know it.
        options: the dataset's options that were settled by the data, such as columns that were
            guessed; the run keeps them as if somebody had set them.
    """

    train: Split
    test: Split | None = None
    validation: Split | None = None
    encoder: Encoder | None = None
    fingerprint: str = ""
    labels: tuple[str, ...] | None = None
    kind: Kind | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


def _ignore(*_: object) -> None:
    return None


@dataclass(frozen=True)
class LoadContext:
    """What a dataset may know and use while it loads.

    Args:
        cache_dir: where prepared data may be kept for the next time.
        data_dir: where the person keeps data (`--data-dir`, `SEQCLF_DATA_DIR`), or None.
        num_words: how many different ids there may be.
        skip_top: how many of the most frequent words become unknown words.
        classes: the classes that a run has learned, where the examples are only to be judged by;
            some of them may be missing then.
        note: call it with a sentence the person should read.
        progress: call it with (what, done, total) during a long step.
    """

    cache_dir: Path
    data_dir: Path | None = None
    num_words: int = 10_000
    skip_top: int = 0
    classes: tuple[str, ...] = ()
    note: Note = _ignore
    progress: Progress = _ignore

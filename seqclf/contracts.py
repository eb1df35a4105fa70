"""What plugins and the core hand each other. Plain data; nothing heavy is imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Literal,
    Protocol,
    Self,
    runtime_checkable,
)

from seqclf.options import Option, Range, check_all, from_signature

if TYPE_CHECKING:
    import numpy as np

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
        values: all tokens, one sequence after the other; shape (tokens,), int32.
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


@runtime_checkable
class Encoder(Protocol):
    """Turns raw text into token ids, the same way in training and in use.

    Its class is what `seqclf_encoders()` gives; `name` finds it again when a
    run is loaded. Ids below `num_words`; 0 is kept for padding.
    """

    name: ClassVar[str]
    num_words: int

    @classmethod
    def fit(cls, texts: Sequence[str], *, num_words: int, skip_top: int) -> Self:
        """Learn the vocabulary from the training texts."""
        ...

    def encode(self, texts: Sequence[str]) -> Ragged:
        """Give the ids of each text, one sequence a text, empty texts included."""
        ...

    def to_dict(self) -> dict[str, Any]:
        """Give what `from_dict` needs, as JSON values."""
        ...

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Make the encoder that `to_dict` described."""
        ...


@dataclass(frozen=True)
class Split:
    """Examples and their labels: token ids, or texts to be encoded.

    Args:
        labels: class numbers, shape (examples,), int64; for multilabel tasks
            zeros and ones, shape (examples, classes).
        texts: the raw texts, or None.
        ids: the token ids, or None.
    """

    labels: np.ndarray
    texts: Sequence[str] | None = None
    ids: Ragged | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def rows(self, start: int, stop: int) -> Split:
        """Give the examples from `start` up to `stop`."""
        return Split(
            self.labels[start:stop],
            None if self.texts is None else self.texts[start:stop],
            None if self.ids is None else self.ids.rows(start, stop),
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
    """

    train: Split
    test: Split | None = None
    validation: Split | None = None
    encoder: Encoder | None = None
    fingerprint: str = ""


def _ignore(*_: Any) -> None:
    return None


@dataclass(frozen=True)
class LoadContext:
    """What a dataset may know and use while it loads.

    Args:
        cache_dir: where prepared data may be kept for the next time.
        data_dir: where the person keeps data (`--data-dir`, `SEQCLF_DATA_DIR`), or None.
        num_words: how many different ids there may be.
        skip_top: how many of the most frequent words become unknown words.
        note: call it with a sentence the person should read.
        progress: call it with (what, done, total) during a long step.
    """

    cache_dir: Path
    data_dir: Path | None = None
    num_words: int = 10_000
    skip_top: int = 0
    note: Note = _ignore
    progress: Progress = _ignore


@dataclass(frozen=True)
class Architecture:
    """A network's plan under a name; made by `@seqclf.architecture`.

    Args:
        name: what `--arch` calls it.
        summary: one line for `seqclf archs`.
        build: the function `(task, **options) -> keras.Model`.
        defaults: run settings it prefers to the tutorial's, e.g. `{"epochs": 5}`.
        reference: the paper or article it comes from.
    """

    name: str
    summary: str
    build: Callable[..., Any]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    reference: str = ""

    @property
    def options(self) -> tuple[Option, ...]:
        """What `-p NAME=VALUE` may set, from the function's signature."""
        return from_signature(self.build)

    def check_options(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Check option values and fill in the defaults.

        Raises:
            UsageError: an unknown option, a wrong type, a value out of range.
        """
        return check_all(self.options, given, owner=f"architecture '{self.name}'", flag="-p")

    def __call__(self, task: Any, **options: Any) -> Any:
        """Build the model for a task; returns a `keras.Model` that is not compiled."""
        return self.build(task, **options)


@dataclass(frozen=True)
class Dataset:
    """Labelled sequences under a name; made by `@seqclf.dataset`.

    Args:
        name: what `seqclf run` calls it.
        summary: one line for `seqclf datasets`.
        load: the function `(context, **options) -> Splits`.
        labels: the class names, in the order of the class numbers.
        kind: binary, multiclass or multilabel.
        origin: "bundled", "downloaded" or "file".
        defaults: run settings it brings, e.g. `{"maxlen": 40}`.
        licence: under which terms the data may be used.
        source: where the data come from.
        sha256: what a download must hash to, file name to digest.
        encoder: the registered name of the encoder for raw texts.
    """

    name: str
    summary: str
    load: Callable[..., Splits]
    labels: tuple[str, ...]
    kind: Kind = "binary"
    origin: Literal["bundled", "downloaded", "file"] = "bundled"
    defaults: Mapping[str, Any] = field(default_factory=dict)
    licence: str = ""
    source: str = ""
    sha256: Mapping[str, str] = field(default_factory=dict)
    encoder: str = "word"

    @property
    def options(self) -> tuple[Option, ...]:
        """What `-d NAME=VALUE` may set, from the function's signature."""
        return from_signature(self.load)

    def check_options(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Check option values and fill in the defaults.

        Raises:
            UsageError: an unknown option, a wrong type, a value out of range.
        """
        return check_all(self.options, given, owner=f"dataset '{self.name}'", flag="-d")


@dataclass(frozen=True)
class RunInfo:
    """What hooks are told of a run.

    Args:
        name: the run's name.
        folder: where it lies.
        settings: the resolved settings, as in `config.toml`.
    """

    name: str
    folder: Path
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class LayerSummary:
    """One row of a model summary; `shape` is the output shape, None for "any"."""

    name: str
    type: str
    shape: tuple[int | None, ...]
    parameters: int


@dataclass(frozen=True)
class ModelSummary:
    """A model's layers and its parameter counts."""

    layers: tuple[LayerSummary, ...]
    trainable: int
    non_trainable: int

    @property
    def parameters(self) -> int:
        """All parameters, trained or not."""
        return self.trainable + self.non_trainable


@dataclass(frozen=True)
class ClassReport:
    """How one class fared; shares from 0 to 1, `support` in examples."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Report:
    """What an evaluation found.

    Args:
        split: which examples: "test", "validation", "train".
        examples: how many.
        loss: the mean loss.
        accuracy: the share of right answers (multilabel: of right yes/no answers).
        interval: the 95 % Wilson interval of the accuracy, low and high.
        classes: one report a class, in label order.
        confusion: true class by predicted class, in examples; empty for multilabel.
    """

    split: str
    examples: int
    loss: float
    accuracy: float
    interval: tuple[float, float]
    classes: tuple[ClassReport, ...]
    confusion: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True)
class Prediction:
    """What a run says of one text.

    Args:
        text: the text as given.
        labels: the chosen class names: one, or for multilabel any number.
        probabilities: class name to probability, in label order.
    """

    text: str
    labels: tuple[str, ...]
    probabilities: Mapping[str, float]

    @property
    def label(self) -> str:
        """The chosen class; several are joined by a comma."""
        return ",".join(self.labels)

    def top(self, count: int) -> list[tuple[str, float]]:
        """Give the `count` most probable classes with their probabilities."""
        ranked = sorted(self.probabilities.items(), key=lambda item: -item[1])
        return ranked[:count]


@dataclass(frozen=True)
class Provenance:
    """Where a plugin comes from.

    Args:
        plugin: the plugin's name.
        origin: "built-in", "entry point" or "file".
        distribution: the installed distribution it belongs to, "" for files.
        version: that distribution's version, "" for files.
        file: the file's path, "" for the others.
        sha256: the file's hash, "" for the others.
    """

    plugin: str
    origin: Literal["built-in", "entry point", "file"]
    distribution: str = ""
    version: str = ""
    file: str = ""
    sha256: str = ""

    @property
    def short(self) -> str:
        """Where it comes from, in a word or two: "seqclf", "seqclf-attention 1.2", "mine.py"."""
        if self.origin == "file":
            return Path(self.file).name
        if self.origin == "built-in":
            return "seqclf"
        return f"{self.distribution} {self.version}"

    def __str__(self) -> str:
        if self.origin == "file":
            return f"plugin '{self.plugin}' ({self.file})"
        if self.origin == "built-in":
            return f"seqclf itself ({self.plugin})"
        return f"plugin '{self.plugin}' ({self.distribution} {self.version})"


Optimizer = Literal[
    "rmsprop",
    "adam",
    "sgd",
    "adagrad",
    "adadelta",
    "adamax",
    "adamw",
    "ftrl",
    "lion",
    "nadam",
]
"""Keras' optimizers, by the names `compile` takes."""


@dataclass(frozen=True)
class RunConfig:
    """Every setting of a run, resolved. The defaults are the R tutorial's.

    Args:
        dataset: a dataset's name.
        arch: an architecture's name.
        epochs: passes over the training examples.
        batch_size: examples a gradient step.
        optimizer: a Keras optimizer's name.
        learning_rate: step size; none takes the optimizer's own default.
        validation_split: share held out of the end of the training examples.
        num_words: how many different token ids there are; rarer words are unknown.
        skip_top: how many of the most frequent ids become unknown words.
        maxlen: time steps a sequence is padded or cut to, both at its front.
        seed: fixes initial weights, dropout and the order of examples; drawn if not given.
        patience: epochs without a better one before training stops; none trains all epochs.
        clipnorm: longest gradient of a weight; none does not clip.
        limit: use only that many training and test examples, the first ones.
        keep: the weights kept: the best epoch's (validation accuracy), or the last's as in R.
        data_dir: folder to look for data files in; none looks only in the usual places.
        params: the architecture's options.
        dataset_options: the dataset's options.
        plugins: plugin files to load.
    """

    dataset: str
    arch: str = "lstm"
    epochs: Annotated[int, Range(least=1)] = 10
    batch_size: Annotated[int, Range(least=1)] = 128
    optimizer: Optimizer = "rmsprop"
    learning_rate: Annotated[float, Range(above=0)] | None = None
    validation_split: Annotated[float, Range(least=0, below=1)] = 0.2
    num_words: Annotated[int, Range(least=5)] = 10_000
    skip_top: Annotated[int, Range(least=0)] = 0
    maxlen: Annotated[int, Range(least=1)] = 500
    seed: Annotated[int, Range(least=0, most=2**32 - 1)] | None = None
    patience: Annotated[int, Range(least=1)] | None = None
    clipnorm: Annotated[float, Range(above=0)] | None = None
    limit: Annotated[int, Range(least=1)] | None = None
    keep: Literal["best", "last"] = "best"
    data_dir: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    dataset_options: Mapping[str, Any] = field(default_factory=dict)
    plugins: tuple[str, ...] = ()


class History(Mapping[str, list[float]]):
    """What every epoch measured: metric name to one value an epoch.

    Args:
        epochs: each epoch's metrics, in order: "loss", "accuracy", "val_…".

    Example:
        >>> history = History([{"loss": 0.7, "val_loss": 0.6}, {"loss": 0.5, "val_loss": 0.5}])
        >>> history["loss"], len(history.epochs)
        ([0.7, 0.5], 2)
        >>> history.rows()[1]
        (1, 0.6, 'loss', 'validation')
    """

    def __init__(self, epochs: Sequence[Mapping[str, float]] = ()) -> None:
        self.epochs = [dict(metrics) for metrics in epochs]

    def __getitem__(self, name: str) -> list[float]:
        values = [metrics[name] for metrics in self.epochs if name in metrics]
        if not values:
            raise KeyError(name)
        return values

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for metrics in self.epochs for name in metrics))

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __repr__(self) -> str:
        return f"History({dict(self)})"

    def rows(self) -> list[tuple[int, float, str, str]]:
        """Give (epoch from 1, value, metric, "training" or "validation").

        The columns of R's `as.data.frame(history)`.
        """
        return [
            (
                epoch,
                value,
                name.removeprefix("val_"),
                "validation" if name.startswith("val_") else "training",
            )
            for epoch, metrics in enumerate(self.epochs, 1)
            for name, value in metrics.items()
        ]

"""What plugins give: architectures, datasets and metrics, and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from seqclf.contracts.data import Kind, Splits
from seqclf.errors import UsageError
from seqclf.options import Option, check_all, from_signature


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
        labels: the class names, in the order of the class numbers; none where only the data
            know them (`Splits.labels`).
        kind: binary, multiclass or multilabel.
        origin: "bundled", "downloaded" or "file".
        defaults: run settings it brings, e.g. `{"maxlen": 40}`.
        licence: under which terms the data may be used.
        source: where the data come from.
        sha256: what a download must hash to, file name to digest; shown to people,
            and the dataset's own function checks it.
        encoder: the registered name of the encoder for raw texts.
        keras_loader: the module of `keras.datasets` whose `load_data` gives the same examples
            for the same options, `num_words` and `skip_top`; "" for none. Scripts that
            `seqclf code` writes use it.
        encoder_for: names the encoder from the options, where it depends on them.
    """

    name: str
    summary: str
    load: Callable[..., Splits]
    labels: tuple[str, ...] = ()
    kind: Kind = "binary"
    origin: Literal["bundled", "downloaded", "file"] = "bundled"
    defaults: Mapping[str, Any] = field(default_factory=dict)
    licence: str = ""
    source: str = ""
    sha256: Mapping[str, str] = field(default_factory=dict)
    encoder: str = "word"
    keras_loader: str = ""
    encoder_for: Callable[[Mapping[str, Any]], str] | None = None

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

    def encoder_with(self, options: Mapping[str, Any]) -> str:
        """Name the encoder for raw texts that options, checked, ask for."""
        return self.encoder if self.encoder_for is None else self.encoder_for(options)

    def described(self, splits: Splits) -> Dataset:
        """Give the dataset with the class names and the kind its data say, where they do.

        Example:
            >>> data = Dataset("mine", "an example", load=lambda context: None)
            >>> empty = Splits(train=None, labels=("calm", "angry"), kind="binary")
            >>> data.described(empty).labels
            ('calm', 'angry')
        """
        return replace(self, labels=splits.labels or self.labels, kind=splits.kind or self.kind)


KINDS: tuple[Kind, ...] = ("binary", "multiclass", "multilabel")
"""Every kind of task."""


@dataclass(frozen=True)
class Metric:
    """A metric under a name; made by `@seqclf.metric`.

    Args:
        name: what `--metrics` and the history call it.
        summary: one line for `seqclf metrics`.
        build: the function `(task) -> keras.metrics.Metric`; the metric carries the same name.
        kinds: the kinds of task it can judge.
    """

    name: str
    summary: str
    build: Callable[[Any], Any]
    kinds: tuple[Kind, ...] = KINDS

    def __call__(self, task: Any) -> Any:
        """Build the metric for a task; returns a `keras.metrics.Metric`."""
        return self.build(task)


def check_kinds(metrics: Iterable[Metric], kind: Kind, dataset: str) -> None:
    """Check that metrics can judge a kind of task.

    Raises:
        UsageError: one cannot.
    """
    for metric in metrics:
        if kind not in metric.kinds:
            raise UsageError(
                f"metric '{metric.name}' judges {' and '.join(metric.kinds)} tasks, but dataset "
                f"'{dataset}' is {kind}",
                hint="seqclf metrics lists the others",
            )


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

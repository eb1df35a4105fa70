"""What plugins give: architectures and datasets, and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from seqclf.contracts.data import Splits
from seqclf.options import Option, check_all, from_signature

Kind = Literal["binary", "multiclass", "multilabel"]
"""Two classes; one of many; any number of many."""


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
        sha256: what a download must hash to, file name to digest; shown to people,
            and the dataset's own function checks it.
        encoder: the registered name of the encoder for raw texts.
        keras_loader: the module of `keras.datasets` whose `load_data` gives the same examples
            for the same options, `num_words` and `skip_top`; "" for none. Scripts that
            `seqclf code` writes use it.
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
    keras_loader: str = ""

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

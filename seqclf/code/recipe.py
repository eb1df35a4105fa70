"""Everything a script says, before it is said in Python or in R."""

from __future__ import annotations

import dataclasses
import shlex
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seqclf.code.form import Network
from seqclf.code.layout import WIDTH
from seqclf.code.material import Material
from seqclf.config import TABLES, resolve
from seqclf.contracts import Architecture, Dataset, Encoder, Kind, RunConfig, encoder_options
from seqclf.options import Option

OPTIMIZERS = {
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "sgd": "SGD",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
    "adamax": "Adamax",
    "adamw": "AdamW",
    "ftrl": "Ftrl",
    "lion": "Lion",
    "nadam": "Nadam",
}
"""Keras' classes by the names that settings have."""

SENTENCE = "It began well, but I left before the end."
"""What a script classifies where it has no texts of its own."""


@dataclass(frozen=True)
class Recipe:
    """What a script says.

    Args:
        header: paragraphs that begin the script; a list is shown line by line.
        config: the run's settings.
        kind: binary, multiclass or multilabel.
        labels: the class names in order.
        loss: the loss, by its Keras name.
        network: the model.
        material: the data.
        backend: Keras' backend.
        stem: what the data files' names begin with.
    """

    header: Sequence[str | Sequence[str]]
    config: RunConfig
    kind: Kind
    labels: tuple[str, ...]
    loss: str
    network: Network
    material: Material
    backend: str
    stem: str

    @property
    def optimizer_settings(self) -> dict[str, float]:
        """What the optimizer is told beyond its name."""
        settings = {"learning_rate": self.config.learning_rate, "clipnorm": self.config.clipnorm}
        return {name: value for name, value in settings.items() if value is not None}

    @property
    def keeps_best(self) -> bool:
        """Whether the best epoch's weights are put back at the end."""
        return self.config.keep == "best" and self.material.validation != "none"

    @property
    def watches(self) -> bool:
        """Whether epochs are compared."""
        stops = self.config.patience is not None and self.config.patience < self.config.epochs
        return self.material.validation != "none" and (self.keeps_best or stops)


def comment(paragraphs: Sequence[str | Sequence[str]]) -> str:
    """Write paragraphs as comment lines, both languages' alike.

    Example:
        >>> print(comment(["Once more.", ["seqclf run reviews"]]), end="")
        # Once more.
        #
        #   seqclf run reviews
    """
    written = []
    for paragraph in paragraphs:
        if isinstance(paragraph, str):
            written.append(textwrap.wrap(paragraph, WIDTH - 2, break_on_hyphens=False))
        else:
            lines = [
                textwrap.wrap(line, WIDTH - 6, subsequent_indent="  ", break_on_hyphens=False)
                for line in paragraph
            ]
            written.append(["  " + line for wrapped in lines for line in wrapped])
    blocks = ("".join(f"# {line}\n" for line in lines) for lines in written)
    return "#\n".join(blocks)


def command_line(
    config: RunConfig, dataset: Dataset, architecture: Architecture, encoder: type[Encoder]
) -> str:
    """Give the `seqclf run` command that has these settings, the defaults left out."""
    usual, _ = resolve(
        dataset,
        architecture,
        environ={},
        encoder=encoder,
        flags={table: getattr(config, table) for table in TABLES},
    )
    words = ["seqclf", "run", config.dataset, "--arch", config.arch]
    for flag, options, given in (
        ("-p", architecture.options, config.params),
        ("-d", dataset.options, config.dataset_options),
        ("-t", encoder_options(encoder), config.tokenizer_options),
    ):
        for name, value in _unusual(options, given).items():
            words += [flag, f"{name}={'none' if value is None else value}"]
    skipped = ("dataset", "arch", "plugins", *TABLES)
    for item in dataclasses.fields(config):
        value = getattr(config, item.name)
        if item.name not in skipped and value != getattr(usual, item.name):
            words += [f"--{item.name.replace('_', '-')}", _said(value)]
    for plugin in config.plugins:
        words += ["--plugin", Path(plugin).name]
    return shlex.join(words)


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return "none" if value is None else str(value)


def _unusual(options: Iterable[Option], given: Mapping[str, Any]) -> dict[str, Any]:
    usual = {option.name: option.default for option in options}
    return {name: value for name, value in given.items() if usual.get(name) != value}

"""Everything a script says, before it is said in Python or in R."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from seqclf.code.datafiles import FileData
from seqclf.code.form import Network
from seqclf.code.layout import WIDTH
from seqclf.code.material import Material
from seqclf.contracts import Kind, RunConfig

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
    def sides(self) -> dict[str, str]:
        """What `pad_sequences` is told where it is not to work at the front."""
        sides = {"padding": self.config.padding, "truncating": self.config.truncating}
        return {name: side for name, side in sides.items() if side != "pre"}

    @property
    def about_maxlen(self) -> str:
        """What the length means, in a few words."""
        fronts = {"pre": "at its front", "post": "at its end"}
        padded, cut = fronts[self.config.padding], fronts[self.config.truncating]
        if padded == cut:
            return f"steps an example is padded or cut to, {padded}"
        return f"steps an example is padded to {padded}, or cut to {cut}"

    @property
    def has_series(self) -> bool:
        """Whether the examples are numbers, not ids."""
        return isinstance(self.material.data, FileData) and self.material.data.holds == "series"

    @property
    def is_balanced(self) -> bool:
        """Whether rare classes count more."""
        return self.config.class_weight == "balanced"

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
                textwrap.wrap(
                    line,
                    WIDTH - 6,
                    subsequent_indent="  ",
                    break_long_words=False,
                    break_on_hyphens=False,
                )
                for line in paragraph
            ]
            written.append(["  " + line for wrapped in lines for line in wrapped])
    blocks = ("".join(f"# {line}\n" for line in lines) for lines in written)
    return "#\n".join(blocks)

"""The decorators a plugin author writes: `@seqclf.architecture`, `.dataset`, `.metric`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

from seqclf.contracts import KINDS, Architecture, Dataset, Kind, Metric, Splits


def architecture(
    name: str,
    *,
    summary: str,
    defaults: Mapping[str, Any] | None = None,
    reference: str = "",
) -> Callable[[Callable[..., Any]], Architecture]:
    """Make a function that builds a model into an architecture.

    Args:
        name: what `--arch` calls it.
        summary: one line for `seqclf archs`.
        defaults: run settings it prefers to the tutorial's.
        reference: the paper or article it comes from.

    Returns:
        A decorator; what it gives can still be called as the function.

    Raises:
        TypeError: a parameter that cannot be an option.

    Example:
        >>> @architecture("mine", summary="an example")
        ... def mine(task, units: int = 32): ...
        >>> mine.name, [option.name for option in mine.options]
        ('mine', ['units'])
    """

    def decorate(build: Callable[..., Any]) -> Architecture:
        made = Architecture(name, summary, build, dict(defaults or {}), reference)
        _ = made.options  # a bad signature is told where it is written
        return made

    return decorate


def dataset(
    name: str,
    *,
    summary: str,
    labels: tuple[str, ...] = (),
    kind: Kind = "binary",
    origin: Literal["bundled", "downloaded", "file"] = "bundled",
    defaults: Mapping[str, Any] | None = None,
    licence: str = "",
    source: str = "",
    sha256: Mapping[str, str] | None = None,
    encoder: str = "word",
    keras_loader: str = "",
    encoder_for: Callable[[Mapping[str, Any]], str] | None = None,
) -> Callable[[Callable[..., Splits]], Dataset]:
    """Make a function that loads examples into a dataset.

    Args:
        name: what `seqclf run` calls it.
        summary: one line for `seqclf datasets`.
        labels: the class names, in the order of the class numbers; none where only the data
            know them (`seqclf.Splits(labels=...)`).
        kind: binary, multiclass or multilabel.
        origin: "bundled", "downloaded" or "file".
        defaults: run settings it brings.
        licence: under which terms the data may be used.
        source: where the data come from.
        sha256: what a download must hash to, file name to digest.
        encoder: the registered name of the encoder for raw texts.
        keras_loader: the module of `keras.datasets` that has the same examples.
        encoder_for: names the encoder from the options, where it depends on them.

    Returns:
        A decorator.

    Raises:
        TypeError: a parameter that cannot be an option.

    Example:
        >>> @dataset("tickets", summary="an example", labels=("calm", "angry"))
        ... def tickets(context): ...
        >>> tickets.name, tickets.labels
        ('tickets', ('calm', 'angry'))
    """

    def decorate(load: Callable[..., Splits]) -> Dataset:
        made = Dataset(
            name,
            summary,
            load,
            tuple(labels),
            kind,
            origin,
            dict(defaults or {}),
            licence,
            source,
            dict(sha256 or {}),
            encoder,
            keras_loader,
            encoder_for,
        )
        _ = made.options
        return made

    return decorate


def metric(
    name: str, *, summary: str, kinds: tuple[Kind, ...] = KINDS
) -> Callable[[Callable[[Any], Any]], Metric]:
    """Make a function that builds a Keras metric into a metric for `--metrics`.

    Args:
        name: what `--metrics` and the history call it; the Keras metric carries the same name.
        summary: one line for `seqclf metrics`.
        kinds: the kinds of task it can judge; all by default.

    Returns:
        A decorator.

    Example:
        >>> @metric("auc", summary="area under the ROC curve", kinds=("binary",))
        ... def auc(task):
        ...     import keras
        ...     return keras.metrics.AUC(name="auc")
        >>> auc.name, auc.kinds
        ('auc', ('binary',))
    """

    def decorate(build: Callable[[Any], Any]) -> Metric:
        return Metric(name, summary, build, tuple(kinds))

    return decorate

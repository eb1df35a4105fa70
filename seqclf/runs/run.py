"""A run read back from its folder: predict, look, compare."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqclf.contracts import (
    ClassReport,
    Encoder,
    History,
    Kernel,
    Kind,
    Prediction,
    Report,
    RunConfig,
)
from seqclf.errors import RunError, UsageError

if TYPE_CHECKING:
    import keras

    from seqclf.kernels.choosing import Choice

PREDICT_AT_ONCE = 256
"""Texts encoded and predicted together; what lies beyond is not read yet."""


class Run:
    """A trained run.

    Args:
        folder: where it lies.
        state: what `run.json` says.
        config: the resolved settings.
        labels: the class names in order.
        kind: binary, multiclass or multilabel.
        history: every epoch's metrics.
        report: the report on the test split, or None.
        encoder: encodes raw text, or None where the dataset had no encoder.
        load_model: gives the model when it is first needed.
        kernel: what shall compute the model's recurrent layers.

    Example:
        run = seqclf.load_run("last")
        run.predict(["It began well, but I left before the end."])[0].label
    """

    def __init__(
        self,
        folder: Path,
        *,
        state: Mapping[str, Any],
        config: RunConfig,
        labels: tuple[str, ...],
        kind: Kind,
        history: History,
        report: Report | None,
        encoder: Encoder | None,
        load_model: Callable[[], keras.Model],
        kernel: Kernel = "auto",
    ) -> None:
        self.folder = folder
        self.state = state
        self.config = config
        self.labels = labels
        self.kind = kind
        self.history = history
        self.report = report
        self.encoder = encoder
        self._load_model = load_model
        self._kernel = kernel

    def __repr__(self) -> str:
        return f"<seqclf.Run {self.name}: {self.config.arch} on {self.config.data}>"

    @property
    def name(self) -> str:
        """The run's name."""
        return self.folder.name

    @cached_property
    def model(self) -> keras.Model:
        """The trained model, a plain `keras.Model` from padded ids to probabilities."""
        return self._load_model()

    @cached_property
    def kernel(self) -> Choice:
        """What computes the model's recurrent layers, "fused" or "keras", and why.

        Raises:
            SeqclfError: fused kernels were asked for by name and cannot be had.

        Example:
            seqclf.load_run("last", kernel="keras").kernel.kernel  # "keras"
        """
        from seqclf.kernels.choosing import choose

        return choose(self.model, self._kernel)

    def predict(self, texts: Iterable[str], *, threshold: float | None = None) -> list[Prediction]:
        """Classify raw texts.

        Args:
            texts: any number of texts; empty ones count.
            threshold: see `predict_each`.

        Returns:
            One prediction a text, in order.

        Raises:
            RunError: the run has no encoder for raw text.
            UsageError: texts is a single string, or the threshold does not fit.
        """
        if isinstance(texts, str):
            raise UsageError("predict takes a list of texts", hint="write predict([text])")
        return list(self.predict_each(texts, threshold=threshold))

    def predict_each(
        self, texts: Iterable[str], *, threshold: float | None = None
    ) -> Iterator[Prediction]:
        """Classify raw texts as they come, in constant memory.

        Args:
            texts: any number of texts.
            threshold: for two classes, the probability above which the second
                is chosen; for multilabel, above which each is. Defaults to
                one half. Multiclass runs take none.

        Yields:
            One prediction a text, in order.
        """
        self.check_threshold(threshold)
        remaining = iter(texts)
        while chunk := list(islice(remaining, PREDICT_AT_ONCE)):
            yield from self.predict_chunk(chunk, threshold=threshold)

    def predict_chunk(
        self, texts: list[str], *, threshold: float | None = None
    ) -> list[Prediction]:
        """Classify a few texts in one step of the model."""
        from seqclf.encoding.padding import Padding
        from seqclf.evaluation.predict import predict_probabilities
        from seqclf.evaluation.report import choose

        for text in texts:
            if not isinstance(text, str):
                raise UsageError(f"predict takes texts, not {text!r}")
        limit = 0.5 if threshold is None else threshold
        encoded = self.checked_encoder().encode(texts)
        padding = Padding.of(self.config)
        probabilities = predict_probabilities(
            self.model, encoded, padding, self.kind, kernel=self.kernel.kernel
        )
        chosen: list[tuple[str, ...]]
        if self.kind == "multilabel":
            chosen = [
                tuple(label for label, p in zip(self.labels, row, strict=True) if p > limit)
                for row in probabilities
            ]
        else:
            chosen = [(self.labels[n],) for n in choose(probabilities, self.kind, limit)]
        return [
            Prediction(text, labels, dict(zip(self.labels, row, strict=True)))
            for text, labels, row in zip(texts, chosen, probabilities.tolist(), strict=True)
        ]

    def check_threshold(self, threshold: float | None) -> None:
        """Raise a UsageError where a threshold means nothing or is out of range."""
        if threshold is None:
            return
        if self.kind == "multiclass":
            raise UsageError("a threshold needs two classes or a multilabel run")
        if not 0 <= threshold <= 1:
            raise UsageError(f"the threshold must be a number, from 0 to 1, not {threshold}")

    def checked_encoder(self) -> Encoder:
        """Give the encoder, or raise a RunError where the run has none."""
        if self.encoder is None:
            raise RunError(
                f"run '{self.name}' cannot predict raw text: it was trained without a word index",
                hint="put the dataset's word index beside its data and train again",
            )
        return self.encoder


def report_from_dict(stored: Mapping[str, Any]) -> Report:
    """Make the report that `dataclasses.asdict` turned into JSON values."""
    values = dict(stored)
    # JSON has null where a number was none.
    numbers = {key: _number(values[key]) for key in ("loss", "accuracy")}
    metrics = {name: _number(value) for name, value in values.get("metrics", {}).items()}
    return Report(
        **{
            **values,
            **numbers,
            "metrics": metrics,
            "interval": tuple(values["interval"]),
            "classes": tuple(ClassReport(**item) for item in values["classes"]),
            "confusion": tuple(map(tuple, values["confusion"])),
        }
    )


def _number(stored: float | None) -> float:
    return math.nan if stored is None else stored

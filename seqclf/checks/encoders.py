"""Checks of an encoder: ids or numbers as they should be, the same everywhere and always."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from seqclf.checks.elsewhere import ask
from seqclf.checks.options import check_options
from seqclf.checks.outcomes import Check, FailedCheckError, NotTriedError, attempt
from seqclf.checks.texts import SAMPLES
from seqclf.contracts import (
    Encoder,
    Ragged,
    check_encoder_options,
    encoder_options,
    features_of,
    reads,
)
from seqclf.errors import DataError, UsageError

MANY_WORDS, FEW_WORDS = 1000, 20

_SAID = {
    "text": "Unicode, emoji, newlines, an empty and a very long one",
    "ids": "token ids with blanks, commas, newlines, an empty and a very long one",
    "series": "numbers, two a step, an empty and a very long one",
}


def check_encoder_declared(encoder_class: type[Encoder]) -> Iterator[Check]:
    """Look at the options; nothing is fitted."""
    subject = f"encoder {encoder_class.name}"
    yield from check_options(subject, encoder_class.fit, encoder_options(encoder_class), "-t")


def check_encoder(encoder_class: type[Encoder]) -> Iterator[Check]:
    """Fit it on a few texts of what it reads, and look at the ids or numbers it gives."""
    subject = f"encoder {encoder_class.name}"
    tried = _Tried(encoder_class)
    missing = [option.name for option in encoder_options(encoder_class) if option.required]
    if missing:
        told = f"it needs {missing[0]}=VALUE, which a run gives with -t"
        yield Check(subject, "is fitted on texts of every sort", "not tried", told)
        return
    needed = {
        "is fitted on texts of every sort": tried.fit,
        "gives one sequence of ids a text": tried.one_each,
        "gives the same ids one text at a time": tried.one_at_a_time,
    }
    for sentence, look in needed.items():
        check = attempt(subject, sentence, look)
        yield check
        if check.status != "passed":
            return  # the others would fail for that alone
    if tried.gives_series:
        yield attempt(subject, "its numbers are finite, float32, as many a step", tried.numeric)
    else:
        yield attempt(subject, "its ids are from 1 to num_words - 1", tried.in_range)
        yield attempt(subject, f"heeds num_words={FEW_WORDS}", tried.heeds)
    back = attempt(subject, "comes back from JSON with equal ids", tried.round_trip)
    yield back
    if back.status == "passed":
        yield attempt(subject, "gives equal ids in another process", tried.elsewhere)


class _Tried:
    """A fitted encoder, and what is asked of it."""

    def __init__(self, encoder_class: type[Encoder]) -> None:
        self._class = encoder_class
        self._encoder: Any = None
        self._ids: list[list[Any]] = []
        self._reads = reads(encoder_class)
        # What it reads is judged when it is fitted.
        self._samples, unseen = SAMPLES.get(self._reads, SAMPLES["text"])
        self._texts = [*self._samples, *unseen]

    def _fitted(self, num_words: int) -> Any:
        options = check_encoder_options(self._class, {})
        fitted = self._class.fit(list(self._samples), num_words=num_words, skip_top=0, **options)
        for member in ("encode", "to_dict"):
            if not hasattr(fitted, member):
                raise FailedCheckError(f"fit gave {fitted!r}, which has no {member}()")
        if getattr(fitted, "num_words", None) != num_words:
            raise FailedCheckError(
                f"it was fitted with num_words={num_words}, and says "
                f"{getattr(fitted, 'num_words', 'nothing')} itself",
                "keep it as self.num_words",
            )
        return fitted

    def fit(self) -> str:
        if self._reads not in SAMPLES:
            raise FailedCheckError(
                f"its attribute reads is {self._reads!r}", f"give one of {', '.join(SAMPLES)}"
            )
        try:
            self._encoder = self._fitted(MANY_WORDS)
        except UsageError as error:
            if isinstance(error.__cause__, ImportError):
                raise NotTriedError(str(error)) from error
            raise
        return f"{len(self._samples)} texts: {_SAID[self._reads]}"

    @property
    def gives_series(self) -> bool:
        """Whether it gives numbers a step instead of ids; known once it is fitted."""
        return features_of(self._encoder) > 0

    def one_each(self) -> None:
        self._ids = _encoded(self._encoder, self._texts)

    def in_range(self) -> str:
        every = sorted({number for ids in self._ids for number in ids})
        if not every:
            raise FailedCheckError("it gives no ids at all")
        if every[0] < 1:
            raise FailedCheckError(f"it gives the id {every[0]}", "0 is kept for padding")
        _check_highest(every[-1], MANY_WORDS)
        return f"ids from {every[0]} to {every[-1]}"

    def numeric(self) -> str:
        features = features_of(self._encoder)
        values = self._encoder.encode(self._texts).values
        if values.dtype != "float32" or values.shape[1:] != (features,):
            raise FailedCheckError(
                f"its values are {values.dtype} of shape {values.shape}, and it says that a step "
                f"has {features}",
                "give float32 of shape (steps, features)",
            )
        if values.size and not abs(values).max() < float("inf"):
            raise FailedCheckError("it gives what is no number, or infinite")
        return f"{features} a step"

    def heeds(self) -> str:
        try:
            fitted = self._fitted(FEW_WORDS)
            encoded = _encoded(fitted, self._texts)
        except UsageError as error:
            return f"refuses it in words: {error}"
        except DataError as error:
            if self._reads != "ids":
                raise
            return f"refuses higher ones in words: {error}"
        highest = max(max(ids, default=0) for ids in encoded)
        _check_highest(highest, FEW_WORDS)
        return f"ids up to {highest}"

    def one_at_a_time(self) -> None:
        for text, together in zip(self._texts, self._ids, strict=True):
            if _encoded(self._encoder, [text])[0] != together:
                raise FailedCheckError(
                    f"{text[:30]!r} alone has other ids than among others",
                    "encode() may change nothing and count nothing",
                )

    def _stored(self) -> dict[str, Any]:
        described = self._encoder.to_dict()
        try:
            stored = json.loads(json.dumps(described, allow_nan=False))
        except (TypeError, ValueError) as error:
            raise FailedCheckError(
                f"to_dict() gives what JSON cannot keep: {error}",
                "use texts, numbers, lists and dicts with texts as keys",
            ) from None
        if not isinstance(stored, dict):
            raise FailedCheckError(f"to_dict() gives a {type(described).__name__}, not a dict")
        return stored

    def round_trip(self) -> None:
        again = self._class.from_dict(self._stored())
        if _encoded(again, self._texts) != self._ids:
            raise FailedCheckError(
                "from_dict(to_dict()) gives other ids",
                "JSON makes texts of numbers that are keys, and lists of tuples",
            )

    def elsewhere(self) -> None:
        module = self._class.__module__
        if "<locals>" in self._class.__qualname__ or module == "__main__":
            raise NotTriedError("the class cannot be imported: it is made inside a function")
        file = str(sys.modules[module].__file__) if module.startswith("seqclf_plugin_") else ""
        answer = ask(
            "encode",
            {
                "module": module,
                "file": file,
                "name": self._class.__qualname__,
                "stored": self._stored(),
                "texts": self._texts,
            },
            environ={"PYTHONHASHSEED": "4711"},
        )
        if answer != self._ids:
            raise FailedCheckError(
                "the ids differ there", "let nothing depend on hash() or on the order of a set"
            )


def _encoded(encoder: Any, texts: Sequence[str]) -> list[list[Any]]:
    given = encoder.encode(texts)
    if not isinstance(given, Ragged):
        raise FailedCheckError(
            f"encode() gives a {type(given).__name__}", "return Ragged.from_lists([...])"
        )
    if len(given) != len(texts):
        raise FailedCheckError(
            f"encode() gives {len(given)} sequences for {len(texts)} texts",
            "an empty text has an empty one",
        )
    return [ids.tolist() for ids in given]


def _check_highest(highest: int, num_words: int) -> None:
    if highest >= num_words:
        raise FailedCheckError(
            f"it gives the id {highest} with num_words={num_words}",
            "make rarer tokens the unknown one",
        )

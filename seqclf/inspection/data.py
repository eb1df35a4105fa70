"""The encoded data that are looked at, and how to say where a text stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from seqclf.contracts import Kind, Ragged, Side, Split, reads
from seqclf.inspection.findings import MOST_CHARACTERS, MOST_EXAMPLES, Example, Place

CHUNK = 8192
"""Examples looked at in one step, so that what lies on disk is never in memory as a whole."""


class Source(Protocol):
    """A file, or a folder of files, whose places have names."""

    @property
    def unit(self) -> str:
        """What a place counts: "line", "row" or "file"."""

    def at(self, place: int) -> str:
        """Name a place: "tickets.csv line 17"."""
        ...


@dataclass(frozen=True)
class Data:
    """The splits as training would get them.

    Args:
        train: what would be learned from, encoded.
        validation: what epochs would be compared on, or None.
        test: what the result would be judged by, or None.
        labels: the class names in order.
        kind: binary, multiclass or multilabel.
        maxlen: time steps a sequence is padded or cut to.
        truncating: where longer ones are cut.
        encoder: what encoded the texts, or encodes as the ids were; None where it is not known.
        held_out: whether the validation examples are the end of the training examples.
        sources: the file of each split, where there is one; else places are lines.
        tabbed: the splits whose files are split at tabs.
    """

    train: Split
    validation: Split | None
    test: Split | None
    labels: tuple[str, ...]
    kind: Kind
    maxlen: int
    truncating: Side = "pre"
    encoder: Any = None
    held_out: bool = False
    sources: Mapping[str, Source] = field(default_factory=dict)
    tabbed: frozenset[str] = frozenset()

    @property
    def splits(self) -> dict[str, Split]:
        """The splits there are, by name."""
        named = {"train": self.train, "validation": self.validation, "test": self.test}
        return {name: split for name, split in named.items() if split is not None and len(split)}

    @property
    def reads(self) -> str:
        """What the texts are: "text", "ids" or "series"; "ids" where there are only token ids."""
        if self.train.texts is not None:
            return reads(self.encoder)
        return "series" if self.train.ids is None else "ids"

    @property
    def why_no_prose(self) -> str:
        """Why checks of prose cannot be tried; "" where they can."""
        if self.train.texts is None:
            return "the dataset gives token ids, no texts"
        kinds = {"ids": "the texts are token ids", "series": "the texts are series of numbers"}
        return kinds.get(self.reads, "")

    @property
    def things(self) -> str:
        """What an example is called, in the plural: "texts", "sequences" or "series"."""
        return {"text": "texts", "ids": "sequences"}.get(self.reads, "series")

    def things_of(self, count: int) -> str:
        """Give a number of examples with their noun: "1 text", "3 texts"."""
        noun = self.things if count != 1 or self.things == "series" else self.things[:-1]
        return f"{count:,} {noun}"

    def number(self, split: str, index: int) -> int:
        """Give the line, row or file of an example, else its place in the split, from 1."""
        places = self.splits[split].places
        return index + 1 if places is None else int(places[index])

    def in_order(self, places: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
        """Sort (split, index) pairs as they stand in the files."""
        names = list(self.splits)
        return sorted(places, key=lambda place: (names.index(place[0]), self.number(*place)))

    def place(self, split: str, index: int) -> Place:
        """Say where the example at `index` of a split stands."""
        examples, number = self.splits[split], self.number(split, index)
        label = self.label(examples.labels[index])
        source = self.sources.get(split)
        if examples.places is None:
            return Place(split, "example", number, label)
        if source is None:
            return Place(split, "line", number, label)
        return Place(split, source.unit, number, label, source.at(number))

    def label(self, label: Any) -> str:
        """Name the class, or the classes of a multilabel example."""
        if self.kind != "multilabel":
            return self.labels[int(label)]
        return ", ".join(self.labels[number] for number in np.flatnonzero(label)) or "no label"

    def examples(self, places: Iterable[tuple[str, int]]) -> tuple[Example, ...]:
        """Make an example of each text that stands at (split, index), the first few of them."""
        return tuple(self.example([place]) for place in self.in_order(places)[:MOST_EXAMPLES])

    def example(self, places: Sequence[tuple[str, int]], text: str | None = None) -> Example:
        """Make an example of one text and the places it stands at.

        Args:
            places: (split, index) pairs; the first gives the text.
            text: what to show of it; defaults to its beginning.
        """
        told = places[:MOST_EXAMPLES]
        shown = self.beginning(*places[0]) if text is None else text
        where = tuple(self.place(split, index) for split, index in told)
        return Example(shown, where, len(places) - len(told))

    def beginning(self, split: str, index: int) -> str:
        """Give the beginning of a text, or of its ids, on one line."""
        examples = self.splits[split]
        if examples.texts is not None:
            shown = " ".join(examples.texts[index][: 4 * MOST_CHARACTERS].split())
        else:
            shown = " ".join(map(self._word, examples.sequences[index][:MOST_CHARACTERS].tolist()))
        return shown if len(shown) <= MOST_CHARACTERS else shown[: MOST_CHARACTERS - 1] + "…"

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return tuple(getattr(self.encoder, "words_by_id", ()))

    def _word(self, token: Any) -> str:
        """Give the word of a token id, the number itself where it has none."""
        known = isinstance(token, int) and token < len(self._words)
        return (self._words[token] if known else "") or str(token)


def chunks(sequences: Ragged) -> list[tuple[int, int]]:
    """Give where each chunk of sequences starts and stops.

    Example:
        >>> chunks(Ragged.from_lists([[1]] * 3))
        [(0, 3)]
    """
    total = len(sequences)
    return [(start, min(start + CHUNK, total)) for start in range(0, total, CHUNK)]

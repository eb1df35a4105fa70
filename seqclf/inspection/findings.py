"""What a look at the data finds: a verdict, a sentence with the figures, a few examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Literal

from seqclf.inspection.shown import escaped

Verdict = Literal["ok", "look", "wrong", "not tried"]
"""What a finding comes to.

- ok: nothing to do.
- look: it may be meant; look at it before training.
- wrong: as it is, what is learned or measured cannot be trusted; mend it first.
- not tried: the data do not allow the check; the sentence says why.
"""

VERDICTS: tuple[Verdict, ...] = ("ok", "look", "wrong", "not tried")

MOST_EXAMPLES = 5
"""A finding shows no more examples than that, and an example no more places."""

MOST_CHARACTERS = 80
"""A text is shown up to there."""

SPLITS = {"train": "training", "validation": "validation", "test": "test"}
"""The splits' names, and what they are called in a sentence."""


@dataclass(frozen=True)
class Place:
    """Where an example stands.

    Args:
        split: "train", "validation" or "test".
        unit: what `number` counts: a file's "line" or "row", its "file" in a folder, or the
            "example" of the split, from 1, where the data tell no places.
        number: which one.
        label: its class, or its classes separated by commas.
        name: the place by its file's name: "tickets.csv line 17", "pos/3.txt"; "" for none.
    """

    split: str
    unit: str
    number: int
    label: str
    name: str = ""


@dataclass(frozen=True)
class Example:
    """A text as an example of a finding.

    Args:
        text: its beginning, or for damage the part around it.
        places: where it stands, the first few places.
        more: how many places are not told.
    """

    text: str
    places: tuple[Place, ...] = ()
    more: int = 0

    @property
    def where(self) -> str:
        """The places in words.

        Example:
            >>> places = (Place("train", "line", 3, "sad"), Place("train", "line", 8, "sad"))
            >>> Example("oh no", (*places, Place("test", "line", 5, "glad")), more=2).where
            'training lines 3 and 8 (sad), test line 5 (glad) and 2 more'
        """
        told = []
        for (split, unit, label), group in groupby(self.places, _kind_of_place):
            # A line number is written as editors show it, without separators.
            places = list(group)
            if unit == "file":
                told.append(f"{_and([place.name for place in places])} ({escaped(label)})")
                continue
            numbers = [str(place.number) for place in places]
            units = unit if len(numbers) == 1 else f"{unit}s"
            told.append(f"{SPLITS[split]} {units} {_and(numbers)} ({escaped(label)})")
        more = f" and {self.more:,} more" if self.more else ""
        return ", ".join(told) + more


def _kind_of_place(place: Place) -> tuple[str, str, str]:
    return place.split, place.unit, place.label


def _and(items: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(items[:-1]), items[-1]]))


@dataclass(frozen=True)
class Finding:
    """What one check found.

    Args:
        name: the check's name, the same in every run: "duplicate texts".
        verdict: see `Verdict`.
        sentence: what was found, with the figures that matter.
        figures: all figures by name, as JSON values.
        examples: the first few texts concerned.
        advice: what to do about it, "" where there is nothing to do.
    """

    name: str
    verdict: Verdict
    sentence: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()
    advice: str = ""


def passes(findings: Iterable[Finding]) -> bool:
    """Whether nothing is to be looked at; what was not tried does not count.

    Example:
        >>> passes([Finding("lengths", "ok", ""), Finding("damage", "not tried", "")])
        True
        >>> passes([Finding("lengths", "look", "")])
        False
    """
    return all(finding.verdict in ("ok", "not tried") for finding in findings)


def share(part: float, whole: float) -> float:
    """Give a part of a whole, from 0 to 1; 0 of nothing.

    Example:
        >>> share(1, 4), share(0, 0)
        (0.25, 0.0)
    """
    return float(part / whole) if whole else 0.0


def percent(value: float) -> str:
    """Give a share as people read it, never 0 % or 100 % where it is not.

    Example:
        >>> percent(0.0931), percent(0.00001), percent(0.99999), percent(0)
        ('9.3 %', 'under 0.1 %', 'over 99.9 %', '0 %')
    """
    if value in (0, 1):
        return f"{value * 100:.0f} %"
    shown = f"{value * 100:.1f} %"
    return {"0.0 %": "under 0.1 %", "100.0 %": "over 99.9 %"}.get(shown, shown)


def counted(count: int, thing: str, things: str = "") -> str:
    """Give a count and its noun.

    Example:
        >>> counted(1, "text"), counted(1200, "text"), counted(2, "class", "classes")
        ('1 text', '1,200 texts', '2 classes')
    """
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def listed(items: Iterable[str], most: int = 8) -> str:
    """Join items with commas, the first few of them.

    Example:
        >>> listed("abcd", most=2)
        'a, b and 2 more'
    """
    told = list(items)
    more = f" and {len(told) - most:,} more" if len(told) > most else ""
    return ", ".join(told[:most]) + more

"""Class names that look alike, like a missing value, or like several classes in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from seqclf.inspection.data import Data
from seqclf.inspection.findings import Finding, Verdict, counted, listed
from seqclf.inspection.missing import missing_names
from seqclf.inspection.shown import escaped, look_of, quoted, visible

_SEPARATORS = ",;|"


def class_names(data: Data) -> Finding:
    """Find class names that can hardly be meant: a class written in two ways, no class, several."""
    groups = _alike(data.labels)
    missing = missing_names(data.labels)
    separator, several = _several(data.labels)
    figures: dict[str, Any] = {
        "alike": groups,
        "like a missing value": missing,
        "several in one": several,
        "separator": separator,
    }
    told, advice = [], []
    if groups:
        told.append(
            f"{listed(map(_told, groups))} look alike (case, blanks and invisible characters "
            "ignored), but count as different classes"
        )
        advice.append("write each class in one way")
    if missing:
        look = "looks like a missing value" if len(missing) == 1 else "look like missing values"
        told.append(f"{listed(map(quoted, missing))} {look}")
        advice.append("leave such rows out, unless they are meant as a class")
    if several:
        hold = "holds" if len(several) == 1 else "hold"
        told.append(
            f"{counted(len(several), 'class name')} of {len(data.labels):,} {hold} several others: "
            f"{listed(map(quoted, several))}"
        )
        advice.append(_how_to_part(data, separator))
    if not told:
        sentence = "no class name looks like another, like a missing value or like several"
        return Finding("class names", "ok", sentence, figures)
    verdict: Verdict = "wrong" if groups else "look"
    return Finding("class names", verdict, "; ".join(told), figures, advice="; ".join(advice))


def _alike(names: Sequence[str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(look_of(name), []).append(name)
    return [group for group in groups.values() if len(group) > 1]


def _told(group: Sequence[str]) -> str:
    """Name the classes of a group so that they can be told apart."""
    hard = len({visible(escaped(name)) for name in group}) < len(group)
    return " and ".join(quoted(name, hard) for name in group)


def _several(names: Sequence[str]) -> tuple[str, list[str]]:
    """Find names that are others, joined: what stands between them, and the names.

    A name counts if each of its parts is a class, or a part of another name; two such names are
    needed, or one whose parts all are classes; and they are most of those that have the sign.
    """
    whole = {name.strip() for name in names}
    for separator in _SEPARATORS:
        parted = {name: _parts(name, separator) for name in names if separator in name}
        there = Counter(part for parts in parted.values() for part in parts)
        found = [
            name
            for name, parts in parted.items()
            if len(parts) > 1 and all(there[part] > 1 or part in whole for part in parts)
        ]
        sure = len(found) > 1 or any(parted[name] <= whole for name in found)
        if found and sure and 2 * len(found) > len(parted):
            return separator, found
    return "", []


def _parts(name: str, separator: str) -> set[str]:
    return {part.strip() for part in name.split(separator) if part.strip()}


def _how_to_part(data: Data, separator: str) -> str:
    if not data.sources:
        return "give each text its classes one by one"
    if data.kind == "multilabel":
        return f"--separator '{separator}' takes them as several labels"
    more = "" if separator == "," else f" --separator '{separator}'"
    return f"--multilabel{more} takes them as several labels of one text"

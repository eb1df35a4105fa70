"""Texts that say nothing, that look damaged, or that have no blanks between their words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from seqclf.inspection.damage import ADVICE, around, damage_in
from seqclf.inspection.data import Data
from seqclf.inspection.findings import (
    MOST_EXAMPLES,
    SPLITS,
    Example,
    Finding,
    Verdict,
    counted,
    percent,
)
from seqclf.inspection.scan import Scan
from seqclf.inspection.unknown import Counts

WITHOUT_BLANKS = 0.1
"""Where more of the letters are of such scripts, words cannot be told by their blanks."""


def empty(data: Data, scanned: Scan, counts: dict[str, Counts]) -> Finding:
    """Find texts of blanks only, those of which the tokenizer leaves nothing, and missing ones."""
    figures: dict[str, dict[str, int]] = {}
    places: list[tuple[str, int]] = []
    for name, each in counts.items():
        first, after = scanned.rows_of(name)
        missing = np.flatnonzero(scanned.missing[first:after])
        figures[name] = {
            "empty": int(scanned.blank[first:after].sum()),
            "without a token": each.none,
            "like a missing value": len(missing),
        }
        found = {*each.first_none, *missing[:MOST_EXAMPLES].tolist()}
        places += [(name, index) for index in sorted(found)]
    without, in_splits = _summed(figures, "without a token")
    nothing = "step" if data.reads == "series" else "token"
    told, advice = f"every {_singular(data)} has a {nothing}", ""
    if without:
        blank, _ = _summed(figures, "empty")
        has, be = "has" if without == 1 else "have", "is" if blank == 1 else "are"
        told = f"{data.things_of(without)} {has} no {nothing} ({in_splits}); {blank:,} {be} empty"
        advice = "leave such rows out, or mend them: the network reads only padding in them"
    missed, in_splits = _summed(figures, "like a missing value")
    if missed:
        look = "looks like a missing value" if missed == 1 else "look like missing values"
        told += f"; {data.things_of(missed)} {look} ({in_splits})"
        advice = advice or "leave such rows out, or mend them"
    verdict: Verdict = "look" if advice else "ok"
    return Finding("empty texts", verdict, told, figures, data.examples(places), advice)


def _summed(figures: Mapping[str, Mapping[str, int]], what: str) -> tuple[int, str]:
    """Give the sum of a figure over the splits, and "2 training, 1 test"."""
    counts = {name: each[what] for name, each in figures.items() if each[what]}
    parts = [f"{count:,} {SPLITS[name]}" for name, count in counts.items()]
    return sum(counts.values()), ", ".join(parts)


def damage(data: Data, scanned: Scan) -> Finding:
    """Tell the texts with characters that look like encoding damage."""
    if data.why_no_prose:
        return Finding("encoding damage", "not tried", data.why_no_prose)
    figures = {each.kind: each.count for each in scanned.damaged}
    if not figures:
        sentence = "no lost characters, control characters or UTF-8 read as something else"
        return Finding("encoding damage", "ok", sentence, figures)
    total = sum(figures.values())
    parts = [f"{kind} in {count:,}" for kind, count in figures.items()]
    look = "looks" if total == 1 else "look"
    places = [place for each in scanned.damaged for place in each.first]
    return Finding(
        "encoding damage",
        "look",
        f"{counted(total, 'text')} {look} damaged: {', '.join(parts)}",
        figures,
        tuple(_damaged(data, *place) for place in data.in_order(places)[:MOST_EXAMPLES]),
        advice="; ".join(dict.fromkeys(ADVICE[kind] for kind in figures)),
    )


def _damaged(data: Data, split: str, index: int) -> Example:
    texts = data.splits[split].texts
    assert texts is not None
    text = texts[index]
    found = damage_in(text, split in data.tabbed)
    return data.example([(split, index)], around(text, found[1] if found else 0))


def blanks(data: Data) -> Finding:
    """Tell how many letters belong to scripts that are written without blanks between words."""
    name = "scripts without blanks"
    if data.why_no_prose:
        return Finding(name, "not tried", data.why_no_prose)
    from seqclf.encoding.scripts import share_without_spaces

    assert data.train.texts is not None
    found = share_without_spaces(data.train.texts)
    figures = {"share": found}
    sentence = f"{percent(found)} of the letters are of scripts written without blanks"
    if found <= WITHOUT_BLANKS or getattr(data.encoder, "name", "") != "word":
        return Finding(name, "ok", sentence, figures)
    return Finding(
        name,
        "look",
        f"{sentence}, so that tokenizer 'word' takes whole sentences for words",
        figures,
        advice="use --tokenizer char or --tokenizer subword",
    )


def _singular(data: Data) -> str:
    return data.things if data.things == "series" else data.things[:-1]

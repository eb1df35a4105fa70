"""Texts that say nothing, that look damaged, or that have no blanks between their words."""

from __future__ import annotations

from seqclf.inspection.damage import around, damage_in
from seqclf.inspection.data import Data
from seqclf.inspection.findings import MOST_EXAMPLES, SPLITS, Example, Finding, counted, percent
from seqclf.inspection.scan import Scan
from seqclf.inspection.unknown import Counts

WITHOUT_BLANKS = 0.1
"""Where more of the letters are of such scripts, words cannot be told by their blanks."""


def empty(data: Data, scanned: Scan, counts: dict[str, Counts]) -> Finding:
    """Find texts of blanks only, and those of which the tokenizer leaves nothing."""
    figures = {}
    places: list[tuple[str, int]] = []
    for name, each in counts.items():
        first, after = scanned.rows_of(name)
        blank = int(scanned.blank[first:after].sum())
        figures[name] = {"empty": blank, "without a token": each.none}
        places += [(name, index) for index in each.first_none]
    without = sum(each["without a token"] for each in figures.values())
    nothing = "step" if data.reads == "series" else "token"
    if not without:
        sentence = f"every {_singular(data)} has a {nothing}"
        return Finding("empty texts", "ok", sentence, figures)
    parts = [
        f"{each['without a token']:,} {SPLITS[name]}"
        for name, each in figures.items()
        if each["without a token"]
    ]
    blank = sum(each["empty"] for each in figures.values())
    has = "has" if without == 1 else "have"
    sentence = f"{data.things_of(without)} {has} no {nothing} ({', '.join(parts)}); "
    sentence += f"{blank:,} {'is' if blank == 1 else 'are'} empty"
    return Finding(
        "empty texts",
        "look",
        sentence,
        figures,
        data.examples(places),
        advice="leave such rows out, or mend them: the network reads only padding in them",
    )


def damage(data: Data, scanned: Scan) -> Finding:
    """Tell the texts with characters that look like encoding damage."""
    if data.why_no_prose:
        return Finding("encoding damage", "not tried", data.why_no_prose)
    figures = {each.kind: each.count for each in scanned.damaged}
    if not figures:
        sentence = "no lost characters, control characters or UTF-8 read as something else"
        return Finding("encoding damage", "ok", sentence, figures)
    total = sum(figures.values())
    parts = [f"{count:,} {kind}" for kind, count in figures.items()]
    look = "looks" if total == 1 else "look"
    places = [place for each in scanned.damaged for place in each.first]
    return Finding(
        "encoding damage",
        "look",
        f"{counted(total, 'text')} {look} damaged: {', '.join(parts)}",
        figures,
        tuple(_damaged(data, *place) for place in data.in_order(places)[:MOST_EXAMPLES]),
        advice="read the file with the --encoding it was written in, or mend it where it was made",
    )


def _damaged(data: Data, split: str, index: int) -> Example:
    texts = data.splits[split].texts
    assert texts is not None
    text = texts[index]
    found = damage_in(text)
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

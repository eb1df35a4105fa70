"""How long the sequences are, and what `maxlen` cuts."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqclf.contracts import Split
from seqclf.inspection.data import Data
from seqclf.inspection.findings import MOST_EXAMPLES, SPLITS, Finding, percent, share

MUCH_CUT = 0.1
"""Where more of the texts of a split are cut, `maxlen` is worth a look."""

MUCH_PADDING = 4
"""A `maxlen` that many times the longest sequence is mostly padding."""


def lengths(data: Data) -> Finding:
    """Tell the lengths of the sequences as the network reads them, the start mark counted."""
    figures = {name: _lengths(split) for name, split in data.splits.items()}
    train = figures["train"]
    unit = {"series": "steps", "ids": "ids"}.get(data.reads, "tokens")
    sentence = (
        f"training {data.things} have {train['mean']:,.1f} {unit} on average, median "
        f"{train['median']:,.0f}, 95 % have at most {train['95 %']:,.0f}, the longest "
        f"{train['longest']:,}"
    )
    return Finding("lengths", "ok", sentence, figures)


def cut(data: Data) -> Finding:
    """Tell what `maxlen` cuts, and whether it is far more than any sequence needs."""
    figures: dict[str, Any] = {"maxlen": data.maxlen}
    for name, split in data.splits.items():
        figures[name] = _cut(split, data.maxlen)
    parts = [
        f"{percent(figures[name]['share'])} of the {SPLITS[name]} {data.things}"
        for name in data.splits
    ]
    most = max(figures[name]["share"] for name in data.splits)
    cuts = ", ".join(parts) if most else f"none of the {data.things}"
    sentence = f"maxlen {data.maxlen:,} cuts {cuts}"
    longest = max(int(split.sequences.lengths.max()) for split in data.splits.values())
    if most > MUCH_CUT:
        side = "front" if data.truncating == "pre" else "end"
        return Finding(
            "maxlen",
            "look",
            f"{sentence}, at their {side}",
            figures,
            data.examples(_longest(data)),
            advice="raise --maxlen, or --maxlen auto",
        )
    if data.maxlen >= MUCH_PADDING * max(longest, 1):
        return Finding(
            "maxlen",
            "look",
            f"{sentence}; the longest has {longest:,}, so that most steps are padding",
            figures,
            advice="lower --maxlen, or --maxlen auto: padding costs time and helps nothing",
        )
    return Finding("maxlen", "ok", sentence, figures)


def _lengths(split: Split) -> dict[str, Any]:
    found = split.sequences.lengths
    return {
        "mean": float(found.mean()),
        "median": float(np.median(found)),
        "95 %": float(np.percentile(found, 95, method="inverted_cdf")),
        "longest": int(found.max()),
        "shortest": int(found.min()),
    }


def _cut(split: Split, maxlen: int) -> dict[str, Any]:
    found = split.sequences.lengths
    longer = int((found > maxlen).sum())
    lost = int(np.maximum(found - maxlen, 0).sum())
    return {
        "cut": longer,
        "share": share(longer, len(found)),
        "lost": lost,
        "lost share": share(lost, int(found.sum())),
    }


def _longest(data: Data) -> list[tuple[str, int]]:
    """Give the places of the longest training sequences."""
    found = data.train.sequences.lengths
    order = np.argsort(-found, kind="stable")[:MOST_EXAMPLES]
    return [("train", int(index)) for index in order if found[index] > data.maxlen]

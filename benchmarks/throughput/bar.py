"""The bar: every network, every competitor, training and predicting."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from throughput.racing import Race, race
from throughput.reviews import Reviews
from throughput.settings import BAR, COMPETITORS, KERAS, SEQCLF, UNITS, Setting, counts
from throughput.tables import number, print_table, ratio, speed, times

HEADING = (
    "samples a second",
    *("training: min", "median", "max", "seqclf x"),
    *("predicting: min", "median", "max", "seqclf x"),
)


def measure(
    reviews: Reviews,
    folder: Path,
    cells: Sequence[str],
    names: Sequence[str],
    rounds: int,
    samples: int | None,
    quick: bool,
    wait: float,
) -> dict[str, Any]:
    """Print a table a network and the bar; "reached" says whether every least ratio was."""
    results: dict[str, Any] = {}
    judged: list[list[str]] = []
    reached = True
    for cell in cells:
        sizes = counts(cell, samples, quick)
        data = folder / f"{cell}.npz"
        reviews.write(data, sizes)
        outcome = race(Setting(str(data), cell, UNITS[cell]), names, rounds, cell, wait)
        print(
            f"\n{cell}: {sizes.train:,} training and {sizes.validation:,} validation reviews, three"
            f" epochs; {sizes.predict:,} reviews predicted; rounds: {rounds}"
        )
        _print(outcome, names)
        outcome.tell_odd(cell)
        rows, all_reached = _judge(cell, outcome)
        judged += rows
        reached &= all_reached
        results[cell] = {
            "training": outcome.training,
            "predicting": outcome.predicting,
            "answers": outcome.answers,
            "missing": outcome.missing,
            "told": outcome.told,
        }
    if judged:
        print("\nThe bar:")
        print_table(("", "seqclf x", "least", "reached", "aim", "reached"), judged)
    return {"cells": results, "bar": judged, "reached": reached}


def _print(outcome: Race, names: Sequence[str]) -> None:
    rows = []
    for name in names:
        if name not in outcome.training:
            continue
        row = [COMPETITORS[name]]
        for speeds in (outcome.training, outcome.predicting):
            factor = None if name == SEQCLF else ratio(speeds.get(SEQCLF), speeds.get(name))
            row += [*speed(speeds.get(name)), times(factor)]
        rows.append(row)
    print_table(HEADING, rows)


def _judge(cell: str, outcome: Race) -> tuple[list[list[str]], bool]:
    """Give the bar's lines for a network, and whether the least was reached everywhere.

    What could not be measured was not reached.
    """
    keras, training, predicting = BAR.get(cell, (None, None, None))
    if keras is None or training is None or predicting is None:
        return [], True
    fastest, predicts = _fastest(outcome.training), _fastest(outcome.predicting)
    lines = [
        ("training", KERAS, outcome.training, keras),
        ("training", fastest, outcome.training, training),
        ("predicting", predicts, outcome.predicting, predicting),
    ]
    rows, all_reached = [], True
    for place, (work, peer, speeds, (least, aim)) in enumerate(lines):
        factor = ratio(speeds.get(SEQCLF), speeds.get(peer))
        against = COMPETITORS.get(peer, "no peer")
        if place:
            against = f"the fastest peer ({against})"
        rows.append(
            [
                f"{cell}, {work}, x {against}",
                times(factor) or "?",
                f">= {number(least)}",
                _reached(factor, least),
                "" if aim is None else number(aim),
                "" if aim is None else _reached(factor, aim),
            ]
        )
        all_reached &= factor is not None and factor >= least
    return rows, all_reached


def _fastest(speeds: dict[str, list[float]]) -> str:
    peers = {name: statistics.median(rounds) for name, rounds in speeds.items() if name != SEQCLF}
    return max(peers, key=lambda name: peers[name], default="")


def _reached(factor: float | None, wanted: float) -> str:
    return "yes" if factor is not None and factor >= wanted else "no"

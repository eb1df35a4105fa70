"""Texts that stand in the data more than once: in a split, across splits, with other labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seqclf.inspection.data import Data
from seqclf.inspection.findings import (
    MOST_EXAMPLES,
    SPLITS,
    Example,
    Finding,
    counted,
    percent,
    share,
)
from seqclf.inspection.scan import Scan

_SAME = "case and blanks ignored"


@dataclass(frozen=True)
class Copies:
    """The rows whose text stands in the data more than once, equal ones beside each other.

    Args:
        rows: rows of the scan; shape (copies,).
        texts: which text each is, from 0; shape (copies,).
        exact: the same with case and blanks told apart; shape (copies,).
        splits: which split each is in, as its place in `names`; shape (copies,).
        names: the splits' names.
    """

    rows: np.ndarray
    texts: np.ndarray
    exact: np.ndarray
    splits: np.ndarray
    names: tuple[str, ...]

    def within(self, name: str) -> np.ndarray:
        """Mark the rows of a split, none where there is no such split; shape (copies,), bool."""
        if name not in self.names:
            return np.zeros(len(self.rows), bool)
        return self.splits == self.names.index(name)


def find_copies(scanned: Scan) -> Copies:
    """Group equal texts by their digests, 128 bits each.

    Blank texts do not count, nor those that look like a missing value.


    Two different texts among a million share a digest once in 10**26 such files.
    """
    keys, exact = scanned.keys, scanned.exact
    order = np.lexsort((exact, keys[:, 1], keys[:, 0]))
    order = order[~(scanned.blank | scanned.missing)[order]]
    same = (keys[order[1:]] == keys[order[:-1]]).all(axis=1)
    several = np.concatenate([same, [False]]) | np.concatenate([[False], same])
    rows = order[several[: len(order)]]
    texts = _numbered(_changes(keys[rows, 0]) | _changes(keys[rows, 1]))
    spellings = _numbered(_changes(texts) | _changes(exact[rows]))
    starts = np.array(list(scanned.starts.values()))
    splits = np.searchsorted(starts, rows, side="right") - 1
    return Copies(rows, texts, spellings, splits, tuple(scanned.starts))


def duplicates(data: Data, scanned: Scan, copies: Copies) -> Finding:
    """Find texts that repeat an earlier one of the same split."""
    figures = {}
    chosen = np.zeros(len(copies.rows), bool)
    for name in copies.names:
        mask = copies.within(name)
        texts, spellings = copies.texts[mask], copies.exact[mask]
        figures[name] = {
            "repeated": int(mask.sum() - len(np.unique(texts))),
            "to the letter": int(mask.sum() - len(np.unique(spellings))),
            "share": share(int(mask.sum() - len(np.unique(texts))), len(data.splits[name])),
        }
        sizes = np.bincount(texts, minlength=1)
        chosen[mask] = sizes[texts] > 1
    parts = [
        f"{each['repeated']:,} {SPLITS[name]} ({percent(each['share'])})"
        for name, each in figures.items()
        if each["repeated"]
    ]
    if not parts:
        sentence = f"no {_thing(data)} stands in a split twice{_how(data)}"
        return Finding("duplicate texts", "ok", sentence, figures)
    total = int(sum(each["repeated"] for each in figures.values()))
    letter = int(sum(each["to the letter"] for each in figures.values()))
    repeat = "repeats" if total == 1 else "repeat"
    return Finding(
        "duplicate texts",
        "look",
        f"{data.things_of(total)} {repeat} an earlier one of the same split{_how(data)}: "
        f"{', '.join(parts)}{_letter(data, letter)}",
        figures,
        _examples(data, scanned, copies, chosen),
        advice="keep one of each, unless it is meant to count more",
    )


def two_labels(data: Data, scanned: Scan, copies: Copies) -> Finding:
    """Find texts that stand in the data with more than one label."""
    labels = np.concatenate([np.asarray(split.labels) for split in data.splits.values()])
    mine = labels[copies.rows]
    first = np.flatnonzero(_changes(copies.texts))
    differs = mine != mine[first[copies.texts]]
    if differs.ndim > 1:
        differs = differs.any(axis=1)
    texts = np.unique(copies.texts[differs])
    chosen = np.isin(copies.texts, texts)
    figures = {"texts": len(texts), "rows": int(chosen.sum())}
    if not len(texts):
        sentence = f"no {_thing(data)} stands there with two labels{_how(data)}"
        return Finding("two labels", "ok", sentence, figures)
    stand = "stands" if len(texts) == 1 else "stand"
    return Finding(
        "two labels",
        "wrong",
        f"{data.things_of(len(texts))} {stand} there with different labels{_how(data)}, in "
        f"{counted(figures['rows'], 'row')}",
        figures,
        _examples(data, scanned, copies, chosen),
        advice="decide for one label"
        if data.kind != "multilabel"
        else "decide for one set of labels",
    )


def in_training(data: Data, scanned: Scan, copies: Copies, split: str) -> Finding:
    """Find texts of the test or validation split that also stand among those learned from.

    For test texts the validation examples count, too: epochs are chosen by them.

    Args:
        data: the splits.
        scanned: what one pass over them gave.
        copies: the texts that stand there more than once.
        split: "test" or "validation".
    """
    name = f"{split} in training"
    if split not in data.splits:
        return Finding(name, "not tried", f"there is no {split} split")
    sources = ["train", "validation"] if split == "test" else ["train"]
    mine = copies.within(split)
    theirs = np.logical_or.reduce([copies.within(source) for source in sources])
    found = mine & _having(copies.texts, theirs)
    letter = int((mine & _having(copies.exact, theirs)).sum())
    examples = len(data.splits[split])
    total = int(found.sum())
    figures = {
        "found": total,
        "to the letter": letter,
        "share": share(total, examples),
        "in train": int((mine & _having(copies.texts, copies.within("train"))).sum()),
    }
    if split == "test":
        in_validation = mine & _having(copies.texts, copies.within("validation"))
        figures["in validation"] = int(in_validation.sum())
    if not total:
        sentence = f"no {split} {_thing(data)} also stands in training{_how(data)}"
        return Finding(name, "ok", sentence, figures)
    stand = "stands" if total == 1 else "stand"
    told = (
        f"{total:,} of {examples:,} {split} {data.things} ({percent(figures['share'])}) also "
        f"{stand} in training{_how(data)}{_letter(data, letter)}"
    )
    held = figures.get("in validation", 0)
    if held:
        part = "what is held out of it for validation" if data.held_out else "the validation split"
        told += f"; {held:,} in {part}"
    chosen = found | (theirs & _having(copies.texts, found))
    return Finding(
        name,
        "wrong" if split == "test" else "look",
        told,
        figures,
        _examples(data, scanned, copies, chosen, first=split),
        advice=f"take them out of one of the two: the {split} accuracy is too good with them",
    )


def _examples(
    data: Data, scanned: Scan, copies: Copies, chosen: np.ndarray, first: str = ""
) -> tuple[Example, ...]:
    """Give the first few of the chosen texts, each with its chosen rows in order.

    Args:
        data: the splits.
        scanned: what one pass over them gave.
        copies: the texts that stand there more than once.
        chosen: which of the copies count.
        first: the split whose order counts, and which is told first.
    """
    texts, rows = copies.texts[chosen], copies.rows[chosen]
    judged = copies.within(first)[chosen] if first else np.ones(len(rows), bool)
    # Numbers rise with the lines within a split, and from split to split.
    order = _order(data, scanned, rows)
    told = dict.fromkeys(texts[judged][np.argsort(order[judged])].tolist())
    examples = []
    for text in list(told)[:MOST_EXAMPLES]:
        mine = texts == text
        places = [scanned.place(int(row)) for row in rows[mine][np.argsort(order[mine])]]
        places.sort(key=lambda place: place[0] != first)
        examples.append(data.example(places))
    return tuple(examples)


def _order(data: Data, scanned: Scan, rows: np.ndarray) -> np.ndarray:
    """Give numbers by which rows sort as they stand in the files."""
    order = rows.astype(np.int64)
    for name, split in data.splits.items():
        first, after = scanned.rows_of(name)
        mine = (rows >= first) & (rows < after)
        if split.places is not None:
            ranks = np.argsort(np.argsort(split.places[rows[mine] - first], kind="stable"))
            order[mine] = first + ranks
    return order


def _having(groups: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Mark every row of the groups that have a marked row."""
    has = np.zeros(int(groups.max(initial=-1)) + 1, bool)
    has[groups[mask]] = True
    return has[groups]


def _changes(values: np.ndarray) -> np.ndarray:
    """Mark what differs from the row before, all of the first row included."""
    return np.concatenate([np.ones_like(values[:1], bool), values[1:] != values[:-1]])


def _numbered(first: np.ndarray) -> np.ndarray:
    return np.cumsum(first) - 1


def _thing(data: Data) -> str:
    return data.things if data.things == "series" else data.things[:-1]


def _how(data: Data) -> str:
    return f" ({_SAME})" if data.reads == "text" else ""


def _letter(data: Data, count: int) -> str:
    return f"; {count:,} to the letter" if data.reads == "text" else ""

"""Words the vocabulary does not have: their share, and texts that hold nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seqclf.contracts import Split
from seqclf.inspection.data import Data, chunks
from seqclf.inspection.findings import MOST_EXAMPLES, SPLITS, Finding, percent, share

MANY = 0.2
"""Where more of a split's words are unknown, the vocabulary is worth a look."""


@dataclass(frozen=True)
class Counts:
    """What the ids of a split say.

    Args:
        tokens: ids beside start marks.
        unknown: those that stand for an unknown word.
        only_unknown: sequences that have tokens, all of them unknown.
        first: the first few of those.
        none: sequences without any token.
        first_none: the first few of those.
    """

    tokens: int
    unknown: int
    only_unknown: int
    first: tuple[int, ...]
    none: int
    first_none: tuple[int, ...]


def count(split: Split, unknown: int | None, start: int | None) -> Counts:
    """Count the tokens of a split.

    Args:
        split: its sequences are token ids.
        unknown: the id of an unknown word, None where there is none.
        start: the id that every sequence begins with, None for none.

    Example:
        >>> from seqclf.contracts import Ragged
        >>> ids = Ragged.from_lists([[1, 7, 2], [1, 2, 2], [1]])
        >>> found = count(Split(np.zeros(3, int), ids=ids), unknown=2, start=1)
        >>> found.tokens, found.unknown, found.first, found.first_none
        (4, 3, (1,), (2,))
    """
    sequences = split.sequences
    tokens = strange = 0
    only: list[int] = []
    none: list[int] = []
    counts = [0, 0]
    for begin, end in chunks(sequences):
        part = sequences.rows(begin, end)
        lengths = part.lengths.copy()
        known = np.ones(len(part.values), bool) if unknown is None else part.values != unknown
        if start is not None:
            # The mark is told by its place: with skip_top it may have the unknown word's id.
            filled = lengths > 0
            known[part.offsets[:-1][filled]] = False
            lengths -= filled
        sums = np.concatenate([[0], np.cumsum(known)])
        known_here = sums[part.offsets[1:]] - sums[part.offsets[:-1]]
        tokens += int(lengths.sum())
        strange += int((lengths - known_here).sum())
        for place, (rows, chosen) in enumerate(
            ((only, (lengths > 0) & (known_here == 0)), (none, lengths == 0))
        ):
            found = np.flatnonzero(chosen)
            counts[place] += len(found)
            rows.extend((found[: MOST_EXAMPLES - len(rows)] + begin).tolist())
    return Counts(tokens, strange, counts[0], tuple(only), counts[1], tuple(none))


def count_all(data: Data) -> dict[str, Counts]:
    """Count the tokens of every split; of series there are only those without a step."""
    marks = (None, None) if data.reads == "series" else (unknown_id(data), start_id(data))
    return {name: _count_any(split, *marks) for name, split in data.splits.items()}


def _count_any(split: Split, unknown: int | None, start: int | None) -> Counts:
    if split.sequences.values.ndim == 1:
        return count(split, unknown, start)
    lengths = split.sequences.lengths
    none = np.flatnonzero(lengths == 0)
    first = tuple(none[:MOST_EXAMPLES].tolist())
    return Counts(int(lengths.sum()), 0, 0, (), len(none), first)


def unknown_id(data: Data) -> int | None:
    """Give the id of an unknown word, None where the encoder does not say or has none."""
    return _number(data.encoder, "oov_char")


def start_id(data: Data) -> int | None:
    """Give the id that begins every sequence, None where the encoder does not say or has none."""
    return _number(data.encoder, "start_char")


def unknown_words(data: Data, counts: dict[str, Counts]) -> Finding:
    """Tell the share of unknown words in each split."""
    why = _why_not(data)
    if why:
        return Finding("unknown words", "not tried", why)
    figures = {
        name: {"tokens": each.tokens, "unknown": each.unknown, "share": _share(each)}
        for name, each in counts.items()
    }
    judged = [name for name in counts if name != "train"]
    told = listed_shares(counts, judged or ["train"])
    trained = f" ({percent(_share(counts['train']))} of training)" if judged else ""
    sentence = f"{told} are unknown{trained}"
    worst = max(_share(counts[name]) for name in counts)
    if worst <= MANY:
        return Finding("unknown words", "ok", sentence, figures)
    cut = counts["train"].unknown > 0
    more = "raise --num-words" if cut else "add training texts"
    return Finding(
        "unknown words",
        "look",
        sentence,
        figures,
        advice=f"{more}; --tokenizer subword or char knows the parts of unknown words",
    )


def listed_shares(counts: dict[str, Counts], names: list[str]) -> str:
    """Say "12.0 % of the test words and 9.1 % of the validation words"."""
    parts = [f"{percent(_share(counts[name]))} of the {SPLITS[name]} words" for name in names[::-1]]
    return " and ".join(parts)


def only_unknown(data: Data, counts: dict[str, Counts]) -> Finding:
    """Find texts that hold unknown words only, which the network cannot tell from one another."""
    why = _why_not(data)
    if why:
        return Finding("only unknown words", "not tried", why)
    figures = {name: each.only_unknown for name, each in counts.items()}
    total = sum(figures.values())
    if not total:
        sentence = f"no {data.things[:-1]} holds unknown words only"
        return Finding("only unknown words", "ok", sentence, figures)
    parts = [f"{count:,} {SPLITS[name]}" for name, count in figures.items() if count]
    holds = "holds" if total == 1 else "hold"
    places = [(name, index) for name, each in counts.items() for index in each.first]
    return Finding(
        "only unknown words",
        "look",
        f"{data.things_of(total)} {holds} unknown words only ({', '.join(parts)})",
        figures,
        tuple(data.example([place]) for place in places[:MOST_EXAMPLES]),
        advice="the network reads nothing in them that tells one from another",
    )


def _why_not(data: Data) -> str:
    if data.reads == "series":
        return "the texts are series of numbers"
    if unknown_id(data) is not None:
        return ""
    if data.encoder is None:
        return "the dataset gives token ids and does not say which one means unknown"
    name = getattr(data.encoder, "name", type(data.encoder).__name__)
    return f"tokenizer '{name}' has no id for unknown words"


def _share(counts: Counts) -> float:
    return share(counts.unknown, counts.tokens)


def _number(encoder: object, name: str) -> int | None:
    found = getattr(encoder, name, None)
    return found if isinstance(found, int) and not isinstance(found, bool) else None

"""Words the vocabulary does not have: their share, and texts that hold nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seqclf.contracts import Ragged
from seqclf.inspection.data import Data, chunks
from seqclf.inspection.findings import MOST_EXAMPLES, SPLITS, Finding, percent, share

_UNITS = {"char": "characters", "subword": "pieces"}
"""What the ids of a tokenizer stand for; those of others, for words."""

_MORE = {
    "char": "; --tokenizer subword has pieces of every character",
    "subword": "; -t model=bpe has pieces of every character",
}
_WORDS_MORE = "; --tokenizer subword or char knows the parts of unknown words"

MANY = 0.2
"""Where more of a split's words are unknown, the vocabulary is worth a look."""


@dataclass(frozen=True)
class Counts:
    """What the sequences of a split hold.

    Args:
        tokens: ids beside the marks that an empty text gets, too; steps of series.
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


def count(sequences: Ragged, unknown: int | None = None, marks: Sequence[int] = ()) -> Counts:
    """Count tokens, unknown ones, and sequences that have none or no other.

    Args:
        sequences: token ids or series.
        unknown: the id of an unknown word, None where there is none.
        marks: the ids that an empty text is encoded to: its start.

    Example:
        >>> found = count(Ragged.from_lists([[1, 7, 2], [1, 2, 2], [1]]), unknown=2, marks=[1])
        >>> found.tokens, found.unknown, found.first, found.first_none
        (4, 3, (1,), (2,))
    """
    tokens = strange = 0
    only: list[int] = []
    none: list[int] = []
    totals = [0, 0]
    for begin, end in chunks(sequences):
        part = sequences.rows(begin, end)
        lengths = part.lengths - len(marks)
        # With skip_top the start mark itself can have the unknown word's id.
        strange_here = _times(part, unknown) - sum(mark == unknown for mark in marks)
        tokens += int(lengths.sum())
        strange += int(strange_here.sum())
        told = ((only, (lengths > 0) & (strange_here == lengths)), (none, lengths <= 0))
        for place, (rows, chosen) in enumerate(told):
            found = np.flatnonzero(chosen)
            totals[place] += len(found)
            rows.extend((found[: MOST_EXAMPLES - len(rows)] + begin).tolist())
    return Counts(tokens, strange, totals[0], tuple(only), totals[1], tuple(none))


def _times(sequences: Ragged, token: int | None) -> np.ndarray:
    """Count a token in each sequence; shape (sequences,), int64."""
    if token is None:
        return np.zeros(len(sequences), np.int64)
    sums = np.concatenate([[0], np.cumsum(sequences.values == token)])
    return sums[sequences.offsets[1:]] - sums[sequences.offsets[:-1]]


def count_all(data: Data) -> dict[str, Counts]:
    """Count the tokens of every split; nothing is unknown in series."""
    if data.reads == "series":
        return {name: count(split.sequences) for name, split in data.splits.items()}
    marks = data.encoder.encode([""])[0].tolist() if data.reads == "text" else _start(data)
    unknown = unknown_id(data)
    return {name: count(split.sequences, unknown, marks) for name, split in data.splits.items()}


def unknown_id(data: Data) -> int | None:
    """Give the id of an unknown word, None where the encoder does not say or has none."""
    return _number(data.encoder, "oov_char")


def _start(data: Data) -> list[int]:
    start = _number(data.encoder, "start_char")
    return [] if start is None else [start]


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
    told = listed_shares(counts, judged or ["train"], _units(data))
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
        advice=more + _MORE.get(_tokenizer(data), _WORDS_MORE),
    )


def listed_shares(counts: dict[str, Counts], names: list[str], units: str = "words") -> str:
    """Say "12.0 % of the test words and 9.1 % of the validation words"."""
    parts = [
        f"{percent(_share(counts[name]))} of the {SPLITS[name]} {units}" for name in names[::-1]
    ]
    return " and ".join(parts)


def only_unknown(data: Data, counts: dict[str, Counts]) -> Finding:
    """Find texts that hold unknown words only, which the network cannot tell from one another."""
    why = _why_not(data)
    if why:
        return Finding("only unknown words", "not tried", why)
    figures = {name: each.only_unknown for name, each in counts.items()}
    total = sum(figures.values())
    if not total:
        sentence = f"no {data.things[:-1]} holds unknown {_units(data)} only"
        return Finding("only unknown words", "ok", sentence, figures)
    parts = [f"{count:,} {SPLITS[name]}" for name, count in figures.items() if count]
    holds = "holds" if total == 1 else "hold"
    places = [(name, index) for name, each in counts.items() for index in each.first]
    return Finding(
        "only unknown words",
        "look",
        f"{data.things_of(total)} {holds} unknown {_units(data)} only ({', '.join(parts)})",
        figures,
        data.examples(places),
        advice="the network reads nothing there that tells one from another",
    )


def _why_not(data: Data) -> str:
    if data.reads == "series":
        return data.why_no_prose
    if unknown_id(data) is not None:
        return ""
    if data.train.texts is not None and data.why_no_prose:
        return data.why_no_prose
    if data.encoder is None:
        return "the dataset gives token ids and does not say which one means unknown"
    name = getattr(data.encoder, "name", type(data.encoder).__name__)
    return f"tokenizer '{name}' does not say which id means an unknown word"


def _tokenizer(data: Data) -> str:
    return str(getattr(data.encoder, "name", ""))


def _units(data: Data) -> str:
    return _UNITS.get(_tokenizer(data), "words")


def _share(counts: Counts) -> float:
    return share(counts.unknown, counts.tokens)


def _number(encoder: object, name: str) -> int | None:
    found = getattr(encoder, name, None)
    return found if isinstance(found, int) and not isinstance(found, bool) else None

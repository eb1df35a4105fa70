"""One pass over every text: a digest for telling copies, what is empty, missing or damaged."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from seqclf.contracts import Split
from seqclf.inspection.damage import KINDS, damage_in
from seqclf.inspection.data import Data
from seqclf.inspection.findings import MOST_EXAMPLES
from seqclf.inspection.missing import is_missing_text

Advance = Callable[[int, int], None]
"""Takes how many texts are read and how many there are."""

_STEP = 4096


@dataclass(frozen=True)
class Damaged:
    """Texts with one kind of damage: how many, and the first few as (split, index)."""

    kind: str
    count: int
    first: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Scan:
    """What one pass over all texts gives, 26 bytes a text; rows are those of all splits in order.

    Args:
        keys: a digest of each text, its case and blanks evened out; shape (texts, 2), uint64.
        exact: a number for each text as it is, shape (texts,), int64.
        blank: whether nothing but blanks is in it, shape (texts,), bool.
        missing: whether it looks like a missing value, shape (texts,), bool.
        starts: split name to its first row.
        damaged: the damage found, by kind.
    """

    keys: np.ndarray
    exact: np.ndarray
    blank: np.ndarray
    missing: np.ndarray
    starts: dict[str, int]
    damaged: tuple[Damaged, ...]

    def place(self, row: int) -> tuple[str, int]:
        """Give the split and the index in it of a row."""
        which = bisect_right(list(self.starts.values()), row) - 1
        name, start = list(self.starts.items())[which]
        return name, row - start

    def rows_of(self, name: str) -> tuple[int, int]:
        """Give the first row of a split, and the one after its last."""
        later = [start for start in self.starts.values() if start > self.starts[name]]
        return self.starts[name], min(later, default=len(self.exact))


def normal(text: str) -> str:
    r"""Even out case and blanks: texts that agree in this are "the same" text.

    Example:
        >>> normal("  I want\tto EAT\n")
        'i want to eat'
    """
    return " ".join(text.split()).casefold()


@dataclass
class _Damage:
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    first: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: {k: [] for k in KINDS})

    def add(self, kind: str, split: str, index: int) -> None:
        self.counts[kind] += 1
        if len(self.first[kind]) < MOST_EXAMPLES:
            self.first[kind].append((split, index))


def scan(data: Data, advance: Advance | None = None) -> Scan:
    """Read every text once; sequences of ids where there are no texts.

    Args:
        data: the splits.
        advance: told now and then how far it is.
    """
    splits = data.splits
    total = sum(map(len, splits.values()))
    digests = bytearray(16 * total)
    exact = np.zeros(total, np.int64)
    blank, missing = np.zeros(total, bool), np.zeros(total, bool)
    damage, starts, row = _Damage(), {}, 0
    prose = not data.why_no_prose
    for name, split in splits.items():
        starts[name], tabs = row, name in data.tabbed
        for index, (same, itself, text) in enumerate(_contents(split)):
            digests[16 * row : 16 * row + 16] = hashlib.blake2b(same, digest_size=16).digest()
            exact[row], blank[row] = hash(itself), not same
            missing[row] = prose and is_missing_text(text)
            found = damage_in(text, tabs) if prose else None
            if found:
                damage.add(found[0], name, index)
            row += 1
            if advance is not None and row % _STEP == 0:
                advance(row, total)
    keys = np.frombuffer(digests, np.uint64).reshape(total, 2)
    damaged = tuple(
        Damaged(kind, damage.counts[kind], tuple(damage.first[kind]))
        for kind in KINDS
        if damage.counts[kind]
    )
    return Scan(keys, exact, blank, missing, starts, damaged)


def _contents(split: Split) -> Iterator[tuple[bytes, str | bytes, str]]:
    """Give of each example what must be equal in copies, the whole of it, and the text itself."""
    if split.texts is None:
        for sequence in split.sequences:
            content = sequence.tobytes()
            yield content, content, ""
        return
    for text in split.texts:
        yield normal(text).encode("utf-8", "surrogatepass"), text, text

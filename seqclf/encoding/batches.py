"""Texts, so many at a time that what is made of them fits into memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

TEXTS = 1024
CHARACTERS = 2**21


def batches(
    texts: Sequence[str],
    form: Callable[[str], str] = str,
    *,
    characters: int = CHARACTERS,
) -> Iterator[list[str]]:
    """Go through texts, some at a time.

    Args:
        texts: any number, on disk perhaps; only `len` and slices are asked of them.
        form: what is done to each.
        characters: a batch has no more of them, unless a single text has.

    Example:
        >>> list(batches(["A b", "c", "D"], str.lower, characters=4))
        [['a b', 'c'], ['d']]
    """
    batch: list[str] = []
    held = 0
    for start in range(0, len(texts), TEXTS):
        for text in texts[start : start + TEXTS]:
            formed = form(text)
            if batch and held + len(formed) > characters:
                yield batch
                batch, held = [], 0
            batch.append(formed)
            held += len(formed)
    if batch:
        yield batch

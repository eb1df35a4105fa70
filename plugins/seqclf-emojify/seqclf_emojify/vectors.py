"""Reading pretrained word vectors in GloVe's text format."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from seqclf.errors import DataError

from seqclf_emojify.lines import read_lines

if TYPE_CHECKING:
    import numpy as np


def read_vectors(path: Path, words: Container[str]) -> tuple[int, dict[str, np.ndarray]]:
    r"""Read the vectors of some words; the others are passed over.

    A line is a word and its numbers, separated by single spaces. Every line must have
    as many numbers as the first; the numbers themselves are read for wanted words only.
    Entries of several words, which the largest GloVe files have, are passed over.

    Args:
        path: the file, plain or gzip.
        words: whose vectors are wanted, in lower case. The first one of a word counts.

    Returns:
        The length of a vector, and word to vector (float32, shape (length,)).

    Raises:
        DataError: the file cannot be read or is empty, or a line is malformed.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp(), "vectors.txt")
        >>> _ = path.write_text("ball 0.5 -1\nfood 2 0.25\n")
        >>> read_vectors(path, {"food", "love"})
        (2, {'food': array([2.  , 0.25], dtype=float32)})
    """
    import numpy as np

    length = 0
    found: dict[str, np.ndarray] = {}
    for line, text in read_lines(path):
        if not length:
            length = text.count(" ")
            if not length:
                _malformed(path, line, "there are no numbers")
        word, *numbers = text.rsplit(" ", length)
        if len(numbers) < length:
            _malformed(path, line, f"it has {len(numbers)} of the {length} numbers that line 1 has")
        if " " in word:
            if _is_number(word.rsplit(" ", 1)[1]):
                _malformed(path, line, f"it has more numbers than line 1, which has {length}")
            continue
        if word in words and word not in found:
            found[word] = np.array(_numbers(numbers, path, line), np.float32)
    if not length:
        raise DataError(f"{path} is empty", "give a file of word vectors")
    return length, found


def _numbers(texts: list[str], path: Path, line: int) -> list[float]:
    for text in texts:
        if not _is_number(text):
            _malformed(path, line, f"'{text}' is not a number")
    return [float(text) for text in texts]


def _is_number(text: str) -> bool:
    import math

    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _malformed(path: Path, line: int, what: str) -> NoReturn:
    raise DataError(f"{path}, line {line}: {what}", "a line is a word and its numbers")

"""Pretrained word vectors: from a file of them to the first weights of an embedding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from seqclf.contracts import Note
from seqclf.encoding.vector_files import open_vectors
from seqclf.encoding.vector_formats import shown
from seqclf.errors import DataError, UsageError

if TYPE_CHECKING:
    from seqclf.encoding.vector_formats import VectorFile

_MOST_NAMED = 5


@dataclass(frozen=True, eq=False)
class Vectors:
    """The vectors of an encoder's words, as far as a file has them.

    Args:
        matrix: a row a token id; zeros where there is no vector; shape (num_words, dim), float32.
        path: the file.
        wanted: how many words the encoder has.
        found: how many of them have a vector.
        respelled: how many of those were found in another case only: "the" as "The".
        missing: a few of the others, the most frequent first.
        share: the share of the words in the training texts that have a vector, each counted
            as often as it stands there; None where that is not known.
    """

    matrix: np.ndarray
    path: Path
    wanted: int
    found: int
    respelled: int
    missing: tuple[str, ...]
    share: float | None = None

    @property
    def dim(self) -> int:
        """How many numbers a vector has."""
        return int(self.matrix.shape[1])

    @property
    def sentence(self) -> str:
        """What a person should know of it.

        Example:
            >>> matrix = np.zeros((9996, 50), np.float32)
            >>> vectors = Vectors(matrix, Path("vectors.txt"), 9996, 8312, 0, ("dvd", "vhs"))
            >>> for part in vectors.sentence.split("; "): print(part)
            vectors.txt: 50 numbers a word
            8,312 of 9,996 words found (83.2 %)
            the others start at zero, the most frequent of them: 'dvd', 'vhs'
        """
        told = f"{self.path}: {_counted(self.dim, 'number')} a word; {self.found:,} of "
        told += f"{_counted(self.wanted, 'word')} found ({_percent(self.found / self.wanted)})"
        if self.respelled:
            told += f", {self.respelled:,} of them in another case"
        if self.share is not None:
            told += f"; they are {_percent(self.share)} of the words in the training texts"
        if self.missing:
            told += (
                f"; the others start at zero, the most frequent of them: {_listed(self.missing)}"
            )
        return told


def _ignore(sentence: str) -> None:
    return None


def read_vectors(
    path: Path, words: Sequence[str], *, counts: Sequence[int] | None = None, note: Note = _ignore
) -> Vectors:
    """Read the vectors of an encoder's words; all others are passed over.

    GloVe's text, word2vec's text and binary, fastText's `.vec`, and gzip of any are told by
    their content. The file is read once, in pieces: beside the matrix, memory does not grow
    with it.

    A word is looked up as it is; only where the file has it nowhere, the first spelling in
    another case counts ("The" for "the"). Of a word that is there twice, the first counts.
    Words of the file that are not UTF-8, which fastText's files have a few of, can be no
    encoder's words: they are passed over and counted.

    Rows without a vector are zeros: row 0, which is padding, the start mark, the unknown word,
    and every word that the file does not have. While vectors are frozen, such a word is
    silent, where random numbers of the vectors' size would be noise that a network learns by
    heart, the rarest words first; while they are trained, zeros learn as well as anything.
    Keras' own example of pretrained vectors does the same. And no seed takes part.

    Args:
        path: the file.
        words: the word of each id, "" where an id has none: an encoder's `words_by_id`.
        counts: how often each id stands in the training texts; shape (num_words,).
        note: told how many words were found, and which were not.

    Returns:
        The matrix, shape (len(words), dim), and how much of it is filled.

    Raises:
        UsageError: the words are not known, or the file has none of them.
        DataError: the file cannot be read, or is malformed: the line, or the word and byte,
            is named. The numbers of words that are not needed are not looked at.

    Source:
        Pennington, Socher & Manning (2014), GloVe; Mikolov et al. (2013), word2vec;
        Bojanowski et al. (2017), fastText.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp(), "vectors.txt")
        >>> _ = path.write_text("The 0.5 -1\\nfilm 2 0.25\\nand 1 1\\n")
        >>> vectors = read_vectors(path, ["", "", "", "", "the", "film", "dvd"])
        >>> vectors.matrix[4:].tolist(), vectors.missing
        ([[0.5, -1.0], [2.0, 0.25], [0.0, 0.0]], ('dvd',))
    """
    if not any(words[1:]):
        raise UsageError(
            f"vectors cannot be taken from {path}: the words of the token ids are not known",
            "take --tokenizer word and a dataset of texts, or leave the vectors out",
        )
    with open_vectors(path) as file:
        table = _Table(words, file.dim)
        for word, vector in file.vectors(table.wants):
            table.put(word, vector)
    if not file.read:
        raise DataError(f"{path} has no words in it", "get a whole one")
    for sentence in _oddities(path, file, table):
        note(sentence)
    vectors = table.result(path, counts)
    if not vectors.found:
        raise UsageError(
            f"{path} has a vector for none of the {_counted(vectors.wanted, 'word')}",
            f"they are such as {_listed(vectors.missing)}, those of the file such as "
            f"{_listed(table.first)}: is it of another language, or made with another tokenizer?",
        )
    note(vectors.sentence)
    return vectors


class _Table:
    """Rows for words, filled as a file goes by.

    Args:
        words: the word of each row, "" where a row has none.
        dim: how many numbers a row has.
    """

    def __init__(self, words: Sequence[str], dim: int) -> None:
        self.words = words
        self.matrix = np.zeros((len(words), dim), np.float32)
        self.first: list[str] = []
        self.not_utf8 = 0
        # What a row is filled with: nothing, a spelling in another case, the word itself.
        self._filled = bytearray(len(words))
        self._rows: dict[bytes, list[int]] = {}
        for row, word in enumerate(words):
            if row and word:
                self._rows.setdefault(word.lower().encode("utf-8", "surrogatepass"), []).append(row)

    def wants(self, word: bytes) -> bool:
        """Whether a row waits for this word, or for its spelling in another case."""
        if len(self.first) < _MOST_NAMED:
            self.first.append(word.decode("utf-8", "backslashreplace"))
        return bool(self._rows_for(word))

    def _rows_for(self, word: bytes) -> list[int]:
        # First what rejects nearly all of them.
        rows = self._rows.get(word.lower() if word.isascii() else self._lowered(word))
        if rows is None:
            return []
        text = word.decode()
        return [row for row in rows if self._filled[row] < (2 if self.words[row] == text else 1)]

    def _lowered(self, word: bytes) -> bytes:
        try:
            return word.decode().lower().encode()
        except UnicodeDecodeError:
            self.not_utf8 += 1
            return b""

    def put(self, word: bytes, vector: np.ndarray) -> None:
        """Fill the rows that wait for this word."""
        text = word.decode()
        for row in self._rows_for(word):
            self.matrix[row] = vector
            self._filled[row] = 2 if self.words[row] == text else 1

    def result(self, path: Path, counts: Sequence[int] | None) -> Vectors:
        """Give what has come together."""
        filled = np.frombuffer(self._filled, np.uint8)
        has_word = np.array([bool(row and word) for row, word in enumerate(self.words)])
        missing = np.flatnonzero(has_word & (filled == 0))
        share = None
        if counts is not None:
            told = np.asarray(counts)
            missing = missing[np.argsort(-told[missing], kind="stable")]
            share = float(told[filled > 0].sum() / max(1, told[has_word].sum()))
        return Vectors(
            matrix=self.matrix,
            path=path,
            wanted=int(has_word.sum()),
            found=int((filled > 0).sum()),
            respelled=int((filled == 1).sum()),
            missing=tuple(self.words[row] for row in missing[:_MOST_NAMED]),
            share=share,
        )


def _oddities(path: Path, file: VectorFile, table: _Table) -> list[str]:
    """Say what a file has in it that is strange, but can be read."""
    found = []
    if file.told is not None and file.told != file.read:
        # Not an error: the first so many lines are often cut out of a larger file.
        found.append(
            f"{path}: its first line tells of {_counted(file.told, 'word')}, there are "
            f"{file.read:,}"
        )
    if table.not_utf8:
        found.append(f"{path}: {_counted(table.not_utf8, 'word')} not in UTF-8 passed over")
    return found


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _percent(share: float) -> str:
    """Give a share with one decimal; what is nearly all of it is not called all of it."""
    told = f"{100 * share:.1f} %"
    return "over 99.9 %" if share < 1 and told == "100.0 %" else told


def _listed(words: Sequence[str]) -> str:
    """Name words in quotation marks; what cannot be seen is escaped."""
    return ", ".join(f"'{shown(word.encode('utf-8', 'backslashreplace'))}'" for word in words)

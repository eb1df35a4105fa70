"""Reading labelled sentences: `train.csv` and `test.csv` as the emoji exercise has them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, NoReturn

from seqclf.errors import DataError

TRAIN, TEST = "train.csv", "test.csv"
"""The two files of a folder of sentences."""


class Sentence(NamedTuple):
    """A sentence and the number of its class."""

    text: str
    label: int


def has_sentences(folder: Path) -> bool:
    """Whether a folder holds both files."""
    return (folder / TRAIN).is_file() and (folder / TEST).is_file()


def read_sentences(path: Path, classes: int) -> list[Sentence]:
    r"""Read a file of lines `"sentence",label`, without a header.

    Blank lines are skipped, and so are the columns after the label, which some
    copies of the exercise have.

    Args:
        path: the file.
        classes: how many there are; labels are from 0 to below it.

    Raises:
        DataError: the file cannot be read, has no sentence, or a line is malformed.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp(), "train.csv")
        >>> _ = path.write_text('"I am hungry, are you",4\nplay ball\t,1,,[1]\n\n')
        >>> read_sentences(path, 5)
        [Sentence(text='I am hungry, are you', label=4), Sentence(text='play ball', label=1)]
    """
    found = []
    line = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            for row in rows:
                line, first = rows.line_num, line + 1
                if any(cell.strip() for cell in row):
                    found.append(_sentence(row, classes, path, first))
    except csv.Error as error:
        _malformed(path, line + 1, str(error))
    except UnicodeDecodeError:
        raise DataError(f"{path} is not UTF-8 text", "save it as UTF-8") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None
    if not found:
        raise DataError(f"{path} holds no sentence", 'a line is "sentence",label')
    return found


def _sentence(row: list[str], classes: int, path: Path, line: int) -> Sentence:
    text = row[0].strip()
    if not text:
        _malformed(path, line, "there is no sentence")
    if "\n" in text or "\r" in text:
        _malformed(path, line, "a quotation mark is not closed")
    if len(row) < 2:
        _malformed(path, line, "there is no label")
    label = row[1].strip()
    # isdecimal alone would take digits of other scripts, too.
    if not (label.isascii() and label.isdecimal() and int(label) < classes):
        _malformed(path, line, f"the label is '{label}', not a number from 0 to {classes - 1}")
    return Sentence(text, int(label))


def _malformed(path: Path, line: int, what: str) -> NoReturn:
    raise DataError(f"{path}, line {line}: {what}", 'a line is "sentence",label') from None


def in_both(train: Iterable[Sentence], test: Iterable[Sentence]) -> list[str]:
    """Give the test sentences that stand among the training sentences, too.

    Case, punctuation and spaces do not count.

    Example:
        >>> in_both([Sentence("Miss you, so much!", 0)], [Sentence("miss you so much ", 0)])
        ['miss you so much ']
    """
    from seqclf.encoding.words import split_words

    known = {tuple(split_words(sentence.text)) for sentence in train}
    return [sentence.text for sentence in test if tuple(split_words(sentence.text)) in known]

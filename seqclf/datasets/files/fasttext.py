"""fastText's lines: `__label__a __label__b text`."""

from __future__ import annotations

import re
from pathlib import Path

from seqclf.datasets.files.lines import numbered_lines
from seqclf.datasets.files.table import Rows, Table
from seqclf.errors import DataError

PREFIX = "__label__"
"""What a word that is a label begins with."""

_LABEL = re.compile(r"(?<!\S)__label__(\S*)\s*")


def open_fasttext(path: Path, *, encoding: str = "utf-8", labels_required: bool = True) -> Table:
    r"""Open lines of labels and text as a table with the columns "text" and "labels".

    As fastText has it, every word that begins with `__label__` is a label, wherever it stands;
    what is left is the text. The row's labels are a list, without the prefix.

    Args:
        path: the file, plain or gzip.
        encoding: of its text.
        labels_required: whether a line without a label is an error; its list is empty otherwise.

    Raises:
        DataError: the file cannot be read, is empty; while rows are read: a line
            without a label, or with an empty one.

    Example:
        >>> _ = Path("a.txt").write_text("__label__fault __label__urgent It broke\n")
        >>> list(open_fasttext(Path("a.txt")).rows())
        [(1, {'text': 'It broke', 'labels': ['fault', 'urgent']})]
    """
    if next(numbered_lines(path, encoding), None) is None:
        raise DataError(f"{path.name} is empty")
    return Table(
        path,
        ("text", "labels"),
        "line",
        lambda: _rows(path, encoding, labels_required),
        "fastText's __label__ lines",
    )


def _rows(path: Path, encoding: str, labels_required: bool) -> Rows:
    for number, line in numbered_lines(path, encoding):
        labels: list[str] = []
        if PREFIX in line:
            labels = _LABEL.findall(line)
            line = _LABEL.sub("", line)
        if "" in labels:
            raise DataError(f"{path.name} line {number} has an empty label ({PREFIX})")
        if labels_required and not labels:
            raise DataError(
                f"{path.name} line {number} has no label",
                hint=f"begin it with {PREFIX}name; --drop-missing leaves such lines out",
            )
        yield number, {"text": line.strip(), "labels": labels}

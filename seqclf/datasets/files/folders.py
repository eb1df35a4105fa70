"""A folder with one folder a class: a text file is one text."""

from __future__ import annotations

from pathlib import Path

from seqclf.datasets.files.lines import read_text, reading
from seqclf.datasets.files.table import Rows, Table
from seqclf.errors import DataError

SUFFIXES = (".txt", ".txt.gz")
"""What the names of text files end with."""


def open_folder(path: Path, *, encoding: str = "utf-8") -> Table:
    """Open a folder with one folder a class as a table: "text", "label" and "file".

    Classes and their files come sorted by name; hidden ones are skipped, so are files
    that are not `.txt` or `.txt.gz`. The label is the folder's name. A line end at the end of a
    file is dropped.

    Args:
        path: the folder.
        encoding: of the texts.

    Raises:
        DataError: there are no folders in it, or one of them has no text file; while rows are
            read: a file that cannot be had, unpacked or decoded.

    Example:
        >>> Path("mails/spam").mkdir(parents=True)
        >>> _ = Path("mails/spam/1.txt").write_text("Win a prize")
        >>> list(open_folder(Path("mails")).rows())
        [(1, {'text': 'Win a prize', 'label': 'spam', 'file': 'spam/1.txt'})]
    """
    files: list[tuple[str, str]] = []
    classes = [name for name in _names(path) if (path / name).is_dir()]
    if not classes:
        raise DataError(
            f"{path} is a folder without folders in it",
            hint="put the texts of each class into a folder of its name, or name a file",
        )
    for label in classes:
        names = _names(path / label)
        texts = [name for name in names if name.lower().endswith(SUFFIXES)]
        if not texts:
            others = ": no name in it ends with .txt" if names else ""
            raise DataError(
                f"{path / label} has no text file{others}",
                hint="every folder is a class of .txt files; move it away if it is none",
            )
        files += ((label, name) for name in texts)

    def rows() -> Rows:
        for number, (label, name) in enumerate(files, 1):
            text = read_text(path / label / name, encoding)
            text = text.removesuffix("\n").removesuffix("\r")
            yield number, {"text": text, "label": label, "file": f"{label}/{name}"}

    return Table(
        path,
        ("text", "label", "file"),
        "file",
        rows,
        "one folder a class",
        lambda place: str(path.joinpath(*files[place - 1])),
    )


def _names(folder: Path) -> list[str]:
    """Give the sorted names in a folder, without hidden ones."""
    with reading(folder):
        return sorted(found.name for found in folder.iterdir() if found.name[0] != ".")

"""A folder with one folder a class: a text file is one text."""

from __future__ import annotations

from pathlib import Path

from seqclf.datasets.files.lines import read_text, reading
from seqclf.datasets.files.table import Rows, Table
from seqclf.errors import DataError

SUFFIXES = (".txt", ".txt.gz")
"""What the names of text files end with, where there are any such."""

_OF_THE_SYSTEM = ("__MACOSX", "Thumbs.db", "desktop.ini")


def open_folder(path: Path, *, encoding: str = "utf-8") -> Table:
    """Open a folder with one folder a class as a table: "text", "label" and "file".

    Classes and their files come sorted by name; hidden ones are skipped. Where there are files
    that end with `.txt` or `.txt.gz`, only those are texts; where there is none, all files are.
    The label is the folder's name. A line end at the end of a file is dropped.

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
    classes = [name for name in names_in(path) if (path / name).is_dir()]
    if not classes:
        raise DataError(
            f"{path.name or path} is a folder without folders in it",
            hint="put the texts of each class into a folder of its name, or name a file",
        )
    names = {label: names_in(path / label) for label in classes}
    texts = {label: [name for name in names[label] if _is_text(name)] for label in classes}
    notes = []
    if not any(texts.values()):
        texts = {
            label: [name for name in names[label] if (path / label / name).is_file()]
            for label in classes
        }
        notes = [f"{path.name}: no file ends in .txt, so every file is taken for a text"]
    elif others := sum(
        not _is_text(name) and (path / label / name).is_file()
        for label in classes
        for name in names[label]
    ):
        what = (
            "file that does not end in .txt is"
            if others == 1
            else ("files that do not end in .txt are")
        )
        notes = [f"{path.name}: {others:,} {what} left out"]
    for label in classes:
        if not texts[label]:
            others_there = ": no name in it ends with .txt" if names[label] else ""
            raise DataError(
                f"{path.name or path}/{label} has no text file{others_there}",
                hint="every folder is a class of text files; move it away if it is none",
            )
    files = [(label, name) for label in classes for name in texts[label]]

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
        lambda place: "/".join((path.name or ".", *files[place - 1])),
        notes=notes,
    )


def _is_text(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def names_in(folder: Path) -> list[str]:
    """Give the sorted names in a folder, without hidden ones and those that systems leave.

    Raises:
        DataError: the folder cannot be read.

    Example:
        >>> Path("mails/.git").mkdir(parents=True)
        >>> names_in(Path("mails"))
        []
    """
    with reading(folder):
        found = sorted(entry.name for entry in folder.iterdir())
    return [name for name in found if name[0] != "." and name not in _OF_THE_SYSTEM]

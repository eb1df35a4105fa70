"""The first record of a delimited file as the names of its columns."""

from __future__ import annotations

from collections.abc import Sequence


def holds_name(first: Sequence[str], names: Sequence[str]) -> bool:
    """Say whether the first record holds one of the names, numbers of columns aside.

    Example:
        >>> holds_name(["v1", " v2", ""], ["v2"]), holds_name(["1", "2"], ["2"])
        (True, False)
    """
    asked = {name.strip() for name in names if not name.strip().isdecimal()}
    return not asked.isdisjoint(cell.strip() for cell in first)


def names_of_columns(first: list[str], heads: bool) -> tuple[tuple[str, ...], dict[str, str]]:
    """Give the names in the header, or numbers, and what those that came twice are called.

    Args:
        first: the first record.
        heads: whether it is the header.

    Example:
        >>> names_of_columns(["text", "", "text"], heads=True)
        (('text', '2', '3'), {'3': 'text'})
    """
    if not heads:
        return tuple(str(number) for number in range(1, len(first) + 1)), {}
    # A frame saved with its index has a first column without a name.
    given = [cell.strip() for cell in first]
    names: list[str] = []
    renamed = {}
    for number, name in enumerate(given, 1):
        new = name
        if not name or name in names:
            new = str(number)
            while new in names or new in given:
                new = f"column {new}"
            if name:
                renamed[new] = name
        names.append(new)
    return tuple(names), renamed

"""Numbers in texts: where one ends, and how a text is quoted that holds something else."""

from __future__ import annotations

_QUOTED = 40


def fields(text: str) -> list[str]:
    """Split a text at blanks and commas; nothing between two commas is a field, too.

    Brackets around the whole are left out, since that is how lists are often written.

    Example:
        >>> fields("12 5, 99"), fields("[1, 2]"), fields("1,,2"), fields(" ")
        (['12', '5', '99'], ['1', '2'], ['1', '', '2'], [])
    """
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        text = text[1:-1]
    if "," not in text:
        return text.split()
    found: list[str] = []
    for part in text.split(","):
        found += part.split() or [""]
    return found


def quoted(text: str) -> str:
    """Give a text, or its beginning, in quotes and in one line.

    Example:
        >>> quoted("1 2\\n3"), quoted("12 " * 100)
        ("'1 2 3'", "'12 12 12 12 12 12 12 12 12 12 12 12 12 1...'")
    """
    told = " ".join(text[: 4 * _QUOTED].split())
    cut = len(told) > _QUOTED or len(text) > 4 * _QUOTED
    return f"'{told[:_QUOTED]}...'" if cut else f"'{told}'"

"""What a file does not say of itself: its delimiter, and whether its first line is a header."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

DELIMITERS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "bars"}
"""The delimiters that are looked for, in the order of preference."""

NO_DELIMITER = "\U0010ffff"
"""Stands for the delimiter of a file with one column: a code point that no text may hold."""

Records = Sequence[list[str]]

_NAMES = """
    body categories category class classes comment comments content contents description doc
    document documents emotion feedback headline id intent label labels lang language message
    messages polarity rating review reviews score sentence sentences sentiment split stars
    subject subset summary tag tags target text texts title topic topics tweet tweets utterance
"""  # usual names of columns
_KNOWN_NAMES = frozenset(_NAMES.split())


def guess_delimiter(samples: Mapping[str, Records], prefer_tab: bool = False) -> str:
    r"""Choose the delimiter that gives one same number of columns, more than one.

    Args:
        samples: the first records as each delimiter splits them, up to the first that
            cannot be read.
        prefer_tab: takes the tab where it would do.

    Returns:
        The delimiter; `NO_DELIMITER` where none is in the first line and none fits the others.

    Example:
        >>> commas, semicolons = [["text;label"], ["a", "b;1"]], [["text", "label"], ["a,b", "1"]]
        >>> guess_delimiter({",": commas, ";": semicolons})
        ';'
    """
    order = sorted(samples, key=lambda found: not (prefer_tab and found == "\t"))
    fitting = [found for found in order if _fits(samples[found])]
    if fitting:
        if prefer_tab and fitting[0] == "\t":
            return "\t"
        return max(fitting, key=lambda found: _evidence(samples[found]))
    split = [found for found in order if samples[found] and len(samples[found][0]) > 1]
    if split:  # the lines do not agree; the reader will say which
        return max(split, key=lambda found: _evidence(samples[found]))
    return NO_DELIMITER if any(samples.values()) else order[0]


def _usual(records: Records) -> tuple[int, float]:
    """Give the most frequent number of fields and its share of the records."""
    number, count = Counter(map(len, records)).most_common(1)[0]
    return number, count / len(records)


def _fits(records: Records) -> bool:
    """Say whether nearly all records, or most and the first, have one number of fields over 1."""
    if not records:
        return False
    number, share = _usual(records)
    return number > 1 and (share >= 0.9 or (share > 0.5 and len(records[0]) == number))


def _evidence(records: Records) -> tuple[bool, bool, bool, float]:
    """Give what speaks for a delimiter, the strongest first."""
    number, share = _usual(records)
    # What is followed by a blank is more likely a sign of the text's own.
    later = [field for record in records for field in record[1:] if field]
    prose = sum(field.startswith(" ") for field in later) > len(later) / 2
    return share == 1 and number > 1, bool(_known(records)), not prose, share


def guess_header(records: Records) -> bool:
    """Say whether the first record looks like the names of the columns.

    It does where a cell is a usual name ("text", "review_text", "label") that does not return
    in its column; else where all cells hold letters, none is empty, a number or a sentence, no two
    are the same, and none returns in its column. A lone column needs more: a name in one word
    over texts of several. A lone record is no header unless it has a usual name.

    Args:
        records: the first records, the one in question included.

    Example:
        >>> guess_header([["text", "label"], ["never talk to me again", "3"]])
        True
        >>> guess_header([["never talk to me again", "3"], ["I am proud", "2"]])
        False
    """
    if not records:
        return False
    if _known(records):
        return True
    others = records[1:]
    cells = [cell.strip() for cell in records[0]]
    if len(cells) == 1:
        texts = [record for record in others if record and len(record[0].split()) > 1]
        alone = re.fullmatch(r"[^\W\d][\w.-]*", cells[0]) is not None
        return alone and len(texts) > len(others) / 2
    if not others:
        return False  # a row is not lost for a guess
    named = all(_may_be_name(cell) for cell in cells)
    return named and len(set(cells)) == len(cells) and not _returning(records)


def _may_be_name(cell: str) -> bool:
    """Say whether a cell could be a column's name: letters, few words, no sentence."""
    letters = any(character.isalpha() for character in cell)
    short = len(cell) <= 40 and len(cell.split()) <= 4
    return letters and short and not cell.endswith((".", "!", "?")) and not _is_number(cell)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _returning(records: Records) -> set[int]:
    """Give the columns in which the first record's cell is met again."""
    return {
        column
        for column, cell in enumerate(records[0])
        if any(column < len(record) and record[column] == cell for record in records[1:])
    }


def _known(records: Records) -> set[int]:
    """Give the columns whose first cell is a usual name for one, and is not met again."""
    known = {
        column
        for column, cell in enumerate(records[0])
        if len(cell) <= 40
        and not re.search(r"\s", cell.strip())
        and not _KNOWN_NAMES.isdisjoint(re.split(r"[^a-z]+", cell.strip().lower()))
    }
    return known - _returning(records)

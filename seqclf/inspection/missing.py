"""Texts and class names that stand for a missing value in many files."""

from __future__ import annotations

from seqclf.inspection.shown import look_of

_TEXTS = """
    NaN nan NAN NaT None null NULL Null N/A n/a NA #N/A <NA> <null> (null) [null]
"""  # as programs write them; a person may well answer "none"

_NAMES = """
    - -- --- – — ? ?? . '' [] {} (blank) (empty) (none) <none> (null) <null> [null] <na>
    na #na n/a #n/a n.a. nan nat nil none null undefined missing
"""  # in small letters

_KNOWN_TEXTS, _KNOWN_NAMES = frozenset(_TEXTS.split()), frozenset(_NAMES.split())


def is_missing_text(text: str) -> bool:
    """Say whether a text is what programs write for a missing value.

    Example:
        >>> [is_missing_text(text) for text in ("NaN", " N/A ", "none", "nan bread")]
        [True, True, False, False]
    """
    return len(text) < 20 and text.strip() in _KNOWN_TEXTS


def missing_names(names: tuple[str, ...]) -> list[str]:
    """Give the class names that look like a missing value.

    Signs are names where another class is a sign as well, as "+" and "-" are.

    Example:
        >>> missing_names(("good", "N/A", "-")), missing_names(("+", "-"))
        (['N/A', '-'], [])
    """
    looks = {name: look_of(name) for name in names}
    others = {
        look
        for look in looks.values()
        if not _has_letters(look) and look not in _KNOWN_NAMES and look
    }
    return [
        name
        for name, look in looks.items()
        if not look or (look in _KNOWN_NAMES and (_has_letters(look) or not others))
    ]


def _has_letters(name: str) -> bool:
    return any(character.isalnum() for character in name)

"""Names as a sentence shows them, and what of a name can be seen."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"
_FILLERS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Characters that take room, or none, and show nothing, though Unicode calls them letters or
signs."""

_SELECTORS = range(0xFE00, 0xFE10)
_TAGS = 0xE0000  # they tell the flags of some countries apart
_VARIANTS = ("<wide>", "<narrow>", "<noBreak>", "<compat>")

_HEAD, _TAIL = 40, 12
"""Of a long name that many characters are shown, from its beginning and its end."""


def look_of(name: str) -> str:
    r"""Give what two names share that look the same: case, blanks and invisible characters apart.

    Letters in one or two characters, wide letters and ligatures count as the plain ones; raised
    and circled ones do not.

    Example:
        >>> {look_of(name) for name in ("Caf\u00e9", "cafe\u0301\u00a0", "\uff23\u200bAFE\u0301")}
        {'café'}
        >>> look_of("m²") == look_of("m2")
        False
    """
    if name.isascii() and name.isprintable():
        return "".join(name.split()).casefold()
    plain = "".join(map(_plain, visible(name)))
    return unicodedata.normalize("NFC", "".join(plain.split()).casefold())


def visible(name: str) -> str:
    r"""Leave out what is invisible, and write accents in one way.

    Example:
        >>> visible("e\u0301\u200b")
        'é'
    """
    kept = "".join(character for character in name if not _is_invisible(character))
    return unicodedata.normalize("NFC", kept)


def escaped(name: str, hard: bool = False) -> str:
    r"""Write out what cannot be seen in a name, and leave out the middle of a very long one.

    Args:
        name: the name.
        hard: whether what is merely hard to see is written out as well: accents that are
            characters of their own, what joins or varies others.

    Example:
        >>> print(escaped("neg\u00a0"), escaped("\ufeffpos"), escaped("cafe\u0301", hard=True))
        neg\u00a0 \ufeffpos cafe\u0301
    """
    if len(name) > _HEAD + _TAIL + 1:
        name = f"{name[:_HEAD]}…{name[-_TAIL:]}"
    if name.isascii() and name.isprintable():
        return name
    return "".join(_written(character, hard) for character in name)


def quoted(name: str, hard: bool = False) -> str:
    r"""Put `escaped` in quotes.

    Example:
        >>> print(quoted("neg\u00a0"))
        'neg\u00a0'
    """
    return f"'{escaped(name, hard)}'"


def _plain(character: str) -> str:
    """Give the plain character of one that is a variant in its width or its setting."""
    if unicodedata.decomposition(character).startswith(_VARIANTS):
        return unicodedata.normalize("NFKC", character)
    return character


def _is_invisible(character: str) -> bool:
    if character in _FILLERS or ord(character) in _SELECTORS:
        return True
    kind = unicodedata.category(character)
    return (kind == "Cf" and ord(character) < _TAGS) or (kind == "Cc" and not character.isspace())


def _written(character: str, hard: bool) -> str:
    # The joiners shape letters and emoji as they are usually written.
    seen = character.isprintable() and character not in _FILLERS
    if (seen or character in _JOINERS) and not (hard and _is_hard_to_see(character)):
        return character
    named = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}
    number = ord(character)
    return named.get(character, f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}")


def _is_hard_to_see(character: str) -> bool:
    return (
        character in _JOINERS
        or unicodedata.category(character).startswith("M")
        or unicodedata.normalize("NFC", character) != character
    )

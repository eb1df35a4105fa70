"""Characters that look as if a file had been read in the wrong encoding."""

from __future__ import annotations

import re

LOST = "lost characters (U+FFFD)"
MOJIBAKE = "UTF-8 read as something else"
WESTERN = "Windows-1252 read as Latin-1"
CONTROL = "control characters"
SURROGATES = "halves of characters"
SWALLOWED = "several rows in one text (tabs and line ends)"

KINDS = (SWALLOWED, LOST, MOJIBAKE, WESTERN, CONTROL, SURROGATES)
"""What is looked for, as it is called in figures and sentences."""

_READ = "read the file with the --encoding it was written in, or mend it where it was made"

ADVICE = {
    SWALLOWED: "a quote may have swallowed rows: --quote none takes quotes as they stand",
    LOST: "the file itself lacks the lost ones: make it again from what it was made from",
    MOJIBAKE: _READ,
    WESTERN: _READ,
    CONTROL: "remove the control characters from the texts",
    SURROGATES: "mend the halves where the file was made",
}
"""What to do about each kind."""

# A byte from 0x80 to 0xBF, as Windows-1252 or Latin-1 shows it; the quotation marks, dashes and
# blanks among them may also close a word that ends in a letter such as "Ã".
_CLOSING = "’”»…–—\u00a0"
_OPEN = "€‚ƒ„†‡ˆ‰Š‹ŒŽ‘“•˜™š›œžŸ\u0080-\u009f¡-º¼-¿"
_BYTE = f"[{_OPEN}{_CLOSING}]"

_MOJIBAKE = re.compile(
    f"[ÂÃ][{_OPEN}]"  # Western letters: é as "Ã©", a hard blank as "Â "
    f"|(?<![A-ZÀ-Þ])[ÂÃ][{_CLOSING}]"  # but not the end of a word in capitals
    f"|â{_BYTE}{_BYTE}"  # quotation marks, dashes, signs: "â€™"
    f"|[à-ãä-ï][{_OPEN}]{_BYTE}"  # other scripts, three bytes each
    f"|ð[Ÿ\u009f]{_BYTE}{_BYTE}"  # emoji: "ðŸ˜€"
    f"|(?:[ÎÏ]{_BYTE}){{2}}"  # Greek, two letters at least
    f"|(?:[ÐÑ]{_BYTE}){{2}}"  # Cyrillic, likewise
)
_WESTERN = re.compile("[\x80-\x84\x86-\x9f]")  # 0x85 also is a line end of some systems
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_LOST = re.compile("\ufffd")

_PATTERNS = {
    LOST: _LOST,
    MOJIBAKE: _MOJIBAKE,
    WESTERN: _WESTERN,
    CONTROL: _CONTROL,
    SURROGATES: _SURROGATES,
}

_BEFORE, _AFTER = 24, 40


def damage_in(text: str, tabs: bool = False) -> tuple[str, int] | None:
    """Find the first kind of damage in a text and where it is; None where there is none.

    Tabs and line ends are no damage, nor are accents and emoji.

    Args:
        text: the text.
        tabs: whether it comes from a file that is split at tabs, so that a tab and a line end in
            it are those of rows.

    Returns:
        One of `KINDS`, and the index of the first character.

    Example:
        >>> damage_in("a cafÃ© by the sea")
        ('UTF-8 read as something else', 5)
        >>> damage_in("un café «ÉTÉ»") is None
        True
    """
    if text.isprintable() and text.isascii():
        return None
    if tabs and "\t" in text and "\n" in text:
        return SWALLOWED, text.index("\n")
    for kind, pattern in _PATTERNS.items():
        found = pattern.search(text)
        if found:
            return kind, found.start()
    return None


def around(text: str, index: int) -> str:
    """Give the part of a text around a character, on one line.

    Example:
        >>> around("the sign of the old cafÃ© by the sea was new", 23)
        'the sign of the old cafÃ© by the sea was new'
        >>> around("word " * 20 + "cafÃ© " + "word " * 20, 103)
        '…word word word word cafÃ© word word word word word word word wo…'
    """
    start, stop = max(0, index - _BEFORE), index + _AFTER
    part = " ".join(text[start:stop].split())
    return ("…" if start else "") + part + ("…" if stop < len(text) else "")

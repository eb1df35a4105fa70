"""How a text becomes words: normalisation, lower case, punctuation to blanks.

What a text of pure ASCII needs is one table of 128 characters, applied to its
bytes; the other rules are for characters beyond.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
"""What `keras.preprocessing.text.Tokenizer` and R's `text_tokenizer` replaced by a space."""

Normalize = Literal["nfc", "nfkc", "off"]
"""Unicode's canonical composition, its compatibility composition, or the text as it is."""

Punctuation = Literal["unicode", "ascii"]
"""Which punctuation is a blank: all there is, or `FILTERS` alone."""

_ASCII_BLANKS = FILTERS + "\v\f\r\x1c\x1d\x1e\x1f"
# What is rare is named first, what is common is ruled out first: the search is faster so.
_INNER_APOSTROPHE = re.compile(r"’(?<=[^\W_]’)(?=[^\W_])")
_NO_LETTER = re.compile(r"[^\x00-\x7f\w]")
_BLANKS = (
    "\x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)
_ZERO_WIDTH_SPACE = "\u200b"


class _Replacements(dict[str, str]):
    """What stands for a character beyond ASCII; found out once for each."""

    def __missing__(self, character: str) -> str:
        replacement = self[character] = _replacement(character)
        return replacement


def _replacement(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "P" or character.isspace() or character == _ZERO_WIDTH_SPACE:
        return " "
    if category[0] == "S":
        return f" {character} "
    if category == "Cf" or "\ufe00" <= character <= "\ufe0f":
        return ""
    return character


_REPLACEMENTS = _Replacements()


@dataclass(frozen=True)
class Splitting:
    """Rules that split a text into words at its blanks.

    Punctuation is a blank, except the apostrophe: "don't" is one word. Numbers and
    addresses fall apart at theirs: "3.14" is "3" and "14". With
    `punctuation="unicode"`:

    - every character of the Unicode categories P (punctuation) is a blank;
    - the typographic apostrophe (U+2019) between letters or digits counts as "'";
    - every symbol beyond ASCII (category S: emoji, currencies, arrows) is a word of its own;
    - what cannot be seen is left out: soft hyphens, joiners, marks of direction, byte order
      marks (category Cf) and variation selectors; a zero-width space is a blank.

    Texts of pure ASCII come out the same whatever `normalize` and `punctuation` are.

    Args:
        lowercase: whether letters become lower case, as `str.lower` does it.
        normalize: the Unicode normal form, taken before anything else.
        punctuation: which punctuation is a blank.

    Raises:
        ValueError: an unknown normal form or kind of punctuation.

    Example:
        >>> Splitting(punctuation="unicode").words("“Don’t go”… it’s great👍")
        ["don't", 'go', "it's", 'great', '👍']
        >>> Splitting().words("Don't go<br />It's over-long.")
        ["don't", 'go', 'br', "it's", 'over', 'long']
    """

    lowercase: bool = True
    normalize: Normalize = "off"
    punctuation: Punctuation = "ascii"

    def __post_init__(self) -> None:
        if self.normalize not in get_args(Normalize):
            raise ValueError(f"normalize is '{self.normalize}'")
        if self.punctuation not in get_args(Punctuation):
            raise ValueError(f"punctuation is '{self.punctuation}'")

    def words(self, text: str) -> list[str]:
        """Split a text into words."""
        return self.clean(text).translate(self.ascii_table).split()

    @cached_property
    def ascii_table(self) -> dict[int, int]:
        """Code to code for what changes in ASCII: blanks become spaces, letters lower case."""
        table = dict.fromkeys(map(ord, _ASCII_BLANKS), ord(" "))
        if self.lowercase:
            table.update((code, code + 32) for code in range(ord("A"), ord("Z") + 1))
        return table

    def clean(self, text: str) -> str:
        """Apply all rules that characters beyond ASCII need; the table is still to come.

        What it gives has no blank, no punctuation and no upper case beyond ASCII.
        """
        if text.isascii():
            return text
        text = self._normal(text)
        if self.lowercase:
            # Lower case can be composed where upper case cannot: J with caron.
            text = self._normal(text.lower())
        if self.punctuation == "ascii":
            for blank in _BLANKS:
                text = text.replace(blank, " ")
            return text
        text = _INNER_APOSTROPHE.sub("'", text)
        return _NO_LETTER.sub(lambda found: _REPLACEMENTS[found[0]], text)

    def _normal(self, text: str) -> str:
        if self.normalize == "nfc":
            return unicodedata.normalize("NFC", text)
        if self.normalize == "nfkc":
            return unicodedata.normalize("NFKC", text)
        return text


def split_words(text: str) -> list[str]:
    """Split a text into lower-case words, as Keras and R do; apostrophes stay inside.

    Example:
        >>> split_words("Don't go<br />It's over-long.")
        ["don't", 'go', 'br', "it's", 'over', 'long']
    """
    return _AS_KERAS.words(text)


_AS_KERAS = Splitting()

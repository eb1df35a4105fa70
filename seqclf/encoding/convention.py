"""What the character and the subword encoder share: marks, and the form of texts.

The ids are those of Keras' and R's `dataset_imdb`: 0 is padding, 1 the start of a text, 2 an
unknown piece, 3 is not used, and the others follow.
"""

from __future__ import annotations

import unicodedata
from typing import Literal

START, UNKNOWN, FIRST = 1, 2, 4
"""The ids of a text's start, of an unknown piece, and of the first known one."""

Form = Literal["nfc", "nfkc", "off"]
"""Unicode's normal forms; "off" leaves a text as it is."""


def written(text: str, *, lowercase: bool = True, normalize: Form = "nfc") -> str:
    """Bring a text into the form that is counted and encoded.

    Args:
        text: as somebody wrote it.
        lowercase: whether capitals become small letters.
        normalize: "nfc" writes what looks the same alike, such as e with an accent in one or in
            two characters; "nfkc" also makes plain characters of their variants, such as wide
            letters and ligatures; "off" does neither.

    Example:
        >>> written("Cafe\\u0301"), written("\\uff26\\ufb01n", normalize="nfkc")
        ('café', 'ffin')

    Source:
        Unicode Standard Annex 15.
    """
    if text.isascii() or normalize == "off":
        return text.lower() if lowercase else text
    form: Literal["NFC", "NFKC"] = "NFC" if normalize == "nfc" else "NFKC"
    normal = unicodedata.normalize(form, text)
    # Small letters can be written in two characters where the capital was one.
    return unicodedata.normalize(form, normal.lower()) if lowercase else normal

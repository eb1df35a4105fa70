"""From raw text to padded token ids: encoders and padding."""

from __future__ import annotations

from seqclf.contracts import Encoder
from seqclf.hookspecs import hookimpl


@hookimpl
def seqclf_encoders() -> list[type[Encoder]]:
    """Give the word encoder."""
    from seqclf.encoding.words import WordEncoder

    return [WordEncoder]

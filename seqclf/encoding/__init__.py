"""From raw text to padded token ids: encoders and padding."""

from __future__ import annotations

from seqclf.contracts import Encoder
from seqclf.hookspecs import hookimpl


@hookimpl
def seqclf_encoders() -> list[type[Encoder]]:
    """Give the encoders of text, of token ids and of numeric series."""
    from seqclf.encoding.chars import CharEncoder
    from seqclf.encoding.ids import IdsEncoder
    from seqclf.encoding.series import SeriesEncoder
    from seqclf.encoding.subwords import SubwordEncoder
    from seqclf.encoding.words import WordEncoder

    return [WordEncoder, CharEncoder, SubwordEncoder, IdsEncoder, SeriesEncoder]

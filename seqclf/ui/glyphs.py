"""The characters pictures are made of, with and without Unicode, and the bar."""

from __future__ import annotations

from dataclasses import dataclass

from rich.box import Box
from rich.console import Console
from rich.text import Text

from seqclf.ui.consoles import can_draw_unicode


@dataclass(frozen=True)
class Glyphs:
    """One set of characters; each is one column wide."""

    full: str
    rest: str
    spinner: str
    ellipsis: str
    ascii: bool
    box: Box


_BLANK = "    "
_HEAD = "\n".join([_BLANK, _BLANK, " -- ", *[_BLANK] * 5])  # a line below the headings, no more

UNICODE = Glyphs("━", "─", "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "…", False, Box(_HEAD.replace("-", "─")))
ASCII = Glyphs("#", "-", "|/-\\", "~", True, Box(_HEAD, ascii=True))


def glyphs_for(console: Console) -> Glyphs:
    """Give the characters that the console can show."""
    return UNICODE if can_draw_unicode(console) else ASCII


def bar(glyphs: Glyphs, done: float, width: int, style: str = "bar") -> Text:
    """Draw a bar of `width` columns, `done` of it (0 to 1) full."""
    filled = min(width, max(0, int(done * width + 1e-9)))
    return Text.assemble(
        (glyphs.full * filled, style), (glyphs.rest * (width - filled), "bar.rest")
    )

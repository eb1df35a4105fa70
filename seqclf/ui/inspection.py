"""What a look at the data found: a verdict a line, below it the first few texts concerned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from rich.console import Console
from rich.table import Table
from rich.text import Text

from seqclf.ui.consoles import can_draw_unicode
from seqclf.ui.glyphs import glyphs_for
from seqclf.ui.text import cells, fold, number, one_line, shorten

_STYLES = {"ok": "good", "look": "note", "wrong": "error", "not tried": "quiet"}
_WIDTH = max(map(len, _STYLES))
_WIDE = 90  # from here on the names have a column of their own
_LEAST = 24  # columns an example's text must have beside its places


class Example(Protocol):
    """A text and the places it stands at, in words."""

    @property
    def text(self) -> str:
        """Its beginning."""

    @property
    def where(self) -> str:
        """The places."""


class Finding(Protocol):
    """What one check found."""

    @property
    def name(self) -> str:
        """The check."""

    @property
    def verdict(self) -> str:
        """What it comes to: "ok", "look", "wrong" or "not tried"."""

    @property
    def sentence(self) -> str:
        """What was found."""

    @property
    def advice(self) -> str:
        """What to do about it, or ""."""

    @property
    def examples(self) -> Sequence[Example]:
        """The first few texts concerned."""


def print_findings(console: Console, findings: Sequence[Finding], *, title: str = "") -> None:
    """Print findings: a table on a terminal; off it a line each, nothing cut.

    Off a terminal the lines of examples begin with a blank, so that `grep ^wrong` finds findings
    alone.

    Args:
        console: where to.
        findings: in the order they are shown.
        title: stands above them on a terminal.
    """
    if console.is_terminal:
        if title:
            console.print(Text(one_line(title), "title"), soft_wrap=True)
        wide = console.width >= _WIDE
        names = max((len(finding.name) for finding in findings), default=0)
        for finding in findings:
            _draw(console, finding, names if wide else 0)
        console.print()
    else:
        for line in finding_lines(findings):
            console.print(Text(line), soft_wrap=True)
    console.print(Text(tally(findings)), soft_wrap=not console.is_terminal)


def finding_lines(findings: Sequence[Finding]) -> list[str]:
    """Give findings as lines of text: "wrong      two labels: ...", examples below them."""
    lines = []
    for finding in findings:
        lines.append(f"{finding.verdict:<{_WIDTH}}  {one_line(finding.name)}: {_told(finding)}")
        lines += [
            f"{'':<{_WIDTH}}  {one_line(each.where)}: {_shown(each)}" for each in finding.examples
        ]
    return lines


def tally(findings: Sequence[Finding]) -> str:
    """Say what all of it comes to: "1 wrong, 2 to look at, 12 ok, 1 not tried"."""
    words: Mapping[str, str] = {
        "wrong": "wrong",
        "look": "to look at",
        "ok": "ok",
        "not tried": "not tried",
    }
    counts = dict.fromkeys(words, 0)
    for finding in findings:
        counts[finding.verdict] += 1
    return ", ".join(
        f"{number(counts[verdict])} {word}" for verdict, word in words.items() if counts[verdict]
    )


def _told(finding: Finding) -> str:
    told = f"{finding.sentence}; {finding.advice}" if finding.advice else finding.sentence
    return one_line(told)


def _shown(example: Example) -> str:
    return one_line(example.text) or "(empty)"


def _draw(console: Console, finding: Finding, names: int) -> None:
    """Draw a finding; `names` is the width of a column for its name, 0 for none."""
    quiet = "quiet" if finding.verdict == "not tried" else ""
    told = Text(_plain(finding.sentence, console), quiet)
    if finding.advice:
        told.append(f"; {_plain(finding.advice, console)}", "quiet")
    verdict = Text(f"  {finding.verdict}", _STYLES.get(finding.verdict, ""))
    name = Text(one_line(finding.name), "name")
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(width=_WIDTH + 2, no_wrap=True)
    if names:
        grid.add_column(width=names, no_wrap=True)
    grid.add_column(overflow="fold")
    room = console.width - _WIDTH - 2 - 2 - (names + 2 if names else 0)
    examples = [_line(each, room, console) for each in finding.examples]
    if names:
        grid.add_row(verdict, name, told)
        for each in examples:
            grid.add_row("", "", each)
    else:
        grid.add_row(verdict, name.append(": ", "").append_text(told))
        for each in examples:
            grid.add_row("", each)
    console.print(grid)


def _line(example: Example, room: int, console: Console) -> Text:
    """Give an example: its text, cut if it must be, and its places, beside it where there is room.

    Args:
        example: the text and its places.
        room: the columns there are.
        console: what it is drawn on.
    """
    where = _plain(example.where, console)
    left = room - cells(where) - 2
    between = "  " if left >= _LEAST else "\n"
    width = left if left >= _LEAST else room
    shown = _plain(_shown(example), console)
    cut = shorten(shown, width, ellipsis=glyphs_for(console).ellipsis)
    return Text.assemble(cut, between, (where, "quiet"))


def _plain(text: str, console: Console) -> str:
    """Put a text on one line, in characters the console has, so that its width is known."""
    line = one_line(text)
    return line if can_draw_unicode(console) else fold(line, console.encoding)

"""Listings: names with what belongs to them. Into a pipe without Rich, one row a line."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from seqclf.options import Option
from seqclf.ui.terminal import is_drawn, is_utf
from seqclf.ui.text import aligned, cells, fold, number, one_line, setting

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_LEAST = 16  # columns that a wrapping value must have before rows are drawn as blocks instead
_GAP = 2

Row = Sequence[object]


def print_listing(
    rows: Sequence[Row],
    columns: Sequence[str],
    *,
    title: str = "",
    empty: str = "",
    stream: TextIO | None = None,
) -> None:
    """Print rows with their name first.

    On a terminal it is a table, or blocks where the table would be too wide.
    Elsewhere each row is one line of aligned columns, nothing cut, without
    title or headings; "-" stands for what is empty.

    Args:
        rows: one value a column; whole numbers get thousands separators on a terminal.
        columns: the headings.
        title: stands above the table.
        empty: a sentence for a person if there are no rows.
        stream: where to; standard output if not given.
    """
    stream = sys.stdout if stream is None else stream
    if is_drawn(stream):
        from seqclf.ui.consoles import console_for

        console = console_for(stream)
        if rows:
            console.print(names_table(rows, columns, console, title=title))
        elif empty:
            console.print(empty)
        return
    for line in plain_rows(rows):
        stream.write((line if is_utf(stream) else fold(line, stream.encoding)) + "\n")


def print_options(
    options: Sequence[Option], *, title: str = "", stream: TextIO | None = None
) -> None:
    """Print what may be set: name, default, the help and what a value must be.

    A title has an empty line above it, in a pipe the empty line alone.

    `Option.help` is empty where nobody filled it in; see `seqclf.options.documented`.
    """
    stream = sys.stdout if stream is None else stream
    if title:
        stream.write("\n")
    names = [(option.name, _default(option)) for option in options]
    if is_drawn(stream):
        told: list[tuple[str, ...]] = [(_sentence(option),) for option in options]
        columns: tuple[str, ...] = ("option", "default", "meaning")
    else:
        told = [(option.expects, option.help) for option in options]
        columns = ("option", "default", "value", "meaning")
    rows = [(*name, *meaning) for name, meaning in zip(names, told, strict=True)]
    print_listing(rows, columns, title=title, empty="no options", stream=stream)


def _default(option: Option) -> str:
    return "required" if option.required else setting(option.default)


def _sentence(option: Option) -> str:
    help = option.help.rstrip(".")
    return f"{help}; {option.expects}" if help else option.expects


def print_facts(pairs: Sequence[tuple[str, object]], *, stream: TextIO | None = None) -> None:
    """Print labelled values, as `info` and `show` do: "label  value", one a line off a terminal."""
    stream = sys.stdout if stream is None else stream
    print_listing(pairs, ("", ""), stream=stream)


def plain_rows(rows: Sequence[Row]) -> list[str]:
    """Give rows as aligned lines for a pipe."""
    return aligned([[_shown(value) or "-" for value in row] for row in rows])


def _shown(value: object, *, separators: bool = False) -> str:
    if separators and isinstance(value, int) and not isinstance(value, bool):
        return number(value)
    return setting(value) if value is not None else ""


def names_table(
    rows: Sequence[Row],
    columns: Sequence[str],
    console: Console,
    *,
    title: str = "",
) -> RenderableType:
    """Draw rows for a terminal: a table, or blocks where the table would be too wide.

    Only the last column wraps.
    """
    from rich.console import Group
    from rich.text import Text

    texts = [[_shown(value, separators=True) for value in row] for row in rows]
    widths = [max(map(cells, column)) for column in zip(columns, *texts, strict=True)]
    last = min(widths[-1], max(_LEAST, cells(columns[-1])))
    fits = sum(widths[:-1]) + last + _GAP * (len(columns) - 1) <= console.width
    to_right = {
        place for place, column in enumerate(zip(*rows, strict=True)) if all(map(_is_count, column))
    }
    body = _table(texts, columns, console, to_right) if fits else _blocks(texts, columns)
    return Group(Text(one_line(title), "title"), body) if title else body


def _is_count(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _table(
    rows: Sequence[Sequence[str]],
    columns: Sequence[str],
    console: Console,
    to_right: set[int],
) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    from seqclf.ui.glyphs import glyphs_for

    box = glyphs_for(console).box if any(columns) else None
    table = Table(
        box=box,
        show_header=any(columns),
        pad_edge=False,
        show_edge=False,
        padding=(0, _GAP - 1 if box else _GAP, 0, 0),  # a box has a divider besides
    )
    for place, heading in enumerate(columns):
        table.add_column(
            Text(heading),
            style="name" if place == 0 else "",
            justify="right" if place in to_right else "left",
            no_wrap=place < len(columns) - 1,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def _blocks(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> RenderableType:
    """Draw each row as its name and, below it, what belongs to it, item by item."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    from seqclf.ui.flow import Flow

    parts: list[RenderableType] = []
    for row in rows:
        pairs = zip(columns[1:], row[1:], strict=True)
        items = [Text.assemble((heading, "label"), " ", value) for heading, value in pairs if value]
        parts.append(Text(row[0], "name", overflow="fold"))
        parts.append(Padding(Flow(items, "  "), (0, 0, 0, 2)))
    return Group(*parts)

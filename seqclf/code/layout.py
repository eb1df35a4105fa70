"""Putting calls on one line where they fit, else one argument a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 88
"""The longest line of a script, as ruff and black have it."""


@dataclass(frozen=True)
class Group:
    """Items between brackets; an item is a text or a group itself.

    Args:
        opening: what stands before the items, the bracket included: "layers.LSTM(".
        items: the items.
        closing: the closing bracket, and what follows it.
        keep_open: write one item a line even where all fit on one.
    """

    opening: str
    items: Sequence[str | Group]
    closing: str
    keep_open: bool = False


Item = str | Group


def prefixed(prefix: str, item: Item) -> Item:
    """Put a text before an item: an argument's name, an assignment."""
    if isinstance(item, str):
        return prefix + item
    return Group(prefix + item.opening, item.items, item.closing, item.keep_open)


def suffixed(item: Item, suffix: str) -> Item:
    """Put a text behind an item."""
    if isinstance(item, str):
        return item + suffix
    return Group(item.opening, item.items, item.closing + suffix, item.keep_open)


def flat(item: Item) -> str:
    """Write an item on one line.

    Example:
        >>> flat(Group("f(", ["1", Group("[", ["2"], "]")], ")"))
        'f(1, [2])'
    """
    if isinstance(item, str):
        return item
    return item.opening + ", ".join(map(flat, item.items)) + item.closing


def laid_out(item: Item, *, step: int = 4, comma: bool = True, indent: int = 0) -> str:
    """Write an item in lines of at most `WIDTH` characters, where that can be.

    Args:
        item: what to write.
        step: how far each level is indented.
        comma: whether the last of several items on lines of their own has a comma, too.
        indent: how far the item itself is indented; its first line is not.

    Example:
        >>> print(laid_out(Group("f(", ["1", "2"], ")", keep_open=True), step=2, comma=False))
        f(
          1,
          2
        )
    """
    line = flat(item)
    if isinstance(item, str) or (indent + len(line) < WIDTH and not _keeps_open(item)):
        return line
    inner = indent + step
    lines = [laid_out(each, step=step, comma=comma, indent=inner) for each in item.items]
    alone = len(lines) == 1 and isinstance(only := item.items[0], Group) and "=" not in only.opening
    ending = "," if comma and not alone else ""
    body = f",\n{' ' * inner}".join(lines)
    return f"{item.opening}\n{' ' * inner}{body}{ending}\n{' ' * indent}{item.closing}"


def _keeps_open(item: Item) -> bool:
    if isinstance(item, str):
        return False
    return item.keep_open or any(map(_keeps_open, item.items))

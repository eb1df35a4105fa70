"""The options that say how a person's own file is read; they are those of the dataset `file`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from seqclf.cli.sections import SectionOption

SECTION = "Your own file"

_FILE = click.Path(path_type=str)


def _option(*names: str, **settings: Any) -> Any:
    return click.option(*names, cls=SectionOption, section=SECTION, **settings)


COLUMN_OPTIONS = (
    _option(
        "--text-column",
        multiple=True,
        metavar="NAME",
        help="Column of the texts; repeated, the columns are joined.  [default: guessed]",
    ),
    _option("--delimiter", metavar="TEXT", help="What separates the columns.  [default: guessed]"),
    _option("--quote", metavar="TEXT", help='What quotes a field, or none.  [default: "]'),
    _option(
        "--header/--no-header",
        default=None,
        help="Whether the first line names the columns, which are else called 1, 2, …"
        "  [default: guessed]",
    ),
    _option("--encoding", metavar="NAME", help="The file's encoding.  [default: utf-8]"),
)
"""How the columns are found; `seqclf predict --file` has them, too."""

LABEL_OPTIONS = (
    _option("--label-column", metavar="NAME", help="Column of the classes.  [default: guessed]"),
    _option("--labels", metavar="NAMES", help="The classes in order; rows of others are left out."),
    _option(
        "--multilabel", is_flag=True, default=None, help="A text has any number of the classes."
    ),
    _option("--separator", metavar="TEXT", help="What separates a text's labels.  [default: ,]"),
    _option("--drop-missing", is_flag=True, default=None, help="Leave out rows without a class."),
    _option("--test", type=_FILE, metavar="FILE", help="The file to be judged by."),
    _option("--validation", type=_FILE, metavar="FILE", help="The file epochs are compared on."),
    _option("--split-column", metavar="NAME", help="Column that says train, validation or test."),
    _option(
        "--test-split",
        metavar="NUMBER",
        help="Share of the rows held out to be judged by, stratified, where no test file and "
        "no column says which.  [default: 0.2]",
    ),
    _option("--ids", is_flag=True, default=None, help="The columns hold token ids, not texts."),
    _option(
        "--series",
        metavar="wide|long",
        help="The columns hold numbers: wide, a row a series; long, a row a time step.",
    ),
    _option(
        "--series-column", metavar="NAME", help="Column that says which series a row belongs to."
    ),
    _option("--features", metavar="INTEGER", help="Columns a time step, with --series wide."),
)
"""What else is said of a labelled file."""


def file_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say how a labelled file is read."""
    for option in reversed((*COLUMN_OPTIONS[:1], *LABEL_OPTIONS, *COLUMN_OPTIONS[1:])):
        function = option(function)
    return function


def labelled_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say where the texts and the classes of a file are."""
    for option in reversed((COLUMN_OPTIONS[0], LABEL_OPTIONS[0], *COLUMN_OPTIONS[1:])):
        function = option(function)
    return function


def column_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say how the columns of a file are found."""
    for option in reversed(COLUMN_OPTIONS):
        function = option(function)
    return function


NAMES = (
    "text_column",
    "label_column",
    "labels",
    "multilabel",
    "separator",
    "drop_missing",
    "test",
    "validation",
    "split_column",
    "test_split",
    "ids",
    "series",
    "series_column",
    "features",
    "delimiter",
    "quote",
    "header",
    "encoding",
)
"""What the command's arguments are called; so are the options of the dataset `file`."""


def taken_file_options(arguments: dict[str, Any]) -> dict[str, Any]:
    """Take the file's options out of a command's arguments: those that were set."""
    taken = {name: arguments.pop(name) for name in NAMES if name in arguments}
    found = {name: value for name, value in taken.items() if value not in (None, ())}
    if "text_column" in found:
        found["text_column"] = list(found["text_column"])
    if "header" in found:
        found["header"] = "yes" if found["header"] else "no"
    return found

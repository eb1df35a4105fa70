"""What can go wrong, in the caller's words: one sentence, a hint, an exit code."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable


class SeqclfError(Exception):
    """A mistake or mishap that a person can act on.

    Args:
        sentence: what was wrong and where, in one sentence.
        hint: what to do about it, if that is not plain from the sentence.

    Attributes:
        exit_code: the status the command line ends with.

    Example:
        >>> str(SeqclfError("imdb.npz is truncated", hint="download it again"))
        'imdb.npz is truncated; download it again'
    """

    exit_code = 1

    def __init__(self, sentence: str, hint: str = "") -> None:
        self.sentence = sentence.rstrip(".")
        self.hint = hint.rstrip(".")
        super().__init__(f"{self.sentence}; {self.hint}" if self.hint else self.sentence)


class UsageError(SeqclfError):
    """What was asked for cannot be meant: an unknown name, a wrong type or range."""

    exit_code = 2


class DataError(SeqclfError):
    """A data file that cannot be found, read or trusted."""


class RunError(SeqclfError):
    """A run folder that is missing, damaged or only half written."""


class PluginError(SeqclfError):
    """A plugin that fails, or two that claim the same name."""

    exit_code = 3


class PluginUnavailableError(PluginError):
    """Something was asked for that a plugin would have given, had it been there."""


class InterruptedRunError(SeqclfError):
    """Ctrl-C during a run, after what there was has been kept."""

    exit_code = 130


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Give the known name that looks most like `name`, or None.

    Example:
        >>> nearest("lstn", ["gru", "lstm"])
        'lstm'
    """
    matches = difflib.get_close_matches(name.lower(), list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None


MOST_NAMES = 12
"""An error lists no more names than that."""


def unknown(kind: str, name: str, known: Iterable[str], *, hint: str = "") -> UsageError:
    """Make the error for a name nobody knows: the nearest one, else all of them.

    Example:
        >>> print(unknown("architecture", "lstn", ["gru", "lstm"]))
        there is no architecture 'lstn'; did you mean 'lstm'?
    """
    names = sorted(known)
    suggestion = nearest(name, names)
    if suggestion:
        advice = f"did you mean '{suggestion}'?"
    elif names:
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        advice = f"there are: {', '.join(names[:MOST_NAMES])}{more}"
    else:
        advice = "there are none"
    return UsageError(f"there is no {kind} '{name}'", hint=f"{advice} {hint}".rstrip())


MOST_CHARACTERS = 400
"""A library's message is cut after that many."""


def described(error: BaseException, file: str = "") -> str:
    """Say in one line what a library or a plugin raised, and where in the plugin's file.

    Args:
        error: the exception.
        file: the plugin's file; the last place in it is told.

    Example:
        >>> described(ValueError("no such\\n  layer"))
        'ValueError: no such layer'
    """
    told = " ".join(_cause_in_graph(str(error)).split())
    if len(told) > MOST_CHARACTERS:
        half = MOST_CHARACTERS // 2
        told = f"{told[:half]} ... {told[-half:]}"
    said = f"{type(error).__name__}: {told}" if told else type(error).__name__
    return said + place_in(error, file)


def file_of(function: object) -> str:
    """Give the file that a function stands in, "" where it is not known."""
    code = getattr(function, "__code__", None)
    return "" if code is None else str(code.co_filename)


def _cause_in_graph(message: str) -> str:
    """Give the cause in TensorFlow's report of a graph's failure, without its pages of places."""
    if "Graph execution error" not in message:
        return message
    return message.partition("[[{{node")[0].rstrip().rpartition("\n")[2]


def place_in(error: BaseException, file: str) -> str:
    """Say the last place of a traceback in a file: " (mine.py, line 12)", else ""."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if file and trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return f" ({os.path.basename(file)}, line {line})" if line else ""

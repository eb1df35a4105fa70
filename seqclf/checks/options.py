"""Checks of options: documented, with defaults that hold, refusing what they say they refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from seqclf.checks.outcomes import Check, FailedCheckError, attempt
from seqclf.errors import UsageError
from seqclf.options import Option, documented


def check_options(
    subject: str, function: Callable[..., Any], options: tuple[Option, ...], flag: str
) -> Iterator[Check]:
    """Look at what a function's signature and docstring say of its options.

    Args:
        subject: whose options these are.
        function: the function that has them.
        options: its options.
        flag: how they are set: "-p".
    """
    if not options:
        return

    def documents() -> None:
        silent = [name for name, help in documented(function, options).items() if not help]
        if silent:
            raise FailedCheckError(
                f"the docstring of {function.__name__}() does not say what "
                f"{', '.join(silent)} {'is' if len(silent) == 1 else 'are'}",
                "add a line each under Args:",
            )

    def defaults_hold() -> None:
        for option in options:
            if not option.required:
                _check_default(option, flag)

    def refuses() -> None:
        for option in options:
            for value in outside(option):
                _check_refused(option, value, flag)

    yield attempt(subject, "every option is documented", documents)
    yield attempt(subject, "every default is a value its option accepts", defaults_hold)
    yield attempt(subject, "what is not a value of an option is refused", refuses)


def _check_default(option: Option, flag: str) -> None:
    try:
        option.check(option.default, f"{flag} {option.name}")
    except UsageError as error:
        told = error.sentence
        remedy = "choose another default, or widen the option's type"
        if option.default is None:
            remedy = f"write {option.name}: {option.type.__name__} | None = None"
        raise FailedCheckError(
            f"the default of {option.name} would be refused: {told}", remedy
        ) from None


def _check_refused(option: Option, value: Any, flag: str) -> None:
    try:
        option.check(value, f"{flag} {option.name}")
    except UsageError:
        return
    raise FailedCheckError(f"{flag} {option.name}={value} is accepted, though it is no such value")


def outside(option: Option) -> list[Any]:
    """Give values that the option must not accept.

    Example:
        >>> from seqclf.options import Range
        >>> outside(Option("units", int, 3, range=Range(least=1)))
        ['neither a number', 0]
    """
    values: list[Any] = []
    if option.choices:
        values.append("none of these")
    elif option.type is not str and option.type is not tuple:
        values.append("neither a number")
    if option.range is not None:
        allowed = option.range
        step = 1 if option.type is int else 0.5
        values += [option.type(edge) - step for edge in (allowed.least,) if edge is not None]
        values += [option.type(edge) + step for edge in (allowed.most,) if edge is not None]
        values += [option.type(edge) for edge in (allowed.above, allowed.below) if edge is not None]
    return values


def unbounded(options: tuple[Option, ...]) -> list[Option]:
    """Give the options that take any number."""
    return [
        option
        for option in options
        if option.type in (int, float) and option.range is None and not option.choices
    ]

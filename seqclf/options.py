"""Options that come from a signature: names, types, defaults, ranges and help.

An architecture's or a dataset's options are the keyword parameters of its
function. They are read from the signature, so nothing has to be declared
twice, and they are checked before anything heavy is imported.
"""

from __future__ import annotations

import inspect
import math
import types
import typing
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from seqclf.errors import UsageError, nearest


@dataclass(frozen=True)
class Range:
    """The numbers an option allows, both ends included unless `below` is set.

    Example:
        >>> Range(0, below=1).sentence
        'from 0 to below 1'
        >>> 1.5 in Range(0, below=1)
        False
    """

    least: float | None = None
    most: float | None = None
    above: float | None = None
    below: float | None = None

    def __contains__(self, value: float) -> bool:
        return (
            (self.least is None or value >= self.least)
            and (self.most is None or value <= self.most)
            and (self.above is None or value > self.above)
            and (self.below is None or value < self.below)
        )

    @property
    def sentence(self) -> str:
        """The range in words."""
        low, high = "", ""
        if self.least is not None or self.above is not None:
            low = _number(self.least) if self.above is None else f"above {_number(self.above)}"
        if self.most is not None or self.below is not None:
            high = _number(self.most) if self.below is None else f"below {_number(self.below)}"
        if low and high:
            return f"{low} and {high}" if self.above is not None else f"from {low} to {high}"
        if low:
            return low if self.above is not None else f"at least {low}"
        return high if self.below is not None else f"at most {high}"


def _number(value: float | None) -> str:
    return str(value) if isinstance(value, int) else f"{value:g}"


Count = Annotated[int, Range(least=1)]
"""A whole number from 1: `units`, `embedding_dim`, `layers`."""

Rate = Annotated[float, Range(least=0, below=1)]
"""A share that is dropped: 0 drops nothing, below 1."""

_TYPE_WORDS = {
    int: "a whole number",
    float: "a number",
    str: "a text",
    bool: "true or false",
    tuple: "names, separated by commas",
}
NOTHING = ("none", "null")
"""Texts that stand for no value."""

_TRUE = {"true", "yes", "on", "1"}
_FALSE = {"false", "no", "off", "0"}


@dataclass(frozen=True)
class Option:
    """One option: what `-p NAME=VALUE` may set.

    Attributes:
        name: the parameter's name.
        type: `int`, `float`, `bool`, `str`, or `tuple` of texts.
        default: its value when nobody sets it; `inspect.Parameter.empty` if it must be set.
        help: what the docstring says of it.
        choices: the only values allowed, if there are such.
        range: the numbers allowed, if bounded.
        nullable: whether "none" is a value.
        words: texts allowed beside a number, such as "auto".
    """

    name: str
    type: type
    default: Any
    help: str = ""
    choices: tuple[str, ...] = ()
    range: Range | None = None
    nullable: bool = False
    words: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Whether the option has no default."""
        return self.default is inspect.Parameter.empty

    @property
    def expects(self) -> str:
        """What a value must be, in words: "a whole number, at least 1"."""
        if self.choices:
            words = "one of " + ", ".join(self.choices)
        else:
            words = _TYPE_WORDS[self.type]
            if self.range is not None:
                words += f", {self.range.sentence}"
        others = [*self.words, *(["none"] if self.nullable else [])]
        return f"{words}, or {' or '.join(others)}" if others else words

    def check(self, value: Any, where: str) -> Any:
        """Give the value as the option's type, from text or from a Python value.

        Args:
            value: text from a command line or an environment variable, or a
                value of the right type.
            where: what to call the option in an error: "--maxlen", "-p units".

        Raises:
            UsageError: the value has the wrong type or is out of range.

        Example:
            >>> Option("units", int, 32, range=Range(least=1)).check("64", "-p units")
            64
        """
        if value is None or (isinstance(value, str) and value.lower() in NOTHING):
            if self.nullable:
                return None
            raise self._error(value, where)
        if isinstance(value, str) and value.lower() in self.words:
            return value.lower()
        try:
            converted = self._convert(value)
        except (TypeError, ValueError):
            raise self._error(value, where) from None
        if self.choices and converted not in self.choices:
            raise self._error(value, where, nearest(str(converted), self.choices))
        if self.range is not None and converted not in self.range:
            raise self._error(value, where)
        return converted

    def _convert(self, value: Any) -> Any:
        if self.type is bool:
            return _boolean(value)
        if self.type is str:
            if not isinstance(value, str):
                raise TypeError
            return value
        if self.type is tuple:
            return _texts(value)
        if isinstance(value, bool):
            raise TypeError
        if self.type is float:
            number = float(value)
            if not math.isfinite(number):
                raise ValueError
            return number
        if isinstance(value, float) and not value.is_integer():
            raise ValueError
        return int(value)

    def _error(self, value: Any, where: str, suggestion: str | None = None) -> UsageError:
        hint = f"did you mean '{suggestion}'?" if suggestion else ""
        shown = f"'{value}'" if isinstance(value, str) else repr(value)
        return UsageError(f"{where} must be {self.expects}, not {shown}", hint=hint)


def _texts(value: Any) -> tuple[str, ...]:
    texts = value.split(",") if isinstance(value, str) else list(value)
    if not all(isinstance(text, str) for text in texts):
        raise TypeError
    return tuple(text.strip() for text in texts if text.strip())


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text not in _TRUE | _FALSE:
        raise ValueError
    return text in _TRUE


def from_signature(
    function: Callable[..., Any], besides: Collection[str] = ()
) -> tuple[Option, ...]:
    """Read the options of a function: every parameter after the first.

    Supported annotations are `int`, `float`, `bool`, `str`, `Literal[...]` of
    texts, `tuple[str, ...]`, any of these `| None`, a number `| Literal["auto"]`, and
    `Annotated[..., Range(...)]` around them.
    Without an annotation the default's type counts.

    Args:
        function: an architecture's or a dataset's function.
        besides: names of parameters that are not options.

    Returns:
        The options in the order of the signature.

    Raises:
        TypeError: a parameter whose type cannot be an option; this is the
            plugin author's to mend.

    Example:
        >>> def my_lstm(task, units: Count = 32, dropout: Rate = 0.25): ...
        >>> [(option.name, option.default) for option in from_signature(my_lstm)]
        [('units', 32), ('dropout', 0.25)]
    """
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters:
        raise TypeError(f"{function.__name__}() must take a first parameter")
    return tuple(
        _option(function, parameter)
        for parameter in parameters[1:]
        if parameter.name not in besides
    )


def _option(function: Callable[..., Any], parameter: inspect.Parameter) -> Option:
    where = f"parameter '{parameter.name}' of {function.__name__}()"
    if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
        raise TypeError(f"{where}: options need a name each, *args and **kwargs have none")
    hint = _evaluated(parameter.annotation, function)
    if hint is parameter.empty:
        if parameter.default is parameter.empty or parameter.default is None:
            raise TypeError(f"{where} needs a type annotation")
        hint = type(parameter.default)
    return describe(parameter.name, hint, parameter.default, where)


def _evaluated(annotation: Any, function: Callable[..., Any]) -> Any:
    """Evaluate one annotation alone: the first parameter's may name what only type checkers see."""
    if not isinstance(annotation, str):
        return annotation
    holder = types.SimpleNamespace(__annotations__={"hint": annotation})
    scope = getattr(function, "__globals__", {})
    return typing.get_type_hints(holder, scope, scope, include_extras=True)["hint"]


def describe(name: str, hint: Any, default: Any, where: str, help: str = "") -> Option:
    """Make an option from a name, a type annotation and a default.

    Raises:
        TypeError: the annotation is not one an option can have.
    """
    allowed: Range | None = None
    nullable = False
    words: tuple[str, ...] = ()
    while True:
        origin = typing.get_origin(hint)
        if origin is Annotated:
            hint, *extras = typing.get_args(hint)
            allowed = next((extra for extra in extras if isinstance(extra, Range)), allowed)
        elif origin in (typing.Union, types.UnionType):
            members = [member for member in typing.get_args(hint) if member is not type(None)]
            nullable = nullable or len(members) < len(typing.get_args(hint))
            literal = next((m for m in members if typing.get_origin(m) is Literal), None)
            if len(members) == 2 and literal is not None:
                words = typing.get_args(literal)
                members.remove(literal)
            if len(members) != 1:
                raise TypeError(f"{where}: an option has one type, not {hint}")
            hint = members[0]
        else:
            break
    if origin is Literal:
        choices = typing.get_args(hint)
        if not all(isinstance(choice, str) for choice in choices):
            raise TypeError(f"{where}: the choices must be texts")
        if any(choice.lower() in NOTHING for choice in choices):
            raise TypeError(f"{where}: for none, write `| None` behind the choices")
        return Option(name, str, default, help, choices, None, nullable)
    if hint == tuple[str, ...]:
        hint = tuple
    if hint not in _TYPE_WORDS:
        raise TypeError(
            f"{where}: options are int, float, bool, str, Literal or tuple[str, ...], not {hint}"
        )
    return Option(name, hint, default, help, (), allowed, nullable, words)


def documented(function: Callable[..., Any], options: tuple[Option, ...]) -> dict[str, str]:
    """Give the help of each option from the function's docstring (`Args:` section).

    Google, NumPy and reST styles are understood.

    Returns:
        Option name to help, "" where the docstring is silent.
    """
    from docstring_parser import parse

    told = {
        parameter.arg_name: " ".join((parameter.description or "").split())
        for parameter in parse(inspect.getdoc(function) or "").params
    }
    return {option.name: told.get(option.name, "") for option in options}


def check_all(
    options: tuple[Option, ...], given: Mapping[str, Any], *, owner: str, flag: str
) -> dict[str, Any]:
    """Check given values against the options and fill in the defaults.

    Args:
        options: what there is to set.
        given: name to value; texts are converted.
        owner: whose options these are, for errors: "architecture 'lstm'".
        flag: how they are set: "-p".

    Raises:
        UsageError: an unknown name (the nearest is suggested), a wrong value,
            or a required option that is missing.
    """
    known = {option.name: option for option in options}
    for name in given:
        if name not in known:
            suggestion = nearest(name, known)
            hint = (
                f"did you mean '{suggestion}'?"
                if suggestion
                else f"it has: {', '.join(known) or 'none'}"
            )
            raise UsageError(f"{owner} has no option '{name}'", hint=hint)
    values: dict[str, Any] = {}
    for option in options:
        if option.name in given:
            values[option.name] = option.check(given[option.name], f"{flag} {option.name}")
        elif option.required:
            raise UsageError(
                f"{owner} needs {flag} {option.name}=VALUE", hint=f"it is {option.expects}"
            )
        else:
            values[option.name] = option.default
    return values

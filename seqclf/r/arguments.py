"""Checking arguments by a function's signature, in R's words.

R takes `32` where a whole number is meant, which Python would call `32.0`; so
whole numbers are accepted in either form. R cuts `32.9` to 32; that is refused.
"""

from __future__ import annotations

import functools
import inspect
import numbers
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from seqclf.errors import UsageError, nearest
from seqclf.options import Range


class ArgumentError(UsageError):
    """An argument that R's function of that name would not take."""


REFUSALS = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError)
"""What Keras raises for arguments and data that do not fit."""


def refused(function: str, error: Exception) -> ArgumentError:
    """Say in one line in which function Keras refused something, and what it says."""
    told = " ".join(re.sub(r"\x1b\[[0-9;]*m", "", str(error)).split())
    return ArgumentError(f"{function}(): {told or type(error).__name__}")


@dataclass(frozen=True)
class Named:
    """Marks an argument that is an object of Keras' or the name of one.

    Args:
        kind: the module of `keras` that knows the names: "activations", "initializers".
    """

    kind: str


Activation = Annotated[Any, Named("activations")]
Initializer = Annotated[Any, Named("initializers")]
Regularizer = Annotated[Any, Named("regularizers")]
Constraint = Annotated[Any, Named("constraints")]

_WORDS: dict[Any, str] = {
    int: "a whole number",
    float: "a number",
    bool: "True or False",
    str: "a text",
}
_OLD_NAMES = {"lr": "learning_rate", "nb_epoch": "epochs", "return_sequence": "return_sequences"}
_KINDS = {
    "activations": "a function",
    "constraints": "a constraint of Keras'",
    "initializers": "an initializer of Keras'",
    "losses": "a loss of Keras'",
    "metrics": "a metric of Keras'",
    "optimizers": "what optimizer_rmsprop() and its like give",
    "regularizers": "a regularizer of Keras'",
}
_MISSING: Any = inspect.Parameter.empty


def bind(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    *,
    look_up: bool = True,
) -> Any:
    """Match arguments to a function's parameters and check each by its annotation.

    Args:
        function: whose parameters are annotated with `int`, `float`, `bool`, `str`,
            `Literal`, these with a `Range` or `| None`, a `Named`, or `Any`, which is not checked.
        args: its arguments by position.
        kwargs: its arguments by name.
        look_up: whether names of Keras' are looked up, which imports it.

    Returns:
        The `inspect.BoundArguments`, whole numbers as `int`.

    Raises:
        ArgumentError: an argument that is unknown, missing, or of the wrong kind.

    Example:
        >>> def layer(units: int, activation: str | None = None): ...
        >>> bind(layer, (32.0,), {}).arguments
        {'units': 32}
    """
    parameters = inspect.signature(function).parameters
    open_ended = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values())
    if not open_ended:
        for name in kwargs:
            if name not in parameters:
                raise unknown_argument(function.__name__, name, parameters)
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except TypeError as error:
        raise _unbound(function.__name__, parameters, args, kwargs, error) from None
    hints = _hints(function)
    for name, value in bound.arguments.items():
        if parameters[name].kind in (
            inspect.Parameter.VAR_KEYWORD,
            inspect.Parameter.VAR_POSITIONAL,
        ):
            continue
        annotation = hints.get(name, Any)
        if look_up or not any(isinstance(extra, Named) for extra in _extras(annotation)):
            bound.arguments[name] = check(function.__name__, name, value, annotation)
    return bound


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Check a function's arguments by its annotations whenever it is called."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        bound = bind(function, args, kwargs)
        return function(*bound.args, **bound.kwargs)

    return call


_hints = functools.cache(functools.partial(typing.get_type_hints, include_extras=True))


def _extras(annotation: Any) -> tuple[Any, ...]:
    return typing.get_args(annotation)[1:] if _is_annotated(annotation) else ()


def check(function: str, name: str, value: Any, annotation: Any) -> Any:
    """Give the value as its annotation wants it.

    Raises:
        ArgumentError: it does not fit; says what R's argument allows.
    """
    annotation, nullable = _without_none(annotation)
    if value is None and nullable:
        return None
    kind, *extras = typing.get_args(annotation) if _is_annotated(annotation) else (annotation,)
    choices = typing.get_args(kind) if typing.get_origin(kind) is Literal else ()
    for extra in extras:
        if isinstance(extra, Named):
            return check_name(function, name, value, extra.kind)
    if kind is Any:
        return value
    ranges = [extra for extra in extras if isinstance(extra, Range)]
    converted = _convert(value, kind, choices)
    if converted is _MISSING or any(converted not in allowed for allowed in ranges):
        words = _words(kind, choices, ranges, nullable)
        hint = ""
        if choices and isinstance(value, str) and (near := nearest(value, map(str, choices))):
            hint = f"did you mean {near!r}?"
        raise ArgumentError(f"{function}(): `{name}` must be {words}, not {value!r}", hint)
    return converted


def unknown_argument(function: str, name: str, known: Any) -> ArgumentError:
    """Make the error for an argument the function does not have."""
    names = [known_name for known_name in known if known_name not in ("model", "more")]
    near = _OLD_NAMES.get(name) or nearest(name, names)
    hint = f"did you mean `{near}`?" if near in names else f"it has {', '.join(names)}"
    return ArgumentError(f"{function}() has no argument `{name}`", hint)


def _unbound(
    function: str,
    parameters: Mapping[str, inspect.Parameter],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    error: TypeError,
) -> ArgumentError:
    positional = [
        name
        for name, parameter in parameters.items()
        if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]
    for name in positional[len(args) :]:
        if parameters[name].default is _MISSING and name not in kwargs:
            meant = nearest(name, kwargs)
            if meant is not None and meant not in parameters:
                return unknown_argument(function, meant, parameters)
            return ArgumentError(f"{function}() needs `{name}`")
    if len(args) > len(positional):
        told = positional[positional[:1] == ["model"] :]
        return ArgumentError(
            f"{function}() takes only {', '.join(f'`{name}`' for name in told)} by position",
            "give the others by name",
        )
    return ArgumentError(f"{function}(): {error}")


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        arms = [arm for arm in typing.get_args(annotation) if arm is not types.NoneType]
        if len(arms) == 1:
            return arms[0], True
    return annotation, False


def _is_annotated(annotation: Any) -> bool:
    return typing.get_origin(annotation) is Annotated


def _convert(value: Any, kind: Any, choices: tuple[Any, ...]) -> Any:
    """Give the value as `kind`, or `_MISSING` where it is not one."""
    if choices:
        return value if value in choices else _MISSING
    if kind is bool:
        return bool(value) if _is_boolean(value) else _MISSING
    if kind is str:
        return value if isinstance(value, str) else _MISSING
    if kind not in (int, float):
        return value
    if _is_boolean(value) or not isinstance(value, numbers.Real):
        return _MISSING
    if kind is float:
        return float(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    return int(float(value)) if float(value).is_integer() else _MISSING


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")


def _words(kind: Any, choices: tuple[Any, ...], ranges: list[Range], nullable: bool) -> str:
    if choices:
        words = "one of " + ", ".join(map(repr, choices))
    else:
        words = ", ".join([_WORDS.get(kind, "of another kind"), *(r.sentence for r in ranges)])
    return f"{words}, or None" if nullable else words


def check_name(function: str, name: str, value: Any, kind: str) -> Any:
    """Check that Keras knows a name; the value itself, which may be an object, is given back.

    Args:
        function: the R function's name, for errors.
        name: the argument's name.
        value: a name, an object of Keras', or None.
        kind: the module of `keras` that knows the names.

    Raises:
        ArgumentError: there is no such name.
    """
    import keras

    module = getattr(keras, kind)
    if not isinstance(value, str):
        # An optimizer is an object; a function without its parentheses is none.
        fits = isinstance(value, keras.optimizers.Optimizer) or (
            kind != "optimizers" and callable(value)
        )
        if value is None or isinstance(value, dict) or fits:
            return value
        raise ArgumentError(
            f"{function}(): `{name}` must be a name or {_KINDS[kind]}, not {value!r}"
        )
    try:
        module.get(value)
    except (ValueError, TypeError):
        raise _unknown_name(function, name, value, module) from None
    return value


def _unknown_name(function: str, name: str, value: Any, module: Any) -> ArgumentError:
    known = sorted(
        {
            re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", known).lower()
            for known, thing in vars(module).items()
            if callable(thing) and not known.startswith("_")
        }
        - {"get", "serialize", "deserialize", module.__name__.rpartition(".")[2].rstrip("s")}
    )
    near = nearest(str(value), known)
    hint = f"did you mean {near!r}?" if near else f"there are: {', '.join(known)}"
    return ArgumentError(f"{function}(): `{name}` cannot be {value!r}", hint)

"""Making Keras' objects with R's arguments: names checked, shapes and axes as R writes them."""

from __future__ import annotations

import inspect
import numbers
from collections.abc import Mapping
from typing import Annotated, Any

from seqclf.options import Range
from seqclf.r.arguments import (
    REFUSALS,
    ArgumentError,
    check,
    check_name,
    refused,
    unknown_argument,
)

_POSITIVE = ("clipnorm", "clipvalue", "global_clipnorm", "weight_decay")
_EVERY_LAYER = ("activity_regularizer", "dtype", "input_shape", "name", "trainable")


def make(function: str, keras_class: Any, more: Mapping[str, Any], **arguments: Any) -> Any:
    """Make a layer, an optimizer or a callback.

    Args:
        function: the R function's name, for errors.
        keras_class: what to make.
        more: arguments that the R function hands on as they are.
        arguments: those it names itself.

    Raises:
        ArgumentError: Keras has no such argument, or refuses its value.
    """
    known = [*arguments, *_parameters(keras_class)]
    for name in more:
        if name not in known:
            raise unknown_argument(function, name, dict.fromkeys(known))
    checked = {name: _checked(function, name, value, keras_class) for name, value in more.items()}
    try:
        return keras_class(**arguments, **checked)
    except REFUSALS as error:
        raise refused(function, error) from error


def _checked(function: str, name: str, value: Any, keras_class: Any) -> Any:
    """Check an argument by its name or by the kind of Keras' own default."""
    if name == "input_shape":
        return shape(function, name, value)
    if name == "seed":
        return check(function, name, value, int | None)
    if name in _POSITIVE:
        return check(function, name, value, Annotated[float, Range(above=0)] | None)
    for kind in ("initializer", "regularizer", "constraint"):
        if name.endswith(f"_{kind}"):
            return check_name(function, name, value, f"{kind}s")
    default = _parameters(keras_class).get(name)
    if isinstance(default, bool):
        return check(function, name, value, bool)
    if isinstance(default, float):
        return check(function, name, value, float)
    return value


def _parameters(keras_class: Any) -> dict[str, Any]:
    """Give what a Keras class takes, name to default."""
    import keras

    found = dict.fromkeys(_EVERY_LAYER) if issubclass(keras_class, keras.Layer) else {}
    for base in reversed(keras_class.__mro__):
        if "__init__" in vars(base) and base is not object:
            found |= {
                parameter.name: parameter.default
                for parameter in inspect.signature(base.__init__).parameters.values()
                if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
            }
    return {name: default for name, default in found.items() if name not in ("self", "cell")}


def shape(function: str, name: str, value: Any) -> tuple[int | None, ...]:
    """Give a shape as Keras wants it; R writes `500` for `(500,)`, and NA is None.

    Example:
        >>> shape("layer_input", "shape", 500.0), shape("layer_input", "shape", (None, 3))
        ((500,), (None, 3))
    """
    lengths = value if isinstance(value, (tuple, list)) else [value]
    made: list[int | None] = []
    for length in lengths:
        if length is not None and not (
            isinstance(length, numbers.Real) and float(length).is_integer() and float(length) > 0
        ):
            raise ArgumentError(
                f"{function}(): `{name}` must be a length or a tuple of lengths, "
                f"None for any length, not {value!r}"
            )
        made.append(None if length is None else int(float(length)))
    return tuple(made)


def axis(function: str, value: int) -> int:
    """Give R's axis, counted from 1, as Keras counts; negative ones count from the end in both.

    Example:
        >>> axis("layer_concatenate", 2), axis("layer_concatenate", -1)
        (1, -1)
    """
    if value == 0:
        raise ArgumentError(
            f"{function}(): `axis` counts from 1 as in R, or from the end with -1; 0 is neither"
        )
    return value - 1 if value > 0 else value

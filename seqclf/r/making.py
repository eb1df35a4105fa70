"""Making Keras' objects with R's arguments: names checked, shapes and axes as R writes them."""

from __future__ import annotations

import inspect
import numbers
from collections.abc import Mapping
from typing import Any

from seqclf.r.arguments import ArgumentError, check_name, unknown_argument

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
        for kind in ("initializer", "regularizer", "constraint"):
            if name.endswith(f"_{kind}"):
                check_name(function, name, more[name], f"{kind}s")
    more = dict(more)
    if "input_shape" in more:
        more["input_shape"] = shape(function, "input_shape", more["input_shape"])
    try:
        return keras_class(**arguments, **more)
    except (ValueError, TypeError) as error:
        raise ArgumentError(f"{function}(): {' '.join(str(error).split())}") from error


def _parameters(keras_class: Any) -> list[str]:
    import keras

    names = list(_EVERY_LAYER) if issubclass(keras_class, keras.Layer) else []
    for base in reversed(keras_class.__mro__):
        if "__init__" in vars(base) and base is not object:
            names += [
                parameter.name
                for parameter in inspect.signature(base.__init__).parameters.values()
                if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
            ]
    return [name for name in names if name != "self"]


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

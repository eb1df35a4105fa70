"""`model | layer_…()` and `model | compile(…)`: calls that wait for the model on their left."""

from __future__ import annotations

import contextlib
import functools
import numbers
from collections.abc import Callable
from typing import Any

from seqclf.r.arguments import REFUSALS, ArgumentError, bind, refused
from seqclf.r.sequences import check_sequence


class Pending:
    """A call that waits for what is piped into it, R's `%>%`.

    Args:
        name: the function's name, for errors.
        call: what to do with the object on the left.
    """

    __array_ufunc__ = None  # numpy's `|` must leave an array on the left to __ror__

    def __init__(self, name: str, call: Callable[[Any], Any]) -> None:
        self.name = name
        self._call = call

    def __repr__(self) -> str:
        return f"<{self.name}() waiting for a model: model | {self.name}(…)>"

    def __ror__(self, model: Any) -> Any:
        if not has_weights(model):
            raise ArgumentError(
                f"{self.name}() was piped into {_named(model)}, which is not a model",
                _FUNCTIONAL.format(self.name) if hasattr(model, "shape") else _START,
            )
        return self._call(model)

    def __or__(self, other: Any) -> Any:
        raise ArgumentError(f"a pipe that begins with {self.name}() has no model", _START)

    @property
    def shape(self) -> Any:
        """Not there: a Keras tensor that takes `|` for a logical or looks for it, and is told."""
        raise ArgumentError(
            f"`|` between a tensor and {self.name}() would be a logical or",
            _FUNCTIONAL.format(self.name),
        )


class PendingLayer(Pending):
    """A layer to be: made when it meets its model, so that nothing heavy is imported before.

    Args:
        name: the function's name.
        make: makes the Keras layer.
    """

    def __init__(self, name: str, make: Callable[[], Any]) -> None:
        super().__init__(name, lambda model: add(name, model, make()))
        self.make = make

    def __call__(self, x: Any) -> Any:
        """Call the layer on a tensor, as Keras' own layers are called."""
        return add(self.name, x, self.make())


class Unchanged:
    """Pipes to nothing: the model, or the tensor it is called on, stays as it is."""

    def __ror__(self, model: Any) -> Any:
        return model

    def __call__(self, x: Any) -> Any:
        """Give the tensor back."""
        return x


_START = "begin with keras_model_sequential()"
_FUNCTIONAL = "on tensors and arrays write {}(x, …), object first"


def layer_function(make: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function that makes a layer R's calling forms, and check its arguments.

    `layer_x(…)` waits for a pipe; `layer_x(object, …)` acts on a model or a tensor at once.
    """

    @functools.wraps(make)
    def compose(*args: Any, **kwargs: Any) -> Any:
        args, kwargs, target = _split_object(args, kwargs, lambda x: is_model(x) or is_tensor(x))

        def checked() -> Any:
            bound = bind(make, args, kwargs)
            return make(*bound.args, **bound.kwargs)

        if target is None:
            bind(make, args, kwargs, look_up=False)
            return PendingLayer(make.__name__, checked)
        return add(make.__name__, target, checked())

    return compose


def model_function(act: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function whose first parameter is a model R's calling forms, and check its arguments.

    `model | f(…)` and `f(model, …)` are the same.
    """

    @functools.wraps(act)
    def compose(*args: Any, **kwargs: Any) -> Any:
        args, kwargs, target = _split_object(args, kwargs, has_weights)

        def call(model: Any) -> Any:
            bound = bind(act, (model, *args), kwargs)
            return act(*bound.args, **bound.kwargs)

        if target is None:
            bind(act, (None, *args), kwargs, look_up=False)
            return Pending(act.__name__, call)
        return call(target)

    return compose


def add(name: str, target: Any, layer: Any) -> Any:
    """Add a layer to a Sequential model, in place, or call it on a tensor.

    Args:
        name: the R function's name, for errors.
        target: a `keras.Sequential` or a tensor.
        layer: a `keras.Layer`.

    Raises:
        ArgumentError: the target is neither, or the layer does not fit it.
    """
    import keras

    if is_model(target) and not isinstance(target, keras.Sequential):
        raise ArgumentError(
            f"{name}() can be piped only into a keras_model_sequential(), not into {target!r}",
            f"write {name}(tensor, …) and keras_model(inputs, outputs)",
        )
    check_sequence(name, target, layer)
    before = len(target.layers) if is_model(target) else 0
    try:
        if is_model(target):
            target.add(layer)
            return target
        return layer(target)
    except REFUSALS as error:
        if is_model(target) and len(target.layers) > before:
            with contextlib.suppress(Exception):
                target.pop()  # Keras leaves it in, and no other layer could follow
        raise refused(name, error) from error


def is_model(thing: Any) -> bool:
    """Tell whether something is a Keras model, without importing Keras."""
    return not isinstance(thing, (Pending, type)) and hasattr(thing, "layers")


def has_weights(thing: Any) -> bool:
    """Tell whether something is a Keras model or layer, without importing Keras."""
    return not isinstance(thing, (Pending, type)) and hasattr(thing, "get_weights")


def is_tensor(thing: Any) -> bool:
    """Tell whether something is a tensor or an array; NumPy's numbers are not."""
    if isinstance(thing, (Pending, type, numbers.Number)) or not hasattr(thing, "shape"):
        return False
    return getattr(thing, "ndim", 1) != 0


def _split_object(
    args: tuple[Any, ...], kwargs: dict[str, Any], is_object: Callable[[Any], bool]
) -> tuple[tuple[Any, ...], dict[str, Any], Any]:
    """Part R's first argument `object`, given by position or by name, from the others."""
    if "object" in kwargs:
        kwargs = dict(kwargs)
        return args, kwargs, kwargs.pop("object")
    if args and is_object(args[0]):
        return args[1:], kwargs, args[0]
    return args, kwargs, None


def _named(thing: Any) -> str:
    return "a tensor" if hasattr(thing, "shape") else repr(thing)

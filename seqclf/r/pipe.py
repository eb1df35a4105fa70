"""`model | layer_…()`: layers that wait for the model they are piped into."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any


class PendingLayer:
    """A layer to be: made when it meets its model, so that nothing heavy is imported before.

    Args:
        make: makes the Keras layer.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def make(self) -> Any:
        """Make the `keras.Layer`."""
        return self._make()

    def __ror__(self, model: Any) -> Any:
        """Add the layer to a Sequential model, in place, and give the model back."""
        return add(model, self.make())


def add(target: Any, layer: Any) -> Any:
    """Add a layer to a Sequential model, or call it on a tensor.

    Raises:
        TypeError: the target is neither.
    """
    if hasattr(target, "add") and hasattr(target, "layers"):
        target.add(layer)
        return target
    if hasattr(target, "shape"):
        return layer(target)
    raise TypeError(f"a layer is piped into a model or called on a tensor, not on {target!r}")


def layer_function(make: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function that makes a layer R's calling forms.

    `layer_x(...)` waits for a pipe; `layer_x(object, ...)` acts on a model or
    a tensor at once.
    """

    @functools.wraps(make)
    def compose(*args: Any, **kwargs: Any) -> Any:
        if args and (hasattr(args[0], "shape") or hasattr(args[0], "layers")):
            return add(args[0], make(*args[1:], **kwargs))
        return PendingLayer(lambda: make(*args, **kwargs))

    return compose

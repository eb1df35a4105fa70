"""What a script says of a network, before it is said in Python or in R."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np

INPUTS = "inputs"
"""What scripts call the tensor that goes into a network."""


@dataclass(frozen=True)
class Part:
    """Something that Keras makes: a layer, an initializer, an operation.

    Args:
        kind: the module below `keras`: "layers", "initializers", "regularizers",
            "constraints" or "ops".
        name: the class there, or the function of `keras.ops`.
        arguments: only those that differ from Keras' defaults, and those that must be given;
            values are texts, numbers, lists, `Part` or `GateFunction`.

    Example:
        >>> Part("layers", "LSTM", {"units": 32}).name
        'LSTM'
    """

    kind: str
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class GateFunction:
    """Keras 2's hard sigmoid, which the script itself defines."""


@dataclass(frozen=True)
class Tensor:
    """A tensor by its variable's name; `index`, from 0, where a layer gives several."""

    name: str
    index: int | None = None


@dataclass(frozen=True)
class Slices:
    """What stands in `x[...]`: numbers, None for a new axis, or `slice` objects."""

    items: tuple[Any, ...]


@dataclass(frozen=True)
class Call:
    """One call of a functional model.

    Args:
        result: the variable that takes what comes out.
        part: what is made and called; None calls `layer`, which has been made.
        arguments: tensors and values, by position.
        named: tensors and values, by name.
        layer: the variable that holds a layer which is called several times, or "".
    """

    result: str
    part: Part | None
    arguments: tuple[Any, ...]
    named: Mapping[str, Any] = field(default_factory=dict)
    layer: str = ""


@dataclass(frozen=True)
class Made:
    """A layer that is made before others that stand in front of it, and kept in a variable."""

    layer: str
    part: Part


@dataclass(frozen=True)
class Network:
    """A network, layer by layer.

    Args:
        style: "sequential", or "functional" with calls on tensors.
        shape: the input's shape without the batch; None is any length.
        dtype: the input's type.
        layers: the layers of a sequential network, in order; a text names one that is made first.
        calls: the calls of a functional one, in order; for both, what is made first.
        output: what a functional one gives.
        vectors: the arrays that layers start from, by the variables that hold them.
    """

    style: Literal["sequential", "functional"]
    shape: tuple[int | None, ...]
    dtype: str
    layers: tuple[Part | str, ...] = ()
    calls: tuple[Call | Made, ...] = ()
    output: Tensor | None = None
    vectors: Mapping[str, np.ndarray] = field(default_factory=dict, repr=False, compare=False)

    @property
    def has_gate_function(self) -> bool:
        """Whether some layer has Keras 2's hard sigmoid."""
        return any(map(_has_gate_function, (*self.layers, *(call.part for call in self.calls))))


def _has_gate_function(value: Any) -> bool:
    if isinstance(value, Part):
        return any(map(_has_gate_function, value.arguments.values()))
    if isinstance(value, list | tuple):
        return any(map(_has_gate_function, value))
    return isinstance(value, GateFunction)

"""What happens while a plugin builds its model: which layers are made, and from what they start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from seqclf.code.describing import CannotBeWrittenError, describe
from seqclf.code.form import Part, Tensor

if TYPE_CHECKING:
    import numpy as np

VECTORS = "vectors"
"""What scripts call the array that a layer starts from."""


class MadeLayers:
    """Layers in the order in which they were made.

    The order counts: every layer draws the seeds of its start weights when it is made.
    """

    def __init__(self) -> None:
        self._made: list[Any] = []
        self._given: dict[int, tuple[str, Any]] = {}
        self._said: set[int] = set()

    def note(self, layer: Any, named: Mapping[str, Any]) -> None:
        """Note a layer that was just made, and the array it was told to start from."""
        self._made.append(layer)
        weights = named.get("weights")
        if weights is not None and len(weights) == 1:
            number = len(self._given) + 1
            name = VECTORS if number == 1 else f"{VECTORS}_{number}"
            self._given[id(layer)] = (name, weights[0])

    def place(self, layer: Any) -> int:
        """Say as which it was made, from 0; -1 where nobody saw it."""
        return next((n for n, one in enumerate(self._made) if one is layer), -1)

    def part(self, layer: Any, described: Mapping[str, Any]) -> Part:
        """Describe a layer, the array that it starts from included."""
        part = describe(described)
        if id(layer) not in self._given:
            return part
        self._said.add(id(layer))
        name, _ = self._given[id(layer)]
        return Part(part.kind, part.name, {**part.arguments, "weights": [Tensor(name)]})

    def vectors(self, model: Any) -> dict[str, np.ndarray]:
        """Give the arrays that a model's layers start from, once its layers are described.

        Raises:
            CannotBeWrittenError: one belongs to a layer inside another.
        """
        import numpy as np

        inside = {id(layer) for layer in model._flatten_layers()}
        if (self._given.keys() & inside) - self._said:
            raise CannotBeWrittenError("a layer inside another starts from vectors of its own")
        return {
            name: np.asarray(array, np.float32)
            for key, (name, array) in self._given.items()
            if key in self._said
        }


@contextmanager
def noting_layers() -> Iterator[MadeLayers]:
    """Note every layer that is made meanwhile."""
    from keras.layers import Layer

    made = MadeLayers()
    begin = Layer.__dict__["__new__"]

    def noting(cls: Any, *arguments: Any, **named: Any) -> Any:
        layer = begin.__func__(cls, *arguments, **named)
        made.note(layer, named)
        return layer

    Layer.__new__ = staticmethod(noting)
    try:
        yield made
    finally:
        Layer.__new__ = begin

"""From a Keras model to a `Network`, layer by layer."""

from __future__ import annotations

import builtins
import inspect
import keyword
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from seqclf.code.describing import CannotBeWrittenError, snake_case
from seqclf.code.form import INPUTS, Call, Made, Network, Part, Slices, Tensor
from seqclf.code.noting import MadeLayers, noting_layers

_TAKEN = {"keras", "layers", "np", "tf", "csv", "json", "math", "model", "c", "t", INPUTS}
_TAKEN |= {*keyword.kwlist, *dir(builtins)}


def describe_network(build: Callable[[], Any]) -> Network:
    """Build a model and describe it by its layers and their arguments.

    Args:
        build: gives a `keras.Sequential` or a functional `keras.Model` with one input and one
            output.

    Raises:
        CannotBeWrittenError: it is neither, or has parts that are not Keras' own.
    """
    import keras

    with noting_layers() as made:
        model = build()
    graph = isinstance(model, keras.Sequential) or hasattr(model, "operations")
    if not type(model).__module__.startswith("keras.") or not graph:
        raise CannotBeWrittenError(
            f"a model of the class {type(model).__name__} has no list of layers to write"
        )
    if len(model.inputs) != 1 or len(model.outputs) != 1:
        raise CannotBeWrittenError("a model with several inputs or outputs has no script")
    (tensor,) = model.inputs
    shape, dtype = tuple(tensor.shape[1:]), tensor.dtype
    if isinstance(model, keras.Sequential):
        layers, first = _stacked(model, made)
        return Network("sequential", shape, dtype, layers, first, vectors=made.vectors(model))
    calls, output = _Graph(model, made).read()
    vectors = made.vectors(model)
    return Network("functional", shape, dtype, calls=calls, output=output, vectors=vectors)


def _stacked(model: Any, made: MadeLayers) -> tuple[tuple[Part | str, ...], tuple[Made, ...]]:
    """Describe the layers of a sequential model, those made too early apart."""
    import keras

    own = [layer for layer in model.layers if not isinstance(layer, keras.layers.InputLayer)]
    parts = [made.part(layer, keras.saving.serialize_keras_object(layer)) for layer in own]
    names: dict[int, str] = {}
    first = []
    for number in _too_early([made.place(layer) for layer in own]):
        base = snake_case(parts[number].name) + "_layer"
        names[number] = _free(base, set(names.values()))
        first.append(Made(names[number], parts[number]))
    layers = tuple(names.get(number, part) for number, part in enumerate(parts))
    return layers, tuple(first)


def _too_early(places: list[int]) -> list[int]:
    """Give the numbers of what has to be made ahead, in the order in which it was made.

    That is what was made before something that stands in front of it, and all that was made
    before that.

    Example:
        >>> _too_early([1, 2, 0, 3]), _too_early([0, 2, 1]), _too_early([0, 1, 2])
        ([2], [0, 2], [])
    """
    early = [place for n, place in enumerate(places) if 0 <= place < max(places[:n], default=-1)]
    ahead = [n for n, place in enumerate(places) if 0 <= place <= max(early, default=-1)]
    return sorted(ahead, key=lambda n: places[n])


def _free(base: str, taken: set[str]) -> str:
    taken = taken | _TAKEN
    if base not in taken:
        return base
    return next(f"{base}_{n}" for n in range(2, 10_000) if f"{base}_{n}" not in taken)


class _Graph:
    """Reads the calls of a functional model, in the order in which they were made."""

    def __init__(self, model: Any, made: MadeLayers) -> None:
        config = model.get_config()
        self._described = {item["name"]: item for item in config["layers"]}
        self._operations = {operation.name: operation for operation in model.operations}
        self._made = made
        output = config["output_layers"]
        self._output = output[0] if isinstance(output[0], list) else output
        self._order: list[tuple[str, int]] = []
        self._results: dict[tuple[str, int], str] = {}
        self._layers: dict[str, str] = {}

    def read(self) -> tuple[tuple[Call | Made, ...], Tensor]:
        """Give the calls and the output."""
        self._collect(self._output[0], self._output[1])
        self._order.sort(key=lambda key: _number(self._node(*key)))
        for name, at in self._order:
            base = snake_case(self._described[name]["class_name"])
            self._results[name, at] = _free(base, {*self._results.values()})
        return tuple(self._calls()), self._tensor(self._output)

    def _node(self, name: str, at: int) -> Any:
        return self._operations[name]._inbound_nodes[at]

    def _collect(self, name: str, at: int) -> None:
        """Collect the calls that a tensor comes from; what only makes a mask is left out."""
        if not self._described[name]["inbound_nodes"] or (name, at) in self._order:
            return
        self._order.append((name, at))
        for source, number, _ in _histories(_given(self._described[name]["inbound_nodes"][at])):
            self._collect(source, number)

    def _calls(self) -> Iterator[Call | Made]:
        waiting = list(dict.fromkeys(name for name, _ in self._order))
        for name, at in self._order:
            for earlier in self._made_before(name, waiting):
                waiting.remove(earlier)
                self._layers[earlier] = self._layer(earlier)
                yield Made(self._layers[earlier], self._part(earlier))
            part = self._part(name) if name in waiting else None
            if part is not None:
                waiting.remove(name)
                if sum(other == name for other, _ in self._order) > 1:
                    self._layers[name] = self._layer(name)
            given = _given(self._described[name]["inbound_nodes"][at])
            arguments = tuple(self._plain(item) for item in given["args"])
            named = {key: self._plain(item) for key, item in given["kwargs"].items()}
            layer = self._layers.get(name, "")
            yield Call(self._results[name, at], part, arguments, named, layer)

    def _made_before(self, name: str, waiting: list[str]) -> list[str]:
        """Give the layers that were made before this one and are called after it."""
        if name not in waiting:
            return []
        places = {each: self._made.place(self._operations[each]) for each in waiting}
        earlier = [each for each in waiting if 0 <= places[each] < places[name]]
        return sorted(earlier, key=lambda each: places[each])

    def _part(self, name: str) -> Part:
        described = self._described[name]
        if str(described.get("module")).startswith("keras.src.ops."):
            return _operation(described)
        return self._made.part(self._operations[name], described)

    def _layer(self, name: str) -> str:
        base = snake_case(self._described[name]["class_name"]) + "_layer"
        return _free(base, {*self._results.values(), *self._layers.values()})

    def _plain(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            if value.get("class_name") == "__keras_tensor__":
                return self._tensor(value["config"]["keras_history"])
            if value.get("class_name") == "__slice__":
                return slice(*(value["config"][name] for name in ("start", "stop", "step")))
            raise CannotBeWrittenError(f"a call with {dict(value)!r} has no plain words")
        if isinstance(value, list | tuple):
            items = [self._plain(item) for item in value]
            slices = any(isinstance(item, slice) or item is Ellipsis for item in items)
            return Slices(tuple(items)) if slices else items
        return value

    def _tensor(self, history: Any) -> Tensor:
        name, at, index = history
        if not self._described[name]["inbound_nodes"]:
            return Tensor(INPUTS)
        several = len(self._node(name, at).output_tensors) > 1
        return Tensor(self._results[name, at], index if several else None)


def _given(node: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a call was given, without what Keras gives by itself: masks, `training`."""
    kwargs = {
        name: value
        for name, value in node["kwargs"].items()
        if value is not None and name not in ("mask", "training")
    }
    return {"args": node["args"], "kwargs": kwargs}


def _histories(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        if value.get("class_name") == "__keras_tensor__":
            yield value["config"]["keras_history"]
            return
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _histories(item)


def _number(node: Any) -> int:
    """Give the number Keras counts tensors by, from "keras_tensor_12"."""
    match = re.search(r"\d+$", node.output_tensors[0].name)
    return int(match.group()) if match else -1


def _operation(described: Mapping[str, Any]) -> Part:
    import keras

    name = snake_case(described["class_name"])
    if name == "get_item":
        return Part("ops", name)
    function = getattr(keras.ops, name, None)
    if function is None:
        raise CannotBeWrittenError(f"the operation '{described['class_name']}' has no plain words")
    parameters = inspect.signature(function).parameters
    arguments = {
        key: value
        for key, value in described["config"].items()
        if key != "name" and (key not in parameters or parameters[key].default != value)
    }
    return Part("ops", name, arguments)

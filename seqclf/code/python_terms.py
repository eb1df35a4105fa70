"""Parts, values and networks in the words of Keras' Python."""

from __future__ import annotations

from typing import Any

from seqclf.code.form import INPUTS, Call, GateFunction, Made, Network, Part, Slices, Tensor
from seqclf.code.layout import WIDTH, Group, Item, flat, laid_out, prefixed, suffixed

GATE_FUNCTION = '''\
@keras.saving.register_keras_serializable()
def hard_sigmoid_keras2(x):
    """Give the hard sigmoid of Keras 2; the one of Keras 3 is x / 6 + 0.5."""
    return keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)
'''


def python(value: Any) -> Item:
    """Write a value, a part or a tensor in Python.

    Example:
        >>> flat(python(Part("layers", "Dense", {"units": 1, "activation": "sigmoid"})))
        'layers.Dense(units=1, activation="sigmoid")'
        >>> python([1, None, True])
        Group(opening='[', items=['1', 'None', 'True'], closing=']', keep_open=False)
    """
    match value:
        case Part():
            return _call(_maker(value), (), value.arguments)
        case GateFunction():
            return "hard_sigmoid_keras2"
        case Tensor():
            return value.name if value.index is None else f"{value.name}[{value.index}]"
        case list() | tuple():
            return Group("[", [python(item) for item in value], "]")
        case str():
            return text(value)
        case _:
            return repr(value)


def text(value: str) -> str:
    """Write a text in double quotes where that needs no more escapes, as ruff does."""
    written = repr(value)
    if written[0] == "'" and '"' not in value:
        return '"' + written[1:-1].replace("\\'", "'") + '"'
    return written


def _maker(part: Part) -> str:
    return f"layers.{part.name}" if part.kind == "layers" else f"keras.{part.kind}.{part.name}"


def _call(opening: str, positional: Any, named: Any) -> Group:
    # A wrapper's inner layer is what it wraps: no name is needed.
    items = [python(item) for item in positional]
    items += [
        python(item) if name == "layer" else prefixed(f"{name}=", python(item))
        for name, item in named.items()
    ]
    return Group(f"{opening}(", items, ")")


def network(model: Network) -> str:
    """Write the lines that make a model."""
    given = [python(list(model.shape))]
    shape = f"({flat(given[0])[1:-1]},)" if len(model.shape) == 1 else f"({flat(given[0])[1:-1]})"
    dtype = [] if model.dtype == "float32" else [f"dtype={text(model.dtype)}"]
    made = Group("keras.Input(", [f"shape={shape}", *dtype], ")")
    if model.style == "sequential":
        layers = [each if isinstance(each, str) else python(each) for each in model.layers]
        stacked = Group("[", [made, *layers], "]", keep_open=True)
        first = [line for call in model.calls for line in _lines(call)]
        return (
            "\n".join([*first, laid_out(Group("model = keras.Sequential(", [stacked], ")"))]) + "\n"
        )
    lines = [laid_out(prefixed(f"{INPUTS} = ", made))]
    for call in model.calls:
        lines += _lines(call)
    assert model.output is not None
    lines.append(f"model = keras.Model({INPUTS}, {python(model.output)})")
    return "\n".join(lines) + "\n"


def _lines(call: Call | Made) -> list[str]:
    """Write one call; a layer that is called several times gets a variable first."""
    if isinstance(call, Made):
        return [laid_out(prefixed(f"{call.layer} = ", python(call.part)))]
    lines = []
    called = call.layer
    if call.part is not None and call.part.name == "get_item":
        tensor, slices = call.arguments
        items = slices.items if isinstance(slices, Slices) else [slices]
        return [f"{call.result} = {python(tensor)}[{', '.join(map(_slice, items))}]"]
    given = _call("", call.arguments, call.named)
    if call.part is not None and call.part.kind == "ops":
        both = {**call.part.arguments, **call.named}
        given = _call(_maker(call.part), call.arguments, both)
        return [laid_out(prefixed(f"{call.result} = ", given))]
    if call.part is not None and call.layer:
        lines.append(laid_out(prefixed(f"{call.layer} = ", python(call.part))))
    elif call.part is not None:
        made = python(call.part)
        opening = f"{call.result} = {flat(made)}("
        if len(opening) <= WIDTH:
            return [laid_out(Group(opening, given.items, ")"))]
        return [laid_out(prefixed(f"{call.result} = ", suffixed(made, flat(given))))]
    lines.append(laid_out(prefixed(f"{call.result} = {called}", given)))
    return lines


def _slice(item: Any) -> str:
    if not isinstance(item, slice):
        return "..." if item is Ellipsis else repr(item)
    start, stop, step = ("" if part is None else repr(part) for part in _ends(item))
    return f"{start}:{stop}" + (f":{step}" if step else "")


def _ends(item: slice) -> tuple[Any, Any, Any]:
    return item.start, item.stop, item.step

"""From what Keras says of a layer to a `Part` with the arguments that matter."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any

from seqclf.code.form import GateFunction, Part
from seqclf.errors import SeqclfError

GATE_FUNCTION = "seqclf>hard_sigmoid_keras2"
"""The registered function of `seqclf.r.gates` that scripts define themselves."""

_KINDS = ("layers", "initializers", "regularizers", "constraints")
_SAID_IN_FULL = ("regularizers", "constraints")
_ONE_NUMBER = {"kernel_size", "strides", "dilation_rate", "pool_size"}


class CannotBeWrittenError(SeqclfError):
    """Something in a network that no script can say in Keras' own words."""


def describe(described: Mapping[str, Any], *, nested: bool = False) -> Part:
    """Turn what `keras.saving.serialize_keras_object` gives into a `Part`.

    Args:
        described: with `module`, `class_name` and `config`.
        nested: whether it is an argument of another layer; its name is Keras' own then.

    Raises:
        CannotBeWrittenError: it is not Keras' own, or has a function of somebody's.

    Example:
        >>> zeros = {"module": "keras.initializers", "class_name": "Zeros", "config": {}}
        >>> describe(zeros)
        Part(kind='initializers', name='Zeros', arguments={})
    """
    import keras

    kind, name = str(described.get("module")).rpartition(".")[2], described["class_name"]
    module = getattr(keras, kind, None) if kind in _KINDS else None
    maker = getattr(module, name, None)
    if maker is None or described["module"] != f"keras.{kind}":
        raise CannotBeWrittenError(f"{_word(kind)} '{name}' is not Keras' own")
    config = described["config"]
    parameters = inspect.signature(maker.__init__).parameters
    required = [
        name
        for name, parameter in parameters.items()
        if parameter.default is parameter.empty
        and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        and name != "self"
    ]
    usual = maker(**{name: _made(config[name]) for name in required}).get_config()
    order = [*(name for name in parameters if name in config), *config]
    arguments = {
        name: _value(name, config[name])
        for name in dict.fromkeys(order)
        if name in required
        or kind in _SAID_IN_FULL
        or (name != "name" and _differs(config[name], usual.get(name)))
    }
    if arguments.get("attention_axes") == [1]:
        del arguments["attention_axes"]  # what building a layer makes of "all but the last"
    if name == "Bidirectional":
        for wrapped in ("layer", "backward_layer"):
            arguments[wrapped] = _without(arguments.get(wrapped), "zero_output_for_mask")
        arguments = {key: value for key, value in arguments.items() if value is not None}
    if not nested and kind == "layers" and not _is_usual_name(config.get("name"), name):
        arguments["name"] = config["name"]
    return Part(kind, name, arguments)


def _word(kind: str) -> str:
    return f"the {kind[:-1]}" if kind in _KINDS else "the layer"


def _made(value: Any) -> Any:
    import keras

    if isinstance(value, Mapping) and "class_name" in value:
        return keras.saving.deserialize_keras_object(value)
    return value


def _differs(value: Any, usual: Any) -> bool:
    return bool(_bare(value) != _bare(usual))


def _bare(value: Any) -> Any:
    """Leave out the names and shapes that come with being built."""
    if isinstance(value, Mapping):
        return {
            name: _bare(item)
            for name, item in value.items()
            if name not in ("name", "build_config", "shared_object_id")
        }
    if isinstance(value, list | tuple):
        return [_bare(item) for item in value]
    return value


def _without(part: Any, argument: str) -> Any:
    """Leave out what a wrapper sets by itself."""
    if not isinstance(part, Part):
        return part
    kept = {name: value for name, value in part.arguments.items() if name != argument}
    return Part(part.kind, part.name, kept)


def snake_case(name: str) -> str:
    """Write a class' name as Keras names layers and initializers.

    Example:
        >>> snake_case("SpatialDropout1D"), snake_case("LSTM"), snake_case("HeNormal")
        ('spatial_dropout1d', 'lstm', 'he_normal')
    """
    name = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()


def _is_usual_name(name: Any, maker: str) -> bool:
    snake = re.sub(r"_\d+$", "", str(name)).replace("_", "")
    return name is None or snake == maker.lower()


def _value(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        if len(value) == 1 and name in _ONE_NUMBER:
            return value[0]
        return [_value("", item) for item in value]
    if isinstance(value, Mapping) and "class_name" in value:
        if value["class_name"] == "DTypePolicy":
            return value["config"]["name"]
        if value["class_name"] == "function":
            if value["config"] == GATE_FUNCTION:
                return GateFunction()
            raise CannotBeWrittenError(f"the function '{value['config']}' is not Keras' own")
        part = describe(value, nested=True)
        return snake_case(part.name) if part.kind == "initializers" and not part.arguments else part
    raise CannotBeWrittenError(f"the argument {name}={value!r} has no plain words")

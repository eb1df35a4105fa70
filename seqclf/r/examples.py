"""Examples and labels in the forms R users have them, as arrays Keras takes."""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING, Any

from seqclf.r.arguments import ArgumentError

if TYPE_CHECKING:
    import numpy as np


def labelled(function: str, model: Any, x: Any, y: Any = None) -> tuple[Any, Any]:
    """Give examples and labels as arrays, checked against the model and each other.

    Args:
        function: the R function's name, for errors.
        model: the Keras model they are for.
        x: as for `examples`.
        y: the labels; a list of such for a model with several outputs.

    Raises:
        ArgumentError: something is missing, differs in length, or is not numbers.
    """
    import numpy as np

    x = examples(function, model, x)
    if y is None:
        if isinstance(x, (np.ndarray, list, dict)):
            raise ArgumentError(f"{function}() needs `y`, the labels")
        return x, None  # such as a tf.data.Dataset, which brings its labels
    if isinstance(y, numbers.Number):
        raise ArgumentError(f"{function}(): `y` must hold a label an example, not {y}")
    y = _parts(function, "y", y, len(getattr(model, "outputs", None) or [1]))
    for label in _leaves(y):
        if label.dtype.kind in "USO":
            raise ArgumentError(
                f"{function}(): `y` must hold numbers, not texts such as '{label.flat[0]}'",
                "number the classes from 0, or give a pandas category",
            )
    lengths = [len(part) for part in (*_leaves(x), *_leaves(y))]
    if len(set(lengths)) > 1:
        raise ArgumentError(
            f"{function}(): `x` has {lengths[0]} examples, but `y` has {lengths[-1]}"
        )
    return x, y


def examples(function: str, model: Any, x: Any) -> Any:
    """Give examples as an array; what is no array or list goes on to Keras as it is.

    Args:
        function: the R function's name, for errors.
        model: the Keras model they are for.
        x: an array, lists of equal length, a pandas object; for a model with several inputs a
            list of such; or a `tf.data.Dataset` and the like.

    Raises:
        ArgumentError: there are none, lists differ in length, or ids are too great.
    """
    if x is None:
        raise ArgumentError(f"{function}() needs `x`")
    x = _parts(function, "x", x, len(getattr(model, "inputs", None) or [1]))
    for part in _leaves(x):
        if part.ndim == 0:
            raise ArgumentError(f"{function}(): `x` must hold examples, not {part}")
        if not len(part):
            raise ArgumentError(f"{function}(): `x` holds no examples")
    check_ids(function, model, x)
    return x


def _parts(function: str, name: str, value: Any, count: int) -> Any:
    """Give one array, or a list or dict of them for a model that takes several."""
    if isinstance(value, dict):
        return {key: _array(function, name, part) for key, part in value.items()}
    if count > 1 and isinstance(value, (list, tuple)):
        return [_array(function, name, part) for part in value]
    return _array(function, name, value)


def _leaves(value: Any) -> list[np.ndarray]:
    import numpy as np

    parts = value.values() if isinstance(value, dict) else value
    if not isinstance(value, (dict, list)):
        parts = [value]
    return [part for part in parts if isinstance(part, np.ndarray)]


def _array(function: str, name: str, value: Any) -> Any:
    made = as_array(value)
    if str(getattr(made, "dtype", "")) == "object" and made.ndim == 1 and name == "x":
        raise ArgumentError(
            f"{function}(): the sequences in `{name}` differ in length",
            "pad_sequences(…, maxlen=…) makes a matrix of them",
        )
    return made


def as_array(value: Any) -> Any:
    """Give a list, a pandas object or booleans as a numeric array; leave anything else alone."""
    import numpy as np

    if hasattr(value, "cat"):  # a pandas Series of a category
        value = value.cat.codes
    elif hasattr(value, "codes") and hasattr(value, "categories"):
        value = value.codes
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    if isinstance(value, (list, tuple)):
        try:
            value = np.asarray(value)
        except ValueError:  # lists that differ in length
            return np.array([None, *value], dtype=object)[1:]
    if isinstance(value, np.ndarray) and value.dtype == bool:
        return value.astype(np.int32)
    return value


def check_ids(function: str, model: Any, x: Any) -> None:
    """Check that ids lie within what the model's embedding knows; TensorFlow's error is long.

    Raises:
        ArgumentError: an id is negative, or `input_dim` or more; or there are no rows.
    """
    import numpy as np

    layers = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
    if not (layers and type(layers[0]).__name__ == "Embedding"):
        return
    if not (isinstance(x, np.ndarray) and x.size and x.dtype.kind in "iuf"):
        return
    if x.ndim < 2:
        raise ArgumentError(
            f"{function}(): `x` must have a row of ids an example, but has the shape {x.shape}"
        )
    input_dim = layers[0].input_dim
    outside = (x < 0) | (x >= input_dim)
    if outside.any():
        place = tuple(int(index) for index in np.argwhere(outside)[0])
        raise ArgumentError(
            f"{function}(): `x` holds the id {x[place]} at {list(place)}, but "
            f"layer_embedding(input_dim={input_dim}) takes ids from 0 to "
            f"{input_dim - 1}",
            "ids count from 0, in R, too",
        )

"""Examples and labels in the forms R users have them, as arrays Keras takes."""

from __future__ import annotations

from typing import Any

from seqclf.r.arguments import ArgumentError


def as_examples(function: str, name: str, value: Any) -> Any:
    """Give examples or labels as an array; what is no array or list goes on to Keras as it is.

    Args:
        function: the R function's name, for errors.
        name: the argument's name, for errors.
        value: an array, lists of equal length, a pandas object (a category becomes its
            codes, as an R factor), a `tf.data.Dataset`, ….

    Raises:
        ArgumentError: lists that differ in length.

    Example:
        >>> as_examples("fit", "x", [[1, 2], [3, 4]]).shape
        (2, 2)
    """
    made = as_array(value)
    if str(getattr(made, "dtype", "")) == "object" and made.ndim == 1:
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


def check_lengths(function: str, x: Any, y: Any) -> None:
    """Check that there is a label for every example.

    Raises:
        ArgumentError: there are more of the one than of the other.
    """
    if hasattr(x, "shape") and hasattr(y, "shape") and len(x) != len(y):
        raise ArgumentError(f"{function}(): `x` has {len(x)} examples, but `y` has {len(y)}")


def check_ids(function: str, model: Any, x: Any) -> None:
    """Check that ids lie within what the model's embedding knows; TensorFlow's error is long.

    Raises:
        ArgumentError: an id is negative, or `input_dim` or more.
    """
    import numpy as np

    layers = [layer for layer in model.layers if type(layer).__name__ != "InputLayer"]
    if not (layers and type(layers[0]).__name__ == "Embedding"):
        return
    if not (isinstance(x, np.ndarray) and x.size and x.dtype.kind in "iuf"):
        return
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

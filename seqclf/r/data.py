"""R's `pad_sequences`, `to_categorical`, and what concerns a whole session."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from seqclf.options import Count, Range
from seqclf.r.arguments import REFUSALS, ArgumentError, checked, refused
from seqclf.r.examples import as_array
from seqclf.r.pipe import model_function

End = Literal["pre", "post"]


@checked
def pad_sequences(
    sequences: Any,
    maxlen: Count | None = None,
    dtype: str = "int32",
    padding: End = "pre",
    truncating: End = "pre",
    value: float = 0.0,
) -> Any:
    """Make a matrix of sequences that differ in length.

    Args:
        sequences: sequences of numbers; may be empty.
        maxlen: the matrix' number of columns. Defaults to the longest sequence's length.
        dtype: the matrix' type; "int32" cuts fractions off, as in R. Defaults to "int32".
        padding: which end short ones are filled at: "pre" or "post". Defaults to "pre".
        truncating: which end long ones are cut at: "pre" or "post". Defaults to "pre".
        value: what fills. Defaults to 0.

    Returns:
        A NumPy array, shape (sequences, maxlen).

    Raises:
        ArgumentError: something that is not a sequence of sequences of numbers.

    Source:
        R `pad_sequences()`.

    Example:
        >>> from seqclf.r import pad_sequences
        >>> pad_sequences([[1, 2, 3], [4]], maxlen=2).tolist()
        [[2, 3], [0, 4]]
    """
    import keras

    for number, sequence in enumerate(_sequences(sequences)):
        if isinstance(sequence, str) or not hasattr(sequence, "__len__"):
            raise ArgumentError(
                f"pad_sequences(): `sequences` must hold sequences of numbers, "
                f"but [{number}] is {sequence!r}"
            )
    try:
        return keras.utils.pad_sequences(
            sequences,
            maxlen=maxlen,
            dtype=dtype,
            padding=padding,
            truncating=truncating,
            value=value,
        )
    except REFUSALS as error:
        raise refused("pad_sequences", error) from error


def _sequences(sequences: Any) -> Sequence[Any]:
    if isinstance(sequences, str) or not hasattr(sequences, "__len__"):
        raise ArgumentError(
            f"pad_sequences(): `sequences` must be a list of sequences, not {sequences!r}"
        )
    return list(itertools.islice(sequences, len(sequences)))


@checked
def to_categorical(y: Any, num_classes: Count | None = None) -> Any:
    """Make class numbers into rows with a one at the class' place.

    Args:
        y: class numbers from 0, or a pandas category, which counts as R's factor: its codes,
            all its categories.
        num_classes: how many classes there are. Defaults to the greatest number plus one.

    Returns:
        A NumPy array, shape (examples, num_classes).

    Raises:
        ArgumentError: a number that is negative, not whole, or has no class.

    Source:
        R `to_categorical()`.

    Example:
        >>> from seqclf.r import to_categorical
        >>> to_categorical([0, 2, 1]).tolist()
        [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """
    import keras
    import numpy as np

    levels = getattr(getattr(y, "cat", y), "categories", None)
    if levels is not None and num_classes is None:
        num_classes = len(levels)
    classes = np.asarray(as_array(y))
    if not classes.size and num_classes is None:
        raise ArgumentError("to_categorical() needs `num_classes` where `y` holds no classes")
    if classes.size and not (classes.dtype.kind in "iuf" and (classes == classes // 1).all()):
        raise ArgumentError("to_categorical(): `y` must hold class numbers, whole and from 0")
    if classes.size and classes.min() < 0:
        raise ArgumentError(
            f"to_categorical(): `y` must hold class numbers from 0, not {classes.min()}"
        )
    if num_classes is not None and classes.size and classes.max() >= num_classes:
        raise ArgumentError(
            f"to_categorical(): `y` holds class {int(classes.max())}, but `num_classes` is "
            f"{num_classes}",
            "classes count from 0, in R, too",
        )
    return keras.utils.to_categorical(classes.astype(np.int64), num_classes)


@model_function
def get_weights(model: Any) -> list[Any]:
    """Give a model's weights.

    Args:
        model: a Keras model or layer.

    Returns:
        NumPy arrays, layer by layer; none where the model knows no shapes yet.

    Source:
        R `get_weights()`.
    """
    weights: list[Any] = model.get_weights()
    return weights


@model_function
def set_weights(model: Any, weights: Any) -> Any:
    """Put weights into a model.

    Args:
        model: a built Keras model or layer; changed in place.
        weights: arrays in the order and with the shapes of `get_weights()`.

    Returns:
        The model.

    Raises:
        ArgumentError: their number or a shape does not fit.

    Source:
        R `set_weights()`.
    """
    import numpy as np

    if not isinstance(weights, (list, tuple)):
        raise ArgumentError(
            f"set_weights(): `weights` must be a list of arrays, as get_weights() gives, "
            f"not {weights!r}"
        )
    shapes = [tuple(weight.shape) for weight in model.get_weights()]
    if len(weights) != len(shapes):
        raise ArgumentError(
            f"set_weights(): the model has {len(shapes)} weights, but `weights` holds "
            f"{len(weights)}",
            "" if shapes else "a model without an input shape has none before it sees data",
        )
    try:
        model.set_weights([np.asarray(weight) for weight in weights])
    except REFUSALS as error:
        raise refused("set_weights", error) from error
    return model


@checked
def set_random_seed(seed: Annotated[int, Range(least=0, most=2**32 - 1)]) -> None:
    """Fix Python's, NumPy's and the backend's random numbers.

    The same seed gives R and Python the same first weights and the same order of examples.

    Args:
        seed: any whole number from 0 to 2**32 - 1.

    Source:
        R `set_random_seed()`, which seeds R's own numbers, too.
    """
    import keras

    keras.utils.set_random_seed(seed)


@checked
def clear_session(free_memory: bool = True) -> None:
    """Forget all models; names such as "lstm_1" count from the beginning again.

    Args:
        free_memory: whether memory is freed at once. Defaults to True.

    Source:
        R `clear_session()`.
    """
    import keras

    keras.utils.clear_session(free_memory=free_memory)

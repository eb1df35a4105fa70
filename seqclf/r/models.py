"""Models, as R keras makes them."""

from __future__ import annotations

from typing import Any


def keras_model_sequential() -> Any:
    """Make an empty model that layers are piped into.

    Returns:
        A plain `keras.Sequential`.

    Source:
        R `keras_model_sequential()`.

    Example:
        >>> from seqclf.r import keras_model_sequential, layer_dense
        >>> model = keras_model_sequential() | layer_dense(units=1)
        >>> len(model.layers)
        1
    """
    import keras

    return keras.Sequential()

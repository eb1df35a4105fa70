"""The gates of Keras 2, for tutorials written before R keras 2.7 (November 2021).

There `layer_lstm()` and `layer_gru()` used another hard-edged sigmoid than
Keras 3 has under that name, and `layer_gru()` had `reset_after = FALSE`.
"""

from __future__ import annotations

from typing import Any, Literal

from seqclf.r.arguments import ArgumentError

Gates = Literal["keras3", "keras2"]
"""Whose defaults recurrent gates have."""


def hard_sigmoid_keras2(x: Any) -> Any:
    """Compute `clip(0.2 x + 0.5, 0, 1)`, Keras 2's hard sigmoid; Keras 3's is `x / 6 + 0.5`.

    Args:
        x: a tensor of any shape.

    Returns:
        A tensor of that shape, from 0 to 1.

    Source:
        `keras.backend.hard_sigmoid` of Keras 2; R keras up to 2.6.1 passed it to both layers.

    Example:
        >>> import numpy as np
        >>> [round(float(y), 2) for y in hard_sigmoid_keras2(np.array([-9.0, 0.0, 1.0, 9.0]))]
        [0.0, 0.5, 0.7, 1.0]
    """
    from keras import ops

    return ops.clip(0.2 * x + 0.5, 0.0, 1.0)


def register() -> Any:
    """Make the function known to Keras, so that saved models find it; gives it back."""
    import keras

    name = "seqclf>hard_sigmoid_keras2"
    if keras.saving.get_registered_object(name) is None:
        keras.saving.register_keras_serializable("seqclf")(hard_sigmoid_keras2)
    return hard_sigmoid_keras2


def recurrent_activation(function: str, gates: str, given: Any) -> Any:
    """Choose the activation of the gates.

    Args:
        function: the R function's name, for errors.
        gates: "keras3" or "keras2".
        given: the argument `recurrent_activation`, "sigmoid" where it was left alone.

    Raises:
        ArgumentError: two different ones were asked for.
    """
    if gates == "keras3":
        return given
    if given != "sigmoid":
        raise ArgumentError(
            f"{function}(): `gates`='keras2' brings its own `recurrent_activation`",
            "give one of the two",
        )
    return register()

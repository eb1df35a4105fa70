"""Running one layer of `seqclf.r` alone, and comparing with float64 NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from golden_files import difference

from seqclf.r import keras_model, layer_input, layer_masking

TOLERANCE = 1e-6
"""Of the largest number, or of 1: Keras computes in single precision."""


def assert_close(ours: Any, expected: Any, tolerance: float = TOLERANCE) -> None:
    ours, expected = np.asarray(ours, np.float64), np.asarray(expected, np.float64)
    apart = difference(ours, expected)
    assert apart <= tolerance * max(1.0, np.abs(expected).max()), f"up to {apart:.3g} apart"


def constant(**values: float) -> dict[str, Any]:
    """Give `*_initializer` arguments of constants: `constant(kernel=0.01)`."""
    import keras

    return {
        f"{name}_initializer": keras.initializers.Constant(value) for name, value in values.items()
    }


def one_layer(
    layer: Callable[..., Any],
    example: tuple[int | None, ...],
    /,
    *,
    masked: bool = False,
    batch_size: int | None = None,
    **settings: Any,
) -> Any:
    """Make a model of one layer; with `masked`, steps that are all 0 are masked."""
    inputs = layer_input(shape=example, batch_size=batch_size)
    return keras_model(inputs, layer(layer_masking(inputs) if masked else inputs, **settings))


def randomize(model: Any, random: np.random.Generator, scale: float = 0.6) -> list[np.ndarray]:
    """Give a model random weights, and give them back."""
    arrays = [
        random.normal(0, scale, array.shape).astype(np.float32) for array in model.get_weights()
    ]
    model.set_weights(arrays)
    return arrays


def outputs(model: Any, x: np.ndarray, **settings: Any) -> list[np.ndarray]:
    """Give everything a model returns, as arrays."""
    given = model(x, **settings)
    return [np.asarray(array) for array in (given if isinstance(given, (list, tuple)) else [given])]


def counting(*shape: int) -> np.ndarray:
    """Give 0, 1, 2, … in a shape."""
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)

"""Layers that are not recurrent in float64 NumPy, from their formulas."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy_cells import sigmoid

Array = np.ndarray

ACTIVATIONS: dict[str | None, Callable[[Array], Array]] = {
    None: lambda x: x,
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True),
    "elu": lambda x: np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "hard_sigmoid": lambda x: np.clip(x / 6 + 0.5, 0, 1),
}


def same_padding(steps: int, window: int, stride: int) -> tuple[int, int]:
    """Give how many steps are put before and behind: the odd one goes behind."""
    needed = (math.ceil(steps / stride) - 1) * stride + window - steps
    before = max(needed, 0) // 2
    return before, max(needed, 0) - before


def conv_1d(
    x: Array,
    kernel: Array,
    bias: Array,
    *,
    padding: str = "valid",
    strides: int = 1,
    dilation_rate: int = 1,
) -> Array:
    """Slide a kernel (window, features, filters) over (batch, steps, features)."""
    x, kernel = np.asarray(x, np.float64), np.asarray(kernel, np.float64)
    window = (len(kernel) - 1) * dilation_rate + 1
    around = {
        "valid": (0, 0),
        "same": same_padding(x.shape[1], window, strides),
        "causal": (window - 1, 0),
    }[padding]
    x = np.pad(x, ((0, 0), around, (0, 0)))
    outputs = [
        sum(x[:, start + tap * dilation_rate] @ kernel[tap] for tap in range(len(kernel))) + bias
        for start in range(0, x.shape[1] - window + 1, strides)
    ]
    return np.stack(outputs, axis=1)


def pool_1d(
    x: Array,
    best: Callable[..., Array],
    *,
    pool_size: int = 2,
    strides: int | None = None,
    padding: str = "valid",
) -> Array:
    """Take the mean or the maximum of windows of steps; padded steps count for neither."""
    x = np.asarray(x, np.float64)
    steps, strides = x.shape[1], strides or pool_size
    before, behind = same_padding(steps, pool_size, strides) if padding == "same" else (0, 0)
    starts = range(-before, steps + behind - pool_size + 1, strides)
    windows = [x[:, max(start, 0) : start + pool_size] for start in starts]
    return np.stack([best(window, axis=1) for window in windows], axis=1)


def global_average(x: Array, mask: Array | None = None) -> Array:
    """Give the mean over the steps, those of the mask alone where there is one."""
    x = np.asarray(x, np.float64)
    if mask is None:
        return x.mean(axis=1)
    return (x * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)


def moments(x: Array, mask: Array | None = None) -> tuple[Array, Array]:
    """Give mean and (biased) variance of every feature, over the steps of the mask."""
    flat = np.asarray(x, np.float64).reshape(-1, x.shape[-1])
    if mask is not None:
        flat = flat[mask.ravel()]
    return flat.mean(axis=0), flat.var(axis=0)


def normalize(
    x: Array, gamma: Array, beta: Array, mean: Array, variance: Array, epsilon: float = 1e-3
) -> Array:
    """Give `gamma (x - mean) / sqrt(variance + epsilon) + beta`."""
    return np.asarray(gamma) * (x - mean) / np.sqrt(variance + epsilon) + beta

"""A model's steps as TensorFlow functions with the kernels in them."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from seqclf.kernels.hooking import kernels_in

Step = Callable[..., Any]


def train_step(model: Any, signature: Sequence[tf.TensorSpec]) -> Step:
    """Give `model.train_step` as a function of a batch.

    Args:
        model: built and compiled; its own `train_step` is what is traced.
        signature: of the inputs, the labels and, if there are any, the weights.

    Returns:
        A function of the batch's arrays that trains on it, and gives the metrics as tensors.
    """
    model.optimizer.build(model.trainable_variables)
    return _traced(model, lambda *batch: model.train_step(batch), signature)


def test_step(model: Any, signature: Sequence[tf.TensorSpec]) -> Step:
    """Give `model.test_step` as a function of a batch; as `train_step`."""
    return _traced(model, lambda *batch: model.test_step(batch), signature)


def predict_step(model: Any) -> Step:
    """Give the model's outputs as a function of its inputs; made once for a model.

    Returns:
        A function from a NumPy array of inputs, any number of them, to one of outputs.
    """
    step = _PREDICT.get(model)
    if step is None:
        _, *rest = model.input_shape
        dtype = tf.int32 if len(rest) == 1 else tf.float32
        traced = _traced(
            model, lambda x: model(x, training=False), [tf.TensorSpec((None, *rest), dtype)]
        )

        def step(x: np.ndarray) -> np.ndarray:
            outputs: np.ndarray = traced(x).numpy()
            return outputs

        _PREDICT[model] = step
    return step


_PREDICT: weakref.WeakKeyDictionary[Any, Step] = weakref.WeakKeyDictionary()


def _traced(model: Any, function: Step, signature: Sequence[tf.TensorSpec]) -> Step:
    with kernels_in(model):
        concrete = tf.function(function, autograph=False).get_concrete_function(*signature)
    dtypes = [spec.dtype for spec in signature]

    def step(*batch: np.ndarray) -> Any:
        given = zip(batch, dtypes, strict=True)
        return concrete(*(tf.convert_to_tensor(array, dtype) for array, dtype in given))

    return step

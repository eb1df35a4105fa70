"""A model's steps as TensorFlow functions with the kernels in them."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from seqclf.kernels.hooking import kernels_in
from seqclf.kernels.recurrent_layers import embeddings_of, recurrent_layers

Step = Callable[..., Any]


ENOUGH_STEPS = 500
"""Steps after which compiling the optimizer has paid: 0.2 s once, 0.5 ms a step less."""


def train_step(model: Any, signature: Sequence[tf.TensorSpec], *, steps: int = 1) -> Step:
    """Give `model.train_step` as a function of a batch.

    Args:
        model: built and compiled; its own `train_step` is what is traced.
        signature: of the inputs, the labels and, if there are any, the weights.
        steps: how often it will be called, at least; XLA compiles the optimizer where that pays.

    Returns:
        A function of the batch's arrays that trains on it, and gives the metrics as tensors.
    """
    enough = steps >= ENOUGH_STEPS

    def trace() -> Step:
        model.optimizer.build(model.trainable_variables)
        with _compiled(model.optimizer) if enough else contextlib.nullcontext():
            return _traced(model, lambda *batch: model.train_step(batch), signature, keep=True)

    return _kept(model, ("train", enough, *signature), trace)


def test_step(model: Any, signature: Sequence[tf.TensorSpec]) -> Step:
    """Give `model.test_step` as a function of a batch; as `train_step`."""
    return _kept(
        model,
        ("test", *signature),
        lambda: _traced(model, lambda *batch: model.test_step(batch), signature),
    )


def predict_step(model: Any) -> Step:
    """Give the model's outputs as a function of its inputs.

    Returns:
        A function from a NumPy array of inputs, any number of them, to one of outputs.
    """
    _, *rest = model.input_shape
    spec = tf.TensorSpec((None, *rest), tf.int32 if len(rest) == 1 else tf.float32)
    traced = _kept(
        model,
        ("predict", spec),
        lambda: _traced(model, lambda x: model(x, training=False), [spec]),
    )

    def step(x: np.ndarray) -> np.ndarray:
        outputs: np.ndarray = traced(x).numpy()
        return outputs

    return step


MOST_AT_ONCE, LEAST_AT_ONCE = 2048, 32

MOST_BYTES = 2**28
"""Memory that the outputs of all steps may take while predicting."""


def predict_at_once(model: Any, steps: int) -> int:
    """Say how many sequences a call of `predict_step` should get.

    Many, since each call has its cost; fewer where the outputs of all their steps must be held.

    Args:
        model: built.
        steps: of a sequence.
    """
    layers = [recurrent.layer for recurrent in recurrent_layers(model)]
    if any(embeddings_of(model)) and not any(layer.return_sequences for layer in layers):
        return MOST_AT_ONCE
    held = sum(8 * layer.units for layer in layers if hasattr(layer, "units"))
    return max(LEAST_AT_ONCE, min(MOST_AT_ONCE, MOST_BYTES // max(1, 4 * held * steps)))


def _kept(model: Any, key: tuple[Any, ...], trace: Callable[[], Step]) -> Step:
    """Trace a step once, until the model is compiled anew."""
    compiled = (getattr(model, "optimizer", None), getattr(model, "_compile_metrics", None))
    kept = _STEPS.setdefault(model, {})
    if key not in kept or any(
        one is not other for one, other in zip(kept[key][0], compiled, strict=True)
    ):
        kept[key] = (compiled, trace())
    return kept[key][1]


_STEPS: weakref.WeakKeyDictionary[Any, dict[Any, tuple[Any, Step]]] = weakref.WeakKeyDictionary()


@contextlib.contextmanager
def _compiled(optimizer: Any) -> Iterator[None]:
    """Let XLA make one loop of an optimizer's arithmetic in what is traced in this block."""

    def apply(gradients: Any, variables: Any = None) -> Any:
        step = tf.function(
            lambda *given: type(optimizer).apply(optimizer, list(given), variables),
            jit_compile=True,
            autograph=False,
        )
        return step(*gradients)

    optimizer.apply = apply
    try:
        yield
    finally:
        del optimizer.apply


def _traced(
    model: Any, function: Step, signature: Sequence[tf.TensorSpec], *, keep: bool = False
) -> Step:
    with kernels_in(model, keep=keep) as kept:
        concrete = tf.function(function, autograph=False).get_concrete_function(*signature)
    dtypes = [spec.dtype for spec in signature]

    def step(*batch: np.ndarray) -> Any:
        assert kept is not None  # what the graph runs lives as long as the step
        given = zip(batch, dtypes, strict=True)
        return concrete(*(tf.convert_to_tensor(array, dtype) for array, dtype in given))

    return step

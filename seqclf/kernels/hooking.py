"""In place of Keras' loops: the kernels as operations of a TensorFlow graph.

The model stays as it is. While a function is traced, the recurrent layers' `call` is another one,
which puts the kernels into the graph; afterwards it is Keras' again. What is saved, copied or shown
of the model has no trace of it.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from seqclf.kernels.packing import Weights
from seqclf.kernels.passes import Pass
from seqclf.kernels.recurrence import Recurrence
from seqclf.kernels.recurrent_layers import Recurrent, embeddings_of, recurrent_layers
from seqclf.kernels.rows import scatter
from seqclf.kernels.threads import share, thread_count, together

_MOST_WAITING = 64
"""Passes that may wait for their backward; older ones have been given up."""

_IDS = "_seqclf_ids"
"""Attribute of an embedding's output in a graph: the ids, and the layer."""

_STARTS = "_seqclf_starts"
"""Attribute of a layer's output in a graph: how many steps in front all texts have in common."""


@contextlib.contextmanager
def kernels_in(model: Any) -> Iterator[None]:
    """Let the recurrent layers of a model put kernels into what is traced in this block.

    Args:
        model: a built `keras.Model`; layers the kernels cannot do stay as they are.

    Example:
        with kernels_in(model):
            predict = tf.function(lambda x: model(x, training=False)).get_concrete_function(spec)
    """
    replaced: list[Any] = []
    try:
        for embedding in embeddings_of(model):
            embedding.call = _remembering(embedding)
            replaced.append(embedding)
        for recurrent in recurrent_layers(model):
            if not recurrent.reason:
                recurrent.layer.call = _Kernel(recurrent)
                replaced.append(recurrent.layer)
        yield
    finally:
        for layer in replaced:
            del layer.call


def compile_kernels(model: Any, *, training: bool) -> None:
    """Compile the kernels of a model's layers, or read them from disk, before they are needed.

    Args:
        model: a built `keras.Model`.
        training: whether the way back is needed, too.
    """
    layers = [recurrent for recurrent in recurrent_layers(model) if not recurrent.reason]
    ids_only = len(layers) == 1 and not layers[0].layer.return_sequences
    for recurrent in layers:
        _Kernel(recurrent).try_out(training, numbers=not (ids_only and any(embeddings_of(model))))


def _remembering(embedding: Any) -> Callable[..., Any]:
    """Make an embedding's `call` that notes the ids with its output."""

    def call(inputs: Any) -> Any:
        output = type(embedding).call(embedding, inputs)
        setattr(output, _IDS, (inputs, embedding))
        return output

    return call


class _Kernel:
    """A recurrent layer's `call` that runs kernels."""

    def __init__(self, recurrent: Recurrent) -> None:
        self._layer = recurrent.layer
        self._recurrence = Recurrence(
            recurrent.cell,
            recurrent.layer.units,
            slope=recurrent.slope,
            backwards=recurrent.layer.go_backwards,
            zeros=recurrent.layer.zero_output_for_mask,
        )
        self._waiting: dict[int, Pass] = {}
        self._numbers = itertools.count()

    def __call__(
        self, sequences: Any, initial_state: Any = None, mask: Any = None, training: Any = False
    ) -> Any:
        """Read sequences, (texts, steps, features); outputs as the layer's own `call`."""
        layer = self._layer
        if initial_state is not None:
            return type(layer).call(
                layer, sequences, initial_state=initial_state, mask=mask, training=training
            )
        if isinstance(mask, list | tuple):
            mask = mask[0]
        cell = layer.cell
        variables = [cell.kernel, cell.recurrent_kernel]
        if cell.use_bias:
            variables.append(cell.bias)
        weights = [tf.convert_to_tensor(variable) for variable in variables]
        keep = bool(training)
        read = getattr(sequences, _IDS, None)
        if read is not None:
            ids, embedding = read
            table = tf.convert_to_tensor(embedding.embeddings)
            output, starts = self._read_ids(ids, table, mask, weights, keep, embedding.trainable)
        else:
            output, starts = self._read_numbers(sequences, mask, weights, keep)
        steps = [sequences.shape[1]] if layer.return_sequences else []
        output.set_shape((sequences.shape[0], *steps, layer.units))
        if layer.return_sequences and mask is None and not layer.go_backwards:
            setattr(output, _STARTS, starts)
        return output

    def try_out(self, training: bool, *, numbers: bool) -> None:
        """Run the kernels once on one text of one step, and forget the result.

        Args:
            training: whether backward, too.
            numbers: whether what reads numbers and gives every step, too; else ids only.
        """
        weights = _weights(
            tuple(tf.convert_to_tensor(weight).numpy() for weight in self._layer.cell.weights)
        )
        x = np.zeros((1, 1, weights.kernel.shape[0]), np.float32)
        recurrence = self._recurrence
        passes = [recurrence.forward_ids(_ONE_ID, x[0], None, weights, keep=training)]
        if numbers:
            mask = np.ones((1, 1), np.bool_)
            how = {"keep": training, "sequences": True}
            passes.append(recurrence.forward_numbers(x, mask, None, weights, **how))
        for output, left in passes:
            if training:
                result = recurrence.backward(left, output)
                _spread(result.sources, result.rows, left.rows_shape)

    def _read_ids(
        self, ids: Any, table: Any, mask: Any, weights: list[Any], keep: bool, trained: bool
    ) -> tuple[Any, Any]:
        ids = tf.cast(ids, tf.int32)
        masks = [] if mask is None else [mask]

        def forward(ids: NDArray, table: NDArray, *others: NDArray) -> Any:
            given = others[0] if masks else None
            return self._forward(
                lambda **how: self._recurrence.forward_ids(
                    ids, table, given, _weights(others[len(masks) :]), **how
                ),
                keep,
            )

        def backward(gradient: NDArray, number: NDArray) -> Any:
            left = self._take(number)
            result = self._recurrence.backward(left, gradient, rows_wanted=trained)
            gradients = [array for array in result.weights if array is not None]
            if not trained:
                return gradients
            return [_spread(result.sources, result.rows, left.rows_shape), *gradients]

        @tf.custom_gradient
        def run(*inputs: Any) -> Any:
            values = inputs if trained else (table, *inputs)
            output, number, starts = tf.numpy_function(
                forward, [ids, values[0], *masks, *values[1:]], _OUTPUTS
            )

            def differentiate(gradient: Any, _: Any) -> Any:
                return _shaped(
                    tf.numpy_function(backward, [gradient, number], [tf.float32] * len(inputs)),
                    inputs,
                )

            return (output, starts), differentiate

        return run(table, *weights) if trained else run(*weights)

    def _read_numbers(
        self, sequences: Any, mask: Any, weights: list[Any], keep: bool
    ) -> tuple[Any, Any]:
        masks = [] if mask is None else [mask]
        known = getattr(sequences, _STARTS, None)
        starts = [] if known is None or masks else [known]

        def forward(x: NDArray, *others: NDArray) -> Any:
            given = others[0] if masks else None
            shared = others[0] if starts else None
            rest = _weights(others[len(masks) + len(starts) :])
            return self._forward(
                lambda **how: self._recurrence.forward_numbers(x, given, shared, rest, **how), keep
            )

        def backward(gradient: NDArray, number: NDArray) -> Any:
            left = self._take(number)
            result = self._recurrence.backward(left, gradient)
            gradients = [array for array in result.weights if array is not None]
            rows = _spread(result.sources, result.rows, left.rows_shape)
            return [rows.reshape(left.shape), *gradients]

        @tf.custom_gradient
        def run(x: Any, *weights: Any) -> Any:
            output, number, common = tf.numpy_function(
                forward, [x, *masks, *starts, *weights], _OUTPUTS
            )

            def differentiate(gradient: Any, _: Any) -> Any:
                inputs = (x, *weights)
                return _shaped(
                    tf.numpy_function(backward, [gradient, number], [tf.float32] * len(inputs)),
                    inputs,
                )

            return (output, common), differentiate

        return run(sequences, *weights)

    def _forward(self, read: Callable[..., Any], keep: bool) -> Any:
        output, left = read(keep=keep, sequences=self._layer.return_sequences)
        number = next(self._numbers)
        if keep:
            self._waiting[number] = left
            if len(self._waiting) > _MOST_WAITING:
                oldest = next(iter(self._waiting))
                self._recurrence.release(self._waiting.pop(oldest))
        return output, np.int64(number), left.schedule.starts

    def _take(self, number: NDArray) -> Pass:
        try:
            return self._waiting.pop(int(number))
        except KeyError:
            raise RuntimeError(
                f"layer '{self._layer.name}' was not run with training=True, so that its kernels "
                "kept nothing to differentiate"
            ) from None


_ONE_ID = np.zeros((1, 1), np.int32)

_OUTPUTS = [tf.float32, tf.int64, tf.int32]


def _weights(arrays: tuple[NDArray, ...]) -> Weights:
    kernel, recurrent, *bias = arrays
    return Weights(kernel, recurrent, bias[0] if bias else None)


def _spread(sources: NDArray, rows: NDArray | None, shape: tuple[int, int]) -> NDArray:
    """Put the rows' gradients where the rows came from, zeros elsewhere."""
    assert rows is not None
    out = np.zeros(shape, rows.dtype)
    flat, depth = rows.reshape(-1), rows.shape[1]
    parts = min(thread_count(), max(1, len(sources) // 512))
    cuts = share(len(sources), parts)
    together(lambda part: scatter(*cuts[part], sources, flat, depth, out), parts)
    return out


def _shaped(gradients: list[Any], inputs: tuple[Any, ...]) -> list[Any]:
    for gradient, given in zip(gradients, inputs, strict=True):
        gradient.set_shape(given.shape)
    return gradients

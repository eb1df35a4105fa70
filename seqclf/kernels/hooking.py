"""In place of Keras' loops: the kernels as operations of a TensorFlow graph.

The model stays as it is. While a function is traced, the recurrent layers' `call` is another one,
which puts the kernels into the graph; afterwards it is Keras' again. What is saved, copied or shown
of the model has no trace of it.
"""

from __future__ import annotations

import contextlib
import itertools
import weakref
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from seqclf.kernels.packing import Weights
from seqclf.kernels.passes import Gradient, Pass
from seqclf.kernels.recurrence import Recurrence
from seqclf.kernels.recurrent_layers import Recurrent, embeddings_of, recurrent_layers
from seqclf.kernels.rows import scatter
from seqclf.kernels.threads import share, thread_count, together

_MOST_IN_A_LOOP = 64
"""Passes of a layer in a loop of TensorFlow's that may wait for their backward."""


class _Call(NamedTuple):
    """A call of a layer: what its gradient needs."""

    ticket: Any
    inputs: tuple[Any, ...]
    backward: Callable[..., Any]


class _Known(NamedTuple):
    """What is known while a graph is made. Tensors are found by their `id`, and kept for that."""

    ids: dict[int, tuple[Any, Any, Any]]
    """Of an embedding's output: itself, the ids, and the layer."""

    starts: dict[int, tuple[Any, Any]]
    """Of a layer's output: itself, and how many steps in front all texts have in common."""

    calls: list[_Call]


@contextlib.contextmanager
def kernels_in(model: Any, *, keep: bool = False) -> Iterator[list[Any]]:
    """Let the recurrent layers of a model put kernels into what is traced in this block.

    Args:
        model: a built `keras.Model`; layers the kernels cannot do stay as they are.
        keep: whether layers called with `training=False` can be differentiated, too.

    Yields:
        What the graph runs, which lives only as long as somebody keeps it: TensorFlow keeps the
        functions of a graph for ever, so that they hold neither layers nor memory themselves.

    Example:
        with kernels_in(model) as kept:
            predict = tf.function(lambda x: model(x, training=False)).get_concrete_function(spec)
    """
    replaced: list[Any] = []
    kernels: list[_Kernel] = []
    known = _Known({}, {}, [])
    registered = set(_registered())
    try:
        for embedding in embeddings_of(model):
            embedding.call = _remembering(embedding, known)
            replaced.append(embedding)
        for recurrent in recurrent_layers(model):
            if not recurrent.reason:
                kernels.append(_Kernel(recurrent, known, keep=keep))
                recurrent.layer.call = kernels[-1]
                replaced.append(recurrent.layer)
        yield kernels
    finally:
        for name in set(_registered()) - registered:
            if name.startswith("CustomGradient-"):
                _registered().pop(name, None)
        for each in known:
            each.clear()
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
        kernel = _Kernel(recurrent, _Known({}, {}, []))
        kernel.try_out(training, numbers=not (ids_only and any(embeddings_of(model))))


def _remembering(embedding: Any, known: _Known) -> Callable[..., Any]:
    """Make an embedding's `call` that notes the ids with its output."""

    def call(inputs: Any) -> Any:
        output = type(embedding).call(embedding, inputs)
        known.ids[id(output)] = output, inputs, embedding
        return output

    return call


class _Kernel:
    """A recurrent layer's `call` that runs kernels."""

    def __init__(self, recurrent: Recurrent, known: _Known, *, keep: bool = False) -> None:
        self._layer = recurrent.layer
        self._known = known
        self._keep = keep
        self._recurrence = Recurrence(
            recurrent.cell,
            recurrent.layer.units,
            slope=recurrent.slope,
            backwards=recurrent.layer.go_backwards,
            zeros=recurrent.layer.zero_output_for_mask,
        )
        self._waiting: dict[int, Pass] = {}
        self._numbers = itertools.count()
        self._most_waiting = 0

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
        keep = self._keep or bool(training)
        looped = hasattr(getattr(sequences.graph, "outer_graph", None), "captures")
        self._most_waiting += _MOST_IN_A_LOOP if looped else 1
        if id(sequences) in self._known.ids:
            _, ids, embedding = self._known.ids[id(sequences)]
            table = tf.convert_to_tensor(embedding.embeddings)
            output, starts = self._read_ids(ids, table, mask, weights, keep, embedding.trainable)
        else:
            output, starts = self._read_numbers(sequences, mask, weights, keep)
        steps = [sequences.shape[1]] if layer.return_sequences else []
        output.set_shape((sequences.shape[0], *steps, layer.units))
        if layer.return_sequences and mask is None and not layer.go_backwards:
            self._known.starts[id(output)] = output, starts
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
        for output, passed in passes:
            if training:
                result = recurrence.backward(passed, output)
                _spread(result.sources, result.rows, passed.rows_shape)

    def _read_ids(
        self, ids: Any, table: Any, mask: Any, weights: list[Any], keep: bool, trained: bool
    ) -> tuple[Any, Any]:
        masks = [] if mask is None else [mask]
        masked, me = bool(masks), weakref.ref(self)

        def forward(ids: NDArray, table: NDArray, *others: NDArray) -> Any:
            kernel = _alive(me)
            given = others[0] if masked else None
            rest = _weights(others[1:] if masked else others)
            return kernel._forward(
                lambda **how: kernel._recurrence.forward_ids(ids, table, given, rest, **how), keep
            )

        def backward(gradient: NDArray, number: NDArray) -> Any:
            passed, result = _alive(me)._backward(gradient, number, rows_wanted=trained)
            gradients = [array for array in result.weights if array is not None]
            if not trained:
                return gradients
            return [_spread(result.sources, result.rows, passed.rows_shape), *gradients]

        ids = tf.cast(ids, tf.int32)
        if trained:
            return self._put(
                lambda table, *weights: [ids, table, *masks, *weights],
                (table, *weights),
                forward,
                backward,
            )
        return self._put(
            lambda *weights: [ids, table, *masks, *weights], tuple(weights), forward, backward
        )

    def _read_numbers(
        self, sequences: Any, mask: Any, weights: list[Any], keep: bool
    ) -> tuple[Any, Any]:
        masks = [] if mask is None else [mask]
        _, common = self._known.starts.get(id(sequences), (None, None))
        starts = [] if common is None or masks else [common]
        masked, shared, me = bool(masks), bool(starts), weakref.ref(self)

        def forward(x: NDArray, *others: NDArray) -> Any:
            kernel = _alive(me)
            given = others[0] if masked else None
            first = others[0] if shared else None
            rest = _weights(others[1:] if masked or shared else others)
            return kernel._forward(
                lambda **how: kernel._recurrence.forward_numbers(x, given, first, rest, **how), keep
            )

        def backward(gradient: NDArray, number: NDArray) -> Any:
            passed, result = _alive(me)._backward(gradient, number)
            gradients = [array for array in result.weights if array is not None]
            rows = _spread(result.sources, result.rows, passed.rows_shape)
            return [rows.reshape(passed.shape), *gradients]

        return self._put(
            lambda x, *weights: [x, *masks, *starts, *weights],
            (sequences, *weights),
            forward,
            backward,
        )

    def _put(
        self,
        arguments: Callable[..., list[Any]],
        inputs: tuple[Any, ...],
        forward: Callable[..., Any],
        backward: Callable[..., Any],
    ) -> tuple[Any, Any]:
        """Put the kernels into the graph.

        Args:
            arguments: gives what `forward` takes from the inputs.
            inputs: what is differentiated.
            forward, backward: on NumPy arrays.
        """
        calls = self._known.calls
        number = len(calls)

        @tf.custom_gradient
        def run(*inputs: Any) -> Any:
            output, ticket, starts = tf.numpy_function(forward, arguments(*inputs), _OUTPUTS)
            calls.append(_Call(ticket, inputs, backward))

            def differentiate(gradient: Any, _: Any) -> Any:
                call = calls[number]
                found = tf.numpy_function(
                    call.backward, [gradient, call.ticket], [tf.float32] * len(call.inputs)
                )
                return _shaped(found, call.inputs)

            return (output, starts), differentiate

        found: tuple[Any, Any] = run(*inputs)
        return found

    def _backward(
        self, gradient: NDArray, number: NDArray, *, rows_wanted: bool = True
    ) -> tuple[Pass, Gradient]:
        passed = self._take(number)
        return passed, self._recurrence.backward(passed, gradient, rows_wanted=rows_wanted)

    def _forward(self, read: Callable[..., Any], keep: bool) -> Any:
        output, passed = read(keep=keep, sequences=self._layer.return_sequences)
        number = next(self._numbers)
        if keep:
            self._waiting[number] = passed
            # Older ones are those of earlier steps, whose gradient nobody wanted.
            if len(self._waiting) > self._most_waiting:
                oldest = next(iter(self._waiting))
                self._recurrence.release(self._waiting.pop(oldest))
        return output, np.int64(number), passed.schedule.starts

    def _take(self, number: NDArray) -> Pass:
        try:
            return self._waiting.pop(int(number))
        except KeyError:
            raise RuntimeError(
                f"layer '{self._layer.name}' was not run with training=True, so that its kernels "
                "kept nothing to differentiate"
            ) from None


def _alive(kernel: weakref.ref[_Kernel]) -> _Kernel:
    found = kernel()
    if found is None:
        raise RuntimeError("this step's model is gone")
    return found


def _registered() -> dict[str, Any]:
    """Give TensorFlow's custom gradients, which it keeps for ever, and with them graph and weights.

    There are ours, and those of Keras' optimizers. They are for differentiating a graph later; a
    step differentiates itself while it is traced.
    There is no public way to let go of them: where this one is closed, their memory stays.
    """
    with contextlib.suppress(ImportError, AttributeError):
        from tensorflow.python.framework import ops

        found: dict[str, Any] = ops.gradient_registry._registry
        return found
    return {}


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

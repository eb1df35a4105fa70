"""What computes a model's recurrent layers: fused kernels or Keras' own loop; and why."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import Any, Literal

from seqclf.errors import SeqclfError, described
from seqclf.kernels.recurrent_layers import recurrent_layers
from seqclf.kernels.threads import thread_count


@dataclass(frozen=True)
class Choice:
    """What computes a model's recurrent layers.

    Args:
        kernel: "fused" where fused kernels compute at least one of them, else "keras".
        reason: why Keras computes all of them, or some; "" where it computes none.
    """

    kernel: Literal["fused", "keras"]
    reason: str


def choose(model: Any, wanted: str) -> Choice:
    """Choose what computes a model's recurrent layers.

    "auto" takes the kernels wherever they can be: docs/performance.md has the measurements, in
    which there was no size at which Keras' loop was faster.

    Args:
        model: a built `keras.Model`.
        wanted: "fused", "keras", or "auto" for fused kernels where they can be.

    Raises:
        SeqclfError: "fused" is wanted and cannot be.
        UsageError: SEQCLF_THREADS is no number of threads.

    Example:
        >>> choose(None, "keras")
        Choice(kernel='keras', reason='asked for')
    """
    if wanted == "keras":
        return Choice("keras", "asked for")
    reason = unavailable()
    choice = Choice("keras", reason) if reason else _for_layers(model)
    if choice.kernel == "fused":
        thread_count()  # a wrong number is told before a graph runs into it
    if wanted == "fused" and choice.kernel != "fused":
        raise _refused(choice.reason)
    return choice


def check_wanted(wanted: str) -> None:
    """Check, before anything slow, that this process can have what is wanted; as `unavailable`.

    Raises:
        SeqclfError: "fused" is wanted, and no model could have it here.
    """
    if wanted == "fused" and (reason := unavailable()):
        raise _refused(reason)


def unavailable() -> str:
    """Say why nothing in this process can be computed by fused kernels, "" where it can.

    Keras is imported, so that `seqclf.training.backend.import_keras` should be called before.
    """
    import keras

    backend = keras.config.backend()
    if backend != "tensorflow":
        return f"Keras runs on {backend}"
    import tensorflow as tf

    if tf.config.list_physical_devices("GPU"):
        return "a GPU is there"
    if importlib.util.find_spec("numba") is None:
        return "numba is not installed"
    try:
        importlib.import_module("numba")
    except Exception as error:
        return f"numba cannot be imported: {described(error)}"
    return ""


def _for_layers(model: Any) -> Choice:
    """Choose by the layers alone."""
    kept = _reasons(model)
    if not kept:
        return Choice("keras", "no recurrent layer")
    layers: dict[str, list[str]] = {}
    for name, reason in kept.items():
        if reason:
            layers.setdefault(reason, []).append(name)
    told = [(", ".join(names), len(names), reason) for reason, names in layers.items()]
    if all(kept.values()):
        return Choice("keras", "; ".join(f"{names}: {reason}" for names, _, reason in told))
    stay = [
        f"{names} {'stays' if count == 1 else 'stay'} with Keras: {reason}"
        for names, count, reason in told
    ]
    return Choice("fused", "; ".join(stay))


def _refused(reason: str) -> SeqclfError:
    return SeqclfError(
        f"fused kernels are asked for, but cannot be had here: {reason}",
        hint="kernel 'auto' takes Keras' own loop where there is no fused kernel",
    )


def _reasons(model: Any) -> dict[str, str]:
    """Say of each recurrent layer, by its name, why it has no fused kernel; "" where it has one.

    The two inside of a bidirectional layer stand under its name.
    """
    import keras

    around = {
        id(inner): layer.name
        for layer in model._flatten_layers(include_self=False)
        if isinstance(layer, keras.layers.Bidirectional)
        for inner in (layer.forward_layer, layer.backward_layer)
    }
    found: dict[str, str] = {}
    for each in recurrent_layers(model):
        name = around.get(id(each.layer), each.layer.name)
        found[name] = found.get(name) or each.reason
    return found

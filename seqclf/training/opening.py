"""Models for batches of several lengths."""

from __future__ import annotations

from typing import Any

import numpy as np

from seqclf.contracts import Architecture, RunConfig
from seqclf.errors import SeqclfError
from seqclf.task import Task
from seqclf.training.buckets import padded_length


def build_for(architecture: Architecture, task: Task, config: RunConfig) -> Any:
    """Build a run's model; with batches of several lengths (`bucket`) it is open to them.

    Args:
        architecture: what builds it.
        task: the data's side.
        config: `params` and `bucket` are used.

    Returns:
        A `keras.Model`, not compiled.

    Raises:
        SeqclfError: the architecture fails, what it gives does not fit, or it takes texts of one
            length only where batches have several.

    Example:
        model = build_for(architecture, task, RunConfig("reviews", bucket=True))
        model.input_shape  # (None, None)
    """
    from seqclf.training.build import build

    if not config.bucket:
        return build(architecture, task, config.params)
    fixed = SeqclfError(
        f"architecture '{architecture.name}' takes texts of one length only, but --bucket makes "
        "batches of several",
        hint="leave --bucket out",
    )
    try:
        model = build(architecture, task, config.params, any_length=True)
    except SeqclfError:
        build(architecture, task, config.params)  # tells what is wrong whatever the length
        raise fixed from None
    if model.input_shape[1] is not None or not _reads(model, task):
        raise fixed
    return model


def _reads(model: Any, task: Task) -> bool:
    """Try the shortest batch there can be."""
    _, *features = task.input_shape
    shortest = padded_length(np.zeros(1, np.int64), task.maxlen)
    example = np.zeros((1, shortest, *features), np.float32 if features else np.int32)
    try:
        model(example, training=False)
    except Exception:
        return False
    return True

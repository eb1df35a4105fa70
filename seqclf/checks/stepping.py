"""Checks that change or keep a model: a step of training, a file and back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from seqclf.checks.building import (
    KINDS,
    Builder,
    probabilities,
    random_ids,
    random_labels,
)
from seqclf.checks.outcomes import Check, FailedCheckError, NotTriedError, attempt


def check_step(subject: str, builder: Builder) -> Iterator[Check]:
    """Train a step for each kind of task; save what came of it and load it."""
    trained: list[object] = []

    def trains() -> str:
        losses = []
        for kind in KINDS:
            model, loss = _step(builder, kind)
            trained.append(model)
            losses.append(f"{loss:.2f}")
        return f"losses {', '.join(losses)}"

    yield attempt(subject, "trains a step, and the loss is finite", trains)
    yield attempt(subject, "is saved and loaded with equal predictions", lambda: _keeps(builder))


def _step(builder: Builder, kind: str) -> tuple[object, float]:
    import numpy as np

    model, task = builder.build(kind), builder.task(kind)
    before = [np.asarray(weight) for weight in model.trainable_weights]
    # Without a graph: tracing one would take longer than everything else here.
    model.compile(optimizer="rmsprop", loss=task.loss, run_eagerly=True)
    loss = float(model.train_on_batch(random_ids(16, task.maxlen, pad=2), random_labels(task, 16)))
    if not np.isfinite(loss):
        raise FailedCheckError(f"for {KINDS[kind]} the loss is {loss}")
    if not before:
        raise FailedCheckError("it has no weights that training could change")
    after = [np.asarray(weight) for weight in model.trainable_weights]
    for weight, new in zip(model.trainable_weights, after, strict=True):
        if not np.isfinite(new).all():
            raise FailedCheckError(f"for {KINDS[kind]}, {weight.path} is no number after a step")
    if all(np.array_equal(old, new) for old, new in zip(before, after, strict=True)):
        raise FailedCheckError(
            "the step changed no weight", "the output must follow from the layers' weights"
        )
    return model, loss


def _keeps(builder: Builder) -> str:
    import numpy as np

    from seqclf.runs.model import custom_objects, load_model, missing_objects, save_model

    model = builder.model()
    ids = random_ids(5, builder.maxlen, pad=3)
    with tempfile.TemporaryDirectory(prefix="seqclf-check-") as folder:
        path = Path(folder) / "model.keras"
        save_model(path, model)
        size = path.stat().st_size
        missing = missing_objects(custom_objects(path))
        if missing:
            raise FailedCheckError(
                f"Keras cannot find the layer '{missing[0]}' again",
                'write @keras.saving.register_keras_serializable("...") above its class, with the '
                "plugin's name between the quotes",
            )
        again = load_model(path)
    apart = np.abs(probabilities(model, ids) - probabilities(again, ids)).max()
    if apart != 0:
        raise FailedCheckError(
            f"the loaded one's probabilities are {apart:.2g} away",
            "keep whatever a layer computes with in its weights or in get_config()",
        )
    if not np.isfinite(apart):
        raise NotTriedError("its probabilities are no numbers")
    return f"{size:,} bytes"

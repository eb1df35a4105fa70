"""Training on kernels: the epochs of `model.fit`, without what it does beside them."""

from __future__ import annotations

from typing import Any

import keras

from seqclf.training.batches import Batches, signature


def fit_on_kernels(
    model: keras.Model,
    batches: Batches,
    compared: Batches | None,
    epochs: int,
    watcher: keras.callbacks.Callback,
) -> None:
    """Train as `model.fit` does, with the model's own `train_step` and `test_step`.

    `model.fit` would hand every batch through a `tf.data` pipeline, which takes longer than the
    kernels do.

    Args:
        model: compiled; changed in place.
        batches: the training examples.
        compared: the examples to compare epochs on, or None.
        epochs: how many there are; `model.stop_training` ends them sooner.
        watcher: told of epochs and batches.
    """
    from seqclf.kernels.tracing import test_step, train_step

    train = train_step(model, signature(batches), steps=epochs * batches.steps)
    test = None if compared is None else test_step(model, signature(compared))
    watcher.set_model(model)
    model.stop_training = False
    for epoch in range(epochs):
        model.reset_metrics()
        watcher.on_epoch_begin(epoch)
        logs: dict[str, Any] = {}
        for step, batch in enumerate(batches):
            logs = train(*batch)
            watcher.on_train_batch_end(step, logs)
        results = dict(logs)
        if compared is not None and test is not None:
            model.reset_metrics()
            for step, batch in enumerate(compared):
                logs = test(*batch)
                watcher.on_test_batch_end(step, logs)
            results |= {f"val_{name}": value for name, value in logs.items()}
        watcher.on_epoch_end(epoch, results)
        if model.stop_training:
            break
    # As `model.fit` does: an optimizer that averages weights puts the averages in their place.
    model.optimizer.finalize_variable_values(model.trainable_weights)

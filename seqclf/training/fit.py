"""Training: `model.fit` with our own batches, told through events."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import keras

from seqclf.contracts import History, RunConfig, Split
from seqclf.encoding.padding import Padding
from seqclf.errors import SeqclfError, described
from seqclf.events import BatchEnded, EpochEnded, Listener, TrainingEnded, TrainingStarted
from seqclf.training.batches import Batches, feed, pad_chosen

_ID_HINT = "is the embedding as large as task.num_words?"

Reason = Literal["finished", "patience", "interrupted"]


@dataclass(frozen=True)
class Trained:
    """What training left.

    Args:
        history: every finished epoch's metrics.
        best_epoch: the best one, from 1; None without validation data or epochs.
        kept: the epoch whose weights the model now has; 0 if none was finished.
        reason: why it ended.
    """

    history: History
    best_epoch: int | None
    kept: int
    reason: Reason


def fit(
    model: keras.Model,
    train: Split,
    validation: Split | None,
    config: RunConfig,
    emit: Listener,
    interrupted: Callable[[], bool] = lambda: False,
    *,
    kernel: Literal["fused", "keras"] = "keras",
) -> Trained:
    """Train a compiled model and leave the kept epoch's weights in it.

    The best epoch is the one with the highest validation accuracy; of equal
    ones, the one with the lowest validation loss.

    Args:
        model: compiled; changed in place.
        train: encoded training examples.
        validation: encoded examples to compare epochs on, or None.
        config: epochs, batch_size, padding, seed, patience and keep are used.
        emit: told of every batch and epoch.
        interrupted: asked after every batch; true ends training.
        kernel: "fused" runs its recurrent layers on the kernels of `seqclf.kernels`.

    Returns:
        The history and which epoch was kept.
    """
    assert config.seed is not None
    padding, size = Padding.of(config), config.batch_size
    pad, judged_at_once = pad_chosen, size
    if kernel == "fused":
        from seqclf.kernels.padding import pad_ids
        from seqclf.kernels.tracing import predict_at_once

        pad, judged_at_once = pad_ids, max(size, predict_at_once(model, padding.maxlen))
    batches = Batches(
        train, padding=padding, batch_size=size, seed=config.seed, bucket=config.bucket, pad=pad
    )
    compared = None
    if validation is not None:
        compared = Batches(validation, padding=padding, batch_size=judged_at_once, pad=pad)
    watcher = _Watcher(batches, config, emit, interrupted)
    emit(TrainingStarted(config.epochs, batches.steps, len(train)))
    started = time.perf_counter()
    reason: Reason = "finished"
    try:
        if kernel == "fused":
            from seqclf.training.loop import fit_on_kernels

            fit_on_kernels(model, batches, compared, config.epochs, watcher)
        else:
            model.fit(
                feed(batches),
                epochs=config.epochs,
                validation_data=None if compared is None else feed(compared),
                shuffle=False,
                verbose=0,
                callbacks=[watcher],
            )
        if watcher.out_of_patience:
            reason = "patience"
    except (_Interrupted, KeyboardInterrupt):
        reason = "interrupted"
    except (SeqclfError, MemoryError, OSError):
        raise
    except Exception as error:
        raise SeqclfError(
            f"training failed in architecture '{config.arch}': {described(error)}",
            hint=_ID_HINT if "is not in [0, " in str(error) else "",
        ) from error
    trained = watcher.finish(model, reason)
    epochs = trained.history.epochs
    if epochs:
        emit(
            TrainingEnded(
                epochs=len(epochs),
                best_epoch=trained.best_epoch,
                best=epochs[(trained.best_epoch or len(epochs)) - 1],
                last=epochs[-1],
                kept=trained.kept,
                seconds=time.perf_counter() - started,
                reason=reason,
            )
        )
    return trained


class _Interrupted(Exception):  # noqa: N818
    """Leaves `model.fit` at once; `stop_training` would run the validation first."""


class _Watcher(keras.callbacks.Callback):
    """Tells what happens, chooses the order of each epoch and keeps the best weights."""

    def __init__(
        self,
        batches: Batches,
        config: RunConfig,
        emit: Listener,
        interrupted: Callable[[], bool],
    ) -> None:
        super().__init__()
        self.out_of_patience = False
        self._batches = batches
        self._config = config
        self._emit = emit
        self._interrupted = interrupted
        self._epochs: list[dict[str, float]] = []
        self._best_epoch: int | None = None
        self._best_weights: list[Any] | None = None
        self._last_weights: list[Any] | None = None
        self._started = 0.0

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        self._started = time.perf_counter()
        self._batches.begin_epoch(epoch)

    def on_train_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        examples = min((batch + 1) * self._batches.batch_size, len(self._batches.labels))
        self._emit(BatchEnded(len(self._epochs) + 1, batch + 1, examples, _floats(logs)))
        self._leave_if_interrupted()

    def on_test_batch_end(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        self._leave_if_interrupted()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        metrics = _in_order(_floats(logs))
        self._epochs.append(metrics)
        best = self._is_best(metrics)
        if best:
            self._best_epoch = len(self._epochs)
            self._best_weights = self.model.get_weights()
        self._last_weights = self.model.get_weights()
        seconds = time.perf_counter() - self._started
        self._emit(EpochEnded(len(self._epochs), metrics, seconds, best))
        self._stop_if_impatient()

    def finish(self, model: keras.Model, reason: Reason) -> Trained:
        """Put the kept epoch's weights into the model."""
        kept, weights = len(self._epochs), self._last_weights
        if self._config.keep == "best" and self._best_epoch is not None:
            kept, weights = self._best_epoch, self._best_weights
        if weights is not None:
            model.set_weights(weights)
        history = History(self._epochs, {"epochs": self._config.epochs})
        return Trained(history, self._best_epoch, kept, reason)

    def _is_best(self, metrics: Mapping[str, float]) -> bool:
        if "val_accuracy" not in metrics:
            return False
        if self._best_epoch is None:
            return True
        best = self._epochs[self._best_epoch - 1]
        return (metrics["val_accuracy"], -metrics["val_loss"]) > (
            best["val_accuracy"],
            -best["val_loss"],
        )

    def _stop_if_impatient(self) -> None:
        patience = self._config.patience
        if patience is None or self._best_epoch is None:
            return
        if len(self._epochs) - self._best_epoch >= patience:
            self.out_of_patience = len(self._epochs) < self._config.epochs
            self.model.stop_training = True

    def _leave_if_interrupted(self) -> None:
        if self._interrupted():
            raise _Interrupted


def _floats(logs: Mapping[str, float] | None) -> dict[str, float]:
    return {name: float(value) for name, value in (logs or {}).items()}


def _in_order(metrics: Mapping[str, float]) -> dict[str, float]:
    """Put the loss first, then the others, training before validation."""
    names = sorted(metrics, key=lambda name: (name.startswith("val_"), "loss" not in name, name))
    return {name: metrics[name] for name in names}

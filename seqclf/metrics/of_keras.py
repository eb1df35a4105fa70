"""Keras' own metrics, ready for a task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqclf.declare import metric

if TYPE_CHECKING:
    from seqclf.task import Task


@metric(
    "auc",
    summary="area under the ROC curve (multilabel: the classes' mean)",
    kinds=("binary", "multilabel"),
)
def auc(task: Task) -> Any:
    """Build `keras.metrics.AUC`, an approximation by 200 thresholds."""
    import keras

    if task.kind == "multilabel":
        return keras.metrics.AUC(name="auc", multi_label=True, num_labels=task.classes)
    return keras.metrics.AUC(name="auc")


@metric(
    "precision",
    summary="share of the texts given the second class (multilabel: of the yes) that are right",
    kinds=("binary", "multilabel"),
)
def precision(task: Task) -> Any:
    """Build `keras.metrics.Precision`."""
    import keras

    return keras.metrics.Precision(name="precision")


@metric(
    "recall",
    summary="share of the second class (multilabel: of the true labels) that is found",
    kinds=("binary", "multilabel"),
)
def recall(task: Task) -> Any:
    """Build `keras.metrics.Recall`."""
    import keras

    return keras.metrics.Recall(name="recall")


@metric(
    "top_3_accuracy",
    summary="share of the texts whose class is among the three likeliest",
    kinds=("multiclass",),
)
def top_3_accuracy(task: Task) -> Any:
    """Build `keras.metrics.SparseTopKCategoricalAccuracy` with k=3."""
    import keras

    return keras.metrics.SparseTopKCategoricalAccuracy(k=3, name="top_3_accuracy")

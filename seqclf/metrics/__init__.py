"""The built-in metrics for `--metrics`; accuracy is always there."""

from __future__ import annotations

from seqclf.contracts import Metric
from seqclf.hookspecs import hookimpl


@hookimpl
def seqclf_metrics() -> list[Metric]:
    """Give Keras' own metrics that newcomers ask for."""
    from seqclf.metrics.of_keras import auc, precision, recall, top_3_accuracy

    return [auc, precision, recall, top_3_accuracy]

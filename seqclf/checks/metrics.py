"""Checks of a metric: a Keras metric of its name, with finite numbers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from seqclf.checks.building import KINDS, LABELS, MAXLEN, NUM_WORDS, random_labels
from seqclf.checks.outcomes import Check, FailedCheckError, attempt
from seqclf.checks.words import check_summary
from seqclf.contracts import Kind, Metric
from seqclf.errors import described
from seqclf.task import Task


def check_metric_declared(metric: Metric) -> Iterator[Check]:
    """Look at the summary and the kinds of task; nothing is built."""
    subject = f"metric {metric.name}"

    def kinds() -> str:
        wrong = [kind for kind in metric.kinds if kind not in KINDS]
        if wrong or not metric.kinds:
            raise FailedCheckError(
                f"it names {', '.join(map(repr, wrong)) or 'none'}", f"there are {', '.join(KINDS)}"
            )
        return ", ".join(metric.kinds)

    yield check_summary(subject, metric.summary)
    yield attempt(subject, "names the kinds of task that it judges", kinds)


def check_metric(metric: Metric) -> Iterator[Check]:
    """Build it for each kind it names, and let it judge a few texts."""
    for kind in metric.kinds:
        if kind in KINDS:
            yield attempt(
                f"metric {metric.name}",
                f"judges {KINDS[kind]}",
                partial(_judge, metric, kind),
            )


def _judge(metric: Metric, kind: Kind) -> str:
    """Compile a network with it, as training does, and test on two batches and then again."""
    from seqclf.training.backend import import_keras

    keras = import_keras()
    import numpy as np

    task = Task(kind, LABELS[kind], NUM_WORDS, MAXLEN)
    built = metric(task)
    if not isinstance(built, keras.metrics.Metric):
        raise FailedCheckError(f"it gave {built!r}", "return a keras.metrics.Metric")
    if built.name != metric.name:
        raise FailedCheckError(
            f"the Keras metric is called {built.name!r}", f'give it name="{metric.name}"'
        )
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(task.units, task.activation)])
    model.compile(loss=task.loss, metrics=[built], run_eagerly=True)
    inputs = np.random.default_rng(1).normal(size=(32, 8)).astype("float32")
    labels = random_labels(task, 32)
    values = []
    for _ in range(2):
        model.reset_metrics()
        for rows in (slice(0, 16), slice(16, 32)):
            try:
                logs = model.test_on_batch(inputs[rows], labels[rows], return_dict=True)
            except Exception as error:
                others = [other for other in metric.kinds if other != kind]
                raise FailedCheckError(
                    described(error),
                    f"if it cannot judge such tasks, write kinds={tuple(others)!r}",
                ) from error
        values.append(_number(logs.get(metric.name)))
    if not np.isclose(values[0], values[1], rtol=1e-6, atol=1e-7):
        raise FailedCheckError(
            f"the same texts give {values[0]:.4g}, and after a reset {values[1]:.4g}",
            "reset_state() must set everything back",
        )
    return f"{values[0]:.4f} on texts made up"


def _number(value: object) -> float:
    import math

    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise FailedCheckError(f"result() gives {value!r}, not one number") from None
    if not math.isfinite(number):
        raise FailedCheckError(f"result() gives {number}", "guard what is divided by")
    return number

"""The checks of one thing: for an author who has it in hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from seqclf.checks.architectures import check_building, check_declared
from seqclf.checks.datasets import check_dataset, check_dataset_declared
from seqclf.checks.encoders import check_encoder, check_encoder_declared
from seqclf.checks.metrics import check_metric, check_metric_declared
from seqclf.checks.outcomes import Check
from seqclf.checks.roads import Road, check_roads
from seqclf.contracts import Architecture, Dataset, Encoder, Metric
from seqclf.plugins import load_plugins
from seqclf.registry import Registry


def check_one_architecture(
    architecture: Architecture, params: Mapping[str, Any]
) -> Iterator[Check]:
    """Check an architecture; every build gets the options `params`.

    Raises:
        UsageError: `params` are not values of its options.

    Example:
        >>> from seqclf.architectures.gru import gru
        >>> next(check_one_architecture(gru, {"units": 4})).sentence
        'has a summary of one line'
    """
    yield from check_declared(architecture)
    yield from check_building(architecture, params)
    yield from check_roads([Road.to(architecture, params)])


def check_one_dataset(dataset: Dataset, options: Mapping[str, Any]) -> Iterator[Check]:
    """Check a dataset; it is loaded with `options`."""
    yield from check_dataset_declared(dataset, Registry(load_plugins()))
    yield from check_dataset(dataset, options)


def check_one_encoder(encoder_class: type[Encoder]) -> Iterator[Check]:
    """Check an encoder's class."""
    yield from check_encoder_declared(encoder_class)
    yield from check_encoder(encoder_class)


def check_one_metric(metric: Metric) -> Iterator[Check]:
    """Check a metric."""
    yield from check_metric_declared(metric)
    yield from check_metric(metric)

"""All checks of a plugin, in order: those that take no time first."""

from __future__ import annotations

from collections.abc import Iterator

from seqclf.checks.architectures import check_building, check_declared
from seqclf.checks.commands import check_commands
from seqclf.checks.datasets import check_dataset, check_dataset_declared
from seqclf.checks.distribution import check_distribution
from seqclf.checks.encoders import check_encoder, check_encoder_declared
from seqclf.checks.events import check_events
from seqclf.checks.finding import Found
from seqclf.checks.importing import check_declarations, check_import
from seqclf.checks.metrics import check_metric, check_metric_declared
from seqclf.checks.outcomes import Check
from seqclf.checks.roads import Road, check_roads
from seqclf.plugins import Plugin


def check_found(found: Found) -> Iterator[Check]:
    """Check the plugins that were found.

    Args:
        found: what `seqclf.checks.finding.find_plugins` gave.

    Yields:
        A check as soon as it is done.

    Example:
        >>> from seqclf.checks.finding import find_plugins
        >>> checks = check_found(find_plugins("seqclf.architectures"))
        >>> next(checks).line
        'plugin seqclf.architectures: is loaded: from seqclf itself (seqclf.architectures)'
    """
    if found.problem:
        yield Check(f"plugin {found.asked}", "is loaded", "failed", found.problem)
    for plugin in found.plugins:
        yield from _check_plugin(plugin, found)


def _check_plugin(plugin: Plugin, found: Found) -> Iterator[Check]:
    subject = f"plugin {plugin.name}"
    if plugin.status == "failed":
        remedy = f"seqclf plugins show {plugin.name} gives the traceback"
        yield Check(subject, "is loaded", "failed", f"{plugin.error}; {remedy}")
        return
    yield Check(subject, "is loaded", "passed", f"from {plugin.provenance}")
    yield from check_declarations(subject, plugin, found)
    yield from check_distribution(subject, plugin)
    yield from check_commands(plugin)
    given = found.given(plugin)
    for entry in given["architecture"]:
        yield from check_declared(entry.thing)
    for entry in given["dataset"]:
        yield from check_dataset_declared(entry.thing, found.registry)
    for entry in given["encoder"]:
        yield from check_encoder_declared(entry.thing)
    for entry in given["metric"]:
        yield from check_metric_declared(entry.thing)
    yield from check_import(subject, plugin)
    for entry in given["encoder"]:
        yield from check_encoder(entry.thing)
    for entry in given["dataset"]:
        yield from check_dataset(entry.thing, {})
    # From here on TensorFlow is loaded.
    roads = []
    for entry in given["architecture"]:
        yield from check_building(entry.thing, {})
        roads.append(Road.of(entry, found, {}))
    for entry in given["metric"]:
        yield from check_metric(entry.thing)
    yield from check_roads(roads)
    yield from check_events(subject, plugin)

"""Checks of what an installed plugin's distribution says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import Distribution

from seqclf.checks.outcomes import Check, FailedCheckError, NotTriedError, attempt
from seqclf.plugins import Plugin, normal_name


def check_distribution(subject: str, plugin: Plugin) -> Iterator[Check]:
    """Look at the metadata of the distribution: its licence, and that it asks for seqclf.

    Nothing is told of files and of seqclf's own plugins.
    """
    from importlib.metadata import PackageNotFoundError, distribution

    name = plugin.provenance.distribution
    if not name or plugin.provenance.origin == "built-in":
        return

    def found() -> Distribution:
        try:
            return distribution(name)
        except PackageNotFoundError:
            raise NotTriedError(f"the metadata of {name} cannot be found") from None

    yield attempt(subject, "its distribution names a licence", lambda: licence(found()))
    yield attempt(subject, "its distribution requires seqclf", lambda: requirement(found()))


def licence(distribution: Distribution) -> str:
    """Give the licence that a distribution names.

    Raises:
        FailedCheckError: it names none.
    """
    metadata = distribution.metadata
    named = metadata.get_all("License-Expression") or metadata.get_all("License") or [""]
    told = str(named[0])
    classified = [
        each.rpartition("::")[2].strip()
        for each in metadata.get_all("Classifier") or []
        if each.startswith("License ::")
    ]
    if told.strip() and told.strip() != "UNKNOWN":
        return " ".join(told.split())[:60]
    if classified:
        return classified[0]
    raise FailedCheckError(
        "it does not", "write license = MIT, or what you chose, into setup.cfg or pyproject.toml"
    )


def requirement(distribution: Distribution) -> str:
    """Give the requirement by which a distribution asks for seqclf.

    Raises:
        FailedCheckError: it does not.
    """
    import re

    for each in distribution.requires or []:
        name = re.match(r"[A-Za-z0-9._-]+", each)
        if name and normal_name(name[0]) == "seqclf" and "extra ==" not in each:
            return each
    raise FailedCheckError(
        "it does not", "write seqclf among its dependencies, so that pip installs both"
    )

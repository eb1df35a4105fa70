"""The built-in datasets, given through the hook that everybody's plugins use."""

from __future__ import annotations

from seqclf.contracts import Dataset
from seqclf.hookspecs import hookimpl


@hookimpl
def seqclf_datasets() -> list[Dataset]:
    """Give the tutorial's reviews and the bundled set."""
    from seqclf.datasets.imdb import imdb
    from seqclf.datasets.reviews import reviews

    return [imdb, reviews]

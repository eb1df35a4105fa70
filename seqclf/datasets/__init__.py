"""The built-in datasets, given through the hook that everybody's plugins use."""

from __future__ import annotations

from seqclf.contracts import Dataset
from seqclf.hookspecs import hookimpl


@hookimpl
def seqclf_datasets() -> list[Dataset]:
    """Give the tutorial's reviews, the bundled set, and a person's own file."""
    from seqclf.datasets.files.dataset import file
    from seqclf.datasets.imdb import imdb
    from seqclf.datasets.reviews import reviews

    return [file, imdb, reviews]

"""What is said where scikit-learn is not installed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from seqclf.errors import UsageError


class MissingScikitLearnError(UsageError, ImportError):
    """The extra `sklearn` is not installed; an ImportError, as a failed import is."""


@contextlib.contextmanager
def needs_scikit_learn() -> Iterator[None]:
    """Say what to install, where the block cannot import scikit-learn.

    Raises:
        MissingScikitLearnError: it is not there.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "sklearn":
            raise
        raise MissingScikitLearnError(
            "SequenceClassifier needs scikit-learn", hint="pip install 'seqclf[sklearn]'"
        ) from None

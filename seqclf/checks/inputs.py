"""Checks of what an architecture reads beside token ids: numeric series, pretrained vectors.

Both are tried where it says that it can read them: it begins with `task.embedding_layer()`, or
asks the task itself. One that reads token ids alone is as good.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from seqclf.checks.building import NOTHING, NUM_WORDS, Builder, probabilities
from seqclf.checks.outcomes import Check, FailedCheckError, NotTriedError, attempt
from seqclf.errors import SeqclfError, UsageError
from seqclf.task import Task

if TYPE_CHECKING:
    import numpy as np

FEATURES, DIM, TEXTS = 3, 7, 6
"""Numbers a time step, numbers a vector, and examples that are tried."""

_BEGIN = "begin it with task.embedding_layer()"


@dataclass(frozen=True)
class _NotingTask(Task):
    """A task that notes what is asked of it."""

    asked: set[str] = field(default_factory=set, repr=False, compare=False)

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        if name in ("embedding_layer", "features", "vectors"):
            super().__getattribute__("asked").add(name)
        return value


def check_inputs(subject: str, builder: Builder) -> Iterator[Check]:
    """Build it for numeric series and for pretrained vectors, where it says that it reads them."""
    asked = _asked(builder)
    yield attempt(subject, "reads numeric series", lambda: _series(builder, asked))
    yield attempt(subject, "starts from pretrained vectors", lambda: _vectors(builder, asked))


def _series(builder: Builder, asked: set[str]) -> str:
    if "features" not in asked:
        raise NotTriedError(f"it reads token ids; to read series, too, {_BEGIN}")
    forms = [NOTHING]
    forms += [
        {option.name: not builder.params[option.name]}
        for option in builder.architecture.options
        if option.type is bool
    ]
    tried = 0
    for changed in forms:
        try:
            model = _built(builder, changed, features=FEATURES)
        except UsageError as error:
            if not changed:
                raise NotTriedError(f"it refuses them in words: {error}") from error
            continue
        tried += 1
        _check_finite(probabilities(model, random_series(builder.maxlen)), changed)
    return f"{FEATURES} numbers a step" + (f", in {tried} forms" if tried > 1 else "")


def _vectors(builder: Builder, asked: set[str]) -> str:
    import numpy as np

    if "vectors" not in asked:
        raise NotTriedError(f"it makes its own; to start from those of --vectors, {_BEGIN}")
    matrix = np.random.default_rng(2).normal(size=(NUM_WORDS, DIM)).astype(np.float32)
    options = {option.name for option in builder.architecture.options}
    # A run sets this option to the length of the vectors.
    changed = {"embedding_dim": DIM} if "embedding_dim" in options else NOTHING
    for freeze in (False, True):
        try:
            model = _built(builder, changed, vectors=matrix, freeze=freeze)
        except UsageError as error:
            raise NotTriedError(f"it refuses them in words: {error}") from error
        trained = any(_equals(weight, matrix) for weight in model.trainable_weights)
        if trained == freeze:
            told = "trains them with --freeze" if freeze else "leaves them without --freeze"
            raise FailedCheckError(f"it {told}", _BEGIN)
    return "trained, and with --freeze left as they are"


def _equals(weight: Any, matrix: np.ndarray) -> bool:
    import numpy as np

    return tuple(weight.shape) == matrix.shape and np.array_equal(np.asarray(weight), matrix)


def _asked(builder: Builder) -> set[str]:
    """Build it once for token ids, and give what it asks the task."""
    from seqclf.training.backend import import_keras

    import_keras()
    from seqclf.training.build import build

    asked: set[str] = set()
    architecture = builder.architecture

    def noting(task: Task, **params: Any) -> Any:
        told = {name: getattr(task, name) for name in task.__dataclass_fields__}
        return architecture.build(_NotingTask(**told, asked=asked), **params)

    with contextlib.suppress(SeqclfError):  # other checks say why
        build(replace(architecture, build=noting), builder.task("binary"), builder.params)
    return asked


def _built(builder: Builder, changed: Mapping[str, Any] = NOTHING, **told: Any) -> Any:
    """Build it for a task of which more is told.

    Raises:
        UsageError: it refuses in words.
        FailedCheckError: it fails otherwise.
    """
    try:
        return builder.build(changed=changed, told=told)
    except UsageError:
        raise
    except SeqclfError as error:
        with_it = "".join(f"with {name}={value}: " for name, value in changed.items())
        raise FailedCheckError(f"{with_it}{error}") from error


def random_series(maxlen: int) -> np.ndarray:
    """Give numeric series, the first all padding; shape (TEXTS, maxlen, FEATURES), float32."""
    import numpy as np

    series = np.random.default_rng(3).normal(size=(TEXTS, maxlen, FEATURES)).astype(np.float32)
    for row in range(TEXTS):
        series[row, : maxlen - row * maxlen // TEXTS] = 0
    return series


def _check_finite(found: np.ndarray, changed: Mapping[str, Any]) -> None:
    import numpy as np

    with_it = "".join(f"with {name}={value}, " for name, value in changed.items())
    if not np.isfinite(found).all():
        raise FailedCheckError(f"{with_it}it gives a probability that is no number")

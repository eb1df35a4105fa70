"""Checks of an architecture: what it declares, and what it builds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from seqclf.checks.building import KINDS, Builder, probabilities, random_ids
from seqclf.checks.inputs import check_inputs
from seqclf.checks.masks import check_masks
from seqclf.checks.options import check_options, unbounded
from seqclf.checks.outcomes import Check, FailedCheckError, NotTriedError, attempt
from seqclf.checks.stepping import check_step
from seqclf.checks.words import check_summary
from seqclf.contracts import Architecture
from seqclf.errors import SeqclfError, UsageError, described
from seqclf.options import Option

if TYPE_CHECKING:
    import numpy as np

BATCHES, LONGER_BY, MANY_WORDS, RUN_MAXLEN = (1, 7), 25, 20_011, 500
ALIKE = 1e-4
"""How far two ways of computing the same may be apart: sums are taken in another order."""


def check_declared(architecture: Architecture) -> Iterator[Check]:
    """Look at the name, the summary and the options; nothing is built."""
    subject = f"architecture {architecture.name}"
    yield check_summary(subject, architecture.summary)
    yield from check_options(subject, architecture.build, architecture.options, "-p")


def check_building(architecture: Architecture, params: Mapping[str, Any]) -> Iterator[Check]:
    """Build it in many ways, and try what it builds.

    Args:
        architecture: what builds.
        params: options that every build gets; the others have their defaults.

    Raises:
        UsageError: `params` are not values of its options.
    """
    subject = f"architecture {architecture.name}"
    missing = [o.name for o in architecture.options if o.required and o.name not in params]
    if missing:
        yield Check(subject, "builds", "not tried", _how(architecture, missing))
        return
    builder = Builder(architecture, params)
    built = []
    for kind, words in KINDS.items():
        built.append(attempt(subject, f"builds for {words}", partial(_shape, builder, kind)))
        yield built[-1]
    rest = "works with every option, length, mask, input and seed, trains, is saved and loaded"
    if built[0].status != "passed":
        yield Check(subject, rest, "not tried", "it does not build for two classes")
        return
    for option in architecture.options:
        if option.choices or option.type is bool:
            yield attempt(
                subject,
                f"builds with every value of {option.name}",
                partial(_every_value, builder, option),
            )
    for option in unbounded(architecture.options):
        yield attempt(
            subject,
            f"takes -1 for {option.name}, or refuses it in words",
            partial(_refusal, builder, option),
        )
    yield attempt(subject, "takes every token id there may be", lambda: _ids(builder))
    yield attempt(subject, "takes any batch, builds for any length", lambda: _lengths(builder))
    yield from check_masks(subject, builder)
    yield from check_inputs(subject, builder)
    yield from check_step(subject, builder)
    yield attempt(subject, "the same seed gives the same weights", lambda: _seeds(builder))


def _how(architecture: Architecture, missing: list[str]) -> str:
    needs = " and ".join(f"{name}=VALUE" for name in missing)
    call = ", ".join(f"{name}=..." for name in missing)
    return (
        f"it needs {needs}; give it in a test of your own: "
        f"check_architecture({getattr(architecture.build, '__name__', architecture.name)}, {call}) "
        "with the fixture of seqclf.testing"
    )


def _shape(builder: Builder, kind: str) -> str:
    import numpy as np

    model = builder.model(kind)
    if kind == "multiclass":
        sums = probabilities(model, random_ids(2, builder.maxlen)).sum(axis=1)
        if np.abs(sums - 1).max() > ALIKE:
            raise FailedCheckError(
                f"a text's probabilities sum to {sums[0]:.3g}, not to 1",
                "end it with keras.layers.Dense(task.units, task.activation)",
            )
    return f"outputs {model.output_shape}, {model.count_params():,} parameters"


def _every_value(builder: Builder, option: Option) -> str:
    values: list[Any] = list(option.choices) or [False, True]
    told = []
    for value in values:
        with_it = _building_pair(builder, option, value)
        told.append(f"{value}{with_it}")
    return ", ".join(told)


def _building_pair(builder: Builder, option: Option, value: Any) -> str:
    """Build with a value; one refused in words may need another option's value beside it."""
    try:
        builder.model(changed={option.name: value})
        return ""
    except UsageError as error:
        refused = error
    except SeqclfError as error:
        raise FailedCheckError(f"with {option.name}={value}: {error}") from error
    for other in builder.architecture.options:
        for beside in other.choices or ((False, True) if other.type is bool else ()):
            try:
                builder.model(changed={option.name: value, other.name: beside})
            except SeqclfError:
                continue
            return f" (with {other.name}={beside})"
    raise FailedCheckError(f"{option.name}={value} builds with nothing: {refused}")


def _refusal(builder: Builder, option: Option) -> str:
    """Try -1 on an option that takes any number: it may work, but no traceback may follow."""
    value = option.type(-1)
    try:
        builder.model(changed={option.name: value})
    except SeqclfError as error:
        # An error in words has no foreign cause, or one that the R layer put into words.
        if error.__cause__ is None or type(error.__cause__).__module__.startswith("seqclf."):
            return f"{value}: {error}"
        wider = "seqclf.Count" if option.type is int else "seqclf.Rate"
        raise FailedCheckError(
            f"-p {option.name}={value} is taken, and then: {error}",
            f"say what it may be: {option.name}: {wider}, or Annotated with a seqclf.Range",
        ) from error
    return f"{value} works, too"


def _ids(builder: Builder) -> str:
    """Read the highest id of many: an embedding of a fixed size has no row for it."""
    model = builder.build(num_words=MANY_WORDS)
    ids = random_ids(2, builder.maxlen)
    ids[:, -1] = MANY_WORDS - 1
    try:
        probabilities(model, ids)
    except Exception as error:
        raise FailedCheckError(
            f"with task.num_words={MANY_WORDS:,}, the id {MANY_WORDS - 1:,} fails: "
            f"{described(error)}",
            "give the embedding task.num_words rows",
        ) from error
    return f"from 0 to {MANY_WORDS - 1:,}"


def _lengths(builder: Builder) -> str:
    lengths = (builder.maxlen, builder.maxlen + LONGER_BY)
    for maxlen in lengths:
        for batch in BATCHES:
            ids = random_ids(batch, maxlen)
            if batch > 1:
                ids[0] = 0  # an empty text is all padding
            _check_probabilities(builder, ids)
    _check_alone(builder)
    builder.build(maxlen=RUN_MAXLEN)
    told = (
        f"batches of {BATCHES[0]} and {BATCHES[1]}, "
        f"lengths {lengths[0]}, {lengths[1]} and {RUN_MAXLEN}"
    )
    return f"{told}; shorter: {builder.refusal}" if builder.refusal else told


def _check_probabilities(builder: Builder, ids: np.ndarray) -> None:
    import numpy as np

    batch, maxlen = ids.shape
    found = probabilities(builder.model(maxlen=maxlen), ids)
    what = f"of {batch} {'text' if batch == 1 else 'texts'} of length {maxlen}"
    if found.shape != (batch, builder.task("binary").units):
        raise FailedCheckError(f"{what}, it gives an array of shape {found.shape}")
    if not np.isfinite(found).all():
        empty = " (for an empty text)" if np.isfinite(found[1:]).all() and batch > 1 else ""
        raise FailedCheckError(f"{what}, it gives a probability that is no number{empty}")
    if found.min() < 0 or found.max() > 1:
        raise FailedCheckError(
            f"{what}, it gives {found.min():.3g} to {found.max():.3g}, not probabilities",
            "end it with keras.layers.Dense(task.units, task.activation)",
        )


def _check_alone(builder: Builder) -> None:
    """A text must have the same probabilities alone as among others."""
    import numpy as np

    model, ids = builder.model(), random_ids(3, builder.maxlen)
    together = probabilities(model, ids)
    alone = np.concatenate([probabilities(model, row[None]) for row in ids[:2]])
    if np.abs(alone - together[:2]).max() > ALIKE:
        raise FailedCheckError(
            "a text's probabilities depend on the texts beside it",
            "no layer may mix the rows of a batch",
        )


def _seeds(builder: Builder) -> str:
    import numpy as np

    one, other = builder.build(seed=7), builder.build(seed=7)
    if not one.weights:
        raise NotTriedError("it has no weights")
    for a, b in zip(one.weights, other.weights, strict=True):
        if not np.array_equal(np.asarray(a), np.asarray(b)):
            raise FailedCheckError(
                f"{a.path} differs", "draw nothing but from Keras' own initializers and layers"
            )
    return f"{len(one.weights)} arrays are equal"

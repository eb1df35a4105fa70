"""The public road: a run is made here, and read back in another process."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from seqclf.checks.building import Builder
from seqclf.checks.elsewhere import ask
from seqclf.checks.finding import Found
from seqclf.checks.outcomes import Check, FailedCheckError, NotTriedError, attempt
from seqclf.checks.surroundings import neutral
from seqclf.checks.texts import TEXTS, UNSEEN
from seqclf.contracts import Architecture
from seqclf.plugins import load_plugins
from seqclf.registry import Entry, Registry

SAMPLES = Path(__file__).with_name("seqclf_samples.py")
"""The plugin file with the datasets "sample2", "sample5" and "sample-labels"."""


@dataclass(frozen=True)
class Road:
    """How somebody would ask for an architecture.

    Args:
        architecture: what is asked for.
        name: what `--arch` would be; "" where no plugin gives it.
        files: what `--plugin` would be.
        params: options of every build.
    """

    architecture: Architecture
    name: str = ""
    files: tuple[str, ...] = ()
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def maxlen(self) -> int:
        """Time steps of texts that the architecture does not refuse."""
        return Builder(self.architecture, self.params).maxlen

    @classmethod
    def of(cls, entry: Entry, found: Found, params: Mapping[str, Any]) -> Road:
        """Give the road to what a plugin gives."""
        alone = sum(each.name == entry.name for each in found.registry.architectures()) == 1
        name = entry.name if alone else entry.qualified
        return cls(entry.thing, name, found.files, params)

    @classmethod
    def to(cls, architecture: Architecture, params: Mapping[str, Any]) -> Road:
        """Find the road to an architecture: an installed plugin's, or one of a plugin file."""
        for entry in Registry(load_plugins()).architectures():
            if entry.thing.build is architecture.build:
                return cls(architecture, entry.qualified, (), params)
        module = sys.modules.get(architecture.build.__module__)
        file = getattr(module, "__file__", None)
        hook = getattr(module, "seqclf_architectures", None)
        if file and hook and any(given is architecture for given in hook()):
            return cls(architecture, architecture.name, (file,), params)
        return cls(architecture, params=params)


def check_roads(roads: Sequence[Road]) -> Iterator[Check]:
    """Make a small run with each architecture; one other process predicts with all of them."""
    sentence = "a run of it predicts the same in another process"
    ready = []
    for road in roads:
        subject = f"architecture {road.architecture.name}"
        missing = [o for o in road.architecture.options if o.required and o.name not in road.params]
        if not road.name:
            told = "no plugin that is loaded gives it; check_plugin(FILE_OR_NAME) tries it"
            yield Check(subject, sentence, "not tried", told)
        elif missing:
            yield Check(subject, sentence, "not tried", f"it needs {missing[0].name}=VALUE")
        else:
            ready.append(road)
    if not ready:
        return
    with neutral() as folder:
        made = [_train(road, folder / str(number)) for number, road in enumerate(ready)]
        answers = _answers([each for each in made if each.problem == ""])
        for each in made:
            yield attempt(
                f"architecture {each.road.architecture.name}",
                sentence,
                partial(_compare, each, answers),
            )


@dataclass
class _Made:
    road: Road
    folder: Path
    predicted: list[dict[str, float]] = field(default_factory=list)
    problem: str = ""
    untried: bool = False


def _train(road: Road, parent: Path) -> _Made:
    """Make a run and predict with it; a run that fails is a problem, not an error."""
    made = _Made(road, parent / "run")

    def go() -> None:
        from seqclf.api import run

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            done = run(
                "seqclf_samples:sample2",
                arch=road.name,
                out=parent,
                name=made.folder.name,
                plugins=[str(SAMPLES), *road.files],
                params=dict(road.params),
                maxlen=road.maxlen,
                epochs=1,
                seed=1,
                kernel="keras",
                listeners=[lambda event: None],
            )
        made.predicted = [dict(each.probabilities) for each in done.predict([*TEXTS, *UNSEEN])]

    check = attempt("", "", go)
    if check.status != "passed":
        made.problem, made.untried = check.detail, check.status == "not tried"
    return made


def _answers(made: Sequence[_Made]) -> dict[Path, dict[str, Any]]:
    """Predict with all runs in one other process."""
    if not made:
        return {}
    folders = [str(each.folder) for each in made]
    try:
        replies = ask("predict", {"folders": folders, "texts": [*TEXTS, *UNSEEN]})
    except FailedCheckError as error:
        replies = [{"error": str(error)} for _ in folders]
    return {each.folder: reply for each, reply in zip(made, replies, strict=True)}


def _compare(made: _Made, answers: Mapping[Path, Mapping[str, Any]]) -> str:
    if made.untried:
        raise NotTriedError(made.problem)
    if made.problem:
        raise FailedCheckError(f"the run fails: {made.problem}")
    answer = answers[made.folder]
    if "error" in answer:
        raise FailedCheckError(
            f"another process cannot use the run: {answer['error']}",
            "layers of your own need @keras.saving.register_keras_serializable() and get_config()",
        )
    if answer["gave"] != made.predicted:
        apart = max(
            abs(one[label] - other[label])
            for one, other in zip(made.predicted, answer["gave"], strict=True)
            for label in one
        )
        raise FailedCheckError(
            f"probabilities are up to {apart:.2g} apart",
            "keep whatever a layer computes with in its weights or in get_config()",
        )
    return f"{len(made.predicted)} texts, bit for bit"

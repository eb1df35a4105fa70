"""Building an architecture's model for small made-up tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from seqclf.contracts import Architecture
from seqclf.errors import SeqclfError, UsageError
from seqclf.task import Task

if TYPE_CHECKING:
    import numpy as np

NUM_WORDS, MAXLEN = 50, 12
LONGER = (37, 100, 400)
"""Lengths tried where an architecture refuses, in words, texts as short as `MAXLEN`."""

NOTHING: Mapping[str, Any] = {}

KINDS: Mapping[str, str] = {
    "binary": "two classes",
    "multiclass": "five classes",
    "multilabel": "several labels a text",
}

LABELS: Mapping[str, tuple[str, ...]] = {
    "binary": ("no", "yes"),
    "multiclass": ("one", "two", "three", "four", "five"),
    "multilabel": ("one", "two", "three"),
}
"""The classes of the tasks that checks make up."""


class Builder:
    """Builds an architecture; what was built once is kept.

    Args:
        architecture: what builds.
        params: options that every build gets.

    Raises:
        UsageError: `params` are not values of its options.
    """

    def __init__(self, architecture: Architecture, params: Mapping[str, Any]) -> None:
        self.architecture = architecture
        self.params = architecture.check_options(params)
        self.refusal = ""
        self._models: dict[tuple[Any, ...], Any] = {}

    def task(self, kind: Any, maxlen: int | None = None, num_words: int = NUM_WORDS) -> Task:
        """Give a task of a kind, whose ids have words; without a length, of the shortest."""
        length = self.maxlen if maxlen is None else maxlen
        words = self._words + ("",) * (num_words - NUM_WORDS)
        return Task(kind, LABELS[kind], num_words, length, words)

    @cached_property
    def maxlen(self) -> int:
        """The shortest length that the architecture does not refuse."""
        for maxlen in (MAXLEN, *LONGER):
            try:
                self.model(maxlen=maxlen)
            except UsageError as error:
                self.refusal = self.refusal or str(error)
            except SeqclfError:
                break  # it is broken, whatever the length
            else:
                return maxlen
        return MAXLEN

    @cached_property
    def _words(self) -> tuple[str, ...]:
        from seqclf.checks.texts import TEXTS
        from seqclf.encoding.words import WordEncoder

        return WordEncoder.fit(TEXTS, num_words=NUM_WORDS).words_by_id

    def model(
        self,
        kind: str = "binary",
        maxlen: int | None = None,
        changed: Mapping[str, Any] = NOTHING,
    ) -> Any:
        """Give a model that nobody trains; it may have been built before."""
        length = self.maxlen if maxlen is None else maxlen
        key = (kind, length, *sorted(changed.items()))
        if key not in self._models:
            self._models[key] = self.build(kind, length, changed)
        return self._models[key]

    def build(
        self,
        kind: str = "binary",
        maxlen: int | None = None,
        changed: Mapping[str, Any] = NOTHING,
        *,
        seed: int = 1,
        num_words: int = NUM_WORDS,
        told: Mapping[str, Any] = NOTHING,
    ) -> Any:
        """Build a model.

        Args:
            kind: binary, multiclass or multilabel.
            maxlen: time steps of the texts; the shortest that is not refused.
            changed: options that differ from the builder's.
            seed: fixes the weights.
            num_words: how many token ids the task has.
            told: what else the task says, such as `features` or `vectors`.

        Raises:
            SeqclfError: the architecture fails, or what it gives does not fit the task.
        """
        from seqclf.training.backend import import_keras

        keras = import_keras()
        from seqclf.training.build import build

        keras.utils.set_random_seed(seed)
        task = replace(self.task(kind, maxlen, num_words), **told)
        return build(self.architecture, task, {**self.params, **changed})


def random_ids(texts: int, maxlen: int, pad: int = 0) -> np.ndarray:
    """Give token ids, `pad` zeros in front; shape (texts, maxlen), int32."""
    import numpy as np

    ids = np.random.default_rng(texts).integers(1, NUM_WORDS, (texts, maxlen))
    ids[:, :pad] = 0
    return ids.astype(np.int32)


def random_labels(task: Task, texts: int) -> np.ndarray:
    """Give labels as training has them: shape (texts,), or (texts, classes) for several."""
    import numpy as np

    random = np.random.default_rng(texts)
    if task.kind == "multilabel":
        return random.integers(0, 2, (texts, task.classes)).astype(np.float32)
    return (np.arange(texts) % task.classes).astype(np.int32)


def probabilities(model: Any, ids: np.ndarray) -> np.ndarray:
    """Give what a model says of ids, without compiling it."""
    import keras
    import numpy as np

    return np.asarray(keras.ops.convert_to_numpy(model(ids, training=False)))

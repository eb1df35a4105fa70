"""The hooks a plugin may implement, and nothing else.

A plugin is a module (or any object) whose functions carry `@seqclf.hookimpl`
and a name from this page. It is found through the entry-point group `seqclf`,
a file given with `--plugin`, or a file in the folder `SEQCLF_PLUGINS_DIR`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from seqclf.contracts import Architecture, Dataset, Encoder, Metric, Report, RunInfo

API_VERSION = 1
"""The version of these hooks and of what they hand over. It rises when plugins made for an earlier
one would break. A plugin may say `SEQCLF_API_VERSION = 1`; one made for another is not loaded."""

hookspec = pluggy.HookspecMarker("seqclf")
hookimpl = pluggy.HookimplMarker("seqclf")


@hookspec
def seqclf_architectures() -> Iterable[Architecture]:  # type: ignore[empty-body]
    """Give architectures for `--arch`.

    Returns:
        What `@seqclf.architecture` made.

    Example:
        import seqclf

        @seqclf.architecture("pooled", summary="the mean of the word vectors")
        def pooled(task, embedding_dim: seqclf.Count = 16):
            '''Embedding, mean over the steps, output.

            Args:
                task: what is to be told apart.
                embedding_dim: length of a word's vector.
            '''
            import keras

            return keras.Sequential(
                [
                    keras.layers.Embedding(task.num_words, embedding_dim),
                    keras.layers.GlobalAveragePooling1D(),
                    keras.layers.Dense(task.units, task.activation),
                ]
            )

        @seqclf.hookimpl
        def seqclf_architectures():
            return [pooled]
    """


@hookspec
def seqclf_datasets() -> Iterable[Dataset]:  # type: ignore[empty-body]
    """Give datasets for `seqclf run`.

    Returns:
        What `@seqclf.dataset` made.

    Example:
        import seqclf

        @seqclf.dataset(
            "moods",
            summary="eight sentences",
            labels=("sad", "glad"),
            licence="CC0-1.0",
            source="written for this page",
        )
        def moods(context, copies: seqclf.Count = 20):
            '''Six sentences again and again to learn from, two to be judged by.

            Args:
                context: what the run knows before the data are loaded.
                copies: how often each sentence stands in the training split.
            '''
            import hashlib

            import numpy as np

            sad = ["all is lost", "what a loss", "nothing went well"]
            glad = ["what a day", "all is well", "nothing is lost"]
            test = ["a lost day", "all went well"]
            return seqclf.Splits(
                train=seqclf.Split(np.array([0, 0, 0, 1, 1, 1] * copies), (sad + glad) * copies),
                test=seqclf.Split(np.array([0, 1]), test),
                fingerprint=hashlib.sha256("\\n".join(sad + glad + test).encode()).hexdigest(),
            )

        @seqclf.hookimpl
        def seqclf_datasets():
            return [moods]
    """


@hookspec
def seqclf_encoders() -> Iterable[type[Encoder]]:  # type: ignore[empty-body]
    """Give encoders, which turn raw text into token ids.

    Returns:
        Classes with the members of `seqclf.contracts.Encoder`.

    Example:
        import seqclf

        class Characters:
            "One id a character, the most frequent first."

            name = "characters"

            def __init__(self, alphabet, num_words, lowercase):
                self.alphabet, self.num_words, self.lowercase = alphabet, num_words, lowercase

            @classmethod
            def fit(cls, texts, *, num_words, skip_top, lowercase: bool = True):
                '''Learn the alphabet of the training texts.

                Args:
                    texts: the training texts.
                    num_words: how many ids there are.
                    skip_top: not used: no character is too frequent.
                    lowercase: whether capitals count as small letters.
                '''
                from collections import Counter

                # 0 is padding, 1 a character that training has not met.
                counts = Counter("".join(text.lower() if lowercase else text for text in texts))
                alphabet = [character for character, _ in counts.most_common(num_words - 2)]
                return cls(alphabet, num_words, lowercase)

            def encode(self, texts):
                ids = {character: number for number, character in enumerate(self.alphabet, 2)}
                folded = [text.lower() if self.lowercase else text for text in texts]
                return seqclf.Ragged.from_lists([[ids.get(c, 1) for c in text] for text in folded])

            def to_dict(self):
                return vars(self)

            @classmethod
            def from_dict(cls, stored):
                return cls(**stored)

        @seqclf.hookimpl
        def seqclf_encoders():
            return [Characters]
    """


@hookspec
def seqclf_metrics() -> Iterable[Metric]:  # type: ignore[empty-body]
    """Give metrics for `--metrics`, watched every epoch and told in the report.

    Returns:
        What `@seqclf.metric` made.

    Example:
        import seqclf

        @seqclf.metric("auc_pr", summary="area under precision and recall", kinds=("binary",))
        def auc_pr(task):
            import keras

            return keras.metrics.AUC(curve="PR", name="auc_pr")

        @seqclf.hookimpl
        def seqclf_metrics():
            return [auc_pr]
    """


@hookspec
def seqclf_run_start(run: RunInfo) -> None:
    """Called when training is about to begin.

    Args:
        run: the run's name, folder and settings.

    Example:
        import logging

        import seqclf

        @seqclf.hookimpl
        def seqclf_run_start(run):
            logging.warning("training %s with seed %s", run.name, run.settings["seed"])
    """


@hookspec
def seqclf_batch_end(run: RunInfo, epoch: int, batch: int, metrics: Mapping[str, float]) -> None:
    """Called after every training batch. It is called often: keep it short.

    Args:
        run: the run's name, folder and settings.
        epoch: from 1.
        batch: from 1 in every epoch.
        metrics: "loss", "accuracy" and others asked for: the epoch's means so far.

    Example:
        import logging

        import seqclf

        @seqclf.hookimpl
        def seqclf_batch_end(run, epoch, batch, metrics):
            if batch % 100 == 0:
                logging.warning("epoch %d, batch %d: loss %.4f", epoch, batch, metrics["loss"])
    """


@hookspec
def seqclf_epoch_end(run: RunInfo, epoch: int, metrics: Mapping[str, float]) -> None:
    """Called after every epoch, validation included.

    Args:
        run: the run's name, folder and settings.
        epoch: from 1.
        metrics: "loss", "accuracy" and, where there is validation data, "val_…".

    Example:
        import logging

        import seqclf

        @seqclf.hookimpl
        def seqclf_epoch_end(run, epoch, metrics):
            logging.warning("epoch %d: loss %.4f", epoch, metrics["loss"])
    """


@hookspec
def seqclf_run_end(run: RunInfo, result: Report | None) -> None:
    """Called when the run is whole on disk.

    Args:
        run: the run's name, folder and settings.
        result: the report on the test split; None where there is no such split, and
            where the run was interrupted.

    Example:
        import seqclf

        @seqclf.hookimpl
        def seqclf_run_end(run, result):
            accuracy = "not judged" if result is None else f"{result.accuracy:.4f}"
            (run.folder / "verdict.txt").write_text(accuracy + "\\n")
    """

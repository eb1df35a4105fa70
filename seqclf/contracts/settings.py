"""Every setting of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Annotated, Any, Literal

from seqclf.options import Range

Optimizer = Literal[
    "rmsprop",
    "adam",
    "sgd",
    "adagrad",
    "adadelta",
    "adamax",
    "adamw",
    "ftrl",
    "lion",
    "nadam",
]
"""Keras' optimizers, by the names `compile` takes."""


Side = Literal["pre", "post"]
"""Where a sequence is padded or cut: at its front or at its end."""

Kernel = Literal["auto", "fused", "keras"]
"""What computes recurrent layers."""

FILE_DATASET = "file"
"""The built-in dataset that reads a person's own file; its option `path` says which."""


@dataclass(frozen=True)
class RunConfig:
    """Every setting of a run, resolved. The defaults are the R tutorial's.

    Args:
        dataset: a dataset's name.
        arch: an architecture's name.
        epochs: passes over the training examples.
        batch_size: examples a gradient step.
        optimizer: a Keras optimizer's name.
        learning_rate: step size; none takes the optimizer's own default.
        validation_split: share of the training examples, their end, held out to compare epochs.
        num_words: how many different token ids there are; rarer words are unknown.
        skip_top: how many of the most frequent ids become unknown words.
        maxlen: steps a text is padded or cut to; auto, as for a file, covers 95 % of the texts.
        padding: where shorter sequences are filled with zeros.
        truncating: where longer sequences are cut.
        seed: fixes initial weights, dropout and the order of examples; drawn if not given.
        class_weight: balanced counts rare classes more, so that all weigh the same in the loss.
        patience: epochs without a better one before training stops; none trains all epochs.
        clipnorm: longest gradient of a weight; none does not clip.
        limit: use only that many training and test examples, the first ones.
        keep: the weights kept: the best epoch's (validation accuracy), or the last's as in R.
        data_dir: folder to look for data files in; none looks only in the usual places.
        tokenizer: what turns texts into token ids; none takes the dataset's own.
        metrics: metrics to watch beside loss and accuracy, separated by commas.
        vectors: file of pretrained word vectors (GloVe, word2vec, fastText) for the embedding.
        freeze: whether training leaves the pretrained vectors as they are.
        kernel: what computes recurrent layers: fused CPU kernels, Keras, or auto, the faster.
        bucket: whether batches have texts of similar lengths, padded to their own longest.
        params: the architecture's options.
        dataset_options: the dataset's options.
        tokenizer_options: the tokenizer's options.
        plugins: plugin files to load.
    """

    dataset: str
    arch: str = "lstm"
    epochs: Annotated[int, Range(least=1)] = 10
    batch_size: Annotated[int, Range(least=1)] = 128
    optimizer: Optimizer = "rmsprop"
    learning_rate: Annotated[float, Range(above=0)] | None = None
    validation_split: Annotated[float, Range(least=0, below=1)] = 0.2
    num_words: Annotated[int, Range(least=5)] = 10_000
    skip_top: Annotated[int, Range(least=0)] = 0
    maxlen: Annotated[int | Literal["auto"], Range(least=1)] = 500
    padding: Side = "pre"
    truncating: Side = "pre"
    seed: Annotated[int, Range(least=0, most=2**32 - 1)] | None = None
    class_weight: Literal["balanced"] | None = None
    patience: Annotated[int, Range(least=1)] | None = None
    clipnorm: Annotated[float, Range(above=0)] | None = None
    limit: Annotated[int, Range(least=1)] | None = None
    keep: Literal["best", "last"] = "best"
    data_dir: str | None = None
    tokenizer: str | None = None
    metrics: tuple[str, ...] = ()
    vectors: str | None = None
    freeze: bool = False
    kernel: Kernel = "auto"
    bucket: bool = False
    params: Mapping[str, Any] = field(default_factory=dict)
    dataset_options: Mapping[str, Any] = field(default_factory=dict)
    tokenizer_options: Mapping[str, Any] = field(default_factory=dict)
    plugins: tuple[str, ...] = ()

    @property
    def data(self) -> str:
        """What the data are called: the dataset's name, or that of the person's own file."""
        path = self.dataset_options.get("path")
        if self.dataset.rpartition(":")[2] != FILE_DATASET or not isinstance(path, str):
            return self.dataset
        return PurePath(path).name

    @property
    def kernel_when_loaded(self) -> Kernel:
        """What computes recurrent layers where a run is read back, maybe on another machine.

        A run that was trained by fused kernels works without them, too.

        Example:
            >>> RunConfig("imdb", kernel="fused").kernel_when_loaded
            'auto'
        """
        return "auto" if self.kernel == "fused" else self.kernel

    @property
    def steps(self) -> int:
        """The time steps, once "auto" is settled.

        Raises:
            ValueError: it is not settled yet.
        """
        if not isinstance(self.maxlen, int):
            raise ValueError("maxlen is auto: it is known when the training texts are encoded")
        return self.maxlen

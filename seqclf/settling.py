"""What only the data can settle of a run: `maxlen`, weights, vectors; and what is worth a word."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import TYPE_CHECKING

from seqclf.contracts import Ragged, RunConfig, Split, reads
from seqclf.errors import UsageError
from seqclf.events import Listener, Noted, Working
from seqclf.planning import Plan

if TYPE_CHECKING:
    import numpy as np

    from seqclf.encoding.encode import Encoded
    from seqclf.encoding.vectors import Vectors

COVERED = 0.95
"""The share of the training texts that `maxlen="auto"` leaves whole."""

IDS_AT_ONCE = 2**24
"""Token ids that are counted together."""

MANY_SPACELESS = 0.1
"""A share of letters of scripts without spaces that is worth a word."""


def check_weights(plan: Plan) -> None:
    """Check that classes can be weighed.

    Raises:
        UsageError: a text has several labels.
    """
    if plan.config.class_weight is not None and plan.dataset.kind == "multilabel":
        raise UsageError(
            "--class-weight weighs examples by their one class, but here a text has several labels",
            hint="leave it out",
        )


def balanced(train: Split, labels: tuple[str, ...]) -> Split:
    """Weigh examples so that all classes count alike: n / (classes * n of the class).

    Args:
        train: the training examples, each of one class; weights of their own are kept, too.
        labels: the class names.

    Example:
        >>> import numpy as np
        >>> balanced(Split(np.array([0, 0, 0, 0, 1, 1])), ("calm", "angry")).weights[3:].tolist()
        [0.75, 1.5, 1.5]

    Source:
        scikit-learn's `compute_class_weight("balanced")`; King & Zeng (2001), Logistic
        regression in rare events data.
    """
    import numpy as np

    counts = np.bincount(train.labels, minlength=len(labels))
    weights = len(train) / (len(labels) * np.maximum(counts, 1)[train.labels])
    if train.weights is not None:
        weights = weights * train.weights
    return dataclasses.replace(train, weights=weights.astype(np.float32))


def note_scripts(plan: Plan, train: Split, emit: Listener) -> None:
    """Tell `emit` where the word tokenizer's texts have scripts without blanks between words."""
    from seqclf.encoding.scripts import share_without_spaces

    if plan.config.tokenizer != "word" or train.texts is None:
        return
    share = share_without_spaces(train.texts)
    if share >= MANY_SPACELESS:
        emit(
            Noted(
                f"{_percent(share, 0)} of the letters belong to scripts without spaces, where "
                "words cannot be told apart by blanks; use --tokenizer char or --tokenizer subword"
            )
        )


def settled_maxlen(config: RunConfig, sequences: Ragged, emit: Listener) -> RunConfig:
    """Put a number for `maxlen="auto"`, that of `covering_length`, and tell it.

    Args:
        config: the settings.
        sequences: the training sequences.
        emit: told the number.
    """
    if config.maxlen != "auto":
        return config
    lengths = sequences.lengths
    maxlen = covering_length(lengths)
    whole = _percent(float((lengths <= maxlen).mean()))
    emit(
        Noted(
            f"maxlen is {maxlen} (auto: it leaves 95 % of the training texts whole or more, here "
            f"{whole}); the longest has {int(lengths.max()):,} steps"
        )
    )
    return dataclasses.replace(config, maxlen=maxlen)


def covering_length(lengths: np.ndarray) -> int:
    """Give the shortest length that leaves `COVERED` of the sequences whole; at least 1.

    Example:
        >>> import numpy as np
        >>> covering_length(np.arange(1, 101))
        95
    """
    import numpy as np

    ordered = np.sort(lengths)
    return max(1, int(ordered[math.ceil(COVERED * len(ordered)) - 1]))


def note_padding(plan: Plan, sequences: Ragged, emit: Listener) -> None:
    """Tell `emit` where a recurrent layer would read many zeros last."""
    config = plan.config
    if config.padding == "pre" or config.params.get("mask_zero"):
        return
    padded = 1 - float((sequences.lengths.clip(max=config.steps) / config.steps).mean())
    emit(
        Noted(
            f"padding=post without a mask: {_percent(padded, 0)} of what a recurrent layer reads "
            "are zeros, and it reads them last; add --mask (-p mask_zero=true), or leave --padding "
            "at pre"
        )
    )


def with_vectors(plan: Plan, encoded: Encoded, emit: Listener) -> tuple[Plan, Vectors | None]:
    """Read the pretrained vectors, if there shall be some.

    Args:
        plan: what is settled so far.
        encoded: the training examples and the encoder, which knows the words.
        emit: told how many words were found.

    Returns:
        The plan, whose option `embedding_dim` says the vectors' length now; and the vectors.

    Raises:
        UsageError: nobody knows the words of the ids, or a length was asked for that does not fit.
        DataError: the file cannot be read.
    """
    config, encoder = plan.config, encoded.encoder
    if config.vectors is None:
        return plan, None
    words = tuple(getattr(encoder, "words_by_id", ()))
    if not words or reads(encoder) != "text":
        raise UsageError(
            f"--vectors looks words up, but nobody knows the word of a token id of '{config.data}'",
            hint="leave --vectors out, or use a dataset of texts with --tokenizer word",
        )
    if all(len(word) <= 1 for word in words):
        raise UsageError(
            f"--vectors looks words up, but --tokenizer {config.tokenizer} gives single characters",
            hint="leave one of the two out",
        )
    from seqclf.encoding.vectors import read_vectors

    emit(Working(f"reading {Path(config.vectors).name}"))
    vectors = read_vectors(
        Path(config.vectors),
        words,
        counts=_counts(encoded.train.sequences.values, len(words)).tolist(),
        note=lambda sentence: emit(Noted(sentence)),
    )
    asked = config.params.get("embedding_dim")
    if asked is None or asked == vectors.dim:
        return plan, vectors
    if "params.embedding_dim" in plan.sources:
        raise UsageError(
            f"-p embedding_dim={asked} does not fit {Path(config.vectors).name}, whose vectors "
            f"have {vectors.dim} numbers",
            hint="leave -p embedding_dim out",
        )
    emit(Noted(f"embedding_dim is {vectors.dim}, as the vectors have it"))
    config = dataclasses.replace(config, params={**config.params, "embedding_dim": vectors.dim})
    return dataclasses.replace(plan, config=config), vectors


def _counts(ids: np.ndarray, num_words: int) -> np.ndarray:
    """Count how often each id occurs; the ids may lie on disk."""
    import numpy as np

    counts = np.zeros(num_words, np.int64)
    for start in range(0, len(ids), IDS_AT_ONCE):
        counts += np.bincount(ids[start : start + IDS_AT_ONCE], minlength=num_words)
    return counts


def _percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f} %"

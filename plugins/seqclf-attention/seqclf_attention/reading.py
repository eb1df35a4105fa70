"""Reading the weights of a trained run, word by word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from seqclf.errors import SeqclfError, UsageError

if TYPE_CHECKING:
    import seqclf
    from seqclf.encoding.padding import Padding

START = "<start>"
"""Stands for the mark that the encoder puts before a text; it can have weight, too."""


def attention_weights(run: seqclf.Run, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
    """Tell how much weight a run's network gives to each word of some texts.

    Args:
        run: a run with `--arch attention`.
        texts: any number of texts.

    Returns:
        For each text its words as they stand there, punctuation included, each with its weight;
        first comes `START` where the encoder marks a text's beginning. A word made of several
        tokens has their sum. A word that the network does not see has 0: one that the encoder
        drops, or that `maxlen` cuts off. A text's weights sum to 1; with `mask_zero=false` the
        padding has the rest.

    Raises:
        UsageError: the run's network has no attention, or texts is a single string.
        RunError: the run has no encoder for raw text.
        SeqclfError: the run's encoder does not read word by word.
        PluginUnavailableError: the run needs a plugin that is not there.

    Example:
        run = seqclf.load_run("last")
        attention_weights(run, ["It began well, but I left before the end."])[0]
    """
    if isinstance(texts, str):
        raise UsageError(
            "attention_weights takes a list of texts", hint="write attention_weights(run, [text])"
        )
    from seqclf.encoding.padding import Padding

    encoder = run.checked_encoder()
    texts = list(texts)
    tokens = [_tokens(encoder, text) for text in texts]
    padding = Padding.of(run.config)
    rows = _rows(run, [[token for _, ids in words for token in ids] for words in tokens], padding)
    return [_by_word(words, row, padding) for words, row in zip(tokens, rows, strict=True)]


def _tokens(encoder: Any, text: str) -> list[tuple[str, list[int]]]:
    """Give the words of a text, each with its token ids."""
    words = text.split()
    start, whole, *each = (ids.tolist() for ids in encoder.encode(["", text, *words]))
    found = [(word, ids[len(start) :]) for word, ids in zip(words, each, strict=True)]
    if start + [token for _, ids in found for token in ids] != whole:
        raise SeqclfError(
            f"the encoder '{encoder.name}' does not read word by word, so no word has a weight"
        )
    return [(START, start), *found] if start else found


def _rows(run: seqclf.Run, sequences: list[list[int]], padding: Padding) -> Any:
    """Give the weights of every step; shape (sequences, time steps)."""
    from seqclf.contracts import Ragged
    from seqclf.r import keras_model

    layer = _attention_layer(run)
    reader = keras_model(run.model.inputs, layer.output)
    ids = padding(Ragged.from_lists(sequences))
    return reader.predict(ids, verbose=0) if len(ids) else []


def _attention_layer(run: seqclf.Run) -> Any:
    model = run.model  # loaded first: seqclf keeps TensorFlow's start-up messages back
    from seqclf_attention.layers import AttentionWeights

    found = [layer for layer in model.layers if isinstance(layer, AttentionWeights)]
    if not found:
        raise UsageError(
            f"run '{run.name}' has no attention: its architecture is '{run.config.arch}'",
            hint="train one with --arch attention",
        )
    return found[0]


def _by_word(
    words: list[tuple[str, list[int]]], row: Any, padding: Padding
) -> list[tuple[str, float]]:
    """Sum the weights of each word's tokens, as padding and cutting have placed them."""
    tokens = sum(len(ids) for _, ids in words)
    kept = min(tokens, padding.maxlen)
    weights = row.tolist()
    weights = weights[-kept:] if padding.padding == "pre" and kept else weights[:kept]
    cut = [0.0] * (tokens - kept)
    weights = cut + weights if padding.truncating == "pre" else weights + cut
    found, start = [], 0
    for word, ids in words:
        found.append((word, sum(weights[start : start + len(ids)])))
        start += len(ids)
    return found

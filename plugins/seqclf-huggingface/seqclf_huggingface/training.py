"""Training a tokenizer on texts, so that the same texts always give the same one.

The library's trainers go through hash tables whose order is random in every process. For
BPE that does not matter. WordPiece numbers its inner characters ("##a") in that order, and
Unigram adds up its probabilities in it; both are put right here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import chain
from typing import Any, Literal

from seqclf.errors import UsageError

from seqclf_huggingface.libraries import library

Model = Literal["bpe", "wordpiece", "unigram"]

PAD, UNKNOWN = "[PAD]", "[UNK]"
SPECIAL = (PAD, UNKNOWN)
"""The first ids: 0 is padding, 1 is what the vocabulary has no piece for."""

INNER = "##"
"""How WordPiece marks a piece that does not begin a word."""

FEWEST = 8
"""Fewer ids than that leave no room for pieces."""

_PENALTY = 1e-4
"""The steps in which Unigram lowers the scores of characters that it must keep."""


def train_tokenizer(texts: Sequence[str], *, model: Model, num_words: int, lowercase: bool) -> Any:
    """Train a tokenizer whose ids are below `num_words`.

    Texts are brought into Unicode's form NFC and split into words and punctuation. At most
    half of the ids go to single characters; rarer ones are unknown.

    Args:
        texts: the training texts.
        model: "bpe", "wordpiece" or "unigram".
        num_words: how many ids there may be; small data may give fewer.
        lowercase: whether capitals are made small.

    Returns:
        A `tokenizers.Tokenizer`; 0 is padding and 1 an unknown piece.

    Raises:
        UsageError: `num_words` leaves no room, or the texts hold nothing to learn from.
    """
    if num_words < FEWEST:
        raise UsageError(f"a tokenizer needs --num-words {FEWEST} or more, not {num_words}")
    tokenizers = library("tokenizers")
    trained = tokenizers.Tokenizer(_empty(tokenizers.models, model))
    forms = [tokenizers.normalizers.NFC()]
    if lowercase:
        forms.append(tokenizers.normalizers.Lowercase())
    trained.normalizer = tokenizers.normalizers.Sequence(forms)
    trained.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    words = _words(texts, trained)
    room = (num_words - len(SPECIAL)) // 2
    characters, inner = _characters(words, room // 2 if model == "wordpiece" else room)
    if not characters:
        raise UsageError("the training texts hold no word to learn a tokenizer from")
    trainer = _trainer(tokenizers.trainers, model, num_words, characters, inner)
    # Unigram alone cannot be told which characters to leave out.
    only = set(characters) if model == "unigram" else None
    trained.train_from_iterator(_repeated(words, only), trainer)
    stored = json.loads(trained.to_str())
    stored["added_tokens"] = []  # else "[PAD]" or "##a" in a text would be taken for the token
    if model == "unigram":
        stored["model"]["vocab"] = settled(stored["model"]["vocab"])
        stored["model"]["unk_id"] = SPECIAL.index(UNKNOWN)
    return tokenizers.Tokenizer.from_str(json.dumps(stored))


def _empty(models: Any, model: Model) -> Any:
    if model == "bpe":
        return models.BPE(unk_token=UNKNOWN)
    if model == "wordpiece":
        return models.WordPiece(unk_token=UNKNOWN, continuing_subword_prefix=INNER)
    return models.Unigram()


def _words(texts: Sequence[str], tokenizer: Any) -> Mapping[str, int]:
    """Count words and runs of punctuation, as the tokenizer splits them; in sorted order."""
    counts: Counter[str] = Counter()
    for piece, count in Counter(chain.from_iterable(map(str.split, texts))).items():
        normal = tokenizer.normalizer.normalize_str(piece)
        for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(normal):
            counts[word] += count
    return dict(sorted(counts.items()))


def _characters(words: Mapping[str, int], most: int) -> tuple[list[str], list[str]]:
    """Give the most frequent characters, and those of them that stand within words."""
    counts: Counter[str] = Counter()
    within: set[str] = set()
    for word, count in words.items():
        for character in word:
            counts[character] += count
        within.update(word[1:])
    ranked = sorted(counts, key=lambda character: (-counts[character], character))[:most]
    return sorted(ranked), sorted(within.intersection(ranked))


def _trainer(
    trainers: Any, model: Model, num_words: int, characters: Sequence[str], inner: Sequence[str]
) -> Any:
    given = {"vocab_size": num_words, "show_progress": False, "initial_alphabet": characters}
    if model == "unigram":
        return trainers.UnigramTrainer(special_tokens=list(SPECIAL), unk_token=UNKNOWN, **given)
    given |= {"min_frequency": 2, "limit_alphabet": len(characters)}
    if model == "bpe":
        return trainers.BpeTrainer(special_tokens=list(SPECIAL), **given)
    # Named here, the inner characters have their ids before the trainer can deal them out.
    numbered = [*SPECIAL, *(INNER + character for character in inner)]
    return trainers.WordPieceTrainer(
        special_tokens=numbered, continuing_subword_prefix=INNER, **given
    )


def _repeated(words: Mapping[str, int], only: Set[str] | None) -> Iterator[str]:
    """Give texts in which each word stands as often as it was counted."""
    for word, count in words.items():
        if only is None or set(word) <= only:
            for start in range(0, count, 1000):
                yield " ".join([word] * min(1000, count - start))


def settled(pieces: Sequence[tuple[str, float]]) -> list[list[Any]]:
    """Put Unigram's pieces into an order and give them scores that repeat.

    The trainer's scores differ in the last bits from process to process. Characters that it
    keeps without having learned them get the lowest scores, a step apart and in any order;
    here they all get the lowest of them.

    Args:
        pieces: the special ones first, then piece and score.

    Example:
        >>> settled([("[PAD]", 0.0), ("[UNK]", 0.0), ("b", -4.9999), ("a", -5.0), ("an", -2.0)])
        [['[PAD]', 0.0], ['[UNK]', 0.0], ['an', -2.0], ['a', -5.0], ['b', -5.0]]
    """
    special, learned = pieces[: len(SPECIAL)], pieces[len(SPECIAL) :]
    single = [score for piece, score in learned if len(piece) == 1]
    lowest = min(single, default=0.0)

    def repeats(piece: str, score: float) -> float:
        steps = (score - lowest) / _PENALTY
        kept = len(piece) == 1 and steps < len(single) and abs(steps - round(steps)) < 1e-3
        return round(lowest if kept else score, 6)

    scored = [(piece, repeats(piece, score)) for piece, score in learned]
    ranked = sorted(scored, key=lambda one: (-one[1], one[0]))
    return [[piece, score] for piece, score in [*special, *ranked]]

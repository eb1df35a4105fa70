"""Training a subword tokenizer, so that the same texts give the same one in every process.

The library `tokenizers` goes through hash tables whose order is random in every process. For
byte-level BPE that does not matter. WordPiece numbers the characters within words in that order,
and Unigram adds its probabilities up in it; both are put right here.
"""

from __future__ import annotations

import importlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate, chain
from typing import Any, Literal

from seqclf.encoding.batches import batches
from seqclf.encoding.convention import FIRST, Form, written
from seqclf.errors import DataError, UsageError

Model = Literal["bpe", "unigram", "wordpiece"]

UNKNOWN_PIECE = "[UNK]"
"""The first piece of Unigram and WordPiece: what they have no piece for."""

INNER = "##"
"""How WordPiece marks a piece that does not begin a word."""

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_BYTES = 256
_FEW = 8
_MOST = {"bpe": 2**23, "unigram": 2**19, "wordpiece": 2**22}
"""So many characters of different units are learned from: about a minute's work each."""

_LONGEST = 1000

_END, _FREQUENT = "\x01", 8
"""What Unigram sees after some of the words that occur so often."""

_PENALTY = 1e-4
"""The steps in which Unigram lowers the scores of characters that it only keeps."""


def library() -> Any:
    """Import `tokenizers`.

    Raises:
        UsageError: it is not installed.

    Example:
        >>> library().__name__
        'tokenizers'
    """
    try:
        return importlib.import_module("tokenizers")
    except ImportError as error:
        raise UsageError(
            "tokenizer 'subword' needs the library tokenizers, which is not installed",
            hint="pip install 'seqclf[subword]'",
        ) from error


def train_tokenizer(
    texts: Sequence[str],
    *,
    model: Model,
    num_words: int,
    min_count: int,
    lowercase: bool,
    normalize: Form,
) -> Any:
    """Train a tokenizer on texts, which are gone through once.

    Texts are split at blanks and newlines, then into words, numbers and punctuation; no piece
    reaches over such a border. BPE begins with the 256 bytes, so that it has a piece for
    everything. For the others at most half of the pieces are single characters, the most
    frequent ones; rarer characters are unknown.

    Args:
        texts: the training texts; they may lie on disk.
        model: "bpe", "unigram" or "wordpiece".
        num_words: how many ids there may be, those of padding and marks included.
        min_count: words that occur less often are not learned from.
        lowercase: whether capitals become small letters.
        normalize: Unicode's normal form.

    Returns:
        A `tokenizers.Tokenizer` of at most `num_words - 4` pieces, beside the unknown one.

    Raises:
        UsageError: `num_words` leaves no room.
        DataError: the texts hold no word that occurs `min_count` times.
    """
    least = FIRST + _BYTES if model == "bpe" else _FEW
    if num_words < least:
        raise UsageError(
            f"tokenizer 'subword' with model={model} needs --num-words {least} or more, not "
            f"{num_words}"
        )
    tokenizers = library()
    splitter = _splitter(tokenizers, model)
    form = partial(written, lowercase=lowercase, normalize=normalize)
    counts = _counted(texts, splitter, _MOST[model], min_count, form)
    if not counts:
        raise DataError(
            "the training texts hold no word to learn subwords from",
            hint="" if min_count == 1 else f"lower min_count={min_count}",
        )
    trained = tokenizers.Tokenizer(_empty(tokenizers.models, model))
    trained.pre_tokenizer = tokenizers.pre_tokenizers.WhitespaceSplit()
    trainer, kept = _trainer(tokenizers, model, num_words - FIRST, counts)
    fed = _repeated(counts.items()) if kept is None else _told_twice(counts, kept)
    trained.train_from_iterator(fed, trainer)
    trained.pre_tokenizer = splitter
    stored = json.loads(trained.to_str())
    stored["added_tokens"] = []  # else "[UNK]" in a text would be taken for the mark
    if model == "unigram":
        learned = stored["model"]["vocab"]
        stored["model"]["vocab"] = settled([piece for piece in learned if piece[0] != _END])
        stored["model"]["unk_id"] = 0
    return tokenizers.Tokenizer.from_str(json.dumps(stored))


def whole(word: str) -> str:
    """Put a replacement character in place of half of one, which UTF-8 cannot write.

    Example:
        >>> whole("a\\ud800") == "a" + REPLACEMENT
        True
    """
    return word if word.isascii() else _LONE_SURROGATES.sub(REPLACEMENT, word)


def settled(pieces: Sequence[tuple[str, float]]) -> list[list[Any]]:
    """Give Unigram's pieces an order and scores that repeat.

    The trainer's scores differ in the last bits from process to process. Characters that it
    keeps without having learned them get the lowest scores, a step apart and in any order;
    here they all get the lowest of them.

    Args:
        pieces: piece and score, the unknown one first.

    Example:
        >>> settled([("[UNK]", 0.0), ("b", -4.99991), ("a", -5.0), ("an", -2.00001)])
        [['[UNK]', 0.0], ['an', -2.0], ['a', -5.0], ['b', -5.0]]
    """
    unknown, *learned = pieces
    single = [score for piece, score in learned if len(piece) == 1]
    lowest = min(single, default=0.0)

    def repeats(piece: str, score: float) -> float:
        only_kept = len(piece) == 1 and score < lowest + len(single) * _PENALTY
        return round(lowest if only_kept else score, 4)

    scored = [(piece, repeats(piece, score)) for piece, score in learned]
    ranked = sorted(scored, key=lambda one: (-one[1], one[0]))
    return [[piece, score] for piece, score in [tuple(unknown), *ranked]]


def _splitter(tokenizers: Any, model: Model) -> Any:
    """Make what splits a text into the units that no piece reaches over."""
    parts = tokenizers.pre_tokenizers
    if model == "bpe":
        steps = [parts.ByteLevel(add_prefix_space=True, use_regex=True)]
    elif model == "unigram":
        steps = [parts.Metaspace(prepend_scheme="always", split=False), parts.Punctuation()]
    else:
        # WordPiece makes longer words than 100 characters unknown as a whole, sentences in
        # scripts without blanks among them.
        longest = tokenizers.Regex(".{1,30}")
        steps = [parts.Whitespace(), parts.Split(longest, "isolated")]
    return parts.Sequence([parts.WhitespaceSplit(), *steps])


def _counted(
    texts: Sequence[str], splitter: Any, most: int, min_count: int, form: Callable[[str], str]
) -> dict[str, int]:
    """Count the units; in sorted order, so that nothing depends on the order of texts.

    Where sentences have no blanks each is a unit of its own. Time and memory of the trainers
    grow with the characters of different units, so the rarest are left out of very many.
    """
    words: Counter[str] = Counter()
    for batch in batches(texts, form):
        words.update(chain.from_iterable(map(str.split, batch)))
    units: Counter[str] = Counter()
    while words:  # emptied on the way: there may be many
        word, count = words.popitem()
        for unit, _ in splitter.pre_tokenize_str(whole(word)):
            for start in range(0, len(unit), _LONGEST):
                units[unit[start : start + _LONGEST]] += count
    kept = [unit for unit, count in units.items() if count >= min_count]
    if sum(map(len, kept)) > most:
        kept.sort(key=lambda unit: (-units[unit], unit))
        held = accumulate(map(len, kept))
        kept = [unit for unit, size in zip(kept, held, strict=True) if size <= most]
    return {unit: units[unit] for unit in sorted(kept)}


def _empty(models: Any, model: Model) -> Any:
    if model == "bpe":
        return models.BPE()
    if model == "unigram":
        return models.Unigram()
    return models.WordPiece(unk_token=UNKNOWN_PIECE, continuing_subword_prefix=INNER)


def _trainer(
    tokenizers: Any, model: Model, room: int, counts: Mapping[str, int]
) -> tuple[Any, set[str] | None]:
    """Make a trainer; with it the only characters it may see, or None for all."""
    trainers = tokenizers.trainers
    if model == "bpe":
        alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
        given = {"vocab_size": room, "show_progress": False, "initial_alphabet": alphabet}
        return trainers.BpeTrainer(**given), None
    characters, inner = _characters(counts, room // 2 if model == "unigram" else room // 4)
    given = {"vocab_size": room + 1, "show_progress": False, "initial_alphabet": characters}
    if model == "unigram":
        # It cannot be told which characters to leave out, so that it must not see them.
        unknown = {"special_tokens": [UNKNOWN_PIECE], "unk_token": UNKNOWN_PIECE}
        return trainers.UnigramTrainer(**unknown, **given), set(characters)
    # Named here, these have their numbers before the trainer deals out others in any order.
    named = [UNKNOWN_PIECE, *(INNER + character for character in inner)]
    given |= {"special_tokens": named, "limit_alphabet": len(characters)}
    return trainers.WordPieceTrainer(continuing_subword_prefix=INNER, **given), None


def _characters(counts: Mapping[str, int], most: int) -> tuple[list[str], list[str]]:
    """Give the most frequent characters, and those of them that stand within units."""
    found: Counter[str] = Counter()
    within: set[str] = set()
    for unit, count in counts.items():
        for character in unit:
            found[character] += count
        within.update(unit[1:])
    ranked = sorted(found, key=lambda character: (-found[character], character))[:most]
    return sorted(ranked), sorted(within.intersection(ranked))


def _told_twice(counts: Mapping[str, int], kept: set[str]) -> Iterator[list[str]]:
    """Give Unigram units without rare characters, and half of the frequent ones with an end.

    It takes for pieces only what has different characters behind it in different units. So it
    would not take "this", which is nearly always followed by the end of its unit.
    """
    known = [(_without(unit, kept), count) for unit, count in counts.items()]
    halves = [count // 2 if count >= _FREQUENT else 0 for count in counts.values()]
    pairs = list(zip(known, halves, strict=True))
    yield from _repeated((unit, count - half) for (unit, count), half in pairs)
    yield from _repeated((unit + _END, half) for (unit, _), half in pairs if half)


def _without(unit: str, kept: set[str]) -> str:
    """Put blanks, which part units, in place of rare characters."""
    if kept.issuperset(unit):
        return unit
    return "".join(character if character in kept else " " for character in unit)


def _repeated(counts: Iterable[tuple[str, int]]) -> Iterator[list[str]]:
    """Give texts in which each unit stands as often as it was counted."""
    texts: list[str] = []
    held = 0
    for unit, count in counts:
        for start in range(0, count, 1000):
            texts.append(" ".join([unit] * min(1000, count - start)))
            held += len(texts[-1])
        if held > 2**18:
            yield texts
            texts, held = [], 0
    yield texts

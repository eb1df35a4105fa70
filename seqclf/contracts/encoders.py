"""What turns raw text into token ids, and the options it has."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

from seqclf.contracts.data import Ragged
from seqclf.options import Option, check_all, from_signature

GIVEN = ("num_words", "skip_top")
"""What `fit` is told from the run's settings; its other parameters are options."""


@runtime_checkable
class Encoder(Protocol):
    """Turns raw text into token ids, the same way in training and in use.

    Its class is what `seqclf_encoders()` gives; `name` finds it again when a
    run is loaded. Ids are below `num_words`; 0 is kept for padding, and what the others
    mean is the encoder's own affair (the built-in one has 1 for the start of a text and 2 for
    an unknown word). `skip_top` asks to leave out the most frequent tokens; an encoder that
    cannot raises a `seqclf.SeqclfError` where it is not 0, or says in its help that it is
    not used.

    Large data come in chunks: `fit` gets texts that may lie on disk and goes through them,
    `encode` is called on some thousands at a time, so each text is encoded by itself.

    Further keyword parameters of `fit` are the encoder's options (`-t NAME=VALUE`),
    read from its signature as an architecture's are. An encoder may have an attribute
    `words_by_id`, a tuple of `num_words` texts: the word of each id, for architectures
    that look their words up in a table of vectors. An encoder whose texts are not prose has an
    attribute `reads`, "ids" or "series"; one that gives numeric series instead of token ids has
    an attribute `features`, how many numbers a step has, and gives float32.
    """

    name: ClassVar[str]
    num_words: int

    @classmethod
    def fit(cls, texts: Sequence[str], *, num_words: int, skip_top: int) -> Self:
        """Learn the vocabulary from the training texts."""
        ...

    def encode(self, texts: Sequence[str]) -> Ragged:
        """Give the ids of each text, one sequence a text, empty texts included."""
        ...

    def to_dict(self) -> dict[str, Any]:
        """Give what `from_dict` needs, as JSON values."""
        ...

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Self:
        """Make the encoder that `to_dict` described."""
        ...


def encoder_options(encoder_class: type[Encoder]) -> tuple[Option, ...]:
    """Give what `-t NAME=VALUE` may set, from the signature of `fit`.

    Raises:
        TypeError: a parameter that cannot be an option; this is the plugin author's to mend.

    Example:
        >>> class Letters:
        ...     name = "letters"
        ...     @classmethod
        ...     def fit(cls, texts, *, num_words, skip_top, lowercase: bool = True): ...
        >>> [option.name for option in encoder_options(Letters)]
        ['lowercase']
    """
    return from_signature(encoder_class.fit, besides=GIVEN)


def check_encoder_options(encoder_class: type[Encoder], given: Mapping[str, Any]) -> dict[str, Any]:
    """Check option values and fill in the defaults.

    Raises:
        UsageError: an unknown option, a wrong type, a value out of range.
    """
    owner = f"tokenizer '{encoder_class.name}'"
    return check_all(encoder_options(encoder_class), given, owner=owner, flag="-t")


def reads(encoder: object) -> str:
    """Say what the texts of an encoder or its class are: "text", "ids" or "series".

    Example:
        >>> class Letters:
        ...     name = "letters"
        >>> reads(Letters)
        'text'
    """
    return str(getattr(encoder, "reads", "text"))


def features_of(encoder: object) -> int:
    """Say how many numbers a step of an encoder's series has; 0 for token ids.

    Example:
        >>> features_of(None)
        0
    """
    return int(getattr(encoder, "features", 0))


def summary_of(encoder_class: type[Encoder]) -> str:
    """Give one line on an encoder: its attribute `summary`, else its docstring's first line.

    Example:
        >>> class Letters:
        ...     "One id a letter."
        >>> summary_of(Letters)
        'One id a letter'
    """
    told = getattr(encoder_class, "summary", None) or inspect.getdoc(encoder_class) or ""
    return str(told).strip().partition("\n")[0].rstrip(".")

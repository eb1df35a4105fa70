"""Which columns are the text and the labels: as given, or guessed where it is obvious."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from seqclf.errors import UsageError, nearest

TEXTS = ("text", "sentence", "review", "content", "document", "body", "tweet", "comment",
         "message", "question", "utterance", "title")  # fmt: skip
LABELS = ("label", "labels", "class", "category", "target", "sentiment", "emotion", "intent",
          "topic", "stars", "rating", "coarse_label", "y")  # fmt: skip

_STRINGS = ("string", "large_string", "string_view")
_WORDS = {
    "int": "whole numbers", "uint": "whole numbers", "float": "numbers", "double": "numbers",
    "bool": "true or false", "null": "nothing",
}  # fmt: skip


def is_text(feature: Any) -> bool:
    """Say whether a column holds texts."""
    return getattr(feature, "dtype", "") in _STRINGS and not is_classes(feature)


def is_classes(feature: Any) -> bool:
    """Say whether a column holds class numbers with names."""
    return type(feature).__name__ == "ClassLabel"


def inner(feature: Any) -> Any:
    """Give what a column of lists holds in its lists; None for other columns."""
    if isinstance(feature, list):
        return feature[0]
    return getattr(feature, "feature", None)


def describe(feature: Any) -> str:
    """Say in a word or two what a column holds."""
    if is_classes(feature):
        return "classes"
    if is_text(feature):
        return "texts"
    if inner(feature) is not None:
        return f"lists of {describe(inner(feature))}"
    if isinstance(feature, Mapping):
        return "records"
    dtype = str(getattr(feature, "dtype", type(feature).__name__))
    return _WORDS.get(dtype.rstrip("0123456789"), dtype)


def choose_columns(
    features: Mapping[str, Any], text: str | None, label: str | None
) -> tuple[list[str], list[str]]:
    """Settle the text columns and the label columns.

    Args:
        features: column name to `datasets` feature.
        text: one or more columns by comma, or None to guess.
        label: likewise.

    Returns:
        The text columns and the label columns.

    Raises:
        UsageError: no such column, a text column without texts, or no obvious guess; the
            columns that there are are named.
    """
    labels = _given(features, label, "label") if label else [_guess_label(features, text)]
    texts = _given(features, text, "text") if text else [_guess_text(features, labels)]
    for name in texts:
        if not is_text(features[name]):
            raise UsageError(
                f"-d text={name}: the column '{name}' holds {describe(features[name])}, not texts",
                _there_are(features),
            )
        if name in labels:
            raise UsageError(f"the column '{name}' cannot be both text and label")
    return texts, labels


def _given(features: Mapping[str, Any], given: str, option: str) -> list[str]:
    names = [given] if given in features else [name.strip() for name in given.split(",")]
    for name in names:
        if name not in features:
            close = nearest(name, features)
            hint = f"did you mean '{close}'? " if close else ""
            raise UsageError(
                f"-d {option}: there is no column '{name}'", hint + _there_are(features)
            )
    return list(dict.fromkeys(names))


def _guess_label(features: Mapping[str, Any], text: str | None) -> str:
    classes = [name for name, feature in features.items() if _has_classes(feature)]
    found = _by_name(features, LABELS)
    if len(classes) == 1 and (found is None or not _has_classes(features[found])):
        return classes[0]
    if found is None:
        raise UsageError(
            "no column is plainly the label", f"choose -d label=NAME; {_there_are(features)}"
        )
    return found


def _has_classes(feature: Any) -> bool:
    return is_classes(feature) or is_classes(inner(feature))


def _guess_text(features: Mapping[str, Any], labels: list[str]) -> str:
    texts = {name: f for name, f in features.items() if is_text(f) and name not in labels}
    found = _by_name(texts, TEXTS)
    if found is None and len(texts) == 1:
        return next(iter(texts))
    if found is None:
        raise UsageError(
            "no column is plainly the text",
            f"choose -d text=NAME or -d text=NAME,NAME; {_there_are(features)}",
        )
    return found


def _by_name(columns: Iterable[str], wanted: Iterable[str]) -> str | None:
    lowered = {name.lower(): name for name in reversed(list(columns))}
    return next((lowered[name] for name in wanted if name in lowered), None)


def _there_are(features: Mapping[str, Any]) -> str:
    listed = [f"{name} ({describe(feature)})" for name, feature in features.items()]
    more = f" and {len(listed) - 20} more" if len(listed) > 20 else ""
    return f"the columns: {', '.join(listed[:20])}{more}"

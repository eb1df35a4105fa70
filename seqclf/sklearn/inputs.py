"""What scikit-learn's callers hand over as `X`, as the texts that encoders read."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Mapping, Sequence, Set, Sized
from typing import Any

import numpy as np

from seqclf.errors import UsageError


class InputError(UsageError, ValueError):
    """What was handed over cannot be learned from; a ValueError, as scikit-learn has it."""


def texts_of(estimator: Any, X: Any, reads: str, *, fitting: bool) -> list[str]:  # noqa: N803
    """Give each example as the text that an encoder reads.

    Args:
        estimator: remembers the width of arrays of numbers (`n_features_in_`), and the names
            of their columns.
        X: texts, shape (examples,) or (examples, 1); for ids and series rows of numbers of any
            lengths, or an array.
        reads: what the encoder's texts are: "text", "ids" or "series".
        fitting: whether the estimator learns the width now, or is to be held to it.

    Raises:
        ValueError, TypeError: `X` has not that form; an `InputError` where the words are ours.

    Example:
        >>> texts_of(None, ("one text", "another"), "text", fitting=True)
        ['one text', 'another']
        >>> texts_of(None, [np.array([3, 1]), np.array([7])], "ids", fitting=True)
        ['3 1', '7']
    """
    if fitting:
        for name in ("n_features_in_", "feature_names_in_"):
            if hasattr(estimator, name):
                delattr(estimator, name)
    if isinstance(X, str | bytes):
        raise InputError("X is a single text", hint="put it into a list: [text]")
    if reads == "text":
        return _prose(X)
    if hasattr(X, "__array__") and getattr(X, "ndim", 1) == 1:
        X = np.asarray(X)  # noqa: N806
    if _is_table(X):
        return _of_table(estimator, X, reads, fitting)
    return _of_rows(estimator, _listed(X, "sequences"), reads, fitting)


def _listed(X: Any, of: str) -> list[Any]:  # noqa: N803
    if isinstance(X, Mapping | Set) or not (isinstance(X, Sized) and isinstance(X, Iterable)):
        raise InputError(f"X must be a list or an array of {of}, not {type(X).__name__}")
    items = X.tolist() if isinstance(X, np.ndarray) else list(X)
    if not items:
        raise InputError(f"X has no {of}: there are 0 samples")
    return items


def _prose(X: Any) -> list[str]:  # noqa: N803
    if hasattr(X, "toarray"):
        raise InputError("X is sparse, but texts are expected")
    if hasattr(X, "to_numpy"):
        X = X.to_numpy()  # noqa: N806
    if isinstance(X, np.ndarray) and X.ndim != 1:
        if X.ndim != 2 or X.shape[1] != 1:
            raise InputError(
                f"X has the shape {X.shape}, but a text an example is expected",
                hint="choose one column; for numbers there are tokenizer='ids' and 'series'",
            )
        X = X[:, 0]  # noqa: N806
    texts = _listed(X, "texts")
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            hint = "for numbers there are tokenizer='ids' and 'series'"
            if text is None or text != text:
                hint = "leave it out, or make it an empty text"
            raise InputError(f"X[{number}] is {reprlib.repr(text)}, not a text", hint=hint)
    return [str(text) for text in texts]


def _is_table(X: Any) -> bool:  # noqa: N803
    """Tell whether all rows of numbers are equally long, so that scikit-learn's rules count."""
    if hasattr(X, "toarray"):
        return True
    if hasattr(X, "ndim"):
        return bool(X.ndim > 1 or X.dtype != object)
    if not isinstance(X, list | tuple):
        return False
    if any(isinstance(row, list | tuple) for row in X):
        lengths = {len(row) if isinstance(row, list | tuple) else -1 for row in X}
        return len(lengths) == 1
    return all(isinstance(number, int | float | np.number) for number in X)


def _of_table(estimator: Any, X: Any, reads: str, fitting: bool) -> list[str]:  # noqa: N803
    from sklearn.utils.validation import validate_data

    series = reads == "series"
    values = validate_data(
        estimator,
        X,
        reset=fitting,
        dtype=np.float64 if series else "numeric",
        allow_nd=series,
    )
    if not series:
        values = _whole(values, "X")
    return list(map(_written, values.tolist()))


def _of_rows(estimator: Any, rows: Sequence[Any], reads: str, fitting: bool) -> list[str]:
    texts = []
    width = None if fitting else getattr(estimator, "n_features_in_", None)
    for number, row in enumerate(rows):
        if isinstance(row, str):
            texts.append(str(row))
            continue
        values = _row(row, f"X[{number}]", reads)
        if width is not None and len(values) != width:
            raise InputError(
                f"X[{number}] has {len(values)} steps, but all training rows had {width}",
                hint="to learn from rows of any length, fit on a list of arrays",
            )
        texts.append(_written(values.tolist()))
    return texts


def _row(row: Any, where: str, reads: str) -> np.ndarray:
    """Give the numbers of a row: shape (steps,), or (steps, features) for series."""
    told = reprlib.repr(row)
    try:
        values = np.asarray(row)
        if values.size == 0:
            return np.empty(0, np.int64)
        values = np.asarray(row, np.float64) if reads == "series" else values
    except (TypeError, ValueError):
        raise InputError(f"{where} is {told}, which are not all numbers") from None
    if reads == "ids":
        if values.ndim != 1:
            raise InputError(f"{where} is {told}, not a sequence of token ids")
        return _whole(values, where)
    if values.ndim not in (1, 2):
        raise InputError(f"{where} has the shape {values.shape}, not (steps,) or (steps, features)")
    if not np.isfinite(values).all():
        raise InputError(f"{where} has NaN or infinity in it", hint="fill the gap, or leave it out")
    return values


def _whole(values: np.ndarray, where: str) -> np.ndarray:
    if values.dtype.kind in "iub":
        return values.astype(np.int64)
    if values.dtype.kind == "f" and bool((np.mod(values, 1) == 0).all()):
        return values.astype(np.int64)
    raise InputError(
        f"{where} has other values than whole numbers, but tokenizer='ids' reads token ids",
        hint="for numeric series there is tokenizer='series'",
    )


def _written(values: list[Any]) -> str:
    """Write a row of numbers so that they are read back exactly.

    Example:
        >>> _written([1.5, 2.0]), _written([[1.5, 2.0], [0.3, 4.0]])
        ('1.5 2.0', '1.5 2.0;0.3 4.0;')
    """
    if values and isinstance(values[0], list):
        return "".join(f"{' '.join(map(repr, step))};" for step in values)
    return " ".join(map(repr, values))

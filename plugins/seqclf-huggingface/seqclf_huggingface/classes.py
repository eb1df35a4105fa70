"""From label values to class names and class numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from seqclf.contracts import Kind
from seqclf.errors import DataError

from seqclf_huggingface.columns import describe, inner, is_classes

if TYPE_CHECKING:
    import numpy as np

MANY = 20
"""That many classes are believed in any data; more need two examples each, on average."""


@dataclass(frozen=True)
class Classes:
    """The classes of a dataset.

    Args:
        names: the class names, in the order of the class numbers.
        kind: binary, multiclass or multilabel.
        values: the label values in the same order: what the data have for each class.
    """

    names: tuple[str, ...]
    kind: Kind
    values: tuple[Any, ...]

    def numbers(self, values: Sequence[Any]) -> np.ndarray:
        """Give class numbers, shape (examples,), or zeros and ones, (examples, classes)."""
        import numpy as np

        places = {value: number for number, value in enumerate(self.values)}
        if self.kind != "multilabel":
            return np.array([places[value] for value in values], np.int64)
        marked = np.zeros((len(values), len(places)), np.int64)
        for row, several in enumerate(values):
            marked[row, [places[value] for value in several]] = 1
        return marked


def find_classes(
    columns: Sequence[str], features: Mapping[str, Any], parts: Mapping[str, Sequence[Any]]
) -> tuple[Classes, Mapping[str, Sequence[Any]]]:
    """Find the classes and bring the values into one form.

    Args:
        columns: the label columns; several hold one class each, as 0 and 1.
        features: column name to `datasets` feature.
        parts: "train" and others to their label values.

    Returns:
        The classes, and the values of each part, as `Classes.numbers` takes them.

    Raises:
        DataError: a single class, values that are no classes, or nothing but numbers.
    """
    if len(columns) > 1:
        return _one_column_a_class(columns, parts)
    (column,) = columns
    feature = features[column]
    within = inner(feature)
    shown = f"the column '{column}'"
    if within is None:
        plain = {part: [_plain(value, feature, shown) for value in values]
                 for part, values in parts.items()}  # fmt: skip
        met: Iterable[Any] = chain.from_iterable(plain.values())
    else:
        plain = {part: [[_plain(one, within, shown) for one in value] for value in values]
                 for part, values in parts.items()}  # fmt: skip
        _no_marks(plain["train"], shown)
        met = chain.from_iterable(chain.from_iterable(plain.values()))
    kind = feature if within is None else within
    values_met = set(met)
    if not is_classes(kind) and len({isinstance(value, str) for value in values_met}) > 1:
        raise DataError(f"{shown} holds texts in one split and numbers in another")
    found = tuple(kind.names) if is_classes(kind) else tuple(sorted(values_met))
    strange = values_met.difference(found)
    if strange:
        raise DataError(
            f"{shown} has the class '{next(iter(strange))}' in a split, but not in the training "
            f"split's classes: {', '.join(map(str, found))}"
        )
    _check(found, plain["train"], within is not None, is_classes(kind), shown)
    names = tuple(_name(value) for value in found)
    several: Kind = "binary" if len(found) == 2 else "multiclass"
    return Classes(names, "multilabel" if within is not None else several, found), plain


def _plain(value: Any, feature: Any, shown: str) -> Any:
    """Give a text, a truth value or a whole number."""
    if isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)  # how a file's whole numbers are read where one is missing
    raise DataError(
        f"{shown} holds {describe(feature)}, such as {value!r}, which are no classes",
        "choose another with -d label=NAME",
    )


def _name(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _no_marks(lists: Sequence[Sequence[Any]], shown: str) -> None:
    """Refuse lists that hold a 0 or 1 for every class: they would be read as two classes."""
    if set(chain.from_iterable(lists)) <= {0, 1} and any(
        len(set(values)) < len(values) for values in lists
    ):
        raise DataError(
            f"{shown} seems to hold a 0 or 1 for every class, and their names are not known",
            "give lists of the labels that hold, or one column of 0 and 1 a class: -d label=A,B,C",
        )


def _check(
    found: Sequence[Any], train: Sequence[Any], lists: bool, declared: bool, shown: str
) -> None:
    met = set(chain.from_iterable(train)) if lists else set(train)
    if len(found) < 2 or len(met) < 2:
        only = f"only '{_name(next(iter(met)))}'" if met else "no class at all"
        raise DataError(
            f"{shown} has {only} in the training examples; there must be two classes or more",
            "take other examples (sorted data have one class in a slice), or another -d label",
        )
    if not declared and len(found) > MANY and len(found) > len(train) / 2:
        raise DataError(
            f"{shown} has {len(found)} different values in {len(train)} training examples, which "
            "are hardly classes",
            "choose another with -d label=NAME",
        )


def _one_column_a_class(
    columns: Sequence[str], parts: Mapping[str, Sequence[Any]]
) -> tuple[Classes, Mapping[str, Sequence[Any]]]:
    plain: dict[str, Sequence[Any]] = {}
    for part, rows in parts.items():
        for row in rows:
            for column, value in zip(columns, row, strict=True):
                if value not in (0, 1):
                    raise DataError(
                        f"the column '{column}' has {value!r}, but several label columns hold 0 "
                        "or 1 each",
                        "or give one column with -d label=NAME",
                    )
        plain[part] = [
            [column for column, value in zip(columns, row, strict=True) if value] for row in rows
        ]
    return Classes(tuple(columns), "multilabel", tuple(columns)), plain

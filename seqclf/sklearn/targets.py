"""What scikit-learn's callers hand over as `y` and as weights: classes, numbers, weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from seqclf.contracts import Kind
from seqclf.sklearn.inputs import InputError


@dataclass(frozen=True)
class Targets:
    """Labels as numbers.

    Args:
        classes: the labels in order; for multilabel the column numbers.
        labels: class numbers, shape (examples,), or zeros and ones, shape (examples, classes).
        kind: binary, multiclass or multilabel.
    """

    classes: np.ndarray
    labels: np.ndarray
    kind: Kind

    @property
    def names(self) -> tuple[str, ...]:
        """The classes' names."""
        return tuple(map(str, self.classes.tolist()))


def read_targets(y: Any) -> Targets:
    """Number labels of any type.

    Args:
        y: a label an example; or zeros and ones, shape (examples, classes), for any number of
            classes an example.

    Raises:
        ValueError: no labels, no classes, or labels without an order.

    Example:
        >>> targets = read_targets(["yes", "no", "yes"])
        >>> targets.names, targets.labels.tolist(), targets.kind
        (('no', 'yes'), [1, 0, 1], 'binary')
    """
    from sklearn.utils import assert_all_finite, check_array, column_or_1d
    from sklearn.utils.multiclass import check_classification_targets, type_of_target

    if y is None:
        raise InputError("fit requires y to be passed, but the target y is None")
    try:
        form = type_of_target(y, input_name="y")
        if form == "multilabel-indicator":
            dense = y.toarray() if hasattr(y, "toarray") else y
            indicator = check_array(dense, dtype=np.int64, input_name="y")
            return Targets(np.arange(indicator.shape[1]), indicator, "multilabel")
        check_classification_targets(y)
        column = column_or_1d(y, warn=True)
        assert_all_finite(column, input_name="y")
        classes, numbers = np.unique(column, return_inverse=True)
    except TypeError as error:
        raise InputError(
            f"y has labels that cannot be put in order: {error}",
            hint="none may be missing, and all must be texts, or all numbers",
        ) from None
    kind: Kind = "binary" if len(classes) <= 2 else "multiclass"
    return Targets(classes, numbers.astype(np.int64), kind)


def read_weights(
    sample_weight: Any, class_weight: Mapping[Any, float] | None, targets: Targets
) -> np.ndarray | None:
    """Give what each example counts, or None where all count one.

    Args:
        sample_weight: a number each, from 0, or one for all.
        class_weight: label to what its examples count; labels it does not name count one.
        targets: the examples' labels.

    Returns:
        Shape (examples,), float64.

    Raises:
        ValueError: weights that cannot be; all examples with a weight have one label.

    Example:
        >>> read_weights([1, 2, 0], {"no": 3}, read_targets(["yes", "no", "yes"])).tolist()
        [1.0, 6.0, 0.0]
    """
    from sklearn.utils.class_weight import compute_class_weight

    count = len(targets.labels)
    weights = None
    if sample_weight is not None:
        weights = _checked(sample_weight, count)
    if class_weight is not None:
        if targets.kind == "multilabel":
            raise InputError(
                "class_weight weighs examples by their one class, but here an example has several",
                hint="leave it out, or give sample_weight",
            )
        column = targets.classes[targets.labels]
        each = compute_class_weight(dict(class_weight), classes=targets.classes, y=column)
        weights = (1.0 if weights is None else weights) * _checked(each[targets.labels], count)
    counted = targets.labels if weights is None else targets.labels[weights > 0]
    if not len(counted):
        raise InputError("all sample weights are zero, so that there is nothing to learn from")
    if targets.kind != "multilabel" and np.all(counted == counted[0]):
        beyond = "" if weights is None else " whose examples have a weight"
        raise InputError(
            f"y has only one class{beyond}, {targets.classes[counted[0]].item()!r}",
            hint="a classifier needs two",
        )
    return weights


def _checked(given: Any, count: int) -> np.ndarray:
    try:
        weights = np.asarray(given, np.float64)
    except (TypeError, ValueError):
        raise InputError("sample weights must be numbers") from None
    if weights.ndim == 0:
        weights = np.full(count, weights)
    if weights.shape != (count,):
        raise InputError(f"sample weights have the shape {weights.shape}, not ({count},)")
    if not np.isfinite(weights).all() or weights.min(initial=0) < 0:
        raise InputError("sample weights must be numbers from 0")
    return weights

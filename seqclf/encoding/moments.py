"""Mean and standard deviation of numbers that come some at a time."""

from __future__ import annotations

import numpy as np

from seqclf.errors import DataError


class Moments:
    """Means and standard deviations of columns, in one pass over their rows.

    Args:
        features: how many columns there are.

    Example:
        >>> moments = Moments(2)
        >>> moments.add(np.array([[1.0, 7.0], [3.0, 7.0]]))
        >>> moments.add(np.array([[5.0, 7.0]]))
        >>> moments.means.tolist(), moments.scales.round(3).tolist()
        ([3.0, 7.0], [1.633, 1.0])

    Source:
        Chan, Golub, LeVeque (1979): Updating formulae and a pairwise algorithm for computing
        sample variances.
    """

    def __init__(self, features: int) -> None:
        self.count = 0
        self.means = np.zeros(features)
        self._squares = np.zeros(features)
        self._least = np.full(features, np.inf)
        self._most = np.full(features, -np.inf)

    def add(self, rows: np.ndarray) -> None:
        """Add rows of shape (rows, features), float64."""
        if not len(rows):
            return
        with np.errstate(over="ignore", invalid="ignore"):
            means = rows.mean(axis=0)
            squares = ((rows - means) ** 2).sum(axis=0)
            apart = means - self.means
            together = self.count + len(rows)
            self._squares += squares + apart**2 * (self.count * len(rows) / together)
            self.means = self.means + apart * (len(rows) / together)
        self.count = together
        self._least = np.minimum(self._least, rows.min(axis=0))
        self._most = np.maximum(self._most, rows.max(axis=0))
        constant = self._least == self._most
        # A sum of equal numbers is rounded, so that their mean is not quite the number itself.
        self.means = np.where(constant, self._least, self.means)

    @property
    def scales(self) -> np.ndarray:
        """The standard deviations (of all rows, not of a sample); 1 where nothing changes.

        Raises:
            DataError: the numbers are too large to be squared.
        """
        scales = np.sqrt(self._squares / max(self.count, 1))
        if not np.isfinite(scales).all():
            feature = int(np.flatnonzero(~np.isfinite(scales))[0])
            raise DataError(
                f"feature {feature + 1} of the series has numbers too large to standardise",
                hint="use smaller units",
            )
        return np.where((self._least == self._most) | (scales == 0), 1.0, scales)

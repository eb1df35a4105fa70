"""How kernels are compiled, and where the result is kept for the next process."""

from __future__ import annotations

from typing import Any

import numba

_OPTIONS = {"nogil": True, "boundscheck": False, "error_model": "numpy"}


def kernel(function: Any) -> Any:
    return numba.njit(function, **_OPTIONS)


def helper(function: Any) -> Any:
    return numba.njit(function, **_OPTIONS)

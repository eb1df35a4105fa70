"""How kernels are compiled, and where they are kept for the next process."""

from __future__ import annotations

import functools
import hashlib
import importlib.resources
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import llvmlite
import numba

from seqclf.paths import cache_folder

_OPTIONS: dict[str, Any] = {"nogil": True, "boundscheck": False, "error_model": "numpy"}


def helper(function: Callable[..., Any]) -> Any:
    """Compile a function that only kernels call: it becomes a part of them."""
    return numba.njit(function, **_OPTIONS)


class kernel:  # noqa: N801, a decorator
    """Compiles a function on its first call, and keeps the result on disk for the next process.

    It runs without Python's lock, does not check bounds, and divides as NumPy does. Where nothing
    can be kept, or what was kept is damaged, it is compiled anew in the process.

    Args:
        function: what to compile. Other kernels cannot call it; a `helper` they can.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self._function = function
        if not _can_keep():
            self.compiled = numba.njit(function, **_OPTIONS)
            return
        before = numba.config.CACHE_DIR
        numba.config.CACHE_DIR = str(kept_kernels())
        try:
            self.compiled = numba.njit(function, cache=True, **_OPTIONS)
        except RuntimeError:  # no place that can be written
            self.compiled = numba.njit(function, **_OPTIONS)
        finally:
            numba.config.CACHE_DIR = before

    def __call__(self, *arguments: Any) -> Any:
        """Call it."""
        try:
            return self.compiled(*arguments)
        except Exception:  # a kernel itself raises nothing: the disk is full, or a file damaged
            self.compiled = numba.njit(self._function, **_OPTIONS)
            return self.compiled(*arguments)


@functools.cache
def _can_keep() -> bool:
    """Say whether the folder can be written; numba would take `__pycache__` in its place."""
    try:
        kept_kernels().mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=kept_kernels()).close()
    except OSError:
        return False
    return True


def are_kept() -> bool:
    """Say whether an earlier process has left kernels."""
    return any(kept_kernels().rglob("*.nbi"))


@functools.cache
def kept_kernels() -> Path:
    """Give the folder of these kernels, made by this numba; other versions have another.

    numba itself notices only that the file of a kernel has changed, not what the kernel calls.
    It keeps apart what was compiled for different processors, and replaces files whole, so that
    two processes may compile at once.
    """
    digest = hashlib.sha256(f"{numba.__version__} {llvmlite.__version__}".encode())
    sources = importlib.resources.files("seqclf.kernels")
    for source in sorted(sources.iterdir(), key=lambda path: path.name):
        if source.name.endswith(".py"):
            digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    return cache_folder() / "kernels" / digest.hexdigest()[:16]

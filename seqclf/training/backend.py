"""Importing Keras, quietly, and making runs repeatable."""

from __future__ import annotations

import contextlib
import importlib.metadata
import logging
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

from seqclf.errors import UsageError


def backend_name() -> str:
    """Say which backend Keras uses or will use, without importing it where that can be told.

    Source:
        Keras' own rule: `KERAS_BACKEND`, else `keras.json`, else tensorflow.
    """
    if "keras" in sys.modules:
        name: str = sys.modules["keras"].config.backend()
        return name
    return os.environ.get("KERAS_BACKEND") or "tensorflow"


def import_keras() -> Any:
    """Import Keras with its backend; TensorFlow's start-up messages are kept back.

    Set `TF_CPP_MIN_LOG_LEVEL` to see them.

    Raises:
        UsageError: the backend is unknown or not installed.
    """
    if "keras" not in sys.modules:
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        logging.getLogger("tensorflow").addFilter(_is_worth_reading)
    try:
        with _interrupt_kept_back(), _stderr_kept_back():
            import keras
    except (ImportError, ValueError) as error:
        if backend_name() == "tensorflow":
            raise
        told = " ".join(str(error).split())
        raise UsageError(
            f"Keras cannot be loaded with KERAS_BACKEND={backend_name()}: {told}",
            hint="install that backend, or choose tensorflow, jax or torch",
        ) from error
    return keras


@contextlib.contextmanager
def _interrupt_kept_back() -> Iterator[None]:
    """Keep Ctrl-C until the block ends; a second one counts at once.

    In the midst of TensorFlow's import it may be lost to a library that catches everything.
    """
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    asked = False

    def keep(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    signal.signal(signal.SIGINT, keep)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if asked:
        raise KeyboardInterrupt


def _is_worth_reading(record: logging.LogRecord) -> bool:
    """Drop the advice against retracing: it counts the models of a session together."""
    return "triggered tf.function retracing" not in str(record.msg)


@contextlib.contextmanager
def _stderr_kept_back() -> Iterator[None]:
    """Keep back what is written to file descriptor 2; show it if the block fails.

    TensorFlow's C++ code writes there before any of its log levels count.
    """
    if "tensorflow" in sys.modules or os.environ.get("TF_CPP_MIN_LOG_LEVEL") != "3":
        yield
        return
    try:
        kept = tempfile.TemporaryFile()  # noqa: SIM115 (closed by the with below)
        saved = os.dup(2)
    except OSError:
        yield  # a closed descriptor or a full disk: then the messages are shown
        return
    with kept:
        os.dup2(kept.fileno(), 2)
        try:
            yield
        except Exception:
            kept.seek(0)
            os.write(saved, kept.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)


def make_repeatable(seed: int) -> None:
    """Seed weights, dropout and NumPy, and make TensorFlow's operations deterministic.

    Without the latter a SimpleRNN's training differs from run to run.

    Args:
        seed: any whole number from 0 to 2**32 - 1.
    """
    keras = import_keras()
    with _stderr_kept_back():
        keras.utils.set_random_seed(seed)  # imports TensorFlow on every backend
    if keras.config.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


def versions() -> dict[str, str]:
    """Give the versions of Keras, of the backend in use, and of what compiles the kernels."""
    keras = import_keras()
    backend = keras.config.backend()
    module = sys.modules.get(backend)
    found = {"keras": keras.__version__, backend: getattr(module, "__version__", "")}
    for name in ("numba", "llvmlite"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    return found


def devices() -> list[str]:
    """Name the devices the backend would use: "cpu:0", "gpu:0"."""
    keras = import_keras()
    return [str(device) for device in keras.distribution.list_devices()]

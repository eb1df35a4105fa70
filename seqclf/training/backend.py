"""Importing Keras, quietly, and making runs repeatable."""

from __future__ import annotations

import os
import sys
from typing import Any


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
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    import keras

    return keras


def make_repeatable(seed: int) -> None:
    """Seed weights, dropout and NumPy, and make TensorFlow's operations deterministic.

    Without the latter a SimpleRNN's training differs from run to run.

    Args:
        seed: any whole number from 0 to 2**32 - 1.
    """
    keras = import_keras()
    keras.utils.set_random_seed(seed)
    if keras.config.backend() == "tensorflow":
        import tensorflow as tf

        tf.config.experimental.enable_op_determinism()


def versions() -> dict[str, str]:
    """Give the versions of Keras and of the backend in use."""
    keras = import_keras()
    backend = keras.config.backend()
    module = sys.modules.get(backend)
    return {"keras": keras.__version__, backend: getattr(module, "__version__", "")}

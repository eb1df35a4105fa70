"""Keras as it comes, on the backend that `KERAS_BACKEND` names; nothing of seqclf is used."""

from __future__ import annotations

from typing import Any

import numpy as np

from throughput.reviews import Rows
from throughput.settings import LAYERS, Setting


def make(name: str, setting: Setting) -> KerasPeer:
    """Build and compile a network; `keras-tf-jit` asks for XLA."""
    return KerasPeer(setting, jit_compile=True if name.endswith("-jit") else "auto")


class KerasPeer:
    """A plain Sequential model and plain arrays."""

    def __init__(self, setting: Setting, jit_compile: bool | str) -> None:
        import keras

        keras.utils.set_random_seed(1)
        self.told = ""
        self._setting = setting
        self._model = keras.Sequential(
            [
                keras.Input((setting.maxlen,), dtype="int32"),
                keras.layers.Embedding(setting.words, setting.embedding),
                *_recurrent(setting.cell, setting.units),
                keras.layers.Dense(1, "sigmoid"),
            ]
        )
        self._model.compile(
            optimizer="rmsprop",
            loss="binary_crossentropy",
            metrics=["accuracy"],
            jit_compile=jit_compile,
        )

    def prepare(self, rows: Rows) -> tuple[np.ndarray, np.ndarray]:
        return rows.padded(self._setting.maxlen), rows.labels.astype(np.int32)

    def fit(self, train: Any, validation: Any, epochs: int) -> float:
        history = self._model.fit(
            *train,
            batch_size=self._setting.batch,
            epochs=epochs,
            validation_data=validation,
            verbose=0,
        )
        return float(history.history["loss"][-1])

    def predict(self, data: tuple[np.ndarray, np.ndarray]) -> Any:
        return self._model.predict(data[0], batch_size=self._setting.batch, verbose=0)


def _recurrent(cell: str, units: int) -> list[Any]:
    """Give the layers between embedding and output, as in seqclf's architectures."""
    from keras import layers

    if cell == "bilstm":
        return [layers.Bidirectional(layers.LSTM(units)), layers.Dense(64, "relu")]
    if cell == "stacked":
        below = [
            layers.SimpleRNN(units, return_sequences=True) for _ in range(LAYERS["stacked"] - 1)
        ]
        return [*below, layers.SimpleRNN(units)]
    return [{"lstm": layers.LSTM, "gru": layers.GRU, "simple_rnn": layers.SimpleRNN}[cell](units)]

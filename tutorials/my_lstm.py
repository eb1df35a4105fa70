"""A plugin in one file: an LSTM whose output at every step counts, not only the last.

seqclf run reviews --arch my_lstm --plugin tutorials/my_lstm.py
"""

import seqclf

SEQCLF_API_VERSION = 1  # of the hooks that this file is made for


@seqclf.architecture("my_lstm", summary="LSTM, the largest value of each unit over all steps")
def my_lstm(task, units: seqclf.Count = 32, dropout: seqclf.Rate = 0.25):
    """Embedding, LSTM with its whole sequence, maximum over the steps, dense output.

    Args:
        task: what is to be told apart.
        units: length of the LSTM's state.
        dropout: share of the embedding dropped while training.
    """
    import keras

    return keras.Sequential(
        [
            keras.layers.Embedding(task.num_words, 32),
            keras.layers.Dropout(dropout),
            keras.layers.LSTM(units, return_sequences=True),
            keras.layers.GlobalMaxPooling1D(),
            keras.layers.Dense(task.units, task.activation),
        ]
    )


@seqclf.hookimpl
def seqclf_architectures():
    """Give the architecture to seqclf."""
    return [my_lstm]

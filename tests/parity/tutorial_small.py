"""Run the tutorial's own code on fewer reviews, repeatably, and print what came of it as JSON.

Op determinism holds for a whole process, so this is a program of its own:
`python tutorial_small.py simple_rnn lstm stacked_simple_rnn`.
"""

import json
import sys

import tensorflow as tf

tf.config.experimental.enable_op_determinism()

from r_models import a_simple_rnn, b_lstm, c_stacked_dense  # noqa: E402

from seqclf.r import (  # noqa: E402
    clear_session,
    compile,
    dataset_imdb,
    evaluate,
    fit,
    pad_sequences,
    predict,
    set_random_seed,
    summary_text,
)

NETWORKS = {
    "simple_rnn": a_simple_rnn,
    "lstm": b_lstm,
    "stacked_simple_rnn": c_stacked_dense,
}

(input_train, y_train), (input_test, y_test) = dataset_imdb(num_words=10000)
input_train = pad_sequences(input_train[:2000], maxlen=500)
input_test = pad_sequences(input_test[:1000], maxlen=500)
y_train, y_test = y_train[:2000], y_test[:1000]

found = {}
for name in sys.argv[1:]:
    clear_session()
    set_random_seed(113)
    model = NETWORKS[name](input_shape=500)
    model | compile(optimizer="rmsprop", loss="binary_crossentropy", metrics="acc")
    history = model | fit(
        input_train,
        y_train,
        epochs=2,
        batch_size=128,
        validation_split=0.2,
        verbose=0,
    )
    found[name] = {
        "history": history.metrics,
        "evaluate": model | evaluate(input_test, y_test, verbose=0),
        "predict_first5": (model | predict(input_test[:5], verbose=0)).ravel().tolist(),
        "summary_after_fit": summary_text(model).splitlines(),
    }
print(json.dumps(found))

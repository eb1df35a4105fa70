"""R keras' vocabulary in Python: `model | layer_lstm(units=32)` stands for R's `%>%`.

As in R, piping a layer into a model adds it in place and gives the model back;
`model | compile(…)`, `model | fit(…)` and the others work likewise. Object first
works, too, for models and tensors: `layer_lstm(model, units=32)`. What comes out
is a plain Keras object. docs/r-to-python.md has the R tutorial line by line.

Example:
    >>> from seqclf.r import keras_model_sequential, layer_dense, layer_embedding, layer_lstm
    >>> model = (
    ...     keras_model_sequential(input_shape=500)
    ...     | layer_embedding(input_dim=10000, output_dim=32)
    ...     | layer_lstm(units=32)
    ...     | layer_dense(units=1, activation="sigmoid")
    ... )
    >>> model.count_params()
    328353
"""

from seqclf.r.callbacks import (
    callback_early_stopping,
    callback_model_checkpoint,
    callback_reduce_lr_on_plateau,
    callback_tensorboard,
)
from seqclf.r.data import (
    clear_session,
    get_weights,
    pad_sequences,
    set_random_seed,
    set_weights,
    to_categorical,
)
from seqclf.r.datasets import (
    dataset_imdb,
    dataset_imdb_word_index,
    dataset_reuters,
)
from seqclf.r.layers_convolution import (
    layer_average_pooling_1d,
    layer_conv_1d,
    layer_global_average_pooling_1d,
    layer_global_max_pooling_1d,
    layer_max_pooling_1d,
)
from seqclf.r.layers_core import (
    keras_input,
    layer_activation,
    layer_concatenate,
    layer_dense,
    layer_embedding,
    layer_flatten,
    layer_input,
    layer_masking,
)
from seqclf.r.layers_recurrent import (
    bidirectional,
    layer_bidirectional,
    layer_gru,
    layer_lstm,
    layer_simple_rnn,
)
from seqclf.r.layers_regularization import (
    layer_batch_normalization,
    layer_dropout,
    layer_spatial_dropout_1d,
)
from seqclf.r.models import (
    keras_model,
    keras_model_sequential,
)
from seqclf.r.optimizers import (
    optimizer_adadelta,
    optimizer_adagrad,
    optimizer_adam,
    optimizer_adam_w,
    optimizer_adamax,
    optimizer_ftrl,
    optimizer_lion,
    optimizer_nadam,
    optimizer_rmsprop,
    optimizer_sgd,
)
from seqclf.r.plotting import (
    plot,
)
from seqclf.r.summaries import (
    summary,
    summary_text,
)
from seqclf.r.training import (
    compile,
    evaluate,
    fit,
    predict,
)

__all__ = [
    "bidirectional",
    "callback_early_stopping",
    "callback_model_checkpoint",
    "callback_reduce_lr_on_plateau",
    "callback_tensorboard",
    "clear_session",
    "compile",
    "dataset_imdb",
    "dataset_imdb_word_index",
    "dataset_reuters",
    "evaluate",
    "fit",
    "get_weights",
    "keras_input",
    "keras_model",
    "keras_model_sequential",
    "layer_activation",
    "layer_average_pooling_1d",
    "layer_batch_normalization",
    "layer_bidirectional",
    "layer_concatenate",
    "layer_conv_1d",
    "layer_dense",
    "layer_dropout",
    "layer_embedding",
    "layer_flatten",
    "layer_global_average_pooling_1d",
    "layer_global_max_pooling_1d",
    "layer_gru",
    "layer_input",
    "layer_lstm",
    "layer_masking",
    "layer_max_pooling_1d",
    "layer_simple_rnn",
    "layer_spatial_dropout_1d",
    "optimizer_adadelta",
    "optimizer_adagrad",
    "optimizer_adam",
    "optimizer_adam_w",
    "optimizer_adamax",
    "optimizer_ftrl",
    "optimizer_lion",
    "optimizer_nadam",
    "optimizer_rmsprop",
    "optimizer_sgd",
    "pad_sequences",
    "plot",
    "predict",
    "set_random_seed",
    "set_weights",
    "summary",
    "summary_text",
    "to_categorical",
]

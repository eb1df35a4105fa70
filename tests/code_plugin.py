"""A plugin file for the tests of `seqclf code`: networks and datasets of many shapes."""

import numpy as np

import seqclf
from seqclf import LoadContext, Split, Splits
from seqclf.contracts import Ragged
from seqclf.encoding.words import WordEncoder

DEFAULTS = {"num_words": 30, "maxlen": 10, "batch_size": 16, "epochs": 2}


@seqclf.architecture("branches", summary="two readers side by side")
def branches(task, units: int = 4):
    """Two recurrent layers that read the same embedding, and what the attention makes of them."""
    import keras
    from keras import layers

    inputs = keras.Input((task.maxlen,), dtype="int32")
    x = layers.Embedding(task.num_words, 4, mask_zero=True)(inputs)
    one = layers.Dropout(0.2)(layers.LSTM(units, return_sequences=True)(x))
    other = layers.Bidirectional(layers.GRU(units, return_sequences=True))(x)
    dense = layers.Dense(units, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01))
    one, other = dense(one), layers.Dense(units)(other)
    mixed = layers.Attention()([one, other])
    x = layers.Concatenate()([keras.ops.mean(dense(mixed), axis=1), other[:, -1]])
    return keras.Model(inputs, task.output_layer(x))


@seqclf.architecture("convolved", summary="convolution, pooling, a recurrent layer")
def convolved(task):
    """Arguments of many kinds."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((task.maxlen,)),
            layers.Embedding(
                task.num_words, 6, embeddings_initializer=keras.initializers.RandomNormal(seed=3)
            ),
            layers.SpatialDropout1D(0.1),
            layers.Conv1D(5, 3, padding="same", activation="relu", name="look"),
            layers.BatchNormalization(axis=2, momentum=0.9),
            layers.MaxPooling1D(2),
            layers.Bidirectional(
                layers.SimpleRNN(3, kernel_initializer="he_normal"), merge_mode="sum"
            ),
            layers.Dense(4, activation="gelu", kernel_constraint=keras.constraints.MaxNorm(2)),
        ]
    )
    return model | task.output_layer()


@seqclf.architecture("hard_gates", summary="gates as Keras 2 had them")
def hard_gates(task):
    """Both layers that had the other hard sigmoid."""
    from seqclf.r import bidirectional, keras_model_sequential, layer_embedding, layer_gru
    from seqclf.r import layer_lstm as lstm

    return (
        keras_model_sequential()
        | layer_embedding(input_dim=task.num_words, output_dim=4)
        | bidirectional(lstm(units=3, gates="keras2", return_sequences=True))
        | layer_gru(units=3, gates="keras2")
        | task.output_layer()
    )


@seqclf.architecture("backward_made", summary="the last layer is made first")
def backward_made(task):
    """Layers that are made in another order than they stand in."""
    import keras

    last = keras.layers.Dense(task.units, activation=task.activation)
    first = [keras.layers.Embedding(task.num_words, 4), keras.layers.LSTM(3)]
    return keras.Sequential([*first, last])


@seqclf.architecture("branches_of_vectors", summary="two readers of the same vectors")
def branches_of_vectors(task):
    """A functional network that begins with the vectors, where there are some."""
    import keras
    from keras import layers

    inputs = keras.Input(task.input_shape)
    x = task.embedding_layer()(inputs)
    both = layers.Concatenate()([layers.LSTM(3)(x), layers.GRU(2)(x)])
    return keras.Model(inputs, task.output_layer(both))


@seqclf.architecture("set_by_hand", summary="frozen weights that nobody draws")
def set_by_hand(task):
    """An embedding whose weights are put in after it was made."""
    import keras

    embedding = keras.layers.Embedding(task.num_words, 3, trainable=False)
    model = keras.Sequential(
        [
            keras.Input((task.maxlen,)),
            embedding,
            keras.layers.GRU(3),
            keras.layers.Dense(task.units, activation=task.activation),
        ]
    )
    embedding.set_weights([np.arange(3.0 * task.num_words).reshape(-1, 3)])
    return model


@seqclf.architecture("own_layer", summary="a layer of the plugin's own")
def own_layer(task):
    """A layer nobody else has."""
    import keras

    @keras.saving.register_keras_serializable("code_plugin")
    class Halved(keras.layers.Layer):
        def call(self, x):
            return x / 2

    return keras.Sequential(
        [
            keras.Input((task.maxlen,)),
            keras.layers.Embedding(task.num_words, 4),
            Halved(),
            keras.layers.GRU(3),
            keras.layers.Dense(task.units, activation=task.activation),
        ]
    )


@seqclf.architecture("own_model", summary="a model class of the plugin's own")
def own_model(task):
    """A subclass of keras.Model."""
    import keras

    class Mine(keras.Sequential):
        pass

    layers = [keras.layers.Embedding(task.num_words, 4), keras.layers.GRU(3)]
    return Mine([keras.Input((task.maxlen,)), *layers, keras.layers.Dense(task.units)])


def _marked(count, seed):
    """Sequences whose class says whether 5 comes before 6."""
    random = np.random.default_rng(seed)
    rows, labels = [], []
    for _ in range(count):
        row = random.integers(7, 30, random.integers(0, 12)).tolist()
        first, second = random.permutation([5, 6]).tolist()
        rows.append([1, first, *row, second])
        labels.append(int(first == 5))
    return np.array(labels), Ragged.from_lists(rows)


@seqclf.dataset("numbers", summary="token ids without words", labels=("a", "b"), defaults=DEFAULTS)
def numbers(context: LoadContext) -> Splits:
    """Ids, with validation examples of the dataset's own and no encoder."""
    made = [_marked(count, seed) for seed, count in enumerate((100, 30, 40))]
    train, validation, test = (Split(labels, ids=ids) for labels, ids in made)
    return Splits(train, test=test, validation=validation, fingerprint="numbers")


@seqclf.dataset("known", summary="token ids with words", labels=("é", 'b "c"'), defaults=DEFAULTS)
def known(context: LoadContext) -> Splits:
    """Ids with the encoder that made them; nothing to be judged by."""
    labels, ids = _marked(100, 1)
    words = [f"w{number}" for number in range(50)]
    encoder = WordEncoder(
        words, num_words=context.num_words, oov_char=None, start_char=7, drop_unlisted=True
    )
    return Splits(Split(labels, ids=ids), encoder=encoder, fingerprint="known")


class Letters:
    """An encoder that this plugin brings."""

    name = "letters"

    def __init__(self, num_words):
        self.num_words = num_words

    @classmethod
    def fit(cls, texts, *, num_words, skip_top):
        return cls(num_words)

    def encode(self, texts):
        return Ragged.from_lists([[1 + ord(c) % (self.num_words - 1) for c in t] for t in texts])

    def to_dict(self):
        return {"num_words": self.num_words}

    @classmethod
    def from_dict(cls, stored):
        return cls(**stored)


TEXTS = ["", "plain", 'quotes "inside", commas', "line\nbreak\r\nand\ttab", "ÉTÉ İstanbul ß", "  "]


@seqclf.dataset(
    "spelt",
    summary="texts by their letters",
    labels=("a", "b"),
    encoder="letters",
    defaults=DEFAULTS,
)
def spelt(context: LoadContext) -> Splits:
    """Texts for an encoder of the plugin's."""
    labels = np.arange(60) % 2
    texts = [f"{TEXTS[n % 6]} {n}" for n in range(60)]
    return Splits(Split(labels, texts), test=Split(labels, texts), fingerprint="spelt")


@seqclf.dataset("awkward", summary="texts with everything", labels=("no", "yes"), defaults=DEFAULTS)
def awkward(context: LoadContext) -> Splits:
    """Texts that are hard to write into a CSV file and to split into words."""
    labels = np.arange(60) % 2
    texts = [f"{TEXTS[n % 6]}{'x' * n} it's NA" for n in range(60)]
    long = ["word " * 30_000, *TEXTS]
    test = Split(np.arange(len(long)) % 2, long)
    return Splits(Split(labels, texts), test=test, fingerprint="awkward")


@seqclf.hookimpl
def seqclf_architectures():
    return [
        branches,
        branches_of_vectors,
        convolved,
        hard_gates,
        backward_made,
        set_by_hand,
        own_layer,
        own_model,
    ]


@seqclf.hookimpl
def seqclf_datasets():
    return [numbers, known, spelt, awkward]


@seqclf.hookimpl
def seqclf_encoders():
    return [Letters]

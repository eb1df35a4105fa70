"""A plugin file whose things break one point of the contract each, for tests."""

import itertools
import os
import time

import numpy as np

import seqclf
from seqclf import LoadContext, Ragged, Split, Splits

_CALLS = itertools.count()


def _small(task, *middle, size=3, last=None, **embedding):
    from keras import Sequential, layers

    first = layers.Embedding(task.num_words, size, **embedding)
    middle = middle or (layers.GlobalAveragePooling1D(),)
    return Sequential([first, *middle, last or layers.Dense(task.units, task.activation)])


def architecture(name, summary="for tests"):
    return seqclf.architecture(name, summary=summary)


@architecture("two-lines", "one line\nand another")
def two_lines(task):
    """Fine but for its summary."""
    return _small(task)


@architecture("undocumented")
def undocumented(task, size: seqclf.Count = 3, rate: seqclf.Rate = 0.1):
    """Say something of one option only.

    Args:
        task: what is to be told apart.
        rate: what is dropped.
    """
    return _small(task, size=size)


@architecture("bad-default")
def bad_default(task, size: seqclf.Count = 0, rest: int = None):  # noqa: RUF013
    """Have a default that is out of range.

    Args:
        task: what is to be told apart.
        size: length of a word's vector.
        rest: nothing.
    """
    return _small(task)


@architecture("two-classes-only")
def two_classes_only(task):
    """Forget the other kinds of tasks."""
    from keras import layers

    return _small(task, last=layers.Dense(1, "sigmoid"))


@architecture("no-model")
def no_model(task):
    """Give nothing."""


@architecture("needs-size")
def needs_size(task, size: seqclf.Count):
    """Fine, with an option that has no default.

    Args:
        task: what is to be told apart.
        size: length of a word's vector.
    """
    return _small(task, size=size)


@architecture("lonely-choice")
def lonely_choice(task, pool: seqclf.Count = 1, wide: bool = False):
    """Fail for one value of an option.

    Args:
        task: what is to be told apart.
        pool: nothing.
        wide: whether it fails.
    """
    return _small(task, size=0 if wide else 3, embeddings_initializer=None if wide else "ones")


@architecture("any-number")
def any_number(task, size: int = 3):
    """Take any number and then fail in Keras' words.

    Args:
        task: what is to be told apart.
        size: length of a word's vector.
    """
    return _small(task, size=size)


@architecture("one-batch")
def one_batch(task):
    """Mix the texts of a batch."""
    import keras

    @keras.saving.register_keras_serializable("checks_broken")
    class Centre(keras.layers.Layer):
        def call(self, x):
            return x - keras.ops.mean(x, axis=0, keepdims=True)

    return _small(task, keras.layers.GlobalAveragePooling1D(), Centre())


@architecture("not-probabilities")
def not_probabilities(task):
    """Forget the activation."""
    from keras import layers

    return _small(task, last=layers.Dense(task.units, bias_initializer="ones"))


@architecture("empty-nan")
def empty_nan(task):
    """Divide by the number of words."""
    import keras

    @keras.saving.register_keras_serializable("checks_broken")
    class Share(keras.layers.Layer):
        def call(self, ids):
            count = keras.ops.sum(keras.ops.cast(ids > 0, "float32"), axis=1, keepdims=True)
            return count / count

    inputs = keras.Input((task.maxlen,), dtype="int32")
    return keras.Model(inputs, keras.layers.Dense(task.units, task.activation)(Share()(inputs)))


@architecture("drops-mask")
def drops_mask(task):
    """Make a mask that the next layer forgets."""
    import keras
    from keras import layers

    @keras.saving.register_keras_serializable("checks_broken")
    class Forget(keras.layers.Layer):
        def call(self, x):
            return x + 1

        def compute_mask(self, x, mask=None):
            return None

    return _small(task, Forget(), layers.SimpleRNN(3), mask_zero=True)


@architecture("endless-loss")
def endless_loss(task):
    """Have a loss that is no number."""
    import keras

    @keras.saving.register_keras_serializable("checks_broken")
    class Endless(keras.layers.Layer):
        def call(self, x):
            self.add_loss(keras.ops.sum(x) * float("inf"))
            return x

    return _small(task, keras.layers.GlobalAveragePooling1D(), Endless())


@architecture("frozen")
def frozen(task):
    """Have nothing to train."""
    model = _small(task)
    model.trainable = False
    return model


@architecture("forgetful")
def forgetful(task):
    """Keep a number neither in weights nor in the settings."""
    import keras

    @keras.saving.register_keras_serializable("checks_broken")
    class Scaled(keras.layers.Layer):
        def __init__(self, **settings):
            super().__init__(**settings)
            self.factor = 1.0 + next(_CALLS)

        def call(self, x):
            return x * self.factor

    return _small(task, keras.layers.GlobalAveragePooling1D(), Scaled())


@architecture("by-chance")
def by_chance(task):
    """Draw weights that no seed fixes."""
    import keras

    drawn = np.random.default_rng().normal(size=(task.num_words, 3))
    return _small(task, embeddings_initializer=keras.initializers.Constant(drawn))


@architecture("unregistered")
def unregistered(task):
    """Have a layer that nobody finds again."""
    import keras

    class Own(keras.layers.Layer):
        def call(self, x):
            return x * 2

    return _small(task, keras.layers.GlobalAveragePooling1D(), Own())


@architecture("other-tomorrow")
def other_tomorrow(task):
    """Compute with what only this process knows."""
    import keras

    @keras.saving.register_keras_serializable("checks_broken")
    class Today(keras.layers.Layer):
        def call(self, x):
            return x * (1 + os.getpid() % 1000)

    return _small(task, keras.layers.GlobalAveragePooling1D(), Today())


@architecture("half-series")
def half_series(task):
    """Ask for the shape, and look up the first number of each step."""
    from keras import Input, Sequential, layers

    first = [Input(task.input_shape[:1]), layers.Embedding(task.num_words, 3)]
    last = [layers.GlobalAveragePooling1D(), layers.Dense(task.units, task.activation)]
    return Sequential([*first, *last])


@architecture("nan-series")
def nan_series(task):
    """Divide by the first number of a series."""
    import keras

    inputs = keras.Input(task.input_shape)
    x = task.embedding_layer(3)(inputs)
    if task.features:
        x = x / x[:, :1]
    x = keras.layers.GlobalAveragePooling1D()(x)
    return keras.Model(inputs, task.output_layer(x))


@architecture("own-vectors")
def own_vectors(task):
    """Look at the vectors, and take random ones of that length."""
    return _small(task, size=3 if task.vectors is None else task.vectors.shape[1])


@architecture("always-trained")
def always_trained(task):
    """Train the vectors, whatever was asked for."""
    model = _small(task, size=3 if task.vectors is None else task.vectors.shape[1])
    if task.vectors is not None:
        model.build((None, task.maxlen))
        model.layers[0].set_weights([task.vectors])
    return model


@architecture("refuses-series")
def refuses_series(task):
    """Read words only, and say so."""
    if task.features:
        raise seqclf.errors.UsageError("words only, please")
    return _small(task)


def _texts(count=6, labels=None, **rest):
    labels = np.arange(count) % 2 if labels is None else labels
    texts = [f"text {number}" for number in range(count)]
    return Splits(Split(labels, texts), **{"fingerprint": "1", **rest})


def dataset(name, **declared):
    said = {"labels": ("a", "b"), "licence": "CC0-1.0", "source": "made up"}
    return seqclf.dataset(name, summary="for tests", **{**said, **declared})


@dataset("nothing-said", licence="", source="")
def nothing_said(context: LoadContext) -> Splits:
    return _texts()


@dataset("no-encoder", encoder="wrod")
def no_encoder(context: LoadContext) -> Splits:
    return _texts()


@dataset("no-splits")
def no_splits(context: LoadContext) -> Splits:
    return [("a text", 1)]


@dataset("not-there")
def not_there(context: LoadContext) -> Splits:
    from seqclf.errors import DataError

    raise DataError("tickets.csv is not on this machine", hint="put it there")


@dataset("neither")
def neither(context: LoadContext) -> Splits:
    return Splits(Split(np.array([0, 1])), fingerprint="1")


@dataset("unequal")
def unequal(context: LoadContext) -> Splits:
    return Splits(Split(np.array([0, 1, 1]), ["a", "b"]), fingerprint="1")


@dataset("one-class", labels=("a",))
def one_class(context: LoadContext) -> Splits:
    return _texts(labels=np.zeros(6, np.int64))


@dataset("three-of-two", labels=("a", "b", "c"))
def three_of_two(context: LoadContext) -> Splits:
    return _texts(labels=np.arange(6) % 3)


@dataset("absent-class", labels=("a", "b", "c"), kind="multiclass")
def absent_class(context: LoadContext) -> Splits:
    return _texts()


@dataset("high-labels")
def high_labels(context: LoadContext) -> Splits:
    return _texts(labels=np.arange(6))


@dataset("real-labels")
def real_labels(context: LoadContext) -> Splits:
    return _texts(labels=np.zeros(6))


@dataset("new-each-time")
def new_each_time(context: LoadContext) -> Splits:
    return _texts(labels=(np.arange(6) + next(_CALLS)) % 2)


@dataset("no-fingerprint")
def no_fingerprint(context: LoadContext) -> Splits:
    return _texts(fingerprint="")


@dataset("all-ids")
def all_ids(context: LoadContext) -> Splits:
    ids = Ragged.from_lists([list(range(max(3, context.skip_top), 90))] * 6)
    return Splits(Split(np.arange(6) % 2, ids=ids), fingerprint="1")


@dataset("low-ids")
def low_ids(context: LoadContext) -> Splits:
    ids = Ragged.from_lists([list(range(3, 49))] * 6)
    return Splits(Split(np.arange(6) % 2, ids=ids), fingerprint="1")


@dataset("seen-before")
def seen_before(context: LoadContext) -> Splits:
    return _texts(test=Split(np.array([0, 1]), ["text 1", "another"]))


def _series(dtype=np.float32, value=1.0, **rest):
    values = np.full((12, 2), value, dtype)
    split = Split(np.arange(6) % 2, series=Ragged(values, np.arange(0, 13, 2)))
    return Splits(split, fingerprint="1", **rest)


@dataset("double-series")
def double_series(context: LoadContext) -> Splits:
    return _series(np.float64)


@dataset("endless-series")
def endless_series(context: LoadContext) -> Splits:
    return _series(value=np.inf)


@dataset("series-alone")
def series_alone(context: LoadContext) -> Splits:
    return _series()


class Lazy:
    """Texts that are made when they are asked for."""

    def __init__(self, count=6, given=6, slices=True, moved=0):
        self.count, self.given, self.slices, self.moved = count, given, slices, moved

    def __len__(self):
        return self.count

    def __iter__(self):
        return (f"text {number}" for number in range(self.given))

    def __getitem__(self, index):
        if not isinstance(index, slice):
            return f"text {index + self.moved}"
        if not self.slices:
            raise TypeError("indices must be integers")
        return [f"text {number}" for number in range(*index.indices(self.count))]


def _lazy(**oddity):
    return Splits(Split(np.arange(6) % 2, Lazy(**oddity)), fingerprint="1")


@dataset("lazy-miscounted")
def lazy_miscounted(context: LoadContext) -> Splits:
    return _lazy(given=5)


@dataset("lazy-unsliced")
def lazy_unsliced(context: LoadContext) -> Splits:
    return _lazy(slices=False)


@dataset("lazy-moving")
def lazy_moving(context: LoadContext) -> Splits:
    return _lazy(moved=1)


def _with(**more):
    texts = [f"text {number}" for number in range(6)]
    return Splits(Split(np.arange(6) % 2, texts, **more), fingerprint="1")


@dataset("few-weights")
def few_weights(context: LoadContext) -> Splits:
    return _with(weights=np.ones(2))


@dataset("negative-weights")
def negative_weights(context: LoadContext) -> Splits:
    return _with(weights=-np.ones(6))


@dataset("real-places")
def real_places(context: LoadContext) -> Splits:
    return _with(places=np.ones(6))


@dataset("needy")
def needy(context: LoadContext, path: str) -> Splits:
    """Load a file.

    Args:
        context: not used.
        path: the file.
    """
    return _texts(count=int(path))


class Encoder:
    """What the broken ones are made from."""

    name = "sound"

    def __init__(self, num_words):
        self.num_words = num_words

    @classmethod
    def fit(cls, texts, *, num_words, skip_top):
        return cls(num_words)

    def ids(self, text):
        return [1 + ord(c) % (self.num_words - 1) for c in text]

    def encode(self, texts):
        return Ragged.from_lists([self.ids(text) for text in texts])

    def to_dict(self):
        return {"num_words": self.num_words}

    @classmethod
    def from_dict(cls, stored):
        return cls(**stored)


class Unfit(Encoder):
    """Falls over an empty text."""

    name = "unfit"

    @classmethod
    def fit(cls, texts, *, num_words, skip_top):
        return cls(num_words + len([text[0] for text in texts]))


class Silent(Encoder):
    """Has an option that nobody explains."""

    name = "silent"

    @classmethod
    def fit(cls, texts, *, num_words, skip_top, lowercase: bool = True):
        """Learn nothing."""
        return cls(num_words)


class Absent(Encoder):
    """Leaves empty texts out."""

    name = "absent"

    def encode(self, texts):
        return super().encode([text for text in texts if text.strip()])


class Padding(Encoder):
    """Gives the id of the padding."""

    name = "padding"

    def ids(self, text):
        return [0 if c == " " else 1 for c in text]


class Wide(Encoder):
    """Does not heed the number of words."""

    name = "wide"

    def ids(self, text):
        return [1 + ord(c) % 500 for c in text]


class Counting(Encoder):
    """Counts while it encodes."""

    name = "counting"
    seen = 0

    def ids(self, text):
        self.seen += 1
        return [1 + self.seen % 9]


class Sets(Encoder):
    """Keeps what JSON cannot."""

    name = "sets"

    def to_dict(self):
        return {"words": {"a", "b"}}


class Keys(Encoder):
    """Keeps numbers as keys, which JSON makes texts."""

    name = "keys"

    def __init__(self, num_words, table=None):
        super().__init__(num_words)
        self.table = table or {ord("t"): 5}

    def ids(self, text):
        return [self.table.get(ord(c), 1) for c in text]

    def to_dict(self):
        return {"num_words": self.num_words, "table": self.table}


class Hashed(Encoder):
    """Depends on what Python hashes differently each time."""

    name = "hashed"

    def ids(self, text):
        return [1 + hash(word) % (self.num_words - 1) for word in text.split()]


def metric(name, **declared):
    return seqclf.metric(name, summary="for tests", **{"kinds": ("binary",), **declared})


@metric("no_metric")
def no_metric(task):
    return "accuracy"


@metric("other_name")
def other_name(task):
    import keras

    return keras.metrics.AUC()


@metric("no_number")
def no_number(task):
    import keras

    return keras.metrics.MeanMetricWrapper(lambda y, p: keras.ops.mean(p) / 0.0, name="no_number")


@metric("keeps_on")
def keeps_on(task):
    import keras

    class Keeps(keras.metrics.Metric):
        count = 0

        def update_state(self, truth, said, sample_weight=None):
            self.count += 1

        def result(self):
            return float(self.count)

    return Keeps(name="keeps_on")


@metric("odd_kinds", kinds=("binary", "many"))
def odd_kinds(task):
    import keras

    return keras.metrics.AUC(name="odd_kinds")


@seqclf.hookimpl
def seqclf_architectures():
    return [unregistered, other_tomorrow]


@seqclf.hookimpl
def seqclf_run_start(run):
    time.sleep(1.1)


@seqclf.hookimpl
def seqclf_batch_end(batch):
    time.sleep(0.06)


@seqclf.hookimpl
def seqclf_epoch_end(metrics):
    return metrics["f1"]


@seqclf.hookimpl
def seqclf_run_end(run, result):
    result.accuracy = 1.0

"""A plugin file that keeps the contract in everything a plugin may give, for tests."""

import hashlib
from typing import Literal

import seqclf
from seqclf import LoadContext, Ragged, Split, Splits
from seqclf.errors import UsageError

SEQCLF_API_VERSION = 1
HEARD = []


@seqclf.architecture("good", summary="a layer of its own behind a mask")
def good(task, seed: seqclf.Count = 3, pool: Literal["mean", "last"] = "mean", masked: bool = True):
    """Embedding, a mean or a GRU, dense output, for texts that are not too short.

    An option may be called as something in a check is.

    Args:
        task: what is to be told apart.
        seed: length of a word's vector.
        pool: what makes one vector of a text.
        masked: whether the padding is left out.
    """
    import keras

    if task.maxlen < 20:
        raise UsageError(f"texts need 20 words, not {task.maxlen}", hint="raise --maxlen")

    @keras.saving.register_keras_serializable("checks_good")
    class Mean(keras.layers.Layer):
        def __init__(self, **settings):
            super().__init__(**settings)
            self.supports_masking = True

        def compute_mask(self, inputs, mask=None):
            return None

        def call(self, inputs, mask=None):
            if mask is None:
                return keras.ops.mean(inputs, axis=1)
            kept = keras.ops.cast(mask, inputs.dtype)[..., None]
            count = keras.ops.maximum(keras.ops.sum(kept, axis=1), 1)
            return keras.ops.sum(inputs * kept, axis=1) / count

    first = keras.layers.Embedding(task.num_words, seed, mask_zero=masked)
    middle = Mean() if pool == "mean" else keras.layers.GRU(seed)
    return keras.Sequential([first, middle, keras.layers.Dense(task.units, task.activation)])


@seqclf.architecture("good-both", summary="token ids, vectors and series")
def both(task, masked: bool = False):
    """Embedding or the series themselves, SimpleRNN, dense output.

    Args:
        task: what is to be told apart.
        masked: whether the padding is left out.
    """
    from seqclf.r import keras_model_sequential, layer_simple_rnn

    return (
        keras_model_sequential()
        | task.embedding_layer(output_dim=3, mask_zero=masked)
        | layer_simple_rnn(units=2)
        | task.output_layer()
    )


@seqclf.architecture("good-needy", summary="an option without a default")
def needy(task, units: int):
    """Embedding, mean, dense output.

    Args:
        task: what is to be told apart.
        units: length of a word's vector; at least 1.
    """
    import keras

    if units < 1:
        raise seqclf.SeqclfError(f"a word needs a vector, not {units} numbers")
    layers = keras.layers
    embedding = layers.Embedding(task.num_words, units)
    last = layers.Dense(task.units, task.activation)
    return keras.Sequential([embedding, layers.GlobalAveragePooling1D(), last])


@seqclf.dataset(
    "good-ids",
    summary="token ids of a hundred words",
    labels=("a", "b"),
    licence="CC0-1.0",
    source="made up",
)
def ids(context: LoadContext, count: seqclf.Count = 60) -> Splits:
    """Ids that heed what the run asks for.

    Args:
        context: says how many words there may be.
        count: how many examples.
    """
    import numpy as np

    drawn = np.random.default_rng(1).integers(3, 100, (count, 6))
    kept = (drawn >= context.skip_top) & (drawn < context.num_words)
    rows = Ragged.from_lists(np.where(kept, drawn, 2).tolist())
    labels = np.arange(count) % 2
    half = count // 2
    return Splits(
        Split(labels[:half], ids=rows.rows(0, half)),
        Split(labels[half:], ids=rows.rows(half, count)),
        fingerprint=hashlib.sha256(drawn.tobytes()).hexdigest(),
    )


@seqclf.dataset("good-named", summary="named by the data", licence="CC0-1.0", source="made up")
def named(context: LoadContext) -> Splits:
    """Texts with three labels that only the data know; one text stands in both splits."""
    import numpy as np

    labels = np.eye(3, dtype=np.int64)[np.arange(9) % 3]
    texts = [f"text {number}" for number in range(9)]
    test = Split(labels[:2], ["text 0", "another"])
    return Splits(
        Split(labels, texts), test, fingerprint="9", labels=("x", "y", "z"), kind="multilabel"
    )


class Shelf:
    """Texts that lie elsewhere: a number, a slice, their count and a loop are all there is."""

    def __init__(self, numbers):
        self.numbers = numbers

    def __len__(self):
        return len(self.numbers)

    def __iter__(self):
        return (f"text {number}" for number in self.numbers)

    def __getitem__(self, index):
        found = self.numbers[index]
        return Shelf(found) if isinstance(index, slice) else f"text {found}"


@seqclf.dataset(
    "good-lazy",
    summary="texts that lie elsewhere",
    labels=("a", "b"),
    licence="CC0-1.0",
    source="made up",
)
def lazy(context: LoadContext) -> Splits:
    """Texts, what each counts, and where it stands."""
    import numpy as np

    labels = np.arange(10) % 2
    train = Split(labels, Shelf(range(10)), weights=np.full(10, 0.5), places=np.arange(2, 12))
    return Splits(train, Split(labels, Shelf(range(10, 20))), fingerprint="10")


@seqclf.dataset(
    "good-series",
    summary="numbers, two a step",
    labels=("a", "b"),
    licence="CC0-1.0",
    source="made up",
)
def series(context: LoadContext) -> Splits:
    """Series with the encoder that reads them from texts."""
    import numpy as np

    from seqclf.encoding.series import SeriesEncoder

    texts = [f"{number} 2; 3 {number};" for number in range(8)]
    encoder = SeriesEncoder.fit(texts, num_words=context.num_words, skip_top=0)
    split = Split(np.arange(8) % 2, series=encoder.encode(texts))
    return Splits(split, encoder=encoder, fingerprint="8")


class Letters:
    """Letters to ids."""

    name = "good-letters"

    def __init__(self, num_words, lowercase=True):
        self.num_words, self.lowercase = num_words, lowercase

    @classmethod
    def fit(cls, texts, *, num_words, skip_top, lowercase: bool = True):
        """Learn nothing.

        Args:
            texts: not used.
            num_words: how many ids there are.
            skip_top: not used.
            lowercase: whether capitals are the same as small letters.
        """
        return cls(num_words, lowercase)

    def encode(self, texts):
        told = [text.lower() if self.lowercase else text for text in texts]
        return Ragged.from_lists([[1 + ord(c) % (self.num_words - 1) for c in t] for t in told])

    def to_dict(self):
        return {"num_words": self.num_words, "lowercase": self.lowercase}

    @classmethod
    def from_dict(cls, stored):
        return cls(**stored)


@seqclf.metric("good_error", summary="mean distance of the probabilities from the truth")
def error(task):
    """Build it."""
    import keras

    if task.kind == "multiclass":
        return keras.metrics.SparseCategoricalCrossentropy(name="good_error")
    return keras.metrics.MeanAbsoluteError(name="good_error")


@seqclf.hookimpl
def seqclf_architectures():
    return [good, needy]


@seqclf.hookimpl
def seqclf_datasets():
    return [ids, named, lazy, series]


@seqclf.hookimpl
def seqclf_encoders():
    return [Letters]


@seqclf.hookimpl
def seqclf_metrics():
    return [error]


@seqclf.hookimpl
def seqclf_run_start(run):
    print("this must not be on standard output")
    HEARD.append(("start", run.name, run.settings["epochs"]))


@seqclf.hookimpl
def seqclf_batch_end(run, epoch, batch, metrics):
    HEARD.append(("batch", epoch, batch, sorted(metrics)))


@seqclf.hookimpl
def seqclf_epoch_end(epoch, metrics):
    HEARD.append(("epoch", epoch, metrics["val_loss"]))


@seqclf.hookimpl
def seqclf_run_end(run, result):
    HEARD.append(("end", (run.folder / "model.keras").is_file(), result.examples))

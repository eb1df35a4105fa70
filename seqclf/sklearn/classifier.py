"""`SequenceClassifier`: seqclf's networks as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from seqclf.contracts import Kernel, Optimizer, Side, reads
from seqclf.sklearn.inputs import texts_of
from seqclf.sklearn.learning import encoder_of, learn, plan, registry_of, splits_of, telling
from seqclf.sklearn.needed import needs_scikit_learn
from seqclf.sklearn.targets import read_targets, read_weights

with needs_scikit_learn():
    from sklearn.base import BaseEstimator, ClassifierMixin
    from sklearn.utils import check_consistent_length, check_random_state
    from sklearn.utils.validation import check_is_fitted

if TYPE_CHECKING:
    from seqclf.contracts import Architecture

NUMERIC = ("ids", "series")
"""The tokenizers that read numbers."""


class SequenceClassifier(ClassifierMixin, BaseEstimator):
    """A recurrent network that classifies texts, token ids or numeric series.

    It learns as `seqclf run` does: the same encoders, padding, networks and training; the same
    seed on the same examples in the same order gives the same network as a run of the dataset
    `file` without a test split. Nothing is written to disk. Notes become warnings; plugins that
    listen to runs are not told.

    Its parameters are the settings of a run, and only they count: neither `SEQCLF_` variables nor
    the defaults of an architecture do. The caller's random numbers are left as they were;
    TensorFlow's operations stay deterministic after the first `fit`.

    It clones, pickles and works in pipelines and searches (`{"params": [{"units": 8}, ...]}`).
    With tokenizer "series" it passes scikit-learn's `check_estimator`, with one exception:
    `check_sample_weight_equivalence_on_dense_data`, for a network learns from batches, and an
    example of weight 2 fills a batch otherwise than the example twice. For texts and ids
    scikit-learn has no such checks: it skips estimators that do not read arrays of numbers.

    Args:
        arch: an architecture's name, or a function `(task, **options) -> keras.Model`.
        params: the architecture's options; None takes its defaults.
        tokenizer: what the examples are: "word", "char" and "subword" read texts, "ids" rows of
            token ids, "series" rows of numbers.
        tokenizer_options: the tokenizer's options; None takes its defaults.
        num_words: how many different token ids there are; rarer words are unknown.
        skip_top: how many of the most frequent ids become unknown words.
        maxlen: time steps a sequence is padded or cut to; "auto" covers 95 % of the training texts.
        padding: where shorter sequences are filled with zeros, "pre" or "post".
        truncating: where longer sequences are cut, "pre" or "post".
        epochs: passes over the training examples.
        batch_size: examples a gradient step.
        optimizer: a Keras optimizer's name.
        learning_rate: step size; None takes the optimizer's own default.
        validation_split: share of the examples, stratified, that is held out to compare epochs
            on; 0 learns from all. It is held out within `fit`, of the examples given to it.
        class_weight: "balanced", or a dict of label to weight, counts classes more or less.
        patience: epochs without a better one before training stops; None trains all.
        clipnorm: longest gradient of a weight; None does not clip.
        keep: the weights kept: the "best" epoch's (validation accuracy), or the "last"'s.
        vectors: file of pretrained word vectors for the embedding.
        freeze: whether training leaves these as they are.
        kernel: what computes recurrent layers: "fused" CPU kernels, "keras" itself, or
            "auto", the faster. A pickled estimator that says "fused" works without them, too.
        bucket: whether batches have texts of similar lengths, padded to their own longest.
        plugins: plugin files that bring architectures or tokenizers.
        random_state: an int is the seed of a run. None and a `RandomState` draw one.
        verbose: 1 tells of each epoch on stderr.

    Attributes:
        classes_: the labels in order, shape (classes,); for multilabel the column numbers.
        kind_: "binary", "multiclass" or "multilabel".
        model_: the `keras.Model`.
        encoder_: what turns texts into what the model reads.
        config_: every setting, settled: `maxlen` is a number, the seed is there.
        history_: what every epoch measured, a `seqclf.contracts.History`.
        kept_epoch_: the epoch whose weights the model has, from 1.
        n_features_in_: steps of a row, where `X` was an array of numbers; later arrays must
            have as many. Rows given as a list of arrays may have any length.

    Example:
        >>> texts = ["good film", "bad film", "good end", "bad end"] * 10
        >>> labels = ["yes", "no", "yes", "no"] * 10
        >>> classifier = SequenceClassifier("simple_rnn", params={"units": 8}, maxlen=4,
        ...     num_words=20, epochs=5, batch_size=8, learning_rate=0.05, random_state=1)
        >>> classifier.fit(texts, labels).predict(["a good one", "a bad one"]).tolist()
        ['yes', 'no']
    """

    def __init__(
        self,
        arch: str | Architecture | Callable[..., Any] = "lstm",
        *,
        params: Mapping[str, Any] | None = None,
        tokenizer: str = "word",
        tokenizer_options: Mapping[str, Any] | None = None,
        num_words: int = 10_000,
        skip_top: int = 0,
        maxlen: int | Literal["auto"] = "auto",
        padding: Side = "pre",
        truncating: Side = "pre",
        epochs: int = 10,
        batch_size: int = 128,
        optimizer: Optimizer = "rmsprop",
        learning_rate: float | None = None,
        validation_split: float = 0.2,
        class_weight: Literal["balanced"] | Mapping[Any, float] | None = None,
        patience: int | None = None,
        clipnorm: float | None = None,
        keep: Literal["best", "last"] = "best",
        vectors: str | None = None,
        freeze: bool = False,
        kernel: Kernel = "auto",
        bucket: bool = False,
        plugins: Sequence[str] = (),
        random_state: int | np.random.RandomState | None = None,
        verbose: int = 0,
    ) -> None:
        self.arch = arch
        self.params = params
        self.tokenizer = tokenizer
        self.tokenizer_options = tokenizer_options
        self.num_words = num_words
        self.skip_top = skip_top
        self.maxlen = maxlen
        self.padding = padding
        self.truncating = truncating
        self.epochs = epochs
        self.batch_size = batch_size
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.validation_split = validation_split
        self.class_weight = class_weight
        self.patience = patience
        self.clipnorm = clipnorm
        self.keep = keep
        self.vectors = vectors
        self.freeze = freeze
        self.kernel = kernel
        self.bucket = bucket
        self.plugins = plugins
        self.random_state = random_state
        self.verbose = verbose

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:  # noqa: N803
        """Learn from labelled examples.

        Args:
            X: texts, shape (examples,) or (examples, 1). For "ids" rows of whole numbers, for
                "series" rows of numbers or of steps of several: a list of rows of any lengths,
                or an array, shape (examples, steps), or (examples, steps, features) for series.
            y: a label an example, of any type that sorts; or zeros and ones, shape
                (examples, classes), where an example has any number of classes.
            sample_weight: what each example counts in the loss, from 0. An example of weight 0
                is left out altogether; weight 2 is not quite the same as the example twice, since
                batches are others.

        Returns:
            The estimator itself.

        Raises:
            ValueError: examples, labels or weights that cannot be learned from.
            UsageError: parameters that cannot be meant.
            SeqclfError: the architecture or the encoder fails.
        """
        targets = read_targets(y)
        registry = registry_of(self.plugins)
        reading = reads(encoder_of(self.tokenizer, registry))
        texts = texts_of(self, X, reading, fitting=True)
        check_consistent_length(texts, targets.labels)
        given = self.class_weight
        by_label = given if isinstance(given, Mapping) else None
        weights = read_weights(sample_weight, by_label, targets)
        splits = splits_of(texts, targets, weights)
        emit = telling(self.epochs, self.verbose)
        learned = learn(plan(self.arch, self._settings(), splits, registry), emit)
        self.classes_ = targets.classes
        self.kind_ = targets.kind
        self.model_ = learned.model
        self.encoder_ = learned.encoder
        self.config_ = learned.config
        self.history_ = learned.history
        self.kept_epoch_ = learned.kept
        return self

    def _settings(self) -> dict[str, Any]:
        """Give the settings of a run that the parameters are."""
        settings = self.get_params(deep=False)
        del settings["arch"], settings["verbose"]
        for table in ("params", "tokenizer_options"):
            settings[table] = {} if settings[table] is None else settings[table]
        if isinstance(settings["class_weight"], Mapping):
            settings["class_weight"] = None
        given = settings.pop("random_state")
        settings["seed"] = given
        if given is None or isinstance(given, np.random.RandomState):
            settings["seed"] = int(check_random_state(given).randint(2**31 - 1))
        return settings

    def predict_proba(self, X: Any) -> np.ndarray:  # noqa: N803
        """Give every class' probability for every example.

        Args:
            X: as `fit` takes it.

        Returns:
            Shape (examples, classes), float64, in the order of `classes_`. Each row sums to 1,
            but for multilabel, where each class has a probability of its own.

        Raises:
            ValueError: `X` cannot be read; `NotFittedError` before `fit`.
        """
        check_is_fitted(self)
        from seqclf.encoding.padding import Padding
        from seqclf.encoding.store import encode_in_chunks
        from seqclf.evaluation.predict import predict_probabilities
        from seqclf.kernels.choosing import choose
        from seqclf.paths import cache_folder

        texts = texts_of(self, X, reads(self.encoder_), fitting=False)
        encoded = encode_in_chunks(self.encoder_, texts, cache_folder())
        padding = Padding.of(self.config_)
        kernel = choose(self.model_, self.config_.kernel_when_loaded).kernel
        probabilities = predict_probabilities(
            self.model_, encoded, padding, self.kind_, kernel=kernel
        )
        if self.kind_ != "multiclass":
            return probabilities
        # The network's numbers are float32: their sum is not quite 1.
        return probabilities / probabilities.sum(axis=1, keepdims=True)

    def predict(self, X: Any) -> np.ndarray:  # noqa: N803
        """Give the most probable label of each example.

        Args:
            X: as `fit` takes it.

        Returns:
            Labels, shape (examples,); for multilabel zeros and ones, shape (examples, classes),
            where a one is a probability above one half.

        Raises:
            ValueError: `X` cannot be read; `NotFittedError` before `fit`.
        """
        from seqclf.evaluation.report import choose

        probabilities = self.predict_proba(X)
        if self.kind_ == "multilabel":
            return (probabilities > 0.5).astype(np.int64)
        chosen: np.ndarray = self.classes_[choose(probabilities, self.kind_)]
        return chosen

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        numeric = self.tokenizer in NUMERIC
        series = self.tokenizer == "series"
        # scikit-learn tries whatever reads tables with fractions, which are no token ids.
        tags.input_tags.two_d_array = series
        tags.input_tags.three_d_array = series
        tags.input_tags.one_d_array = not numeric
        tags.input_tags.string = not numeric
        tags.classifier_tags.multi_label = True
        return tags

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        if "model_" not in state:
            return state
        from seqclf.sklearn.storing import stored

        return stored(state)

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        if "model_" in state:
            from seqclf.sklearn.storing import restored

            state = restored(state)
        super().__setstate__(state)

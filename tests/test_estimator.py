"""`SequenceClassifier` among scikit-learn's tools, and beside `seqclf.run`."""

import copy
import csv
import pickle
import random
import subprocess
import sys
import warnings

import numpy as np
import pytest

import seqclf

pytest.importorskip("sklearn")

from sklearn.base import clone, is_classifier
from sklearn.calibration import CalibratedClassifierCV
from sklearn.exceptions import DataConversionWarning, NotFittedError
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, MultiLabelBinarizer
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import estimator_checks_generator

from seqclf import SequenceClassifier

pytestmark = [
    pytest.mark.train,
    pytest.mark.filterwarnings("ignore:maxlen:UserWarning"),
]

EXCEPTIONS = {
    "check_sample_weight_equivalence_on_dense_data": "a network learns from batches, which an "
    "example of weight 2 fills otherwise than the example twice",
}
"""The checks of scikit-learn that are known to fail, and why; one that passes fails the tests."""


def dense(task, units: int = 0):
    """A network that is quick to make: no recurrent layer."""
    import keras

    layers = [keras.layers.Input(task.input_shape)]
    if task.features:
        layers.append(keras.layers.Flatten())
    else:
        layers += [keras.layers.Embedding(task.num_words, 8), keras.layers.Flatten()]
    layers += [keras.layers.Dense(units, "relu")] if units else []
    return keras.Sequential([*layers, keras.layers.Dense(task.units, task.activation)])


QUICK = {"arch": dense, "batch_size": 512, "optimizer": "sgd", "learning_rate": 3.0, "epochs": 4}
SERIES = SequenceClassifier(**QUICK, tokenizer="series", validation_split=0, random_state=0)


def _checks():
    for estimator, check in estimator_checks_generator(SERIES):
        name = getattr(check, "func", check).__name__
        reason = EXCEPTIONS.get(name)
        marks = [] if reason is None else [pytest.mark.xfail(reason=reason, strict=True)]
        yield pytest.param(estimator, check, id=name, marks=marks)


@pytest.fixture
def _untraced():
    """Do TensorFlow's operations one by one: a network of four steps is slow to trace."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.mark.long
@pytest.mark.usefixtures("_untraced")
@pytest.mark.parametrize(("estimator", "check"), [*_checks()])
def test_what_scikit_learn_checks(estimator, check):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check(estimator)


def test_the_exceptions_are_told_and_still_checks():
    known = {
        getattr(check, "func", check).__name__ for _, check in estimator_checks_generator(SERIES)
    }
    assert len(known) > 50
    for name in EXCEPTIONS:
        assert name in known
        assert name in SequenceClassifier.__doc__


def test_the_tags_say_what_is_read():
    texts, series = get_tags(SequenceClassifier()), get_tags(SERIES)
    assert is_classifier(SequenceClassifier())
    assert texts.input_tags.string
    assert not texts.input_tags.two_d_array
    assert series.input_tags.two_d_array
    assert not series.input_tags.string
    assert texts.classifier_tags.multi_label


FRUITS = ["apple", "bread", "candy"]
TEXTS = [f"{a} {b} then" for a in ("very", "quite", "so", "not") for b in FRUITS] * 4
LABELS = [text.split()[1] for text in TEXTS]


def of_texts(**settings):
    """Give an estimator that learns in four steps which word stands in the middle."""
    given = {**QUICK, "num_words": 20, "maxlen": 4, "validation_split": 0, "random_state": 3}
    return SequenceClassifier(**{**given, **settings})


@pytest.fixture(scope="module")
def fitted():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEQCLF_LOAD_PLUGINS", "")
        return of_texts(epochs=12, validation_split=0.25, keep="last").fit(TEXTS, LABELS)


def test_it_learns_texts(fitted):
    assert fitted.score(TEXTS, LABELS) == 1
    assert fitted.classes_.tolist() == FRUITS
    assert fitted.kind_ == "multiclass"
    assert len(fitted.history_["val_loss"]) == fitted.kept_epoch_ == 12
    assert fitted.config_.num_words == 20
    assert not hasattr(fitted, "n_features_in_")


def test_probabilities_sum_to_one_in_their_own_precision(fitted):
    probabilities = fitted.predict_proba(TEXTS)
    assert probabilities.shape == (len(TEXTS), 3)
    assert probabilities.dtype == np.float64
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert log_loss(LABELS, probabilities) < 0.5
    chosen = fitted.classes_[probabilities.argmax(axis=1)]
    assert (fitted.predict(TEXTS) == chosen).all()


def test_texts_come_in_any_container(fitted):
    pandas = pytest.importorskip("pandas")
    expected = fitted.predict_proba(TEXTS)
    series = pandas.Series(TEXTS, index=range(5, 5 + len(TEXTS)))
    for given in (
        tuple(TEXTS),
        np.array(TEXTS),
        np.array(TEXTS, object),
        np.array(TEXTS)[:, None],
        series,
        series.to_frame("text"),
    ):
        assert (fitted.predict_proba(given) == expected).all()


def test_copies_give_the_same_bits(fitted):
    expected = fitted.predict_proba(TEXTS)
    for other in (copy.deepcopy(fitted), pickle.loads(pickle.dumps(fitted))):
        assert (other.predict_proba(TEXTS) == expected).all()
        assert other.history_.metrics == fitted.history_.metrics
        assert other.get_params() == fitted.get_params()
    assert not hasattr(clone(fitted), "model_")
    assert (clone(fitted).fit(TEXTS, LABELS).predict_proba(TEXTS) == expected).all()


def halving(task):
    import keras

    @keras.saving.register_keras_serializable("test_estimator")
    class Halve(keras.layers.Layer):
        def call(self, inputs):
            return inputs / 2

    first = [keras.layers.Input(task.input_shape), keras.layers.Flatten(), Halve()]
    return keras.Sequential([*first, keras.layers.Dense(task.units, task.activation)])


def test_a_pickled_estimator_brings_the_layers_its_architecture_defines():
    import keras

    rows = np.arange(40.0).reshape(10, 4)
    known = clone(SERIES).set_params(arch=halving).fit(rows, rows[:, 0] > 15)
    stored = pickle.dumps(known)
    del keras.saving.get_custom_objects()["test_estimator>Halve"]
    assert (pickle.loads(stored).predict_proba(rows) == known.predict_proba(rows)).all()


@pytest.mark.long
def test_two_processes_validate_as_one_does():
    settings = {"cv": 2, "return_estimator": True}
    alone = cross_validate(of_texts(), TEXTS, LABELS, **settings)
    both = cross_validate(of_texts(), TEXTS, LABELS, **settings, n_jobs=2)
    assert alone["test_score"].tolist() == both["test_score"].tolist()
    for near, far in zip(alone["estimator"], both["estimator"], strict=True):
        assert (near.predict_proba(TEXTS) == far.predict_proba(TEXTS)).all()


def test_searches_and_pipelines():
    shout = FunctionTransformer(lambda texts: [text.upper() for text in texts])
    pipeline = make_pipeline(shout, of_texts(tokenizer_options={"lowercase": False}))
    grid = {
        "sequenceclassifier__params": [{"units": 0}, {"units": 4}],
        "sequenceclassifier__epochs": [12],
    }
    search = GridSearchCV(pipeline, grid, cv=2, error_score="raise").fit(TEXTS, LABELS)
    assert search.best_params_["sequenceclassifier__params"] == {"units": 0}
    assert search.score(TEXTS, LABELS) == 1
    assert "APPLE" in search.best_estimator_[-1].encoder_.words


def test_its_probabilities_can_be_calibrated(fitted):
    calibrated = CalibratedClassifierCV(FrozenEstimator(fitted)).fit(TEXTS, LABELS)
    assert calibrated.score(TEXTS, LABELS) == 1


def test_the_same_seed_gives_the_network_of_a_run(tmp_path):
    with open(tmp_path / "fruits.csv", "w", newline="") as file:
        csv.writer(file).writerows([("text", "label"), *zip(TEXTS, LABELS, strict=True)])
    settings = {
        "arch": "simple_rnn",
        "params": {"units": 4},
        "epochs": 2,
        "batch_size": 16,
        "num_words": 20,
        "class_weight": "balanced",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        options = {"test_split": 0.0}
        run = seqclf.run("fruits.csv", **settings, seed=5, dataset_options=options)
    classifier = SequenceClassifier(**settings, random_state=5).fit(TEXTS, LABELS)
    ours, theirs = classifier.model_.get_weights(), run.model.get_weights()
    assert all((own == other).all() for own, other in zip(ours, theirs, strict=True))
    assert classifier.history_.metrics == run.history.metrics
    assert classifier.encoder_.to_dict() == run.encoder.to_dict()
    assert classifier.config_.maxlen == run.config.maxlen
    assert classifier.classes_.tolist() == list(run.labels)
    theirs = [list(prediction.probabilities.values()) for prediction in run.predict(TEXTS)]
    np.testing.assert_allclose(classifier.predict_proba(TEXTS), theirs, rtol=1e-6)


def test_an_example_of_weight_zero_is_left_out():
    wrong = ["bread" if label == "apple" else "apple" for label in LABELS]
    once, none = [1] * len(TEXTS), [0] * len(TEXTS)
    both = of_texts().fit([*TEXTS, *TEXTS], [*LABELS, *wrong], sample_weight=[*once, *none])
    alone = of_texts().fit(TEXTS, LABELS, sample_weight=once)
    assert (both.predict_proba(TEXTS) == alone.predict_proba(TEXTS)).all()
    plain = of_texts().fit(TEXTS, LABELS)
    np.testing.assert_allclose(alone.predict_proba(TEXTS), plain.predict_proba(TEXTS), rtol=1e-5)


def test_class_weights_are_weights_of_the_examples():
    weights = [2.0 if label == "apple" else 1.0 for label in LABELS]
    by_class = of_texts(class_weight={"apple": 2}).fit(TEXTS, LABELS).predict_proba(TEXTS)
    by_example = of_texts().fit(TEXTS, LABELS, sample_weight=weights).predict_proba(TEXTS)
    assert (by_class == by_example).all()
    assert (by_class != of_texts().fit(TEXTS, LABELS).predict_proba(TEXTS)).any()


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        ([label == "apple" for label in LABELS], [False, True]),
        ([10 if label == "apple" else 9 for label in LABELS], [9, 10]),
        ([{"apple": -1, "bread": 10, "candy": 9}[label] for label in LABELS], [-1, 9, 10]),
    ],
)
def test_labels_stay_what_they_are(labels, classes):
    classifier = of_texts(epochs=12).fit(TEXTS, labels)
    assert classifier.classes_.tolist() == classes
    assert classifier.predict(TEXTS).tolist() == labels
    assert type(classifier.predict(TEXTS).tolist()[0]) is type(labels[0])


def test_several_labels_an_example():
    indicator = MultiLabelBinarizer().fit_transform([{label, "word"} for label in LABELS])
    classifier = of_texts(epochs=20).fit(TEXTS, indicator)
    assert classifier.kind_ == "multilabel"
    assert classifier.classes_.tolist() == [0, 1, 2, 3]
    assert (classifier.predict(TEXTS) == indicator).all()
    assert classifier.predict_proba(TEXTS)[:, 3].min() > 0.5
    assert classifier.score(TEXTS, indicator) == 1


def test_sorted_labels_are_held_out_of_every_class(fitted):
    order = np.argsort(LABELS, kind="stable")
    classifier = clone(fitted).fit(np.array(TEXTS)[order], np.array(LABELS)[order])
    assert classifier.history_["val_accuracy"][-1] == 1


RAGGED = [[1.0, 2.0, 3.5], [0.1], [7.0, 1e-9], [2.0, 2.0, 2.0, 2.0]] * 3
SIDES = ["long" if len(row) > 2 else "short" for row in RAGGED]


def test_series_come_as_rows_of_any_length():
    classifier = clone(SERIES).fit(RAGGED, SIDES)
    assert not hasattr(classifier, "n_features_in_")
    expected = classifier.predict_proba(RAGGED)
    arrays = np.empty(len(RAGGED), object)
    arrays[:] = [np.array(row) for row in RAGGED]
    texts = [" ".join(map(str, row)) for row in RAGGED]
    steps = [np.array(row)[:, None] for row in RAGGED]
    for given in (arrays, list(arrays), texts, steps):
        assert (classifier.predict_proba(given) == expected).all()
    assert (classifier.predict_proba([[1, 2, 3.5]]) == classifier.predict_proba(RAGGED)[:1]).all()
    with pytest.raises(ValueError, match=r"X\[1\] has NaN or infinity"):
        classifier.predict([[1.0], [1.0, np.nan]])
    with pytest.raises(ValueError, match=r"X\[0\] is \['a'\], which are not all numbers"):
        classifier.predict([["a"], [1.0, 2.0]])


def test_series_of_several_features_come_as_one_array():
    rows = np.random.RandomState(0).rand(12, 5, 2)
    classifier = clone(SERIES).fit(rows, rows[:, 0, 0] > 0.5)
    assert classifier.encoder_.features == 2
    assert classifier.n_features_in_ == 5
    assert (classifier.predict_proba(list(rows)) == classifier.predict_proba(rows)).all()
    with pytest.raises(ValueError, match="X has 4 features, but SequenceClassifier is expecting 5"):
        classifier.predict(rows[:, :4])
    with pytest.raises(ValueError, match=r"X\[0\] has 4 steps, but all training rows had 5"):
        classifier.predict(list(rows[:, :4]))


def test_token_ids_come_as_rows_or_an_array():
    pandas = pytest.importorskip("pandas")
    rows = np.random.RandomState(0).randint(1, 9, (12, 4))
    classifier = of_texts(tokenizer="ids").fit(rows, rows[:, 0] > 4)
    expected = classifier.predict_proba(rows)
    texts = [" ".join(map(str, row)) for row in rows]
    frame = pandas.DataFrame(rows)
    for given in (rows.tolist(), list(rows), rows.astype(float), frame, texts):
        assert (classifier.predict_proba(given) == expected).all()
    with pytest.raises(ValueError, match="other values than whole numbers"):
        classifier.predict(rows + 0.5)
    with pytest.raises(seqclf.DataError, match="ids are from 0 to 19"):
        classifier.predict(rows + 20)


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ("a single text", "X is a single text; put it into a list"),
        ([], "X has no texts"),
        ([*TEXTS[1:], None], r"X\[47\] is None, not a text; leave it out"),
        ([*TEXTS[1:], float("nan")], r"X\[47\] is nan, not a text; leave it out"),
        ([[1, 2]] * 48, r"X\[0\] is \[1, 2\], not a text; for numbers there are tokenizer='ids'"),
        (np.zeros((48, 2)), r"X has the shape \(48, 2\), but a text an example"),
        (dict.fromkeys(TEXTS), "X must be a list or an array of texts, not dict"),
        ((text for text in TEXTS), "X must be a list or an array of texts, not generator"),
        (TEXTS[1:], "inconsistent numbers of samples"),
    ],
)
def test_texts_that_cannot_be_learned_from(texts, told):
    with pytest.raises(ValueError, match=told):
        of_texts().fit(texts, LABELS)


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (None, "requires y to be passed"),
        (["apple"] * 48, "y has only one class, 'apple'; a classifier needs two"),
        ([*LABELS[1:], None], "y has labels that cannot be put in order: .*; none may be missing"),
        (np.linspace(0, 1, 48), "continuous"),
    ],
)
def test_labels_that_cannot_be_learned(labels, told):
    with pytest.raises(ValueError, match=told):
        of_texts().fit(TEXTS, labels)


def test_a_column_of_labels_is_taken_with_a_warning():
    with pytest.warns(DataConversionWarning, match="column-vector"):
        of_texts(epochs=1).fit(TEXTS, np.array(LABELS)[:, None])


@pytest.mark.parametrize(
    ("weights", "told"),
    [
        ([1, -1] * 24, "must be numbers from 0"),
        ([np.nan] * 48, "must be numbers from 0"),
        ([1] * 47, r"have the shape \(47,\), not \(48,\)"),
        (["heavy"] * 48, "must be numbers"),
        ([0] * 48, "all sample weights are zero"),
        ([int(label == "apple") for label in LABELS], "only one class whose examples have"),
    ],
)
def test_weights_that_cannot_be(weights, told):
    with pytest.raises(ValueError, match=told):
        of_texts().fit(TEXTS, LABELS, sample_weight=weights)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"arch": "lstn"}, "there is no architecture 'lstn'; did you mean 'lstm'"),
        ({"arch": 3}, "arch must be an architecture's name or a function, not 3"),
        ({"arch": "lstm", "params": {"unit": 3}}, "architecture 'lstm' has no option 'unit'"),
        ({"params": "units=3"}, "params must map option names to values, not 'units=3'"),
        ({"tokenizer": "words"}, "there is no tokenizer 'words'; did you mean 'word'"),
        ({"tokenizer_options": {"case": 1}}, "tokenizer 'word' has no option 'case'"),
        ({"epochs": 0}, "--epochs must be a whole number, at least 1, not 0"),
        ({"class_weight": "even"}, "--class-weight must be one of balanced, or none, not 'even'"),
        ({"random_state": -1}, "--seed must be"),
        ({"plugins": "mine.py"}, "plugins must be a list of files, not 'mine.py'"),
    ],
)
def test_settings_that_cannot_be_meant(settings, told):
    with pytest.raises(seqclf.UsageError, match=told):
        of_texts(**settings).fit(TEXTS, LABELS)


def test_class_weights_and_several_labels_do_not_go_together():
    indicator = MultiLabelBinarizer().fit_transform([{label, "word"} for label in LABELS])
    for weight in ("balanced", {0: 2}):
        with pytest.raises(seqclf.UsageError, match="several"):
            of_texts(class_weight=weight).fit(TEXTS, indicator)


def test_only_a_fitted_estimator_predicts():
    with pytest.raises(NotFittedError, match="not fitted yet"):
        of_texts().predict(TEXTS)


def test_the_environment_and_the_callers_random_numbers_do_not_meddle(monkeypatch):
    monkeypatch.setenv("SEQCLF_EPOCHS", "1")
    monkeypatch.setenv("SEQCLF_LIMIT", "4")
    random.seed(1)
    np.random.seed(1)
    before = random.getstate(), np.random.get_state()[1].tolist()
    classifier = of_texts().fit(TEXTS, LABELS)
    assert len(classifier.history_.epochs) == 4
    assert classifier.config_.limit is None
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before


def test_seeds_are_drawn_as_scikit_learn_draws_them():
    drawn = []

    def spy(task):
        drawn.append(np.random.randint(2**31))
        raise seqclf.SeqclfError("that is enough")

    same = np.random.RandomState(5)
    for state in (None, None, same, same, np.random.RandomState(5)):
        with pytest.raises(seqclf.SeqclfError, match="that is enough"):
            of_texts(arch=spy, random_state=state).fit(TEXTS, LABELS)
    assert len(set(drawn)) == 4
    assert drawn[2] == drawn[4]


def test_notes_become_warnings_and_nothing_is_written(tmp_path, capfd):
    with pytest.warns(UserWarning, match="maxlen is 4 .auto: it leaves 95 %") as caught:
        of_texts(maxlen="auto", epochs=1).fit(TEXTS, LABELS)
    assert [warning.filename for warning in caught] == [__file__]
    assert list(tmp_path.rglob("*")) == []
    out, err = capfd.readouterr()
    assert out == ""
    assert "epoch" not in err


def test_verbose_tells_of_each_epoch(capsys):
    of_texts(verbose=1, epochs=2, validation_split=0.25).fit(TEXTS, LABELS)
    out, err = capsys.readouterr()
    assert out == ""
    lines = [line for line in err.splitlines() if line.startswith("epoch")]
    assert [line.partition(":")[0] for line in lines] == ["epoch 1/2", "epoch 2/2"]
    assert "val_accuracy" in lines[0]


def test_an_interrupt_is_not_a_fitted_estimator(monkeypatch):
    class Impatient:
        def write(self, text):
            if text.startswith("epoch 2"):
                raise KeyboardInterrupt

        def flush(self):
            pass

    classifier = of_texts(verbose=1, epochs=3)
    monkeypatch.setattr(sys, "stderr", Impatient())
    with pytest.raises(KeyboardInterrupt):
        classifier.fit(TEXTS, LABELS)
    assert not hasattr(classifier, "model_")


def test_without_scikit_learn_one_sentence_says_what_to_install():
    script = (
        "import sys; sys.modules['sklearn'] = None\n"
        "import seqclf\n"
        "from seqclf import *\n"
        "assert not {'keras', 'tensorflow', 'sklearn.base'} & set(sys.modules)\n"
        "try:\n    seqclf.SequenceClassifier\n"
        "except ImportError as error:\n"
        "    assert isinstance(error, seqclf.UsageError)\n    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == ("SequenceClassifier needs scikit-learn; pip install 'seqclf[sklearn]'\n")

"""The layer against NumPy; masks, gradients, saving."""

import keras
import numpy as np
import pytest

from seqclf_attention.layers import AttentionWeights

STATES = np.random.default_rng(0).normal(size=(3, 6, 4)).astype("float32")
MASK = np.array([[1, 1, 1, 1, 1, 1], [0, 0, 1, 1, 0, 1], [0, 0, 0, 0, 0, 1]], bool)


@pytest.fixture
def layer():
    keras.utils.set_random_seed(1)
    layer = AttentionWeights(units=5)
    layer.build(STATES.shape)
    random = np.random.default_rng(1)
    layer.set_weights([random.normal(size=weight.shape) for weight in layer.get_weights()])
    return layer


def by_hand(layer, states, mask):
    """softmax(tanh(h W + b) u), step by step, over the steps that are not masked out."""
    kernel, bias, context = layer.get_weights()
    weights = np.zeros(states.shape[:2])
    for row, steps in enumerate(mask):
        scores = {
            step: float((np.tanh(states[row, step] @ kernel + bias) @ context)[0])
            for step in np.flatnonzero(steps)
        }
        total = sum(np.exp(score) for score in scores.values())
        for step, score in scores.items():
            weights[row, step] = np.exp(score) / total
    return weights


def test_it_is_the_papers_formula(layer):
    got = keras.ops.convert_to_numpy(layer(STATES))
    np.testing.assert_allclose(got, by_hand(layer, STATES, np.ones((3, 6))), rtol=1e-5)


def test_what_is_masked_out_weighs_exactly_nothing(layer):
    got = keras.ops.convert_to_numpy(layer(STATES, mask=MASK))
    np.testing.assert_allclose(got, by_hand(layer, STATES, MASK), rtol=1e-5)
    assert (got[~MASK] == 0).all()
    np.testing.assert_allclose(got.sum(axis=1), 1, rtol=1e-6)


def test_what_is_masked_out_is_not_looked_at(layer):
    changed = np.where(MASK[..., None], STATES, np.float32(1e6))
    one, other = layer(STATES, mask=MASK), layer(changed, mask=MASK)
    np.testing.assert_array_equal(*map(keras.ops.convert_to_numpy, (one, other)))


@pytest.mark.parametrize("scale", [1, 1e4])
def test_scores_of_any_size_are_weighed(layer, scale):
    kernel, bias, context = layer.get_weights()
    layer.set_weights([kernel, bias, context * scale])
    got = keras.ops.convert_to_numpy(layer(STATES, mask=MASK))
    np.testing.assert_allclose(got.sum(axis=1), 1, rtol=1e-6)
    assert (got[~MASK] == 0).all()


def test_rows_that_are_all_padding_have_numbers_and_gradients(layer):
    tf = pytest.importorskip("tensorflow")
    if keras.config.backend() != "tensorflow":
        pytest.skip("gradients are taken with TensorFlow here")
    mask = MASK.copy()
    mask[0] = False
    states = tf.constant(STATES)
    with tf.GradientTape() as tape:
        tape.watch(states)
        weights = layer(states, mask=tf.constant(mask))
        loss = tf.reduce_sum(weights * states[..., 0])
    assert (weights.numpy()[0] == 0).all()
    gradients = tape.gradient(loss, [states, *layer.trainable_weights])
    assert all(np.isfinite(gradient).all() for gradient in gradients)
    assert (gradients[0].numpy()[~mask] == 0).all()
    assert np.abs(gradients[0].numpy()[1:]).max() > 0


def test_sixteen_bits_are_enough(layer):
    small = AttentionWeights.from_config({**layer.get_config(), "dtype": "mixed_float16"})
    small.build(STATES.shape)
    small.set_weights(layer.get_weights())
    got = keras.ops.convert_to_numpy(small(STATES, mask=MASK))
    assert got.dtype == np.float16
    np.testing.assert_allclose(got, by_hand(layer, STATES, MASK), atol=5e-3)


def test_shapes_and_masks_are_declared(layer):
    assert layer.compute_output_shape((None, 7, 4)) == (None, 7)
    states = keras.Input((7, 4))
    assert layer(states).shape == (None, 7)
    assert layer.compute_mask(STATES, MASK) is None


def test_its_config_makes_it_again(layer):
    again = AttentionWeights.from_config(layer.get_config())
    assert (again.units, again.name) == (5, layer.name)
    assert keras.saving.get_registered_name(AttentionWeights) == "seqclf_attention>AttentionWeights"


def test_it_is_saved_and_loaded(layer, tmp_path):
    states = keras.Input((6, 4))
    model = keras.Model(states, layer(keras.layers.Masking()(states)))
    padded = np.where(MASK[..., None], STATES, np.float32(0))
    model.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(
        again.predict(padded, verbose=0), model.predict(padded, verbose=0)
    )
    np.testing.assert_allclose(
        model.predict(padded, verbose=0), by_hand(layer, padded, MASK), rtol=1e-5
    )

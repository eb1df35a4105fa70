"""The other layers of `seqclf.r` are their formulas, for constant and for random weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy_layers import ACTIVATIONS, conv_1d, global_average, moments, normalize, pool_1d
from oracles import assert_close, constant, counting, one_layer, outputs, randomize

import seqclf.r
from seqclf.r import (
    keras_model,
    keras_model_sequential,
    layer_activation,
    layer_average_pooling_1d,
    layer_batch_normalization,
    layer_concatenate,
    layer_conv_1d,
    layer_dense,
    layer_dropout,
    layer_embedding,
    layer_flatten,
    layer_global_average_pooling_1d,
    layer_global_max_pooling_1d,
    layer_input,
    layer_masking,
    layer_max_pooling_1d,
    layer_simple_rnn,
    layer_spatial_dropout_1d,
    set_random_seed,
)

MASK = np.array([[0, 0, 1, 1, 1], [1, 0, 1, 0, 1], [1, 1, 1, 1, 1]], bool)


def normal(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def masked_normal(seed: int = 0) -> np.ndarray:
    return np.where(MASK[..., None], normal(3, 5, 2, seed=seed) + 3, 0).astype(np.float32)


# Dense, activation, flatten, concatenate


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_dense(activation: str | None) -> None:
    x = normal(6, 3)
    model = one_layer(layer_dense, (3,), units=4, activation=activation)
    kernel, bias = randomize(model, np.random.default_rng(1))
    assert_close(outputs(model, x)[0], ACTIVATIONS[activation](x.astype(float) @ kernel + bias))


def test_dense_of_constants() -> None:
    model = one_layer(layer_dense, (4,), units=3, **constant(kernel=0.01, bias=0.03))
    x = counting(2, 4)
    assert_close(outputs(model, x)[0], np.full((1, 3), 0.01) * x.sum(axis=1)[:, None] + 0.03)


def test_dense_of_every_step() -> None:
    x = normal(2, 5, 3)
    model = one_layer(layer_dense, (5, 3), units=2, use_bias=False)
    (kernel,) = randomize(model, np.random.default_rng(2))
    assert_close(outputs(model, x)[0], x.astype(float) @ kernel)


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name])
def test_activation(activation: str) -> None:
    x = normal(4, 3, 2) * 3
    model = one_layer(layer_activation, (3, 2), activation=activation)
    assert_close(outputs(model, x)[0], ACTIVATIONS[activation](x.astype(float)))


def test_flatten_goes_row_by_row() -> None:
    x = counting(2, 3, 4)
    assert np.array_equal(outputs(one_layer(layer_flatten, (3, 4)), x)[0], x.reshape(2, 12))


@pytest.mark.parametrize(("axis", "in_numpy"), [(-1, 2), (2, 1), (3, 2)])
def test_concatenate_counts_axes_as_r_does(axis: int, in_numpy: int) -> None:
    x, y = counting(2, 3, 4), counting(2, 3, 4) + 100
    inputs = [layer_input((3, 4)), layer_input((3, 4))]
    model = keras_model(inputs, layer_concatenate(inputs, axis=axis))
    assert np.array_equal(outputs(model, [x, y])[0], np.concatenate([x, y], axis=in_numpy))


# Embedding and masking


def test_embedding_looks_rows_up() -> None:
    ids = np.random.default_rng(3).integers(0, 7, (4, 5))
    model = one_layer(layer_embedding, (5,), input_dim=7, output_dim=3)
    (rows,) = randomize(model, np.random.default_rng(4))
    assert np.array_equal(outputs(model, ids)[0], rows[ids])


def test_embedding_of_constants() -> None:
    model = one_layer(layer_embedding, (2,), input_dim=3, output_dim=4, **constant(embeddings=0.25))
    assert np.array_equal(outputs(model, np.array([[0, 2]]))[0], np.full((1, 2, 4), 0.25))


def test_embedding_masks_zero_when_asked() -> None:
    """Where 0 is masked, later steps read only the others; else 0 is a word like any."""
    ids = np.array([[0, 0, 3, 1], [2, 0, 0, 0], [4, 1, 2, 3]])
    ways = []
    for mask_zero in (True, False):
        inputs = layer_input(4)
        embedded = layer_embedding(inputs, input_dim=5, output_dim=2, mask_zero=mask_zero)
        model = keras_model(inputs, layer_global_average_pooling_1d(embedded))
        (rows,) = randomize(model, np.random.default_rng(5))
        assert_close(
            outputs(model, ids)[0], global_average(rows[ids], ids != 0 if mask_zero else None)
        )
        ways.append(outputs(model, ids)[0])
    assert np.abs(ways[0] - ways[1])[:2].max() > 0.01
    assert np.array_equal(ways[0][2], ways[1][2])


@pytest.mark.parametrize("mask_value", [0.0, -1.0])
def test_masking_empties_steps_of_one_value(mask_value: float) -> None:
    x = np.where(MASK[..., None], normal(3, 5, 2) + 5, mask_value).astype(np.float32)
    x[2, 1, 0] = mask_value  # one feature alone is no mask
    model = one_layer(layer_masking, (5, 2), mask_value=mask_value)
    assert np.array_equal(outputs(model, x)[0], np.where(MASK[..., None], x, 0))
    inputs = layer_input((5, 2))
    averaged = layer_global_average_pooling_1d(layer_masking(inputs, mask_value=mask_value))
    assert_close(outputs(keras_model(inputs, averaged), x)[0], global_average(x, MASK))


# Convolution and pooling


@pytest.mark.parametrize("kernel_size", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "way",
    [
        {"padding": padding, **more}
        for padding in ("valid", "same", "causal")
        for more in ({}, {"strides": 2}, {"strides": 3}, {"dilation_rate": 2})
    ],
    ids=str,
)
def test_conv_1d(way: dict[str, Any], kernel_size: int) -> None:
    x = normal(2, 9, 3)
    model = one_layer(layer_conv_1d, (9, 3), filters=4, kernel_size=kernel_size, **way)
    kernel, bias = randomize(model, np.random.default_rng(6))
    assert_close(outputs(model, x)[0], conv_1d(x, kernel, bias, **way))


def test_conv_1d_of_constants() -> None:
    model = one_layer(
        layer_conv_1d,
        (6, 4),
        filters=2,
        kernel_size=3,
        activation="relu",
        **constant(kernel=0.01, bias=-2.0),
    )
    x = counting(2, 6, 4)
    windows = np.stack([x[:, start : start + 3].sum(axis=(1, 2)) for start in range(4)], axis=1)
    expected = np.maximum(0.01 * windows.astype(float) - 2, 0)
    assert (expected == 0).any()
    assert_close(outputs(model, x)[0], np.repeat(expected[..., None], 2, axis=2))


@settings(max_examples=25, deadline=None)
@given(
    steps=st.integers(1, 12),
    kernel_size=st.integers(1, 4),
    padding=st.sampled_from(["valid", "same", "causal"]),
    strides=st.integers(1, 3),
    seed=st.integers(0, 1000),
)
def test_conv_1d_of_any_shape(
    steps: int, kernel_size: int, padding: str, strides: int, seed: int
) -> None:
    if padding == "valid":
        steps += kernel_size - 1
    x = normal(2, steps, 2, seed=seed)
    way = {"padding": padding, "strides": strides}
    model = one_layer(layer_conv_1d, (steps, 2), filters=3, kernel_size=kernel_size, **way)
    kernel, bias = randomize(model, np.random.default_rng(seed))
    assert_close(outputs(model, x)[0], conv_1d(x, kernel, bias, **way))


@pytest.mark.parametrize("steps", [6, 7])
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("sizes", [(2, None), (3, None), (3, 1), (2, 3), (4, 2)], ids=str)
def test_pooling(sizes: tuple[int, int | None], padding: str, steps: int) -> None:
    x = normal(2, steps, 3) - 2  # mostly negative: a padded 0 would win a maximum
    way = {"pool_size": sizes[0], "strides": sizes[1], "padding": padding}
    for layer, best in ((layer_max_pooling_1d, np.max), (layer_average_pooling_1d, np.mean)):
        assert_close(outputs(one_layer(layer, (steps, 3), **way), x)[0], pool_1d(x, best, **way))


def test_pooling_two_steps_into_one_is_the_default() -> None:
    x = counting(2, 6, 2)
    pairs = x.reshape(2, 3, 2, 2)
    assert np.array_equal(outputs(one_layer(layer_max_pooling_1d, (6, 2)), x)[0], pairs.max(axis=2))
    average = outputs(one_layer(layer_average_pooling_1d, (6, 2)), x)[0]
    assert np.array_equal(average, pairs.mean(axis=2))


@pytest.mark.parametrize("keepdims", [False, True])
def test_global_pooling(keepdims: bool) -> None:
    x = normal(3, 5, 2) - 2
    largest = outputs(one_layer(layer_global_max_pooling_1d, (5, 2), keepdims=keepdims), x)[0]
    assert np.array_equal(largest, x.max(axis=1, keepdims=keepdims))
    average = outputs(one_layer(layer_global_average_pooling_1d, (5, 2), keepdims=keepdims), x)[0]
    assert_close(average, x.mean(axis=1, keepdims=keepdims, dtype=float))


@pytest.mark.filterwarnings("ignore:.*does not support masking:UserWarning")
def test_global_pooling_under_a_mask() -> None:
    """The average leaves masked steps out; the maximum sees them, as zeros."""
    x = masked_normal() * -1
    average = outputs(one_layer(layer_global_average_pooling_1d, (5, 2), masked=True), x)[0]
    assert_close(average, global_average(x, MASK))
    largest = outputs(one_layer(layer_global_max_pooling_1d, (5, 2), masked=True), x)[0]
    assert np.array_equal(largest, x.max(axis=1))
    assert (largest[:2] == 0).all()


# Batch normalization


def with_moments(model: Any, seed: int) -> list[np.ndarray]:
    """Set gamma, beta, mean and variance, the variance above 0."""
    gamma, beta, mean, variance = (normal(*array.shape, seed=seed) for array in model.get_weights())
    arrays = [gamma, beta, mean, np.abs(variance) + np.float32(0.1)]
    model.set_weights(arrays)
    return arrays


@pytest.mark.parametrize("example", [(3,), (5, 3)], ids=str)
def test_batch_normalization_while_predicting(example: tuple[int, ...]) -> None:
    x = normal(4, *example) * 2 + 1
    model = one_layer(layer_batch_normalization, example)
    gamma, beta, mean, variance = with_moments(model, seed=7)
    assert_close(outputs(model, x)[0], normalize(x, gamma, beta, mean, variance))
    for array, same in zip(model.get_weights(), (gamma, beta, mean, variance), strict=True):
        assert np.array_equal(array, same)


@pytest.mark.parametrize("masked", [False, True])
def test_batch_normalization_while_training(masked: bool) -> None:
    x = masked_normal(8)
    mask = MASK if masked else None
    model = one_layer(layer_batch_normalization, (5, 2), masked=masked, momentum=0.9, epsilon=0.01)
    gamma, beta, mean, variance = with_moments(model, seed=9)
    batch_mean, batch_variance = moments(x, mask)
    expected = normalize(x, gamma, beta, batch_mean, batch_variance, 0.01)
    assert_close(outputs(model, x, training=True)[0], expected)
    *_, new_mean, new_variance = model.get_weights()
    assert_close(new_mean, 0.9 * mean + 0.1 * batch_mean)
    assert_close(new_variance, 0.9 * variance + 0.1 * batch_variance)


def test_batch_normalization_begins_as_the_identity() -> None:
    x = normal(4, 3)
    model = one_layer(layer_batch_normalization, (3,))
    assert_close(outputs(model, x)[0], x / np.sqrt(1.001))
    outputs(model, x, training=True)
    assert_close(model.get_weights()[2], 0.01 * x.mean(axis=0))


def test_batch_normalization_without_learned_numbers() -> None:
    x = normal(4, 3) * 3 + 2
    model = one_layer(layer_batch_normalization, (3,), center=False, scale=False)
    assert len(model.get_weights()) == 2
    mean, variance = moments(x)
    assert_close(outputs(model, x, training=True)[0], normalize(x, 1.0, 0.0, mean, variance))


def test_batch_normalization_counts_axes_as_r_does() -> None:
    x = normal(4, 5, 3)
    model = one_layer(layer_batch_normalization, (5, 3), axis=2)
    gamma, beta, mean, variance = (array[:, None] for array in with_moments(model, seed=10))
    assert gamma.shape == (5, 1)
    assert_close(outputs(model, x)[0], normalize(x, gamma, beta, mean, variance))


# Dropout


@pytest.mark.parametrize("layer", [layer_dropout, layer_spatial_dropout_1d])
def test_dropout_changes_nothing_while_predicting(layer: Any) -> None:
    x = normal(2, 5, 3)
    model = one_layer(layer, (5, 3), rate=0.5)
    assert np.array_equal(outputs(model, x)[0], x)
    assert np.array_equal(outputs(model, x, training=False)[0], x)


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_dropout_scales_what_it_keeps(rate: float) -> None:
    set_random_seed(1)
    x = np.abs(normal(50, 20, 10)) + 0.1
    dropped = outputs(one_layer(layer_dropout, (20, 10), rate=rate), x, training=True)[0]
    kept = dropped != 0
    assert_close(dropped[kept], x[kept].astype(float) / (1 - rate))
    deviation = np.sqrt(rate * (1 - rate) / x.size)
    assert abs(kept.mean() - (1 - rate)) < 5 * deviation
    # Kept values are scaled so that the expectation stays: here within five deviations.
    spread = np.sqrt((x.astype(float) ** 2).sum() * rate / (1 - rate)) / x.size
    assert abs(dropped.mean(dtype=float) - x.mean(dtype=float)) < 5 * spread


def test_spatial_dropout_drops_a_feature_in_every_step() -> None:
    set_random_seed(2)
    x = np.abs(normal(200, 6, 10)) + 0.1
    dropped = outputs(one_layer(layer_spatial_dropout_1d, (6, 10), rate=0.3), x, training=True)[0]
    kept = dropped != 0
    assert np.array_equal(kept, np.repeat(kept[:, :1], 6, axis=1))
    assert_close(dropped[kept], x[kept].astype(float) / 0.7)
    assert abs(kept[:, 0].mean() - 0.7) < 5 * np.sqrt(0.3 * 0.7 / 2000)


def test_dropout_repeats_with_its_seed() -> None:
    x = np.ones((4, 6, 3), np.float32)
    first, second, other = (
        outputs(one_layer(layer_dropout, (6, 3), rate=0.5, seed=seed), x, training=True)[0]
        for seed in (3, 3, 4)
    )
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_no_layer_is_forgotten() -> None:
    """Whoever adds a layer function to `seqclf.r` compares it, too."""
    compared = "".join(
        file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_oracle_*.py")
    )
    layers = {name for name in seqclf.r.__all__ if name.startswith("layer_")}
    uses = {name for name in layers if compared.count(name) > 1}
    assert layers - uses == {"layer_bidirectional"}  # another name of bidirectional


def test_layers_in_a_pipe_are_layers_on_tensors() -> None:
    """Both of R's forms make the same network."""
    x = normal(3, 8, 2)
    piped = (
        keras_model_sequential(input_shape=(8, 2))
        | layer_conv_1d(filters=4, kernel_size=3, activation="relu")
        | layer_max_pooling_1d(pool_size=2)
        | layer_simple_rnn(units=3)
        | layer_dense(units=1, activation="sigmoid")
    )
    arrays = randomize(piped, np.random.default_rng(11))
    inputs = layer_input(shape=(8, 2))
    tensor = layer_conv_1d(inputs, filters=4, kernel_size=3, activation="relu")
    tensor = layer_simple_rnn(layer_max_pooling_1d(tensor, pool_size=2), units=3)
    functional = keras_model(inputs, layer_dense(tensor, units=1, activation="sigmoid"))
    functional.set_weights(arrays)
    assert np.array_equal(outputs(piped, x)[0], outputs(functional, x)[0])

"""Layers against overfitting, and batch normalization, under R keras' names."""

from __future__ import annotations

from typing import Annotated, Any

from seqclf.options import Range, Rate
from seqclf.r.making import axis as python_axis
from seqclf.r.making import make
from seqclf.r.pipe import layer_function


@layer_function
def layer_dropout(rate: Rate, **more: Any) -> Any:
    """Drop a share of the inputs while training, and scale the others up.

    Args:
        rate: from 0 to below 1.
        more: `noise_shape`, `seed`, `name`, ….

    Shapes:
        Out as in.

    Source:
        R `layer_dropout()`; Srivastava et al. (2014), Dropout.
    """
    import keras

    return make("layer_dropout", keras.layers.Dropout, more, rate=rate)


@layer_function
def layer_spatial_dropout_1d(rate: Rate, **more: Any) -> Any:
    """Drop whole features, the same in every step, while training.

    Args:
        rate: from 0 to below 1.
        more: `seed`, `name`, ….

    Shapes:
        In and out: (batch, steps, features).

    Source:
        R `layer_spatial_dropout_1d()`; Tompson et al. (2015), Efficient object localization.
    """
    import keras

    return make("layer_spatial_dropout_1d", keras.layers.SpatialDropout1D, more, rate=rate)


@layer_function
def layer_batch_normalization(
    axis: int = -1,
    momentum: Annotated[float, Range(least=0, most=1)] = 0.99,
    epsilon: Annotated[float, Range(above=0)] = 0.001,
    *,
    center: bool = True,
    scale: bool = True,
    **more: Any,
) -> Any:
    """Bring each feature to mean 0 and variance 1 over the batch.

    Args:
        axis: the features' axis, counted from 1 as in R, the batch being 1; negative from
            the end. Defaults to -1.
        momentum: how slowly the means kept for prediction follow. Defaults to 0.99.
        epsilon: added to the variance. Defaults to 0.001.
        center: whether a learned number is added. Defaults to True.
        scale: whether a learned number is multiplied. Defaults to True.
        more: `beta_initializer`, `moving_mean_initializer`, `name`, ….

    Shapes:
        Out as in.

    Source:
        R `layer_batch_normalization()`; Ioffe & Szegedy (2015), Batch normalization.
    """
    import keras

    return make(
        "layer_batch_normalization",
        keras.layers.BatchNormalization,
        more,
        axis=python_axis("layer_batch_normalization", axis),
        momentum=momentum,
        epsilon=epsilon,
        center=center,
        scale=scale,
    )

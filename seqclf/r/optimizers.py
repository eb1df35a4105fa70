"""Keras' optimizers under R's names: `compile(optimizer=optimizer_rmsprop(learning_rate=0.01))`.

Beside the arguments listed, each takes those all optimizers have: `weight_decay`,
`clipnorm`, `clipvalue`, `global_clipnorm`, `use_ema`, `name` and so on, as in R.
"""

from __future__ import annotations

import numbers
from typing import Annotated, Any

from seqclf.options import Range
from seqclf.r.arguments import ArgumentError, checked
from seqclf.r.making import make

Share = Annotated[float, Range(least=0, below=1)]
Positive = Annotated[float, Range(above=0)]
NotNegative = Annotated[float, Range(least=0)]


@checked
def optimizer_rmsprop(
    learning_rate: Any = 0.001,
    rho: Share = 0.9,
    momentum: Share = 0.0,
    epsilon: Positive = 1e-07,
    centered: bool = False,
    **more: Any,
) -> Any:
    """Divide each step by a running mean of the gradient's size: the R tutorial's optimizer.

    Args:
        learning_rate: step size, or a Keras schedule. Defaults to 0.001.
        rho: how slowly the mean follows. Defaults to 0.9.
        momentum: share of the last step that is kept. Defaults to 0.0.
        epsilon: keeps the division finite. Defaults to 1e-07.
        centered: divide by the variance instead. Defaults to False.
        more: what all optimizers take, such as `clipnorm`.

    Returns:
        A `keras.optimizers.RMSprop`.

    Source:
        R `optimizer_rmsprop()`; Hinton (2012), lecture 6.
    """
    import keras

    return make(
        "optimizer_rmsprop",
        keras.optimizers.RMSprop,
        more,
        learning_rate=_rate("optimizer_rmsprop", learning_rate),
        rho=rho,
        momentum=momentum,
        epsilon=epsilon,
        centered=centered,
    )


@checked
def optimizer_adam(
    learning_rate: Any = 0.001,
    beta_1: Share = 0.9,
    beta_2: Share = 0.999,
    epsilon: Positive = 1e-07,
    amsgrad: bool = False,
    **more: Any,
) -> Any:
    """Adapt each weight's step by running means of the gradient and of its square.

    Args:
        learning_rate: step size, or a Keras schedule. Defaults to 0.001.
        beta_1: how slowly the gradient's mean follows. Defaults to 0.9.
        beta_2: how slowly its square's mean follows. Defaults to 0.999.
        epsilon: keeps the division finite. Defaults to 1e-07.
        amsgrad: let the second mean never shrink. Defaults to False.
        more: what all optimizers take, such as `clipnorm`.

    Returns:
        A `keras.optimizers.Adam`.

    Source:
        R `optimizer_adam()`; Kingma & Ba (2014), Adam.
    """
    import keras

    return make(
        "optimizer_adam",
        keras.optimizers.Adam,
        more,
        learning_rate=_rate("optimizer_adam", learning_rate),
        beta_1=beta_1,
        beta_2=beta_2,
        epsilon=epsilon,
        amsgrad=amsgrad,
    )


@checked
def optimizer_adam_w(
    learning_rate: Any = 0.001,
    weight_decay: Positive = 0.004,
    beta_1: Share = 0.9,
    beta_2: Share = 0.999,
    epsilon: Positive = 1e-07,
    amsgrad: bool = False,
    **more: Any,
) -> Any:
    """Adam whose weights shrink in every step.

    Args:
        learning_rate: step size, or a Keras schedule. Defaults to 0.001.
        weight_decay: share by which weights shrink. Defaults to 0.004.
        beta_1: how slowly the gradient's mean follows. Defaults to 0.9.
        beta_2: how slowly its square's mean follows. Defaults to 0.999.
        epsilon: keeps the division finite. Defaults to 1e-07.
        amsgrad: let the second mean never shrink. Defaults to False.
        more: what all optimizers take, such as `clipnorm`.

    Returns:
        A `keras.optimizers.AdamW`.

    Source:
        R `optimizer_adam_w()`; Loshchilov & Hutter (2017), Decoupled weight decay.
    """
    import keras

    return make(
        "optimizer_adam_w",
        keras.optimizers.AdamW,
        more,
        learning_rate=_rate("optimizer_adam_w", learning_rate),
        weight_decay=weight_decay,
        beta_1=beta_1,
        beta_2=beta_2,
        epsilon=epsilon,
        amsgrad=amsgrad,
    )


@checked
def optimizer_sgd(
    learning_rate: Any = 0.01,
    momentum: Share = 0.0,
    nesterov: bool = False,
    **more: Any,
) -> Any:
    """Step down the gradient.

    Args:
        learning_rate: step size, or a Keras schedule. Defaults to 0.01.
        momentum: share of the last step that is kept. Defaults to 0.0.
        nesterov: look ahead before stepping. Defaults to False.
        more: what all optimizers take, such as `clipnorm`.

    Returns:
        A `keras.optimizers.SGD`.

    Source:
        R `optimizer_sgd()`.
    """
    import keras

    return make(
        "optimizer_sgd",
        keras.optimizers.SGD,
        more,
        learning_rate=_rate("optimizer_sgd", learning_rate),
        momentum=momentum,
        nesterov=nesterov,
    )


@checked
def optimizer_adagrad(
    learning_rate: Any = 0.001,
    initial_accumulator_value: NotNegative = 0.1,
    epsilon: Positive = 1e-07,
    **more: Any,
) -> Any:
    """Take smaller steps for weights that were changed often.

    Args:
        learning_rate: step size, or a Keras schedule. Defaults to 0.001.
        initial_accumulator_value: what the sum of squares begins with. Defaults to 0.1.
        epsilon: keeps the division finite. Defaults to 1e-07.
        more: what all optimizers take, such as `clipnorm`.

    Returns:
        A `keras.optimizers.Adagrad`.

    Source:
        R `optimizer_adagrad()`; Duchi et al. (2011).
    """
    import keras

    return make(
        "optimizer_adagrad",
        keras.optimizers.Adagrad,
        more,
        learning_rate=_rate("optimizer_adagrad", learning_rate),
        initial_accumulator_value=initial_accumulator_value,
        epsilon=epsilon,
    )


@checked
def optimizer_adadelta(
    learning_rate: Any = 0.001,
    rho: Share = 0.95,
    epsilon: Positive = 1e-07,
    **more: Any,
) -> Any:
    """Adagrad that forgets old gradients.

    Args:
        learning_rate: step size, or a Keras schedule. Defaults to 0.001.
        rho: how slowly the means follow. Defaults to 0.95.
        epsilon: keeps the division finite. Defaults to 1e-07.
        more: what all optimizers take, such as `clipnorm`.

    Returns:
        A `keras.optimizers.Adadelta`.

    Source:
        R `optimizer_adadelta()`; Zeiler (2012).
    """
    import keras

    return make(
        "optimizer_adadelta",
        keras.optimizers.Adadelta,
        more,
        learning_rate=_rate("optimizer_adadelta", learning_rate),
        rho=rho,
        epsilon=epsilon,
    )


@checked
def optimizer_adamax(
    learning_rate: Any = 0.001,
    beta_1: Share = 0.9,
    beta_2: Share = 0.999,
    epsilon: Positive = 1e-07,
    **more: Any,
) -> Any:
    """Adam with the greatest gradient in place of its square's mean.

    Args:
        learning_rate: step size, or a Keras schedule. Defaults to 0.001.
        beta_1: how slowly the gradient's mean follows. Defaults to 0.9.
        beta_2: how slowly the greatest one fades. Defaults to 0.999.
        epsilon: keeps the division finite. Defaults to 1e-07.
        more: what all optimizers take, such as `clipnorm`.

    Returns:
        A `keras.optimizers.Adamax`.

    Source:
        R `optimizer_adamax()`; Kingma & Ba (2014), section 7.
    """
    import keras

    return make(
        "optimizer_adamax",
        keras.optimizers.Adamax,
        more,
        learning_rate=_rate("optimizer_adamax", learning_rate),
        beta_1=beta_1,
        beta_2=beta_2,
        epsilon=epsilon,
    )


@checked
def optimizer_nadam(
    learning_rate: Any = 0.001,
    beta_1: Share = 0.9,
    beta_2: Share = 0.999,
    epsilon: Positive = 1e-07,
    **more: Any,
) -> Any:
    """Adam that looks ahead as Nesterov's momentum does.

    Args:
        learning_rate: step size, or a Keras schedule. Defaults to 0.001.
        beta_1: how slowly the gradient's mean follows. Defaults to 0.9.
        beta_2: how slowly its square's mean follows. Defaults to 0.999.
        epsilon: keeps the division finite. Defaults to 1e-07.
        more: what all optimizers take, such as `clipnorm`.

    Returns:
        A `keras.optimizers.Nadam`.

    Source:
        R `optimizer_nadam()`; Dozat (2015).
    """
    import keras

    return make(
        "optimizer_nadam",
        keras.optimizers.Nadam,
        more,
        learning_rate=_rate("optimizer_nadam", learning_rate),
        beta_1=beta_1,
        beta_2=beta_2,
        epsilon=epsilon,
    )


@checked
def optimizer_ftrl(
    learning_rate: Any = 0.001,
    learning_rate_power: float = -0.5,
    initial_accumulator_value: NotNegative = 0.1,
    l1_regularization_strength: NotNegative = 0.0,
    l2_regularization_strength: NotNegative = 0.0,
    **more: Any,
) -> Any:
    """Follow the regularized leader: made for sparse inputs.

    Args:
        learning_rate: step size, or a Keras schedule. Defaults to 0.001.
        learning_rate_power: how the step shrinks, at most 0. Defaults to -0.5.
        initial_accumulator_value: what the sum of squares begins with. Defaults to 0.1.
        l1_regularization_strength: penalty on absolute weights. Defaults to 0.0.
        l2_regularization_strength: penalty on squared weights. Defaults to 0.0.
        more: what all optimizers take, such as `clipnorm`.

    Returns:
        A `keras.optimizers.Ftrl`.

    Source:
        R `optimizer_ftrl()`; McMahan et al. (2013).
    """
    import keras

    return make(
        "optimizer_ftrl",
        keras.optimizers.Ftrl,
        more,
        learning_rate=_rate("optimizer_ftrl", learning_rate),
        learning_rate_power=learning_rate_power,
        initial_accumulator_value=initial_accumulator_value,
        l1_regularization_strength=l1_regularization_strength,
        l2_regularization_strength=l2_regularization_strength,
    )


@checked
def optimizer_lion(
    learning_rate: Any = 0.001,
    beta_1: Share = 0.9,
    beta_2: Share = 0.99,
    **more: Any,
) -> Any:
    """Step by the sign of the gradient's running mean.

    Args:
        learning_rate: step size, or a Keras schedule. Defaults to 0.001.
        beta_1: how the mean and the gradient mix. Defaults to 0.9.
        beta_2: how slowly the mean follows. Defaults to 0.99.
        more: what all optimizers take, such as `clipnorm`.

    Returns:
        A `keras.optimizers.Lion`.

    Source:
        R `optimizer_lion()`; Chen et al. (2023).
    """
    import keras

    return make(
        "optimizer_lion",
        keras.optimizers.Lion,
        more,
        learning_rate=_rate("optimizer_lion", learning_rate),
        beta_1=beta_1,
        beta_2=beta_2,
    )


def _rate(function: str, learning_rate: Any) -> Any:
    """Check a learning rate that is a number; a schedule is Keras' business."""
    if isinstance(learning_rate, str) or (
        isinstance(learning_rate, numbers.Real) and not float(learning_rate) > 0
    ):
        raise ArgumentError(
            f"{function}(): `learning_rate` must be a number above 0 or a schedule, "
            f"not {learning_rate!r}"
        )
    return learning_rate

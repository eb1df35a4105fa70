"""The layer. This module imports Keras, so it is imported only where a network is built or read."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


# The name under which a saved model looks for its class: "seqclf_attention>AttentionWeights".
@keras.saving.register_keras_serializable(package="seqclf_attention")
class AttentionWeights(keras.layers.Layer):
    """Give every step of a sequence a weight: `softmax(tanh(h W + b) u)`.

    Steps that are masked out weigh exactly 0, the others' weights sum to 1. Where every
    step is masked out, all weigh 0.

    Args:
        units: length of the vectors that are compared with the context vector u.
        **kwargs: what every Keras layer takes, such as `name`.

    Shapes:
        In: (batch, steps, features), mask (batch, steps). Out: (batch, steps).

    Source:
        Yang et al. (2016), Hierarchical attention networks for document classification,
        equations 5 and 6; the additive form is that of Bahdanau et al. (2015).

    Example:
        >>> import numpy as np
        >>> states = np.ones((1, 4, 3), "float32")
        >>> mask = np.array([[False, False, True, True]])
        >>> AttentionWeights(units=2)(states, mask=mask).numpy().tolist()
        [[0.0, 0.0, 0.5, 0.5]]
    """

    def __init__(self, units: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.supports_masking = True  # without this, Keras warns that the mask ends here

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Make the weights, once the number of features is known."""
        self.kernel = self.add_weight(
            name="kernel", shape=(input_shape[-1], self.units), initializer="glorot_uniform"
        )
        self.bias = self.add_weight(name="bias", shape=(self.units,), initializer="zeros")
        self.context = self.add_weight(
            name="context", shape=(self.units, 1), initializer="glorot_uniform"
        )

    def call(self, inputs: Any, mask: Any = None) -> Any:
        """Compute the weights. Keras hands over the mask of the layer before by itself."""
        hidden = ops.tanh(ops.matmul(inputs, self.kernel) + self.bias)
        scores = ops.squeeze(ops.matmul(hidden, self.context), axis=-1)
        if mask is None:
            return ops.softmax(scores, axis=-1)
        # What is masked out must not be the greatest score. An infinite one in its place would
        # make gradients that are not numbers; the least there is does not.
        scores = ops.where(mask, scores, ops.min(scores, axis=-1, keepdims=True))
        powers = ops.exp(scores - ops.max(scores, axis=-1, keepdims=True))
        powers = powers * ops.cast(mask, scores.dtype)
        # The greatest power is 1, so the sum is at least 1 unless every step is masked out.
        return powers / ops.maximum(ops.sum(powers, axis=-1, keepdims=True), 1)

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """Give no mask: in the weights, steps that are masked out are 0 already."""
        return None

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """Give (batch, steps)."""
        return tuple(input_shape[:-1])

    def get_config(self) -> dict[str, Any]:
        """Give the arguments that make this layer again, as JSON values."""
        return {**super().get_config(), "units": self.units}

"""Making sure that the written model is the one that was meant, before anybody gets the script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from seqclf.code import python_terms
from seqclf.code.describing import CannotBeWrittenError
from seqclf.code.form import Network
from seqclf.r import gates

GRAPH_FROM = 64
"""Steps from which a recurrent layer is faster in a graph, the graph's making included."""


def starts_alike(build: Callable[[], Any], network: Network, seed: int, num_words: int) -> bool:
    """Make the model both ways from the same seed and compare them.

    Args:
        build: builds the run's model.
        network: what the script says of it.
        seed: both are made after Keras was seeded with it.
        num_words: ids to try the models with are below it.

    Returns:
        Whether both start from the same weights and the same seeds of dropout. If not, the
        script's network is the run's, but its numbers are others.

    Raises:
        CannotBeWrittenError: what is written is not the same network.
    """
    import keras
    import numpy as np

    keras.utils.set_random_seed(seed)
    meant = build()
    keras.utils.set_random_seed(seed)
    written = written_model(network)
    wanted, got = ([np.asarray(v) for v in m.variables] for m in (meant, written))
    if [value.shape for value in wanted] != [value.shape for value in got]:
        raise CannotBeWrittenError("its weights come out in another order or shape when written")
    alike = all(np.array_equal(a, b) for a, b in zip(wanted, got, strict=True))
    if not alike:
        fixed = zip(meant.non_trainable_weights, written.non_trainable_weights, strict=True)
        if not all(np.array_equal(np.asarray(a), np.asarray(b)) for a, b in fixed):
            raise CannotBeWrittenError(
                "it has weights that training leaves as they are, and a script would draw others"
            )
        written.set_weights(meant.get_weights())
    examples = _examples(network.shape, num_words)
    one, other = (_outputs(model, examples) for model in (meant, written))
    if not np.allclose(one, other, rtol=1e-4, atol=1e-5, equal_nan=True):
        raise CannotBeWrittenError("it computes something else when written layer by layer")
    return alike


def _examples(shape: tuple[int | None, ...], num_words: int) -> Any:
    """Make two examples, the first half of one being padding."""
    import numpy as np

    random = np.random.default_rng(0)
    length, *features = (size or 8 for size in shape)
    examples = random.integers(0, num_words, (2, length, *features))
    if features:
        examples = (examples / num_words).astype(np.float32)
    examples[0, : length // 2] = 0
    return examples


def _outputs(model: Any, examples: Any) -> Any:
    """Give a model's outputs; for long texts by a graph, whose making takes seconds."""
    import numpy as np

    if examples.shape[1] > GRAPH_FROM:
        return model.predict_on_batch(examples)
    return np.asarray(model(examples, training=False))


def written_model(network: Network) -> Any:
    """Make the model that the Python script makes.

    Example:
        >>> from seqclf.code.form import Part
        >>> dense = Part("layers", "Dense", {"units": 2})
        >>> written_model(Network("sequential", (3,), "float32", (dense,))).count_params()
        8
    """
    import keras

    names: dict[str, Any] = {"keras": keras, "layers": keras.layers, **network.vectors}
    if network.has_gate_function:
        names["hard_sigmoid_keras2"] = gates.register()
    exec(python_terms.network(network), names)
    return names["model"]

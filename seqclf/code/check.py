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
        written.set_weights(meant.get_weights())
    length = network.shape[0] or 8
    ids = np.random.default_rng(0).integers(0, num_words, (2, length))
    ids[0, : length // 2] = 0
    one, other = (_outputs(model, ids) for model in (meant, written))
    if not np.allclose(one, other, rtol=1e-4, atol=1e-5, equal_nan=True):
        raise CannotBeWrittenError("it computes something else when written layer by layer")
    return alike


def _outputs(model: Any, ids: Any) -> Any:
    """Give a model's outputs; for long texts by a graph, whose making takes seconds."""
    import numpy as np

    if ids.shape[1] > GRAPH_FROM:
        return model.predict_on_batch(ids)
    return np.asarray(model(ids, training=False))


def written_model(network: Network) -> Any:
    """Make the model that the Python script makes.

    Example:
        >>> from seqclf.code.form import Part
        >>> dense = Part("layers", "Dense", {"units": 2})
        >>> written_model(Network("sequential", (3,), "float32", (dense,))).count_params()
        8
    """
    import keras

    names: dict[str, Any] = {"keras": keras, "layers": keras.layers}
    if network.has_gate_function:
        names["hard_sigmoid_keras2"] = gates.register()
    exec(python_terms.network(network), names)
    return names["model"]

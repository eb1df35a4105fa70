"""Checks of masks: what is padded in front must not count."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from seqclf.checks.building import Builder, probabilities, random_ids
from seqclf.checks.outcomes import Check, FailedCheckError, NotTriedError, attempt

SHORTER_BY, LONGER_BY = 8, 18  # than the shortest length: 20 and 30 as a rule
_TOLERANCE = 1e-5


def check_masks(subject: str, builder: Builder) -> Iterator[Check]:
    """Pad the same texts to two lengths, in each form of the network that makes a mask."""
    sentence = "respects the mask"
    masked = [changed for changed in _forms(builder) if _makes_mask(builder.model(changed=changed))]
    if not masked:
        yield Check(subject, sentence, "not tried", "it makes no mask")
    for changed in masked:
        with_it = "".join(f" with {name}={value}" for name, value in changed.items())
        yield attempt(subject, sentence + with_it, partial(_same, builder, changed))


def _forms(builder: Builder) -> list[dict[str, Any]]:
    """Give the defaults, and each yes-or-no option the other way, as far as these build."""
    from seqclf.errors import SeqclfError

    forms: list[dict[str, Any]] = [{}]
    for option in builder.architecture.options:
        if option.type is bool:
            changed = {option.name: not builder.params[option.name]}
            try:
                builder.model(changed=changed)
            except SeqclfError:
                continue
            forms.append(changed)
    if _makes_mask(builder.model()):
        return forms[:1]
    return forms


def _makes_mask(layer: Any) -> bool:
    import keras

    if isinstance(layer, keras.layers.Masking) or getattr(layer, "mask_zero", False):
        return True
    inner = [*getattr(layer, "layers", []), getattr(layer, "layer", None)]
    return any(_makes_mask(each) for each in inner if each is not None)


def _same(builder: Builder, changed: dict[str, Any]) -> str:
    import numpy as np

    shorter, longer = builder.maxlen + SHORTER_BY, builder.maxlen + LONGER_BY
    short, long = (builder.build(maxlen=m, changed=changed) for m in (shorter, longer))
    if [w.shape for w in short.weights] != [w.shape for w in long.weights]:
        raise NotTriedError("its weights have other shapes for another length")
    long.set_weights(short.get_weights())
    ids = random_ids(6, shorter)
    for row in range(6):
        ids[row, : 3 * row] = 0
    padded = np.pad(ids, ((0, 0), (longer - shorter, 0)))
    apart = float(np.abs(probabilities(short, ids) - probabilities(long, padded)).max())
    if not apart <= _TOLERANCE:
        raise FailedCheckError(
            f"padded to {shorter} and to {longer}, a text has probabilities {apart:.2g} apart",
            "a layer behind the one that makes the mask drops it: give it "
            "supports_masking = True and heed mask in call()",
        )
    return f"padded to {shorter} and to {longer}, at most {apart:.1g} apart"

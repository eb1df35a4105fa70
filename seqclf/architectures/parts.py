"""What the built-in architectures share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from seqclf.r.pipe import Unchanged


def layer_if(wanted: Any, layer: Callable[..., Any], **arguments: Any) -> Any:
    """Give the layer if it is wanted, else something that leaves the model as it is.

    Args:
        wanted: a rate or a number of units; 0 and None say no.
        layer: a function of `seqclf.r`.
        arguments: its arguments.

    Example:
        `model | layer_if(dropout, layer_dropout, rate=dropout)`
    """
    return layer(**arguments) if wanted else Unchanged()

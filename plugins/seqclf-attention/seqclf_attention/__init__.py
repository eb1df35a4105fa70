"""A recurrent network with attention pooling for seqclf: a plugin with a layer of its own.

seqclf finds this module through the entry point in `setup.cfg` and calls the hook
below. Importing it imports neither Keras nor the layer.
"""

from __future__ import annotations

import seqclf

from seqclf_attention.reading import attention_weights

__version__ = "0.1.0"

SEQCLF_API_VERSION = 1
"""The version of seqclf's hooks that this plugin is made for."""

__all__ = ["attention_weights", "seqclf_architectures"]


@seqclf.hookimpl
def seqclf_architectures() -> list[seqclf.Architecture]:
    """Give the network, for `--arch attention`."""
    from seqclf_attention.architecture import attention

    return [attention]

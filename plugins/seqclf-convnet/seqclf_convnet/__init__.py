"""One-dimensional convolutional networks for seqclf: a plugin of plain Keras layers only.

seqclf finds this module through the entry point in `setup.cfg` and calls the hook
below. Importing it imports no Keras.
"""

from __future__ import annotations

import seqclf

__version__ = "0.1.0"

SEQCLF_API_VERSION = 1
"""The version of seqclf's hooks that this plugin is made for."""


@seqclf.hookimpl
def seqclf_architectures() -> list[seqclf.Architecture]:
    """Give the networks, for `--arch convnet` and `--arch convnet_stacked`."""
    from seqclf_convnet.parallel import convnet
    from seqclf_convnet.stacked import convnet_stacked

    return [convnet, convnet_stacked]

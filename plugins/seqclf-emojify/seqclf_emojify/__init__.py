"""A sentence gets an emoji: a dataset and an architecture for seqclf in one plugin.

seqclf finds this module through the entry point in `setup.cfg` and calls the two
hooks below. Both only name things: nothing is read and nothing heavy is imported
until a run asks for it.
"""

from __future__ import annotations

import seqclf

__version__ = "0.1.0"

SEQCLF_API_VERSION = 1
"""The version of seqclf's hooks that this plugin is made for."""


@seqclf.hookimpl
def seqclf_datasets() -> list[seqclf.Dataset]:
    """Give the sentences, for `seqclf run emojify`."""
    from seqclf_emojify.dataset import emojify

    return [emojify]


@seqclf.hookimpl
def seqclf_architectures() -> list[seqclf.Architecture]:
    """Give the network, for `--arch emojify`."""
    from seqclf_emojify.architecture import emojify

    return [emojify]

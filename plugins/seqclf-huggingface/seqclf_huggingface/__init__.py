"""Datasets of the `datasets` library and tokenizers of `tokenizers`, for seqclf.

seqclf finds this module through the entry point in `setup.cfg` and calls the two
hooks below. Both only name things: neither library is imported until a run asks
for it, so that `seqclf --help` and `seqclf datasets` stay quick.
"""

from __future__ import annotations

import seqclf

__version__ = "0.1.0"
SEQCLF_API_VERSION = 1


@seqclf.hookimpl
def seqclf_datasets() -> list[seqclf.Dataset]:
    """Give the dataset, for `seqclf run huggingface -d path=...`."""
    from seqclf_huggingface.dataset import huggingface

    return [huggingface]


@seqclf.hookimpl
def seqclf_encoders() -> list[type]:
    """Give the encoder, for `seqclf run reviews --tokenizer huggingface`."""
    from seqclf_huggingface.encoder import HuggingFaceEncoder

    return [HuggingFaceEncoder]

"""Where seqclf keeps and looks for files."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def cache_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Give the folder for downloads and prepared data.

    `SEQCLF_CACHE_DIR`, else the platform's cache folder. It is not made here.
    """
    environ = os.environ if environ is None else environ
    chosen = environ.get("SEQCLF_CACHE_DIR")
    if chosen:
        return Path(chosen)
    import platformdirs

    return platformdirs.user_cache_path("seqclf")

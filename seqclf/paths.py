"""Where seqclf keeps and looks for files."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO


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


def nameless_file(folder: Path | None = None) -> IO[bytes]:
    """Open a temporary file that no folder lists: it is gone with the process, however that ends.

    Args:
        folder: where it lies; where that cannot be written, and for None, the system's folder for
            temporary files.

    Raises:
        OSError: it cannot be made, or the disk is full.

    Example:
        >>> with nameless_file() as file:
        ...     file.write(b"kept for now")
        12
    """
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            return tempfile.TemporaryFile(dir=folder, prefix="seqclf-")
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise
    return tempfile.TemporaryFile(prefix="seqclf-")

"""Writing a new folder of files: whole or not at all."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from seqclf.errors import SeqclfError, UsageError


def check_target(target: Path) -> None:
    """Say at once where a new folder cannot be.

    Raises:
        UsageError: something is there already, or the folder above is not.
    """
    if os.path.lexists(target):
        raise UsageError(
            f"{target} exists already", hint="choose another NAME or --folder; nothing was written"
        )
    if not target.parent.is_dir():
        raise UsageError(f"there is no folder {target.parent}", hint="make it first")


def write_folder(target: Path, files: Mapping[str, str]) -> list[Path]:
    """Write a new folder.

    The files are written into a temporary folder beside it, which is then moved into place.

    Args:
        target: the folder; it must not exist.
        files: path relative to the folder, with `/`, to text.

    Returns:
        The files written, in the order given.

    Raises:
        UsageError: the folder exists, or the one above it does not.
        SeqclfError: the disk is full, or the folder above cannot be written; nothing is left.
    """
    check_target(target)
    try:
        with tempfile.TemporaryDirectory(
            prefix=f".{target.name}-", dir=target.parent, ignore_cleanup_errors=True
        ) as temporary:
            # A folder in the temporary one, since that is for its owner's eyes only.
            whole = Path(temporary, target.name)
            for path, text in files.items():
                file = whole / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="\n")
            check_target(target)
            whole.rename(target)
    except OSError as error:
        raise _cannot_write(target, error) from error
    return [target / path for path in files]


def _cannot_write(target: Path, error: OSError) -> SeqclfError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return SeqclfError(
            f"{target} cannot be written: the disk is full",
            hint="free some space, or choose another disk with --folder",
        )
    reason = error.strerror or str(error) or type(error).__name__
    return SeqclfError(
        f"{target} cannot be written: {reason}", hint="choose another place with --folder"
    )

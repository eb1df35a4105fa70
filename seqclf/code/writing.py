"""Writing a script and its data files: all of them whole, or none."""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path

from seqclf.code.datafiles import Writer
from seqclf.code.make import Script
from seqclf.errors import RunError, SeqclfError, UsageError
from seqclf.runs.files import replacing


def check_target(path: Path) -> None:
    """Say at once where a script cannot be written.

    Raises:
        UsageError: the folder is missing, or a folder has that name.
    """
    if path.is_dir():
        raise UsageError(f"-o {path} is a folder", hint="name a file in it")
    if not path.parent.is_dir():
        raise UsageError(f"-o {path}: there is no folder {path.parent}", hint="make it first")


def write_script(path: Path, script: Script, *, force: bool = False) -> list[Path]:
    """Write a script and, beside it, the files it reads.

    Args:
        path: the script's file.
        script: what to write.
        force: whether files that exist may be replaced.

    Returns:
        The files written, the script first.

    Raises:
        UsageError: a file exists, or the folder does not.
        SeqclfError: a file cannot be written; then none of them is.
    """
    check_target(path)
    files: dict[Path, Writer] = {path: partial(_write_text, script.text)}
    files |= {path.with_name(name): write for name, write in script.files.items()}
    taken = [str(file) for file in files if file.exists()]
    if taken and not force:
        verb = "exists" if len(taken) == 1 else "exist"
        raise UsageError(
            f"{', '.join(taken)} {verb} already", hint="--force replaces what is there"
        )
    try:
        with contextlib.ExitStack() as stack:
            # All are written aside before the first is moved into place.
            for file, write in reversed(files.items()):
                write(stack.enter_context(replacing(file)))
    except UnicodeEncodeError as error:
        raise SeqclfError(f"{path} cannot be written: a text is not Unicode ({error})") from None
    except RunError as error:
        raise SeqclfError(error.sentence, hint="choose another place with -o") from error
    return list(files)


def _write_text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="")

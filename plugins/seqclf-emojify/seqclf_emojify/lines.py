"""The lines of a text file, plain or gzip."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from seqclf.errors import DataError

_GZIP = b"\x1f\x8b"


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Give each line with its number, from 1, without its end.

    Args:
        path: a UTF-8 text file; gzip is told by its first bytes, not by its name.

    Raises:
        DataError: it cannot be read, is cut short, or is not UTF-8.
    """
    number = 0
    try:
        with path.open("rb") as file:
            for number, line in enumerate(_unpacked(file), 1):
                yield number, line.decode("utf-8").rstrip()
    except UnicodeDecodeError:
        raise DataError(f"{path}, line {number} is not UTF-8 text") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise DataError(
            f"{path} is cut short or damaged after line {number}", "get a whole one"
        ) from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None


def _unpacked(file: BinaryIO) -> BinaryIO:
    start = file.read(len(_GZIP))
    file.seek(0)
    return cast(BinaryIO, gzip.GzipFile(fileobj=file)) if start == _GZIP else file

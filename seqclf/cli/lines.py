"""Texts from files and standard input: line by line, as they come, in constant memory."""

from __future__ import annotations

import contextlib
import queue
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from seqclf.errors import DataError

_END = object()


def read_lines(file: str | None) -> Iterator[str]:
    """Give the lines of a UTF-8 file, or of standard input for "-" and None.

    Line ends are left out; a last line without one counts; a byte order mark does not.

    Raises:
        DataError: the file is missing, or not UTF-8 (with line and byte).
    """
    if file is None or file == "-":
        yield from _decoded(sys.stdin.buffer, "standard input")
        return
    path = Path(file)
    try:
        with path.open("rb") as stream:
            yield from _decoded(stream, str(path))
    except FileNotFoundError:
        raise DataError(f"there is no file {path}") from None
    except IsADirectoryError:
        raise DataError(f"{path} is a folder, not a file") from None
    except PermissionError:
        raise DataError(f"{path} may not be read") from None


def _decoded(stream: BinaryIO, name: str) -> Iterator[str]:
    for number, line in enumerate(stream, 1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise DataError(
                f"{name} line {number} is not UTF-8 (byte {error.start + 1} of the line)",
                hint="convert it first, such as with iconv",
            ) from None
        yield text.rstrip("\r\n")


def chunks_as_they_come(lines: Iterator[str], most: int) -> Iterator[list[str]]:
    """Give lines in chunks: what has arrived by now, at most `most`.

    A slow sender is answered line by line, a quick one chunk by chunk.
    """
    arrived: queue.Queue[object] = queue.Queue(maxsize=2 * most)
    stopped = threading.Event()

    def read() -> None:
        try:
            for line in lines:
                if not _put(arrived, line, stopped):
                    return
            _put(arrived, _END, stopped)
        except BaseException as error:
            _put(arrived, error, stopped)

    threading.Thread(target=read, daemon=True).start()
    try:
        yield from _chunks(arrived, most)
    finally:
        stopped.set()


def _put(arrived: queue.Queue[object], item: object, stopped: threading.Event) -> bool:
    while not stopped.is_set():
        with contextlib.suppress(queue.Full):
            arrived.put(item, timeout=0.5)
            return True
    return False


def _chunks(arrived: queue.Queue[object], most: int) -> Iterator[list[str]]:
    while True:
        items = [arrived.get()]
        with contextlib.suppress(queue.Empty):
            while len(items) < most and isinstance(items[-1], str):
                items.append(arrived.get_nowait())
        texts = [item for item in items if isinstance(item, str)]
        if texts:
            yield texts
        if isinstance(items[-1], BaseException):
            raise items[-1]
        if items[-1] is _END:
            return

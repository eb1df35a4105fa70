"""Texts from files and standard input: line by line, as they come, in constant memory."""

from __future__ import annotations

import contextlib
import io
import queue
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

from seqclf.datasets.files import lines as bounds
from seqclf.datasets.files.decoding import checked_encoding
from seqclf.datasets.files.lines import Lines, TooLongError, reading, too_long
from seqclf.errors import DataError

Item = TypeVar("Item")

_END = object()


def read_lines(file: str | None, encoding: str = "utf-8") -> Iterator[str]:
    r"""Give the lines of a file, gzip or not, or of standard input for "-" and None.

    Only \n and \r\n end a line. Line ends are left out; a last line without one counts; a byte
    order mark does not.

    Raises:
        UsageError: there is no such encoding.
        DataError: the file is missing, or its bytes are no text (the place is told).
    """
    checked_encoding(encoding)
    if file is None or file == "-":
        yield from _decoded(sys.stdin.buffer, "standard input", encoding)
        return
    path = Path(file)
    if path.exists() and not path.is_file() and not path.is_dir():
        with reading(path), path.open("rb") as pipe:
            yield from _decoded(pipe, str(path), encoding)
        return
    lines = Lines(path, encoding, newline="\n")
    number = 0
    try:
        for line in lines:
            lines.taken = 0
            number += 1
            yield line.rstrip("\r\n")
    except TooLongError:
        raise too_long(f"{path.name} line {number + 1}", "each line is one text; cut it") from None


def _decoded(stream: BinaryIO, name: str, encoding: str) -> Iterator[str]:
    """Give the lines of a stream that cannot be read again, each as soon as it is there."""
    number = 0
    text = io.TextIOWrapper(stream, encoding, newline="\n")
    try:
        for number, line in enumerate(iter(lambda: text.readline(bounds.LONGEST + 1), ""), 1):
            if len(line) > bounds.LONGEST:
                raise too_long(f"{name} line {number}", "each line is one text; cut it")
            yield (line.removeprefix("\ufeff") if number == 1 else line).rstrip("\r\n")
    except UnicodeError:
        shown = encoding.upper() if encoding.lower().startswith("utf") else encoding
        raise DataError(
            f"{name} is not {shown}, in line {number + 1} or soon after",
            hint="name its --encoding, or convert it first, such as with iconv",
        ) from None
    finally:
        with contextlib.suppress(ValueError):
            text.detach()


def spooled(file: str | None, folder: Path) -> Path:
    """Put what comes from a pipe, or from standard input for "-" and None, into a file.

    Args:
        file: the pipe.
        folder: where the file is made; it is called as messages call the pipe.

    Raises:
        DataError: it cannot be read, or the disk is full.
    """
    given = file in (None, "-")
    path = folder / ("standard input" if given else Path(str(file)).name)
    try:
        with path.open("wb") as kept:
            if given:
                shutil.copyfileobj(sys.stdin.buffer, kept)
            else:
                with Path(str(file)).open("rb") as pipe:
                    shutil.copyfileobj(pipe, kept)
    except OSError as error:
        raise DataError(
            f"{path.name} cannot be kept in {folder.parent}: {error.strerror or error}",
            hint="free some space, or save it to a file elsewhere and name that",
        ) from None
    return path


def chunks_as_they_come(items: Iterator[Item], most: int) -> Iterator[list[Item]]:
    """Give items in chunks: what has arrived by now, at most `most`.

    A slow sender is answered line by line, a quick one chunk by chunk.
    """
    arrived: queue.Queue[object] = queue.Queue(maxsize=2 * most)
    stopped = threading.Event()

    def read() -> None:
        try:
            for item in items:
                if not _put(arrived, item, stopped):
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


def _chunks(arrived: queue.Queue[object], most: int) -> Iterator[list[Item]]:
    while True:
        items = [arrived.get()]
        with contextlib.suppress(queue.Empty):
            while len(items) < most and not _ends(items[-1]):
                items.append(arrived.get_nowait())
        last = items[-1]
        if _ends(last):
            items.pop()
        if items:
            yield items  # type: ignore[misc]
        if isinstance(last, BaseException):
            raise last
        if last is _END:
            return


def _ends(item: object) -> bool:
    return item is _END or isinstance(item, BaseException)

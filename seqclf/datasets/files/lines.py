"""Lines of a file, plain or gzip, in constant memory whatever the file holds."""

from __future__ import annotations

import codecs
import contextlib
import difflib
import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from seqclf.datasets.files.decoding import decoder_for, undecodable
from seqclf.errors import DataError

LONGEST = 64 * 2**20
"""A line or record of more characters is an error, and is not read to its end."""

_BUFFER = 2**17
_GZIP = b"\x1f\x8b"


NO_ENDS = "see whether the file lacks line ends, or is no text"
"""What to do about a line that is too long."""


class TooLongError(Exception):
    """More than `LONGEST` characters without an end."""


class Lines:
    r"""The lines of a file, with their line ends; they stream again at every iteration.

    Args:
        path: the file; gzip is unpacked, whatever the name.
        encoding: of its text; a byte order mark is dropped, and tells UTF-16 from UTF-8.
        newline: "" ends lines at \n, \r\n and \r, "\n" at that alone.

    Attributes:
        taken: characters given since this was last set to 0. One who wants no record of
            several lines to grow without end sets it where a record ends, others at every line.

    Raises:
        DataError: the file cannot be had, unpacked or decoded.
        TooLongError: `taken` is over `LONGEST`.

    Example:
        >>> _ = Path("two.txt").write_bytes(b"one\r\ntwo")
        >>> list(Lines(Path("two.txt")))
        ['one\r\n', 'two']
    """

    def __init__(self, path: Path, encoding: str = "utf-8", newline: str = "") -> None:
        self.path = path
        self.encoding = encoding
        self.newline = newline
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        self.taken = 0
        most = LONGEST
        with reading(self.path), open_text(self.path, self.encoding, self.newline) as text:
            readline = text.readline
            try:
                line = readline(most + 1).removeprefix("\ufeff")
                while line:
                    self.taken += len(line)
                    if self.taken > most:
                        raise TooLongError
                    yield line
                    line = readline(most + 1)
            except UnicodeError as error:
                raise _undecodable_line(self, text, error) from None


def numbered_lines(path: Path, encoding: str = "utf-8") -> Iterator[tuple[int, str]]:
    r"""Give the lines that are not blank, without their ends, and their numbers.

    Only \n and \r\n end a line.

    Raises:
        DataError: the file cannot be had, unpacked or decoded, or a line is over `LONGEST`.

    Example:
        >>> _ = Path("gap.txt").write_bytes(b"one\n\ntwo\n")
        >>> list(numbered_lines(Path("gap.txt")))
        [(1, 'one'), (3, 'two')]
    """
    lines = Lines(path, encoding, newline="\n")
    number = 0
    try:
        for number, line in enumerate(lines, 1):
            lines.taken = 0
            line = line.rstrip("\r\n")
            if line and not line.isspace():
                yield number, line
    except TooLongError:
        raise too_long(f"{path.name} line {number + 1}", NO_ENDS) from None


def read_text(path: Path, encoding: str = "utf-8") -> str:
    """Give a file's whole text, of `LONGEST` characters at most.

    Raises:
        DataError: the file cannot be had, unpacked or decoded, or is longer.
    """
    with reading(path), open_text(path, encoding) as text:
        try:
            found = text.read(LONGEST + 2).removeprefix("\ufeff")
        except UnicodeError as error:
            lines = Lines(path, encoding)
            raise _undecodable_line(lines, text, error, name=str(path)) from None
    if len(found) > LONGEST:
        raise too_long(str(path), hint="split it into several files")
    return found


def too_long(where: str, hint: str) -> DataError:
    """Make the error for a line, record or file that is longer than `LONGEST`."""
    return DataError(f"{where} is longer than {LONGEST:,} characters", hint)


def open_text(path: Path, encoding: str = "utf-8", newline: str = "") -> io.TextIOWrapper:
    """Open a file as text; what goes wrong is told by `reading`."""
    stream = open_bytes(path)
    try:
        decoder = decoder_for(stream.peek(4096)[:4096], encoding, path.name)
        return io.TextIOWrapper(stream, decoder, newline=newline)
    except BaseException:
        stream.close()
        raise


def open_bytes(path: Path) -> io.BufferedReader:
    """Open a file as bytes, unpacked if it begins as gzip does.

    Raises:
        DataError: it is a pipe or a device, which cannot be read twice.
        OSError: what `reading` tells.
    """
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise DataError(
            f"{path} is not a regular file", hint="it is read more than once; save it to a file"
        )
    plain = path.open("rb")
    if plain.peek(2)[:2] != _GZIP:
        return plain
    plain.close()
    return io.BufferedReader(gzip.GzipFile(path, "rb"), _BUFFER)


def starts_with(path: Path, length: int = 4096) -> bytes:
    """Give the first bytes of a file, unpacked.

    Raises:
        DataError: the file cannot be had or unpacked.
    """
    with reading(path), open_bytes(path) as stream:
        return stream.read(length)


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what the system and gzip raise into sentences.

    Raises:
        DataError: the file is missing, a folder, not to be read, or a broken gzip.
    """
    again = "it may have been cut off; copy or download it again"
    try:
        yield
    except FileNotFoundError:
        raise missing(path) from None
    except NotADirectoryError:
        file = next(parent for parent in path.parents if parent.is_file())
        raise DataError(f"{file} is a file, not a folder: there is no {path}") from None
    except IsADirectoryError:
        raise DataError(f"{path} is a folder, not a file") from None
    except PermissionError:
        raise DataError(f"{path} may not be read", hint="ask its owner for the right") from None
    except EOFError:
        raise DataError(f"{path} is a gzip file that ends too early", again) from None
    except (gzip.BadGzipFile, zlib.error):
        raise DataError(f"{path} is a broken gzip file", again) from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None


def missing(path: Path) -> DataError:
    """Make the error for a file that is not there: the nearest name in its folder."""
    try:
        names = [name for name in os.listdir(path.parent) if not name.startswith(".")]
    except OSError:
        return DataError(f"there is no file {path}", hint=f"there is no folder {path.parent}")
    # A file that is only a little like it is more likely another one than a slip.
    alike = [name for name in names if Path(name).suffix.lower() == path.suffix.lower()]
    found = None
    for known in ({name.lower(): name for name in some} for some in (alike, names)):
        close = difflib.get_close_matches(path.name.lower(), known, n=1, cutoff=0.8)
        found = found or (known[close[0]] if close else None)
    return DataError(
        f"there is no file {path}",
        hint=f"did you mean {path.with_name(found)}?" if found else "",
    )


def _undecodable_line(
    lines: Lines, text: io.TextIOWrapper, error: UnicodeError, name: str = ""
) -> DataError:
    """Make the error for bytes that are no text, with their line and offset."""
    offset, line = None, ""
    if isinstance(error, UnicodeDecodeError):
        # The decoder was given all bytes up to here; those it complains of are the last of them.
        offset = cast(io.BufferedReader, text.buffer).tell() - len(error.object) + error.start
        line = f" line {_line_of(offset, lines, text.encoding)}"
    with lines.path.open("rb") as file:
        packed = file.read(2) == _GZIP
    where = f"{name or lines.path.name}{line}"
    return undecodable(error, lines.encoding, where, offset, packed)


def _line_of(offset: int, lines: Lines, encoding: str) -> int:
    """Count the lines before a byte, in a pass of its own."""
    decoder = codecs.getincrementaldecoder(encoding)()
    ends = io.IncrementalNewlineDecoder(decoder, translate=lines.newline == "")
    count = 1
    with open_bytes(lines.path) as stream:
        while offset > 0 and (some := stream.read(min(offset, _BUFFER))):
            offset -= len(some)
            count += ends.decode(some).count("\n")
    return count

"""Opening a file of word vectors: plain or gzip, its format told by its content."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn, cast

from seqclf.encoding.vector_formats import (
    MOST_LINE,
    MOST_NUMBERS,
    BinaryVectors,
    TextVectors,
    VectorFile,
    shown,
)
from seqclf.errors import DataError, nearest

_GZIP = b"\x1f\x8b"
_BUFFER = 2**20
_HEADER = re.compile(rb"(\d{1,18}) +(\d{1,18})")
_UNPACK = "unpack it and give the file of vectors that is in it"
_OTHERS = {
    b"PK\x03\x04": ("a zip archive", _UNPACK),
    b"BZh": ("packed with bzip2", _UNPACK),
    b"\xfd7zXZ": ("packed with xz", _UNPACK),
    b"\x28\xb5\x2f\xfd": ("packed with zstd", _UNPACK),
    b"\xba\x16\x4f\x2f": ("a fastText model", "give the .vec file that belongs to it"),
    b"\x80": ("a Python pickle", "write it again with gensim's save_word2vec_format"),
    b"\x93NUMPY": ("a numpy array without words", "give a file with the words, too"),
}
"""What is mistaken for a file of vectors, by its first bytes."""


@contextlib.contextmanager
def open_vectors(path: Path) -> Iterator[VectorFile]:
    """Open a file of word vectors in any of the formats.

    GloVe's text has a word and its numbers in every line. Where the first line is two whole
    numbers, how many words and how many numbers each, it is word2vec's text or binary, or
    fastText's `.vec`. Gzip is told by its first bytes, never by the name.

    Args:
        path: the file.

    Raises:
        DataError: it cannot be read, is damaged, empty or something else; also what the
            block runs into while it reads.

    Example:
        >>> import tempfile
        >>> path = Path(tempfile.mkdtemp(), "vectors.vec")
        >>> _ = path.write_text("2 3\\nball 1 2 3\\nfood 4 5 6\\n")
        >>> with open_vectors(path) as file:
        ...     file.dim, [word for word, _ in file.vectors(lambda word: word != b"ball")]
        (3, [b'food'])
    """
    file: VectorFile | None = None
    try:
        with path.open("rb") as plain:
            file = _recognised(_unpacked(plain, path), path)
            yield file
    except (EOFError, zlib.error, gzip.BadGzipFile):
        after = f" after {file.place}" if file and file.read else ""
        raise DataError(f"{path} is cut short or damaged{after}", "get a whole one") from None
    except FileNotFoundError:
        raise DataError(f"there is no file {path}", _suggestion(path)) from None
    except IsADirectoryError:
        raise DataError(f"{path} is a folder, not a file of word vectors") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None


def _suggestion(path: Path) -> str:
    with contextlib.suppress(OSError):
        near = nearest(path.name, (found.name for found in path.parent.iterdir()))
        if near:
            return f"did you mean '{path.with_name(near)}'?"
    return "give a file of word vectors, such as glove.6B.100d.txt"


def _unpacked(plain: BinaryIO, path: Path) -> BinaryIO:
    start = plain.read(8)
    for magic, (what, hint) in _OTHERS.items():
        if start.startswith(magic):
            raise DataError(f"{path} is {what}, not a file of word vectors", hint)
    plain.seek(0)
    packed = gzip.GzipFile(fileobj=plain) if start.startswith(_GZIP) else plain
    # Large steps: a reader of its own, or gzip would unpack a few kilobytes at a time.
    return io.BufferedReader(cast(io.RawIOBase, packed), _BUFFER)


def _recognised(stream: BinaryIO, path: Path) -> VectorFile:
    """Tell the format from the first line and what follows it."""
    line = stream.readline(MOST_LINE)
    first = line.removeprefix(codecs.BOM_UTF8).rstrip(b" \r\n")
    if not line:
        raise DataError(f"{path} is empty", "give a file of word vectors")
    header = _HEADER.fullmatch(first)
    if header is None:
        dim = _numbers_in(first, path)
        stream.seek(len(line) - len(line.removeprefix(codecs.BOM_UTF8)))
        return TextVectors(stream, path, dim=dim, told=None)
    told, dim = map(int, header.groups())
    if not 0 < dim <= MOST_NUMBERS:
        _malformed(path, f"it tells of {dim:,} numbers a word, not of 1 to {MOST_NUMBERS:,}")
    following = stream.read(8 * dim + 1000)
    stream.seek(len(line))
    if _is_text(following, dim):
        return TextVectors(stream, path, dim=dim, told=told)
    return BinaryVectors(stream, path, dim=dim, told=told, start=len(line))


def _numbers_in(first: bytes, path: Path) -> int:
    """Count the numbers of a first line that is a word's own; all of them have to be numbers."""
    _, *numbers = first.split(b" ")
    if len(first) == MOST_LINE:
        _malformed(path, f"it is longer than {MOST_LINE:,} bytes")
    if b"\t" in first:
        _malformed(path, "it has tabs in it", "separate a word and its numbers by single blanks")
    if not numbers:
        _malformed(path, "there are no numbers")
    for number in numbers:
        try:
            float(number)
        except ValueError:
            _malformed(path, f"'{shown(number)}' is not a number")
    if len(numbers) > MOST_NUMBERS:
        _malformed(path, f"it has {len(numbers):,} numbers, more than {MOST_NUMBERS:,}")
    return len(numbers)


def _is_text(following: bytes, dim: int) -> bool:
    """Whether lines follow the header, not float32: even malformed ones have no control signs."""
    fields = following.partition(b"\n")[0].rstrip(b" \r").rsplit(b" ", dim)[1:]
    with contextlib.suppress(ValueError):
        if len(list(map(float, fields))) == dim:
            return True
    try:
        # The end may be in the middle of a sign.
        text = codecs.getincrementaldecoder("utf-8")().decode(following)
    except UnicodeDecodeError:
        return False
    return all(sign >= " " or sign in "\t\r\n" for sign in text)


def _malformed(path: Path, what: str, hint: str = "a line is a word and its numbers") -> NoReturn:
    raise DataError(f"{path}, line 1: {what}", hint)

"""Encoded texts, some thousands at a time: in memory while they are few, else on disk."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import numpy as np

from seqclf.contracts import Encoder, Ragged
from seqclf.errors import DataError, SeqclfError
from seqclf.paths import nameless_file

CHUNK = 8192
"""So many texts are encoded at a time."""

MOST_IN_MEMORY = 64 * 2**20
"""More bytes of ids or numbers than that go to disk."""


def _ignore(done: int, total: int) -> None:
    return None


def encode_in_chunks(
    encoder: Encoder,
    texts: Sequence[str],
    folder: Path | None = None,
    progress: Callable[[int, int], None] = _ignore,
    chunk: int = CHUNK,
) -> Ragged:
    """Encode texts that may lie on disk, without holding all of them.

    Args:
        encoder: what gives a chunk of texts their sequences.
        texts: any number of texts; only `len` and slices are asked of them.
        folder: where a temporary file goes; None takes the system's folder for them.
        progress: called with (texts encoded, texts there are).
        chunk: how many texts are encoded at a time.

    Returns:
        The sequences of all texts, in order.

    Raises:
        SeqclfError: the encoder does not give a sequence a text, or no whole numbers.
        DataError: a text that cannot be encoded; the disk is full.

    Example:
        >>> from seqclf.encoding.words import WordEncoder
        >>> encoder = WordEncoder(["good"], num_words=10)
        >>> [ids.tolist() for ids in encode_in_chunks(encoder, ["good", "bad", ""], chunk=2)]
        [[1, 4], [1, 2], [1]]
    """
    with RaggedWriter(folder) as writer:
        # Without texts, too: the first chunk tells what the values are.
        for start in range(0, max(len(texts), 1), chunk):
            part = texts[start : start + chunk]
            writer.append(_encoded(encoder, part))
            progress(start + len(part), len(texts))
        return writer.finish()


def _encoded(encoder: Encoder, texts: Sequence[str]) -> Ragged:
    given = encoder.encode(texts)
    told = f"tokenizer '{encoder.name}': encode() gave"
    if not isinstance(given, Ragged):
        raise SeqclfError(
            f"{told} {type(given).__name__}, not seqclf.Ragged",
            hint="seqclf.Ragged.from_lists makes one of lists of ids",
        )
    if len(given) != len(texts):
        raise SeqclfError(
            f"{told} {len(given)} sequences for {len(texts)} texts",
            hint="its author gives one a text, an empty text included",
        )
    return given


class RaggedWriter:
    """Collects sequences, and keeps many of them on disk.

    The file has no name: it is gone with the process, however that ends.

    Args:
        folder: where the file goes; where that cannot be written, and for None, the system's
            folder for temporary files.
        most: bytes of values that are kept in memory.

    Example:
        >>> with RaggedWriter() as writer:
        ...     writer.append(Ragged.from_lists([[1, 5], []]))
        ...     writer.append(Ragged.from_lists([[7]]))
        ...     [ids.tolist() for ids in writer.finish()]
        [[1, 5], [], [7]]
    """

    def __init__(self, folder: Path | None = None, most: int = MOST_IN_MEMORY) -> None:
        self._folder = folder
        self._most = most
        self._lengths: list[np.ndarray] = []
        self._values: list[np.ndarray] = []
        self._bytes = 0
        self._like: np.ndarray | None = None
        self._file: IO[bytes] | None = None

    def __enter__(self) -> RaggedWriter:
        return self

    def __exit__(self, *error: object) -> None:
        if self._file is not None:
            # After a full disk, closing writes what is left and fails again.
            with contextlib.suppress(OSError):
                self._file.close()

    def append(self, sequences: Ragged) -> None:
        """Add sequences after those there are.

        Args:
            sequences: token ids of shape (tokens,), or series of shape (steps, features).

        Raises:
            SeqclfError: ids that are no whole numbers below 2**31; series of another number
                of features than those before.
            DataError: the disk is full.
        """
        first, last = sequences.offsets[[0, -1]]
        values = self._settled(sequences.values[first:last])
        self._lengths.append(sequences.lengths)
        self._bytes += values.nbytes
        self._values.append(values)
        if self._file is not None or self._bytes > self._most:
            self._write()

    def finish(self) -> Ragged:
        """Give all sequences; nothing may be added afterwards.

        Returns:
            Values of int32 or float32: an array, or a read-only `numpy.memmap`.

        Raises:
            DataError: the disk is full.
        """
        lengths = np.concatenate([np.zeros(1, np.int64), *self._lengths])
        offsets = np.cumsum(lengths, dtype=np.int64)
        like = np.empty(0, np.int32) if self._like is None else self._like
        if self._file is None:
            values = np.concatenate([like, *self._values])
            self._values.clear()
            return Ragged(values, offsets)
        try:
            self._file.flush()
        except OSError as error:
            raise _cannot_keep(error) from error
        shape = (int(offsets[-1]), *like.shape[1:])
        # The map holds the file open by itself.
        return Ragged(np.memmap(self._file, like.dtype, "r", shape=shape), offsets)

    def _settled(self, values: np.ndarray) -> np.ndarray:
        """Give int32 or float32 of the shape that the first ones had."""
        values = np.asarray(values)
        if values.ndim == 1:
            settled = _int32(values)
        else:
            settled = np.asarray(values, np.float32)
        if self._like is None:
            self._like = settled[:0].copy()
        elif settled.shape[1:] != self._like.shape[1:]:
            raise SeqclfError(
                f"values of shape {_shape(settled)} cannot follow those of shape "
                f"{_shape(self._like)}",
                hint="an encoder gives all texts the same number of features",
            )
        return settled

    def _write(self) -> None:
        try:
            if self._file is None:
                self._file = nameless_file(self._folder)
            for values in self._values:
                self._file.write(np.ascontiguousarray(values).data)
        except OSError as error:
            raise _cannot_keep(error) from error
        self._values.clear()


def _int32(values: np.ndarray) -> np.ndarray:
    # numpy makes an empty list a float64 array.
    if values.dtype.kind not in "iub" and values.size:
        raise SeqclfError(
            f"the token ids must be whole numbers, not {values.dtype}", hint="give int32"
        )
    most = np.iinfo(np.int32).max
    if values.dtype.itemsize >= 4 and values.dtype != np.int32 and values.size:
        for value in (values.min(), values.max()):
            if not -most <= value <= most:
                raise SeqclfError(f"the token ids must be at most {most}, not {value}")
    return values.astype(np.int32, copy=False)


def _shape(values: np.ndarray) -> str:
    return "(tokens,)" if values.ndim == 1 else f"(steps, {values.shape[1]})"


def _cannot_keep(error: OSError) -> DataError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DataError(
            "the encoded texts do not fit on the disk: it is full",
            hint="free some space, or name another folder in TMPDIR",
        )
    reason = error.strerror or str(error) or type(error).__name__
    return DataError(f"the encoded texts cannot be kept in a temporary file: {reason}")

"""Predict every row of a source, and write it with the results."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from seqclf.contracts import FILE_DATASET, Prediction
from seqclf.datasets.files.reading import Row
from seqclf.datasets.files.remarks import without_text
from seqclf.errors import DataError, InterruptedRunError, UsageError
from seqclf.events import Listener, Noted, Progressed, Working
from seqclf.runs.run import Run
from seqclf.scoring.delimited import DelimitedWriter
from seqclf.scoring.layout import Layout
from seqclf.scoring.outputs import (
    JsonLinesWriter,
    UnwritableError,
    Writer,
    check_output,
    kind_of_output,
    writing,
)
from seqclf.scoring.results import Results
from seqclf.scoring.source import Source

if TYPE_CHECKING:
    from seqclf.scoring.parquet import Types

ROWS = 1024
"""Rows that are read, encoded and written together."""

CHARACTERS = 2**22
"""Rows that are longer than this in all are not read together."""


@dataclass(frozen=True)
class Scored:
    """What came of it.

    Args:
        rows: how many rows were written.
        seconds: how long predicting and writing them took.
        replaced: whether there was such a file before.
    """

    rows: int
    seconds: float
    replaced: bool


@dataclass(frozen=True)
class Look:
    """What a first reading of a source finds.

    Args:
        rows: how many there are; 0 where they can be read only once.
        columns: all of them, those that only later rows have at the end.
        types: for Parquet, theirs.
    """

    rows: int
    columns: tuple[str, ...]
    types: Types | None


def score(
    run: Run,
    source: Source,
    output: Path,
    *,
    threshold: float | None = None,
    top: int | None = None,
    prefix: str = "",
    each: bool = False,
    emit: Listener = lambda event: None,
) -> Scored:
    """Predict every row of a source, and write its columns and the results, in its order.

    The source is read twice: what is wrong with it is told before anything is predicted. The file
    is there, whole, in the end, or not at all. At most a few thousand rows are in memory.

    Args:
        run: what predicts.
        source: the rows.
        output: the file; its name says how it is written. One of before is replaced.
        threshold: see `Run.predict_each`.
        top: how many of the most probable classes are wanted.
        prefix: what the names of the new columns begin with.
        each: whether the probability of each class is wanted.
        emit: told how far it has come, and of rows without a text.

    Raises:
        UsageError: the output cannot be meant, or one of its columns is there already.
        DataError: a row that cannot be read, predicted or written.
        RunError: the output cannot be written.
        InterruptedRunError: Ctrl-C; nothing is written then.
    """
    kind = kind_of_output(output)
    check_output(output, source.path)
    run.check_threshold(threshold)
    results = Results(run.labels, run.kind, top=top, prefix=prefix, each=each)
    separator = _separator(run, results, kind)
    done = 0
    try:
        look = _look(source, kind, emit)
        results.check(source.name, look.columns)
        if nulls := source.nulls():
            emit(Noted(without_text(source.name, nulls)))
        emit(Working("loading the model"))
        _ = run.model
        replaced = output.exists()
        with writing(output) as file:
            started = time.perf_counter()
            writer = _writer(file, kind, source, look, results, separator)
            try:
                for rows in chunks(source):
                    predictions = predicted(run, source, rows, threshold)
                    _write(writer, source, rows, predictions, results)
                    done += len(rows)
                    emit(Progressed(f"predicting {source.name}", done, look.rows))
                writer.close()
            except BaseException:
                writer.abandon()
                raise
            seconds = time.perf_counter() - started
    except KeyboardInterrupt:
        raise InterruptedRunError(
            f"interrupted after {done:,} rows; {output} was not written"
        ) from None
    return Scored(done, seconds, replaced)


def chunks(source: Source) -> Iterator[list[Row]]:
    """Give the rows of a source in lists of bounded length and size."""
    rows: list[Row] = []
    size = 0
    with closing(source.rows()) as stream:  # type: ignore[type-var]
        for row in stream:
            rows.append(row)
            size += len(row[1])
            for cell in row[2].values():
                if type(cell) is str:
                    size += len(cell)
            if len(rows) == ROWS or size >= CHARACTERS:
                yield rows
                rows, size = [], 0
    if rows:
        yield rows


def predicted(
    run: Run, source: Source, rows: list[Row], threshold: float | None
) -> list[Prediction]:
    """Predict a few rows.

    Raises:
        DataError: a text that cannot be encoded; its place is told.
    """
    try:
        return run.predict_chunk([text for _, text, _ in rows], threshold=threshold)
    except DataError as error:
        encoder = run.checked_encoder()
        for place, text, _ in rows:
            try:
                encoder.encode([text])
            except DataError as found:
                raise DataError(f"{source.at(place)}: {found.sentence}", found.hint) from None
        raise error


def _look(source: Source, kind: str, emit: Listener) -> Look:
    """Read a source once: count its rows, find all columns, and tell what is wrong with it."""
    types = None
    if kind == ".parquet":
        from seqclf.scoring.parquet import Types, check_pyarrow

        check_pyarrow()
        types = Types(source.name, source.path if source.typed else None)
    columns = dict.fromkeys(source.columns)
    count = 0
    if source.again:
        for rows in chunks(source):
            cells = [row for _, _, row in rows]
            for row in cells:
                if len(row) > len(columns) or row.keys() != columns.keys():
                    columns.update(dict.fromkeys(row))
            if types is not None:
                with _placed(source, rows):
                    types.learn(columns, cells)
            count += len(rows)
            emit(Progressed(f"reading {source.name}", count, 0))
    return Look(count, tuple(columns), types)


def _writer(
    file: BinaryIO, kind: str, source: Source, look: Look, results: Results, separator: str
) -> Writer:
    added = results.columns
    lists = results.lists
    if look.types is not None:
        from seqclf.scoring.parquet import ParquetWriter

        names = {"kept": look.columns, "added": added, "texts": results.texts, "lists": lists}
        with _named(source, "write .jsonl or .csv"):
            return ParquetWriter(file, look.types, **names)
    if kind in (".csv", ".tsv"):
        columns = (*look.columns, *added)
        alike = source.layout is not None and source.layout.suffix == kind
        layout = source.layout if alike and source.layout else Layout.usual(kind)
        with _named(source):
            return DelimitedWriter(file, columns, layout, separator=separator, lists=lists)
    return JsonLinesWriter(file)


@contextmanager
def _named(source: Source, hint: str = "") -> Iterator[None]:
    """Say of which file the columns cannot be written."""
    try:
        yield
    except UnwritableError as error:
        raise DataError(f"{source.name}: {error}", error.hint or hint) from None


def _write(
    writer: Writer,
    source: Source,
    rows: list[Row],
    predictions: list[Prediction],
    results: Results,
) -> None:
    made: list[dict[str, Any]] = []
    for (_, _, row), prediction in zip(rows, predictions, strict=True):
        made.append({**row, **dict(zip(results.columns, results.of(prediction), strict=True))})
    with _placed(source, rows):
        writer.write(made)


@contextmanager
def _placed(source: Source, rows: list[Row]) -> Iterator[None]:
    """Say where a row stands that cannot be written."""
    try:
        yield
    except UnwritableError as error:
        raise DataError(f"{source.at(rows[error.number][0])}: {error}", error.hint) from None


def _separator(run: Run, results: Results, kind: str) -> str:
    """Give what stands between several labels of a text: what did so in training."""
    options = run.config.dataset_options
    ours = run.config.dataset.rpartition(":")[2] == FILE_DATASET
    separator = str(options.get("separator") or ",") if ours else ","
    clash = next((label for label in run.labels if separator in label), None)
    if results.lists and clash is not None and kind in (".csv", ".tsv"):
        raise UsageError(
            f"the label '{clash}' has a {separator!r} in it, so that labels cannot be joined by it",
            hint="write .jsonl or .parquet, where labels are a list",
        )
    return separator

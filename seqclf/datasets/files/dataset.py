"""The dataset `file`: a person's own table or folder, as texts with labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from seqclf.contracts import LoadContext, Splits
from seqclf.datasets.files.assembling import Assembly
from seqclf.datasets.files.columns import (
    Columns,
    Form,
    choose_columns,
    say_guessed,
)
from seqclf.datasets.files.labels import LabelBook
from seqclf.datasets.files.parts import find_parts
from seqclf.datasets.files.reading import Examples, read_examples
from seqclf.datasets.files.roles import called_split, split_column_of
from seqclf.datasets.files.table import Table
from seqclf.datasets.files.tables import open_table
from seqclf.declare import dataset
from seqclf.errors import UsageError
from seqclf.options import Count, Range, Rate


def encoder_for(options: Mapping[str, Any]) -> str:
    """Name the encoder that reads what the options of the dataset `file` say the columns hold.

    Example:
        >>> encoder_for({"path": "tickets.csv"}), encoder_for({"series": "wide"})
        ('word', 'series')
    """
    if options.get("ids"):
        return "ids"
    return "series" if options.get("series") else "word"


@dataset(
    "file",
    summary="your own file: CSV, TSV, JSON lines, Parquet, fastText lines, or folders",
    origin="file",
    defaults={"maxlen": "auto"},
    licence="as you have it",
    source="your own file or folder",
    encoder_for=encoder_for,
)
def file(
    context: LoadContext,
    path: str,
    text_column: tuple[str, ...] = (),
    label_column: str | None = None,
    test: str | None = None,
    validation: str | None = None,
    split_column: str | None = None,
    test_split: Rate = 0.2,
    seed: Annotated[int, Range(least=0, most=2**32 - 1)] = 113,
    labels: tuple[str, ...] = (),
    multilabel: bool = False,
    separator: str = ",",
    delimiter: str | None = None,
    quote: str | None = '"',
    header: Literal["auto", "yes", "no"] = "auto",
    encoding: str = "utf-8",
    drop_missing: bool = False,
    ids: bool = False,
    series: Literal["wide", "long"] | None = None,
    series_column: str | None = None,
    features: Count = 1,
) -> Splits:
    """Read texts, token ids or numeric series and their classes from a file of your own.

    Args:
        context: where large texts are put aside; notes say what was guessed.
        path: a CSV, TSV, JSON lines or Parquet file or fastText's lines, gzipped or not; a folder
            with one folder a class; or a folder with train, test and validation files or folders.
        text_column: the column of the texts; several, separated by commas, are joined by a blank.
            Without, it is guessed and said; for ids and series all columns but the others named.
        label_column: the column of the classes; guessed and said without.
        test: the file or folder to be judged by.
        validation: the file or folder that epochs are compared on.
        split_column: the column that says train, validation or test of each row. Without, one
            called "split" is taken if any of its rows does; an empty name takes none.
        test_split: the share of the training rows that is held out to be judged by, stratified,
            where no file and no column says which; 0 holds out none.
        seed: fixes the order of the training rows, and so which are held out.
        labels: the classes in their order, separated by commas; rows of other classes are left
            out. Without, all there are: by number where all are whole numbers, else by name.
        multilabel: whether a text has any number of the classes.
        separator: what stands between several labels of a text.
        delimiter: what stands between columns; guessed without. "tab" is a tab.
        quote: what stands around a field that holds delimiters; none for nothing.
        header: whether the first line names the columns, which are called 1, 2, … else.
        encoding: the file's encoding, such as latin-1.
        drop_missing: whether rows without a class are left out, rather than told as an error.
        ids: whether the columns hold token ids: "12 5 99", or one a column.
        series: whether the columns hold numbers: wide, a row a series; long, a row a time step.
        series_column: for long, the column that says which series a row belongs to.
        features: for wide, how many columns make a time step.

    Returns:
        The training rows in a seeded order of which every beginning and end is stratified; test
        and validation rows as they are in the file. Texts lie on disk where they are many.

    Raises:
        UsageError: columns or options that cannot be meant.
        DataError: a file that cannot be read, or rows that cannot be learned from.

    Example:
        >>> rows = ["text,label", "all is well,calm", "it broke,angry", "thank you,calm"]
        >>> _ = Path("tickets.csv").write_text("\\n".join(rows))
        >>> splits = file.load(LoadContext(Path("cache")), path="tickets.csv", test_split=0)
        >>> splits.labels, sorted(splits.train.texts)
        (('angry', 'calm'), ['all is well', 'it broke', 'thank you'])
    """
    import hashlib

    form = _form(ids, series, series_column, features)
    if split_column and (test is not None or validation is not None):
        raise UsageError("--split-column and files of their own both say which rows to test on")
    parts = find_parts(path, test, validation)
    alone = parts.test is None and parts.validation is None
    learned = bool(context.classes)
    book = LabelBook(context.classes or labels, multilabel, separator, learned)
    digest = hashlib.sha256()

    def read(table: Table, columns: Columns) -> Examples:
        digest.update(b"table\n")
        return read_examples(
            table,
            columns,
            book,
            digest,
            context,
            form=form,
            features=features,
            drop_missing=drop_missing,
        )

    def opened(source: Path, first_line_names: bool | None) -> Table:
        between = "\t" if delimiter in ("tab", "\\t") else delimiter
        return open_table(
            source,
            delimiter=between,
            quote=quote,
            header=first_line_names,
            encoding=encoding,
            labels_required=not multilabel and not drop_missing,
            names=tuple(filter(None, (*text_column, label_column, split_column, series_column))),
        )

    table = opened(parts.train, {"auto": None, "yes": True, "no": False}[header])
    columns = choose_columns(
        table,
        text=text_column,
        label=label_column,
        split=split_column if alone else "",
        series=series_column,
        form=form,
    )
    say_guessed(table, columns, form, context.note)
    used = (*columns.texts, columns.label, columns.split, columns.series)
    unused = called_split(table)
    if split_column is None and unused is not None and unused not in used:
        if alone:
            why = "it names no split: neither train nor test nor validation"
            context.note(f"{table.path.name}: column '{unused}' is not used; {why}")
        elif split_column_of(table):
            why = "since files say the same"
            context.note(f"{table.path.name}: column '{unused}' is not used, {why}")
    assembly = Assembly(read(table, columns), book, context)
    for name, source in (("validation", parts.validation), ("test", parts.test)):
        if source is not None:
            other = opened(source, table.header is not False)
            other = replace(other, header_guessed=header == "auto" and other.header is not None)
            assembly.add(name, read(other, _same_columns(other, columns, form)))
    digest.update("\0".join(book.numbers).encode("utf-8", "surrogatepass"))
    splits = assembly.splits(test_split, seed, digest.hexdigest())
    return replace(splits, options=_settled(table, columns, header))


def _form(ids: bool, series: str | None, series_column: str | None, features: int) -> Form:
    """Settle what the columns hold.

    Raises:
        UsageError: options that contradict each other.
    """
    if ids and series:
        raise UsageError("--ids and --series both say what the columns hold", hint="leave one out")
    if series == "long" and series_column is None:
        raise UsageError(
            "--series long has a row a time step",
            hint="say which column names a row's series with --series-column",
        )
    if series_column is not None and series != "long":
        raise UsageError("--series-column is for --series long, where a row is a time step")
    if features > 1 and series != "wide":
        raise UsageError(
            "--features is for --series wide, where a row is a series",
            hint="for long, each text column is a feature" if series == "long" else "",
        )
    if series is not None:
        return "wide" if series == "wide" else "long"
    return "ids" if ids else "text"


def _settled(table: Table, columns: Columns, header: str) -> dict[str, Any]:
    """Say what was guessed as options, so that the run reads other files in the same way."""
    settled: dict[str, Any] = {"text_column": columns.texts, "label_column": columns.label}
    if header == "auto":
        settled["header"] = "no" if table.header is False else "yes"
    return settled


def _same_columns(table: Table, columns: Columns, form: Form) -> Columns:
    """Find the training file's columns in another file, which must have them all."""
    return choose_columns(
        table,
        text=columns.texts,
        label=columns.label,
        split="",
        series=columns.series,
        form=form,
    )

"""`seqclf predict RUN`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seqclf.cli.fileoptions import column_options
from seqclf.cli.finding import open_named_run
from seqclf.cli.options import (
    json_option,
    kernel_option,
    out_option,
    plugin_option,
    run_argument,
)
from seqclf.cli.sections import SectionedCommand
from seqclf.errors import UsageError

if TYPE_CHECKING:
    from seqclf.contracts import Note
    from seqclf.runs.run import Run
    from seqclf.scoring.source import Source


@click.command("predict", cls=SectionedCommand)
@run_argument
@click.argument("texts", metavar="[TEXT]...", nargs=-1)
@click.option(
    "--file",
    metavar="FILE",
    help="Read a CSV, TSV, JSON lines or Parquet file, a folder with one folder a class, or texts, "
    "one a line; - is standard input.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the input's columns and the results there: .csv, .tsv, .jsonl or .parquet, .gz "
    "too. A file that is there is replaced once all rows are done. A .csv from a .csv and a .tsv "
    "from a .tsv keep delimiter, quote and byte order mark.",
)
@click.option(
    "--top-k", type=click.IntRange(1), metavar="INTEGER", help="Show the K most probable classes."
)
@click.option(
    "--threshold",
    type=click.FloatRange(0, 1),
    metavar="NUMBER",
    help="Probability above which the second class, or each label of a multilabel run, is chosen."
    "  [default: 0.5]",
)
@click.option(
    "--probabilities",
    is_flag=True,
    help="With -o: add a column probability_<class> for each class; several labels a text always "
    "have them.",
)
@click.option(
    "--prefix",
    metavar="TEXT",
    help="With -o: what the names of the new columns begin with.",
)
@kernel_option
@out_option
@plugin_option
@json_option
@click.option("--jsonl", is_flag=True, help="Print one JSON line a text.")
@column_options
def command(
    run: str,
    texts: tuple[str, ...],
    file: str | None,
    output: Path | None,
    top_k: int | None,
    threshold: float | None,
    probabilities: bool,
    prefix: str | None,
    kernel: str | None,
    out: Path | None,
    plugin: tuple[str, ...],
    as_json: bool,
    jsonl: bool,
    **column_settings: Any,
) -> None:
    """Classify texts with RUN: its folder, its name, or "last".

    Texts come from the arguments, from --file, or from standard input, one a line. Each gives one
    result, in order, empty ones too. Input is read as it comes, in constant memory.

    A file is read as the run's training file was: as a table, with the texts in the same columns.
    Lines of standard input, and of a .txt without these columns, are a text each, as they are for
    a run of another dataset; the options below make them a table.

    With -o, all columns are kept, and "prediction" and "probability", which is that of the
    predicted class, are added; --top-k adds "prediction_2", "probability_2" and so on. Several
    labels a text give "prediction" and a "probability_<class>" each.
    """
    if as_json and jsonl:
        raise UsageError("--json and --jsonl exclude each other")
    if texts == ("-",) and file is None:
        texts, file = (), "-"
    if texts and file is not None:
        raise UsageError("texts and --file exclude each other")
    if not texts and file is None and (sys.stdin is None or sys.stdin.isatty()):
        raise UsageError(
            "there is no text to classify",
            hint="write one after RUN in quotes, or use --file FILE, or --file - to type lines",
        )
    _check_output(output, file, jsonl, prefix, probabilities)
    opened, _ = open_named_run(run, out, plugin, kernel)
    opened.check_threshold(threshold)
    opened.checked_encoder()
    from seqclf.cli.predicting import print_predictions, write_predictions

    if output is None:
        source = _source(opened, texts, file, column_settings, _print_note)
        print_predictions(opened, source, threshold, top_k, as_json=as_json, jsonl=jsonl)
        return

    def source_with(note: Note) -> Source:
        return _source(opened, texts, file, column_settings, note, alone=True)

    write_predictions(
        opened,
        source_with,
        output,
        threshold,
        top_k,
        prefix=prefix or "",
        probabilities=probabilities,
        as_json=as_json,
    )


def _check_output(
    output: Path | None, file: str | None, jsonl: bool, prefix: str | None, probabilities: bool
) -> None:
    """Refuse an output that cannot be meant, before anything slow begins."""
    if output is None:
        if prefix is not None:
            raise UsageError("--prefix goes with -o FILE")
        if probabilities:
            raise UsageError(
                "--probabilities goes with -o FILE", hint="--jsonl prints those of all classes"
            )
        return
    from seqclf.scoring.outputs import check_output, kind_of_output

    if jsonl:
        raise UsageError("--jsonl prints the results", hint="write -o FILE.jsonl alone")
    kind_of_output(output)
    check_output(output, None if file in (None, "-") else Path(str(file)))


def _source(
    opened: Run,
    texts: tuple[str, ...],
    file: str | None,
    column_settings: dict[str, Any],
    note: Note,
    *,
    alone: bool = False,
) -> Source:
    """Find out what is to be classified: texts, lines or a table.

    Args:
        opened: the run.
        texts: those from the command line.
        file: the file, or None.
        column_settings: how its columns are found.
        note: takes sentences on what was guessed.
        alone: whether it is to be said that a file is read as lines.
    """
    from seqclf.cli.lines import read_lines, spooled
    from seqclf.datasets.files.tables import is_table_path
    from seqclf.scoring.source import is_table, lines_source, open_source
    from seqclf.scoring.trained import Trained

    said = {name: value for name, value in column_settings.items() if value not in (None, ())}
    encoding = said.pop("encoding", "utf-8")
    if str(said.get("quote", "")).lower() == "none":
        said["quote"] = None
    columns = said.pop("text_column", ())
    told = bool(said or columns)
    if texts:
        if told:
            flag = next(iter(["text_column"] if columns else said)).replace("_", "-")
            raise UsageError(f"--{flag} is for a file", hint="name the table with --file")
        return lines_source("the command line", lambda: texts)
    given = file is None or file == "-"
    path = Path("-" if file is None else file)
    piped = given or (path.exists() and not path.is_file() and not path.is_dir())
    named = is_table_path(path) if piped else is_table(path, opened, encoding)
    if told or (named and not given):
        if piped:
            folder = tempfile.TemporaryDirectory(prefix="seqclf-")
            path = spooled(file, Path(click.get_current_context().with_resource(folder)))
        return open_source(
            path, opened, text_column=columns, layout=said, encoding=encoding, note=note
        )
    name = "standard input" if given else path.name
    if Trained.of(opened).table or (alone and not piped):
        note(f"{name}: each line is one text (--text-column reads columns)")
    return lines_source(name, lambda: read_lines(file, encoding), again=not piped)


def _print_note(sentence: str) -> None:
    from seqclf.cli.registering import print_sentences

    print_sentences([sentence])

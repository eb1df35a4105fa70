"""`seqclf code RUN_OR_DATASET`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from seqclf.cli import complete
from seqclf.cli.documents import print_document
from seqclf.cli.encodingoptions import encoding_options, taken_encoding_options
from seqclf.cli.fileoptions import file_options, taken_file_options
from seqclf.cli.options import (
    bucket_option,
    data_dir_option,
    dataset_options_option,
    given,
    json_option,
    merged,
    out_option,
    pairs,
    params_option,
    plugin_option,
    setting_options,
)
from seqclf.cli.registering import print_sentences, tell_complaints
from seqclf.cli.run import SETTINGS
from seqclf.cli.sections import SectionedCommand
from seqclf.errors import UsageError
from seqclf.events import Event, Listener, Noted


@click.command("code", cls=SectionedCommand)
@click.argument("subject", metavar="RUN_OR_DATASET", shell_complete=complete.datasets)
@click.option(
    "--language",
    metavar="python|r",
    help="What to write: Keras' Python, or R's keras3.  [default: by FILE's suffix, else python]",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the script to FILE, and the data it reads beside it.  [default: standard output]",
)
@click.option("--force", is_flag=True, help="Replace files that exist.")
@click.option(
    "--arch",
    metavar="NAME",
    shell_complete=complete.architectures,
    help="The architecture, with a dataset.  [default: lstm]",
)
@params_option
@dataset_options_option
@setting_options(SETTINGS)
@bucket_option
@data_dir_option
@out_option
@plugin_option
@json_option
@encoding_options
@file_options
def command(
    subject: str,
    language: str | None,
    output: Path | None,
    force: bool,
    arch: str | None,
    params: tuple[str, ...],
    dataset_options: tuple[str, ...],
    tokenizer: str | None,
    tokenizer_options: tuple[str, ...],
    data_dir: str | None,
    out: Path | None,
    plugin: tuple[str, ...],
    as_json: bool,
    **settings: Any,
) -> None:
    """Write the script that does what a run did, in Python or R.

    RUN_OR_DATASET is a run (its folder, its name, or "last"), which brings its own settings, or a
    dataset or a file of your own, with --arch and the settings of seqclf run. Where both have the
    name, the run is meant.

    The script is to be read, kept and run without seqclf. The Python one gives the history of a run
    with --kernel keras exactly, with the same versions and seed; fused kernels round otherwise and
    sum the gradient of the embedding. Data that Keras itself does not bring are written beside the
    script, with -o.
    """
    from seqclf.code.make import LANGUAGES, write_code
    from seqclf.code.writing import check_target, write_script

    language = _language(language, output)
    if language not in LANGUAGES:
        raise UsageError(f"--language must be python or r, not '{language}'")
    if force and output is None:
        raise UsageError("--force needs -o FILE")
    if output is not None:
        check_target(output)
    settings = {name: value for name, value in settings.items() if value not in (None, ())}
    asked = [*settings, *given({"tokenizer": tokenizer})]
    tables = {"-p": params, "-d": dataset_options, "-t": tokenizer_options}
    asked += [flag for flag, values in tables.items() if values]
    file = taken_file_options(settings)
    more_params, more_tokenizer = taken_encoding_options(settings)
    flags: dict[str, Any] = {
        **given({"arch": arch, "data_dir": data_dir, "tokenizer": tokenizer, **settings}),
        "params": merged(pairs(params, "-p"), more_params, "-p", mask_zero="--mask"),
        "dataset_options": merged(pairs(dataset_options, "-d"), file, "-d"),
        "tokenizer_options": merged(pairs(tokenizer_options, "-t"), more_tokenizer, "-t"),
        "plugins": list(plugin),
    }
    found = _find(subject, flags, asked, out)
    stem = _stem(found) if output is None else output.stem
    from seqclf.ui.consoles import stderr_console
    from seqclf.ui.working import working

    notes: list[str] = []
    with working(stderr_console(), "writing the script"):
        script = write_code(found, language, stem, _noting(notes))
    written = [] if output is None else write_script(output, script, force=force)
    if script.files and output is None:
        notes.append(f"the script reads {', '.join(script.files)}: -o FILE writes them, too")
    print_sentences(notes)
    if as_json:
        files = [str(path) for path in written]
        print_document({"language": language, "script": script.text, "files": files})
    elif output is None:
        sys.stdout.write(script.text)
    else:
        for path in written:
            print(path)


def _language(asked: str | None, output: Path | None) -> str:
    """Choose the language by the option or by the file's suffix, which must not disagree."""
    suffix = "" if output is None else output.suffix.lower()
    by_suffix = {".py": "python", ".r": "r"}.get(suffix)
    if asked is not None and by_suffix not in (None, asked):
        raise UsageError(
            f"--language {asked} does not go with {output}", hint="leave out --language"
        )
    return asked or by_suffix or "python"


def _stem(found: Any) -> str:
    """Give what the data files' names begin with: the dataset's name, or the file's."""
    config = found.config
    if config.data == config.dataset:
        return str(found.dataset.name)
    return str(config.data).partition(".")[0] or "data"


def _find(reference: str, flags: dict[str, Any], asked: list[str], out: Path | None) -> Any:
    """Find the run, which none of what was asked for may change, or settle the settings."""
    from seqclf.code.finding import run_folder, run_subject, settings_subject
    from seqclf.runs.folder import runs_folder

    runs = runs_folder() if out is None else out
    folder = run_folder(reference, runs)
    if folder is None:
        found = settings_subject(reference, flags, runs)
        tell_complaints(found.registry.plugins)
        return found
    if asked:
        said = sorted(name if name[0] == "-" else f"--{name.replace('_', '-')}" for name in asked)
        raise UsageError(
            f"'{reference}' is a run and has settings of its own: {', '.join(said)} cannot be set",
            hint="name its dataset to write a script with other settings",
        )
    found, notes = run_subject(
        folder, flags["plugins"], arch=flags.get("arch"), data_dir=flags.get("data_dir")
    )
    print_sentences(notes)
    return found


def _noting(notes: list[str]) -> Listener:
    def listen(event: Event) -> None:
        # The network is built more than once, and says the same each time.
        if isinstance(event, Noted) and event.sentence not in notes:
            notes.append(event.sentence)

    return listen

"""`seqclf new-plugin NAME`."""

from __future__ import annotations

from pathlib import Path

import click

from seqclf.cli.documents import print_document
from seqclf.cli.options import json_option
from seqclf.cli.registering import load_registry, tell_complaints
from seqclf.scaffold.material import KINDS, LICENCES


@click.command("new-plugin")
@click.argument("name", metavar="NAME")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    metavar="|".join(KINDS),
    default="architecture",
    show_default=True,
    help="What the plugin gives.",
)
@click.option(
    "--licence",
    type=click.Choice(LICENCES, case_sensitive=False),
    metavar="|".join(LICENCES),
    default="MIT",
    show_default=True,
    help="Under which terms others may use it; none writes no LICENSE.",
)
@click.option(
    "--author",
    metavar="TEXT",
    help="Who stands in the licence and in setup.cfg.  [default: git's user.name]",
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Where the plugin's own folder is to be made.  [default: the current folder]",
)
@json_option
def command(
    name: str, kind: str, licence: str, author: str | None, folder: Path, as_json: bool
) -> None:
    """Write a new plugin: a distribution that installs, trains and passes its own tests.

    NAME is the plugin's name, such as moon: it makes the folder seqclf-moon with the distribution
    seqclf-moon, the package seqclf_moon and, in it, a small worked example under the name moon to
    put your own in place of.

    The files are listed on standard output; the commands that install the plugin, run it, test
    it and check it follow on standard error.
    """
    from seqclf.scaffold.commands import next_commands
    from seqclf.scaffold.material import make_files
    from seqclf.scaffold.names import check_free, read_names
    from seqclf.scaffold.writing import check_target, write_folder

    names = read_names(name)
    target = folder / names.distribution
    check_target(target)
    registry = load_registry()
    check_free(names, registry)
    who, notes = _author(author, names.distribution)
    written = write_folder(target, make_files(names, kind, licence, who))
    commands = next_commands(names, kind, target)
    tell_complaints(registry.plugins)
    _tell(notes)
    if as_json:
        document = {
            "name": names.plugin,
            "kind": kind,
            "distribution": names.distribution,
            "package": names.package,
            "licence": licence,
            "author": who,
            "folder": str(target),
            "files": [str(path) for path in written],
            "next": commands,
        }
        print_document(document)
        return
    for path in written:
        print(path)
    _print_next(commands)


def _author(given: str | None, distribution: str) -> tuple[str, list[str]]:
    """Settle the author: the one given, git's, or words that stand in for a name."""
    from seqclf.scaffold.author import git_author, read_author

    if given is not None:
        return read_author(given), []
    known = git_author()
    if known:
        return known, []
    stand_in = f"The {distribution} authors"
    return stand_in, [f"git knows no user.name, so '{stand_in}' is the author; --author sets it"]


def _tell(notes: list[str]) -> None:
    if notes:
        from seqclf.ui.consoles import stderr_console
        from seqclf.ui.errors import print_note

        for note in notes:
            print_note(stderr_console(), note)


def _print_next(commands: list[str]) -> None:
    # Neither wrapped nor coloured: each line is to be copied whole.
    click.echo("\nNow type, line by line:", err=True)
    for line in commands:
        click.echo(f"  {line}", err=True)

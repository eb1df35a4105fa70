"""`seqclf completion SHELL`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_HOW = {
    "bash": 'eval "$(seqclf completion bash)" in ~/.bashrc',
    "zsh": 'eval "$(seqclf completion zsh)" in ~/.zshrc, after compinit',
    "fish": "seqclf completion fish | source in ~/.config/fish/config.fish",
}


@click.command(
    "completion",
    epilog="Put one of these lines into your shell's start-up file: "
    + "; ".join(_HOW.values())
    + ".",
)
@click.argument("shell", type=click.Choice(sorted(_HOW)))
def command(shell: str) -> None:
    """Print the script that makes SHELL complete commands, options and names.

    Architectures, datasets, runs and the options after -p and -d are completed, those of plugins
    included.
    """
    from seqclf.cli.program import program

    found = get_completion_class(shell)
    assert found is not None
    source = found(program, {}, "seqclf", "_SEQCLF_COMPLETE").source()
    if shell == "bash":
        # After "units=" comes a value, not a space.
        added = "COMPREPLY+=($value)\n            [[ $value == *= ]] && compopt -o nospace"
        source = source.replace("COMPREPLY+=($value)", added)
    click.echo(source)

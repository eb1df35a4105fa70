"""The `seqclf` command itself: its commands, imported on use, and how it ends."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from seqclf import __version__
from seqclf.cli import plugin_commands
from seqclf.errors import SeqclfError, described, unknown

COMMANDS = {
    "run": ("seqclf.cli.run", "Train a network on a dataset and keep the run."),
    "check": ("seqclf.cli.check", "Look at a file or a dataset before training."),
    "predict": ("seqclf.cli.predict", "Classify texts with a run."),
    "evaluate": ("seqclf.cli.evaluate", "Judge a run by its dataset."),
    "plot": ("seqclf.cli.plot", "Draw a run's history as R's plot(history) does."),
    "summary": ("seqclf.cli.summary", "Show an architecture's layers and parameter counts."),
    "code": ("seqclf.cli.code", "Write the script that does what a run did, in Python or R."),
    "archs": ("seqclf.cli.archs", "List the architectures, or show one with its options."),
    "datasets": ("seqclf.cli.datasets", "List the datasets, or show one with its options."),
    "tokenizers": ("seqclf.cli.tokenizers", "List what turns texts into token ids."),
    "metrics": ("seqclf.cli.metrics", "List the metrics for --metrics."),
    "plugins": ("seqclf.cli.plugins", "List the plugins: what each gives, what failed and why."),
    "new-plugin": (
        "seqclf.cli.new_plugin",
        "Write a new plugin that installs, trains and has tests.",
    ),
    "runs": ("seqclf.cli.runs", "List the runs with their figures."),
    "info": ("seqclf.cli.info", "Show versions, backend, devices and folders."),
    "completion": ("seqclf.cli.completion", "Print the script that completes names in a shell."),
}
"""Command to its module (which has a click command named `command`) and its one-line summary."""


class LazyGroup(click.Group):
    """A group whose commands are imported on use, so that `--help` starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands, in the order a newcomer meets them; those of plugins come last."""
        return [*COMMANDS, *plugin_commands.listed(COMMANDS)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in COMMANDS:
            return plugin_commands.find_command(cmd_name)
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the command, or suggest the nearest name."""
        name = args[0] if args else ""
        if name in COMMANDS or name.startswith("-"):
            return super().resolve_command(ctx, args)
        command = self.get_command(ctx, name)
        if command is None:
            raise unknown("command", name, self.list_commands(ctx))
        return name, command, args[1:]

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what goes wrong in one of a plugin's is told as the plugin's."""
        try:
            return super().invoke(ctx)
        except (SeqclfError, click.ClickException, click.exceptions.Exit, OSError, MemoryError):
            raise
        except Exception as error:
            name = ctx.invoked_subcommand or ""
            if name in COMMANDS:
                raise
            raise SeqclfError(
                f"the command '{name}' of a plugin failed: {described(error)}",
                hint="set SEQCLF_DEBUG=1 to see where",
            ) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])
        others = plugin_commands.listed(COMMANDS)
        if others:
            with formatter.section("Commands of plugins"):
                formatter.write_dl(list(others.items()))


@click.command(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start here: seqclf run reviews --arch lstm",
)
@click.version_option(__version__, "-V", "--version", message="seqclf %(version)s")
def program() -> None:
    """Train, use and compare recurrent networks that classify sequences."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its exit code.

    Args:
        arguments: what stands after `seqclf`; defaults to `sys.argv[1:]`.
    """
    sys.exit(run_program(arguments))


def run_program(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and give its exit code; no mistake of a user's ends in a traceback."""
    try:
        status = program.main(
            None if arguments is None else list(arguments),
            prog_name="seqclf",
            standalone_mode=False,
        )
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except SeqclfError as error:
        return _end(error.sentence, error.exit_code, error, error.hint)
    except click.UsageError as error:
        return _end(error.format_message(), 2, error, _help_hint(error))
    except click.ClickException as error:
        return _end(error.format_message(), 1, error)
    except (KeyboardInterrupt, click.Abort) as error:
        return _end("interrupted", 130, error)
    except BrokenPipeError:
        _forget_stdout()
        return 1
    except OSError as error:
        _forget_stdout()
        what = f"{error.filename}: " if error.filename else ""
        return _end(f"{what}{error.strerror or error}", 1, error)
    except MemoryError as error:
        return _end("there is not enough memory", 1, error, "lower --batch-size or --limit")
    except Exception as error:
        told = " ".join(str(error).split())
        sentence = f"seqclf has a fault: {type(error).__name__}: {told}"
        return _end(sentence, 1, error, "set SEQCLF_DEBUG=1 to see where")


def _help_hint(error: click.UsageError) -> str:
    return "" if error.ctx is None else f"see {error.ctx.command_path} --help"


def _end(sentence: str, status: int, error: BaseException, hint: str = "") -> int:
    if os.environ.get("SEQCLF_DEBUG", "") not in ("", "0"):
        import traceback

        traceback.print_exception(error)
    from seqclf.ui.consoles import stderr_console
    from seqclf.ui.errors import print_error

    with contextlib.suppress(OSError):
        print_error(stderr_console(), sentence.rstrip("."), hint)
    return status


def _forget_stdout() -> None:
    """Keep Python from writing to a closed or full standard output once more as it exits."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

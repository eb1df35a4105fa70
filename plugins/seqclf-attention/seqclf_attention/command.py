"""The command: which words made a run decide as it does."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from seqclf.cli.documents import prediction_document, print_document
from seqclf.cli.finding import open_named_run
from seqclf.cli.options import json_option, out_option, plugin_option, run_argument
from seqclf.errors import SeqclfError

_NAME = "python -m seqclf_attention"


@click.command("attention", context_settings={"help_option_names": ["-h", "--help"]})
@run_argument
@click.argument("text", metavar="TEXT")
@click.option(
    "--top",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    metavar="INTEGER",
    help="How many words are listed on a terminal, those with the most weight first.",
)
@out_option
@plugin_option
@json_option
def command(
    run: str, text: str, top: int, out: Path | None, plugin: tuple[str, ...], as_json: bool
) -> None:
    """Classify TEXT with RUN and show how much weight each word had.

    RUN is a run of --arch attention: its folder, its name, or "last". On a terminal the words
    are coloured by their weight. Elsewhere each word is a line: the word, a tab, its weight.
    """
    opened, _ = open_named_run(run, out, plugin)
    from seqclf.ui.consoles import stderr_console, stdout_console
    from seqclf.ui.working import working

    from seqclf_attention.reading import attention_weights

    with working(stderr_console(), "loading the model"):
        (words,) = attention_weights(opened, [text])
        (prediction,) = opened.predict([text])
    if as_json:
        pairs = [{"word": word, "weight": weight} for word, weight in words]
        print_document({"run": opened.name, **prediction_document(prediction), "words": pairs})
        return
    from seqclf_attention.drawing import print_words

    print_words(stdout_console(), prediction, words, top=top)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command alone and give its exit code; no mistake of a user's ends in a traceback.

    Args:
        arguments: what stands after the program's name; defaults to `sys.argv[1:]`.
    """
    try:
        given = None if arguments is None else list(arguments)
        command.main(given, prog_name=_NAME, standalone_mode=False)
        sys.stdout.flush()
        return 0
    except SeqclfError as error:
        return _end(error.sentence, error.hint, error.exit_code)
    except click.ClickException as error:
        return _end(error.format_message(), f"see {_NAME} --help", error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        return _end("interrupted", "", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nobody reads any more
        return 1


def _end(sentence: str, hint: str, status: int) -> int:
    from seqclf.ui.consoles import stderr_console
    from seqclf.ui.errors import print_error

    print_error(stderr_console(), sentence.rstrip("."), hint)
    return status

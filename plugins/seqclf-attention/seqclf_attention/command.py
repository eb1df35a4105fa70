"""`seqclf attention RUN TEXT`: which words had the weight in a run's decision.

An entry point of the group `seqclf.commands` names it; seqclf lists it without importing it.
What goes wrong is raised as a `seqclf.SeqclfError`; seqclf prints it and ends with its exit code.
"""

from __future__ import annotations

from pathlib import Path

import click
from seqclf.cli.documents import prediction_document, print_document
from seqclf.cli.finding import open_named_run
from seqclf.cli.options import json_option, out_option, plugin_option, run_argument


@click.command("attention")
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

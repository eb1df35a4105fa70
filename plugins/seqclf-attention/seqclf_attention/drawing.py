"""Words and their weights: coloured for a person, a line each for a program."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text
from seqclf.contracts import Prediction
from seqclf.ui.glyphs import bar, glyphs_for
from seqclf.ui.text import cells, clean, field, metric, one_line, shorten

_LEVELS = ((0.5, "bold reverse cyan"), (0.2, "bold cyan"), (0.05, ""), (0.0, "dim"))
"""From which share of the greatest weight a word is drawn how: the terminal's own colours."""

_WORD_MOST = 24
_BAR = 20


def print_words(
    console: Console, prediction: Prediction, words: Sequence[tuple[str, float]], *, top: int = 10
) -> None:
    r"""Print a text's words with their weights.

    On a terminal: what the text was taken for, the text with its words coloured by weight
    (not where there are no colours), and a list of the words with the most weight. Elsewhere:
    `word<TAB>weight`, one line a word, in order.

    Args:
        console: where to.
        prediction: what the run says of the text.
        words: what `attention_weights` gave for it.
        top: how many words the list has.

    Example:
        >>> said = Prediction("so dull", ("no",), {"no": 0.9, "yes": 0.1})
        >>> from io import StringIO
        >>> out = StringIO()
        >>> print_words(Console(file=out), said, [("so", 0.25), ("dull", 0.75)])
        >>> out.getvalue()
        'so\t0.2500\ndull\t0.7500\n'
    """
    if not console.is_terminal:
        for word, weight in words:
            console.file.write(f"{field(word)}\t{metric(weight)}\n")  # Rich would expand the tab
        return
    labels = ", ".join(
        f"{one_line(name)} {metric(prediction.probabilities[name])}" for name in prediction.labels
    )
    console.print(Text(labels or "(none)", "bold" if labels else "quiet"))
    if console.color_system is not None:
        console.print()
        console.print(_coloured(words))
    if top and words:
        console.print()
        for line in _listed(console, words, top):
            console.print(line, no_wrap=True, overflow="crop")


def _coloured(words: Sequence[tuple[str, float]]) -> Text:
    """Draw the text, each word by its share of the greatest weight."""
    greatest = max((weight for _, weight in words), default=0)
    drawn = Text()
    for number, (word, weight) in enumerate(words):
        share = weight / greatest if greatest else 0
        style = next(style for least, style in _LEVELS if share >= least)
        drawn.append(" " if number else "").append(clean(word), style)
    return drawn


def _listed(console: Console, words: Sequence[tuple[str, float]], top: int) -> list[Text]:
    """List the words with the most weight, the greatest first, with a bar each."""
    glyphs = glyphs_for(console)
    first = sorted(words, key=lambda pair: -pair[1])[:top]
    room = min(_WORD_MOST, max(cells(clean(word)) for word, _ in first), console.width // 2)
    lines = []
    for word, weight in first:
        shown = shorten(clean(word), room, ellipsis=glyphs.ellipsis)
        line = Text(shown + " " * (room - cells(shown)) + f"  {metric(weight)}")
        if console.width >= room + _BAR + 10:
            line.append("  ").append_text(bar(glyphs, min(weight, 1), _BAR, "cyan"))
        lines.append(line)
    return lines

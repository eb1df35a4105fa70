"""The model's layers: type and name, output shape, parameters, and the totals."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from seqclf.contracts import LayerSummary, ModelSummary
from seqclf.ui.glyphs import UNICODE, Glyphs, glyphs_for
from seqclf.ui.text import aligned, number, one_line, shape


def summary_table(
    summary: ModelSummary, *, title: str = "Model", glyphs: Glyphs = UNICODE
) -> RenderableType:
    """Draw a model: a row a layer, and the parameters in all.

    Args:
        summary: the model.
        title: what stands above it.
        glyphs: `glyphs_for(console)`.
    """
    table = Table(box=glyphs.box, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("layer", overflow="fold")
    table.add_column("output shape", overflow="fold")
    table.add_column("parameters", justify="right", no_wrap=True)
    for layer in summary.layers:
        table.add_row(_layer(layer), shape(layer.shape), number(layer.parameters))
    return Group(Text(one_line(title), "title"), table, Text(totals(summary)))


def _layer(layer: LayerSummary) -> Text:
    return Text.assemble((one_line(layer.type), "name"), " ", (one_line(layer.name), "quiet"))


def totals(summary: ModelSummary) -> str:
    """Say how many parameters there are: "328,353 parameters, all trainable"."""
    total = f"{number(summary.parameters)} parameters"
    if not summary.non_trainable:
        return f"{total}, all trainable"
    return f"{total}: {number(summary.trainable)} trainable, {number(summary.non_trainable)} fixed"


def summary_line(summary: ModelSummary) -> str:
    """Say it in one line: "Embedding, LSTM, Dense; 328,353 parameters, all trainable"."""
    return f"{', '.join(one_line(layer.type) for layer in summary.layers)}; {totals(summary)}"


def print_summary(console: Console, summary: ModelSummary, *, title: str = "Model") -> None:
    """Print a model: a table on a terminal, aligned columns off it."""
    if console.is_terminal:
        console.print(summary_table(summary, title=title, glyphs=glyphs_for(console)))
        return
    rows = [("layer", "type", "output shape", "parameters")]
    rows += [
        (one_line(layer.name), one_line(layer.type), shape(layer.shape), number(layer.parameters))
        for layer in summary.layers
    ]
    for line in (*aligned(rows, right=(3,)), totals(summary)):
        console.print(Text(line), soft_wrap=True)

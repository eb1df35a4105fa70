"""R's `summary(model)`, character for character."""

from __future__ import annotations

import os
import re
from typing import Annotated, Any

from seqclf.options import Range
from seqclf.r.pipe import model_function

Width = Annotated[int, Range(least=40)]


@model_function
def summary(
    model: Any,
    line_length: Width = 80,
    positions: Any = None,
    *,
    expand_nested: bool = False,
    show_trainable: bool | None = None,
    layer_range: Any = None,
) -> None:
    """Print a model's layers, output shapes and parameter counts as R does.

    Args:
        model: a Keras model.
        line_length: the table's width in characters. Defaults to 80, as `options("width")`.
        positions: where the columns end. Defaults to Keras' own.
        expand_nested: whether models within the model are opened. Defaults to False.
        show_trainable: whether a column tells which layers are trained. Defaults to whether
            the built model has weights that are not.
        layer_range: names of the first and the last layer shown. Defaults to all.

    Raises:
        ArgumentError: an argument that R's `summary` would not take.

    Source:
        R `summary.keras.src.models.model.Model()`.

    Example:
        >>> from seqclf.r import keras_model_sequential, layer_dense, summary
        >>> model = keras_model_sequential(input_shape=3, name="one") | layer_dense(1)
        >>> model | summary()
        Model: "one"
        ...
         Total params: 4 (16.00 B)
         Trainable params: 4 (16.00 B)
         Non-trainable params: 0 (0.00 B)
    """
    print(
        summary_text(
            model,
            line_length,
            positions=positions,
            expand_nested=expand_nested,
            show_trainable=show_trainable,
            layer_range=layer_range,
        )
    )


def summary_text(
    model: Any, line_length: int = 80, *, show_trainable: bool | None = None, **more: Any
) -> str:
    """Give the text that `summary()` prints, R's `format(model)`.

    Args:
        model: a Keras model.
        line_length: the table's width in characters. Defaults to 80.
        show_trainable: as for `summary()`.
        more: `positions`, `expand_nested`, `layer_range`, as for `summary()`.

    Returns:
        The lines, without a line end after the last one.
    """
    if show_trainable is None:
        show_trainable = bool(model.built and model.non_trainable_weights)
    lines: list[str] = []
    columns = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = str(line_length)  # Keras' table is not wider than the terminal
    try:
        model.summary(
            line_length=line_length,
            show_trainable=show_trainable,
            print_fn=lambda text, line_break=True: lines.append(text),
            **more,
        )
    finally:
        if columns is None:
            del os.environ["COLUMNS"]
        else:
            os.environ["COLUMNS"] = columns
    # R leaves out empty lines and the blanks around all (trimws).
    text = "\n".join(line.rstrip("\n") for line in lines).strip(" \t\r\n")
    return re.sub(r"\n\s*\n", "\n", text)

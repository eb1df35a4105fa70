"""The input's part of a recurrent layer, x W + b: projected before the loop, differentiated after.

A batch of token ids has far fewer different tokens than tokens: each is projected once, and
the gradients of its occurrences are added up before they are multiplied.
"""

from __future__ import annotations

from typing import Any

from seqclf.kernels.compiling import kernel
from seqclf.kernels.denormals import flush_denormals, restore_denormals
from seqclf.kernels.memory import put_row, row
from seqclf.kernels.products import add_outer, product
from seqclf.kernels.vectors import LANES, SAMPLES

_ROWS = 6 * SAMPLES
"""Rows whose gradients are multiplied while they are in the nearest cache."""


@kernel
def gather(first: int, last: int, sources: Any, table: Any, depth: int, out: Any) -> None:
    """Copy rows of a table: `out[i] = table[sources[i]]`, zeros where that is negative.

    Args:
        first, last: which rows i.
        sources: rows of the table.
        table: (rows, features).
        depth: length of a row of the result, at least `features`.
        out: (rows * depth,), written.
    """
    features = table.shape[1]
    for i in range(first, last):
        source, at = sources[i], i * depth
        if source >= 0:
            for k in range(features):
                out[at + k] = table[source, k]
            out[at + features : at + depth] = 0.0
        else:
            out[at : at + depth] = 0.0


@kernel
def project(
    first: int, last: int, x: Any, depth: int, weights: Any, bias: Any, width: int, out: Any
) -> None:
    """Compute `out = x @ weights + bias` for rows from `first` to `last`, whole columns each."""
    mode = flush_denormals()
    for i in range(first, last, SAMPLES):
        for s in range(SAMPLES):
            for v in range(0, width, LANES):
                put_row(out, (i + s) * width + v, row(bias, v))
        product(x, i * depth, depth, depth, weights, width // LANES, out, i * width, width, True)
    restore_denormals(mode)


@kernel
def differentiate(
    first: int,
    last: int,
    x: Any,
    depth: int,
    transposed: Any,
    width: int,
    d_projected: Any,
    wanted: bool,
    d_x: Any,
    d_weights: Any,
    d_bias: Any,
) -> None:
    """Add the gradients of the weights and the bias up, and give those of the rows.

    Args:
        first, last: which rows; whole columns.
        x: the rows, (rows * depth,).
        depth: length of a row of x.
        transposed: the weights, transposed, in blocks.
        width: length of a projected row.
        d_projected: (threads, rows * width); those of all threads are added up in the first.
        wanted: whether the rows' own gradients are.
        d_x: (rows * depth,), written if wanted.
        d_weights: (depth * width,), added to.
        d_bias: (width,), added to.
    """
    mode = flush_denormals()
    sums = d_projected[0]
    for start in range(first, last, _ROWS):
        stop = min(start + _ROWS, last)
        for i in range(start, stop):
            for v in range(0, width, LANES):
                at = i * width + v
                together = row(sums, at)
                for part in range(1, d_projected.shape[0]):
                    together = together + row(d_projected[part], at)
                put_row(sums, at, together)
                put_row(d_bias, v, row(d_bias, v) + together)
        add_outer(x, start * depth, depth, sums, start * width, width, stop - start, d_weights)
        if wanted:
            for i in range(start, stop, SAMPLES):
                blocks = depth // LANES
                product(
                    sums, i * width, width, width, transposed, blocks, d_x, i * depth, depth, False
                )
    restore_denormals(mode)


@kernel
def scatter(first: int, last: int, sources: Any, rows: Any, depth: int, out: Any) -> None:
    """Add rows to a table: `out[sources[i]] += rows[i]`, none where that is negative.

    Args:
        first, last: which rows i.
        sources: rows of the table; none twice.
        rows: (rows * depth,).
        depth: length of a row.
        out: (rows, features), added to.
    """
    for i in range(first, last):
        source = sources[i]
        if source >= 0:
            for k in range(out.shape[1]):
                out[source, k] += rows[i * depth + k]

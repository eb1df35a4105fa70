"""Products of matrices, in the shapes the layers need them.

Weights lie in blocks of `LANES` columns: block b of a matrix with `depth` rows begins at
`b * depth * LANES`, and a row of it is `LANES` numbers. Everything else lies row after row.
"""

from __future__ import annotations

from typing import Any

from seqclf.kernels.compiling import helper
from seqclf.kernels.memory import column, put, row, tile
from seqclf.kernels.vectors import LANES, SAMPLES


@helper
def add_product(
    a: Any,
    at: int,
    stride: int,
    depth: int,
    weights: Any,
    blocks: int,
    out: Any,
    to: int,
    width: int,
) -> None:
    """Compute `out += a @ weights` for `SAMPLES` rows.

    Args:
        a: numbers; row s begins at `at + s * stride` and has `depth` of them, a multiple of 4.
        weights: (depth, blocks * LANES), in blocks.
        out: row s begins at `to + s * width`.
    """
    size = depth * LANES
    block = 0
    while block + 4 <= blocks:
        w0 = block * size
        w1, w2, w3 = w0 + size, w0 + 2 * size, w0 + 3 * size
        place = to + block * LANES
        s0 = tile(out, place, width)
        s1 = tile(out, place + LANES, width)
        s2 = tile(out, place + 2 * LANES, width)
        s3 = tile(out, place + 3 * LANES, width)
        for k in range(depth):
            left = column(a, at + k, stride)
            skip = k * LANES
            s0 = s0 + left * row(weights, w0 + skip)
            s1 = s1 + left * row(weights, w1 + skip)
            s2 = s2 + left * row(weights, w2 + skip)
            s3 = s3 + left * row(weights, w3 + skip)
        put(out, place, width, s0)
        put(out, place + LANES, width, s1)
        put(out, place + 2 * LANES, width, s2)
        put(out, place + 3 * LANES, width, s3)
        block += 4
    while block + 2 <= blocks:
        w0 = block * size
        w1 = w0 + size
        place = to + block * LANES
        s0 = tile(out, place, width)
        s1 = tile(out, place + LANES, width)
        # Sums of their own for the odd rows: a sum waits for the one before it.
        odd0 = s0 * 0.0
        odd1 = s1 * 0.0
        for k in range(0, depth, 2):
            left = column(a, at + k, stride)
            skip = k * LANES
            s0 = s0 + left * row(weights, w0 + skip)
            s1 = s1 + left * row(weights, w1 + skip)
            left = column(a, at + k + 1, stride)
            skip += LANES
            odd0 = odd0 + left * row(weights, w0 + skip)
            odd1 = odd1 + left * row(weights, w1 + skip)
        put(out, place, width, s0 + odd0)
        put(out, place + LANES, width, s1 + odd1)
        block += 2
    if block < blocks:
        w0 = block * size
        place = to + block * LANES
        s0 = tile(out, place, width)
        s1 = s0 * 0.0
        s2 = s1
        s3 = s1
        for k in range(0, depth, 4):
            w = w0 + k * LANES
            s0 = s0 + column(a, at + k, stride) * row(weights, w)
            s1 = s1 + column(a, at + k + 1, stride) * row(weights, w + LANES)
            s2 = s2 + column(a, at + k + 2, stride) * row(weights, w + 2 * LANES)
            s3 = s3 + column(a, at + k + 3, stride) * row(weights, w + 3 * LANES)
        put(out, place, width, (s0 + s1) + (s2 + s3))


@helper
def add_outer(
    a: Any, a_at: int, a_width: int, b: Any, b_at: int, b_width: int, rows: int, out: Any
) -> None:
    """Compute `out += a.T @ b` over some rows.

    Args:
        a: row r begins at `a_at + r * a_width`; `a_width` is a multiple of `SAMPLES`.
        b: row r begins at `b_at + r * b_width`; `b_width` is a multiple of `LANES`.
        out: (a_width, b_width), row after row.
    """
    for k in range(0, a_width, SAMPLES):
        v = 0
        while v + 4 * LANES <= b_width:
            place = k * b_width + v
            s0 = tile(out, place, b_width)
            s1 = tile(out, place + LANES, b_width)
            s2 = tile(out, place + 2 * LANES, b_width)
            s3 = tile(out, place + 3 * LANES, b_width)
            for r in range(rows):
                left = column(a, a_at + r * a_width + k, 1)
                w = b_at + r * b_width + v
                s0 = s0 + left * row(b, w)
                s1 = s1 + left * row(b, w + LANES)
                s2 = s2 + left * row(b, w + 2 * LANES)
                s3 = s3 + left * row(b, w + 3 * LANES)
            put(out, place, b_width, s0)
            put(out, place + LANES, b_width, s1)
            put(out, place + 2 * LANES, b_width, s2)
            put(out, place + 3 * LANES, b_width, s3)
            v += 4 * LANES
        while v < b_width:
            place = k * b_width + v
            s0 = tile(out, place, b_width)
            for r in range(rows):
                s0 = s0 + column(a, a_at + r * a_width + k, 1) * row(b, b_at + r * b_width + v)
            put(out, place, b_width, s0)
            v += LANES

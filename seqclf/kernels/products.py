"""Products of matrices, in the shapes the layers need them.

Weights lie in blocks of `LANES` columns: block b of a matrix with `depth` rows begins at
`b * depth * LANES`, and a row of it is `LANES` numbers. Everything else lies row after row.
"""

from __future__ import annotations

from typing import Any

from seqclf.kernels.compiling import helper
from seqclf.kernels.memory import column, put, row, tile, zeros
from seqclf.kernels.vectors import LANES, SAMPLES


@helper
def one_product(s0, a, at, stride, depth, weights, w):  # type: ignore[no-untyped-def]
    """Add the product with the block at `w` to a tile; for the others see `product`."""
    # Sums of their own for some of the rows: a sum waits for the one before it.
    s1 = zeros(weights)
    s2 = s1
    s3 = s1
    for k in range(0, depth, 4):
        s0 = s0 + column(a, at + k, stride) * row(weights, w)
        s1 = s1 + column(a, at + k + 1, stride) * row(weights, w + LANES)
        s2 = s2 + column(a, at + k + 2, stride) * row(weights, w + 2 * LANES)
        s3 = s3 + column(a, at + k + 3, stride) * row(weights, w + 3 * LANES)
        w += 4 * LANES
    return (s0 + s1) + (s2 + s3)


@helper
def two_products(s0, s1, a, at, stride, depth, weights, w):  # type: ignore[no-untyped-def]
    """Add the products with the block at `w` and the one behind it to two tiles."""
    w1 = w + depth * LANES
    odd0 = zeros(weights)
    odd1 = odd0
    for k in range(0, depth, 2):
        skip = k * LANES
        factors = column(a, at + k, stride)
        s0 = s0 + factors * row(weights, w + skip)
        s1 = s1 + factors * row(weights, w1 + skip)
        factors = column(a, at + k + 1, stride)
        odd0 = odd0 + factors * row(weights, w + skip + LANES)
        odd1 = odd1 + factors * row(weights, w1 + skip + LANES)
    return s0 + odd0, s1 + odd1


@helper
def product(
    a: Any,
    at: int,
    stride: int,
    depth: int,
    weights: Any,
    blocks: int,
    out: Any,
    to: int,
    width: int,
    add: bool,
) -> None:
    """Compute `out = a @ weights` for `SAMPLES` rows.

    Args:
        a: numbers; row s begins at `at + s * stride` and has `depth` of them, a multiple of 4.
        weights: (depth, blocks * LANES), in blocks.
        out: row s begins at `to + s * width`.
        add: whether the product is added to what is there.
    """
    size = depth * LANES
    block = 0
    while block + 2 <= blocks:
        place = to + block * LANES
        s0 = zeros(out)
        s1 = s0
        if add:
            s0 = tile(out, place, width)
            s1 = tile(out, place + LANES, width)
        s0, s1 = two_products(s0, s1, a, at, stride, depth, weights, block * size)
        put(out, place, width, s0)
        put(out, place + LANES, width, s1)
        block += 2
    if block < blocks:
        place = to + block * LANES
        s0 = zeros(out)
        if add:
            s0 = tile(out, place, width)
        put(out, place, width, one_product(s0, a, at, stride, depth, weights, block * size))


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
                factors = column(a, a_at + r * a_width + k, 1)
                w = b_at + r * b_width + v
                s0 = s0 + factors * row(b, w)
                s1 = s1 + factors * row(b, w + LANES)
                s2 = s2 + factors * row(b, w + 2 * LANES)
                s3 = s3 + factors * row(b, w + 3 * LANES)
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

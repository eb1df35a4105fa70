"""The vector types the kernels are written in: a row of lanes, a column of samples, their tile.

A tile holds one gate for `SAMPLES` texts and `LANES` neighbouring units, in registers. A step of a
recurrent layer is `column * row` added up: the outer product of what `SAMPLES` texts have in one
unit with a row of the weights. Written out this way, LLVM keeps a tile in as many of the machine's
vector registers as it fills and fuses products with sums; numba's own vectoriser does not find it.

    @helper
    def product(a, b, c, depth):
        sums = tile(c, 0, LANES)
        for k in range(depth):
            sums = sums + column(a, k, depth) * row(b, k * LANES)
        put(c, 0, LANES, sums)

`seqclf.kernels.memory` reads and writes them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import llvmlite.binding
from llvmlite import ir
from numba import config, types
from numba.core.datamodel import models
from numba.extending import intrinsic, lower_builtin, register_model, type_callable


def _has(feature: str) -> bool:
    """Say whether code may use a feature of the processor; NUMBA_CPU_FEATURES has the last word."""
    if config.CPU_FEATURES is not None:
        return f"+{feature}" in config.CPU_FEATURES.split(",")
    return bool(llvmlite.binding.get_host_cpu_features().get(feature))


WIDE = _has("avx512f")
"""Whether the machine has 32 registers of 16 lanes, rather than 16 of at most 8."""

LANES = 16 if WIDE else 8
"""Units of a row."""

SAMPLES = 4 if WIDE else 2
"""Texts of a column: four gates of so many fill the registers, and leave room for the weights."""

TILE = SAMPLES * LANES
"""Numbers of a tile."""

ALIGNMENT = 64
"""Bytes of a cache line: where rows begin at one, none lies across two."""

_CONTRACT = ("contract",)
"""The one freedom taken: a product and a sum may become one instruction. NaN stays NaN."""

INT32 = ir.IntType(32)

HAS_RECIPROCAL = _has("avx512f") or _has("avx")
"""Whether the processor estimates reciprocals of a row."""


class _Lanes(types.Type):
    """What the three types share: the element type, and how LLVM holds a value."""

    def __init__(self, element: types.Float) -> None:
        self.element = element
        super().__init__(name=f"{type(self).__name__}({element})")

    @property
    def float(self) -> ir.Type:
        """LLVM's element type."""
        return ir.FloatType() if self.element == types.float32 else ir.DoubleType()

    @property
    def vector(self) -> ir.VectorType:
        """LLVM's type of one row."""
        return ir.VectorType(self.float, LANES)


class Row(_Lanes):
    """`LANES` neighbouring numbers."""


class Column(_Lanes):
    """One number for each of `SAMPLES` texts."""


class Tile(_Lanes):
    """`SAMPLES` rows."""


@register_model(Row)
class _RowModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Row) -> None:
        super().__init__(manager, kind, kind.vector)


@register_model(Column)
class _ColumnModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Column) -> None:
        super().__init__(manager, kind, ir.ArrayType(kind.float, SAMPLES))


@register_model(Tile)
class _TileModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Tile) -> None:
        super().__init__(manager, kind, ir.ArrayType(kind.vector, SAMPLES))


@intrinsic
def each(typing: Any, values: Any) -> Any:
    """Give a row to every text: a tile."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return joined(builder, [args[0]] * SAMPLES)

    return Tile(values.element)(values), emit


@intrinsic
def total(typing: Any, values: Any) -> Any:
    """Add the rows of a tile."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        first, *others = parts(builder, args[0])
        for other in others:
            first = builder.fadd(first, other)
        return first

    return Row(values.element)(values), emit


def _binary(operation: Callable[..., Any], name: str) -> None:
    """Define an operator for two rows, two tiles, and a tile or row with a number."""

    @type_callable(operation)
    def typed(context: Any) -> Any:
        def typer(left: Any, right: Any) -> Any:
            if isinstance(left, Tile | Row) and (left == right or isinstance(right, types.Number)):
                return left
            if isinstance(right, Tile | Row) and isinstance(left, types.Number):
                return right
            return None

        return typer

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        instruction = getattr(builder, name)
        sides = []
        for value, kind in zip(args, signature.args, strict=True):
            if isinstance(kind, types.Number):
                number = context.cast(builder, value, kind, signature.return_type.element)
                sides.append(spread(builder, number))
            else:
                sides.append(value)
        if isinstance(signature.return_type, Row):
            return instruction(*sides, flags=_CONTRACT)
        left, right = (parts(builder, side) for side in sides)
        return joined(
            builder,
            [instruction(a, b, flags=_CONTRACT) for a, b in zip(left, right, strict=True)],
        )

    for left, right in (
        (Tile, Tile),
        (Row, Row),
        (Tile, types.Number),
        (types.Number, Tile),
        (Row, types.Number),
        (types.Number, Row),
    ):
        lower_builtin(operation, left, right)(emit)


_binary(operator.add, "fadd")
_binary(operator.sub, "fsub")
_binary(operator.mul, "fmul")


@type_callable(operator.mul)
def _outer_type(context: Any) -> Any:
    def typer(left: Any, right: Any) -> Any:
        if isinstance(left, Column) and isinstance(right, Row):
            return Tile(right.element)
        return None

    return typer


@lower_builtin(operator.mul, Column, Row)
def _outer(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    return joined(
        builder,
        [
            builder.fmul(spread(builder, number), args[1], flags=_CONTRACT)
            for number in parts(builder, args[0])
        ],
    )


def elementwise(emit_vector: Callable[..., Any]) -> Any:
    """Make a function of tiles from one that emits LLVM for a single vector.

    Args:
        emit_vector: takes LLVM's builder, the kind of tile, and a vector; gives a vector.
    """

    @intrinsic
    def function(typing: Any, values: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            given = parts(builder, args[0])
            return joined(builder, [emit_vector(builder, values, part) for part in given])

        return values(values), emit

    return function


def constant(kind: _Lanes, number: float) -> ir.Constant:
    """Give a row of one number."""
    return ir.Constant(kind.vector, [ir.Constant(kind.float, number)] * LANES)


def spread(builder: Any, number: Any) -> Any:
    """Fill a row with one number."""
    undefined = ir.Constant(ir.VectorType(number.type, LANES), ir.Undefined)
    first = builder.insert_element(undefined, number, ir.Constant(INT32, 0))
    everywhere = ir.Constant(ir.VectorType(INT32, LANES), [ir.Constant(INT32, 0)] * LANES)
    return builder.shuffle_vector(first, undefined, everywhere)


def parts(builder: Any, value: Any) -> list[Any]:
    """Take a tile or column apart; what is the same for every text is repeated."""
    if isinstance(value.type, ir.ArrayType):
        return [builder.extract_value(value, sample) for sample in range(SAMPLES)]
    return [value] * SAMPLES


def joined(builder: Any, rows: list[Any]) -> Any:
    """Put a tile together from its rows."""
    result = ir.Constant(ir.ArrayType(rows[0].type, SAMPLES), ir.Undefined)
    for sample, value in enumerate(rows):
        result = builder.insert_value(result, value, sample)
    return result

"""The vector types the kernels are written in: a row of lanes, a column of samples, their tile.

A tile holds one gate for `SAMPLES` texts and `LANES` neighbouring units, in registers. A step of a
recurrent layer is `column * row` added up: the outer product of what `SAMPLES` texts have in one
unit with a row of the weights. Written out this way, LLVM keeps a tile in as many of the machine's
vector registers as it fills and fuses products with sums; numba's own vectoriser does not find it.

    from seqclf.kernels.vectors import column, row, tile

    @njit
    def product(a, b, c):
        sums = tile(c, 0, LANES)
        for k in range(depth):
            sums = sums + column(a, k, depth) * row(b, k * LANES)
        put(c, 0, LANES, sums)

All work on flat, contiguous arrays of float32 or float64; positions count elements.
"""

from __future__ import annotations

import operator
import platform
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

_INT32 = ir.IntType(32)

HAS_RECIPROCAL = _has("avx512f") or _has("avx")
"""Whether the processor estimates reciprocals of a row."""

_IS_X86 = platform.machine().lower() in ("x86_64", "amd64")


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


# Memory: what reads and writes arrays. `at` and `stride` count elements.


@intrinsic
def row(typing: Any, array: Any, at: Any) -> Any:
    """Read `LANES` numbers from `array[at]` on."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _load(context, builder, signature, args, args[1])

    return Row(array.dtype)(array, types.intp), emit


@intrinsic
def column(typing: Any, array: Any, at: Any, stride: Any) -> Any:
    """Read one number a text: `array[at]`, `array[at + stride]`, …."""
    kind = Column(array.dtype)

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = _data(context, builder, signature, args)
        at = args[1]
        result = ir.Constant(ir.ArrayType(kind.float, SAMPLES), ir.Undefined)
        for sample in range(SAMPLES):
            number = builder.load(builder.gep(data, [at]))
            result = builder.insert_value(result, number, sample)
            at = builder.add(at, args[2])
        return result

    return kind(array, types.intp, types.intp), emit


@intrinsic
def tile(typing: Any, array: Any, at: Any, stride: Any) -> Any:
    """Read a row a text: from `array[at]`, `array[at + stride]`, … on."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        at = args[1]
        rows = []
        for _ in range(SAMPLES):
            rows.append(_load(context, builder, signature, args, at))
            at = builder.add(at, args[2])
        return _joined(builder, rows)

    return Tile(array.dtype)(array, types.intp, types.intp), emit


@intrinsic
def gathered(typing: Any, array: Any, numbers: Any, first: Any, length: Any, offset: Any) -> Any:
    """Read a row a text from a table: text s reads from `numbers[first + s] * length + offset`."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        places = _places(context, builder, signature, args)
        return _joined(
            builder, [_load(context, builder, signature, args, place) for place in places]
        )

    result = Tile(array.dtype)
    return result(array, numbers, types.intp, types.intp, types.intp), emit


@intrinsic
def put(typing: Any, array: Any, at: Any, stride: Any, values: Any) -> Any:
    """Write a tile where `tile` reads it."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        at = args[1]
        for value in _parts(builder, args[3]):
            _store(context, builder, signature, args, at, value)
            at = builder.add(at, args[2])
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp, values), emit


@intrinsic
def fetch(typing: Any, array: Any, at: Any, count: Any) -> Any:
    """Ask for the `count` tiles from `array[at]` on, a constant, to be brought near."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = ir.IntType(8).as_pointer()
        name = "llvm.prefetch.p0"
        kind = ir.FunctionType(ir.VoidType(), [pointer, _INT32, _INT32, _INT32])
        function = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
        data = _data(context, builder, signature, args)
        step = ALIGNMENT * 8 // signature.args[0].dtype.bitwidth
        for line in range(count.literal_value * TILE // step):
            at = builder.add(args[1], ir.Constant(args[1].type, line * step))
            place = builder.bitcast(builder.gep(data, [at]), pointer)
            flags = [ir.Constant(_INT32, number) for number in (0, 3, 1)]
            builder.call(function, [place, *flags])
        return context.get_dummy_value()

    if not isinstance(count, types.IntegerLiteral):
        return None
    return types.void(array, types.intp, count), emit


@intrinsic
def put_gathered(
    typing: Any, array: Any, numbers: Any, first: Any, length: Any, offset: Any, values: Any
) -> Any:
    """Write a tile where `gathered` reads it."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        places = _places(context, builder, signature, args)
        for place, value in zip(places, _parts(builder, args[5]), strict=True):
            _store(context, builder, signature, args, place, value)
        return context.get_dummy_value()

    return types.void(array, numbers, types.intp, types.intp, types.intp, values), emit


@intrinsic
def add_gathered(
    typing: Any, array: Any, numbers: Any, first: Any, length: Any, offset: Any, values: Any
) -> Any:
    """Add a tile to the table `gathered` reads, one text after the other: places may repeat."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        places = _places(context, builder, signature, args)
        for place, value in zip(places, _parts(builder, args[5]), strict=True):
            before = _load(context, builder, signature, args, place)
            _store(context, builder, signature, args, place, builder.fadd(before, value))
        return context.get_dummy_value()

    return types.void(array, numbers, types.intp, types.intp, types.intp, values), emit


@intrinsic
def put_row(typing: Any, array: Any, at: Any, values: Any) -> Any:
    """Write a row where `row` reads it."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        _store(context, builder, signature, args, args[1], args[2])
        return context.get_dummy_value()

    return types.void(array, types.intp, values), emit


# The processor's treatment of numbers that are almost zero.

_FLUSH = 0x8040


@intrinsic
def flush_denormals(typing: Any) -> Any:
    """Take numbers below 1.2e-38 for zero from here on, and give what was set before.

    Gradients that vanish over hundreds of steps end among such numbers, with which a processor
    computes a hundred times slower. TensorFlow's own threads do the same. Only x86 is told so.
    """

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        if not _IS_X86:
            return ir.Constant(_INT32, 0)
        place = builder.alloca(_INT32)
        _control(builder, "st", place)
        before = builder.load(place)
        builder.store(builder.or_(before, ir.Constant(_INT32, _FLUSH)), place)
        _control(builder, "ld", place)
        return before

    return types.int32(), emit


@intrinsic
def restore_denormals(typing: Any, before: Any) -> Any:
    """Set again what `flush_denormals` gave."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        if _IS_X86:
            place = builder.alloca(_INT32)
            builder.store(args[0], place)
            _control(builder, "ld", place)
        return context.get_dummy_value()

    return types.void(types.int32), emit


def _control(builder: Any, way: str, place: Any) -> None:
    """Load or store the control register of the vector unit."""
    name = f"llvm.x86.sse.{way}mxcsr"
    pointer = ir.IntType(8).as_pointer()
    function = builder.module.globals.get(name) or ir.Function(
        builder.module, ir.FunctionType(ir.VoidType(), [pointer]), name
    )
    builder.call(function, [builder.bitcast(place, pointer)])


# Arithmetic without memory.


@intrinsic
def each(typing: Any, values: Any) -> Any:
    """Give a row to every text: a tile."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _joined(builder, [args[0]] * SAMPLES)

    return Tile(values.element)(values), emit


@intrinsic
def total(typing: Any, values: Any) -> Any:
    """Add the rows of a tile."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        first, *others = _parts(builder, args[0])
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
                sides.append(_spread(builder, number))
            else:
                sides.append(value)
        if isinstance(signature.return_type, Row):
            return instruction(*sides, flags=_CONTRACT)
        left, right = (_parts(builder, side) for side in sides)
        return _joined(
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
    return _joined(
        builder,
        [
            builder.fmul(_spread(builder, number), args[1], flags=_CONTRACT)
            for number in _parts(builder, args[0])
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
            parts = _parts(builder, args[0])
            return _joined(builder, [emit_vector(builder, values, part) for part in parts])

        return values(values), emit

    return function


def constant(kind: _Lanes, number: float) -> ir.Constant:
    """Give a row of one number."""
    return ir.Constant(kind.vector, [ir.Constant(kind.float, number)] * LANES)


def _spread(builder: Any, number: Any) -> Any:
    """Fill a row with one number."""
    undefined = ir.Constant(ir.VectorType(number.type, LANES), ir.Undefined)
    first = builder.insert_element(undefined, number, ir.Constant(_INT32, 0))
    everywhere = ir.Constant(ir.VectorType(_INT32, LANES), [ir.Constant(_INT32, 0)] * LANES)
    return builder.shuffle_vector(first, undefined, everywhere)


def _parts(builder: Any, value: Any) -> list[Any]:
    """Take a tile or column apart; what is the same for every text is repeated."""
    if isinstance(value.type, ir.ArrayType):
        return [builder.extract_value(value, sample) for sample in range(SAMPLES)]
    return [value] * SAMPLES


def _joined(builder: Any, rows: list[Any]) -> Any:
    result = ir.Constant(ir.ArrayType(rows[0].type, SAMPLES), ir.Undefined)
    for sample, value in enumerate(rows):
        result = builder.insert_value(result, value, sample)
    return result


def _data(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    """Give the pointer to the elements of the array that is the first argument."""
    return context.make_array(signature.args[0])(context, builder, args[0]).data


def _pointer(context: Any, builder: Any, signature: Any, args: Any, at: Any) -> Any:
    data = _data(context, builder, signature, args)
    element = Row(signature.args[0].dtype)
    return builder.bitcast(builder.gep(data, [at]), element.vector.as_pointer())


def _load(context: Any, builder: Any, signature: Any, args: Any, at: Any) -> Any:
    size = signature.args[0].dtype.bitwidth // 8
    return builder.load(_pointer(context, builder, signature, args, at), align=size)


def _store(context: Any, builder: Any, signature: Any, args: Any, at: Any, value: Any) -> None:
    size = signature.args[0].dtype.bitwidth // 8
    builder.store(value, _pointer(context, builder, signature, args, at), align=size)


def _places(context: Any, builder: Any, signature: Any, args: Any) -> list[Any]:
    """Compute where each text's row stands in a table: arguments 1 to 4 of `gathered`."""
    kind = signature.args[1]
    numbers = context.make_array(kind)(context, builder, args[1]).data
    _, _, first, length, offset = args[:5]
    places = []
    for sample in range(SAMPLES):
        at = builder.add(first, ir.Constant(first.type, sample))
        number = builder.load(builder.gep(numbers, [at]))
        wide = builder.sext(number, length.type)
        places.append(builder.add(builder.mul(wide, length), offset))
    return places

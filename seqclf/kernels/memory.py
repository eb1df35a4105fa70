"""Rows, columns and tiles in memory: flat, contiguous arrays of float32 or float64.

`at` and `stride` count elements. A table's row is found by its number.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from seqclf.kernels.vectors import (
    ALIGNMENT,
    INT32,
    SAMPLES,
    TILE,
    Column,
    Row,
    Tile,
    joined,
    parts,
)


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
        return joined(builder, rows)

    return Tile(array.dtype)(array, types.intp, types.intp), emit


@intrinsic
def zeros(typing: Any, array: Any) -> Any:
    """Give a tile of zeros, in an array's precision."""
    kind = Tile(array.dtype)

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return joined(builder, [ir.Constant(kind.vector, None)] * SAMPLES)

    return kind(array), emit


@intrinsic
def gathered(typing: Any, array: Any, numbers: Any, first: Any, length: Any, offset: Any) -> Any:
    """Read a row a text from a table: text s reads from `numbers[first + s] * length + offset`."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        places = _places(context, builder, signature, args)
        return joined(
            builder, [_load(context, builder, signature, args, place) for place in places]
        )

    result = Tile(array.dtype)
    return result(array, numbers, types.intp, types.intp, types.intp), emit


@intrinsic
def put(typing: Any, array: Any, at: Any, stride: Any, values: Any) -> Any:
    """Write a tile where `tile` reads it."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        at = args[1]
        for value in parts(builder, args[3]):
            _store(context, builder, signature, args, at, value)
            at = builder.add(at, args[2])
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp, values), emit


@intrinsic
def fetch(typing: Any, array: Any, at: Any, count: Any) -> Any:
    """Ask for the `count` tiles from `array[at]` on, a constant, to be brought near."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        step = ALIGNMENT * 8 // signature.args[0].dtype.bitwidth
        for line in range(count.literal_value * TILE // step):
            at = builder.add(args[1], ir.Constant(args[1].type, line * step))
            _ask(context, builder, signature, args, at)
        return context.get_dummy_value()

    if not isinstance(count, types.IntegerLiteral):
        return None
    return types.void(array, types.intp, count), emit


@intrinsic
def fetch_gathered(
    typing: Any, array: Any, numbers: Any, first: Any, length: Any, offset: Any
) -> Any:
    """Ask for what `gathered` reads to be brought near."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        for place in _places(context, builder, signature, args):
            _ask(context, builder, signature, args, place)
        return context.get_dummy_value()

    return types.void(array, numbers, types.intp, types.intp, types.intp), emit


@intrinsic
def put_gathered(
    typing: Any, array: Any, numbers: Any, first: Any, length: Any, offset: Any, values: Any
) -> Any:
    """Write a tile where `gathered` reads it."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        places = _places(context, builder, signature, args)
        for place, value in zip(places, parts(builder, args[5]), strict=True):
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
        for place, value in zip(places, parts(builder, args[5]), strict=True):
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


def _ask(context: Any, builder: Any, signature: Any, args: Any, at: Any) -> None:
    """Emit a request for the cache line at `at`."""
    pointer = ir.IntType(8).as_pointer()
    name = "llvm.prefetch.p0"
    kind = ir.FunctionType(ir.VoidType(), [pointer, INT32, INT32, INT32])
    function = builder.module.globals.get(name) or ir.Function(builder.module, kind, name)
    place = builder.gep(_data(context, builder, signature, args), [at])
    flags = [ir.Constant(INT32, number) for number in (0, 3, 1)]
    builder.call(function, [builder.bitcast(place, pointer), *flags])


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

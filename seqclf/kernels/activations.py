"""tanh and the sigmoids, for tiles."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types

from seqclf.kernels.compiling import helper
from seqclf.kernels.vectors import HAS_RECIPROCAL, LANES, constant, elementwise

_LIMIT = 7.90531110763549805
"""Beyond it tanh is 1 in float32."""

# A quotient of polynomials in x squared, within two units of float32's last place. Its coefficients
# are those of Eigen's `ptanh_float`, by which TensorFlow computes tanh, too.
_NUMERATOR = (
    -2.76076847742355e-16,
    2.00018790482477e-13,
    -8.60467152213735e-11,
    5.12229709037114e-08,
    1.48572235717979e-05,
    6.37261928875436e-04,
    4.89352455891786e-03,
)

_DENOMINATOR = (
    1.19825839466702e-06,
    1.18534705686654e-04,
    2.26843463243900e-03,
    4.89352518554385e-03,
)

_CONTRACT = ("contract",)


def _polynomial(builder: Any, kind: Any, x: Any, coefficients: tuple[float, ...]) -> Any:
    """Emit Horner's scheme, the highest power first."""
    result = constant(kind, coefficients[0])
    for coefficient in coefficients[1:]:
        product = builder.fmul(result, x, flags=_CONTRACT)
        result = builder.fadd(product, constant(kind, coefficient), flags=_CONTRACT)
    return result


def _clipped(builder: Any, x: Any, low: Any, high: Any) -> Any:
    x = builder.select(builder.fcmp_ordered("<", x, low), low, x)
    return builder.select(builder.fcmp_ordered(">", x, high), high, x)


def _tanh(builder: Any, kind: Any, x: Any) -> Any:
    if kind.element == types.float64:
        return _exact_tanh(builder, kind, x)
    x = _clipped(builder, x, constant(kind, -_LIMIT), constant(kind, _LIMIT))
    square = builder.fmul(x, x, flags=_CONTRACT)
    over = builder.fmul(x, _polynomial(builder, kind, square, _NUMERATOR), flags=_CONTRACT)
    return _quotient(builder, kind, over, _polynomial(builder, kind, square, _DENOMINATOR))


def _quotient(builder: Any, kind: Any, over: Any, under: Any) -> Any:
    """Emit a division. The processor's own keeps it busy for as long as thirty products.

    The estimate of 1 / under has 11 bits at least, Newton's step makes them 22, and the last step
    leaves the quotient within a unit or two of its last place.
    """
    estimate = _reciprocal(builder, kind, under)
    if estimate is None:
        return builder.fdiv(over, under)

    def rest(a: Any, b: Any, c: Any) -> Any:
        return builder.fsub(a, builder.fmul(b, c, flags=_CONTRACT), flags=_CONTRACT)

    estimate = builder.fmul(estimate, rest(constant(kind, 2.0), under, estimate), flags=_CONTRACT)
    quotient = builder.fmul(over, estimate, flags=_CONTRACT)
    more = builder.fmul(estimate, rest(over, under, quotient), flags=_CONTRACT)
    return builder.fadd(quotient, more, flags=_CONTRACT)


def _reciprocal(builder: Any, kind: Any, x: Any) -> Any:
    """Emit the processor's estimate of 1 / x; None where it has none that is known here."""
    if not HAS_RECIPROCAL:
        return None
    if LANES == 16:
        name, kinds = "llvm.x86.avx512.rcp14.ps.512", [kind.vector, kind.vector, ir.IntType(16)]
        values = [x, ir.Constant(kind.vector, None), ir.Constant(ir.IntType(16), -1)]
    else:
        name, kinds, values = "llvm.x86.avx.rcp.ps.256", [kind.vector], [x]
    function = builder.module.globals.get(name) or ir.Function(
        builder.module, ir.FunctionType(kind.vector, kinds), name
    )
    return builder.call(function, values)


def _exact_tanh(builder: Any, kind: Any, x: Any) -> Any:
    """Call the C library's tanh, lane by lane: only gradient checks are done in float64."""
    double = ir.DoubleType()
    function = builder.module.globals.get("tanh") or ir.Function(
        builder.module, ir.FunctionType(double, [double]), "tanh"
    )
    result = x
    for lane in range(LANES):
        place = ir.Constant(ir.IntType(32), lane)
        value = builder.call(function, [builder.extract_element(x, place)])
        result = builder.insert_element(result, value, place)
    return result


def _sigmoid(builder: Any, kind: Any, x: Any) -> Any:
    half = constant(kind, 0.5)
    bent = _tanh(builder, kind, builder.fmul(x, half, flags=_CONTRACT))
    return builder.fadd(builder.fmul(bent, half, flags=_CONTRACT), half, flags=_CONTRACT)


tanh = elementwise(_tanh)
sigmoid = elementwise(_sigmoid)


@elementwise
def clipped(builder: Any, kind: Any, x: Any) -> Any:
    """Clip to the numbers from 0 to 1."""
    return _clipped(builder, x, constant(kind, 0.0), constant(kind, 1.0))


@elementwise
def inside(builder: Any, kind: Any, x: Any) -> Any:
    """Give 1 where x lies between 0 and 1, else 0: the slope of `clipped`."""
    zero, one = constant(kind, 0.0), constant(kind, 1.0)
    below = builder.select(builder.fcmp_ordered("<", x, one), one, zero)
    return builder.select(builder.fcmp_ordered(">", x, zero), below, zero)


@helper
def gate(x, slope):  # type: ignore[no-untyped-def]
    """Open a gate: the sigmoid, or with a slope the hard sigmoid `clip(slope x + 1/2, 0, 1)`."""
    if slope > 0.0:
        return clipped(x * slope + 0.5)
    return sigmoid(x)


@helper
def gate_slope(y, slope):  # type: ignore[no-untyped-def]
    """Differentiate `gate`, by what it gave."""
    if slope > 0.0:
        return inside(y) * slope
    return y * (1.0 - y)

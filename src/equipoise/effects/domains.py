"""Where numbers may lie: arrays from a caller are read, or refused with one error for them all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.effects.interval import Floats
from equipoise.errors import UsageError


@dataclass(frozen=True, slots=True)
class Domain:
    """The numbers that make sense for an argument.

    Attributes
    ----------
    must
        What a number has to be, in words that follow its value.
    holds
        Which elements of an array are such numbers.
    """

    must: str
    holds: Callable[[Floats], NDArray[np.bool_]]


FINITE = Domain("must be finite", np.isfinite)
POSITIVE = Domain("must be above 0 and finite", lambda x: (x > 0) & np.isfinite(x))
NOT_NEGATIVE = Domain("must be 0 or more and finite", lambda x: (x >= 0) & np.isfinite(x))
PROBABILITY = Domain("must lie between 0 and 1, both excluded", lambda x: (x > 0) & (x < 1))
CORRELATION = Domain("must lie between -1 and 1, both excluded", lambda x: np.abs(x) < 1)
SIGN = Domain("must be 1 or -1", lambda x: np.abs(x) == 1)

Argument: TypeAlias = tuple[str, ArrayLike, Domain]
"""Name, values and domain of an argument."""


def read_arrays(*arguments: Argument) -> list[Floats]:
    """Read arguments as arrays of floats, refusing what cannot be; NaN, not reported, passes.

    Parameters
    ----------
    *arguments
        Name, values and domain of each.

    Returns
    -------
    list of ndarray
        One array an argument, each of its own shape; together they broadcast.

    Raises
    ------
    UsageError
        If values are no numbers, if shapes do not broadcast, or if a number lies outside its
        domain; the message lists every such number.
    """
    arrays = [_floats(name, values) for name, values, _ in arguments]
    try:
        np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        shapes = ", ".join(
            f"{name} {array.shape}" for (name, *_), array in zip(arguments, arrays, strict=True)
        )
        raise UsageError(f"give arrays of one length or single numbers; got {shapes}") from None
    faults: list[tuple[tuple[int, ...], str]] = []
    for (name, _, domain), array in zip(arguments, arrays, strict=True):
        outside = ~(domain.holds(array) | np.isnan(array))
        faults += _faults(outside, f"{name} {{:g}} {domain.must}", array)
    _refuse(faults)
    return arrays


def refuse_where(impossible: NDArray[np.bool_], fault: str, *values: Floats) -> None:
    """Refuse the elements at which several arguments contradict each other.

    Parameters
    ----------
    impossible
        Which elements.
    fault
        What is wrong, with a place such as {:g} for each of `values`.
    *values
        Arrays that broadcast to the shape of `impossible`.

    Raises
    ------
    UsageError
        If any element is impossible; the message lists each.
    """
    _refuse(_faults(impossible, fault, *values))


def _floats(name: str, values: ArrayLike) -> Floats:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise UsageError(f"{name} must hold numbers, and NaN where there is none") from None


def _faults(
    impossible: NDArray[np.bool_], fault: str, *values: Floats
) -> list[tuple[tuple[int, ...], str]]:
    where, *numbers = np.broadcast_arrays(impossible, *values)
    return [
        (tuple(map(int, place)), fault.format(*(array[tuple(place)] for array in numbers)))
        for place in np.argwhere(where)
    ]


def _refuse(faults: list[tuple[tuple[int, ...], str]]) -> None:
    if not faults:
        return
    lines = [f"row {place[0] + 1}: {fault}" if place else fault for place, fault in sorted(faults)]
    raise UsageError("\n".join(["these values cannot be used:", *lines]))

"""A number as it was printed: its digits bound what was rounded to them."""

from __future__ import annotations

import math
import operator
import re
from dataclasses import dataclass
from fractions import Fraction

from equipoise.errors import UsageError

_NUMBER = re.compile(r"[+-]?(?:\d{1,300}(?:\.\d{1,300})?|\.\d{1,300})(?:[eE][+-]?\d{1,3})?", re.A)
_LARGEST = 10**300  # so that every computation with it stays within what a float can hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A printed number, exact.

    Attributes
    ----------
    text
        The number as printed.
    value
        What it says.
    unit
        One unit of its last printed digit: 1/100 for 5.20, 1 for 12.
    """

    text: str
    value: Fraction
    unit: Fraction

    @property
    def low(self) -> Fraction:
        """The smallest number that rounds to it, halves rounded up."""
        return self.value - self.unit / 2

    @property
    def high(self) -> Fraction:
        """The largest number that rounds to it, halves rounded down."""
        return self.value + self.unit / 2


def read_printed(name: str, text: object) -> Printed:
    """Read a number that was printed, so that trailing zeros count.

    Parameters
    ----------
    name
        What it is, named in the message.
    text
        The number as printed: "5.20", ".05", "-12".

    Returns
    -------
    Printed
        The number and its unit.

    Raises
    ------
    UsageError
        If it is not text, or not a number.
    """
    if not isinstance(text, str):
        raise UsageError(
            f"{name} must be text, such as '5.20', got {text!r}: a number does not say how many "
            "decimals were printed, and 5.2 is not 5.20"
        )
    plain = text.strip().replace("−", "-")
    if not _NUMBER.fullmatch(plain):
        raise UsageError(f"{name} must be a number as printed, such as '5.20', got {text!r}")
    value = Fraction(plain)
    if abs(value) > _LARGEST:
        raise UsageError(f"{name} is too large: {text!r}")
    digits, _, power = plain.lower().partition("e")
    places = len(digits.partition(".")[2]) - int(power or 0)
    return Printed(text=text.strip(), value=value, unit=Fraction(10) ** -places)


def print_like(value: Fraction, unit: Fraction) -> str:
    """Return an exact number rounded to a unit, halves up: the digits a report would print.

    Parameters
    ----------
    value
        The number.
    unit
        One unit of the last digit, a power of ten.

    Returns
    -------
    str
        A number that `read_printed` reads.
    """
    return _with_digits(math.floor(value / unit + Fraction(1, 2)), unit)


def print_root_like(square: Fraction, unit: Fraction) -> str:
    """Return the square root of an exact number, rounded to a unit, halves up.

    Parameters
    ----------
    square
        The square, at least 0.
    unit
        One unit of the last digit, a power of ten.

    Returns
    -------
    str
        A number that `read_printed` reads.
    """
    # floor(√x + 1/2) = floor((floor(√4x) + 1) / 2), in whole numbers only
    return _with_digits((math.isqrt(math.floor(4 * square / unit**2)) + 1) // 2, unit)


def whole_number(name: str, value: object, *, at_least: int) -> int:
    """Read a count, refusing what is none.

    Parameters
    ----------
    name
        What it counts, named in the message.
    value
        A whole number; 12.0 is one, True is none.
    at_least
        The smallest that makes sense.

    Returns
    -------
    int
        The count.

    Raises
    ------
    UsageError
        If it is not a whole number, or too small.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    try:
        number = operator.index(value)  # type: ignore[arg-type]  # what has no index is refused
    except TypeError:
        number = at_least - 1
    if isinstance(value, bool) or number < at_least:
        raise UsageError(f"{name} must be a whole number of at least {at_least}, got {value!r}")
    return number


def _with_digits(units: int, unit: Fraction) -> str:
    if unit >= 1:
        return str(units * int(unit))
    places = len(str(unit.denominator)) - 1
    sign, digits = "-" * (units < 0), str(abs(units)).zfill(places + 1)
    return f"{sign}{digits[:-places]}.{digits[-places:]}"

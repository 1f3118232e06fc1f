"""Can whole numbers have this mean and this standard deviation? GRIM, GRIMMER and DEBIT.

The mean of n whole numbers is a multiple of 1/n, and their standard deviation is no less grained. A
printed value between two grains was not computed from n whole numbers: it is misprinted, or n is
another, or the numbers were no whole numbers. The tests cannot say which. Everything here is
computed with whole numbers and fractions, so no value at an edge is lost to floating point.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from equipoise.appraisal.printed import (
    Printed,
    print_like,
    print_root_like,
    read_printed,
    whole_number,
)
from equipoise.display import numbers
from equipoise.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Granularity:
    """Whether a printed value is one that n whole numbers can have.

    Attributes
    ----------
    test
        GRIM, GRIMMER or DEBIT.
    value
        The value tested, as printed.
    n
        People.
    consistent
        Whether some whole numbers give the value, whichever way halves were rounded.
    informative
        Whether the test can fail here. Where it cannot, `consistent` says nothing.
    nearest
        The value itself if it is consistent, else the next ones below and above that are, as they
        would be printed; empty if a standard deviation stands beside an impossible mean.
    sentence
        The answer in words.
    """

    test: Literal["GRIM", "GRIMMER", "DEBIT"]
    value: str
    n: int
    consistent: bool
    informative: bool
    nearest: tuple[str, ...]
    sentence: str

    def to_frame(self) -> pd.DataFrame:
        """Return the answer as a table of one row."""
        import pandas as pd

        return pd.DataFrame([{**asdict(self), "nearest": ", ".join(self.nearest)}])


def grim(value: str, n: int, *, items: int = 1, percent: bool = False) -> Granularity:
    """Test whether a mean or percentage can come of n whole numbers (GRIM).

    With L items the mean is S/(nL) for a whole number S; it fits if some S/(nL) lies within half a
    unit of the last printed digit, both ends included, so that halves may have been rounded up or
    down. Where 1/(nL) is no more than that unit every value fits, and the test says nothing.

    Parameters
    ----------
    value
        The mean or percentage as printed, as text: trailing zeros count.
    n
        People.
    items
        Items that each person's value is the mean of, each answered with a whole number.
    percent
        Whether `value` is a percentage of people (of answers, with more than one item).

    Returns
    -------
    Granularity
        The answer. An inconsistent value is a reason to ask, not a verdict on anybody: values that
        were no whole numbers, missing answers and weights make correct means inconsistent.

    Raises
    ------
    UsageError
        If `value` is not text or no number, if a percentage is not between 0 and 100, or if `n` or
        `items` is not a whole number of at least 1.

    References
    ----------
    Brown & Heathers 2017, Soc Psychol Personal Sci 8:363-369, doi:10.1177/1948550616673876.
    """
    printed = read_printed("value", value)
    size, parts = whole_number("n", n, at_least=1), whole_number("items", items, at_least=1)
    if percent and not 0 <= printed.value <= 100:
        raise UsageError(f"a percentage must lie between 0 and 100, got {value!r}")
    grain = Fraction(100 if percent else 1, size * parts)
    sums = multiples(printed, grain)
    around = (math.floor(printed.value / grain), math.ceil(printed.value / grain))
    informative = grain > printed.unit
    text, of = printed.text, _whole_numbers(size, parts)
    nearest = [print_like(total * grain, printed.unit) for total in around]
    if not informative:
        kind = "percentage" if percent else "mean"
        of = f"Counts out of {size * parts}" if percent else of
        sentence = f"{of} can have any {kind} with the decimals of {text}: the test says nothing."
    elif percent and sums:
        sentence = f"{text}% is {sums[0]} of {size * parts}."
    elif percent:
        near = [f"{total} ({share}%)" for total, share in zip(around, nearest, strict=True)]
        sentence = f"No count out of {size * parts} is {text}%; the nearest are {_and(near)}."
    elif sums:
        sentence = f"{of} can have the mean {text}."
    else:
        sentence = f"{of} cannot have the mean {text}; the nearest are {_and(nearest)}."
    return Granularity(
        test="GRIM",
        value=text,
        n=size,
        consistent=bool(sums),
        informative=informative,
        nearest=(text,) if sums else tuple(nearest),
        sentence=sentence,
    )


def grimmer(mean: str, sd: str, n: int, *, items: int = 1) -> Granularity:
    """Test whether a standard deviation can come of n whole numbers with this mean (GRIMMER).

    Of n whole numbers with the sum S, the sum of squares Q is a whole number; it is even if S is
    even and odd if S is odd; and it is least where the numbers differ by no more than 1. The sample
    standard deviation is √((Q - S²/n)/(n - 1)). It fits if, for some S that gives the mean, some
    such Q gives it within half a unit of the last printed digit, both ends included. From five
    people on every such Q occurs, so the test is exact; of two to four people some do not, and the
    test lets them pass. With L items, all this holds of each person's sum: of L times the mean and
    L times the standard deviation.

    Parameters
    ----------
    mean, sd
        Mean and sample standard deviation (divisor n - 1) as printed, as text.
    n
        People.
    items
        Items that each person's value is the mean of, each answered with a whole number.

    Returns
    -------
    Granularity
        The answer for `sd`. See `grim` on what inconsistent does not mean.

    Raises
    ------
    UsageError
        If a value is not text or no number, if `sd` is negative, or if `n` is not a whole number of
        at least 2 or `items` of at least 1.

    References
    ----------
    Anaya 2016, PeerJ Preprints 4:e2400v1, doi:10.7287/peerj.preprints.2400v1; by sums of squares
    and their parity: Allard 2018, Analytic-GRIMMER,
    https://aurelienallard.netlify.app/post/anaytic-grimmer-possibility-standard-deviations/. The
    least sum of squares is added here.
    """
    middle, spread = read_printed("mean", mean), read_printed("sd", sd)
    size, parts = whole_number("n", n, at_least=2), whole_number("items", items, at_least=1)
    if spread.value < 0:
        raise UsageError(f"sd must not be negative, got {sd!r}")
    of = _whole_numbers(size, parts)
    sums: Sequence[int] = multiples(middle, Fraction(1, size * parts))
    if not sums:
        return _beside_no_mean("GRIMMER", middle, spread, size, of)
    low, high = (parts * max(end, Fraction(0)) for end in (spread.low, spread.high))
    if (high**2 - low**2) * (size - 1) >= 2:
        # Two whole numbers in a row fit every sum, so only those with the least spread can fail.
        ends = {sums[0], sums[-1], sums[-1] // size * size}
        sums = [total for total in sorted(ends) if total in sums]
    # every variance these sums allow next to a given one, at or above it and below it
    fits = min(_variance_at_least(low**2, total, size) for total in sums) <= high**2
    target = (parts * spread.value) ** 2
    above = min(_variance_at_least(target, total, size) for total in sums)
    below = max(_variance_below(target, total, size) for total in sums)
    known = [variance for variance in (below, above) if variance >= 0]
    near = tuple(
        dict.fromkeys(print_root_like(variance / parts**2, spread.unit) for variance in known)
    )
    apart = math.sqrt(above) - math.sqrt(below) if below >= 0 else math.inf
    return _answer(
        "GRIMMER",
        spread,
        size,
        consistent=fits,
        informative=not fits or apart > parts * float(spread.unit),
        nearest=near,
        of=f"{of} with the mean {middle.text}",
    )


def debit(mean: str, sd: str, n: int) -> Granularity:
    """Test whether mean and standard deviation can come of n zeros and ones (DEBIT).

    Of n numbers, x of them 1 and the rest 0, the mean is x/n and the sample standard deviation is
    √(x(n - x)/(n(n - 1))). Both fit if some x gives both within half a unit of their last printed
    digit, ends included. Every x is tried, and not only the ends of the range that the mean leaves.

    Parameters
    ----------
    mean, sd
        Mean (a proportion) and sample standard deviation (divisor n - 1) as printed, as text.
    n
        People.

    Returns
    -------
    Granularity
        The answer for `sd`. See `grim` on what inconsistent does not mean.

    Raises
    ------
    UsageError
        If a value is not text or no number, if `mean` is not between 0 and 1, if `sd` is negative,
        or if `n` is not a whole number of at least 2.

    References
    ----------
    Heathers & Brown 2019, DEBIT: a simple consistency test for binary data, https://osf.io/5vb3u/.
    """
    middle, spread = read_printed("mean", mean), read_printed("sd", sd)
    size = whole_number("n", n, at_least=2)
    if not 0 <= middle.value <= 1:
        raise UsageError(f"mean must lie between 0 and 1, as that of zeros and ones, got {mean!r}")
    if spread.value < 0:
        raise UsageError(f"sd must not be negative, got {sd!r}")
    of = f"{numbers.count(size)} zeros and ones"
    ones = multiples(middle, Fraction(1, size))
    first, last = max(ones.start, 0), min(ones.stop - 1, size)
    if first > last:
        return _beside_no_mean("DEBIT", middle, spread, size, of)
    rarer = _rarer(first, last, size)
    pairs = size * (size - 1)

    def variance(x: int) -> Fraction:
        return Fraction(x * (size - x), pairs)

    low, high = max(spread.low, Fraction(0)) ** 2, spread.high**2
    place = bisect_left(rarer, low, key=variance)
    fits = place < len(rarer) and variance(rarer[place]) <= high
    place = bisect_left(rarer, spread.value**2, key=variance)
    around = rarer[max(place - 1, 0) : place + 1]
    near = tuple(dict.fromkeys(print_root_like(variance(x), spread.unit) for x in around))
    return _answer(
        "DEBIT",
        spread,
        size,
        consistent=fits,
        informative=True,
        nearest=near,
        of=f"{of} with the mean {middle.text}",
    )


def multiples(printed: Printed, grain: Fraction) -> range:
    """Return every whole number k for which k times `grain` prints as the number.

    Parameters
    ----------
    printed
        The number.
    grain
        What it should be a multiple of, above 0: 100/n for a percentage of n people.

    Returns
    -------
    range
        Consecutive numbers, of either sign; empty if none fits.
    """
    return range(math.ceil(printed.low / grain), math.floor(printed.high / grain) + 1)


def _rarer(first: int, last: int, n: int) -> range:
    """Return min(x, n - x) for x from `first` to `last`: both leave the same spread."""
    if last <= n // 2:
        return range(first, last + 1)
    if first >= n - n // 2:
        return range(n - last, n - first + 1)
    return range(min(first, n - last), n // 2 + 1)


def _least_squares(total: int, n: int) -> int:
    """Return the smallest sum of squares of n whole numbers with this sum: nearly equal ones."""
    each, over = divmod(total, n)
    return over * (each + 1) ** 2 + (n - over) * each**2


def _variance_at_least(bound: Fraction, total: int, n: int) -> Fraction:
    """Return the smallest variance from `bound` up of n whole numbers with this sum."""
    square = Fraction(total**2, n)
    q = max(math.ceil(bound * (n - 1) + square), _least_squares(total, n))
    q += (q - total) % 2
    return (q - square) / (n - 1)


def _variance_below(bound: Fraction, total: int, n: int) -> Fraction:
    """Return the largest variance below `bound` of n whole numbers with this sum; -1 if none."""
    square = Fraction(total**2, n)
    q = math.ceil(bound * (n - 1) + square) - 1
    q -= (q - total) % 2
    return (q - square) / (n - 1) if q >= _least_squares(total, n) else Fraction(-1)


def _answer(
    test: Literal["GRIMMER", "DEBIT"],
    sd: Printed,
    n: int,
    *,
    consistent: bool,
    informative: bool,
    nearest: tuple[str, ...],
    of: str,
) -> Granularity:
    if not informative:
        sentence = (
            f"{of} can have the standard deviation {sd.text}, and any other near it with as many "
            "decimals: the test says nothing."
        )
    elif consistent:
        sentence = f"{of} can have the standard deviation {sd.text}."
    else:
        sentence = f"{of} cannot have the standard deviation {sd.text}; the nearest "
        sentence += f"{'is' if len(nearest) == 1 else 'are'} {_and(nearest)}."
    return Granularity(
        test=test,
        value=sd.text,
        n=n,
        consistent=consistent,
        informative=informative,
        nearest=(sd.text,) if consistent else nearest,
        sentence=sentence,
    )


def _beside_no_mean(
    test: Literal["GRIMMER", "DEBIT"], mean: Printed, sd: Printed, n: int, of: str
) -> Granularity:
    return Granularity(
        test=test,
        value=sd.text,
        n=n,
        consistent=False,
        informative=True,
        nearest=(),
        sentence=f"{of} cannot have the mean {mean.text}, whatever their standard deviation.",
    )


def _whole_numbers(n: int, items: int) -> str:
    of = numbers.count(n)
    return f"{of} whole numbers" if items == 1 else f"{of} means of {items} whole numbers each"


def _and(parts: Sequence[str]) -> str:
    return numbers.listing(list(dict.fromkeys(parts)))

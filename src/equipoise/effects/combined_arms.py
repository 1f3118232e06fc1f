"""Several arms made one, one arm shared by several comparisons, and the spread of a change."""

import numpy as np
from numpy.typing import ArrayLike

from equipoise.effects.domains import (
    CORRELATION,
    FINITE,
    NOT_NEGATIVE,
    POSITIVE,
    Domain,
    read_arrays,
    refuse_where,
)
from equipoise.effects.interval import Floats
from equipoise.errors import UsageError

_AT_LEAST_ONE = Domain("must be 1 or more and finite", lambda x: (x >= 1) & np.isfinite(x))


def combine_means(mean: ArrayLike, sd: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return mean, standard deviation and people of several arms taken as one group.

    With N = Σn and M = Σnm / N the standard deviation is √((Σ(n - 1)s² + Σn(m - M)²) / (N - 1)):
    exactly what the people of all arms give together.

    Parameters
    ----------
    mean, sd, n
        Of each arm, along the last axis: shape (arms,) for one study, (studies, arms) for several.
        NaN in an arm gives NaN.

    Returns
    -------
    tuple of ndarray
        Mean, standard deviation and people, without the last axis.

    Raises
    ------
    UsageError
        If there is no axis of arms, if a standard deviation is negative or if an arm has nobody.

    References
    ----------
    Cochrane Handbook version 6, section 6.5.2.10.
    """
    m, s, size = _arms(mean, sd, n)
    people = size.sum(axis=-1)
    together = (size * m).sum(axis=-1) / people
    within = ((size - 1) * s**2).sum(axis=-1)
    between = (size * (m - together[..., np.newaxis]) ** 2).sum(axis=-1)
    with np.errstate(invalid="ignore"):  # a single person has no spread
        return together, np.sqrt((within + between) / (people - 1)), people


def combine_counts(events: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """Return events and people of several arms taken as one group: their sums.

    Parameters
    ----------
    events, n
        Of each arm, along the last axis. NaN in an arm gives NaN.

    Returns
    -------
    tuple of ndarray
        Events and people, without the last axis.

    Raises
    ------
    UsageError
        If there is no axis of arms, if a count is negative or if an arm has more events than
        people.

    References
    ----------
    Cochrane Handbook version 6, section 23.3.4.
    """
    x, size = _arms_of_counts(events, n)
    _refuse_single(x, size)
    return x.sum(axis=-1), size.sum(axis=-1)


def pooled_sd(sd: ArrayLike, n: ArrayLike) -> Floats:
    """Return the standard deviation within arms: √(Σ(n - 1)s² / Σ(n - 1)).

    Unlike the one of `combine_means` it leaves out how far the arms' means lie apart.

    Parameters
    ----------
    sd, n
        Of each arm, along the last axis. NaN in an arm gives NaN.

    Returns
    -------
    ndarray
        Without the last axis; NaN where no arm has two people.

    Raises
    ------
    UsageError
        If there is no axis of arms, if a standard deviation is negative or if an arm has nobody.

    References
    ----------
    Borenstein, Hedges, Higgins & Rothstein 2009, Introduction to Meta-Analysis, Wiley, chapter 4.
    """
    _, s, size = _arms(0.0, sd, n)
    df = size - 1
    with np.errstate(invalid="ignore"):
        return np.asarray(np.sqrt((df * s**2).sum(axis=-1) / df.sum(axis=-1)))


def sd_of_change(sd_before: ArrayLike, sd_after: ArrayLike, r: ArrayLike) -> Floats:
    """Return the standard deviation of a change: √(s₁² + s₂² - 2rs₁s₂).

    Parameters
    ----------
    sd_before, sd_after
        Standard deviations of the same people, in one unit.
    r
        Correlation between before and after. Where it is borrowed from another study or guessed,
        show the result at several.

    Returns
    -------
    ndarray
        In the unit of the measurement.

    Raises
    ------
    UsageError
        If a standard deviation is negative or a correlation not strictly between -1 and 1.

    References
    ----------
    Cochrane Handbook version 6, section 6.5.2.8.
    """
    before, after, correlation = read_arrays(
        ("sd_before", sd_before, NOT_NEGATIVE),
        ("sd_after", sd_after, NOT_NEGATIVE),
        ("r", r, CORRELATION),
    )
    # the square of the difference first, so that nearly equal spreads lose no digits
    return np.sqrt((before - after) ** 2 + 2 * (1 - correlation) * before * after)


def correlation_of_change(
    sd_before: ArrayLike, sd_after: ArrayLike, sd_change: ArrayLike
) -> Floats:
    """Return the correlation between before and after: (s₁² + s₂² - s²) / (2s₁s₂).

    Parameters
    ----------
    sd_before, sd_after, sd_change
        Standard deviations of the same people before, after and of their change, in one unit.

    Returns
    -------
    ndarray
        Correlation, from -1 to 1.

    Raises
    ------
    UsageError
        If a standard deviation is not above 0 or if no correlation fits the three: the spread of
        the change lies between the difference and the sum of the other two.

    References
    ----------
    Cochrane Handbook version 6, section 6.5.2.8.
    """
    before, after, change = read_arrays(
        ("sd_before", sd_before, POSITIVE),
        ("sd_after", sd_after, POSITIVE),
        ("sd_change", sd_change, POSITIVE),
    )
    r = (before**2 + after**2 - change**2) / (2 * before * after)
    impossible = np.abs(r) > 1 + 1e-9  # rounding errors of the arithmetic pass
    fault = "sd_change {:g} fits no correlation: sd_before is {:g} and sd_after {:g}"
    refuse_where(impossible, fault, change, before, after)
    return np.clip(r, -1, 1)


def split_shared_arm(
    events: ArrayLike, n: ArrayLike, comparisons: ArrayLike
) -> tuple[Floats, Floats]:
    """Return the share of an arm's events and people for each of several comparisons it is in.

    Without it people would count more than once. The comparisons stay correlated, and combining
    the other arms (`combine_counts`, `combine_means`) is preferred where it makes sense. Of a mean
    and a standard deviation only n is divided: pass 0 events. Shares are usually fractions.

    Parameters
    ----------
    events, n
        Counts of the shared arm.
    comparisons
        Into how many comparisons it goes.

    Returns
    -------
    tuple of ndarray
        Events and people for one comparison.

    Raises
    ------
    UsageError
        If a count is negative, if events exceed people or if there is no comparison.

    References
    ----------
    Cochrane Handbook version 6, section 23.3.4.
    """
    x, size = _arms_of_counts(events, n)
    (parts,) = read_arrays(("comparisons", comparisons, _AT_LEAST_ONE))
    return x / parts, size / parts


def _arms(mean: ArrayLike, sd: ArrayLike, n: ArrayLike) -> list[Floats]:
    arrays = read_arrays(("mean", mean, FINITE), ("sd", sd, NOT_NEGATIVE), ("n", n, _AT_LEAST_ONE))
    _refuse_single(*arrays)
    return [np.asarray(array) for array in np.broadcast_arrays(*arrays)]


def _arms_of_counts(events: ArrayLike, n: ArrayLike) -> list[Floats]:
    x, size = read_arrays(("events", events, NOT_NEGATIVE), ("n", n, NOT_NEGATIVE))
    refuse_where(x > size, "events {:g} is greater than n {:g}", x, size)
    return [np.asarray(array) for array in np.broadcast_arrays(x, size)]


def _refuse_single(*arrays: Floats) -> None:
    if not any(array.ndim for array in arrays):
        raise UsageError("give the numbers of every arm, for instance n=[30, 28]")

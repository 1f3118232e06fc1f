"""How many people with another outcome would move p across a threshold, in either direction."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from equipoise.appraisal.arguments import check_numbers
from equipoise.effects.domains import FINITE, PROBABILITY
from equipoise.effects.fisher import fisher_exact, fisher_p_values
from equipoise.effects.interval import Floats
from equipoise.errors import UsageError

_Met: TypeAlias = Callable[[Floats], NDArray[np.bool_]]

_TIE = 1e-9
"""A p value this close to the threshold has reached it: 1/20 is 0.05, however it is computed."""
_AT_ONCE = 64
"""Tables tested together: all those of a large trial at once would fill the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragility:
    """The fragility index under both ways of coding the event, and their minimum.

    Attributes
    ----------
    index
        The smaller of the two; 0 if the result does not reach `alpha` to begin with.
    as_coded, complement
        The index with the event as given, and with the event turned round.
    quotient
        `index` divided by the number of people.
    p_value
        Fisher's exact test of the table as it stands.
    """

    index: int
    as_coded: int
    complement: int
    quotient: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseFragility:
    """The reverse fragility index under both ways of coding the event, and their minimum.

    Attributes
    ----------
    index
        The smaller of the two; 0 if p is below `alpha` to begin with; None if neither exists.
    as_coded, complement
        The index with the event as given, and with the event turned round; None where the group
        runs out of people before p falls below `alpha`.
    quotient
        `index` divided by the number of people; NaN without an index.
    p_value
        Fisher's exact test of the table as it stands.
    """

    index: int | None
    as_coded: int | None
    complement: int | None
    quotient: float
    p_value: float


def fragility_index(
    events_treatment: int,
    n_treatment: int,
    events_control: int,
    n_control: int,
    *,
    alpha: float = 0.05,
) -> Fragility:
    """Count the people whose different outcome would lift p to `alpha` or above.

    In the arm with the smaller risk (between arms of one size, the arm with fewer events),
    non-events become events one at a time until Fisher's exact test gives ``p >= alpha``. The count
    depends on which outcome is called the event, so both codings are tried and the smaller count
    leads.

    Parameters
    ----------
    events_treatment, n_treatment, events_control, n_control
        The 2 by 2 table.
    alpha
        The threshold the index is about.

    Returns
    -------
    Fragility
        The index, under both codings, with its quotient and the p value of the table.

    Raises
    ------
    UsageError
        If the counts are not a 2 by 2 table, or `alpha` is not between 0 and 1.

    References
    ----------
    Walsh M et al. J Clin Epidemiol 2014;67:622-628, doi:10.1016/j.jclinepi.2013.10.019. Its use is
    disputed: read it beside the interval, never as a score.
    """
    e1, n1, e2, n2 = _counts(events_treatment, n_treatment, events_control, n_control)
    check_numbers(PROBABILITY, alpha=alpha)
    as_coded = _steps_together(e1, n1, e2, n2, alpha)
    complement = _steps_together(n1 - e1, n1, n2 - e2, n2, alpha)
    index = min(as_coded, complement)
    return Fragility(
        index=index,
        as_coded=as_coded,
        complement=complement,
        quotient=index / (n1 + n2),
        p_value=fisher_exact(e1, n1, e2, n2),
    )


def reverse_fragility_index(
    events_treatment: int,
    n_treatment: int,
    events_control: int,
    n_control: int,
    *,
    alpha: float = 0.05,
) -> ReverseFragility:
    """Count the people whose different outcome would bring p below `alpha`.

    In the arm with the smaller risk, events become non-events one at a time until Fisher's exact
    test gives ``p < alpha``: the groups move apart in the direction they already differ in. With
    the event turned round it is the other arm that changes, so both codings are tried and the
    smaller count leads. Groups of one risk have no such direction: either may change, and the
    smaller count is taken. Some tables have no index, since a group can lose no more events than it
    has: in 1 of 2 against 1 of 2, nothing brings p below 0.05.

    Parameters
    ----------
    events_treatment, n_treatment, events_control, n_control
        The 2 by 2 table.
    alpha
        The threshold the index is about.

    Returns
    -------
    ReverseFragility
        The index, under both codings, with its quotient and the p value of the table.

    Raises
    ------
    UsageError
        If the counts are not a 2 by 2 table, or `alpha` is not between 0 and 1.

    References
    ----------
    Khan MS et al. JAMA Netw Open 2020;3:e2012469, doi:10.1001/jamanetworkopen.2020.12469; Lin L.
    J Eval Clin Pract 2021;27:356-364, doi:10.1111/jep.13428, shows what the index depends on. That
    few people would do is no sign of an effect: the interval says which effects fit.
    """
    e1, n1, e2, n2 = _counts(events_treatment, n_treatment, events_control, n_control)
    check_numbers(PROBABILITY, alpha=alpha)
    as_coded = _steps_apart(e1, n1, e2, n2, alpha)
    complement = _steps_apart(n1 - e1, n1, n2 - e2, n2, alpha)
    index = min((steps for steps in (as_coded, complement) if steps is not None), default=None)
    return ReverseFragility(
        index=index,
        as_coded=as_coded,
        complement=complement,
        quotient=math.nan if index is None else index / (n1 + n2),
        p_value=fisher_exact(e1, n1, e2, n2),
    )


def _counts(e1: int, n1: int, e2: int, n2: int) -> tuple[int, int, int, int]:
    check_numbers(FINITE, events_treatment=e1, n_treatment=n1, events_control=e2, n_control=n2)
    whole = all(float(count).is_integer() for count in (e1, n1, e2, n2))
    if not (whole and 0 <= e1 <= n1 and 0 <= e2 <= n2 and n1 > 0 and n2 > 0):
        raise UsageError(f"{e1} of {n1} against {e2} of {n2} is not a table of counts.")
    return int(e1), int(n1), int(e2), int(n2)


def _steps_together(e1: int, n1: int, e2: int, n2: int, alpha: float) -> int:
    """Tables as events are added to the arm of the smaller risk; the first at or above `alpha`.

    There is one: on its way to everybody the count passes the likeliest table, whose p is 1.
    """
    if e1 * n2 > e2 * n1:
        e1, n1, e2, n2 = e2, n2, e1, n1
    found = _first(range(e1, n1 + 1), n1, e2, n2, lambda p: p >= alpha * (1 - _TIE))
    if found is None:  # pragma: no cover
        raise AssertionError("no table reached alpha")
    return found


def _steps_apart(e1: int, n1: int, e2: int, n2: int, alpha: float) -> int | None:
    """Tables as events are taken from the arm of the smaller risk; the first below `alpha`."""
    if e1 * n2 > e2 * n1:
        e1, n1, e2, n2 = e2, n2, e1, n1
    tables = [(e1, n1, e2, n2)]
    if e1 * n2 == e2 * n1:
        tables.append((e2, n2, e1, n1))
    found = [
        _first(range(a, -1, -1), n, b, m, lambda p: p < alpha * (1 - _TIE)) for a, n, b, m in tables
    ]
    return min((steps for steps in found if steps is not None), default=None)


def _first(counts: range, n1: int, e2: int, n2: int, met: _Met) -> int | None:
    """How many steps it takes through these counts of events in one arm; None if none will do."""
    for start in range(0, len(counts), _AT_ONCE):
        events = np.array(counts[start : start + _AT_ONCE])
        p = fisher_p_values(events, *(np.full_like(events, x) for x in (n1, e2, n2)))
        reached = met(p)
        if reached.any():
            return start + int(np.argmax(reached))
    return None

"""Peto's method: published numbers, and what must hold whatever the counts."""

import pandas as pd
import pytest
from analyses import BCG, COUNTS
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import UsageError
from equipoise.synthesis.peto import peto
from equipoise.synthesis.pooled import Pooled

Rows = list[tuple[int, ...]]

FEW = settings(max_examples=30)

BETA_BLOCKERS = [
    (14, 56, 15, 58), (18, 66, 19, 64), (15, 100, 12, 95), (10, 52, 12, 47), (21, 226, 24, 228),
    (3, 38, 6, 31), (2, 20, 3, 20), (19, 76, 15, 67), (15, 106, 9, 114), (5, 62, 4, 57),
    (0, 9, 0, 8), (8, 133, 11, 127), (3, 48, 3, 49), (0, 16, 0, 13), (1, 42, 1, 46),
    (0, 25, 3, 25), (14, 221, 15, 228), (0, 11, 0, 11), (8, 259, 7, 129), (6, 157, 4, 158),
    (3, 177, 2, 136),
]  # fmt: skip
"""Short-term trials of oral beta blockers after a heart attack: Yusuf et al. 1985, Table 6; one
trial with unknown counts is left out."""


def pooled(rows: Rows, **options: float) -> Pooled:
    return peto(pd.DataFrame(rows, columns=COUNTS), **options)


def studies(least: int = 1) -> st.SearchStrategy[Rows]:
    """Draw studies of 1 to 60 people a group, zero cells included, not all of them silent."""
    group = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
    study = st.tuples(group, group).map(lambda groups: groups[0] + groups[1])
    return st.lists(study, min_size=least, max_size=6).filter(
        lambda rows: any(0 < e1 + e2 < n1 + n2 for e1, n1, e2, n2 in rows)
    )


def by_hand(rows: Rows) -> tuple[float, float]:
    """Return O - E and V, summed."""
    excess = spread = 0.0
    for e1, n1, e2, n2 in rows:
        n, events = n1 + n2, e1 + e2
        excess += e1 - n1 * events / n
        spread += n1 * n2 * events * (n - events) / (n * n * (n - 1))
    return excess, spread


def test_bcg_as_by_stata() -> None:
    """Colditz et al. 1994, pooled by Stata's metan, as printed in the tests of metafor."""
    found = pooled(BCG)
    numbers = [found.estimate, found.low, found.high, found.statistic, found.q]
    assert numbers == pytest.approx([-0.4744, -0.5541, -0.3948, -11.6689, 167.7302], abs=5.1e-5)
    shown = found.natural()
    assert [shown.estimate, shown.low, shown.high] == pytest.approx(
        [0.6222, 0.5746, 0.6738], abs=5.1e-5
    )
    assert (found.estimator, found.measure, found.k, found.q_df) == ("PETO", "PETO", 13, 12)


@FEW
@given(studies())
def test_it_is_the_sum_of_what_was_not_expected(rows: Rows) -> None:
    excess, spread = by_hand(rows)
    found = pooled(rows)
    assert found.estimate == pytest.approx(excess / spread, rel=1e-9, abs=1e-12)
    assert found.se == pytest.approx(spread**-0.5, rel=1e-10)


@FEW
@given(studies())
def test_swapping_the_groups_changes_the_sign(rows: Rows) -> None:
    found, other = pooled(rows), pooled([(e2, n2, e1, n1) for e1, n1, e2, n2 in rows])
    assert other.estimate == pytest.approx(-found.estimate, rel=1e-9, abs=1e-12)
    assert other.se == pytest.approx(found.se, rel=1e-10)
    assert other.q == pytest.approx(found.q, rel=1e-8, abs=1e-10)


def test_studies_without_events_take_no_part() -> None:
    found = pooled(BETA_BLOCKERS)
    silent = [row for row, reason in enumerate(found.reasons) if "nobody" in reason]
    assert [BETA_BLOCKERS[row] for row in silent] == [(0, 9, 0, 8), (0, 16, 0, 13), (0, 11, 0, 11)]
    assert [found.weights[row] for row in silent] == [0, 0, 0]
    spoken = [row for at, row in enumerate(BETA_BLOCKERS) if at not in silent]
    other = pooled(spoken)
    assert (other.k, other.estimate, other.se, other.q) == (
        found.k, found.estimate, found.se, found.q
    )  # fmt: skip


def test_a_group_without_events_needs_no_constant() -> None:
    """metafor: four trials without an event under treatment."""
    found = pooled([(0, 30, 2, 31), (0, 25, 1, 24), (0, 40, 4, 40), (0, 50, 3, 52)])
    assert [found.estimate, found.se, found.q, found.q_p_value] == pytest.approx(
        [-2.035990195962216, 0.6404046946402772, 0.003273091810854112, 0.9999502458074895],
        rel=1e-10,
    )


@FEW
@given(studies(), st.floats(0.5, 0.9), st.floats(0.905, 0.999))
def test_the_interval_widens_with_the_level(rows: Rows, level: float, higher: float) -> None:
    narrow, wide = pooled(rows, level=level), pooled(rows, level=higher)
    assert wide.low < narrow.low < narrow.high < wide.high


@pytest.mark.parametrize(
    "rows",
    [
        [(0, 10, 0, 12), (0, 9, 0, 9)],
        [(10, 10, 12, 12)],
        [(0, 10, 0, 12), (9, 9, 9, 9)],
    ],
)
def test_an_outcome_that_never_occurred_is_refused(rows: Rows) -> None:
    with pytest.raises(UsageError, match=r"Peto's method cannot be used: no study has .* outcomes"):
        pooled(rows)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(UsageError, match="the table has no n_control"):
        peto(pd.DataFrame(BCG, columns=COUNTS).drop(columns="n_control"))

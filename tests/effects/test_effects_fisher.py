"""Fisher's exact test against published p-values, exact fractions and scipy."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from equipoise.effects.fisher import fisher_exact, fisher_p_values
from equipoise.errors import UsageError

Table = tuple[int, int, int, int]


@st.composite
def tables(draw: st.DrawFn, largest: int = 80) -> Table:
    n1, n2 = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n2)), n2


def exact_p(e1: int, n1: int, e2: int, n2: int) -> float:
    events = e1 + e2
    ways = [comb(n1, k) * comb(n2, events - k) for k in range(max(0, events - n2), events + 1)]
    limit = comb(n1, e1) * comb(n2, e2) * Fraction(10**7 + 1, 10**7)
    return float(Fraction(sum(way for way in ways if way <= limit), sum(ways)))


@pytest.mark.parametrize(
    ("table", "p", "digits"),
    [
        ((10, 13, 2, 11), 0.0122781, 7),
        ((3, 13, 9, 11), 0.0122781, 7),
        ((10, 13, 2, 9), 0.0274215, 7),
        ((1, 100, 9, 100), 0.0184877, 7),
        ((200, 4000, 250, 4000), 0.0173, 4),
        ((3, 13, 7, 9), 0.027, 3),  # Prasad 2012: surgery, by choice of denominator
        ((3, 13, 7, 11), 0.095, 3),
        ((3, 13, 9, 11), 0.012, 3),
        ((18, 85, 33, 85), 0.019, 3),
    ],
)
def test_published_p_values(table: Table, p: float, digits: int) -> None:
    assert round(fisher_exact(*table), digits) == p


@given(tables())
def test_exact_fractions_agree(table: Table) -> None:
    assert fisher_exact(*table) == pytest.approx(exact_p(*table), rel=1e-10)


@given(tables(largest=25))
def test_scipy_agrees(table: Table) -> None:
    e1, n1, e2, n2 = table
    oracle = stats.fisher_exact([[e1, n1 - e1], [e2, n2 - e2]]).pvalue
    assert fisher_exact(*table) == pytest.approx(float(oracle), rel=1e-9)


@given(tables(largest=400))
def test_the_names_of_groups_and_outcomes_do_not_matter(table: Table) -> None:
    e1, n1, e2, n2 = table
    p = fisher_exact(*table)
    assert 0 < p <= 1
    assert fisher_exact(e2, n2, e1, n1) == pytest.approx(p, rel=1e-8)
    assert fisher_exact(n1 - e1, n1, n2 - e2, n2) == pytest.approx(p, rel=1e-8)


@given(st.lists(tables(), min_size=1, max_size=12))
def test_many_tables_at_once_give_the_same(batch: list[Table]) -> None:
    together = fisher_p_values(*map(list, zip(*batch, strict=True)))
    assert together.tolist() == pytest.approx([fisher_exact(*table) for table in batch], rel=1e-12)


def test_no_tables_give_no_p_values() -> None:
    assert fisher_p_values([], [], [], []).shape == (0,)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ((5, 4, 1, 4), "events_treatment 5 is greater than n_treatment 4"),
        ((1, 4, -1, 4), "events_control -1 is negative"),
        ((0, 0, 1, 4), "n_treatment is 0"),
        ((0.5, 3, 1, 4), "whole numbers"),
    ],
)
def test_impossible_tables_are_refused(table: Table, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        fisher_exact(*table)

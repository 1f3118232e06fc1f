"""Mantel and Haenszel's method: published numbers, and what must hold whatever the counts."""

import math

import numpy as np
import pandas as pd
import pytest
from analyses import BCG, COUNTS
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.effects.sizes import effect_sizes
from equipoise.errors import UsageError
from equipoise.synthesis.mantel_haenszel import mantel_haenszel
from equipoise.synthesis.mantel_haenszel_kernels import KERNELS
from equipoise.synthesis.mantel_haenszel_tests import mantel_haenszel_tests
from equipoise.synthesis.pooled import Pooled

FEW = settings(max_examples=30)

RATES = ["events_treatment", "time_treatment", "events_control", "time_control"]
RATIOS = ["RR", "OR", "IRR"]
MEASURES = [*RATIOS, "RD", "IRD"]

Rows = list[tuple[int, ...]]

ADMISSIONS = [
    (512, 825, 89, 108), (353, 560, 17, 25), (120, 325, 202, 593), (138, 417, 131, 375),
    (53, 191, 94, 393), (22, 373, 24, 341),
]  # fmt: skip
"""Men and women who applied to Berkeley's six largest departments, and were admitted: Bickel et al.
1975."""

STROKES = [
    (9, 413, 19, 398), (8, 263, 19, 245), (3, 487, 13, 435), (6, 237, 9, 241), (7, 489, 23, 483),
    (20, 507, 50, 405),
]  # fmt: skip
"""Strokes in person-years with warfarin and without: Hart et al. 1999."""

WITH_SILENT = [(0, 20, 0, 22), (2, 40, 5, 41), (0, 60, 0, 60), (25, 25, 30, 30), (4, 33, 2, 50)]
"""Two studies in which nobody had the event, and one in which everybody had it."""


def table(rows: Rows, measure: str = "RR") -> pd.DataFrame:
    return pd.DataFrame(rows, columns=RATES if measure.startswith("IR") else COUNTS)


def pooled(rows: Rows, measure: str, **options: float) -> Pooled:
    return mantel_haenszel(table(rows, measure), measure, **options)


def studies(least: int = 1, most: int = 6) -> st.SearchStrategy[Rows]:
    """Draw studies of 2 to 60 people a group, without zero cells."""
    group = st.integers(2, 60).flatmap(lambda n: st.tuples(st.integers(1, n - 1), st.just(n)))
    study = st.tuples(group, group).map(lambda groups: groups[0] + groups[1])
    return st.lists(study, min_size=least, max_size=most)


def swapped(rows: Rows) -> Rows:
    return [(e2, n2, e1, n1) for e1, n1, e2, n2 in rows]


@pytest.mark.parametrize(
    ("measure", "expected", "natural"),
    [
        ("RR", (-0.4537, -0.5308, -0.3766, -11.5338, 152.5676), (0.6353, 0.5881, 0.6862)),
        ("OR", (-0.4734, -0.5538, -0.3930, -11.5444, 163.9426), (0.6229, 0.5748, 0.6750)),
    ],
)
def test_bcg_as_by_stata(
    measure: str, expected: tuple[float, ...], natural: tuple[float, ...]
) -> None:
    """Colditz et al. 1994, pooled by Stata's metan, as printed in the tests of metafor."""
    found = pooled(BCG, measure)
    numbers = [found.estimate, found.low, found.high, found.statistic, found.q]
    assert numbers == pytest.approx(expected, abs=5.1e-5)
    shown = found.natural()
    assert [shown.estimate, shown.low, shown.high] == pytest.approx(natural, abs=5.1e-5)
    assert (found.k, found.q_df, found.tau2, found.estimator) == (13, 12, 0, "MH")


def test_admissions_as_by_r() -> None:
    """The manual of R's mantelhaen.test has this example: sex and admission, within departments."""
    shown = pooled(ADMISSIONS, "OR").natural()
    assert [shown.estimate, shown.low, shown.high] == pytest.approx(
        [0.9046968283, 0.7719073618, 1.0603297644], rel=1e-9
    )
    for correct, statistic, p_value in (
        (True, 1.4269462286, 0.2322634628),
        (False, 1.5246066604, 0.2169236971),
    ):
        tests = mantel_haenszel_tests(table(ADMISSIONS), correct=correct).set_index("test")
        row = tests.loc["Mantel-Haenszel"]
        assert [row.statistic, row.p_value] == pytest.approx([statistic, p_value], rel=1e-9)


@pytest.mark.parametrize(
    ("rows", "options", "expected"),
    [
        (BCG, {}, [135.7087148551205, 135.68894372390628, 171.76536657939624, 171.75667299387146]),
        (
            BCG,
            {"correct": False},
            [136.1828169468348, 136.16297674463516, 171.76536657939624, 171.75667299387146],
        ),
        (
            [(0, 30, 2, 31), (0, 25, 1, 24), (0, 40, 4, 40), (0, 50, 3, 52)],
            {},
            [8.284042074275925, 8.17400678419555, math.nan, math.nan],
        ),
        (
            [(0, 30, 2, 31), (0, 25, 1, 24), (0, 40, 4, 40), (0, 50, 3, 52)],
            {"add": 0.5},
            [5.967618134570285, 5.888128855033827, 0.2832997066317874, 0.2832884920168627],
        ),
        ([(4, 40, 9, 41)], {}, [1.350982403984108, 1.334303608873193, 0.0, 0.0]),
    ],
)
def test_tests_of_tables_as_by_metafor(
    rows: Rows, options: dict[str, float], expected: list[float]
) -> None:
    tests = mantel_haenszel_tests(table(rows), **options)
    assert tests["test"].tolist() == ["Cochran", "Mantel-Haenszel", "Breslow-Day", "Tarone"]
    assert tests["statistic"].tolist() == pytest.approx(expected, rel=1e-10, abs=1e-12, nan_ok=True)
    assert tests["df"].tolist() == [1, 1, len(rows) - 1, len(rows) - 1]


def test_rates_as_by_metafor() -> None:
    for correct, expected in ((True, 43.0656382800767), (False, 44.035930888613)):
        tests = mantel_haenszel_tests(table(STROKES, "IRR"), "IRR", correct=correct)
        assert tests["test"].tolist() == ["Mantel-Haenszel"]
        assert tests["statistic"].item() == pytest.approx(expected, rel=1e-12)


def test_breslow_day_of_millions_in_every_digit() -> None:
    """The value is from 60-digit arithmetic; the school formula for roots keeps ten digits."""
    rows = [(1200345, 10000000, 1190000, 10000000), (2500000, 20000000, 2510203, 20000000),
            (987654, 9000000, 991234, 9000000)]  # fmt: skip
    found = mantel_haenszel_tests(table(rows)).loc[2, "statistic"]
    assert found == pytest.approx(80.44529555397172, rel=1e-13)


def breslow_day_by_bisection(rows: Rows) -> float:
    """Return the statistic, each expected count found by halving."""
    psi = math.exp(pooled(rows, "OR").estimate)
    statistic = 0.0
    for e1, n1, e2, n2 in rows:
        events = e1 + e2
        low, high = max(0.0, events - n2), float(min(events, n1))
        for _ in range(200):
            x = (low + high) / 2
            if x * (n2 - events + x) < psi * (n1 - x) * (events - x):
                low = x
            else:
                high = x
        spread = 1 / (1 / x + 1 / (events - x) + 1 / (n1 - x) + 1 / (n2 - events + x))
        statistic += (e1 - x) ** 2 / spread
    return statistic


@FEW
@given(studies(least=2))
def test_breslow_day_has_the_expected_counts_of_the_pooled_odds_ratio(rows: Rows) -> None:
    found = mantel_haenszel_tests(table(rows))["statistic"]
    assert found.iloc[2] == pytest.approx(breslow_day_by_bisection(rows), rel=1e-8, abs=1e-10)
    assert found.iloc[3] <= found.iloc[2]


@pytest.mark.parametrize("measure", MEASURES)
@FEW
@given(rows=studies(least=1, most=1))
def test_of_one_study_it_is_the_study(measure: str, rows: Rows) -> None:
    found = pooled(rows, measure)
    crude = effect_sizes(table(rows, measure), measure).iloc[0]
    assert found.estimate == pytest.approx(crude.effect, rel=1e-10, abs=1e-14)
    assert found.se == pytest.approx(crude.se, rel=1e-10)
    assert found.weights == (1.0,)
    assert (found.k, found.q, found.q_df) == (1, 0, 0)
    assert math.isnan(found.q_p_value)


@pytest.mark.parametrize("measure", MEASURES)
@FEW
@given(rows=studies())
def test_swapping_the_groups_changes_the_sign(measure: str, rows: Rows) -> None:
    found, other = pooled(rows, measure), pooled(swapped(rows), measure)
    assert other.estimate == pytest.approx(-found.estimate, rel=1e-9, abs=1e-12)
    assert other.se == pytest.approx(found.se, rel=1e-9)


@FEW
@given(studies())
def test_counting_those_without_the_event_changes_the_sign(rows: Rows) -> None:
    without = [(n1 - e1, n1, n2 - e2, n2) for e1, n1, e2, n2 in rows]
    for measure in ("OR", "RD"):
        found, other = pooled(rows, measure), pooled(without, measure)
        assert other.estimate == pytest.approx(-found.estimate, rel=1e-9, abs=1e-12)
        assert other.se == pytest.approx(found.se, rel=1e-9)


@pytest.mark.parametrize("measure", MEASURES)
@FEW
@given(rows=studies(least=2), order=st.randoms(use_true_random=False))
def test_order_does_not_matter(measure: str, rows: Rows, order: st.DrawFn) -> None:
    mixed = list(rows)
    order.shuffle(mixed)
    found, other = pooled(rows, measure), pooled(mixed, measure)
    for name in ("estimate", "se", "q"):
        assert getattr(other, name) == pytest.approx(getattr(found, name), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("measure", MEASURES)
@FEW
@given(rows=studies(), times=st.integers(2, 5))
def test_equal_studies_pool_to_one_of_them(measure: str, rows: Rows, times: int) -> None:
    one, several = pooled(rows[:1], measure), pooled(rows[:1] * times, measure)
    assert several.estimate == pytest.approx(one.estimate, rel=1e-10, abs=1e-14)
    assert several.se == pytest.approx(one.se / math.sqrt(times), rel=1e-10)
    assert several.q == pytest.approx(0, abs=1e-18)
    assert several.weights == pytest.approx([1 / times] * times)


@pytest.mark.parametrize("measure", RATIOS)
@FEW
@given(rows=studies(), n=st.tuples(st.integers(1, 500), st.integers(1, 500)))
def test_a_study_without_events_changes_no_ratio(
    measure: str, rows: Rows, n: tuple[int, int]
) -> None:
    found, more = pooled(rows, measure), pooled([*rows, (0, n[0], 0, n[1])], measure)
    for name in ("k", "estimate", "se", "q", "q_df"):
        assert getattr(more, name) == pytest.approx(getattr(found, name), rel=1e-12)
    assert more.weights[-1] == 0
    assert "nobody" in more.reasons[-1]
    assert math.isnan(more.effects[-1])


@FEW
@given(studies(), st.integers(1, 500), st.integers(1, 500))
def test_a_study_without_events_pulls_the_difference_to_0(rows: Rows, n1: int, n2: int) -> None:
    found, more = pooled(rows, "RD"), pooled([*rows, (0, n1, 0, n2)], "RD")
    assert abs(more.estimate) <= abs(found.estimate)
    assert more.estimate == pytest.approx((1 - more.weights[-1]) * found.estimate, rel=1e-9)
    assert (more.k, more.reasons[-1], more.q_df) == (found.k + 1, "", found.q_df)


def test_who_takes_part_in_what() -> None:
    """Everybody having the event says nothing about odds, but that risks are equal."""
    parts = {
        m: [not reason for reason in pooled(WITH_SILENT, m).reasons] for m in ("OR", "RR", "RD")
    }
    assert parts == {
        "OR": [False, True, False, False, True],
        "RR": [False, True, False, True, True],
        "RD": [True] * 5,
    }
    assert [pooled(WITH_SILENT, m).k for m in parts] == [2, 3, 5]
    assert {pooled(WITH_SILENT, m).q_df for m in parts} == {1}


@pytest.mark.parametrize("measure", MEASURES)
@FEW
@given(rows=studies())
def test_weights_make_the_estimate(measure: str, rows: Rows) -> None:
    """On the natural scale it is the weighted mean of the studies' own effects."""
    found = pooled(rows, measure)
    own = np.array([pooled([row], measure).natural().estimate for row in rows])
    assert sum(found.weights) == pytest.approx(1)
    assert np.dot(found.weights, own) == pytest.approx(
        found.natural().estimate, rel=1e-9, abs=1e-12
    )


def test_events_under_treatment_alone_weigh_nothing_yet_count() -> None:
    rows = [(3, 20, 4, 20), (2, 20, 0, 20)]
    found = pooled(rows, "RR")
    assert (found.k, found.weights[1], found.reasons[1]) == (2, 0, "")
    assert found.estimate > pooled(rows[:1], "RR").estimate


@FEW
@given(studies(), st.floats(0.5, 0.9), st.floats(0.905, 0.999))
def test_the_interval_widens_with_the_level(rows: Rows, level: float, higher: float) -> None:
    narrow, wide = pooled(rows, "OR", level=level), pooled(rows, "OR", level=higher)
    assert wide.low < narrow.low < narrow.high < wide.high
    assert narrow.estimate == wide.estimate


def test_a_constant_before_pooling_is_asked_for() -> None:
    """metafor with add=c(1/2, 1/2) and to=c("only0", "only0")."""
    rows = [(0, 30, 2, 31), (0, 25, 1, 24), (0, 40, 4, 40), (0, 50, 3, 52)]
    found = pooled(rows, "OR", add=0.5)
    assert [found.estimate, found.se, found.q, found.i2] == pytest.approx(
        [-1.849860166358091, 0.772630306132406, 0.27587054155709034, 0], rel=1e-10
    )
    plain, added = (pooled(BCG, "OR", add=add) for add in (0.0, 0.5))
    assert plain.estimate == added.estimate  # no cell is 0


def test_many_analyses_at_once() -> None:
    """The formulas take a further axis: analyses along the first, studies along the last."""
    draw = np.random.default_rng(7)
    n1, n2 = draw.integers(5, 90, (2, 50, 4)).astype(float)
    e1, e2 = draw.integers(1, 5, (2, 50, 4)).astype(float)
    for measure, kernel in KERNELS.items():
        together = kernel(e1, n1, e2, n2)
        for row in range(50):
            alone = kernel(e1[row], n1[row], e2[row], n2[row])
            assert together.estimate[row] == pytest.approx(alone.estimate, rel=1e-12), measure
            assert together.variance[row] == pytest.approx(alone.variance, rel=1e-12), measure


def test_rows_that_are_incomplete_stay_with_a_reason() -> None:
    counts = table([*BCG, (3, 10, 4, 10)]).astype(object)
    counts.loc[13, "events_control"] = None
    counts["study"] = [f"trial {row}" for row in range(14)]
    found = mantel_haenszel(counts)
    assert found.estimate == pooled(BCG, "RR").estimate
    assert (found.labels[-1], found.weights[-1]) == ("trial 13", 0)
    assert found.reasons[-1] == "not given: events_control"
    assert len(found.studies) == 14
    assert "Mantel-Haenszel" in str(found)


@pytest.mark.parametrize(
    ("rows", "measure", "words"),
    [
        ([(0, 10, 0, 12), (0, 9, 0, 9)], "OR", "no odds ratio to pool"),
        ([(0, 10, 0, 12), (10, 10, 9, 9)], "OR", "no odds ratio to pool"),
        ([(0, 10, 3, 12), (0, 9, 1, 9)], "RR", "0 or infinite"),
        ([(2, 10, 0, 12), (1, 9, 0, 9)], "OR", "0 or infinite"),
        ([(0, 10, 0, 12), (0, 9, 0, 9)], "RD", "has no interval"),
        ([(8, 8, 9, 9)], "RR", "has no interval"),
        ([(0, 10, 0, 12)], "IRR", "no incidence rate ratio to pool"),
        ([(0, 10, 0, 12)], "IRD", "has no interval"),
    ],
)
def test_what_has_no_estimate_is_refused(rows: Rows, measure: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        pooled(rows, measure)


def test_wrong_use_is_told() -> None:
    counts = table(BCG)
    with pytest.raises(UsageError, match="no measure 'SMD'; choose one of: RR, OR, RD, IRR, IRD"):
        mantel_haenszel(counts, "SMD")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="the table has no time_treatment, time_control"):
        mantel_haenszel(counts, "IRR")
    with pytest.raises(UsageError, match="the table has no time_treatment, time_control"):
        mantel_haenszel_tests(counts, "IRR")
    with pytest.raises(UsageError, match='the tests are those of "OR" and "IRR", not of \'RR\''):
        mantel_haenszel_tests(counts, "RR")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="level must lie between 0 and 1"):
        mantel_haenszel(counts, level=95)
    with pytest.raises(UsageError, match="there is nothing to test"):
        mantel_haenszel_tests(table([(0, 10, 0, 12)]))
    empty = counts.assign(n_control=np.nan)
    for refused in (mantel_haenszel, mantel_haenszel_tests):
        with pytest.raises(UsageError, match="no row has counts in both groups"):
            refused(empty)


@FEW
@given(studies())
def test_studies_and_their_mirror_images_show_nothing(rows: Rows) -> None:
    both = [*rows, *swapped(rows)]
    tests = mantel_haenszel_tests(table(both), correct=False)
    assert tests["statistic"].iloc[:2].tolist() == pytest.approx([0, 0], abs=1e-12)
    for measure in MEASURES:
        assert pooled(both, measure).estimate == pytest.approx(0, abs=1e-12)

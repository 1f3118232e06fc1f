"""Sequential boundaries against published ones and against integrals done another way."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

import equipoise as eq
from equipoise.appraisal.trial_sequential import CAUTION

BCG = eq.effect_sizes(eq.load_evidence("evidence/bcg_vaccine").comparison("tuberculosis"), "RR")
REQUIRED = 500_000.0


def _spent(t: float, alpha: float = 0.05) -> float:
    """Both sides together."""
    return float(4 * stats.norm.sf(stats.norm.ppf(1 - alpha / 4) / math.sqrt(min(t, 1))))


@pytest.mark.parametrize(
    ("fractions", "published"),
    [
        ((0.2, 0.4, 0.6, 0.8, 1), (4.877, 3.357, 2.680, 2.290, 2.031)),  # Lan and DeMets's own five
        ((1 / 3, 2 / 3, 1), (3.710, 2.511, 1.993)),
        ((0.5, 0.75, 1), (2.963, 2.359, 2.014)),
        ((0.1,), (6.9914,)),
        ((0.25,), (4.3326,)),
        ((0.5,), (2.9626,)),
        ((1,), (1.9600,)),
    ],
)
def test_published_boundaries(fractions: tuple[float, ...], published: tuple[float, ...]) -> None:
    digits = 5e-4 if len(fractions) > 1 else 5e-5
    found = eq.sequential_boundaries(fractions)
    assert found.tolist() == pytest.approx(published, abs=digits)


def test_five_boundaries_hold_the_error_rate_by_the_multivariate_normal() -> None:
    """The probability to stay within all of them, by scipy's quasi-random integration."""
    t = np.array([0.2, 0.4, 0.6, 0.8, 1.0])
    bounds = eq.sequential_boundaries(t)
    correlation = np.sqrt(np.minimum.outer(t, t) / np.maximum.outer(t, t))
    for k in range(2, 6):
        within = stats.multivariate_normal(
            np.zeros(k), correlation[:k, :k], seed=1, maxpts=2_000_000, abseps=1e-7
        ).cdf(bounds[:k], lower_limit=-bounds[:k])
        assert 1 - within == pytest.approx(_spent(t[k - 1]), abs=3e-6)


@pytest.mark.parametrize("fractions", [(0.3, 0.5, 0.9), (0.45, 0.5, 1.0), (0.1, 0.9, 1.3)])
@pytest.mark.parametrize("alpha", [0.05, 0.2])
def test_three_boundaries_hold_the_error_rate_by_a_double_integral(
    fractions: tuple[float, float, float], alpha: float
) -> None:
    a, b, c = (x * math.sqrt(t) for x, t in zip(eq.sequential_boundaries(fractions, alpha=alpha),
                                               fractions, strict=True))  # fmt: skip
    first, second, third = np.sqrt(np.diff(fractions, prepend=0.0))

    def density(y: float, x: float) -> float:
        stays = stats.norm.cdf((c - y) / third) - stats.norm.cdf((-c - y) / third)
        return float(
            math.exp(-((x / first) ** 2 + ((y - x) / second) ** 2) / 2)
            / (2 * math.pi * first * second)
            * stays
        )

    nodes, weights = np.polynomial.legendre.leggauss(120)
    within = sum(
        wx * a * wy * b * density(b * y, a * x)
        for x, wx in zip(nodes, weights, strict=True)
        for y, wy in zip(nodes, weights, strict=True)
    )
    assert 1 - within == pytest.approx(_spent(fractions[2], alpha), abs=1e-8)


def test_a_second_look_at_almost_no_information_is_right_in_the_far_tail() -> None:
    """The path that crosses at 22 standard deviations, by adaptive integration."""
    t1, t2 = 0.005, 0.01
    one, two = eq.sequential_boundaries([t1, t2])
    spent = [2 * stats.norm.sf(stats.norm.ppf(0.9875) / math.sqrt(t)) for t in (t1, t2)]
    assert stats.norm.sf(one) == pytest.approx(spent[0], rel=1e-9)
    scale = spent[1]

    def crossing(s: float) -> float:
        log = stats.norm.logpdf(s, scale=math.sqrt(t1)) + stats.norm.logsf(
            (two * math.sqrt(t2) - s) / math.sqrt(t2 - t1)
        )
        return math.exp(log - math.log(scale))

    end = one * math.sqrt(t1)
    found = integrate.quad(crossing, -end, end, points=[two * math.sqrt(t2) / 2], limit=200)[0]
    assert found == pytest.approx(1 - spent[0] / scale, rel=1e-6)


def test_many_looks_never_exceed_the_error_rate() -> None:
    """A hundred looks at 200,000 random walks: the share that crosses is the 5% within chance."""
    t = np.arange(1, 101) / 100
    bounds = eq.sequential_boundaries(t)
    walks = np.random.default_rng(7).standard_normal((200_000, 100)).cumsum(axis=1) / 10
    crossed = (np.abs(walks) >= bounds * np.sqrt(t)).any(axis=1).mean()
    assert crossed == pytest.approx(0.05, abs=0.002)
    assert (bounds[10:-1] > bounds[11:]).all()


FRACTIONS = st.lists(st.floats(0.02, 0.99), min_size=1, max_size=5, unique=True).map(sorted)


@given(FRACTIONS.filter(lambda t: min(np.diff(t), default=1) > 0.01), st.floats(0.001, 0.3))
@settings(deadline=None, max_examples=40)
def test_a_look_never_takes_less_than_alone_would_spend(t: list[float], alpha: float) -> None:
    bounds = eq.sequential_boundaries(t, alpha=alpha)
    alone = [float(eq.sequential_boundaries([x], alpha=alpha)[0]) for x in t]
    assert bounds[0] == alone[0]
    increments = np.diff([_spent(x, alpha) for x in t], prepend=0.0) / 2
    # between the boundary that ignores the earlier looks, and the one that ignores their paths
    highest = stats.norm.isf(increments)
    assert (bounds <= highest * (1 + 1e-9)).all()
    assert (bounds >= np.array(alone) * (1 - 1e-9)).all()
    stricter = eq.sequential_boundaries(t, alpha=alpha / 2)
    assert (stricter > bounds).all()


def test_the_look_that_reaches_the_required_size_is_the_last() -> None:
    found = eq.sequential_boundaries([0.5, 1.4, 1.8])
    assert math.isnan(found[2])
    assert eq.sequential_boundaries([0.5, 1.4]).tolist() == found[:2].tolist()
    # past the required size the last look resembles the first less, and has to be stricter
    assert found[1] > eq.sequential_boundaries([0.5, 1.0])[1]
    tiny = eq.sequential_boundaries([0.001, 0.5])
    assert tiny[0] == math.inf
    assert tiny[1] == pytest.approx(eq.sequential_boundaries([0.5])[0], rel=1e-12)


@pytest.mark.parametrize(
    ("fractions", "fault"),
    [
        ([], "one for each look"),
        (0.5, "one for each look"),
        ([0.5, math.nan], "one for each look"),
        ([0.0, 0.5], "row 1: fractions 0 must be above 0"),
        ([0.5, 0.5], "must increase from look to look"),
        ([0.5, 0.4], "must increase from look to look"),
        ([0.5, 0.5 + 1e-9], "take looks nearer to each other as one"),
        (["half"], "must hold numbers"),
    ],
)
def test_what_is_no_series_of_looks(fractions: object, fault: str) -> None:
    with pytest.raises(eq.UsageError, match=fault):
        eq.sequential_boundaries(fractions)  # type: ignore[arg-type]


@pytest.mark.parametrize("alpha", [0.0, 1.0, math.nan, "0.05"])
def test_alpha_lies_between_0_and_1(alpha: float) -> None:
    with pytest.raises(eq.UsageError, match="alpha is"):
        eq.sequential_boundaries([0.5], alpha=alpha)


def test_the_bcg_trials_in_order_of_year() -> None:
    found = eq.trial_sequential_analysis(BCG, REQUIRED, estimator="CE")
    by_year = BCG.sort_values("year", kind="stable")
    people = (by_year["n_treatment"] + by_year["n_control"]).cumsum()
    assert found.labels == tuple(by_year["label"])
    assert found.years == tuple(by_year["year"])
    assert found.people == tuple(people)
    assert found.people[-1] == 357_347
    assert found.fractions == pytest.approx(people / REQUIRED, rel=1e-12)
    weights = 1 / by_year["variance"]
    z = (weights * by_year["effect"]).cumsum() / np.sqrt(weights.cumsum())
    assert found.z == pytest.approx(z, rel=1e-9)
    assert list(found.boundaries) == eq.sequential_boundaries(found.fractions).tolist()
    crossing = next(i for i, x in enumerate(found.z) if abs(x) >= found.boundaries[i])
    assert found.crossed == found.labels[crossing]
    frame = found.to_frame()
    assert list(frame) == ["label", "year", "people", "fraction", "z", "boundary", "reason"]
    assert frame["z"].to_list() == list(found.z)


def test_the_last_z_is_that_of_the_random_effects_result() -> None:
    found = eq.trial_sequential_analysis(BCG, REQUIRED)
    assert found.estimator == "REML"
    assert found.z[-1] == pytest.approx(eq.pool(BCG, ci_method="wald").statistic, rel=1e-9)


def test_the_result_says_what_cochrane_says() -> None:
    found = eq.trial_sequential_analysis(BCG, 2e6)
    assert found.notes == (CAUTION,)
    assert "neither the main analysis nor the main conclusions" in str(found)
    assert str(found).startswith(
        "Trial sequential analysis, 357,347 people of 2,000,000 required (18%)"
    )
    assert "boundary never reached" in str(found)
    assert repr(found) == str(found)
    assert "discourages" in (eq.trial_sequential_analysis.__doc__ or "")


def test_studies_after_the_required_size_have_no_boundary() -> None:
    found = eq.trial_sequential_analysis(BCG, 30_000)
    past = [math.isnan(x) for x in found.boundaries]
    first = next(i for i, x in enumerate(found.fractions) if x >= 1)
    assert past == [i > first for i in range(13)]
    assert "past the required size" in str(found)


def test_a_study_without_an_effect_stays_and_is_no_look() -> None:
    table = pd.DataFrame({
        "label": ["late", "none", "early"], "year": [2003, 2002, 2001],
        "events_treatment": [4, math.nan, 6], "n_treatment": [50, 40, 60],
        "events_control": [9, 3, 12], "n_control": [50, 40, 60],
    })  # fmt: skip
    found = eq.trial_sequential_analysis(eq.effect_sizes(table, "RR"), 1000)
    assert found.labels == ("early", "none", "late")
    assert found.people == (120, 120, 220)
    assert [math.isnan(x) for x in found.z] == [False, True, False]
    assert [math.isnan(x) for x in found.boundaries] == [False, True, False]
    assert [bool(reason) for reason in found.reasons] == [False, True, False]
    assert any("Not a look: none (" in note for note in found.notes)


def test_ready_effects_bring_their_people() -> None:
    ready = pd.DataFrame({"label": ["b", "a"], "year": [2010, 2000], "n": [300, 100],
                          "effect": [-0.4, -0.2], "se": [0.1, 0.2]})  # fmt: skip
    found = eq.trial_sequential_analysis(eq.effect_sizes(ready, "GEN"), 800)
    assert found.labels == ("a", "b")
    assert found.fractions == (0.125, 0.5)
    assert found.z[0] == pytest.approx(-1)


@pytest.mark.parametrize(
    ("table", "required", "fault"),
    [
        (BCG, 0, "required is 0; it must be above 0"),
        (BCG.drop(columns="year"), 1e5, "needs the columns year, and n_treatment and n_control"),
        (BCG.drop(columns=["n_control", "n"]), 1e5, "needs the columns year"),
        (BCG.drop(columns="n_control"), 1e5, "the number of people is missing, or not above 0"),
        (BCG.assign(year=math.nan), 1e5, r"row 1 \(.*\): the year is missing"),
        (BCG.assign(year="1950s"), 1e5, "year '1950s' is not a number"),
        (BCG.assign(n_control=-1e6), 1e5, "the number of people is missing, or not"),
        (BCG.iloc[:0], 1e5, "nothing to pool"),
    ],
)
def test_bad_input_is_one_clear_error(table: pd.DataFrame, required: float, fault: str) -> None:
    with pytest.raises(eq.UsageError, match=fault):
        eq.trial_sequential_analysis(table, required)

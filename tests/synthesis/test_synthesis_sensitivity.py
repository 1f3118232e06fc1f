"""Fits without each study, fits that grow, influence, and the profile of tau2: by definition.

That they agree with metafor is tested in test_reference.py.
"""

import math

import numpy as np
import pandas as pd
import pytest
from analyses import BCG, HARD, INTERVALS, RANDOM, Analysis, analyses, effects_of, pooled
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.sizes import effect_sizes
from equipoise.errors import UsageError
from equipoise.synthesis import refits
from equipoise.synthesis.cumulative import cumulative
from equipoise.synthesis.henmi_copas import henmi_copas
from equipoise.synthesis.influence import MEDIAN_CHI2, influence
from equipoise.synthesis.leave_one_out import leave_one_out
from equipoise.synthesis.mantel_haenszel import mantel_haenszel
from equipoise.synthesis.peto import peto
from equipoise.synthesis.pool import pool
from equipoise.synthesis.pooled import Pooled
from equipoise.synthesis.tau2_interval import tau2_interval
from equipoise.synthesis.tau2_profile import tau2_profile

YEARS = [1948, 1949, 1960, 1977, 1973, 1953, 1973, 1980, 1968, 1961, 1974, 1969, 1976]
"""Of the trials of BCG: Colditz et al. 1994."""

FUNCTIONS = [leave_one_out, cumulative, influence, tau2_profile]


def without(analysis: Analysis, row: int) -> Analysis:
    y, v = analysis
    return Analysis(y[:row] + y[row + 1 :], v[:row] + v[row + 1 :])


def assert_same(row: pd.Series, fit: Pooled) -> None:
    ours = row.drop("label").astype(float)
    theirs = (
        fit.to_frame().drop(columns="measure").assign(converged=fit.converged).iloc[0].astype(float)
    )
    pd.testing.assert_series_equal(
        ours, theirs[ours.index], check_names=False, rtol=1e-7, atol=1e-9
    )


@pytest.mark.parametrize("ci_method", INTERVALS)
@pytest.mark.parametrize("estimator", ["CE", *RANDOM])
def test_each_row_is_the_fit_to_the_others(estimator: str, ci_method: str) -> None:
    analysis = HARD["E"]
    how = {"level": 0.9, "prediction_df": "k-2"}
    whole = pooled(analysis, estimator, ci_method, **how)
    for row, found in leave_one_out(whole).iterrows():
        assert_same(found, pooled(without(analysis, row), estimator, ci_method, **how))
    for row, found in cumulative(whole).iterrows():
        part = Analysis(*(values[: row + 1] for values in analysis))
        if estimator != "GENQ" or row:
            assert_same(found, pooled(part, estimator, ci_method, **how))


def test_weights_and_tau2_that_were_given_stay() -> None:
    analysis, weights = HARD["A"], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    whole = pool(*analysis, weights=weights, tau2=0.3)
    found = leave_one_out(whole)
    for row in range(whole.k):
        y, v = without(analysis, row)
        assert_same(found.iloc[row], pool(y, v, weights=np.delete(weights, row), tau2=0.3))
    assert (influence(whole)["tau2_deleted"] == 0.3).all()


def test_studies_come_in_the_order_asked_for() -> None:
    table = effects_of(BCG, "RR").assign(label=[f"from {year}" for year in YEARS])
    whole = pool(table)
    found = cumulative(whole, YEARS)
    assert found["label"].tolist() == [f"from {year}" for year in sorted(YEARS)]
    assert found["k"].tolist() == list(range(1, 14))
    assert_same(found.iloc[-1], whole)
    assert cumulative(whole)["label"].tolist() == list(whole.labels)
    days = pd.to_datetime([f"{year}-01-01" for year in YEARS])
    pd.testing.assert_frame_equal(cumulative(whole, days), found)


def test_rows_that_were_left_out_stay_out() -> None:
    whole = pool([0.1, math.nan, 0.4, 0.2], [0.1, 0.1, math.nan, 0.2], labels=list("abcd"))
    assert leave_one_out(whole)["label"].tolist() == ["a", "d"]
    assert influence(whole)["label"].tolist() == ["a", "d"]
    assert cumulative(whole, [2.0, math.nan, None, 1.0])["label"].tolist() == ["d", "a"]
    with pytest.raises(UsageError, match=r"row 4 \(d\): no value to sort by"):
        cumulative(whole, np.array([1, 2, 3, np.nan], dtype=np.float32))


@pytest.mark.parametrize(
    ("order", "said"),
    [([1, 2], "2 for 3 rows"), ([1, "b", 2], "cannot be compared"), ([1, None, 2], r"row 2 \(2\)")],
)
def test_an_order_that_is_none_is_refused(order: list[object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        cumulative(pool([1, 2, 3], [1, 1, 1]), order)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_cannot_be_refitted_is_refused(function) -> None:
    table = effects_of(BCG, "OR")
    counts = pd.DataFrame(BCG, columns=["events_treatment", "n_treatment", "events_control",
                                        "n_control"])  # fmt: skip
    for wrong, said in (
        (table, r"pool\(table\); got DataFrame"),
        (mantel_haenszel(counts, "OR"), "Mantel-Haenszel"),
        (peto(counts), "of Peto"),
        (henmi_copas(table), "Henmi and Copas"),
    ):
        with pytest.raises(UsageError, match=said):
            function(wrong)


@pytest.mark.parametrize("function", [leave_one_out, influence, tau2_profile])
def test_one_study_has_no_others(function) -> None:
    with pytest.raises(UsageError, match="one study"):
        function(pool([0.3], [0.1]))


def test_one_study_is_where_a_cumulative_analysis_begins() -> None:
    found = cumulative(pool([0.3], [0.1]))
    assert found[["k", "estimate"]].iloc[0].tolist() == [1, 0.3]


def test_large_analyses_are_fitted_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pool(effect_sizes(pd.DataFrame(BCG, columns=["events_treatment", "n_treatment",
        "events_control", "n_control"]), "OR"), estimator="DL")  # fmt: skip
    at_once = [leave_one_out(whole), cumulative(whole)]
    for module in ("leave_one_out", "cumulative"):
        monkeypatch.setattr(f"equipoise.synthesis.{module}.CELLS", 30)
    assert refits.CELLS > 30
    for before, after in zip(at_once, [leave_one_out(whole), cumulative(whole)], strict=True):
        pd.testing.assert_frame_equal(before, after)


@given(analyses(least=2), st.sampled_from(["CE", "DL", "REML", "PM"]), st.sampled_from(INTERVALS))
def test_influence_is_what_its_definitions_say(
    analysis: Analysis, estimator: str, ci_method: str
) -> None:
    whole = pool(*analysis, estimator=estimator, ci_method=ci_method)
    found = influence(whole)
    y, v = (np.array(values) for values in analysis)
    left = leave_one_out(whole)
    assert found["hat"].sum() == pytest.approx(1)
    assert found["weight"].tolist() == pytest.approx(list(whole.weights))
    moved = whole.estimate - left["estimate"]
    if whole.se > 0:
        np.testing.assert_allclose(found["cook_d"], (moved / whole.se) ** 2, rtol=1e-9)
        np.testing.assert_allclose(found["cov_ratio"], (left["se"] / whole.se) ** 2, rtol=1e-9)
    distance = (y - whole.estimate) ** 2 / (v + whole.tau2)
    np.testing.assert_allclose(found["baujat_x"], distance, rtol=1e-9)
    if estimator == "CE":
        assert found["baujat_x"].sum() == pytest.approx(whole.q, abs=1e-9)
        if ci_method == "wald":  # then both residuals are the same, and so are both changes
            np.testing.assert_allclose(found["rstudent"], found["rstandard"], rtol=1e-6, atol=1e-9)
            np.testing.assert_allclose(found["dffits"], found["dfbeta"], rtol=1e-9, atol=1e-12)


def test_a_study_far_from_all_others_is_influential() -> None:
    whole = pool([0.1, 0.2, 0.15, 0.12, 3.0], [0.02, 0.03, 0.02, 0.04, 0.02], estimator="DL")
    assert influence(whole)["is_influential"].tolist() == [False] * 4 + [True]


def test_the_median_of_chi2() -> None:
    from scipy import special

    assert pytest.approx(special.chdtri(1, 0.5), rel=1e-12) == MEDIAN_CHI2


@pytest.mark.parametrize("estimator", ["ML", "REML", "DL", "CE"])
@pytest.mark.parametrize("name", HARD)
def test_the_profile_marks_every_maximum(name: str, estimator: str) -> None:
    whole = pool(*HARD[name], estimator=estimator)
    profile = tau2_profile(whole)
    height, marks = profile["log_likelihood"].to_numpy(), profile["maximum"].to_numpy()
    assert (np.diff(profile["tau2"]) > 0).all()
    higher = np.concatenate([[True], height[1:] > height[:-1]])
    highest = higher & np.concatenate([height[:-1] > height[1:], [False]])
    assert np.flatnonzero(marks != "").tolist() == np.flatnonzero(highest).tolist()
    assert marks[height.argmax()] == "global"
    assert (marks == "global").sum() == 1
    if estimator in ("ML", "REML"):
        best = profile[profile["maximum"] == "global"].iloc[0]
        assert best["tau2"] == pytest.approx(whole.tau2, abs=1e-12)
        assert best["log_likelihood"] == pytest.approx(whole.log_likelihood, abs=1e-9)
        assert profile["tau2"].iloc[-1] > tau2_interval(whole, "profile-likelihood").high


def test_two_maxima_are_told_with_the_loss_that_pool_tells() -> None:
    whole = pool(*HARD["A"])
    profile = tau2_profile(whole).set_index("maximum")
    assert profile.loc["local", "tau2"] == pytest.approx(whole.second_tau2, abs=1e-12)
    loss = profile.loc["global", "log_likelihood"] - profile.loc["local", "log_likelihood"]
    assert loss == pytest.approx(whole.second_loss, rel=1e-9)

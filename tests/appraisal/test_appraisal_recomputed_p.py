"""P values recomputed and compared, and intervals against estimates: published and brute force."""

import math
from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from equipoise.appraisal.interval_check import check_interval
from equipoise.appraisal.p_value_check import check_p_value
from equipoise.appraisal.recomputed_p import (
    RecomputedP,
    p_from_counts,
    p_from_interval,
    p_from_se,
    p_from_statistic,
)
from equipoise.effects.reported import se_from_interval
from equipoise.errors import UsageError

# ---- from counts ---------------------------------------------------------------------------------


def by_method(entries: Sequence[RecomputedP]) -> dict[str, float]:
    return {entry.method: entry.p for entry in entries}


def test_the_pilot_trial_by_every_usual_test() -> None:
    names = ["Fisher exact test", "chi-square test", "chi-square test with Yates' correction"]
    everybody, analysed = p_from_counts(10, 13, 2, 11), p_from_counts(10, 13, 2, 9)
    assert [entry.method for entry in everybody] == names
    found = [entry.p for entry in everybody]
    assert found == pytest.approx([0.0122781, 0.0041345, 0.0139698], abs=1e-7)
    assert [entry.p for entry in analysed[:2]] == pytest.approx([0.0274215, 0.0112955], abs=1e-7)
    assert all(entry.low == entry.p == entry.high for entry in everybody)


@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_scipy_agrees_on_counts(n1: int, n2: int, data: st.DataObject) -> None:
    e1, e2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    found = by_method(p_from_counts(e1, n1, e2, n2))
    table = [[e1, n1 - e1], [e2, n2 - e2]]
    assert found["Fisher exact test"] == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-9)
    if not 0 < e1 + e2 < n1 + n2:
        assert list(found) == ["Fisher exact test"]
        return
    for name, correction in (("", False), (" with Yates' correction", True)):
        oracle = stats.chi2_contingency(table, correction=correction).pvalue
        assert found[f"chi-square test{name}"] == pytest.approx(float(oracle), rel=1e-9, abs=1e-300)


def test_impossible_counts_are_refused() -> None:
    with pytest.raises(UsageError, match="events_treatment"):
        p_from_counts(14, 13, 2, 11)
    with pytest.raises(UsageError, match="whole numbers"):
        p_from_counts(1.5, 13, 2, 11)


# ---- from intervals and standard errors ----------------------------------------------------------


def test_published_intervals() -> None:
    """P of 0.81 (0.70 to 0.94) is 0.005, by the approximation of Altman & Bland 0.00512."""
    (found,) = p_from_interval("0.81", "0.70", "0.94", scale="log")
    assert found.p == pytest.approx(0.0050796, abs=5e-8)
    z = abs(math.log(0.81)) / float(se_from_interval(0.70, 0.94, scale="log"))
    assert math.exp(-0.717 * z - 0.416 * z**2) == pytest.approx(0.00512, abs=5e-6)
    (found,) = p_from_interval("0.80", "0.71", "0.91", scale="log")
    assert found.p == pytest.approx(0.000424, abs=5e-7)
    assert float(se_from_interval(0.71, 0.91, scale="log")) == pytest.approx(0.0633123, abs=5e-8)
    assert check_p_value("0.005", p_from_interval("0.81", "0.70", "0.94", scale="log")).reproduced


@given(
    st.floats(-50, 50),
    st.floats(0.01, 20),
    st.integers(1, 4),
    st.sampled_from([0.8, 0.9, 0.95, 0.99]),
    st.sampled_from([None, 3.0, 17.0, 200.0]),
)
def test_a_real_difference_is_reproduced(
    estimate: float, se: float, decimals: int, level: float, df: float | None
) -> None:
    spread = stats.norm if df is None else stats.t(df)
    half = float(spread.ppf((1 + level) / 2)) * se
    printed = [f"{x:.{decimals}f}" for x in (estimate, estimate - half, estimate + half)]
    assume(float(printed[1]) < float(printed[2]))
    true = 2 * float(spread.sf(abs(estimate) / se))
    found = p_from_interval(*printed, level=level, df=df)[-1]
    assert found.low <= true * (1 + 1e-9)
    assert true <= found.high * (1 + 1e-9)
    assert found.low <= found.p <= found.high
    assert check_p_value(f"{true:.4f}", [found]).reproduced
    checked = check_interval(*printed)
    assert (checked.ordered, checked.contains, checked.centred) == (True, True, True)


@given(st.floats(-3, 3), st.floats(0.05, 2), st.integers(1, 4))
def test_a_real_ratio_is_reproduced(log_ratio: float, se: float, decimals: int) -> None:
    ends = (log_ratio, log_ratio - 1.959963985 * se, log_ratio + 1.959963985 * se)
    printed = [f"{math.exp(x):.{decimals}f}" for x in ends]
    assume(0 < float(printed[1]) < float(printed[2]))
    assume(float(printed[0]) > 0)
    true = 2 * float(stats.norm.sf(abs(log_ratio) / se))
    (found,) = p_from_interval(*printed, scale="log")
    assert found.low <= true * (1 + 1e-6)
    assert true <= found.high * (1 + 1e-6)
    checked = check_interval(*printed, scale="log")
    assert checked.contains
    assert checked.centred is not False


@given(st.floats(-50, 50), st.floats(0.2, 20), st.sampled_from([None, 12.0]))
def test_a_real_standard_error_is_reproduced(estimate: float, se: float, df: float | None) -> None:
    spread = stats.norm if df is None else stats.t(df)
    true = 2 * float(spread.sf(abs(estimate) / se))
    found = p_from_se(f"{estimate:.1f}", f"{se:.1f}", df=df)[-1]
    assert found.low <= true * (1 + 1e-9)
    assert true <= found.high * (1 + 1e-9)


def test_rounding_that_hides_everything_leaves_everything_open() -> None:
    (wide,) = p_from_interval("0.1", "0.0", "0.2")
    assert wide.low < 1e-3
    assert wide.high > 0.3
    (over,) = p_from_interval("0", "-1", "1")
    assert (over.p, over.high) == (1, 1)
    (to_zero,) = p_from_interval("0.5", "0.01", "9", scale="log")
    assert to_zero.high < 1
    (from_zero,) = p_from_interval("1.0", "0.1", "9", scale="log")
    assert from_zero.high == 1
    (unbounded,) = p_from_interval("4", "1", "9", scale="log")
    assert unbounded.high < 0.1
    (one_grain,) = p_from_interval("4.0", "4.0", "4.1")
    assert one_grain.low == 0


# ---- from test statistics ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statistic", "value", "df", "p"),
    [
        ("t", "2.20", 28, 2 * stats.t.sf(2.20, 28)),
        ("t", "-2.20", 28, 2 * stats.t.sf(2.20, 28)),
        ("t", "-1.96", 97.2, 0.0528594),
        ("F", "2.20", (2, 28), stats.f.sf(2.20, 2, 28)),
        ("chi2", "22.20", 28, stats.chi2.sf(22.20, 28)),
        ("z", "2.20", None, 2 * stats.norm.sf(2.20)),
        ("z", "1.96", None, 0.0499958),
    ],
)
def test_p_of_a_statistic(
    statistic: str, value: str, df: float | tuple[float, float] | None, p: float
) -> None:
    found = p_from_statistic(statistic, value, df=df)[0]  # type: ignore[arg-type]
    assert found.p == pytest.approx(float(p), abs=5e-8)
    assert found.low < found.p < found.high


def test_where_there_is_a_direction_there_is_a_one_sided_test() -> None:
    two, one = p_from_statistic("t", "2.20", df=28)
    assert (two.sides, one.sides) == (2, 1)
    assert one.p == two.p / 2
    assert [e.sides for e in p_from_statistic("F", "4.84", df=(1, 28))] == [2, 1]
    assert [e.sides for e in p_from_statistic("chi2", "4.84", df=1)] == [2, 1]
    assert [e.sides for e in p_from_statistic("F", "4.84", df=(2, 28))] == [2]
    assert [e.sides for e in p_from_statistic("chi2", "4.84", df=2)] == [2]
    t, f = p_from_statistic("t", "2.2", df=28)[0].p, p_from_statistic("F", "4.84", df=(1, 28))[0].p
    assert t == pytest.approx(f, rel=1e-12)


def test_a_statistic_may_have_been_rounded() -> None:
    found = p_from_statistic("t", "2.2", df=28)[0]
    assert found.low == pytest.approx(2 * stats.t.sf(2.25, 28), rel=1e-12)
    assert found.high == pytest.approx(2 * stats.t.sf(2.15, 28), rel=1e-12)
    assert p_from_statistic("z", "0.0")[0].high == 1
    assert check_p_value(".040", p_from_statistic("t", "2.2", df=28)).reproduced
    assert not check_p_value(".040", p_from_statistic("t", "2.20", df=28)).reproduced


# ---- comparing -----------------------------------------------------------------------------------


def test_the_demonstration_paper_of_metacheck() -> None:
    """t(97.2) = -1.96 beside p = 0.152: an error, no decision error."""
    found = check_p_value("0.152", p_from_statistic("t", "-1.96", df=97.2))
    assert (found.reproduced, found.crosses) == (False, False)
    assert found.sentence == (
        "We could not reproduce p = 0.152: the two-sided t test gives p = 0.053."
    )
    assert check_p_value("0.005", p_from_statistic("t", "2.9", df=97.7)).reproduced


@pytest.mark.parametrize(
    ("statistic", "value", "df", "reported"),
    [
        ("t", "2.20", 28, ".06"),
        ("t", "1.20", 28, ".03"),
        ("F", "22.20", (2, 28), ".06"),
        ("F", "2.20", (2, 28), ".03"),
        ("chi2", "2.20", 28, ".03"),
        ("chi2", "52.20", 28, ".06"),
        ("z", "1.20", None, ".03"),
        ("z", "2.20", None, ".06"),
    ],
)
def test_the_decision_errors_of_statcheck(
    statistic: str, value: str, df: float | tuple[float, float] | None, reported: str
) -> None:
    found = check_p_value(reported, p_from_statistic(statistic, value, df=df))  # type: ignore[arg-type]
    assert not found.reproduced
    assert found.crosses
    assert found.sentence.endswith(", on the other side of 0.05.")


@pytest.mark.parametrize(
    ("true", "relation", "reported", "crosses"),
    [
        (0.04, "=", ".04", False), (0.06, "=", ".04", True), (0.04, "=", ".06", True),
        (0.06, "=", ".06", False), (0.04, "=", ".05", False), (0.04, "<", ".04", False),
        (0.06, "<", ".04", True), (0.04, "<", ".05", False), (0.06, "<", ".05", True),
        (0.04, "<", ".06", False), (0.06, "<", ".06", False), (0.04, ">", ".04", False),
        (0.06, ">", ".04", False), (0.04, ">", ".05", True), (0.06, ">", ".05", False),
        (0.04, ">", ".06", True), (0.06, ">", ".06", False),
    ],
)  # fmt: skip
def test_relations_as_statcheck_reads_them(
    true: float, relation: str, reported: str, crosses: bool
) -> None:
    value = f"{stats.t.isf(true / 2, 28):.10f}"
    found = check_p_value(reported, p_from_statistic("t", value, df=28), relation=relation)  # type: ignore[arg-type]
    assert found.crosses == crosses
    assert not (found.crosses and found.reproduced)


def test_thresholds_other_than_five_percent() -> None:
    entries = p_from_statistic("t", "2.20", df=28)
    assert check_p_value(".11", entries, alpha=0.10).crosses
    assert not check_p_value(".09", entries, alpha=0.10).crosses
    assert check_p_value(".005", p_from_statistic("t", "1.20", df=28), alpha=0.01).crosses


def test_a_one_sided_test_is_named_where_only_it_fits() -> None:
    entries = p_from_statistic("t", "2.20", df=28)
    found = check_p_value(".018", entries)
    assert (found.reproduced, found.reproduced_by) == (False, ("one-sided t test",))
    assert found.sentence == (
        "We could not reproduce p = .018: the two-sided t test gives p = 0.036; it fits the "
        "one-sided t test."
    )
    assert check_p_value(".018", entries[1:]).sentence == "p = .018 fits the one-sided t test."
    # on both sides of 0.05: the two-sided test decides, as in statcheck
    assert check_p_value(".04", p_from_statistic("t", "1.90", df=28)).crosses
    assert not check_p_value(".04", p_from_statistic("t", "1.90", df=28)[1:]).crosses


def test_one_test_that_fits_is_enough() -> None:
    for reported in ("0.012", "0.004", "0.014"):
        assert len(check_p_value(reported, p_from_counts(10, 13, 2, 11)).reproduced_by) == 1
    found = check_p_value("0.03", p_from_counts(10, 13, 2, 11))
    assert not found.reproduced
    assert not found.crosses
    assert check_p_value("0.06", p_from_counts(10, 13, 2, 11)).crosses


def test_relations_are_strict_or_not() -> None:
    entry = RecomputedP(method="a test", p=0.05, low=0.05, high=0.05)
    fits = {
        r: check_p_value("0.05", [entry], relation=r).reproduced
        for r in ("=", "<", ">", "<=", ">=")
    }  # type: ignore[arg-type]
    assert fits == {"=": True, "<": False, ">": False, "<=": True, ">=": True}


def test_p_printed_as_zero_means_what_rounds_to_it() -> None:
    tiny = RecomputedP(method="a test", p=1e-9, low=1e-9, high=1e-9)
    assert check_p_value("0.000", [tiny]).reproduced
    assert not check_p_value("0.000", p_from_statistic("z", "3.00")).reproduced


@given(st.floats(0, 1), st.integers(1, 6))
def test_every_rounding_of_p_is_reproduced(p: float, decimals: int) -> None:
    entry = RecomputedP(method="a test", p=p, low=p, high=p)
    assert check_p_value(f"{p:.{decimals}f}", [entry]).reproduced
    off = p + 10.0**-decimals
    assume(off <= 1)
    found = check_p_value(f"{off:.{decimals}f}", [entry])
    assert not found.reproduced or abs(float(f"{off:.{decimals}f}") - p) <= 0.5001 * 10.0**-decimals


def test_a_comparison_is_a_table_too() -> None:
    frame = check_p_value("0.012", p_from_counts(10, 13, 2, 11)).to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert frame["fits"].tolist() == [True, False, False]
    assert set(frame["reported"]) == {"p = 0.012"}


# ---- intervals -----------------------------------------------------------------------------------


def test_published_ratios_are_in_the_middle() -> None:
    found = check_interval("3.9", "1.8", "8.7", scale="log")
    assert found.centred
    assert found.middle == pytest.approx(3.957, abs=5e-4)
    assert not check_interval("3.9", "1.8", "8.7").centred  # as a difference it would not be
    assert check_interval("10.73", "8.02", "14.36", scale="log").centred


@pytest.mark.parametrize(
    ("numbers", "scale", "ordered", "contains", "centred"),
    [
        (("-0.14", "-1.03", "0.76"), "identity", True, True, True),
        (("-0.20", "-1.03", "0.76"), "identity", True, True, False),
        (("0.90", "0.70", "0.85"), "log", True, False, False),
        (("0.85", "0.70", "0.85"), "log", True, True, False),
        (("0.9", "0.94", "0.70"), "log", False, False, None),
        (("1.5", "0.0", "9.0"), "log", True, True, None),
        (("0.02", "0.04", "0.9"), "log", True, False, False),
        (("1", "0", "2"), "identity", True, True, True),
        (("0.01", "0.00", "0.03"), "log", True, True, None),
        (("0.1", "0.05", "0.3"), "log", True, True, True),  # 0.05 to 0.15 print as 0.1
        (("2", "2", "2"), "identity", True, True, True),
    ],
)
def test_order_place_and_middle(
    numbers: tuple[str, str, str], scale: str, ordered: bool, contains: bool, centred: bool | None
) -> None:
    found = check_interval(*numbers, scale=scale)  # type: ignore[arg-type]
    assert (found.ordered, found.contains, found.centred) == (ordered, contains, centred)
    assert math.isnan(found.middle) == (centred is None)
    assert found.sentence.endswith(".")


def test_five_percent_of_the_half_width_is_allowed() -> None:
    assert check_interval("0.0499", "-1.0000", "1.0000").centred
    assert not check_interval("0.0503", "-1.0000", "1.0000").centred


@given(st.floats(-5, 5), st.floats(0.5, 5), st.floats(0.2, 0.9))
def test_an_estimate_well_off_the_middle_is_noticed(middle: float, half: float, off: float) -> None:
    printed = [f"{x:.3f}" for x in (middle + off * half, middle - half, middle + half)]
    found = check_interval(*printed)
    assert found.contains
    assert not found.centred


# ---- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: p_from_interval(0.81, "0.70", "0.94"), "estimate must be text"),
        (lambda: p_from_interval("0.81", "0.94", "0.70"), "low 0.94 must be below high 0.70"),
        (lambda: p_from_interval("0.81", "-0.1", "2", scale="log"), "low must be above 0"),
        (lambda: p_from_interval("0.81", "0", "2", scale="log"), "low must be above 0"),
        (lambda: p_from_interval("1", "0", "2", scale="sqrt"), "unknown scale='sqrt'"),
        (lambda: p_from_interval("1", "0", "2", level=95), "level must lie between 0 and 1"),
        (lambda: p_from_interval("1", "0", "2", df=0), "df must be above 0 and finite, got 0"),
        (lambda: p_from_se("1", "0"), "se must be above 0"),
        (lambda: p_from_se("1", "1", df=-1), "df must be above 0"),
        (lambda: p_from_statistic("r", "0.3", df=28), "unknown statistic='r'; choose one of: z, t"),
        (lambda: p_from_statistic("t", 2.2, df=28), "value must be text"),
        (lambda: p_from_statistic("t", "2.2"), "t takes one df, such as 28, got None"),
        (lambda: p_from_statistic("z", "2.2", df=28), "z takes no df, got 28"),
        (lambda: p_from_statistic("F", "2.2", df=28), r"F takes two df, such as \(2, 28\), got 28"),
        (lambda: p_from_statistic("F", "-2.2", df=(2, 28)), "F cannot be negative"),
        (lambda: p_from_statistic("chi2", "2.2", df=-1), "df must be above 0"),
        (lambda: check_p_value(0.05, p_from_statistic("z", "2")), "reported must be text"),
        (lambda: check_p_value("1.2", p_from_statistic("z", "2")), "between 0 and 1, got '1.2'"),
        (lambda: check_p_value("0.05", []), "there is no recomputed p value"),
        (
            lambda: check_p_value("0.05", p_from_statistic("z", "2"), relation="~"),
            "unknown relation='~'; choose one of: =, <, >, <=, >=",
        ),
        (lambda: check_p_value("0.05", p_from_statistic("z", "2"), alpha=5), "alpha must lie"),
        (lambda: check_interval("1", 0.5, "2"), "low must be text"),
        (lambda: check_interval("1", "-1", "2", scale="log"), "a ratio must be above 0"),
        (lambda: check_interval("0", "1", "2", scale="log"), "a ratio must be above 0"),
        (lambda: check_interval("1", "0", "2", scale="root"), "unknown scale='root'"),
    ],
)
def test_what_cannot_be_is_refused(call: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        call()  # type: ignore[operator]

"""Fragility, the size a reliable answer needs, and the people who were lost: against oracles."""

import math
from collections.abc import Callable

import pandas as pd
import pytest
from facts_by_hand import caveat, facts, row, second
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import equipoise as eq
from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.certainty import LEVELS, suggest
from equipoise.appraisal.engine import find_caveats
from equipoise.appraisal.missing_outcomes import SCENARIOS
from equipoise.appraisal.rules import RULES

NOBODY_JUDGED = pd.DataFrame(columns=["domain", "judgement", "reason", "assessor"])
LOW_BIAS = [(study, "RoB2", "overall", "low") for study in ("a2020", "b2021")]


@st.composite
def tables(draw: st.DrawFn, most: int = 60) -> tuple[int, int, int, int]:
    n1, n2 = draw(st.integers(1, most)), draw(st.integers(1, most))
    return draw(st.integers(0, n1)), n1, draw(st.integers(0, n2)), n2


@pytest.mark.parametrize(
    ("table", "as_coded", "complement", "p"),
    [
        ((1, 100, 9, 100), 1, None, 0.0184877),  # Walsh 2014, the first example
        ((200, 4000, 250, 4000), 9, None, 0.0173),  # recomputed with scipy
        ((13, 506, 28, 499), 3, None, 0.0165),  # J Bras Pneumol: FI 3, in PMC10171299
        ((6, 40, 15, 40), 1, None, 0.0406092),  # the example of the R package fragilityindex
        ((10, 13, 2, 11), 2, 3, 0.0122781),  # the pilot trial, everybody counted
        ((10, 13, 2, 9), 1, 1, 0.0274215),  # the pilot trial, as analysed
        ((3, 13, 9, 11), 3, 2, 0.0122781),
    ],
)
def test_fragility_of_known_tables(
    table: tuple[int, int, int, int], as_coded: int, complement: int | None, p: float
) -> None:
    found = eq.fragility_index(*table)
    assert found.as_coded == as_coded
    if complement is not None:
        assert found.complement == complement
    assert found.index == min(found.as_coded, found.complement)
    assert found.quotient == found.index / (table[1] + table[3])
    assert found.p_value == pytest.approx(p, abs=5e-5 if p in (0.0165, 0.0173) else 1e-6)


def _by_hand(e1: int, n1: int, e2: int, n2: int) -> int:
    """Walsh's procedure as written down, with scipy's Fisher test."""
    if e1 / n1 > e2 / n2:
        e1, n1, e2, n2 = e2, n2, e1, n1
    for added in range(n1 - e1 + 1):
        table = [[e1 + added, n1 - e1 - added], [e2, n2 - e2]]
        if stats.fisher_exact(table).pvalue >= 0.05 - 1e-9:  # 1/20 is 0.05
            return added
    raise AssertionError


@given(tables(most=25))
@settings(max_examples=60, deadline=None)
def test_fragility_is_the_procedure_of_walsh(table: tuple[int, int, int, int]) -> None:
    e1, n1, e2, n2 = table
    found = eq.fragility_index(*table)
    assert found.as_coded == _by_hand(*table)
    assert found.complement == _by_hand(n1 - e1, n1, n2 - e2, n2)


@given(tables())
@settings(deadline=None)
def test_fragility_knows_neither_the_order_of_the_arms_nor_the_coding(
    table: tuple[int, int, int, int],
) -> None:
    e1, n1, e2, n2 = table
    found = eq.fragility_index(*table)
    swapped = eq.fragility_index(e2, n2, e1, n1)
    recoded = eq.fragility_index(n1 - e1, n1, n2 - e2, n2)
    assert (found.as_coded, found.complement) == (swapped.as_coded, swapped.complement)
    assert (found.as_coded, found.complement) == (recoded.complement, recoded.as_coded)
    assert found.index == swapped.index == recoded.index
    assert (found.index == 0) == (found.p_value >= 0.05 - 1e-9)


def test_unequal_arms_with_equal_events_have_one_index_in_either_order() -> None:
    """The arm of the smaller risk gains events; adding to the other would only widen the gap."""
    one, other = eq.fragility_index(5, 10, 5, 100), eq.fragility_index(5, 100, 5, 10)
    assert (one.as_coded, one.complement) == (other.as_coded, other.complement)
    assert stats.fisher_exact([[5, 5], [5 + one.as_coded, 95 - one.as_coded]]).pvalue >= 0.05
    assert stats.fisher_exact([[5, 5], [4 + one.as_coded, 96 - one.as_coded]]).pvalue < 0.05


def test_fragility_of_a_large_trial_does_not_fill_the_memory() -> None:
    found = eq.fragility_index(4000, 100_000, 5000, 100_000)
    assert 700 < found.index < 900
    last = eq.fisher_exact(4000 + found.as_coded, 100_000, 5000, 100_000)
    before = eq.fisher_exact(3999 + found.as_coded, 100_000, 5000, 100_000)
    assert before < 0.05 <= last


def test_a_p_value_of_exactly_one_in_twenty_has_reached_it() -> None:
    assert eq.fragility_index(0, 1, 19, 19).index == 0
    assert eq.reverse_fragility_index(0, 1, 19, 19).index is None


def _apart_by_hand(e1: int, n1: int, e2: int, n2: int) -> int | None:
    """Khan's procedure as written down, with scipy's Fisher test; either arm if risks are equal."""
    ways = []
    for a, n, b, m in ((e1, n1, e2, n2), (e2, n2, e1, n1)):
        if a / n > b / m:
            continue
        for taken in range(a + 1):
            table = [[a - taken, n - a + taken], [b, m - b]]
            if stats.fisher_exact(table).pvalue < 0.05 - 1e-9:
                ways.append(taken)
                break
    return min(ways, default=None)


@given(tables(most=25))
@settings(max_examples=60, deadline=None)
def test_reverse_fragility_is_the_procedure_of_khan(table: tuple[int, int, int, int]) -> None:
    e1, n1, e2, n2 = table
    found = eq.reverse_fragility_index(*table)
    assert found.as_coded == _apart_by_hand(*table)
    assert found.complement == _apart_by_hand(n1 - e1, n1, n2 - e2, n2)


@given(tables())
@settings(deadline=None)
def test_reverse_fragility_knows_neither_the_order_of_the_arms_nor_the_coding(
    table: tuple[int, int, int, int],
) -> None:
    e1, n1, e2, n2 = table
    found = eq.reverse_fragility_index(*table)
    swapped = eq.reverse_fragility_index(e2, n2, e1, n1)
    recoded = eq.reverse_fragility_index(n1 - e1, n1, n2 - e2, n2)
    assert (found.as_coded, found.complement) == (swapped.as_coded, swapped.complement)
    assert (found.as_coded, found.complement) == (recoded.complement, recoded.as_coded)
    assert found.index == recoded.index
    reached = eq.fragility_index(*table)
    assert found.p_value == reached.p_value
    assert (found.index == 0) == (reached.index > 0)


@given(tables(most=40))
@settings(deadline=None)
def test_a_result_moved_apart_by_its_reverse_index_is_one_person_from_the_threshold(
    table: tuple[int, int, int, int],
) -> None:
    e1, n1, e2, n2 = table
    if e1 * n2 >= e2 * n1:
        e1, n1, e2, n2 = e2, n2, e1, n1
    steps = eq.reverse_fragility_index(e1, n1, e2, n2).as_coded
    if not steps or e1 * n2 == e2 * n1:
        return
    assert eq.fragility_index(e1 - steps, n1, e2, n2).as_coded == 1


def test_reverse_fragility_of_known_tables() -> None:
    """The pilot trial with both of the lost unoperated: one person more, and p is below 0.05."""
    pilot = eq.reverse_fragility_index(3, 13, 7, 11)
    assert (pilot.as_coded, pilot.complement, pilot.index) == (1, 1, 1)
    assert pilot.quotient == 1 / 24
    assert pilot.p_value == pytest.approx(0.0953, abs=5e-5)
    # 0 of 10 has no events to give up: only the other arm can change, to 5 of 10
    none_left = eq.reverse_fragility_index(0, 10, 3, 10)
    assert (none_left.as_coded, none_left.complement, none_left.index) == (None, 2, 2)
    assert stats.fisher_exact([[0, 10], [5, 5]]).pvalue < 0.05
    assert stats.fisher_exact([[0, 10], [4, 6]]).pvalue > 0.05


def test_some_tables_have_no_reverse_index() -> None:
    found = eq.reverse_fragility_index(1, 2, 1, 2)
    assert (found.index, found.as_coded, found.complement) == (None, None, None)
    assert math.isnan(found.quotient)


def test_equal_risks_in_unequal_arms_take_the_shorter_way() -> None:
    found = eq.reverse_fragility_index(5, 10, 50, 100)
    assert found == eq.reverse_fragility_index(50, 100, 5, 10)
    assert found.as_coded == found.complement == _apart_by_hand(5, 10, 50, 100)


@pytest.mark.parametrize("index", [eq.fragility_index, eq.reverse_fragility_index])
@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ((-1, 10, 1, 10), "is not a table of counts"),
        ((11, 10, 1, 10), "is not a table of counts"),
        ((1, 10, 1, 0), "is not a table of counts"),
        ((1.5, 10, 1, 10), "is not a table of counts"),
        (("1", 10, 1, 10), "events_treatment is '1'; it must be a number"),
        ((1, 10, math.nan, 10), "events_control is nan; it must be finite"),
        ((True, 10, None, 10), "events_treatment is True.*events_control is None"),
    ],
)
def test_what_is_no_table_has_no_fragility(
    index: Callable[..., object], table: tuple[int, int, int, int], fault: str
) -> None:
    with pytest.raises(eq.UsageError, match=fault):
        index(*table)


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1, math.nan])
def test_alpha_lies_between_0_and_1(alpha: float) -> None:
    with pytest.raises(eq.UsageError, match="alpha is"):
        eq.fragility_index(1, 100, 9, 100, alpha=alpha)
    with pytest.raises(eq.UsageError, match="alpha is"):
        eq.reverse_fragility_index(1, 100, 9, 100, alpha=alpha)
    with pytest.raises(eq.UsageError, match="alpha is"):
        eq.information_size(0.2, alpha=alpha)


def test_information_size_of_gradepro() -> None:
    assert eq.information_size(0.2, 0.25) / 2 == pytest.approx(905.3658, abs=5e-5)
    assert math.ceil(eq.information_size(0.2)) == 1811
    assert 2 * math.ceil(eq.information_size(0.2, 0.2) / 2) == pytest.approx(2894, abs=2)
    assert 2 * math.ceil(eq.information_size(0.2, 0.3) / 2) == pytest.approx(1229, abs=2)


def test_information_size_at_the_power_of_a_table() -> None:
    """Half against three quarters at power 0.9: 76.707 a group; .39 against .21 at .8: 100.558."""
    assert eq.information_size(0.75, 1 / 3, power=0.9) / 2 == pytest.approx(76.707, abs=5e-4)
    assert eq.information_size(0.39, 18 / 39) / 2 == pytest.approx(100.558, abs=5e-4)


@given(st.floats(0.01, 0.9), st.floats(0.05, 0.8), st.floats(0.05, 0.8))
def test_a_smaller_reduction_needs_more_people(risk: float, one: float, other: float) -> None:
    small, large = sorted((one, other))
    assert eq.information_size(risk, small) >= eq.information_size(risk, large)


@pytest.mark.parametrize("wrong", [(0.0, 0.25), (1.0, 0.25), (0.2, 0.0), (0.2, 1.0)])
def test_information_size_refuses_what_is_no_risk(wrong: tuple[float, float]) -> None:
    with pytest.raises(eq.UsageError, match="must lie between 0 and 1"):
        eq.information_size(*wrong)


def test_the_lost_of_the_pilot_trial_put_back(evidence: eq.Evidence) -> None:
    cases = eq.best_worst_case(evidence.comparison("surgery"))
    assert set(cases["study_id"]) == {"prasad2012"}  # nobody knows whom Mendelow lost
    assert list(cases["scenario"]) == list(SCENARIOS)[:3]  # one arm lost nobody
    counts = cases[["events_treatment", "n_treatment", "events_control", "n_control"]]
    assert counts.to_numpy().tolist() == [[3, 13, 7, 9], [3, 13, 7, 11], [3, 13, 9, 11]]
    shown = [
        [f"{value:.2f}" for value in line]
        for line in cases[["estimate", "low", "high"]].to_numpy().tolist()
    ]
    assert shown == [["0.30", "0.10", "0.85"], ["0.36", "0.12", "1.08"], ["0.28", "0.10", "0.79"]]
    assert cases["p_value_fisher"].to_list() == pytest.approx([0.0274, 0.0953, 0.0123], abs=5e-5)
    assert cases["percent_control"].isna().to_list() == [False, True, True]


def test_losses_in_both_arms_are_divided_both_ways() -> None:
    lost = row(
        events_treatment=10.0, n_treatment=90.0, n_allocated_treatment=100.0,
        events_control=20.0, n_control=95.0, n_allocated_control=100.0,
    )  # fmt: skip
    cases = eq.best_worst_case(pd.DataFrame([lost])).set_index("scenario")
    assert list(cases.index) == list(SCENARIOS)
    events = cases[["events_treatment", "events_control"]].to_numpy().tolist()
    assert events == [[10, 20], [10, 20], [20, 25], [20, 20], [10, 25]]
    between = cases["estimate"].iloc[:3]
    assert cases["estimate"].iloc[4] <= between.min()
    assert cases["estimate"].iloc[3] >= between.max()


def test_the_table_given_is_left_as_it_is() -> None:
    given_table = pd.DataFrame([row(n_allocated_control=2100.0)])
    before = given_table.copy(deep=True)
    eq.best_worst_case(given_table)
    pd.testing.assert_frame_equal(given_table, before)


@given(st.integers(1, 400), st.integers(1, 400), st.floats(0.05, 0.95))
@settings(deadline=None, max_examples=40)
def test_more_people_never_add_the_caveat_about_too_few(n: int, more: int, risk: float) -> None:
    def fires(people: int) -> int:
        arms = {"events_treatment": 1.0, "n_treatment": float(people),
                "events_control": 1.0, "n_control": float(people)}  # fmt: skip
        rule = [rule for rule in RULES if rule.code == "C08"]
        found = find_caveats(facts(row(**arms), baseline_risk=risk), rule)
        return found[0].lowers if found else 0

    assert fires(n + more) <= fires(n)


CAVEATS = st.builds(
    caveat,
    code=st.sampled_from(["C90", "C91", "C92"]),
    domain=st.sampled_from(["risk of bias", "imprecision", "indirectness", "publication bias"]),
    lowers=st.integers(0, 2),
    studies=st.sampled_from([("A 2020",), ("B 2021",), ("A 2020", "B 2021"), ("Else",)]),
)


@given(st.lists(CAVEATS, max_size=6), CAVEATS, st.sampled_from(["rct", "nrsi_controlled"]))
@settings(deadline=None)
def test_a_further_caveat_never_raises_certainty(
    caveats: list[Caveat], further: Caveat, design: str
) -> None:
    made = facts(row(), second(design=design, events_treatment=5.0))
    before = suggest(made, caveats, NOBODY_JUDGED)
    after = suggest(made, [*caveats, further], NOBODY_JUDGED)
    assert before is not None
    assert after is not None
    assert LEVELS.index(after.level) <= LEVELS.index(before.level)


def test_a_domain_lowers_by_its_worst_caveat_and_twice_at_most() -> None:
    def level(*lowers: tuple[str, int]) -> str:
        caveats = [caveat(domain=domain, lowers=n) for domain, n in lowers]
        certainty = suggest(facts(row(), risk_of_bias=LOW_BIAS), caveats, NOBODY_JUDGED)
        assert certainty is not None
        return certainty.level

    assert level() == "high"
    assert level(("imprecision", 1), ("imprecision", 1)) == "moderate"
    assert level(("imprecision", 1), ("imprecision", 2)) == "low"
    assert level(("imprecision", 2), ("publication bias", 1)) == "very low"
    assert level(("imprecision", 2), ("publication bias", 2), ("indirectness", 2)) == "very low"


@pytest.mark.parametrize(
    ("design", "start"),
    [("rct", "high"), ("nrsi_controlled", "low"), ("within_subject", "low"),
     ("single_arm", "very low"), ("case_series", "very low"), ("case_report", "very low")],
)  # fmt: skip
def test_where_a_design_starts(design: str, start: str) -> None:
    made = facts(row(design=design, events_treatment=5.0), risk_of_bias=LOW_BIAS)
    certainty = suggest(made, (), NOBODY_JUDGED)
    assert certainty is not None
    assert certainty.start == certainty.level == start


def test_the_surest_direct_design_answers() -> None:
    made = facts(
        second(design="nrsi_controlled", events_treatment=5.0), row(), risk_of_bias=LOW_BIAS
    )
    certainty = suggest(made, (), NOBODY_JUDGED)
    assert certainty is not None
    assert certainty.design == "randomised trial"
    doubtful = [
        caveat(domain=d, lowers=2, studies=("A 2020",)) for d in ("imprecision", "indirectness")
    ]
    certainty = suggest(made, doubtful, NOBODY_JUDGED)
    assert certainty is not None
    assert certainty.design == "non-randomised comparison"
    # What is indirect answers only where nothing direct does.
    indirect = facts(row(directness="indirect"), second(design="single_arm", events_treatment=5.0))
    certainty = suggest(indirect, (), NOBODY_JUDGED)
    assert certainty is not None
    assert certainty.level == "very low"


def test_a_person_decides_and_the_disagreement_shows() -> None:
    judged = pd.DataFrame(
        [("imprecision", "-1", "few", "R. Reader"), ("overall", "low", "One trial.", "R. Reader")],
        columns=list(NOBODY_JUDGED),
    )
    certainty = suggest(facts(row(), risk_of_bias=LOW_BIAS), (), judged)
    assert certainty is not None
    assert (certainty.level, certainty.suggested, certainty.symbol) == ("low", "moderate", "⊕⊕○○")
    assert str(certainty) == (
        "⊕⊕○○ low, judged by R. Reader: One trial (the data suggest moderate: starts high, being "
        "a randomised trial; lowered for imprecision −1 (judged by R. Reader))"
    )

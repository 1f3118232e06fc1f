"""What must hold of certainty whatever the data: doubt never raises it, people never lower it."""

import math

import pandas as pd
import pytest
from facts_by_hand import ALONE, NAN, caveat, facts, row, second
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rule_cases import CASES, HALVED, NRSI_PERCENT, Case, counts

from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.certainty import LEVELS, suggest
from equipoise.appraisal.engine import find_caveats
from equipoise.appraisal.facts import Facts
from equipoise.appraisal.wording import sentence
from equipoise.evidence.bias_tools import bias_tool

JUDGED = pd.DataFrame(columns=["domain", "judgement", "reason", "assessor"], dtype="str")
DOMAINS = ("risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias")
FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def level(made: Facts, *more: Caveat) -> int:
    found = suggest(made, (*find_caveats(made), *more), JUDGED)
    assert found is not None
    return LEVELS.index(found.level)


@st.composite
def arms(draw: st.DrawFn) -> dict[str, float]:
    """Two groups, each with somebody who had the event and somebody who had not."""
    n1, n2 = draw(st.integers(2, 3000)), draw(st.integers(2, 3000))
    e1, e2 = draw(st.integers(1, n1 - 1)), draw(st.integers(1, n2 - 1))
    return counts(float(e1), float(n1), float(e2), float(n2))


DESIGNS = st.sampled_from(["rct", "nrsi_controlled"])
WORDS = {"rct": "RoB2", "nrsi_controlled": "ROBINS-I"}


@FEW
@given(arms(), arms(), DESIGNS, st.sampled_from(DOMAINS), st.integers(1, 2), st.booleans())
def test_a_caveat_that_lowers_never_raises(
    first: dict[str, float], other: dict[str, float], design: str, domain: str, lowers: int,
    combined: bool,
) -> None:  # fmt: skip
    judged = [(name, WORDS[design], "overall", "low") for name in ("a2020", "b2021")]
    made = facts(row(design=design, **first), second(design=design, **other),
                 combined=combined, risk_of_bias=judged)  # fmt: skip
    doubt = caveat(domain=domain, lowers=lowers, studies=("A 2020", "B 2021"))
    assert level(made, doubt) <= level(made)


@FEW
@given(arms(), DESIGNS, st.integers(2, 50), st.sampled_from(["RR", "OR", "RD"]),
       st.sampled_from([NAN, 0.02, 0.1]), st.sampled_from([None, 0.2]))  # fmt: skip
def test_more_people_who_fare_alike_never_lower_it(
    cells: dict[str, float], design: str, times: int, measure: str, mid: float,
    baseline_risk: float | None,
) -> None:  # fmt: skip
    """One result: the spread between several may come out as chance or as real when they grow."""
    judged = [("a2020", WORDS[design], "overall", "low")]
    small, large = (
        facts(row(design=design, **grown), measure=measure, risk_of_bias=judged,
              outcome={"mid": mid}, baseline_risk=baseline_risk)
        for grown in (cells, {name: times * value for name, value in cells.items()})
    )  # fmt: skip
    assert level(small) <= level(large)
    # Whatever is just past the line of chance hangs on few people, and so it lowers nothing.
    codes = [
        {c.code for c in find_caveats(made) if c.domain == "imprecision"} - {"C11"}
        for made in (small, large)
    ]
    assert codes[1] <= codes[0]


@FEW
@given(arms(), st.sampled_from(["RoB2", "ROBINS-I", "ROBINS-E", "RoB1"]), st.booleans(), st.data())
def test_a_worse_judgement_of_bias_never_raises(
    cells: dict[str, float], tool: str, combined: bool, data: st.DataObject
) -> None:
    words = bias_tool(tool).words
    better = data.draw(st.lists(st.sampled_from(range(len(words))), min_size=5, max_size=5))
    worse = [data.draw(st.integers(place, len(words) - 1)) for place in better]
    design = "rct" if tool in ("RoB2", "RoB1") else "nrsi_controlled"
    rows = [row(study_id=name, label=name.upper(), design=design, **cells) for name in "abcde"]
    levels = [
        level(facts(*rows, combined=combined, risk_of_bias=[
            (name, tool, "overall", words[place])
            for name, place in zip("abcde", places, strict=True)
        ]))
        for places in (better, worse)
    ]  # fmt: skip
    assert levels[1] <= levels[0]


EVERY = [case for cases in CASES.values() for case in cases]


@pytest.mark.parametrize("case", EVERY)
def test_what_weighs_heaviest_caps_the_wording(case: Case) -> None:
    """Nobody to compare with, groups not made by chance nor judged, far too few: "may" at most."""
    made = case.facts
    found = find_caveats(made)
    certainty = suggest(made, found, JUDGED)
    if certainty is None:
        return
    about = {row["label"] for row in made.rows if row["study_id"] == certainty.study}
    about |= {row["label"] for row in made.together.rows} if made.together else set()
    caps = [
        c for c in found
        if set(c.studies) & about
        and (c.code in ("C01", "C05") or (c.code == "C08" and c.lowers == 2))
    ]  # fmt: skip
    if caps:
        assert certainty.level in ("low", "very low")
        said = sentence(made, certainty)
        assert not {"probably", "lowers", "raises", "makes"} & set(said.split())


@pytest.mark.parametrize(
    "made",
    [
        facts(row(**ALONE)),
        facts(row(**NRSI_PERCENT)),
        facts(row(design="nrsi_controlled", **counts(600, 2000, 780, 2000))),
        facts(row(**counts(3, 13, 7, 9)), risk_of_bias=[("a2020", "RoB2", "overall", "low")]),
        facts(row(**HALVED), second(**HALVED), combined=True),
    ],
)
def test_the_caps_are_not_empty(made: Facts) -> None:
    assert level(made) <= LEVELS.index("low")


def test_scaling_leaves_the_estimate_where_it_was() -> None:
    """What the property above takes for granted."""
    one, ten = (facts(row(**counts(3.0 * n, 13.0 * n, 7.0 * n, 9.0 * n))) for n in (1, 10))
    assert math.isclose(one.rows[0]["estimate"], ten.rows[0]["estimate"])

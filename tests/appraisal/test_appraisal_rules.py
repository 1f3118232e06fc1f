"""Every row of the table of rules: what fires it, what almost does, and what it then says."""

import re
import string
from collections import Counter
from collections.abc import Sequence

import pytest
from facts_by_hand import ALONE, facts, row, second
from rule_cases import CASES, GOOD, NRSI_PERCENT, PILOT, Case, counts

from equipoise.appraisal.caveat import SEVERITIES, Rule
from equipoise.appraisal.engine import find_caveats
from equipoise.appraisal.facts import Facts
from equipoise.appraisal.rules import RULES

BY_ROW = {(rule.code, rule.title): rule for rule in RULES}


def _said(rule: Rule, case: Case) -> list[str]:
    return [caveat.sentence for caveat in find_caveats(case.facts, [rule])]


def test_every_rule_has_its_cases() -> None:
    assert set(CASES) == set(BY_ROW)
    for cases in CASES.values():
        kinds = Counter(case.says is not None for case in cases)
        assert kinds[True] >= 2
        assert kinds[False] >= 2
    assert sum(map(len, CASES.values())) >= 80


@pytest.mark.parametrize(
    ("key", "case"),
    [(key, case) for key, cases in CASES.items() for case in cases],
    ids=[f"{k[0]}-{k[1][:12]}-{i}" for k, cases in CASES.items() for i, _ in enumerate(cases)],
)
def test_a_rule_fires_when_it_should_and_only_then(key: tuple[str, str], case: Case) -> None:
    said = _said(BY_ROW[key], case)
    if case.says is None:
        assert said == []
    else:
        assert len(said) >= 1
        assert any(case.says in sentence for sentence in said), said
        assert all(sentence[0].isupper() or sentence[0].isdigit() for sentence in said)
        assert not [sentence for sentence in said if re.search(r"[{}]|\bnan\b|  | %", sentence)]


def _slots(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}-{rule.look.__name__}")
def test_a_rule_is_a_complete_row(rule: Rule) -> None:
    assert re.fullmatch(r"C\d\d", rule.code)
    assert rule.severity in SEVERITIES
    assert 0 <= rule.lowers <= 2
    assert len(rule.reference) > 10
    assert rule.condition
    assert not rule.condition.endswith(".")
    assert rule.sentence.endswith(".")
    assert rule.sentence.count(". ") == 0
    assert f"{rule.code}:" in (rule.look.__doc__ or "")
    fired = next(case for case in CASES[rule.code, rule.title] if case.says is not None)
    (caveat, *_) = find_caveats(fired.facts, [rule])
    assert _slots(rule.sentence) <= set(caveat.numbers)
    assert caveat.reference == rule.reference
    # statements about the evidence are about no study in particular
    assert bool(caveat.studies) == (rule.about != "claims")


def test_code_and_title_name_one_row() -> None:
    assert len(BY_ROW) == len(RULES)


def test_what_blocks_and_what_lowers() -> None:
    assert [rule.code for rule in RULES if rule.severity == "block"] == ["C06"]
    lowering = [(rule.code, rule.lowers) for rule in RULES if rule.lowers]
    # by two: an interval with benefit and harm in it, no interval, percentages of nobody knows whom
    assert lowering == [
        ("C04", 1), ("C08", 1), ("C09", 1), ("C10", 2), ("C10", 1), ("C10", 1),
        ("C10", 2), ("C15", 1), ("C16", 1), ("C16", 1), ("C18", 1), ("C20", 1), ("C23", 2),
        ("C26", 1), ("C34", 1), ("C37", 1),
    ]  # fmt: skip
    assert not {rule.code for rule in RULES if rule.lowers and rule.domain == "reporting"}


def _lowers(code: str, made: Facts) -> Sequence[int]:
    rules = [rule for rule in RULES if rule.code == code]
    return [caveat.lowers for caveat in find_caveats(made, rules)]


@pytest.mark.parametrize(("n", "levels"), [(371.0, [1]), (370.0, [2])])
def test_too_few_people_lower_twice_below_half_of_what_is_needed(
    n: float, levels: list[int]
) -> None:
    """The information size at 39% and a reduction of a quarter is 740.06."""
    made = facts(row(**counts(50, n - 100, 30, 100)), baseline_risk=0.39)
    assert _lowers("C08", made) == levels


def test_both_codings_of_an_outcome_need_the_same_people() -> None:
    bad = facts(row(**counts(3, 13, 7, 9)))
    good = facts(row(**counts(10, 13, 2, 9)), outcome=GOOD)
    needed = [
        find_caveats(made, [BY_ROW["C08", "fewer people than a reliable answer needs"]])[0]
        for made in (bad, good)
    ]
    assert needed[0].numbers["needed"] == needed[1].numbers["needed"]
    assert "fall from 78 to 58" in needed[0].sentence
    assert "rise from 22 to 42" in needed[1].sentence


def test_the_same_sentence_is_said_once_for_all_studies_it_is_about() -> None:
    rule = BY_ROW["C01", "nobody to compare with"]
    one = find_caveats(facts(row(**ALONE), row(**ALONE, timepoint="2 years")), [rule])
    assert [caveat.studies for caveat in one] == [("A 2020",)]
    same = [row(**PILOT, funding="industry"), second(**PILOT, funding="industry")]
    (caveat,) = find_caveats(facts(*same), [BY_ROW["C18", "small evidence, paid for by industry"]])
    assert caveat.studies == ("A 2020", "B 2021")


def test_a_caveat_is_about_the_studies_it_speaks_of() -> None:
    made = facts(row(), second(bare=True))
    (one,) = find_caveats(made, [BY_ROW["C07", "the only study of its kind"]])
    (silent,) = find_caveats(made, [BY_ROW["C28", "measured, but no number found"]])
    assert one.studies == ("A 2020",)
    assert silent.studies == ("B 2021",)


def test_the_most_severe_comes_first() -> None:
    found = find_caveats(facts(row(**PILOT, funding="NR", weeks=6.0), second(**NRSI_PERCENT)))
    severities = [SEVERITIES.index(caveat.severity) for caveat in found]
    assert severities == sorted(severities)
    assert found[0].code == "C06"


def test_a_clean_large_pair_of_trials_raises_only_what_no_pair_escapes() -> None:
    found = find_caveats(facts(row(), second()))
    assert [caveat.code for caveat in found] == ["C17"]

"""How sure the evidence lets one be: a suggestion from the data, which a person's row overrules."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from equipoise.appraisal.bias_assessment import assessments
from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.facts import (
    DESIGN_NAMES,
    Facts,
    Row,
    design_name,
    design_of,
    designs_of,
)
from equipoise.appraisal.large_effect import UPGRADE, large_effect
from equipoise.appraisal.risk_of_bias import NOT_JUDGED
from equipoise.appraisal.triggers import has_numbers
from equipoise.display import numbers
from equipoise.evidence.records import records

LEVELS = ("very low", "low", "moderate", "high")
SYMBOLS = ("⊕○○○", "⊕⊕○○", "⊕⊕⊕○", "⊕⊕⊕⊕")
MOST_PER_DOMAIN = 2

_STARTS = {"rct": 3, "nrsi_controlled": 1, "within_subject": 1}
_BIAS = "risk of bias"

Reason = tuple[str, int, tuple[str, ...]]
Found = dict[str, tuple[int, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certainty:
    """How sure one can be, with the working.

    Attributes
    ----------
    level
        very low, low, moderate or high.
    suggested
        The level the data suggest; `level` is a person's judgement if there is one.
    start
        The level that the design starts from; one group alone starts at very low.
    design, study, pooled
        What the suggestion is about: the pooled estimate of so many studies, or else, with 0 of
        them, the surest study.
    reasons
        For each domain that lowers it (or, below zero, raises it): the domain, by how many
        levels, and why: codes of caveats, a judgement with a tool, or who judged.
    judged_by, judgement
        Who decided, and why; empty if nobody did.
    """

    level: str
    suggested: str
    start: str
    design: str
    reasons: tuple[Reason, ...]
    study: str = ""
    pooled: int = 0
    judged_by: str = ""
    judgement: str = ""

    @property
    def symbol(self) -> str:
        """The level as GRADE draws it."""
        return SYMBOLS[LEVELS.index(self.level)]

    def __str__(self) -> str:
        being = self.design if self.pooled else numbers.with_article(self.design)
        working = f"starts {self.start}, being {being}"
        for verb, kept in (
            ("lowered", [r for r in self.reasons if r[1] > 0]),
            ("raised", [r for r in self.reasons if r[1] < 0]),
            ("left as it is", [r for r in self.reasons if r[1] == 0]),
        ):
            working += f"; {verb} for {'; '.join(map(_because, kept))}" if kept else ""
        if not self.judged_by:
            return f"{self.symbol} {self.level} (suggested: {working})"
        return (
            f"{self.symbol} {self.level}, judged by {self.judged_by}: "
            f"{self.judgement.rstrip('.')} (the data suggest {self.suggested}: {working})"
        )


def _because(reason: Reason) -> str:
    domain, levels, why = reason
    return f"{domain}{f' {numbers.signed(-levels)}' if levels else ''} ({', '.join(why)})"


def suggest(facts: Facts, caveats: Sequence[Caveat], judged: pd.DataFrame) -> Certainty | None:
    """Suggest the certainty of the pooled estimate, or of the surest study; None without a number.

    Randomised trials start at high, controlled and within-person comparisons at low, what is
    uncontrolled at very low. So does a systematic review, because the design of its studies is not
    coded; a person can say more in certainty.csv. Each domain then lowers the level by the most
    that one of its caveats does, two levels at the most.

    The overall judgement of a tool for a study and this outcome speaks for the whole risk of bias
    of that study, by as many levels as `bias_assessment.lowers` tells; where nobody gave one, what
    the tool's rule proposes counts, and is said to be proposed. A study that nobody judged is not
    taken to be free of bias: that is one level. Of a pooled estimate, bias and indirectness count
    where the studies concerned carry a quarter of the weight or more.

    Non-randomised comparisons start at low with any tool. GRADE guidelines 18 would start those
    judged with ROBINS-I at high, to lose there what they lack; how many levels each of its words
    takes off from there is not fixed, so the older start is kept, whose levels are.

    A large effect of a non-randomised comparison raises it by one level where the risk is more than
    doubled or halved, if its whole interval lies on that side of no difference, nothing lowers, and
    the risk of bias was judged. A second level, and what else may raise, is for a person to say.

    A person's levels for a domain replace the suggested ones, and may raise; a person's overall
    level decides. Where the two differ, both are told.

    Parameters
    ----------
    facts, caveats
        The analysis and what its rules found.
    judged
        The rows of certainty.csv for this outcome.

    References
    ----------
    Schünemann HJ et al. GRADE guidelines 18. J Clin Epidemiol 2019;111:105-114,
    doi:10.1016/j.jclinepi.2018.01.012.
    Guyatt GH et al. GRADE guidelines 4. J Clin Epidemiol 2011;64:407-415,
    doi:10.1016/j.jclinepi.2010.07.017.
    Guyatt GH et al. GRADE guidelines 9. J Clin Epidemiol 2011;64:1311-1316,
    doi:10.1016/j.jclinepi.2011.06.004.
    """
    if facts.together is not None:
        return _overruled(_of_rows(facts, facts.together.rows, caveats, judged), judged)
    groups = [
        kept
        for rows in facts.grouped("design", "directness", "study_id")
        if (kept := tuple(row for row in rows if has_numbers(row)))
    ]
    # Indirect evidence answers only where there is no direct evidence to answer.
    direct = [rows for rows in groups if rows[0]["directness"] == "direct"]
    # Nothing is pooled, so the surest study answers: a good trial is not made worse by a pilot
    # beside it, unless they disagree, which is a caveat of both. The first wins a tie.
    options = [
        _of_rows(facts, rows, caveats, judged)
        for rows in sorted(direct or groups, key=lambda rows: _precedence(facts, rows[0]))
    ]
    if not options:
        return None
    return _overruled(max(options, key=lambda c: LEVELS.index(c.level)), judged)


def _precedence(facts: Facts, row: Row) -> tuple[int, bool, float]:
    """Strongest design first, then the people asked about, then the most people."""
    people = 0.0 if math.isnan(row["people"]) else row["people"]
    asked = row["condition"] == facts.question.condition
    return list(DESIGN_NAMES).index(design_of(row)), not asked, -people


def _of_rows(
    facts: Facts, rows: Sequence[Row], caveats: Sequence[Caveat], judged: pd.DataFrame
) -> Certainty:
    design, pooled = rows[0]["design"], facts.together is not None
    start = 0 if rows[0]["measure"] == "PR" else _STARTS.get(design, 0)
    found = _lowering(facts, rows, caveats)
    by_tool = set(_levels_of_bias(facts, rows, judged_only=True))
    for row in judged[judged["domain"] != "overall"].itertuples():
        domain, levels = str(row.domain).replace("_", " "), -int(str(row.judgement))
        found[domain] = levels, (_by_a_person(row, levels, found.get(domain, (0, ()))[0]),)
    everyone = _BIAS in set(judged["domain"].str.replace("_", " ")) or by_tool == _labels(rows)
    if everyone and UPGRADE not in found and not any(levels > 0 for levels, _ in found.values()):
        found |= large_effect(facts, rows)
    level = LEVELS[min(3, max(0, start - sum(levels for levels, _ in found.values())))]
    return Certainty(
        level=level,
        suggested=level,
        start=LEVELS[start],
        design=designs_of(rows)
        if pooled
        else design_name(design_of(rows[0]), rows[0]["directness"]),
        study="" if pooled else str(rows[0]["study_id"]),
        pooled=len(rows) if pooled else 0,
        reasons=tuple((domain, levels, why) for domain, (levels, why) in found.items()),
    )


def _labels(rows: Sequence[Row]) -> set[str]:
    return {str(row["label"]) for row in rows}


def _by_a_person(row: Any, levels: int, suggested: int) -> str:
    """Who judged and why, and what the data suggest if that is something else."""
    told = f"judged by {row.assessor}: {str(row.reason).rstrip('.')}"
    if levels == suggested:
        return told
    return f"{told}; the data suggest {numbers.signed(-suggested) if suggested else 'no change'}"


def _lowering(facts: Facts, rows: Sequence[Row], caveats: Sequence[Caveat]) -> Found:
    """By how much each domain lowers, and why: the most that one of its reasons does."""
    shares = _shares(facts, rows)
    found: Found = {}
    for domain, levels, why in (
        *_risk_of_bias(facts, rows, shares),
        *_by_caveats(facts, rows, shares, caveats),
    ):
        most, known = found.get(domain, (0, ()))
        most = min(MOST_PER_DOMAIN, max(most, levels))
        found[domain] = most, tuple(dict.fromkeys((*known, *why)))
    return found


def _shares(facts: Facts, rows: Sequence[Row]) -> Mapping[str, float]:
    """The weight of each study in what is judged; a study that is judged alone is all of it."""
    if facts.together is None:
        return dict.fromkeys(_labels(rows), 1.0)
    pooled = facts.together.pooled
    return dict(zip(pooled.labels, pooled.weights, strict=True))


def _by_caveats(
    facts: Facts, rows: Sequence[Row], shares: Mapping[str, float], caveats: Sequence[Caveat]
) -> list[Reason]:
    """What the caveats take off; those of bias only for studies that nobody judged with a tool.

    That people judged themselves knowing what they received (C04) is settled only by the best
    judgement of a tool: a worse one that takes nothing off has not said that it does not matter.
    """
    every = _labels(rows)
    unjudged = every - set(_levels_of_bias(facts, rows, judged_only=True))
    concerned = {"C04": every - _without_concern(facts, rows)}
    least = facts.thresholds.bias_share
    return [
        (caveat.domain, caveat.lowers, (caveat.code,))
        for caveat in caveats
        if caveat.lowers
        for about in [_counted(caveat, every, concerned.get(caveat.code, unjudged))]
        if sum(shares[label] for label in about) >= least
    ]


def _counted(caveat: Caveat, every: set[str], of_bias: set[str]) -> set[str]:
    """The studies of a caveat that it counts for."""
    return set(caveat.studies) & (of_bias if caveat.domain == _BIAS else every)


def _without_concern(facts: Facts, rows: Sequence[Row]) -> set[str]:
    """The studies that every tool used on them gives its best overall judgement."""
    labels = {str(row["study_id"]): str(row["label"]) for row in rows}
    made = [a for a in assessments(records(facts.risk_of_bias)) if a.lowers is not None]
    worse = {a.study_id for a in made if a.overall != a.tool.words[0]}
    return {labels[a.study_id] for a in made if a.study_id in set(labels) - worse}


def _levels_of_bias(
    facts: Facts, rows: Sequence[Row], *, judged_only: bool = False
) -> dict[str, tuple[int, str]]:
    """For each study the levels that its risk of bias takes off, and the judgement in words."""
    known: dict[str, tuple[int, str]] = {}
    labels = {str(row["study_id"]): str(row["label"]) for row in rows}
    for made in assessments(records(facts.risk_of_bias)):
        if made.study_id in labels and made.lowers is not None:
            proposed = "" if made.overall_basis == "judged" else ", as its rule proposes"
            found = made.lowers, f"{made.overall} by {made.tool.name}{proposed}"
            known[labels[made.study_id]] = max(found, known.get(labels[made.study_id], found))
    return known if judged_only else dict.fromkeys(labels.values(), (1, NOT_JUDGED)) | known


def _risk_of_bias(facts: Facts, rows: Sequence[Row], shares: Mapping[str, float]) -> list[Reason]:
    """The most levels that studies with enough of the weight lose, and by which judgements."""
    concerned = _levels_of_bias(facts, rows)
    weights = [
        (levels, sum(shares[label] for label, (own, _) in concerned.items() if own >= levels))
        for levels in range(MOST_PER_DOMAIN, 0, -1)
    ]
    most = next((n for n, share in weights if share >= facts.thresholds.bias_share), 0)
    if not most:
        return []
    by_words: dict[str, float] = {}
    for label, (levels, words) in concerned.items():
        if levels:
            by_words[words] = by_words.get(words, 0.0) + shares[label]
    several = len(concerned) > 1
    return [
        (_BIAS, most, (f"{words} in studies with {numbers.percent(share)} of the weight",))
        if several and share < 1 - 1e-9
        else (_BIAS, most, (words,))
        for words, share in by_words.items()
    ]


def _overruled(suggestion: Certainty, judged: pd.DataFrame) -> Certainty:
    overall = judged[judged["domain"] == "overall"]
    if overall.empty:
        return suggestion
    row = overall.iloc[0]
    return Certainty(
        level=str(row["judgement"]).replace("_", " "),
        suggested=suggestion.suggested,
        start=suggestion.start,
        design=suggestion.design,
        study=suggestion.study,
        pooled=suggestion.pooled,
        reasons=suggestion.reasons,
        judged_by=str(row["assessor"]),
        judgement=str(row["reason"]),
    )

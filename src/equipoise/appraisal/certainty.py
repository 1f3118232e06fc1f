"""How sure the evidence lets one be: a suggestion from the data, which a person's row overrules."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.facts import (
    DESIGN_NAMES,
    Facts,
    Row,
    design_name,
    design_of,
    designs_of,
)
from equipoise.appraisal.triggers import has_numbers
from equipoise.display import numbers

LEVELS = ("very low", "low", "moderate", "high")
SYMBOLS = ("⊕○○○", "⊕⊕○○", "⊕⊕⊕○", "⊕⊕⊕⊕")
MOST_PER_DOMAIN = 2

_STARTS = {"rct": 3, "nrsi_controlled": 1, "within_subject": 1}
_BIAS = "risk of bias"
_SERIOUSNESS = {"high": 1, "serious": 1, "critical": 2, "very high": 2}
"""Levels that the overall judgement of a tool takes off; low, some concerns and moderate: none."""

Reason = tuple[str, int, tuple[str, ...]]


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

    The overall judgement of RoB 2 or ROBINS-I for a study and this outcome speaks for the whole
    risk of bias of that study: high or serious is one level, critical or very high two, anything
    less none. A study that nobody judged is not taken to be free of bias: that is one level. Of a
    pooled estimate, bias and indirectness count where the studies concerned carry a quarter of the
    weight or more.

    A person's levels for a domain replace the suggested ones, and may raise; a person's overall
    level decides.

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
    found: dict[str, tuple[int, tuple[str, ...]]] = {}
    shares = _shares(facts, rows)
    for domain, levels, why in (
        *_risks_of_bias(facts, rows, shares),
        *_lowering(facts, rows, shares, caveats),
    ):
        most, known = found.get(domain, (0, ()))
        most = min(MOST_PER_DOMAIN, max(most, levels))
        found[domain] = most, tuple(dict.fromkeys((*known, *why)))
    for row in judged[judged["domain"] != "overall"].itertuples():
        found[str(row.domain).replace("_", " ")] = (
            -int(str(row.judgement)),
            (f"judged by {row.assessor}",),
        )
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


def _shares(facts: Facts, rows: Sequence[Row]) -> Mapping[str, float]:
    """The weight of each study in what is judged; a study that is judged alone is all of it."""
    if facts.together is None:
        return {str(row["label"]): 1.0 for row in rows}
    pooled = facts.together.pooled
    return dict(zip(pooled.labels, pooled.weights, strict=True))


def _lowering(
    facts: Facts, rows: Sequence[Row], shares: Mapping[str, float], caveats: Sequence[Caveat]
) -> list[Reason]:
    """What the caveats take off; those of bias only for studies that nobody judged with a tool."""
    by_tool = set(_tool_judgements(facts)["study_id"])
    every = {str(row["label"]) for row in rows}
    unjudged = {str(row["label"]) for row in rows if row["study_id"] not in by_tool}
    return [
        (caveat.domain, caveat.lowers, (caveat.code,))
        for caveat in caveats
        if caveat.lowers
        and _weigh(
            facts, set(caveat.studies) & (unjudged if caveat.domain == _BIAS else every), shares
        )
    ]


def _weigh(facts: Facts, studies: set[str], shares: Mapping[str, float]) -> bool:
    """Whether these studies carry enough of what is judged to lower it."""
    return sum(shares[label] for label in studies) >= facts.thresholds.bias_share


def _tool_judgements(facts: Facts) -> pd.DataFrame:
    table = facts.risk_of_bias
    overall = table["domain"].str.strip().str.lower() == "overall"
    return table[overall & table["tool"].isin(["RoB2", "ROBINS-I"])]


def _risks_of_bias(facts: Facts, rows: Sequence[Row], shares: Mapping[str, float]) -> list[Reason]:
    """What the risk of bias of the studies takes off, as judged with a tool, or not judged."""
    judgements = _tool_judgements(facts)
    concerned: dict[tuple[int, str], set[str]] = {}
    for study, label in dict.fromkeys((row["study_id"], str(row["label"])) for row in rows):
        mine = judgements[judgements["study_id"] == study]
        if mine.empty:
            concerned.setdefault((1, "not judged"), set()).add(label)
        for row in mine.itertuples():
            said = str(row.judgement).strip().lower().replace("_", " ")
            if levels := _SERIOUSNESS.get(said, 0):
                concerned.setdefault((levels, f"{said} by {row.tool}"), set()).add(label)
    return [
        (_BIAS, levels, (why,))
        for (levels, why), labels in concerned.items()
        if _weigh(facts, labels, shares)
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

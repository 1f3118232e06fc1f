"""How sure the evidence lets one be: a suggestion from the data, which a person's row overrules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.facts import DESIGN_NAMES, Facts
from equipoise.appraisal.triggers import has_numbers
from equipoise.display import numbers

LEVELS = ("very low", "low", "moderate", "high")
SYMBOLS = ("⊕○○○", "⊕⊕○○", "⊕⊕⊕○", "⊕⊕⊕⊕")
MOST_PER_DOMAIN = 2

_STARTS = {"rct": 3, "systematic_review": 3, "nrsi_controlled": 1, "within_subject": 1}


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
        The level that the design starts from.
    reasons
        For each domain that lowers it: the domain, by how many levels, and the caveats' codes.
    judged_by, judgement
        Who decided, and why; empty if nobody did.
    """

    level: str
    suggested: str
    start: str
    design: str
    reasons: tuple[tuple[str, int, tuple[str, ...]], ...]
    judged_by: str = ""
    judgement: str = ""

    @property
    def symbol(self) -> str:
        """The level as GRADE draws it."""
        return SYMBOLS[LEVELS.index(self.level)]

    def __str__(self) -> str:
        lowered = "; ".join(
            f"{domain} −{levels} ({', '.join(codes)})" for domain, levels, codes in self.reasons
        )
        working = f"starts {self.start}, being {numbers.with_article(self.design)}"
        working += f"; lowered for {lowered}" if lowered else ""
        if not self.judged_by:
            return f"{self.symbol} {self.level} (suggested: {working})"
        return (
            f"{self.symbol} {self.level}, judged by {self.judged_by}: "
            f"{self.judgement.rstrip('.')} (the data suggest {self.suggested}: {working})"
        )


def suggest(facts: Facts, caveats: Sequence[Caveat], judged: pd.DataFrame) -> Certainty | None:
    """Suggest the certainty of the best evidence there is; None where nothing is reported.

    Randomised trials start at high, controlled and within-person comparisons at low, what is
    uncontrolled at very low. Each domain then lowers it by the most that one of its caveats does,
    two levels at the most; nothing raises it.

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
    """
    groups = [
        rows
        for rows in facts.grouped("design", "directness")
        if any(has_numbers(row) for row in rows)
    ]
    # Indirect evidence answers only where there is no direct evidence to answer.
    direct = [rows for rows in groups if rows[0]["directness"] == "direct"]
    options = [
        _of_design([str(row["label"]) for row in rows], str(rows[0]["design"]), caveats)
        for rows in direct or groups
    ]
    if not options:
        return None
    # Of several designs the surest answers; the first wins a tie, and designs come strongest first.
    order = list(DESIGN_NAMES.values())
    options.sort(key=lambda c: (-LEVELS.index(c.level), order.index(c.design)))
    return _overruled(options[0], judged)


def _of_design(labels: list[str], design: str, caveats: Sequence[Caveat]) -> Certainty:
    start = _STARTS.get(design, 0)
    lowered: dict[str, tuple[int, tuple[str, ...]]] = {}
    for caveat in caveats:
        if caveat.lowers and set(labels) & set(caveat.studies):
            levels, codes = lowered.get(caveat.domain, (0, ()))
            levels = min(MOST_PER_DOMAIN, max(levels, caveat.lowers))
            lowered[caveat.domain] = levels, tuple(dict.fromkeys((*codes, caveat.code)))
    level = LEVELS[max(0, start - sum(levels for levels, _ in lowered.values()))]
    return Certainty(
        level=level,
        suggested=level,
        start=LEVELS[start],
        design=DESIGN_NAMES[design],
        reasons=tuple((domain, levels, codes) for domain, (levels, codes) in lowered.items()),
    )


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
        reasons=suggestion.reasons,
        judged_by=str(row["assessor"]),
        judgement=str(row["reason"]),
    )

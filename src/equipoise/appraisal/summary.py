"""`summarize`: everything about one outcome in one value, caveats included."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace

import pandas as pd

from equipoise.appraisal.absolute import AbsoluteRisks, absolute_risks
from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.certainty import Certainty, suggest
from equipoise.appraisal.claim_judging import judge_claims
from equipoise.appraisal.engine import find_caveats
from equipoise.appraisal.facts import Facts, Row, design_name, design_of, gather, when
from equipoise.appraisal.pooling import Together, combine
from equipoise.appraisal.reading import readable
from equipoise.appraisal.rules import RULES
from equipoise.appraisal.wording import leading_row, sentence, statement
from equipoise.appraisal.wording_pooled import pooled_lines
from equipoise.display.html import render
from equipoise.evidence.base import Evidence
from equipoise.evidence.records import records
from equipoise.synthesis.pooled import Pooled


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Summary:
    """What is known about one outcome, and what is not.

    Attributes
    ----------
    id, measure
        The analysis and its measure.
    outcome
        The row of outcomes.csv.
    frame
        One row a comparison: see `equipoise.effects.estimates`, with the people and events counted
        and the studies' funding, blinding and how much of their paper was read. Where studies are
        combined, `weight` is their share in the pooled estimate; else it is NaN.
    together
        What the studies show together, with the pooled estimate; None if they are not combined.
    why_not_pooled
        Why there is no pooled estimate; empty if there is one.
    caveats
        What the evidence cannot show, the most severe first.
    certainty
        How sure one can be; None if nothing is reported.
    sentence
        The answer in one plain sentence.
    statement
        The same without its numbers.
    leading
        The comparison that the sentence quotes: the pooled estimate if there is one; None if
        nothing is reported.
    risks
        What the effect means in people; None where the outcome is no event.
    """

    id: str
    measure: str
    outcome: Row
    frame: pd.DataFrame
    why_not_pooled: str
    caveats: tuple[Caveat, ...]
    certainty: Certainty | None
    sentence: str
    statement: str
    leading: Row | None = None
    risks: AbsoluteRisks | None = None
    together: Together | None = None

    @property
    def pooled(self) -> Pooled | None:
        """The pooled estimate, on the analysis scale; None if the studies are not combined."""
        return self.together.pooled if self.together else None

    def pooled_lines(self) -> list[tuple[str, str]]:
        """Return the pooled estimate as readers read it, a name and a text a line."""
        if self.together is None:
            return [("Not combined", self.why_not_pooled)]
        return pooled_lines(self.together)

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of `frame`: unrounded, one row a comparison."""
        return self.frame.copy()

    def __str__(self) -> str:
        """Return the summary as text, its caveats under its numbers."""
        lines = [str(self.outcome["label"]), "", self.sentence, ""]
        reported = self.frame["basis"] != "not reported"
        shown = readable(self.frame[reported], self.outcome)
        for row, text in zip(records(self.frame[reported]), shown.to_dict("records"), strict=True):
            design = design_name(design_of(row), row["directness"])
            lines.append(f"  {row['label']} ({design}, {when(row)})")
            lines += [f"    {text['Treated']}", f"    against {text['Compared']}"]
            lines.append(f"    {text['Estimate']}")
        silent = Counter(self.frame.loc[~reported, "label"])
        for label, count in silent.items():
            lines.append(f"  {label}: no number in {count} comparison{'s' if count > 1 else ''}")
        told = [*self.pooled_lines(), ("Certainty", self._certainty_text())]
        lines += ["", *(f"{name}: {text}" for name, text in told)]
        lines += ["", "What this cannot show", *(f"  {caveat}" for caveat in self.caveats)]
        return "\n".join(lines)

    __repr__ = __str__

    def _certainty_text(self) -> str:
        return str(self.certainty) if self.certainty else "no number to judge"

    def _repr_html_(self) -> str:
        text = readable(self.frame, self.outcome)
        return render(
            "summary.html",
            sentence=self.sentence,
            caption=str(self.outcome["label"]),
            columns=list(text.columns),
            rows=text.to_numpy().tolist(),
            told=[*self.pooled_lines(), ("Certainty", self._certainty_text())],
            caveats=self.caveats,
        )


def summarize(evidence: Evidence, outcome: str) -> Summary:
    """Summarize what the evidence shows about one outcome.

    Parameters
    ----------
    evidence
        An evidence base.
    outcome
        The id of a planned analysis, or an outcome_id.

    Returns
    -------
    Summary
        Numbers, caveats, certainty and one sentence. Printing it prints all of them.

    Raises
    ------
    UsageError
        If there is no such analysis or outcome.
    """
    return summarize_all(evidence, [outcome])[0]


def summarize_all(
    evidence: Evidence, names: list[str] | None = None, *, audit: pd.DataFrame | None = None
) -> tuple[Summary, ...]:
    """Summarize several outcomes, or every planned analysis, auditing the claims at most once."""
    analyses = [evidence.analysis(name) for name in names] if names else evidence.plan
    claims = judge_claims(evidence) if audit is None else audit
    return tuple(_summarize(gather(evidence, analysis, claims), evidence) for analysis in analyses)


def caveats(evidence: Evidence, outcome: str) -> tuple[Caveat, ...]:
    """Return what the evidence on one outcome cannot show, the most severe first.

    Parameters
    ----------
    evidence
        An evidence base.
    outcome
        The id of a planned analysis, or an outcome_id.

    Raises
    ------
    UsageError
        If there is no such analysis or outcome.
    """
    return summarize(evidence, outcome).caveats


def _summarize(facts: Facts, evidence: Evidence) -> Summary:
    blocking = find_caveats(facts, [rule for rule in RULES if rule.severity == "block"])
    together, why_not = combine(facts, blocking[0].sentence if blocking else "")
    weights = together.weights if together else math.nan
    facts = replace(facts, together=together, frame=facts.frame.assign(weight=weights))
    found = find_caveats(facts)
    judged = evidence.tables["certainty"]
    judged = judged[judged["outcome_id"] == facts.analysis.outcome]
    certainty = suggest(facts, found, judged)
    leading = leading_row(facts, certainty) if certainty else None
    return Summary(
        id=facts.analysis.id,
        measure=facts.analysis.measure,
        outcome=facts.outcome,
        frame=facts.frame,
        together=together,
        why_not_pooled=why_not,
        caveats=found,
        certainty=certainty,
        sentence=sentence(facts, certainty),
        statement=statement(facts, certainty),
        leading=leading,
        risks=absolute_risks(facts, leading) if leading else None,
    )

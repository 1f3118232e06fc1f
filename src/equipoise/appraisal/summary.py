"""`summarize`: everything about one outcome in one value, caveats included."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.certainty import Certainty, suggest
from equipoise.appraisal.claims import audit_claims
from equipoise.appraisal.engine import find_caveats
from equipoise.appraisal.facts import Facts, Row, gather
from equipoise.appraisal.reading import readable
from equipoise.appraisal.triggers import has_numbers
from equipoise.appraisal.wording import sentence
from equipoise.display.html import render
from equipoise.evidence.base import Evidence


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
        and the studies' funding, blinding and how much of their paper was read.
    why_not_pooled
        Why there is no pooled estimate.
    caveats
        What the evidence cannot show, the most severe first.
    certainty
        How sure one can be; None if nothing is reported.
    sentence
        The answer in one plain sentence.
    """

    id: str
    measure: str
    outcome: Row
    frame: pd.DataFrame
    why_not_pooled: str
    caveats: tuple[Caveat, ...]
    certainty: Certainty | None
    sentence: str

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of `frame`: unrounded, one row a comparison."""
        return self.frame.copy()

    def __str__(self) -> str:
        """Return the summary as text, its caveats under its numbers."""
        lines = [str(self.outcome["label"]), "", self.sentence, ""]
        reported = self.frame["basis"] != "not reported"
        for row in readable(self.frame[reported], self.outcome).to_dict("records"):
            lines.append(f"  {row['Study']} ({row['Design for this outcome']}, {row['When']})")
            lines += [f"    {row['Treated']}", f"    against {row['Compared']}"]
            lines.append(f"    {row['Estimate']}")
        silent = Counter(self.frame.loc[~reported, "label"])
        for label, count in silent.items():
            lines.append(f"  {label}: no number in {count} comparison{'s' if count > 1 else ''}")
        lines += [
            "",
            f"Certainty: {self._certainty_text()}",
            f"Not combined: {self.why_not_pooled}",
        ]
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
            certainty=self._certainty_text(),
            why_not_pooled=self.why_not_pooled,
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
    claims = audit_claims(evidence) if audit is None else audit
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
    found = find_caveats(facts)
    judged = evidence.tables["certainty"]
    judged = judged[judged["outcome_id"] == facts.analysis.outcome]
    certainty = suggest(facts, found, judged)
    return Summary(
        id=facts.analysis.id,
        measure=facts.analysis.measure,
        outcome=facts.outcome,
        frame=facts.frame,
        why_not_pooled=_why_not_pooled(facts, found),
        caveats=found,
        certainty=certainty,
        sentence=sentence(facts, certainty),
    )


def _why_not_pooled(facts: Facts, found: tuple[Caveat, ...]) -> str:
    for caveat in found:
        if caveat.severity == "block":
            return caveat.sentence
    reporting = [row for row in facts.rows if has_numbers(row)]
    studies = {row["study_id"] for row in reporting}
    if not studies:
        return "No study reports a number."
    if len(studies) == 1:
        return "There is one study, so there is nothing to combine."
    if any(row["interval"] in ("none", "rounding") for row in reporting):
        return "Not every study reports how uncertain its number is, so they cannot be weighed."
    return "This version sets studies side by side and does not combine them."

"""What is said about the evidence, checked against the evidence."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from equipoise.appraisal.claim_judging import judge_claims
from equipoise.appraisal.claim_sentences import fair_sentences
from equipoise.appraisal.summary import Summary
from equipoise.evidence.base import Evidence


def audit_claims(evidence: Evidence) -> pd.DataFrame:
    """Recompute every claim from the evidence base, give a verdict, and say what could be said.

    A percentage is compared with what the cited study (or, if nothing is cited, any study) reports
    for the outcome; a relative reduction with 1 − RR and the range that rounding leaves it; a
    statement without a number with the direction that the best design shows; a precaution with what
    other sources name. Nothing is called wrong that is merely unproven: what cannot be checked is
    `not verifiable`; a statement that something may or can be claims no cause (it has `no` under
    `causal`), and a harm that can happen is shown by one that did. The rules stand in
    `equipoise.appraisal.verdicts.VERDICTS`.

    Parameters
    ----------
    evidence
        An evidence base; its claims.csv may be empty.

    Returns
    -------
    DataFrame
        One row a claim, in the order of claims.csv: claim_id, source_id, kind, claim, outcome_id,
        measure, stated, recomputed, verdict, reason, studies, evidence_source_id (where the numbers
        were read) and could_say: what could have been said instead, with the people, the time, the
        numbers of both groups and the certainty; and, if the claim cannot be checked, what a check
        would need.
    """
    return with_fair_sentences(evidence, judge_claims(evidence))


def with_fair_sentences(
    evidence: Evidence, judged: pd.DataFrame, planned: Sequence[Summary] = ()
) -> pd.DataFrame:
    """Add `could_say` to judged claims; summaries of planned analyses may be at hand."""
    sentences = fair_sentences(evidence, judged, planned)
    return judged.assign(could_say=pd.Series(sentences, dtype="str"))

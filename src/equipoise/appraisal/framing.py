"""Caveats of figures by themselves: benchmarks, the evidence map, the claims, funnels."""

from __future__ import annotations

import pandas as pd

from equipoise.appraisal import references
from equipoise.appraisal.caveat import Caveat
from equipoise.display import numbers
from equipoise.evidence.thresholds import CUSTOMARY

_READ_AS = {
    "abstract": "as abstracts",
    "excerpt": "in excerpts",
    "not_read": "through other people's accounts",
}


def benchmark_caveats() -> tuple[Caveat, ...]:
    """C29: people of other studies are a benchmark, not a comparison group."""
    return (
        Caveat(
            code="C29",
            domain="indirectness",
            severity="high",
            title="a benchmark, not a comparison group",
            sentence="These are other people in other studies, treated and untreated: they show "
            "what can happen anyway, not what would have happened to the people treated here.",
            numbers={},
            studies=(),
            reference=references.GRADE_8,
        ),
    )


def map_caveats(coverage: pd.DataFrame) -> tuple[Caveat, ...]:
    """C30: an empty cell is a gap in what was found, and not everything found was read."""
    studies = coverage.drop_duplicates("study_id")
    in_full = int((studies["read"] == "full_text").sum())
    return (
        Caveat(
            code="C30",
            domain="reporting",
            severity="high",
            title="what was found, not all there is",
            sentence="The map shows what was found; an empty cell is a gap in that, not proof of "
            f"a gap in research. {_how_read(studies['read'])}.",
            numbers={"studies": float(len(studies)), "full_text": float(in_full)},
            studies=tuple(studies["label"]),
            reference=references.HERE,
        ),
    )


def _how_read(read: pd.Series[str]) -> str:
    """How many papers were read in full, and how the others are known."""
    of = f"Of {numbers.count(len(read))} {'study' if len(read) == 1 else 'studies'}"
    in_full = int((read == "full_text").sum())
    if in_full == len(read):
        return f"{of}, {'it was' if in_full == 1 else 'all were'} read in full"
    known = [words for kind, words in _READ_AS.items() if (read == kind).any()]
    how = known[0] if len(known) == 1 else f"{', '.join(known[:-1])} or {known[-1]}"
    told = f"{of}, {in_full or 'none'} {'was' if in_full < 2 else 'were'} read in full"
    return f"{told}; the others {how}" if in_full else f"{told}, but {how}"


def audit_caveats(audit: pd.DataFrame) -> tuple[Caveat, ...]:
    """C31: a verdict is about a statement, not about the treatment."""
    unchecked = int((audit["verdict"] == "not verifiable").sum())
    return (
        Caveat(
            code="C31",
            domain="reporting",
            severity="high",
            title="verdicts on statements, not on the treatment",
            sentence=f"A verdict is about what could be checked here, not about whether the "
            f"treatment helps: {unchecked} of {len(audit)} statements could not be checked, which "
            "does not make them wrong.",
            numbers={"unchecked": float(unchecked), "claims": float(len(audit))},
            studies=(),
            reference=references.HERE,
        ),
    )


def funnel_caveats(studies: int, outcomes: tuple[str, ...] = ()) -> tuple[Caveat, ...]:
    """C38: what the shape of a funnel cannot tell, and with few studies that it tells nothing.

    Parameters
    ----------
    studies
        How many studies there are.
    outcomes
        The outcome they are about, if it has a name.
    """
    asymmetry = Caveat(
        code="C38",
        domain="publication bias",
        severity="high",
        title="asymmetry is not publication bias",
        sentence="A lopsided funnel is not publication bias: small studies can also differ in "
        "quality, in the people they treat, in how the measure behaves, or by chance; and an even "
        "funnel does not rule it out.",
        numbers={},
        studies=(),
        reference=references.STERNE,
        outcomes=outcomes,
    )
    few = CUSTOMARY.few_studies
    if studies >= few:
        return (asymmetry,)
    what = "one study" if studies == 1 else f"{numbers.word(studies)} studies"
    return (
        Caveat(
            code="C38",
            domain="publication bias",
            severity="high",
            title="too few studies to read a funnel",
            sentence=f"With {what}, fewer than {numbers.word(int(few))}, nothing can be read from "
            "the shape of this funnel: chance alone makes so few look lopsided or even.",
            numbers={"studies": float(studies), "few_studies": few},
            studies=(),
            reference=references.STERNE,
            rule_of_thumb=True,
            outcomes=outcomes,
        ),
        asymmetry,
    )

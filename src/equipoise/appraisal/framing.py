"""Caveats of figures that show no single outcome: benchmarks, the evidence map, the claims."""

from __future__ import annotations

import pandas as pd

from equipoise.appraisal.caveat import Caveat
from equipoise.display import numbers

_READ_AS = {
    "abstract": "as abstracts",
    "excerpt": "in excerpts",
    "not_read": "through other people's accounts",
}
_HERE = "a promise of this package: a number says how it was come by"


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
            reference="Guyatt 2011, GRADE guidelines 8, doi:10.1016/j.jclinepi.2011.04.014",
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
            reference=_HERE,
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
            reference=_HERE,
        ),
    )

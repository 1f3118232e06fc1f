"""Caveats of figures that show no single outcome: benchmarks, the evidence map, the claims."""

from __future__ import annotations

import pandas as pd

from equipoise.appraisal.caveat import Caveat
from equipoise.display import numbers

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
            sentence=f"The map shows what was found; an empty cell is a gap in that, not proof of "
            f"a gap in research. Of {numbers.count(len(studies))} studies, {in_full or 'none'} "
            f"{'was' if in_full < 2 else 'were'} read in full; the others as abstracts, excerpts "
            "or other people's accounts.",
            numbers={"studies": float(len(studies)), "full_text": float(in_full)},
            studies=tuple(studies["label"]),
            reference=_HERE,
        ),
    )


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

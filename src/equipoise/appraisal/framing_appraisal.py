"""Caveats of the figures of how the evidence was found and judged, and which way it points."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.appraisal import references
from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.effect_directions import EffectDirections
from equipoise.display import numbers


def bias_caveats(
    *, judged: int, proposed: int = 0, against: Sequence[str] = (), unjudged: Sequence[str] = ()
) -> tuple[Caveat, ...]:
    """C40 and C41: a judgement is a person's, and no judgement is not a good one.

    Parameters
    ----------
    judged
        How many results somebody judged.
    proposed
        How many overall judgements only follow from a tool's rule.
    against
        Labels of the results whose overall judgement differs from what the rule proposes.
    unjudged
        Labels of the studies that nobody judged.
    """
    if not judged:
        return (_nobody(unjudged),)
    more = []
    if proposed:
        more.append(f"{numbers.count(proposed)} of {numbers.count(judged)} overall judgements only "
                    "follow from the tool's rule: nobody has decided them yet.")  # fmt: skip
    if against:
        more.append(f"The overall judgement of {numbers.listing(list(against))} differs from what "
                    "the tool's rule proposes.")  # fmt: skip
    made = Caveat(
        code="C40",
        domain="risk of bias",
        severity="high",
        title="judgements, not measurements",
        sentence=" ".join([
            "Risk of bias is what people judged from what was reported: it tells neither which way "
            "a result is off nor by how much.", *more]),
        numbers={"judged": float(judged), "proposed": float(proposed)},
        studies=tuple(dict.fromkeys(against)),
        reference=references.HANDBOOK_7,
    )  # fmt: skip
    return (made, _nobody(unjudged)) if unjudged else (made,)


def _nobody(unjudged: Sequence[str]) -> Caveat:
    """C41: what nobody judged may be at any risk."""
    those = numbers.listing(list(unjudged)) or "these studies"
    return Caveat(
        code="C41",
        domain="risk of bias",
        severity="high",
        title="not judged is not low",
        sentence=f"Nobody has judged the risk of bias of {those}: it may be high.",
        numbers={"unjudged": float(len(unjudged))},
        studies=tuple(unjudged),
        reference=references.HERE,
    )


def flow_caveats(mismatches: Sequence[str], *, recorded: bool) -> tuple[Caveat, ...]:
    """C42 and C43: what does not add up, and that a selection was not recorded at all.

    Parameters
    ----------
    mismatches
        From `equipoise.evidence.screening.mismatches`.
    recorded
        Whether there is any number.
    """
    if not recorded:
        missed = (
            "Without a record of what was found and left out, nobody can tell which studies a "
            "search missed."
        )
        return (_of_the_flow("C43", "no record of the selection", missed, 0),)
    if not mismatches:
        return ()
    told = numbers.upper_first("; ".join(sentence.rstrip(".") for sentence in mismatches))
    return (_of_the_flow("C42", "boxes that do not add up", f"{told}.", len(mismatches)),)


def _of_the_flow(code: str, title: str, sentence: str, count: int) -> Caveat:
    return Caveat(
        code=code, domain="reporting", severity="high", title=title, sentence=sentence,
        numbers={"mismatches": float(count)}, studies=(), reference=references.PRISMA,
    )  # fmt: skip


def direction_caveats(directions: EffectDirections) -> tuple[Caveat, ...]:
    """C44: what directions cannot show."""
    return (
        Caveat(
            code="C44",
            domain="reporting",
            severity="high",
            title="directions, not effects",
            sentence=" ".join(directions.limits),
            numbers={"cells": float(len(directions.cells))},
            studies=(),
            reference=references.BOON,
        ),
    )

"""The caveat of the flow diagram: which of its boxes do not add up."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.appraisal.caveat import Caveat
from equipoise.display.numbers import upper_first

_REFERENCE = "Page 2021, PRISMA 2020, item 16a, doi:10.1136/bmj.n71"


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
        return (
            _caveat("C43", "no record of the selection", "Without a record of what was found and "
                    "left out, nobody can tell which studies a search missed.", 0),
        )  # fmt: skip
    if not mismatches:
        return ()
    told = "; ".join(sentence.rstrip(".") for sentence in mismatches)
    return (_caveat("C42", "boxes that do not add up", f"{upper_first(told)}.", len(mismatches)),)


def _caveat(code: str, title: str, sentence: str, count: int) -> Caveat:
    return Caveat(
        code=code, domain="reporting", severity="high", title=title, sentence=sentence,
        numbers={"mismatches": float(count)}, studies=(), reference=_REFERENCE,
    )  # fmt: skip

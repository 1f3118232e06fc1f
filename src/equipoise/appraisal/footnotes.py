"""Why certainty is what it is, in sentences: a note for each domain that lowers or raises it."""

from __future__ import annotations

from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.certainty import Certainty
from equipoise.appraisal.pooling import PLANNED_RISK
from equipoise.appraisal.risk_of_bias import NOT_JUDGED
from equipoise.appraisal.summary import Summary
from equipoise.display import numbers

_BY_HOW_MUCH = {
    1: "one level down", 2: "two levels down", 3: "three levels down",
    -1: "one level up", -2: "two levels up", 0: "left as it is",
}  # fmt: skip
_IN_FULL = "nobody judged it with a tool"


def footnotes(summary: Summary) -> tuple[str, ...]:
    """Return one note a domain, and one that says which starting risk absolute numbers rest on.

    Parameters
    ----------
    summary
        What is known about an outcome.

    Returns
    -------
    tuple of str
        Empty where nothing is reported.
    """
    certainty, risks = summary.certainty, summary.risks
    if certainty is None:
        return ()
    notes = [
        f"{numbers.upper_first(domain)}, {_BY_HOW_MUCH[levels]}: {_why(summary, domain, why)}"
        for domain, levels, why in certainty.reasons
    ]
    if certainty.judged_by:
        notes.insert(0, _judged(certainty))
    if risks and risks.without_is:
        # The plan does not tell of what time its risk is, so nobody can see that the two agree.
        planned = risks.without_is.startswith(PLANNED_RISK)
        other = ", which may be of another time than the effect" if planned else ""
        notes.append(f"People without the treatment: {risks.without_is}{other}.")
    return tuple(notes)


def _judged(certainty: Certainty) -> str:
    """A person's word, and the suggestion where it differs."""
    differs = certainty.level != certainty.suggested
    suggested = f" The data suggest {certainty.suggested} certainty." if differs else ""
    reason = certainty.judgement.rstrip(".")
    return f"Judged by {certainty.judged_by}: {reason}.{suggested}"


def _why(summary: Summary, domain: str, why: tuple[str, ...]) -> str:
    sentences = [
        sentence
        for reason in why
        for sentence in (
            _told(summary, domain, reason) or [f"{reason.replace(NOT_JUDGED, _IN_FULL)}."]
        )
    ]
    return " ".join(dict.fromkeys(sentences))


def _told(summary: Summary, domain: str, code: str) -> list[str]:
    """The sentences of the caveats that bear on what the certainty is about."""
    return [
        f"{caveat.sentence.rstrip('.')} ({caveat.code})."
        for caveat in summary.caveats
        if caveat.code == code and caveat.domain == domain and caveat.lowers
        if _is_about(caveat, summary)
    ]


def _is_about(caveat: Caveat, summary: Summary) -> bool:
    if summary.together is not None or summary.leading is None:
        return True
    return str(summary.leading["label"]) in caveat.studies

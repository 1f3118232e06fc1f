"""The audit for programs that read fact checks: schema.org ClaimReview."""

from __future__ import annotations

import math
import re

import pandas as pd

from equipoise.appraisal.claims import audit_claims
from equipoise.appraisal.verdicts import BEST_RATING, VERDICTS, WORST_RATING
from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.evidence.base import Evidence
from equipoise.evidence.columns import NOT_REPORTED
from equipoise.evidence.records import Record, records

CONTRIBUTORS = "the equipoise contributors"
_NEEDED = ("claim_id", "source_id", "claim", "recomputed", "verdict", "reason",
           "evidence_source_id", "could_say")  # fmt: skip
_NO_JUDGEMENT = "This is no judgement of whether it is true."


def claim_reviews(
    evidence: Evidence,
    audit: pd.DataFrame | None = None,
    *,
    publisher: str = CONTRIBUTORS,
    url: str = "",
) -> list[dict[str, object]]:
    """Return the audit of the claims as ClaimReview, ready for JSON-LD.

    The verdict is `reviewRating.alternateName`, the reason `ratingExplanation`; `ratingValue` runs
    from 1 to 4 (see `equipoise.appraisal.verdicts`) and is left out where a verdict is no judgement
    of truth. What was recomputed and what could have been said is the `reviewBody`, where it was
    read `isBasedOn`. Who made a claim is not coded, so that `itemReviewed` has no `author`: the
    document it appears in is named instead.

    Parameters
    ----------
    evidence
        An evidence base.
    audit
        Its claims as `audit_claims` gives them, or some of them; by default all.
    publisher
        Who publishes the reviews.
    url
        Where they are shown. Each review gets it with its claim_id behind `#`. Google asks for it.

    Returns
    -------
    list of dict
        One ClaimReview a claim, in the order of the audit.

    Raises
    ------
    UsageError
        If the audit lacks a column or is not of this evidence base, if nobody publishes, or if the
        url is not a web address.

    References
    ----------
    https://schema.org/ClaimReview, https://schema.org/Claim, https://schema.org/Rating;
    https://developers.google.com/search/docs/appearance/structured-data/factcheck.
    """
    frame = audit_claims(evidence) if audit is None else audit
    sources = {row["source_id"]: row for row in evidence.records["sources"]}
    _check(frame, sources, publisher, url)
    return [
        {
            "@context": "https://schema.org",
            "@type": "ClaimReview",
            **({"url": f"{url.partition('#')[0]}#{row['claim_id']}"} if url else {}),
            "datePublished": evidence.review.updated,
            "author": {"@type": "Organization", "name": publisher},
            "claimReviewed": row["claim"],
            "itemReviewed": _claim(row, sources[row["source_id"]]),
            "reviewRating": _rating(row),
            "reviewBody": _body(row),
            **_based_on(row, sources),
        }
        for row in records(frame)
    ]


def _check(frame: pd.DataFrame, sources: dict[str, Record], publisher: str, url: str) -> None:
    fix = "Fix: pass what audit_claims gives for this evidence base."
    missing = [name for name in _NEEDED if name not in frame]
    if missing:
        raise UsageError(f"The audit has no column {numbers.listing(missing)}. {fix}")
    unknown = sorted(set(frame["source_id"]) - set(sources))
    unknown += sorted(set(frame["verdict"]) - set(VERDICTS))
    if unknown:
        raise UsageError(f"The audit holds {numbers.listing(unknown)}, known to nobody here. {fix}")
    if not publisher.strip():
        raise UsageError("The publisher has no name. Fix: say who publishes the reviews.")
    if url and not re.fullmatch(r"https?://\S+", url):
        raise UsageError(f"{url!r} is not a web address. Fix: begin it with https://.")


def _claim(row: Record, source: Record) -> dict[str, object]:
    """The claim, and the document it appears in."""
    return {
        "@type": "Claim",
        "text": row["claim"],
        **_date(source),
        "appearance": _document(source),
    }


def _document(source: Record) -> dict[str, object]:
    url = source["url"] if source["url"] not in ("", NOT_REPORTED) else ""
    return {
        "@type": "CreativeWork",
        "name": source["citation"],
        **({"url": url} if url else {}),
        **_date(source),
    }


def _date(source: Record) -> dict[str, str]:
    """The year of publication, which is a date for ISO 8601; nothing where it is not known."""
    year = source["year"]
    return {} if math.isnan(year) else {"datePublished": f"{year:.0f}"}


def _rating(row: Record) -> dict[str, object]:
    verdict = VERDICTS[row["verdict"]]
    scale = {
        "ratingValue": verdict.rating,
        "bestRating": BEST_RATING,
        "worstRating": WORST_RATING,
    }
    rated = verdict.rating is not None
    return {
        "@type": "Rating",
        "alternateName": row["verdict"],
        **(scale if rated else {}),
        "ratingExplanation": row["reason"] if rated else f"{row['reason']} {_NO_JUDGEMENT}",
    }


def _body(row: Record) -> str:
    found = f"What the evidence gives: {row['recomputed']}. " if row["recomputed"] else ""
    return f"{found}What could be said instead: {row['could_say']}"


def _based_on(row: Record, sources: dict[str, Record]) -> dict[str, object]:
    read = [sources[name] for name in row["evidence_source_id"].split("; ") if name]
    return {"isBasedOn": [_document(source) for source in read]} if read else {}

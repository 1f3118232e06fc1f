"""The audited claims as text for a terminal and as JSON-LD for programs."""

from __future__ import annotations

import json

import pandas as pd

from equipoise.appraisal.claim_reviews import claim_reviews
from equipoise.appraisal.framing import audit_caveats
from equipoise.appraisal.verdicts import VERDICTS
from equipoise.evidence.base import Evidence
from equipoise.evidence.records import records

_UNSAFE = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def claims_text(audit: pd.DataFrame) -> str:
    """Return every claim with its verdict, the number, the reason and what could be said.

    How many got which verdict, and what a verdict cannot show, stand at the end.
    """
    lines = []
    for row in records(audit):
        stated = f" ({row['stated']})" if row["stated"] else ""
        lines += [
            f"{row['claim_id']}: {row['verdict'].upper()}",
            f"  said:   {row['claim']}{stated}",
        ]
        if row["recomputed"]:
            read = "; ".join(filter(None, (row["studies"], row["evidence_source_id"])))
            lines.append(f"  found:  {row['recomputed']} [{read}]")
        lines += [f"  why:    {row['reason']}", f"  better: {row['could_say']}", ""]
    counts = audit["verdict"].value_counts()
    lines += [
        f"{counts[name]:4} {name}: {v.meaning}" for name, v in VERDICTS.items() if name in counts
    ]
    return "\n".join([*lines, "", *map(str, audit_caveats(audit))])


def claims_jsonld(evidence: Evidence, audit: pd.DataFrame) -> str:
    """Return the audit as an array of ClaimReview.

    Marks of HTML are escaped, so that it can stand inside a `script` element as it is, and nothing
    in a claim can end that element.
    """
    text = json.dumps(claim_reviews(evidence, audit), indent=1, ensure_ascii=False, allow_nan=False)
    return text.translate(_UNSAFE)

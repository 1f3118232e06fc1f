"""Claims with a number: a percentage of people, or by how much less often something happened."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from equipoise.appraisal.claim_direction import direction
from equipoise.appraisal.claim_finding import (
    ABOUT,
    Finding,
    Range,
    claimed_range,
    claims_cause,
    found,
    not_wrong,
    shares,
    weaknesses,
)
from equipoise.appraisal.claim_known import Known
from equipoise.appraisal.facts import DESIGN_NAMES, design_of
from equipoise.display import numbers
from equipoise.evidence.records import Record

_TOLERANCE = 1e-9
_WHOLE_PERCENT = 0.5
"""Reductions come from rates that are rounded themselves: decimals are not held against a claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A claimed number and what it is held against, both in percent."""

    known: Known
    claim: Record
    claimed: Range
    rows: Sequence[Record]
    reported: Callable[[Record], Range]
    interval: Callable[[Record], Range]

    def nearest(self) -> Record:
        """Return the row that comes nearest to bearing the claim; the strongest design of equals.

        Rows of a cited study come in the order of the base, so the design decides here.
        """
        designs = list(DESIGN_NAMES)
        return min(
            self.rows,
            key=lambda row: (
                _gap(self.claimed, self.reported(row)),
                designs.index(design_of(row)),
            ),
        )

    def place(self) -> str:
        """Return where the claim lies: within a reported range, above or below all, or between."""
        reported = [self.reported(row) for row in self.rows]
        if any(_fits(self.claimed, one) for one in reported):
            return "within"
        if all(self.claimed[0] >= most - _TOLERANCE for _, most in reported):
            return "above"
        below = all(self.claimed[1] <= least + _TOLERANCE for least, _ in reported)
        return "below" if below else "between"

    def is_left_open(self) -> bool:
        """Whether the claim cites no study and a confidence interval does not rule it out."""
        return not self.known.studies_of(self.claim["cited_source_id"]) and any(
            row["interval"] in ("confidence", "reported")
            and _fits(self.claimed, self.interval(row))
            for row in self.rows
        )


def judge_reduction(known: Known, claim: Record, rows: Sequence[Record], value: str) -> Finding:
    """Compare a relative reduction with 1 − RR."""
    ratios = [row for row in rows if row["measure"] == "RR" and not math.isnan(row["estimate"])]
    if not ratios:
        return _no_ratio(known, claim, rows[0])
    held = _Held(
        known=known,
        claim=claim,
        claimed=claimed_range(claim, value, least=_WHOLE_PERCENT),
        rows=ratios,
        reported=_reduction,
        interval=_reduction_interval,
    )
    row = held.nearest()
    if held.claimed[1] > 0 and all(ratio["low"] > 1 for ratio in ratios):
        reason = f"In {row['label']} there were more, not fewer."
        return _finding(held, _reduction_text(row), "contradicted", reason)
    place = held.place()
    if place in ("within", "between") or (place == "below" and held.is_left_open()):
        return _in_reach(held, _reduction_text(row), place)
    modest = place == "below" and held.claimed[0] > 0
    verdict = "overstated value" if place == "above" else "contradicted"
    reason = f"{_reach(held, row, place)} {_misread(held, row)}".strip()
    if modest:
        return _modest(held, row, f"The evidence gives more. {reason}")
    return _finding(held, _reduction_text(row), verdict, reason)


def judge_percent(known: Known, claim: Record, rows: Sequence[Record], value: str) -> Finding:
    """Compare a percentage of people with the reported one, of the study that fits it best."""
    held = _Held(
        known=known,
        claim=claim,
        claimed=claimed_range(claim, value),
        rows=rows,
        reported=_percent,
        interval=_percent_interval,
    )
    row, place = held.nearest(), held.place()
    if claims_cause(claim) and row["design"] == "rct" and row["comparator"]:
        against = _against_its_cause(known, claim, row)
        if against is not None:
            return against
    if place == "within" and row["basis"] != "counts" and not claims_cause(claim):
        return _finding(held, shares(row), "not verifiable", "")
    above = place == "above"
    good = known.evidence.outcome(claim["outcome_id"])["better"] == "higher"
    # A claim goes too far with more of a good outcome, less of a bad one, or more of a harm.
    too_far = above if claim["kind"] == "safety" else above == good
    if place in ("within", "between") or (not too_far and held.is_left_open()):
        return _in_reach(held, shares(row), place)
    verdict = "overstated value" if too_far else "contradicted"
    reason = f"What was reported is {'less' if above else 'more'}."
    return _finding(held, shares(row), verdict, reason)


def _against_its_cause(known: Known, claim: Record, share_of: Record) -> Finding | None:
    """A share that the treatment is said to cause must differ from that of the other group.

    None if the two groups differ the way the claim says, by more than chance.
    """
    rows = [
        row for row in known.rows(claim["outcome_id"], "RR")
        if (row["study_id"], row["timepoint"]) == (share_of["study_id"], share_of["timepoint"])
    ]  # fmt: skip
    good = known.evidence.outcome(claim["outcome_id"])["better"] == "higher"
    claimed = 1 if good != (claim["kind"] == "safety") else -1
    directions = {direction(row) for row in rows}
    left_out = weaknesses(known.evidence, claim, share_of)
    if directions == {claimed}:
        return None
    if directions == {-claimed}:
        reason = f"Between the groups it points the other way. {left_out}"
        return found(shares(share_of), "contradicted", reason, share_of)
    reason = f"Whether the groups differ is left open. {left_out}"
    return found(shares(share_of), "not verifiable", reason, share_of)


def claimed_count(claim: Record, value: str, found_here: int) -> str:
    """Return where a claimed number of things lies to the number found: within, above or below."""
    claimed = claimed_range(claim, value)
    if _fits(claimed, (float(found_here), float(found_here))):
        return "within"
    return "above" if claimed[0] >= found_here else "below"


def _in_reach(held: _Held, recomputed: str, place: str) -> Finding:
    """The number is reported, or lies between those that are, or chance leaves it open."""
    if place == "within":
        right = not_wrong(held.known.evidence, held.claim, held.nearest(), recomputed)
        return _without_the_other_rate(held, right)
    if place == "between":
        verdict = held.known.verdict_on_silence(held.claim)
        reason = "No number found equals it; some are larger and some smaller."
        return _finding(held, recomputed, verdict, reason)
    reason = "No study gives this number, though chance does not rule it out."
    return _finding(held, recomputed, "not verifiable", reason)


def _without_the_other_rate(held: _Held, right: Finding) -> Finding:
    """A share of one group of two says nothing of the treatment without that of the other."""
    row = held.nearest()
    if (
        held.claim["measure"] != "percent"
        or not row["comparator"]
        or "accurate" not in right.verdict
    ):
        return right
    against = numbers.lower_first(row["comparator"])
    silent = f"The rate with {against} is left out."
    reason = silent if right.verdict == "accurate" else f"{silent} {right.reason}"
    return found(right.recomputed, "accurate but incomplete", reason, row)


def _modest(held: _Held, row: Record, reason: str) -> Finding:
    """Less than was found, on the same side of no difference: right so far as it goes."""
    rest = not_wrong(held.known.evidence, held.claim, row, "")
    if rest.verdict in ("overstated cause", "wrong population or time"):
        return found(_reduction_text(row), rest.verdict, f"{reason} {rest.reason}", row)
    return _finding(held, _reduction_text(row), "accurate but incomplete", reason)


def _finding(held: _Held, recomputed: str, verdict: str, reason: str) -> Finding:
    left_out = weaknesses(held.known.evidence, held.claim, held.nearest())
    return found(recomputed, verdict, f"{reason} {left_out}", held.nearest())


def _reach(held: _Held, row: Record, place: str) -> str:
    """Say how far the evidence goes; the nearest row is the outermost of those on one side."""
    least, most = _reduction(row)
    percent = f"{numbers.plain(most if place == 'above' else least, 1)}%"
    if row["interval"] == "rounding":
        reach = f"{percent} at most" if place == "above" else f"no less than {percent}"
        return f"The reported rates allow {reach}."
    if len(held.rows) == 1:
        return f"{row['label']} gives {percent}."
    return f"The {'most' if place == 'above' else 'least'} that any study gives is {percent}."


def _misread(held: _Held, row: Record) -> str:
    """Say that the number is a share of the treated, for which a reduction is easily taken."""
    events, n, percent = (row[f"{name}_treatment"] for name in ("events", "n", "percent"))
    without = 100 - (100 * events / n if n > 0 and events >= 0 else percent)
    if not _fits(held.claimed, (without, without)):
        return ""
    share = f"{numbers.plain(without, 0)}%"
    return f"{share} is the share of the treated who did without it, which is not a reduction."


def _fits(claimed: Range, reported: Range) -> bool:
    """Whether one number can be both; ranges that only touch have none in common.

    An exact number may be the end of what a claim stands for, unless it says more or less than.
    """
    (low, high), (least, most) = claimed, reported
    if most - least > _TOLERANCE:
        return min(high, most) - max(low, least) > _TOLERANCE
    above = least - low > (_TOLERANCE if math.isinf(high) else -_TOLERANCE)
    return above and high - most > (_TOLERANCE if math.isinf(low) else -_TOLERANCE)


def _gap(one: Range, other: Range) -> float:
    return max(one[0] - other[1], other[0] - one[1], 0.0)


def _reduction(row: Record) -> Range:
    """Percent fewer: what rounding allows, else the number itself."""
    if row["interval"] == "rounding":
        return _reduction_interval(row)
    exact = 100 * (1 - row["estimate"])
    return exact, exact


def _reduction_interval(row: Record) -> Range:
    return 100 * (1 - row["high"]), 100 * (1 - row["low"])


def _reduction_text(row: Record) -> str:
    """`46% less (44 to 48 by rounding), 18 percentage points (17 to 19)`.

    More is told as more: `100% more (93 to 108 by rounding), 20 percentage points more`.
    """
    sign = 1 if row["estimate"] > 1 else -1
    word = "more" if sign > 0 else "less"
    text = f"{numbers.plain(sign * 100 * (row['estimate'] - 1), 0)}% {word}"
    if row["interval"] != "none":
        low, high = sorted(sign * 100 * (row[end] - 1) for end in ("low", "high"))
        told = numbers.interval(low, high, 0)
        level = 0.95 if math.isnan(row["ci_level"]) else row["ci_level"]
        name = numbers.interval_name(row["interval"], level)
        text += f" ({told} by rounding)" if row["interval"] == "rounding" else f" ({told}, {name})"
    if not math.isnan(row["risk_difference"]):
        text += f", {numbers.plain(sign * 100 * row['risk_difference'], 0)} percentage points"
        text += f" {word}" if sign > 0 else ""
        low, high = sorted(sign * 100 * row[end] for end in ("rd_low", "rd_high"))
        told = numbers.interval(low, high, 0)
        text += f" ({told})" if told != numbers.MISSING else ""
    return text


def _no_ratio(known: Known, claim: Record, row: Record) -> Finding:
    if row["comparator"]:
        return found("", "not verifiable", f"No ratio follows from it: {row['reason']}.", row)
    reason = f"{row['label']} has no number of people who were compared, so nothing is reduced."
    verdict = "overstated cause" if claims_cause(claim) else known.verdict_on_silence(claim)
    return found(shares(row), verdict, reason, row)


def _percent(row: Record) -> Range:
    """Percent of the treated: what rounding, or a word like more than, allows; else the number."""
    share, places = 100 * row["estimate"], row["decimals_treatment"]
    if row["relation_treatment"] == "more_than":
        return share, 100.0
    if row["relation_treatment"] == "less_than":
        return 0.0, share
    if row["basis"] == "counts" or math.isnan(places):
        return share, share
    reach = ABOUT if row["relation_treatment"] == "about" else 0.5 * 10.0**-places
    return share - reach, share + reach


def _percent_interval(row: Record) -> Range:
    return 100 * row["low"], 100 * row["high"]

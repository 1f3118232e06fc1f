"""The three checks of a claim: its percentage, its relative reduction, or only its direction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from equipoise.appraisal.claim_finding import (
    ABOUT,
    Finding,
    claimed_range,
    claims_cause,
    found,
    said_of_others,
    unread_account,
    weaknesses,
)
from equipoise.appraisal.facts import design_name, design_of
from equipoise.appraisal.triggers import has_numbers
from equipoise.appraisal.wording import share
from equipoise.display import numbers
from equipoise.effects.estimates import estimates
from equipoise.evidence.base import Evidence
from equipoise.evidence.records import Record, records

Range = tuple[float, float]

_TOLERANCE = 1e-9
_BETWEEN = "No number found equals it; some are larger and some smaller."


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Where claims are looked up; each outcome is compared, and each measure computed, once."""

    evidence: Evidence
    _tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    _rows: dict[tuple[str, str], tuple[Record, ...]] = field(default_factory=dict)

    def rows(self, outcome: str, measure: str) -> tuple[Record, ...]:
        """Return the comparisons of an outcome with their estimates."""
        if outcome not in self._tables:
            self._tables[outcome] = self.evidence.comparison(outcome)
        if (outcome, measure) not in self._rows:
            frame = estimates(self._tables[outcome], measure)
            self._rows[outcome, measure] = tuple(records(frame))
        return self._rows[outcome, measure]

    def measures(self, outcome: str) -> tuple[str, ...]:
        """Return the measures that show a direction: the planned one, then changes in people."""
        planned = self.evidence.analysis(outcome).measure
        binary = self.evidence.outcome(outcome)["kind"] == "binary"
        return (planned,) if binary else tuple(dict.fromkeys((planned, "MC")))

    def studies_of(self, source: str) -> set[str]:
        """Return the studies whose own paper a document is."""
        studies = self.evidence.tables["studies"]
        return set(studies.loc[studies["source_id"] == source, "study_id"]) if source else set()

    def is_unread(self, source: str) -> bool:
        """Whether a document is known and was not read."""
        sources = self.evidence.tables["sources"]
        return bool((sources.loc[sources["source_id"] == source, "read"] == "not_read").any())


def judge_reduction(known: Known, claim: Record, rows: Sequence[Record], value: str) -> Finding:
    """Compare a relative reduction with 1 − RR, of the study that comes nearest to bearing it."""
    ratios = [row for row in rows if row["measure"] == "RR" and not math.isnan(row["estimate"])]
    if not ratios:
        return _no_ratio(known, claim, rows[0])
    claimed = claimed_range(claim, value)
    row = min(ratios, key=lambda row: _gap(claimed, _reduction(row)))
    recomputed, left_out = _reduction_text(row), weaknesses(known.evidence, claim, row)
    if claimed[1] > 0 and all(ratio["low"] > 1 for ratio in ratios):
        reason = f"In {row['label']} there were more, not fewer. {left_out}"
        return found(recomputed, "contradicted", reason, row)
    place = _place(claimed, [_reduction(ratio) for ratio in ratios])
    if place == "between":
        return found(recomputed, _absent(known, claim), f"{_BETWEEN} {left_out}", row)
    if place == "within":
        return _not_wrong(known, claim, row, recomputed)
    # The nearest row is then the outermost one, which makes it the most or the least of all rows.
    verdict, which, end = {
        "above": ("overstated value", "most", _reached(row, "low")),
        "below": ("contradicted", "least", _reached(row, "high")),
    }[place]
    extreme = f"the {which}{' that any study gives' if len(ratios) > 1 else ''} is"
    by = _by_whose_rates(known.evidence, row)
    reason = numbers.upper_first(f"{by}{extreme} {numbers.plain(end, 1)}%. {left_out}")
    return found(recomputed, verdict, reason, row)


def _by_whose_rates(evidence: Evidence, row: Record) -> str:
    """Say what the extreme rests on: an account of an unread paper, or rates as printed."""
    account = unread_account(evidence, row)
    if account:
        return f"by the rates {account} {'give' if ' and ' in account else 'gives'}, "
    return "by the reported rates, " if row["interval"] == "rounding" else ""


def _place(claimed: Range, reported: Sequence[Range]) -> str:
    """Where a claim lies: within one of the reported ranges, above or below all, or between."""
    if any(_gap(claimed, one) <= _TOLERANCE for one in reported):
        return "within"
    if all(claimed[0] > top for _, top in reported):
        return "above"
    return "below" if all(claimed[1] < bottom for bottom, _ in reported) else "between"


def _absent(known: Known, claim: Record) -> str:
    """The verdict on a number that nobody reports: only a document that was read can lack it."""
    cited = claim["cited_source_id"]
    return "not in source" if cited and not known.is_unread(cited) else "not verifiable"


def _reduction(row: Record) -> Range:
    """Percent fewer: what rounding allows, else the number itself to a whole percent."""
    if row["interval"] == "rounding":
        return 100 * (1 - row["high"]), 100 * (1 - row["low"])
    exact = 100 * (1 - row["estimate"])
    return exact - 0.5, exact + 0.5


def _reached(row: Record, end: str) -> float:
    """Percent fewer at the low or high end of the ratio that rounding allows, else as reported."""
    return float(100 * (1 - row[end if row["interval"] == "rounding" else "estimate"]))


def _reduction_text(row: Record) -> str:
    text = f"{numbers.plain(100 * (1 - row['estimate']), 0)}% less"
    if row["interval"] != "none":
        ends = numbers.interval(100 * (1 - row["high"]), 100 * (1 - row["low"]), 0)
        level = 0.95 if math.isnan(row["ci_level"]) else row["ci_level"]
        name = numbers.interval_name(row["interval"], level)
        text += f" ({ends} by rounding)" if row["interval"] == "rounding" else f" ({ends}, {name})"
    if not math.isnan(row["risk_difference"]):
        text += f", {numbers.plain(-100 * row['risk_difference'], 0)} points"
    return text


def _no_ratio(known: Known, claim: Record, row: Record) -> Finding:
    if row["comparator"]:
        return found("", "not verifiable", f"No ratio follows from it: {row['reason']}.", row)
    reason = f"{row['label']} has no number of anybody who was compared, so nothing is reduced."
    verdict = "overstated cause" if claims_cause(claim) else _absent(known, claim)
    return found(_share(row), verdict, reason, row)


def judge_percent(known: Known, claim: Record, rows: Sequence[Record], value: str) -> Finding:
    """Compare a percentage of people with the reported one, of the study that fits it best."""
    claimed = claimed_range(claim, value)
    row = min(rows, key=lambda row: _gap(claimed, _reported_range(row)))
    left_out, recomputed = weaknesses(known.evidence, claim, row), _share(row)
    place = _place(claimed, [_reported_range(other) for other in rows])
    if place == "between":
        return found(recomputed, _absent(known, claim), f"{_BETWEEN} {left_out}", row)
    if place != "within":
        above = place == "above"
        good = known.evidence.outcome(claim["outcome_id"])["better"] == "higher"
        # A claim goes too far with more of a good outcome, less of a bad one, or more of a harm.
        further = above if claim["kind"] == "safety" else above == good
        verdict = "overstated value" if further else "contradicted"
        return found(recomputed, verdict, f"The figure differs. {left_out}", row)
    if row["basis"] != "counts" and not claims_cause(claim):
        return found(recomputed, "not verifiable", left_out, row)
    return _not_wrong(known, claim, row, recomputed)


def _reported_range(row: Record) -> Range:
    share_, places = 100 * row["estimate"], row["decimals_treatment"]
    if row["relation_treatment"] == "more_than":
        return share_, 100.0
    if row["relation_treatment"] == "less_than":
        return 0.0, share_
    if row["basis"] == "counts" or math.isnan(places):
        return share_, share_
    reach = ABOUT if row["relation_treatment"] == "about" else 0.5 * 10.0**-places
    return share_ - reach, share_ + reach


def _gap(one: Range, other: Range) -> float:
    return max(one[0] - other[1], other[0] - one[1], 0.0)


def _share(row: Record) -> str:
    """`74% of an unreported number of people, nobody compared`."""
    if not row["comparator"]:
        return f"{share(row, 'treatment')}, nobody compared"
    if math.isnan(row["percent_control"]) and math.isnan(row["events_control"]):
        return f"{share(row, 'treatment')}, no number of those compared"
    against = numbers.lower_first(row["comparator"])
    return f"{share(row, 'treatment')} against {share(row, 'control')} ({against})"


def judge_direction(known: Known, claim: Record, rows: Sequence[Record]) -> Finding:
    """A claim without a number: whether the strongest design points the way it says."""
    reporting = [row for row in rows if has_numbers(row)]
    if claim["kind"] == "safety" and not claims_cause(claim):
        # That a harm can happen is shown by one that did.
        happened = next((row for row in reporting if _was_counted(row)), None)
        if happened is not None:
            left_out = weaknesses(known.evidence, claim, happened)
            reason = f"It was seen in {happened['label']}; how often is left out. {left_out}"
            return found(_share(happened), "accurate but incomplete", reason, happened)
    row = reporting[0]
    peers = [other for other in reporting if other["design"] == row["design"]]
    shown = _shown(known.evidence, claim, peers)
    rests = f"It rests on {numbers.with_article(design_name(design_of(row), row['directness']))}"
    left_out = f"{weaknesses(known.evidence, claim, row)} {_silent(rows)}".strip()
    if claims_cause(claim) and not _can_show_cause(row):
        return found(shown, "overstated cause", f"{rests}. {left_out}", row)
    better = known.evidence.outcome(claim["outcome_id"])["better"]
    # What is said of safety is said of a harm; everything else of a benefit.
    claimed = 1 if (better == "higher") != (claim["kind"] == "safety") else -1
    directions = {_direction(peer) for peer in peers}
    others = said_of_others(known.evidence, claim, row)
    if directions == {-claimed}:
        return found(shown, "contradicted", f"{rests}, which points the other way. {left_out}", row)
    if directions != {claimed}:
        bare = "" if row["measure"] == "PR" else ", which leaves the direction open"
        return found(shown, "not verifiable", f"{rests}{bare}. {left_out}", row)
    if others:
        return found(shown, "wrong population or time", f"{others} {left_out}", row)
    reason = f"{rests}; how much and how surely is left out. {left_out}"
    return found(shown, "accurate but incomplete", reason, row)


def _was_counted(row: Record) -> bool:
    """Whether at least one treated person had it."""
    share_ = row["percent_treatment"] > 0 and row["relation_treatment"] != "less_than"
    return bool(row["events_treatment"] > 0 or share_)


def _can_show_cause(row: Record) -> bool:
    """A trial can; so can a person's own change while treated, with no time for anything else."""
    at_once = math.isnan(row["weeks"]) and "weeks" not in row["not_reported"].split(", ")
    return row["design"] == "rct" or (row["design"] == "within_subject" and at_once)


def _direction(row: Record) -> int:
    """1 up, −1 down, 0 open. Two groups by their difference, which no coding of the event turns."""
    if row["measure"] == "MC" and row["interval"] == "none":
        return int(row["estimate"] > 0) - int(row["estimate"] < 0)
    if row["interval"] == "confidence" and not math.isnan(row["rd_low"]):
        return int(row["rd_low"] > 0) - int(row["rd_high"] < 0)
    if row["interval"] != "reported" or row["measure"] == "PR":
        return 0
    null = 1.0 if row["measure"] in ("RR", "OR", "HR") else 0.0
    return int(row["low"] > null) - int(row["high"] < null)


def _shown(evidence: Evidence, claim: Record, peers: Sequence[Record]) -> str:
    """The number of the first row, or how far the changes of several studies spread."""
    row, unit = peers[0], evidence.outcome(claim["outcome_id"])["unit"]
    if row["measure"] == "PR":
        return _share(row)
    if row["measure"] == "MC":
        changes = sorted({peer["estimate"] for peer in peers})
        ends = [numbers.signed(change) for change in (changes[0], changes[-1])]
        studies = len({peer["study_id"] for peer in peers})
        spread = " to ".join(dict.fromkeys(ends))
        return f"change of {spread} {unit} in {studies} {'study' if studies == 1 else 'studies'}"
    text = numbers.estimate(row["estimate"], row["low"], row["high"], row["measure"])
    p_value = numbers.p_value(row["p_value_fisher"])
    groups = f"{_share(row)}, " if row["basis"] == "counts" else ""
    return f"{groups}{row['measure']} {text}" + (f", {p_value}" if p_value else "")


def _silent(rows: Sequence[Record]) -> str:
    reporting = {row["study_id"] for row in rows if has_numbers(row)}
    silent = len({row["study_id"] for row in rows} - reporting)
    if not silent:
        return ""
    return f"{silent} more {'study gives' if silent == 1 else 'studies give'} no number."


def _not_wrong(known: Known, claim: Record, row: Record, recomputed: str) -> Finding:
    """Judge the rest of a statement whose number, if it has one, is right."""
    left_out = weaknesses(known.evidence, claim, row)
    others = said_of_others(known.evidence, claim, row)
    if claims_cause(claim) and row["design"] != "rct":
        return found(recomputed, "overstated cause", left_out, row)
    if others:
        return found(recomputed, "wrong population or time", f"{others} {left_out}", row)
    verdict = "accurate but incomplete" if left_out else "accurate"
    return found(recomputed, verdict, left_out or "The number is as reported.", row)

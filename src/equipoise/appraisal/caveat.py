"""What a caveat is, and what a rule that raises one is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from equipoise.appraisal.facts import Facts, Row, unused_numbers
from equipoise.display.numbers import upper_first
from equipoise.evidence.thresholds import Thresholds

Severity = Literal["block", "high", "medium", "info"]
SEVERITIES: tuple[Severity, ...] = ("block", "high", "medium", "info")

Domain = Literal[
    "risk of bias", "inconsistency", "indirectness", "imprecision", "publication bias", "reporting"
]

Slots = Mapping[str, float | str]
"""The numbers and words that fired a rule, which fill its sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caveat:
    """What the evidence for one analysis cannot show, and why.

    Attributes
    ----------
    code
        The rule's code, C01 and on.
    domain
        The GRADE domain it bears on, or `reporting`.
    severity
        `block` stops a calculation; `high`, `medium` and `info` follow.
    title
        The caveat in a few words.
    sentence
        The caveat as a plain sentence.
    numbers
        What fired the rule.
    studies
        The studies it is about.
    reference
        On whose authority.
    rule_of_thumb
        Whether its threshold is only customary.
    outcomes
        The outcomes it is about, by label.
    lowers
        By how many levels it lowers the suggested certainty within its domain.
    """

    code: str
    domain: Domain
    severity: Severity
    title: str
    sentence: str
    numbers: Slots
    studies: tuple[str, ...]
    reference: str
    rule_of_thumb: bool = False
    lowers: int = 0
    outcomes: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return code, severity and sentence."""
        return f"{self.code} ({self.severity}) {self.sentence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a caveat is raised, what it says, and on whose authority.

    `look` gets the facts of the analysis and the rows it should judge: one row at a time if
    `each` is "row", those of one study or one design at a time if "study" or "design", else all. If
    it is "pooled" it gets the pooled estimate alone, as a row, and nothing without one; if
    "result", that or else one row at a time. It returns the slots of the sentence, or None if the
    rule has nothing to say. A slot called `lowers` overrides the rule's own number of levels.

    Where several studies are to be told the same, `together` says it once, with `{which}` for them.

    The `condition` names thresholds in braces; `stated` fills them in.

    The caveat is about the studies that report a number; if `about` is "silent", those that report
    none; if it is "claims", no study at all.
    """

    code: str
    domain: Domain
    severity: Severity
    title: str
    condition: str
    sentence: str
    reference: str
    each: Literal["row", "study", "design", "analysis", "result", "pooled"]
    look: Callable[[Facts, tuple[Row, ...]], Slots | None]
    rule_of_thumb: bool = False
    lowers: int = 0
    together: str = ""
    about: Literal["reporting", "silent", "claims"] = "reporting"

    def stated(self, thresholds: Thresholds) -> str:
        """Return when it fires, under these thresholds."""
        return self.condition.format_map(asdict(thresholds))

    def caveat(self, facts: Facts, rows: tuple[Row, ...]) -> Caveat | None:
        """Return the caveat these rows raise, if any."""
        slots = self.look(facts, rows)
        if slots is None:
            return None
        return Caveat(
            code=self.code,
            domain=self.domain,
            severity=self.severity,
            title=self.title,
            sentence=upper_first(self.sentence.format_map(slots)),
            numbers={name: value for name, value in slots.items() if name != "lowers"},
            studies=self._studies(rows),
            reference=self.reference,
            rule_of_thumb=self.rule_of_thumb,
            lowers=int(slots.get("lowers", self.lowers)),
            outcomes=(str(facts.outcome["label"]),),
        )

    def _studies(self, rows: tuple[Row, ...]) -> tuple[str, ...]:
        if self.about == "claims":
            return ()
        if "studies" in rows[0]:  # the pooled estimate
            return tuple(rows[0]["studies"])
        reporting = {row["label"] for row in rows if row["basis"] != "not reported"}
        every = dict.fromkeys(str(row["label"]) for row in rows)
        if self.about == "silent":
            reporting |= {row["label"] for row in rows if unused_numbers(row)}
            return tuple(label for label in every if label not in reporting)
        return tuple(label for label in every if label in reporting or not reporting)

"""The SWiM checklist: what a review that does not pool has to report, and what this one says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from equipoise.appraisal.facts import designs_of
from equipoise.appraisal.summary import Summary, summarize_all
from equipoise.display import numbers
from equipoise.effects.measures import measure as measure_of
from equipoise.evidence.base import Evidence
from equipoise.evidence.records import records

if TYPE_CHECKING:
    from equipoise.appraisal.facts import Row

COLUMNS = ("item", "title", "to_report", "says", "source", "key")
NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of the checklist, in our words.

    Attributes
    ----------
    number
        As in the guideline; item 1 has two parts.
    title
        What it is about.
    to_report
        What a review reports under it.
    key
        The key of `[synthesis]` in review.toml that answers it; empty if the data do.
    """

    number: str
    title: str
    to_report: str
    key: str


ITEMS = (
    Item(
        number="1a",
        title="Grouping studies for synthesis",
        to_report="The groups in which studies are synthesised (by people, intervention, outcome "
        "or design), and why these.",
        key="grouping",
    ),
    Item(
        number="1b",
        title="Grouping studies for synthesis: changes",
        to_report="What was changed in the groups after the protocol, and why.",
        key="grouping_changes",
    ),
    Item(
        number="2",
        title="Standardised metric and transformations",
        to_report="The measure of each outcome, why it was chosen, and how results were turned "
        "into it.",
        key="metric",
    ),
    Item(
        number="3",
        title="Synthesis methods",
        to_report="How results of each outcome are synthesised where they are not pooled, and why "
        "so.",
        key="method",
    ),
    Item(
        number="4",
        title="Criteria to prioritise results",
        to_report="By what criteria (design, risk of bias, directness) some studies lead in the "
        "synthesis or its conclusions.",
        key="criteria_to_prioritise",
    ),
    Item(
        number="5",
        title="Investigation of heterogeneity",
        to_report="How differences between the results of studies are examined.",
        key="heterogeneity",
    ),
    Item(
        number="6",
        title="Certainty of evidence",
        to_report="How the certainty of the findings is assessed.",
        key="certainty",
    ),
    Item(
        number="7",
        title="Data presentation",
        to_report="Which tables and figures show the results, and what orders the studies in them.",
        key="presentation",
    ),
    Item(
        number="8",
        title="Reporting results",
        to_report="For each comparison and outcome, the finding, how certain it is, and the "
        "studies it rests on.",
        key="",
    ),
    Item(
        number="9",
        title="Limitations of the synthesis",
        to_report="What the methods and groups of the synthesis cannot show, and what that means "
        "for the conclusions.",
        key="limitations",
    ),
)


def swim_checklist(evidence: Evidence, summaries: Sequence[Summary] | None = None) -> pd.DataFrame:
    """Return the items of SWiM (synthesis without meta-analysis), and what this review says.

    What only people know is read from the table `[synthesis]` of review.toml; what follows from the
    plan and the data is added beside it: the designs under each analysis, its measure, why it is
    not pooled, how its certainty was found, which figures are planned, and the finding of each
    analysis. Nothing else is filled in: what nobody wrote is "not stated".

    Analyses that are pooled are no part of it; if all are, every item "does not apply".

    Parameters
    ----------
    evidence
        An evidence base.
    summaries
        The summaries of its planned analyses, if they are at hand.

    Returns
    -------
    DataFrame
        One row a statement: `item` ("1a" to "9"), `title`, `to_report`, `says` (what this review
        says), `source` ("review.toml", "derived", or empty if it is not stated) and `key`, where in
        review.toml it stands or is to be written. An item has a row for each of the two sources,
        item 8 one for each analysis.

    References
    ----------
    Campbell et al. 2020, BMJ 368:l6890, doi:10.1136/bmj.l6890.
    """
    summaries = summarize_all(evidence) if summaries is None else summaries
    apart = [summary for summary in summaries if summary.pooled is None]
    derived = _derived(evidence, summaries, apart)
    rows = [row for item in ITEMS for row in _rows(evidence, item, derived[item.number], apart)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(
    evidence: Evidence, item: Item, derived: Sequence[str], apart: Sequence[Summary]
) -> Iterator[dict[str, str]]:
    shared = {"item": item.number, "title": item.title, "to_report": item.to_report}
    if item.key:
        key = f"synthesis.{item.key}"
        said = " ".join(str(getattr(evidence.review.synthesis, item.key)).split())
        if said:
            yield {**shared, "says": said, "source": "review.toml", "key": key}
        elif apart:
            yield {**shared, "says": NOT_STATED, "source": "", "key": key}
    for text in derived:
        yield {**shared, "says": text, "source": "derived", "key": ""}


def _derived(
    evidence: Evidence, summaries: Sequence[Summary], apart: Sequence[Summary]
) -> dict[str, list[str]]:
    """Return what plan and data say of each item."""
    pooled = [summary.id for summary in summaries if summary.pooled is not None]
    if not apart:
        which = numbers.listing(pooled)
        verb = "analysis is pooled" if len(pooled) == 1 else "analyses are pooled"
        does_not = f"does not apply: the planned {verb} ({which})"
        return {item.number: [does_not] for item in ITEMS}
    derived = {item.number: list[str]() for item in ITEMS}
    derived["1a"] = [_grouped("Studies with a number, by analysis", apart, _designs)]
    derived["2"] = [_grouped("Measures, by analysis", apart, _measure)]
    derived["3"] = [_grouped("Not pooled, and why", apart, _why)]
    if pooled:
        derived["3"].append(f"Pooled, so that SWiM does not apply: {numbers.listing(pooled)}.")
    derived["4"] = _restricted(evidence, apart)
    derived["6"] = [_grouped("GRADE, by analysis", apart, _assessed)]
    derived["7"] = _figures(evidence)
    derived["8"] = [f"{summary.id}: {_finding(summary)}" for summary in apart]
    return derived


def _grouped(head: str, summaries: Sequence[Summary], say: Callable[[Summary], str]) -> str:
    """Say of all analyses what `say` says of each, the same words once."""
    groups: dict[str, list[str]] = {}
    for summary in summaries:
        groups.setdefault(say(summary), []).append(summary.id)
    if len(groups) == 1 < len(summaries):
        return f"{head}: {next(iter(groups))} (all {numbers.word(len(summaries))} analyses)."
    told = "; ".join(f"{text} ({numbers.listing(names)})" for text, names in groups.items())
    return f"{head}: {told}."


def _why(summary: Summary) -> str:
    return numbers.lower_first(summary.why_not_pooled.rstrip("."))


def _designs(summary: Summary) -> str:
    """Return the studies that report a number, each once, by the design it carries."""
    reporting = [row for row in records(summary.frame) if row["basis"] != "not reported"]
    kinds: dict[tuple[str, str], dict[str, Row]] = {}
    for row in reporting:
        kinds.setdefault((row["design"], row["directness"]), {}).setdefault(row["study_id"], row)
    told = [designs_of(list(studies.values())) for studies in kinds.values()]
    return numbers.listing(told) if told else "no study"


def _measure(summary: Summary) -> str:
    return measure_of(summary.measure).name


def _restricted(evidence: Evidence, apart: Sequence[Summary]) -> list[str]:
    """Return which analyses the plan restricts to some designs."""
    planned = {summary.id: evidence.analysis(summary.id).designs for summary in apart}
    told = [f"{name}: {', '.join(designs)}" for name, designs in planned.items() if designs]
    return [f"Designs that the plan keeps: {'; '.join(told)}."] if told else []


def _assessed(summary: Summary) -> str:
    if summary.certainty is None:
        return "no number to judge"
    judge = summary.certainty.judged_by
    return f"judged by {judge}" if judge else "suggested by rule from the data"


def _figures(evidence: Evidence) -> list[str]:
    kinds: dict[str, list[str]] = {}
    for figure in evidence.review.figures:
        kinds.setdefault(figure.kind.replace("_", " "), []).append(figure.id)
    told = "; ".join(f"{kind} ({numbers.listing(names)})" for kind, names in kinds.items())
    return [f"Figures planned, each with the table of its numbers: {told}."] if told else []


def _finding(summary: Summary) -> str:
    """Return the sentence of an analysis and its certainty."""
    if summary.certainty is None:
        return summary.sentence
    judged = "judged" if summary.certainty.judged_by else "suggested"
    return f"{summary.sentence} Certainty: {summary.certainty.level} ({judged})."

"""The effect-direction table: which way each study points, in each domain of outcomes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import pandas as pd

from equipoise.appraisal.computed import with_effect_sizes
from equipoise.appraisal.facts import DESIGN_NAMES, design_name, design_of
from equipoise.display import numbers
from equipoise.display.html import render
from equipoise.effects.estimates import estimates
from equipoise.effects.measures import measure as measure_of
from equipoise.errors import UsageError
from equipoise.evidence.base import Evidence
from equipoise.evidence.records import Record, records
from equipoise.evidence.review import Analysis
from equipoise.synthesis.directions import Better, direction_of
from equipoise.synthesis.with_limits import WithLimits

SIGNS = {"up": "▲", "down": "▼", "mixed": "◄►", "none": "="}
"""How directions are drawn beside their words."""

WORDS = {"up": "better", "down": "worse"}
"""What directions are called in print: "eye pressure down" would read as the pressure falling."""

_OF_ROWS = ("study_id", "label", "design", "allocation", "directness")
_STUDY = (*_OF_ROWS, "n")
_KEPT = (*_STUDY, "domain", "direction", "outcomes", "comparisons", "without_direction")
_NO_DIRECTION = ("not reported", "not compared")
_WITH_THEMSELVES = ("single_arm", "within_subject", "case_series", "case_report")
_MEANS = ("MD", "MC")
"""What tells a direction where means are reported but not all that the planned measure needs."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EffectDirections(WithLimits):
    """Which way studies point.

    Attributes
    ----------
    cells
        One row a study, the design its results carry, and a domain of outcomes: study_id, label,
        design, allocation, directness, n (people randomised, else enrolled, else analysed), domain,
        direction (a word of `equipoise.synthesis.directions.DIRECTIONS`), the outcome_ids it is
        about, how many comparisons there are, and how many of them have no direction.
    """

    cells: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return one row a study and design, one column a domain; "" where nothing was measured.

        Direct studies come before indirect ones, then the stronger designs, then the order of
        studies.csv. A column is what `vote_count` takes, after choosing one design: studies of
        different designs do not vote together.
        """
        study = self.cells[list(_STUDY)].drop_duplicates(["study_id", "design"])
        keys = pd.MultiIndex.from_frame(study[["study_id", "design"]])
        columns = [
            self.cells[self.cells["domain"] == domain]
            .set_index(["study_id", "design"])["direction"]
            .reindex(keys, fill_value="")
            .reset_index(drop=True)
            .rename(domain)
            for domain in self.cells["domain"].unique()
        ]
        table: pd.DataFrame = pd.concat([study.reset_index(drop=True), *columns], axis=1)
        return table

    @property
    def lines(self) -> tuple[str, ...]:
        """One line a study and design: its size, and which way it points in each domain."""
        told = ["Which way the studies point (▲ towards benefit, ▼ away from it)"]
        for _, mine in self.cells.groupby(["study_id", "design"], sort=False):
            rows = records(mine)
            pointing = "; ".join(f"{row['domain']} {_shown(row['direction'])}" for row in rows)
            told.append(f"{rows[0]['label']} ({_design(rows[0])}, {_people(rows[0])}): {pointing}")
        return tuple(told)

    @property
    def limits(self) -> tuple[str, ...]:
        """What directions cannot show."""
        told = [
            "A direction is that of the estimate alone: how large the difference is, and whether "
            "chance made it, is not in it.",
            "Which way is better is what outcomes.csv says of each outcome.",
        ]
        silent_cells = self.cells["direction"].isin(_NO_DIRECTION)
        if (self.cells["design"].isin(_WITH_THEMSELVES) & ~silent_cells).any():
            told.append(
                "Where people are compared with themselves earlier, the direction also holds what "
                "would have happened anyway."
            )
        silent = int(silent_cells.sum())
        partly = int((self.cells["without_direction"] > 0).sum()) - silent
        if silent or partly:
            told.append(
                f"Of {len(self.cells)} pairs of a study and a domain, {silent} have no direction "
                f"and {partly} only in part of their comparisons. What a source says in words "
                "only is not read, and results that disappoint are reported less often."
            )
        return tuple(told)

    def _repr_html_(self) -> str:
        frame = self.to_frame()
        domains = [str(name) for name in frame.columns[len(_STUDY) :]]
        rows = [
            [row["label"], _design(row), _people(row), *(_shown(row[name]) for name in domains)]
            for row in records(frame)
        ]
        return render(
            "with_limits.html",
            lines=self.lines[:1],
            caption="Effect directions",
            columns=["Study", "Design for these outcomes", "People", *domains],
            rows=rows,
            limits=self.limits,
        )


def effect_directions(
    evidence: Evidence, outcomes: Sequence[str] | None = None
) -> EffectDirections:
    """Return which way each study points in each domain of outcomes.

    The direction of a comparison is the side of no difference on which its estimate lies, turned so
    that "up" is towards benefit by the column `better` of outcomes.csv. Intervals and p values are
    not used. The estimate is the first there is of these: that of the planned measure, if it
    compares two groups; an effect reported in any other measure; for outcomes that are not counted,
    the difference of the means of two groups; the mean change of the treated people. A number of
    one group has no direction ("not compared"), nor has what a source says in words only ("not
    reported"). The design is the one that the comparison can carry: that of a change in the treated
    people of a controlled study is "single_arm".

    A study points one way in a domain if all its comparisons that have a direction, over outcomes,
    times and groups, point that way; else it is "mixed". Results of one study that carry different
    designs stay apart.

    Parameters
    ----------
    evidence
        An evidence base.
    outcomes
        Ids of planned analyses, or outcome_ids; by default every planned analysis. Their domains
        are those of outcomes.csv.

    Returns
    -------
    EffectDirections
        Its `to_frame` has one row a study and design, and one column a domain.

    Raises
    ------
    UsageError
        If there is no such analysis or outcome, or no study has a row for any of them.

    References
    ----------
    Hilton Boon & Thomson 2021, Res Synth Methods 12:29-33, doi:10.1002/jrsm.1458.
    """
    names = [outcomes] if isinstance(outcomes, str) else outcomes
    analyses = evidence.plan if names is None else [evidence.analysis(name) for name in names]
    readings = [reading for analysis in analyses for reading in _readings(evidence, analysis)]
    if not readings:
        raise UsageError("no study has a row for these outcomes, so there is no direction to show")
    people: dict[str, float] = {row["study_id"]: row["n"] for row in records(evidence.coverage())}
    groups: dict[tuple[str, str, str], list[Record]] = {}
    for reading in readings:
        key = (reading["study_id"], reading["design"], reading["domain"])
        groups.setdefault(key, []).append(reading)
    cells = [{**_cell(group), "n": people[study]} for (study, *_), group in groups.items()]
    order = list(evidence.tables["studies"]["study_id"])
    cells.sort(key=lambda cell: _precedence(cell, order))
    return EffectDirections(cells=pd.DataFrame(cells, columns=list(_KEPT)))


def _readings(evidence: Evidence, analysis: Analysis) -> Iterator[Record]:
    """Yield the direction of every comparison of one outcome."""
    outcome = evidence.outcome(analysis.outcome)
    better = cast("Better", outcome["better"])
    table = evidence.comparison(analysis.outcome)
    if analysis.designs:
        table = table[table["design"].isin(analysis.designs)].reset_index(drop=True)
    planned = with_effect_sizes(estimates(table, analysis.measure), analysis.measure)
    others = () if outcome["kind"] == "binary" else _MEANS
    frames = [records(planned), *(records(estimates(table, key)) for key in others)]
    for row, *more in zip(*frames, strict=True):
        effect, key = _best(row, more)
        one_group = _is_alone(key) and not math.isnan(effect)
        yield {
            **{name: row[name] for name in _OF_ROWS},
            "domain": outcome["domain"],
            "outcome": analysis.outcome,
            "direction": "not compared"
            if one_group
            else direction_of(effect, measure_of(key).null or 0.0, better),
        }


def _best(row: Record, others: Sequence[Record]) -> tuple[float, str]:
    """Return the estimate that gives the direction, and its measure."""
    options = [(one["estimate"], one["measure"]) for one in (row, *others)]
    options.insert(1, (row["effect"], row["reported_measure"]))
    known = [(x, key) for x, key in options if not math.isnan(x)]
    # groups first, then people before and after, then what has no direction
    known.sort(key=lambda found: (_is_alone(found[1]), measure_of(found[1]).family == "paired"))
    return (known or options)[0]


def _is_alone(key: str) -> bool:
    return measure_of(key).null is None


def _cell(group: Sequence[Record]) -> Record:
    """Put the comparisons of a study in a domain together."""
    found = [reading["direction"] for reading in group]
    pointing = dict.fromkeys(word for word in found if word not in _NO_DIRECTION)
    if len(pointing) > 1:
        direction = "mixed"
    else:
        silent = "not compared" if "not compared" in found else "not reported"
        direction = next(iter(pointing), silent)
    return {
        **group[0],
        "direction": direction,
        "outcomes": "; ".join(dict.fromkeys(reading["outcome"] for reading in group)),
        "comparisons": len(group),
        "without_direction": sum(word in _NO_DIRECTION for word in found),
    }


def _precedence(cell: Record, order: Sequence[str]) -> tuple[bool, int, int]:
    designs = list(DESIGN_NAMES)
    return (
        cell["directness"] != "direct",
        designs.index(design_of(cell)),
        order.index(cell["study_id"]),
    )


def _design(row: Record) -> str:
    return design_name(design_of(row), row["directness"])


def _people(row: Record) -> str:
    return numbers.people(row["n"])


def _shown(direction: str) -> str:
    word = WORDS.get(direction, direction)
    return f"{SIGNS[direction]} {word}" if direction in SIGNS else word

"""`review.toml`: the question, and the plan of what to analyse and to draw.

What is analysed is data, so that notebooks, build and report cannot disagree about it.
"""

import difflib
import math
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from equipoise.errors import Problem
from equipoise.evidence.columns import ID
from equipoise.evidence.reading import printable, read_bytes
from equipoise.evidence.schema import STUDIES
from equipoise.evidence.thresholds import CUSTOMARY, Thresholds

FILE = "review.toml"
_UNKNOWN_KEY = "is not a known key"

Known = Mapping[str, set[str] | None]
"""The ids of the tables that a review refers to; None for a table that cannot be read."""

MEASURES = ("RR", "OR", "RD", "HR", "PR", "SMD", "SMDH", "MD", "ROM", "MC")
ESTIMATORS = ("REML", "CE", "DL", "HE", "HS", "HSk", "SJ", "ML", "EB", "PM", "PMM")
CI_METHODS = ("hksj", "hksj-adhoc", "t", "wald")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CHOICES = {"measure": MEASURES, "estimator": ESTIMATORS, "ci_method": CI_METHODS}
FIGURE_KINDS = (
    "outcomes",
    "two_groups",
    "icon_array",
    "forest",
    "funnel",
    "labbe",
    "orchard",
    "drapery",
    "radial",
    "leave_one_out",
    "cumulative",
    "baujat",
    "tau2_profile",
    "before_after",
    "natural_course",
    "evidence_map",
    "claims_table",
    "traffic_lights",
    "bias_bars",
    "prisma_flow",
    "effect_direction",
    "harvest",
)
_ANALYSES_DRAWN = {
    "outcomes": (1, math.inf),
    "before_after": (1, math.inf),
    "two_groups": (1, 1),
    "icon_array": (1, 1),
    "forest": (1, 1),
    "funnel": (1, 1),
    "labbe": (1, 1),
    "orchard": (1, 1),
    "drapery": (1, 1),
    "radial": (1, 1),
    "leave_one_out": (1, 1),
    "cumulative": (1, 1),
    "baujat": (1, 1),
    "tau2_profile": (1, 1),
    "traffic_lights": (0, 1),
    "bias_bars": (0, 1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the review asks, in the field's four parts, and how far ahead it looks."""

    population: str
    condition: str
    intervention: str
    comparator: str
    target_weeks: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """One line of the analysis plan.

    Attributes
    ----------
    id
        Short name; by default analyses are called after their outcome.
    outcome
        An `outcome_id`.
    measure
        RR, OR, RD (events in two groups), HR (as reported), PR (proportion of one group),
        SMD, SMDH, MD, ROM (means of two groups) or MC (mean change within people).
    designs
        Designs to include; empty means all.
    baseline_risk
        Risk without the intervention, from 0 to 1, and where it comes from.
    relative_risk_reduction
        The reduction a definitive trial should be able to detect, for the information size.
    estimator, ci_method
        How studies are pooled where they are: see `equipoise.synthesis.pool.pool`. Unless the plan
        says otherwise, no answer rests on an interval narrower than Wald's: the Hartung-Knapp
        interval of a few studies that happen to agree can shrink to almost nothing (Jackson 2017,
        doi:10.1002/sim.7411; Röver 2015, doi:10.1186/s12874-015-0091-1).
    """

    id: str
    outcome: str
    measure: str
    designs: tuple[str, ...] = ()
    baseline_risk: float | None = None
    baseline_risk_source: str = ""
    relative_risk_reduction: float = 0.25
    estimator: str = "REML"
    ci_method: str = "hksj-adhoc"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFigure:
    """One figure of the build.

    Attributes
    ----------
    id
        Its file name, without ending.
    kind
        One of `FIGURE_KINDS`.
    title
        What stands above it.
    analyses
        The analyses it shows, by id.
    study
        The study to show; icon arrays only.
    source
        Whose claims to show; claims tables only. Empty means everybody's.
    """

    id: str
    kind: str
    title: str
    analyses: tuple[str, ...] = ()
    study: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SynthesisStatement:
    """What a review says of studies that it synthesises without a meta-analysis.

    One text an item of the SWiM guideline that the data cannot answer. A text that is empty is not
    stated: nothing is put in its place.

    Attributes
    ----------
    grouping
        How studies are grouped, and why so.
    grouping_changes
        What changed in the groups after the protocol, and why; or that there is no protocol.
    metric
        Why the measures were chosen, and how results were brought to them.
    method
        What is done instead of a meta-analysis, and why.
    criteria_to_prioritise
        Which studies lead in the synthesis and its conclusions, by what criteria.
    heterogeneity
        How differences between the results of studies are examined.
    certainty
        How the certainty of the findings is assessed.
    presentation
        How results are shown and ordered in tables and figures.
    limitations
        What the synthesis cannot show, and what that means for its conclusions.

    References
    ----------
    Campbell et al. 2020, BMJ 368:l6890, doi:10.1136/bmj.l6890.
    """

    grouping: str = ""
    grouping_changes: str = ""
    metric: str = ""
    method: str = ""
    criteria_to_prioritise: str = ""
    heterogeneity: str = ""
    certainty: str = ""
    presentation: str = ""
    limitations: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The content of `review.toml`."""

    title: str
    updated: str
    licence: str
    question: Question
    analyses: tuple[Analysis, ...] = ()
    figures: tuple[PlannedFigure, ...] = ()
    notebooks: tuple[str, ...] = field(default=())
    thresholds: Thresholds = CUSTOMARY
    synthesis: SynthesisStatement = SynthesisStatement()


def read_review(folder: Path, known: Known) -> tuple[Review | None, list[Problem]]:
    """Read and check `review.toml`.

    Parameters
    ----------
    folder
        The evidence folder.
    known
        The ids of the tables it refers to: `outcomes`, `sources` and `studies`; None where a table
        cannot be read, so that nothing can be said about what refers to it.

    Returns
    -------
    review, problems
        None when the file cannot be used, and everything wrong with it.
    """
    path = folder / FILE
    if not path.exists() and not path.is_symlink():
        what, fix = "is missing", "write it: title, question, analyses and figures"
        return None, [Problem(file=FILE, what=what, fix=fix)]
    data, problems = read_bytes(path)
    if problems:
        return None, problems
    try:
        content = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line, byte = data.count(b"\n", 0, error.start) + 1, data[error.start]
        what, fix = f"is not UTF-8 (byte {byte:#04x} on line {line})", "save the file as UTF-8"
        return None, [Problem(file=FILE, what=what, fix=fix)]
    except (ValueError, RecursionError) as error:
        # Besides its own errors tomllib lets through numbers with thousands of digits, and depth.
        what = f"is not valid TOML ({printable(str(error))})"
        return None, [Problem(file=FILE, what=what, fix="correct it")]
    review = _build(Review, content, "", problems)
    if isinstance(review, Review) and all(p.what == _UNKNOWN_KEY for p in problems):
        problems.extend(_check(review, known))  # what is known can be judged without the rest
        return review, problems
    return None, problems


def _say(column: str, what: str, fix: str, value: object = "") -> Problem:
    return Problem(file=FILE, column=printable(column), value=str(value), what=what, fix=fix)


def _build(cls: type, content: object, place: str, problems: list[Problem]) -> object:
    """Make a `cls` from a TOML table, noting unknown, missing and mistyped keys."""
    if not isinstance(content, dict):
        name, bracket, _ = place.partition("[")
        fix = f"write [[{name}]]" if bracket else f"write [{name}]"
        problems.append(_say(place, "is not a table", fix))
        return None
    hints = get_type_hints(cls)
    absent = [item for item in fields(cls) if item.name not in content]
    renamed: set[str] = set()
    for key in content:
        if key not in hints:
            close = difflib.get_close_matches(key, [item.name for item in absent], n=1)
            renamed.update(close)
            fix = f"rename it to {close[0]}" if close else "delete it"
            problems.append(_say(_join(place, key), _UNKNOWN_KEY, fix))
    values: dict[str, object] = {}
    for item in fields(cls):
        here = _join(place, item.name)
        if item.name in content:
            value = _convert(content[item.name], hints[item.name], here, problems)
            if item.default is MISSING and isinstance(value, str) and not value.strip():
                problems.append(_say(here, "is empty", "write it"))
            values[item.name] = value
        elif item.default is MISSING and item.name not in renamed:
            problems.append(_say(here, "is missing", "add it"))
    return None if problems else cls(**values)


def _convert(value: object, hint: Any, place: str, problems: list[Problem]) -> object:
    """Check one TOML value against the type its field declares."""
    if hasattr(hint, "__dataclass_fields__"):
        return _build(hint, value, place, problems)
    if get_origin(hint) is tuple:
        of = get_args(hint)[0]
        if not isinstance(value, list):
            in_tables = hasattr(of, "__dataclass_fields__")
            fix = f"write [[{place}]]" if in_tables else "write it in square brackets"
            problems.append(_say(place, "is not a list", fix, value))
            return ()
        parts = [_convert(v, of, f"{place}[{i}]", problems) for i, v in enumerate(value, start=1)]
        return tuple(parts)
    allowed = get_args(hint) or (hint,)
    if float in allowed and isinstance(value, int | float) and not isinstance(value, bool):
        # Far larger than any number of weeks or any risk, and small enough to be a float.
        return float(value) if abs(value) < 1e300 else math.inf
    if str in allowed and isinstance(value, str):
        return value
    wanted = "a number" if float in allowed else "text in quotation marks"
    problems.append(_say(place, f"is not {wanted}", f"write {wanted}", value))
    return None


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _check(review: Review, known: Known) -> Iterator[Problem]:
    """Yield what the plan says that the tables or the package do not know."""
    if not _DATE.fullmatch(review.updated):
        yield _say("updated", "is not a date", "write it as 2026-11-23", review.updated)
    weeks = review.question.target_weeks
    if not 0 < weeks < math.inf:
        fix = "write the number of weeks from the start"
        yield _say("question.target_weeks", "is not a number of weeks above 0", fix, weeks)
    for name, wanted in review.thresholds.wrong().items():
        value = getattr(review.thresholds, name)
        yield _say(f"thresholds.{name}", f"is not {wanted}", f"write a number {wanted}", value)
    ids = [analysis.id for analysis in review.analyses]
    for number, analysis in enumerate(review.analyses, start=1):
        here = f"analyses[{number}]"
        yield from _check_id(f"{here}.id", analysis.id, ids[: number - 1])
        if _is_unknown(analysis.outcome, known["outcomes"]):
            fix = "add it to outcomes.csv or correct the spelling"
            yield _say(f"{here}.outcome", "is not in outcomes.csv", fix, analysis.outcome)
        for name, known_ones in _CHOICES.items():
            value = getattr(analysis, name)
            if value not in known_ones:
                fix = "write one of " + ", ".join(known_ones)
                yield _say(f"{here}.{name}", f"is not a known {name}", fix, value)
        for design in analysis.designs:
            if design not in STUDIES.column("design").allowed:
                fix = "write one of " + ", ".join(STUDIES.column("design").allowed)
                yield _say(f"{here}.designs", "is not a design of studies.csv", fix, design)
        yield from _check_risks(here, analysis, known["sources"])
    yield from _check_figures(review, set(ids), known)


def _check_risks(here: str, analysis: Analysis, sources: set[str] | None) -> Iterator[Problem]:
    """Yield risks that are not shares, and a baseline risk that nobody can trace."""
    fix = "write it as a share between 0 and 1"
    for name in ("baseline_risk", "relative_risk_reduction"):
        share = getattr(analysis, name)
        if share is not None and not 0 < share < 1:
            yield _say(f"{here}.{name}", "is not between 0 and 1", fix, share)
    source = analysis.baseline_risk_source
    if (source or analysis.baseline_risk is not None) and _is_unknown(source, sources):
        fix = "write the source_id the baseline risk was read in"
        yield _say(f"{here}.baseline_risk_source", "is not in sources.csv", fix, source)


def _check_figures(review: Review, analyses: set[str], known: Known) -> Iterator[Problem]:
    ids = [figure.id for figure in review.figures]
    for number, figure in enumerate(review.figures, start=1):
        here = f"figures[{number}]"
        yield from _check_id(f"{here}.id", figure.id, ids[: number - 1])
        if figure.kind not in FIGURE_KINDS:
            fix = "write one of " + ", ".join(FIGURE_KINDS)
            yield _say(f"{here}.kind", "is not a known kind of figure", fix, figure.kind)
        for name in figure.analyses:
            if name not in analyses:
                fix = "add the analysis or correct the spelling"
                yield _say(f"{here}.analyses", "is not the id of an analysis", fix, name)
        least, most = _ANALYSES_DRAWN.get(figure.kind, (0, math.inf))
        if not least <= len(figure.analyses) <= most:
            wanted = "exactly one" if least == most else "at least one" if least else "at most one"
            what = f"names {len(figure.analyses)}, but {figure.kind} draws {wanted}"
            yield _say(f"{here}.analyses", what, f"name {wanted} analysis")
        for key, table in (("study", "studies"), ("source", "sources")):
            name = getattr(figure, key)
            if name and _is_unknown(name, known[table]):
                fix = f"add it to {table}.csv or correct the spelling"
                yield _say(f"{here}.{key}", f"is not in {table}.csv", fix, name)


def _check_id(place: str, name: str, earlier: list[str]) -> Iterator[Problem]:
    if name in earlier:
        yield _say(place, "is used twice", "give each its own id", name)
    if not ID.fullmatch(name):
        fix = "use lower-case letters, digits and underscores: it becomes a file name"
        yield _say(place, "is not an id", fix, name)


def _is_unknown(name: str, known: set[str] | None) -> bool:
    """Whether the tables do not hold `name`; False where they cannot be read."""
    return known is not None and name not in known

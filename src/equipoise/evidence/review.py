"""`review.toml`: the question, and the plan of what to analyse and to draw.

What is analysed is data, so that notebooks, build and report cannot disagree about it.
"""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from equipoise.errors import Problem

FILE = "review.toml"
MEASURES = ("RR", "OR", "RD", "PR", "SMD", "MD", "MC")
FIGURE_KINDS = (
    "outcomes",
    "two_groups",
    "icon_array",
    "forest",
    "before_after",
    "natural_course",
    "evidence_map",
    "claims_table",
)


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
        RR, OR, RD (two groups), PR (proportion of one group), SMD, MD (reported contrasts) or
        MC (mean change within people).
    designs
        Designs to include; empty means all.
    baseline_risk
        Risk without the intervention, from 0 to 1, and where it comes from.
    relative_risk_reduction
        The reduction a definitive trial should be able to detect, for the information size.
    """

    id: str
    outcome: str
    measure: str
    designs: tuple[str, ...] = ()
    baseline_risk: float | None = None
    baseline_risk_source: str = ""
    relative_risk_reduction: float = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFigure:
    """One figure of the build: which kind, of which analyses, under which title."""

    id: str
    kind: str
    title: str
    analyses: tuple[str, ...] = ()
    study: str = ""


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


def read_review(folder: Path, known: Mapping[str, set[str]]) -> tuple[Review | None, list[Problem]]:
    """Read and check `review.toml`.

    Parameters
    ----------
    folder
        The evidence folder.
    known
        The ids of the tables it refers to: `outcomes`, `sources` and `studies`.

    Returns
    -------
    review, problems
        None when the file cannot be used, and everything wrong with it.
    """
    path = folder / FILE
    if not path.is_file():
        what, fix = "is missing", "write it: title, question, analyses and figures"
        return None, [Problem(file=FILE, what=what, fix=fix)]
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, [Problem(file=FILE, what=f"is not valid TOML ({error})", fix="correct it")]
    problems: list[Problem] = []
    review = _build(Review, content, "", problems)
    if isinstance(review, Review) and not problems:
        problems.extend(_check(review, known))
        return review, problems
    return None, problems


def _say(column: str, what: str, fix: str, value: object = "") -> Problem:
    return Problem(file=FILE, column=column, value=str(value), what=what, fix=fix)


def _build(cls: type, content: object, place: str, problems: list[Problem]) -> object:
    """Make a `cls` from a TOML table, noting unknown, missing and mistyped keys."""
    if not isinstance(content, dict):
        problems.append(_say(place, "is not a table", f"write [{place}]"))
        return None
    hints = get_type_hints(cls)
    values: dict[str, object] = {}
    for key in content:
        if key not in hints:
            close = difflib.get_close_matches(key, hints, n=1)
            fix = f"rename it to {close[0]}" if close else "delete it"
            problems.append(_say(_join(place, key), "is not a known key", fix))
    for item in fields(cls):
        here = _join(place, item.name)
        if item.name in content:
            values[item.name] = _convert(content[item.name], hints[item.name], here, problems)
        elif item.default is MISSING:
            problems.append(_say(here, "is missing", "add it"))
    return None if problems else cls(**values)


def _convert(value: object, hint: Any, place: str, problems: list[Problem]) -> object:
    """Check one TOML value against the type its field declares."""
    if hasattr(hint, "__dataclass_fields__"):
        return _build(hint, value, place, problems)
    if get_origin(hint) is tuple:
        of = get_args(hint)[0]
        if not isinstance(value, list):
            problems.append(_say(place, "is not a list", "write it in square brackets", value))
            return ()
        parts = [_convert(v, of, f"{place}[{i}]", problems) for i, v in enumerate(value, start=1)]
        return tuple(parts)
    allowed = get_args(hint) or (hint,)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if float in allowed and number:
        return float(value)  # type: ignore[arg-type]
    if str in allowed and isinstance(value, str):
        return value
    wanted = "a number" if float in allowed else "text in quotation marks"
    problems.append(_say(place, f"is not {wanted}", f"write {wanted}", value))
    return None


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _check(review: Review, known: Mapping[str, set[str]]) -> Iterator[Problem]:
    """Yield what the plan says that the tables or the package do not know."""
    ids = [analysis.id for analysis in review.analyses]
    for number, analysis in enumerate(review.analyses, start=1):
        here = f"analyses[{number}]"
        if analysis.id in ids[: number - 1]:
            yield _say(f"{here}.id", "is used twice", "give each analysis its own id", analysis.id)
        if analysis.outcome not in known["outcomes"]:
            fix = "add it to outcomes.csv or correct the spelling"
            yield _say(f"{here}.outcome", "is not in outcomes.csv", fix, analysis.outcome)
        if analysis.measure not in MEASURES:
            fix = "write one of " + ", ".join(MEASURES)
            yield _say(f"{here}.measure", "is not a known measure", fix, analysis.measure)
        risk = analysis.baseline_risk
        if risk is not None and not 0 < risk < 1:
            fix = "write it as a share between 0 and 1"
            yield _say(f"{here}.baseline_risk", "is not between 0 and 1", fix, risk)
        if risk is not None and analysis.baseline_risk_source not in known["sources"]:
            fix = "write the source_id the baseline risk was read in"
            value = analysis.baseline_risk_source
            yield _say(f"{here}.baseline_risk_source", "is not in sources.csv", fix, value)
        reduction = analysis.relative_risk_reduction
        if not 0 < reduction < 1:
            fix = "write it as a share between 0 and 1"
            yield _say(f"{here}.relative_risk_reduction", "is not between 0 and 1", fix, reduction)
    yield from _check_figures(review, set(ids), known["studies"])


def _check_figures(review: Review, analyses: set[str], studies: set[str]) -> Iterator[Problem]:
    ids = [figure.id for figure in review.figures]
    for number, figure in enumerate(review.figures, start=1):
        here = f"figures[{number}]"
        if figure.id in ids[: number - 1]:
            yield _say(f"{here}.id", "is used twice", "give each figure its own id", figure.id)
        if not figure.id.replace("_", "").isalnum() or not figure.id.isascii():
            fix = "use letters, digits and underscores: it becomes a file name"
            yield _say(f"{here}.id", "is not an id", fix, figure.id)
        if figure.kind not in FIGURE_KINDS:
            fix = "write one of " + ", ".join(FIGURE_KINDS)
            yield _say(f"{here}.kind", "is not a known kind of figure", fix, figure.kind)
        for name in figure.analyses:
            if name not in analyses:
                fix = "add the analysis or correct the spelling"
                yield _say(f"{here}.analyses", "is not the id of an analysis", fix, name)
        if figure.study and figure.study not in studies:
            fix = "add it to studies.csv or correct the spelling"
            yield _say(f"{here}.study", "is not in studies.csv", fix, figure.study)

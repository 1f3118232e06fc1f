"""From a planned figure to its axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
from matplotlib.axes import Axes

from equipoise import figures
from equipoise.appraisal.summary import Summary
from equipoise.errors import UsageError
from equipoise.evidence.base import Evidence
from equipoise.evidence.review import PlannedFigure


def draw(
    evidence: Evidence,
    planned: PlannedFigure,
    summaries: Mapping[str, Summary],
    audit: pd.DataFrame,
) -> Axes:
    """Draw one figure of the plan.

    Parameters
    ----------
    evidence
        The evidence base.
    planned
        The line of the plan.
    summaries
        The summaries by analysis id.
    audit
        The audited claims.

    Raises
    ------
    UsageError
        If the plan gives a figure of one analysis none or several.
    """
    chosen = [summaries[name] for name in planned.analyses]
    title = planned.title
    of_many: dict[str, Callable[[], Axes]] = {
        "outcomes": lambda: figures.outcomes(chosen, title=title),
        "before_after": lambda: figures.before_after(chosen, title=title),
        "natural_course": lambda: figures.natural_course(evidence.tables["context"], title=title),
        "evidence_map": lambda: figures.evidence_map(evidence.coverage(), title=title),
        "claims_table": lambda: figures.claims_table(_with_outcome(audit), title=title),
    }
    of_one: dict[str, Callable[[Summary], Axes]] = {
        "two_groups": lambda one: figures.two_groups(one, title=title),
        "icon_array": lambda one: figures.icon_array(one, study=planned.study, title=title),
        "forest": lambda one: figures.forest(one, title=title),
    }
    if planned.kind in of_many:
        return of_many[planned.kind]()
    if len(chosen) != 1:
        raise UsageError(
            f"review.toml, figure {planned.id!r}: a {planned.kind} draws one analysis, not "
            f"{len(chosen)}. Fix: name exactly one in analyses."
        )
    return of_one[planned.kind](chosen[0])


def _with_outcome(audit: pd.DataFrame) -> pd.DataFrame:
    """The claims that a figure can hold: those about effects; the tables list every one."""
    return audit[audit["outcome_id"] != ""]

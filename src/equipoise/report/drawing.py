"""The figures of a build, from the plan to files.

Run as ``python -m equipoise.report.drawing BASE FOLDER`` it draws what nobody else has begun: that
is how a second process helps (`equipoise.report.helper`).
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes

from equipoise import figures
from equipoise.appraisal.claim_judging import judge_claims
from equipoise.appraisal.summary import Summary, summarize_all
from equipoise.errors import EquipoiseError, UsageError
from equipoise.evidence.base import Evidence
from equipoise.evidence.load import load_evidence
from equipoise.evidence.review import PlannedFigure
from equipoise.report.drawing_appraisal import appraisal_kinds


def draw_all(
    evidence: Evidence,
    summaries: Sequence[Summary],
    audit: pd.DataFrame,
    folder: Path,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """Draw into `folder` every planned figure that no other process has begun.

    Parameters
    ----------
    evidence, summaries, audit
        The evidence base, its planned analyses summarized, its claims audited.
    folder
        Where the files go.
    say
        Called with the place and name of every figure.

    Raises
    ------
    UsageError
        If the plan asks for something that cannot be drawn.
    """
    from matplotlib import pyplot as plt

    by_id = {summary.id: summary for summary in summaries}
    planned = evidence.review.figures
    before = plt.get_backend()
    plt.switch_backend("agg")
    try:
        for number, figure in enumerate(planned, start=1):
            say(f"figure {number}/{len(planned)} {figure.id}")
            if _begin(folder / f"{figure.id}.txt"):
                try:
                    ax = draw(evidence, figure, by_id, audit)
                except UsageError as error:
                    raise UsageError(f"review.toml, figure {figure.id!r}: {error}") from error
                figures.save(ax, folder / figure.id)
                plt.close(ax.get_figure(root=True))
    finally:
        plt.switch_backend(before)


def _begin(path: Path) -> bool:
    """Make the file, and say whether it was this process that made it."""
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


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
        If the data hold nothing that such a figure can show.
    """
    chosen = [summaries[name] for name in planned.analyses]
    title = planned.title
    # How many analyses each kind draws was checked when review.toml was read.
    kinds: dict[str, Callable[[], Axes]] = {
        "outcomes": lambda: figures.outcomes(chosen, title=title),
        "before_after": lambda: figures.before_after(chosen, title=title),
        "natural_course": lambda: figures.natural_course(evidence.tables["context"], title=title),
        "evidence_map": lambda: figures.evidence_map(evidence.coverage(), title=title),
        "claims_table": lambda: figures.claims_table(_claims(audit, planned.source), title=title),
        "two_groups": lambda: figures.two_groups(chosen[0], title=title),
        "icon_array": lambda: figures.icon_array(chosen[0], study=planned.study, title=title),
        "forest": lambda: figures.forest(chosen[0], title=title),
        "funnel": lambda: figures.funnel(chosen[0], title=title),
        "labbe": lambda: figures.labbe(chosen[0], title=title),
        "orchard": lambda: figures.orchard(chosen[0], title=title),
        "drapery": lambda: figures.drapery(chosen[0], title=title),
        "radial": lambda: figures.radial(chosen[0], title=title),
        "leave_one_out": lambda: figures.leave_one_out(chosen[0], title=title),
        "cumulative": lambda: figures.cumulative(chosen[0], title=title),
        "baujat": lambda: figures.baujat(chosen[0], title=title),
        "tau2_profile": lambda: figures.tau2_profile(chosen[0], title=title),
        **appraisal_kinds(evidence, chosen, title),
    }
    return kinds[planned.kind]()


def _claims(audit: pd.DataFrame, source: str) -> pd.DataFrame:
    """The claims that a figure can hold: those about an outcome; the tables list every one."""
    chosen = audit["outcome_id"] != ""
    return audit[chosen & (audit["source_id"] == source)] if source else audit[chosen]


def main(base: str, folder: str) -> None:
    """Draw what the process that started this one has not begun, as long as that one lives."""
    gc.disable()  # this process makes much, drops little and ends soon
    starter = os.getppid()

    def stop_if_alone(_: str) -> None:
        if os.getppid() != starter:
            sys.exit(1)

    evidence = load_evidence(base)
    audit = judge_claims(evidence)
    try:
        summaries = summarize_all(evidence, audit=audit)
        draw_all(evidence, summaries, audit, Path(folder), stop_if_alone)
    except EquipoiseError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])

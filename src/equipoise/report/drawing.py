"""The figures of a build: from the plan to files, half of them in a process of their own.

Drawing takes most of a build's time and one process draws at a time, so a second one, started as
``python -m equipoise.report.drawing``, shares the work. It reads the evidence for itself: nothing
passes between the two but the names of figures.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes

from equipoise import figures
from equipoise.appraisal.claims import audit_claims
from equipoise.appraisal.summary import Summary, summarize_all
from equipoise.errors import EquipoiseError, UsageError
from equipoise.evidence.base import Evidence
from equipoise.evidence.load import load_evidence
from equipoise.evidence.review import PlannedFigure

_WORTH_SHARING = 4


def draw_all(
    evidence: Evidence,
    summaries: Sequence[Summary],
    audit: pd.DataFrame,
    folder: Path,
    say: Callable[[str], None],
) -> None:
    """Draw every planned figure into `folder`.

    Parameters
    ----------
    evidence, summaries, audit
        The evidence base, its planned analyses summarized, its claims audited.
    folder
        Where the files go.
    say
        Called before each figure.

    Raises
    ------
    UsageError
        If the plan asks for something that cannot be drawn.
    EquipoiseError
        If the second process fails.
    """
    planned = evidence.review.figures
    share = len(planned) >= _WORTH_SHARING and (os.cpu_count() or 1) > 1
    mine, theirs = (planned[::2], planned[1::2]) if share else (planned, ())
    with _second_process(evidence.path, theirs, folder):
        for number, figure in enumerate(planned, start=1):
            say(f"figure {number}/{len(planned)} {figure.id}")
            if figure in mine:
                _draw_and_save(evidence, figure, summaries, audit, folder)


def _draw_and_save(
    evidence: Evidence,
    planned: PlannedFigure,
    summaries: Sequence[Summary],
    audit: pd.DataFrame,
    folder: Path,
) -> None:
    from matplotlib import pyplot as plt

    before = plt.get_backend()
    plt.switch_backend("agg")
    try:
        ax = draw(evidence, planned, {summary.id: summary for summary in summaries}, audit)
        figures.save(ax, folder / planned.id)
        plt.close(ax.get_figure(root=True))
    finally:
        plt.switch_backend(before)


@contextmanager
def _second_process(base: Path, planned: Sequence[PlannedFigure], folder: Path) -> Iterator[None]:
    """Have these figures drawn elsewhere meanwhile, and wait for them at the end."""
    if not planned:
        yield
        return
    command = [sys.executable, "-m", __name__, str(base), str(folder), *(f.id for f in planned)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 our own module
        try:
            yield
        except BaseException:
            process.kill()
            raise
        _, complaint = process.communicate()
    if process.returncode:
        raise EquipoiseError(f"Drawing the figures failed:\n{complaint.strip()}")


def main(arguments: Sequence[str]) -> None:
    """Draw the figures that the second process was started for."""
    base, folder, *ids = arguments
    evidence = load_evidence(base)
    planned = [figure for figure in evidence.review.figures if figure.id in ids]
    audit = audit_claims(evidence)
    needed = list(dict.fromkeys(name for figure in planned for name in figure.analyses))
    summaries = summarize_all(evidence, needed, audit=audit) if needed else ()
    for figure in planned:
        _draw_and_save(evidence, figure, summaries, audit, Path(folder))


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
        "claims_table": lambda: figures.claims_table(_claims(audit, planned.source), title=title),
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


def _claims(audit: pd.DataFrame, source: str) -> pd.DataFrame:
    """The claims that a figure can hold: those about an outcome; the tables list every one."""
    chosen = audit["outcome_id"] != ""
    return audit[chosen & (audit["source_id"] == source)] if source else audit[chosen]


if __name__ == "__main__":
    main(sys.argv[1:])

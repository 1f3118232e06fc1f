"""Trial sequential analysis: how far the evidence is from the size it would need."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from equipoise.appraisal.arguments import check_numbers
from equipoise.appraisal.sequential_boundaries import sequential_boundaries
from equipoise.display.numbers import count, percent, plain
from equipoise.effects.counts import read_numbers, refuse_rows
from equipoise.effects.domains import POSITIVE
from equipoise.effects.interval import Floats
from equipoise.errors import UsageError
from equipoise.synthesis.method import Estimator
from equipoise.synthesis.pool import pool

if TYPE_CHECKING:
    import pandas as pd

CAUTION = (
    "Cochrane discourages sequential methods for updating a meta-analysis in most circumstances: "
    "neither the main analysis nor the main conclusions should rest on them (Cochrane Handbook, "
    "chapter 22)."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialSequentialAnalysis:
    """The evidence after each study, in order of year, against the size it would need.

    Attributes
    ----------
    required
        Required information size, in people.
    alpha
        Two-sided error rate over all looks.
    measure, estimator
        Of the effects, and of the variance between studies.
    labels, years
        The studies.
    people
        People in the studies so far.
    fractions
        The same as a share of those required.
    z
        Of the estimate pooled so far; NaN at a study without an effect.
    boundaries
        What |z| would have to reach; NaN at a study without an effect, and once the required size
        was reached at an earlier study.
    reasons
        Why a study is no look; empty if it is one.
    """

    required: float
    alpha: float
    measure: str
    estimator: str
    labels: tuple[str, ...]
    years: tuple[float, ...]
    people: tuple[float, ...]
    fractions: tuple[float, ...]
    z: tuple[float, ...]
    boundaries: tuple[float, ...]
    reasons: tuple[str, ...]

    @property
    def crossed(self) -> str:
        """The study at which |z| first reached its boundary; empty if it never did."""
        rows = zip(self.labels, self.z, self.boundaries, strict=True)
        return next((label for label, z, boundary in rows if abs(z) >= boundary), "")

    @property
    def notes(self) -> tuple[str, ...]:
        """What one must know about these numbers, in plain sentences."""
        left_out = [
            f"Not a look: {label} ({reason})."
            for label, reason in zip(self.labels, self.reasons, strict=True)
            if reason
        ]
        return (CAUTION, *left_out)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a study: label, year, people, fraction, z, boundary, reason."""
        import pandas as pd

        return pd.DataFrame(
            {
                "label": self.labels,
                "year": self.years,
                "people": self.people,
                "fraction": self.fractions,
                "z": self.z,
                "boundary": self.boundaries,
                "reason": self.reasons,
            }
        )

    def __str__(self) -> str:
        """Return the result as text, with what it cannot show."""
        at = max(i for i, reason in enumerate(self.reasons) if not reason)
        boundary = self.boundaries[at]
        edge = "past the required size" if math.isnan(boundary) else f"boundary {plain(boundary)}"
        reached = f"first reached at {self.crossed}" if self.crossed else "never reached"
        return "\n".join(
            [
                f"Trial sequential analysis, {count(self.people[-1])} people of "
                f"{count(self.required)} required ({percent(self.fractions[-1])})",
                f"  after {self.labels[at]}: z {plain(self.z[at])}, {edge}",
                f"  boundary {reached}",
                "",
                "What to know about it",
                *(f"  - {note}" for note in self.notes),
            ]
        )

    __repr__ = __str__


def trial_sequential_analysis(
    table: pd.DataFrame, required: float, *, estimator: Estimator = "REML", alpha: float = 0.05
) -> TrialSequentialAnalysis:
    """Pool after each study in order of year, and compare z with sequential boundaries.

    The information is counted in people: a fraction is people so far over `required`. z is the
    pooled estimate over its standard error (without Hartung and Knapp's factor, since the
    boundaries are those of the normal distribution). Cochrane discourages sequential methods for
    updating a meta-analysis in most circumstances; they should carry neither the main analysis nor
    the main conclusions. The fraction says how far the evidence is from what one trial of the same
    reliability would need, and that is what to read here.

    Parameters
    ----------
    table
        A table from `effect_sizes` with a column `year`, and with `n_treatment` and `n_control` or,
        where these are not known, `n`. Studies of one year stay in the order of the table.
    required
        Required information size in people, fixed from outside these studies: see
        `required_information_size`.
    estimator
        Of the variance between studies, as in `pool`.
    alpha
        Two-sided error rate over all looks.

    Returns
    -------
    TrialSequentialAnalysis
        After each study: people, fraction, z and boundary. A study without an effect stays, with
        the reason.

    Raises
    ------
    UsageError
        If the required size is not above 0; if columns lack; if a study with an effect has no year
        or no people; and whatever `pool` and `sequential_boundaries` refuse.

    References
    ----------
    Wetterslev, Thorlund, Brok & Gluud 2008, J Clin Epidemiol 61:64-75,
    doi:10.1016/j.jclinepi.2007.03.013; its use: Cochrane Handbook version 6.5, chapter 22.
    """
    check_numbers(POSITIVE, required=required)
    whole = pool(table, estimator=estimator, ci_method="wald")
    effects, variances = np.array(whole.effects), np.array(whole.variances)
    looks = np.array([not reason for reason in whole.reasons])
    years, people = _read(table, looks)
    order = np.argsort(years, kind="stable")
    so_far = np.cumsum(np.where(looks, people, 0.0)[order])
    fractions = so_far / required
    looked = looks[order]
    z, boundaries = np.full((2, looked.size), math.nan)
    boundaries[looked] = sequential_boundaries(fractions[looked], alpha=alpha)
    for place in np.flatnonzero(looked):
        rows = order[: place + 1][looked[: place + 1]]
        found = pool(effects[rows], variances[rows], estimator=estimator, ci_method="wald")
        z[place] = found.statistic
    return TrialSequentialAnalysis(
        required=float(required),
        alpha=alpha,
        measure=whole.measure,
        estimator=estimator,
        labels=tuple(whole.labels[row] for row in order),
        years=tuple(years[order].tolist()),
        people=tuple(so_far.tolist()),
        fractions=tuple(fractions.tolist()),
        z=tuple(z.tolist()),
        boundaries=tuple(boundaries.tolist()),
        reasons=tuple(whole.reasons[row] for row in order),
    )


def _read(table: pd.DataFrame, looks: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[Floats]:
    """Read years and people, refusing studies that would be looks without them."""
    groups = [name for name in ("n_treatment", "n_control") if name in table.columns]
    if "year" not in table.columns or not (len(groups) == 2 or "n" in table.columns):
        raise UsageError(
            "trial sequential analysis needs the columns year, and n_treatment and n_control or n"
        )
    years, problems = read_numbers(table, "year")
    people = np.full(len(table), math.nan)
    if len(groups) == 2:
        (treated, faults), (controls, more) = (read_numbers(table, name) for name in groups)
        people, problems = treated + controls, problems + faults + more
    if "n" in table.columns:
        n, faults = read_numbers(table, "n")
        people, problems = np.where(np.isnan(people), n, people), problems + faults
    for row in np.flatnonzero(looks):
        if not math.isfinite(years[row]):
            problems.append((int(row), "the year is missing, so its place in the order is unknown"))
        if not (people[row] > 0 and math.isfinite(people[row])):
            problems.append((int(row), "the number of people is missing, or not above 0"))
    refuse_rows(table, problems)
    return [years, people]

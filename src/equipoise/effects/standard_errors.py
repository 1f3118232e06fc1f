"""Standard deviations that look like standard errors: the commonest slip in typing in a table."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from equipoise.effects.continuous import TWO_MEANS
from equipoise.effects.counts import row_name
from equipoise.effects.interval import Floats
from equipoise.effects.measures import measure
from equipoise.effects.standardised import cohens_d
from equipoise.effects.study_data import Options, read_study_data
from equipoise.errors import UsageError

_LARGE_DIFFERENCE = 3.0
_LEAST_PEOPLE = 9  # below, a standard error is not much smaller than its standard deviation
_AS_GOOD_AS_EQUAL = 1.5


def suspect_standard_errors(table: pd.DataFrame) -> pd.DataFrame:
    """Return the standard deviations of a table that look like standard errors.

    Two signs: (1) The spread of one group is a third of the other's or less, and times √n it is
    the other's, but for a factor of 1.5. (2) The groups differ by more than 3 standard deviations,
    pooled, which few treatments achieve; where sign 1 names the group, sign 2 does not. The
    thresholds are a convention of this package: a mark is a reason to look into the source,
    not a proof, and no number changes because of it. Groups of fewer than 9 people are not judged.

    Parameters
    ----------
    table
        One study a row: `mean_treatment, sd_treatment, n_treatment, mean_control, sd_control,
        n_control`.

    Returns
    -------
    DataFrame
        One suspicion a row: `row` (its position, counted from 1), `study` (how the row is named),
        `column` and `why`. Empty if there is none.

    Raises
    ------
    UsageError
        If a column is missing, or if rows hold what cannot be.

    References
    ----------
    Gøtzsche, Hróbjartsson, Marić & Tendal 2007, JAMA 298:430-437, doi:10.1001/jama.298.4.430.
    """
    lacking = [name for name in TWO_MEANS if name not in table.columns]
    if lacking:
        raise UsageError(f"two means are needed; the table has no {', '.join(lacking)}")
    options = Options(add=None, to="none", drop00=False, level=0.95)
    m1, s1, n1, m2, s2, n2 = read_study_data(table, measure("SMD"), TWO_MEANS, options).arrays
    large = (n1 >= _LEAST_PEOPLE) & (n2 >= _LEAST_PEOPLE)
    treatment = large & _like_standard_error(s1, n1, s2)
    control = large & _like_standard_error(s2, n2, s1)
    with np.errstate(all="ignore"):
        d = np.abs(cohens_d(m1, s1, n1, m2, s2, n2)[0])
    apart = large & (d > _LARGE_DIFFERENCE) & np.isfinite(d) & ~treatment & ~control
    found = [
        (row, "sd_treatment", _too_small("treatment", "control", s1[row], n1[row], s2[row]))
        for row in np.flatnonzero(treatment)
    ]
    found += [
        (row, "sd_control", _too_small("control", "treatment", s2[row], n2[row], s1[row]))
        for row in np.flatnonzero(control)
    ]
    found += [
        (row, "sd_treatment, sd_control", f"the groups differ by {d[row]:.3g} standard deviations")
        for row in np.flatnonzero(apart)
    ]
    return pd.DataFrame(
        [
            (int(row) + 1, row_name(table, int(row)), column, why)
            for row, column, why in sorted(found)
        ],
        columns=["row", "study", "column", "why"],
    )


def _like_standard_error(sd: Floats, n: Floats, other: Floats) -> NDArray[np.bool_]:
    with np.errstate(all="ignore"):
        factor = sd * np.sqrt(n) / other
        about_equal = (factor <= _AS_GOOD_AS_EQUAL) & (1 / factor <= _AS_GOOD_AS_EQUAL)
    return about_equal & (3 * sd <= other)


def _too_small(group: str, other: str, sd: float, n: float, other_sd: float) -> str:
    return (
        f"sd_{group} {sd:g} times √{n:g} is {sd * n**0.5:.3g}, about sd_{other} {other_sd:g}: "
        "a standard error?"
    )

"""Data of published and of hard analyses, and strategies that draw any analysis."""

from math import inf, isnan
from typing import NamedTuple

import pandas as pd
from hypothesis import strategies as st

from equipoise.effects.sizes import effect_sizes
from equipoise.synthesis.pool import pool
from equipoise.synthesis.pooled import Pooled

COUNTS = ["events_treatment", "n_treatment", "events_control", "n_control"]
ESTIMATORS = ["CE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM", "GENQ"]
RANDOM = ESTIMATORS[1:]
INTERVALS = ["wald", "t", "hksj", "hksj-adhoc"]


class Analysis(NamedTuple):
    """Effects and their sampling variances."""

    effects: list[float]
    variances: list[float]

    def apart(self) -> tuple[float, list[float], list[float]]:
        """Return the analysis as the formulas want it: the most precise study apart."""
        at = self.variances.index(min(self.variances))
        y = [effect - self.effects[at] for effect in self.effects]
        return self.variances[at], y[:at] + y[at + 1 :], _without(self.variances, at)


def pooled(analysis: Analysis, estimator: str, ci_method: str = "wald", **more: object) -> Pooled:
    """Pool by any estimator: GENQ with weights that are not the inverse variances."""
    weights = [v**-0.5 for v in analysis.variances] if estimator == "GENQ" else None
    return pool(*analysis, weights=weights, estimator=estimator, ci_method=ci_method, **more)


def effects_of(rows: list[tuple[int, ...]], measure: str) -> pd.DataFrame:
    """Return the effects of studies told as counts."""
    return effect_sizes(pd.DataFrame(rows, columns=COUNTS), measure)


def _without(values: list[float], at: int) -> list[float]:
    return values[:at] + values[at + 1 :]


def analyses(least: int = 2, most: int = 8, decades: float = 2.0) -> st.SearchStrategy[Analysis]:
    """Draw analyses whose variances lie within some decades on either side of 1."""
    effect = st.floats(-5, 5).map(lambda x: round(x, 3))
    variance = st.floats(-decades, decades).map(lambda x: 10.0**x)
    study = st.tuples(effect, variance)
    return st.lists(study, min_size=least, max_size=most).map(
        lambda rows: Analysis([y for y, _ in rows], [v for _, v in rows])
    )


def undecided(analysis: Analysis) -> bool:
    """Whether rounding alone decides which of two maxima of a likelihood is the higher."""
    losses = [pooled(analysis, name).second_loss for name in ("ML", "REML")]
    return min([loss for loss in losses if not isnan(loss)], default=inf) < 1e-6


BCG = [
    (4, 123, 11, 139), (6, 306, 29, 303), (3, 231, 11, 220), (62, 13598, 248, 12867),
    (33, 5069, 47, 5808), (180, 1541, 372, 1451), (8, 2545, 10, 629), (505, 88391, 499, 88391),
    (29, 7499, 45, 7277), (17, 1716, 65, 1665), (186, 50634, 141, 27338), (5, 2498, 3, 2341),
    (27, 16913, 29, 17854),
]  # fmt: skip
"""Trials of BCG against tuberculosis: Colditz et al. 1994."""

LIDOCAINE = [
    (2, 39, 1, 43), (4, 44, 4, 44), (6, 107, 4, 110), (7, 103, 5, 100), (7, 110, 3, 106),
    (11, 154, 4, 146),
]  # fmt: skip
"""Trials of lidocaine after a heart attack: Normand 1999, Table I."""

DIURETICS = [
    (14, 131, 14, 136), (21, 385, 17, 134), (14, 57, 24, 48), (6, 38, 18, 40), (12, 1011, 35, 760),
    (138, 1370, 175, 1336), (15, 506, 20, 524), (6, 108, 2, 103), (65, 153, 40, 102),
]  # fmt: skip
"""Trials of diuretics against pre-eclampsia: Collins, Yusuf & Peto 1985."""

ST_JOHNS_WORT = [
    (20, 25, 11, 25), (14, 20, 9, 20), (4, 25, 2, 25), (20, 32, 6, 33), (28, 50, 13, 55),
    (34, 48, 25, 49), (35, 53, 12, 54), (24, 49, 16, 49), (45, 80, 12, 79), (67, 106, 22, 47),
    (34, 60, 17, 59), (46, 70, 34, 70), (55, 123, 57, 124), (23, 37, 15, 35), (26, 98, 19, 102),
    (46, 113, 56, 116), (98, 186, 80, 189),
]  # fmt: skip
"""Trials of St John's wort against depression, of those of Linde et al. 2005."""

CATHETERS = [
    (0, 116, 3, 117), (1, 44, 3, 35), (2, 208, 9, 195), (0, 130, 7, 136), (5, 151, 6, 157),
    (1, 98, 4, 139), (1, 174, 3, 177), (1, 74, 2, 39), (1, 97, 19, 103), (1, 113, 2, 122),
    (0, 66, 7, 64), (0, 70, 1, 58), (3, 188, 5, 175), (6, 187, 11, 180), (0, 118, 0, 105),
    (0, 252, 1, 262), (1, 345, 3, 362), (4, 64, 1, 69),
]  # fmt: skip
"""Trials of catheters that kill germs: Niël-Weise et al. 2007."""

ACUPOINT = [
    (18, 100, 20, 100), (5, 50, 18, 50), (9, 20, 7, 20), (32, 135, 31, 139), (9, 23, 10, 23),
    (11, 18, 12, 18), (69, 122, 80, 122), (3, 25, 12, 25), (1, 30, 1, 30), (11, 30, 19, 30),
    (7, 44, 16, 39), (4, 47, 6, 47), (1, 30, 13, 30), (24, 40, 71, 80), (16, 50, 53, 88),
    (28, 110, 25, 111),
]  # fmt: skip
"""Trials of acupoint stimulation against nausea after surgery: Lee & Done 2004."""

TEACHERS = Analysis(
    [0.03, 0.12, -0.14, 1.18, 0.26, -0.06, -0.02, -0.32, 0.27, 0.80, 0.54, 0.18, -0.02, 0.23,
     -0.18, -0.06, 0.30, 0.07, -0.07],
    [0.0156, 0.0216, 0.0279, 0.1391, 0.1362, 0.0106, 0.0106, 0.0484, 0.0269, 0.0630, 0.0912, 0.0497,
     0.0835, 0.0841, 0.0253, 0.0279, 0.0193, 0.0088, 0.0303],
)  # fmt: skip
"""Teachers' expectations and pupils' IQ: Raudenbush & Bryk 1985, Table 1."""

TEN_STUDIES = Analysis(
    [-0.581, 0.530, 0.771, 1.031, 0.553, 0.295, 0.078, 0.573, -0.176, -0.232],
    [0.023, 0.052, 0.060, 0.115, 0.095, 0.203, 0.200, 0.211, 0.051, 0.040],
)
"""Standardised mean differences: Viechtbauer 2005, first example."""

CHALLENGE = Analysis(
    [-0.33, 0.32, 0.39, 0.31, 0.17, 0.64, -0.33, 0.15, -0.02, 0.00],
    [0.084, 0.035, 0.017, 0.034, 0.072, 0.117, 0.102, 0.093, 0.012, 0.067],
)
"""Challenge programmes against delinquency: Lipsey & Wilson 2001."""

LABORATORIES = Analysis(
    [61.0, 61.4, 62.21, 62.3, 62.34, 62.6, 62.7, 62.84, 65.9],
    [0.2025, 1.2100, 0.0900, 0.2025, 0.3844, 0.5625, 0.0676, 0.0225, 1.8225],
)
"""Measurements by nine laboratories: Kacker 2004."""

EIGHT_SCHOOLS = Analysis(
    [28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0],
    [225.0, 100.0, 256.0, 121.0, 81.0, 121.0, 100.0, 324.0],
)
"""Coaching in eight schools: Rubin 1981."""

TRANSPLANTS = Analysis([-2.309703, -1.258461], [0.359372, 0.412159])
"""Acute rejection, the two randomised trials of Crins et al. 2014."""

HARD = {
    "A": Analysis(
        [-0.66, 0.24, -0.69, 0.86, 0.1, 0.1], [0.0753, 24.5963, 0.2595, 0.2553, 0.0022, 0.0067]
    ),
    "B": Analysis([-0.12, 0.05, -0.6, -2.77, -0.07], [0.0065, 0.0087, 1.4002, 0.6072, 0.0071]),
    "C": Analysis([-0.1, -0.29, 1.04, 1.02], [68.1974, 0.2398, 0.0007, 0.0236]),
    "D": Analysis([-0.47, -0.87, -0.56, 0.2, 0.56], [0.0382, 0.1971, 0.0376, 20.7392, 0.1943]),
    "E": Analysis([0.08, 0.38, -0.61, 0.1, -0.76], [0.0151, 1.2837, 0.1619, 0.0176, 0.1534]),
}
"""Analyses whose restricted likelihood has two maxima."""

SLOW = Analysis(
    [1.30, 1.94, 0.70, 0.36, 1.31, 0.46, 1.24, 0.71, 0.35, 0.77],
    [0.640, 0.421, 0.992, 0.058, 0.756, 0.634, 0.790, 0.596, 0.457, 0.935],
)
"""Where Fisher scoring without smaller steps goes back and forth for ever."""

QUICK = Analysis(
    [-0.47, -1.56, 0.18, 0.88, 0.74, 0.89, -0.05, 0.52, 2.08, 0.81],
    [0.663, 0.660, 0.125, 0.068, 0.971, 0.094, 0.509, 0.887, 0.704, 0.556],
)
"""Where it takes a dozen steps."""

"""The choices of a synthesis: estimator, confidence interval, level, prediction interval."""

import difflib
import math
import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias, get_args

from scipy import special

from equipoise.effects.interval import check_level
from equipoise.errors import UsageError
from equipoise.synthesis import one

Estimator: TypeAlias = Literal[
    "CE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM", "GENQ"
]
IntervalMethod: TypeAlias = Literal["wald", "t", "hksj", "hksj-adhoc"]
PredictionDf: TypeAlias = Literal["k-1", "k-2", "normal"]

ESTIMATORS: dict[str, str] = {
    "CE": "common effect, without variance between studies; as inverse-variance fixed effect",
    "DL": "DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2",
    "HE": "Hedges 1983, doi:10.1037/0033-2909.93.2.388",
    "HS": "Hunter & Schmidt; see Viechtbauer 2005, doi:10.3102/10769986030003261",
    "HSk": "Hunter & Schmidt, corrected for few studies; Viechtbauer et al. 2015",
    "SJ": "Sidik & Jonkman 2005, doi:10.1111/j.1467-9876.2005.00489.x",
    "ML": "maximum likelihood",
    "REML": "restricted maximum likelihood, always its global maximum",
    "EB": "empirical Bayes, Morris 1983; the same equation as PM",
    "PM": "Paule & Mandel 1982, doi:10.6028/jres.087.022",
    "PMM": "Paule & Mandel with the median of Q, Viechtbauer 2021",
    "GENQ": "generalised method of moments with given weights, DerSimonian & Kacker 2007",
}
"""Every estimator of tau2, and where it comes from."""

_OTHER_NAMES = {
    "fe": "CE",
    "ee": "CE",
    "fixed": "CE",
    "common": "CE",
    "knha": "hksj",
    "hk": "hksj",
    "z": "wald",
    "normal": "wald",
    "adhoc": "hksj-adhoc",
}
LARGEST_TAU2 = 1e60

_CODES = dict(zip(ESTIMATORS, range(len(ESTIMATORS)), strict=True))
_PREDICTION_SHIFT = {"k-1": 1, "k-2": 2, "normal": -math.inf}


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How to pool: checked when it is made.

    Attributes
    ----------
    estimator, ci_method, level, prediction_df, tau2
        As in `pool`.
    """

    estimator: str = "REML"
    ci_method: str = "hksj"
    level: float = 0.95
    prediction_df: str | None = None
    tau2: float | None = None

    def __post_init__(self) -> None:
        """Refuse choices that do not exist or do not go together."""
        _one_of("estimator", self.estimator, tuple(ESTIMATORS))
        _one_of("ci_method", self.ci_method, get_args(IntervalMethod))
        if self.prediction_df is not None:
            _one_of("prediction_df", self.prediction_df, get_args(PredictionDf))
        check_level(self.level)
        if self.tau2 is not None:
            given: object = self.tau2  # numpy's numbers are real ones too, and True is none
            real = isinstance(given, numbers.Real) and not isinstance(given, bool)
            value = float(given) if real else math.nan  # type: ignore[arg-type]
            if not 0 <= value <= LARGEST_TAU2:
                raise UsageError(f"tau2 must be 0 or a positive number, got {given!r}")
            object.__setattr__(self, "tau2", value)
            if self.estimator == "CE":
                raise UsageError("the common-effect model (CE) has no tau2; give another estimator")

    @property
    def code(self) -> int:
        """The number of the estimator in the kernels."""
        return one.FIXED if self.tau2 is not None else _CODES[self.estimator]

    @property
    def random(self) -> bool:
        """Whether effects may vary between studies."""
        return self.estimator != "CE"


class Quantiles(NamedTuple):
    """What the intervals of an analysis of k studies need.

    Attributes
    ----------
    df
        Degrees of freedom of the mean; infinite for the normal distribution.
    mean
        Quantile for the interval of the mean.
    prediction
        Quantile for the prediction interval; NaN where there is none.
    chi2
        The quantiles of the χ² distribution with k - 1 degrees of freedom at the ends of the
        interval, the upper first, and its median.
    """

    df: float
    mean: float
    prediction: float
    chi2: tuple[float, float, float]


@lru_cache(maxsize=4096)
def quantiles(k: int, method: Method) -> Quantiles:
    """Return the quantiles that an analysis of k studies needs; all of them for one level.

    Parameters
    ----------
    k
        Studies. With one study the interval is the normal one, whatever the method: there is
        nothing that a t distribution could take its degrees of freedom from.
    method
        The choices.

    Returns
    -------
    Quantiles
        See there.
    """
    tail = (1 - method.level) / 2
    df = math.inf if method.ci_method == "wald" or k < 2 else k - 1.0
    if method.prediction_df is None:
        prediction_df = df
    else:
        prediction_df = k - _PREDICTION_SHIFT[method.prediction_df]
    given = method.random and (k > 1 or method.tau2 is not None) and prediction_df > 0
    chi2 = special.chdtri(k - 1, [tail, 1 - tail, 0.5]) if k > 1 else [math.nan] * 3
    return Quantiles(
        df=df,
        mean=float(special.stdtrit(df, 1 - tail)),
        prediction=float(special.stdtrit(prediction_df, 1 - tail)) if given else math.nan,
        chi2=(float(chi2[0]), float(chi2[1]), float(chi2[2])),
    )


def _one_of(name: str, value: object, known: Sequence[str]) -> None:
    if value in known:
        return
    same = {name.lower(): name for name in known} | {
        word: name for word, name in _OTHER_NAMES.items() if name in known
    }
    close = difflib.get_close_matches(str(value).lower(), same, n=1, cutoff=0.6)
    hint = f" (did you mean {same[close[0]]!r}?)" if close else ""
    raise UsageError(f"unknown {name} {value!r}{hint}; choose one of: {', '.join(known)}")

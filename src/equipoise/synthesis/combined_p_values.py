"""P values of independent studies, combined into one that speaks of at least one study."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import expm1, inf, log1p, nan, sqrt
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np
from scipy import special

from equipoise.display import numbers
from equipoise.effects.interval import Floats
from equipoise.errors import UsageError
from equipoise.synthesis.directions import Better, read_directions
from equipoise.synthesis.reading import read_column, refuse
from equipoise.synthesis.with_limits import WithLimits

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import ArrayLike

PValueMethod: TypeAlias = Literal["fisher", "stouffer", "tippett"]

_HEAD = "these p values cannot be combined:"


class _Tails(NamedTuple):
    """One-sided p values and what is left of 1, each to full precision."""

    p: Floats
    rest: Floats


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class CombinedPValues(WithLimits):
    """What p values of independent studies say together.

    Attributes
    ----------
    method
        "fisher", "stouffer" or "tippett".
    k
        P values combined.
    missing
        Studies without a p value (or, of two-sided ones, without a direction), which are left out.
    weighted
        Whether studies were weighted.
    statistic, df
        X² on 2k degrees of freedom (Fisher); z, whose infinite degrees of freedom mean the normal
        distribution (Stouffer); the smallest p value, without any (Tippett).
    p_value
        The combined p value, one-sided as those it is made of.
    """

    method: str
    k: int
    missing: int
    weighted: bool
    statistic: float
    df: float
    p_value: float

    def to_frame(self) -> pd.DataFrame:
        """Return the result as a table of one row, its columns the attributes."""
        import pandas as pd

        return pd.DataFrame([asdict(self)])

    @property
    def lines(self) -> tuple[str, ...]:
        """The method, the statistic and the combined p value."""
        studies = "1 p value" if self.k == 1 else f"{self.k} p values"
        weighted = ", weighted" if self.weighted else ""
        name = numbers.upper_first(self.method)
        statistic = {
            "fisher": f"X2 {numbers.plain(self.statistic, 2)} on {self.df:g} df",
            "stouffer": f"z {numbers.plain(self.statistic, 2)}",
            "tippett": f"smallest {numbers.p_value(self.statistic)}",
        }[self.method]
        told = [
            f"{studies} combined by {name}'s method{weighted}",
            f"{statistic}; combined one-sided {numbers.p_value(self.p_value)}",
        ]
        if self.missing:
            told.append(f"Left out: {numbers.word(self.missing)} without a p value or a direction")
        return tuple(told)

    @property
    def limits(self) -> tuple[str, ...]:
        """What a combined p value cannot show."""
        told = [
            "A small p value says that there is some difference, in the direction tested, in at "
            "least one study: not in which or how many, how large it is, or whether studies agree.",
            "A large p value does not show that there is none, and a difference the other way is "
            "not looked for.",
            "It takes the studies to be independent and their p values to be free of bias; bias "
            "in one study is enough to make it small.",
        ]
        if self.missing:
            told.append(
                "Studies without a p value may differ from the others: results that disappoint "
                "are reported less often."
            )
        return tuple(told)


def combine_p_values(
    p: pd.Series | ArrayLike,
    *,
    method: PValueMethod = "fisher",
    weights: pd.Series | ArrayLike | None = None,
    directions: pd.Series | ArrayLike | None = None,
    better: Better = "higher",
) -> CombinedPValues:
    """Combine one-sided p values of independent studies, all of the same direction.

    The hypothesis tested is that in no study there is a difference; what speaks against it is a
    difference in the direction of the p values, in at least one study. With k p values:

    - "fisher": X² = -2 Σ ln p has a χ² distribution with 2k degrees of freedom. Small p values
      weigh most.
    - "stouffer": z = Σ w Φ⁻¹(1 - p) / √Σw² is standard normal. Both ends weigh the same, and
      studies can be weighted, by √n or 1/se for instance.
    - "tippett": with the smallest p value m, p = 1 - (1 - m)ᵏ. Only the smallest counts.

    Choose the method before seeing the p values. Where effects or directions are known, they say
    more: see `pool`, `summarize_effects` and `vote_count`.

    Parameters
    ----------
    p
        One an independent study: one-sided, above 0 and at most 1; with `directions`, two-sided. An
        empty cell is a study without a p value, which is left out and counted.
    method
        "fisher", "stouffer" or "tippett".
    weights
        Of Stouffer's method only: 0 or more, not all 0.
    directions
        Makes two-sided p values one-sided, in the direction of benefit: p/2 for an effect towards
        benefit, 1 - p/2 for one away from it. Words ("up", "down") or effects on the analysis
        scale, as in `vote_count`; exactly no difference has the two-sided p value 1.
    better
        Whether higher or lower effects are better; it has no bearing on words.

    Returns
    -------
    CombinedPValues
        Statistic, degrees of freedom and the combined one-sided p value.

    Raises
    ------
    UsageError
        If there is no p value, one cannot be (each is named), the numbers of p values, weights and
        directions differ, or a choice is unknown.

    References
    ----------
    Fisher 1932, Statistical Methods for Research Workers, 4th edition; Stouffer et al. 1949, The
    American Soldier, volume 1; Tippett 1931, The Methods of Statistics; Loughin 2004, Comput Stat
    Data Anal, doi:10.1016/j.csda.2003.11.020 (a comparison); McKenzie & Brennan, Cochrane Handbook
    version 6.3 (2022), chapter 12.
    """
    if method not in _METHODS:
        raise UsageError(f"unknown method {method!r}; choose one of: {', '.join(_METHODS)}")
    if weights is not None and method != "stouffer":
        raise UsageError(f'{method} has no weights; leave them out, or take method="stouffer"')
    given = _read(p)
    tails = _Tails(given, 1 - given)
    if directions is not None:
        tails = _one_sided(given, read_directions(directions, better=better))
    used = ~np.isnan(tails.p)
    w = _read_weights(weights, used)
    if not used.any():
        raise UsageError("there is nothing to combine: no study has a p value")
    tails = _Tails(tails.p[used], tails.rest[used])
    statistic, df, p_value = _METHODS[method](tails, w)
    return CombinedPValues(
        method=method,
        k=int(used.sum()),
        missing=int((~used).sum()),
        weighted=weights is not None,
        statistic=statistic,
        df=df,
        p_value=p_value,
    )


def _read(p: object) -> Floats:
    values = read_column("p", p, _HEAD)
    wrong = []
    for row, value in enumerate(values.tolist(), start=1):
        if value == 0:
            wrong.append(f"row {row}: p 0 cannot be; write what it is below, such as 0.001")
        elif not (np.isnan(value) or 0 < value <= 1):
            wrong.append(f"row {row}: p {value:g} is not between 0 and 1")
    refuse(_HEAD, wrong)
    return values


def _read_weights(weights: object, used: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> Floats:
    """Return the weights of the studies that are used; 1 each if none are given."""
    if weights is None:
        return np.ones(int(used.sum()))
    given = read_column("weight", weights, _HEAD)
    _same_length(len(used), len(given), "weights")
    refuse(
        _HEAD,
        [
            f"row {row}: weight {value:g} is not 0 or a positive number"
            for row, (value, counts) in enumerate(zip(given.tolist(), used, strict=True), start=1)
            if counts and not 0 <= value < inf
        ],
    )
    if used.any() and not given[used].any():
        raise UsageError("the weights are all 0; give at least one study a weight")
    return given[used]


def _one_sided(p: Floats, directions: tuple[str, ...]) -> _Tails:
    """Halve two-sided p values, on the side where the effect lies."""
    _same_length(len(p), len(directions), "directions")
    half, wrong = p / 2, []
    for row, (value, direction) in enumerate(zip(p.tolist(), directions, strict=True)):
        if direction == "none" and value < 1:
            wrong.append(
                f"row {row + 1}: exactly no difference has the p value 1, not {value:g}; say which "
                "way the effect points, or leave the study out"
            )
        elif direction not in ("up", "down", "none"):
            half[row] = nan
    refuse(_HEAD, wrong)
    away = np.array(directions) == "down"
    return _Tails(np.where(away, 1 - half, half), np.where(away, half, 1 - half))


def _same_length(values: int, others: int, name: str) -> None:
    if values != others:
        raise UsageError(f"every study needs one of each; got {values} p values, {others} {name}")


def _fisher(tails: _Tails, _: Floats) -> tuple[float, float, float]:
    # near 1 the logarithm of p is that of what is left of 1, to full precision
    logs = np.where(tails.p > 0.5, np.log1p(-tails.rest), np.log(tails.p))
    statistic, df = -2 * float(logs.sum()) + 0.0, 2.0 * len(tails.p)
    return statistic, df, float(special.chdtrc(df, statistic))


def _stouffer(tails: _Tails, weights: Floats) -> tuple[float, float, float]:
    if not tails.rest.all():
        raise UsageError(
            "a one-sided p value of exactly 1 has no z, so Stouffer's method cannot take it: write "
            'it less rounded, or take method="fisher"'
        )
    z = np.where(tails.p > 0.5, special.ndtri(tails.rest), -special.ndtri(tails.p))
    largest = weights.max()  # so that squares of weights neither overflow nor vanish
    statistic = float(((weights / largest) * z).sum() / sqrt(((weights / largest) ** 2).sum()))
    return statistic, inf, float(special.ndtr(-statistic))


def _tippett(tails: _Tails, _: Floats) -> tuple[float, float, float]:
    smallest = float(tails.p.min())
    if smallest == 1:
        return 1.0, nan, 1.0
    return smallest, nan, -expm1(len(tails.p) * log1p(-smallest))


_METHODS: Mapping[str, Callable[[_Tails, Floats], tuple[float, float, float]]] = MappingProxyType(
    {"fisher": _fisher, "stouffer": _stouffer, "tippett": _tippett}
)

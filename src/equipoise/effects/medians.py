"""Mean and standard deviation from a median with quartiles, with the range, or with both.

They are derived, not reported: every result says by what method and under what assumption, and
whether the numbers themselves speak against it. Pool with and without such rows.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from equipoise.effects.counts import read_numbers, refuse_rows
from equipoise.effects.domains import FINITE, Argument, read_arrays
from equipoise.effects.interval import Floats
from equipoise.effects.quantile_estimation import quantile_estimates
from equipoise.errors import UsageError

MedianMethod: TypeAlias = Literal["luo-wan-shi", "wan", "quantile-estimation"]
"""How a mean and a standard deviation are derived; see `mean_sd_from_median`."""

_QUANTILES = ("minimum", "q1", "median", "q3", "maximum")
_GROUPS = ("_treatment", "_control", "")
_RANGE, _QUARTILES = "median and range", "median and quartiles"
_BOTH = "median, quartiles and range"
_SOURCES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "luo-wan-shi": {
            _RANGE: "Luo 2018 and Wan 2014",
            _QUARTILES: "Luo 2018 and Wan 2014",
            _BOTH: "Luo 2018 and Shi 2020",
        },
        "wan": dict.fromkeys((_RANGE, _QUARTILES, _BOTH), "Wan 2014"),
    }
)


def mean_sd_from_median(
    n: ArrayLike,
    median: ArrayLike,
    *,
    q1: ArrayLike = np.nan,
    q3: ArrayLike = np.nan,
    minimum: ArrayLike = np.nan,
    maximum: ArrayLike = np.nan,
    method: MedianMethod = "luo-wan-shi",
) -> pd.DataFrame:
    """Return mean and standard deviation of groups that report a median with quartiles or range.

    Both quartiles, both ends of the range, or all four are needed besides the median and n; where
    they are not given, or lie on one number, mean and standard deviation stay NaN.

    Parameters
    ----------
    n
        People, three or more.
    median, q1, q3, minimum, maximum
        In one unit, of shapes that broadcast to one row a group.
    method
        "luo-wan-shi": the weights that are optimal for normal data, Luo's for the mean, and for
        the standard deviation Wan's, or Shi's if quartiles and range are given. "wan": Wan's for
        both, as in many older reviews. "quantile-estimation": McGrath's, for skewed data: mean and
        standard deviation of whichever normal, log-normal, gamma or Weibull distribution comes
        closest to the numbers in least squares (only the normal if a number is negative).

    Returns
    -------
    DataFrame
        One row a group: `mean`, `sd`, `method` (the source) and `caveat` (what was assumed, and
        whether a test of skewness speaks against it); the texts are empty where nothing is derived.

    Raises
    ------
    UsageError
        If quantiles are out of order, if n is below 3 or if the method is unknown; the message
        names every such row.

    References
    ----------
    Luo, Wan, Liu & Tong 2018, Stat Methods Med Res 27:1785-1805, doi:10.1177/0962280216669183.
    Wan, Wang, Liu & Tong 2014, BMC Med Res Methodol 14:135, doi:10.1186/1471-2288-14-135.
    Shi, Luo, Weng et al. 2020, Res Synth Methods 11:641-654, doi:10.1002/jrsm.1429.
    McGrath, Zhao, Steele et al. 2020, Stat Methods Med Res 29:2520-2537,
    doi:10.1177/0962280219889080.
    """
    _check_method(method)
    columns = _columns(n, median, q1, q3, minimum, maximum)
    refuse_rows(columns, _faults(columns, ""))
    return _derive(columns, method)


def means_from_medians(
    table: pd.DataFrame, *, method: MedianMethod = "luo-wan-shi"
) -> pd.DataFrame:
    """Return the table with means and standard deviations derived where only medians are reported.

    Every row stays, in its order, and no reported mean or standard deviation is changed. A row
    whose numbers do not suffice stays as it was.

    Parameters
    ----------
    table
        One study a row, with columns `median_treatment` and `n_treatment`, besides
        `q1_treatment, q3_treatment` or `minimum_treatment, maximum_treatment` or all four; the same
        with `_control`; or without an ending for one group. A group without a median is left alone.
    method
        As in `mean_sd_from_median`.

    Returns
    -------
    DataFrame
        The table, with `mean_…` and `sd_…` filled in and a column `derived`: for each group the
        derived columns, method and caveat, one line a group after what `derived` said before; empty
        where everything is as reported.

    Raises
    ------
    UsageError
        If no column of medians is there, if the method is unknown or if a row from which a number
        is needed holds what cannot be; the message names every such row.

    References
    ----------
    See `mean_sd_from_median`.
    """
    _check_method(method)
    groups = [group for group in _GROUPS if f"median{group}" in table.columns]
    if not groups:
        raise UsageError("the table has no column median_treatment, median_control or median")
    problems: list[tuple[int, str]] = []
    read = {}
    for group in groups:
        names = ("n", "mean", "sd", *_QUANTILES)
        columns = pd.DataFrame(index=range(len(table)))
        for name in names:
            columns[name] = np.nan
            if name + group in table.columns:
                columns[name], unreadable = read_numbers(table, name + group)
                problems += unreadable
        both = columns["mean"].notna() & columns["sd"].notna()
        columns.loc[both, ["n", *_QUANTILES]] = np.nan  # nothing is needed of them
        problems += _faults(columns, group)
        read[group] = columns
    refuse_rows(table, problems)
    filled = table.assign(derived=table["derived"] if "derived" in table.columns else "")
    for group, columns in read.items():
        filled = _fill(filled, columns, group, method)
    return filled


def skewness_test(
    n: ArrayLike,
    median: ArrayLike,
    *,
    q1: ArrayLike = np.nan,
    q3: ArrayLike = np.nan,
    minimum: ArrayLike = np.nan,
    maximum: ArrayLike = np.nan,
) -> pd.DataFrame:
    """Test at the 5% level whether a median with quartiles or range can come from symmetric data.

    The statistic compares the distances from the median to both sides: for quartiles
    |q₁ + q₃ - 2m| / (q₃ - q₁), for the range likewise, for both the greater of the two after the
    range's is multiplied by 2.65 ln(0.6n)/√n. A test that finds nothing in a small group does not
    show that the data are symmetric.

    Parameters
    ----------
    n
        People, three or more.
    median, q1, q3, minimum, maximum
        In one unit, of shapes that broadcast to one row a group.

    Returns
    -------
    DataFrame
        One row a group: `statistic`, `critical_value` and `skewed` (whether the first exceeds the
        second; False where there is nothing to compare).

    Raises
    ------
    UsageError
        If quantiles are out of order or n is below 3; the message names every such row.

    References
    ----------
    Shi, Luo, Wan et al. 2023, Stat Methods Med Res 32:1338-1360, doi:10.1177/09622802231172043.
    """
    columns = _columns(n, median, q1, q3, minimum, maximum)
    refuse_rows(columns, _faults(columns, ""))
    statistic, critical = _skewness(columns)
    return pd.DataFrame(
        {"statistic": statistic, "critical_value": critical, "skewed": statistic > critical}
    )


def _derive(columns: pd.DataFrame, method: MedianMethod) -> pd.DataFrame:
    """Return mean, sd, method and caveat of rows that have been checked."""
    given = _given(columns)
    if method == "quantile-estimation":
        mean, sd, family = quantile_estimates(_values(columns), columns["n"].to_numpy())
        assumed = [f"the closest of four distributions ({name})" for name in family]
        source = [
            f"quantile estimation with a {name} distribution, McGrath 2020" for name in family
        ]
    else:
        mean, sd = _luo_wan_shi(columns) if method == "luo-wan-shi" else _wan(columns)
        assumed = ["a normal distribution"] * len(columns)
        source = [_SOURCES[method].get(what, "") for what in given]
    done = (given != "") & np.isfinite(mean) & (sd > 0)
    statistic, critical = _skewness(columns)
    skewed = (statistic > critical) & (method != "quantile-estimation")
    doubt = np.where(skewed, "; the skewness test (Shi 2023, 5% level) speaks against it", "")
    caveat = [
        f"derived from {what}, assuming {distribution}{but}"
        for what, distribution, but in zip(given, assumed, doubt, strict=True)
    ]
    return pd.DataFrame(
        {
            "mean": np.where(done, mean, np.nan),
            "sd": np.where(done, sd, np.nan),
            "method": np.where(done, np.array(source, dtype=object), ""),
            "caveat": np.where(done, np.array(caveat, dtype=object), ""),
        }
    )


def _fill(
    table: pd.DataFrame, columns: pd.DataFrame, group: str, method: MedianMethod
) -> pd.DataFrame:
    found = _derive(columns, method)
    lacking = columns[["mean", "sd"]].isna() & found[["mean", "sd"]].notna()
    derived = table["derived"].fillna("").to_numpy(dtype=object, copy=True)
    for row in np.flatnonzero(lacking.any(axis=1)):
        numbers = " and ".join(name + group for name in lacking.columns[lacking.iloc[row]])
        text = f"{numbers}: {found['method'].iloc[row]}; {found['caveat'].iloc[row]}"
        derived[row] = f"{derived[row]}\n{text}" if derived[row] else text
    filled = {
        name + group: columns[name].where(~lacking[name], found[name]).to_numpy()
        for name in ("mean", "sd")
    }
    return table.assign(**filled, derived=derived)


def _luo_wan_shi(columns: pd.DataFrame) -> tuple[Floats, Floats]:
    n, given = columns["n"].to_numpy(), _given(columns)
    low, q1, m, q3, high = _values(columns)
    z_range, z_quartiles = _normal_scores(n)
    of_ends, of_quartiles = 2.2 / (2.2 + n**0.75), 0.7 - 0.72 / n**0.55
    mean = {
        _RANGE: _weighted(4 / (4 + n**0.75), (low + high) / 2, m),
        _QUARTILES: _weighted(0.7 + 0.39 / n, (q1 + q3) / 2, m),
        _BOTH: of_ends * (low + high) / 2
        + of_quartiles * (q1 + q3) / 2
        + (1 - of_ends - of_quartiles) * m,
    }
    sd = {
        _RANGE: (high - low) / (2 * z_range),
        _QUARTILES: (q3 - q1) / (2 * z_quartiles),
        _BOTH: (high - low) / ((2 + 0.14 * n**0.6) * z_range)
        + (q3 - q1) / ((2 + 2 / (0.07 * n**0.6)) * z_quartiles),
    }
    return _choose(given, mean), _choose(given, sd)


def _wan(columns: pd.DataFrame) -> tuple[Floats, Floats]:
    n, given = columns["n"].to_numpy(), _given(columns)
    low, q1, m, q3, high = _values(columns)
    z_range, z_quartiles = _normal_scores(n)
    of_range, of_quartiles = (high - low) / (2 * z_range), (q3 - q1) / (2 * z_quartiles)
    mean = {
        _RANGE: (low + 2 * m + high) / 4,
        _QUARTILES: (q1 + m + q3) / 3,
        _BOTH: (low + 2 * q1 + 2 * m + 2 * q3 + high) / 8,
    }
    sd = {
        _RANGE: of_range,
        _QUARTILES: of_quartiles,
        _BOTH: (of_range + of_quartiles) / 2,
    }
    return _choose(given, mean), _choose(given, sd)


def _skewness(columns: pd.DataFrame) -> tuple[Floats, Floats]:
    n, given = columns["n"].to_numpy(), _given(columns)
    low, q1, m, q3, high = _values(columns)
    with np.errstate(divide="ignore", invalid="ignore"):  # nothing to compare on one number
        of_range = np.abs(low + high - 2 * m) / (high - low)
        of_quartiles = np.abs(q1 + q3 - 2 * m) / (q3 - q1)
    statistic = {
        _RANGE: of_range,
        _QUARTILES: of_quartiles,
        _BOTH: np.fmax(2.65 * np.log(0.6 * n) / np.sqrt(n) * of_range, of_quartiles),
    }
    critical = {
        _RANGE: 1.01 / np.log(n + 9) + 2.43 / (n + 1),
        _QUARTILES: 2.66 / np.sqrt(n) - 5.92 / n**2,
        _BOTH: 3 / np.sqrt(n) - 40 / n**3,
    }
    return _choose(given, statistic), _choose(given, critical)


def _normal_scores(n: Floats) -> tuple[Floats, Floats]:
    """Return where the largest and the upper-quartile value of n normal ones are expected."""
    return ndtri((n - 0.375) / (n + 0.25)), ndtri((0.75 * n - 0.125) / (n + 0.25))


def _weighted(weight: Floats, middle: Floats, median: Floats) -> Floats:
    return weight * middle + (1 - weight) * median


def _choose(given: NDArray[np.object_], by_what: Mapping[str, Floats]) -> Floats:
    return np.select([given == what for what in by_what], list(by_what.values()), np.nan)


def _given(columns: pd.DataFrame) -> NDArray[np.object_]:
    """Return what each row reports besides median and n; empty where that does not suffice."""
    low, q1, m, q3, high = _values(columns)
    usable = ~np.isnan(m) & columns["n"].notna().to_numpy()
    quartiles, ends = usable & ~np.isnan(q1 + q3), usable & ~np.isnan(low + high)
    given = np.full(len(columns), "", dtype=object)
    given[quartiles], given[ends] = _QUARTILES, _RANGE
    given[quartiles & ends] = _BOTH
    return given


def _faults(columns: pd.DataFrame, group: str) -> list[tuple[int, str]]:
    """Return the rows whose quantiles are infinite or out of order, or whose n is too small."""
    n, values = columns["n"].to_numpy(), _values(columns)
    found = [
        (int(row), f"n{group} {n[row]:g} is too few for a median; 3 is the least")
        for row in np.flatnonzero((n < 3) & ~np.isnan(values[2]))
    ]
    found += [
        (int(row), f"{_QUANTILES[place]}{group} is infinite")
        for place, row in np.argwhere(np.isinf(values))
    ]
    for upper in range(1, len(_QUANTILES)):
        for lower in range(upper):
            for row in np.flatnonzero(values[lower] > values[upper]):
                least, most = values[lower, row], values[upper, row]
                names = (
                    f"{_QUANTILES[lower]}{group} {{:g}} is above {_QUANTILES[upper]}{group} {{:g}}"
                )
                found.append((int(row), names.format(least, most)))
    return found


def _columns(*values: ArrayLike) -> pd.DataFrame:
    names = ("n", "median", "q1", "q3", "minimum", "maximum")
    arguments: list[Argument] = [
        (name, value, FINITE) for name, value in zip(names, values, strict=True)
    ]
    arrays = np.broadcast_arrays(*map(np.atleast_1d, read_arrays(*arguments)))
    if arrays[0].ndim > 1:
        raise UsageError("give one row a group: numbers or arrays of one dimension")
    return pd.DataFrame(dict(zip(names, arrays, strict=True)))


def _values(columns: pd.DataFrame) -> Floats:
    return columns[list(_QUANTILES)].to_numpy(dtype=np.float64).T


def _check_method(method: MedianMethod) -> None:
    if method not in get_args(MedianMethod):
        known = ", ".join(get_args(MedianMethod))
        raise UsageError(f"unknown method={method!r}; choose one of: {known}")

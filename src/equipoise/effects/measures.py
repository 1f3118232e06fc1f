"""The registry of effect measures: what each is called, its scale, its null, how it is computed.

A new measure is one more entry. With a `compute` kernel `effect_sizes` can compute it; without one
only values that a source reports can be used.
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias, overload

import numpy as np

from equipoise.effects.binary import (
    EffectAndVariance,
    log_odds_ratio,
    log_risk_ratio,
    proportion,
    risk_difference,
)
from equipoise.effects.continuous import mean_difference
from equipoise.effects.interval import Floats
from equipoise.errors import UsageError

Kernel: TypeAlias = Callable[..., EffectAndVariance]
"""Arrays in the order of the measure's columns -> effect and variance on the analysis scale."""

Columns: TypeAlias = tuple[str, ...]

_TWO_GROUPS: Columns = ("events_treatment", "n_treatment", "events_control", "n_control")
_TWO_MEANS: Columns = (
    "mean_treatment",
    "sd_treatment",
    "n_treatment",
    "mean_control",
    "sd_control",
    "n_control",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One effect measure.

    Attributes
    ----------
    key
        metafor's abbreviation.
    name
        In words.
    scale
        "log" if it is analysed as a logarithm, "identity" if as it is.
    null
        The value, on the natural scale, that means no difference; None where there is none.
    axis
        What an axis shows: a ratio, a difference or a proportion.
    family
        The kind of data it is about.
    description
        Formula and source.
    columns
        Sets of columns it can be computed from; the first that a table has is read.
    compute
        The kernel, or None where only reported values can be used.
    default_add
        What is added by default to the cells of a study with a zero cell; None where the measure
        has no cells.
    """

    key: str
    name: str
    scale: Literal["log", "identity"]
    null: float | None
    axis: Literal["ratio", "difference", "proportion"]
    family: Literal["binary", "proportion", "continuous", "paired", "time_to_event"]
    description: str
    columns: tuple[Columns, ...] = ()
    compute: Kernel | None = None
    default_add: float | None = None

    def kernel(self) -> Kernel:
        """Return the kernel that computes the measure.

        Returns
        -------
        Kernel
            Arrays in the order of `columns` -> effect and variance on the analysis scale.

        Raises
        ------
        UsageError
            If only reported values can be used; the message names the measures that are computed.
        """
        if self.compute is None:
            computed = ", ".join(entry.key for entry in MEASURES.values() if entry.compute)
            raise UsageError(
                f"{self.key} ({self.name}) is not computed in this version, only used as reported; "
                f"computed measures: {computed}"
            )
        return self.compute

    @overload
    def natural(self, x: float) -> float: ...
    @overload
    def natural(self, x: Floats) -> Floats: ...
    def natural(self, x: float | Floats) -> float | Floats:
        """Return values of the analysis scale on the natural scale.

        Parameters
        ----------
        x
            A number or an array.

        Returns
        -------
        float or ndarray
            exp(x) for measures analysed as logarithms, else x.
        """
        if self.scale == "identity":
            return x
        values = np.exp(x)
        return values if isinstance(x, np.ndarray) else float(values)

    @overload
    def analysis(self, x: float) -> float: ...
    @overload
    def analysis(self, x: Floats) -> Floats: ...
    def analysis(self, x: float | Floats) -> float | Floats:
        """Return values of the natural scale on the analysis scale.

        Parameters
        ----------
        x
            A number or an array.

        Returns
        -------
        float or ndarray
            ln(x) for measures analysed as logarithms (minus infinity at 0, NaN below), else x.
        """
        if self.scale == "identity":
            return x
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.log(x)
        return values if isinstance(x, np.ndarray) else float(values)


_ALL = (
    Measure(
        key="RR",
        name="risk ratio",
        scale="log",
        null=1.0,
        axis="ratio",
        family="binary",
        description="(e1/n1) / (e2/n2); Katz et al. 1978, doi:10.2307/2530610",
        columns=(_TWO_GROUPS,),
        compute=log_risk_ratio,
        default_add=0.5,
    ),
    Measure(
        key="OR",
        name="odds ratio",
        scale="log",
        null=1.0,
        axis="ratio",
        family="binary",
        description="ad / bc; Woolf 1955, doi:10.1111/j.1469-1809.1955.tb01348.x",
        columns=(_TWO_GROUPS,),
        compute=log_odds_ratio,
        default_add=0.5,
    ),
    Measure(
        key="RD",
        name="risk difference",
        scale="identity",
        null=0.0,
        axis="difference",
        family="binary",
        description="e1/n1 - e2/n2; Viechtbauer 2010, doi:10.18637/jss.v036.i03",
        columns=(_TWO_GROUPS,),
        compute=risk_difference,
        default_add=0.5,
    ),
    Measure(
        key="PR",
        name="proportion",
        scale="identity",
        null=None,
        axis="proportion",
        family="proportion",
        description="x/n, of one group; Viechtbauer 2010, doi:10.18637/jss.v036.i03",
        columns=(("events", "n"), ("events_treatment", "n_treatment")),
        compute=proportion,
        default_add=0.5,
    ),
    Measure(
        key="SMD",
        name="standardised mean difference",
        scale="identity",
        null=0.0,
        axis="difference",
        family="continuous",
        description="(mean1 - mean2) / pooled SD, as reported; Hedges 1981, doi:10.2307/1164588",
    ),
    Measure(
        key="MD",
        name="mean difference",
        scale="identity",
        null=0.0,
        axis="difference",
        family="continuous",
        description="mean1 - mean2; Viechtbauer 2010, doi:10.18637/jss.v036.i03",
        columns=(_TWO_MEANS,),
        compute=mean_difference,
    ),
    Measure(
        key="MC",
        name="mean change",
        scale="identity",
        null=0.0,
        axis="difference",
        family="paired",
        description="after - before, of one group; Cochrane Handbook 5.1, section 9.4.5.2",
    ),
    Measure(
        key="HR",
        name="hazard ratio",
        scale="log",
        null=1.0,
        axis="ratio",
        family="time_to_event",
        description="ratio of hazards, as reported; Cochrane Handbook 5.1, section 9.2.6",
    ),
)

MEASURES: Mapping[str, Measure] = MappingProxyType({entry.key: entry for entry in _ALL})
"""Every measure by its key."""


def measure(key: str) -> Measure:
    """Return the measure with this key.

    Parameters
    ----------
    key
        metafor's abbreviation, for instance "RR".

    Returns
    -------
    Measure
        The registry's entry.

    Raises
    ------
    UsageError
        If the key is unknown; the message names the known keys and the closest one.
    """
    if key in MEASURES:
        return MEASURES[key]
    known = ", ".join(MEASURES)
    close = difflib.get_close_matches(str(key).upper(), MEASURES, n=1)
    hint = f" (did you mean {close[0]!r}?)" if close else ""
    raise UsageError(f"unknown measure {key!r}{hint}; known measures: {known}")

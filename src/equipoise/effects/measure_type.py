"""What an effect measure is: a name, a scale, a null value, and how it is computed."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike

from equipoise.effects.interval import Floats
from equipoise.effects.transformations import TRANSFORMATIONS, ScaleName
from equipoise.errors import UsageError

EffectAndVariance: TypeAlias = tuple[Floats, Floats]

Kernel: TypeAlias = Callable[..., EffectAndVariance]
"""Arrays in the order of the measure's columns -> effect and variance on the analysis scale.

A kernel is a formula and checks nothing. A row it has no number for comes out NaN or infinite. The
kernel of a measure with several variances also takes `vtype`.
"""

Columns: TypeAlias = tuple[str, ...]

Family: TypeAlias = Literal[
    "binary",
    "proportion",
    "continuous",
    "one_mean",
    "incidence",
    "one_rate",
    "correlation",
    "paired",
    "time_to_event",
    "generic",
]

_NULL = {"ratio": 1.0, "difference": 0.0, "correlation": 0.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One effect measure.

    Attributes
    ----------
    key
        metafor's abbreviation.
    name
        In words, of the natural scale.
    scale
        The scale of analysis; "identity" where effects are analysed as they are read.
    axis
        What an axis of the natural scale shows.
    family
        The kind of data it is about.
    description
        Formula on the natural scale, and source.
    columns
        Sets of columns it can be computed from; the first that a table has is read.
    compute
        The kernel.
    undefined
        Why a complete row can be without a number.
    default_add
        What is added by default to the cells of a study with a zero cell; None where the measure
        has no cells.
    vtypes
        The variances it can have, by metafor's names, the default first.
    """

    key: str
    name: str
    scale: ScaleName
    axis: Literal["ratio", "difference", "correlation", "proportion", "rate", "mean"]
    family: Family
    description: str
    columns: tuple[Columns, ...]
    compute: Kernel
    undefined: str
    default_add: float | None = None
    vtypes: tuple[str, ...] = ("LS",)

    @property
    def null(self) -> float | None:
        """The natural value that means no difference: 1 or 0; None where nothing is compared."""
        return _NULL.get(self.axis)

    def kernel(self, vtype: str | None = None) -> Kernel:
        """Return the kernel that computes the measure, silent about what is not finite.

        Parameters
        ----------
        vtype
            Which variance, by metafor's name; the measure's own default if None.

        Returns
        -------
        Kernel
            Arrays in the order of `columns` -> effect and variance on the analysis scale.

        Raises
        ------
        UsageError
            If the measure has no such variance; the message names those it has.
        """
        if vtype is not None and vtype not in self.vtypes:
            known = ", ".join(self.vtypes)
            raise UsageError(f"{self.key} has no vtype {vtype!r}; choose one of: {known}")
        compute = self.compute
        if len(self.vtypes) > 1:
            compute = partial(compute, vtype=vtype or self.vtypes[0])

        def silent(*arrays: ArrayLike) -> EffectAndVariance:
            with np.errstate(all="ignore"):
                return compute(*(np.asarray(values, dtype=np.float64) for values in arrays))

        return silent

    @overload
    def natural(self, x: float, size: float | None = None) -> float: ...
    @overload
    def natural(self, x: Floats, size: float | Floats | None = None) -> Floats: ...
    def natural(self, x: float | Floats, size: float | Floats | None = None) -> float | Floats:
        """Return values of the analysis scale on the natural scale.

        Parameters
        ----------
        x
            A number or an array.
        size
            The people (PFT) or the time at risk (IRFT) behind each value, which only those two
            need; for a pooled value the harmonic mean over the studies, as Miller proposed;
            infinity gives the limit of large groups.

        Returns
        -------
        float or ndarray
            For instance exp(x) for measures analysed as logarithms.

        Raises
        ------
        UsageError
            If the measure needs the size and none is given.
        """
        return self._transformed(TRANSFORMATIONS[self.scale].to_natural, x, size)

    @overload
    def analysis(self, x: float, size: float | None = None) -> float: ...
    @overload
    def analysis(self, x: Floats, size: float | Floats | None = None) -> Floats: ...
    def analysis(self, x: float | Floats, size: float | Floats | None = None) -> float | Floats:
        """Return values of the natural scale on the analysis scale.

        Parameters
        ----------
        x
            A number or an array.
        size
            As in `natural`.

        Returns
        -------
        float or ndarray
            For instance ln(x) for measures analysed as logarithms: minus infinity at 0, NaN below.

        Raises
        ------
        UsageError
            If the measure needs the size and none is given.
        """
        return self._transformed(TRANSFORMATIONS[self.scale].to_analysis, x, size)

    def _transformed(
        self,
        function: Callable[[Floats, Floats], Floats],
        x: float | Floats,
        size: float | Floats | None,
    ) -> float | Floats:
        needed = TRANSFORMATIONS[self.scale].size
        if needed and size is None:
            raise UsageError(f"the scale of {self.key} needs `size`, the {needed} behind the value")
        with np.errstate(all="ignore"):
            values = function(
                np.asarray(x, dtype=np.float64),
                np.asarray(np.nan if size is None else size, dtype=np.float64),
            )
        return values if isinstance(x, np.ndarray) else float(values)

"""An estimate with its limits, and the few things every interval needs."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from equipoise.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate and the limits around it, unrounded.

    Attributes
    ----------
    estimate, low, high
        The estimate and its limits, on one scale.
    level
        Confidence level of the limits, for instance 0.95.
    method
        Name of the method that gave the limits.
    """

    estimate: float
    low: float
    high: float
    level: float
    method: str

    def to_frame(self) -> "pd.DataFrame":
        """Return the interval as a table of one row."""
        import pandas as pd

        return pd.DataFrame([asdict(self)])


def check_level(level: float) -> None:
    """Refuse a confidence level that is not between 0 and 1.

    Raises
    ------
    UsageError
        If `level` is not strictly between 0 and 1.
    """
    if not (isinstance(level, int | float) and 0 < level < 1):
        raise UsageError(f"level must lie between 0 and 1, for instance 0.95; got {level}")


def normal_quantile(level: float) -> float:
    """Return the standard normal quantile z for a two-sided interval: Φ(z) = (1 + level) / 2.

    Parameters
    ----------
    level
        Confidence level, strictly between 0 and 1.

    Returns
    -------
    float
        1.96 (unrounded) for 0.95.

    Raises
    ------
    UsageError
        If `level` is not strictly between 0 and 1.
    """
    check_level(level)
    return float(ndtri((1 + level) / 2))

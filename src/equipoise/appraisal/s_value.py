"""How surprising a p value is, in tosses of a coin."""

import numpy as np
from numpy.typing import ArrayLike

from equipoise.effects.domains import Domain, read_arrays
from equipoise.effects.interval import Floats

_P_VALUE = Domain("must lie above 0, and not above 1", lambda x: (x > 0) & (x <= 1))


def s_value(p_value: ArrayLike) -> Floats:
    """Return the surprisal of p values in bits, -log₂ p.

    A result of s bits is as surprising, if the tested hypothesis and every other assumption hold,
    as s heads in a row from a fair coin: p = 0.05 is 4.3 bits, little more than four heads. Bias is
    among the assumptions, so a surprising result may speak against the study and not against the
    hypothesis.

    Parameters
    ----------
    p_value
        p values, above 0; NaN passes. A p printed as 0 is a rounded one: its surprisal is unknown.

    Returns
    -------
    ndarray
        Bits, 0 or more.

    Raises
    ------
    UsageError
        If a p value is not above 0 and at most 1; the message lists each.

    References
    ----------
    Rafi & Greenland 2020, BMC Med Res Methodol 20:244, doi:10.1186/s12874-020-01105-9.
    """
    (p,) = read_arrays(("p_value", p_value, _P_VALUE))
    return 0.0 - np.log2(p)

"""The direction of an effect: towards benefit, away from it, or neither."""

from __future__ import annotations

from collections.abc import Iterable
from math import isclose, isnan
from typing import TYPE_CHECKING, Literal, TypeAlias, cast, get_args

import numpy as np

from equipoise.errors import UsageError
from equipoise.synthesis.reading import is_missing, refuse

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

Better: TypeAlias = Literal["higher", "lower"]

DIRECTIONS = {
    "up": "towards benefit",
    "down": "away from benefit",
    "none": "exactly no difference",
    "mixed": "results of one study point both ways",
    "not compared": "a number of one group alone, which has no direction",
    "not reported": "no estimate is reported",
}
"""Every direction that a study can have, and what it means."""

TIE = 1e-9
"""Effects as near as this to no difference count as equal to it: computers round."""


def direction_of(effect: float, null: float, better: Better) -> str:
    """Return "up" if an effect is on the side of benefit, "down" if not, "none" if on neither.

    Parameters
    ----------
    effect
        The effect; NaN gives "not reported".
    null
        The effect that means no difference.
    better
        Whether a higher or a lower effect is the better one.
    """
    if isnan(effect):
        return "not reported"
    if isclose(effect, null, rel_tol=TIE, abs_tol=TIE):
        return "none"
    return "up" if (effect > null) == (better == "higher") else "down"


def read_directions(
    values: pd.Series | ArrayLike, *, better: Better = "higher", null: float = 0.0
) -> tuple[str, ...]:
    """Return directions, as they are or from effects.

    Parameters
    ----------
    values
        One a study: a word of `DIRECTIONS`, or the effect. An empty cell is "not reported".
    better
        Whether higher or lower effects are better; words know it already.
    null
        The effect that means no difference: 0 on the analysis scale, 1 for a ratio as it is read.

    Returns
    -------
    tuple of str
        Words of `DIRECTIONS`.

    Raises
    ------
    UsageError
        If `better` is another word, the null no number, or a value neither a number nor a
        direction: each is named.
    """
    if better not in get_args(Better):
        raise UsageError(f'better is {better!r}; write "higher" or "lower"')
    if not _is_number(null) or not np.isfinite(null):
        raise UsageError(f"null is {null!r}; it is the effect that means no difference, 0 or 1")
    found, wrong = [], []
    for row, cell in enumerate(_cells(values), start=1):
        if is_missing(cell):
            found.append("not reported")
        elif isinstance(cell, str) and cell in DIRECTIONS:
            found.append(str(cell))
        elif _is_number(cell):
            found.append(direction_of(float(cast("float", cell)), null, better))
        else:
            wrong.append(f"row {row}: {cell!r} is neither a number nor one of those words")
    refuse(f"a direction is an effect, or one of: {', '.join(DIRECTIONS)}", wrong)
    return tuple(found)


def _cells(values: object) -> Iterable[object]:
    """Return the values one by one; of a table a column must be chosen."""
    if hasattr(values, "columns"):
        raise UsageError('give one column of the table, for instance table["effect"]')
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise UsageError("give one direction, or one effect, a study")
    cells = list(values)
    if any(isinstance(cell, list | tuple | np.ndarray) for cell in cells):
        raise UsageError("give one direction, or one effect, a study, not several dimensions")
    return cells


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float | np.integer | np.floating) and not isinstance(cell, bool)

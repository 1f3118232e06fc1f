"""The registry of effect measures: every one by its key.

Each family of measures is one file: its formulas, and below them the table of what they are called
and how they are read. A new measure is one more entry there.
"""

import difflib
from collections.abc import Mapping
from types import MappingProxyType

from equipoise.effects import (
    association,
    binary,
    biserial,
    continuous,
    correlation,
    incidence,
    one_proportion,
    paired,
    ready,
    standardised,
)
from equipoise.effects.measure_type import Measure
from equipoise.errors import UsageError

__all__ = ["MEASURES", "Measure", "measure"]

_FAMILIES = (
    binary,
    association,
    one_proportion,
    continuous,
    standardised,
    biserial,
    incidence,
    correlation,
    paired,
    ready,
)

MEASURES: Mapping[str, Measure] = MappingProxyType(
    {entry.key: entry for family in _FAMILIES for entry in family.MEASURES}
)
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

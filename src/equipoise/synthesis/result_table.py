"""The results of many analyses as a table for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipoise.display import numbers, plaintext
from equipoise.effects.measures import MEASURES
from equipoise.synthesis.batch import COLUMNS
from equipoise.synthesis.natural_scale import ON_A_SCALE

if TYPE_CHECKING:
    import pandas as pd

SHOWN = ("k", "estimate", "low", "high", "p_value", "tau2", "i2")
"""The numbers that a terminal has room for."""

_MOST_ROWS = 500
_FIGURES = 4


def result_table(results: pd.DataFrame) -> str:
    """Return results as aligned columns, rounded for readers, and on which scale they are.

    Parameters
    ----------
    results
        From `pool_many`, or from `natural_scale`, of which only the natural scale is shown. The
        first 500 are written out, and the others counted.

    Returns
    -------
    str
        Lines.
    """
    natural = [f"natural_{name}" for name in ON_A_SCALE if f"natural_{name}" in results]
    instead = {name.removeprefix("natural_"): name for name in natural}
    shown = results[
        [instead.get(name, name) for name in results.columns if name not in instead.values()]
    ]
    if "excluded" in shown and not shown["excluded"].any():
        shown = shown.drop(columns="excluded")
    head = shown.head(_MOST_ROWS)
    numeric = frozenset(("excluded", *COLUMNS, *natural)) & frozenset(shown.columns)
    text = head.assign(
        **{name: [_cell(name, cell) for cell in head[name].tolist()] for name in head.columns}
    )
    lines = [plaintext.table(text, numeric)]
    more = len(shown) - len(head)
    if more:
        lines.append(f"and {numbers.count(more)} more: write them to a file")
    return "\n".join([*lines, *_scale_note(results, natural)])


def _scale_note(results: pd.DataFrame, natural: list[str]) -> list[str]:
    """Say that numbers are on the analysis scale where that is not what people read."""
    if natural or "measure" not in results:
        return []
    found = [MEASURES[key] for key in results["measure"].dropna().unique() if key in MEASURES]
    scales = list(dict.fromkeys(f"{one.key}: {one.scale}" for one in found))
    if all(one.scale == "identity" for one in found):
        return []
    told = numbers.listing(scales)
    return ["", f"Effects are on the scale of analysis ({told}); --natural brings them back."]


def _cell(name: str, cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if name == "p_value" and isinstance(cell, float):
        return numbers.p_value(cell).removeprefix("p ").removeprefix("= ") or numbers.MISSING
    if isinstance(cell, float) and not float(cell).is_integer():
        return numbers.figures(cell, _FIGURES)
    return numbers.count(cell) if isinstance(cell, int | float) and name in COLUMNS else str(cell)

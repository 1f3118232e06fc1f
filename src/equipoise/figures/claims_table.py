"""The claims table: what is said, what the evidence shows, and how the two compare."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes

from equipoise.appraisal.framing import audit_caveats
from equipoise.appraisal.verdicts import VERDICTS
from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.figures import columns, sheet, style
from equipoise.figures.columns import Cell, Column, Layout, Table
from equipoise.figures.drawn import finish

_NEEDED = ("claim", "stated", "recomputed", "verdict", "reason")
_SYMBOL, _VERDICT, _STATED = 0.2, 1.35, 0.95  # widths of columns in inches
_BETWEEN = 0.09
_UNDER = columns.PADDING / 2 - 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """The mark of a verdict: its shape tells it in grey, its colour at a glance."""

    shape: str
    colour: str
    fill: Literal["full", "left", "none"] = "full"


SYMBOLS = {
    "accurate": Symbol(shape="o", colour=style.GREEN),
    "accurate but incomplete": Symbol(shape="o", colour=style.GREEN, fill="left"),
    "overstated value": Symbol(shape="^", colour=style.ORANGE),
    "overstated cause": Symbol(shape="D", colour=style.ORANGE),
    "wrong population or time": Symbol(shape="s", colour=style.ORANGE),
    "not in source": Symbol(shape="v", colour=style.VERMILION, fill="none"),
    "contradicted": Symbol(shape="X", colour=style.VERMILION),
    "not verifiable": Symbol(shape="o", colour=style.GREY, fill="none"),
}
"""The mark of every verdict."""

_UNKNOWN = Symbol(shape="h", colour=style.GREY, fill="none")


def claims_table(audit: pd.DataFrame, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw claims beside the evidence, one row a claim in the order given.

    Parameters
    ----------
    audit
        Rows of `audit_claims`: claim, stated, recomputed, verdict, reason; and source_id, which is
        named if it differs.
    ax
        Axes to draw on; by default a figure of its own, as tall as the claims need.
    title
        Title.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    UsageError
        If no claim is given, a column is missing, or the axes are too narrow for a table.
    """
    missing = [name for name in _NEEDED if name not in audit]
    if missing or audit.empty:
        what = f"without {numbers.listing(missing)}" if missing else "without a claim"
        raise UsageError(f"There is nothing to show: the table comes {what}.")
    frame = audit.reset_index(drop=True)
    with style.context():
        axes = _draw(ax, _texts(frame), title or "What is claimed, and what the evidence shows")
    return finish(axes, frame, _alt(frame), audit_caveats(frame), strip=ax is None)


def _texts(frame: pd.DataFrame) -> list[dict[str, str]]:
    """The cells as text, with nothing where there is nothing."""
    # Who said it tells claims apart only where several people speak.
    several = "source_id" in frame and len(set(frame["source_id"])) > 1
    names = [*_NEEDED, "source_id"] if several else list(_NEEDED)
    filled = frame[names].astype(object).where(frame[names].notna(), "")
    return [
        {str(key): str(value) for key, value in row.items()} for row in filled.to_dict("records")
    ]


def _draw(ax: Axes | None, rows: list[dict[str, str]], title: str) -> Axes:
    width = sheet.width_of(ax)
    claim, stated, shown = _columns(rows, width)
    verdicts = [style.wrap(row["verdict"], _VERDICT - _SYMBOL) for row in rows]
    across = width - _VERDICT - 2 * sheet.GAP
    reasons = [style.wrap(_reason(row), across, style.SMALL) for row in rows]
    under = [sheet.block(len(lines), style.SMALL) for lines in reasons]
    # A reason runs under all columns but the verdict, in the room above the next row.
    table = Table(
        left=(claim, stated, shown),
        right=(),
        above=(_BETWEEN, *(_BETWEEN + height for height in under[:-1])),
        least=columns.PADDING + max(map(len, verdicts)) * columns.LINE,
    )
    counts = _counted([row["verdict"] for row in rows])
    below = under[-1] + _BETWEEN
    layout = columns.lay_out(ax, table, title=title, subtitle=counts, below=below)
    start = width - _VERDICT
    layout.sheet.write(start, layout.head - 0.06 - columns.NOTE, "Verdict", size=style.SMALL,
                       bold=True, gid="header")  # fmt: skip
    ends = [top + height for top, height in zip(layout.tops, table.heights, strict=True)]
    for number, (row, end) in enumerate(zip(rows, ends, strict=True)):
        layout.sheet.write(0, end - _UNDER, "\n".join(reasons[number]), size=style.SMALL,
                           color=style.GREY, gid="reason")  # fmt: skip
        _draw_verdict(layout, row["verdict"], verdicts[number], (start, layout.centres[number]))
        if number:
            layout.sheet.rule(layout.tops[number] - _BETWEEN / 2)
    layout.sheet.rule(layout.floor + below - 0.02, heavy=True)
    return layout.ax


def _columns(rows: list[dict[str, str]], width: float) -> tuple[Column, Column, Column]:
    stated = columns.column(
        [Cell(text=row["stated"] or numbers.MISSING) for row in rows],
        most=_STATED, header="Stated", align="right", gid="stated",
    )  # fmt: skip
    shown = columns.column(
        [Cell(text=row["recomputed"] or numbers.MISSING) for row in rows],
        most=0.27 * width, header="What the evidence shows", gid="recomputed",
    )  # fmt: skip
    rest = width - stated.width - shown.width - _VERDICT - 3 * sheet.GAP
    claim = columns.column(
        [Cell(text=row["claim"]) for row in rows], most=max(rest, 0.3 * width), header="Claim",
        gid="claim",
    )  # fmt: skip
    return claim, stated, shown


def _reason(row: dict[str, str]) -> str:
    source = f"Said in {row['source_id']}." if row.get("source_id") else ""
    return f"{row['reason']} {source}".strip()


def _draw_verdict(layout: Layout, verdict: str, lines: list[str], at: tuple[float, float]) -> None:
    symbol, (x, y) = SYMBOLS.get(verdict, _UNKNOWN), at
    layout.sheet.mark(
        x + 0.05, y, shape=symbol.shape, edge=symbol.colour, gid="verdict mark",
        face=style.PAPER if symbol.fill == "none" else symbol.colour,
        fill="left" if symbol.fill == "left" else "full",
    )  # fmt: skip
    layout.sheet.write(x + _SYMBOL, y - sheet.middle(), "\n".join(lines), gid="verdict")


def _counted(verdicts: list[str]) -> str:
    """`12 claims: 3 accurate, 9 not verifiable`, in the order of the verdicts."""
    found = Counter(verdicts)
    order = [
        *(name for name in VERDICTS if name in found),
        *(n for n in found if n not in VERDICTS),
    ]
    told = ", ".join(f"{numbers.count(found[name])} {name}" for name in order)
    total = "1 claim" if len(verdicts) == 1 else f"{numbers.count(len(verdicts))} claims"
    return f"{total}: {told}"


def _alt(frame: pd.DataFrame) -> str:
    rows = _texts(frame)
    numbered = [row for row in rows if row["stated"] and row["recomputed"]][:5]
    told = [
        f"“{row['claim']}”: stated {row['stated']}, the evidence shows {row['recomputed']} "
        f"({row['verdict']})."
        for row in numbered
    ]
    start = f"Table of claims beside the evidence. {_counted([row['verdict'] for row in rows])}."
    return " ".join([start, *told])

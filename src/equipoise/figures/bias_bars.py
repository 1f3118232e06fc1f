"""Bars of the risk of bias: how much of the evidence each judgement of a domain concerns."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import pandas as pd
from matplotlib.axes import Axes

from equipoise.appraisal.framing_appraisal import bias_caveats
from equipoise.appraisal.risk_of_bias import NOT_JUDGED
from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.evidence.bias_tools import OVERALL, BiasTool, bias_tool
from equipoise.evidence.records import Record, records
from equipoise.figures import columns, judgements, plain_words, sheet, style
from equipoise.figures.columns import Cell, Layout, Table
from equipoise.figures.drawn import finish

_NEEDED = ("tool", "domain", "name", "judgement", "studies", "share")
_NOBODY = "Nobody has judged the risk of bias of these studies."
_QUARTERS, _HALVES = (0.0, 0.25, 0.5, 0.75, 1.0), (0.0, 0.5, 1.0)
_HALF = 0.085  # half the height of a bar, in inches
_AXIS = 0.36
_INSIDE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bar:
    """The judgements of one domain, with a number of studies and a share each."""

    tool: BiasTool
    domain: str
    name: str
    parts: list[Record]

    @property
    def counted(self) -> str:
        """`3L, 2S, 1–`: how many studies were judged so."""
        found = [(part, _letter(self.tool, part["judgement"])) for part in self.parts]
        return ", ".join(f"{numbers.count(p['studies'])}{sign}" for p, sign in found
                         if p["studies"])  # fmt: skip


def bias_bars(summary: pd.DataFrame, *, ax: Axes | None = None, title: str = "") -> Axes:
    """Draw one bar a domain, divided by judgement from the best to the worst.

    The length of a part is the share of the weight of the studies judged so; each bears the symbol
    and letter of its judgement where they fit. Beside the bars stands how many studies were judged
    how.

    Parameters
    ----------
    summary
        `bias_summary(table, weights)`; those of several tools may follow each other. One without
        rows is drawn as a sentence that says that nobody judged.
    ax
        Axes to draw on; by default a figure of its own.
    title
        Title.

    Returns
    -------
    Axes
        The axes drawn on.

    Raises
    ------
    UsageError
        If a column is missing, the shares of a domain do not add up to 1, or the axes are too
        narrow.
    """
    missing = [name for name in _NEEDED if name not in summary]
    if missing:
        raise UsageError(f"The summary comes without {numbers.listing(missing)}: give it as "
                         "bias_summary returns it.")  # fmt: skip
    title = title or "Risk of bias by domain"
    if summary.empty:
        return plain_words.say(_NOBODY, summary, bias_caveats(judged=0), ax=ax, title=title)
    bars = list(_bars(summary))
    with style.context():
        axes = _draw(ax, bars, title)
    judged = max(int(p["studies"]) for b in bars for p in b.parts if p["judgement"] != NOT_JUDGED)
    return finish(axes, summary, _alt(bars), bias_caveats(judged=judged), strip=ax is None)


def _bars(summary: pd.DataFrame) -> Iterator[_Bar]:
    for (tool, domain), mine in summary.groupby(["tool", "domain"], sort=False):
        total = math.fsum(mine["share"])
        if not math.isclose(total, 1.0, abs_tol=1e-9):
            raise UsageError(
                f"The shares of {tool}, {domain}, add up to {total:g} and not to 1: give the "
                "summary as bias_summary returns it."
            )
        found = bias_tool(str(tool))
        for word in mine["judgement"]:
            _ = word == NOT_JUDGED or found.judgement(str(word))
        yield _Bar(tool=found, domain=str(domain), name=str(mine["name"].iloc[0]),
                   parts=records(mine))  # fmt: skip


def _weighted(bars: list[_Bar]) -> bool:
    """Whether shares are anything but shares of the number of studies."""
    return any(
        not math.isclose(part["share"], part["studies"] / total, abs_tol=1e-9)
        for bar in bars
        for total in [sum(p["studies"] for p in bar.parts)]
        for part in bar.parts
    )


def _draw(ax: Axes | None, bars: list[_Bar], title: str) -> Axes:
    width = sheet.width_of(ax)
    first = [n == 0 or bars[n - 1].tool != bar.tool for n, bar in enumerate(bars)]
    several = sum(first) > 1
    names = columns.column([Cell(text=_name(bar)) for bar in bars], most=min(2.3, 0.38 * width),
                           gid="domain")  # fmt: skip
    counts = columns.column([Cell(text=bar.counted, quiet=True) for bar in bars],
                            most=max(0.9, 0.19 * width), header="Studies", gid="count")  # fmt: skip
    above = [0.32 if begins and several else 0.06 for begins in first]
    keys = list({(j.word, j.letter): j for bar in bars for j in bar.tool.judgements}.values())
    unjudged = any(p["studies"] for bar in bars for p in bar.parts if p["judgement"] == NOT_JUDGED)
    notes = ["–, hatched: not judged."] if unjudged else []
    layout = columns.lay_out(
        ax, Table(left=(names,), right=(counts,), above=tuple(above)), title=title, subtitle="",
        below=_AXIS + 0.2 + judgements.key_height(keys, notes, width),
    )  # fmt: skip
    layout.sheet.scale_x(*layout.band, 0.0, 1.0)
    for bar, y, begins in zip(bars, layout.centres, first, strict=True):
        if begins and several:
            layout.section(y - 0.24, bar.tool.name)
        _draw_bar(layout, bar, y)
    ticks = _QUARTERS if layout.band[1] - layout.band[0] > 2 else _HALVES
    layout.sheet.axis(layout.floor + 0.05, ticks, [numbers.percent(tick) for tick in ticks])
    what = "Share of the weight" if _weighted(bars) else "Share of the studies"
    layout.sheet.write(sum(layout.band) / 2, layout.floor + 0.26, what, size=style.SMALL,
                       align="center", gid="axis label")  # fmt: skip
    judgements.draw_key(layout.sheet, keys, notes, layout.floor + _AXIS + 0.14)
    return layout.ax


def _name(bar: _Bar) -> str:
    return "Overall" if bar.domain == OVERALL else numbers.upper_first(bar.name)


def _letter(tool: BiasTool, word: str) -> str:
    return "–" if word == NOT_JUDGED else tool.judgement(word).letter


def _draw_bar(layout: Layout, bar: _Bar, y: float) -> None:
    shares = [float(part["share"]) for part in bar.parts]
    room = layout.band[1] - layout.band[0]
    for part, start, share in zip(bar.parts, accumulate(shares, initial=0.0), shares, strict=False):
        if not share:
            continue
        judged = None if part["judgement"] == NOT_JUDGED else bar.tool.judgement(part["judgement"])
        colour = judged.colour if judged else style.PAPER
        layout.ax.barh(y, share, left=start, height=2 * _HALF, facecolor=colour,
                       edgecolor=style.INK if judged else style.GREY, linewidth=0.5,
                       hatch="" if judged else "////", gid="part")  # fmt: skip
        sign = f"{judged.symbol} {judged.letter}" if judged else "–"
        texts = (f"{sign} {numbers.percent(share)}", sign)
        fitting = [t for t in texts if _width(t) + _INSIDE <= share * room]
        if fitting:
            x = layout.band[0] + (start + share / 2) * room
            layout.sheet.write(x, y - sheet.middle(style.SMALL), fitting[0], size=style.SMALL,
                               bold=True, color=judgements.ink_on(colour), align="center",
                               gid="part text")  # fmt: skip
            layout.ax.texts[-1].set_zorder(4)
            if not judged:
                layout.ax.texts[-1].set_bbox({"facecolor": style.PAPER, "edgecolor": "none",
                                              "pad": 0.8})  # fmt: skip


def _width(text: str) -> float:
    return style.text_width(text, style.SMALL, "bold") * style.HINTING


def _alt(bars: list[_Bar]) -> str:
    told = []
    for bar in bars:
        parts = [f"{part['judgement']} {numbers.percent(part['share'])}" for part in bar.parts
                 if part["share"]]  # fmt: skip
        told.append(f"{_name(bar)}: {', '.join(parts)}.")
    tools = numbers.listing(list(dict.fromkeys(bar.tool.name for bar in bars)))
    weighed = "the weight" if _weighted(bars) else "the studies"
    start = f"Stacked bars of the risk of bias, share of {weighed} by judgement, from {tools}."
    return " ".join([start, *told])

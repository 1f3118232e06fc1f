"""The harvest plot: which of three competing hypotheses each study speaks for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from equipoise.appraisal.effect_directions import EffectDirections
from equipoise.appraisal.facts import design_of
from equipoise.appraisal.framing_appraisal import direction_caveats
from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.evidence.bias_tools import BiasJudgement, bias_tool
from equipoise.evidence.records import records
from equipoise.figures import columns, judgements, sheet, style
from equipoise.figures.columns import Cell, Layout, Table
from equipoise.figures.drawn import finish
from equipoise.synthesis.directions import DIRECTIONS

SUITABILITY = {
    "rct": 4, "quasi_rct": 3, "nrsi_controlled": 2, "single_arm": 1, "within_subject": 1,
    "case_series": 1, "case_report": 1,
}  # fmt: skip
"""How well a design can tell an effect from what would have happened anyway: 4 is chance alone
that decides, 3 a rule, 2 a comparison of people who differ, 1 none. Reviews are not in it: they
hold the studies of others."""

_HYPOTHESES = {"down": "Harm", "none": "No difference", "up": "Benefit"}
_BAR, _STEP, _TALLEST = 0.15, 0.3, 0.42  # widths and height of bars, in inches
_NUMBER = sheet.block(1, style.SMALL)
_LINE = _TALLEST + 2 * _NUMBER + 0.08
_NARROWEST = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bar:
    """A study in one domain: its number in the key, its height, and how it was judged."""

    study: str
    label: str
    number: int
    domain: str
    hypothesis: str
    suitability: int
    judged: BiasJudgement | None


def harvest(
    directions: EffectDirections,
    bias: pd.DataFrame | None = None,
    *,
    ax: Axes | None = None,
    title: str = "",
) -> Axes:
    """Draw one bar a study and domain, in the column of the hypothesis that it speaks for.

    The height of a bar is how suitable the study's design is (`SUITABILITY`), its colour, symbol
    and letter are the overall risk of bias, and the number under it names the study. Studies that
    point both ways or nowhere, reviews, and studies of related treatments have no bar; they are
    named under the figure.

    Parameters
    ----------
    directions
        `effect_directions(evidence)`.
    bias
        `bias_table(evidence)`. Of several judgements of one study the worst counts. None leaves
        bars unjudged.
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
        If no study speaks for a hypothesis, or the axes are too narrow.

    References
    ----------
    Ogilvie D et al. 2008, BMC Med Res Methodol 8:8, doi:10.1186/1471-2288-8-8.
    """
    bars = _bars(directions.cells, _worst(bias))
    if not bars:
        raise UsageError("No study points one way, so there is no hypothesis to sort it under.")
    domains = [str(name) for name in directions.cells["domain"].unique()]
    left_out = _left_out(directions.cells, bars)
    with style.context():
        axes = _draw(ax, bars, domains, left_out, title or "Which hypothesis each study supports")
    frame = pd.DataFrame([
        {"study_id": bar.study, "label": bar.label, "number": bar.number, "domain": bar.domain,
         "hypothesis": bar.hypothesis, "suitability": bar.suitability,
         "risk_of_bias": bar.judged.word if bar.judged else ""}
        for bar in bars
    ])  # fmt: skip
    return finish(axes, frame, _alt(bars, domains), direction_caveats(directions),
                  strip=ax is None)  # fmt: skip


def _worst(bias: pd.DataFrame | None) -> dict[tuple[str, str], BiasJudgement]:
    """The worst overall judgement by study and outcome."""
    worst: dict[tuple[str, str], BiasJudgement] = {}
    for row in records(bias) if bias is not None else []:
        if row["overall"]:
            judged = bias_tool(row["tool"]).judgement(row["overall"])
            key = (row["study_id"], row["outcome_id"])
            worst[key] = max(worst.get(key, judged), judged, key=lambda one: one.severity)
    return worst


def _bars(cells: pd.DataFrame, worst: Mapping[tuple[str, str], BiasJudgement]) -> list[_Bar]:
    """The studies that speak for a hypothesis, numbered in the order given."""
    speaking = [
        cell for cell in records(cells)
        if cell["direction"] in _HYPOTHESES and cell["directness"] == "direct"
        and design_of(cell) in SUITABILITY
    ]  # fmt: skip
    order = list(dict.fromkeys(cell["study_id"] for cell in speaking))
    bars = []
    for cell in speaking:
        found = [worst[key] for outcome in str(cell["outcomes"]).split("; ")
                 for key in [(cell["study_id"], outcome)] if key in worst]  # fmt: skip
        bars.append(_Bar(
            study=str(cell["study_id"]), label=str(cell["label"]),
            number=order.index(cell["study_id"]) + 1, domain=str(cell["domain"]),
            hypothesis=_HYPOTHESES[cell["direction"]], suitability=SUITABILITY[design_of(cell)],
            judged=max(found, key=lambda one: one.severity, default=None),
        ))  # fmt: skip
    return bars


def _left_out(cells: pd.DataFrame, bars: Sequence[_Bar]) -> str:
    """Name the studies without a bar in a domain, and why they have none."""
    shown = {(bar.study, bar.domain) for bar in bars}
    several = len(set(cells["domain"])) > 1
    reasons: dict[str, dict[str, None]] = {}
    for cell in records(cells):
        if (cell["study_id"], cell["domain"]) in shown:
            continue
        why = DIRECTIONS[cell["direction"]]
        if cell["directness"] != "direct" or design_of(cell) not in SUITABILITY:
            why = "reviews and related treatments"
        where = f" ({cell['domain']})" if several else ""
        reasons.setdefault(why, {})[f"{cell['label']}{where}"] = None
    told = [f"{why}: {', '.join(labels)}" for why, labels in reasons.items()]
    return f"Without a bar: {'; '.join(told)}." if told else ""


def _draw(ax: Axes | None, bars: list[_Bar], domains: list[str], left_out: str, title: str) -> Axes:
    width = sheet.width_of(ax)
    names = columns.column([Cell(text=numbers.upper_first(name)) for name in domains],
                           most=0.22 * width, gid="domain")  # fmt: skip
    place = (width - names.width - sheet.GAP) / len(_HYPOTHESES)
    if place < _NARROWEST:
        needed = width + len(_HYPOTHESES) * (_NARROWEST - place)
        raise UsageError(f"The axes are {width:.1f} inches wide, and this figure needs at least "
                         f"{needed:.1f}: give wider axes, or leave `ax` out.")  # fmt: skip
    across = int((place - 0.06) // _STEP)
    lines = [
        max(1, *(math.ceil(len(_cell(bars, domain, which)) / across)
                 for which in _HYPOTHESES.values()))
        for domain in domains
    ]  # fmt: skip
    head = _NUMBER + 0.08
    # What a row needs beyond its first line of bars is room above the next one.
    more = [(count - 1) * _LINE for count in lines]
    above = (head, *more[:-1])
    keys, notes = _keys(bars), _notes(bars, left_out)
    layout = columns.lay_out(
        ax, Table(left=(names,), right=(), above=above, least=_LINE), title=title,
        subtitle="", below=more[-1] + 0.14 + judgements.key_height(keys, notes, width),
    )  # fmt: skip
    for number, which in enumerate(_HYPOTHESES.values()):
        left = layout.band[0] + number * place
        layout.sheet.write(left + 0.04, layout.tops[0] - head, which, size=style.SMALL, bold=True,
                           gid="hypothesis")  # fmt: skip
        for domain, top in zip(domains, layout.tops, strict=True):
            for i, bar in enumerate(_cell(bars, domain, which)):
                line, column = divmod(i, across)
                _draw_bar(layout, bar, left + 0.04 + column * _STEP, top + (line + 1) * _LINE)
    for number, top in enumerate(layout.tops):
        layout.sheet.rule(top - 0.02, heavy=number == 0)
    foot = layout.floor + more[-1]
    layout.sheet.rule(foot + 0.04, heavy=True)
    judgements.draw_key(layout.sheet, keys, notes, foot + 0.1)
    return layout.ax


def _cell(bars: Sequence[_Bar], domain: str, hypothesis: str) -> list[_Bar]:
    """The bars of a cell, the highest first."""
    mine = [bar for bar in bars if (bar.domain, bar.hypothesis) == (domain, hypothesis)]
    return sorted(mine, key=lambda bar: -bar.suitability)


def _draw_bar(layout: Layout, bar: _Bar, x: float, foot: float) -> None:
    """Draw a bar whose number ends at `foot`."""
    page, ground = layout.sheet, foot - _NUMBER - 0.03
    height = _TALLEST * bar.suitability / max(SUITABILITY.values())
    page.ax.add_patch(Rectangle(
        (x / page.width, ground - height), _BAR / page.width, height, linewidth=0.6, gid="bar",
        facecolor=bar.judged.colour if bar.judged else style.PAPER, edgecolor=style.INK,
        transform=page.ax.get_yaxis_transform(), clip_on=False,
    ))  # fmt: skip
    sign = f"{bar.judged.symbol}{bar.judged.letter}" if bar.judged else "–"
    page.write(x + _BAR / 2, ground - height - _NUMBER, sign, size=style.SMALL, bold=True,
               align="center", gid="judgement sign")  # fmt: skip
    page.write(x + _BAR / 2, ground + 0.01, str(bar.number), size=style.SMALL, align="center",
               color=style.GREY, gid="number")  # fmt: skip


def _keys(bars: Sequence[_Bar]) -> list[BiasJudgement]:
    found = {(bar.judged.word, bar.judged.symbol): bar.judged for bar in bars if bar.judged}
    return sorted(found.values(), key=lambda one: one.severity)


def _notes(bars: Sequence[_Bar], left_out: str) -> list[str]:
    unjudged = any(bar.judged is None for bar in bars)
    signs = "Signs above the bars: overall risk of bias" + ("; –: not judged." if unjudged else ".")
    heights = (
        "Heights, from the highest: allocated by chance, by a rule, compared without either, not "
        "compared with others."
    )
    named = "; ".join(f"{n}: {label}" for n, label in
                      dict.fromkeys((bar.number, bar.label) for bar in bars))  # fmt: skip
    return [f"{signs} {heights}", f"{named}.", *([left_out] if left_out else [])]


def _alt(bars: Sequence[_Bar], domains: Sequence[str]) -> str:
    told = []
    for domain in domains:
        counted = [f"{numbers.lower_first(which)} {len(_cell(bars, domain, which))}"
                   for which in _HYPOTHESES.values()]  # fmt: skip
        told.append(f"{numbers.upper_first(domain)}: {', '.join(counted)}.")
    start = f"Harvest plot, number of studies by hypothesis in {len(domains)} domains."
    return " ".join([start, *told])

"""Traffic lights: the risk of bias of every result, domain by domain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from equipoise.appraisal.caveat import Caveat
from equipoise.appraisal.framing_appraisal import bias_caveats
from equipoise.appraisal.risk_of_bias import one_tool
from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.evidence.bias_tools import OVERALL, BiasJudgement, BiasTool
from equipoise.evidence.records import Record, records
from equipoise.figures import columns, judgements, plain_words, sheet, style
from equipoise.figures.columns import Cell, Layout, Table
from equipoise.figures.drawn import finish

_NOBODY = "Nobody has judged the risk of bias of these studies."
_PLACE, _NARROW = 0.58, 0.29  # room of a disc and its letter, in inches: at best and at least
_STAR = 0.07  # room of a star after the last letter
_LEAST = 0.55  # room of a study's name
_RULE_ONLY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """The results judged with one tool."""

    tool: BiasTool
    rows: list[Record]

    @property
    def places(self) -> tuple[str, ...]:
        """The columns of discs, from the left."""
        whole = any(row["overall"] for row in self.rows)
        return (*(domain.id for domain in self.tool.domains), *([OVERALL] if whole else []))


def traffic_lights(
    table: pd.DataFrame, *, unjudged: Sequence[str] = (), ax: Axes | None = None, title: str = ""
) -> Axes:
    """Draw one row a result and one disc a domain, in the order given, tool by tool.

    A disc has the colour, the symbol and the letter of its judgement. An overall judgement that
    nobody made, but the tool's rule proposes, has a star. A dash is a domain that nobody judged.

    Parameters
    ----------
    table
        Judgements from `bias_table` or `read_robvis`. One without rows is drawn as a sentence that
        says that nobody judged.
    unjudged
        Labels of studies without any judgement, which are named under the figure.
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
        If the table has not the columns or the words of its tools, or the axes are too narrow.
    """
    title = title or "Risk of bias"
    unjudged = tuple(dict.fromkeys(unjudged))
    if "tool" not in table.columns:
        raise UsageError(
            "the table has no column tool: give it as bias_table or read_robvis return it"
        )
    if table.empty:
        return plain_words.say(
            _NOBODY, table, bias_caveats(judged=0, unjudged=unjudged), ax=ax, title=title
        )
    blocks = [
        _Block(tool=one_tool(mine), rows=records(mine))
        for _, mine in table.groupby("tool", sort=False)
    ]
    frame = pd.concat([table[table["tool"] == block.tool.name] for block in blocks])
    with style.context():
        axes = _draw(ax, blocks, title)
    return finish(axes, frame, _alt(blocks), _caveats(blocks, unjudged), strip=ax is None)


def _draw(ax: Axes | None, blocks: list[_Block], title: str) -> Axes:
    width = sheet.width_of(ax)
    most = max(len(block.places) for block in blocks)
    names, place = _names(blocks, width, most)
    heads = [style.wrap(block.tool.title, width, style.SMALL, "bold") for block in blocks]
    above: list[float] = []
    for number, (block, head) in enumerate(zip(blocks, heads, strict=True)):
        room = sheet.block(len(head) + 1, style.SMALL) + 0.14 + (0.12 if number else 0.0)
        above += [room, *[0.0] * (len(block.rows) - 1)]
    keys = _keys(blocks)
    notes = list(_notes(blocks))
    layout = columns.lay_out(
        ax, Table(left=names, right=(), above=tuple(above)), title=title, subtitle="",
        below=0.12 + judgements.key_height(keys, notes, width),
    )  # fmt: skip
    first = 0
    for block, head in zip(blocks, heads, strict=True):
        _draw_block(layout, block, head, first, place)
        first += len(block.rows)
    layout.sheet.rule(layout.floor + 0.02, heavy=True)
    judgements.draw_key(layout.sheet, keys, notes, layout.floor + 0.08)
    return layout.ax


def _names(
    blocks: list[_Block], width: float, most: int
) -> tuple[tuple[columns.Column, ...], float]:
    """The columns that name each result, and the room they leave for each disc, in inches."""
    rows = [row for block in blocks for row in block.rows]
    outcomes = [str(row.get("outcome_id", "")).replace("_", " ") for row in rows]
    several = len(set(outcomes)) > 1
    for_names = width - most * _NARROW - _STAR - sheet.GAP * (1 + several)
    if for_names < _LEAST:
        raise UsageError(
            f"The axes are {width:.1f} inches wide, and {most} columns of judgements need at least "
            f"{width - for_names + _LEAST:.1f}: give wider axes, or leave `ax` out."
        )
    share = 0.6 if several else 1.0
    studies = columns.column([Cell(text=str(row["label"])) for row in rows],
                             most=min(2.6, share * for_names), gid="study")  # fmt: skip
    if not several:
        named: tuple[columns.Column, ...] = (studies,)
    else:
        rest = min(1.4, for_names - studies.width)
        named = (studies, columns.column([Cell(text=text) for text in outcomes], most=rest,
                                         gid="outcome"))  # fmt: skip
    taken = sum(column.width + sheet.GAP for column in named)
    return named, min(_PLACE, (width - taken - _STAR) / most)


def _draw_block(layout: Layout, block: _Block, head: list[str], first: int, place: float) -> None:
    page, left = layout.sheet, layout.band[0]
    line = sheet.block(1, style.SMALL)
    top = layout.tops[first] - 0.06
    page.write(0.0, top - 0.06 - (len(head) + 1) * line, "\n".join(head), size=style.SMALL,
               bold=True, gid="tool")  # fmt: skip
    for number, name in enumerate(block.places):
        x = left + number * place + judgements.DISC / 2
        text = "All" if name == OVERALL else name
        page.write(x, top - 0.03 - line, text, size=style.SMALL, bold=True, align="center",
                   gid="domain")  # fmt: skip
    page.rule(top, heavy=True)
    for row, y in zip(block.rows, layout.centres[first:], strict=False):
        for number, name in enumerate(block.places):
            x = left + number * place + judgements.DISC / 2
            if not row[name]:
                judgements.draw_none(page, x, y)
                continue
            star = _RULE_ONLY if name == OVERALL and _only_proposed(row) else ""
            judgements.draw(page, x, y, block.tool.judgement(row[name]), after=star)


def _only_proposed(row: Record) -> bool:
    return bool(row.get("overall_basis", "") == "proposed")


def _keys(blocks: list[_Block]) -> list[BiasJudgement]:
    """Every judgement of the tools drawn, once where tools share word and mark."""
    every = [judgement for block in blocks for judgement in block.tool.judgements]
    return list({(j.word, j.letter, j.symbol, j.colour): j for j in every}.values())


def _notes(blocks: list[_Block]) -> Iterator[str]:
    """Yield what the legend says in words: stars, dashes, and what the domains are."""
    rows = [(block, row) for block in blocks for row in block.rows]
    signs = []
    if any(not row[name] for block, row in rows for name in block.places):
        signs.append("–: not judged.")
    if any(_only_proposed(row) for _, row in rows):
        signs.append(f"{_RULE_ONLY}: proposed by the tool's rule, decided by nobody.")
    if any(OVERALL in block.places for block in blocks):
        signs.append("All: overall.")
    if signs:
        yield " ".join(signs)
    for block in blocks:
        told = "; ".join(f"{domain.id}: {domain.full_name}" for domain in block.tool.domains)
        yield f"{block.tool.name}: {told}." if len(blocks) > 1 else f"{told}."


def _caveats(blocks: list[_Block], unjudged: tuple[str, ...]) -> tuple[Caveat, ...]:
    rows = [row for block in blocks for row in block.rows]
    return bias_caveats(
        judged=len(rows),
        proposed=sum(map(_only_proposed, rows)),
        against=[str(row["label"]) for row in rows if _against(row)],
        unjudged=[label for label in unjudged if label not in {str(row["label"]) for row in rows}],
    )


def _against(row: Record) -> bool:
    """Whether a person's overall judgement is not the one that the rule proposes."""
    return bool(row.get("proposed") and row["overall"] and row["overall"] != row["proposed"])


def _alt(blocks: list[_Block]) -> str:
    told = []
    for block in blocks:
        size = numbers.count(len(block.rows))
        results = "1 result" if len(block.rows) == 1 else f"{size} results"
        domains = f"{len(block.tool.domains)} domains"
        found = Counter(row["overall"] or judgements.NOT_JUDGED for row in block.rows)
        order = [word for word in (*block.tool.words, judgements.NOT_JUDGED) if word in found]
        overall = ", ".join(f"{numbers.count(found[word])} {word}" for word in order)
        told.append(f"{results} in {domains}, judged with {block.tool.name}. Overall: {overall}.")
    return " ".join(["Traffic lights of the risk of bias.", *told])

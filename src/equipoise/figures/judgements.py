"""How judgements of risk of bias are drawn: colour, symbol and letter, and the legend of them.

All three are the tool's own, from its file in `evidence/tools`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matplotlib.colors import to_rgb

from equipoise.evidence.bias_tools import BiasJudgement
from equipoise.figures import sheet, style
from equipoise.figures.columns import NOTE
from equipoise.figures.sheet import GAP, Sheet

DISC = 0.165
"""How wide a disc is, in inches."""

LETTER = 0.12
"""How far the letter stands from the middle of its disc, in inches."""

NOT_JUDGED = "not judged"

_KEY = DISC + 0.05
_KEY_GAP = 0.04
_KEY_TEXT = DISC + 0.06


def draw(page: Sheet, x: float, y: float, judgement: BiasJudgement, *, after: str = "") -> None:
    """Draw a disc with its symbol in it, the middle at `x` and `y` inches, its letter beside it.

    Parameters
    ----------
    page
        The sheet.
    x, y
        Place in inches.
    judgement
        What is drawn.
    after
        A sign that follows the letter.
    """
    _disc(page, x, y, judgement, gid="judgement")
    page.write(x + LETTER, y - sheet.middle(style.SMALL), judgement.letter + after,
               size=style.SMALL, gid="letter")  # fmt: skip


def draw_none(page: Sheet, x: float, y: float, *, gid: str = "not judged") -> None:
    """Draw the dash of what nobody judged."""
    page.ax.plot([x / page.width], [y], "_", color=style.GREY, markersize=5, markeredgewidth=0.9,
                 gid=gid, clip_on=False, transform=page.ax.get_yaxis_transform())  # fmt: skip


def ink_on(colour: str) -> str:
    """Return the colour of letters, dark or light, that stands out more from `colour`.

    Contrast is that of the Web Content Accessibility Guidelines 2.1.
    """
    here = _luminance(colour)
    dark = (here + 0.05) / (_luminance(style.INK) + 0.05)
    light = 1.05 / (here + 0.05)
    return style.INK if dark >= light else style.PAPER


def key_height(judgements: Sequence[BiasJudgement], notes: Sequence[str], width: float) -> float:
    """Return how high the legend is on a sheet of this width, in inches."""
    lines = sum(len(style.wrap(note, width, style.SMALL)) for note in notes)
    return len(list(_rows(judgements, width))) * _KEY + _KEY_GAP + lines * NOTE


def draw_key(
    page: Sheet, judgements: Sequence[BiasJudgement], notes: Sequence[str], y: float
) -> None:
    """Draw the legend, its top at `y` inches: what the discs mean, then some notes in words."""
    for row in _rows(judgements, page.width):
        y += _KEY
        for judgement, x in row:
            _disc(page, x + DISC / 2, y - _KEY / 2, judgement, gid="key")
            page.write(x + _KEY_TEXT, y - _KEY / 2 - sheet.middle(style.SMALL), _meaning(judgement),
                       size=style.SMALL, gid="legend")  # fmt: skip
    y += _KEY_GAP
    for note in notes:
        lines = style.wrap(note, page.width, style.SMALL)
        page.write(0.0, y, "\n".join(lines), size=style.SMALL, color=style.GREY, gid="legend")
        y += len(lines) * NOTE


def _disc(page: Sheet, x: float, y: float, judgement: BiasJudgement, *, gid: str) -> None:
    # x in shares of the sheet, whatever its data are; y in inches
    page.ax.scatter([x / page.width], [y], s=(72 * DISC) ** 2, marker="o", zorder=3, gid=gid,
                    facecolor=judgement.colour, edgecolor=style.INK, linewidth=0.4, clip_on=False,
                    transform=page.ax.get_yaxis_transform())  # fmt: skip
    page.write(x, y - sheet.middle(style.SIZE), judgement.symbol, size=style.SIZE, bold=True,
               color=ink_on(judgement.colour), align="center", gid=f"{gid} symbol")  # fmt: skip
    page.ax.texts[-1].set_zorder(4)


def _meaning(judgement: BiasJudgement) -> str:
    return f"{judgement.letter}: {judgement.word}"


def _rows(
    judgements: Sequence[BiasJudgement], width: float
) -> Iterator[list[tuple[BiasJudgement, float]]]:
    """Yield the keys of each line of the legend, each with its left edge."""
    row: list[tuple[BiasJudgement, float]] = []
    x = 0.0
    for judgement in judgements:
        text = style.text_width(_meaning(judgement), style.SMALL) * style.HINTING
        if row and x + _KEY_TEXT + text > width:
            yield row
            row, x = [], 0.0
        row.append((judgement, x))
        x += _KEY_TEXT + text + GAP
    if row:
        yield row


def _luminance(colour: str) -> float:
    """Relative luminance of a colour, from 0 (black) to 1 (white)."""
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

"""Colours, sizes and type of every figure, and text measured before it is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

MM = 1 / 25.4
WIDTH = 180 * MM
"""Double-column width in inches; every figure is this wide unless it is given its axes."""

ROW = 0.26
"""Height of a row of text and marks, in inches."""

# Okabe and Ito's colour-blind-safe palette; chosen so that blue and orange also differ in grey.
BLUE, ORANGE, GREEN, VERMILION = "#0072b2", "#e69f00", "#009e73", "#d55e00"
INK, GREY, LIGHT, PAPER = "#1a1a1a", "#6b6b6b", "#d9d9d9", "#ffffff"

TREATMENT, CONTROL = BLUE, ORANGE

SIZE = 8.0
SMALL = 7.0
TITLE = 9.5

HINTING = 1.07
"""How much wider than measured a screen may set text, because it moves letters to whole pixels."""

_RC: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": SIZE,
    "text.color": INK,
    "text.usetex": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.labelsize": SIZE,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": TITLE,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.facecolor": PAPER,
    "figure.facecolor": PAPER,
    "figure.autolayout": False,
    "figure.constrained_layout.use": False,
    "figure.dpi": 110,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": SIZE,
    "ytick.labelsize": SIZE,
    "xtick.major.size": 3,
    "xtick.major.width": 0.6,
    "ytick.major.size": 0,
    "lines.solid_capstyle": "butt",
    "legend.frameon": False,
    "legend.fontsize": SIZE,
}


@contextmanager
def context() -> Iterator[None]:
    """Draw in this style, and leave the reader's own settings as they were.

    Only the settings of this style are put back: a notebook's backend, loaded by the first figure,
    turns on what shows figures, and that has to last.
    """
    before = {name: mpl.rcParams[name] for name in _RC}
    mpl.rcParams.update(_RC)
    try:
        yield
    finally:
        mpl.rcParams.update(before)


def panel(
    ax: Axes | None, height: float, *, left: float, right: float = 0.15, top: float = 0.45,
    bottom: float = 0.45,
) -> Axes:  # fmt: skip
    """Return `ax`, or one axes of the given height on a new figure with margins, all in inches."""
    if ax is not None:
        return ax
    from matplotlib import pyplot as plt

    total = height + top + bottom
    figure = plt.figure(figsize=(WIDTH, total))
    box = (left / WIDTH, bottom / total, (WIDTH - left - right) / WIDTH, height / total)
    return figure.add_axes(box)


_MEASURE = TextToPath()


@cache
def _word_width(word: str, size: float, weight: str) -> float:
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    width, _, _ = _MEASURE.get_text_width_height_descent(word, font, ismath=False)
    return float(width) / 72


def text_width(text: str, size: float = SIZE, weight: str = "normal") -> float:
    """Return how wide a line of text is, in inches."""
    return max((_line_width(line, size, weight) for line in text.split("\n")), default=0.0)


def _line_width(line: str, size: float, weight: str) -> float:
    """Add up words, which recur, rather than measure lines, which do not."""
    words = line.split(" ")
    spaces = _space_width(size, weight) * (len(words) - 1)
    return sum(_word_width(word, size, weight) for word in words) + spaces


@cache
def _space_width(size: float, weight: str) -> float:
    return _word_width("n n", size, weight) - 2 * _word_width("n", size, weight)


def wrap(text: str, width: float, size: float = SIZE, weight: str = "normal") -> list[str]:
    """Break text into lines no wider than `width` inches; a longer word is broken inside."""
    space = _space_width(size, weight)
    width /= HINTING
    lines: list[str] = []
    line, used = "", 0.0
    for word in _fitting_words(text, width, size, weight):
        needed = _word_width(word, size, weight)
        if line and used + space + needed > width:
            lines.append(line)
            line, used = word, needed
        else:
            used += needed + (space if line else 0.0)
            line = f"{line} {word}" if line else word
    return [*lines, line] if line else lines


def _fitting_words(text: str, width: float, size: float, weight: str) -> Iterator[str]:
    for word in text.split():
        if _word_width(word, size, weight) <= width:
            yield word
            continue
        piece = ""
        for letter in word:
            if piece and _word_width(piece + letter, size, weight) > width:
                yield piece
                piece = ""
            piece += letter
        yield piece

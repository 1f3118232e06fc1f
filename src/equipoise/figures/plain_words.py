"""A figure that has nothing to show says so in words, in the place where it would stand."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
from matplotlib.axes import Axes

from equipoise.appraisal.caveat import Caveat
from equipoise.figures import sheet, style
from equipoise.figures.drawn import finish


def say(
    words: str, frame: pd.DataFrame, caveats: Iterable[Caveat], *, ax: Axes | None, title: str
) -> Axes:
    """Write a sentence where the figure would be.

    Parameters
    ----------
    words
        The sentence.
    frame, caveats
        See `equipoise.figures.drawn.Drawn`; the sentence is the alt text.
    ax, title
        As of the figure.
    """
    with style.context():
        lines = style.wrap(words, sheet.width_of(ax))
        page = sheet.make(ax, sheet.block(len(lines)) + 0.1, title)
        page.write(0.0, 0.02, "\n".join(lines), gid="words")
    return finish(page.ax, frame, words, caveats, strip=ax is None)

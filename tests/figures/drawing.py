"""What tests of figures share: reading what was drawn, and whether it can be read."""

from collections.abc import Iterator
from itertools import combinations

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.text import Text

mpl.use("agg")


def found(ax: Axes, gid: str) -> list[Artist]:
    """Return the artists on `ax` of that group id, in the order they were drawn."""
    return [artist for artist in ax.findobj(Artist) if artist.get_gid() == gid]


def texts(ax: Axes, gid: str) -> list[str]:
    return [artist.get_text() for artist in found(ax, gid) if isinstance(artist, Text)]


def every_text(ax: Axes) -> Iterator[Text]:
    """Yield the texts of the whole figure that can be seen."""
    for artist in ax.get_figure(root=True).findobj(Text):
        if artist.get_text().strip() and artist.get_visible():
            yield artist


def assert_readable(ax: Axes) -> None:
    """No text covers another, none leaves the canvas; a pixel may be shared."""
    figure = ax.get_figure(root=True)
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in every_text(ax)]
    width, height = figure.get_size_inches() * figure.dpi
    for text, box in boxes:
        assert box.x0 >= -1, f"{text!r} leaves the canvas on the left"
        assert box.x1 <= width + 1, f"{text!r} leaves the canvas on the right"
        assert box.y0 >= -1, f"{text!r} leaves the canvas below"
        assert box.y1 <= height + 1, f"{text!r} leaves the canvas above"
    edges = np.array([box.extents for _, box in boxes])
    for i, j in combinations(range(len(boxes)), 2):
        across = min(edges[i, 2], edges[j, 2]) - max(edges[i, 0], edges[j, 0])
        along = min(edges[i, 3], edges[j, 3]) - max(edges[i, 1], edges[j, 1])
        assert across <= 1 or along <= 1.5, f"{boxes[i][0]!r} and {boxes[j][0]!r} cover each other"


def parses_no_math(ax: Axes) -> bool:
    return not any(text.get_parse_math() for text in every_text(ax))

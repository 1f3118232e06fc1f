"""Frames of text as columns on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_GAP = "  "


def table(frame: pd.DataFrame, right: frozenset[str]) -> str:
    """Return a frame of text as lines of aligned columns under their names.

    Parameters
    ----------
    frame
        What to show; every cell is text.
    right
        The columns that are flush right, as numbers are.
    """
    columns = [[str(name), *frame[name].map(_in_one_line)] for name in frame.columns]
    widths = [max(map(len, column)) for column in columns]
    flush = [str.rjust if name in right else str.ljust for name in frame.columns]
    return "\n".join(
        _GAP.join(
            set_flush(cell, width)
            for set_flush, cell, width in zip(flush, cells, widths, strict=True)
        ).rstrip()
        for cells in zip(*columns, strict=True)
    )


def _in_one_line(cell: object) -> str:
    return " ".join(str(cell).split())

"""Frames as plain rows, for code that judges one row at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

Record = dict[str, Any]


def records(frame: pd.DataFrame) -> list[Record]:
    """Return the rows of a frame as dictionaries by column name, in order."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]

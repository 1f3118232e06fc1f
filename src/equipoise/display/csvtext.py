"""CSV that leaves the package: unrounded numbers, and text that no spreadsheet can run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def harmless(value: object) -> object:
    """Return text with an apostrophe before it if a spreadsheet would take it for a formula."""
    if isinstance(value, str) and value.lstrip().startswith(_STARTS_A_FORMULA):
        return f"'{value}"
    return value


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as UTF-8 CSV with unix line ends; absent values are empty cells."""
    text = frame.select_dtypes(exclude="number").columns
    safe = frame.assign(**{name: frame[name].map(harmless) for name in text})
    safe.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")

"""CSV that leaves the package: unrounded numbers, and text that no spreadsheet can run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# A sign that starts a formula, after nothing but what a spreadsheet may not see: spaces, control
# characters and marks without width.
_FORMULA = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*[=+\-@＝＋－＠]"
)
_CONTROL = ("\t", "\r", "\n", "\0")


def harmless(value: object) -> object:
    """Return text with an apostrophe before it if a spreadsheet would take it for a formula."""
    if isinstance(value, str) and (_FORMULA.match(value) or value.startswith(_CONTROL)):
        return f"'{value}"
    return value


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as UTF-8 CSV with unix line ends; absent values are empty cells."""
    text = frame.select_dtypes(exclude="number").columns
    safe = frame.assign(**{name: frame[name].map(harmless) for name in text})
    safe.columns = [harmless(name) for name in frame.columns]
    safe.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")

"""Frames of text as Markdown tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_MARKS = "\\|`*_<>[]#&$~"
_ESCAPED = str.maketrans({c: f"\\{c}" for c in _MARKS} | {"\n": " ", "\r": " "})


def escape(text: str) -> str:
    """Return text in which nothing is a mark of Markdown."""
    return text.translate(_ESCAPED)


def table(frame: pd.DataFrame) -> str:
    """Return a frame of text as a Markdown table; marks of Markdown in it are escaped."""
    header = [escape(str(name)) for name in frame.columns]
    lines = [header, ["---"] * len(header)]
    lines += [[escape(str(cell)) for cell in row] for row in frame.to_numpy().tolist()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"

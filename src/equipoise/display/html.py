"""HTML fragments from templates that escape whatever they are given."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2
    import pandas as pd


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: object) -> str:
    """Fill a template of the `templates` folder; every value is escaped."""
    return _environment().get_template(template).render(**values)


def table(frame: pd.DataFrame, caption: str) -> str:
    """Return a frame of text as an HTML table with a caption and headed columns and rows."""
    return render(
        "table.html", columns=list(frame.columns), rows=frame.to_numpy().tolist(), caption=caption
    )

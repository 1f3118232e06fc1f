"""A table as a Word document, which co-authors and journals edit; needs the extra `docx`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first date that a zip file knows: with it, the same table gives the same bytes."""


def document(title: str, subtitle: str, frame: pd.DataFrame, notes: Sequence[str]) -> bytes:
    """Return a .docx file: a heading, a line under it, a real table, and notes below.

    Parameters
    ----------
    title, subtitle
        What stands above the table.
    frame
        Text; its first column heads the rows.
    notes
        What stands below the table, a paragraph each.

    Returns
    -------
    bytes
        The same for the same text.

    Raises
    ------
    ModuleNotFoundError
        If python-docx is not installed.
    """
    import docx
    from docx.enum.section import WD_ORIENT

    made = docx.Document()
    page = made.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = page.page_height, page.page_width
    made.add_heading(_clean(title), level=1)
    made.add_paragraph(_clean(subtitle))
    table = made.add_table(rows=1, cols=len(frame.columns), style="Light Grid")
    for cell, name in zip(table.rows[0].cells, frame.columns, strict=True):
        cell.text = _clean(str(name))
    for row in frame.to_numpy().tolist():
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = _clean(str(text))
    for note in notes:
        made.add_paragraph(_clean(note))
    made.core_properties.author = "equipoise"
    made.core_properties.title = _clean(title)
    made.core_properties.created = made.core_properties.modified = datetime(*_EPOCH)
    saved = io.BytesIO()
    made.save(saved)
    return _same_every_time(saved)


def _clean(text: str) -> str:
    """Text without the control characters that XML cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n")


def _same_every_time(saved: io.BytesIO) -> bytes:
    """Write the parts of a zip file again, without the time of writing."""
    again = io.BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(part, old.read(name))
    return again.getvalue()

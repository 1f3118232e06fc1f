"""What stands in the boxes of the PRISMA 2020 flow diagram, and where each box stands.

The words are those of the statement's template: Page MJ et al. 2021, BMJ 372:n71, figure 1,
doi:10.1136/bmj.n71.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from equipoise.display import numbers
from equipoise.figures import sheet, style

Stream = Literal["previous", "databases", "other"]
Part = tuple[str, float]

_FOUND = "Records identified from:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One box of the template.

    Attributes
    ----------
    name
        What arrows call it.
    stream
        The column of the diagram it belongs to.
    level
        Its row, from the top.
    lines
        The words before each number, by key.
    heading
        What stands above several numbers.
    side
        Whether it stands to the right of the way down: what is taken away there.
    """

    name: str
    stream: Stream
    level: int
    lines: Mapping[str, str]
    heading: str = ""
    side: bool = False


SPECS = (
    Spec(name="previous", stream="previous", level=0, lines={
        "previous_studies": "Studies included in previous version of review",
        "previous_reports": "Reports of studies included in previous version of review"}),
    Spec(name="found", stream="databases", level=0, heading=_FOUND, lines={
        "database_results": "Databases", "register_results": "Registers"}),
    Spec(name="removed", stream="databases", level=0, side=True,
         heading="Records removed before screening:", lines={
        "duplicates": "Duplicate records",
        "excluded_automatic": "Records marked as ineligible by automation tools",
        "excluded_other": "Records removed for other reasons"}),
    Spec(name="screened", stream="databases", level=1,
         lines={"records_screened": "Records screened"}),
    Spec(name="unfit", stream="databases", level=1, side=True,
         lines={"records_excluded": "Records excluded"}),
    Spec(name="sought", stream="databases", level=2,
         lines={"dbr_sought_reports": "Reports sought for retrieval"}),
    Spec(name="lost", stream="databases", level=2, side=True,
         lines={"dbr_notretrieved_reports": "Reports not retrieved"}),
    Spec(name="assessed", stream="databases", level=3,
         lines={"dbr_assessed": "Reports assessed for eligibility"}),
    Spec(name="excluded", stream="databases", level=3, side=True,
         lines={"dbr_excluded": "Reports excluded"}),
    Spec(name="other found", stream="other", level=0, heading=_FOUND, lines={
        "website_results": "Websites", "organisation_results": "Organisations",
        "citations_results": "Citation searching"}),
    Spec(name="other sought", stream="other", level=2,
         lines={"other_sought_reports": "Reports sought for retrieval"}),
    Spec(name="other lost", stream="other", level=2, side=True,
         lines={"other_notretrieved_reports": "Reports not retrieved"}),
    Spec(name="other assessed", stream="other", level=3,
         lines={"other_assessed": "Reports assessed for eligibility"}),
    Spec(name="other excluded", stream="other", level=3, side=True,
         lines={"other_excluded": "Reports excluded"}),
    Spec(name="included", stream="databases", level=4, lines={
        "new_studies": "New studies included in review",
        "new_reports": "Reports of new included studies"}),
    Spec(name="total", stream="databases", level=5, lines={
        "total_studies": "Total studies included in review",
        "total_reports": "Reports of total included studies"}),
)  # fmt: skip
"""Every box of the template, each stream from the top."""

HEADINGS: Mapping[Stream, str] = {
    "previous": "Previous studies",
    "databases": "Identification of new studies via databases and registers",
    "other": "Identification of new studies via other methods",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box that is drawn: its template and its wrapped lines."""

    spec: Spec
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        """Height in inches, with room inside the frame."""
        return sheet.block(len(self.lines), style.SMALL) + 2 * PAD


PAD = 0.055
"""Room between a frame and its words, in inches."""

_INDENT = 0.1


def drawn_specs(keys: set[str]) -> list[Spec]:
    """Return the boxes to draw: those with a number, and those that something is taken from."""
    known = {spec.name for spec in SPECS if keys & set(spec.lines)}
    for main, side in _pairs():
        if side in known:
            known.add(main)
    return [spec for spec in SPECS if spec.name in known]


def written(
    spec: Spec, rows: Sequence[tuple[str, str, float]], width: float, *, update: bool
) -> Box:
    """Return a box with its words, wrapped to `width` inches.

    Parameters
    ----------
    spec
        The box.
    rows
        Key, detail and number.
    width
        Width of the frame.
    update
        Whether the review has a previous version, so that its new studies are not all.
    """
    room = width - 2 * PAD
    keys = [key for key in spec.lines if any(name == key for name, _, _ in rows)]
    lines = style.wrap(spec.heading, room, style.SMALL)
    for key in keys or list(spec.lines)[:1]:
        words = spec.lines[key] if update else _of_a_first_review(spec.lines[key])
        lines += _counted(words, key, rows, room)
    return Box(spec=spec, lines=tuple(lines))


def _pairs() -> list[tuple[str, str]]:
    """Each box on the way down that has one at its side."""
    return [
        (main.name, side.name)
        for main in SPECS
        for side in SPECS
        if (main.stream, main.level) == (side.stream, side.level) and side.side and not main.side
    ]


def _of_a_first_review(words: str) -> str:
    """The template's words where there is no previous version: all studies are new."""
    return words.replace("New studies", "Studies").replace("new included", "included")


def _counted(
    words: str, key: str, rows: Sequence[tuple[str, str, float]], room: float
) -> list[str]:
    """`Databases (n = 412)`, and under it the parts that rows with a detail give."""
    whole = [n for name, detail, n in rows if name == key and not detail]
    parts = [(detail, n) for name, detail, n in rows if name == key and detail]
    total = whole[0] if whole else sum(n for _, n in parts) if parts else None
    lines = _with_number(words, total, room)
    for detail, n in parts:
        lines += [f"  {line}" for line in _with_number(detail, n, room - _INDENT)]
    return lines


def _with_number(words: str, n: float | None, room: float) -> list[str]:
    """Wrap words, and their number after them in one piece."""
    number = "(n not reported)" if n is None else f"(n = {numbers.count(n)})"
    lines = style.wrap(words, room, style.SMALL)
    last = f"{lines[-1]} {number}"
    if style.text_width(last, style.SMALL) * style.HINTING <= room:
        return [*lines[:-1], last]
    return [*lines, number]

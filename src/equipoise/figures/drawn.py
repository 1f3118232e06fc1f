"""What a figure carries with it (numbers, alt text, caveats), and how it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from equipoise.appraisal.caveat import SEVERITIES, Caveat
from equipoise.display.numbers import listing, lower_first, upper_first
from equipoise.errors import UsageError
from equipoise.figures import style
from equipoise.figures.sheet import figure_of

FORMATS = ("svg", "pdf", "png")
_WITHOUT_DATES: dict[str, dict[str, Any]] = {
    "svg": {"metadata": {"Date": None, "Creator": None}},
    "pdf": {"metadata": {"CreationDate": None, "Creator": None, "Producer": None}},
    "png": {"metadata": {"Software": None}, "pil_kwargs": {"compress_level": 1}},
}
# Letters are drawn the way they were measured, and every file holds its own.
_SETTINGS = {"svg.fonttype": "path", "pdf.fonttype": 3, "text.hinting": "no_hinting"}
_LINE = style.SMALL * 1.35 / 72
_MARGIN = 0.15
_DRAWN: WeakKeyDictionary[Axes, Drawn] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What belongs to one drawing.

    Attributes
    ----------
    frame
        The numbers that were drawn, one row a mark.
    alt
        The drawing in words: chart type, data, main message.
    caveats
        What the drawing cannot show.
    svg_text
        Whether an SVG keeps its letters as text, for a drawing that others will edit or search.
    """

    frame: pd.DataFrame
    alt: str
    caveats: tuple[Caveat, ...]
    svg_text: bool = False


def finish(
    ax: Axes,
    frame: pd.DataFrame,
    alt: str,
    caveats: Iterable[Caveat],
    *,
    strip: bool,
    svg_text: bool = False,
) -> Axes:
    """Remember what was drawn on `ax` and write the caveats under its figure.

    Parameters
    ----------
    ax
        The finished axes.
    frame, alt, caveats, svg_text
        See `Drawn`; what is said of the same studies more than once is kept, and written, once.
    strip
        Whether to write the caveats: true when the figure is ours, since its caller can't have
        left room for them otherwise.
    """
    # What is said of other studies for another outcome stays a caveat of its own.
    unique: dict[tuple[str, tuple[str, ...]], Caveat] = {}
    for caveat in caveats:
        key = caveat.sentence, caveat.studies
        twin = unique.get(key, caveat)
        shared = tuple(dict.fromkeys((*twin.outcomes, *caveat.outcomes)))
        unique[key] = replace(caveat, outcomes=shared)
    drawn = Drawn(
        frame=frame.reset_index(drop=True),
        alt=alt,
        caveats=tuple(unique.values()),
        svg_text=svg_text,
    )
    _DRAWN[ax] = drawn
    figure = figure_of(ax)
    if strip:
        with style.context():
            _write_strip(figure, drawn.caveats)
    for text in (*ax.findobj(Text), *figure.texts):
        if isinstance(text, Text):
            text.set_parse_math(False)  # a dollar sign in a label is a dollar sign
    return ax


def drawn(ax: Axes) -> Drawn:
    """Return what was drawn on `ax`: its numbers, alt text and caveats.

    Raises
    ------
    UsageError
        If `ax` was not drawn by equipoise.
    """
    if ax not in _DRAWN:
        raise UsageError("These axes were not drawn by equipoise.")
    return _DRAWN[ax]


def save(ax: Axes, stem: str | Path, *, formats: Iterable[str] = FORMATS) -> tuple[Path, ...]:
    """Save the figure of `ax` with its numbers and alt text beside it.

    The bytes depend on the drawing and the versions of matplotlib and its fonts alone, not on when
    or how often it is saved.

    Parameters
    ----------
    ax
        Axes drawn by a function of `equipoise.figures`.
    stem
        Path without ending; the endings are added, and folders are made where there are none.
    formats
        Any of svg, pdf, png. The numbers (`.csv`) and the alt text (`.txt`) are always written.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    UsageError
        If `ax` was not drawn by equipoise, a format is not known, or the files cannot be written.
    """
    parts = drawn(ax)
    stem = Path(stem)
    formats = tuple(formats)
    unknown = [ending for ending in formats if ending not in _WITHOUT_DATES]
    if unknown:
        raise UsageError(f"{unknown[0]!r} is not a format; write one of {', '.join(FORMATS)}.")
    figure = figure_of(ax)
    # A salt of its own keeps the ids of two figures apart when both stand in one page.
    settings: dict[Any, Any] = {"svg.hashsalt": f"equipoise-{stem.name}", **_SETTINGS}
    if parts.svg_text:
        settings["svg.fonttype"] = "none"
    try:
        stem.parent.mkdir(parents=True, exist_ok=True)
        with mpl.rc_context(settings), _unique_ids(figure, stem.name):
            for ending in formats:
                figure.savefig(_beside(stem, ending), dpi=160, **_WITHOUT_DATES[ending])
        _write_words(parts, stem)
    except OSError as error:
        raise UsageError(f"{stem} cannot be written: {error.strerror or error}") from error
    return tuple(_beside(stem, ending) for ending in (*formats, "csv", "txt"))


def _write_words(parts: Drawn, stem: Path) -> None:
    """Write the numbers, and the drawing in words with all it cannot show."""
    from equipoise.display.csvtext import write_csv

    write_csv(parts.frame, _beside(stem, "csv"))
    sentences = dict.fromkeys(caveat.sentence for caveat in parts.caveats)
    lines = [parts.alt, *(f"- {sentence}" for sentence in sentences)]
    _beside(stem, "txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _beside(stem: Path, ending: str) -> Path:
    return stem.with_name(f"{stem.name}.{ending}")


@contextmanager
def _unique_ids(figure: Figure, name: str) -> Iterator[None]:
    """Tell apart the ids that artists of one kind share: an SVG may hold each id once."""
    named = [artist for artist in figure.findobj() if artist.get_gid()]
    kinds = [str(artist.get_gid()) for artist in named]
    for number, (artist, kind) in enumerate(zip(named, kinds, strict=True)):
        artist.set_gid(f"{name}-{kind.replace(' ', '-')}-{number}")
    try:
        yield
    finally:
        for artist, kind in zip(named, kinds, strict=True):
            artist.set_gid(kind)


def _write_strip(figure: Figure, caveats: tuple[Caveat, ...]) -> None:
    """Lengthen the figure downwards and write there what it cannot show."""
    lines = _strip_lines(caveats, figure.get_figwidth() - 2 * _MARGIN)
    if not lines:
        return
    room = (len(lines) + 2.2) * _LINE
    _lengthen(figure, room)
    height, width = figure.get_figheight(), figure.get_figwidth()
    left, right = _MARGIN / width, 1 - _MARGIN / width
    top = (room - 0.6 * _LINE) / height
    figure.add_artist(
        mpl.lines.Line2D(
            [left, right], [top, top], color=style.GREY, linewidth=0.6, transform=figure.transFigure
        )
    )
    for number, line in enumerate(["What this cannot show", *lines]):
        y = top - (number + 0.45) * _LINE / height
        weight = "normal" if number else "bold"
        figure.text(left, y, line, fontsize=style.SMALL, fontweight=weight, va="top", gid="caveat")


def _strip_lines(caveats: tuple[Caveat, ...], width: float) -> list[str]:
    """Break what the caveats say into lines, each item under a bullet of its own."""
    lines = []
    for item in strip_items(caveats):
        first, *rest = style.wrap(item, width - 0.12, style.SMALL)
        lines += [f"• {first}", *(f"   {line}" for line in rest)]
    return lines


def strip_items(caveats: tuple[Caveat, ...]) -> list[str]:
    """Return what stands under a figure, as short as honesty allows.

    A blocking or high caveat stands in full; several of one kind share a line that names their
    studies. Where a figure shows several outcomes, those it is about are named too, unless it is
    about all of them. Medium ones and information stand by title: all sentences are in the alt
    text.
    """
    ranked = sorted(caveats, key=lambda caveat: SEVERITIES.index(caveat.severity))
    every = {outcome for caveat in caveats for outcome in caveat.outcomes}
    kinds: dict[str, list[Caveat]] = {}
    for caveat in ranked:
        if caveat.severity in ("block", "high"):
            kinds.setdefault(caveat.title, []).append(caveat)
    items = []
    for title, group in kinds.items():
        if len(group) == 1 and set(group[0].outcomes) == every:
            items.append(group[0].sentence)
        else:
            items.append(f"{upper_first(title)}: {'; '.join(_subjects(group, every))}.")
    others = list(dict.fromkeys(c.title for c in ranked if c.title not in kinds))
    return [*items, f"Also: {'; '.join(others)}."] if others else items


def _subjects(group: list[Caveat], every: set[str]) -> list[str]:
    """Name the studies of caveats of one kind, each with its outcomes unless those are all."""
    outcomes: dict[str, dict[str, None]] = {}
    for caveat in group:
        for study in caveat.studies or ("",):
            outcomes.setdefault(study, {}).update(dict.fromkeys(caveat.outcomes))
    subjects = []
    for study, its in outcomes.items():
        about = [] if set(its) == every else [listing([lower_first(name) for name in its])]
        subjects.append(f"{study} ({about[0]})" if study and about else study or " ".join(about))
    return [subject for subject in subjects if subject] or ["all of these"]


def _lengthen(figure: Figure, room: float) -> None:
    """Add `room` inches below, keeping every axes and text at its place from the top."""
    before = figure.get_figheight()
    after = before + room
    boxes = [(ax, ax.get_position()) for ax in figure.axes]
    figure.set_figheight(after)
    for ax, box in boxes:
        ax.set_position(
            (box.x0, (box.y0 * before + room) / after, box.width, box.height * before / after)
        )
    for text in figure.texts:
        x, y = text.get_position()
        text.set_position((x, (y * before + room) / after))

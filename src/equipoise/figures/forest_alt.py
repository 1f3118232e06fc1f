"""A forest plot in words: chart type, data, main message."""

from __future__ import annotations

from equipoise.display import numbers
from equipoise.figures.forest_subject import Subject

_SHOWN = 6


def alt_of(subject: Subject) -> str:
    """Return the alt text: the first estimates in full, the rest counted, then all together."""
    rows = subject.rows
    placed = [row for row in rows if row.has_place]
    studies = len({row.data["study_id"] for row in rows})
    alt = (
        f"{subject.kind} of {rows[0].asked.name} for {subject.name}: "
        f"{len(placed)} {'estimate' if len(placed) == 1 else 'estimates'} from {studies} "
        f"{'study' if studies == 1 else 'studies'}{'' if subject.pooled else ', not combined'}."
    )
    for row in placed[:_SHOWN]:
        design = f" ({row.design})" if row.design else ""
        alt += f" {row.data['label']}{design}: {row.in_words}."
    if len(placed) > _SHOWN:
        values = [row.interval[0] for row in placed]
        ends = [rows[0].number(choose(values)) for choose in (min, max)]
        alt += f" {len(placed) - _SHOWN} more; all estimates lie between {ends[0]} and {ends[1]}."
    silent = len(rows) - len(placed)
    if silent:
        alt += f" {numbers.count(silent)} {'row has' if silent == 1 else 'rows have'} no number."
    for row in subject.results:
        if row.data["basis"] == "pooled":
            alt += f" Diamond of {subject.model}: {row.in_words}."
        else:
            alt += f" Bar of the prediction interval: {row.ends_in_words}."
    return f"{alt} {subject.sentence}"

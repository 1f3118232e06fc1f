"""The words of a forest plot: its columns, what all rows share, its directions and footnotes."""

from __future__ import annotations

from collections import Counter
from string import ascii_lowercase

from equipoise.display import numbers
from equipoise.effects.measures import Measure
from equipoise.figures.columns import Cell, Column, Table, column, when, widest
from equipoise.figures.forest_rows import ForestRow

_SECTION = 0.2
_NEXT_SECTION = 0.42
_REPEATED = 3
_HEADS = {"without": "Left out", "cumulative": "Added"}
_JOINING = ("plus", "with", "and", "on", "in", "+", "for", "at")


def table_of(rows: list[ForestRow], results: list[ForestRow], width: float) -> Table:
    """Return the columns of a forest plot on a sheet of `width` inches; results stand last."""
    letters = _letters(rows)
    labels = [Cell(text=str(row.data["label"]), note=_own_text(row, rows)) for row in rows]
    labels += [Cell(text=str(row.data["label"])) for row in results]
    values = []
    for row in rows:
        if row.has_place:
            note = "" if _all_reported(rows) else row.interval_note
            if note in letters:
                note = f"{'no interval' if row.kind == 'none' else 'see'} ({letters[note]})"
            values.append(Cell(fields=row.fields, note=note))
        else:
            reason = row.missing
            text = f"no number ({letters[reason]})" if reason in letters else reason
            values.append(Cell(text=text, quiet=True))
    # Of a prediction interval there is no estimate beside the pooled one.
    values += [Cell(fields=("", *row.fields[1:]) if n else row.fields)
               for n, row in enumerate(results)]  # fmt: skip
    right = [column(values, most=0.2 * width, header=_header(rows), align="right", gid="value")]
    if any(row.weight for row in rows):
        weights = [Cell(text=row.weight) for row in (*rows, *results)]
        right.append(
            column(weights, most=0.1 * width, header="Weight", align="right", gid="weight")
        )
    between = _NEXT_SECTION if not results else _SECTION + 0.1
    header, most = _HEADS.get(str(rows[0].data["basis"]), "Study"), 0.22 if results else 0.27
    return Table(
        left=(column(labels, most=most * width, header=header, gid="label"),
              *_people(rows, results, width)),
        right=tuple(right),
        above=tuple(
            0.0 if not row.section else between if number else _SECTION
            for number, row in enumerate((*rows, *results))
        ),
    )  # fmt: skip


def _people(rows: list[ForestRow], results: list[ForestRow], width: float) -> tuple[Column, ...]:
    """Columns of counts: two groups under a spanner, one group, or only how many people.

    Results have none: a pooled ratio is not that of all people thrown together.
    """
    if not rows[0].design:  # of a bare pooled estimate nothing is known but effects
        return ()
    family, blank = rows[0].asked.family, [""] * len(results)
    if family == "binary":
        over, most = "Events/people", 0.1 * width
        treated = [row.group("treatment") for row in rows]
        compared = [row.group("control") for row in rows]
        return (
            _counts([*treated, *blank], "Treated", over=over, most=most),
            _counts([*compared, *blank], "Compared", over=over, most=most),
        )
    if family == "proportion":
        texts, head = [row.group("treatment") for row in rows], "Events/people"
    else:
        texts, head = [numbers.count(row.data["people"]) for row in rows], "People"
    return (_counts([*texts, *blank], head, over="", most=0.14 * width),)


def _counts(texts: list[str], header: str, *, over: str, most: float) -> Column:
    cells = [Cell(text=text) for text in texts]
    most = max(most, widest(texts))
    return column(cells, most=most, header=header, over=over, align="right", gid="count")


def _header(rows: list[ForestRow]) -> str:
    asked = rows[0].asked
    unit = ", points" if asked.key == "RD" else ""
    by_axis = {"proportion": "Share", "rate": "Rate", "mean": "Mean"}
    by_key = {"MC": "Mean change", "GEN": "Effect", "ZCOR": "COR"}
    name = by_key.get(asked.key) or by_axis.get(asked.axis, asked.key)
    kinds = {row.kind for row in rows if row.has_place}
    if _all_reported(rows):
        level = next(row.interval_note for row in rows if row.has_place and row.kind == "reported")
        return f"{name}{unit} [{level}]"
    if kinds & {"confidence", "reported"}:
        return f"{name}{unit} [{numbers.interval_name('confidence', rows[0].level)}]"
    return f"{name}{unit}" + (" [range]" if "rounding" in kinds else "")


def _all_reported(rows: list[ForestRow]) -> bool:
    notes = {row.interval_note for row in rows if row.has_place}
    return {row.kind for row in rows if row.has_place} == {"reported"} and len(notes) == 1


def shared_text(rows: list[ForestRow]) -> str:
    """Return what holds for every row: who was compared with whom, and when."""
    parts = []
    if _is_shared(rows, "treatment", "comparator"):
        parts.append(_comparison(rows[0]))
    if rows[0].data["timepoint"] and _is_shared(rows, "timepoint"):
        parts.append(when(str(rows[0].data["timepoint"])))
    return "; ".join(part for part in parts if part)


def _own_text(row: ForestRow, rows: list[ForestRow]) -> str:
    """Return what of it differs between the rows."""
    parts = [] if _is_shared(rows, "treatment", "comparator") else [_comparison(row)]
    if not _is_shared(rows, "timepoint"):
        parts.append(when(str(row.data["timepoint"])))
    return "; ".join(part for part in parts if part)


def _comparison(row: ForestRow) -> str:
    treated, compared = str(row.data["treatment"]), str(row.data["comparator"])
    return f"{treated} against {numbers.lower_first(compared)}" if compared else treated


def _is_shared(rows: list[ForestRow], *names: str) -> bool:
    return len({tuple(row.data[name] for name in names) for row in rows}) == 1


def directions(better: str, rows: list[ForestRow]) -> tuple[str, str]:
    """Return what the left and the right of the null speak for; empty where there is no null."""
    asked: Measure = rows[0].asked
    if asked.null is None or asked.family in ("generic", "correlation"):
        return "", ""
    if asked.family == "paired":
        return "fell", "rose"
    if not better:
        return "lower with treatment", "higher with treatment"
    good, bad = f"favours {_treatment_name(rows)}", "favours comparison"
    return (good, bad) if better == "lower" else (bad, good)


def axis_name(outcome_unit: str, rows: list[ForestRow]) -> str:
    """Return what the axis shows: the measure, its scale and its unit."""
    asked = rows[0].asked
    unit = {"RD": "percentage points", "MD": outcome_unit}
    unit["MC"] = unit["MD"]
    parts = [asked.name[0].upper() + asked.name[1:], "log scale" if asked.axis == "ratio" else "",
             unit.get(asked.key, "")]  # fmt: skip
    return ", ".join(part for part in parts if part)


def _treatment_name(rows: list[ForestRow]) -> str:
    """Return the words with which the treatments of all rows begin, else "treatment"."""
    names = [str(row.data["treatment"]).split() for row in rows if row.has_place]
    shared = []
    for words in zip(*names, strict=False):
        if len(set(words)) > 1 or words[0].lower() in _JOINING:
            break
        shared.append(words[0])
    name = numbers.lower_first(" ".join(shared))
    return name if 0 < len(name) <= 24 else "treatment"


def silent_note(rows: list[ForestRow]) -> list[str]:
    """Return the studies without a number, in a sentence, with how often each would have one."""
    if not rows:
        return []
    times = Counter(str(row.data["label"]) for row in rows)
    names = [f"{name} ({n} times)" if n > 1 else name for name, n in times.items()]
    return [f"Compared, but no number found: {'; '.join(names)}."]


def footnotes(rows: list[ForestRow]) -> list[str]:
    """Return the reasons that stand in several rows, once each, with their letter."""
    return [f"({letter}) {reason}" for reason, letter in _letters(rows).items()]


def _letters(rows: list[ForestRow]) -> dict[str, str]:
    texts = Counter(row.interval_note if row.has_place else row.missing for row in rows)
    # What is shorter than its reference would be stays where it is.
    repeated = [text for text, times in texts.items() if times >= _REPEATED and len(text) > 34]
    return dict(zip(repeated, ascii_lowercase, strict=False))

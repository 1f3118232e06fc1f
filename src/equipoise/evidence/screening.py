"""The boxes of the PRISMA 2020 flow diagram: their keys, and whether their numbers add up.

The keys are those of the files that the PRISMA2020 flow diagram tool reads and writes, so that the
rows of screening.csv can be exchanged with it.

References
----------
Page MJ et al. 2021, BMJ 372:n71, figure 1, doi:10.1136/bmj.n71.
Haddaway NR et al. 2022, Campbell Systematic Reviews 18:e1230, doi:10.1002/cl2.1230.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from equipoise.display.numbers import upper_first
from equipoise.errors import Problem
from equipoise.evidence.bias_tools import instead
from equipoise.evidence.reading import Row

BOXES: Mapping[str, str] = {
    "previous_studies": "studies included in the previous version of the review",
    "previous_reports": "reports of studies included in the previous version of the review",
    "database_results": "records identified from databases",
    "register_results": "records identified from registers",
    "website_results": "records identified from websites",
    "organisation_results": "records identified from organisations",
    "citations_results": "records identified from citation searching",
    "duplicates": "duplicate records",
    "excluded_automatic": "records marked as ineligible by automation tools",
    "excluded_other": "records removed for other reasons",
    "records_screened": "records screened",
    "records_excluded": "records excluded",
    "dbr_sought_reports": "reports sought for retrieval (databases and registers)",
    "dbr_notretrieved_reports": "reports not retrieved (databases and registers)",
    "other_sought_reports": "reports sought for retrieval (other methods)",
    "other_notretrieved_reports": "reports not retrieved (other methods)",
    "dbr_assessed": "reports assessed for eligibility (databases and registers)",
    "dbr_excluded": "reports excluded (databases and registers)",
    "other_assessed": "reports assessed for eligibility (other methods)",
    "other_excluded": "reports excluded (other methods)",
    "new_studies": "new studies included",
    "new_reports": "reports of new included studies",
    "total_studies": "studies included in total",
    "total_reports": "reports of studies included in total",
}
"""What each key counts."""

# Each step: what is taken away on the way to a box, and that box.
_Steps = tuple[tuple[tuple[str, ...], str], ...]
_DATABASES: _Steps = (
    (("duplicates", "excluded_automatic", "excluded_other"), "records_screened"),
    (("records_excluded",), "dbr_sought_reports"),
    (("dbr_notretrieved_reports",), "dbr_assessed"),
)
_OTHER: _Steps = (
    ((), "other_sought_reports"),
    (("other_notretrieved_reports",), "other_assessed"),
)
_FOUND = ("database_results", "register_results")
_FOUND_OTHERWISE = ("website_results", "organisation_results", "citations_results")


def check_screening(rows: Sequence[Row]) -> Iterator[Problem]:
    """Report keys that are no boxes of the flow diagram.

    Parameters
    ----------
    rows
        The rows of screening.csv.
    """
    for row in rows:
        key = row.text["data"]
        if row.parsed["data"] and key not in BOXES:
            yield Problem(
                file="screening.csv", row=row.number, column="data", value=key,
                what="is not a box of the PRISMA 2020 flow diagram", fix=instead(key, list(BOXES)),
            )  # fmt: skip


def box_counts(rows: Sequence[tuple[str, str, float]]) -> dict[str, int]:
    """Return the number in each box.

    Parameters
    ----------
    rows
        Key, detail and number. The row without a detail is the number of the box; without such a
        row the details add up to it.
    """
    counts: dict[str, int] = {}
    for key in dict.fromkeys(key for key, _, _ in rows):
        whole = [n for name, detail, n in rows if name == key and not detail]
        parts = [n for name, detail, n in rows if name == key and detail]
        counts[key] = int(whole[0]) if whole else int(sum(parts))
    return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Left:
    """What is left on the way down: how many, how that was worked out, and what is unknown."""

    n: int
    sum: str
    unknown: tuple[str, ...] = ()

    def without(self, keys: Sequence[str], counts: Mapping[str, int]) -> _Left:
        """Take away what is known of these boxes, and remember what is not."""
        known = [key for key in keys if key in counts]
        absent = tuple(BOXES[key] for key in keys if key not in counts)
        return _Left(
            n=self.n - sum(counts[key] for key in known),
            sum="".join([self.sum, *(f" less {_told(key, counts)}" for key in known)]),
            unknown=self.unknown + absent,
        )


def mismatches(rows: Sequence[tuple[str, str, float]]) -> list[str]:
    """Return, in a sentence each, which boxes do not add up.

    A box that is absent breaks no sum: what it may have taken away is unknown, so that no more may
    be left than the others allow, and less than that is told as not accounted for.

    Parameters
    ----------
    rows
        Key, detail and number.
    """
    counts = box_counts(rows)
    databases, wrong_there = _stream(counts, _FOUND, _DATABASES)
    other, wrong_elsewhere = _stream(counts, _FOUND_OTHERWISE, _OTHER)
    return [
        *_details(rows, counts),
        *wrong_there,
        *wrong_elsewhere,
        *_included(counts, databases, other),
        *_totals(counts),
    ]


def _told(key: str, counts: Mapping[str, int]) -> str:
    return f"{BOXES[key]} ({counts[key]})"


def _stream(
    counts: Mapping[str, int], found: Sequence[str], steps: _Steps
) -> tuple[_Left | None, list[str]]:
    """Walk down one stream of the diagram: what is left at its end, and what does not add up."""
    given = [key for key in found if key in counts]
    left = None
    wrong: list[str] = []
    if given:
        start = " plus ".join(_told(key, counts) for key in given)
        left = _Left(n=sum(counts[key] for key in given), sum=start)
    for taken, box in steps:
        left = left.without(taken, counts) if left else None
        if box in counts:
            wrong += _compared(left, box, counts) if left else []
            left = _Left(n=counts[box], sum=_told(box, counts))
    return left, wrong


def _details(rows: Sequence[tuple[str, str, float]], counts: Mapping[str, int]) -> Iterator[str]:
    """Yield the boxes whose parts do not add up to them."""
    for key, n in counts.items():
        parts = [int(part) for name, detail, part in rows if name == key and detail]
        if parts and sum(parts) != n:
            yield f"The parts of {BOXES[key]} add up to {sum(parts)}, but {n} are given."


def _compared(left: _Left, box: str, counts: Mapping[str, int]) -> Iterator[str]:
    """Yield that what is left is not what the next box holds."""
    n = counts[box]
    if n == left.n:
        return
    told = f"{upper_first(left.sum)} leave {left.n}, but {n} are given as {BOXES[box]}"
    if n < left.n and left.unknown:
        told += f"; {left.n - n} are not accounted for (not given: {', '.join(left.unknown)})"
    yield f"{told}."


def _included(
    counts: Mapping[str, int], databases: _Left | None, other: _Left | None
) -> Iterator[str]:
    """Yield that the reports included are not those that were left to include."""
    ends = [
        left.without((key,), counts)
        for left, key in ((databases, "dbr_excluded"), (other, "other_excluded"))
        if left
    ]
    if databases is None or (other is None and "other_excluded" in counts):
        return  # what one of the streams leaves is unknown
    left = _Left(
        n=sum(end.n for end in ends),
        sum=" plus ".join(end.sum for end in ends),
        unknown=tuple(name for end in ends for name in end.unknown),
    )
    if "new_reports" in counts:
        yield from _compared(left, "new_reports", counts)
    elif counts.get("new_studies", 0) > left.n:
        # Without the number of reports: a study has one report at least.
        yield from _compared(left, "new_studies", counts)


def _totals(counts: Mapping[str, int]) -> Iterator[str]:
    """Yield that previous and new ones do not make the total."""
    for kind in ("studies", "reports"):
        parts, total = (f"previous_{kind}", f"new_{kind}"), f"total_{kind}"
        if not all(key in counts for key in (*parts, total)):
            continue
        added = sum(counts[key] for key in parts)
        if added != counts[total]:
            told = upper_first(" plus ".join(_told(key, counts) for key in parts))
            yield f"{told} make {added}, but {counts[total]} are given as {BOXES[total]}."

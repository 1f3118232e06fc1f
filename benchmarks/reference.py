"""How close equipoise is to metafor, measure by measure and method by method.

    python benchmarks/reference.py [FOLDER] [--markdown docs/validation.md]

FOLDER has the layout of tests/reference, which is the default. The exit code is 1 if a difference
has no known cause.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import pandas as pd
from reference.compare import CLOSED_FORM, ITERATIVE, Comparison, compare
from reference.known import cause
from reference.reading import SECTIONS, manifest, read_folder

from equipoise.display import markdown
from equipoise.effects.measures import MEASURES

FOLDER = Path(__file__).parents[1] / "tests" / "reference"
TITLES = {
    "escalc": "Effect sizes",
    "rma_uni": "Pooling",
    "mh_peto": "Mantel-Haenszel and Peto",
    "sensitivity": "Each study in turn",
}
LOOKS = {
    "leave1out": "without each study",
    "cumul": "with one study more at a time",
    "influence": "what each study does",
}
TESTS = {"z": "wald", "t": "t", "knha": "hksj", "adhoc": "hksj-adhoc"}


@dataclass(slots=True)
class Row:
    """The comparisons of one group."""

    records: set[tuple[str, str]] = field(default_factory=set)
    numbers: int = 0
    worst: Comparison | None = None
    explained: int = 0
    unexplained: int = 0

    def add(self, one: Comparison) -> None:
        """Count one more."""
        self.records.add((one.dataset, one.record))
        self.numbers += one.count
        if not one.agrees:
            self.explained += cause(one) is not None
            self.unexplained += cause(one) is None
        elif self.worst is None or one.difference > self.worst.difference:
            self.worst = one

    def cells(self, group: str) -> list[str]:
        """Return the line of the table."""
        worst, place = "0", ""
        if self.worst is not None and self.worst.difference:
            worst = f"{self.worst.difference:.0e}"
            place = f"{self.worst.dataset} {self.worst.record}"
        return [
            group,
            f"{len(self.records):,}",
            f"{self.numbers:,}",
            worst,
            place,
            str(self.explained or ""),
            str(self.unexplained or ""),
        ]


HEAD = [
    "records",
    "numbers",
    "largest difference",
    "met in",
    "known differences",
    "unexplained",
]


def main() -> int:
    """Compare, print the page, and return 1 if a difference is unexplained."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--markdown", type=Path, help="write the page to this file")
    chosen = parser.parse_args()
    found = [
        one
        for data in read_folder(chosen.folder)
        for section in SECTIONS
        for one in compare(data, section)
    ]
    text = "\n".join(page(found, chosen.folder))
    sys.stdout.write(text)
    if chosen.markdown:
        chosen.markdown.write_text(text, encoding="utf-8")
    return int(any(not one.agrees and cause(one) is None for one in found))


def page(found: list[Comparison], folder: Path) -> list[str]:
    """Return the page, line by line."""
    about = manifest(folder)
    apart = [one for one in found if not one.agrees]
    unexplained = [one for one in apart if cause(one) is None]
    lines = [
        "# How close equipoise is to metafor",
        "",
        "*Written by `python benchmarks/reference.py --markdown docs/validation.md`.*",
        "",
        f"{sum(one.count for one in found):,} numbers of {len(about['datasets'])} data sets are "
        f"compared with metafor {about['versions']['metafor']}. {len(apart):,} quantities differ "
        f"by more than the tolerance; {len(unexplained)} of them without a known cause.",
        "",
        "A difference is |ours − theirs| / max(|theirs|, scale); the scale is the standard error "
        "for effects, the harmonic mean of the variances for τ², 1 for statistics and shares, "
        f"and nothing otherwise. The tolerance is {CLOSED_FORM:.0e} for closed forms and "
        f"{ITERATIVE:.0e} for what is searched for (τ² by ML, REML, EB, PM and PMM with all that "
        "follows from it, and intervals for τ²). The largest difference shown is the largest "
        "within the tolerance.",
        "",
    ]
    for section in SECTIONS:
        inside = [one for one in found if one.section == section]
        lines += [f"## {TITLES[section]}", "", table("measure or method", inside, _group)]
    for section in ("rma_uni", "mh_peto", "sensitivity"):
        inside = [one for one in found if one.section == section]
        lines += [f"## {TITLES[section]}, by what is computed", ""]
        lines += [table("quantity", inside, lambda one: one.quantity)]
    return lines + differences(apart)


def table(head: str, found: Iterable[Comparison], group: Callable[[Comparison], str]) -> str:
    """Return a Markdown table with one line a group."""
    rows: dict[str, Row] = defaultdict(Row)
    for one in found:
        rows[group(one)].add(one)
    cells = [row.cells(name) for name, row in rows.items()]
    return markdown.table(pd.DataFrame(cells, columns=[head, *HEAD]))


def differences(apart: list[Comparison]) -> list[str]:
    """Return the differences beyond the tolerance, by cause."""
    by_cause: dict[str, list[Comparison]] = defaultdict(list)
    for one in apart:
        by_cause[cause(one) or "**unexplained**"].append(one)
    rows = [
        [
            reason,
            str(len(ones)),
            _named(sorted({one.dataset for one in ones})),
            str(max(ones, key=lambda one: one.difference)),
        ]
        for reason, ones in by_cause.items()
    ]
    head = ["cause", "quantities", "data sets", "the largest"]
    shown = markdown.table(pd.DataFrame(rows, columns=head))
    return ["## Every difference beyond the tolerance", "", shown]


def _named(names: list[str], most: int = 4) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _group(one: Comparison) -> str:
    parts = one.record.split("|")
    if one.section == "rma_uni":
        return f"{parts[1]}, {TESTS[parts[2]]}"
    if one.section == "sensitivity":
        return f"{LOOKS[parts[4]]}: {parts[1]}, {TESTS[parts[2]]}"
    return f"{parts[0]}: {MEASURES[parts[0]].name}" if parts[0] in MEASURES else parts[0]


if __name__ == "__main__":
    sys.exit(main())

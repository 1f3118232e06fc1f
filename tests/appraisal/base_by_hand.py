"""A small evidence base on disk, for claims: two trials, a cohort, people alone, a measurement."""

import csv
from collections.abc import Sequence
from pathlib import Path

import equipoise as eq
from equipoise.evidence.schema import table

REVIEW = """
title = "A small base"
updated = "2026-01-01"
licence = "MIT"
[question]
population = "people with back pain"
condition = "low back pain"
intervention = "inversion therapy"
comparator = "no inversion therapy"
target_weeks = 52
[[analyses]]
id = "pulse"
outcome = "pulse"
measure = "MC"
[[analyses]]
id = "score"
outcome = "score"
measure = "SMD"
"""

# study, design, condition, people randomised, how much of its paper was read
STUDIES = (
    ("cohort", "nrsi_controlled", "sciatica", "", "not_read"),
    ("large", "rct", "low back pain", "4000", "full_text"),
    ("small", "rct", "sciatica", "24", "full_text"),
    ("alone", "single_arm", "low back pain", "", "abstract"),
    ("heart", "within_subject", "low back pain", "", "full_text"),
)
SIZES = {"large": ("2000", "2000"), "small": ("13", "11"), "cohort": ("NR", "NR")}
# study, outcome, arm, timepoint, weeks, phase, events, n, percent, relation, mean
RESULTS = (
    ("large", "surgery", "in", "1 year", "52", "", "400", "2000", "", "", ""),
    ("large", "surgery", "out", "1 year", "52", "", "800", "2000", "", "", ""),
    ("large", "relief", "in", "1 year", "52", "", "800", "2000", "", "", ""),
    ("large", "relief", "out", "1 year", "52", "", "1200", "2000", "", "", ""),
    ("large", "aches", "in", "1 year", "52", "", "800", "2000", "", "", ""),
    ("large", "aches", "out", "1 year", "52", "", "400", "2000", "", "", ""),
    ("large", "walks", "in", "1 year", "52", "", "800", "2000", "", "", ""),
    ("large", "walks", "out", "1 year", "52", "", "400", "2000", "", "", ""),
    ("cohort", "walks", "in", "1 year", "52", "", "NR", "NR", "40", "", ""),
    ("cohort", "walks", "out", "1 year", "52", "", "NR", "NR", "20", "", ""),
    ("small", "falls", "in", "6 weeks", "6", "", "3", "13", "", "", ""),
    ("small", "falls", "out", "6 weeks", "6", "", "7", "9", "", "", ""),
    ("large", "visits", "in", "1 year", "52", "", "400", "2000", "", "", ""),
    ("large", "visits", "out", "1 year", "52", "", "800", "2000", "", "", ""),
    ("small", "visits", "in", "6 weeks", "6", "", "3", "13", "", "", ""),
    ("small", "visits", "out", "6 weeks", "6", "", "7", "9", "", "", ""),
    ("cohort", "sleep", "in", "2 years", "104", "", "NR", "NR", "21", "", ""),
    ("cohort", "sleep", "out", "2 years", "104", "", "NR", "NR", "39", "", ""),
    ("cohort", "sleep", "third", "2 years", "104", "", "NR", "NR", "NR", "", ""),
    ("alone", "dizzy", "in", "8 weeks", "8", "", "3", "20", "", "", ""),
    ("alone", "numb", "in", "8 weeks", "8", "", "0", "20", "", "", ""),
    ("alone", "faint", "in", "8 weeks", "8", "", "NR", "NR", "5", "less_than", ""),
    ("alone", "better", "in", "8 weeks", "8", "", "13", "16", "", "", ""),
    ("alone", "fitter", "in", "8 weeks", "8", "", "NR", "85", "75", "more_than", ""),
    ("heart", "pulse", "in", "Inverted", "", "change", "", "20", "", "", "-16.4"),
    ("heart", "ease", "in", "8 weeks", "8", "change", "", "20", "", "", "-5"),
    ("alone", "mood", "in", "8 weeks", "8", "", "NR", "NR", "NR", "", ""),
)
# study, outcome, timepoint, smallest and largest change
RANGES = (
    ("heart", "space", "Inverted", "0.3", "4"),
    ("heart", "length", "Inverted", "-1", "2"),
)
# condition, kind, people with it, of how many, source
SAFETY = (
    ("Glaucoma", "contraindication", "", "", "page"),
    ("Glaucoma", "contraindication", "", "", "heart"),
    ("Glaucoma", "caution", "", "", "gone"),
    ("Stroke", "contraindication", "", "", "page"),
    ("Broken wrist", "reported_harm", "2", "", "alone"),
    ("Bruise", "reported_harm", "1", "20", "alone"),
    ("Fracture", "reported_harm", "NR", "NR", "gone"),
)
OUTCOMES = (
    ("surgery", "binary", "lower"), ("relief", "binary", "higher"), ("falls", "binary", "lower"),
    ("sleep", "binary", "lower"), ("better", "binary", "higher"), ("fitter", "binary", "higher"),
    ("mood", "binary", "higher"), ("pulse", "continuous", "lower"),
    ("score", "continuous", "lower"), ("ease", "continuous", "lower"),
    ("space", "continuous", "higher"), ("length", "continuous", "higher"),
    ("aches", "binary", "lower"), ("walks", "binary", "higher"), ("visits", "binary", "lower"),
    ("dizzy", "binary", "lower"), ("numb", "binary", "lower"), ("faint", "binary", "lower"),
)  # fmt: skip


def _write(folder: Path, name: str, rows: Sequence[dict[str, str]]) -> None:
    header = [column.name for column in table(name).columns]
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_base(folder: Path, claims: Sequence[dict[str, str]], studies: str = "") -> eq.Evidence:
    """Write the base with these claims, of all studies or of those named, and load it."""
    kept = [s for s in STUDIES if not studies or s[0] in studies.split()]
    names = [study[0] for study in kept]
    (folder / "review.toml").write_text(REVIEW, encoding="utf-8")
    page = {"kind": "web_article", "citation": "A page", "year": "NR", "doi": "NR", "url": "NR",
            "industry": "yes"}  # fmt: skip
    _write(folder, "sources", [
        {**page, "source_id": "page", "read": "full_text"},
        {**page, "source_id": "gone", "read": "not_read", "kind": "systematic_review"},
        *[{**page, "source_id": name, "kind": "journal_article", "read": read}
          for name, _, _, _, read in kept],
    ])  # fmt: skip
    _write(folder, "studies", [
        {"study_id": name, "label": name.title(), "source_id": name, "year": "2020",
         "country": "NR", "design": design, "directness": "direct", "condition": condition,
         "population": "NR", "setting": "NR", "n_randomised": people, "funding": "public",
         "conflicts": "NR", "participants_blinded": "yes", "assessors_blinded": "yes",
         "registration": "NR", "product": "NR", "confidence": "primary"}
        for name, design, condition, people, _ in kept
    ])  # fmt: skip
    _write(folder, "arms", [
        {"study_id": name, "arm_id": arm, "role": role, "label": label,
         "n": SIZES.get(name, ("NR", "NR"))[arm == "out"], "source_id": name,
         "confidence": "primary"}
        for name in names
        for arm, role, label in (("in", "intervention", "Inversion"), ("out", "control", "Rest"),
                                 ("third", "control", "Other"))
        if arm == "in" or (arm == "out" and name in SIZES) or name == "cohort"
    ])  # fmt: skip
    _write(folder, "outcomes", [
        {"outcome_id": name, "label": name.title(), "kind": kind, "better": better,
         "assessed": "objective", "importance": "critical", "domain": "all",
         "phrase": f"had {name}" if kind == "binary" else "",
         "unit": "" if kind == "binary" else "points", "definition": "NR"}
        for name, kind, better in OUTCOMES
    ])  # fmt: skip
    keys = ("study_id", "outcome_id", "arm_id", "timepoint", "weeks", "phase", "events", "n",
            "percent", "relation", "mean")  # fmt: skip
    _write(folder, "results", [
        {**dict(zip(keys, cells, strict=True)), "confidence": "primary",
         "source_id": "page" if cells[0] == "cohort" else cells[0]}
        for cells in RESULTS if cells[0] in names
    ] + [
        {"study_id": study, "outcome_id": outcome, "arm_id": "in", "timepoint": timepoint,
         "phase": "change", "n": "20", "mean": "NR", "minimum": low, "maximum": high,
         "source_id": study, "confidence": "primary"}
        for study, outcome, timepoint, low, high in RANGES if study in names
    ])  # fmt: skip
    _write(folder, "safety", [
        {"condition": condition, "kind": kind, "reason": "NR", "events": events, "n": n,
         "source_id": source, "confidence": "secondary"}
        for condition, kind, events, n, source in SAFETY if source in ("page", "gone", *names)
    ])  # fmt: skip
    _write(folder, "contrasts", [
        {"study_id": "small", "outcome_id": "score", "arm_1": "in", "arm_2": "out",
         "timepoint": "6 weeks", "weeks": "6", "measure": "SMD", "estimate": "-0.14",
         "ci_low": "-1.03", "ci_high": "0.76", "n": "19", "higher_favours": "arm_2",
         "source_id": "small", "confidence": "primary"},
    ] if "small" in names else [])  # fmt: skip
    defaults = {"source_id": "page", "kind": "effect", "claim": "It helps", "causal": "no",
                "population": "NR", "comparator": "NR", "timepoint": "NR"}  # fmt: skip
    _write(folder, "claims", [
        {"claim_id": f"c{i}", **defaults, **claim} for i, claim in enumerate(claims)
    ])  # fmt: skip
    return eq.load_evidence(folder)

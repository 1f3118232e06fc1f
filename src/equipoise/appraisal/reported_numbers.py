"""Do the reported numbers of an evidence base add up? Every check that its tables allow."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import asdict, fields

import pandas as pd

from equipoise.appraisal.number_check import (
    NumberCheck,
    ReportedRow,
    people_who_began,
    reported_rows,
)
from equipoise.appraisal.reported_effects import check_effect, reported_effects
from equipoise.appraisal.reported_results import (
    check_percentage,
    check_standard_error,
    check_whole_numbers,
)
from equipoise.display import numbers
from equipoise.errors import UsageError
from equipoise.evidence.base import Evidence
from equipoise.evidence.columns import NOT_REPORTED


def reported_numbers(evidence: Evidence, *, whole_numbers: Collection[str] = ()) -> pd.DataFrame:
    """Check every reported number of an evidence base against the others beside it.

    Percentages against people (those analysed, and those who began), standard errors against
    deviations, intervals against estimates, estimates against counts and means, p values against
    counts, intervals and standard errors, people of a comparison against those of its groups, and
    groups against their study. Cells count as they are written: 22.0 is not 22.

    Parameters
    ----------
    evidence
        An evidence base.
    whole_numbers
        The `outcome_id` of outcomes measured in whole numbers, such as the sum of a questionnaire:
        their means and standard deviations are tested by `grim` and `grimmer`. Other measurements
        have no such grain, and the evidence base does not tell which is which.

    Returns
    -------
    DataFrame
        One row a check, in the order of results.csv, contrasts.csv and studies.csv: file, row (the
        header is row 1), study_id, study, outcome_id, check, reported, recomputed (what follows
        from the rest), verdict (a key of `equipoise.appraisal.number_check.VERDICTS`), sentence.

    Raises
    ------
    UsageError
        If `whole_numbers` names an outcome that the evidence base does not have.
    """
    if isinstance(whole_numbers, str):
        raise UsageError(f"whole_numbers takes several names: write [{whole_numbers!r}]")
    for outcome in whole_numbers:
        evidence.outcome(outcome)
    checks = [*_of_results(evidence, whole_numbers), *_of_effects(evidence), *_of_studies(evidence)]
    names = [field.name for field in fields(NumberCheck)]
    frame = pd.DataFrame([asdict(check) for check in checks], columns=names)
    return frame.astype({name: "int64" if name == "row" else "str" for name in names})


def _of_results(evidence: Evidence, whole_numbers: Collection[str]) -> Iterator[NumberCheck]:
    began = people_who_began(evidence)
    for row in reported_rows(evidence, "results"):
        yield from check_percentage(row, began[row.text["study_id"], row.text["arm_id"]])
        yield from check_standard_error(row)
        yield from check_whole_numbers(row, whole_numbers)


def _of_effects(evidence: Evidence) -> Iterator[NumberCheck]:
    for effect in reported_effects(evidence):
        yield from check_effect(effect)


def _of_studies(evidence: Evidence) -> Iterator[NumberCheck]:
    arms: defaultdict[str, list[float]] = defaultdict(list)
    for (study, _), n in people_who_began(evidence).items():
        arms[study].append(n)
    analysed = _analysed_together(evidence)
    for row in reported_rows(evidence, "studies"):
        study = row.text["study_id"]
        total = sum(arms[study]) if arms[study] else math.nan
        if row.has("n_randomised") and not math.isnan(total):
            yield _compare(row, "n_randomised", total, "The groups began with")
        for outcome, people in analysed[study]:
            if row.has("n_analysed"):
                yield _compare(row, "n_analysed", people, f"For {outcome} the groups report")


def _compare(row: ReportedRow, column: str, people: float, lead: str) -> NumberCheck:
    reported, verb = row.text[column], column.removeprefix("n_")
    same = row.record[column] == people
    sentence = f"{lead} {numbers.people(people)} together"
    sentence += "." if same else f"; {reported} are reported as {verb}."
    return row.says(
        f"people {verb}", reported, numbers.count(people), "adds up" if same else "check", sentence
    )


def _analysed_together(evidence: Evidence) -> defaultdict[str, list[tuple[str, float]]]:
    """Sum the people of two or more groups of a study that report an outcome at one time."""
    groups: defaultdict[tuple[str, ...], list[float]] = defaultdict(list)
    for row in reported_rows(evidence, "results"):
        keys = ("study_id", "outcome_id", "timepoint", "phase")
        groups[tuple(row.text[key] for key in keys)].append(row.record["n"])
    labels = {row["outcome_id"]: str(row["label"]) for row in evidence.records["outcomes"]}
    found: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for (study, outcome, timepoint, phase), people in groups.items():
        if len(people) > 1 and not math.isnan(sum(people)):
            when = ", ".join(part for part in (timepoint, phase) if part not in ("", NOT_REPORTED))
            what = numbers.lower_first(labels[outcome])
            found[study].append((f"{what} ({when})" if when else what, sum(people)))
    return found

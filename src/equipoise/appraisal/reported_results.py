"""What groups report: whether percentages, means and spreads fit the people they are of."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from fractions import Fraction

from equipoise.appraisal.granularity import Granularity, grim, grimmer, multiples
from equipoise.appraisal.number_check import NumberCheck, ReportedRow, Verdict
from equipoise.appraisal.printed import print_like, read_printed
from equipoise.appraisal.wording import RELATIONS
from equipoise.display import numbers

Checks = Iterator[NumberCheck]


def check_percentage(row: ReportedRow, began: float) -> Checks:
    """Check a percentage against the people it is of, and against those the group began with.

    Parameters
    ----------
    row
        A row of results.csv.
    began
        People the group began with; NaN if that is not known.

    Yields
    ------
    NumberCheck
        Nothing where the row has no percentage.
    """
    if not row.has("percent"):
        return
    shown = f"{row.text['percent']}%"
    if row.text["relation"]:
        stated = RELATIONS[row.text["relation"]] + shown
        sentence = f"{numbers.upper_first(stated)} is no exact figure: many counts fit it."
        yield row.says("percentage", stated, "", "cannot be told", sentence)
    elif row.has("n"):
        yield _of_people(row, shown)
        if began > 0 and began != row.record["n"]:
            yield _of_those_who_began(row, shown, int(began))
    elif row.has("events"):
        yield _of_unknown_people(row, shown)
    else:
        yield _without_people(row, shown, began)


def check_standard_error(row: ReportedRow) -> Checks:
    """Check a standard error of a mean against the standard deviation: sd/√n.

    Parameters
    ----------
    row
        A row of results.csv.

    Yields
    ------
    NumberCheck
        Nothing where the row lacks one of the three numbers.
    """
    if not row.has("sd", "se", "n") or row.record["n"] == 0:
        return
    sd, se = read_printed("sd", row.text["sd"]), read_printed("se", row.text["se"])
    root = math.sqrt(row.record["n"])
    fits = sd.low <= root * float(se.high) and sd.high >= root * float(se.low)
    made = print_like(Fraction(row.record["sd"] / root), se.unit / 10)
    said = f"The standard deviation {sd.text} of {numbers.people(row.record['n'])} gives the "
    said += f"standard error {made}; {se.text} is reported."
    verdict: Verdict = "adds up" if fits else "does not add up"
    yield row.says("standard error and deviation", se.text, made, verdict, said)


def check_whole_numbers(row: ReportedRow, whole_numbers: Collection[str]) -> Checks:
    """Check mean and standard deviation by GRIM and GRIMMER, if the values were whole numbers.

    Parameters
    ----------
    row
        A row of results.csv.
    whole_numbers
        The outcomes measured in whole numbers; of the others it cannot be told.

    Yields
    ------
    NumberCheck
        Nothing where the row has no mean, or nobody.
    """
    if not row.has("mean", "n") or row.record["n"] < 1:
        return
    mean, n = row.text["mean"], int(row.record["n"])
    of, found = f"{mean} of {n}", grim(mean, n)
    known = row.record["outcome_id"] in whole_numbers
    if found.informative and not known:
        sentence = "Whether this was measured in whole numbers is not known; if it was, name the "
        sentence += "outcome in whole_numbers."
        yield row.says("mean of whole numbers", of, "", "cannot be told", sentence)
        return
    yield _of_granularity(row, "mean of whole numbers", of, found)
    if known and row.has("sd") and n > 1:
        sd = row.text["sd"]
        found = grimmer(mean, sd, n)
        yield _of_granularity(row, "deviation of whole numbers", f"{sd} beside {of}", found)


def _of_people(row: ReportedRow, shown: str) -> NumberCheck:
    n = int(row.record["n"])
    if n == 0:
        sentence = f"{shown} cannot be a share of nobody."
        return row.says("percentage", f"{shown} of 0", "", "does not add up", sentence)
    verdict: Verdict
    if row.has("events"):
        events = int(row.record["events"])
        share = _share(row, events, n)
        fits = events in _counts(row, n)
        verdict = "adds up" if fits else "does not add up"
        sentence = f"{events} of {n} is {share}" + ("." if fits else f", not {shown}.")
        return row.says("percentage", f"{shown}, {events} of {n}", share, verdict, sentence)
    found = grim(row.text["percent"], n, percent=True)
    verdict = "adds up" if found.consistent else "does not add up"
    if not found.informative:
        verdict = "cannot be told"
    nearest = " or ".join(f"{share}%" for share in found.nearest)
    return row.says("percentage", f"{shown} of {n}", nearest, verdict, found.sentence)


def _of_those_who_began(row: ReportedRow, shown: str, began: int) -> NumberCheck:
    """C23: a share of the analysed may be no share of those who began."""
    check, reported, n = "percentage of those who began", f"{shown} of {began}", row.text["n"]
    counts = _counts(row, began)
    if row.has("events"):
        events = int(row.record["events"])
        share = _share(row, events, began)
        fits = events in counts
        said = f"{events} of the {began} the group began with would be {share}, not {shown}."
    else:
        share, fits = "", bool(counts)
        said = f"No count of the {began} the group began with is {shown}."
    if fits:
        sentence = f"{shown} fits the {began} the group began with as well as the {n} analysed."
        return row.says(check, reported, share, "adds up", sentence)
    if row.text["confidence"] == "derived":
        sentence = f"{said} It fits {n}, which is derived: the report does not say it."
        return row.says(check, reported, share, "does not add up", sentence)
    sentence = f"{said} It is a share of the {n} analysed."
    return row.says(check, reported, share, "check", sentence)


def _of_unknown_people(row: ReportedRow, shown: str) -> NumberCheck:
    """A percentage and a count of people with the outcome leave few numbers of people."""
    events, printed = int(row.record["events"]), read_printed("percent", row.text["percent"])
    fewest = max(math.ceil(100 * events / printed.high), events)
    most = math.floor(100 * events / printed.low) if printed.low > 0 else math.inf
    reported = f"{shown}, {events} with the outcome"
    if fewest > most or (events == 0 and printed.low > 0):
        sentence = f"{events} is {shown} of no number of people."
        return row.says("percentage", reported, "", "does not add up", sentence)
    some = f"{fewest} or more" if math.isinf(most) else f"{fewest} to {most}"
    of = str(fewest) if fewest == most else some
    sentence = f"The number of people is not reported; {events} is {shown} of {of}."
    return row.says("percentage", reported, f"of {of}", "cannot be told", sentence)


def _without_people(row: ReportedRow, shown: str, began: float) -> NumberCheck:
    """C23: a percentage, and of whom is not reported."""
    sentence = f"Of how many people {shown} is a share is not reported."
    if not began > 0:
        return row.says("percentage", shown, "", "cannot be told", sentence)
    counts = _counts(row, int(began))
    which = "no count" if not counts else str(counts[0])
    which += f" to {counts[-1]}" if len(counts) > 1 else ""
    sentence += f" Of the {began:.0f} who began, {which} would fit."
    return row.says("percentage", shown, f"{which} of {began:.0f}", "cannot be told", sentence)


def _counts(row: ReportedRow, n: int) -> range:
    """Return every count of n people that prints as the row's percentage."""
    found = multiples(read_printed("percent", row.text["percent"]), Fraction(100, n))
    return range(max(found.start, 0), min(found.stop, n + 1))


def _share(row: ReportedRow, events: int, n: int) -> str:
    """Return events of n as a percentage, with the decimals of the row's own but at least one."""
    unit = read_printed("percent", row.text["percent"]).unit
    return f"{print_like(Fraction(100 * events, n), min(unit, Fraction(1, 10)))}%"


def _of_granularity(row: ReportedRow, check: str, reported: str, found: Granularity) -> NumberCheck:
    verdict: Verdict = "check"
    if not found.informative:
        verdict = "cannot be told"
    elif found.consistent:
        verdict = "adds up"
    nearest = "" if found.consistent else " or ".join(found.nearest)
    return row.says(check, reported, nearest, verdict, found.sentence)

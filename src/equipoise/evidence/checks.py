"""What must hold between cells: keys, references, and numbers that have to add up."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from equipoise.errors import Problem
from equipoise.evidence.bias_checks import check_bias
from equipoise.evidence.columns import NOT_REPORTED
from equipoise.evidence.reading import Row, printable
from equipoise.evidence.schema import table
from equipoise.evidence.screening import check_screening

Found = Iterator[Problem]

_ORDERS = {
    "results": ("events n", "se sd", "minimum q1 median q3 maximum", "minimum mean maximum"),
    "contrasts": ("ci_low estimate ci_high",),
    "context": ("low value high",),
    "studies": ("n_analysed n_randomised n_enrolled",),
    "safety": ("events n",),
}
"""Columns of a row that must not fall from left to right."""

_LEVELS = ("high", "moderate", "low", "very_low")
_STEPS = ("-3", "-2", "-1", "0", "1", "2")


@dataclass(frozen=True, slots=True)
class Tables:
    """The rows that could be read, and which tables can be looked things up in.

    A table of which a row or a key could not be read would make every reference to it look wrong,
    so nothing is looked up in it; what points there is judged once the table is mended.
    """

    found: Mapping[str, list[Row]]
    broken: frozenset[str] = frozenset()

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a table; a table without a file has none."""
        return self.found.get(name, [])

    def can_be_searched(self, name: str) -> bool:
        """Whether every key of the table is known."""
        return name in self.found and name not in self.broken

    def ids(self, name: str) -> set[str] | None:
        """Return the ids of a table, or None where not all of them are known."""
        key = table(name).key[0]
        return {row.text[key] for row in self.rows(name)} if self.can_be_searched(name) else None


def check_tables(tables: Tables) -> list[Problem]:
    """Return every problem between the cells of the tables.

    Where a key is repeated or points nowhere, its table is not looked up in by the later checks.
    """
    problems = [problem for check in KEY_CHECKS for problem in check(tables)]
    loose = {p.file.removesuffix(".csv") for p in problems if _is_in_key(p)}
    tables = Tables(tables.found, tables.broken | loose)
    return problems + [problem for check in CHECKS for problem in check(tables)]


def _is_in_key(problem: Problem) -> bool:
    return problem.column in table(problem.file.removesuffix(".csv")).key


def _say(name: str, row: Row, column: str, what: str, fix: str) -> Problem:
    return Problem(
        file=f"{name}.csv",
        row=row.number,
        column=column,
        value=row.text[column],
        what=what,
        fix=fix,
    )


def _number(row: Row, column: str) -> float | None:
    value = row.parsed[column]
    return value if isinstance(value, float) else None


def keys_are_unique(tables: Tables) -> Found:
    """No two rows of a table have the same key."""
    for name, rows in tables.found.items():
        key = table(name).key
        first: dict[tuple[str, ...], int] = {}
        for row in rows:
            value = tuple(row.text[column] for column in key)
            if value in first:
                what = f"repeats row {first[value]} (same {', '.join(key)})"
                yield _say(name, row, key[-1], what, "delete one of the rows or tell them apart")
            first.setdefault(value, row.number)


def references_exist(tables: Tables) -> Found:
    """Every id that points to another table is found there."""
    for name, rows in tables.found.items():
        for column in table(name).columns:
            if not column.references:
                continue
            target = column.references.split(".")[0]
            known = tables.ids(target)
            for row in rows:
                value = row.parsed[column.name]
                if known is not None and value is not None and value not in known:
                    fix = f"add it to {target}.csv or correct the spelling"
                    yield _say(name, row, column.name, f"is not in {target}.csv", fix)


def arms_exist(tables: Tables) -> Found:
    """Every arm of a result or contrast is an arm of that study."""
    if not tables.can_be_searched("arms"):
        return
    known = {(row.text["study_id"], row.text["arm_id"]) for row in tables.rows("arms")}
    studies = tables.ids("studies") or {study for study, _ in known}
    for name, columns in {"results": ("arm_id",), "contrasts": ("arm_1", "arm_2")}.items():
        for row in tables.rows(name):
            study = row.text["study_id"]
            for column in columns:
                if (
                    study in studies
                    and row.parsed[column]
                    and (study, row.text[column]) not in known
                ):
                    what = f"is not an arm of {study} in arms.csv"
                    yield _say(name, row, column, what, "add the arm or correct the spelling")


def controls_have_partners(tables: Tables) -> Found:
    """What a control group reports stands beside what a treated group reports at that time.

    `Evidence.comparison` starts from the treated groups; a control on its own would be left out.
    """
    if not (tables.can_be_searched("arms") and tables.can_be_searched("results")):
        return
    controls = {
        (row.text["study_id"], row.text["arm_id"])
        for row in tables.rows("arms")
        if row.text["role"] == "control"
    }
    treated: set[tuple[str, ...]] = set()
    alone = []
    for row in tables.rows("results"):
        kind = "within" if row.text["phase"] else "endpoint"
        group = (row.text["study_id"], row.text["outcome_id"], kind)
        if (row.text["study_id"], row.text["arm_id"]) in controls:
            alone.append(((*group, row.text["timepoint"]), row))
        else:
            # An endpoint whose time is not known is shown beside every one that it may belong to.
            any_time = NOT_REPORTED if kind == "endpoint" else row.text["timepoint"]
            treated |= {(*group, row.text["timepoint"]), (*group, any_time)}
    for place, row in alone:
        if place not in treated:
            what = "has no row of a treated group beside it at this timepoint"
            fix = f"add that row, with {NOT_REPORTED} where nothing was found"
            yield _say("results", row, "timepoint", what, fix)


def contrasts_have_two_arms(tables: Tables) -> Found:
    """A contrast compares one arm with another."""
    for row in tables.rows("contrasts"):
        if row.text["arm_1"] == row.text["arm_2"]:
            yield _say("contrasts", row, "arm_2", "is the same arm as arm_1", "name the other arm")


def orders_hold(tables: Tables) -> Found:
    """What must be smaller is smaller: events and n, quartiles, ends of intervals."""
    for name, chains in _ORDERS.items():
        for row in tables.rows(name):
            for chain in chains:
                for small, large in _reversed(row, chain.split()):
                    what = f"is more than {large}, which is {row.text[large]}"
                    yield _say(name, row, small, what, "check both against the source")


def _reversed(row: Row, chain: list[str]) -> list[tuple[str, str]]:
    """Return the pairs of columns that are the wrong way round; absent numbers are passed over."""
    values = [(value, name) for name in chain if (value := _number(row, name)) is not None]
    if values and values[0][0] > values[-1][0]:
        # Ends the wrong way round are one mistake, whatever lies between them.
        return [(values[0][1], values[-1][1])]
    return [(name, after) for (low, name), (high, after) in pairwise(values) if low > high]


def percentages_fit(tables: Tables) -> Found:
    """A printed percentage is what its own events and n give, within rounding."""
    for row in tables.rows("results"):
        events, n, percent = (_number(row, name) for name in ("events", "n", "percent"))
        if events is None or percent is None or not n or events > n or row.text["relation"]:
            continue
        half_unit = 0.5 * 10.0 ** -decimals(row.text["percent"])
        if abs(100 * events / n - percent) > half_unit * (1 + 1e-9):
            what = (
                f"is not {row.text['events']} of {row.text['n']}, which is {100 * events / n:.2f}"
            )
            fix = "check events, n and percent; put a discrepancy of the source in notes"
            yield _say("results", row, "percent", what, fix)


def arms_fit_their_study(tables: Tables) -> Found:
    """Arms add up to the people randomised; nobody is in an arm who did not join."""
    if not tables.can_be_searched("arms"):
        return
    sizes: dict[str, list[float | None]] = {}
    for row in tables.rows("arms"):
        sizes.setdefault(row.text["study_id"], []).append(_number(row, "n"))
    for study in tables.rows("studies"):
        arms = sizes.get(study.text["study_id"], [])
        total = sum(n or 0 for n in arms)
        column = "n_enrolled" if _number(study, "n_randomised") is None else "n_randomised"
        people = _number(study, column)
        complete = column == "n_randomised" and arms and None not in arms
        if people is not None and (total > people or (complete and total < people)):
            what = f"does not fit the arms in arms.csv, which add up to {total:g}"
            yield _say("studies", study, column, what, "check both against the source")


def results_fit_their_arm(tables: Tables) -> Found:
    """Nobody is analysed who was not in the arm at the start."""
    if not tables.can_be_searched("arms"):
        return
    began = {(r.text["study_id"], r.text["arm_id"]): r for r in tables.rows("arms")}
    for row in tables.rows("results"):
        arm = began.get((row.text["study_id"], row.text["arm_id"]))
        n, start = _number(row, "n"), _number(arm, "n") if arm else None
        if n is not None and start is not None and n > start:
            what = f"is more than the {start:g} people the arm began with"
            yield _say("results", row, "n", what, "check results.csv and arms.csv")


def results_match_their_outcome(tables: Tables) -> Found:
    """Counts belong to binary outcomes, means to continuous ones."""
    kinds = {row.text["outcome_id"]: row.text["kind"] for row in tables.rows("outcomes")}
    foreign = {
        "binary": ("mean", "sd", "se", "median", "q1", "q3", "minimum", "maximum"),
        "continuous": ("events", "percent"),
    }
    for row in tables.rows("results"):
        kind = kinds.get(row.text["outcome_id"], "")
        for column in foreign.get(kind, ()):
            if row.text[column]:
                what = f"is filled, but {row.text['outcome_id']} is a {kind} outcome"
                yield _say("results", row, column, what, "empty the cell or correct the outcome")
    for row in tables.rows("outcomes"):
        if row.text["kind"] == "binary" and not row.text["phrase"]:
            what = "is empty for a binary outcome"
            yield _say("outcomes", row, "phrase", what, "complete '10 of 100 people …'")


def important_risks_are_shares(tables: Tables) -> Found:
    """The minimal important difference of an event is one of risks, so at most 1."""
    for row in tables.rows("outcomes"):
        mid = _number(row, "mid")
        if row.text["kind"] == "binary" and mid is not None and mid > 1:
            what = "is above 1, but of a binary outcome it is a difference of risks"
            yield _say("outcomes", row, "mid", what, "write it as a share: 0.05 is 5 in 100")


def ratios_are_positive(tables: Tables) -> Found:
    """Ratios and their limits lie above zero."""
    for row in tables.rows("contrasts"):
        if row.text["measure"] in ("RR", "OR", "HR"):
            for column in ("estimate", "ci_low", "ci_high"):
                value = _number(row, column)
                if value is not None and value <= 0:
                    fix = "enter ratios on their own scale, not as logarithms"
                    yield _say("contrasts", row, column, "is not above zero, as a ratio is", fix)


def claims_are_complete(tables: Tables) -> Found:
    """A claimed number says what it is a number of."""
    for row in tables.rows("claims"):
        if row.text["value"] and not row.text["measure"]:
            what = "is empty though the claim has a value"
            yield _say("claims", row, "measure", what, "write what the value is")
        needs_outcome = row.text["measure"] in ("percent", "relative_reduction_percent")
        if needs_outcome and not row.text["outcome_id"]:
            what = "is empty though the claim has a measure"
            yield _say("claims", row, "outcome_id", what, "write which outcome it is about")
        if row.text["conditions"] and row.text["outcome_id"]:
            what = "is filled though the claim has an outcome"
            yield _say("claims", row, "conditions", what, "keep one of the two, or write two rows")


def listed_conditions_exist(tables: Tables) -> Found:
    """The conditions that a claim is about stand in safety.csv."""
    if not tables.can_be_searched("safety"):
        return
    known = {row.text["condition"] for row in tables.rows("safety")}
    for row in tables.rows("claims"):
        listed = [part.strip() for part in str(row.parsed["conditions"] or "").split(";")]
        unknown = [printable(name) for name in listed if name and name not in known]
        if unknown:
            what = f"names {', '.join(unknown)}, not in safety.csv"
            fix = "write it as in the column condition of safety.csv, or add it there"
            yield _say("claims", row, "conditions", what, fix)


def listed_outcomes_exist(tables: Tables) -> Found:
    """The outcomes a context number helps to read are outcomes of this base."""
    known = tables.ids("outcomes")
    for row in tables.rows("context"):
        listed = str(row.parsed["outcomes"] or "").split()
        unknown = [printable(name) for name in listed if known is not None and name not in known]
        if unknown:
            what = f"names {', '.join(unknown)}, not in outcomes.csv"
            yield _say("context", row, "outcomes", what, "correct the spelling or remove it")


def certainty_is_judged_in_words_it_has(tables: Tables) -> Found:
    """An overall certainty is one of four levels; a domain moves it by whole levels."""
    for row in tables.rows("certainty"):
        overall = row.text["domain"] == "overall"
        judgement = row.parsed["judgement"]
        if judgement is None or judgement in (_LEVELS if overall else _STEPS):
            continue
        allowed = ", ".join(_LEVELS if overall else _STEPS)
        yield _say("certainty", row, "judgement", "is not a judgement of certainty",
                   f"write one of {allowed}")  # fmt: skip


def bias_is_judged_as_its_tool_says(tables: Tables) -> Found:
    """Domains, words and overall judgements of bias are those of the tool used."""
    yield from check_bias(tables.rows("risk_of_bias"))


def boxes_are_those_of_the_flow_diagram(tables: Tables) -> Found:
    """Every row of screening.csv is a box of the PRISMA 2020 flow diagram."""
    yield from check_screening(tables.rows("screening"))


def decimals(text: str) -> int:
    """Return how many digits a number as printed has after its decimal point."""
    digits, _, power = text.lower().partition("e")
    return max(0, len(digits.partition(".")[2]) - int(power or 0))


Check = Callable[[Tables], Found]

KEY_CHECKS: tuple[Check, ...] = (keys_are_unique, references_exist)

CHECKS: tuple[Check, ...] = (
    arms_exist,
    controls_have_partners,
    contrasts_have_two_arms,
    orders_hold,
    percentages_fit,
    arms_fit_their_study,
    results_fit_their_arm,
    results_match_their_outcome,
    important_risks_are_shares,
    ratios_are_positive,
    claims_are_complete,
    listed_conditions_exist,
    listed_outcomes_exist,
    certainty_is_judged_in_words_it_has,
    bias_is_judged_as_its_tool_says,
    boxes_are_those_of_the_flow_diagram,
)

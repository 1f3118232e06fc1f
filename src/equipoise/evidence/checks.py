"""What must hold between cells: keys, references, and numbers that have to add up."""

from collections.abc import Callable, Iterator

from equipoise.errors import Problem
from equipoise.evidence.columns import Table
from equipoise.evidence.reading import Row
from equipoise.evidence.schema import table

Rows = dict[str, list[Row]]
Found = Iterator[Problem]


def check_tables(rows: Rows) -> list[Problem]:
    """Return every problem between the cells of the tables in `rows`."""
    return [problem for check in CHECKS for problem in check(rows)]


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


def keys_are_unique(rows: Rows) -> Found:
    """No two rows of a table have the same key."""
    for name, table_rows in rows.items():
        key = table(name).key
        first: dict[tuple[str, ...], int] = {}
        for row in table_rows:
            value = tuple(row.text[column] for column in key)
            if value in first:
                what = f"repeats row {first[value]} (same {', '.join(key)})"
                yield _say(name, row, key[-1], what, "delete one of the rows or tell them apart")
            first.setdefault(value, row.number)


def references_exist(rows: Rows) -> Found:
    """Every id that points to another table is found there."""
    known = {name: _column_set(table(name), table_rows) for name, table_rows in rows.items()}
    for name, table_rows in rows.items():
        for column in table(name).columns:
            if not column.references:
                continue
            target = column.references.split(".")[0]
            for row in table_rows:
                value = row.parsed[column.name]
                if value is not None and value not in known.get(target, set()):
                    fix = f"add it to {target}.csv or correct the spelling"
                    yield _say(name, row, column.name, f"is not in {target}.csv", fix)


def _column_set(of: Table, rows: list[Row]) -> set[str]:
    return {row.text[of.key[0]] for row in rows}


def arms_exist(rows: Rows) -> Found:
    """Every arm of a result or contrast is an arm of that study."""
    known = {(row.text["study_id"], row.text["arm_id"]) for row in rows.get("arms", [])}
    for name, columns in {"results": ("arm_id",), "contrasts": ("arm_1", "arm_2")}.items():
        for row in rows.get(name, []):
            for column in columns:
                if row.parsed[column] and (row.text["study_id"], row.text[column]) not in known:
                    what = f"is not an arm of {row.text['study_id']} in arms.csv"
                    yield _say(name, row, column, what, "add the arm or correct the spelling")


def contrasts_have_two_arms(rows: Rows) -> Found:
    """A contrast compares one arm with another."""
    for row in rows.get("contrasts", []):
        if row.text["arm_1"] == row.text["arm_2"]:
            yield _say("contrasts", row, "arm_2", "is the same arm as arm_1", "name the other arm")


def orders_hold(rows: Rows) -> Found:
    """What must be smaller is smaller: events and n, quartiles, ends of intervals."""
    orders = {
        "results": (
            "events n",
            "q1 median",
            "median q3",
            "q1 q3",
            "minimum mean",
            "mean maximum",
            "minimum maximum",
        ),
        "contrasts": ("ci_low estimate", "estimate ci_high", "ci_low ci_high"),
        "context": ("low value", "value high", "low high"),
        "studies": ("n_analysed n_randomised", "n_randomised n_enrolled", "n_analysed n_enrolled"),
        "safety": ("events n",),
    }
    for name, pairs in orders.items():
        for row in rows.get(name, []):
            for pair in pairs:
                small, large = pair.split()
                low, high = _number(row, small), _number(row, large)
                if low is not None and high is not None and low > high:
                    what = f"is more than {large}, which is {row.text[large]}"
                    yield _say(name, row, small, what, "check both against the source")


def percentages_fit(rows: Rows) -> Found:
    """A printed percentage is what its own events and n give, within rounding."""
    for row in rows.get("results", []):
        events, n, percent = (_number(row, name) for name in ("events", "n", "percent"))
        if events is None or percent is None or not n or row.text["relation"]:
            continue
        half_unit = 0.5 * 10.0 ** -decimals(row.text["percent"])
        if abs(100 * events / n - percent) > half_unit * (1 + 1e-9):
            what = (
                f"is not {row.text['events']} of {row.text['n']}, which is {100 * events / n:.2f}"
            )
            fix = "check events, n and percent; put a discrepancy of the source in notes"
            yield _say("results", row, "percent", what, fix)


def arms_fit_their_study(rows: Rows) -> Found:
    """Arms add up to the people randomised; nobody is analysed who was not there."""
    sizes: dict[str, list[Row]] = {}
    for row in rows.get("arms", []):
        sizes.setdefault(row.text["study_id"], []).append(row)
    for study in rows.get("studies", []):
        arms = sizes.get(study.text["study_id"], [])
        total = sum(_number(arm, "n") or 0 for arm in arms)
        randomised, enrolled = _number(study, "n_randomised"), _number(study, "n_enrolled")
        complete = bool(arms) and all(_number(arm, "n") is not None for arm in arms)
        if randomised is not None and complete and total != randomised:
            what = f"does not match the arms in arms.csv, which add up to {total:g}"
            yield _say("studies", study, "n_randomised", what, "check both against the source")
        elif enrolled is not None and total > enrolled:
            what = f"is less than the {total:g} people in its arms"
            yield _say("studies", study, "n_enrolled", what, "check both against the source")
    began = {(r.text["study_id"], r.text["arm_id"]): r for r in rows.get("arms", [])}
    for row in rows.get("results", []):
        arm = began.get((row.text["study_id"], row.text["arm_id"]))
        n, start = _number(row, "n"), _number(arm, "n") if arm else None
        if n is not None and start is not None and n > start:
            what = f"is more than the {start:g} people the arm began with"
            yield _say("results", row, "n", what, "check results.csv and arms.csv")


def results_match_their_outcome(rows: Rows) -> Found:
    """Counts belong to binary outcomes, means to continuous ones."""
    kinds = {row.text["outcome_id"]: row.text["kind"] for row in rows.get("outcomes", [])}
    foreign = {
        "binary": ("mean", "sd", "se", "median", "q1", "q3", "minimum", "maximum"),
        "continuous": ("events", "percent"),
    }
    for row in rows.get("results", []):
        kind = kinds.get(row.text["outcome_id"], "")
        for column in foreign.get(kind, ()):
            if row.text[column]:
                what = f"is filled, but {row.text['outcome_id']} is a {kind} outcome"
                yield _say("results", row, column, what, "empty the cell or correct the outcome")
    for row in rows.get("outcomes", []):
        if row.text["kind"] == "binary" and not row.text["phrase"]:
            what = "is empty for a binary outcome"
            yield _say("outcomes", row, "phrase", what, "complete '10 of 100 people …'")


def ratios_are_positive(rows: Rows) -> Found:
    """Ratios and their limits lie above zero."""
    for row in rows.get("contrasts", []):
        if row.text["measure"] in ("RR", "OR", "HR"):
            for column in ("estimate", "ci_low", "ci_high"):
                value = _number(row, column)
                if value is not None and value <= 0:
                    fix = "enter ratios on their own scale, not as logarithms"
                    yield _say("contrasts", row, column, "is not above zero, as a ratio is", fix)


def claims_are_complete(rows: Rows) -> Found:
    """A claimed number says what it is a number of."""
    for row in rows.get("claims", []):
        if row.text["value"] and not row.text["measure"]:
            what = "is empty though the claim has a value"
            yield _say("claims", row, "measure", what, "write what the value is")
        needs_outcome = row.text["measure"] in ("percent", "relative_reduction_percent")
        if needs_outcome and not row.text["outcome_id"]:
            what = "is empty though the claim has a measure"
            yield _say("claims", row, "outcome_id", what, "write which outcome it is about")


def listed_outcomes_exist(rows: Rows) -> Found:
    """The outcomes a context number helps to read are outcomes of this base."""
    known = {row.text["outcome_id"] for row in rows.get("outcomes", [])}
    for row in rows.get("context", []):
        for name in row.text["outcomes"].split():
            if name not in known:
                what = f"names {name}, which is not in outcomes.csv"
                yield _say("context", row, "outcomes", what, "correct the spelling or remove it")


def decimals(text: str) -> int:
    """Return how many digits a number as printed has after its decimal point."""
    return len(text.partition(".")[2])


CHECKS: tuple[Callable[[Rows], Found], ...] = (
    keys_are_unique,
    references_exist,
    arms_exist,
    contrasts_have_two_arms,
    orders_hold,
    percentages_fit,
    arms_fit_their_study,
    results_match_their_outcome,
    ratios_are_positive,
    claims_are_complete,
    listed_outcomes_exist,
)

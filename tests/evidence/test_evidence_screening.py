"""The boxes of the flow diagram: known keys, and sums by reasoning."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_base import add_row, write_small_base

import equipoise as eq
from equipoise.evidence.screening import BOXES, box_counts, mismatches

KEYS = (
    "citations_results database_results dbr_assessed dbr_excluded dbr_notretrieved_reports "
    "dbr_sought_reports duplicates excluded_automatic excluded_other new_reports new_studies "
    "organisation_results other_assessed other_excluded other_notretrieved_reports "
    "other_sought_reports previous_reports previous_studies records_excluded records_screened "
    "register_results total_reports total_studies website_results"
)
FLOW = {
    "previous_studies": 4, "previous_reports": 5, "database_results": 412, "register_results": 20,
    "duplicates": 40, "excluded_automatic": 10, "excluded_other": 2, "records_screened": 380,
    "records_excluded": 350, "dbr_sought_reports": 30, "dbr_notretrieved_reports": 3,
    "dbr_assessed": 27, "dbr_excluded": 18, "website_results": 9, "citations_results": 11,
    "other_sought_reports": 20, "other_notretrieved_reports": 2, "other_assessed": 18,
    "other_excluded": 16, "new_studies": 9, "new_reports": 11, "total_studies": 13,
    "total_reports": 16,
}  # fmt: skip


def rows(**changes: int | None) -> list[tuple[str, str, float]]:
    """The flow above, with some boxes changed, and those that are None left out."""
    flow = {**FLOW, **changes}
    return [(key, "", float(n)) for key, n in flow.items() if n is not None]


def test_the_keys_are_those_of_the_flow_diagram_tool() -> None:
    """As in its file inst/extdata/PRISMA.csv: its rows that hold a number."""
    assert " ".join(sorted(BOXES)) == KEYS


def test_a_flow_that_adds_up_is_told_nothing() -> None:
    assert mismatches(rows()) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"records_screened": 381}, "leave 380, but 381 are given as records screened."),
        ({"records_excluded": 351}, "Records screened (380) less records excluded (351) leave 29"),
        ({"dbr_assessed": 28}, "not retrieved (databases and registers) (3) leave 27, but 28"),
        ({"other_assessed": 17}, "leave 18, but 17 are given as reports assessed for eligibility"),
        ({"new_reports": 12}, "leave 11, but 12 are given as reports of new included studies."),
        ({"new_reports": None, "new_studies": 12, "total_studies": 16}, "leave 11, but 12 are"),
        ({"total_studies": 14}, "make 13, but 14 are given as studies included in total."),
        ({"total_reports": 15}, "make 16, but 15 are given as reports of studies included in"),
        ({"duplicates": None, "records_screened": 380}, "40 are not accounted for (not given: dup"),
        ({"dbr_sought_reports": None, "dbr_assessed": 28}, "Records screened (380) less records"),
    ],
)
def test_boxes_that_do_not_add_up_are_named(changes: dict[str, int | None], told: str) -> None:
    assert any(told in sentence for sentence in mismatches(rows(**changes)))


def test_an_absent_box_that_took_nothing_away_is_no_mismatch() -> None:
    changes = {"excluded_other": None, "excluded_automatic": None, "records_screened": 392,
               "records_excluded": 362}  # fmt: skip
    assert mismatches(rows(**changes)) == []


def test_parts_add_up_to_their_box_or_are_told() -> None:
    parts = [("dbr_excluded", "no trial", 10.0), ("dbr_excluded", "children", 8.0)]
    assert mismatches([*rows(), *parts]) == []
    assert mismatches([*rows(dbr_excluded=None), *parts]) == []
    assert box_counts(parts) == {"dbr_excluded": 18}
    wrong = [*rows(), parts[0], ("dbr_excluded", "children", 7.0)]
    assert mismatches(wrong) == [
        "The parts of reports excluded (databases and registers) add up to 17, but 18 are given."
    ]


numbers = st.integers(min_value=0, max_value=500)


@given(st.lists(numbers, min_size=11, max_size=11))
def test_a_flow_made_of_what_is_taken_away_adds_up(taken: list[int]) -> None:
    """Built from the bottom: whatever is taken away, the boxes agree, and one more is noticed."""
    dup, auto, rest, out, lost, unfit, o_lost, o_unfit, kept, o_kept, before = taken
    flow = {
        "dbr_excluded": unfit, "dbr_assessed": kept + unfit, "dbr_notretrieved_reports": lost,
        "dbr_sought_reports": kept + unfit + lost, "records_excluded": out,
        "records_screened": kept + unfit + lost + out, "duplicates": dup,
        "excluded_automatic": auto, "excluded_other": rest,
        "database_results": kept + unfit + lost + out + dup + auto + rest,
        "register_results": 0, "other_excluded": o_unfit, "other_assessed": o_kept + o_unfit,
        "other_notretrieved_reports": o_lost, "other_sought_reports": o_kept + o_unfit + o_lost,
        "new_reports": kept + o_kept, "previous_reports": before,
        "total_reports": kept + o_kept + before,
    }  # fmt: skip
    assert mismatches([(key, "", float(n)) for key, n in flow.items()]) == []
    for key, n in flow.items():
        changed = {**flow, key: n + 1}
        assert mismatches([(name, "", float(m)) for name, m in changed.items()]), key


def test_a_key_that_is_no_box_is_a_problem_with_a_fix(tmp_path: Path) -> None:
    folder = write_small_base(tmp_path / "base")
    add_row(folder, "screening.csv", data="record_screened", n="3")
    (problem,) = eq.check_evidence(folder)
    assert (problem.file, problem.row, problem.column) == ("screening.csv", 8, "data")
    assert "is not a box of the PRISMA 2020 flow diagram" in problem.what
    assert problem.fix.startswith("write records_screened (one of ")


def test_a_box_may_have_parts_but_none_twice(tmp_path: Path) -> None:
    folder = write_small_base(tmp_path / "base")
    add_row(folder, "screening.csv", data="dbr_excluded", n="3", detail="children")
    add_row(folder, "screening.csv", data="dbr_excluded", n="4", detail="no trial")
    assert not eq.check_evidence(folder)
    add_row(folder, "screening.csv", data="dbr_excluded", n="4", detail="no trial")
    (problem,) = eq.check_evidence(folder)
    assert "repeats row 9" in problem.what

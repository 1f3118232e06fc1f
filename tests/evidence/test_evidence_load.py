"""What was written is what is read: nothing lost, nothing guessed, nothing that can be changed."""

import csv
import dataclasses
import io
import math
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from small_base import HEADERS, ROWS, read_table, rewrite, set_cell, write_small_base, write_table

import equipoise as eq
from equipoise.evidence.cells import parse_cell
from equipoise.evidence.columns import number
from equipoise.evidence.reading import read_rows
from equipoise.evidence.review import SynthesisStatement, read_review
from equipoise.evidence.schema import RESULTS, TABLES, table

NUMBERS = ("integer", "number")
ANY_NUMBER = number("value", "any number")
COUNT = RESULTS.column("n")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_small_base(tmp_path / "small")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> eq.Evidence:
    return eq.load_evidence(write_small_base(tmp_path_factory.mktemp("load") / "small"))


def _same_frames(one: eq.Evidence, other: eq.Evidence) -> None:
    for name in one.tables:
        pd.testing.assert_frame_equal(one.tables[name], other.tables[name])
        pd.testing.assert_frame_equal(one.cells[name], other.cells[name])


def test_every_column_has_its_type_and_its_place(small: eq.Evidence) -> None:
    assert list(small.tables) == [t.name for t in TABLES]
    for t in TABLES:
        frame = small.table(t.name)
        assert list(frame.columns) == [column.name for column in t.columns]
        assert list(frame.index) == list(range(len(ROWS[t.name].strip().splitlines())))
        for column in t.columns:
            wanted = "float64" if column.type in NUMBERS else "str"
            assert frame[column.name].dtype == wanted, (t.name, column.name)
            assert small.cells[t.name][column.name].dtype == "str"


def test_not_reported_and_empty_are_told_apart_where_they_can_be(small: eq.Evidence) -> None:
    studies, cells = small.table("studies"), small.cells["studies"]
    assert studies["n_analysed"].isna().tolist() == [False, True, False, False, True, False]
    assert studies["n_randomised"].isna().tolist() == [False, True, True, True, False, False]
    assert cells["n_analysed"].tolist() == ["58", "NR", "12", "25", "", "54"]
    assert cells["n_randomised"].tolist() == ["60", "", "", "", "812", "60"]
    # Text has no NaN: the words that were written stay, and nothing is the empty text.
    assert studies["country"].tolist() == ["UK", "NR", "NR", "Malta", "", "NR"]


def test_cells_keep_the_digits_that_were_printed(small: eq.Evidence) -> None:
    assert small.cells["contrasts"]["ci_low"].tolist()[:4] == ["0.20", "0.10", "0.11", "1.00"]
    assert small.table("contrasts")["ci_low"].tolist()[:4] == [0.2, 0.1, 0.11, 1.0]
    assert small.cells["results"]["mean"][5] == "21.0"


def test_rows_stay_in_order(base: Path) -> None:
    rewrite(base / "claims.csv", lambda records: records.__setitem__(slice(1, 7), records[:0:-1]))
    wanted = [line.strip().split("|")[0] for line in ROWS["claims"].strip().splitlines()][::-1]
    assert eq.load_evidence(base).table("claims")["claim_id"].tolist() == wanted


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: b"\xef\xbb\xbf" + data, id="byte order mark"),
        pytest.param(lambda data: data.replace(b"\n", b"\r\n"), id="windows line ends"),
        pytest.param(lambda data: data.replace(b"\n", b"\r"), id="old line ends"),
        pytest.param(lambda data: data.rstrip(b"\n"), id="no last line end"),
        pytest.param(lambda data: data + b"\n\n", id="empty lines at the end"),
    ],
)
def test_how_a_program_writes_csv_does_not_matter(base: Path, small: eq.Evidence, change) -> None:
    for path in base.glob("*.csv"):
        path.write_bytes(change(path.read_bytes()))
    assert eq.check_evidence(base) == ()
    _same_frames(eq.load_evidence(base), small)


def test_the_plan_may_begin_with_a_byte_order_mark(base: Path, small: eq.Evidence) -> None:
    path = base / "review.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert eq.load_evidence(base).review == small.review


def test_cells_may_hold_commas_quotes_and_lines(base: Path) -> None:
    note = 'One, "two",\nthree; ‰ é 数'
    set_cell(base, "results.csv", 2, "notes", note)
    path = base / "results.csv"
    assert eq.load_evidence(base).table("results")["notes"][0] == note
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert eq.load_evidence(base).table("results")["notes"][0] == note


def test_rows_are_counted_as_a_spreadsheet_counts_them(base: Path) -> None:
    set_cell(base, "results.csv", 2, "notes", "a\nb\nc")
    set_cell(base, "results.csv", 8, "n", "25.5")
    assert [(p.row, p.column) for p in eq.check_evidence(base)] == [(8, "n")]


def test_columns_may_stand_in_any_order_and_optional_ones_be_left_out(
    base: Path, small: eq.Evidence
) -> None:
    records = [cells[::-1] for cells in read_table(base / "results.csv")]
    write_table(base / "results.csv", records[1:], records[0])
    _same_frames(eq.load_evidence(base), small)
    without = [cells[1:] for cells in records]  # notes came last
    write_table(base / "results.csv", without[1:], without[0])
    assert set(eq.load_evidence(base).table("results")["notes"]) == {""}


def test_optional_tables_may_be_absent_or_hold_a_header_only(base: Path) -> None:
    optional = [t for t in TABLES if not t.required]
    assert len(optional) == 8
    for number_, t in enumerate(optional):
        if number_ % 2:
            (base / t.file).unlink()
        else:
            write_table(base / t.file, [])
    evidence = eq.load_evidence(base)
    for t in optional:
        frame = evidence.table(t.name)
        assert frame.empty
        assert list(frame.columns) == HEADERS[t.file]
        assert [str(kind) for kind in frame.dtypes] == [
            "float64" if column.type in NUMBERS else "str" for column in t.columns
        ]


def test_other_files_may_lie_beside_the_tables(base: Path) -> None:
    for name in ("README.md", "datapackage.json", ".results.csv", "._claims.csv", "claims.xlsx"):
        (base / name).touch()
    (base / "papers").mkdir()
    assert eq.check_evidence(base) == ()


def test_a_table_is_a_copy(small: eq.Evidence) -> None:
    copy = small.table("results")
    copy.loc[:, "n"] = 1.0
    del copy["events"]
    again = small.table("results")
    assert "events" in again
    assert again["n"][0] == 30.0


def test_the_row_of_an_outcome_is_a_copy(small: eq.Evidence) -> None:
    small.outcome("pain")["label"] = "Joy"
    assert small.outcome("pain")["label"] == "Pain"


def test_evidence_cannot_be_changed(small: eq.Evidence) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        small.path = Path("elsewhere")  # type: ignore[misc]
    with pytest.raises(TypeError):
        small.tables["results"] = pd.DataFrame()  # type: ignore[index]
    with pytest.raises(TypeError):
        small.cells["results"] = pd.DataFrame()  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        small.review.question.target_weeks = 1.0  # type: ignore[misc]


def test_an_unknown_table_is_refused_with_the_known_ones(small: eq.Evidence) -> None:
    with pytest.raises(eq.UsageError, match="no table 'result'; the tables are sources, studies"):
        small.table("result")


def test_an_unknown_outcome_is_refused_with_the_known_ones(small: eq.Evidence) -> None:
    known = "cured, falls, headache, iop, pain, relapse"
    for ask in (small.outcome, small.comparison, small.analysis):
        with pytest.raises(eq.UsageError, match=f"no outcome 'relaps'; the outcomes are {known}"):
            ask("relaps")
    assert small.outcome("pain")["unit"] == "points"
    assert small.outcome("pain")["mid"] == 10.0


def test_an_analysis_is_found_by_its_name_then_its_outcome_then_its_kind(
    small: eq.Evidence,
) -> None:
    assert small.analysis("relapse_odds").measure == "OR"
    assert small.analysis("relapse").measure == "RR"  # the first of two
    assert small.analysis("iop").id == "eyes"
    unplanned = small.analysis("falls")
    assert (unplanned.id, unplanned.outcome, unplanned.measure) == ("falls", "falls", "RR")
    assert unplanned.baseline_risk is None
    without = dataclasses.replace(small, review=dataclasses.replace(small.review, analyses=()))
    assert without.analysis("pain").measure == "MD"
    assert without.analysis("cured").measure == "RR"


def test_the_plan_is_read_as_it_is_written(small: eq.Evidence) -> None:
    review = small.review
    assert review.title == "A device for a sore back"
    assert review.question.target_weeks == 52.0
    planned = ("RR", "OR", "RD", "PR", "MD", "MC")
    assert [analysis.measure for analysis in review.analyses] == list(planned)
    first = review.analyses[0]
    assert (first.designs, first.baseline_risk, first.relative_risk_reduction) == (
        ("rct",),
        0.39,
        0.2,
    )
    assert first.baseline_risk_source == "src_alpha"
    assert review.analyses[1].relative_risk_reduction == 0.25
    assert [figure.id for figure in review.figures] == ["forest", "icons", "all_of_them", "map"]
    assert review.figures[2].analyses == ("cured", "headache")
    assert review.notebooks == ("one.ipynb",)


def test_evidence_shows_what_it_holds_and_escapes_it(base: Path) -> None:
    set_cell(base, "studies.csv", 2, "label", "<b>Alpha</b> & al.")
    evidence = eq.load_evidence(base)
    assert "'A device for a sore back': 7 sources, 6 studies, 10 arms" in repr(evidence)
    shown = evidence._repr_html_()
    assert "&lt;b&gt;Alpha&lt;/b&gt; &amp; al." in shown
    assert "<b>Alpha" not in shown
    assert "Papers that were not read: Epsilon 2015." in shown


def test_what_is_said_of_the_synthesis_is_read(base: Path) -> None:
    said = eq.load_evidence(base).review.synthesis
    assert (said.grouping, said.method) == ("By outcome.", "Studies are set side by side.")
    assert said.metric == ""
    plan = base / "review.toml"
    plan.write_text(plan.read_text().partition("[synthesis]")[0])
    assert eq.load_evidence(base).review.synthesis == SynthesisStatement()


def test_every_problem_is_found_at_once(base: Path) -> None:
    set_cell(base, "results.csv", 3, "n", "1,028")
    set_cell(base, "results.csv", 9, "q1", "31")
    set_cell(base, "claims.csv", 2, "kind", "rumour")
    set_cell(base, "contrasts.csv", 2, "arm_2", "drug")
    plan = base / "review.toml"
    plan.write_text(plan.read_text().replace("= 0.39", "= 39"))
    places = [(p.file, p.row, p.column) for p in eq.check_evidence(base)]
    assert places == [
        ("claims.csv", 2, "kind"),
        ("contrasts.csv", 2, "arm_2"),
        ("results.csv", 3, "n"),
        ("results.csv", 9, "q1"),
        ("review.toml", 0, "analyses[1].baseline_risk"),
    ]
    with pytest.raises(eq.EvidenceError, match=r"^5 problems in the evidence:") as refused:
        eq.load_evidence(base)
    assert len(refused.value.problems) == 5


def test_broken_tables_hide_no_defect_of_the_others(base: Path) -> None:
    """Only what would be looked up in the broken table waits."""
    (base / "studies.csv").write_bytes(b"\xff\xfe")
    set_cell(base, "results.csv", 8, "events", "26")
    set_cell(base, "results.csv", 2, "source_id", "nowhere")
    files = [(p.file, p.column) for p in eq.check_evidence(base)]
    assert files == [("results.csv", "source_id"), ("results.csv", "events"), ("studies.csv", "")]


# What counts as a number -------------------------------------------------------------------------

LOOKS_LIKE_ONE = st.text(alphabet="0123456789.,+-eE %'’_x−–٣３²·∞nafiNRr \u00a0", max_size=12)


@given(st.text() | LOOKS_LIKE_ONE)
@example("1_000")
@example("٣")
@example("３.５")
@example("1e999")
@example("0x10")
@example("1.")
@example("5\n")
@example("10²")
@settings(max_examples=600)
def test_nothing_but_a_plain_number_is_a_number(text: str) -> None:
    value, refusal = parse_cell(text, ANY_NUMBER)
    if value is None:
        assert refusal is not None or text in ("", "NR")
        return
    assert refusal is None
    assert set(text) <= set("0123456789.+-eE")
    assert isinstance(value, float)
    assert math.isfinite(value)
    assert value == float(text)


@given(st.text() | LOOKS_LIKE_ONE)
@example("9007199254740993")
@example("1000000000000000001000")
@settings(max_examples=600)
def test_counts_are_digits_only(text: str) -> None:
    value, refusal = parse_cell(text, COUNT)
    if value is not None:
        assert text.lstrip("+-").isascii()
        assert text.lstrip("+-").isdigit()
        assert value == int(text) >= 0
    else:
        assert refusal is not None or text in ("", "NR")


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 12))
def test_any_finite_number_comes_back_as_it_was(value: float, digits: int) -> None:
    assert parse_cell(repr(value), ANY_NUMBER) == (value, None)
    printed = f"{value:.{digits}f}"
    assert parse_cell(printed, ANY_NUMBER) == (float(printed), None)


@given(st.integers(0, 10**15))
def test_any_count_comes_back_as_it_was(value: int) -> None:
    assert parse_cell(str(value), COUNT) == (float(value), None)


@given(st.text() | LOOKS_LIKE_ONE, st.sampled_from([c for t in TABLES for c in t.columns]))
@settings(max_examples=1000)
def test_reading_a_cell_never_fails_and_every_refusal_says_what_to_do(text: str, column) -> None:
    value, refusal = parse_cell(text, column)
    if refusal is not None:
        assert value is None
        what, fix = refusal
        assert what
        assert fix
        problem = eq.Problem(file="a.csv", row=2, column="b", value=text, what=what, fix=fix)
        assert "\n" not in str(problem)
    elif column.type not in NUMBERS and text not in ("", "NR"):
        assert value == text


# Whole files -------------------------------------------------------------------------------------

NOT_A_FIXTURE = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PIECES = st.sampled_from(
    [
        b"study_id",
        b"arm_id",
        b",",
        b'"',
        b"\n",
        b"\r\n",
        b"\0",
        b"\xe9",
        b"\xef\xbb\xbf",
        b"x",
        b"1",
    ]
)


@given(st.binary(max_size=200) | st.lists(PIECES, max_size=40).map(b"".join))
@NOT_A_FIXTURE
def test_reading_bytes_never_fails(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "arms.csv"
    path.write_bytes(data)
    rows, problems = read_rows(path, table("arms"))
    assert rows or problems  # none of these is a sound table
    for problem in problems:
        assert problem.file == "arms.csv"
        assert "\n" not in str(problem)
    (tmp_path / "review.toml").write_bytes(data)
    review, wrong = read_review(tmp_path, {"outcomes": set(), "sources": set(), "studies": set()})
    assert review is None
    assert wrong


PLAIN_TEXT = (
    st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\ufffd"), min_size=1)
    .map(lambda word: f"A {word}, \"so to say\",\nin two lines")
)  # fmt: skip
MEASURED = st.floats(-1e6, 1e6, allow_subnormal=False)


@st.composite
def _results_row(draw: st.DrawFn, where: tuple[str, str, int, str, str]) -> dict[str, str]:
    """A row of results.csv that the schema allows."""
    study, arm, size, outcome, timepoint = where
    cells = dict.fromkeys(HEADERS["results.csv"], "")
    cells |= {"study_id": study, "arm_id": arm, "outcome_id": outcome, "timepoint": timepoint}
    cells |= {"source_id": "src_page", "notes": draw(st.just("") | PLAIN_TEXT)}
    cells["confidence"] = draw(st.sampled_from(RESULTS.column("confidence").allowed))
    cells["weeks"] = draw(st.sampled_from(["", "NR", "0", "52", "0.5"]))
    n = draw(st.integers(1, size))
    cells["n"] = draw(st.sampled_from(["NR", "", str(n)]))
    if outcome == "pain":
        cells["mean"] = draw(st.just("NR") | MEASURED.map(repr))
        cells["sd"] = draw(st.just("NR") | MEASURED.map(abs).map(repr))
        cells["minimum"] = draw(st.just("") | st.just("-1e7"))
        cells["q3"] = draw(st.just("NR") | MEASURED.map(repr))
    elif draw(st.booleans()):
        cells["events"] = str(draw(st.integers(0, n)))
    else:
        cells["percent"] = f"{draw(st.floats(0, 100)):.{draw(st.integers(0, 3))}f}"
        cells["relation"] = draw(st.sampled_from(["", *RESULTS.column("relation").allowed]))
    return cells


PLACES = [
    (study, arm, size, outcome, timepoint)
    for study, arm, size in (("alpha2001", "drug", 30), ("delta1999", "people", 25))
    for outcome in ("relapse", "pain", "cured")
    for timepoint in ("NR", "1 week", "A year, about")
]


@st.composite
def _results(draw: st.DrawFn) -> list[dict[str, str]]:
    places = draw(st.lists(st.sampled_from(PLACES), unique=True, max_size=8))
    return [draw(_results_row(place)) for place in places]


@given(_results())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_sound_table_is_read_as_it_was_written(base: Path, rows: list[dict[str, str]]) -> None:
    write_table(base / "results.csv", [list(row.values()) for row in rows])
    evidence = eq.load_evidence(base)
    assert evidence.cells["results"].to_dict("records") == rows
    for row, read in zip(rows, evidence.table("results").to_dict("records"), strict=True):
        for column in RESULTS.columns:
            written, value = row[column.name], read[column.name]
            if column.type not in NUMBERS:
                assert value == written
            elif written in ("", "NR"):
                assert math.isnan(value)
            else:
                assert value == float(written)


def test_the_writer_of_these_tests_writes_what_it_is_given(tmp_path: Path) -> None:
    """The oracle itself: what `csv` reads back is what the helper was given."""
    row = ['a,"b"\nc', *[""] * 7]
    write_table(tmp_path / "arms.csv", [row])
    text = (tmp_path / "arms.csv").read_text(encoding="utf-8")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [HEADERS["arms.csv"], row]


def test_loading_leaves_the_folder_alone(base: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in base.iterdir()}
    copy = shutil.copytree(base, tmp_path / "copy")
    eq.load_evidence(copy)
    eq.check_evidence(copy)
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == before

"""The effect-direction table: each direction by reasoning, and both bases of the repository."""

import re
from pathlib import Path

import pytest
from base_by_hand import write_base

import equipoise as eq
from equipoise.appraisal.effect_directions import EffectDirections, effect_directions
from equipoise.appraisal.wording import BANNED
from equipoise.evidence.records import records
from equipoise.synthesis.directions import DIRECTIONS

BCG = Path(__file__).parents[2] / "evidence" / "bcg_vaccine"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> eq.Evidence:
    return write_base(tmp_path_factory.mktemp("base"), [])


@pytest.fixture(scope="module")
def inversion(evidence: eq.Evidence) -> EffectDirections:
    return effect_directions(evidence)


def change(folder: Path, file: str, old: str, new: str) -> eq.Evidence:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return eq.load_evidence(folder)


@pytest.mark.parametrize(
    ("outcome", "study", "design", "direction"),
    [
        ("surgery", "large", "rct", "up"),  # 20% against 40% of what is better avoided
        ("relief", "large", "rct", "down"),  # 40% against 60% of what is better had
        ("aches", "large", "rct", "down"),  # 40% against 20%, lower is better
        ("walks", "large", "rct", "up"),  # 40% against 20%, higher is better
        ("walks", "cohort", "nrsi_controlled", "up"),  # the same as percentages
        ("score", "small", "rct", "up"),  # SMD -0.14, reported, lower is better
        ("pulse", "heart", "within_subject", "up"),  # a mean change of -16.4, planned
        ("ease", "heart", "within_subject", "up"),  # a mean change of -5, not planned
        ("dizzy", "alone", "single_arm", "not compared"),  # 3 of 20, and nobody else
        ("fitter", "alone", "single_arm", "not compared"),  # more than 75%, and nobody else
        ("mood", "alone", "single_arm", "not reported"),  # looked for, and no number
    ],
)
def test_a_direction_is_the_side_of_no_difference(
    base: eq.Evidence, outcome: str, study: str, design: str, direction: str
) -> None:
    found = records(effect_directions(base, [outcome]).cells)
    told = [(row["design"], row["direction"]) for row in found if row["study_id"] == study]
    assert told == [(design, direction)]


def test_the_interval_has_no_bearing(base: eq.Evidence) -> None:
    """-0.14 with an interval from -1.03 to 0.76 points the same way as -0.14 alone."""
    row = base.comparison("score").iloc[0]
    assert row["ci_low"] < 0 < row["ci_high"]
    assert effect_directions(base, ["score"]).cells["direction"].tolist() == ["up"]


@pytest.mark.parametrize(
    ("estimate", "direction"), [("0.14", "down"), ("0", "none"), ("0.0000000001", "none")]
)
def test_the_sign_decides(tmp_path: Path, estimate: str, direction: str) -> None:
    write_base(tmp_path, [])
    evidence = change(tmp_path, "contrasts.csv", "SMD,-0.14,", f"SMD,{estimate},")
    assert effect_directions(evidence, ["score"]).cells["direction"].tolist() == [direction]


@pytest.mark.parametrize(
    ("printed", "direction"),
    [("MD,-0.14,-1.03,0.76", "up"), ("OR,0.5,0.2,1.5", "up"), ("OR,1.5,0.2,3", "down")],
)
def test_an_effect_in_another_measure_gives_a_direction_too(
    tmp_path: Path, printed: str, direction: str
) -> None:
    """Planned is the standardised mean difference; the source prints something else."""
    write_base(tmp_path, [])
    evidence = change(tmp_path, "contrasts.csv", "SMD,-0.14,-1.03,0.76", printed)
    assert evidence.analysis("score").measure == "SMD"
    assert effect_directions(evidence, ["score"]).cells["direction"].tolist() == [direction]


def test_two_means_give_a_direction_without_any_spread(tmp_path: Path) -> None:
    """Both groups fell, the treated one less: worse than the control, if better than before."""
    write_base(tmp_path, [])
    results = tmp_path / "results.csv"
    header = results.read_text(encoding="utf-8").splitlines()[0].split(",")
    for arm, mean in (("in", "-5"), ("out", "-8")):
        cells = {"study_id": "small", "outcome_id": "ease", "arm_id": arm, "phase": "change",
                 "timepoint": "6 weeks", "weeks": "6", "n": "9", "mean": mean,
                 "source_id": "small", "confidence": "primary"}  # fmt: skip
        with results.open("a", encoding="utf-8") as file:
            file.write(",".join(cells.get(name, "") for name in header) + "\n")
    plan = tmp_path / "review.toml"
    text = plan.read_text(encoding="utf-8")
    for measure in ("SMD", "MD", "MC"):
        more = f'[[analyses]]\nid = "ease"\noutcome = "ease"\nmeasure = "{measure}"\n'
        plan.write_text(text + more, encoding="utf-8")
        cells = records(effect_directions(eq.load_evidence(tmp_path), ["ease"]).cells)
        told = {row["study_id"]: (row["design"], row["direction"]) for row in cells}
        assert told == {"small": ("rct", "down"), "heart": ("within_subject", "up")}, measure


def test_results_that_point_both_ways_are_mixed(base: eq.Evidence) -> None:
    cells = records(effect_directions(base, ["surgery", "relief", "walks"]).cells)
    told = {row["study_id"]: row for row in cells}
    assert told["large"]["direction"] == "mixed"
    assert told["large"]["outcomes"] == "surgery; relief; walks"
    assert told["large"]["comparisons"] == 3
    assert told["cohort"]["direction"] == "up"


def test_comparisons_without_a_number_are_counted(base: eq.Evidence) -> None:
    """Of the cohort's two control groups one has no number."""
    found = effect_directions(base, ["sleep"])
    row = found.cells.iloc[0]
    assert (row["direction"], row["comparisons"], row["without_direction"]) == ("up", 2, 1)
    assert "0 have no direction and 1 only in part" in " ".join(found.limits)


def test_a_plan_that_keeps_some_designs_is_kept_to(tmp_path: Path) -> None:
    write_base(tmp_path, [])
    plan = tmp_path / "review.toml"
    more = '[[analyses]]\nid = "walking"\noutcome = "walks"\nmeasure = "RR"\ndesigns = ["rct"]\n'
    plan.write_text(plan.read_text(encoding="utf-8") + more, encoding="utf-8")
    evidence = eq.load_evidence(tmp_path)
    assert effect_directions(evidence, ["walking"]).cells["study_id"].tolist() == ["large"]


def test_by_default_it_is_about_the_plan(base: eq.Evidence) -> None:
    cells = effect_directions(base).cells
    assert set(cells["outcomes"]) == {"pulse", "score"}
    one, listed = (effect_directions(base, names) for names in ("pulse", ["pulse"]))
    assert str(one) == str(listed)


def test_the_wide_table_has_a_row_a_study_and_design(inversion: EffectDirections) -> None:
    table, cells = inversion.to_frame(), inversion.cells
    domains = list(table.columns[6:])
    assert domains == list(dict.fromkeys(cells["domain"]))
    assert not table.duplicated(["study_id", "design"]).any()
    for row in records(cells):
        here = (table["study_id"] == row["study_id"]) & (table["design"] == row["design"])
        assert table.loc[here, row["domain"]].tolist() == [row["direction"]]
        assert table.loc[here, "n"].tolist() == pytest.approx([row["n"]], nan_ok=True)
    filled = sum(int((table[domain] != "").sum()) for domain in domains)
    assert filled == len(cells)
    assert set(cells["direction"]) <= set(DIRECTIONS)


def test_inversion_by_reading_its_studies(inversion: EffectDirections) -> None:
    told = {
        (row["study_id"], row["design"], row["domain"]): row["direction"]
        for row in records(inversion.cells)
    }
    assert told["prasad2012", "rct", "surgery"] == "up"  # 3 of 13 against 7 of 9
    assert told["prasad2012", "rct", "pain"] == "up"  # SMD -0.14
    assert told["prasad2012", "single_arm", "function"] == "up"  # 12 points lower than before
    assert told["mendelow2021", "nrsi_controlled", "surgery"] == "up"  # 21% against 39%
    assert told["mendelow2021", "single_arm", "pain"] == "not compared"  # 74% of nobody knows whom
    assert told["lemarr1984", "within_subject", "eye pressure"] == "down"  # 16.4 to 34 mmHg
    assert told["kim2013", "rct", "pain"] == "not reported"
    # blood pressure rose, the pulse fell
    assert told["gianakopoulos1985", "within_subject", "circulation"] == "mixed"
    assert told["cheng2020", "systematic_review", "pain"] == "up"
    assert ("prasad2012", "rct", "harm") not in told


def test_rows_are_ordered_by_what_they_can_show(inversion: EffectDirections) -> None:
    table = inversion.to_frame()
    assert table["directness"].tolist() == sorted(table["directness"])
    direct = table[table["directness"] == "direct"]
    strongest_first = ["rct", "nrsi_controlled", "single_arm", "within_subject", "case_series"]
    assert list(dict.fromkeys(direct["design"])) == strongest_first


def test_bcg_votes_as_its_risk_ratios_do() -> None:
    evidence = eq.load_evidence(BCG)
    found = effect_directions(evidence)
    table = found.to_frame()
    below = evidence.comparison("tuberculosis").assign(
        up=lambda t: t["events_treatment"] / t["n_treatment"] < t["events_control"] / t["n_control"]
    )
    by_study = dict(zip(below["study_id"], below["up"], strict=True))
    told = dict(zip(table["study_id"], table["tuberculosis"], strict=True))
    assert told == {study: "up" if up else "down" for study, up in by_study.items()}
    votes = eq.vote_count(table["tuberculosis"])
    assert (votes.favourable, votes.unfavourable) == (11, 2)
    assert "quasi-randomised trial, 10,877 people" in str(found)
    assert not any("earlier" in sentence for sentence in found.limits)


def test_its_text_and_html_say_what_they_cannot_show(inversion: EffectDirections) -> None:
    text, page = str(inversion), inversion._repr_html_()
    assert "Prasad 2012 (randomised trial, 24 people): surgery ▲ better" in text
    assert not re.search(r"[▲▼] (up|down)", text + page)
    assert "whether chance made it, is not in it" in text
    assert "would have happened anyway" in text
    assert repr(inversion) == text
    for sentence in inversion.limits:
        assert sentence in text
        assert sentence in page
    assert "<td" in page
    assert "◄► mixed" in page
    for word in BANNED:
        assert word not in text.lower()


def test_labels_are_escaped(tmp_path: Path) -> None:
    write_base(tmp_path, [])
    evidence = change(tmp_path, "studies.csv", "small,Small,", "small,<b>Small,")
    page = effect_directions(evidence, ["score"])._repr_html_()
    assert "<b>" not in page
    assert "&lt;b&gt;Small" in page


def test_what_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    small = write_base(tmp_path, [], "small")
    with pytest.raises(eq.UsageError, match="no outcome 'pains'"):
        effect_directions(small, ["pains"])
    for nothing in (["sleep"], []):
        with pytest.raises(eq.UsageError, match="no study has a row for these outcomes"):
            effect_directions(small, nothing)

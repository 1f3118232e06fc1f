"""What every figure carries: its caveats in few lines, its numbers, the same bytes each time."""

import re
from pathlib import Path

import pandas as pd
import pytest

import equipoise as eq
from equipoise.appraisal.caveat import Caveat
from equipoise.figures.drawn import drawn, finish, save, strip_items


def _caveat(title, sentence, *studies, severity="high", outcomes=("Pain",)):
    return Caveat(
        code="C99", domain="reporting", severity=severity, title=title, sentence=sentence,
        numbers={}, studies=studies, reference="here", outcomes=outcomes,
    )  # fmt: skip


def test_one_high_caveat_stands_in_full():
    assert strip_items((_caveat("alone", "Nobody was compared.", "A"),)) == ["Nobody was compared."]


def test_several_of_one_kind_share_a_line_that_names_their_studies():
    items = strip_items(
        (_caveat("few people", "A had 9.", "A"), _caveat("few people", "B had 8.", "B"))
    )
    assert items == ["Few people: A; B."]


def test_outcomes_are_named_where_the_caveat_is_not_about_all():
    items = strip_items((
        _caveat("nobody to compare with", "In A nobody.", "A", outcomes=("Pain", "Sleep")),
        _caveat("few people", "A had 9.", "A", outcomes=("Surgery",)),
    ))  # fmt: skip
    assert items == ["Nobody to compare with: A (pain and sleep).", "Few people: A (surgery)."]


def test_a_study_stays_with_its_outcome_though_the_sentence_is_the_same():
    from matplotlib import pyplot as plt

    words = "Such complaints also change without it."
    caveats = (
        _caveat("natural course", words, "A", outcomes=("Pain",)),
        _caveat("natural course", words, "B", "C", outcomes=("Sleep",)),
        _caveat("natural course", words, "A", outcomes=("Function",)),
        _caveat("few people", "A had 9.", "A", outcomes=("Pain",)),
    )
    ax = plt.figure().add_subplot()
    finish(ax, pd.DataFrame({"x": [1]}), "Words.", caveats, strip=False)
    items = strip_items(drawn(ax).caveats)
    assert items[0] == "Natural course: A (pain and function); B (sleep); C (sleep)."


def test_a_sentence_is_said_once(tmp_path: Path):
    from matplotlib import pyplot as plt

    caveats = [_caveat("few people", "Few.", name, outcomes=(name,)) for name in "AB"]
    ax = finish(plt.figure().add_subplot(), pd.DataFrame({"x": [1]}), "Words.", caveats, strip=True)
    save(ax, tmp_path / "one", formats=["svg"])
    assert (tmp_path / "one.txt").read_text(encoding="utf-8") == "Words.\n- Few.\n"


def test_folders_are_made_and_what_cannot_be_written_is_named(
    evidence: eq.Evidence, tmp_path: Path
):
    ax = eq.figures.natural_course(evidence.table("context"))
    paths = save(ax, tmp_path / "new" / "deep" / "course", formats=["svg"])
    assert all(path.is_file() for path in paths)
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(eq.UsageError, match="file/course cannot be written"):
        save(ax, tmp_path / "file" / "course")


def test_claims_name_outcomes_and_no_study():
    items = strip_items((
        _caveat("claims go further", "One says more.", outcomes=("Pain",)),
        _caveat("few people", "A had 9.", "A", outcomes=("Surgery",)),
    ))  # fmt: skip
    assert items[0] == "Claims go further: pain."


def test_blocking_caveats_come_first_and_the_rest_by_title():
    items = strip_items((
        _caveat("who paid", "Nobody says.", "A", severity="info"),
        _caveat("few people", "A had 9.", "A"),
        _caveat("not combined", "Two designs.", "A", "B", severity="block"),
    ))  # fmt: skip
    assert items == ["Two designs.", "A had 9.", "Also: who paid."]


def test_saved_twice_is_the_same_and_ids_are_unique(evidence: eq.Evidence, tmp_path: Path):
    ax = eq.figures.forest(eq.summarize(evidence, "surgery"))
    (tmp_path / "again").mkdir()
    first, second = save(ax, tmp_path / "one"), save(ax, tmp_path / "again" / "one")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    ids = re.findall(r'\bid="([^"]+)"', (tmp_path / "one.svg").read_text(encoding="utf-8"))
    assert len(ids) == len(set(ids))


def test_the_reader_keeps_their_settings(evidence: eq.Evidence):
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    eq.figures.forest(eq.summarize(evidence, "surgery"))
    assert dict(mpl.rcParams) == before


def test_a_format_nobody_knows_is_refused(evidence: eq.Evidence, tmp_path: Path):
    ax = eq.figures.natural_course(evidence.table("context"))
    with pytest.raises(eq.UsageError, match="'jpeg' is not a format"):
        save(ax, tmp_path / "course", formats=["jpeg"])
    assert not list(tmp_path.iterdir())


def test_axes_of_others_are_not_ours():
    from matplotlib import pyplot as plt

    with pytest.raises(eq.UsageError, match="not drawn by equipoise"):
        drawn(plt.figure().add_subplot())

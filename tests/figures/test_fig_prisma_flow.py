import pandas as pd
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from matplotlib import pyplot as plt
from small_base import write_small_base

import equipoise as eq
from equipoise.figures.drawn import drawn, save
from equipoise.figures.prisma_flow import prisma_flow

SMALL = {
    "database_results": 412, "duplicates": 40, "records_screened": 372, "records_excluded": 360,
    "dbr_sought_reports": 12, "dbr_assessed": 12, "dbr_excluded": 5, "new_studies": 6,
    "new_reports": 7,
}  # fmt: skip
OTHER = {"citations_results": 9, "other_sought_reports": 9, "other_notretrieved_reports": 1,
         "other_assessed": 8, "other_excluded": 8}  # fmt: skip
UPDATE = {"previous_studies": 4, "previous_reports": 5, "total_studies": 10, "total_reports": 12}


def table(*flows, details=()):
    rows = [(key, "", n) for flow in flows for key, n in flow.items()]
    return pd.DataFrame([*rows, *details], columns=["data", "detail", "n"])


def frames(ax):
    """Left, top, right and foot of every box, in shares of the width and inches from the top."""
    boxes = [patch.get_bbox() for patch in found(ax, "box")]
    return [(box.x0, min(box.y0, box.y1), box.x1, max(box.y0, box.y1)) for box in boxes]


def words(ax):
    return " ".join(texts(ax, "box text"))


def test_every_known_box_is_drawn_with_its_number():
    ax = prisma_flow(table(SMALL))
    assert len(found(ax, "box")) == 8
    told = words(ax)
    for n in (412, 40, 372, 360, 12, 5, 6, 7):
        assert f"(n = {n})" in told
    assert "Reports not" not in told
    assert not texts(ax, "heading")


def test_boxes_run_down_and_what_is_taken_away_stands_aside():
    found_, removed, screened, excluded, *_ = frames(prisma_flow(table(SMALL)))
    assert found_[0] == screened[0] < removed[0] == excluded[0]
    assert found_[1] == removed[1]
    assert screened[1] == excluded[1] > max(found_[3], removed[3])


def test_boxes_keep_apart_and_hold_their_words():
    ax = prisma_flow(table(SMALL, OTHER, UPDATE))
    boxes = frames(ax)
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    ax.figure.canvas.draw()
    outlines = [patch.get_window_extent() for patch in found(ax, "box")]
    for text in found(ax, "box text"):
        box = text.get_window_extent()
        assert any(o.x0 <= box.x0 and box.x1 <= o.x1 and o.y0 <= box.y0 and box.y1 <= o.y1
                   for o in outlines), text.get_text()  # fmt: skip


def test_arrows_lead_down_aside_and_from_the_other_streams():
    assert len(found(prisma_flow(table(SMALL)), "arrow")) == 4 + 3
    # two down and two aside among the other methods, and one to what is included
    assert len(found(prisma_flow(table(SMALL, OTHER)), "arrow")) == 7 + 2 + 2 + 1
    # included to total, and previous to total
    assert len(found(prisma_flow(table(SMALL, UPDATE)), "arrow")) == 7 + 2


def test_streams_are_headed_where_there_are_several():
    heads = " ".join(texts(prisma_flow(table(SMALL, OTHER, UPDATE)), "heading"))
    assert heads == (
        "Previous studies Identification of new studies via databases and registers "
        "Identification of new studies via other methods"
    )
    assert texts(prisma_flow(table(SMALL)), "phase") == ["Identification", "Screening", "Included"]


def test_only_an_update_has_new_studies():
    assert "New studies included" in words(prisma_flow(table(SMALL, UPDATE)))
    assert "Studies included in review (n = 6)" in words(prisma_flow(table(SMALL)))


def test_reasons_and_databases_stand_under_their_box():
    details = [("dbr_excluded", "children", 3), ("dbr_excluded", "no trial", 2),
               ("database_results", "Embase", 412)]  # fmt: skip
    ax = prisma_flow(table(SMALL, details=details))
    lines = texts(ax, "box text")
    at = lines.index("Reports excluded (n = 5)")
    assert lines[at + 1 : at + 3] == ["  children (n = 3)", "  no trial (n = 2)"]
    assert lines[lines.index("Databases (n = 412)") + 1] == "  Embase (n = 412)"


def test_a_box_that_something_is_taken_from_is_drawn_without_its_number():
    ax = prisma_flow(table({"records_excluded": 4, "new_studies": 2}))
    assert "Records screened (n not reported)" in words(ax)


def test_what_does_not_add_up_is_drawn_as_given_and_named():
    ax = prisma_flow(table({**SMALL, "dbr_assessed": 13}))
    assert "(n = 13)" in words(ax)
    (caveat,) = drawn(ax).caveats
    assert caveat.sentence.startswith("Reports sought for retrieval (databases and registers) (12)")
    assert "leave 12, but 13 are given as reports assessed for eligibility" in caveat.sentence
    strip = [text.get_text() for text in ax.figure.texts if text.get_gid() == "caveat"]
    assert strip[0] == "What this cannot show"
    assert drawn(prisma_flow(table(SMALL))).caveats == ()


def test_letters_stay_text_in_an_svg(tmp_path):
    save(prisma_flow(table(SMALL)), tmp_path / "flow", formats=["svg"])
    svg = (tmp_path / "flow.svg").read_text(encoding="utf-8")
    assert "Records screened (n = 372)</text>" in svg
    save(prisma_flow(table(SMALL)), tmp_path / "flow", formats=["svg"])
    assert (tmp_path / "flow.svg").read_text(encoding="utf-8") == svg


def test_nothing_recorded_is_said():
    ax = prisma_flow(table(SMALL).iloc[:0])
    assert "Nobody has recorded how" in " ".join(texts(ax, "words"))
    assert drawn(ax).caveats[0].code == "C43"


def test_wrong_tables_are_refused():
    with pytest.raises(eq.UsageError, match=r"'record_screened' is not a box .* records_screened"):
        prisma_flow(table({"record_screened": 3}))
    with pytest.raises(eq.UsageError, match="duplicates is -1: write a whole number"):
        prisma_flow(table({"duplicates": -1}))
    with pytest.raises(eq.UsageError, match=r"duplicates is 2\.5"):
        prisma_flow(table({"duplicates": 2.5}))
    with pytest.raises(eq.UsageError, match="without n"):
        prisma_flow(table(SMALL).drop(columns="n"))


def test_alt_text():
    alt = drawn(prisma_flow(table(SMALL))).alt
    assert alt.startswith("PRISMA 2020 flow diagram. Records identified from databases 412;")
    assert alt.endswith("new studies included 6; reports of new included studies 7.")


@pytest.mark.parametrize("flows", [(SMALL,), (SMALL, OTHER), (SMALL, OTHER, UPDATE), (OTHER,),
                                   ({"new_studies": 1},), (UPDATE,)])  # fmt: skip
@pytest.mark.parametrize("reasons", [0, 13])
def test_texts_keep_apart(flows, reasons):
    details = [("dbr_excluded", f"$reason$ {i} <b>نوع آخر</b> " + "x" * 60, i)
               for i in range(reasons)]  # fmt: skip
    ax = prisma_flow(table(*flows, details=details), title="How $many$ " * 20)
    assert_readable(ax)
    assert parses_no_math(ax)


def test_it_is_readable_in_one_column_of_a_journal():
    figure = plt.figure(figsize=(85 / 25.4, 6))
    assert_readable(prisma_flow(table(SMALL), ax=figure.add_axes((0.02, 0.02, 0.96, 0.9))))
    narrow = plt.figure(figsize=(2, 6))
    with pytest.raises(eq.UsageError, match="needs at least"):
        prisma_flow(table(SMALL, OTHER), ax=narrow.add_axes((0, 0, 1, 1)))


def test_a_base(tmp_path):
    base = eq.load_evidence(write_small_base(tmp_path / "base"))
    ax = prisma_flow(base.table("screening"))
    assert "Records screened (n = 372)" in words(ax)
    assert drawn(ax).caveats == ()

import math

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from matplotlib import colors
from matplotlib import pyplot as plt

import equipoise as eq
from equipoise.figures import style
from equipoise.figures.drawn import drawn
from equipoise.figures.evidence_map import evidence_map

NAN = math.nan


def study(name, domain, design="rct", n=20.0, **other):
    return {
        "study_id": name, "label": name, "outcome_id": f"{domain}_1", "outcome": domain,
        "domain": domain, "design": design, "directness": "direct", "n": n, "reported": True,
        "read": "abstract", "source_id": name, **other,
    }  # fmt: skip


ROWS = [
    study("series", "surgery", "case_series", 175.0),
    study("trial", "surgery", n=24.0),
    study("trial", "surgery", n=24.0, outcome_id="surgery_2"),
    study("registry", "surgery", "nrsi_controlled", 85.0, reported=False),
    study("trial", "pain", n=24.0),
    study("trial2", "pain", n=47.0, reported=False),
    study("review", "pain", "systematic_review", 2762.0, directness="indirect"),
    study("review2", "pain", "systematic_review", 2206.0, directness="indirect"),
]


def table(rows):
    return pd.DataFrame(rows)


def cell(ax, design, domain):
    frame = drawn(ax).frame
    return frame[(frame["design"] == design) & (frame["domain"] == domain)].iloc[0]


def places(ax, gid):
    return [artist.get_offsets()[0].tolist() for artist in found(ax, gid)]


def test_designs_run_from_the_strongest_to_the_weakest_and_related_ones_last():
    ax = evidence_map(table(ROWS))
    assert texts(ax, "row") == ["Randomised trial", "Non-randomised", "comparison", "Case series",
                                "Review of a", "related", "treatment"]  # fmt: skip
    assert texts(ax, "column") == ["Surgery", "Pain"]


def test_every_cell_is_drawn_at_its_place():
    ax = evidence_map(table(ROWS))
    frame = drawn(ax).frame
    assert len(frame) == 4 * 2
    studied = frame[frame["studies"] > 0]
    assert [x for x, _ in places(ax, "bubble")] == studied["column"].tolist()
    ys = [y for _, y in places(ax, "bubble")]
    assert np.array_equal(np.argsort(np.argsort(ys)), pd.Series(ys).rank(method="first") - 1)
    assert pd.Series(ys).rank(method="dense").sub(1).tolist() == studied["row"].tolist()
    empty = [artist.get_xdata()[0] for artist in found(ax, "empty")]
    assert empty == frame.loc[frame["studies"] == 0, "column"].tolist()


def test_people_of_a_study_are_counted_once_in_a_cell():
    ax = evidence_map(table(ROWS))
    surgery = cell(ax, "rct", "surgery")
    assert (surgery["studies"], surgery["n"]) == (1, 24)
    pain = cell(ax, "rct", "pain")
    assert (pain["studies"], pain["reporting"], pain["n"]) == (2, 1, 71)
    assert "n = 71" in texts(ax, "people")


def test_area_is_in_proportion_to_people():
    ax = evidence_map(table(ROWS))
    sizes = {
        round(artist.get_sizes()[0], 6)
        for artist in found(ax, "bubble")
        if np.allclose(artist.get_edgecolor()[0], colors.to_rgba(style.TREATMENT))
    }
    largest = max(sizes)
    assert sorted(size / largest for size in sizes) == pytest.approx(
        [n / 175 for n in (24, 71, 85, 175)], rel=1e-6
    )


def test_circles_are_filled_as_far_as_studies_report_a_number():
    ax = evidence_map(table(ROWS))
    paper = colors.to_rgba(style.PAPER)
    hollow = [np.allclose(artist.get_facecolor()[0], paper) for artist in found(ax, "bubble")]
    frame = drawn(ax).frame
    studied = frame[frame["studies"] > 0]
    assert hollow == (studied["reporting"] < studied["studies"]).tolist()
    partly = studied[(studied["reporting"] > 0) & np.array(hollow)]
    assert [x for x, _ in places(ax, "filled part")] == partly["column"].tolist()


def test_half_of_a_circle_is_filled_if_half_the_studies_report():
    ax = evidence_map(table([study("a", "pain"), study("b", "pain", reported=False)]))
    (filled,) = found(ax, "filled part")
    xs = filled.get_paths()[0].vertices[:, 0]
    assert xs.min() >= -1e-9  # the right half, from twelve o'clock on


def test_reviews_share_people_so_the_largest_counts():
    ax = evidence_map(table(ROWS))
    assert cell(ax, "systematic_review", "pain")["n"] == 2762
    assert any("reviews overlap" in text for text in texts(ax, "legend"))


def test_unknown_numbers_of_people_are_not_counted_as_none():
    rows = [study("a", "pain", n=NAN), study("b", "pain", n=30.0), study("c", "work", n=NAN)]
    ax = evidence_map(table(rows))
    assert texts(ax, "people") == ["n ≥ 30", "n = ?"]
    assert cell(ax, "rct", "pain")["n_unknown_in"] == 1


def test_the_missing_trial_has_a_row_of_its_own():
    ax = evidence_map(table([study("a", "pain", "single_arm")]))
    assert texts(ax, "row")[0] == "Randomised trial"
    assert len(found(ax, "empty")) == 2


def test_the_key_explains_what_occurs_and_nothing_else():
    key = " ".join(texts(evidence_map(table([study("a", "pain")])), "legend"))
    assert "area: number of people" in key
    assert "no study found" in key
    assert "hollow" not in key
    assert "related" not in key


def test_alt_text():
    alt = drawn(evidence_map(table(ROWS))).alt
    assert alt.startswith("Evidence map")
    assert "3 of 8 cells have none" in alt
    assert "pain 2 (n = 71, 1 with numbers)" in alt


def test_nothing_to_map_is_said():
    with pytest.raises(eq.UsageError, match="without a study"):
        evidence_map(table(ROWS).iloc[:0])
    with pytest.raises(eq.UsageError, match="without n and reported"):
        evidence_map(table(ROWS).drop(columns=["n", "reported"]))


def test_axes_in_axes_out_and_nothing_else_changes():
    _, mine = plt.subplots(figsize=(8, 5))
    settings, open_before = dict(mpl.rcParams), plt.get_fignums()
    assert evidence_map(table(ROWS), ax=mine) is mine
    assert plt.get_fignums() == open_before
    assert dict(mpl.rcParams) == settings


@pytest.mark.parametrize("count", [1, 2, 10, 13, 60])
def test_texts_keep_apart(count):
    rows = [study(f"s{i}", f"domain {i}", n=10.0 + i) for i in range(count)]
    ax = evidence_map(table([*rows, study("r", "domain 0", "systematic_review", 2762.0)]))
    assert_readable(ax)
    assert len(found(ax, "bubble")) == count + 1


def test_many_domains_run_down_instead():
    rows = [study(f"s{i}", f"domain {i}") for i in range(30)]
    ax = evidence_map(table(rows))
    assert texts(ax, "row")[:2] == ["Domain 0", "Domain 1"]
    assert drawn(ax).frame["row"].max() == 29


def test_long_labels_and_dollars_survive():
    rows = [study(f"s{i}", f"A $domain$ with a long name {i} " * 4) for i in range(3)]
    ax = evidence_map(table(rows), title="How $much$ is known " * 10)
    assert_readable(ax)
    assert parses_no_math(ax)


def test_the_first_evidence_base(evidence):
    ax = evidence_map(evidence.coverage())
    assert_readable(ax)
    frame = drawn(ax).frame
    assert cell(ax, "nrsi_controlled", "surgery")["n"] == 85
    assert (frame["studies"] == 0).any()

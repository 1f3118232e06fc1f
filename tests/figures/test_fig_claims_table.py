import math

import matplotlib as mpl
import pandas as pd
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from matplotlib import pyplot as plt

import equipoise as eq
from equipoise.appraisal.verdicts import VERDICTS
from equipoise.figures.claims_table import SYMBOLS, claims_table
from equipoise.figures.drawn import drawn

CLAIM = {
    "claim_id": "halved", "source_id": "press_release", "claim": "Surgery was needed half as often",
    "outcome_id": "surgery", "measure": "relative_reduction_percent", "stated": "50% less",
    "recomputed": "46% less (44 to 48 by rounding)", "verdict": "overstated value",
    "reason": "The reported rates give at most 48.1%.",
}  # fmt: skip
SILENT = {**CLAIM, "claim_id": "reflexes", "claim": "Reflexes were better", "stated": "",
          "recomputed": "", "verdict": "not verifiable",
          "reason": "No number was found."}  # fmt: skip


def table(*rows):
    return pd.DataFrame(rows)


def test_rows_are_in_the_order_given_with_every_cell():
    ax = claims_table(table(CLAIM, SILENT))
    assert texts(ax, "claim") == ["Surgery was needed half as often", "Reflexes were better"]
    assert texts(ax, "stated") == ["50% less", "–"]
    assert " ".join(texts(ax, "recomputed")) == "46% less (44 to 48 by rounding) –"
    assert texts(ax, "verdict") == ["overstated value", "not verifiable"]
    reasons = " ".join(texts(ax, "reason"))
    assert "The reported rates give at most 48.1%." in reasons
    assert "Said in" not in reasons
    assert drawn(ax).frame["claim_id"].tolist() == ["halved", "reflexes"]


def test_marks_stand_beside_their_words():
    ax = claims_table(table(CLAIM, SILENT))
    marks = [artist.get_ydata()[0] for artist in found(ax, "verdict mark")]
    words = [artist.get_position()[1] for artist in found(ax, "verdict")]
    assert marks == sorted(marks)
    assert all(abs(mark - word) < 0.1 for mark, word in zip(marks, words, strict=True))


def test_every_verdict_has_a_mark_that_differs_without_colour():
    assert set(SYMBOLS) == set(VERDICTS)
    shapes = {(symbol.shape, symbol.fill) for symbol in SYMBOLS.values()}
    assert len(shapes) == len(SYMBOLS)


def test_all_verdicts_can_be_drawn_and_an_unknown_one_too():
    rows = [{**CLAIM, "verdict": verdict} for verdict in [*VERDICTS, "half right"]]
    ax = claims_table(table(*rows))
    assert len(found(ax, "verdict mark")) == len(rows)
    assert_readable(ax)


def test_verdicts_are_counted():
    ax = claims_table(table(CLAIM, SILENT, CLAIM))
    assert texts(ax, "subtitle") == ["3 claims: 2 overstated value, 1 not verifiable"]


def test_alt_text_has_the_numbers():
    alt = drawn(claims_table(table(CLAIM, SILENT))).alt
    assert alt.startswith("Table of claims beside the evidence. 2 claims:")
    assert "stated 50% less, the evidence shows 46% less" in alt


def test_missing_cells_are_dashes():
    ax = claims_table(table({**CLAIM, "stated": math.nan, "recomputed": None, "reason": ""}))
    assert texts(ax, "stated") == ["–"]
    assert texts(ax, "recomputed") == ["–"]
    assert not "".join(texts(ax, "reason"))


def test_sources_are_named_where_they_differ():
    ax = claims_table(table(CLAIM, {**SILENT, "source_id": "article"}))
    reasons = " ".join(texts(ax, "reason"))
    assert "Said in press_release." in reasons
    assert "Said in article." in reasons


def test_a_fair_sentence_stays_in_the_table_of_numbers():
    ax = claims_table(table({**CLAIM, "could_say": "About half as often, perhaps."}))
    assert drawn(ax).frame["could_say"].tolist() == ["About half as often, perhaps."]


def test_nothing_to_show_is_said():
    with pytest.raises(eq.UsageError, match="without a claim"):
        claims_table(table(CLAIM).iloc[:0])
    with pytest.raises(eq.UsageError, match="without verdict"):
        claims_table(table(CLAIM).drop(columns="verdict"))


def test_axes_in_axes_out_and_nothing_else_changes():
    _, mine = plt.subplots(figsize=(8, 4))
    settings, open_before = dict(mpl.rcParams), plt.get_fignums()
    assert claims_table(table(CLAIM, SILENT), ax=mine) is mine
    assert plt.get_fignums() == open_before
    assert dict(mpl.rcParams) == settings


@pytest.mark.parametrize("count", [1, 2, 13, 30, 60])
def test_texts_keep_apart(count):
    verdicts = list(VERDICTS)
    rows = [
        {**CLAIM, "claim": f"Claim number {i} " * (1 + i % 9), "reason": "A reason. " * (i % 15),
         "stated": f"{i * 3.5}%", "verdict": verdicts[i % len(verdicts)]}
        for i in range(count)
    ]  # fmt: skip
    ax = claims_table(table(*rows))
    assert_readable(ax)
    assert len(found(ax, "verdict mark")) == count


def test_long_labels_and_dollars_survive():
    row = {**CLAIM, "claim": "It saves $200 and $5 " * 9, "reason": "No $5. " * 30,
           "stated": "more than $50 of $100 " * 4, "recomputed": "$" * 200}  # fmt: skip
    ax = claims_table(table(row, SILENT), title="What $they$ say " * 12)
    assert_readable(ax)
    assert parses_no_math(ax)


def test_the_first_evidence_base(evidence):
    audit = eq.audit_claims(evidence)
    ax = claims_table(audit)
    assert_readable(ax)
    assert len(found(ax, "verdict mark")) == len(audit)
    assert "46% less" in " ".join(texts(ax, "recomputed"))

"""Column names of other programs."""

from typing import Any

import pandas as pd
import pytest

from equipoise.effects.aliases import standard_names
from equipoise.effects.measures import MEASURES
from equipoise.effects.sizes import effect_sizes
from equipoise.errors import UsageError


def named(**cells: Any) -> pd.DataFrame:
    return standard_names(pd.DataFrame({name: [value] for name, value in cells.items()}))


@pytest.mark.parametrize(
    ("theirs", "measure"),
    [
        ("ai n1i ci n2i slab", "RR"),
        ("ai bi ci di", "OR"),
        ("x1i t1i x2i t2i", "IRR"),
        ("m1i sd1i n1i m2i sd2i n2i", "SMD"),
        ("xi ni", "PR"),
        ("xi mi", "PLO"),
        ("mi sdi ni", "MN"),
        ("xi ti", "IR"),
        ("ri ni", "ZCOR"),
        ("yi vi", "GEN"),
        ("yi sei", "GEN"),
        ("event.e n.e event.c n.c studlab", "RD"),
        ("n.e mean.e sd.e n.c mean.c sd.c", "MD"),
        ("event.e time.e event.c time.c", "IRD"),
        ("TE seTE", "GEN"),
    ],
)
def test_tables_of_r_can_be_used(theirs: str, measure: str) -> None:
    table = named(**dict.fromkeys(theirs.split(), 0.5))
    assert any(set(columns) <= set(table.columns) for columns in MEASURES[measure].columns)
    assert not set(theirs.split()) & set(table.columns)


def test_revmans_names() -> None:
    cells = {"Study": "A 2001", "Experimental cases": 3, "Experimental N": 10,
             "Control cases": 5, "Control N": 11, "Footnotes": ""}  # fmt: skip
    table = named(**cells)
    assert list(table.columns) == ["label", "events_treatment", "n_treatment", "events_control",
                                   "n_control", "Footnotes"]  # fmt: skip
    assert effect_sizes(table, "RD")["effect"].item() == 3 / 10 - 5 / 11


def test_people_without_the_event_become_people() -> None:
    table = named(ai=4, bi=119, ci=11, di=128)
    assert table.iloc[0].to_dict() == {
        "events_treatment": 4, "n_treatment": 123, "events_control": 11, "n_control": 139
    }  # fmt: skip
    assert named(xi=3, mi=7)["n"].item() == 10


def test_other_names_and_the_table_itself_stay() -> None:
    table = pd.DataFrame({"ai": [1], "year": [2001]})
    assert list(standard_names(table).columns) == ["events_treatment", "year"]
    assert list(table.columns) == ["ai", "year"]
    assert list(named(ci="0.1 to 0.4").columns) == ["ci"]


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"ai": 1, "event.e": 1}, "'ai' and 'event.e' both mean events_treatment: keep one"),
        ({"n1i": 1, "n_treatment": 1}, "'n1i' and 'n_treatment' both mean n_treatment"),
        ({"m1i": 1, "m2i": 2, "ri": 0.5, "ni": 9}, "which came first is not said"),
        ({"mi": 1, "sdi": 2, "xi": 3}, "mi is a mean beside sdi"),
        ({"ai": 1, "bi": -2, "ci": 1, "di": 1}, "row 1: bi -2 is negative"),
        ({"ai": 1, "bi": 2, "n1i": 30}, "row 1: ai 1 and bi 2 are not the n1i 30"),
        ({"ci": 1, "di": 2, "n2i": 4}, "row 1: ci 1 and di 2 are not the n2i 4"),
        ({"xi": 1, "mi": 2, "ni": 30}, "row 1: xi 1 and mi 2 are not the ni 30"),
        ({"xi": 1, "mi": "2 or 3"}, "row 1: mi '2 or 3' is not a number"),
    ],
)
def test_what_is_not_clear_is_refused(cells: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        named(**cells)


def test_cells_that_make_the_people_in_all_may_stand_beside_them() -> None:
    table = named(ai=1.5, bi=28.5, n1i=30, ci=None, di=2, n2i=7)
    assert table[["events_treatment", "n_treatment", "n_control"]].iloc[0].tolist() == [1.5, 30, 7]


@pytest.mark.parametrize("given", [None, [1, 2], {"ai": [1]}])
def test_what_is_no_table_is_refused(given: Any) -> None:
    with pytest.raises(UsageError, match="the table must be a pandas DataFrame"):
        standard_names(given)


@pytest.mark.parametrize(
    ("theirs", "measure"),
    [("ai n1i ci n2i", "RR"), ("ai bi ci di", "OR"), ("event.e n.e event.c n.c", "RD"),
     ("m1i sd1i n1i m2i sd2i n2i", "SMD"), ("yi vi", "GEN")],
)  # fmt: skip
def test_names_of_r_are_recognised_where_they_are_refused(theirs: str, measure: str) -> None:
    table = pd.DataFrame({name: [0.5] for name in theirs.split()})
    with pytest.raises(UsageError, match=r"names of metafor, R's meta or RevMan: give standard_na"):
        effect_sizes(table, measure)
    effect_sizes(standard_names(table), measure)


def test_no_hint_where_it_would_not_help() -> None:
    for table in (pd.DataFrame({"ai": [1]}), pd.DataFrame({"m1i": [1], "m2i": [1], "ri": [0.5]})):
        with pytest.raises(UsageError) as caught:
            effect_sizes(table, "RR")
        assert "standard_names" not in str(caught.value)


def test_limits_of_meta_are_no_natural_limits() -> None:
    """They are logarithms of ratios; as ci_low and ci_high a harm would become a benefit."""
    table = named(TE=0.3, seTE=0.1, lower=0.1, upper=0.5)
    assert list(table.columns) == ["effect", "se", "lower", "upper"]
    with pytest.raises(UsageError, match="lower and upper beside TE are on the scale of analysis"):
        named(TE=0.3, lower=0.1, upper=0.5)
    assert list(named(lower=0.7, upper=1.5).columns) == ["ci_low", "ci_high"]

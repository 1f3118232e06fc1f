"""What cannot be pooled is refused in one sentence that names it; never a traceback, never silence.

Each case is a call and the words that its error must hold.
"""

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from equipoise.effects.sizes import effect_sizes
from equipoise.errors import UsageError
from equipoise.synthesis.batch import pool_many
from equipoise.synthesis.pool import pool

NAN, INF = math.nan, math.inf
Y, V = [0.1, 0.2, 0.3], [0.1, 0.2, 0.3]
TABLE = pd.DataFrame({"study": ["Ann", "Bea", "Cem"], "effect": Y, "variance": V})
TOPICS = TABLE.assign(topic=["x", "x", "y"])
COUNTS = pd.DataFrame(
    {
        "study": ["Ann", "Bea"],
        "events_treatment": [1, 2],
        "n_treatment": [10, 10],
        "events_control": [2, 3],
        "n_control": [10, 10],
    }
)
ESTIMATORS = "CE, DL, HE, HS, HSk, SJ, ML, REML, EB, PM, PMM, GENQ"


def doubled(name: str) -> pd.DataFrame:
    table = TABLE.assign(measure="RR", reason="")
    return pd.concat([table, table[[name]]], axis=1)


def many(table: pd.DataFrame = TOPICS, **changed: Any) -> pd.DataFrame:
    return pool_many(table.assign(**changed), by="topic")


def sizes(**changed: Any) -> pd.DataFrame:
    return effect_sizes(COUNTS.assign(**changed), "RR")


REFUSED: dict[str, tuple[Callable[[], object], tuple[str, ...]]] = {
    # numbers
    "a negative variance": (
        lambda: pool(TABLE.assign(variance=[0.1, -0.2, 0.3])),
        ("row 2 (Bea)", "variance -0.2", "not above 0", "leave the row out"),
    ),
    "a variance of 0": (lambda: pool(Y, [0.1, 0.0, 0.3]), ("row 2", "variance 0", "zero cells")),
    "a negative standard error": (lambda: pool(Y, se=[0.1, -0.2, 0.3]), ("row 2", "se -0.2")),
    "a standard error of 0": (lambda: pool(Y, se=[0.1, 0.0, 0.3]), ("row 2", "se 0 is not above")),
    "a variance of -inf": (lambda: pool(Y, [0.1, -INF, 0.3]), ("row 2", "variance -inf")),
    "an infinite effect": (lambda: pool([0.1, INF, 0.3], V), ("row 2", "effect is infinite")),
    "an effect of -inf": (lambda: pool([0.1, -INF, 0.3], V), ("row 2", "effect is infinite")),
    "several faults, all named": (
        lambda: pool([INF, 0.2, 0.3], [0.1, 0.0, -1.0]),
        ("row 1", "row 2", "row 3", "variance -1"),
    ),
    "more faults than are shown": (
        lambda: pool([0.1] * 15, [-1.0] * 15),
        ("row 10", "and 5 more"),
    ),
    "words": (
        lambda: pool([0.1, "a", 0.3], V),
        ("pooled:\nrow 2: effect 'a' is not a number",),
    ),
    "NR": (
        lambda: pool(TABLE.assign(effect=[0.1, "NR", 0.3])),
        ("row 2", "effect 'NR' is not a number"),
    ),
    "a decimal comma": (lambda: pool(Y, ["0,1", "0,2", "0,3"]), ("row 1", "variance '0,1'")),
    "booleans": (lambda: pool([True, False, True], V), ("row 1", "'True' is not a number")),
    "a boolean among numbers": (
        lambda: pool([True, 0.2, 0.3], V),
        ("row 1", "'True' is not a number"),
    ),
    "dates": (lambda: pool(pd.to_datetime(["2020-01-01"] * 3), V), ("row 1", "2020-01-01")),
    "complex numbers": (lambda: pool(np.array([1j, 2, 3]), V), ("row 1", "not a number")),
    "a decimal": (lambda: pool([Decimal("0.1"), 0.2, 0.3], V), ("row 1", "0.1")),
    "an integer beyond all floats": (lambda: pool([10**400, 1, 2], V), ("row 1",)),
    "an effect too large to compute with": (
        lambda: pool([1e200, -1e200, 0.0], V),
        ("row 1", "1e+200", "too large"),
    ),
    "a variance too large to compute with": (
        lambda: pool(Y, [1e200, 1e200, 1e200]),
        ("row 1", "1e+200", "too large"),
    ),
    "a variance too small to compute with": (
        lambda: pool(Y, [1e-200, 1.0, 1.0]),
        ("row 1", "1e-200", "too small"),
    ),
    "a standard error whose square is 0": (
        lambda: pool(Y, se=[0.1, 1e-200, 0.3]),
        ("row 2", "se 1e-200"),
    ),
    # shapes
    "an array of two dimensions": (lambda: pool(np.ones((3, 2)), V), ("effect", "2 dimensions")),
    "variances of two dimensions": (lambda: pool(Y, np.ones((3, 1))), ("variance", "2 dimensions")),
    "numbers alone": (lambda: pool(0.1, 0.2), ("one number a study",)),
    "fewer variances": (lambda: pool(Y, V[:2]), ("3 effect", "2 variance")),
    "fewer standard errors": (lambda: pool(Y, se=V[:2]), ("3 effect", "2 se")),
    "fewer labels": (lambda: pool(Y, V, labels=["a"]), ("3 effect", "1 labels")),
    "fewer weights": (lambda: pool(Y, V, weights=[1.0]), ("3 effect", "1 weights")),
    "nothing": (lambda: pool([], []), ("nothing to pool",)),
    "an empty table": (lambda: pool(TABLE.iloc[:0]), ("nothing to pool",)),
    "no row with numbers": (lambda: pool([NAN, 0.1], [1.0, NAN]), ("nothing to pool",)),
    # tables
    "no effect": (lambda: pool(TABLE.drop(columns="effect")), ("effect", "effect_sizes")),
    "no variance": (lambda: pool(TABLE.drop(columns="variance")), ("variance (or se)",)),
    "counts": (lambda: pool(COUNTS), ("effect_sizes(table",)),
    "a table and variances": (lambda: pool(TABLE, V), ("either a table", "not both")),
    "a table and standard errors": (lambda: pool(TABLE, se=V), ("either a table", "not both")),
    **{
        f"two columns {name}": (
            lambda name=name: pool(doubled(name)),
            (f"several columns {name!r}; keep one",),
        )
        for name in ("effect", "variance", "study", "measure", "reason")
    },
    "the names of R": (
        lambda: pool(pd.DataFrame({"yi": Y, "vi": V})),
        ("give standard_names(table)",),
    ),
    "standard errors as variances": (
        lambda: pool(TABLE.assign(se=TABLE["variance"])),
        ("disagree", "row 1: variance 0.1 is not the square of se 0.1", "drop the wrong column"),
    ),
    "several measures": (
        lambda: pool(TABLE.assign(measure=["OR", "RR", "RR"])),
        ("one measure", "'OR', 'RR'"),
    ),
    "effects called by another measure": (
        lambda: pool(TABLE.assign(measure="RR"), measure="MD"),
        ("effects of the table are RR (its column measure), not MD", 'effect_sizes(table, "MD")'),
    ),
    "effects called by an unknown measure": (
        lambda: pool(TABLE.assign(measure="RR"), measure="rr"),
        ("unknown measure 'rr'",),
    ),
    "an unknown measure": (lambda: pool(Y, V, measure="or"), ("unknown measure 'or'", "'OR'")),
    "no uncertainty": (lambda: pool(Y), ("variance=", "se=")),
    "both uncertainties": (lambda: pool(Y, V, se=V), ("variance=", "se=")),
    # choices
    "an unknown estimator": (
        lambda: pool(Y, V, estimator="REMML"),
        ("unknown estimator 'REMML'", "did you mean 'REML'", ESTIMATORS),
    ),
    "an estimator in small letters": (lambda: pool(Y, V, estimator="reml"), ("'reml'", "'REML'")),
    "the fixed effect": (lambda: pool(Y, V, estimator="FE"), ("'FE'", "CE")),
    "no estimator": (lambda: pool(Y, V, estimator=None), ("unknown estimator None",)),
    "a list of estimators": (lambda: pool(Y, V, estimator=["DL"]), ("unknown estimator ['DL']",)),
    "an unknown interval": (
        lambda: pool(Y, V, ci_method="knha"),
        ("unknown ci_method 'knha'", "wald, t, hksj, hksj-adhoc"),
    ),
    "an unknown prediction": (
        lambda: pool(Y, V, prediction_df="k"),
        ("unknown prediction_df 'k'", "k-1, k-2, normal"),
    ),
    "a level of 95": (lambda: pool(Y, V, level=95), ("between 0 and 1", "0.95", "got 95")),
    "a level of 0": (lambda: pool(Y, V, level=0), ("between 0 and 1", "got 0")),
    "a level of 1": (lambda: pool(Y, V, level=1), ("between 0 and 1", "got 1")),
    "a level of NaN": (lambda: pool(Y, V, level=NAN), ("between 0 and 1", "got nan")),
    "a level in words": (lambda: pool(Y, V, level="95%"), ("between 0 and 1", "95%")),
    "a negative tau2": (lambda: pool(Y, V, tau2=-1.0), ("tau2", "got -1")),
    "a tau2 of NaN": (lambda: pool(Y, V, tau2=NAN), ("tau2", "got nan")),
    "an infinite tau2": (lambda: pool(Y, V, tau2=INF), ("tau2", "got inf")),
    "a tau2 in words": (lambda: pool(Y, V, tau2="0.1"), ("tau2", "0.1")),
    "a common effect with tau2": (
        lambda: pool(Y, V, estimator="CE", tau2=0.1),
        ("CE", "has no tau2", "another estimator"),
    ),
    "GENQ without weights": (lambda: pool(Y, V, estimator="GENQ"), ("GENQ", "weights=")),
    "GENQ with all weight on one": (
        lambda: pool(Y, V, estimator="GENQ", weights=[1.0, 0.0, 0.0]),
        ("GENQ", "weight"),
    ),
    "a negative weight": (lambda: pool(Y, V, weights=[1.0, -1.0, 1.0]), ("row 2", "weight -1")),
    "a weight of NaN": (lambda: pool(Y, V, weights=[1.0, NAN, 1.0]), ("row 2", "weight nan")),
    "an infinite weight": (lambda: pool(Y, V, weights=[1.0, INF, 1.0]), ("row 2", "weight inf")),
    "no weight at all": (lambda: pool(Y, V, weights=[0.0, 0.0, 0.0]), ("weights are all 0",)),
    # many analyses: numbers
    "many: a negative variance": (
        lambda: many(variance=[0.1, -0.2, 0.3]),
        ("row 2", "variance", "-0.2", "not above 0"),
    ),
    "many: a variance of 0": (lambda: many(variance=[0.1, 0.0, 0.3]), ("row 2", "not above 0")),
    "many: a negative standard error": (
        lambda: many(TOPICS.drop(columns="variance"), se=[0.1, -0.2, 0.3]),
        ("row 2", "se", "-0.2"),
    ),
    "many: an infinite effect": (lambda: many(effect=[0.1, INF, 0.3]), ("row 2", "infinite")),
    "many: a row of the table as it was": (
        lambda: many(topic=["x", "y", "x"], variance=[0.1, 0.2, -0.3]),
        ("row 3",),
    ),
    "many: NR": (lambda: many(effect=[0.1, "NR", 0.3]), ("row 2", "effect", "NR")),
    "many: one word among digits": (
        lambda: many(effect=["0.1", "NR", "0.3"]),
        ("pooled:\nrow 2: effect 'NR' is not a number",),
    ),
    "many: booleans": (lambda: many(effect=[True, False, True]), ("row 1", "True")),
    "many: standard errors as variances": (
        lambda: many(se=TABLE["variance"]),
        ("disagree", "row 1", "drop the wrong column"),
    ),
    "many: fewer variances": (lambda: pool_many(Y, V[:2], starts=[0]), ("3", "2", "variance")),
    "many: fewer weights": (
        lambda: pool_many(Y, V, starts=[0], weights=[1.0]),
        ("3", "1", "weight"),
    ),
    "many: two dimensions": (lambda: pool_many(np.ones((3, 2)), V, starts=[0]), ("effect",)),
    "many: two columns of effects": (
        lambda: pool_many(pd.concat([TOPICS, TOPICS[["effect"]]], axis=1), by="topic"),
        ("effect",),
    ),
    # many analyses: which is which
    "many: no column": (lambda: pool_many(TOPICS), ("by=",)),
    "many: an unknown column": (lambda: pool_many(TOPICS, by="tpic"), ("no column 'tpic'",)),
    "many: one unknown column of two": (
        lambda: pool_many(TOPICS, by=["topic", "year"]),
        ("no column 'year'",),
    ),
    "many: an empty list of columns": (lambda: pool_many(TOPICS, by=[]), ("by=",)),
    "many: a column twice": (lambda: pool_many(TOPICS, by=["topic", "topic"]), ("topic",)),
    "many: a column named as a result": (
        lambda: pool_many(TOPICS.rename(columns={"topic": "k"}), by="k"),
        ("'k'",),
    ),
    "many: a row of no analysis": (lambda: many(topic=["x", None, "y"]), ("topic", "row 2")),
    "many: counts": (lambda: pool_many(COUNTS, by="study"), ("effect_sizes(table",)),
    "many: several measures in one analysis": (
        lambda: many(topic=["x", "x", "y"], measure=["OR", "RR", "RR"]),
        ("one measure", "row 2: measure 'RR'"),
    ),
    "many: a table and variances": (lambda: pool_many(TOPICS, V, by="topic"), ("variance",)),
    "many: a table and starts": (
        lambda: pool_many(TOPICS, by="topic", starts=[0]),
        ("starts",),
    ),
    "many: arrays without starts": (lambda: pool_many(Y, V), ("starts=",)),
    "many: arrays with a column": (lambda: pool_many(Y, V, by="x", starts=[0]), ("by=",)),
    "many: starts that fall": (lambda: pool_many(Y, V, starts=[0, 2, 1]), ("starts", "fall")),
    "many: starts that leave rows out": (lambda: pool_many(Y, V, starts=[1]), ("begin with 0",)),
    "many: starts beyond the end": (lambda: pool_many(Y, V, starts=[0, 7]), ("at most 3",)),
    "many: starts of floats": (lambda: pool_many(Y, V, starts=[0.0, 2.0]), ("whole numbers",)),
    "many: no starts": (lambda: pool_many(Y, V, starts=[]), ("starts",)),
    "many: starts of two dimensions": (lambda: pool_many(Y, V, starts=[[0, 1]]), ("starts",)),
    # many analyses: choices
    "many: an unknown result": (
        lambda: pool_many(Y, V, starts=[0], columns=["tau2", "i3"]),
        ("unknown columns ['i3']", "i2"),
    ),
    "many: a result outside a list": (
        lambda: pool_many(Y, V, starts=[0], columns="estimat"),
        ("columns", "estimat"),
    ),
    "many: an unknown engine": (
        lambda: pool_many(Y, V, starts=[0], engine="cuda"),
        ("unknown engine 'cuda'", "auto, numpy, numba"),
    ),
    "many: an unknown estimator": (
        lambda: pool_many(Y, V, starts=[0], estimator="PL"),
        ("unknown estimator 'PL'", ESTIMATORS),
    ),
    "many: a level of 95": (lambda: pool_many(Y, V, starts=[0], level=95), ("got 95",)),
    "many: GENQ without weights": (
        lambda: pool_many(Y, V, starts=[0], estimator="GENQ"),
        ("GENQ", "weights="),
    ),
    "many: a negative weight": (
        lambda: pool_many(Y, V, starts=[0], weights=[1.0, -1.0, 1.0]),
        ("row 2", "weight", "-1"),
    ),
    "many: no weight in one analysis": (
        lambda: pool_many(Y, V, starts=[0, 2], weights=[0.0, 0.0, 1.0]),
        ("weights", "all 0"),
    ),
    # effect sizes
    "sizes: more events than people": (
        lambda: sizes(events_treatment=[11, 2]),
        ("row 1 (Ann)", "events_treatment 11", "n_treatment 10"),
    ),
    "sizes: negative events": (
        lambda: sizes(events_control=[2, -3]),
        ("row 2 (Bea)", "events_control -3", "negative"),
    ),
    "sizes: infinite people": (lambda: sizes(n_control=[10, INF]), ("row 2", "infinite")),
    "sizes: NR": (lambda: sizes(n_control=[10, "NR"]), ("row 2", "n_control 'NR'")),
    "sizes: booleans": (lambda: sizes(events_control=[True, False]), ("row 1", "True")),
    "sizes: a column missing": (
        lambda: effect_sizes(COUNTS.drop(columns="n_control"), "RR"),
        ("RR needs", "no n_control"),
    ),
    "sizes: an unknown measure": (
        lambda: effect_sizes(COUNTS, "rr"),
        ("unknown measure 'rr'", "did you mean 'RR'"),
    ),
    "sizes: a level of 95": (lambda: effect_sizes(COUNTS, "RR", level=95), ("got 95",)),
    "sizes: a negative constant": (lambda: effect_sizes(COUNTS, "RR", add=-1), ("add", "-1")),
    "sizes: an unknown to": (lambda: effect_sizes(COUNTS, "RR", to="some"), ("'some'", "only0")),
    "sizes: no table": (lambda: effect_sizes([1, 2], "RR"), ("table",)),
}


@pytest.mark.parametrize(("call", "words"), REFUSED.values(), ids=REFUSED)
def test_bad_input_is_refused_in_words(call: Callable[[], object], words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as caught:
        call()
    for word in words:
        assert word in str(caught.value)


def test_numbers_may_be_written_in_digits() -> None:
    texts = TOPICS.assign(effect=["0.1", " 0.2", "3e-1"], variance=["0.1", "0.2", "0.3"])
    assert str(pool(texts)) == str(pool(TABLE))
    pd.testing.assert_frame_equal(pool_many(texts, by="topic"), many())


LEFT_OUT: dict[str, tuple[Callable[[], object], str]] = {
    "an effect of NaN": (lambda: [0.1, NAN, 0.3], "no effect"),
    "an effect of None": (lambda: [0.1, None, 0.3], "no effect"),
    "a missing integer": (lambda: pd.array([1, None, 3], dtype="Int64"), "no effect"),
    "a missing float": (lambda: pd.array([0.1, None, 0.3], dtype="Float64"), "no effect"),
    "pd.NA": (lambda: [0.1, pd.NA, 0.3], "no effect"),
    "an empty cell": (lambda: pd.Series([0.1, "", 0.3], dtype=object), "no effect"),
}


@pytest.mark.parametrize(("effects", "reason"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_is_missing_is_left_out_and_told(effects: Callable[[], Any], reason: str) -> None:
    found = pool(effects(), V)
    assert found.k == 2
    assert found.reasons == ("", reason, "")
    assert any(reason in note for note in found.notes)


@pytest.mark.parametrize("effects", [value[0] for value in LEFT_OUT.values()], ids=list(LEFT_OUT))
def test_what_is_missing_is_counted_in_many(effects: Callable[[], Any]) -> None:
    found = pool_many(pd.DataFrame({"topic": "x", "effect": effects(), "variance": V}), by="topic")
    assert found.loc[0, ["excluded", "k"]].tolist() == [1, 2]


def test_an_infinite_variance_has_no_weight() -> None:
    found = pool(Y, [0.1, INF, 0.3])
    assert found.k == 2
    assert found.weights[1] == 0
    assert found.reasons[1] == "an infinite variance has no weight"


def test_a_weight_of_a_row_left_out_does_not_matter() -> None:
    found = pool([0.1, NAN, 0.3], V, weights=[1.0, 5.0, 1.0])
    assert found.estimate == pytest.approx(0.2)
    assert found.weights == pytest.approx((0.5, 0, 0.5))


def test_the_same_label_twice_is_pooled_with_a_warning() -> None:
    found = pool(Y, V, labels=["Ann", "Ann", "Bea"])
    assert found.k == 3
    assert any(note.startswith("Ann appear") for note in found.notes)


def test_starts_may_name_analyses_without_studies() -> None:
    assert pool_many(Y, V, starts=[0, 0, 3])["k"].tolist() == [0, 3, 0]


def test_an_index_of_the_table_does_not_matter() -> None:
    strange = TOPICS.set_index(pd.Index([9, 9, 9]))
    pd.testing.assert_frame_equal(many(strange), many())

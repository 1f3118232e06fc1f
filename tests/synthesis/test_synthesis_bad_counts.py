"""What cannot be pooled from counts, or many analyses at once: one error, and every word of it.

Each case is a call and its whole message. What an analysis cannot show is no error of the table: it
has a reason instead, see `test_synthesis_counts_many`.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from equipoise.errors import UsageError
from equipoise.synthesis.batch import pool_many
from equipoise.synthesis.henmi_copas import henmi_copas_many
from equipoise.synthesis.mantel_haenszel import mantel_haenszel
from equipoise.synthesis.mantel_haenszel_many import mantel_haenszel_many
from equipoise.synthesis.mantel_haenszel_tests import mantel_haenszel_tests
from equipoise.synthesis.peto import peto, peto_many

NAN, INF = math.nan, math.inf
EFFECTS = pd.DataFrame(
    {"topic": ["x", "x", "y"], "effect": [0.1, 0.2, 0.3], "variance": [0.1, 0.2, 0.3]}
)
COUNTS = pd.DataFrame(
    {
        "study": ["Ann", "Bea", "Cem"],
        "topic": ["y", "x", "y"],
        "events_treatment": [1, 2, 3],
        "n_treatment": [10, 10, 10],
        "events_control": [2, 3, 4],
        "n_control": [10, 10, 10],
    }
)
TIMES = COUNTS.rename(columns={"n_treatment": "time_treatment", "n_control": "time_control"})

ROWS = "these rows cannot be used:"
EFFECT_ROWS = "these rows cannot be pooled:"
WILD = "is too large or too small to compute with"
NO_TABLE = "the table must be a pandas DataFrame, one row a study"
NO_BY = "with a table, name the column that tells the analyses apart: by="
MEASURES = "RR, OR, RD, IRR, IRD"


def mh(rows: Any = COUNTS, measure: Any = "RR", by: Any = "topic", **more: Any) -> object:
    changed = {name: more.pop(name) for name in list(more) if name not in ("add", "level")}
    return mantel_haenszel_many(rows.assign(**changed) if changed else rows, measure, by=by, **more)


def hc(**changed: Any) -> object:
    return henmi_copas_many(EFFECTS.assign(**changed), by="topic")


def renamed(name: str) -> pd.DataFrame:
    return COUNTS.rename(columns={"topic": name})


def doubled(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return pd.concat([table, table[[name]]], axis=1)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    # numbers of people
    "more events than people": (
        lambda: mh(events_treatment=[1, 11, 3]),
        f"{ROWS}\nrow 2 (Bea): events_treatment 11 is greater than n_treatment 10",
    ),
    "negative events": (
        lambda: mh(events_control=[2, 3, -4]),
        f"{ROWS}\nrow 3 (Cem): events_control -4 is negative",
    ),
    "negative people": (
        lambda: mh(events_control=[2, 3, 0], n_control=[10, 10, -1]),
        f"{ROWS}\nrow 3 (Cem): n_control -1 is negative",
    ),
    "infinite people": (
        lambda: mh(n_control=[INF, 10, 10]),
        f"{ROWS}\nrow 1 (Ann): n_control is infinite",
    ),
    "several faults, all named": (
        lambda: mh(events_treatment=[-1, 11, 3], n_control=[10, 10, INF]),
        f"{ROWS}\nrow 1 (Ann): events_treatment -1 is negative\nrow 2 (Bea): events_treatment 11 "
        "is greater than n_treatment 10\nrow 3 (Cem): n_control is infinite",
    ),
    "NR": (
        lambda: mh(n_control=[10, "NR", 10]),
        f"{ROWS}\nrow 2 (Bea): n_control 'NR' is not a number",
    ),
    "a word for a number": (
        lambda: mh(n_control=["ten", "10", 10]),  # 10 can be read, whatever holds it
        f"{ROWS}\nrow 1 (Ann): n_control 'ten' is not a number",
    ),
    "a boolean": (
        lambda: mh(events_control=pd.Series([2, True, 4], dtype=object)),
        f"{ROWS}\nrow 2 (Bea): events_control True is not a number",
    ),
    "people beyond computing": (
        lambda: mh(n_control=[10, 1e300, 10]),
        f"{ROWS}\nrow 2 (Bea): n_control 1e+300 {WILD}",
    ),
    "a time beyond computing": (
        lambda: mh(TIMES, "IRD", time_treatment=[10, 10, 1e-300]),
        f"{ROWS}\nrow 3 (Cem): time_treatment 1e-300 {WILD}",
    ),
    "one analysis: people beyond computing": (
        lambda: mantel_haenszel(COUNTS.assign(n_control=1e99).iloc[:1]),
        f"{ROWS}\nrow 1 (Ann): n_control 1e+99 {WILD}",
    ),
    "tests: people beyond computing": (
        lambda: mantel_haenszel_tests(COUNTS.assign(n_control=1e99).iloc[:1]),
        f"{ROWS}\nrow 1 (Ann): n_control 1e+99 {WILD}",
    ),
    "Peto: more events than people": (
        lambda: peto_many(COUNTS.assign(events_control=[2, 3, 14]), by="topic"),
        f"{ROWS}\nrow 3 (Cem): events_control 14 is greater than n_control 10",
    ),
    "Peto: people beyond computing, in rows of another order": (
        lambda: peto_many(COUNTS.assign(n_treatment=[10, 1e300, 10]), by="topic"),
        f"{EFFECT_ROWS}\nrow 2: effect -6e+298 is too large to compute with; change its unit\n"
        "row 2: variance 2e+298 is too large to compute with; change the unit",
    ),
    # tables
    "a list": (lambda: mh([1, 2]), NO_TABLE),
    "nothing": (lambda: mh(None), NO_TABLE),
    "one analysis: a list": (lambda: mantel_haenszel([1, 2]), NO_TABLE),  # type: ignore[arg-type]
    "tests: a list": (lambda: mantel_haenszel_tests([1, 2]), NO_TABLE),  # type: ignore[arg-type]
    "Peto: a list": (lambda: peto_many([1, 2], by="topic"), NO_TABLE),  # type: ignore[arg-type]
    "Peto: one analysis, a list": (lambda: peto([1, 2]), NO_TABLE),  # type: ignore[arg-type]
    "a column missing": (
        lambda: mh(COUNTS.drop(columns="n_control")),
        "RR needs events_treatment, n_treatment, events_control, n_control; the table has no "
        "n_control",
    ),
    "people instead of times": (
        lambda: mh(COUNTS, "IRR"),
        "IRR needs events_treatment, time_treatment, events_control, time_control; the table has "
        "no time_treatment, time_control",
    ),
    "Peto: a column missing": (
        lambda: peto_many(COUNTS.drop(columns="n_control"), by="topic"),
        "PETO needs the columns events_treatment, n_treatment, events_control, n_control; the "
        "table has no n_control",
    ),
    "a column twice": (
        lambda: mh(doubled(COUNTS, "n_control")),
        "the table has several columns 'n_control'; keep one",
    ),
    "Peto: a column twice": (
        lambda: peto_many(doubled(COUNTS, "n_control"), by="topic"),
        "the table has several columns 'n_control'; keep one",
    ),
    # which row is of which analysis
    "no column": (lambda: mh(by=None), NO_BY),
    "an empty list of columns": (lambda: mh(by=[]), NO_BY),
    "Peto: no column": (lambda: peto_many(COUNTS, by=None), NO_BY),  # type: ignore[arg-type]
    "an unknown column": (
        lambda: mh(by="tpic"),
        f"the table has no column 'tpic'; it has {list(COUNTS)}",
    ),
    "a number for a column": (
        lambda: mh(by=3),
        f"the table has no column 3; it has {list(COUNTS)}",
    ),
    "a column named as a result": (
        lambda: mh(renamed("k"), by="k"),
        "the column 'k' is named twice, or a result is called so; rename the column",
    ),
    "a column named reason": (
        lambda: peto_many(renamed("reason"), by="reason"),
        "the column 'reason' is named twice, or a result is called so; rename the column",
    ),
    "a column by twice": (
        lambda: mh(doubled(COUNTS, "topic")),
        "the table has several columns 'topic'; keep one",
    ),
    "a row of no analysis": (
        lambda: mh(topic=["x", None, "y"]),
        "every row must say which analysis it is of:\nrow 2: topic is empty",
    ),
    "analyses named by lists": (
        lambda: mh(topic=[["x"], ["x"], ["y"]]),
        "topic holds lists or the like; name analyses by text or numbers",
    ),
    "effects: analyses named by lists": (
        lambda: pool_many(EFFECTS.assign(topic=[["x"], ["x"], ["y"]]), by=["topic", "effect"]),
        "topic or effect holds lists or the like; name analyses by text or numbers",
    ),
    "effects: a column by twice": (
        lambda: pool_many(doubled(EFFECTS, "topic"), by="topic"),
        "the table has several columns 'topic'; keep one",
    ),
    # choices
    "an unknown measure": (
        lambda: mh(COUNTS, "SMD"),
        f"Mantel and Haenszel's method has no measure 'SMD'; choose one of: {MEASURES}",
    ),
    "a list of measures": (
        lambda: mh(COUNTS, ["RR"]),
        f"Mantel and Haenszel's method has no measure ['RR']; choose one of: {MEASURES}",
    ),
    "a level of 95": (
        lambda: mh(level=95),
        "level must lie between 0 and 1, for instance 0.95; got 95",
    ),
    "Peto: a level of 0": (
        lambda: peto_many(COUNTS, by="topic", level=0),
        "level must lie between 0 and 1, for instance 0.95; got 0",
    ),
    "a negative constant": (lambda: mh(add=-1), "add must be 0 or a positive number, got -1"),
    "a constant of NaN": (lambda: mh(add=NAN), "add must be 0 or a positive number, got nan"),
    "a constant in words": (lambda: mh(add="half"), "add must be 0 or a positive number, got half"),
    "no constant": (lambda: mh(add=None), "add must be 0 or a positive number, got None"),
    "a truth for a constant": (
        lambda: mh(add=True),
        "add must be 0 or a positive number, got True",
    ),
    # Henmi and Copas
    "a negative variance": (
        lambda: hc(variance=[0.1, -0.2, 0.3]),
        f"{EFFECT_ROWS}\nrow 2: variance -0.2 is not above 0: correct it, or leave the row out",
    ),
    "a variance of 0": (
        lambda: hc(variance=[0.1, 0.2, 0.0]),
        f"{EFFECT_ROWS}\nrow 3: variance 0 is not above 0: such a study would outweigh all others; "
        "correct zero cells (add and to of effect_sizes), or leave the row out",
    ),
    "an infinite effect": (
        lambda: hc(effect=[INF, 0.2, 0.3]),
        f"{EFFECT_ROWS}\nrow 1: the effect is infinite; correct zero cells (add and to of "
        "effect_sizes), or leave the row out",
    ),
    "an effect in words": (
        lambda: hc(effect=["a", 0.2, 0.3]),
        f"{EFFECT_ROWS}\nrow 1: effect 'a' is not a number",
    ),
    "a standard error that is given as a variance": (
        lambda: hc(se=EFFECTS["variance"], variance=[0.01, 0.2, 0.09]),
        "variance and se disagree; drop the wrong column:\n"
        "row 2: variance 0.2 is not the square of se 0.2",
    ),
    "two measures in one analysis": (
        lambda: hc(measure=["RR", "OR", "OR"]),
        "one measure can be pooled at a time; these differ from the first of theirs:\n"
        "row 2: measure 'OR'",
    ),
    "counts for effects": (
        lambda: henmi_copas_many(COUNTS, by="topic"),
        "the table needs the columns effect and variance (or se): make them with "
        'effect_sizes(table, "RR"), or rename yours',
    ),
    "effects without variances": (
        lambda: henmi_copas_many([0.1, 0.2], starts=[0]),
        "with arrays, give effects, variance and starts=; by= is for tables",
    ),
    "arrays without starts": (
        lambda: henmi_copas_many([0.1, 0.2], [0.1, 0.2]),
        "with arrays, give effects, variance and starts=; by= is for tables",
    ),
    "a table and variances": (
        lambda: henmi_copas_many(EFFECTS, [0.1, 0.2, 0.3], by="topic"),
        "give either a table with by=, or effects, variance and starts=",
    ),
    "a table without by": (lambda: henmi_copas_many(EFFECTS), NO_BY),
    "fewer variances": (
        lambda: henmi_copas_many([0.1, 0.2], [0.1], starts=[0]),
        "every study needs one of each; got 2 effects, 1 variances",
    ),
    "starts that fall": (
        lambda: henmi_copas_many([0.1, 0.2, 0.3], [0.1, 0.2, 0.3], starts=[0, 2, 1]),
        "starts must be whole numbers that begin with 0 and do not fall, at most 3",
    ),
    "Henmi-Copas: a level of 1": (
        lambda: henmi_copas_many(EFFECTS, by="topic", level=1),
        "level must lie between 0 and 1, for instance 0.95; got 1",
    ),
    "Henmi-Copas: a level in words": (
        lambda: henmi_copas_many(EFFECTS, by="topic", level="95%"),  # type: ignore[arg-type]
        "level must lie between 0 and 1, for instance 0.95; got 95%",
    ),
}


@pytest.mark.parametrize(("call", "message"), REFUSED.values(), ids=REFUSED)
def test_bad_input_has_one_exact_message(call: Callable[[], object], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        call()
    assert str(caught.value) == message


MISSING: dict[str, Callable[[], Any]] = {
    "NaN": lambda: [10, NAN, 10],
    "None": lambda: [10, None, 10],
    "an empty cell": lambda: pd.Series([10, "", 10], dtype=object),
    "a missing integer": lambda: pd.array([10, None, 10], dtype="Int64"),
    "nobody": lambda: [10, 0, 10],
}


@pytest.mark.parametrize("people", MISSING.values(), ids=MISSING)
def test_what_is_missing_is_left_out_and_counted(people: Callable[[], Any]) -> None:
    rows = COUNTS.assign(topic="x", events_control=[2, 0, 4], n_control=people())
    wanted = mantel_haenszel(rows.drop(index=1)).estimate
    found = mantel_haenszel_many(rows, by="topic").loc[0]
    assert (found["excluded"], found["k"], found["reason"]) == (1, 2, "")
    assert found["estimate"] == pytest.approx(wanted, rel=1e-12)
    found = peto_many(rows, by="topic").loc[0]
    assert (found["excluded"], found["k"], found["reason"]) == (1, 2, "")


def test_an_index_or_labels_twice_do_not_matter() -> None:
    strange = COUNTS.assign(study="Ann").set_index(pd.Index([9, 9, 9]))
    for many in (mantel_haenszel_many, peto_many):
        pd.testing.assert_frame_equal(many(strange, by="topic"), many(COUNTS, by="topic"))


def test_fractions_of_people_are_pooled() -> None:
    """Counts that were adjusted for clusters are fractions."""
    halves = COUNTS.assign(events_control=[1.5, 2.5, 3.5], n_control=[9.5, 9.5, np.float32(9.5)])
    assert mantel_haenszel_many(halves, "OR", by="topic")["k"].tolist() == [2, 1]

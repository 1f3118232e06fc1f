"""Every kind of result prints, shows itself in a notebook and is drawn, and says what it is."""

import math
import re
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from analyses import BCG, COUNTS, ESTIMATORS, INTERVALS, Analysis, effects_of, pooled

import equipoise as eq
from equipoise.display import numbers
from equipoise.effects.measures import MEASURES
from equipoise.synthesis.notes import COMMON_EFFECT
from equipoise.synthesis.pool import pool

mpl.use("agg")

TABLE = pd.DataFrame(BCG, columns=COUNTS)
EFFECTS = effects_of(BCG, "RR")
DATA = Analysis(EFFECTS["effect"].tolist(), EFFECTS["variance"].tolist())
NOTHING = Analysis([0.1, math.nan], [0.04, 0.05])

RESULTS: dict[str, Callable[[], eq.Pooled]] = {
    **{f"{estimator}, {ci_method}": (lambda e=estimator, c=ci_method: pooled(DATA, e, c))
       for estimator in ESTIMATORS for ci_method in INTERVALS},
    **{f"Mantel-Haenszel, {key}": (lambda key=key: eq.mantel_haenszel(TABLE, key))
       for key in ("RR", "OR", "RD")},
    "Peto": lambda: eq.peto(TABLE),
    "Henmi-Copas": lambda: eq.henmi_copas(EFFECTS),
    "Henmi-Copas of one study": lambda: eq.henmi_copas(*NOTHING),
    "tau2 given": lambda: pool(EFFECTS, tau2=0.1),
    "weights given": lambda: pool(EFFECTS, weights=np.ones(13)),
    "one study": lambda: pool(*NOTHING),
    "one study, tau2 given": lambda: pool(*NOTHING, tau2=0.1),
}  # fmt: skip


@pytest.mark.parametrize("make", RESULTS.values(), ids=RESULTS)
def test_every_result_prints_and_is_shown_and_drawn(make: Callable[[], eq.Pooled]) -> None:
    found = make()
    first, *others = str(found).splitlines()
    html, ax = found._repr_html_(), eq.figures.forest(found)
    assert f"<strong>{first}</strong>" in html.replace("&#39;", "'")
    assert html.count("<tr>") == 1 + len(found.labels)
    assert not re.search(r"\bnan\b", str(found) + html)
    method = first.partition(", ")[2]
    sections = [text.get_text() for text in ax.texts if text.get_gid() == "section"]
    assert sections == [f"Together: {method}"]
    for note in found.notes:
        assert f"  - {note}" in others


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("REML, hksj", "13 studies, random effects (REML), Hartung-Knapp interval"),
        ("CE, wald", "13 studies, common effect, Wald interval"),
        ("Mantel-Haenszel, RR", "Risk ratio, 13 studies, Mantel-Haenszel, Wald interval"),
        ("Peto", "Odds ratio by Peto's method, 13 studies, common effect, Wald interval"),
        ("Henmi-Copas", "13 studies, common-effect weights, Henmi-Copas interval"),
        ("Henmi-Copas of one study", "Effect, 1 study, normal interval"),
        ("one study", "Effect, 1 study, normal interval"),
        ("one study, tau2 given", "Effect, 1 study, tau2 given (0.100), normal interval"),
        ("tau2 given", "13 studies, random effects, tau2 given (0.100), Hartung-Knapp interval"),
        ("weights given", "13 studies, random effects (REML), weights given, Hartung-Knapp"),
        ("GENQ, t", "13 studies, random effects (GENQ), weights given, t interval"),
    ],
)
def test_the_first_line_says_how_it_was_made(name: str, says: str) -> None:
    assert says in str(RESULTS[name]()).splitlines()[0]


def test_a_given_tau2_has_no_interval() -> None:
    text = str(RESULTS["tau2 given"]())
    assert "\n  tau2 0.100 (given); I2 79%; Q 152.2 on 12 df, p < 0.001\n" in text
    few = pool([0.1, 0.9], [0.01, 0.01], tau2=0.1)
    assert not any("can hardly be estimated" in note for note in few.notes)


def test_henmi_and_copas_tell_how_far_studies_differ() -> None:
    found = RESULTS["Henmi-Copas"]()
    assert found.estimator not in COMMON_EFFECT
    assert "tau2 0.309 (95% CI 0.120 to 1.111); I2 92% (82% to 98%)" in str(found)


def test_only_one_study_to_compare_is_said_without_q() -> None:
    table = pd.DataFrame([(0, 50, 0, 52), (1, 40, 2, 41)], columns=COUNTS)
    text = str(eq.mantel_haenszel(table, "RD"))
    assert "with one study to compare, how far studies differ cannot be seen" in text
    assert "0 df" not in text


def test_many_degrees_of_freedom_are_counted() -> None:
    n = 2_000_001
    assert " on 2,000,000 df" in str(pool(np.arange(n) % 7 / 10, np.ones(n)))


@pytest.mark.parametrize(
    ("key", "effects", "variances", "says"),
    [
        ("OR", [300.0, 310.0], [400.0, 500.0], "> 1,000,000 (95% CI > 1,000,000 to > 1,000,000)"),
        ("OR", [-300.0, -310.0], [400.0, 500.0], "0.000 (95% CI 0.000 to 0.000)"),
        ("RR", [0.0, 2.0], [4.0, 300.0], "1.03 (95% CI 0.02 to 50.42)"),
        ("MD", [120.0, 130.0], [4.0, 4.0], "125 (95% CI 115 to 135)"),
        ("MD", [12.0, 13.0], [4.0, 4.0], "12.5 (95% CI 9.7 to 15.3)"),
        ("GEN", [1e20, 2e20], [1e40, 1e40], "1.50 × 10²⁰ (95% CI"),
    ],
)
def test_numbers_of_any_size_stay_readable(
    key: str, effects: list[float], variances: list[float], says: str
) -> None:
    found = pool(effects, variances, measure=key, ci_method="wald")
    assert says in str(found)
    assert max(map(len, str(found).splitlines()[:4])) < 100


def test_text_and_figure_round_alike() -> None:
    for key in ("RR", "MD", "COR"):
        found = pool([0.12, 0.34, 0.56], [0.04, 0.03, 0.05], measure=key)
        ax = eq.figures.forest(found)
        value, low, high = [t.get_text() for t in ax.texts if t.get_gid() == "value"][9:12]
        assert f"{value} (95% CI {low[1:]} {high[:-1]})" in str(found)


def test_ratios_are_the_measures_of_that_axis() -> None:
    assert set(numbers._RATIOS) == {key for key, one in MEASURES.items() if one.axis == "ratio"}


@pytest.mark.parametrize("key", MEASURES)
def test_a_p_value_needs_a_null_value(key: str) -> None:
    head = str(pool([0.1, 0.3], [0.04, 0.05], measure=key)).splitlines()[1]
    assert (", p = " in head) == (MEASURES[key].null is not None)


def test_html_escapes_what_it_is_given() -> None:
    html = pool([0.1, math.nan], [0.04, 0.05], labels=["<b>x</b>", "y & z"])._repr_html_()
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "y &amp; z" in html


def test_html_of_very_many_studies_counts_the_rest() -> None:
    html = pool([0.1] * 99, [0.04] * 99)._repr_html_()
    assert "and 39 more" in html
    assert html.count("<tr>") == 1 + 61


# Notes


def notes(**changes: Any) -> str:
    return " ".join(pool(**changes).notes)


def test_studies_are_called_alike_only_if_q_says_so() -> None:
    shares = pd.DataFrame({"events": [1, 2, 9], "n": [20, 40, 30]})
    spread = pool(eq.effect_sizes(shares, "PLO"))
    assert spread.q > spread.q_df
    (note,) = [note for note in spread.notes if "Hartung-Knapp" in note]
    assert note == (
        "The Hartung-Knapp standard error is smaller than the plain one here; the variant "
        "hksj-adhoc never goes below the plain one."
    )
    alike = pool([0.10, 0.12], [0.04, 0.05])
    assert alike.q < alike.q_df
    assert "here, as the studies agree more than their sizes let expect;" in " ".join(alike.notes)
    for found in (spread, alike):
        assert "=" not in " ".join(found.notes)
        assert "safe" not in " ".join(found.notes)


@pytest.mark.parametrize("name", ["CE, wald", "CE, t", "Mantel-Haenszel, RR", "Peto"])
def test_a_common_effect_of_studies_that_differ_is_doubted(name: str) -> None:
    said = " ".join(RESULTS[name]().notes)
    assert "which these studies do not fit (I2 9" in said
    assert "Q test p < 0.001)" in said


def test_a_common_effect_of_studies_that_agree_is_not() -> None:
    for found in (pool([0.1, 0.2], [0.04, 0.05], estimator="CE"), RESULTS["REML, hksj"](),
                  RESULTS["Henmi-Copas"]()):  # fmt: skip
        assert "common effect" not in " ".join(found.notes)


@pytest.mark.parametrize(
    ("key", "effects", "says"),
    [
        ("PR", [0.1, 0.2], "A proportion lies between 0 and 1, and the confidence interval and the "
         "prediction interval go beyond that; pooled as log odds (PLO) they cannot."),
        ("COR", [0.9, 0.5], "A correlation lies between −1 and 1, and the confidence interval"),
        ("RD", [0.9, 0.5], "A difference of risks lies between −1 and 1"),
        ("IR", [0.1, 0.2], "A rate is not below 0, and the confidence interval and"),
    ],
)  # fmt: skip
def test_an_interval_beyond_the_range_of_its_measure_is_named(
    key: str, effects: list[float], says: str
) -> None:
    wide = {"variance": [0.04, 0.05], "ci_method": "wald", "estimator": "PM"}
    assert says in notes(effects=effects, measure=key, **wide)
    assert "lies between" not in notes(effects=effects, measure="MD", **wide)
    narrow = notes(effects=[0.5, 0.51], variance=[1e-4, 1e-4], measure=key, ci_method="wald")
    assert "beyond" not in narrow


def test_a_prediction_interval_alone_can_be_beyond() -> None:
    said = notes(effects=[0.8, 0.6, 0.9, 0.95], variance=[1e-3] * 4, measure="PR", ci_method="wald")
    assert "and the prediction interval goes beyond that;" in said


def test_nothing_is_opposite_where_nothing_is_compared() -> None:
    """The log odds 0 of a share of one half is no line of no difference."""
    data = {"effects": [0.9, 0.1, 1.4, 0.2], "variance": [0.01] * 4, "ci_method": "wald"}
    assert "on one side of no difference" in notes(measure="OR", **data)
    assert "no difference" not in notes(measure="PLO", **data)


def test_names_with_commas_are_set_apart_by_semicolons() -> None:
    found = pool([0.1, math.nan, math.nan], [1, 1, 1], labels=["A", "Ng, Wu 2000", "Li, Ma 2001"])
    said = "Not in the pooled estimate: Ng, Wu 2000 (no effect); Li, Ma 2001 (no effect)."
    assert said in found.notes
    assert numbers.listing(["a", "b", "c"]) == "a, b and c"


# Zero cells


def counts(*rows: tuple[float, ...], key: str = "OR", **options: Any) -> eq.Pooled:
    table = pd.DataFrame(rows, columns=COUNTS).assign(label=list("ABCDEFGHIJ")[: len(rows)])
    return pool(eq.effect_sizes(table, key, **options))


SOME = [(3, 50, 5, 50), (2, 60, 0, 60), (0, 50, 0, 52), (9, 40, 12, 40)]


@pytest.mark.parametrize("key", ["OR", "RR", "RD", "PHI", "YUQ"])
def test_without_any_event_the_constants_are_all_there_is(key: str) -> None:
    found = counts((0, 50, 0, 52), (0, 40, 0, 41), key=key, add=0.5)
    assert found.zero_cells == ("nobody", "nobody")
    assert found.notes[0] == (
        "In every study the event happened to nobody: the pooled value comes from the constants "
        "added to zero cells alone, and not from anything that was seen."
    )
    both = counts((0, 50, 0, 52), (40, 40, 41, 41), key=key, add=0.5)
    told = "happened to nobody, or to everybody: the pooled value comes" in both.notes[0]
    assert told == (key != "RD")  # groups in which everybody had the event are alike


def test_the_numbers_without_any_event_stay_those_of_metafor() -> None:
    """metafor 3.8-1 pools them: escalc adds 1/2 to each cell, and rma takes what it is given."""
    found = counts((0, 50, 0, 52), (0, 40, 0, 41))
    y = [math.log((0.5 * 52.5) / (50.5 * 0.5)), math.log((0.5 * 41.5) / (40.5 * 0.5))]
    assert found.effects == pytest.approx(y, rel=1e-14)


def test_added_constants_are_counted_and_studies_that_say_nothing_named() -> None:
    found = counts(*SOME)
    assert found.zero_cells == ("", "constant", "nobody", "")
    assert found.notes[:2] == (
        "A constant was added to the cells of two of the four studies: B and C.",
        "One of them saw the event in nobody, or in everybody, and so says nothing about a ratio; "
        "what it adds comes from the constant: C.",
    )


def test_groups_without_events_are_alike_in_a_difference() -> None:
    found = counts(*SOME, key="RD")
    assert found.notes[0].startswith("A constant was added to the cells of two of the four")
    assert not any("ratio" in note for note in found.notes)


def test_no_constant_is_no_note() -> None:
    for found in (counts(SOME[0], SOME[3]), counts(*SOME, to="none", key="AS"),
                  counts(*SOME, drop00=True, to="none", key="AS"), eq.peto(TABLE),
                  eq.mantel_haenszel(pd.DataFrame(SOME, columns=COUNTS))):  # fmt: skip
        assert not any("constant" in note for note in found.notes)
    left_out = counts(*SOME, drop00=True)
    assert "cells of one of the three studies: B." in " ".join(left_out.notes)
    added = pd.DataFrame({"effect": [0.1, 0.2], "variance": [1, 1], "added": [2020, 2021]})
    assert "constant" not in notes(effects=added)


def test_shares_and_rates_tell_of_constants_too() -> None:
    shares = pd.DataFrame({"events": [0, 0], "n": [20, 40]})
    assert "happened to nobody" in pool(eq.effect_sizes(shares, "PLO")).notes[0]
    rates = pd.DataFrame({"events": [0, 3], "time": [20, 40]})
    said = " ".join(pool(eq.effect_sizes(rates, "IRLN")).notes)
    assert "cells of one of the two studies: 1." in said
    assert "ratio" not in said

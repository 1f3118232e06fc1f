"""Every number of the reference folder, and the code that compares."""

import copy
import dataclasses
import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from reference.compare import Comparison, compare, difference
from reference.known import KNOWN, LOCAL_MAXIMUM, cause
from reference.reading import SECTIONS, read_folder

FOLDER = Path(__file__).with_name("reference")
DATA = {data.name: data for data in read_folder(FOLDER)}
PLACES = [
    (data.name, section) for data in DATA.values() for section in SECTIONS if data.records[section]
]


@cache
def found(name: str, section: str) -> tuple[Comparison, ...]:
    return tuple(compare(DATA[name], section))


@pytest.mark.parametrize(("name", "section"), PLACES)
def test_metafor_agrees(name: str, section: str) -> None:
    apart = [one for one in found(name, section) if not one.agrees and cause(one) is None]
    assert not apart, f"{len(apart)} differences\n" + "\n".join(map(str, apart[:20]))


def test_every_known_difference_is_still_met() -> None:
    apart = [one for place in PLACES for one in found(*place) if not one.agrees]
    unmet = [known for known in KNOWN if not any(known.covers(one) for one in apart)]
    assert not unmet


def test_every_number_of_a_fit_is_compared() -> None:
    """A renamed key would otherwise silently no longer be compared."""
    compared = [one.quantity for one in found("bcg", "rma_uni") if one.record == "OR|REML|z|95"]
    assert len(compared) == len(set(compared)) == 34
    stratified = [one.quantity for one in found("bcg", "mh_peto") if one.record == "OR|default"]
    assert len(stratified) == len(set(stratified)) == 19
    each = [one for one in found("bcg", "sensitivity") if one.k > 1]
    assert [one.quantity for one in each if one.record == "OR|REML|z|95|cumul"] == [
        "estimate", "se", "p_value", "low", "high", "q", "tau2", "i2",
    ]  # fmt: skip
    assert [one.quantity for one in each if one.record == "OR|REML|z|95|influence"] == [
        "rstudent", "rstandard", "dffits", "cook_d", "cov_ratio", "tau2_deleted", "q_deleted",
        "hat", "weight", "dfbeta", "is_influential", "baujat_x", "baujat_y",
    ]  # fmt: skip
    rates = [one.quantity for one in found("hart1999", "mh_peto") if one.record == "IRR|default"]
    assert set(stratified) - set(rates) == {
        f"{test} {number}"
        for test in ("Cochran", "Breslow-Day", "Tarone")
        for number in ("statistic", "p_value")
    }


def test_all_kinds_methods_and_variants_are_in_the_reference() -> None:
    ids = {s: [r["id"].split("|") for d in DATA.values() for r in d.records[s]] for s in SECTIONS}
    assert len(DATA) == 76
    assert {data.kind for data in DATA.values()} == {
        "binary", "continuous", "proportion", "correlation", "incidence", "rate", "mean", "paired",
        "generic",
    }  # fmt: skip
    assert len({parts[0] for parts in ids["escalc"]}) == 45
    assert {parts[1] for parts in ids["rma_uni"]} == {
        "CE", "DL", "HE", "HS", "HSk", "SJ", "ML", "REML", "EB", "PM", "PMM", "GENQ",
    }  # fmt: skip
    assert {parts[2] for parts in ids["rma_uni"]} == {"z", "t", "knha", "adhoc"}
    assert {parts[0] for parts in ids["mh_peto"]} == {"OR", "RR", "RD", "IRR", "IRD", "PETO"}
    assert {parts[1] for parts in ids["sensitivity"]} == {
        "CE", "DL", "HE", "SJ", "ML", "REML", "PM",
    }  # fmt: skip
    assert {parts[4] for parts in ids["sensitivity"]} == {"leave1out", "cumul", "influence"}
    assert {parts[1] for parts in ids["mh_peto"]} == {
        "default", "nocorrect", "add_half_both", "level90",
    }  # fmt: skip


def test_a_difference_is_relative_to_what_is_large() -> None:
    ours, theirs = np.array([1.1, 1e-12, 5.0]), np.array([1.0, 0.0, 4.0])
    np.testing.assert_allclose(difference(ours, theirs, 0.1), [0.1, 1e-11, 0.25])


@pytest.mark.parametrize(("ours", "theirs"), [(math.nan, 1.0), (1.0, math.nan), (math.inf, 1.0)])
def test_a_number_of_one_side_alone_differs_infinitely(ours: float, theirs: float) -> None:
    assert difference(np.array([ours]), np.array([theirs]), 1.0)[0] == math.inf


@pytest.mark.parametrize("same", [math.nan, math.inf, 0.0])
def test_what_is_the_same_does_not_differ(same: float) -> None:
    assert difference(np.array([same]), np.array([same]))[0] == 0


def test_a_wrong_number_is_noticed() -> None:
    """One part in a billion of one variance is too much."""
    record = copy.deepcopy(DATA["bcg"].records["escalc"][0])
    record["expected"]["vi"][3] *= 1 + 1e-9
    wrong = dataclasses.replace(DATA["bcg"], records={"escalc": [record]})
    apart = [one for one in compare(wrong, "escalc") if not one.agrees]
    assert [(one.record, one.quantity) for one in apart] == [("OR|default", "variance")]


def test_a_higher_likelihood_is_a_known_difference() -> None:
    one = Comparison(dataset="any", section="rma_uni", record="OR|REML|z|95", quantity="tau2", k=9)
    assert cause(one) is None
    assert cause(dataclasses.replace(one, likelier=True)) == LOCAL_MAXIMUM


def test_a_likelihood_is_higher_only_at_a_better_tau2() -> None:
    """Where metafor's search ended at the lower of two maxima, and where it did not."""
    likelier = {
        one.dataset
        for name, section in PLACES
        for one in found(name, section)
        if one.likelier and section == "rma_uni"
    }
    assert likelier == {f"edge_gen_two_maxima_{letter}" for letter in "acde"}

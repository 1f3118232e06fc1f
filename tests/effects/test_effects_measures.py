"""The registry of measures: what each is called, its scales, and its null."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.measures import MEASURES, measure
from equipoise.errors import UsageError

_ALL = """
    RR OR RD AS PETO PHI YUQ YUY RTET PBIT OR2DN OR2DL PR PLN PLO PAS PFT MD ROM CVR VR MN MNLN
    SMD SMDH SMD1 SMD1H D2ORN D2ORL RPB RBIS IR IRLN IRS IRFT IRR IRD IRSD COR UCOR ZCOR MC SMCC
    SMCR ROMC GEN HR
"""
KEYS = _ALL.split()
NO_CONSTANT = {"AS", "PHI", "RTET", "PAS", "PFT", "IRS", "IRFT", "IRSD"}
SIZED = {"PFT", "IRFT"}


def test_the_registry_holds_the_measures_of_this_version() -> None:
    assert list(MEASURES) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_entries_are_consistent(key: str) -> None:
    entry = measure(key)
    assert entry.key == key
    assert entry.null == {"ratio": 1, "difference": 0, "correlation": 0}.get(entry.axis)
    assert (entry.axis != "ratio") or entry.scale == "log"
    assert entry.columns
    assert entry.undefined
    assert entry.vtypes[0] == "LS"
    if entry.null is not None:
        assert entry.analysis(entry.null) == 0


def test_metafors_defaults_for_zero_cells() -> None:
    counted = {key for key, entry in MEASURES.items() if entry.default_add is not None}
    assert {key for key in counted if measure(key).default_add == 0} == NO_CONSTANT
    assert {measure(key).default_add for key in counted - NO_CONSTANT} == {0.5}
    assert counted == {
        key for key, entry in MEASURES.items() if any("events" in c for c in entry.columns[0])
    } | {"RR", "OR"} | {key for key in KEYS if measure(key).family in ("binary", "incidence")}


@given(st.sampled_from(KEYS), st.floats(0.001, 0.999), st.floats(1, 1e4))
def test_scales_are_inverse(key: str, x: float, size: float) -> None:
    entry = measure(key)
    assert entry.natural(entry.analysis(x, size), size) == pytest.approx(x, rel=1e-8)
    arrays = np.array([x, x]), np.array([size, size])
    assert entry.analysis(*arrays) == pytest.approx([entry.analysis(x, size)] * 2)
    assert entry.natural(*arrays) == pytest.approx([entry.natural(x, size)] * 2)


@given(st.sampled_from(sorted(set(KEYS) - SIZED)), st.floats(-3, 3))
def test_only_two_scales_need_a_size(key: str, x: float) -> None:
    assert measure(key).natural(x) == measure(key).natural(x, 10)


@pytest.mark.parametrize(("key", "what"), [("PFT", "people"), ("IRFT", "time at risk")])
def test_a_scale_that_needs_a_size_asks_for_it(key: str, what: str) -> None:
    with pytest.raises(UsageError, match=f"the scale of {key} needs `size`, the {what} behind"):
        measure(key).natural(0.5)
    assert measure(key).natural(0.5, math.inf) == pytest.approx(
        math.sin(0.5) ** 2 if key == "PFT" else 0.25
    )


def test_back_transformations_of_metafor() -> None:
    """Computed with transf.ipft and transf.iirft of metafor 3.8-1."""
    proportions = measure("PFT").natural(
        np.array([0.05, 0.2, 0.5, 0.9, 1.2, 1.5]), np.array([10.0, 10, 50, 7, 1000, 3])
    )
    expected = [0, 0.00741376689140044, 0.2245206439416913, 0.6287558228905556]
    np.testing.assert_allclose(proportions, [*expected, 0.869065150980919, 1], rtol=1e-12)
    rates = measure("IRFT").natural(np.array([0.05, 0.3, 0.5, 2]), np.array([10, 10, 50, 0.7]))
    expected = [0, 0.046944444444444434, 0.2401, 3.3176020408163263]
    np.testing.assert_allclose(rates, expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("key", "x", "natural"),
    [("PAS", -0.1, 0), ("PAS", 2.0, 1), ("IRS", -2.0, 0), ("PFT", 0.0, 0), ("IRFT", -1.0, 0)],
)
def test_beyond_the_natural_scale_lies_its_end(key: str, x: float, natural: float) -> None:
    assert measure(key).natural(x, 10) == natural


@pytest.mark.parametrize("key", KEYS)
def test_nothing_stays_nothing(key: str) -> None:
    assert math.isnan(measure(key).natural(math.nan, 10))
    assert math.isnan(measure(key).analysis(math.nan, 10))


def test_the_logarithm_of_nothing_is_minus_infinity() -> None:
    assert measure("RR").analysis(0.0) == -math.inf
    assert math.isnan(measure("OR").analysis(-1.0))
    assert measure("RR").natural(-math.inf) == 0
    assert measure("RR").natural(1000.0) == math.inf


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("rr", "unknown measure 'rr' .did you mean 'RR'.*known measures: RR, OR, RD, AS"),
        ("SMDX", "did you mean 'SMD"),
        ("tetrachoric", "unknown measure 'tetrachoric'; known measures"),
    ],
)
def test_unknown_keys_are_refused_with_a_hint(key: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        measure(key)

"""The registry of measures."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.measures import MEASURES, measure
from equipoise.errors import UsageError


def test_the_registry_holds_the_measures_of_this_version() -> None:
    assert set(MEASURES) == {"RR", "OR", "RD", "PR", "SMD", "MD", "MC", "HR"}
    assert {key for key, entry in MEASURES.items() if entry.compute} == {
        "RR",
        "OR",
        "RD",
        "PR",
        "MD",
    }


@pytest.mark.parametrize("key", sorted(MEASURES))
def test_entries_are_consistent(key: str) -> None:
    entry = measure(key)
    assert entry.key == key
    assert (entry.scale == "log") == (entry.axis == "ratio")
    assert entry.null == {"ratio": 1.0, "difference": 0.0, "proportion": None}[entry.axis]
    assert (entry.compute is None) == (entry.columns == ())
    if entry.null is not None:
        assert entry.analysis(entry.null) == 0


@given(st.sampled_from(sorted(MEASURES)), st.floats(0.001, 1000))
def test_scales_are_inverse(key: str, x: float) -> None:
    entry = measure(key)
    assert entry.natural(entry.analysis(x)) == pytest.approx(x, rel=1e-12)
    assert entry.analysis(np.array([x])) == pytest.approx([entry.analysis(x)])
    assert entry.natural(np.array([0.5])) == pytest.approx([entry.natural(0.5)])


def test_the_logarithm_of_nothing_is_minus_infinity() -> None:
    assert measure("RR").analysis(0.0) == -math.inf
    assert math.isnan(measure("OR").analysis(-1.0))
    assert measure("RR").natural(-math.inf) == 0


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("rr", "unknown measure 'rr' .did you mean 'RR'.*known measures: RR, OR, RD, PR"),
        ("SMDH", "did you mean 'SMD'"),
        ("correlation", "unknown measure 'correlation'; known measures"),
    ],
)
def test_unknown_keys_are_refused_with_a_hint(key: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        measure(key)


@pytest.mark.parametrize("key", ["SMD", "MC", "HR"])
def test_measures_without_a_kernel_say_so(key: str) -> None:
    with pytest.raises(UsageError, match=f"{key} .*computed measures: RR, OR, RD, PR, MD"):
        measure(key).kernel()

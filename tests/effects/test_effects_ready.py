"""Effects as sources report them: GEN and HR."""

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.sizes import effect_sizes
from equipoise.errors import UsageError


def ready(measure: str, level: float = 0.95, **cells: Any) -> pd.DataFrame:
    return effect_sizes(pd.DataFrame(cells), measure, level=level)


@given(st.floats(-5, 5), st.floats(0.001, 5), st.floats(0.5, 0.999))
def test_three_ways_to_say_the_same(effect: float, se: float, level: float) -> None:
    by_se = ready("GEN", level, effect=[effect], se=[se]).iloc[0]
    by_variance = ready("GEN", level, effect=[effect], variance=[se**2]).iloc[0]
    limits = {"ci_low": [by_se["low"]], "ci_high": [by_se["high"]]}
    by_interval = ready("GEN", level, effect=[effect], **limits).iloc[0]
    for row in (by_variance, by_interval):
        assert row["effect"] == effect
        assert row["se"] == pytest.approx(se, rel=1e-9)
        assert math.isnan(row["added"])


def test_a_hazard_ratio_with_its_interval_is_natural_and_with_its_error_logarithmic() -> None:
    printed = ready("HR", effect=[0.5, None], ci_low=[0.25, 0.2], ci_high=[1.0, 0.4])
    assert printed["effect"][0] == pytest.approx(math.log(0.5))
    assert printed["se"][0] == pytest.approx(math.log(2) / 1.959963984540054)
    assert printed["low"][0] == pytest.approx(math.log(0.25))
    assert printed["reason"].tolist() == ["", "not given: effect"]
    again = effect_sizes(printed.iloc[:1], "HR")  # what was computed is not computed twice
    assert again["effect"].tolist() == printed["effect"][:1].tolist()


@pytest.mark.parametrize(
    ("measure", "cells", "words"),
    [
        ("GEN", {"effect": [1.0], "se": [-1.0]}, "row 1: se -1 is infinite or negative"),
        ("GEN", {"effect": [math.inf], "se": [1.0]}, "row 1: effect inf is infinite"),
        ("GEN", {"effect": [3.0], "ci_low": [1.0], "ci_high": [2.0]}, "3 is not within 1 to 2"),
        ("HR", {"effect": [0.1], "ci_low": [-1.0], "ci_high": [2.0]}, "ci_low -1 must be above 0"),
        ("GEN", {"effect": ["1,5"], "se": [1.0]}, "row 1: effect '1,5' is not a number"),
        ("GEN", {"effect": [1.0]}, "GEN needs the columns effect, variance or effect, se or"),
    ],
)
def test_what_cannot_be_is_refused(measure: str, cells: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        effect_sizes(pd.DataFrame(cells), measure)

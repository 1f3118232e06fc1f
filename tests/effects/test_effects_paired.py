"""Before and after: the change of a mean."""

from hypothesis import given
from hypothesis import strategies as st

from equipoise.effects.paired import mean_change

means = st.floats(-1e6, 1e6)


def test_a_mean_that_falls_is_a_negative_change() -> None:
    assert mean_change(52, 23) == -29


@given(means, means)
def test_the_way_back_is_the_opposite_change(before: float, after: float) -> None:
    assert mean_change(before, after) == -mean_change(after, before)

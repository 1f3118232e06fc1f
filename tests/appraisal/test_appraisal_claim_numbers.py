"""When a claimed number fits: rounding, ranges, and words such as more than."""

import math

import pytest
from facts_by_hand import row, second
from hypothesis import assume, given
from hypothesis import strategies as st

import equipoise as eq
from equipoise.appraisal.claim_finding import ABOUT, claimed_range
from equipoise.appraisal.claim_known import Known
from equipoise.appraisal.claim_numbers import _fits, _Held

SHARES = st.floats(0.5, 99.5)
PLACES = st.integers(0, 3)


def claim(relation: str = "") -> dict[str, str]:
    return {"relation": relation}


@given(SHARES, PLACES)
def test_a_number_fits_itself_rounded(exact: float, places: int) -> None:
    claimed = claimed_range(claim(), f"{exact:.{places}f}")
    assert _fits(claimed, (exact, exact))


@given(SHARES, PLACES, st.floats(0.01, 20))
def test_a_number_more_than_half_a_unit_away_does_not_fit(
    exact: float, places: int, beyond: float
) -> None:
    written = f"{exact:.{places}f}"
    half_unit = 0.5 * 10.0**-places
    claimed = claimed_range(claim(), written)
    for other in (float(written) + half_unit + beyond, float(written) - half_unit - beyond):
        assert not _fits(claimed, (other, other))


@given(SHARES, SHARES)
def test_more_than_and_less_than_are_meant_strictly(stated: float, exact: float) -> None:
    written = f"{stated:.1f}"
    assume(abs(float(written) - exact) > 1e-6)
    more = claimed_range(claim("more_than"), written)
    less = claimed_range(claim("less_than"), written)
    assert _fits(more, (exact, exact)) == (exact > float(written))
    assert _fits(less, (exact, exact)) == (exact < float(written))
    for bound in (more, less):
        assert not _fits(bound, (float(written), float(written)))


@pytest.mark.parametrize(
    ("relation", "value", "reported", "fits"),
    [
        ("", "74", (73.5, 74.5), True),
        ("", "75", (73.5, 74.5), False),  # they touch at 74.5 and share nothing
        ("", "74.0", (73.5, 74.5), True),
        ("", "50", (44.2, 48.1), False),
        ("", "48", (44.2, 48.1), True),
        ("about", "50", (44.2, 48.1), True),
        ("about", "51", (44.2, 48.1), False),
        ("more_than", "75", (75.0, 100.0), True),
        ("", "75", (75.0, 100.0), True),  # more than 75% may be 75.2%
        ("", "74", (75.0, 100.0), False),
        ("less_than", "5", (0.0, 5.0), True),
        ("more_than", "48", (44.2, 48.1), True),
        ("more_than", "49", (44.2, 48.1), False),
        ("", "12", (12.5, 12.5), True),  # 12.5 is rounded both ways
        ("", "13", (12.5, 12.5), True),
    ],
)
def test_against_what_was_reported(
    relation: str, value: str, reported: tuple[float, float], fits: bool
) -> None:
    assert _fits(claimed_range(claim(relation), value), reported) is fits


def test_how_far_a_number_reaches() -> None:
    assert claimed_range(claim(), "70.5") == pytest.approx((70.45, 70.55))
    assert claimed_range(claim(), "70.5", least=0.5) == (70.0, 71.0)
    assert claimed_range(claim("about"), "50") == (50 - ABOUT, 50 + ABOUT)
    assert claimed_range(claim("more_than"), "75") == (75.0, math.inf)


def test_of_rows_that_fit_equally_the_strongest_design_speaks(evidence: eq.Evidence) -> None:
    cohort = second(design="nrsi_controlled")
    by_rule, trial = row(allocation="alternate"), row(allocation="random")
    for rows in ([cohort, by_rule, trial], [trial, cohort, by_rule]):
        held = _Held(
            known=Known(evidence=evidence), claim=claim(), claimed=(45.0, 55.0), rows=rows,
            reported=lambda _: (50.0, 50.0), interval=lambda _: (45.0, 55.0),
        )  # fmt: skip
        assert held.nearest() is trial

"""What one must know about a pooled estimate, as sentences triggered by its numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from equipoise.display.numbers import listing, p_value, percent, plain
from equipoise.effects.measures import measure as measure_of
from equipoise.synthesis.natural_range import beyond_range
from equipoise.synthesis.zero_cells import notes_on_zero_cells

if TYPE_CHECKING:
    from equipoise.synthesis.pooled import Pooled

_Value = TypeVar("_Value")

FEW = 5  # Bender et al. 2018, Res Synth Methods 9:382-392: with 2 to 4 studies tau2 is guesswork
UNEQUAL = 1e7
MUCH = 0.5  # I2 from which heterogeneity may be substantial: Cochrane Handbook 6, 10.10.2
DOUBTFUL = 0.1  # the customary level of the Q test, which finds little: ibidem

COMMON_EFFECT = ("CE", "MH", "PETO")
"""Estimators that take all studies to share one effect, so that there is no tau2."""


def notes(pooled: Pooled) -> tuple[str, ...]:
    """Return the sentences that apply, in the order in which they matter.

    Parameters
    ----------
    pooled
        A result.

    Returns
    -------
    tuple of str
        Plain sentences; empty if there is nothing to say.
    """
    labels, zero_cells = _used(pooled, pooled.labels), _used(pooled, pooled.zero_cells)
    return tuple(
        filter(
            None,
            (
                _unconverged(pooled),
                *notes_on_zero_cells(pooled.measure, labels, zero_cells),
                _left_out(pooled),
                _repeated(labels),
                _not_common(pooled),
                _few(pooled),
                _new_setting(pooled),
                beyond_range(pooled),
                _narrow(pooled),
                _second_maximum(pooled),
                _unequal(pooled),
                _more_alike_than_chance(pooled),
            ),
        )
    )


def _used(pooled: Pooled, values: Sequence[_Value]) -> list[_Value]:
    """Return the values of the studies that are pooled; none where there are none at all."""
    if not values:
        return []
    return [x for x, reason in zip(values, pooled.reasons, strict=True) if not reason]


def _unconverged(pooled: Pooled) -> str:
    if pooled.converged:
        return ""
    return "The search did not come to an end: what it would have found is not given."


def _left_out(pooled: Pooled) -> str:
    rows = [
        f"{label} ({reason})"
        for label, reason in zip(pooled.labels, pooled.reasons, strict=True)
        if reason
    ]
    if not rows:
        return ""
    shown = [*rows[:5], f"{len(rows) - 5} more"] if len(rows) > 6 else rows
    return f"Not in the pooled estimate: {listing(shown)}."


def _repeated(labels: Sequence[str]) -> str:
    twice = [label for label, count in Counter(labels).items() if count > 1]
    if not twice:
        return ""
    verb = "appears" if len(twice) == 1 else "appear"
    shown = [*twice[:5], "others"] if len(twice) > 5 else twice
    return (
        f"{listing(shown)} {verb} more than once: rows of the same people must not be pooled as if "
        "they were independent."
    )


def _not_common(pooled: Pooled) -> str:
    differ = pooled.i2 >= MUCH and pooled.q_p_value < DOUBTFUL
    if pooled.estimator not in COMMON_EFFECT or not differ:
        return ""
    return (
        "A common effect means that every study estimates the same effect, which these studies do "
        f"not fit (I2 {percent(pooled.i2)}, Q test {p_value(pooled.q_p_value)}); how much they "
        "differ is not in this interval."
    )


def _few(pooled: Pooled) -> str:
    if pooled.k == 1:
        return "This is one study: nothing was pooled, and how far studies differ is unknown."
    if pooled.k < FEW and not math.isnan(pooled.tau2_low) and not pooled.tau2_given:
        return (
            f"With {pooled.k} studies, how much effects differ between studies can hardly be "
            "estimated; the interval rests on that estimate."
        )
    return ""


def _new_setting(pooled: Pooled) -> str:
    if measure_of(pooled.measure).null is None:
        return ""  # nothing was compared
    apart = pooled.low > 0 or pooled.high < 0
    if apart and pooled.prediction_low <= 0 <= pooled.prediction_high:
        return (
            "The interval of the average lies wholly on one side of no difference, the prediction "
            "interval does not: in a new setting the effect could be none, or the opposite."
        )
    return ""


def _narrow(pooled: Pooled) -> str:
    """Hartung and Knapp's factor can be below 1, and is so most often where studies are few."""
    if pooled.ci_method != "hksj" or pooled.k < 2 or math.isnan(pooled.tau2):
        return ""
    shares, variances = _used(pooled, pooled.weights), _used(pooled, pooled.variances)
    pairs = zip(shares, variances, strict=True)
    plain_se = sum(share * share * (v + pooled.tau2) for share, v in pairs) ** 0.5
    if pooled.se >= plain_se * (1 - 1e-9):
        return ""
    alike = ", as the studies agree more than their sizes let expect"
    return (
        "The Hartung-Knapp standard error is smaller than the plain one here"
        f"{alike if pooled.q < pooled.q_df else ''}; the variant hksj-adhoc never goes below the "
        "plain one."
    )


def _second_maximum(pooled: Pooled) -> str:
    if math.isnan(pooled.second_tau2):
        return ""
    return (
        f"The likelihood has a second maximum at tau2 = {plain(pooled.second_tau2, 4)}, only "
        f"{plain(pooled.second_loss, 2)} log-units lower: the data hardly tell the two apart."
    )


def _unequal(pooled: Pooled) -> str:
    used = _used(pooled, pooled.variances)
    if max(used) > UNEQUAL * min(used):
        return (
            "The largest variance is more than ten million times the smallest: check that none of "
            "them is a standard error, or a typing error."
        )
    return ""


def _more_alike_than_chance(pooled: Pooled) -> str:
    if pooled.tau2_high == 0 and not pooled.tau2_given:
        return (
            "The studies agree more than chance alone would let them: the Q-profile interval of "
            "tau2 is empty, and is given as 0 to 0."
        )
    return ""

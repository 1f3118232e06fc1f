"""What one must know about a pooled estimate, as sentences triggered by its numbers."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from equipoise.display.numbers import listing, plain

if TYPE_CHECKING:
    from equipoise.synthesis.pooled import Pooled

FEW = 5  # Bender et al. 2018, Res Synth Methods 9:382-392: with 2 to 4 studies tau2 is guesswork
UNEQUAL = 1e7


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
    return tuple(
        filter(
            None,
            (
                _unconverged(pooled),
                _left_out(pooled),
                _repeated(pooled),
                _few(pooled),
                _new_setting(pooled),
                _narrow(pooled),
                _second_maximum(pooled),
                _unequal(pooled),
                _more_alike_than_chance(pooled),
            ),
        )
    )


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


def _repeated(pooled: Pooled) -> str:
    counts = Counter(
        label for label, reason in zip(pooled.labels, pooled.reasons, strict=True) if not reason
    )
    twice = [label for label, count in counts.items() if count > 1]
    if not twice:
        return ""
    verb = "appears" if len(twice) == 1 else "appear"
    return (
        f"{listing(twice[:5])}{' and others' if len(twice) > 5 else ''} {verb} more than once: "
        "rows of the same people must not be pooled as if they were independent."
    )


def _few(pooled: Pooled) -> str:
    if pooled.k == 1:
        return "This is one study: nothing was pooled, and how far studies differ is unknown."
    if pooled.k < FEW and not math.isnan(pooled.tau2_low):
        return (
            f"With {pooled.k} studies, how much effects differ between studies can hardly be "
            "estimated; the interval rests on that estimate."
        )
    return ""


def _new_setting(pooled: Pooled) -> str:
    apart = pooled.low > 0 or pooled.high < 0
    if apart and pooled.prediction_low <= 0 <= pooled.prediction_high:
        return (
            "The interval of the average excludes no difference; the prediction interval does not: "
            "in a new setting the effect could be none, or the opposite."
        )
    return ""


def _narrow(pooled: Pooled) -> str:
    if pooled.ci_method != "hksj" or pooled.k < 2:
        return ""
    plain_se = (
        sum(
            1 / (v + pooled.tau2)
            for v, reason in zip(pooled.variances, pooled.reasons, strict=True)
            if not reason
        )
        ** -0.5
    )
    if pooled.se < plain_se * (1 - 1e-9) and not math.isnan(pooled.tau2):
        return (
            "The Hartung-Knapp standard error is smaller than the one without it: the studies "
            'agree more than their sizes let expect. ci_method="hksj-adhoc" is the safe choice.'
        )
    return ""


def _second_maximum(pooled: Pooled) -> str:
    if math.isnan(pooled.second_tau2):
        return ""
    return (
        f"The likelihood has a second maximum at tau2 = {plain(pooled.second_tau2, 4)}, only "
        f"{plain(pooled.second_loss, 2)} log-units lower: the data hardly tell the two apart."
    )


def _unequal(pooled: Pooled) -> str:
    used = [v for v, reason in zip(pooled.variances, pooled.reasons, strict=True) if not reason]
    if max(used) > UNEQUAL * min(used):
        return (
            "The largest variance is more than ten million times the smallest: check that none of "
            "them is a standard error, or a typing error."
        )
    return ""


def _more_alike_than_chance(pooled: Pooled) -> str:
    if pooled.tau2_high == 0:
        return (
            "The studies agree more than chance alone would let them: the Q-profile interval of "
            "tau2 is empty, and is given as 0 to 0."
        )
    return ""

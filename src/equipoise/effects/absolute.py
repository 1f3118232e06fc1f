"""What a risk ratio or odds ratio means in absolute terms, given a starting risk."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from equipoise.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsoluteEffect:
    """Risks with treatment, and differences from the risk without it, all as proportions.

    Attributes
    ----------
    baseline_risk
        Risk without treatment, taken as known: its own uncertainty is not in the limits.
    risk, risk_low, risk_high
        Risk with treatment; a risk ratio that would lift it above 1 leaves it at 1.
    difference, difference_low, difference_high
        Risk with treatment minus risk without.
    """

    baseline_risk: float
    risk: float
    risk_low: float
    risk_high: float
    difference: float
    difference_low: float
    difference_high: float

    def to_frame(self) -> "pd.DataFrame":
        """Return a table of one row."""
        import pandas as pd

        return pd.DataFrame([asdict(self)])


def absolute_effect(
    estimate: float, low: float, high: float, *, measure: str, baseline_risk: float
) -> AbsoluteEffect:
    """Return what a ratio means for people who start at `baseline_risk`.

    With starting risk r the risk with treatment is r·RR, or r·OR / (1 - r + r·OR).

    Parameters
    ----------
    estimate, low, high
        The ratio and its limits, on the natural scale.
    measure
        "RR" or "OR".
    baseline_risk
        Risk without treatment, strictly between 0 and 1.

    Returns
    -------
    AbsoluteEffect
        Proportions.

    Raises
    ------
    UsageError
        If the measure is neither, if the starting risk is not between 0 and 1, or unless
        0 <= low <= estimate <= high.

    References
    ----------
    Cochrane Handbook for Systematic Reviews of Interventions 5.1, sections 12.5.4.2-12.5.4.5.
    """
    if measure not in ("RR", "OR"):
        raise UsageError(f"absolute effects need measure 'RR' or 'OR', got {measure!r}")
    if not 0 < baseline_risk < 1:
        raise UsageError(f"baseline_risk must lie between 0 and 1, got {baseline_risk}")
    if not 0 <= low <= estimate <= high:
        raise UsageError(
            f"a ratio and its limits must satisfy 0 <= low <= estimate <= high, "
            f"got {estimate} ({low} to {high})"
        )
    risk, risk_low, risk_high = (
        _risk_with_treatment(ratio, measure, baseline_risk) for ratio in (estimate, low, high)
    )
    return AbsoluteEffect(
        baseline_risk=baseline_risk,
        risk=risk,
        risk_low=risk_low,
        risk_high=risk_high,
        difference=risk - baseline_risk,
        difference_low=risk_low - baseline_risk,
        difference_high=risk_high - baseline_risk,
    )


def _risk_with_treatment(ratio: float, measure: str, baseline_risk: float) -> float:
    if measure == "RR":
        return min(baseline_risk * ratio, 1.0)
    odds = ratio * baseline_risk / (1 - baseline_risk)
    # the same as odds / (1 + odds), which an infinite ratio would turn into NaN
    return 1 / (1 + 1 / odds) if odds else 0.0

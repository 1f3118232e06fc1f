"""The numbers at which caveats begin: customary where nothing better is known, a review's to set.

A review sets its own in the table `[thresholds]` of review.toml; a caveat then says so.
"""

from dataclasses import dataclass, field, fields


def _threshold(default: float, meaning: str, *, low: float = 0.0, high: float = 1e9) -> float:
    """Declare a threshold: a number strictly between `low` and `high`."""
    kept: float = field(default=default, metadata={"meaning": meaning, "low": low, "high": high})
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What counts as few, small, wide or much; `describe` tells what each is for."""

    few_events: float = _threshold(
        300, "people with the outcome below which chance could easily change a comparison"
    )
    few_people: float = _threshold(
        400, "people below which chance could easily change a comparison of means"
    )
    few_studies: float = _threshold(
        10, "studies below which it cannot be checked whether unfavourable ones went unpublished"
    )
    few_combined: float = _threshold(
        4, "combined studies up to which their spread can hardly be estimated"
    )
    small_arm: float = _threshold(100, "people in the largest arm below which evidence is small")
    fragile: float = _threshold(
        3, "people with another outcome up to which a result hangs on very few"
    )
    early_weeks: float = _threshold(
        26, "weeks up to which complaints are known to change by themselves"
    )
    much_heterogeneity: float = _threshold(
        0.5, "I² from which on studies disagree more than chance explains", high=1.0
    )
    ratio_benefit: float = _threshold(
        0.75, "ratio below which a benefit is worthwhile, where nobody said", high=1.0
    )
    ratio_harm: float = _threshold(
        1.25, "ratio above which a harm is worthwhile, where nobody said", low=1.0
    )
    smd_important: float = _threshold(
        0.5, "standardised mean difference that matters, where nobody said"
    )
    alpha: float = _threshold(
        0.05, "two-sided error rate, of information sizes and of tests", high=0.5
    )
    power: float = _threshold(
        0.8, "chance to find the planned effect, of information sizes", low=0.05, high=1.0
    )
    low_power: float = _threshold(
        0.5, "power below which what stands out from chance is exaggerated", low=0.05, high=1.0
    )
    bias_share: float = _threshold(
        0.25, "weight of studies at risk of bias that lowers certainty", high=1.0
    )

    def changed(self) -> dict[str, tuple[float, float]]:
        """Return what differs from the customary numbers: name to (this, customary)."""
        return {
            item.name: (getattr(self, item.name), getattr(CUSTOMARY, item.name))
            for item in fields(self)
            if getattr(self, item.name) != getattr(CUSTOMARY, item.name)
        }

    def wrong(self) -> dict[str, str]:
        """Return what cannot be: name to the range that it must lie in."""
        return {
            item.name: f"above {item.metadata['low']:g} and below {item.metadata['high']:g}"
            for item in fields(self)
            if not item.metadata["low"] < getattr(self, item.name) < item.metadata["high"]
        }

    @classmethod
    def describe(cls) -> dict[str, str]:
        """Return what each threshold is for."""
        return {item.name: item.metadata["meaning"] for item in fields(cls)}


CUSTOMARY = Thresholds()
"""What a review uses unless it says otherwise."""

"""Numbers as text. Nothing else in the package rounds."""

import math

MISSING = "–"
INTERVAL_NAMES = {
    "confidence": "{level:.0%} CI",
    "rounding": "range by rounding",
    "reported": "{level:.0%} CI as reported",
    "none": "",
}


def plain(value: float, digits: int = 2) -> str:
    """Return a number with a fixed count of decimals and a true minus; `–` if there is none."""
    if math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    text = f"{value:.{digits}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def short(value: float) -> str:
    """Return a number as briefly as it can be written: 12, 12.5, 0.3."""
    return MISSING if math.isnan(value) else f"{value:.10g}".replace("-", "−")


def count(value: float) -> str:
    """Return a count of people: 24, 11,166."""
    return MISSING if math.isnan(value) else f"{value:,.0f}"


def percent(share: float, digits: int = 0) -> str:
    """Return a share between 0 and 1 as a percentage: 74%."""
    return MISSING if math.isnan(share) else f"{plain(100 * share, digits)}%"


def digits_for(*values: float) -> int:
    """Return how many decimals show these numbers to two figures that matter, at most 3."""
    finite = [abs(v) for v in values if math.isfinite(v) and v]
    if not finite or max(finite) >= 100:
        return 0
    return 1 if max(finite) >= 10 else 2


def interval(low: float, high: float, digits: int | None = None, *, share: bool = False) -> str:
    """Return `low to high`, both with the same decimals."""
    if math.isnan(low) and math.isnan(high):
        return MISSING
    if share:
        return f"{percent(low, digits or 0)} to {percent(high, digits or 0)}"
    places = digits_for(low, high) if digits is None else digits
    return f"{plain(low, places)} to {plain(high, places)}"


def estimate(value: float, low: float, high: float, measure: str) -> str:
    """Return `value (low to high)` as readers of this measure expect it."""
    share = measure == "PR"
    digits = 0 if share else digits_for(value, low, high)
    text = percent(value) if share else plain(value, digits)
    if math.isnan(low) and math.isnan(high):
        return text
    if share and percent(low) == percent(high):
        digits = 1  # the range that rounding to a whole percentage allows
    return f"{text} ({interval(low, high, digits, share=share)})"


def interval_name(kind: str, level: float) -> str:
    """Return what to call an interval of this kind: `95% CI`, `range by rounding`, ..."""
    return INTERVAL_NAMES[kind].format(level=level)


def p_value(value: float) -> str:
    """Return a p value to two figures: `p = 0.027`, `p < 0.001`."""
    if math.isnan(value):
        return ""
    if value < 0.001:
        return "p < 0.001"
    return f"p = {value:.2f}" if value >= 0.1 else f"p = {value:.2g}"


def people(value: float) -> str:
    """Return `1 person`, `24 people`, or that the number is not known."""
    if math.isnan(value):
        return "an unreported number of people"
    return "1 person" if value == 1 else f"{count(value)} people"


def listing(parts: list[str]) -> str:
    """Join words the way a sentence does: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def signed(value: float) -> str:
    """Return a change with its sign, as briefly as it can be written: +17.2, −12."""
    return short(value) if value < 0 or math.isnan(value) else f"+{short(value)}"


def lower_first(text: str) -> str:
    """Return text that goes on inside a sentence: its first letter small, unless in capitals."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Return text that begins a sentence."""
    return text[:1].upper() + text[1:]


def with_article(words: str) -> str:
    """Return `an uncontrolled study`, `a randomised trial`."""
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"

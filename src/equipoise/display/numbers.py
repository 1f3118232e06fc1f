"""Numbers as text. Nothing else in the package rounds."""

import math

MISSING = "–"
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_RATIOS = ("RR", "OR", "PETO", "HR", "IRR", "ROM", "ROMC", "VR", "CVR", "D2ORN", "D2ORL")
_MOST_PLACES = 10
_LARGEST_RATIO = 1e6
_LARGEST_IN_FULL = 1e16
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_OUT_OF = (100, 1000, 10_000, 100_000)
INTERVAL_NAMES = {
    "confidence": "{level:g}% CI",
    "rounding": "range by rounding",
    "reported": "{level:g}% CI as reported",
    "none": "",
}


def plain(value: float, digits: int = 2) -> str:
    """Return a number with a fixed count of decimals and a true minus; `–` if there is none.

    What has more digits than a number in a computer is told as a power of ten: 1.50 × 10²⁰.
    """
    if math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if abs(value) >= _LARGEST_IN_FULL:
        figures, _, power = f"{value:.2e}".partition("e+")
        return f"{figures} × 10{power.translate(_RAISED)}".replace("-", "−")
    text = f"{value:.{digits}f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def short(value: float) -> str:
    """Return a number as briefly as it can be written: 12, 12.5, 0.3."""
    if not math.isfinite(value) or value == 0:
        return plain(value, 0)
    text = f"{value:.10g}"
    # exponents are for programs; what ten decimals cannot show is shown as 0
    return plain(value, 10).rstrip("0").rstrip(".") if "e" in text else text.replace("-", "−")


def figures(value: float, most: int) -> str:
    """Return a number to so many figures, or all before its point: −0.9710, 0.001234, 12345."""
    if not math.isfinite(value) or value == 0:
        return plain(value, 0)
    return plain(value, min(_MOST_PLACES, max(0, most - 1 - math.floor(math.log10(abs(value))))))


def count(value: float) -> str:
    """Return a count of people: 24, 11,166."""
    if not math.isfinite(value) or not float(f"{value:.0f}"):
        return plain(value, 0)
    return f"{value:,.0f}".replace("-", "−")


def percent(share: float, digits: int = 0) -> str:
    """Return a share between 0 and 1 as a percentage: 74%.

    A share below 1% keeps two figures: 0.57%, 0.4%. One that is neither nothing nor everything gets
    the decimals, at most 3, that keep it from looking so: 99.6%.
    """
    if math.isnan(share):
        return MISSING
    value = float(
        f"{100 * share:.12g}"
    )  # a sum of shares is all, or nothing, but for its last digit
    if digits == 0 and 0.001 <= value < 1:
        return f"{plain(value, 3 if value < 0.0995 else 2).rstrip('0').rstrip('.')}%"
    return f"{plain(value, _visible(digits, (0.0, 100.0), value))}%"


def percents(low: float, high: float) -> str:
    """Return `82% to 98%`; `–` unless both ends are known."""
    unknown = math.isnan(low) or math.isnan(high)
    return MISSING if unknown else f"{percent(low)} to {percent(high)}"


def ratio_digits(digits: int, *values: float) -> int:
    """Return decimals, 3 at the most, that round no ratio to 0 nor to the 1 of no difference."""
    return _visible(digits, (0.0, 1.0), *(value for value in values if math.isfinite(value)))


def _visible(digits: int, ends: tuple[float, ...], *values: float) -> int:
    """Decimals, 3 at the most, that keep values from being rounded to an end they do not reach."""
    for places in range(digits, 3):
        if not any(value not in ends and float(f"{value:.{places}f}") in ends for value in values):
            return places
    return max(digits, 3)


def digits_for(*values: float) -> int:
    """Return how many decimals show the largest of these numbers to two figures or more."""
    largest = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
    if largest >= 100 or largest == 0:
        return 0
    if largest >= 0.1:
        return 1 if largest >= 10 else 2
    return min(_MOST_PLACES, 1 - math.floor(math.log10(largest)))


def effect_digits(measure: str, *values: float) -> int:
    """Return the decimals of an effect and its intervals, by its measure's key.

    Of a ratio two, or three where two would round it to 0 or to the 1 of no difference; of anything
    else those that show the largest to two figures.
    """
    return ratio_digits(2, *values) if measure in _RATIOS else digits_for(*values)


def effect(value: float, digits: int, measure: str) -> str:
    """Return an effect on the natural scale; a ratio beyond a million only as that."""
    huge = measure in _RATIOS and _LARGEST_RATIO < value < math.inf
    return f"> {count(_LARGEST_RATIO)}" if huge else plain(value, digits)


def effect_interval(low: float, high: float, digits: int, measure: str) -> str:
    """Return `low to high` of an effect; `–` unless both ends are known."""
    if math.isnan(low) or math.isnan(high):
        return MISSING
    return f"{effect(low, digits, measure)} to {effect(high, digits, measure)}"


def interval(low: float, high: float, digits: int | None = None, *, share: bool = False) -> str:
    """Return `low to high`, both with the same decimals; `–` unless both ends are known."""
    if math.isnan(low) or math.isnan(high):
        return MISSING
    if share:
        return f"{plain(100 * low, digits or 0)}% to {plain(100 * high, digits or 0)}%"
    places = digits_for(low, high) if digits is None else digits
    return f"{plain(low, places)} to {plain(high, places)}"


def estimate(value: float, low: float, high: float, measure: str) -> str:
    """Return `value (low to high)` as readers of this measure expect it.

    Without both ends there is no interval to show. A ratio is not rounded to 0, nor to the 1 of no
    difference, if up to 3 decimals can help it.
    """
    if measure != "PR":
        digits = effect_digits(measure, value, low, high)
        text, ends = effect(value, digits, measure), effect_interval(low, high, digits, measure)
    else:
        # as the range that rounding to a whole percentage allows: 73.5% to 74.5%
        digits = 1 if high - low < 0.02 else 0
        text, ends = percent(value), interval(low, high, digits, share=True)
    return text if ends == MISSING else f"{text} ({ends})"


def out_of(*shares: float, least: int = 100) -> int:
    """Return of how many people shares are told: enough that the smallest counts ten or so."""
    smallest = min((share for share in shares if share > 0), default=1.0)
    sizes = [size for size in _OUT_OF if size >= least]
    return next((size for size in sizes if smallest * size >= 9.5), sizes[-1])


def interval_name(kind: str, level: float) -> str:
    """Return what to call an interval of this kind: `95% CI`, `range by rounding`, ..."""
    return INTERVAL_NAMES[kind].format(level=100 * level)


def p_value(value: float) -> str:
    """Return a p value to two figures: `p = 0.027`, `p < 0.001`."""
    if math.isnan(value):
        return ""
    if value < 0.001:
        return "p < 0.001"
    # the smallest values that two, then three decimals still show to two figures
    places = 2 if value >= 0.0995 else 3 if value >= 0.00995 else 4
    return f"p = {value:.{places}f}"


def word(value: int) -> str:
    """Return a count as prose writes it: two, nine; figures from ten on."""
    return _WORDS[value] if 0 <= value < len(_WORDS) else count(value)


def people(value: float) -> str:
    """Return `1 person`, `24 people`, or that the number is not known."""
    if math.isnan(value):
        return "an unreported number of people"
    return "1 person" if value == 1 else f"{count(value)} people"


def listing(parts: list[str]) -> str:
    """Join words as a sentence does: a, b and c; by semicolons if one of them holds a comma."""
    if any("," in part for part in parts):
        return "; ".join(parts)
    return "".join(parts) if len(parts) < 2 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def signed(value: float) -> str:
    """Return a change with its sign, as briefly as it can be written: +17.2, −12."""
    return f"+{short(value)}" if value > 0 else short(value)


def lower_first(text: str) -> str:
    """Return text that goes on inside a sentence: its first letter small, unless it is a name.

    A name is what begins with two capitals (NRS, MRI scan) or with two capitalised words (Roland
    Morris questionnaire); an abbreviation makes no name of the word before it (No BCG vaccine).
    """
    second = text.split(" ", 2)[1:2]
    named = bool(second) and second[0][:1].isupper() and not second[0][:2].isupper()
    capitals = len(text) > 1 and text[:2].isalpha() and text[:2].isupper()
    return text if capitals or named else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """Return text that begins a sentence."""
    return text[:1].upper() + text[1:]


def with_article(words: str) -> str:
    """Return `an uncontrolled result`, `a randomised trial`."""
    return f"an {words}" if words[:1].lower() in tuple("aeiou") else f"a {words}"

"""How strong confounding that nobody measured would have to be to explain an association away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from equipoise.appraisal.arguments import check_numbers
from equipoise.display.numbers import plain
from equipoise.effects.domains import FINITE, POSITIVE, PROBABILITY
from equipoise.effects.measures import measure as measure_of
from equipoise.errors import UsageError

EValueMeasure: TypeAlias = Literal["RR", "IRR", "OR", "HR", "RD", "SMD", "MD"]

_RATIOS = ("RR", "IRR", "OR", "HR")
_ONE_GROUP = ("proportion", "one_mean", "one_rate", "paired")
_NEEDS = {
    "OR": (
        "rare",
        "say whether the outcome is rare: rare=True up to about 15% at the end of follow-up, else "
        "rare=False",
    ),
    "RD": ("control_risk", "give control_risk, the risk without the treatment"),
    "MD": ("sd", "give sd, the standard deviation of the outcome within groups"),
}
_NEEDS["HR"] = _NEEDS["OR"]
_WIDEST = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EValue:
    """The E-values of an estimate and of its interval.

    Attributes
    ----------
    point
        The least strength, as a risk ratio, that a confounder would need in its association both
        with the treatment and with the outcome, beyond what was adjusted for, to move the estimate
        to `true`.
    limit
        The same for the limit nearer to `true`; 1 if the interval includes `true`.
    risk_ratio, risk_ratio_low, risk_ratio_high
        The estimate and its limits as (approximate) risk ratios.
    true
        The risk ratio that they are compared with; 1 for no association.
    """

    point: float
    limit: float
    risk_ratio: float
    risk_ratio_low: float
    risk_ratio_high: float
    true: float

    def text(self) -> str:
        """Return the E-values in a sentence, with what they leave open."""
        aim = "no association" if self.true == 1 else f"a risk ratio of {plain(self.true)}"
        return (
            f"To move the estimate to {aim}, a confounder that nobody measured would have to be "
            f"associated with both treatment and outcome by a risk ratio of {plain(self.point)} "
            f"each, beyond what was adjusted for; to move the interval, {plain(self.limit)}. "
            "Whether there is such a confounder is not in these numbers; nor is any other bias."
        )


def e_value(
    estimate: float,
    low: float,
    high: float,
    *,
    measure: EValueMeasure,
    rare: bool | None = None,
    sd: float | None = None,
    control_risk: float | None = None,
    true: float | None = None,
) -> EValue:
    """Return the E-values of an estimate and of the limit of its interval nearer to the null.

    They mean something only for a comparison of groups that were not formed by chance: an
    observational study with controls. With RR the risk ratio over `true` (or its inverse, if that
    is above 1), E = RR + √(RR (RR - 1)). Other scales are turned into risk ratios first:

    - IRR as it is; OR and HR as they are if the outcome is rare;
    - OR of a common outcome: √OR;
    - HR of a common outcome: (1 - 0.5^√HR) / (1 - 0.5^√(1/HR));
    - RD: (control_risk + RD) / control_risk, the control risk taken as known, cut at a risk of 1;
    - SMD: exp(0.91 SMD); MD: as MD/sd.

    Parameters
    ----------
    estimate, low, high
        Estimate and interval on the natural scale of the measure: ratios as ratios.
    measure
        "RR", "IRR", "OR", "HR", "RD", "SMD" or "MD".
    rare
        Whether at most about 15% have the outcome by the end of follow-up. OR and HR need it.
    sd
        Standard deviation of the outcome within groups. MD needs it.
    control_risk
        Risk without the treatment. RD needs it.
    true
        A value to move the estimate to, on the scale of the measure; no association if None.

    Returns
    -------
    EValue
        The E-values, and the risk ratios they belong to.

    Raises
    ------
    UsageError
        If the measure describes one group (without a comparison there is no association to explain
        away) or has no known way to a risk ratio; if the numbers are not in order or out of range;
        if the measure needs an argument that is not given, or one is given that it has no use for.

    References
    ----------
    VanderWeele & Ding 2017, Ann Intern Med 167:268-274, doi:10.7326/M16-2607. A large E-value is no
    certificate: it does not say how strong confounding is.
    """
    _check_measure(measure)
    options = {"rare": rare, "sd": sd, "control_risk": control_risk}
    _check_options(measure, options)
    _check_scale(measure, {"estimate": estimate, "low": low, "high": high}, true, sd)
    if not low <= estimate <= high:
        raise UsageError(
            f"the interval must hold the estimate, got {estimate:g} ({low:g} to {high:g})"
        )
    if control_risk is not None:
        _check_risks(estimate, control_risk, true)

    def risk_ratio(value: float) -> float:
        return _risk_ratio(value, measure, rare=rare, sd=sd, control_risk=control_risk)

    ratio, ratio_low, ratio_high = (risk_ratio(value) for value in (estimate, low, high))
    null = 1.0 if true is None else risk_ratio(true)
    nearer = min(max(null, ratio_low), ratio_high)
    return EValue(
        point=_strength(ratio, null),
        limit=_strength(nearer, null),
        risk_ratio=ratio,
        risk_ratio_low=ratio_low,
        risk_ratio_high=ratio_high,
        true=null,
    )


def _strength(risk_ratio: float, true: float) -> float:
    ratio = risk_ratio / true if risk_ratio >= true else true / risk_ratio
    return ratio + math.sqrt(ratio * (ratio - 1))


def _risk_ratio(
    value: float, measure: str, *, rare: bool | None, sd: float | None, control_risk: float | None
) -> float:
    if control_risk is not None:
        return min(max(control_risk + value, 0.0), 1.0) / control_risk
    if measure in ("SMD", "MD"):
        return math.exp(0.91 * value / (1.0 if sd is None else sd))
    if rare is not False:
        return value
    if measure == "OR":
        return math.sqrt(value)
    root = math.sqrt(value)
    # 1 - 0.5^x, exact for the smallest x too
    return math.expm1(-math.log(2) * root) / math.expm1(-math.log(2) / root)


def _check_measure(measure: str) -> None:
    if measure in get_args(EValueMeasure):
        return
    chosen = measure_of(measure)
    if chosen.family in _ONE_GROUP:
        raise UsageError(
            f"there is no E-value of {measure} ({chosen.name}): it describes one group, and "
            "without a comparison there is no association that confounding could explain away"
        )
    raise UsageError(
        f"there is no E-value of {measure} ({chosen.name}): it has no known way to a risk ratio; "
        f"choose one of: {', '.join(get_args(EValueMeasure))}"
    )


def _check_options(measure: str, options: dict[str, float | None]) -> None:
    needed, request = _NEEDS.get(measure, ("", ""))
    if needed and options[needed] is None:
        raise UsageError(f"the E-value of {measure} needs more: {request}")
    unused = [name for name, value in options.items() if value is not None and name != needed]
    if unused:
        raise UsageError(f"{measure} has no use for {' and '.join(unused)}; leave it out")
    if needed == "rare":
        if not isinstance(options["rare"], bool):
            raise UsageError(f"rare must be True or False, got {options['rare']!r}")
    elif needed:
        check_numbers(POSITIVE if needed == "sd" else PROBABILITY, **{needed: options[needed]})


def _check_scale(
    measure: str, numbers: dict[str, float], true: float | None, sd: float | None
) -> None:
    given = numbers if true is None else {**numbers, "true": true}
    check_numbers(POSITIVE if measure in _RATIOS else FINITE, **given)
    wide = [name for name, value in given.items() if abs(value) > _WIDEST * (sd or 1.0)]
    if wide and measure in ("SMD", "MD"):
        raise UsageError(
            f"{' and '.join(wide)}: more than {_WIDEST:g} standard deviations, which no groups are "
            "apart; check the numbers and their unit"
        )


def _check_risks(difference: float, control_risk: float, true: float | None) -> None:
    treated = control_risk + difference
    if not 0 < treated <= 1 + 1e-9:  # 1, however it is computed
        raise UsageError(
            f"a risk difference of {difference:g} makes {treated:g} of a control_risk of "
            f"{control_risk:g}; the risk with the treatment must be above 0 and at most 1"
        )
    if true:
        raise UsageError(
            "a risk difference can only be moved to 0 here; take the risk ratio of the two risks, "
            "with the risk ratio to move it to"
        )

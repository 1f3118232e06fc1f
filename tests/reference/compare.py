"""A record of the reference against equipoise: the same comparison serves test and benchmark.

A difference is |ours - theirs| / max(|theirs|, scale). The scale says what is small: an estimate
matters relative to its standard error, tau2 relative to the variances within the studies (at the
boundary metafor's search may stop at 1e-12 where the answer is 0), a statistic or a share relative
to 1, a weight relative to equal weights. A number that only one side has differs infinitely.
"""

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

import equipoise as eq
from reference.reading import DataSet, Floats, Record, numbers

CLOSED_FORM, ITERATIVE = 1e-10, 1e-7  # tolerances

ITERATED = ("ML", "REML", "EB", "PM", "PMM")
CI_METHODS = {"z": "wald", "t": "t", "knha": "hksj", "adhoc": "hksj-adhoc"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One quantity of one record; of several values, the worst. A refusal is the quantity "all"."""

    dataset: str
    section: str
    record: str
    quantity: str
    k: int = 0  # studies pooled
    count: int = 1
    ours: float = math.nan
    theirs: float = math.nan
    difference: float = math.inf
    tolerance: float = CLOSED_FORM
    refusal: str = ""
    likelier: bool = False  # our tau2 has the higher likelihood

    @property
    def agrees(self) -> bool:
        return self.difference <= self.tolerance

    def __str__(self) -> str:
        place = f"{self.dataset}, {self.section} {self.record}, {self.quantity}"
        if self.refusal:
            return f"{place}: refused ({self.refusal})"
        return f"{place}: {self.ours!r}, metafor {self.theirs!r}, {self.difference:.1e} apart"


class Quantity(NamedTuple):
    """A result of ours, the path to metafor's, its unit in ours, its scale (see `_scales`)."""

    ours: str
    theirs: str
    scale: str | float = 0.0
    unit: float = 1.0


PERCENT = 0.01
SMALLEST = 1e-300  # below it, doubles lose digits
FITTED = (
    Quantity("k", "k"),
    Quantity("estimate", "beta", "se"),
    Quantity("se", "se", "se"),
    Quantity("statistic", "zval", 1.0),
    Quantity("df", "ddf"),
    Quantity("p_value", "pval", SMALLEST),
    Quantity("low", "ci_lb", "se"),
    Quantity("high", "ci_ub", "se"),
    Quantity("i2", "I2", 1.0, PERCENT),
    Quantity("h2", "H2"),
    Quantity("q", "QE", 1.0),
    Quantity("q_p_value", "QEp", SMALLEST),
)
POOLED = (
    *FITTED,
    Quantity("q_df", "QE_df"),
    Quantity("tau2", "tau2", "tau2"),
    Quantity("tau2_se", "se_tau2"),
    Quantity("prediction_low", "predict.pi_lb", "se"),
    Quantity("prediction_high", "predict.pi_ub", "se"),
)
PREDICTION_K_2 = (
    Quantity("prediction_low", "predict_riley.pi_lb", "se"),
    Quantity("prediction_high", "predict_riley.pi_ub", "se"),
)
Q_PROFILE = (
    Quantity("tau2_low", "confint_QP.tau2.ci_lb", "tau2"),
    Quantity("tau2_high", "confint_QP.tau2.ci_ub", "tau2"),
    Quantity("i2_low", "confint_QP.I2.ci_lb", 1.0, PERCENT),
    Quantity("i2_high", "confint_QP.I2.ci_ub", 1.0, PERCENT),
    Quantity("h2_low", "confint_QP.H2.ci_lb"),
    Quantity("h2_high", "confint_QP.H2.ci_ub"),
)
INFORMATION = {
    by: (
        Quantity("log_likelihood", f"fit.{by}.logLik", 1.0),
        Quantity("aic", f"fit.{by}.AIC", 1.0),
        Quantity("aicc", f"fit.{by}.AICc", 1.0),
        Quantity("bic", f"fit.{by}.BIC", 1.0),
    )
    for by in ("ML", "REML")
}
TAU2_INTERVALS = {
    "profile-likelihood": (
        Quantity("low", "confint_PL.tau2.ci_lb", "tau2"),
        Quantity("high", "confint_PL.tau2.ci_ub", "tau2"),
    ),
    "wald": (
        Quantity("low", "confint_Wald.tau2.ci_lb", "tau2"),
        Quantity("high", "confint_Wald.tau2.ci_ub", "tau2"),
    ),
}
REFITTED = (
    Quantity("estimate", "estimate", "se"),
    Quantity("se", "se", "se"),
    Quantity("p_value", "pval", SMALLEST),
    Quantity("low", "ci_lb", "se"),
    Quantity("high", "ci_ub", "se"),
    Quantity("q", "Q", 1.0),
    Quantity("tau2", "tau2", "tau2"),
    Quantity("i2", "I2", 1.0, PERCENT),
)
INFLUENCE = (
    *(Quantity(same, same, 1.0) for same in ("rstudent", "rstandard", "dffits", "cook_d")),
    Quantity("cov_ratio", "cov_r"),
    Quantity("tau2_deleted", "tau2_del", "tau2"),
    Quantity("q_deleted", "QE_del", 1.0),
    Quantity("hat", "hat", "share"),
    Quantity("weight", "weight", "share", PERCENT),
    Quantity("dfbeta", "dfbs", 1.0),
    Quantity("is_influential", "is_infl"),
    Quantity("baujat_x", "baujat_x", 1.0),
    Quantity("baujat_y", "baujat_y", 1.0),
)
TESTS = {
    name: (Quantity("statistic", theirs, 1.0), Quantity("p_value", f"{theirs}p", SMALLEST))
    for name, theirs in (
        ("Cochran", "CO"),
        ("Mantel-Haenszel", "MH"),
        ("Breslow-Day", "BD"),
        ("Tarone", "TA"),
    )
}


def compare(data: DataSet, section: str) -> Iterator[Comparison]:
    """Return every quantity of a section that both sides are asked for."""
    comparing = {
        "escalc": _effects,
        "rma_uni": _pooled,
        "mh_peto": _stratified,
        "sensitivity": _each_study,
    }[section]
    for record in data.records[section]:
        if record["error"] is not None or _is_left_out(record):
            continue
        try:
            yield from comparing(data, record)
        except eq.EquipoiseError as error:
            place = _place(data, section, record)
            yield Comparison(**place, quantity="all", refusal=str(error))


def difference(ours: Floats, theirs: Floats, scale: Floats | float = 0.0) -> Floats:
    """Return the relative difference of each value (see the top of this file)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = np.abs(ours - theirs) / np.fmax(np.abs(theirs), scale)
    same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    return np.where(same, 0.0, np.where(np.isnan(relative), math.inf, relative))


def _is_left_out(record: Record) -> bool:
    """Return whether equipoise has no such thing, or metafor stopped its search early."""
    args = record["args"]
    return (
        args.get("method") == "SJIT"
        or args.get("control") == "default"
        or args.get("variant") == "derived"
        or "leave1out(" in record["fn"]
    )


def _place(data: DataSet, section: str, record: Record) -> dict[str, Any]:
    return {
        "dataset": data.name,
        "section": section,
        "record": record["id"],
        "k": record["expected"].get("k", 0),
    }


def _judged(
    place: Mapping[str, Any], quantity: str, ours: Any, theirs: Floats, scale: Any, tolerance: float
) -> Comparison:
    mine = np.asarray(ours, float).reshape(theirs.shape)
    differences = difference(mine, theirs, scale)
    worst = int(np.argmax(differences))
    return Comparison(
        **place,
        quantity=quantity,
        count=len(theirs),
        ours=float(mine[worst]),
        theirs=float(theirs[worst]),
        difference=float(differences[worst]),
        tolerance=tolerance,
    )


def _effects(data: DataSet, record: Record) -> Iterator[Comparison]:
    place, args, expected = _place(data, "escalc", record), record["args"], record["expected"]
    settings = {name: args[name] for name in ("add", "to", "drop00", "vtype") if name in args}
    ours = eq.effect_sizes(data.table, args["measure"], **settings)
    effect, variance = numbers(expected["yi"]), numbers(expected["vi"])
    half = np.isnan(effect) | np.isnan(variance)  # metafor leaves such rows out of every analysis
    se = np.where(half, math.nan, np.sqrt(variance))
    shown = {name: numbers(values) for name, values in expected.get("summary", {}).items()}
    shown |= {"yi": np.where(half, math.nan, effect), "vi": np.where(half, math.nan, variance)}
    for column, name, scale in (
        ("effect", "yi", se),
        ("variance", "vi", 0.0),
        ("se", "sei", 0.0),
        ("low", "ci_lb", se),
        ("high", "ci_ub", se),
    ):
        if name in shown:
            yield _judged(place, column, ours[column], shown[name], scale, CLOSED_FORM)


def _pooled(data: DataSet, record: Record) -> Iterator[Comparison]:
    place, args = _place(data, "rma_uni", record), record["args"]
    expected = dict(record["expected"])
    if expected.get("ddf") is None:  # metafor's word for the normal distribution
        expected["ddf"] = math.inf
    effect, variance = data.effects(args["measure"])
    settings = _settings(args, variance)
    ours = eq.pool(effect, variance, **settings)
    likelier = _is_likelier(effect, variance, args["method"], ours.tau2, expected["tau2"])
    iterated = args["method"] in ITERATED and "tau2" not in args
    tolerance = ITERATIVE if iterated else CLOSED_FORM
    scales = _scales(expected, variance)
    found = [
        *_compared(place, POOLED, ours, expected, scales, tolerance),
        *_compared(place, Q_PROFILE, ours, expected, scales, ITERATIVE),
    ]
    if "weights_pct" in expected:
        pooled = [w for w, reason in zip(ours.weights, ours.reasons, strict=True) if not reason]
        theirs = numbers(expected["weights_pct"]) * PERCENT
        found.append(_judged(place, "weights", pooled, theirs, 1 / ours.k, tolerance))
    if args["method"] in ("CE", "ML", "REML"):
        criteria = INFORMATION["REML" if args["method"] == "REML" else "ML"]
        found += _compared(place, criteria, ours, expected, scales, tolerance)
    if "predict_riley" in expected:
        wider = eq.pool(effect, variance, **settings, prediction_df="k-2")
        found += _compared(place, PREDICTION_K_2, wider, expected, scales, tolerance, "k-2 ")
    for method, bounds in TAU2_INTERVALS.items():
        if _at(expected, bounds[0].theirs) is not _ABSENT:
            interval = eq.tau2_interval(ours, method=method)
            found += _compared(
                place, bounds, interval, expected, scales, ITERATIVE, f"tau2 {method} "
            )
    yield from (dataclasses.replace(one, likelier=likelier) for one in found)


def _settings(args: Mapping[str, Any], variance: Floats) -> dict[str, Any]:
    weights = None
    if args.get("weights") == "1/sqrt(vi)":
        weights = 1 / np.sqrt(variance)
    elif args.get("weights") == "1" or args.get("weighted") is False:
        weights = np.ones(len(variance))
    return {
        "estimator": args["method"],
        "ci_method": CI_METHODS[args["test"]],
        "level": args["level"] / 100,
        "tau2": args.get("tau2"),
        "weights": weights,
    }


def _compared(
    place: Mapping[str, Any],
    quantities: tuple[Quantity, ...],
    ours: object,
    expected: Mapping[str, Any],
    scales: Mapping[str, float],
    tolerance: float,
    said: str = "",
) -> Iterator[Comparison]:
    for quantity in quantities:
        theirs = _at(expected, quantity.theirs)
        if theirs is not _ABSENT:
            mine = getattr(ours, quantity.ours)
            mine = math.nan if mine is None else mine
            scale = scales[quantity.scale] if isinstance(quantity.scale, str) else quantity.scale
            values = numbers(theirs) * quantity.unit
            yield _judged(place, said + quantity.ours, mine, values, scale, tolerance)


def _scales(expected: Mapping[str, Any], variance: Floats) -> dict[str, float]:
    """Return what is small: the variance within studies, and standard errors without tau2."""
    with np.errstate(divide="ignore"):
        precision = np.nansum(1 / variance)
    return {
        "tau2": expected["k"] / precision if precision else 0.0,
        "se": max(expected["se"] or 0.0, 1 / math.sqrt(precision) if precision else 0.0),
    }


_ABSENT = object()


def _at(expected: Any, path: str) -> Any:
    for key in path.split("."):
        if not isinstance(expected, dict) or key not in expected:
            return _ABSENT
        expected = expected[key]
    return expected


def _is_likelier(
    effect: Floats, variance: Floats, method: str, ours: float, theirs: float | None
) -> bool:
    """Return whether our tau2 has a (restricted) likelihood that metafor's does not reach."""
    if method not in ("ML", "REML") or theirs is None:
        return False
    given = np.isfinite(effect) & np.isfinite(variance)
    y, v = effect[given], variance[given]
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = log_likelihood(y, v + ours, method) - log_likelihood(y, v + theirs, method)
    return bool(gain > 1e-9)


def log_likelihood(y: Floats, total: Floats, method: str) -> float:
    """Return the log-likelihood of effects of these variances, up to a constant, plainly."""
    weight = 1 / total
    mean = (weight * y).sum() / weight.sum()
    value = -(np.log(total).sum() + (weight * (y - mean) ** 2).sum()) / 2
    return float(value - np.log(weight.sum()) / 2 if method == "REML" else value)


def _stratified(data: DataSet, record: Record) -> Iterator[Comparison]:
    place, args, expected = _place(data, "mh_peto", record), record["args"], record["expected"]
    scales = {"se": expected["se"] or 0.0}
    level = args.get("level", 95) / 100
    if record["fn"] == "rma.peto":
        ours = eq.peto(data.table, level=level)
    else:
        measure = args["measure"]
        # metafor has one constant for the studies' own effects and one for the pooled counts
        add = args.get("add", [0.5, 0.0])[1]
        if measure in ("OR", "IRR"):
            correct = args.get("correct", True)
            tests = eq.mantel_haenszel_tests(data.table, measure, add=add, correct=correct)
            for test in tests.itertuples():
                said = f"{test.test} "
                yield from _compared(
                    place, TESTS[test.test], test, expected, scales, CLOSED_FORM, said
                )
        ours = eq.mantel_haenszel(data.table, measure, add=add, level=level)
    yield from _compared(place, FITTED, ours, expected, scales, CLOSED_FORM)


def _each_study(data: DataSet, record: Record) -> Iterator[Comparison]:
    """Compare fits without each study, fits that grow by each, or what each does to the fit.

    Fits to one study, and those where our tau2 is likelier, are told apart from the others.
    """
    place, args, expected = _place(data, "sensitivity", record), record["args"], record["expected"]
    effect, variance = data.effects(args["measure"])
    given = np.isfinite(effect) & np.isfinite(variance)
    effect, variance = effect[given], variance[given]
    pooled = eq.pool(effect, variance, **_settings(args, variance))
    rows = np.arange(pooled.k)
    subsets = [np.delete(rows, row) for row in rows]
    quantities, tau2 = REFITTED, Quantity("tau2", "tau2")
    if record["fn"] == "cumul":
        order = numbers(expected["order"]).astype(int) - 1
        ours = eq.cumulative(pooled, np.argsort(order))
        subsets = [order[: row + 1] for row in rows]
    elif record["fn"] == "leave1out":
        ours = eq.leave_one_out(pooled)
    else:
        ours = eq.influence(pooled)
        quantities, tau2 = INFLUENCE, Quantity("tau2_deleted", "tau2_del")
    theirs = numbers(expected.get(tau2.theirs, [math.nan] * len(rows)))
    likelier = np.array(
        [
            _is_likelier(effect[subset], variance[subset], args["method"], mine, other)
            for subset, mine, other in zip(subsets, ours[tau2.ours], theirs, strict=True)
        ]
    )
    if quantities is INFLUENCE:  # each number needs the fit to all studies too
        whole = _tau2_of_all(data, args)
        likelier |= _is_likelier(effect, variance, args["method"], pooled.tau2, whole)
    single = np.array([len(subset) == 1 for subset in subsets])
    scales = {
        "se": numbers(expected.get("se", [math.nan] * len(rows))),
        "tau2": len(rows) / (1 / variance).sum(),
        "share": 1 / len(rows),
    }
    parts = (
        (~single & ~likelier, {"k": len(rows)}),
        (~single & likelier, {"k": len(rows), "likelier": True}),
        (single, {"k": 1}),
    )
    tolerance = ITERATIVE if args["method"] in ITERATED else CLOSED_FORM
    for quantity in quantities:
        values = _at(expected, quantity.theirs)
        if values is _ABSENT:
            continue
        scale = scales[quantity.scale] if isinstance(quantity.scale, str) else quantity.scale
        scale = np.broadcast_to(scale, len(rows))
        mine, other = ours[quantity.ours].to_numpy(float), numbers(values) * quantity.unit
        for at, more in parts:
            if at.any():
                judged = _judged(place, quantity.ours, mine[at], other[at], scale[at], tolerance)
                yield dataclasses.replace(judged, **more)


def _tau2_of_all(data: DataSet, args: Mapping[str, Any]) -> float | None:
    """Return the tau2 that metafor finds in all studies."""
    wanted = f"{args['measure']}|{args['method']}|z|95"
    found = next(record for record in data.records["rma_uni"] if record["id"] == wanted)
    return None if found["expected"] is None else found["expected"]["tau2"]

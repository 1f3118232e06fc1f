"""The result of a synthesis: a value that knows what it is and what it cannot show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from equipoise.display.html import render
from equipoise.effects.interval import normal_quantile
from equipoise.effects.measures import measure as measure_of
from equipoise.synthesis.derived import NUMBERS
from equipoise.synthesis.notes import notes
from equipoise.synthesis.study_table import study_table
from equipoise.synthesis.wording import lines, sentences
from equipoise.synthesis.zero_cells import ZeroCells

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Natural:
    """A pooled estimate on the scale that people read: ratios as ratios, risks as risks.

    Attributes
    ----------
    estimate, low, high
        The estimate and its confidence interval.
    prediction_low, prediction_high
        The prediction interval.
    """

    estimate: float
    low: float
    high: float
    prediction_low: float
    prediction_high: float


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Pooled:
    """What studies show together, on the analysis scale (logarithms for ratios), unrounded.

    A number that does not exist is NaN: the between-study variance of one study, say. Under the
    common-effect model it is 0.

    Attributes
    ----------
    measure
        Key of the effect measure; "GEN" for ready effects.
    estimator
        Of tau2, or "MH" (Mantel-Haenszel), "PETO", "HC" (Henmi-Copas).
    ci_method, level
        How the interval of the mean was made, and its confidence level.
    k
        Studies pooled.
    estimate, se, low, high
        The mean, its standard error and confidence interval.
    statistic, df, p_value
        The test that the mean is 0; infinite degrees of freedom mean the normal distribution.
    prediction_low, prediction_high
        Where the effect of a new study would lie.
    tau2, tau2_se, tau2_low, tau2_high
        Variance between studies, with its Q-profile interval.
    i2, i2_low, i2_high, h2, h2_low, h2_high
        The share of the variance that is between studies (0 to 1), and total over typical variance.
    q, q_df, q_p_value
        Cochran's test of homogeneity.
    log_likelihood, aic, aicc, bic
        The restricted ones under REML.
    second_tau2, second_loss
        Another maximum of the likelihood and by how much its logarithm is lower, if that is within
        2; else NaN.
    converged
        Whether every iteration reached its end. What did not is NaN.
    labels, effects, variances, weights, reasons
        The rows given, in their order; weights sum to 1; a reason says why a row was left out.
    tau2_given, weights_given
        Whether tau2 was known beforehand, and whether the weights are the user's.
    zero_cells
        For each row "" or, where a constant was added to its cells, whether the event was seen in
        some people ("constant"), "nobody" or "everybody"; empty if that is not known.
    prediction_df
        What `pool` was asked for: "k-1", "k-2", "normal", or None.
    """

    measure: str
    estimator: str
    ci_method: str
    level: float
    k: int
    estimate: float
    se: float
    statistic: float
    df: float
    p_value: float
    low: float
    high: float
    prediction_low: float
    prediction_high: float
    tau2: float
    tau2_se: float
    tau2_low: float
    tau2_high: float
    i2: float
    i2_low: float
    i2_high: float
    h2: float
    h2_low: float
    h2_high: float
    q: float
    q_df: float
    q_p_value: float
    log_likelihood: float
    aic: float
    aicc: float
    bic: float
    second_tau2: float
    second_loss: float
    converged: bool
    labels: tuple[str, ...]
    effects: tuple[float, ...]
    variances: tuple[float, ...]
    weights: tuple[float, ...]
    reasons: tuple[str, ...]
    tau2_given: bool = False
    weights_given: bool = False
    zero_cells: tuple[ZeroCells, ...] = ()
    prediction_df: str | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What one must know about these numbers, in plain sentences."""
        return notes(self)

    def natural(self, size: float | None = None) -> Natural:
        """Return the estimate and its intervals on the natural scale.

        Parameters
        ----------
        size
            The people (PFT) or time at risk (IRFT) to go back with: see `Measure.natural`. By
            default the harmonic mean of the studies', which their variances tell (Miller 1978, Am
            Stat 32:138).
        """
        scale = measure_of(self.measure)
        size = self._typical_size() if size is None else size
        ends = np.array(
            [self.estimate, self.low, self.high, self.prediction_low, self.prediction_high]
        )
        estimate, low, high, prediction_low, prediction_high = scale.natural(ends, size).tolist()
        return Natural(
            estimate=estimate,
            low=low,
            high=high,
            prediction_low=prediction_low,
            prediction_high=prediction_high,
        )

    def _typical_size(self) -> float | None:
        """The harmonic mean of people (v = 1/(4n + 2)) or of times at risk (v = 1/(4t))."""
        used = [v for v, reason in zip(self.variances, self.reasons, strict=True) if not reason]
        if self.measure == "PFT":
            return len(used) / sum(4 / (1 / v - 2) for v in used)
        return len(used) / sum(4 * v for v in used) if self.measure == "IRFT" else None

    def to_frame(self) -> pd.DataFrame:
        """Return the measure and every number, in a table of one row: columns of `pool_many`."""
        import pandas as pd

        return pd.DataFrame([{name: getattr(self, name) for name in ("measure", *NUMBERS)}])

    @property
    def studies(self) -> pd.DataFrame:
        """One row a study: label, effect, variance, se, low, high (Wald), weight, reason."""
        import pandas as pd

        frame = pd.DataFrame(
            {"label": self.labels, "effect": self.effects, "variance": self.variances}
        )
        frame["se"] = np.sqrt(frame["variance"])
        reach = normal_quantile(self.level) * frame["se"]
        frame["low"], frame["high"] = frame["effect"] - reach, frame["effect"] + reach
        return frame.assign(weight=self.weights, reason=self.reasons)

    def __str__(self) -> str:
        """Return the result as text, with what it cannot show."""
        return "\n".join(sentences(self))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        columns, rows = study_table(self)
        return render(
            "pooled.html",
            lines=lines(self),
            notes=self.notes,
            caption="Study by study",
            columns=columns,
            rows=rows,
        )

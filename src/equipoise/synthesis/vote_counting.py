"""Vote counting by direction: how many studies point towards benefit, however far and surely."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import nan
from typing import TYPE_CHECKING

from scipy import special

from equipoise.display import numbers
from equipoise.effects.interval import check_level
from equipoise.effects.proportions import proportion_interval
from equipoise.errors import UsageError
from equipoise.synthesis.directions import Better, read_directions
from equipoise.synthesis.with_limits import WithLimits

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

LEAST_FOR_A_TEST = 6
"""Of five studies that all point one way the sign test makes p = 0.0625, and nothing smaller."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class VoteCount(WithLimits):
    """How many studies point which way.

    Attributes
    ----------
    k
        Studies that point one way or the other: `favourable` and `unfavourable` together.
    favourable, unfavourable
        Studies whose effect is towards benefit, and away from it.
    ties
        Studies with exactly no difference, which are not counted in `k`.
    unclear
        Studies whose direction is mixed or unknown, which are not counted in `k`.
    share, low, high
        favourable/k with its interval; NaN if k is 0.
    level, method
        Of the interval.
    p_value
        Of the two-sided sign test; NaN if k is below 6.
    """

    k: int
    favourable: int
    unfavourable: int
    ties: int
    unclear: int
    share: float
    low: float
    high: float
    level: float
    method: str
    p_value: float

    def to_frame(self) -> pd.DataFrame:
        """Return the count as a table of one row, its columns the attributes."""
        import pandas as pd

        return pd.DataFrame([asdict(self)])

    @property
    def lines(self) -> tuple[str, ...]:
        """The count, the share, and what was not counted."""
        if not self.k:
            head = "Vote count by direction: no study points one way or the other"
            return (head, *self._left_out())
        verb = "points" if self.favourable == 1 else "point"
        head = f"Vote count by direction: {self.favourable} of {_studies(self.k)} {verb} to benefit"
        ends = numbers.interval(self.low, self.high, share=True)
        share = (
            f"{numbers.percent(self.share)} "
            f"({numbers.interval_name('confidence', self.level)} {ends}, {self.method.title()})"
        )
        test = f"; sign test {numbers.p_value(self.p_value)}" if self.p_value >= 0 else ""
        return (head, f"{share}{test}", *self._left_out())

    def _left_out(self) -> tuple[str, ...]:
        left = [
            f"{numbers.word(count)} {words}"
            for count, words in (
                (self.ties, "with exactly no difference"),
                (self.unclear, "with a mixed or an unknown direction"),
            )
            if count
        ]
        return (f"Not counted: {numbers.listing(left)}",) if left else ()

    @property
    def limits(self) -> tuple[str, ...]:
        """What a count of directions cannot show."""
        told = [
            "How large the differences are: a slight one counts as much as a great one, and a "
            "small study as much as a large one."
        ]
        if self.k:
            told.append(
                "The interval and the sign test take every study to have the same chance to point "
                "to benefit; studies of different sizes and quality have not (Nikolakopoulos 2020)."
            )
        if 0 < self.k < LEAST_FOR_A_TEST:
            told.append(
                f"There is no p value for fewer than {numbers.word(LEAST_FOR_A_TEST)} studies: if "
                f"all {_studies(self.k)} pointed one way, it would still be "
                f"{numbers.plain(min(1.0, 2 * 0.5**self.k), 4).rstrip('0').rstrip('.')}."
                if self.k > 1
                else "One study is no pattern: there is no p value."
            )
        if self.unclear:
            told.append(
                "Studies without a direction may differ from the others: results that disappoint "
                "are reported less often."
            )
        return tuple(told)


def vote_count(
    effects: pd.Series | ArrayLike,
    *,
    better: Better = "higher",
    null: float = 0.0,
    method: str = "wilson",
    level: float = 0.95,
) -> VoteCount:
    """Count the studies that point towards benefit, by the direction of their effect alone.

    Votes are never counted by statistical significance: a small study that is right about a real
    difference seldom reaches it, so that the count says more about sizes of studies than about the
    treatment, and the more small studies there are the surer it errs. The direction of an effect
    does not depend on the size of the study in that way. The count answers only whether studies
    lean to one side; it is for studies that report no more than that, or effects that cannot be
    brought to one measure.

    The sign test is that of a fair coin: p = min(1, 2 P(X ≥ max(u, k - u))) with X binomial of k
    and ½, for u of k studies. Both it and the interval take every study to have the same chance of
    pointing to benefit, which studies of different sizes have not: their number is Poisson-binomial
    (Nikolakopoulos 2020). So read the share and the table of directions; a small p is weak evidence
    that studies do not scatter evenly, and a large one is none that they do.

    Parameters
    ----------
    effects
        One an independent study, never two of the same people: effects on the analysis scale, where
        0 is no difference, or the words "up" (towards benefit), "down", "none", "mixed", "not
        compared", "not reported", such as a column of `effect_directions`.
    better
        Whether higher or lower effects are better; it has no bearing on words.
    null
        The effect that means no difference: 1 for ratios that are not logarithms.
    method
        Of the interval of the share: see `proportion_interval`.
    level
        Its confidence level.

    Returns
    -------
    VoteCount
        Studies with exactly no difference are left out and counted, as are those whose direction is
        mixed or unknown. Of fewer than 6 studies there is no p value: it could not be below 0.05.

    Raises
    ------
    UsageError
        If there is no study, a value is neither a number nor a direction, or a choice is unknown.

    References
    ----------
    McKenzie & Brennan, Cochrane Handbook version 6.3 (2022), chapter 12; Hilton Boon & Thomson
    2021, Res Synth Methods 12:29-33, doi:10.1002/jrsm.1458; against the sign test: Nikolakopoulos
    2020, Res Synth Methods 11:714-719, doi:10.1002/jrsm.1427.
    """
    directions = read_directions(effects, better=better, null=null)
    if not directions:
        raise UsageError("there is nothing to count: give one direction, or one effect, a study")
    favourable, unfavourable, ties = (directions.count(word) for word in ("up", "down", "none"))
    k = favourable + unfavourable
    check_level(level)
    # of no study the method is still checked
    share = proportion_interval(favourable, k or 1, method=method, level=level)
    return VoteCount(
        k=k,
        favourable=favourable,
        unfavourable=unfavourable,
        ties=ties,
        unclear=len(directions) - k - ties,
        share=share.estimate if k else nan,
        low=share.low if k else nan,
        high=share.high if k else nan,
        level=level,
        method=method,
        p_value=sign_test(favourable, unfavourable) if k >= LEAST_FOR_A_TEST else nan,
    )


def sign_test(favourable: int, unfavourable: int) -> float:
    """Return the two-sided p value of the sign test.

    With X binomial of k and ½ it is 2 P(X ≥ u), at most 1, where u is the larger of the two counts;
    P(X ≥ u) is the regularised incomplete beta function I(u, k - u + 1) at ½.

    Parameters
    ----------
    favourable, unfavourable
        How many point one way, and the other; not both 0.

    Returns
    -------
    float
        p-value.

    References
    ----------
    Dixon & Mood 1946, J Am Stat Assoc 41:557-566, doi:10.1080/01621459.1946.10501898.
    """
    more, k = max(favourable, unfavourable), favourable + unfavourable
    return min(1.0, 2 * float(special.betainc(more, k - more + 1, 0.5)))


def _studies(count: int) -> str:
    return "1 study" if count == 1 else f"{count} studies"

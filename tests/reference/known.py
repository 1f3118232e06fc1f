"""Where equipoise and metafor differ on purpose, or must: each difference with its cause."""

import math
from dataclasses import dataclass
from fnmatch import fnmatchcase

from reference.compare import Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDifference:
    """A cause, and where it is met.

    Patterns are those of file names, several separated by blanks. It covers no difference above
    `within`, no analysis of more than `most_studies`, and, with `without_ours`, no number of ours.
    """

    cause: str
    section: str
    dataset: str = "*"
    record: str = "*"
    quantity: str = "*"
    refusal: str = ""
    most_studies: int | None = None
    within: float = math.inf
    without_ours: bool = False

    def covers(self, one: Comparison) -> bool:
        return (
            one.section == self.section
            and self.refusal in one.refusal
            and (self.most_studies is None or one.k <= self.most_studies)
            and one.difference <= self.within
            and (math.isnan(one.ours) or not self.without_ours)
            and all(
                any(fnmatchcase(getattr(one, name), part) for part in getattr(self, name).split())
                for name in ("dataset", "record", "quantity")
            )
        )


LOCAL_MAXIMUM = "metafor's search ends at a local maximum; the likelihood of our tau2 is higher"

WITHOUT_TAU2 = ("k", "q", "q_df", "q_p_value")
"""What another tau2 does not change."""

KNOWN = (
    KnownDifference(
        cause="k counts the studies that take part in the estimate; metafor's also those in which "
        "the event happened to nobody, or to everybody",
        section="mh_peto",
        quantity="k",
    ),
    KnownDifference(
        cause="of one study nothing is known about heterogeneity: equipoise says so with NaN, "
        "metafor says I2 = 0, H2 = 1, p = 1",
        section="mh_peto",
        quantity="i2 h2 q_p_value",
        most_studies=1,
    ),
    KnownDifference(
        cause="where the event happened to nobody, no two effects can be compared: equipoise says "
        "so with NaN, metafor says I2 = 0, H2 = 1, p = 1",
        section="mh_peto",
        dataset="edge_bin_all_double_zero",
        record="*|add_half_both",
        quantity="i2 h2 q_p_value",
    ),
    KnownDifference(
        cause="of counts in millions metafor's Breslow-Day statistic keeps 10 digits, equipoise's "
        "all (checked in 80-digit arithmetic), and a p value of 1e-18 shows the difference",
        section="mh_peto",
        dataset="edge_bin_large_counts",
        quantity="Breslow-Day?p_value Tarone?p_value",
        within=1e-8,
    ),
    KnownDifference(
        cause="without events, or without them in one group of every study, there is no estimate "
        "or no interval: equipoise says why, metafor gives missing numbers",
        section="mh_peto",
        dataset="edge_bin_all_double_zero edge_bin_one_arm_all_zero",
        quantity="all",
        refusal="there is no",
    ),
    KnownDifference(
        cause="without events, or without them in one group of every study, there is no estimate "
        "or no interval: equipoise says why, metafor gives missing numbers",
        section="mh_peto",
        dataset="edge_bin_all_double_zero edge_bin_one_arm_all_zero",
        quantity="all",
        refusal="has no interval",
    ),
    KnownDifference(
        cause="metafor solves for the tetrachoric correlation numerically to about 4 digits, "
        "equipoise to the end",
        section="escalc",
        record="RTET|*",
        quantity="effect variance",
        within=0.02,
    ),
    KnownDifference(
        cause="an empty cell has no tetrachoric correlation: metafor says ±1 or leaves a variance "
        "of no use, equipoise gives the reason",
        section="escalc",
        record="RTET|*",
        quantity="effect variance",
        without_ours=True,
    ),
    KnownDifference(
        cause="metafor's formula LS2 takes variances where the source has fourth powers of SDs, so "
        "its result depends on the unit",
        section="escalc",
        record="SMDH|vtype_LS2",
        quantity="variance",
    ),
    KnownDifference(
        cause="a study that has no effect of its own takes no part in the mean that vtype AV puts "
        "into every variance; in metafor it does, or makes every variance missing",
        section="escalc",
        dataset="edge_con_*",
        record="*|vtype_AV *|vtype_AVHO",
    ),
    KnownDifference(
        cause="of one study nothing is known about heterogeneity: equipoise says so with NaN, "
        "metafor says tau2 = 0, I2 = 0, p = 1 and what follows",
        section="rma_uni",
        quantity="tau2 tau2_se i2 h2 q_p_value *prediction_* log_likelihood aic aicc bic",
        most_studies=1,
    ),
    KnownDifference(
        cause="k - 2 degrees of freedom are 0 for two studies: no prediction interval; metafor "
        "takes 1 degree of freedom",
        section="rma_uni",
        quantity="k-2?prediction_*",
        most_studies=2,
    ),
    KnownDifference(
        cause="prediction_df='k-2' is k - 2; metafor takes k - 1 if tau2 is given",
        section="rma_uni",
        record="*|tau2_fixed_0.1",
        quantity="k-2?prediction_*",
    ),
    KnownDifference(
        cause="a given tau2 has no standard error; metafor shows that of an estimate",
        section="rma_uni",
        record="*|tau2_fixed_0.1",
        quantity="tau2_se",
    ),
    KnownDifference(
        cause="a variance of 0 is refused: that study alone would decide",
        section="rma_uni",
        refusal="cannot be pooled",
        dataset="edge_gen_zero_var edge_con_zero_sd edge_bin_n1_arms",
    ),
    KnownDifference(
        cause="variances 1e-10 and 0.05 together: metafor keeps 7 digits; in exact fractions "
        "equipoise's Q is right in all",
        section="rma_uni",
        dataset="edge_gen_var_ratio",
        quantity="q q_p_value h2 i2 tau2_se",
        within=1e-7,
    ),
    KnownDifference(
        cause="of one study nothing is known about heterogeneity: equipoise says so with NaN, "
        "metafor says tau2 = 0, I2 = 0",
        section="sensitivity",
        quantity="tau2 i2 tau2_deleted",
        most_studies=1,
    ),
    KnownDifference(
        cause="variances 1e-10 and 0.05 together: metafor keeps 7 digits; in exact fractions "
        "equipoise's Q is right in all",
        section="sensitivity",
        dataset="edge_gen_var_ratio",
        quantity="q i2 rstandard q_deleted",
        within=1e-7,
    ),
    KnownDifference(
        cause="metafor's search goes back and forth for ever without one of the studies, and "
        "leaves that row missing",
        section="sensitivity",
        dataset="edge_gen_slow_search",
        record="GEN|REML|*",
    ),
)


def cause(one: Comparison) -> str | None:
    """Return why the two sides differ here, or None if that is not known."""
    if one.likelier and one.quantity not in WITHOUT_TAU2:
        return LOCAL_MAXIMUM
    return next((known.cause for known in KNOWN if known.covers(one)), None)

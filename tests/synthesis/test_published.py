"""Analyses that were published with their results: ours, to half a unit of the last digit printed.

A digit fewer is compared where what was printed comes from an iteration that stopped early.
Where the numbers were read stands in each docstring. metafor: Viechtbauer 2010, J Stat Softw 36(3),
doi:10.18637/jss.v036.i03, its help pages, and the published analyses that its author replicates.
"""

import math
from pathlib import Path

import pandas as pd
import pytest
from analyses import (
    ACUPOINT,
    BCG,
    CATHETERS,
    CHALLENGE,
    COUNTS,
    DIURETICS,
    EIGHT_SCHOOLS,
    LABORATORIES,
    LIDOCAINE,
    QUICK,
    SLOW,
    ST_JOHNS_WORT,
    TEACHERS,
    TEN_STUDIES,
    TRANSPLANTS,
    effects_of,
)

from equipoise.effects.sizes import effect_sizes
from equipoise.synthesis.henmi_copas import henmi_copas
from equipoise.synthesis.peto import peto
from equipoise.synthesis.pool import pool

REFERENCE = Path(__file__).parents[1] / "reference"


def printed(*texts: str) -> list[object]:
    """Return what is within half a unit of the last digit of each number."""
    wanted = []
    for text in texts:
        digits = len(text.partition(".")[2])
        wanted.append(pytest.approx(float(text), abs=0.5000001 * 10.0**-digits, rel=0))
    return wanted


def test_colditz_1994() -> None:
    """Colditz et al. 1994, JAMA 271:698-702, abstract: RR 0.49 (0.34 to 0.70), 13 trials."""
    shown = pool(effects_of(BCG, "RR"), estimator="DL", ci_method="wald").natural()
    assert [shown.estimate, shown.low, shown.high] == printed("0.49", "0.34", "0.70")


def test_viechtbauer_2010_random_effects() -> None:
    """Viechtbauer 2010, page 14: the BCG trials, REML, as printed by metafor."""
    found = pool(effects_of(BCG, "RR"), ci_method="wald")
    assert [found.tau2, found.tau2_se, 100 * found.i2, found.h2] == printed(
        "0.3132", "0.1664", "92.22", "12.86"
    )
    assert [found.q, found.q_df] == printed("152.2330", "12")
    assert [found.estimate, found.se, found.statistic, found.low, found.high] == printed(
        "-0.7145", "0.1798", "-3.9744", "-1.0669", "-0.3622"
    )
    assert max(found.q_p_value, found.p_value) < 0.0001


def test_viechtbauer_2010_intervals_of_heterogeneity() -> None:
    """Viechtbauer 2010, page 14: Q-profile intervals of tau2, tau, I² and H².

    The last digits printed of I² and H² (81.9177, 5.5303) are those of a search that stops early.
    """
    found = pool(effects_of(BCG, "RR"))
    assert [found.tau2_low, found.tau2_high] == printed("0.1197", "1.1115")
    assert [math.sqrt(found.tau2_low), math.sqrt(found.tau2_high)] == printed("0.3460", "1.0543")
    assert [100 * found.i2, 100 * found.i2_low, 100 * found.i2_high] == printed(
        "92.2214", "81.92", "97.68"
    )
    assert [found.h2, found.h2_low, found.h2_high] == printed("12.8558", "5.53", "43.07")


def test_viechtbauer_2010_prediction() -> None:
    """Viechtbauer 2010, page 21: the risk ratio in a new trial, 0.15 to 1.55."""
    shown = pool(effects_of(BCG, "RR"), ci_method="wald").natural()
    assert [shown.prediction_low, shown.prediction_high] == printed("0.15", "1.55")


def test_van_houwelingen_2002() -> None:
    """van Houwelingen, Arends & Stijnen 2002, Stat Med 21:589-624: BCG odds ratios.

    The Q-profile interval of tau2 is metafor's, in its replication of the article; its 0.1302 comes
    from a search that stops early.
    """
    found = pool(effects_of(BCG, "OR"), estimator="ML")
    assert [found.tau2_low, found.tau2_high] == printed("0.130", "1.1812")


def test_viechtbauer_2005() -> None:
    """Viechtbauer 2005, J Educ Behav Stat 30:261-293, page 271: seven estimators of tau2.

    Digits as in metafor's replication.
    """
    expected = {
        "HS": ("0.2282", "77.2284", "4.3914"),
        "HE": ("0.1484", "68.7988", "3.2050"),
        "DL": ("0.2768", "80.4447", "5.1137"),
        "ML": ("0.1967", "74.51", "3.9231"),
        "REML": ("0.2232", "76.84", "4.318"),
        "EB": ("0.1920", "74.0511", "3.8537"),
        "SJ": ("0.1992", "74.7545", "3.9611"),
    }
    for estimator, numbers in expected.items():
        found = pool(*TEN_STUDIES, estimator=estimator)
        assert [found.tau2, 100 * found.i2, found.h2] == printed(*numbers), estimator


def test_viechtbauer_2007() -> None:
    """Viechtbauer 2007, Stat Med 26:37-52, Table II: estimates and a Q-profile interval of tau2.

    Digits as in metafor's replication; the trials are those of Collins, Yusuf & Peto 1985.
    """
    table = effects_of(DIURETICS, "OR")
    found = [pool(table, estimator=name).tau2 for name in ("DL", "ML", "REML", "SJ")]
    assert found == printed("0.2297", "0.2386", "0.3008", "0.4563")
    interval = pool(table, estimator="DL")
    assert [interval.tau2_low, interval.tau2_high] == printed("0.0723", "2.2027")


def test_normand_1999() -> None:
    """Normand 1999, Stat Med 18:321-359, Table III and Table VII: lidocaine, in percentage points.

    Digits as in metafor's replication, which gives the last limit as 5.51.
    """
    table = effects_of(LIDOCAINE, "RD")
    table["effect"] *= 100
    table["variance"] *= 100**2
    assert table["effect"].tolist() == printed(
        "2.8026", "0.0000", "1.9711", "1.7961", "3.5334", "4.4031"
    )
    assert table["variance"].tolist() == printed(
        "17.7575", "37.5657", "8.1323", "10.8998", "8.0114", "6.1320"
    )
    found = pool(table.drop(columns="se"), estimator="CE", ci_method="wald")
    assert [found.estimate, found.low, found.high] == printed("2.9444", "0.3831", "5.51")


def test_raudenbush_1985() -> None:
    """Raudenbush & Bryk 1985, J Educ Stat 10:75-98, pages 83 to 86: teachers' expectations.

    Digits as in metafor's replication; the article prints Q as 35.85.
    """
    found = pool(*TEACHERS, ci_method="wald")
    assert [found.tau2, found.estimate, found.statistic, found.q] == printed(
        "0.0188", "0.0837", "1.6208", "35.8295"
    )


def test_raudenbush_2009() -> None:
    """Raudenbush 2009, in The Handbook of Research Synthesis, Table 16.2: the same studies.

    Digits as in metafor's replication.
    """
    common = pool(*TEACHERS, estimator="CE", ci_method="wald")
    assert [common.estimate, common.statistic] == printed("0.0604", "1.6553")
    found = pool(*TEACHERS, ci_method="wald")
    assert [found.prediction_low, found.prediction_high] == printed("-0.204", "0.371")


def test_lipsey_2001() -> None:
    """Lipsey & Wilson 2001, Practical Meta-Analysis, page 133, Exhibit 7.3.

    Digits as in metafor's replication.
    """
    common = pool(*CHALLENGE, estimator="CE", ci_method="wald")
    assert [common.estimate, common.se, common.statistic, common.low, common.high] == printed(
        "0.1549", "0.0609", "2.5450", "0.0356", "0.2742"
    )
    assert [common.p_value, common.q, common.q_p_value] == printed("0.0109", "14.7640", "0.0976")
    found = pool(*CHALLENGE, estimator="DL", ci_method="wald")
    assert [found.estimate, found.se, found.statistic, found.low, found.high] == printed(
        "0.1534", "0.0858", "1.7893", "-0.0146", "0.3215"
    )
    assert [found.p_value, found.tau2] == printed("0.0736", "0.025955")


def test_viechtbauer_2007_st_johns_wort() -> None:
    """Viechtbauer 2007, Z Psychol 215:104-121, page 107: risk ratios, common effect.

    Digits as in metafor's replication; the article prints 1.39, and Q as 55.54.
    """
    found = pool(effects_of(ST_JOHNS_WORT, "RR"), estimator="CE", ci_method="wald")
    shown = found.natural()
    assert [shown.estimate, shown.low, shown.high] == printed("1.3840", "1.2599", "1.5204")
    assert [found.q] == printed("51.5454")


def test_yusuf_1985() -> None:
    """Yusuf et al. 1985, Prog Cardiovasc Dis 27:335-371: short-term trials of oral beta blockers.

    The counts are those of Table 6, page 343; of one of the 22 trials they are unknown, and in 3
    nobody died. The odds ratio 0.93 (0.74 to 1.18) is the published one as metafor's tests of its
    replication of the article give it; the remaining digits are metafor's.
    """
    found = peto(pd.read_csv(REFERENCE / "yusuf1985_t6.csv"))
    shown = found.natural()
    assert [shown.estimate, shown.low, shown.high] == printed("0.93", "0.74", "1.18")
    assert [found.estimate, found.se, found.low, found.high] == printed(
        "-0.0692", "0.1194", "-0.3031", "0.1648"
    )
    assert [found.q, found.q_df, found.q_p_value] == printed("10.8275", "17", "0.8654")
    assert (len(found.labels), found.k) == (22, 18)
    without = [reason for reason in found.reasons if reason]
    assert [reason.split(":")[0] for reason in without] == [
        "not given", *["the event happened to nobody, or to everybody"] * 3
    ]  # fmt: skip


def test_henmi_and_copas_2010() -> None:
    """Henmi & Copas 2010, Stat Med 29:2969-2983, page 2978: acupoint stimulation, odds ratios.

    The article's own example, the 16 trials of Lee & Done 2004, by DerSimonian and Laird's method
    and by theirs. Digits as in metafor's replication.
    """
    trials = effects_of(ACUPOINT, "OR")
    usual = pool(trials, estimator="DL", ci_method="wald")
    assert [usual.tau2, usual.estimate, usual.low, usual.high] == printed(
        "0.3325", "-0.6787", "-1.0664", "-0.2911"
    )
    found = henmi_copas(trials)
    assert [found.tau2, found.estimate, found.low, found.high] == printed(
        "0.3325", "-0.5145", "-0.9994", "-0.0295"
    )
    assert (found.measure, found.estimator, found.ci_method) == ("OR", "HC", "henmi-copas")


@pytest.mark.parametrize(
    ("arm", "expected", "natural"),
    [
        ("control", ("-3.3018", "0.2378", "0.6629"), ("0.0355", "0.0226", "0.0554")),
        ("treatment", ("-4.2604", "0.2589", "0.3928"), ("0.0139", "0.0084", "0.0229")),
    ],
)
def test_stijnen_2010(arm: str, expected: tuple[str, ...], natural: tuple[str, ...]) -> None:
    """Stijnen, Hamza & Özdemir 2010, Stat Med 29:3046-3067, Table II: logits of infection.

    Digits as in metafor's replication; the article prints 0.035 and 0.056 for the controls.
    """
    arms = pd.DataFrame(CATHETERS, columns=COUNTS)
    table = pd.DataFrame({"events": arms[f"events_{arm}"], "n": arms[f"n_{arm}"]})
    found = pool(effect_sizes(table, "PLO"), ci_method="wald")
    assert [found.estimate, found.se, found.tau2] == printed(*expected)
    shown = found.natural()
    assert [shown.estimate, shown.low, shown.high] == printed(*natural)


def test_bangert_drowns_2004() -> None:
    """Bangert-Drowns, Hurley & Wilkinson 2004, Rev Educ Res 74:29-58: writing to learn.

    metafor prints these numbers on its help page about models: inverse-variance weights, equal
    weights, random effects.
    """
    table = pd.read_csv(REFERENCE / "bangertdrowns2004.csv")
    y, v = table["yi"], table["vi"]
    common = pool(y, v, estimator="CE", ci_method="wald")
    assert [common.estimate, common.se, common.statistic, common.low, common.high] == printed(
        "0.1656", "0.0269", "6.1499", "0.1128", "0.2184"
    )
    assert [100 * common.i2, common.h2, common.q] == printed("56.12", "2.28", "107.1061")
    equal = pool(y, v, weights=[1.0] * len(y), estimator="CE", ci_method="wald")
    assert [equal.estimate, equal.se, equal.statistic, equal.low, equal.high] == printed(
        "0.2598", "0.0380", "6.8366", "0.1853", "0.3343"
    )
    found = pool(y, v, ci_method="wald")
    assert [found.tau2, found.tau2_se, 100 * found.i2, found.h2] == printed(
        "0.0499", "0.0197", "58.37", "2.40"
    )
    assert [found.estimate, found.se, found.statistic, found.low, found.high] == printed(
        "0.2219", "0.0460", "4.821", "0.1317", "0.3122"
    )


def test_kacker_2004() -> None:
    """Kacker 2004, Metrologia 41:132-136: Paule and Mandel's mean of nine laboratories.

    Digits from metafor, as printed in the tests of statsmodels.
    """
    found = pool(*LABORATORIES, estimator="PM", ci_method="wald")
    assert [found.estimate, found.se, found.tau2] == printed(
        "62.4076199113", "0.33803060268", "0.7053953092"
    )
    assert [found.low, found.high, found.tau2_se] == printed(
        "61.745092104", "63.070147718", "0.514191098"
    )
    assert [found.q, found.q_p_value, 100 * found.i2, found.h2] == printed(
        "24.801897742", "0.001679351464", "83.72186265", "6.143209007"
    )


def test_rubin_1981() -> None:
    """Rubin 1981, J Educ Stat 6:377-401: coaching in eight schools.

    Gelman et al., Bayesian Data Analysis, section 5.5, print the pooled 7.7 and its variance 16.6.
    """
    found = pool(*EIGHT_SCHOOLS, estimator="CE", ci_method="wald")
    assert [found.estimate, found.se**2] == printed("7.7", "16.6")


def test_crins_2014_two_trials() -> None:
    """Crins et al. 2014, Pediatr Transplant 18:839-850: acute rejection, two randomised trials.

    Numbers computed with metafor: how wide two studies leave the interval.
    """
    common = pool(*TRANSPLANTS, estimator="CE", ci_method="wald")
    assert [common.estimate, common.low, common.high] == printed(
        "-1.820044", "-2.678812", "-0.961276"
    )
    found = pool(*TRANSPLANTS, ci_method="wald")
    assert [found.tau2, found.estimate, found.se, found.low, found.high] == printed(
        "0.166789", "-1.809189", "0.52502", "-2.838211", "-0.780167"
    )
    for ci_method in ("hksj", "hksj-adhoc"):
        wide = pool(*TRANSPLANTS, ci_method=ci_method)
        assert [wide.low, wide.high] == printed("-8.4802", "4.8618")


def test_convergence_of_fisher_scoring() -> None:
    """metafor's web page on convergence problems of rma(): where its default does not converge."""
    assert [pool(*QUICK).tau2, pool(*QUICK, estimator="HE").tau2] == printed("0.19878", "0.41412")
    assert [pool(*SLOW).tau2, pool(*SLOW).estimate] == printed("0.08197", "0.767366")


@pytest.mark.parametrize(
    ("options", "low", "high"),
    [
        ({"ci_method": "wald"}, "-1.866692", "0.437628"),
        ({"ci_method": "wald", "prediction_df": "k-1"}, "-1.995342", "0.566277"),
        ({"ci_method": "wald", "prediction_df": "k-2"}, "-2.008376", "0.579311"),
        ({"ci_method": "hksj"}, "-1.996017", "0.566952"),
    ],
)
def test_prediction_intervals_of_the_bcg_trials(
    options: dict[str, str], low: str, high: str
) -> None:
    """Riley, Higgins & Deeks 2011, BMJ 342:d549, and metafor: four kinds, computed with metafor."""
    found = pool(effects_of(BCG, "RR"), **options)
    assert [found.prediction_low, found.prediction_high] == printed(low, high)

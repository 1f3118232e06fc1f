"""`pool`: what it takes, what it gives back, and what it says about it."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from analyses import BCG, EIGHT_SCHOOLS, HARD, TEACHERS, Analysis, effects_of

import equipoise as eq
from equipoise.synthesis.derived import NUMBERS
from equipoise.synthesis.pool import pool

TABLE = pd.DataFrame({"effect": [0.1, 0.5, 0.3], "variance": [0.01, 0.04, 0.09]})
NARROW = Analysis([0.10, 0.12], [0.04, 0.05])


def same(found: eq.Pooled, wanted: eq.Pooled) -> bool:
    """Whether two results have the same numbers, NaN being the same as NaN."""
    return found.to_frame().equals(wanted.to_frame())


def said(found: eq.Pooled, words: str) -> bool:
    return any(words in note for note in found.notes)


def test_it_is_the_door_of_the_package() -> None:
    assert eq.pool is pool
    assert isinstance(eq.pool([0.1], [0.2]), eq.Pooled)


def test_the_default_is_reml_with_the_interval_of_hartung_and_knapp() -> None:
    found = pool(*TEACHERS)
    assert (found.estimator, found.ci_method, found.level) == ("REML", "hksj", 0.95)
    assert same(found, pool(*TEACHERS, estimator="REML", ci_method="hksj", level=0.95))


@pytest.mark.parametrize(
    "kind", [list, tuple, np.array, pd.Series, lambda x: pd.Series(x, index=[7, 7, 7])]
)
def test_any_sequence_of_numbers_will_do(kind: type) -> None:
    effects, variances = TABLE["effect"].tolist(), TABLE["variance"].tolist()
    assert same(pool(kind(effects), kind(variances)), pool(TABLE))


@pytest.mark.parametrize("kind", ["float32", "int64", "Float64", "Int64", "object"])
def test_any_type_of_numbers_will_do(kind: str) -> None:
    column = pd.Series([1, 2, 4]).astype(kind)
    assert pool(column, column).estimate == pool([1.0, 2.0, 4.0], [1.0, 2.0, 4.0]).estimate


def test_standard_errors_do_in_place_of_variances() -> None:
    se = np.sqrt(TABLE["variance"])
    wanted = pool(TABLE).to_frame()
    for found in (
        pool(TABLE["effect"], se=se),
        pool(TABLE.assign(se=se)),
        pool(TABLE.assign(se=se).drop(columns="variance")),
    ):
        pd.testing.assert_frame_equal(found.to_frame(), wanted, rtol=1e-12)


@pytest.mark.parametrize("column", ["label", "study", "study_id"])
def test_names_of_studies_come_from_the_table(column: str) -> None:
    assert pool(TABLE.assign(**{column: ["a", "b", "c"]})).labels == ("a", "b", "c")


def test_names_can_be_given() -> None:
    assert pool(TABLE.assign(study=["a", "b", "c"]), labels=[1, 2, 3]).labels == ("1", "2", "3")
    assert pool(TABLE).labels == ("1", "2", "3")


def test_the_measure_comes_from_the_table_and_leads_back() -> None:
    found = pool(effects_of(BCG, "RR"))
    assert found.measure == "RR"
    shown = found.natural()
    assert shown.estimate == pytest.approx(math.exp(found.estimate))
    assert shown.low == pytest.approx(math.exp(found.low))
    assert shown.prediction_high == pytest.approx(math.exp(found.prediction_high))


def test_the_measure_can_be_given() -> None:
    assert pool(TABLE).measure == "GEN"
    assert pool(TABLE, measure="OR").natural().estimate == pytest.approx(
        math.exp(pool(TABLE).estimate)
    )


def test_a_reason_of_the_table_stands_and_the_row_is_left_out() -> None:
    found = pool(TABLE.assign(reason=["", "retracted", ""]))
    assert found.reasons == ("", "retracted", "")
    assert found.weights[1] == 0
    assert found.estimate == pool([0.1, 0.3], [0.01, 0.09]).estimate
    assert said(found, "2 (retracted)")


def test_a_table_that_was_saved_and_read_again_is_the_same(
    tmp_path: Path,
) -> None:
    """An empty reason comes back from a CSV file as NaN."""
    table = effects_of(BCG, "RR")
    path = tmp_path / "effects.csv"
    table.to_csv(path, index=False)
    assert pool(pd.read_csv(path)).estimate == pytest.approx(pool(table).estimate)


def test_an_effect_without_zero_cells_corrected_is_left_out_and_told() -> None:
    table = eq.effect_sizes(
        pd.DataFrame(
            [(0, 10, 0, 10), (1, 10, 3, 10), (2, 10, 5, 10)],
            columns=["events_treatment", "n_treatment", "events_control", "n_control"],
        ),
        "OR",
        drop00=True,
    )
    found = pool(table)
    assert found.k == 2
    assert len(found.effects) == 3
    assert found.weights[0] == 0
    assert found.reasons[0] == table.loc[0, "reason"] != ""


def test_the_frame_has_every_number_once() -> None:
    found = pool(*TEACHERS)
    frame = found.to_frame()
    assert frame.columns.tolist() == ["measure", *NUMBERS]
    assert frame.loc[0, "k"] == 19
    assert frame.loc[0, "tau2"] == found.tau2


def test_the_studies_come_back_in_their_order() -> None:
    found = pool([0.1, math.nan, 0.3], [0.01, 0.04, 0.09], labels=["a", "b", "c"])
    rows = found.studies
    assert rows.columns.tolist() == [
        "label", "effect", "variance", "se", "low", "high", "weight", "reason",
    ]  # fmt: skip
    assert rows["label"].tolist() == ["a", "b", "c"]
    assert rows["se"].tolist() == pytest.approx([0.1, 0.2, 0.3])
    assert rows.loc[0, "high"] == pytest.approx(0.1 + 1.959963984540054 * 0.1)
    assert rows.loc[1, "weight"] == 0
    assert rows.loc[1, "reason"] == "no effect"


def test_the_result_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        pool(TABLE).estimate = 0.0  # type: ignore[misc]


def test_the_table_given_is_left_as_it_was() -> None:
    table = effects_of(BCG, "RR")
    before = table.copy(deep=True)
    pool(table)
    pd.testing.assert_frame_equal(table, before)


def test_text_tells_the_measure_the_method_and_the_numbers() -> None:
    text = str(pool(effects_of(BCG, "RR")))
    for words in (
        "Risk ratio", "13 studies", "REML", "Hartung-Knapp", "0.49", "0.33 to 0.73",
        "prediction interval 0.14 to 1.76", "I2 92%",
    ):  # fmt: skip
        assert words in text, text


def test_text_of_one_study_pretends_nothing() -> None:
    text = str(pool([0.1], [0.04]))
    assert "1 study" in text
    assert "nan" not in text.lower()
    assert "nothing was pooled" in text


def test_zero_has_no_sign() -> None:
    text = str(pool([-1e-9, 0.0], [0.04, 0.05]))
    assert "−0.00 " not in text, text


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (pool([0.1], [0.04]), "This is one study"),
        (pool(*NARROW), "With 2 studies"),
        (pool(*NARROW), "plain one here, as the studies agree more than their sizes let expect; "),
        (pool(*HARD["A"]), "second maximum at tau2 = 0"),
        (pool([0.1, 0.2], [0.04, 0.05], labels=["a", "a"]), "a appears more than once"),
        (pool([0.1, math.nan], [0.04, 0.05]), "2 (no effect)"),
        (pool([0.1, 0.2], [0.04, math.nan]), "2 (no variance)"),
        (pool([0.1, math.nan], [0.04, math.nan]), "2 (no effect and no variance)"),
        (pool([0.1, 0.2], [0.04, math.inf]), "infinite variance"),
        (pool([0.1, 0.2], [1e-8, 1.0]), "ten million times"),
        (pool([0.1, 0.1], [0.04, 0.04]), "empty"),
        (pool(effects_of(BCG, "RR")), "in a new setting"),
    ],
)
def test_a_note_says_what_one_must_know(found: eq.Pooled, words: str) -> None:
    assert said(found, words), found.notes
    assert words in str(found)


def test_nothing_to_know_is_nothing_said() -> None:
    assert pool(*EIGHT_SCHOOLS, ci_method="wald").notes == ()


def test_no_note_blames_an_interval_that_is_not_narrow() -> None:
    assert not said(pool(*TEACHERS), "hksj-adhoc")
    assert not said(pool(*NARROW, ci_method="hksj-adhoc"), "hksj-adhoc")


def test_two_alike_studies_are_absurdly_precise_without_the_safe_choice() -> None:
    """Why the ad hoc interval is there: Röver, Knapp & Friede 2015, BMC Med Res Methodol 15:99."""
    wald, narrow, safe = (pool(*NARROW, ci_method=name) for name in ("wald", "hksj", "hksj-adhoc"))
    assert wald.estimate == pytest.approx(0.1088889, abs=5e-8)
    assert (wald.low, wald.high) == pytest.approx((-0.183285, 0.401063), abs=5e-7)
    assert narrow.se == pytest.approx(0.00993808, abs=5e-9)
    assert (narrow.low, narrow.high) == pytest.approx((-0.0173864, 0.2351642), abs=5e-8)
    assert safe.se == pytest.approx(0.1490712, abs=5e-8)
    assert (safe.low, safe.high) == pytest.approx((-1.785240, 2.003018), abs=5e-7)


def test_two_different_studies_are_wide_either_way() -> None:
    y, v = [-0.5, 0.6], [0.04, 0.05]
    for estimator in ("REML", "DL"):
        found = pool(y, v, estimator=estimator, ci_method="wald")
        assert (found.tau2, found.estimate) == pytest.approx((0.56, 0.0454545), abs=5e-8)
        assert found.se == pytest.approx(0.5499812, abs=5e-8)
        assert (found.low, found.high) == pytest.approx((-1.032489, 1.123398), abs=5e-7)
    for ci_method in ("hksj", "hksj-adhoc"):
        found = pool(y, v, ci_method=ci_method)
        assert (found.low, found.high) == pytest.approx((-6.942719, 7.033628), abs=5e-7)


def test_a_study_a_billion_times_as_precise_leaves_the_digits_of_the_others() -> None:
    found = pool([0.1, 0.5, 0.9], [1e-9, 0.1, 0.2], ci_method="wald")
    assert (found.estimate, found.tau2) == pytest.approx((0.347172, 0.091862), abs=5e-7)


def test_what_could_not_be_computed_is_told() -> None:
    found = pool([1.0, -1.0, 0.0], [0.1, 1.0, 1.0])
    assert found.converged
    stopped = replace(found, converged=False)
    assert stopped.notes == ("The search did not come to an end: what it would have found is not "
                             "given.", *found.notes)  # fmt: skip


@pytest.mark.parametrize(
    ("prediction_df", "k", "given"), [("k-2", 2, False), ("k-2", 3, True), ("k-1", 2, True)]
)
def test_a_prediction_interval_needs_degrees_of_freedom(
    prediction_df: str, k: int, given: bool
) -> None:
    found = pool([0.1, 0.5, 0.9][:k], [0.1, 0.1, 0.1][:k], prediction_df=prediction_df)
    assert math.isnan(found.prediction_low) != given


@pytest.mark.parametrize("estimator", ["CE", "DL", "REML"])
def test_one_study_has_no_likelihood_of_heterogeneity(estimator: str) -> None:
    """The restricted likelihood of one study is that of nothing: no criterion is infinite."""
    found = pool([0.3], [0.04], estimator=estimator)
    for name in ("log_likelihood", "aic", "aicc", "bic"):
        assert not math.isinf(getattr(found, name)), name


@pytest.mark.parametrize(
    ("estimator", "se", "low", "high"),
    [
        ("DL", 0.207555008590948, -1.04051432244938, -0.136067291290084),
        ("REML", 0.207860937910796, -1.04118088517644, -0.135400728563028),
        ("CE", 0.185855771826496, -0.993235746993008, -0.183345866746458),
    ],
)
def test_own_weights_take_hartung_and_knapps_factor_from_the_usual_mean(
    estimator: str, se: float, low: float, high: float
) -> None:
    """From metafor 3.8-1: rma(yi, vi, weights=1/sqrt(vi), test="knha") on BCG's log risk ratios.

    Its factor is about the mean of inverse variances; about one's own mean it would be too large.
    """
    y, v = effects_of(BCG, "RR")[["effect", "variance"]].to_numpy().T
    found = pool(y, v, weights=1 / np.sqrt(v), estimator=estimator)
    assert (found.se, found.low, found.high) == pytest.approx((se, low, high), rel=1e-8)
    many = eq.pool_many(y, v, starts=[0], weights=1 / np.sqrt(v), estimator=estimator)
    assert many["se"][0] == pytest.approx(found.se, rel=1e-12)


@pytest.mark.parametrize(
    ("effects", "variances", "measure", "says"),
    [
        ([-0.47], [0.0563], "RR", "0.625 (95% CI 0.393 to 0.995)"),  # no ratio rounds to 1
        ([-0.0004, -0.0005], [1e-8, 1e-8], "RD", "−0.00045 ("),  # no difference rounds to 0
    ],
)
def test_small_numbers_are_not_rounded_away(
    effects: list[float], variances: list[float], measure: str, says: str
) -> None:
    assert says in str(pool(effects, variances, measure=measure, ci_method="wald"))


@pytest.mark.parametrize("tau2", [np.float32(0.25), np.float64(0.25), np.int64(1), 1])
def test_a_known_tau2_may_be_any_real_number(tau2: float) -> None:
    found = pool([0.1, 0.4], [0.02, 0.03], tau2=tau2)
    assert (type(found.tau2), found.tau2) == (float, float(tau2))


def test_true_is_no_tau2() -> None:
    with pytest.raises(eq.UsageError, match="tau2 must be 0 or a positive number, got True"):
        pool([0.1, 0.4], [0.02, 0.03], tau2=True)


def test_a_double_arcsine_goes_back_with_the_harmonic_mean_of_people() -> None:
    nobody = eq.effect_sizes(pd.DataFrame({"events": [0] * 4, "n": [5, 6, 4, 5]}), "PFT")
    found = pool(nobody)
    assert found.natural().estimate == pytest.approx(0, abs=1e-12)
    assert found.natural() == found.natural(4 / (1 / 5 + 1 / 6 + 1 / 4 + 1 / 5))
    assert "0.0000 (95% CI" in str(found)
    rates = eq.effect_sizes(pd.DataFrame({"events": [3, 4], "time": [25, 60]}), "IRFT")
    assert pool(rates).natural().estimate == pytest.approx(
        pool(rates).natural(2 / (1 / 25 + 1 / 60)).estimate, rel=1e-12
    )

"""GRIM, GRIMMER and DEBIT: published examples, and every answer against all whole numbers."""

import itertools
import math
import statistics
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.appraisal.granularity import debit, grim, grimmer
from equipoise.appraisal.printed import print_like, print_root_like, read_printed
from equipoise.effects.percentages import compatible_counts
from equipoise.errors import UsageError

ROUNDINGS = (ROUND_HALF_UP, ROUND_HALF_DOWN)


def prints(value: Fraction, decimals: int) -> set[str]:
    """The ways in which a number is printed, halves away from zero or towards it."""
    with localcontext() as context:
        context.prec = 80
        number = Decimal(value.numerator) / Decimal(value.denominator)
        return {f"{number.quantize(Decimal(1).scaleb(-decimals), mode):f}" for mode in ROUNDINGS}


def root_prints(square: Fraction, decimals: int) -> set[str]:
    with localcontext() as context:
        context.prec = 80
        number = (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()
        return {f"{number.quantize(Decimal(1).scaleb(-decimals), mode):f}" for mode in ROUNDINGS}


def no_minus_zero(texts: set[str]) -> set[str]:
    return {text if float(text) else text.lstrip("-") for text in texts}


# ---- GRIM ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mean", "n", "consistent"),
    [
        ("5.27", 43, False),  # the scrutiny package's first example
        ("5.19", 28, False),  # Brown & Heathers 2017
        ("5.18", 28, True),
        ("5.21", 28, True),
        ("3.48", 20, False),
        ("3.45", 20, True),
        ("5.93", 49, False),
        ("7.22", 32, True),  # the scrutiny package's table of means
        ("4.74", 25, False),
        ("5.23", 29, False),
        ("2.57", 24, False),
    ],
)
def test_published_means(mean: str, n: int, consistent: bool) -> None:
    found = grim(mean, n)
    assert (found.consistent, found.informative) == (consistent, True)
    assert found.nearest == (mean,) if consistent else mean not in found.nearest


@pytest.mark.parametrize(
    ("percent", "n", "consistent", "nearest"),
    [
        ("22.2", 11, False, ("18.2", "27.3")),  # Prasad 2012: of those who began
        ("22.2", 9, True, ("22.2",)),  # and of those assessed
        ("76.9", 13, True, ("76.9",)),
        ("18.2", 11, True, ("18.2",)),
        ("81", 144, True, ("81",)),  # uninformative: more people than percentages
        ("50", 85, False, ("49", "51")),
        ("0", 3, True, ("0",)),
        ("99.9", 20, False, ("95.0", "100.0")),
        ("0.1", 20, False, ("0.0", "5.0")),
    ],
)
def test_percentages(percent: str, n: int, consistent: bool, nearest: tuple[str, ...]) -> None:
    found = grim(percent, n, percent=True)
    assert (found.consistent, found.nearest) == (consistent, nearest)


def test_halves_may_have_been_rounded_either_way() -> None:
    assert grim("1.12", 8).consistent  # 9/8 = 1.125
    assert grim("1.13", 8).consistent
    assert not grim("1.11", 8).consistent
    assert grim("-1.12", 8).consistent
    assert grim("12", 8, percent=True).consistent  # 1/8 = 12.5%
    assert grim("13", 8, percent=True).consistent


def test_trailing_zeros_count() -> None:
    assert grim("5.2", 28).consistent
    assert not grim("5.20", 28).consistent
    assert not grim("5.2", 28).informative


def test_the_test_says_nothing_from_ten_to_the_decimals_people_on() -> None:
    for decimals, limit in ((1, 10), (2, 100), (3, 1000)):
        value = f"{5:.{decimals}f}"
        assert grim(value, limit - 1).informative
        assert not grim(value, limit).informative
    assert grim("22.2", 999, percent=True).informative
    assert not grim("22.2", 1000, percent=True).informative
    assert not grim("5.00", 50, items=2).informative
    found = grim("5.19", 100)
    assert found.consistent
    assert "says nothing" in found.sentence


def test_items_make_finer_grains() -> None:
    assert not grim("5.19", 28).consistent
    assert grim("5.19", 28, items=3).consistent  # 436/84
    assert not grim("5.22", 14, items=2).consistent  # 146/28 = 5.214, 147/28 = 5.25


@pytest.mark.parametrize("decimals", [0, 1, 2])
@pytest.mark.parametrize("n", [1, 2, 3, 7, 8, 11, 24, 40])
@pytest.mark.parametrize("items", [1, 3])
def test_every_mean_is_judged_as_all_sums_judge_it(n: int, items: int, decimals: int) -> None:
    grains = n * items
    possible = set().union(
        *(no_minus_zero(prints(Fraction(total, grains), decimals)) for total in range(3 * grains))
    )
    for units in range(2 * 10**decimals):
        value = print_like(Fraction(units, 10**decimals), Fraction(1, 10**decimals))
        assert grim(value, n, items=items).consistent == (value in possible)


@given(
    st.lists(st.integers(-50, 50), min_size=1, max_size=60),
    st.integers(1, 4),
    st.integers(0, 4),
)
def test_real_means_are_consistent(sums: list[int], items: int, decimals: int) -> None:
    mean = Fraction(sum(sums), len(sums) * items)
    for text in prints(mean, decimals):
        assert grim(text, len(sums), items=items).consistent


@given(st.integers(2, 60), st.integers(-500, 500), st.integers(2, 4))
def test_a_mean_more_than_half_a_unit_from_every_grain_is_not(
    n: int, total: int, decimals: int
) -> None:
    unit = Fraction(1, 10**decimals)
    between = Fraction(2 * total + 1, 2 * n)  # halfway between two grains
    text = print_like(between, unit)
    far = abs(read_printed("mean", text).value - between) + unit / 2 < Fraction(1, 2 * n)
    assert not (far and grim(text, n).consistent)


@given(st.integers(0, 500), st.integers(1, 500), st.integers(0, 3))
def test_grim_agrees_with_the_counts_that_fit(events: int, n: int, decimals: int) -> None:
    percent = float(prints(Fraction(100 * min(events, n), n), decimals).pop())
    for size in (n, n + 1, 2 * n + 1):
        found = grim(f"{percent:.{decimals}f}", size, percent=True)
        assert found.consistent == bool(compatible_counts(percent, decimals, size))


# ---- GRIMMER -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mean", "sd", "n", "consistent"),
    [
        ("7.3", "2.51", 12, False),  # the scrutiny package's first example
        ("5.21", "1.6", 28, True),  # two of the rsprite2 package's tests
        ("3.44", "2.47", 18, False),
        ("7.22", "5.30", 38, False),  # the scrutiny package's table pigs5
        ("4.74", "6.55", 31, True),
        ("5.23", "2.55", 35, False),
        ("2.57", "2.57", 30, True),
        ("6.77", "2.18", 33, False),
        ("2.68", "2.59", 34, True),
        ("7.01", "6.68", 35, False),
        ("7.38", "3.65", 32, True),
        ("3.14", "5.32", 33, False),
        ("6.89", "4.18", 37, True),
        ("5.00", "2.18", 31, True),
        ("0.24", "6.43", 34, True),
    ],
)
def test_published_deviations(mean: str, sd: str, n: int, consistent: bool) -> None:
    assert grimmer(mean, sd, n).consistent == consistent


def test_only_parity_rules_out_one_of_them() -> None:
    """35 whole numbers with the sum 183: 1178 squares would fit 2.55, were 183 not odd."""
    low, high = (Fraction(sd) ** 2 * 34 + Fraction(183**2, 35) for sd in ("2.545", "2.555"))
    assert list(range(math.ceil(low), math.floor(high) + 1)) == [1178]
    assert not grimmer("5.23", "2.55", 35).consistent
    assert grimmer("5.23", "2.54", 35).consistent


def test_an_impossible_mean_leaves_no_deviation() -> None:
    found = grimmer("7.22", "5.30", 38)
    assert found.nearest == ()
    assert "cannot have the mean 7.22" in found.sentence


def test_whole_numbers_cannot_be_closer_than_their_mean_allows() -> None:
    """Ten numbers with the mean 0.5 are five 0s and five 1s at the closest."""
    least = math.sqrt(2.5 / 9)
    assert grimmer("0.5", f"{least:.2f}", 10).consistent
    assert not grimmer("0.5", "0.24", 10).consistent
    assert grimmer("0.5", "0.24", 10).nearest == ("0.53",)
    assert not grimmer("0.50", "0.00", 10**9).consistent
    assert grimmer("1.00", "0.00", 10**9).consistent


@pytest.mark.parametrize(("n", "decimals"), [(5, 1), (5, 2), (6, 2), (7, 1)])
def test_every_deviation_is_judged_as_all_whole_numbers_judge_it(n: int, decimals: int) -> None:
    possible = set()
    for values in itertools.combinations_with_replacement(range(-4, 6), n):
        mean = Fraction(sum(values), n)
        if not 0 <= mean <= 1:
            continue
        variance = sum((x - mean) ** 2 for x in values) / (n - 1)
        if variance < 3:
            possible |= set(itertools.product(prints(mean, 2), root_prints(variance, decimals)))
    means = sorted({mean for mean, _ in possible})
    assert len(means) >= n
    for mean in means:
        for units in range(int(1.5 * 10**decimals)):
            sd = print_like(Fraction(units, 10**decimals), Fraction(1, 10**decimals))
            assert grimmer(mean, sd, n).consistent == ((mean, sd) in possible), (mean, sd)


@given(
    st.lists(st.integers(-30, 30), min_size=2, max_size=50),
    st.integers(1, 4),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_real_deviations_are_consistent(
    sums: list[int], items: int, mean_decimals: int, sd_decimals: int
) -> None:
    n = len(sums)
    mean = Fraction(sum(sums), n)
    variance = sum((x - mean) ** 2 for x in sums) / (n - 1)
    for text in prints(mean / items, mean_decimals):
        for sd in root_prints(variance / items**2, sd_decimals):
            assert grimmer(text, sd, n, items=items).consistent


@given(st.lists(st.integers(0, 9), min_size=5, max_size=30), st.integers(1, 3), st.integers(1, 200))
def test_the_nearest_deviations_are_possible(values: list[int], items: int, units: int) -> None:
    n = len(values)
    mean = print_like(Fraction(sum(values), n * items), Fraction(1, 100))
    found = grimmer(mean, f"{units / 100:.2f}", n, items=items)
    assert found.nearest
    for sd in found.nearest:
        assert grimmer(mean, sd, n, items=items).consistent


def test_grimmer_says_nothing_where_every_deviation_fits() -> None:
    found = grimmer("5.21", "1.6", 28)
    assert not found.informative
    assert "says nothing" in found.sentence
    assert not grimmer("50.12", "12.34", 10**9).informative
    assert grimmer("2.68", "2.59", 34).informative


# ---- DEBIT ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mean", "sd", "n", "consistent"),
    [
        ("0.35", "0.18", 20, False),  # the scrutiny package's first example
        ("0.36", "0.11", 20, False),
        ("0.30", "0.47", 20, True),
        ("0.53", "0.50", 1683, True),  # the scrutiny package's table pigs3
        ("0.44", "0.50", 1683, True),
        ("0.77", "0.42", 1683, True),
        ("0.19", "0.35", 1683, False),
        ("0.34", "0.47", 1683, True),
        ("0.93", "0.25", 1683, True),
        ("0.12", "0.33", 1683, True),
        ("0.50", "0.503", 100, True),  # at the top of the curve, beyond both ends of the mean
        ("0.05", "0.21", 20, False),
        ("0.05", "0.22", 20, True),
        ("0.00", "0.00", 50, True),
        ("1.00", "0.00", 50, True),
        ("0.00", "0.50", 50, False),
    ],
)
def test_published_binary_deviations(mean: str, sd: str, n: int, consistent: bool) -> None:
    assert debit(mean, sd, n).consistent == consistent


def test_the_deviation_of_zeros_and_ones() -> None:
    assert statistics.stdev([1] * 6 + [0] * 14) == pytest.approx(0.4701623, abs=5e-8)
    assert debit("0.30", "0.4701623", 20).consistent
    assert debit("0.35", "0.18", 20).nearest == ("0.49",)


@pytest.mark.parametrize("n", [2, 3, 7, 8, 20, 33])
@pytest.mark.parametrize("decimals", [1, 2])
def test_every_pair_is_judged_as_all_counts_judge_it(n: int, decimals: int) -> None:
    possible = set()
    for ones in range(n + 1):
        variance = Fraction(ones * (n - ones), n * (n - 1))
        possible |= set(
            itertools.product(prints(Fraction(ones, n), decimals), root_prints(variance, 2))
        )
    for units in range(10**decimals + 1):
        mean = print_like(Fraction(units, 10**decimals), Fraction(1, 10**decimals))
        for hundredths in range(75):
            sd = f"0.{hundredths:02d}"
            found = debit(mean, sd, n)
            assert found.consistent == ((mean, sd) in possible), (mean, sd)
            assert all((mean, near) in possible for near in found.nearest)


def test_debit_of_very_many_people_answers_at_once() -> None:
    assert debit("0.5", "0.50", 10**12).consistent
    assert not debit("0.5", "0.40", 10**12).consistent


# ---- all three -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: grim(5.27, 43), r"value must be text, such as '5.20', got 5.27: a number"),
        (lambda: grim("5,27", 43), "value must be a number as printed"),
        (lambda: grim("< 5", 43), "value must be a number as printed"),
        (lambda: grim("", 43), "value must be a number as printed"),
        (lambda: grim("nan", 43), "value must be a number as printed"),
        (lambda: grim("1e301", 43), "too large"),
        (lambda: grim("5.27", 0), "n must be a whole number of at least 1, got 0"),
        (lambda: grim("5.27", 4.5), "n must be a whole number of at least 1, got 4.5"),
        (lambda: grim("5.27", True), "n must be a whole number of at least 1, got True"),
        (lambda: grim("5.27", "43"), "n must be a whole number of at least 1, got '43'"),
        (lambda: grim("5.27", math.nan), "n must be a whole number of at least 1, got nan"),
        (lambda: grim("5.27", 43, items=0), "items must be a whole number of at least 1"),
        (lambda: grim("101", 43, percent=True), "a percentage must lie between 0 and 100"),
        (lambda: grim("-1", 43, percent=True), "a percentage must lie between 0 and 100"),
        (lambda: grimmer("5.2", 1.1, 43), "sd must be text"),
        (lambda: grimmer(5.2, "1.1", 43), "mean must be text"),
        (lambda: grimmer("5.2", "-1.1", 43), "sd must not be negative"),
        (lambda: grimmer("5.2", "1.1", 1), "n must be a whole number of at least 2"),
        (lambda: debit("1.2", "0.1", 9), "mean must lie between 0 and 1"),
        (lambda: debit("0.2", "-0.1", 9), "sd must not be negative"),
        (lambda: debit("0.2", "0.1", 1), "n must be a whole number of at least 2"),
    ],
)
def test_what_cannot_be_is_refused(call: object, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        call()  # type: ignore[operator]


def test_printed_numbers_are_read_as_papers_print_them() -> None:
    assert grim("−1.12", 8).consistent  # a true minus
    assert grim(".12", 8).consistent
    assert grim(" 5.18 ", 28.0).value == "5.18"
    assert read_printed("p", "1e-3").unit == Fraction(1, 1000)
    assert read_printed("n", "1.5e3").unit == 100
    assert print_like(Fraction(15, 10), Fraction(1)) == "2"
    assert print_like(Fraction(-1, 200), Fraction(1, 100)) == "0.00"
    assert print_like(Fraction(-12, 10), Fraction(1, 100)) == "-1.20"
    assert print_like(Fraction(1540), Fraction(100)) == "1500"


@given(st.fractions(min_value=0, max_value=1000, max_denominator=500), st.integers(0, 4))
def test_roots_are_printed_as_decimals_print_them(square: Fraction, decimals: int) -> None:
    assert print_root_like(square, Fraction(1, 10**decimals)) in root_prints(square, decimals)


def test_an_answer_is_a_table_too() -> None:
    frame = grim("22.2", 11, percent=True).to_frame()
    assert list(frame.columns) == [
        "test", "value", "n", "consistent", "informative", "nearest", "sentence"
    ]  # fmt: skip
    assert frame.loc[0, "nearest"] == "18.2, 27.3"
    assert frame.loc[0, "sentence"] == (
        "No count out of 11 is 22.2%; the nearest are 2 (18.2%) and 3 (27.3%)."
    )

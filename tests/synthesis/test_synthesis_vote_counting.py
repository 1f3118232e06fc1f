"""Vote counting by direction: published p values, what must hold always, and what it refuses."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from analyses import BCG, effects_of
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from equipoise.appraisal.wording import BANNED
from equipoise.effects.proportions import proportion_interval
from equipoise.errors import UsageError
from equipoise.synthesis.directions import DIRECTIONS, direction_of, read_directions
from equipoise.synthesis.vote_counting import VoteCount, sign_test, vote_count

EFFECTS = st.lists(st.floats(-5, 5).filter(lambda x: x == 0 or abs(x) > 1e-6), min_size=1)
WORDS = st.lists(st.sampled_from(list(DIRECTIONS)), min_size=1)


@pytest.mark.parametrize(
    ("favourable", "k", "p"), [(2, 2, 0.5), (5, 6, 0.21875), (8, 11, 0.2265625), (3, 6, 1.0)]
)
def test_the_sign_test_by_counting_coins(favourable: int, k: int, p: float) -> None:
    assert sign_test(favourable, k - favourable) == pytest.approx(p, rel=1e-14)
    outcomes = sum(math.comb(k, heads) for heads in range(max(favourable, k - favourable), k + 1))
    assert p == min(1, 2 * outcomes / 2**k)


@pytest.mark.parametrize(("favourable", "k", "p"), [(9, 9, 0.0039), (5, 6, 0.2188), (1, 6, 0.2188)])
def test_hilton_boon_and_thomson_2019(favourable: int, k: int, p: float) -> None:
    """Cochrane Colloquium 2019: housing condition p = 0.0039; two other domains p = 0.2188."""
    found = vote_count([1.0] * favourable + [-1.0] * (k - favourable))
    assert found.p_value == pytest.approx(p, abs=5.1e-5)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_sign_test_is_scipys(favourable: int, unfavourable: int) -> None:
    if favourable + unfavourable:
        reference = stats.binomtest(favourable, favourable + unfavourable).pvalue
        assert sign_test(favourable, unfavourable) == pytest.approx(reference, rel=1e-9)


@pytest.mark.parametrize(
    ("favourable", "k", "low", "high"), [(10, 13, 0.4974, 0.9182), (2, 11, 0.0514, 0.4770)]
)
def test_the_share_has_the_published_wilson_interval(
    favourable: int, k: int, low: float, high: float
) -> None:
    """Wilson limits of 10/13 and 2/11, to the digits printed."""
    found = vote_count(["up"] * favourable + ["down"] * (k - favourable))
    assert (found.share, found.k, found.method) == (favourable / k, k, "wilson")
    assert [found.low, found.high] == pytest.approx([low, high], abs=5.1e-5)


@pytest.mark.parametrize("method", ["wilson", "clopper-pearson", "jeffreys"])
def test_the_interval_is_that_of_a_proportion(method: str) -> None:
    found = vote_count(["up"] * 7 + ["down"] * 2, method=method, level=0.9)
    reference = proportion_interval(7, 9, method=method, level=0.9)
    assert (found.low, found.high, found.level) == (reference.low, reference.high, 0.9)


def test_eleven_of_the_thirteen_trials_of_bcg_point_to_benefit() -> None:
    effects = effects_of(BCG, "RR")["effect"]
    found = vote_count(effects, better="lower")
    assert (found.favourable, found.unfavourable, found.ties, found.unclear) == (11, 2, 0, 0)
    assert found.p_value == pytest.approx(2 * (1 + 13 + 78) / 2**13, rel=1e-14)
    assert vote_count(np.exp(effects), better="lower", null=1) == found


@pytest.mark.parametrize("k", range(1, 6))
def test_fewer_than_six_studies_have_no_p_value(k: int) -> None:
    found = vote_count(["up"] * k)
    assert math.isnan(found.p_value)
    assert "no p value" in " ".join(found.limits)
    assert "sign test p" not in str(found)
    assert not math.isnan(vote_count(["up"] * 6).p_value)


def test_the_smallest_p_value_of_few_studies_is_told() -> None:
    assert "it would still be 0.0625" in str(vote_count(["up", "down", "up", "up", "up"]))
    assert "it would still be 0.5." in str(vote_count(["up", "down"]))


def test_ties_and_unclear_directions_are_dropped_and_counted() -> None:
    cells = [0.0, 1e-15, "none", "mixed", "not compared", "not reported", None, math.nan, "", "up"]
    found = vote_count(cells)
    assert (found.k, found.favourable, found.ties, found.unclear) == (1, 1, 3, 6)
    text = str(found)
    assert (
        "Not counted: three with exactly no difference and six with a mixed or an unknown" in text
    )
    assert "reported less often" in text


@pytest.mark.parametrize("cells", [["none", "none"], ["mixed"], [None, "not reported"]])
def test_without_any_direction_there_is_no_share(cells: list[str]) -> None:
    found = vote_count(cells)
    assert (found.k, found.ties + found.unclear) == (0, len(cells))
    assert all(map(math.isnan, (found.share, found.low, found.high, found.p_value)))
    assert "no study points one way or the other" in str(found)


@given(EFFECTS, st.randoms())
def test_the_order_has_no_bearing(effects: list[float], random: object) -> None:
    shuffled = sorted(effects, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert str(vote_count(shuffled)) == str(vote_count(effects))


@given(EFFECTS)
def test_the_other_sign_mirrors_the_count(effects: list[float]) -> None:
    found, mirrored = vote_count(effects), vote_count([-x for x in effects])
    assert (mirrored.favourable, mirrored.unfavourable) == (found.unfavourable, found.favourable)
    assert mirrored.ties == found.ties
    same = pytest.approx([1 - found.high, 1 - found.low, found.p_value], abs=1e-12, nan_ok=True)
    assert [mirrored.low, mirrored.high, mirrored.p_value] == same
    assert str(vote_count(effects, better="lower")) == str(mirrored)


@given(EFFECTS)
def test_the_size_of_effects_has_no_bearing(effects: list[float]) -> None:
    assert str(vote_count(np.sign(effects))) == str(vote_count(effects))


@given(WORDS)
def test_every_study_twice_makes_twice_the_votes_and_a_narrower_interval(words: list[str]) -> None:
    once, twice = vote_count(words), vote_count(words * 2)
    assert (twice.k, twice.favourable) == (2 * once.k, 2 * once.favourable)
    assert (twice.ties, twice.unclear) == (2 * once.ties, 2 * once.unclear)
    if once.k:
        assert twice.share == once.share
        assert twice.high - twice.low < once.high - once.low
    if once.k >= 6:
        assert twice.p_value <= once.p_value or once.p_value == 1


@given(WORDS)
def test_words_know_which_way_is_better(words: list[str]) -> None:
    assert str(vote_count(words, better="lower")) == str(vote_count(words))


@given(st.floats(-1e6, 1e6), st.sampled_from([0.0, 1.0]))
def test_a_direction_turns_with_the_better_side(effect: float, null: float) -> None:
    turned = {"up": "down", "down": "up", "none": "none"}
    found = direction_of(effect, null, "higher")
    assert direction_of(effect, null, "lower") == turned[found]
    assert found == ("up" if effect > null else "down") or math.isclose(
        effect, null, rel_tol=1e-9, abs_tol=1e-9
    )


def test_effects_in_every_form() -> None:
    as_list = read_directions([0.5, -2, 0, None])
    assert as_list == ("up", "down", "none", "not reported")
    for form in (
        (0.5, -2, 0, math.nan),
        np.array([0.5, -2, 0, np.nan]),
        pd.Series([0.5, -2, 0, None]),
        pd.Series([0.5, -2, 0, pd.NA], dtype="Float64"),
    ):
        assert read_directions(form) == as_list
    assert read_directions([math.inf, -math.inf]) == ("up", "down")


def test_the_frame_is_the_count() -> None:
    found = vote_count(["up"] * 5 + ["down", "none"])
    row = found.to_frame().iloc[0]
    assert len(found.to_frame()) == 1
    for name in VoteCount.__dataclass_fields__:
        assert row[name] == getattr(found, name)


def test_its_text_says_what_it_cannot_show() -> None:
    found = vote_count(["up"] * 5 + ["down"])
    text = str(found)
    head, limits = text.split("\nWhat this cannot show\n")
    assert head.startswith(
        "Vote count by direction: 5 of 6 studies point to benefit\n  83% (95% CI "
    )
    assert "Wilson); sign test p = 0.22" in head
    assert "a small study as much as a large one" in limits
    assert "Nikolakopoulos 2020" in limits
    assert repr(found) == text
    page = found._repr_html_()
    for sentence in (*found.lines, *found.limits):
        assert sentence in page
    for word in BANNED:
        assert word not in text.lower()


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "nothing": (lambda: vote_count([]), "nothing to count"),
    "a word": (lambda: vote_count(["up", "positive"]), "row 2: 'positive' is neither a number"),
    "significance": (lambda: vote_count([True, False]), "row 1: True is neither"),
    "a number as text": (lambda: vote_count(["0.5"]), "row 1: '0.5' is neither"),
    "a table": (lambda: vote_count(pd.DataFrame({"effect": [1.0]})), 'table["effect"]'),
    "one word": (lambda: vote_count("up"), "one direction, or one effect, a study"),
    "one number": (lambda: vote_count(0.5), "one direction, or one effect, a study"),
    "two dimensions": (lambda: vote_count(np.ones((2, 2))), "not several dimensions"),
    "better than what": (lambda: vote_count([1.0], better="up"), '"higher" or "lower"'),
    "no null": (lambda: vote_count([1.0], null=math.nan), "null is nan"),
    "a null as text": (lambda: vote_count([1.0], null="0"), "null is '0'"),
    "a method": (lambda: vote_count([1.0], method="wald"), "unknown method 'wald'"),
    "a method and no vote": (lambda: vote_count(["none"], method="wald"), "unknown method"),
    "a level": (lambda: vote_count([1.0], level=95), "level must lie between 0 and 1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_told(name: str) -> None:
    call, words = REFUSED[name]
    with pytest.raises(UsageError) as refused:
        call()
    assert words in str(refused.value)


def test_many_faults_are_one_error() -> None:
    with pytest.raises(UsageError, match="and 5 more") as refused:
        vote_count(["yes"] * 15)
    assert str(refused.value).startswith("a direction is an effect, or one of: up, down, none")

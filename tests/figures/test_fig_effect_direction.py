import math

import pandas as pd
import pytest
from drawing import assert_readable, found, parses_no_math, texts
from matplotlib import pyplot as plt
from small_base import write_small_base

import equipoise as eq
from equipoise.appraisal.effect_directions import EffectDirections, effect_directions
from equipoise.figures.drawn import drawn
from equipoise.figures.effect_direction import effect_direction
from equipoise.synthesis.directions import DIRECTIONS

POINTING = ("up", "down", "mixed")


def cell(study, domain, direction, *, design="rct", n=100.0, comparisons=1):
    return {
        "study_id": study, "label": study, "design": design,
        "allocation": "random" if design == "rct" else "", "directness": "direct", "n": n,
        "domain": domain, "direction": direction, "outcomes": domain, "comparisons": comparisons,
        "without_direction": comparisons if direction.startswith("not") else 0,
    }  # fmt: skip


def made(*cells):
    return EffectDirections(cells=pd.DataFrame(list(cells)))


CELLS = (
    cell("Alpha", "pain", "up", n=20.0),
    cell("Alpha", "function", "down", n=20.0, comparisons=3),
    cell("Beta", "pain", "mixed", n=50.0, comparisons=2),
    cell("Beta", "function", "none", n=50.0),
    cell("Gamma", "pain", "not compared", design="single_arm", n=math.nan),
    cell("Gamma", "harm", "not reported", design="single_arm", n=math.nan),
)


def many(count, domains=3):
    words = list(DIRECTIONS)
    return made(*(
        cell(f"Author {i}", f"domain {j}", words[(i + j) % 6], n=10.0 * i, comparisons=1 + i % 13)
        for i in range(count) for j in range(domains)
    ))  # fmt: skip


def place(mark):
    return mark.get_xdata()[0], mark.get_ydata()[0]


def marks(ax, direction):
    return [mark for mark in found(ax, direction) if mark.get_markersize()]


def test_every_direction_stands_under_its_domain_and_beside_its_study():
    ax = effect_direction(made(*CELLS))
    heads = {text.get_text(): text.get_position()[0] for text in found(ax, "domain")}
    assert list(heads) == ["Pain", "Function", "Harm"]
    drawn_at = {word: place(marks(ax, word)[0]) for word in DIRECTIONS}
    assert drawn_at["up"][0] == drawn_at["mixed"][0] == pytest.approx(heads["Pain"])
    assert drawn_at["down"][0] == drawn_at["none"][0] == pytest.approx(heads["Function"])
    assert drawn_at["not reported"][0] == pytest.approx(heads["Harm"])
    assert drawn_at["up"][1] == drawn_at["down"][1] < drawn_at["mixed"][1]
    assert texts(ax, "study") == ["Alpha", "Beta", "Gamma"]
    assert texts(ax, "section") == ["Randomised trial", "Uncontrolled result"]


def test_shapes_tell_directions_apart():
    shapes = {word: marks(effect_direction(made(*CELLS)), word)[0] for word in DIRECTIONS}
    assert len({shape.get_marker() for shape in shapes.values()}) == len(DIRECTIONS)
    assert (shapes["up"].get_marker(), shapes["down"].get_marker()) == ("^", "v")


def test_arrows_grow_with_the_people():
    sizes = [
        marks(effect_direction(made(cell("A", "pain", "up", n=n))), "up")[0].get_markersize()
        for n in (math.nan, 49, 50, 300, 301)
    ]
    assert sizes[0] == sizes[1] < sizes[2] == sizes[3] < sizes[4]
    frame = drawn(effect_direction(made(*CELLS))).frame
    assert frame["arrow"].tolist() == ["small", "small", "medium", "medium", "small", "small"]
    assert texts(effect_direction(made(*CELLS)), "people") == ["20", "50", "–"]


def test_comparisons_are_counted_beside_what_stands_for_several():
    ax = effect_direction(made(*CELLS))
    assert texts(ax, "comparisons") == ["3", "2"]
    assert "how many comparisons" in " ".join(texts(ax, "legend"))
    alone = effect_direction(made(cell("A", "pain", "up")))
    assert "how many comparisons" not in " ".join(texts(alone, "legend"))


def test_the_key_explains_what_occurs_and_nothing_else():
    key = " ".join(texts(effect_direction(made(cell("A", "pain", "up"))), "legend"))
    assert "towards benefit" in key
    assert "50 to 300 people" in key
    assert "away" not in key
    assert "more than 300" not in key


def test_a_domain_too_long_for_its_column_gets_a_number():
    cells = [cell("A", f"incomprehensibility {i}", "up") for i in range(8)]
    ax = effect_direction(made(*cells))
    assert texts(ax, "domain") == [str(i) for i in range(1, 9)]
    assert "1: incomprehensibility 0; 2: " in " ".join(texts(ax, "domain key"))


def test_alt_text_and_caveat():
    parts = drawn(effect_direction(made(*CELLS)))
    assert parts.alt == (
        "Effect direction plot, 3 rows of studies by 3 domains; up is towards benefit. Pain: 1 up, "
        "1 mixed, 1 not compared. Function: 1 down, 1 none. Harm: 1 not reported."
    )
    (caveat,) = parts.caveats
    assert caveat.sentence.startswith("A direction is that of the estimate alone")


def test_nothing_to_show_and_too_many_domains_are_said():
    with pytest.raises(eq.UsageError, match="no direction to show"):
        effect_direction(EffectDirections(cells=pd.DataFrame([CELLS[0]]).iloc[:0]))
    with pytest.raises(eq.UsageError, match="30 domains need at least"):
        effect_direction(many(2, domains=30))


@pytest.mark.parametrize("count", [1, 2, 13, 60])
@pytest.mark.parametrize("domains", [1, 5, 12])
def test_texts_keep_apart(count, domains):
    assert_readable(effect_direction(many(count, domains)))


def test_two_hundred_rows():
    ax = effect_direction(many(200))
    assert len(texts(ax, "study")) == 200


@pytest.mark.parametrize("name", ["$x^2$ & <b>", "دراسة عشوائية طويلة", "A very long name " * 8])
def test_hostile_names_survive(name):
    ax = effect_direction(made(cell(name, name, "up"), cell("B", "pain", "mixed")), title=name)
    assert_readable(ax)
    assert parses_no_math(ax)


def test_it_is_readable_in_one_column_of_a_journal():
    figure = plt.figure(figsize=(85 / 25.4, 5))
    assert_readable(effect_direction(many(5), ax=figure.add_axes((0.02, 0.02, 0.96, 0.88))))


def test_bases(tmp_path, evidence):
    base = eq.load_evidence(write_small_base(tmp_path / "base"))
    for one in (base, evidence):
        directions = effect_directions(one)
        ax = effect_direction(directions)
        assert_readable(ax)
        told = directions.cells["direction"].value_counts()
        for word in POINTING:
            assert len(marks(ax, word)) == told.get(word, 0)

"""Run the caveat rules over the facts of an analysis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from equipoise.appraisal.caveat import SEVERITIES, Caveat, Rule
from equipoise.appraisal.facts import Facts, Row
from equipoise.appraisal.rules import RULES
from equipoise.appraisal.triggers import has_numbers
from equipoise.display import numbers

_ENOUGH = 3
"""From as many studies on, what is true of each of them is said once."""


def find_caveats(facts: Facts, rules: Iterable[Rule] = RULES) -> tuple[Caveat, ...]:
    """Return the caveats that `rules` raise, the most severe first, each sentence once."""
    found: dict[str, Caveat] = {}
    for rule in rules:
        raised = [rule.caveat(facts, rows) for rows in _portions(facts, rule)]
        for caveat in _once(facts, rule, [caveat for caveat in raised if caveat]):
            twin = found.get(caveat.sentence, caveat)
            studies = tuple(dict.fromkeys((*twin.studies, *caveat.studies)))
            found[caveat.sentence] = replace(twin, studies=studies)
    return tuple(sorted(found.values(), key=lambda c: (SEVERITIES.index(c.severity), c.code)))


def _portions(facts: Facts, rule: Rule) -> Iterator[tuple[Row, ...]]:
    """The rows a rule judges together. What reports nothing is judged only as part of the whole."""
    pooled = facts.together and facts.together.row
    if rule.each == "analysis":
        yield facts.rows
    elif rule.each in ("study", "design"):
        yield from facts.grouped("study_id" if rule.each == "study" else "design", "directness")
    elif pooled and rule.each in ("pooled", "result"):
        yield (pooled,)
    elif rule.each != "pooled":
        yield from ((row,) for row in facts.rows if has_numbers(row))


def _once(facts: Facts, rule: Rule, raised: list[Caveat]) -> list[Caveat]:
    """Say once what a rule has to say of several studies in the same words."""
    if not rule.together:
        return raised
    alike: dict[tuple[tuple[str, float | str], ...], list[Caveat]] = {}
    for caveat in raised:
        own = tuple((name, value) for name, value in caveat.numbers.items() if name != "study")
        alike.setdefault(own, []).append(caveat)
    told = []
    for own, group in alike.items():
        studies = tuple(dict.fromkeys(label for caveat in group for label in caveat.studies))
        if len(studies) < _ENOUGH:
            told += group
            continue
        slots = {**dict(own), "which": which(studies, facts)}
        sentence = numbers.upper_first(rule.together.format_map(slots))
        told.append(replace(group[0], sentence=sentence, numbers=slots, studies=studies))
    return told


def which(studies: tuple[str, ...], facts: Facts) -> str:
    """Return `all 13 studies`, or how many of them, and which, by the shorter of two lists."""
    every = dict.fromkeys(str(row["label"]) for row in facts.rows if has_numbers(row))
    others = [label for label in every if label not in studies]
    if not others:
        return f"all {numbers.word(len(every))} studies"
    few = len(others) < len(studies)
    names = f"all but {numbers.listing(others)}" if few else numbers.listing(list(studies))
    return f"{numbers.word(len(studies))} of the {numbers.word(len(every))} studies ({names})"

"""Run the caveat rules over the facts of an analysis."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from equipoise.appraisal.caveat import SEVERITIES, Caveat, Rule
from equipoise.appraisal.facts import Facts, Row
from equipoise.appraisal.rules import RULES
from equipoise.appraisal.triggers import has_numbers


def find_caveats(facts: Facts, rules: Iterable[Rule] = RULES) -> tuple[Caveat, ...]:
    """Return the caveats that `rules` raise, the most severe first, each sentence once."""
    found: dict[str, Caveat] = {}
    for rule in rules:
        for rows in _portions(facts, rule):
            caveat = rule.caveat(facts, rows)
            if caveat is None:
                continue
            twin = found.get(caveat.sentence)
            if twin is not None:
                studies = tuple(dict.fromkeys((*twin.studies, *caveat.studies)))
                caveat = replace(twin, studies=studies)
            found[caveat.sentence] = caveat
    return tuple(sorted(found.values(), key=lambda c: (SEVERITIES.index(c.severity), c.code)))


def _portions(facts: Facts, rule: Rule) -> Iterator[tuple[Row, ...]]:
    """The rows a rule judges together. What reports nothing is judged only as part of the whole."""
    if rule.each == "analysis":
        yield facts.rows
    elif rule.each in ("study", "design"):
        yield from facts.grouped("study_id" if rule.each == "study" else "design", "directness")
    else:
        yield from ((row,) for row in facts.rows if has_numbers(row))

"""Write docs/caveats.md: every rule, when it fires, and what it then says.

    python docs/write_caveats.py

The example of a rule is taken from the evidence bases; of a rule that none of them fires, from the
facts that its tests are made of.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "appraisal"))

from rule_cases import CASES

import equipoise as eq
from equipoise.appraisal.caveat import SEVERITIES, Caveat, Rule
from equipoise.appraisal.engine import find_caveats
from equipoise.appraisal.framing import (
    audit_caveats,
    benchmark_caveats,
    funnel_caveats,
    map_caveats,
)
from equipoise.appraisal.framing_appraisal import bias_caveats, direction_caveats, flow_caveats
from equipoise.appraisal.rules import RULES
from equipoise.appraisal.summary import summarize_all
from equipoise.evidence.coverage import coverage
from equipoise.evidence.screening import mismatches
from equipoise.evidence.thresholds import CUSTOMARY

HERE = Path(__file__).parent
_SELECTION = [("records_screened", "", 372.0), ("records_excluded", "", 360.0),
              ("dbr_sought_reports", "", 13.0)]  # fmt: skip
PAGE = HERE / "caveats.md"
INTRO = """# Caveats: what a number cannot show, by rule

*Written by `make docs` from `src/equipoise/appraisal/`. `equipoise rules` prints them.*

Every rule looks at named data and at nothing else. It fires or it does not, and then says one
sentence, which goes wherever the number goes. `block` stops a calculation; `high`, `medium` and
`info` follow. What a rule takes off the suggested certainty counts once a domain, two levels at the
most. Thresholds marked *customary* are habits of the field, not derived; a review may draw its own
lines in the table `[thresholds]` of `review.toml`, and then caveat C36 says so.
"""


def page() -> str:
    """Return the page."""
    bases = [
        eq.load_evidence(path.parent)
        for path in sorted((HERE.parent / "evidence").glob("*/review.toml"))
    ]
    seen: dict[tuple[str, str], str] = {}
    for base in bases:
        for summary in summarize_all(base):
            for caveat in summary.caveats:
                where = f"{base.review.title}, {summary.outcome['label'].lower()}"
                seen.setdefault((caveat.code, caveat.title), f"> {caveat.sentence} *({where})*")
    parts = [INTRO, _index(), *(_section(rule, seen) for rule in RULES)]
    parts += ["## Caveats of figures", *_of_figures(bases)]
    parts += ["## Thresholds", _thresholds()]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _index() -> str:
    lines = ["| code | severity | domain | about |", "|---|---|---|---|"]
    lines += [f"| {r.code} | {r.severity} | {r.domain} | {r.title} |" for r in RULES]
    return "\n".join(lines)


def _section(rule: Rule, seen: dict[tuple[str, str], str]) -> str:
    example = seen.get((rule.code, rule.title)) or f"> {_by_hand(rule)} *(made up)*"
    lowers = f", lowers certainty by {rule.lowers}" if rule.lowers else ""
    customary = ", customary" if rule.rule_of_thumb else ""
    return (
        f"## {rule.code}: {rule.title}\n\n"
        f"*{rule.severity}; {rule.domain}{lowers}{customary}.* "
        f"Fires when {rule.stated(CUSTOMARY)}.\n\n{example}\n\nSource: {rule.reference}."
    )


def _by_hand(rule: Rule) -> str:
    fired = next(case for case in CASES[rule.code, rule.title] if case.says is not None)
    return find_caveats(fired.facts, [rule])[0].sentence


def _of_figures(bases: list[eq.Evidence]) -> Iterator[str]:
    """Those of figures by themselves."""
    base = next(base for base in bases if len(base.table("claims")))
    found: tuple[Caveat, ...] = (
        *benchmark_caveats(),
        *map_caveats(coverage(base)),
        *audit_caveats(eq.audit_claims(base)),
        *funnel_caveats(5),
        *bias_caveats(judged=1, unjudged=["A 2020"]),
        *flow_caveats(mismatches(_SELECTION), recorded=True),
        *flow_caveats([], recorded=False),
        *direction_caveats(eq.effect_directions(base)),
    )
    for caveat in sorted(found, key=lambda c: (SEVERITIES.index(c.severity), c.code)):
        yield (
            f"**{caveat.code}: {caveat.title}** ({caveat.severity}; {caveat.domain}). "
            f"{caveat.sentence} Source: {caveat.reference}."
        )


def _thresholds() -> str:
    lines = ["| name | customary | what it is |", "|---|---|---|"]
    for name, meaning in CUSTOMARY.describe().items():
        lines.append(f"| `{name}` | {getattr(CUSTOMARY, name):g} | {meaning} |")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")

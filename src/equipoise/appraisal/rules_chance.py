"""The caveat rules about chance, agreement, directness and unpublished results.

See `rules` for what a row is.
"""

from equipoise.appraisal import (
    references,
    triggers,
    triggers_exaggeration,
    triggers_pooled,
    triggers_reporting,
    triggers_size,
)
from equipoise.appraisal.caveat import Rule

CHANCE: tuple[Rule, ...] = (
    Rule(
        code="C07", domain="inconsistency", severity="high", each="design",
        title="the only study of its kind",
        condition="one study of its design, not a review, reports a number; consistency cannot be "
        "judged, which by itself lowers nothing",
        sentence="{study} is the only study of its kind here ({people}); one study cannot show "
        "whether its results repeat.",
        reference=references.GRADE_7, look=triggers.one_study,
    ),
    Rule(
        code="C08", domain="imprecision", severity="high", each="result", lowers=1,
        title="fewer people than a reliable answer needs",
        condition="people < optimal information size (power {power:.0%}, alpha {alpha:.0%}, the "
        "plan's relative reduction of the bad event); two levels below half of it",
        sentence="{study} had {people}; a reliable answer would need about {needed}, enough to see "
        "a {change} ({start}).",
        reference=references.GRADE_6, look=triggers_size.too_few_people,
    ),
    Rule(
        code="C09", domain="imprecision", severity="medium", each="result", lowers=1,
        title="few events",
        condition="a comparison with fewer than {few_events:g} events, or {few_people:g} people "
        "for a continuous outcome",
        sentence="In {study} only {seen}, so chance could easily change the result.",
        reference=references.GRADE_6, look=triggers_size.few_events, rule_of_thumb=True,
    ),
    Rule(
        code="C37", domain="imprecision", severity="medium", each="result", lowers=1,
        title="how many people is not reported",
        condition="of a comparison, neither the people (and the starting risk of an event) nor the "
        "people with the outcome are reported, and what is reported is not enough by C08 or C09",
        sentence="How many people {what} {study} is not reported{known}, so it cannot be judged "
        "whether they are enough.",
        reference=references.GRADE_6, look=triggers_size.size_unknown,
    ),
    Rule(
        code="C10", domain="imprecision", severity="high", each="result", lowers=2,
        title="benefit, no difference and harm all fit",
        condition="the interval, of an event that of the risk difference at the starting risk, "
        "reaches beyond the minimal important difference on both sides (without one: ratio "
        "{ratio_benefit:g} and {ratio_harm:g}, SMD {smd_important:g})",
        sentence="The data of {study} fit a worthwhile benefit, no difference and a worthwhile "
        "harm ({measure} {interval}{at}; {limits} would matter).",
        reference=references.GRADE_34, look=triggers.wide_interval, rule_of_thumb=True,
    ),
    Rule(
        code="C10", domain="imprecision", severity="medium", each="result", lowers=1,
        title="no difference and one that matters both fit",
        condition="the interval holds no difference and reaches beyond one of these limits, not "
        "both",
        sentence="The data of {study} fit no difference as well as one that would matter "
        "({measure} {interval}{at}; {limits} would matter).",
        reference=references.GRADE_34, look=triggers.difference_open, rule_of_thumb=True,
    ),
    Rule(
        code="C10", domain="imprecision", severity="medium", each="result", lowers=1,
        title="nobody said which difference matters",
        condition="the interval of a mean or risk difference holds 0, and outcomes.csv gives no "
        "minimal important difference",
        sentence="Whether the difference in {study} matters cannot be judged: its interval holds "
        "no difference ({measure} {interval}), and nobody said which difference would matter.",
        reference=references.GRADE_34, look=triggers.unknown_importance,
    ),
    Rule(
        code="C10", domain="imprecision", severity="high", each="result", lowers=2,
        title="no interval",
        condition="an effect or a change is reported, and nothing from which its interval follows",
        sentence="No interval is reported for the result of {study}, so how far chance could have "
        "moved it cannot be judged.",
        together="No interval is reported for the results of {which}, so how far chance could have "
        "moved them cannot be judged.",
        reference=references.GRADE_34, look=triggers.no_interval,
    ),
    Rule(
        code="C11", domain="imprecision", severity="medium", each="result",
        title="hangs on very few people",
        condition="a randomised trial with Fisher p < {alpha:g} whose fragility index (smaller "
        "of both codings) is at most the larger of {fragile:g} and the number lost, which by "
        "itself lowers nothing: whatever is just past the line is fragile, of however many people",
        sentence="If {changed} in {study} had had a different outcome, the result would no longer "
        "stand out from chance ({p_value} as it is; {lost}).",
        reference=references.WALSH, look=triggers.fragile, rule_of_thumb=True,
    ),
    Rule(
        code="C12", domain="imprecision", severity="medium", each="result",
        title="can only stand out by overestimating",
        condition="the interval of a single study excludes no difference, and its power is below "
        "{low_power:.0%} for the plan's relative reduction of the bad event (for means, the "
        "minimal important difference, or SMD {smd_important:g})",
        sentence="A study as small as {study} can hardly stand out from chance without "
        "overestimating: if the true effect were {effect}, it would do so in {power} of cases, and "
        "then show an effect about {times} times too large{scale}.",
        reference=references.GELMAN, look=triggers_exaggeration.exaggerated,
    ),
    Rule(
        code="C13", domain="imprecision", severity="info", each="result",
        title="none seen is not none possible",
        condition="a group without a single event",
        sentence="In {study} none of {n} had the outcome; that is still compatible with up to "
        "{upper_text} in 1000.",
        reference=references.HANLEY, look=triggers.nobody_affected,
    ),
    Rule(
        code="C14", domain="inconsistency", severity="high", each="pooled",
        title="few studies combined",
        condition="2 to {few_combined:g} studies are combined, not under the common-effect model",
        sentence="Only {studies} studies are combined: how much results differ between studies can "
        "hardly be estimated, and the interval rests on that estimate.",
        reference=references.BENDER, look=triggers_pooled.few_pooled, rule_of_thumb=True,
    ),
    Rule(
        code="C15", domain="inconsistency", severity="medium", each="pooled", lowers=1,
        title="the opposite is possible in a new setting",
        condition="at least 3 studies are combined, and the prediction interval includes no "
        "difference while the confidence interval does not",
        sentence="On average the studies give {measure} {estimate}, but in a new setting it could "
        "be anything from {prediction}, no difference and the opposite included.",
        reference=references.INTHOUT, look=triggers_pooled.open_elsewhere,
    ),
    Rule(
        code="C16", domain="inconsistency", severity="medium", each="pooled", lowers=1,
        title="studies disagree more than chance explains",
        condition="studies are combined, I² is {much_heterogeneity:.0%} or more, "
        "and its interval lies above 0 or Cochran's test speaks against chance alone",
        sentence="The studies disagree more than chance explains: I² is {i2}{known}, the share of "
        "the spread of their results that chance does not account for.",
        reference=references.GRADE_7, look=triggers_pooled.much_spread, rule_of_thumb=True,
    ),
    Rule(
        code="C16", domain="inconsistency", severity="medium", each="design", lowers=1,
        title="studies disagree",
        condition="the intervals of two studies of one design, not combined, do not overlap",
        sentence="The studies disagree more than chance explains: {measure} {low} in {low_study}, "
        "{high} in {high_study}.",
        reference=references.GRADE_7, look=triggers.disjoint,
    ),
    Rule(
        code="C17", domain="publication bias", severity="info", each="analysis",
        title="unpublished results cannot be looked for",
        condition="fewer than {few_studies:g} studies with numbers",
        sentence="With {studies} it cannot be checked whether unfavourable results went "
        "unpublished.",
        reference=references.STERNE, look=triggers.few_studies, rule_of_thumb=True,
    ),
    Rule(
        code="C17", domain="publication bias", severity="info", each="analysis",
        title="unpublished results were not looked for",
        condition="{few_studies:g} or more studies with numbers: whether small ones differ from "
        "large ones could be tested, and nobody did",
        sentence="Whether small studies differ from large ones was not looked into here.",
        reference=references.STERNE, look=triggers.not_looked_into, rule_of_thumb=True,
    ),
    Rule(
        code="C18", domain="publication bias", severity="medium", each="analysis", lowers=1,
        title="small evidence, paid for by industry",
        condition="no known arm of {small_arm:g} people, and at least half of the studies "
        "known to be paid for by industry, wholly or partly",
        sentence="The evidence is small (at most {largest} in a group) and {who}: a pattern in "
        "which unfavourable results are often missing.",
        reference=references.GRADE_5, look=triggers.early_and_small, rule_of_thumb=True,
    ),
    Rule(
        code="C20", domain="indirectness", severity="medium", each="row", lowers=1,
        title="not quite the question asked",
        condition="condition, intervention or time differ from the review's question",
        sentence="{study} differs from the question asked: {differences}.",
        together="{which} differ from the question asked: {differences}.",
        reference=references.GRADE_8, look=triggers.another_question,
    ),
    Rule(
        code="C20", domain="indirectness", severity="medium", each="row",
        title="time not reported",
        condition="how long after the start it was measured is not reported, which by itself "
        "lowers nothing: the time may be the one asked about",
        sentence="How long people in {study} were followed is not reported.",
        together="For {which}, how long people were followed is not reported.",
        reference=references.GRADE_8, look=triggers.time_unknown,
    ),
    Rule(
        code="C22", domain="imprecision", severity="medium", each="result",
        title="number to treat runs through infinity",
        condition="the interval of the risk difference includes zero, which by itself lowers "
        "nothing: a precise null includes it too",
        sentence="The number needed to treat in {study} has no single value: {number} (NNTB: "
        "for one more to benefit, NNTH: for one more to be harmed).",
        reference=references.ALTMAN, look=triggers.either_way,
    ),
    Rule(
        code="C23", domain="imprecision", severity="high", each="row", lowers=2,
        title="percentages without counts",
        condition="percentages are all there is: neither counts nor the number of people",
        sentence="The percentages of {study} come without counts: of how many people they are is "
        "not reported, so they cannot be checked and have no interval.",
        reference=references.GRIM, look=triggers_reporting.percentage_of_nobody,
    ),
)  # fmt: skip

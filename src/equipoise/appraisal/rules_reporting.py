"""The caveat rules about reporting: what is missing, unchecked, or said beyond it.

See `rules` for what a row is.
"""

from equipoise.appraisal import (
    references,
    triggers,
    triggers_pooled,
    triggers_reporting,
    triggers_unreproduced,
)
from equipoise.appraisal.caveat import Rule

REPORTING: tuple[Rule, ...] = (
    Rule(
        code="C06", domain="reporting", severity="block", each="analysis",
        title="different designs, not combined",
        condition="a randomised trial stands beside another design or an indirect review",
        sentence="There {are} {designs}: they are shown side by side and were not combined.",
        reference=references.HANDBOOK_13_2, look=triggers.mixed_designs,
    ),
    Rule(
        code="C19", domain="reporting", severity="medium", each="row",
        title="industry paid",
        condition="funding is industry or mixed",
        sentence="Industry paid for {study}, wholly or partly; across studies, those paid for by "
        "the maker reach favourable conclusions about 1.3 times as often.",
        together="Industry paid for {which}, wholly or partly; across studies, those paid for by "
        "the maker reach favourable conclusions about 1.3 times as often.",
        reference=references.LUNDH, look=triggers_reporting.maker_paid,
    ),
    Rule(
        code="C19", domain="reporting", severity="info", each="row",
        title="who paid is not reported",
        condition="nobody reports who paid",
        sentence="Who paid for {study} is not reported in what was read.",
        together="For {which}, who paid is not reported in what was read.",
        reference=references.LUNDH, look=triggers_reporting.payer_unknown,
    ),
    Rule(
        code="C21", domain="reporting", severity="medium", each="result",
        title="relative only",
        condition="a ratio is shown and no starting risk is known",
        sentence="For {study} only a relative effect is known ({measure}); how many people out of "
        "100 that is cannot be said, because the starting risk is unknown.",
        reference=references.HANDBOOK_12_5, look=triggers_reporting.no_starting_risk,
    ),
    Rule(
        code="C23", domain="reporting", severity="high", each="row",
        title="a percentage of fewer people than began",
        condition="a percentage does not follow from the people its group began with",
        sentence="The {percent}% {study} is {events} of {n}; {events} of the {began} the group "
        "began with would be {instead}%.",
        reference=references.GRIM, look=triggers_reporting.percentage_of_whom,
    ),
    Rule(
        code="C24", domain="reporting", severity="high", each="row",
        title="a p value on the other side of 0.05",
        condition="the reported p value lies on one side of 0.05, and all that its counts, its "
        "interval or its statistic give lie on the other",
        sentence="We could not reproduce the reported p value of {study}, {reported}: "
        "{recomputed}, on the other side of 0.05.",
        reference=references.STATCHECK, look=triggers_unreproduced.p_value_crosses,
    ),
    Rule(
        code="C24", domain="reporting", severity="medium", each="row",
        title="a p value that could not be reproduced",
        condition="the reported p value is none of those that its counts, its interval or its "
        "statistic give, within rounding",
        sentence="We could not reproduce the reported p value of {study}, {reported}: "
        "{recomputed}.",
        reference=references.STATCHECK, look=triggers_unreproduced.p_value_differs,
    ),
    Rule(
        code="C24", domain="reporting", severity="medium", each="row",
        title="estimate and interval do not fit",
        condition="a reported estimate lies outside its interval, or off its middle by more than "
        "rounding explains",
        sentence="The estimate and the interval that {study} reports do not fit each other: "
        "{fault}.",
        reference=references.FROM_INTERVAL, look=triggers_unreproduced.interval_does_not_fit,
    ),
    Rule(
        code="C25", domain="reporting", severity="high", each="analysis", about="claims",
        title="claims go further than the evidence",
        condition="a claim about this outcome is audited as overstated, contradicted, said of "
        "others, or not in its source",
        sentence="{which} about this outcome {say} more than the evidence here bears: "
        "{such_as}“{claim}” ({verdict}).",
        reference=references.LAZARUS, look=triggers_reporting.claims_go_further,
    ),
    Rule(
        code="C25", domain="reporting", severity="info", each="analysis", about="claims",
        title="claims that could not be checked",
        condition="a claim about this outcome is audited as not verifiable",
        sentence="{which} about this outcome could not be checked here: {such_as}“{claim}”.",
        reference=references.HERE, look=triggers_reporting.claims_unchecked,
    ),
    Rule(
        code="C27", domain="reporting", severity="high", each="row",
        title="the paper itself was not read",
        condition="the study's own source is not_read",
        sentence="The paper of {study} was not available here; its numbers are those of "
        "{account}.",
        together="The papers of {which} were not available here; their numbers are those of "
        "{account}.",
        reference=references.HERE, look=triggers_reporting.paper_not_read,
    ),
    Rule(
        code="C33", domain="reporting", severity="medium", each="row",
        title="one group of a comparison",
        condition="the analysis is of one group (PR), but the study compared it with another",
        sentence="{study} compared with {comparator}; this analysis shows the treated group alone, "
        "and a measure of two groups in review.toml would show both.",
        reference=references.HERE, look=triggers.one_group_of_two,
    ),
    Rule(
        code="C35", domain="reporting", severity="medium", each="pooled",
        title="what to know about the pooled estimate",
        condition="the pooled estimate has notes that C14 and C15 do not say",
        sentence="{notes}.",
        reference=references.HERE, look=triggers_pooled.to_know,
    ),
    Rule(
        code="C28", domain="reporting", severity="medium", each="analysis", about="silent",
        title="measured, but no number found",
        condition="a study reports the outcome without any number",
        sentence="No number was found for this outcome in {studies}.",
        reference=references.HERE, look=triggers_reporting.no_numbers,
    ),
    Rule(
        code="C28", domain="reporting", severity="medium", each="study",
        title="numbers that this version cannot use",
        condition="a study reports means, or other numbers, and nothing of the planned measure is "
        "computed from them",
        sentence="{study} reports {kind} from which this version computes no {measure}.",
        reference=references.HERE, look=triggers_reporting.numbers_not_used,
    ),
    Rule(
        code="C36", domain="reporting", severity="medium", each="analysis",
        title="limits of the review's own",
        condition="review.toml sets a threshold other than the customary one",
        sentence="This review draws its own lines where caveats begin: {changes}.",
        reference=references.HERE, look=triggers_reporting.own_thresholds,
    ),
)  # fmt: skip

"""The table of caveat rules: what each is about, when it fires, what it says, and whose word it is.

Codes are stable. Two rows may share a code when they are two forms of one rule. `rule_of_thumb`
marks thresholds that are customary rather than derived.
"""

from equipoise.appraisal import triggers, triggers_bias, triggers_pooled, triggers_reporting
from equipoise.appraisal.caveat import Rule

_GRADE_5 = "Guyatt 2011, GRADE guidelines 5, doi:10.1016/j.jclinepi.2011.01.017"
_GRADE_6 = "Guyatt 2011, GRADE guidelines 6, doi:10.1016/j.jclinepi.2011.01.012"
_GRADE_7 = "Guyatt 2011, GRADE guidelines 7, doi:10.1016/j.jclinepi.2011.03.017"
_BENDER = "Bender 2018, Res Synth Methods 9:382-392"
_INTHOUT = "IntHout 2016, doi:10.1136/bmjopen-2015-010247"
_GRADE_8 = "Guyatt 2011, GRADE guidelines 8, doi:10.1016/j.jclinepi.2011.04.014"
_GRADE_18 = "Schünemann 2019, GRADE guidelines 18, doi:10.1016/j.jclinepi.2018.01.012"
_GRADE_34 = "Zeng 2022, GRADE guidance 34, doi:10.1016/j.jclinepi.2022.07.014"
_HANDBOOK_13_2 = "Cochrane Handbook 5.1, section 13.2.1.1"
_HANDBOOK_12_5 = "Cochrane Handbook 5.1, section 12.5.4"
_ROB_2 = "Sterne 2019, RoB 2, domain 4, doi:10.1136/bmj.l4898"
_ROB_2_ALLOCATION = "Sterne 2019, RoB 2, domain 1, doi:10.1136/bmj.l4898"
_COURSES = "context.csv; for back pain Costa 2012, CMAJ 184:E613, and Pengel 2003, BMJ 327:323"
_STERNE = "Sterne 2011, doi:10.1136/bmj.d4002"
_WALSH = "Walsh 2014, doi:10.1016/j.jclinepi.2013.10.019; disputed by Potter 2020"
_ALTMAN = "Altman 1998, BMJ 317:1309"
_HANLEY = "exact form of the rule of three, 1 − 0.05^(1/n)"
_GRIM = "Brown & Heathers 2017, doi:10.1177/1948550616673876"
_LUNDH = "Lundh 2017, doi:10.1002/14651858.MR000033.pub3"
_LAZARUS = "Lazarus 2015, doi:10.1186/s12874-015-0079-x"
_REPORTED_RESULT = (
    "selection of the reported result: Sterne 2019, RoB 2, domain 5, doi:10.1136/bmj.l4898, for "
    "trials; Sterne 2016, ROBINS-I, domain 7, doi:10.1136/bmj.i4919, for other comparisons"
)
_HERE = "a promise of this package: a number says how it was come by"

RULES: tuple[Rule, ...] = (
    Rule(
        code="C01", domain="risk of bias", severity="high", each="row",
        title="nobody to compare with",
        condition="the design, for this outcome, is single_arm, case_series or case_report",
        sentence="For this outcome no number was found in {study} for anybody who went without the "
        "treatment, so what would have happened anyway cannot be seen.",
        together="For this outcome no number was found in {which} for anybody who went without the "
        "treatment, so what would have happened anyway cannot be seen.",
        reference=_GRADE_18, look=triggers_bias.uncontrolled,
    ),
    Rule(
        code="C02", domain="risk of bias", severity="high", each="row",
        title="such complaints also change without it",
        condition="C01, within 26 weeks or at an unreported time, and context.csv gives a natural "
        "history for the outcome",
        sentence="Complaints of this kind also change without this treatment; other studies report "
        "{courses}.",
        reference=_COURSES, look=triggers_bias.natural_course, rule_of_thumb=True,
    ),
    Rule(
        code="C04", domain="risk of bias", severity="medium", each="row", lowers=1,
        title="people judged it themselves, perhaps knowing what they received",
        condition="the outcome is self_report and participants_blinded is not yes",
        sentence="In {study} people judged this themselves, and no report says that they were kept "
        "from knowing what they received; knowing it can change what people report.",
        together="In {which} people judged this themselves, and no report says that they were kept "
        "from knowing what they received; knowing it can change what people report.",
        reference=_ROB_2, look=triggers_bias.self_judged,
    ),
    Rule(
        code="C05", domain="risk of bias", severity="high", each="row",
        title="no sign of assignment by chance",
        condition="the design is nrsi_controlled",
        sentence="{assigned}, so the groups may have differed from the start.",
        together="No source says that people in {which} were assigned by chance, so the groups may "
        "have differed from the start.",
        reference=_GRADE_18, look=triggers_bias.not_by_chance,
    ),
    Rule(
        code="C34", domain="risk of bias", severity="high", each="row", lowers=1,
        title="assigned by a rule, not by chance",
        condition="a trial whose allocation is alternate or systematic",
        sentence="In {study} a rule and not chance decided who was treated, so that who came next "
        "could be foreseen.",
        together="In {which} a rule and not chance decided who was treated, so that who came next "
        "could be foreseen.",
        reference=_ROB_2_ALLOCATION, look=triggers_bias.by_a_rule,
    ),
    Rule(
        code="C06", domain="reporting", severity="block", each="analysis",
        title="different designs, not combined",
        condition="a randomised trial stands beside another design or an indirect review",
        sentence="There {are} {designs}: they are shown side by side and were not combined.",
        reference=_HANDBOOK_13_2, look=triggers.mixed_designs,
    ),
    Rule(
        code="C07", domain="inconsistency", severity="high", each="design",
        title="the only study of its kind",
        condition="one study of its design, not a review, reports a number; consistency cannot be "
        "judged, which by itself lowers nothing",
        sentence="{study} is the only study of its kind here ({people}); one study cannot show "
        "whether its results repeat.",
        reference=_GRADE_7, look=triggers.one_study,
    ),
    Rule(
        code="C08", domain="imprecision", severity="high", each="result", lowers=1,
        title="fewer people than a reliable answer needs",
        condition="people < optimal information size (power 80%, alpha 5%, the plan's relative "
        "reduction of the bad event); two levels below half of it",
        sentence="{study} had {people}; a reliable answer would need about {needed}, enough to see "
        "a {change} ({start}).",
        reference=_GRADE_6, look=triggers.too_few_people,
    ),
    Rule(
        code="C09", domain="imprecision", severity="medium", each="result", lowers=1,
        title="few events",
        condition=f"a comparison with fewer than {triggers.FEW_EVENTS} events, or "
        f"{triggers.FEW_PEOPLE} people for a continuous outcome",
        sentence="In {study} only {seen}, so chance could easily change the result.",
        reference=_GRADE_6, look=triggers.few_events, rule_of_thumb=True,
    ),
    Rule(
        code="C10", domain="imprecision", severity="high", each="result", lowers=2,
        title="benefit, no difference and harm all fit",
        condition="the interval reaches beyond the minimal important difference on both sides "
        "(customary limits without one: ratio 0.75 and 1.25, SMD 0.5)",
        sentence="The data of {study} fit a worthwhile benefit, no difference and a worthwhile "
        "harm ({measure} {interval}).",
        reference=_GRADE_34, look=triggers.wide_interval, rule_of_thumb=True,
    ),
    Rule(
        code="C10", domain="imprecision", severity="high", each="result", lowers=2,
        title="no interval",
        condition="an effect or a change is reported, and nothing from which its interval follows",
        sentence="No interval is reported for the result of {study}, so how far chance could have "
        "moved it cannot be judged.",
        together="No interval is reported for the results of {which}, so how far chance could have "
        "moved them cannot be judged.",
        reference=_GRADE_34, look=triggers.no_interval,
    ),
    Rule(
        code="C11", domain="imprecision", severity="medium", each="result", lowers=1,
        title="hangs on very few people",
        condition="a randomised trial with Fisher p < 0.05 whose fragility index (smaller of both "
        "codings) is at most the larger of 3 and the number lost",
        sentence="If {changed} in {study} had had a different outcome, the result would no longer "
        "stand out from chance ({p_value} as it is; {lost}).",
        reference=_WALSH, look=triggers.fragile, rule_of_thumb=True,
    ),
    Rule(
        code="C13", domain="imprecision", severity="info", each="result",
        title="none seen is not none possible",
        condition="a group without a single event",
        sentence="In {study} none of {n} had the outcome; that is still compatible with up to "
        "{upper_text} in 1000.",
        reference=_HANLEY, look=triggers.nobody_affected,
    ),
    Rule(
        code="C14", domain="inconsistency", severity="high", each="pooled",
        title="few studies combined",
        condition=f"2 to {triggers_pooled.FEW_POOLED} studies are combined, not under the common-"
        "effect model",
        sentence="Only {studies} studies are combined: how much results differ between studies can "
        "hardly be estimated, and the interval rests on that estimate.",
        reference=_BENDER, look=triggers_pooled.few_pooled, rule_of_thumb=True,
    ),
    Rule(
        code="C15", domain="inconsistency", severity="medium", each="pooled", lowers=1,
        title="the opposite is possible in a new setting",
        condition="at least 3 studies are combined, and the prediction interval includes no "
        "difference while the confidence interval does not",
        sentence="On average the studies give {measure} {estimate}, but in a new setting it could "
        "be anything from {prediction}, no difference and the opposite included.",
        reference=_INTHOUT, look=triggers_pooled.open_elsewhere,
    ),
    Rule(
        code="C16", domain="inconsistency", severity="medium", each="pooled", lowers=1,
        title="studies disagree more than chance explains",
        condition=f"studies are combined, I² is {100 * triggers_pooled.MUCH_SPREAD:.0f}% or more, "
        "and its interval lies above 0 or Cochran's test speaks against chance alone",
        sentence="The studies disagree more than chance explains: I² is {i2}{known}, the share of "
        "the spread of their results that chance does not account for.",
        reference=_GRADE_7, look=triggers_pooled.much_spread, rule_of_thumb=True,
    ),
    Rule(
        code="C16", domain="inconsistency", severity="medium", each="design", lowers=1,
        title="studies disagree",
        condition="the intervals of two studies of one design, not combined, do not overlap",
        sentence="The studies disagree more than chance explains: {measure} {low} in {low_study}, "
        "{high} in {high_study}.",
        reference=_GRADE_7, look=triggers.disjoint,
    ),
    Rule(
        code="C17", domain="publication bias", severity="info", each="analysis",
        title="unpublished results cannot be looked for",
        condition=f"fewer than {triggers.FEW_STUDIES} studies with numbers",
        sentence="With {studies} it cannot be checked whether unfavourable results went "
        "unpublished.",
        reference=_STERNE, look=triggers.few_studies, rule_of_thumb=True,
    ),
    Rule(
        code="C18", domain="publication bias", severity="medium", each="analysis", lowers=1,
        title="small evidence, paid for by industry",
        condition=f"no known arm of {triggers.SMALL_ARM} people, and at least half of the studies "
        "known to be paid for by industry, wholly or partly",
        sentence="The evidence is small and {who}: a pattern in which unfavourable results are "
        "often missing.",
        reference=_GRADE_5, look=triggers.early_and_small, rule_of_thumb=True,
    ),
    Rule(
        code="C19", domain="reporting", severity="medium", each="row",
        title="industry paid",
        condition="funding is industry or mixed",
        sentence="Industry paid for {study}, wholly or partly; across studies, those paid for by "
        "the maker reach favourable conclusions about 1.3 times as often.",
        together="Industry paid for {which}, wholly or partly; across studies, those paid for by "
        "the maker reach favourable conclusions about 1.3 times as often.",
        reference=_LUNDH, look=triggers_reporting.maker_paid,
    ),
    Rule(
        code="C19", domain="reporting", severity="info", each="row",
        title="who paid is not reported",
        condition="nobody reports who paid",
        sentence="Who paid for {study} is not reported in what was read.",
        together="For {which}, who paid is not reported in what was read.",
        reference=_LUNDH, look=triggers_reporting.payer_unknown,
    ),
    Rule(
        code="C20", domain="indirectness", severity="medium", each="row", lowers=1,
        title="not quite the question asked",
        condition="condition, intervention or time differ from the review's question",
        sentence="{study} differs from the question asked: {differences}.",
        together="{which} differ from the question asked: {differences}.",
        reference=_GRADE_8, look=triggers.another_question,
    ),
    Rule(
        code="C20", domain="indirectness", severity="medium", each="row",
        title="time not reported",
        condition="how long after the start it was measured is not reported, which by itself "
        "lowers nothing: the time may be the one asked about",
        sentence="How long people in {study} were followed is not reported.",
        together="For {which}, how long people were followed is not reported.",
        reference=_GRADE_8, look=triggers.time_unknown,
    ),
    Rule(
        code="C21", domain="reporting", severity="medium", each="result",
        title="relative only",
        condition="a ratio is shown and no starting risk is known",
        sentence="For {study} only a relative effect is known ({measure}); how many people out of "
        "100 that is cannot be said, because the starting risk is unknown.",
        reference=_HANDBOOK_12_5, look=triggers_reporting.no_starting_risk,
    ),
    Rule(
        code="C22", domain="imprecision", severity="medium", each="result",
        title="number to treat runs through infinity",
        condition="the interval of the risk difference includes zero, which by itself lowers "
        "nothing: a precise null includes it too",
        sentence="The number needed to treat in {study} has no single value: {number} (NNTB: "
        "for one more to benefit, NNTH: for one more to be harmed).",
        reference=_ALTMAN, look=triggers.either_way,
    ),
    Rule(
        code="C23", domain="reporting", severity="high", each="row",
        title="a percentage of fewer people than began",
        condition="a percentage does not follow from the people its group began with",
        sentence="The {percent}% {study} is {events} of {n}; {events} of the {began} the group "
        "began with would be {instead}%.",
        reference=_GRIM, look=triggers_reporting.percentage_of_whom,
    ),
    Rule(
        code="C23", domain="imprecision", severity="high", each="row", lowers=2,
        title="percentages without counts",
        condition="percentages are all there is: neither counts nor the number of people",
        sentence="The percentages of {study} come without counts: of how many people they are is "
        "not reported, so they cannot be checked and have no interval.",
        reference=_GRIM, look=triggers_reporting.percentage_of_nobody,
    ),
    Rule(
        code="C25", domain="reporting", severity="high", each="analysis", about="claims",
        title="claims go further than the evidence",
        condition="a claim about this outcome is audited as overstated, contradicted, said of "
        "others, or not in its source",
        sentence="{which} about this outcome {say} more than the evidence here bears: "
        "{such_as}“{claim}” ({verdict}).",
        reference=_LAZARUS, look=triggers_reporting.claims_go_further,
    ),
    Rule(
        code="C25", domain="reporting", severity="info", each="analysis", about="claims",
        title="claims that could not be checked",
        condition="a claim about this outcome is audited as not verifiable",
        sentence="{which} about this outcome could not be checked here: {such_as}“{claim}”.",
        reference=_HERE, look=triggers_reporting.claims_unchecked,
    ),
    Rule(
        code="C26", domain="risk of bias", severity="high", each="study", lowers=1,
        title="comparison groups left out",
        condition="a study compared with several groups and numbers are known for some of them",
        sentence="{study} had {groups} comparison groups; for {missing} of them no result was "
        "found, and which ones are shown can change the answer.",
        reference=_REPORTED_RESULT, look=triggers_reporting.groups_left_out,
    ),
    Rule(
        code="C27", domain="reporting", severity="high", each="row",
        title="the paper itself was not read",
        condition="the study's own source is not_read",
        sentence="The paper of {study} was not available here; its numbers are those of "
        "{account}.",
        together="The papers of {which} were not available here; their numbers are those of "
        "{account}.",
        reference=_HERE, look=triggers_reporting.paper_not_read,
    ),
    Rule(
        code="C33", domain="reporting", severity="medium", each="row",
        title="one group of a comparison",
        condition="the analysis is of one group (PR), but the study compared it with another",
        sentence="{study} compared with {comparator}; this analysis shows the treated group alone, "
        "and a measure of two groups in review.toml would show both.",
        reference=_HERE, look=triggers.one_group_of_two,
    ),
    Rule(
        code="C35", domain="reporting", severity="medium", each="pooled",
        title="what to know about the pooled estimate",
        condition="the pooled estimate has notes that C14 and C15 do not say",
        sentence="{notes}.",
        reference=_HERE, look=triggers_pooled.to_know,
    ),
    Rule(
        code="C28", domain="reporting", severity="medium", each="analysis", about="silent",
        title="measured, but no number found",
        condition="a study reports the outcome without any number",
        sentence="No number was found for this outcome in {studies}.",
        reference=_HERE, look=triggers_reporting.no_numbers,
    ),
    Rule(
        code="C28", domain="reporting", severity="medium", each="study",
        title="numbers that this version cannot use",
        condition="a study reports means, or other numbers, and nothing of the planned measure is "
        "computed from them",
        sentence="{study} reports {kind} from which this version computes no {measure}.",
        reference=_HERE, look=triggers_reporting.numbers_not_used,
    ),
)  # fmt: skip

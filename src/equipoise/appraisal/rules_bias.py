"""The caveat rules about bias: who was compared, who assigned, who judged.

See `rules` for what a row is.
"""

from equipoise.appraisal import references, triggers_bias, triggers_reporting
from equipoise.appraisal.caveat import Rule

BIAS: tuple[Rule, ...] = (
    Rule(
        code="C01", domain="risk of bias", severity="high", each="row",
        title="nobody to compare with",
        condition="the design, for this outcome, is single_arm, case_series or case_report",
        sentence="For this outcome no number was found in {study} for anybody who went without the "
        "treatment, so what would have happened anyway cannot be seen.",
        together="For this outcome no number was found in {which} for anybody who went without the "
        "treatment, so what would have happened anyway cannot be seen.",
        reference=references.GRADE_18, look=triggers_bias.uncontrolled,
    ),
    Rule(
        code="C02", domain="risk of bias", severity="high", each="row",
        title="such complaints also change without it",
        condition="C01, within {early_weeks:g} weeks or at an unreported time, and context.csv "
        "gives a natural history for the outcome",
        sentence="Complaints of this kind also change without this treatment; other studies report "
        "{courses}.",
        reference=references.COURSES, look=triggers_bias.natural_course, rule_of_thumb=True,
    ),
    Rule(
        code="C03", domain="risk of bias", severity="medium", each="row",
        title="taken in when the complaint was bad",
        condition="C01, and recruited_at_worst is yes",
        sentence="People were taken into {study} because their complaint was bad at the time; "
        "what is bad at one time tends to be less so at the next, with or without treatment.",
        together="People were taken into {which} because their complaint was bad at the time; "
        "what is bad at one time tends to be less so at the next, with or without treatment.",
        reference=references.BARNETT, look=triggers_bias.at_its_worst,
    ),
    Rule(
        code="C04", domain="risk of bias", severity="medium", each="row", lowers=1,
        title="people judged it themselves, perhaps knowing what they received",
        condition="the outcome is self_report and participants_blinded is not yes",
        sentence="In {study} people judged this themselves, and no report says that they were kept "
        "from knowing what they received; knowing it can change what people report.",
        together="In {which} people judged this themselves, and no report says that they were kept "
        "from knowing what they received; knowing it can change what people report.",
        reference=references.ROB_2, look=triggers_bias.self_judged,
    ),
    Rule(
        code="C05", domain="risk of bias", severity="high", each="row",
        title="no sign of assignment by chance",
        condition="the design is nrsi_controlled",
        sentence="{assigned}, so the groups may have differed from the start.",
        together="No source says that people in {which} were assigned by chance, so the groups may "
        "have differed from the start.",
        reference=references.GRADE_18, look=triggers_bias.not_by_chance,
    ),
    Rule(
        code="C34", domain="risk of bias", severity="high", each="row", lowers=1,
        title="assigned by a rule, not by chance",
        condition="a trial whose allocation is alternate or systematic",
        sentence="In {study} a rule and not chance decided who was treated, so that who came next "
        "could be foreseen.",
        together="In {which} a rule and not chance decided who was treated, so that who came next "
        "could be foreseen.",
        reference=references.ROB_2_ALLOCATION, look=triggers_bias.by_a_rule,
    ),
    Rule(
        code="C26", domain="risk of bias", severity="high", each="study", lowers=1,
        title="comparison groups left out",
        condition="a study compared with several groups and numbers are known for some of them",
        sentence="{study} had {groups} comparison groups; for {missing} of them no result was "
        "found, and which ones are shown can change the answer.",
        reference=references.REPORTED_RESULT, look=triggers_reporting.groups_left_out,
    ),
)  # fmt: skip

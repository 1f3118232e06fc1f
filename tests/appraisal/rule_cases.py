"""For every row of the table of rules: facts that fire it, and facts that almost do."""

from typing import NamedTuple

from facts_by_hand import ALONE, NAN, PAIN, facts, row, second

from equipoise.appraisal.facts import Facts

SELF = {"assessed": "self_report"}
GOOD = {"better": "higher", "phrase": "avoided surgery"}
SMD = {"reported_measure": "SMD", "n_reported": 500.0, "bare": True}
NRSI_PERCENT = {"design": "nrsi_controlled", "percent_treatment": 21.0, "decimals_treatment": 0.0,
                "percent_control": 39.0, "decimals_control": 0.0}  # fmt: skip
ALONE_PERCENT = {"design": "single_arm", "comparator": "", "percent_treatment": 74.0,
                 "decimals_treatment": 0.0}  # fmt: skip
CHANGE = {"design": "within_subject", "comparator": "", "mean_before": 14.1, "mean_after": 35.6,
          "n": 16.0, "timepoint": "Head down", "weeks": NAN}  # fmt: skip
PILOT = {"events_treatment": 3.0, "n_treatment": 13.0, "n_allocated_treatment": 13.0,
         "events_control": 7.0, "n_control": 9.0, "n_allocated_control": 11.0}  # fmt: skip
ACUTE = [
    ("natural_history", "acute", "Mean pain", 52.0, "points", 0.0, "People", "surgery"),
    ("natural_history", "acute", "Mean pain", 23.0, "points", 6.0, "People", "surgery"),
]
LATER = [(*p[:5], weeks, *p[6:]) for p, weeks in zip(ACUTE, (6.0, 26.0), strict=True)]
WORK = [("natural_history", "work", "People back at work", 82.0, "percent", NAN, "NR", "surgery")]
BURDEN = [("burden", *part[1:]) for part in ACUTE]
HALVED = {"reported_measure": "RR", "effect": 0.8, "ci_low": 0.4, "ci_high": 1.6}
MEANS = {"bare": True, "mean_treatment": 30.0, "mean_control": 42.0}
REVIEW = {"design": "systematic_review", "directness": "indirect", "reported_measure": "RR",
          "effect": 0.8, "ci_low": 0.6, "ci_high": 1.0}  # fmt: skip


def several(names: str = "abc", **cells: object) -> list[dict[str, object]]:
    """Comparisons of several studies that report the same."""
    return [row(**{"study_id": name, "label": name.upper(), **cells}) for name in names]


def apart() -> list[dict[str, object]]:
    """Six large studies that all show a benefit, of very different sizes."""
    events = (300.0, 500.0, 600.0, 620.0, 640.0, 650.0)
    return [row(study_id=f"s{n}", label=f"S{n}", events_treatment=e) for n, e in enumerate(events)]


def claims(*verdicts: str) -> list[tuple[str, str, str, str]]:
    return [(f"c{i}", f"Claim {i}.", "surgery", verdict) for i, verdict in enumerate(verdicts)]


def counts(e1: float, n1: float, e2: float, n2: float) -> dict[str, float]:
    return {"events_treatment": e1, "n_treatment": n1, "events_control": e2, "n_control": n2}


class Case(NamedTuple):
    """What a rule must say about some facts, or None where it must be silent."""

    facts: Facts
    says: str | None


def fire(said: str, *rows: dict[str, object], **rest: object) -> Case:
    return Case(facts(*rows, **rest), said)  # type: ignore[arg-type]


def quiet(*rows: dict[str, object], **rest: object) -> Case:
    return Case(facts(*rows, **rest), None)  # type: ignore[arg-type]


CASES: dict[tuple[str, str], tuple[Case, ...]] = {
    ("C01", "nobody to compare with"): (
        fire("no number was found in A 2020 for anybody who went without", row(**ALONE)),
        fire("no number was found in A 2020", row(**{**ALONE, "design": "case_series"})),
        quiet(row(design="nrsi_controlled", **counts(3, 13, 7, 9))),
        quiet(row(**CHANGE), measure="MC", outcome=PAIN),
        quiet(row(design="single_arm", comparator="")),  # it reports nothing at all
    ),
    ("C02", "such complaints also change without it"): (
        fire(
            "mean pain, from 52 to 23 points within 6 weeks (people).",
            row(**ALONE, weeks=26.0), context=ACUTE + WORK,
        ),
        fire("people back at work, 82%.", row(**ALONE, weeks=NAN), context=WORK),
        fire("mean pain, from 52 to 23 points between weeks 6 and 26 (people).",
             row(**ALONE, weeks=0.0), context=LATER),
        quiet(row(**ALONE, weeks=26.5), context=ACUTE),
        quiet(row(**ALONE, weeks=6.0), context=BURDEN),
        quiet(row(weeks=6.0), context=ACUTE),
    ),
    ("C03", "taken in when the complaint was bad"): (
        fire("People were taken into A 2020 because their complaint was bad at the time; what is",
             row(**ALONE, recruited_at_worst="yes")),
        fire("People were taken into all three studies because",
             *several(**ALONE, recruited_at_worst="yes")),
        quiet(row(**ALONE, recruited_at_worst="no")),
        quiet(row(**ALONE, recruited_at_worst="NR")),
        quiet(row(**ALONE, recruited_at_worst="")),
        quiet(row(recruited_at_worst="yes")),  # the other group regresses as much
    ),
    ("C04", "people judged it themselves, perhaps knowing what they received"): (
        fire("In A 2020 people judged this", row(participants_blinded="NR"), outcome=SELF),
        fire("In A 2020 people judged this", row(participants_blinded="no"), outcome=SELF),
        quiet(row(participants_blinded="yes"), outcome=SELF),
        quiet(row(participants_blinded="no"), outcome={"assessed": "clinician"}),
        quiet(row(**REVIEW, participants_blinded="NR"), outcome=SELF),
    ),
    ("C05", "no sign of assignment by chance"): (
        fire("In A 2020 people were not", row(design="nrsi_controlled", **counts(1, 9, 2, 9))),
        fire("In B 2021 people were not", row(), second(**NRSI_PERCENT)),
        fire("No source says that people in A 2020 were assigned by chance, so the groups may",
             row(**NRSI_PERCENT, read="not_read")),
        quiet(row()),
        quiet(row(**ALONE)),
    ),
    ("C34", "assigned by a rule, not by chance"): (
        fire("In A 2020 a rule and not chance decided", row(allocation="alternate")),
        fire("In all three studies a rule and not chance", *several(allocation="systematic")),
        quiet(row(allocation="random")),
        quiet(row(allocation="NR")),
        quiet(row(allocation="alternate", design="nrsi_controlled")),  # C05 says more
    ),
    ("C06", "different designs, not combined"): (
        fire(
            "There is one randomised trial and one non-randomised comparison:",
            second(**NRSI_PERCENT), row(),
        ),
        fire(
            "There are 2 randomised trials and one uncontrolled result:",
            row(), second(), row(**ALONE, study_id="c", label="C"),
        ),
        fire(
            "one randomised trial and one randomised trial of a related treatment:",
            row(), second(directness="indirect"),
        ),
        quiet(row(), second()),
        quiet(row(), second(design="single_arm", comparator="")),  # it reports nothing
        quiet(row(**ALONE), second(**NRSI_PERCENT)),
    ),
    ("C07", "the only study of its kind"): (
        fire("A 2020 is the only study of its kind here (4,000 people)", row()),
        fire("(24 are known to have taken part, but not how many",
             row(**ALONE_PERCENT, n_randomised=24.0)),
        fire("(an unreported number of people)", row(**ALONE_PERCENT)),
        quiet(row(), second()),
        quiet(row(**REVIEW)),  # one review, but several studies
    ),
    ("C14", "few studies combined"): (
        fire("Only two studies are combined", row(), second(), combined=True),
        fire("Only four studies are combined", *several(), row(study_id="d", label="D"),
             combined=True),
        quiet(row(), second()),  # side by side
        quiet(*several(), *several("def"), combined=True),
        quiet(row(), second(), combined=True, estimator="CE"),  # no difference is estimated
    ),
    ("C15", "the opposite is possible in a new setting"): (
        fire("On average the studies give RR 0.69 (0.50 to 0.94), but in a new setting it could be "
             "anything from 0.31 to 1.54, no difference and the opposite included.",
             *apart(), combined=True),
        fire("On average the studies give OR", *apart(), combined=True, measure="OR"),
        quiet(*several(), *several("def"), combined=True),  # they agree
        quiet(*several(**ALONE), measure="PR", combined=True),  # nobody is compared
        quiet(*several(events_treatment=770.0), combined=True),  # the average is open itself
        quiet(*apart()),
    ),
    ("C16", "studies disagree more than chance explains"): (
        fire("I² is 98% (95% CI 94% to 99.6%)", *apart(), combined=True),
        fire("the share of the spread of their results that chance does not account for",
             row(), second(events_treatment=900.0), combined=True),
        quiet(*several(), combined=True),
        quiet(row(**counts(13, 33, 17, 29)), second(**counts(15, 33, 15, 29)), combined=True),
        quiet(*apart()),
    ),
    ("C35", "what to know about the pooled estimate"): (
        fire("The Hartung-Knapp standard error is smaller", row(), second(), combined=True,
             ci_method="hksj"),
        fire("Not in the pooled estimate: C (the event happened to nobody, or to everybody).",
             row(), second(), row(**counts(0, 50, 0, 50), study_id="c", label="C"), combined=True),
        fire("Not in the pooled estimate: C (nobody was compared).",
             row(), second(), row(**ALONE, study_id="c", label="C"), combined=True),
        quiet(*apart(), combined=True),
        quiet(row(), second()),
    ),
    ("C16", "studies disagree"): (
        fire("RR 0.53 to 0.68 in A 2020, 1.08 to 1.33 in B 2021",
             row(**counts(300, 1990, 500, 1990)), second(**counts(600, 1990, 500, 1990))),
        fire("The studies disagree more than chance explains",
             row(**SMD, effect=-0.9, ci_low=-1.2, ci_high=-0.6),
             second(**SMD, effect=0.1, ci_low=-0.1, ci_high=0.3), measure="SMD", outcome=PAIN),
        quiet(row(**counts(300, 1990, 500, 1990)), second(**counts(3, 13, 7, 9))),  # they overlap
        quiet(row(**counts(300, 1990, 500, 1990)),
              second(**counts(600, 1990, 500, 1990), design="nrsi_controlled")),
        quiet(row(**counts(300, 1990, 500, 1990)),
              row(**counts(600, 1990, 500, 1990), timepoint="1 year")),  # one study, twice
    ),
    ("C33", "one group of a comparison"): (
        fire("this analysis shows the treated group alone",
             row(), measure="PR"),
        fire("compared with", second(**NRSI_PERCENT), measure="PR"),
        quiet(row()),
        quiet(row(**ALONE), measure="PR"),
    ),
    ("C08", "fewer people than a reliable answer needs"): (
        fire("A 2020 had 22 people; a reliable answer would need about 750, enough to see a fall "
             "from 39 to 29 in 100 (a starting risk of 39 in 100, from a registry).",
             row(**PILOT), baseline_risk=0.39, risk_source="a registry"),
        fire("(a starting risk of 39 in 100, as planned).", row(**PILOT), baseline_risk=0.39),
        fire("(a starting risk of 20 in 100, that of its own comparison group).",
             row(**counts(20, 50, 10, 50))),
        fire("see a rise from 20 to 40 in 100", row(**counts(20, 50, 10, 50)), outcome=GOOD),
        quiet(row(), baseline_risk=0.39),  # 4,000 people
        quiet(row(**ALONE), baseline_risk=0.39),
        quiet(row(**counts(0, 20, 0, 20))),  # no starting risk to start from
        quiet(row(**NRSI_PERCENT)),  # how many people is not known
    ),
    ("C09", "few events"): (
        fire("only 299 people had the outcome", row(**counts(100, 900, 199, 900))),
        fire("only 399 people were measured",
             row(**SMD, effect=0.1, ci_low=0, ci_high=0.2) | {"n_reported": 399.0},
             measure="SMD", outcome=PAIN),
        quiet(row(**counts(100, 900, 200, 900))),
        quiet(row(**SMD, effect=0.1, ci_low=0, ci_high=0.2) | {"n_reported": 400.0}, measure="SMD",
              outcome=PAIN),
        quiet(row(**ALONE)),
    ),
    ("C37", "how many people is not reported"): (
        fire("How many people took part in A 2020 is not reported, so it cannot be judged whether "
             "they are enough.", row(**HALVED)),
        fire("How many people had the outcome in A 2020 is not reported, so",
             row(**HALVED, n_reported=900.0)),
        fire("How many people took part in the two studies together is not reported (900 without "
             "B 2021), so", row(**counts(80, 450, 100, 450)), second(**HALVED), combined=True),
        fire("How many people took part in the two studies together is not reported, so",
             row(**HALVED), second(**HALVED), combined=True),
        fire("How many people took part in A 2020", row(**{**SMD, "n_reported": NAN}, effect=0.1,
             ci_low=0, ci_high=0.2), measure="SMD", outcome=PAIN),
        quiet(row(**HALVED, n_reported=900.0), baseline_risk=0.5),  # C08 can tell
        quiet(row(), second(**HALVED), combined=True),  # there are enough without the other
        quiet(row(**counts(80, 450, 100, 450))),
        quiet(row(**NRSI_PERCENT)),  # C23 says so
        quiet(row(**REVIEW, n_reported=NAN)),
        quiet(row(**SMD, effect=0.1, ci_low=0, ci_high=0.2), measure="SMD", outcome=PAIN),
    ),
    ("C10", "benefit, no difference and harm all fit"): (
        fire("(SMD −1.03 to 0.76; −0.5 or 0.5 would matter)",
             row(**SMD, effect=-0.14, ci_low=-1.03, ci_high=0.76), measure="SMD", outcome=PAIN),
        fire("(RR 0.60 to 1.66; 0.75 or 1.25 would matter)", row(**counts(20, 60, 20, 60))),
        # RR 0.60 to 1.66 of one in three: 13 in 100 fewer to 22 more
        fire("(RD −0.13 to 0.22 at a starting risk of 33%; −0.1 or 0.1 would matter)",
             row(**counts(20, 60, 20, 60)), outcome={"mid": 0.1}),
        quiet(row(**counts(20, 60, 20, 60)), outcome={"mid": 0.15}),
        quiet(row(**counts(20, 60, 20, 60)), outcome={"mid": 0.01}, baseline_risk=0.01),
        # without a starting risk only the ratio can be judged
        fire("(RR 0.40 to 1.60; 0.75 or 1.25", row(**HALVED), outcome={"mid": 0.01}),
        fire("(MD −3.00 to 2.50; −2 or 2",
             row(reported_measure="MD", effect=0.0, ci_low=-3.0, ci_high=2.5), measure="MD",
             outcome={**PAIN, "mid": 2.0}),
        quiet(row(**SMD, effect=-0.14, ci_low=-0.5, ci_high=0.76), measure="SMD", outcome=PAIN),
        quiet(row(reported_measure="MD", effect=0.0, ci_low=-3.0, ci_high=2.5), measure="MD",
              outcome=PAIN),  # nobody said what difference would matter
        quiet(row(**PILOT)),
    ),
    ("C10", "no difference and one that matters both fit"): (
        fire("The data of A 2020 fit no difference as well as one that would matter "
             "(RR 0.52 to 1.15; 0.75 or 1.25 would matter).",
             row(reported_measure="RR", effect=0.78, ci_low=0.52, ci_high=1.15)),
        fire("(MD −17.0 to 1.0; −10 or 10 would matter)",
             row(reported_measure="MD", effect=-8.0, ci_low=-17.0, ci_high=1.0), measure="MD",
             outcome={**PAIN, "mid": 10.0}),
        quiet(row(reported_measure="RR", effect=0.78, ci_low=0.6, ci_high=0.99)),  # no longer open
        quiet(row(reported_measure="RR", effect=0.98, ci_low=0.76, ci_high=1.2)),  # near enough
        quiet(row(reported_measure="MD", effect=-8.0, ci_low=-17.0, ci_high=11.0), measure="MD",
              outcome={**PAIN, "mid": 10.0}),  # both sides: the row above
        quiet(row(**NRSI_PERCENT)),  # what rounding allows says nothing of chance
    ),
    ("C10", "nobody said which difference matters"): (
        fire("Whether the difference in A 2020 matters cannot be judged: its interval holds no "
             "difference (MD −3.00 to 2.50), and nobody said which difference would matter.",
             row(reported_measure="MD", effect=0.0, ci_low=-3.0, ci_high=2.5), measure="MD",
             outcome=PAIN),
        fire("(RD −", row(**counts(20, 60, 20, 60)), measure="RD"),
        quiet(row(reported_measure="MD", effect=0.0, ci_low=-3.0, ci_high=2.5), measure="MD",
              outcome={**PAIN, "mid": 5.0}),
        quiet(row(reported_measure="MD", effect=-2.0, ci_low=-3.0, ci_high=-0.5), measure="MD",
              outcome=PAIN),
        quiet(row(**counts(20, 60, 20, 60))),  # the customary ratios serve
    ),
    ("C10", "no interval"): (
        fire("No interval is reported for the result of A 2020", row(**CHANGE), measure="MC",
             outcome=PAIN),
        fire("A 2020", row(reported_measure="RR", effect=0.8)),
        quiet(row(reported_measure="RR", effect=0.8, ci_low=0.6, ci_high=1.0)),
        quiet(row(**NRSI_PERCENT)),  # C23 says so
        quiet(row()),
    ),
    ("C11", "hangs on very few people"): (
        fire("If 1 person in A 2020 had had a different outcome, the result would no longer stand "
             "out from chance (p = 0.027 as it is; 2 people had been lost from view).",
             row(**PILOT)),
        fire("how many were lost from view is not reported",
             row(**{**PILOT, "n_allocated_control": NAN})),
        fire("nobody had been lost from view", row(**{**PILOT, "n_allocated_control": 9.0})),
        fire("If 9 people", row(**counts(200, 4000, 250, 4000),
                                n_allocated_treatment=4009.0, n_allocated_control=4000.0)),
        quiet(row(**counts(200, 4000, 250, 4000),
                  n_allocated_treatment=4008.0, n_allocated_control=4000.0)),
        quiet(row(**counts(3, 13, 7, 11))),  # p is 0.095
        quiet(row(**PILOT, design="nrsi_controlled")),
    ),
    ("C12", "can only stand out by overestimating"): (
        fire("A study as small as A 2020 can hardly stand out from chance without overestimating: "
             "if the true effect were RR 0.75, it would do so in 8% of cases, and then show an "
             "effect about 4.5 times too large on the log scale.", row(**PILOT)),
        fire("if the true effect were SMD 0.50",
             row(**SMD, effect=-1.2, ci_low=-2.3, ci_high=-0.1), measure="SMD", outcome=PAIN),
        fire("if the true effect were MD 2.00 points",
             row(reported_measure="MD", effect=9.0, ci_low=1.0, ci_high=17.0), measure="MD",
             outcome={**PAIN, "mid": 2.0}),
        fire("if the true effect were RD −0.19", row(**PILOT), measure="RD"),
        quiet(row()),  # its power is high
        quiet(row(**counts(3, 13, 7, 13))),  # it does not stand out
        quiet(row(reported_measure="MD", effect=9.0, ci_low=1.0, ci_high=17.0), measure="MD",
              outcome=PAIN),  # nobody said what would matter
        quiet(row(**ALONE), measure="PR"),
        quiet(*several(**PILOT), combined=True),  # of a pooled estimate other rules speak
    ),
    ("C24", "a p value on the other side of 0.05"): (
        fire("We could not reproduce the reported p value of A 2020, 0.03: 0.08 by its interval, "
             "on the other side of 0.05.",
             row(p_verdict="crosses 0.05", p_reported="0.03", p_recomputed="0.08 by its interval")),
        fire("of B 2021, 0.06: 0.01", row(),
             second(p_verdict="crosses 0.05", p_reported="0.06", p_recomputed="0.01")),
        quiet(row(p_verdict="not reproduced", p_reported="0.03", p_recomputed="0.04")),
        quiet(row(p_verdict="reproduced", p_reported="0.03", p_recomputed="0.03")),
        quiet(row()),
    ),
    ("C24", "a p value that could not be reproduced"): (
        fire("We could not reproduce the reported p value of A 2020, 0.03: 0.04 by its counts.",
             row(p_verdict="not reproduced", p_reported="0.03", p_recomputed="0.04 by its counts")),
        fire("of B 2021, 0.20", row(),
             second(p_verdict="not reproduced", p_reported="0.20", p_recomputed="0.31")),
        quiet(row(p_verdict="crosses 0.05", p_reported="0.03", p_recomputed="0.08")),
        quiet(row(p_verdict="reproduced", p_reported="0.03", p_recomputed="0.03")),
    ),
    ("C24", "estimate and interval do not fit"): (
        fire("The estimate and the interval that A 2020 reports do not fit each other: 0.9 lies "
             "outside 1 to 2.", row(interval_fault="0.9 lies outside 1 to 2.")),
        fire("that B 2021 reports", row(), second(interval_fault="It is off its middle.")),
        quiet(row()),
        quiet(row(**ALONE)),
    ),
    ("C13", "none seen is not none possible"): (
        fire("In A 2020 none of 20 people had the outcome; that is still compatible with up to 140 "
             "in 1000.", row(**counts(0, 20, 3, 20))),
        fire("none of 11 people", row(**ALONE | {"events_treatment": 0.0, "n_treatment": 11.0})),
        quiet(row(**counts(1, 20, 3, 20))),
        quiet(row(**NRSI_PERCENT | {"percent_treatment": 0.0})),  # 0% of nobody knows whom
    ),
    ("C17", "unpublished results cannot be looked for"): (
        fire("With one study", row()),
        fire("With 9 studies", *[row(study_id=f"s{i}", label=f"S{i}") for i in range(9)]),
        quiet(*[row(study_id=f"s{i}", label=f"S{i}") for i in range(10)]),
        quiet(row(**REVIEW)),
    ),
    ("C17", "unpublished results were not looked for"): (
        fire("Whether small studies differ from large ones was not looked into here.",
             *several("abcdefghij")),
        fire("was not looked into here", *several("abcde"), thresholds={"few_studies": 5.0}),
        quiet(*several("abcdefghi")),
        quiet(*several("abcdefghij", directness="indirect")),
        quiet(*[row(timepoint=f"{n} weeks") for n in range(12)]),  # one study
    ),
    ("C18", "small evidence, paid for by industry"): (
        fire("The evidence is small (at most 13 people in a group) and industry paid for 1 of 2 "
             "studies, wholly or partly:",
             row(**PILOT, funding="mixed"), second(**PILOT, funding="NR")),
        fire("industry paid for it, wholly or partly:", row(**CHANGE, funding="industry"),
             measure="MC", outcome=PAIN),
        quiet(row(**PILOT, funding="NR")),  # an unknown payer is a matter for C19
        quiet(row(**PILOT, funding="public")),
        quiet(row(**{**PILOT, "n_allocated_treatment": 100.0}, funding="industry")),
        # two rows of one paid study are one study of three
        quiet(*[row(**PILOT, funding="industry", timepoint=t) for t in "xy"], second(**PILOT),
              row(**PILOT, study_id="c", label="C")),
    ),
    ("C19", "industry paid"): (
        fire("Industry paid for A 2020", row(funding="industry")),
        fire("Industry paid for A 2020", row(funding="mixed")),
        quiet(row(funding="public")),
        quiet(row(funding="industry", directness="indirect")),
    ),
    ("C19", "who paid is not reported"): (
        fire("Who paid for A 2020 is not reported", row(funding="NR")),
        fire("Who paid for B 2021 is not reported", row(), second(funding="NR")),
        quiet(row(funding="none")),
        quiet(row(funding="NR", directness="indirect")),
    ),
    ("C20", "not quite the question asked"): (
        fire("A 2020 differs from the question asked: the people had sciatica instead of low back "
             "pain; the time was 6 weeks instead of 52.",
             row(condition="sciatica", weeks=6.0)),
        fire("the treatment was inversion instead of inversion therapy",
             row(directness="indirect")),
        fire("All three studies differ from the question asked: the people had sciatica",
             *several(condition="sciatica")),
        quiet(row(weeks=52.0)),
        quiet(row(weeks=NAN, not_reported="sd_treatment, weeks")),  # unknown is not different
        quiet(row(weeks=NAN)),  # time does not apply
        quiet(row(weeks=104.0)),
    ),
    ("C20", "time not reported"): (
        fire("How long people in A 2020 were followed is not reported.",
             row(weeks=NAN, not_reported="sd_treatment, weeks")),
        fire("For three of the four studies (all but D), how long people were followed is not",
             *several(weeks=NAN, not_reported="weeks"), row(study_id="d", label="D")),
        quiet(row(weeks=52.0)),
        quiet(row(weeks=NAN)),  # time does not apply
    ),
    ("C21", "relative only"): (
        fire("For A 2020 only a relative effect is known (RR)",
             row(reported_measure="RR", effect=0.8, ci_low=0.6, ci_high=1.0)),
        fire("(OR)", row(reported_measure="OR", effect=0.8, ci_low=0.6, ci_high=1.0), measure="OR"),
        quiet(row(reported_measure="RR", effect=0.8, ci_low=0.6, ci_high=1.0), baseline_risk=0.2),
        quiet(row()),
        quiet(row(**SMD, effect=0.1, ci_low=0, ci_high=0.2), measure="SMD", outcome=PAIN),
    ),
    ("C22", "number to treat runs through infinity"): (
        fire("NNTB 20 (NNTB", row(**counts(10, 100, 15, 100))),
        fire("NNTH 20 (NNTH", row(**counts(10, 100, 15, 100)), outcome=GOOD),
        quiet(row(**PILOT)),
        quiet(row(**NRSI_PERCENT)),
    ),
    ("C23", "a percentage of fewer people than began"): (
        fire("The 77.8% in A 2020 is 7 of 9; 7 of the 11 the group began with would be 63.6%.",
             row(**PILOT, percent_control=77.8, decimals_control=1.0)),
        fire("The 77.8% of A 2020, derived here from what is printed, is 7 of 9; 7 of the 11",
             row(**PILOT, percent_control=77.8, decimals_control=1.0, confidence="derived")),
        fire("The 50% in A 2020 is 5 of 10; 5 of the 20 the group began with would be 25%.",
             row(**counts(5, 10, 7, 20), n_allocated_treatment=20.0, percent_treatment=50.0,
                 decimals_treatment=0.0)),
        quiet(row(**{**PILOT, "n_allocated_control": 9.0}, percent_control=77.8,
                  decimals_control=1.0)),
        quiet(row(**{**PILOT, "n_allocated_control": NAN}, percent_control=77.8,
                  decimals_control=1.0)),
        # that 7 of 9 is not 50% is for the loader to refuse
        quiet(row(**{**PILOT, "n_allocated_control": 9.0}, percent_control=50.0,
                  decimals_control=0.0)),
        # 1 of 200 and of 201 are both 0.5%
        quiet(row(**counts(1, 200, 7, 200), n_allocated_treatment=201.0, percent_treatment=0.5,
                  decimals_treatment=1.0)),
    ),
    ("C23", "percentages without counts"): (
        fire("The percentages of A 2020 come without counts", row(**NRSI_PERCENT)),
        fire("The percentages of A 2020 come", row(**ALONE_PERCENT)),
        fire("The percentages of A 2020 come", row(**NRSI_PERCENT, n_treatment=85.0)),
        quiet(row(**ALONE_PERCENT, n_treatment=85.0)),
        quiet(row(**ALONE, percent_treatment=81.0, decimals_treatment=0.0)),
    ),
    ("C25", "claims go further than the evidence"): (
        fire("2 of 3 public statements about this outcome say more than the evidence here bears: "
             "for instance “Claim 1” (overstated cause).",
             row(), claims=claims("accurate", "overstated cause", "contradicted")),
        fire("The one public statement about this outcome says more than the evidence here bears: "
             "“Claim 0” (not in source).", row(), claims=claims("not in source")),
        fire("1 of 2 public statements about this outcome says more", row(),
             claims=claims("not verifiable", "overstated value")),
        quiet(row(), claims=claims("accurate", "accurate but incomplete")),
        quiet(row(), claims=claims("not verifiable", "not verifiable")),
        quiet(row()),
    ),
    ("C25", "claims that could not be checked"): (
        fire("1 of 2 public statements about this outcome could not be checked here: “Claim 0”.",
             row(), claims=claims("not verifiable", "accurate")),
        fire("2 of 2 public statements about this outcome could not be checked here: for instance",
             row(), claims=claims("not verifiable", "not verifiable")),
        quiet(row(), claims=claims("overstated cause")),
        quiet(row()),
    ),
    ("C26", "comparison groups left out"): (
        fire("A 2020 had 3 comparison groups; for 2 of them no result was found",
             row(), *[row(bare=True, comparator=c) for c in ("Bed", "Walks")]),
        fire("for 1 of them", row(**NRSI_PERCENT), row(design="nrsi_controlled", comparator="Bed")),
        quiet(row(), row(comparator="Bed")),
        quiet(row(bare=True), row(bare=True, comparator="Bed")),  # then nothing is shown at all
        quiet(row(), second(bare=True, comparator="Bed")),
    ),
    ("C27", "the paper itself was not read"): (
        fire("The paper of A 2020 was not available here; its numbers are those of a press "
             "release.", row(read="not_read", read_in="press_release")),
        fire("of a web article and a thesis.", row(read="not_read", read_in="web_article; thesis")),
        quiet(row(read="abstract")),
        quiet(row(read="not_read", bare=True)),  # no numbers, so nobody's account of them
    ),
    ("C36", "limits of the review's own"): (
        fire("This review draws its own lines where caveats begin: few_events is 200 instead of "
             "300.", row(), thresholds={"few_events": 200.0}),
        fire("few_studies is 5 instead of 10; much_heterogeneity is 0.75 instead of 0.5.", row(),
             thresholds={"few_studies": 5.0, "much_heterogeneity": 0.75}),
        quiet(row(), thresholds={"few_events": 300.0}),
        quiet(row(bare=True), thresholds={"few_events": 200.0}),  # nothing is judged by it
        quiet(row()),
    ),
    ("C28", "measured, but no number found"): (
        fire("No number was found for this outcome in B 2021.", row(), second(bare=True)),
        fire("in A 2020 and B 2021.", row(bare=True), second(bare=True)),
        quiet(row(), row(bare=True, timepoint="2 years")),  # found at another time
        quiet(row(), second()),
        quiet(row(**MEANS), measure="SMD", outcome=PAIN),
    ),
    ("C28", "numbers that this version cannot use"): (
        fire("A 2020 reports means from which this version computes no SMD.", row(**MEANS),
             measure="SMD", outcome=PAIN),
        fire("B 2021 reports numbers from which this version computes no OR.",
             row(), second(reported_measure="RR", effect=0.8), measure="OR"),
        quiet(row(bare=True)),
        quiet(row(), row(bare=True, timepoint="2 years", events_treatment=3.0)),
    ),
}  # fmt: skip

"""The tables of an evidence base, declared once.

Loading, checking, `datapackage.json` and the data dictionary all read this file and nothing else,
so a column is added or changed here and nowhere besides. Only the table of risk of bias stands in
`bias_schema`, because its tools decide what it may hold.
"""

from equipoise.evidence.bias_schema import RISK_OF_BIAS
from equipoise.evidence.columns import Column, Table, choice, count, identifier, number, text
from equipoise.evidence.screening_schema import SCREENING

_YEAR = Column(
    name="year", type="integer", meaning="year of publication", may_be_nr=True, low=1500, high=2100
)
_SOURCE = identifier(
    "source_id", "the document this row was read in", references="sources.source_id"
)
_CONFIDENCE = choice(
    "confidence",
    "who says so: primary = the study itself; peer_reviewed = another peer-reviewed paper about "
    "it; secondary = a press release, web page or the like; derived = computed here from such "
    "numbers, the working in notes",
    "primary peer_reviewed secondary derived",
)
_NOTES = text("notes", "anything a reader needs to judge the row")
_STUDY = identifier("study_id", "the study", references="studies.study_id")
_OUTCOME = identifier("outcome_id", "the outcome", references="outcomes.outcome_id")
_TIMEPOINT = text("timepoint", "when it was measured, in words", required=True, nr=True)
_WEEKS = number("weeks", "when it was measured, in weeks from the start", low=0)

SOURCES = Table(
    name="sources",
    row_is="a document that numbers or statements were read in",
    key=("source_id",),
    required=True,
    columns=(
        identifier("source_id", "short name, used by every other table"),
        choice(
            "kind",
            "what kind of document it is",
            "journal_article systematic_review guideline trial_registration thesis reference_work "
            "press_release web_article regulator",
        ),
        text("citation", "authors, title, journal or site", required=True),
        _YEAR,
        text("doi", "digital object identifier, without the address before it", nr=True),
        Column(name="url", type="url", meaning="where it can be found", may_be_nr=True),
        choice("read", "how much of it was read here", "full_text abstract excerpt not_read"),
        choice("industry", "whether it comes from someone who sells the product", "yes no unclear"),
        _NOTES,
    ),
)

STUDIES = Table(
    name="studies",
    row_is="a study, or a review of studies used as indirect context",
    key=("study_id",),
    required=True,
    columns=(
        identifier("study_id", "short name, used by the other tables"),
        text("label", "how figures and tables name it: first author and year", required=True),
        _SOURCE,
        _YEAR,
        text("country", "where it was done", nr=True),
        choice(
            "design",
            "how people came to be treated or not: rct = by chance, or by a rule that stands in "
            "for it (see allocation); nrsi_controlled = in another way, with a comparison group; "
            "single_arm = everybody treated; within_subject = each person is their own "
            "comparison; the rest as named",
            "rct nrsi_controlled single_arm within_subject case_series case_report "
            "systematic_review",
        ),
        choice(
            "allocation",
            "how an rct assigned people: random = by chance; alternate = in turn; systematic = by "
            "another rule, such as date of birth",
            "random alternate systematic",
            required=False,
            nr=True,
        ),
        choice(
            "directness",
            "direct = about this review's intervention; indirect = about a related one",
            "direct indirect",
        ),
        text(
            "condition",
            "what the people had, in the words of [question] condition if it is the same",
            required=True,
        ),
        text("population", "who took part", required=True, nr=True),
        text("setting", "where they were treated or recruited", nr=True),
        number("latitude", "degrees from the equator, north or south", low=0, high=90),
        count("n_enrolled", "people who joined"),
        count("n_randomised", "people assigned by chance"),
        count("n_analysed", "people in the main analysis"),
        choice(
            "recruited_at_worst",
            "whether people joined when the complaint was bad, as those listed for surgery do",
            "yes no",
            required=False,
            nr=True,
        ),
        choice("funding", "who paid", "none public industry mixed", nr=True),
        text("conflicts", "conflicts of interest that the study declares", required=True, nr=True),
        choice(
            "participants_blinded",
            "whether people were kept from knowing what they received",
            "yes no",
            nr=True,
        ),
        choice(
            "assessors_blinded", "whether those who assessed the outcome were", "yes no", nr=True
        ),
        text("registration", "registry and number", nr=True),
        text("product", "the device or brand used", nr=True),
        _CONFIDENCE,
        _NOTES,
    ),
)

ARMS = Table(
    name="arms",
    row_is="a group of people within a study",
    key=("study_id", "arm_id"),
    required=True,
    columns=(
        _STUDY,
        identifier("arm_id", "short name, unique within the study"),
        choice("role", "what the group is for", "intervention control"),
        text("label", "what the group received", required=True),
        count("n", "people the group began with"),
        _SOURCE,
        _CONFIDENCE,
        _NOTES,
    ),
)

OUTCOMES = Table(
    name="outcomes",
    row_is="an outcome",
    key=("outcome_id",),
    required=True,
    columns=(
        identifier("outcome_id", "short name, used by the other tables"),
        text("label", "how figures and tables name it", required=True),
        choice("kind", "what is measured", "binary continuous rate"),
        choice("better", "which direction is good for the person", "higher lower"),
        choice("assessed", "who judges it", "self_report clinician objective"),
        choice(
            "importance",
            "how much it matters to the person who decides",
            "critical important limited",
        ),
        text("domain", "the heading it stands under in the evidence map", required=True),
        text("phrase", "completes the sentence '10 of 100 people …'; binary outcomes only"),
        text("unit", "unit of measurement; continuous outcomes only"),
        number(
            "mid",
            "minimal important difference between groups: in the unit; of a binary outcome the "
            "difference of two risks, 0 to 1",
            low=0,
        ),
        text("definition", "what counts as the outcome", required=True, nr=True),
    ),
)

RESULTS = Table(
    name="results",
    row_is="what a study reports of one outcome in one arm at one time",
    key=("study_id", "outcome_id", "arm_id", "timepoint", "phase"),
    required=True,
    columns=(
        _STUDY,
        _OUTCOME,
        identifier("arm_id", "the arm, as in arms.csv"),
        _TIMEPOINT,
        _WEEKS,
        choice(
            "phase",
            "for measurements within people: before or after treatment (or at rest and "
            "during it), or the change between; empty when a result is only an endpoint",
            "before after change",
            required=False,
        ),
        count("events", "people with the outcome"),
        count("n", "people analysed"),
        number(
            "percent",
            "percentage of people as printed, or, in rows marked derived, worked out in notes",
            low=0,
            high=100,
        ),
        choice(
            "relation",
            "how the source qualifies the percentage; empty = as it stands",
            "more_than less_than about",
            required=False,
        ),
        number("mean", "mean, or mean change if phase is change"),
        number("sd", "standard deviation", low=0),
        number("se", "standard error", low=0),
        number("median", "median"),
        number("q1", "lower quartile"),
        number("q3", "upper quartile"),
        number("minimum", "smallest value seen"),
        number("maximum", "largest value seen"),
        _SOURCE,
        _CONFIDENCE,
        _NOTES,
    ),
)

CONTRASTS = Table(
    name="contrasts",
    row_is="an effect between two arms, as a source reports it",
    key=("study_id", "outcome_id", "arm_1", "arm_2", "timepoint", "measure"),
    columns=(
        _STUDY,
        _OUTCOME,
        identifier("arm_1", "the arm the effect is of (the intervention)"),
        identifier("arm_2", "the arm it is compared with"),
        _TIMEPOINT,
        _WEEKS,
        choice("measure", "what kind of effect", "RR OR RD HR SMD MD"),
        number("estimate", "the effect, on the scale printed (ratios as ratios)"),
        number("ci_low", "lower end of the interval"),
        number("ci_high", "upper end of the interval"),
        number(
            "ci_level",
            "confidence level of the interval in percent; empty = 95",
            low=50,
            high=99.99,
        ),
        number("se", "standard error", low=0),
        number("p_value", "p value", low=0, high=1),
        count("n", "people in the comparison"),
        choice(
            "higher_favours", "which arm a higher value speaks for in this source", "arm_1 arm_2"
        ),
        _SOURCE,
        _CONFIDENCE,
        _NOTES,
    ),
)

CONTEXT = Table(
    name="context",
    row_is="a number from outside the question that helps to read the answer",
    key=("context_id",),
    columns=(
        identifier("context_id", "short name"),
        choice(
            "kind",
            "what it is for",
            "natural_history burden minimal_important_change methods_research",
        ),
        text("series", "rows of one series belong together, in order of weeks", required=True),
        text("quantity", "what the number is", required=True),
        number("value", "the number"),
        number("low", "lower end of its interval or range"),
        number("high", "upper end of its interval or range"),
        text("unit", "its unit", required=True),
        _WEEKS,
        text("population", "of whom", nr=True),
        text("outcomes", "outcome_ids that this number helps to read, separated by spaces"),
        _SOURCE,
        _CONFIDENCE,
        _NOTES,
    ),
)

CLAIMS = Table(
    name="claims",
    row_is="a statement somebody makes about the evidence, in our words",
    key=("claim_id",),
    columns=(
        identifier("claim_id", "short name"),
        _SOURCE,
        choice(
            "kind",
            "what the statement is about; practical = how it is got and used",
            "effect mechanism indication evidence_base safety practical opinion",
        ),
        text("claim", "the statement, paraphrased", required=True),
        identifier(
            "outcome_id",
            "the outcome it is about",
            references="outcomes.outcome_id",
            required=False,
        ),
        choice(
            "measure",
            "what its number is",
            "percent relative_reduction_percent few_studies randomised_trials",
            required=False,
        ),
        choice(
            "relation",
            "how it qualifies the number; empty = as it stands",
            "more_than less_than about",
            required=False,
        ),
        number("value", "its number", low=0, high=100),
        text("comparator", "compared with what, as stated", nr=True),
        text("timepoint", "after how long, as stated", nr=True),
        text("population", "in whom, as stated", nr=True),
        choice(
            "causal",
            "whether it says that the intervention brings the outcome about; no where it says only "
            "that it may or can",
            "yes no",
        ),
        identifier(
            "cited_source_id",
            "the document it appeals to; NR = one that was looked for and not found",
            references="sources.source_id",
            nr=True,
        ),
        text("conditions", "what it is about of safety.csv, conditions separated by semicolons"),
        _NOTES,
    ),
)

CERTAINTY = Table(
    name="certainty",
    row_is="a person's judgement of certainty for one outcome",
    key=("outcome_id", "domain"),
    columns=(
        _OUTCOME,
        choice(
            "domain",
            "a GRADE domain, or overall",
            "overall risk_of_bias inconsistency indirectness imprecision publication_bias upgrade",
        ),
        text(
            "judgement",
            "high, moderate, low or very_low for overall; else levels down (-1) or up (1)",
            required=True,
        ),
        text("reason", "why, in a sentence", required=True),
        text("assessor", "who judged", required=True),
    ),
)

SAFETY = Table(
    name="safety",
    row_is="a precaution, or a harm somebody reported",
    key=("condition", "kind", "source_id"),
    columns=(
        text("condition", "the condition to be careful with, or the harm", required=True),
        choice(
            "kind",
            "contraindication = do not; caution = ask first; reported_harm = it happened",
            "contraindication caution reported_harm",
        ),
        text("reason", "why, as the source gives it", required=True, nr=True),
        count("events", "people harmed; reported harms only"),
        count("n", "people observed; reported harms only"),
        _SOURCE,
        _CONFIDENCE,
        _NOTES,
    ),
)

GUIDANCE = Table(
    name="guidance",
    row_is="practical context that a source gives, in our words",
    key=("kind", "statement", "source_id"),
    columns=(
        choice(
            "kind", "what sort of context", "mechanism tip alternative duration drawback opinion"
        ),
        text("statement", "the statement, paraphrased", required=True),
        _SOURCE,
        _NOTES,
    ),
)

TABLES: tuple[Table, ...] = (
    SOURCES, STUDIES, ARMS, OUTCOMES, RESULTS, CONTRASTS, CONTEXT,
    CLAIMS, RISK_OF_BIAS, CERTAINTY, SAFETY, GUIDANCE, SCREENING,
)  # fmt: skip


def table(name: str) -> Table:
    """Return the table called `name`."""
    return next(table for table in TABLES if table.name == name)

"""The table of risk-of-bias judgements; what it may hold follows the tools in `bias_tools`."""

from equipoise.evidence.bias_tools import bias_tools
from equipoise.evidence.columns import Table, choice, identifier, text

RISK_OF_BIAS = Table(
    name="risk_of_bias",
    row_is="a judgement on one domain of one result",
    key=("study_id", "outcome_id", "tool", "domain"),
    columns=(
        identifier("study_id", "the study", references="studies.study_id"),
        identifier("outcome_id", "the outcome", references="outcomes.outcome_id"),
        choice("tool", "the tool used", " ".join(tool.name for tool in bias_tools())),
        text(
            "domain",
            "the tool's domain, or overall; without an overall row the tool's rule proposes one",
            required=True,
        ),
        text("judgement", "the tool's word", required=True),
        text("reason", "why, in a sentence", required=True),
    ),
)

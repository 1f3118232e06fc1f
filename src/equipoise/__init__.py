"""equipoise: research evidence, summarized so that no number leaves without its caveats.

``import equipoise as eq`` loads nothing heavy; each name below is fetched from its module when it
is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from equipoise import figures
    from equipoise.appraisal.caveat import Caveat
    from equipoise.appraisal.claims import audit_claims
    from equipoise.appraisal.regression_to_the_mean import regression_to_the_mean
    from equipoise.appraisal.risk_of_bias import bias_summary, bias_table
    from equipoise.appraisal.robustness import best_worst_case, fragility_index, information_size
    from equipoise.appraisal.robvis import read_robvis, write_robvis
    from equipoise.appraisal.summary import Summary, caveats, summarize
    from equipoise.appraisal.summary_of_findings import SummaryOfFindings, summary_of_findings
    from equipoise.effects.aliases import standard_names
    from equipoise.effects.combined_arms import combine_means
    from equipoise.effects.estimates import estimates
    from equipoise.effects.fisher import fisher_exact
    from equipoise.effects.medians import mean_sd_from_median, means_from_medians
    from equipoise.effects.number_needed import number_needed_to_treat
    from equipoise.effects.percentages import assumed_interval, compatible_counts
    from equipoise.effects.proportions import proportion_interval
    from equipoise.effects.reported import se_from_interval, se_from_p
    from equipoise.effects.sizes import effect_sizes
    from equipoise.effects.standard_errors import suspect_standard_errors
    from equipoise.errors import EquipoiseError, EvidenceError, Problem, UsageError
    from equipoise.evidence.base import Evidence
    from equipoise.evidence.bias_overall import propose_overall
    from equipoise.evidence.bias_tools import bias_tool
    from equipoise.evidence.load import check_evidence, load_evidence
    from equipoise.report.build import build
    from equipoise.synthesis.batch import pool_many
    from equipoise.synthesis.henmi_copas import henmi_copas
    from equipoise.synthesis.mantel_haenszel import mantel_haenszel
    from equipoise.synthesis.mantel_haenszel_tests import mantel_haenszel_tests
    from equipoise.synthesis.peto import peto
    from equipoise.synthesis.pool import pool
    from equipoise.synthesis.pooled import Pooled
    from equipoise.synthesis.tau2_interval import tau2_interval

__version__ = "0.1.0"

_HOMES = {
    "Caveat": "equipoise.appraisal.caveat",
    "EquipoiseError": "equipoise.errors",
    "Evidence": "equipoise.evidence.base",
    "EvidenceError": "equipoise.errors",
    "Pooled": "equipoise.synthesis.pooled",
    "Problem": "equipoise.errors",
    "Summary": "equipoise.appraisal.summary",
    "SummaryOfFindings": "equipoise.appraisal.summary_of_findings",
    "UsageError": "equipoise.errors",
    "assumed_interval": "equipoise.effects.percentages",
    "audit_claims": "equipoise.appraisal.claims",
    "best_worst_case": "equipoise.appraisal.robustness",
    "bias_summary": "equipoise.appraisal.risk_of_bias",
    "bias_table": "equipoise.appraisal.risk_of_bias",
    "bias_tool": "equipoise.evidence.bias_tools",
    "build": "equipoise.report.build",
    "caveats": "equipoise.appraisal.summary",
    "check_evidence": "equipoise.evidence.load",
    "combine_means": "equipoise.effects.combined_arms",
    "compatible_counts": "equipoise.effects.percentages",
    "effect_sizes": "equipoise.effects.sizes",
    "estimates": "equipoise.effects.estimates",
    "fisher_exact": "equipoise.effects.fisher",
    "fragility_index": "equipoise.appraisal.robustness",
    "henmi_copas": "equipoise.synthesis.henmi_copas",
    "information_size": "equipoise.appraisal.robustness",
    "load_evidence": "equipoise.evidence.load",
    "mantel_haenszel": "equipoise.synthesis.mantel_haenszel",
    "mantel_haenszel_tests": "equipoise.synthesis.mantel_haenszel_tests",
    "mean_sd_from_median": "equipoise.effects.medians",
    "means_from_medians": "equipoise.effects.medians",
    "number_needed_to_treat": "equipoise.effects.number_needed",
    "peto": "equipoise.synthesis.peto",
    "pool": "equipoise.synthesis.pool",
    "pool_many": "equipoise.synthesis.batch",
    "proportion_interval": "equipoise.effects.proportions",
    "propose_overall": "equipoise.evidence.bias_overall",
    "read_robvis": "equipoise.appraisal.robvis",
    "regression_to_the_mean": "equipoise.appraisal.regression_to_the_mean",
    "se_from_interval": "equipoise.effects.reported",
    "se_from_p": "equipoise.effects.reported",
    "standard_names": "equipoise.effects.aliases",
    "summarize": "equipoise.appraisal.summary",
    "summary_of_findings": "equipoise.appraisal.summary_of_findings",
    "suspect_standard_errors": "equipoise.effects.standard_errors",
    "tau2_interval": "equipoise.synthesis.tau2_interval",
    "write_robvis": "equipoise.appraisal.robvis",
}

__all__ = [
    "Caveat",
    "EquipoiseError",
    "Evidence",
    "EvidenceError",
    "Pooled",
    "Problem",
    "Summary",
    "SummaryOfFindings",
    "UsageError",
    "assumed_interval",
    "audit_claims",
    "best_worst_case",
    "bias_summary",
    "bias_table",
    "bias_tool",
    "build",
    "caveats",
    "check_evidence",
    "combine_means",
    "compatible_counts",
    "effect_sizes",
    "estimates",
    "figures",
    "fisher_exact",
    "fragility_index",
    "henmi_copas",
    "information_size",
    "load_evidence",
    "mantel_haenszel",
    "mantel_haenszel_tests",
    "mean_sd_from_median",
    "means_from_medians",
    "number_needed_to_treat",
    "peto",
    "pool",
    "pool_many",
    "proportion_interval",
    "propose_overall",
    "read_robvis",
    "regression_to_the_mean",
    "se_from_interval",
    "se_from_p",
    "standard_names",
    "summarize",
    "summary_of_findings",
    "suspect_standard_errors",
    "tau2_interval",
    "write_robvis",
]


def __getattr__(name: str) -> object:
    if name == "figures":
        return import_module("equipoise.figures")
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'equipoise' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])

"""equipoise: research evidence, summarized so that no number leaves without its caveats.

``import equipoise as eq`` loads nothing heavy; each name below is fetched from its module when it
is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from equipoise import figures
    from equipoise.appraisal.assurance import assurance
    from equipoise.appraisal.caveat import Caveat
    from equipoise.appraisal.claim_reviews import claim_reviews
    from equipoise.appraisal.claims import audit_claims
    from equipoise.appraisal.e_value import e_value
    from equipoise.appraisal.effect_directions import effect_directions
    from equipoise.appraisal.exaggeration import exaggeration
    from equipoise.appraisal.fragility import fragility_index, reverse_fragility_index
    from equipoise.appraisal.granularity import debit, grim, grimmer
    from equipoise.appraisal.information_size import (
        diversity,
        information_size,
        information_size_for_means,
        required_information_size,
    )
    from equipoise.appraisal.interval_check import check_interval
    from equipoise.appraisal.missing_outcomes import best_worst_case, tipping_points
    from equipoise.appraisal.p_value_check import check_p_value
    from equipoise.appraisal.recomputed_p import p_from_counts, p_from_interval, p_from_statistic
    from equipoise.appraisal.regression_to_the_mean import regression_to_the_mean
    from equipoise.appraisal.reported_numbers import reported_numbers
    from equipoise.appraisal.risk_of_bias import bias_summary, bias_table
    from equipoise.appraisal.robvis import read_robvis, write_robvis
    from equipoise.appraisal.s_value import s_value
    from equipoise.appraisal.sequential_boundaries import sequential_boundaries
    from equipoise.appraisal.summary import Summary, caveats, summarize
    from equipoise.appraisal.summary_of_findings import SummaryOfFindings, summary_of_findings
    from equipoise.appraisal.swim import swim_checklist
    from equipoise.appraisal.trial_sequential import trial_sequential_analysis
    from equipoise.appraisal.trial_size import trial_size, trial_size_for_means
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
    from equipoise.synthesis.combined_p_values import combine_p_values
    from equipoise.synthesis.cumulative import cumulative
    from equipoise.synthesis.effect_summary import summarize_effects
    from equipoise.synthesis.henmi_copas import henmi_copas, henmi_copas_many
    from equipoise.synthesis.influence import influence
    from equipoise.synthesis.leave_one_out import leave_one_out
    from equipoise.synthesis.mantel_haenszel import mantel_haenszel
    from equipoise.synthesis.mantel_haenszel_many import mantel_haenszel_many
    from equipoise.synthesis.mantel_haenszel_tests import mantel_haenszel_tests
    from equipoise.synthesis.natural_scale import natural_scale
    from equipoise.synthesis.peto import peto, peto_many
    from equipoise.synthesis.pool import pool
    from equipoise.synthesis.pooled import Pooled
    from equipoise.synthesis.tau2_interval import tau2_interval
    from equipoise.synthesis.tau2_profile import tau2_profile
    from equipoise.synthesis.vote_counting import vote_count

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
    "assurance": "equipoise.appraisal.assurance",
    "audit_claims": "equipoise.appraisal.claims",
    "best_worst_case": "equipoise.appraisal.missing_outcomes",
    "bias_summary": "equipoise.appraisal.risk_of_bias",
    "bias_table": "equipoise.appraisal.risk_of_bias",
    "bias_tool": "equipoise.evidence.bias_tools",
    "build": "equipoise.report.build",
    "caveats": "equipoise.appraisal.summary",
    "check_evidence": "equipoise.evidence.load",
    "check_interval": "equipoise.appraisal.interval_check",
    "check_p_value": "equipoise.appraisal.p_value_check",
    "claim_reviews": "equipoise.appraisal.claim_reviews",
    "combine_means": "equipoise.effects.combined_arms",
    "combine_p_values": "equipoise.synthesis.combined_p_values",
    "compatible_counts": "equipoise.effects.percentages",
    "cumulative": "equipoise.synthesis.cumulative",
    "debit": "equipoise.appraisal.granularity",
    "diversity": "equipoise.appraisal.information_size",
    "e_value": "equipoise.appraisal.e_value",
    "effect_directions": "equipoise.appraisal.effect_directions",
    "effect_sizes": "equipoise.effects.sizes",
    "estimates": "equipoise.effects.estimates",
    "exaggeration": "equipoise.appraisal.exaggeration",
    "fisher_exact": "equipoise.effects.fisher",
    "fragility_index": "equipoise.appraisal.fragility",
    "grim": "equipoise.appraisal.granularity",
    "grimmer": "equipoise.appraisal.granularity",
    "henmi_copas": "equipoise.synthesis.henmi_copas",
    "henmi_copas_many": "equipoise.synthesis.henmi_copas",
    "influence": "equipoise.synthesis.influence",
    "information_size": "equipoise.appraisal.information_size",
    "information_size_for_means": "equipoise.appraisal.information_size",
    "leave_one_out": "equipoise.synthesis.leave_one_out",
    "load_evidence": "equipoise.evidence.load",
    "mantel_haenszel": "equipoise.synthesis.mantel_haenszel",
    "mantel_haenszel_many": "equipoise.synthesis.mantel_haenszel_many",
    "mantel_haenszel_tests": "equipoise.synthesis.mantel_haenszel_tests",
    "mean_sd_from_median": "equipoise.effects.medians",
    "means_from_medians": "equipoise.effects.medians",
    "natural_scale": "equipoise.synthesis.natural_scale",
    "number_needed_to_treat": "equipoise.effects.number_needed",
    "p_from_counts": "equipoise.appraisal.recomputed_p",
    "p_from_interval": "equipoise.appraisal.recomputed_p",
    "p_from_statistic": "equipoise.appraisal.recomputed_p",
    "peto": "equipoise.synthesis.peto",
    "peto_many": "equipoise.synthesis.peto",
    "pool": "equipoise.synthesis.pool",
    "pool_many": "equipoise.synthesis.batch",
    "proportion_interval": "equipoise.effects.proportions",
    "propose_overall": "equipoise.evidence.bias_overall",
    "read_robvis": "equipoise.appraisal.robvis",
    "regression_to_the_mean": "equipoise.appraisal.regression_to_the_mean",
    "reported_numbers": "equipoise.appraisal.reported_numbers",
    "required_information_size": "equipoise.appraisal.information_size",
    "reverse_fragility_index": "equipoise.appraisal.fragility",
    "s_value": "equipoise.appraisal.s_value",
    "se_from_interval": "equipoise.effects.reported",
    "se_from_p": "equipoise.effects.reported",
    "sequential_boundaries": "equipoise.appraisal.sequential_boundaries",
    "standard_names": "equipoise.effects.aliases",
    "summarize": "equipoise.appraisal.summary",
    "summarize_effects": "equipoise.synthesis.effect_summary",
    "summary_of_findings": "equipoise.appraisal.summary_of_findings",
    "suspect_standard_errors": "equipoise.effects.standard_errors",
    "swim_checklist": "equipoise.appraisal.swim",
    "tau2_interval": "equipoise.synthesis.tau2_interval",
    "tau2_profile": "equipoise.synthesis.tau2_profile",
    "tipping_points": "equipoise.appraisal.missing_outcomes",
    "trial_sequential_analysis": "equipoise.appraisal.trial_sequential",
    "trial_size": "equipoise.appraisal.trial_size",
    "trial_size_for_means": "equipoise.appraisal.trial_size",
    "vote_count": "equipoise.synthesis.vote_counting",
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
    "assurance",
    "audit_claims",
    "best_worst_case",
    "bias_summary",
    "bias_table",
    "bias_tool",
    "build",
    "caveats",
    "check_evidence",
    "check_interval",
    "check_p_value",
    "claim_reviews",
    "combine_means",
    "combine_p_values",
    "compatible_counts",
    "cumulative",
    "debit",
    "diversity",
    "e_value",
    "effect_directions",
    "effect_sizes",
    "estimates",
    "exaggeration",
    "figures",
    "fisher_exact",
    "fragility_index",
    "grim",
    "grimmer",
    "henmi_copas",
    "henmi_copas_many",
    "influence",
    "information_size",
    "information_size_for_means",
    "leave_one_out",
    "load_evidence",
    "mantel_haenszel",
    "mantel_haenszel_many",
    "mantel_haenszel_tests",
    "mean_sd_from_median",
    "means_from_medians",
    "natural_scale",
    "number_needed_to_treat",
    "p_from_counts",
    "p_from_interval",
    "p_from_statistic",
    "peto",
    "peto_many",
    "pool",
    "pool_many",
    "proportion_interval",
    "propose_overall",
    "read_robvis",
    "regression_to_the_mean",
    "reported_numbers",
    "required_information_size",
    "reverse_fragility_index",
    "s_value",
    "se_from_interval",
    "se_from_p",
    "sequential_boundaries",
    "standard_names",
    "summarize",
    "summarize_effects",
    "summary_of_findings",
    "suspect_standard_errors",
    "swim_checklist",
    "tau2_interval",
    "tau2_profile",
    "tipping_points",
    "trial_sequential_analysis",
    "trial_size",
    "trial_size_for_means",
    "vote_count",
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

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
    from equipoise.appraisal.robustness import best_worst_case, fragility_index, information_size
    from equipoise.appraisal.summary import Summary, caveats, summarize
    from equipoise.effects.estimates import estimates
    from equipoise.effects.fisher import fisher_exact
    from equipoise.effects.number_needed import number_needed_to_treat
    from equipoise.effects.percentages import assumed_interval, compatible_counts
    from equipoise.effects.proportions import proportion_interval
    from equipoise.effects.sizes import effect_sizes
    from equipoise.errors import EquipoiseError, EvidenceError, Problem, UsageError
    from equipoise.evidence.base import Evidence
    from equipoise.evidence.load import check_evidence, load_evidence
    from equipoise.report.build import build

__version__ = "0.1.0"

_HOMES = {
    "Caveat": "equipoise.appraisal.caveat",
    "EquipoiseError": "equipoise.errors",
    "Evidence": "equipoise.evidence.base",
    "EvidenceError": "equipoise.errors",
    "Problem": "equipoise.errors",
    "Summary": "equipoise.appraisal.summary",
    "UsageError": "equipoise.errors",
    "assumed_interval": "equipoise.effects.percentages",
    "audit_claims": "equipoise.appraisal.claims",
    "best_worst_case": "equipoise.appraisal.robustness",
    "build": "equipoise.report.build",
    "caveats": "equipoise.appraisal.summary",
    "check_evidence": "equipoise.evidence.load",
    "compatible_counts": "equipoise.effects.percentages",
    "effect_sizes": "equipoise.effects.sizes",
    "estimates": "equipoise.effects.estimates",
    "fisher_exact": "equipoise.effects.fisher",
    "fragility_index": "equipoise.appraisal.robustness",
    "information_size": "equipoise.appraisal.robustness",
    "load_evidence": "equipoise.evidence.load",
    "number_needed_to_treat": "equipoise.effects.number_needed",
    "proportion_interval": "equipoise.effects.proportions",
    "summarize": "equipoise.appraisal.summary",
}

__all__ = [
    "Caveat",
    "EquipoiseError",
    "Evidence",
    "EvidenceError",
    "Problem",
    "Summary",
    "UsageError",
    "assumed_interval",
    "audit_claims",
    "best_worst_case",
    "build",
    "caveats",
    "check_evidence",
    "compatible_counts",
    "effect_sizes",
    "estimates",
    "figures",
    "fisher_exact",
    "fragility_index",
    "information_size",
    "load_evidence",
    "number_needed_to_treat",
    "proportion_interval",
    "summarize",
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
